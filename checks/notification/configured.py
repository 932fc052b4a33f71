from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.notification import Notification
from s3audit.model.notified import ALL_KINDS, rules_for
from s3audit.setting import Known, Unknown, Unset, some_of, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, some, unknown


@check(
    severity=INFO,
    severity_rule="info: which events somebody needs is for the application to say",
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "checkov": ("CKV2_AWS_62",),
        "prowler": ("s3_bucket_event_notifications_enabled",),
        "config": ("s3-event-notifications-enabled",),
        "securityhub": ("S3.11",),
        "custodian": ("bucket-notification",),
        "steampipe": ("s3_bucket_event_notifications_enabled",),
    },
    fix=Fix(
        cloudformation="""
            NotificationConfiguration:
              EventBridgeConfiguration:
                EventBridgeEnabled: true
            """,
        terraform="""
            resource "aws_s3_bucket_notification" "example" {
              bucket      = aws_s3_bucket.example.id
              eventbridge = true
            }
            """,
        cli="""
            # This replaces all notifications that the bucket has.
            aws s3api put-bucket-notification-configuration --bucket BUCKET \\
              --notification-configuration '{"EventBridgeConfiguration": {}}'
            """,
    ),
    passes=(
        """
        # EventBridge gets all events.
        #: [[expect]]
        #: name = "shop-orders"
        #: notified = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                EventBridgeConfiguration: {EventBridgeEnabled: true}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # A queue is told of new objects.
        #: [[expect]]
        #: name = "shop-orders"
        #: notified = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn
          Queue:
            Type: AWS::SQS::Queue
        """,
        """
        # Nobody said that its events are wanted.
        #: [[expect]]
        #: name = "shop-orders"
        #: notified = true
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Ref Topic
          Topic:
            Type: AWS::SNS::Topic
        """,
    ),
    fails=(
        """
        # Nobody is told anything.
        #: [[expect]]
        #: name = "shop-orders"
        #: notified = true
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # A notification that names nobody.
        #: [[expect]]
        #: name = "shop-orders"
        #: notified = true
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }

        resource "aws_s3_bucket_notification" "orders" { # <-
          bucket = aws_s3_bucket.orders.id
        }
        """,
    ),
    unsure=(
        """
        # Whether EventBridge gets them is for another stack to say.
        #: [[expect]]
        #: name = "shop-orders"
        #: notified = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                EventBridgeConfiguration:
                  EventBridgeEnabled: !ImportValue shop-events # <-
        """,
    ),
)
def configured(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets that need it emit events.

    Somebody counts on being told of what happens in this bucket. Without a topic, a queue, a function or EventBridge
    objects come and go, and whoever waits for them waits for ever.
    """
    match said(bucket, estate, lambda one: one.notified):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(True) | Unset(True):
            none = failed(bucket.notification.at, "it tells nobody of its events")
            return when_set(bucket.notification, _tells_somebody, none)
        case _:
            return not_applicable(bucket.at, "nobody said that its events are wanted")


def _tells_somebody(notification: Notification) -> Verdict:
    bridge = notification.event_bridge.is_in(True, what="EventBridge")
    rules = (
        some_of(rules_for(notification, kind), lambda rule: passed(rule.at, "somebody is told of its events"))
        for kind in ALL_KINDS
    )
    found = some((bridge, *rules))
    if found.status is Status.FAIL:
        return failed(notification.at, "it names no topic, queue or function, and EventBridge is off")
    return found
