from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import aborts, expires, is_on
from s3audit.setting import some_of, when_set
from s3audit.verdict import Status, Verdict, failed, unless

from ._rules import NOTHING, WHAT, quiet


@check(
    severity=LOW,
    severity_rule="low: it is about cost",
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "config": ("s3express-dir-bucket-lifecycle-rules-check",),
        "securityhub": ("S3.25",),
        "steampipe": ("s3_directory_bucket_lifecycle_policy_configured",),
    },
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: old
                  Status: Enabled
                  ExpirationInDays: 30
                  AbortIncompleteMultipartUpload:
                    DaysAfterInitiation: 7
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_directory_bucket.example.bucket
              rule {
                id     = "old"
                status = "Enabled"
                filter {}
                expiration {
                  days = 30
                }
                abort_incomplete_multipart_upload {
                  days_after_initiation = 7
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "old", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 30},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}'
            """,
        note="What is older than a month is deleted soon after: leave ExpirationInDays out where it has to stay.",
    ),
    passes=(
        """
        # Objects go after a month.
        Resources:
          Cache:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: pages/
                    ExpirationInDays: 30
        """,
        """
        # Unfinished uploads go after a day; other buckets are asked elsewhere.
        Resources:
          Cache:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Nothing ever goes.
        Resources:
          Cache: # <-
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
        """,
        """
        # The rule is switched off.
        Resources:
          Cache:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
              LifecycleConfiguration:
                Rules:
                  - Status: Disabled # <-
                    ExpirationInDays: 30
        """,
    ),
    unsure=(
        """
        # Whether the rule is on is for whoever deploys it.
        Parameters:
          Cleanup:
            Type: String
        Resources:
          Cache:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
              LifecycleConfiguration:
                Rules:
                  - Status: !Ref Cleanup # <-
                    ExpirationInDays: 30
        """,
    ),
)
def directory_bucket(bucket: Bucket) -> Verdict:
    """Directory buckets have lifecycle rules.

    Directory buckets are for data that is needed fast, and their storage costs several times as much. What nobody needs
    any more stays there, with the parts of broken uploads, unless a rule deletes it.
    """
    return unless(
        of_type(bucket, "general", "outposts"),
        "lifecycle-configured asks for its rules",
        lambda: when_set(bucket.lifecycle, _judge, failed(bucket.lifecycle.at, NOTHING), what=WHAT),
    )


def _judge(lifecycle: Lifecycle) -> Verdict:
    return some_of(lifecycle.rules, _cleans, failed(lifecycle.at, "there are no lifecycle rules"))


def _cleans(rule: LifecycleRule) -> Verdict:
    acts = quiet(expires(rule) | aborts(rule))
    if acts.status is Status.FAIL:
        return failed(rule.at, "the rule neither lets objects expire nor aborts uploads")
    return is_on(rule) & acts
