from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, TRAILS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.uses import receives_access_logs, receives_trail_logs
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, failed, passed, unless, verdict


@check(
    severity=LOW,
    severity_rule="low: the trail itself is safe without it; medium for the trail of an organization",
    needs=(BUCKETS, TRAILS),
    sources=ALL,
    yields_to=("logging-enabled",),
    peers={
        "trivy": ("AVD-AWS-0163",),
        "prowler": ("cloudtrail_logs_s3_bucket_access_logging_enabled",),
        "kics": (
            "CloudTrail Log Files S3 Bucket with Logging Disabled (terraform ee9e50e8-b2ed-4176-ad42-8fc0cf7593f4)",
            "S3 Bucket CloudTrail Logging Disabled (cloudformation c3ce69fd-e3df-49c6-be78-1db3f802261c)",
        ),
        "terrascan": ("AC_AWS_0497",),
        "regula": ("FG_R00031",),
    },
    fix=Fix(
        cloudformation="""
            LoggingConfiguration:
              DestinationBucketName: !Ref AccessLogs
              LogFilePrefix: trail/
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
              target_prefix = "trail/"
            }
            """,
        cli="""
            aws s3api put-bucket-logging --bucket TRAIL_BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "trail/"}}'
            """,
        note="The log bucket is another one than that of the trail, and its policy lets S3 deliver.",
    ),
    passes=(
        """
        # Who reads the trail is logged, in another bucket.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref TrailLogs
          TrailLogs:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref AccessLogs, LogFilePrefix: trail/}
          AccessLogs:
            Type: AWS::S3::Bucket
        """,
        """
        # A bucket that access logs come to is not logged itself: there would be no end.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
          Audit:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref AuditLogs
          AuditLogs:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: trail/}
          Logs:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Who reads the trail is not logged.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref TrailLogs # <-
          TrailLogs: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # Medium: it is the trail of all accounts. That its own data events are in it is no access log.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              IsOrganizationTrail: true
              IsMultiRegionTrail: true
              S3BucketName: audit-trail # <-
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [arn:aws:s3]
          TrailLogs: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: audit-trail
        """,
    ),
    unsure=(
        """
        # Whether CloudTrail writes there is for whoever deploys it.
        Parameters:
          TrailBucket:
            Type: String
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref TrailBucket # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-archive
        """,
        """
        # The configuration comes from elsewhere.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref TrailLogs
          TrailLogs:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://templates/logging.yaml}
        """,
    ),
)
def cloudtrail_bucket_logged(bucket: Bucket, estate: Estate) -> Verdict:
    """The CloudTrail log bucket has access logging.

    Who has read, changed or deleted the records of a trail can't be told by the trail alone: it may be what was
    deleted. The access log of its bucket is a second witness, in another place.
    """
    return unless(~_holds_trail(bucket, estate), "it keeps no trail", lambda: _logged(bucket, estate))


def _holds_trail(bucket: Bucket, estate: Estate) -> Verdict:
    found = receives_trail_logs(bucket, estate)
    return found if found.evidence else failed(bucket.at, "no trail is seen to log to it")


def _logged(bucket: Bucket, estate: Estate) -> Verdict:
    found = when_set(
        bucket.logging,
        lambda logging: passed(logging.at, "access logging is on"),
        failed(bucket.logging.at, "access logging is not set"),
        what="access logging",
    )
    if found.status is not Status.FAIL:
        return found
    return unless(
        receives_access_logs(bucket, estate),
        "a log of the logs is not asked for",
        _graded(found, bucket, estate),
    )


def _graded(found: Verdict, bucket: Bucket, estate: Estate) -> Verdict:
    trail = receives_trail_logs(bucket, estate)
    of_all = receives_trail_logs(bucket, estate, of_organization=True)
    is_of_all = of_all.status is Status.PASS
    told = trail.evidence if trail.status is Status.PASS else ()
    shown = verdict(Status.FAIL, *found.evidence, *told)
    return shown.at_severity(MEDIUM) if is_of_all else shown
