from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, HIGH, KEYS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, Origin
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.relations import label
from s3audit.model.uses import filled, if_there
from s3audit.setting import every_of, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, unless

from ._origins import bucket_behind, is_other, name_of


@check(
    severity=HIGH,
    severity_rule="high: viewers get errors, or the key is open to the distributions of everybody",
    needs=(BUCKETS, DISTRIBUTIONS, KEYS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Key:
              Type: AWS::KMS::Key
              Properties:
                KeyPolicy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                      Action: kms:*
                      Resource: "*"
                    - Effect: Allow
                      Principal: {Service: cloudfront.amazonaws.com}
                      Action: kms:Decrypt
                      Resource: "*"
                      Condition:
                        StringEquals:
                          aws:SourceArn: !Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Distribution}
            """,
        terraform="""
            data "aws_caller_identity" "current" {
            }

            resource "aws_kms_key" "key" {
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                    Action    = "kms:*"
                    Resource  = "*"
                  },
                  {
                    Effect    = "Allow"
                    Principal = { Service = "cloudfront.amazonaws.com" }
                    Action    = "kms:Decrypt"
                    Resource  = "*"
                    Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.example.arn } }
                  },
                ]
              })
            }
            """,
        cli="""
            # Adds to the policy that get-key-policy tells a statement for cloudfront.amazonaws.com, kms:Decrypt and
            # aws:SourceArn of the distribution.
            aws kms put-key-policy --key-id KEY --policy-name default --policy file://policy.json
            """,
        note="The policy of the key that AWS manages can't be changed: encrypt the bucket with a key of your own.",
    ),
    passes=(
        """
        # The key is for this distribution.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: [kms:Decrypt, kms:Encrypt, kms:GenerateDataKey*]
                    Resource: "*"
                    Condition:
                      StringEquals:
                        aws:SourceArn: !Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Cdn}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # The key is for all distributions of the account; nothing is asked where S3's own keys will do.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
          Videos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-videos
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: kms:Decrypt
                    Resource: "*"
                    Condition:
                      StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                  - Id: videos
                    DomainName: shop-videos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
    fails=(
        """
        # The policy of the key says nothing of CloudFront.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy: # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                    Action: kms:*
                    Resource: "*"
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # Whoever has a distribution may use the key.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: kms:Decrypt
                    Resource: "*"
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # The key that AWS manages lets CloudFront in by no means.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !ImportValue photos-key # <-
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
)
def oac_kms_key_policy(distribution: Distribution, estate: Estate) -> Verdict:
    """The key of a KMS origin admits the distribution.

    CloudFront has to decrypt what it reads, and only the policy of the key can let it. Without that viewers get
    errors; without the ARN of the distribution everybody's distribution may use the key.
    """
    return every_of(distribution.origins, lambda origin: _judge(origin, distribution, estate))


def _judge(origin: Origin, distribution: Distribution, estate: Estate) -> Verdict:
    who = f"the origin {name_of(origin)}"
    return unless(
        is_other(origin, estate),
        "only S3 origins are asked",
        lambda: unless(
            ~filled(origin.access_control, f"{who} has an origin access control"),
            "it does not sign by an origin access control",
            lambda: when_set(
                bucket_behind(origin, estate),
                lambda bucket: _of_bucket(bucket, distribution, estate, origin),
                not_applicable(origin.domain_name.at, "the bucket does not exist"),
            ),
        ),
    )


def _of_bucket(bucket: Bucket, distribution: Distribution, estate: Estate, origin: Origin) -> Verdict:
    encrypted = bucket.encryption.algorithm.is_in(
        "aws:kms", "aws:kms:dsse", what=f"default encryption of {label(bucket)}"
    )
    note = f"the origin {name_of(origin)} reads {label(bucket)}, which is encrypted with KMS"
    return unless(
        ~encrypted,
        "no key is needed",
        lambda: if_there(bucket, _by_key(bucket, distribution, estate)).noting(
            note, origin.access_control.at
        ),
    )


def _by_key(bucket: Bucket, distribution: Distribution, estate: Estate) -> Verdict:
    managed = failed(bucket.encryption.algorithm.at, "it is encrypted with the key that AWS manages")

    def admits(key: KmsKey) -> Verdict:
        own = ~key.manager.is_in("AWS", what="the manager of the key")
        if own.status is Status.FAIL:
            return managed
        from s3audit.policy.access.decrypting import decrypts

        found = decrypts(distribution, bucket, key, estate)
        return found if own.status is Status.PASS else own & found

    return when_set(default_key(bucket, estate), admits, managed, what="the key")
