from s3audit.check import ALL, BUCKETS, HIGH, TARGETS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.notification import NotificationRule
from s3audit.model.notified import Kind, Target, called
from s3audit.policy.notifying import lets_in
from s3audit.verdict import Status, Verdict, failed

from ._destinations import ACTIONS, each_known, of_policy


@check(
    severity=HIGH,
    severity_rule="high: S3 refuses the configuration, or the events are lost",
    needs=(BUCKETS, TARGETS),
    about="notification",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # For a topic it is sns:Publish in an AWS::SNS::TopicPolicy, for a function an AWS::Lambda::Permission.
            QueuePolicy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: s3.amazonaws.com}
                      Action: sqs:SendMessage
                      Resource: !GetAtt Queue.Arn
                      Condition:
                        StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
            """,
        terraform="""
            # For a topic it is sns:Publish in an aws_sns_topic_policy, for a function an aws_lambda_permission.
            resource "aws_sqs_queue_policy" "queue" {
              queue_url = aws_sqs_queue.queue.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "s3.amazonaws.com" }
                  Action    = "sqs:SendMessage"
                  Resource  = aws_sqs_queue.queue.arn
                  Condition = {
                    ArnEquals = { "aws:SourceArn" = aws_s3_bucket.example.arn }
                  }
                }]
              })
            }
            """,
        cli="""
            aws lambda add-permission --function-name FUNCTION --statement-id STATEMENT_ID \\
              --action lambda:InvokeFunction --principal s3.amazonaws.com \\
              --source-arn arn:aws:s3:::BUCKET --source-account ACCOUNT_ID
            """,
        note="A queue or a topic has one policy: add the statement to the one that it has.",
    ),
    passes=(
        """
        # A statement for S3 on the queue and on the topic, a permission for the function.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Created.Arn}
                TopicConfigurations:
                  - {Event: "s3:ObjectRemoved:*", Topic: !Ref Removed}
                LambdaConfigurations:
                  - {Event: "s3:ObjectRestore:*", Function: !GetAtt Restored.Arn}
          Created:
            Type: AWS::SQS::Queue
          CreatedPolicy:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: [!Ref Created]
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sqs:SendMessage
                    Resource: !GetAtt Created.Arn
                    Condition:
                      StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
                      ArnLike: {"aws:SourceArn": !GetAtt Orders.Arn}
          Removed:
            Type: AWS::SNS::Topic
          RemovedPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Removed]
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: SNS:Publish
                    Resource: !Ref Removed
                  - Effect: Deny
                    Principal: "*"
                    Action: sns:Publish
                    Resource: !Ref Removed
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
          Restored:
            Type: AWS::Lambda::Function
            Properties:
              Role: arn:aws:iam::111122223333:role/restored
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          RestoredPermission:
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Restored
              Action: lambda:InvokeFunction
              Principal: s3.amazonaws.com
              SourceAccount: !Ref AWS::AccountId
              SourceArn: !GetAtt Orders.Arn
        """,
        """
        # The names are put together, as neither can name the other; the statement is for everybody with this source.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Sub arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:new-orders
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: new-orders
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "*"}
                    Action: sns:Publish
                    Resource: arn:aws:sns:*:*:new-orders
                    Condition:
                      ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shop-orders"}
        """,
        """
        # EventBridge needs no permission.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                EventBridgeConfiguration: {EventBridgeEnabled: true}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
          Queue:
            Type: AWS::SQS::Queue
          QueuePolicy:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: [!Ref Queue]
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sqs:*
                    Resource: "*"
        """,
    ),
    fails=(
        """
        # The queue has no policy.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn # <-
          Queue:
            Type: AWS::SQS::Queue
        """,
        """
        # The permission is for another bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:*
                    Function: !GetAtt Resize.Arn # <-
          Photos:
            Type: AWS::S3::Bucket
          Resize:
            Type: AWS::Lambda::Function
            Properties:
              Role: arn:aws:iam::111122223333:role/resize
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          ResizePermission: # <-
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Resize
              Action: lambda:InvokeFunction
              Principal: s3.amazonaws.com
              SourceArn: !GetAtt Photos.Arn
        """,
        """
        # A Deny undoes it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Ref Topic # <-
          Topic:
            Type: AWS::SNS::Topic
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sns:Publish
                    Resource: !Ref Topic
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: sns:*
                    Resource: !Ref Topic
                    Condition:
                      StringNotEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
        """,
        """
        # What a topic has by itself is for its own account, and not for S3.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Ref Topic # <-
          Topic:
            Type: AWS::SNS::Topic
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "*"}
                    Action: SNS:Publish
                    Resource: !Ref Topic
                    Condition:
                      StringEquals: {"AWS:SourceOwner": !Ref AWS::AccountId}
        """,
    ),
    unsure=(
        """
        # The queue is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !ImportValue new-orders # <-
        """,
        """
        # Whether the account is in the organization is not told.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn # <-
          Queue:
            Type: AWS::SQS::Queue
          QueuePolicy:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: [!Ref Queue]
              PolicyDocument: # <-
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sqs:SendMessage
                    Resource: !GetAtt Queue.Arn
                    Condition:
                      StringEquals: {"aws:SourceOrgID": o-a1b2c3d4e5}
        """,
    ),
)
def destination_permission(bucket: Bucket, estate: Estate) -> Verdict:
    """The destination lets S3 deliver.

    S3 brings the events itself, and the topic, the queue or the function has to let it in by a policy of its own.
    Without that S3 refuses the configuration; if the permission goes later, events are lost and nobody is told.
    """
    return each_known(bucket, estate, lambda rule, kind, target: _lets_in(rule, kind, target, bucket))


def _lets_in(rule: NotificationRule, kind: Kind, target: Target, bucket: Bucket) -> Verdict:
    at = rule.target.at
    note = f"S3 may not {ACTIONS[kind]} to {called(target)}"
    found = of_policy(
        rule,
        kind,
        target,
        bucket,
        lets_in,
        lambda one: failed(at, f"{called(one)} has no policy that lets S3 deliver to it"),
    )
    if found.status is Status.PASS or any(one.at == at for one in found.evidence):
        return found
    return found.noting(note if found.status is Status.FAIL else f"the events go to {called(target)}", at)
