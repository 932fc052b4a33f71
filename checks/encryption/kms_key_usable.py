from s3audit.check import ALL, BUCKETS, HIGH, KEYS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

from ._keys import with_kms
from ._states import is_here, is_usable


@check(
    severity=HIGH,
    severity_rule="high: no object can be written, nor read; graver yet while the key waits to be deleted",
    needs=(BUCKETS, KEYS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Key is symmetric, enabled, and in the Region of the bucket.
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - BucketKeyEnabled: true
                  ServerSideEncryptionByDefault:
                    SSEAlgorithm: aws:kms
                    KMSMasterKeyID: !GetAtt Key.Arn
            Key:
              Type: AWS::KMS::Key
              Properties:
                Enabled: true
                EnableKeyRotation: true
            """,
        terraform="""
            resource "aws_kms_key" "example" {
              enable_key_rotation = true
            }

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
            # A key that waits to be deleted needs the first, and then the second.
            aws kms cancel-key-deletion --key-id KEY_ARN
            aws kms enable-key --key-id KEY_ARN
            """,
        note="Objects that were written with another key need that one as long as they are there.",
    ),
    passes=(
        """
        # A key that is there, and on.
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
        # The key that AWS manages can be used always.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
        """,
    ),
    fails=(
        """
        # The key is switched off.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              Enabled: false # <-
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
        """
        # S3 takes symmetric keys only.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeySpec: RSA_4096 # <-
              KeyUsage: ENCRYPT_DECRYPT
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
        """
        # Nor can it use the key of another Region.
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            apply_server_side_encryption_by_default {
              sse_algorithm     = "aws:kms"
              kms_master_key_id = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" # <-
            }
          }
        }
        """,
        """
        # Its key material is not for encryption: it makes codes that tell who wrote something.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeySpec: HMAC_256 # <-
              KeyUsage: GENERATE_VERIFY_MAC # <-
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms:dsse
                      KMSMasterKeyID: !Ref Key
        """,
    ),
    unsure=(
        """
        # The key is that of another account.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !Sub arn:aws:kms:${AWS::Region}:444455556666:key/mrk-1234 # <-
        """,
        """
        # Without the key material, which nobody can put into a template, it can't be used.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              Origin: EXTERNAL # <-
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
    ),
)
def kms_key_usable(bucket: Bucket, estate: Estate) -> Verdict:
    """The default KMS key exists, is enabled and is in the bucket Region.

    S3 does not look at the key when encryption is configured, so a wrong one is noticed when the first object is
    written. A key that is off takes all objects with it, and one that is deleted takes them for ever.
    """

    return with_kms(bucket, lambda: is_here(bucket) & is_usable(bucket, estate))
