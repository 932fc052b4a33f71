from s3audit.check import ALL, BUCKETS, MEDIUM, TARGETS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.notification import NotificationRule
from s3audit.model.notified import Kind, Target, called
from s3audit.policy.notifying import Door, admits_strangers
from s3audit.verdict import Severity, Status, Verdict, not_applicable, passed

from ._destinations import each_known, of_policy


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: any bucket of AWS can send events; low where aws:SourceArn alone is set, as somebody else can have a"
        " bucket of that name once yours is deleted"
    ),
    needs=(BUCKETS, TARGETS),
    about="notification",
    sources=ALL,
    peers={"checkov": ("CKV_AWS_364", "CKV_AWS_168", "CKV_AWS_169")},
    fix=Fix(
        cloudformation="""
            # In the policy of a queue or a topic it is aws:SourceAccount in the Condition of the statement.
            Permission:
              Type: AWS::Lambda::Permission
              Properties:
                FunctionName: !Ref Resize
                Action: lambda:InvokeFunction
                Principal: s3.amazonaws.com
                SourceAccount: !Ref AWS::AccountId
                SourceArn: !GetAtt Bucket.Arn
            """,
        terraform="""
            # In the policy of a queue or a topic it is aws:SourceAccount in the Condition of the statement.
            data "aws_caller_identity" "current" {}

            resource "aws_lambda_permission" "resize" {
              function_name  = aws_lambda_function.resize.function_name
              action         = "lambda:InvokeFunction"
              principal      = "s3.amazonaws.com"
              source_account = data.aws_caller_identity.current.account_id
              source_arn     = aws_s3_bucket.example.arn
            }
            """,
        cli="""
            aws lambda remove-permission --function-name FUNCTION --statement-id OLD_STATEMENT_ID
            aws lambda add-permission --function-name FUNCTION --statement-id STATEMENT_ID \\
              --action lambda:InvokeFunction --principal s3.amazonaws.com \\
              --source-arn arn:aws:s3:::BUCKET --source-account ACCOUNT_ID
            """,
        note="Add the new permission under another id before you remove the old one, and no event is lost.",
    ),
    passes=(
        """
        # The account is fixed everywhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
                LambdaConfigurations:
                  - {Event: "s3:ObjectRemoved:*", Function: !GetAtt Forget.Arn}
          Queue:
            Type: AWS::SQS::Queue
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
                      ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shop-*"}
          Forget:
            Type: AWS::Lambda::Function
            Properties:
              Role: arn:aws:iam::111122223333:role/forget
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          ForgetPermission:
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Forget
              Action: lambda:InvokeFunction
              Principal: s3.amazonaws.com
              SourceAccount: !Ref AWS::AccountId
        """,
        """
        # Nobody else can have this name: it has the account in it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-123456789012-eu-west-1-an
              BucketNamespace: account-regional
              NotificationConfiguration:
                TopicConfigurations:
                  - {Event: "s3:ObjectCreated:*", Topic: !Ref Topic}
          Topic:
            Type: AWS::SNS::Topic
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sns:Publish
                    Resource: !Ref Topic
                    Condition:
                      ArnLike: {"aws:SourceArn": !GetAtt Orders.Arn}
        """,
        """
        # A Deny keeps away whoever comes from outside the organization.
        Resources:
          Orders:
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sqs:SendMessage
                    Resource: !GetAtt Queue.Arn
                  - Effect: Deny
                    Principal: "*"
                    Action: sqs:SendMessage
                    Resource: !GetAtt Queue.Arn
                    Condition:
                      StringNotEqualsIfExists: {"aws:SourceOrgID": o-a1b2c3d4e5}
                      Bool: {"aws:PrincipalIsAWSService": "true"}
        """,
        """
        # A queue that nobody from outside may send to.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - {Event: "s3:ObjectCreated:*", Topic: !Ref Topic}
          Queue:
            Type: AWS::SQS::Queue
          Topic:
            Type: AWS::SNS::Topic
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: sns:Publish
                    Resource: !Ref Topic
                    Condition:
                      StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
        """,
    ),
    fails=(
        """
        # S3 may call the function for whomever.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                LambdaConfigurations:
                  - {Event: "s3:ObjectCreated:*", Function: !GetAtt Resize.Arn}
          Resize:
            Type: AWS::Lambda::Function
            Properties:
              Role: arn:aws:iam::111122223333:role/resize
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          Permission: # <-
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Resize
              Action: lambda:InvokeFunction
              Principal: s3.amazonaws.com
        """,
        """
        # Everybody can have a bucket with a name like this.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: sqs:SendMessage
                    Resource: !GetAtt Queue.Arn
                    Condition:
                      ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shop-*"}
        """,
        """
        # Somebody else can have this name once the bucket is gone.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                TopicConfigurations:
                  - {Event: "s3:ObjectCreated:*", Topic: !Ref Topic}
          Topic:
            Type: AWS::SNS::Topic
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: s3.amazonaws.com}
                    Action: sns:Publish
                    Resource: !Ref Topic
                    Condition:
                      ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shop-orders"}
        """,
    ),
    unsure=(
        """
        # For which buckets is for whoever deploys it to say.
        Parameters:
          Buckets: {Type: String}
        Resources:
          Orders:
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
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sqs:SendMessage
                    Resource: !GetAtt Queue.Arn
                    Condition:
                      ArnLike: {"aws:SourceArn": !Ref Buckets}
        """,
    ),
)
def destination_confused_deputy(bucket: Bucket, estate: Estate) -> Verdict:
    """The destination admits only this bucket of this account.

    S3 works for everybody. Where nothing says for which account it may come, anybody can set up a bucket whose events
    go to your function or queue, and yours will take them for its own.
    """
    return each_known(bucket, estate, lambda rule, kind, target: _admits(rule, kind, target, bucket))


def _admits(rule: NotificationRule, kind: Kind, target: Target, bucket: Bucket) -> Verdict:
    def none(one: Target) -> Verdict:
        return not_applicable(rule.target.at, f"{called(one)} has no statement that lets S3 in")

    def judged(door: Door) -> Verdict:
        found = admits_strangers(door)
        if found is None:
            return none(target)
        is_by_name = found.severity is Severity.LOW
        return found | _is_its_own(bucket, rule) if is_by_name and found.status is Status.FAIL else found

    return of_policy(rule, kind, target, bucket, judged, none)


def _is_its_own(bucket: Bucket, rule: NotificationRule) -> Verdict:
    """Whether nobody else can ever have a bucket of its name."""
    found = bucket.namespace.is_in("account-regional", what="the namespace")
    if found.status is Status.PASS:
        return passed(rule.target.at, "nobody else can have a bucket of this name")
    return found if found.status is Status.UNKNOWN else Verdict(Status.FAIL)
