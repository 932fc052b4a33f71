from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.lifecycle import Lifecycle
from s3audit.model.lifetimes import is_on
from s3audit.setting import some_of, when_set
from s3audit.verdict import Verdict, failed, unless

from ._rules import NOTHING, WHAT, if_allowed


@check(
    severity=LOW,
    severity_rule="low: it is about cost, and about data that stays longer than anybody wants",
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "checkov": ("CKV2_AWS_61",),
        "prowler": ("s3_bucket_lifecycle_enabled",),
        "config": ("s3-lifecycle-policy-check",),
        "securityhub": ("S3.13",),
        "regula": ("FG_R00101",),
        "steampipe": ("s3_bucket_lifecycle_policy_enabled",),
    },
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: abort-uploads
                  Status: Enabled
                  AbortIncompleteMultipartUpload:
                    DaysAfterInitiation: 7
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "abort-uploads"
                status = "Enabled"
                filter {}
                abort_incomplete_multipart_upload {
                  days_after_initiation = 7
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "abort-uploads", "Status": "Enabled", "Filter": {},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}'
            """,
        note="This rule harms nobody; how long the objects themselves are to stay is for you to say.",
    ),
    passes=(
        """
        # Objects go after a year.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 365
        """,
        """
        # One rule that is on is enough; a directory bucket is asked elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Disabled, ExpirationInDays: 7}
                  - {Status: Enabled, Prefix: tmp/, ExpirationInDays: 7}
          Cache:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
        """,
        """
        # With MFA delete S3 allows no lifecycle rules.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_versioning" "orders" {
          bucket = aws_s3_bucket.orders.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Enabled"
          }
        }
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_lifecycle_configuration" "photos" {
          bucket = aws_s3_bucket.photos.id
          rule {
            id     = "old"
            status = "Enabled"
            filter {}
            expiration {
              days = 365
            }
          }
        }
        """,
    ),
    fails=(
        """
        # Nothing is declared, so everything stays.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # The only rule is switched off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Disabled # <-
                    ExpirationInDays: 365
        """,
    ),
    unsure=(
        """
        # Whether the rule is on is for whoever deploys it.
        Parameters:
          Cleanup:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: !Ref Cleanup # <-
                    ExpirationInDays: 365
        """,
    ),
)
def configured(bucket: Bucket) -> Verdict:
    """Buckets have a lifecycle configuration with an enabled rule.

    Without one nothing in a bucket ever ends or moves to where it costs less: old objects, old versions and the
    parts of broken uploads are paid for every month, and data stays that was meant to go.
    """
    return unless(
        of_type(bucket, "directory"),
        "lifecycle-directory-bucket asks for its rules",
        lambda: if_allowed(
            bucket,
            when_set(bucket.lifecycle, _has_one, failed(bucket.lifecycle.at, NOTHING), what=WHAT),
        ),
    )


def _has_one(lifecycle: Lifecycle) -> Verdict:
    return some_of(lifecycle.rules, is_on, failed(lifecycle.at, "there are no lifecycle rules"))
