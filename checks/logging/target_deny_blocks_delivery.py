from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.policy.delivery import denies_delivery
from s3audit.policy.language import policy_of
from s3audit.setting import when_set
from s3audit.verdict import Verdict, passed

from ._delivery import delivery
from ._targets import of_target


@check(
    severity=HIGH,
    severity_rule="high: a guard that was meant for people keeps the logs out, and nobody is told",
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    yields_to=("logging-loop", "logging-target-region-account"),
    fix=Fix(
        cloudformation="""
            # In the policy of the log bucket: the guard is not for services of AWS.
            LogsPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Logs
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: [!GetAtt Logs.Arn, !Sub "${Logs.Arn}/*"]
                      Condition:
                        StringNotEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
                        Bool: {aws:PrincipalIsAWSService: false}
            """,
        terraform="""
            # The guard is not for services of AWS.
            resource "aws_s3_bucket_policy" "logs" {
              bucket = aws_s3_bucket.logs.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:*"
                  Resource  = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]
                  Condition = {
                    StringNotEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" }
                    Bool            = { "aws:PrincipalIsAWSService" = "false" }
                  }
                }]
              })
            }
            """,
        cli="""
            # POLICY_FILE has the condition "Bool": {"aws:PrincipalIsAWSService": "false"} in its Deny.
            aws s3api put-bucket-policy --bucket LOG_BUCKET --policy file://POLICY_FILE
            """,
        note="A bucket has one policy: keep the statements that let S3 and others write.",
    ),
    passes=(
        """
        # The guard is not for services of AWS.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Logs.Arn, !Sub "${Logs.Arn}/*"]
                    Condition:
                      StringNotEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
                      Bool: {aws:PrincipalIsAWSService: false}
        """,
        """
        # Plain HTTP is denied, and S3 delivers over HTTPS; a header is only asked for where it is sent.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Logs.Arn, !Sub "${Logs.Arn}/*"]
                    Condition:
                      Bool: {aws:SecureTransport: false}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringNotEquals: {s3:x-amz-server-side-encryption: AES256}
                      "Null": {s3:x-amz-server-side-encryption: false}
        """,
        """
        # Nobody may write but S3 for this bucket.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      ArnNotEquals: {aws:SourceArn: !GetAtt Orders.Arn}
        """,
        """
        # The guard is for another part of the bucket.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Logs.Arn}/reports/*
        """,
    ),
    fails=(
        """
        # S3 is in no organization: what is only for the members of one is not for its logs.
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
                  - Sid: Perimeter # <-
                    Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Logs.Arn, !Sub "${Logs.Arn}/*"]
                    Condition:
                      StringNotEqualsIfExists: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
        """
        # Its uploads say nothing about encryption.
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
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringNotEquals: {s3:x-amz-server-side-encryption: AES256}
        """,
        """
        # It comes from no network of ours, and through no endpoint.
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
              PolicyDocument:
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Logs.Arn, !Sub "${Logs.Arn}/*"]
                    Condition:
                      NotIpAddress: {aws:SourceIp: 192.0.2.0/24}
                      StringNotEquals: {aws:SourceVpce: vpce-0a1b2c3d4e5f60718}
        """,
        """
        # Only another bucket is spared.
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      ArnNotLike: {aws:SourceArn: !GetAtt Invoices.Arn}
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
        # Which accounts are spared is for another stack to say.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringNotEquals: {aws:SourceAccount: !ImportValue shop-account}
        """,
        """
        # The policy comes from elsewhere.
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
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/logs.json}
        """,
    ),
)
def target_deny_blocks_delivery(bucket: Bucket, estate: Estate) -> Verdict:
    """Guards on the log target exempt the logging service.

    A Deny for everybody outside the organization, the network or the rules of encryption is for S3 too, which
    delivers the logs as a service and belongs to none of them. Then no log arrives, and nobody is told.
    """
    return of_target(bucket, estate, lambda target: _is_spared(bucket, target))


def _is_spared(bucket: Bucket, target: Bucket) -> Verdict:
    return when_set(
        policy_of(target.policy),
        lambda policy: ~denies_delivery(policy, delivery(bucket, target)),
        passed(target.policy.at, f"no policy of {label(target)} denies anything"),
        what=f"the policy of {label(target)}",
    )
