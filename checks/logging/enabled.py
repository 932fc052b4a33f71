from s3audit.check import ALL, BUCKETS, MEDIUM, TRAILS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.uses import receives_access_logs
from s3audit.policy.trails import records_requests
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: without a record of the requests nobody can tell what an intruder has read",
    needs=(BUCKETS, TRAILS),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_18",),
        "trivy": ("AVD-AWS-0089",),
        "prowler": ("s3_bucket_server_access_logging_enabled",),
        "kics": (
            "S3 Bucket Logging Disabled (terraform f861041c-8c9f-4156-acfc-5e6e524f5884)",
            "S3 Bucket Logging Disabled (cloudformation 4552b71f-0a2a-4bc4-92dd-ed7ec1b4674c)",
        ),
        "guard": ("S3_BUCKET_LOGGING_ENABLED",),
        "cfn_nag": ("W35",),
        "scoutsuite": ("s3-bucket-no-logging",),
        "config": ("s3-bucket-logging-enabled",),
        "securityhub": ("S3.9",),
        "custodian": ("bucket-logging", "is-log-target"),
        "regula": ("FG_R00274",),
        "steampipe": ("s3_bucket_logging_enabled",),
    },
    fix=Fix(
        cloudformation="""
            LoggingConfiguration:
              DestinationBucketName: !Ref Logs
              LogFilePrefix: orders/
            """,
        terraform="""
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.logs.id
              target_prefix = "example/"
            }
            """,
        cli="""
            aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "BUCKET/"}}'
            """,
        note="The policy of the log bucket has to let logging.s3.amazonaws.com put objects.",
    ),
    passes=(
        """
        # Access logs go to a bucket of their own, which does not log in turn.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: orders/
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # A log bucket of another stack.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !ImportValue log-bucket
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !ImportValue log-bucket
        """,
        """
        # No destination means that the bucket logs to itself. It is logged; logging-loop has more to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                LogFilePrefix: logs/
        """,
        """
        # A trail records what is read and what is written in every bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "arn:${AWS::Partition}:s3"]
        """,
        """
        # Two advanced selectors, one for reads and one for writes.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - {Field: readOnly, Equals: ["true"]}
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - {Field: readOnly, Equals: ["false"]}
                    - {Field: resources.ARN, StartsWith: [!Sub "${Orders.Arn}/"]}
        """,
        """
        # The trail leaves out other buckets only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - Field: resources.ARN
                      NotStartsWith: ["arn:aws:s3:::company-trail/", "arn:aws:s3:::shop-archive/"]
        """,
        """
        # A trail of another Region records this one, too.
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_cloudtrail" "all" {
          provider              = aws.us
          name                  = "all"
          s3_bucket_name        = "company-trail"
          is_multi_region_trail = true
          event_selector {
            data_resource {
              type   = "AWS::S3::Object"
              values = ["arn:aws:s3"]
            }
          }
        }
        """,
    ),
    fails=(
        """
        # Nothing is logged.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # The trail records management events only, as trails do that are not told otherwise.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
        """,
        """
        # The trail leaves out this very bucket.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - Field: resources.ARN
                      StartsWith: ["arn:aws:s3:::"]
                      NotStartsWith: [!Sub "${Orders.Arn}/"]
        """,
        """
        # Writes are recorded, reads are not; and only below one prefix.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              EventSelectors:
                - ReadWriteType: WriteOnly
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [arn:aws:s3]
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "${Orders.Arn}/invoices/"]
        """,
        """
        # A part of the bucket is left out.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - Field: resources.ARN
                      NotStartsWith: ["arn:aws:s3:::shop-orders/pictures/"]
        """,
        """
        # The trail records another Region only.
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        resource "aws_s3_bucket" "orders" { # <-
          bucket = "shop-orders"
        }
        resource "aws_cloudtrail" "us" {
          provider       = aws.us
          name           = "us"
          s3_bucket_name = "company-trail"
          event_selector {
            data_resource {
              type   = "AWS::S3::Object"
              values = ["arn:aws:s3"]
            }
          }
        }
        """,
        """
        # So does the event data store: this bucket is in a Region of its own.
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" { # <-
          bucket = "shop-orders"
          region = "eu-north-1"
        }
        resource "aws_cloudtrail_event_data_store" "all" {
          name                 = "all"
          multi_region_enabled = false
          advanced_event_selector {
            field_selector {
              field  = "eventCategory"
              equals = ["Data"]
            }
            field_selector {
              field  = "resources.type"
              equals = ["AWS::S3::Object"]
            }
          }
        }
        """,
        """
        # Logged in production only.
        Parameters:
          Env:
            Type: String
            AllowedValues: [dev, prod]
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: !If
                - IsProd
                - DestinationBucketName: !ImportValue log-bucket
                - !Ref AWS::NoValue
        """,
    ),
    unsure=(
        """
        # Whether the trail is there depends on what can't be decided.
        Parameters:
          Stack: {Type: String}
          Home: {Type: String}
        Conditions:
          IsHome: !Equals [!Ref Stack, !Ref Home]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail: # <-
            Type: AWS::CloudTrail::Trail
            Condition: IsHome
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [arn:aws:s3]
        """,
        """
        # So does whether another bucket logs to this one, which then needs no log itself.
        Parameters:
          Stack: {Type: String}
          Home: {Type: String}
        Conditions:
          IsHome: !Equals [!Ref Stack, !Ref Home]
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Condition: IsHome
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # The trail is another account's, perhaps.
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "audit"
          region = "eu-west-1"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/audit"
          }
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_cloudtrail" "audit" { # <-
          provider       = aws.audit
          name           = "audit"
          s3_bucket_name = "company-trail"
          event_selector {
            data_resource {
              type   = "AWS::S3::Object"
              values = ["arn:aws:s3"]
            }
          }
        }
        """,
        """
        # What the trail leaves out may be of this bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - Field: resources.ARN # <-
                      StartsWith: ["arn:aws:s3:::"]
                      NotEndsWith: [.csv]
        """,
        """
        # Another bucket logs to a bucket that may be this one, which then needs no log itself.
        Parameters:
          LogBucket:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              LoggingConfiguration:
                DestinationBucketName: !Ref LogBucket # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-archive
        """,
        """
        # Which bucket the trail records is for whoever deploys it.
        Parameters:
          Recorded:
            Type: String
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "arn:aws:s3:::${Recorded}/"]
        """,
        """
        # The configuration comes from elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://templates/logging.yaml}
        """,
    ),
)
def enabled(bucket: Bucket, estate: Estate) -> Verdict:
    """Requests to the bucket are logged.

    After an incident the first question is what was read, changed and deleted, and by whom. Access logs or
    the data events of a trail answer it; nothing else does, and neither can be had for the past.
    """
    verdict = when_set(
        bucket.logging,
        lambda logging: passed(logging.at, "access logging is on"),
        _off(bucket),
        what="access logging",
    )
    if verdict.status is not Status.PASS:
        verdict = verdict | _recorded(bucket, estate)
    if verdict.status is Status.FAIL:
        verdict = unless(receives_access_logs(bucket, estate), "a log of the logs is not asked for", verdict)
    return unless(of_type(bucket, "directory", "outposts"), "it has no access logging", verdict)


def _off(bucket: Bucket) -> Verdict:
    note = "access logging is not set, and no trail that is known records its data events"
    return failed(bucket.logging.at, note)


def _recorded(bucket: Bucket, estate: Estate) -> Verdict:
    found = records_requests(bucket, estate)
    match found.status:
        case Status.FAIL:
            return Verdict(Status.FAIL)
        case Status.UNKNOWN if not found.evidence:
            return unknown(bucket.logging.at, "whether a trail records its data events is not known")
        case _:
            return found
