from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, TRAILS, Fix, check
from s3audit.intent import holds
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.trails import READS
from s3audit.verdict import Status, Verdict

from ._events import recorded


@check(
    severity=LOW,
    severity_rule=(
        "low: reads are many, and each event costs; medium where the configuration says that the data is confidential"
    ),
    needs=(BUCKETS, TRAILS),
    sources=ALL,
    peers={
        "trivy": ("AVD-AWS-0172",),
        "prowler": ("cloudtrail_s3_dataevents_read_enabled",),
        "kics": (
            "S3 Bucket Object Level CloudTrail Logging Disabled (terraform a8fc2180-b3ac-4c93-bd0d-a55b974e4b07)",
        ),
        "config": ("cloudtrail-all-read-s3-data-event-check",),
        "securityhub": ("S3.23",),
        "custodian": ("data-events",),
        "regula": ("FG_R00355",),
    },
    fix=Fix(
        cloudformation="""
            Trail:
              Type: AWS::CloudTrail::Trail
              Properties:
                IsLogging: true
                S3BucketName: !Ref Logs
                EventSelectors:
                  - ReadWriteType: All
                    DataResources:
                      - Type: AWS::S3::Object
                        Values: [!Sub "${Bucket.Arn}/"]
            """,
        terraform="""
            resource "aws_cloudtrail" "trail" {
              name           = "trail"
              s3_bucket_name = aws_s3_bucket.logs.id
              event_selector {
                read_write_type = "All"
                data_resource {
                  type   = "AWS::S3::Object"
                  values = ["${aws_s3_bucket.example.arn}/"]
                }
              }
            }
            """,
        cli="""
            aws cloudtrail put-event-selectors --trail-name TRAIL --event-selectors '[{
              "ReadWriteType": "All",
              "IncludeManagementEvents": true,
              "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::BUCKET/"]}]
            }]'
            """,
        note="The selectors replace all that the trail has, and each data event costs.",
    ),
    passes=(
        """
        # All that is read from any bucket; the trail leaves out its own logs.
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
                    - {Field: readOnly, Equals: ["true"]}
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
        # It is about some of the objects only, and then about what is written.
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
                - ReadWriteType: WriteOnly
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "${Orders.Arn}/"]
          Logs:
            Type: AWS::S3::Bucket
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # Confidential data, and a trail that is off.
        #: [[expect]]
        #: name = "shop-patients"
        #: data = "confidential"
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
          Patients: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-patients
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
def object_read_events(bucket: Bucket, estate: Estate) -> Verdict:
    """CloudTrail records object reads for the bucket.

    After a key has leaked everybody asks what was read with it. Without the events of reads nobody can say, so all of
    it counts as lost, and everybody whom it is about has to be told.
    """
    found = recorded(bucket, estate, READS, "what is read of its objects")
    if found.status is not Status.FAIL:
        return found
    is_graver = holds(bucket, estate, "confidential").status is Status.PASS
    return found.at_severity(MEDIUM) if is_graver else found
