from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.policy.delivery import admits_delivery
from s3audit.policy.language import policy_of
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, failed

from ._delivery import by_acl, delivery
from ._targets import of_target


@check(
    severity=HIGH,
    severity_rule="high: nothing is delivered, although logging reads as if it were on",
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    yields_to=("logging-loop", "logging-target-region-account"),
    peers={"custodian": ("is-log-target",)},
    fix=Fix(
        cloudformation="""
            LogDelivery:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Logs
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: logging.s3.amazonaws.com}
                      Action: s3:PutObject
                      Resource: !Sub ${Logs.Arn}/*
                      Condition:
                        StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
                        ArnLike: {aws:SourceArn: !GetAtt Bucket.Arn}
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "logs" {
              bucket = aws_s3_bucket.logs.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "logging.s3.amazonaws.com" }
                  Action    = "s3:PutObject"
                  Resource  = "${aws_s3_bucket.logs.arn}/*"
                  Condition = {
                    ArnLike = { "aws:SourceArn" = aws_s3_bucket.example.arn }
                  }
                }]
              })
            }
            """,
        cli="""
            aws s3api put-bucket-policy --bucket LOG_BUCKET --policy '{
              "Version": "2012-10-17",
              "Statement": [{
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::LOG_BUCKET/*",
                "Condition": {
                  "StringEquals": {"aws:SourceAccount": "ACCOUNT_ID"},
                  "ArnLike": {"aws:SourceArn": "arn:aws:s3:::BUCKET"}
                }
              }]
            }'
            """,
        note="A bucket has one policy: add the statement to the one that the log bucket has.",
    ),
    passes=(
        """
        # The policy of the log bucket lets S3 deliver for this bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/orders/*
                    Condition:
                      ArnLike: {aws:SourceArn: !GetAtt Orders.Arn}
                      StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
        """,
        """
        # The ACL of the log bucket does, as it was done before there were such policies.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
        """,
        """
        # Every bucket whose name begins like this may log here; the keys say whose the logs are.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: access/
                TargetObjectKeyFormat:
                  PartitionedPrefix: {PartitionDateSource: EventTime}
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: [delivery.logs.amazonaws.com, logging.s3.amazonaws.com]}
                    Action: s3:Put*
                    Resource: !Sub ${Logs.Arn}/access/${AWS::AccountId}/*
                    Condition:
                      ArnLike: {aws:SourceArn: !Sub "arn:${AWS::Partition}:s3:::shop-*"}
        """,
        """
        # Two statements with a part of it each do it together.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/orders/*
                    Condition:
                      StringEquals: {s3:x-amz-acl: bucket-owner-full-control}
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/orders/*
                    Condition:
                      StringNotEquals: {s3:x-amz-acl: bucket-owner-full-control}
        """,
    ),
    fails=(
        """
        # The log bucket says nothing about who may write.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # Another bucket may log here, this one may not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Invoices:
            Type: AWS::S3::Bucket
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      ArnEquals: {aws:SourceArn: !GetAtt Invoices.Arn}
        """,
        """
        # The logs go below another prefix than the one that is open.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
                LogFilePrefix: orders/
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/access/*
        """,
        """
        # The ACL would do, but the bucket has ACLs switched off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerEnforced # <-
        """,
        """
        # Another service may write here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument: # <-
                Statement:
                  - Effect: Allow
                    Principal: {Service: delivery.logs.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
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
        # Which account may log here is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument: # <-
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringEquals: {aws:SourceAccount: !ImportValue shop-account}
        """,
        """
        # AWS does not say with which ACL S3 sends its logs.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument: # <-
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringEquals: {s3:x-amz-acl: bucket-owner-full-control}
        """,
    ),
)
def target_permission(bucket: Bucket, estate: Estate) -> Verdict:
    """The log target lets the logging service write.

    Access logs come from S3 itself, and the log bucket has to let it in: by its policy, or by an ACL where those
    are on. Without that nothing is delivered, and nobody is told.
    """
    return of_target(bucket, estate, lambda target: _lets_in(bucket, target))


def _lets_in(bucket: Bucket, target: Bucket) -> Verdict:
    by_policy = when_set(
        policy_of(target.policy),
        lambda policy: admits_delivery(policy, delivery(bucket, target)),
        Verdict(Status.FAIL),
        what=f"the policy of {label(target)}",
    )
    if by_policy.status is Status.PASS:
        return by_policy
    found = by_policy | by_acl(target)
    if found.status is Status.FAIL and not found.evidence:
        return failed(target.at, f"neither a policy nor an ACL of {label(target)} lets S3 deliver logs")
    return found
