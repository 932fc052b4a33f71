from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.setting import Unset
from s3audit.verdict import Verdict


@check(
    severity=INFO,
    severity_rule="info: S3 encrypts every new object, so only a value that S3 does not know is worth a word",
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_19",),
        "trivy": ("AVD-AWS-0088",),
        "prowler": ("s3_bucket_default_encryption",),
        "kics": (
            "S3 Bucket Without Server-side-encryption (cloudformation b2e8752c-3497-4255-98d2-e4ae5b46bbf5)",
        ),
        "guard": ("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",),
        "cfn_nag": ("W41",),
        "scoutsuite": ("s3-bucket-no-default-encryption",),
        "config": ("s3-bucket-server-side-encryption-enabled",),
        "custodian": ("bucket-encryption",),
        "regula": ("FG_R00099",),
        "steampipe": ("s3_bucket_default_encryption_enabled",),
    },
    fix=Fix(
        cloudformation="""
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - ServerSideEncryptionByDefault:
                    SSEAlgorithm: AES256
            """,
        terraform="""
            resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                apply_server_side_encryption_by_default {
                  sse_algorithm = "AES256"
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}'
            """,
        note="Objects keep the encryption they were written with; Batch Operations can copy them in place.",
    ),
    passes=(
        """
        # Nothing is declared: S3 encrypts new objects with its own keys.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # SSE-S3, a KMS key, and two layers of KMS.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: alias/invoices}
          Patients:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms:dsse}
        """,
        """
        # A directory bucket with a KMS key.
        Resources:
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: euw1-az1
              DataRedundancy: SingleAvailabilityZone
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: alias/scratch}
        """,
        """
        # Each value that the parameter may have is one that S3 knows.
        Parameters:
          Algorithm:
            Type: String
            AllowedValues: [AES256, aws:kms]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: !Ref Algorithm}
        """,
    ),
    fails=(
        """
        # S3 has no such algorithm, the deployment fails.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aes-256 # <-
        """,
        """
        # Directory buckets know AES256 and aws:kms only.
        Resources:
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: euw1-az1
              DataRedundancy: SingleAvailabilityZone
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms:dsse # <-
        """,
    ),
    unsure=(
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
        # The whole configuration comes from elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://templates/encryption.yaml}
        """,
    ),
)
def default(bucket: Bucket) -> Verdict:
    """New objects are encrypted by an algorithm that S3 knows.

    Since January 2023 S3 encrypts every new object at least with its own keys (SSE-S3); older objects may
    still lie unencrypted. What is left to go wrong is a value that S3 does not accept.
    """
    known = ["AES256", "aws:kms"] if bucket.type == "directory" else ["AES256", "aws:kms", "aws:kms:dsse"]
    verdict = bucket.encryption.algorithm.is_in(*known, what="default encryption")
    match bucket.encryption.algorithm:
        case Unset(since=since) if since:
            return verdict.noting(f"objects from before {since} may be unencrypted")
        case _:
            return verdict
