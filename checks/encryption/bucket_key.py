from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.verdict import Verdict, unless


@check(
    severity=LOW,
    severity_rule="low: it is about cost and throttling, and opens nothing",
    needs=(BUCKETS,),
    sources=ALL,
    peers={"custodian": ("bucket-encryption",)},
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
        note="CloudTrail then records the ARN of the bucket with each use of the key, and not that of the object.",
    ),
    passes=(
        """
        # With a bucket key.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
        """,
        """
        # Without KMS there is nothing to save, and DSSE-KMS can't have one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Photos:
            Type: AWS::S3::Bucket
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms:dsse}
        """,
        """
        # In a directory bucket it is always on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Key:
            Type: AWS::KMS::Key
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: euw1-az1
              DataRedundancy: SingleAvailabilityZone
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
    ),
    fails=(
        """
        # It is off unless somebody asks for it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms} # <-
        """,
        """
        # It is switched off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: false # <-
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        Parameters:
          WithKey: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: !Ref WithKey # <-
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
        """,
        """
        # Whether there is KMS is for whoever deploys it to say.
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
def bucket_key(bucket: Bucket) -> Verdict:
    """An S3 Bucket Key is used with SSE-KMS.

    Without one S3 asks KMS for each object that is written or read: that costs, and KMS refuses requests when
    they come too fast. With one it asks once in a while.
    """
    uses_kms = bucket.encryption.algorithm.is_in("aws:kms", what="default encryption")
    enabled = bucket.encryption.bucket_key.is_in(True, what="the bucket key")
    verdict = unless(~uses_kms, "a bucket key is for SSE-KMS", enabled)
    return unless(of_type(bucket, "directory"), "its bucket key is always on", verdict)
