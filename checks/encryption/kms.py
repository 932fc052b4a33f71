from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, LOAD_BALANCERS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.verdict import Status, Verdict, unless

from ._uses import needs_sse_s3


@check(
    severity=LOW,
    severity_rule="low: a policy choice; a KMS key adds a second permission, an audit trail and revocation",
    needs=(BUCKETS, DISTRIBUTIONS, LOAD_BALANCERS),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_145",),
        "prowler": ("s3_bucket_kms_encryption",),
        "guard": ("S3_DEFAULT_ENCRYPTION_KMS",),
        "terrascan": ("AC_AWS_0207",),
        "config": ("s3-default-encryption-kms",),
        "securityhub": ("S3.17",),
        "custodian": ("bucket-encryption",),
        "steampipe": ("s3_bucket_default_encryption_enabled_kms",),
    },
    fix=Fix(
        cloudformation="""
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - BucketKeyEnabled: true
                  ServerSideEncryptionByDefault:
                    SSEAlgorithm: aws:kms
                    KMSMasterKeyID: !GetAtt Key.Arn
            """,
        terraform="""
            resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                bucket_key_enabled = true
                apply_server_side_encryption_by_default {
                  sse_algorithm     = "aws:kms"
                  kms_master_key_id = aws_kms_key.example.arn
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"BucketKeyEnabled": true, "ApplyServerSideEncryptionByDefault":
                {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "KEY_ARN"}}]}'
            """,
        note="Whoever reads needs kms:Decrypt on the key, and whoever writes kms:GenerateDataKey.",
    ),
    passes=(
        """
        # A key of one's own.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              EnableKeyRotation: true
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
        """
        # The bucket of the access logs can't have KMS: S3 would not deliver to it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms:dsse}
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # A website reads without a signature, so KMS would refuse it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
        """,
        """
        # An origin access identity can't use a KMS key.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Assets:
            Type: AWS::S3::Bucket
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the assets}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: !GetAtt Assets.RegionalDomainName
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity}
                DefaultCacheBehavior:
                  TargetOriginId: assets
                  ViewerProtocolPolicy: https-only
        """,
        """
        # An application load balancer writes its logs to buckets with SSE-S3 only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Logs:
            Type: AWS::S3::Bucket
          Shop:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties:
              Subnets: [subnet-1, subnet-2]
              LoadBalancerAttributes:
                - {Key: access_logs.s3.enabled, Value: "true"}
                - {Key: access_logs.s3.bucket, Value: !Ref Logs}
        """,
        """
        # The policy awaits logs of buckets and load balancers of other stacks.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
        """,
    ),
    fails=(
        """
        # S3's own keys.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: AES256 # <-
        """,
        """
        # Nothing is declared, so it is S3's own keys too.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # A bucket key alone names no algorithm.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true # <-
        """,
    ),
    unsure=(
        """
        # Whether a load balancer writes its logs here depends on what can't be decided.
        Parameters:
          Stack: {Type: String}
          Home: {Type: String}
        Conditions:
          IsHome: !Equals [!Ref Stack, !Ref Home]
        Resources:
          Logs:
            Type: AWS::S3::Bucket
          Shop: # <-
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Condition: IsHome
            Properties:
              Subnets: [subnet-1, subnet-2]
              LoadBalancerAttributes:
                - {Key: access_logs.s3.enabled, Value: "true"}
                - {Key: access_logs.s3.bucket, Value: !Ref Logs}
        """,
        """
        # No default says which algorithm it is.
        Parameters:
          Algorithm:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
        """,
        """
        # It may be the bucket that the access logs of the other one go to.
        Parameters:
          LogBucket:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              LoggingConfiguration:
                DestinationBucketName: !Ref LogBucket # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-archive
        """,
    ),
)
def kms(bucket: Bucket, estate: Estate) -> Verdict:
    """Default encryption uses a KMS key.

    With a KMS key reading takes a second permission, every use is recorded in CloudTrail, and access to all
    the data can be revoked at once. Where KMS breaks the use of a bucket, nothing is asked.
    """
    verdict = bucket.encryption.algorithm.is_in("aws:kms", "aws:kms:dsse", what="default encryption")
    if verdict.status is Status.FAIL:
        verdict = unless(needs_sse_s3(bucket, estate), "that does not work with KMS", verdict)
    return unless(of_type(bucket, "outposts"), "it has SSE-S3 only", verdict)
