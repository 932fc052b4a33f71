from s3audit.check import ALL, BUCKETS, KEYS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

from ._keys import is_managed, with_kms


@check(
    severity=LOW,
    severity_rule="low: nobody can say in its policy who may use the key, nor switch it off",
    needs=(BUCKETS, KEYS),
    sources=ALL,
    yields_to=("encryption-aws-managed-key-shared",),
    peers={"trivy": ("AVD-AWS-0132",), "terrascan": ("AC_AWS_0207",)},
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
        note="Objects that are there keep the key that they were written with.",
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
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
        """
        # An alias of a key of one's own, and a bucket that has no KMS key at all.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Alias:
            Type: AWS::KMS::Alias
            Properties: {AliasName: alias/shop, TargetKeyId: !Ref Key}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms:dsse
                      KMSMasterKeyID: !Sub arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/shop
          Photos:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Without a key it is the one that AWS manages.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: # <-
                      SSEAlgorithm: aws:kms
        """,
        """
        # That key has an alias, too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: alias/aws/s3 # <-
        """,
        """
        # And an ARN of the alias.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms:dsse
                      KMSMasterKeyID: !Sub arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/s3 # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it names the key.
        Parameters:
          KeyId: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !Ref KeyId # <-
        """,
        """
        # Whether it is KMS at all is for whoever deploys it, too.
        Parameters:
          Algorithm: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
        """,
    ),
)
def kms_customer_key(bucket: Bucket, estate: Estate) -> Verdict:
    """KMS default encryption names a customer managed key.

    Of the key that AWS manages (aws/s3) nobody can change the policy: it can't be kept from anyone in the
    account, shared with another one, or switched off. With a key of your own you decide.
    """
    return with_kms(bucket, lambda: ~is_managed(bucket, estate))
