from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.reports import ReportDestination
from s3audit.policy.delivery import Delivery, admits_delivery, denies_delivery
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed

from ._exports import of_every_export, target_of

_S3 = "s3.amazonaws.com"
_ACL = "bucket-owner-full-control"


@check(
    severity=MEDIUM,
    severity_rule="medium: the reports are not delivered, and nobody is told",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            ReportsPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Reports
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: s3.amazonaws.com}
                      Action: s3:PutObject
                      Resource: !Sub ${Reports.Arn}/*
                      Condition:
                        StringEquals:
                          aws:SourceAccount: !Ref AWS::AccountId
                          s3:x-amz-acl: bucket-owner-full-control
                        ArnLike: {aws:SourceArn: !GetAtt Bucket.Arn}
            Reports:
              Type: AWS::S3::Bucket
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "reports" {
              bucket = aws_s3_bucket.reports.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "s3.amazonaws.com" }
                  Action    = "s3:PutObject"
                  Resource  = "${aws_s3_bucket.reports.arn}/*"
                  Condition = {
                    ArnLike      = { "aws:SourceArn" = aws_s3_bucket.example.arn }
                    StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" }
                  }
                }]
              })
            }
            """,
        cli="""
            aws s3api put-bucket-policy --bucket REPORT_BUCKET --policy '{
              "Version": "2012-10-17",
              "Statement": [{
                "Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::REPORT_BUCKET/*",
                "Condition": {
                  "StringEquals": {
                    "aws:SourceAccount": "ACCOUNT_ID",
                    "s3:x-amz-acl": "bucket-owner-full-control"
                  },
                  "ArnLike": {"aws:SourceArn": "arn:aws:s3:::BUCKET"}
                }
              }]
            }'
            """,
        note="It replaces the policy that is there, so the statement goes beside those that it has.",
    ),
    passes=(
        """
        # S3 may write for this bucket, and for no other.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination: {BucketArn: !GetAtt Reports.Arn, Format: Parquet, Prefix: inventory}
          Reports:
            Type: AWS::S3::Bucket
          ReportsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Reports
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Reports.Arn}/inventory/*
                    Condition:
                      StringEquals:
                        aws:SourceAccount: !Ref AWS::AccountId
                        s3:x-amz-acl: bucket-owner-full-control
                      ArnLike: {aws:SourceArn: !GetAtt Orders.Arn}
        """,
    ),
    fails=(
        """
        # The policy lets nobody in.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !GetAtt Reports.Arn # <-
                    Format: Parquet
          Reports: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # The statement is for another bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AnalyticsConfigurations:
                - Id: all
                  StorageClassAnalysis:
                    DataExport:
                      OutputSchemaVersion: V_1
                      Destination:
                        BucketArn: !GetAtt Reports.Arn # <-
                        Format: CSV
          Invoices:
            Type: AWS::S3::Bucket
          Reports:
            Type: AWS::S3::Bucket
          ReportsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Reports
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Reports.Arn}/*
                    Condition:
                      ArnLike: {aws:SourceArn: !GetAtt Invoices.Arn}
        """,
        """
        # The statement is for another prefix.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !GetAtt Reports.Arn # <-
                    Format: Parquet
                    Prefix: lists
          Reports:
            Type: AWS::S3::Bucket
          ReportsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Reports
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Reports.Arn}/inventory/*
        """,
    ),
    unsure=(
        """
        # Whether the source is this bucket, is for whoever deploys it to say.
        Parameters:
          Source: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !GetAtt Reports.Arn # <-
                    Format: Parquet
          Reports:
            Type: AWS::S3::Bucket
          ReportsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Reports
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Reports.Arn}/*
                    Condition:
                      ArnLike: {aws:SourceArn: !Ref Source}
        """,
    ),
)
def inventory_destination_policy(bucket: Bucket, estate: Estate) -> Verdict:
    """The inventory destination admits S3 only for the named source.

    S3 writes the reports itself, as a service, so the bucket that they go to has to let it in by its policy, also in
    the same account. Without that there are no reports, and no error either: one day somebody needs one.
    """
    return of_every_export(bucket, lambda to, keys: _judged(to, keys, bucket, estate))


def _judged(to: ReportDestination, keys: Text, bucket: Bucket, estate: Estate) -> Verdict:
    def of_bucket(target: Bucket) -> Verdict:
        found = when_set(
            policy_of(target.policy),
            lambda policy: _admits(policy, Delivery(bucket, None, target, _S3, keys, _ACL)),
            failed(target.at, f"no policy of {label(target)} lets S3 deliver reports"),
            what=f"the policy of {label(target)}",
        )
        return found if found.status is Status.PASS else found.noting(_goes(bucket, target), to.bucket.at)

    return when_set(target_of(to, estate), of_bucket, "the destination does not exist")


def _admits(policy: Policy, delivery: Delivery) -> Verdict:
    found = admits_delivery(policy, delivery)
    return found if found.status is Status.FAIL else found & ~denies_delivery(policy, delivery)


def _goes(bucket: Bucket, target: Bucket) -> str:
    return f"reports about {label(bucket)} go to {label(target)}"
