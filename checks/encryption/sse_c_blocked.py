from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, unless

from ._blocked import blocks_sse_c


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever gets hold of credentials can encrypt the objects anew, and sell the key",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - BlockedEncryptionTypes:
                    EncryptionType: [SSE-C]
                  # As it is today.
                  ServerSideEncryptionByDefault:
                    SSEAlgorithm: AES256
            """,
        terraform="""
            # With version 6.40 of the provider, or a later one.
            resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                blocked_encryption_types = ["SSE-C"]
                # As it is today.
                apply_server_side_encryption_by_default {
                  sse_algorithm = "AES256"
                }
              }
            }
            """,
        cli="""
            # This replaces the configuration: take over the algorithm and the key that are there.
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]}}]}'
            """,
        note="Uploads with keys of the caller are refused from then on; what is there can still be read.",
    ),
    passes=(
        """
        # Blocked in the bucket itself, or by nobody's leave since April 2026.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes: {EncryptionType: [SSE-C]}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # A Deny for everybody does it, too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes: {EncryptionType: [NONE]}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption-customer-algorithm: false}
        """,
        """
        # A directory bucket takes no keys of the caller.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: euw1-az1
              DataRedundancy: SingleAvailabilityZone
        """,
    ),
    fails=(
        """
        # Nothing is blocked.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes:
                      EncryptionType: [NONE] # <-
        """,
        """
        # The Deny spares one who may be the one that lost his credentials.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes:
                      EncryptionType: [NONE] # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption-customer-algorithm: false}
                      ArnNotEquals: {aws:PrincipalArn: arn:aws:iam::111122223333:role/shop}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        Parameters:
          Blocked: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes:
                      EncryptionType:
                        - !Ref Blocked # <-
        """,
        """
        # The policy comes from elsewhere, and may deny it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes: {EncryptionType: [NONE]}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/encryption.yaml}
        """,
    ),
)
def sse_c_blocked(bucket: Bucket) -> Verdict:
    """SSE-C uploads are blocked.

    With SSE-C the caller brings a key that S3 forgets at once. Whoever steals credentials can overwrite every
    object that way, and nobody reads it again without paying for the key.
    """

    def judged() -> Verdict:
        blocked = blocks_sse_c(bucket)
        return blocked if blocked.status is Status.PASS else blocked | _denied(bucket)

    return unless(of_type(bucket, "directory", "outposts"), "it has no setting for SSE-C", judged)


def _denied(bucket: Bucket) -> Verdict:
    """Whether the bucket policy denies every upload with a key of the caller."""

    def asked(policy: Policy) -> Verdict:
        from s3audit.policy.encryption import denies_sse_c

        return denies_sse_c(policy, bucket)

    return when_set(policy_of(bucket.policy), asked, Verdict(Status.FAIL), what="the bucket policy")
