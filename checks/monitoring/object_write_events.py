from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, TRAILS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.trails import WRITES
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, passed

from ._events import recorded


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: without it nobody can tell who deleted or overwrote an object; low where access logging is on"
    ),
    needs=(BUCKETS, TRAILS),
    sources=ALL,
    peers={
        "trivy": ("AVD-AWS-0171",),
        "prowler": ("cloudtrail_s3_dataevents_write_enabled",),
        "kics": (
            "S3 Bucket Object Level CloudTrail Logging Disabled (terraform a8fc2180-b3ac-4c93-bd0d-a55b974e4b07)",
        ),
        "config": ("cloudtrail-all-write-s3-data-event-check",),
        "securityhub": ("S3.22",),
        "custodian": ("data-events",),
        "regula": ("FG_R00354",),
        "steampipe": ("s3_bucket_object_logging_enabled",),
    },
    fix=Fix(
        cloudformation="""
            Trail:
              Type: AWS::CloudTrail::Trail
              Properties:
                IsLogging: true
                S3BucketName: !Ref Logs
                EventSelectors:
                  - ReadWriteType: WriteOnly
                    DataResources:
                      - Type: AWS::S3::Object
                        Values: [!Sub "${Bucket.Arn}/"]
            """,
        terraform="""
            resource "aws_cloudtrail" "trail" {
              name           = "trail"
              s3_bucket_name = aws_s3_bucket.logs.id
              event_selector {
                read_write_type = "WriteOnly"
                data_resource {
                  type   = "AWS::S3::Object"
                  values = ["${aws_s3_bucket.example.arn}/"]
                }
              }
            }
            """,
        cli="""
            aws cloudtrail put-event-selectors --trail-name TRAIL --event-selectors '[{
              "ReadWriteType": "WriteOnly",
              "IncludeManagementEvents": true,
              "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::BUCKET/"]}]
            }]'
            """,
        note="The selectors replace all that the trail has, and each data event costs.",
    ),
    passes=(
        """
        # All that is written to any bucket; the trail leaves out its own logs.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - {Field: readOnly, Equals: ["false"]}
                    - {Field: resources.ARN, NotStartsWith: [!Sub "${Logs.Arn}/"]}
          Logs:
            Type: AWS::S3::Bucket
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # The trail names the bucket.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              EventSelectors:
                - DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "${Orders.Arn}/"]
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # An event data store keeps them.
        Resources:
          Store:
            Type: AWS::CloudTrail::EventDataStore
            Properties:
              Name: shop-events
              RetentionPeriod: 90
              MultiRegionEnabled: true
              OrganizationEnabled: false
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # The trail records what is done with buckets, and not what is done with objects.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # It is about some of the objects only, and then about what is read.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "${Orders.Arn}/paid/"]
                - ReadWriteType: ReadOnly
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "${Orders.Arn}/"]
          Logs:
            Type: AWS::S3::Bucket
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # The trail is off.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: false
              S3BucketName: !Ref Logs
              EventSelectors:
                - DataResources:
                    - Type: AWS::S3::Object
                      Values: ["arn:aws:s3"]
          Logs:
            Type: AWS::S3::Bucket
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
        """,
    ),
    unsure=(
        """
        # Of which bucket it is, is for whoever deploys it to say.
        Parameters:
          Recorded: {Type: String}
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              EventSelectors:
                - DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Ref Recorded]
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
    ),
)
def object_write_events(bucket: Bucket, estate: Estate) -> Verdict:
    """CloudTrail records object writes for the bucket.

    When an object is gone or not what it was, the first question is who did that. A trail tells the role, the session
    and the address; access logs tell less, later, and not always. What was not recorded can't be had afterwards.
    """
    found = recorded(bucket, estate, WRITES, "what is written to its objects")
    if found.status is not Status.FAIL:
        return found
    logged = when_set(bucket.logging, lambda one: passed(one.at, "it logs"), Verdict(Status.FAIL))
    return found.at_severity(LOW) if logged.status is Status.PASS else found
