from s3audit.check import ALL, BUCKETS, HIGH, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.setting import Known, Setting
from s3audit.verdict import Status, Verdict

from ._targets import of_target


@check(
    severity=HIGH,
    severity_rule=(
        "high with a default retention, with which S3 delivers nothing; medium without one: AWS says that such a"
        " bucket can't be a log target"
    ),
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LoggingConfiguration:
              DestinationBucketName: !Ref AccessLogs
            AccessLogs:
              Type: AWS::S3::Bucket
            """,
        terraform="""
            resource "aws_s3_bucket" "access_logs" {
              bucket_prefix = "access-logs-"
            }
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.access_logs.id
              target_prefix = "example/"
            }
            """,
        cli="""
            # LOG_BUCKET has no Object Lock.
            aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "BUCKET/"}}'
            """,
        note="Object Lock can't be switched off, so the logs need another bucket; replicate them to a locked one.",
    ),
    passes="""
        # The log bucket has no lock; the bucket itself may have one.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
        """,
    fails=(
        """
        # What is delivered would be locked.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true # <-
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention: {Mode: GOVERNANCE, Days: 90}
        """,
        """
        # Medium: there is a lock, and no default retention.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true # <-
        """,
    ),
    unsure=(
        """
        # The log bucket is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs # <-
        """,
        """
        # Whether the log bucket has a lock is for whoever deploys it.
        Parameters:
          Lock:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: !Ref Lock # <-
        """,
    ),
)
def target_object_lock(bucket: Bucket, estate: Estate) -> Verdict:
    """The log target has no Object Lock.

    S3 does not deliver access logs to a bucket with a default retention, and AWS does not support a bucket with
    Object Lock as their target. Nothing says that the logs are missing.
    """
    return of_target(bucket, estate, _without_lock)


def _without_lock(target: Bucket) -> Verdict:
    lock = target.object_lock
    found = ~lock.enabled.is_in(True, what=f"Object Lock of {label(target)}")
    if found.status is not Status.FAIL:
        return found
    if _is_said(lock.days) or _is_said(lock.years):
        return found.at_severity(HIGH).noting("there is a default retention")
    return found.at_severity(MEDIUM)


def _is_said(setting: Setting[int | None]) -> bool:
    return isinstance(setting, Known) and setting.value is not None
