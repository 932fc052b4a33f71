from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import trusted
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import arn_parts, is_deploying_account
from s3audit.model.notification import NotificationRule
from s3audit.model.notified import every_destination
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown


@check(
    severity=MEDIUM,
    severity_rule="medium: the keys of objects tell strangers what is stored, and when",
    needs=(BUCKETS,),
    about="notification",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            NotificationConfiguration:
              QueueConfigurations:
                - Event: s3:ObjectCreated:*
                  Queue: !Sub arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:new-orders
            """,
        terraform="""
            resource "aws_sqs_queue" "orders" {
              name = "new-orders"
            }

            resource "aws_s3_bucket_notification" "example" {
              bucket = aws_s3_bucket.example.id
              queue {
                queue_arn = aws_sqs_queue.orders.arn
                events    = ["s3:ObjectCreated:*"]
              }
            }
            """,
        cli="""
            # This replaces all notifications that the bucket has.
            aws s3api put-bucket-notification-configuration --bucket BUCKET \\
              --notification-configuration file://notification.json
            """,
        note="If the account is one of yours, name it in trusted_accounts instead.",
    ),
    passes=(
        """
        # Its own account, and one that is on the list.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn
                  - Event: s3:ObjectRestore:*
                    Queue: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:restored
                TopicConfigurations:
                  - Event: s3:ObjectRemoved:*
                    Topic: !Sub arn:aws:sns:${AWS::Region}:111122223333:removed
          Queue:
            Type: AWS::SQS::Queue
        """,
        """
        # EventBridge is that of its own account.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
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
                TopicConfigurations:
                  - {Event: "s3:ObjectCreated:*", Topic: !Ref Topic}
          Topic:
            Type: AWS::SNS::Topic
        """,
    ),
    fails=(
        """
        # An account that nobody knows is told of each new object.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !Sub arn:aws:sqs:${AWS::Region}:444455556666:new-orders # <-
        """,
        """
        # One of several.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:*
                    Function: !Sub arn:aws:lambda:${AWS::Region}:111122223333:function:index
                  - Event: s3:ObjectRemoved:*
                    Function: !Sub arn:aws:lambda:${AWS::Region}:444455556666:function:forget # <-
        """,
    ),
    unsure=(
        """
        # Whose queue it is, is for whoever deploys it to say.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        Parameters:
          Queue: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !Ref Queue # <-
        """,
    ),
)
def destination_untrusted(bucket: Bucket, estate: Estate) -> Verdict:
    """Events go only to trusted accounts.

    Each event has the key of an object in it, and often that tells enough: who your customers are, and what they buy.
    A destination in an account that nobody knows gets all of it. It is asked once the configuration says which
    accounts to trust.
    """
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown):
        gap = unknown(trust.at, trust.why)
        return every_destination(bucket, lambda *_: gap)
    accounts = trust.accounts
    if accounts is None:
        return not_applicable(bucket.at, "nobody said which accounts to trust")
    return every_destination(bucket, lambda rule, _: _is_trusted(rule, bucket, accounts))


def _is_trusted(rule: NotificationRule, bucket: Bucket, accounts: frozenset[str]) -> Verdict:
    match rule.target:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(arn, at) | Unset(arn, at):
            account = _account_of(arn)
            if account is None:
                return passed(at, f"{arn} is declared beside it")
            match _is_one_of(account, bucket, accounts):
                case Status.PASS:
                    return passed(at, f"the events go to the account {account}")
                case Status.FAIL:
                    return failed(at, f"the events go to the account {account}, which nobody trusts")
                case _:
                    return unknown(at, f"to which account {arn} belongs is not known")


def _account_of(arn: Text) -> Text | None:
    """None for what is declared in the same input: of that the account is its own."""
    parts = arn_parts(arn)
    if parts is not None:
        return parts[3]
    first = arn.parts[0] if arn.parts else ""
    return None if isinstance(first, Opaque) and first.resource else arn


def _is_one_of(account: Text, bucket: Bucket, accounts: frozenset[str]) -> Status:
    match account.parts:
        case (Opaque(resource="", origin=origin),) if is_deploying_account(origin):
            return Status.PASS
        case _:
            pass
    found = [same(account, text(one)) for one in sorted(accounts)]
    match bucket.account:
        case Known(own) | Unset(own):
            # Where nobody tells its own account, one that is not on the list counts as a stranger's.
            is_told = own.literal is not None or account.literal is None
            found.append(same(account, own) if is_told else Status.FAIL)
        case Unknown():
            found.append(Status.UNKNOWN)
    return next((one for one in (Status.PASS, Status.UNKNOWN) if one in found), Status.FAIL)
