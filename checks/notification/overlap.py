from itertools import combinations

from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.notified import ALL_KINDS, NO_EVENTS, rules_for
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.verdict import Evidence, Status, Verdict, every, not_applicable, passed, unknown, verdict

from ._events import share_events, share_keys


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses the whole configuration",
    needs=(BUCKETS,),
    about="notification",
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # Several destinations for one event hang on one topic, or on EventBridge.
            NotificationConfiguration:
              LambdaConfigurations: !Ref AWS::NoValue
              QueueConfigurations:
                - Event: s3:ObjectCreated:*
                  Queue: !GetAtt Queue.Arn
                  Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
                - Event: s3:ObjectCreated:*
                  Queue: !GetAtt Queue.Arn
                  Filter: {S3Key: {Rules: [{Name: prefix, Value: out/}]}}
            """,
        terraform="""
            # Several destinations for one event hang on one topic, or on EventBridge.
            resource "aws_s3_bucket_notification" "example" {
              bucket = aws_s3_bucket.example.id
              queue {
                queue_arn     = aws_sqs_queue.queue.arn
                events        = ["s3:ObjectCreated:*"]
                filter_prefix = "in/"
              }
              queue {
                queue_arn     = aws_sqs_queue.queue.arn
                events        = ["s3:ObjectCreated:*"]
                filter_prefix = "out/"
              }
            }
            """,
    ),
    passes=(
        """
        # Other events, other prefixes, other suffixes.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .jpg}]}}
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .png}]}}
                  - Event: s3:ObjectCreated:Put
                    Queue: !GetAtt Queue.Arn
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: out/}]}}
                  - Event: s3:ObjectRemoved:*
                    Queue: !GetAtt Queue.Arn
          Queue:
            Type: AWS::SQS::Queue
        """,
        """
        # There is one only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
                  - {Event: "s3:ObjectRemoved:*", Queue: !GetAtt Queue.Arn}
          Queue:
            Type: AWS::SQS::Queue
        """,
    ),
    fails=(
        """
        # A queue and a function want the same events.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:* # <-
                    Queue: !GetAtt Queue.Arn
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:Put # <-
                    Function: !ImportValue resize
          Queue:
            Type: AWS::SQS::Queue
        """,
        """
        # One prefix begins with the other, and one suffix ends with the other.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:* # <-
                    Topic: !Ref Topic
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: jpg}]}}
                  - Event: s3:ObjectCreated:* # <-
                    Topic: !Ref Topic
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: in/new/}, {Name: suffix, Value: .jpg}]}}
          Topic:
            Type: AWS::SNS::Topic
        """,
    ),
    unsure=(
        """
        # Below which prefix is for whoever deploys it to say.
        Parameters:
          Prefix: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn
                    Filter:
                      S3Key:
                        Rules:
                          - Name: prefix
                            Value: !Ref Prefix # <-
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: out/}]}}
          Queue:
            Type: AWS::SQS::Queue
        """,
    ),
)
def overlap(bucket: Bucket) -> Verdict:
    """Notification rules do not overlap.

    S3 tells one destination of each event. Where two notifications fit the same event of the same key, it refuses the
    whole configuration, and the deployment fails.
    """
    return when_set(bucket.notification, _judged, NO_EVENTS)


def _judged(notification: Notification) -> Verdict:
    found: list[NotificationRule] = []
    gaps: list[Verdict] = []
    for kind in ALL_KINDS:
        match rules_for(notification, kind):
            case Unknown(why, at):
                gaps.append(unknown(at if at.source else notification.at, why))
            case Known(items) | Unset(items):
                for item in items:
                    match item:
                        case Unknown(why, at):
                            gaps.append(unknown(at if at.source else notification.at, why))
                        case Known(rule) | Unset(rule):
                            found.append(rule)
    if len(found) + len(gaps) < 2 and not _may_be_many(notification):
        return not_applicable(notification.at, "it has no two notifications")
    apart = every(_are_apart(one, other) for one, other in combinations(found, 2))
    whole = every((apart, *gaps))
    return whole if whole.evidence else passed(notification.at, "no two notifications fit the same event")


def _may_be_many(notification: Notification) -> bool:
    """Whether a list of them is not known as a whole."""
    return any(isinstance(rules_for(notification, kind), Unknown) for kind in ALL_KINDS)


def _are_apart(one: NotificationRule, other: NotificationRule) -> Verdict:
    shared = share_events(one, other)
    if shared.status is Status.FAIL:
        return Verdict(Status.PASS)
    both = shared & share_keys(one, other)
    if both.status is not Status.PASS:
        return Verdict(Status.PASS) if both.status is Status.FAIL else both
    note = "another notification is for the same events and keys"
    return verdict(Status.FAIL, *(Evidence(rule.events.at, note) for rule in (one, other)))
