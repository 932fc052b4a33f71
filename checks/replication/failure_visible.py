from collections.abc import Iterator

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.replication import ReplicationRule
from s3audit.setting import Known, Listed, Unset
from s3audit.verdict import Status, Verdict

from ._intent import for_recovery
from ._rules import of_every_rule

_EVENTS = ("s3:Replication:*", "s3:Replication:OperationFailedReplication")


@check(
    severity=LOW,
    severity_rule=(
        "low: it shows a failure and prevents none; medium for a bucket that is said to have to be elsewhere too"
    ),
    needs=(BUCKETS,),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            ReplicationConfiguration:
              Rules:
                - Status: Enabled
                  Priority: 1
                  Filter: {Prefix: ""}
                  DeleteMarkerReplication: {Status: Disabled}
                  Destination:
                    Bucket: !GetAtt Copy.Arn
                    Metrics: {Status: Enabled}
            """,
        terraform="""
            resource "aws_s3_bucket_replication_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              role   = aws_iam_role.example.arn
              rule {
                status   = "Enabled"
                priority = 1
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket = aws_s3_bucket.copy.arn
                  metrics {
                    status = "Enabled"
                  }
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration \\
              '{"Role": "ROLE_ARN", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {"Bucket": "DESTINATION_ARN", "Metrics": {"Status": "Enabled"}}}]}'
            """,
        note="A notification for s3:Replication:OperationFailedReplication then tells each object that failed.",
    ),
    passes=(
        """
        # One rule has metrics, the other one a time to keep, which comes with metrics.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: orders/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy", Metrics: {Status: Enabled}}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination:
                      Bucket: arn:aws:s3:::shop-copy
                      ReplicationTime: {Status: Enabled, Time: {Minutes: 15}}
                      Metrics: {Status: Enabled, EventThreshold: {Minutes: 15}}
                  - Status: Disabled
                    Priority: 3
                    Filter: {Prefix: old/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
    ),
    fails=(
        """
        # Low: nothing counts what fails.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination: # <-
                      Bucket: !GetAtt Copy.Arn
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # Medium: S3 sends this event for rules with metrics only, and one rule has none.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:Replication:OperationFailedReplication # <-
                    Queue: arn:aws:sqs:eu-west-1:111122223333:failures
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: orders/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy", Metrics: {Status: Enabled}}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: # <-
                      Bucket: arn:aws:s3:::shop-copy
                      Metrics: {Status: Disabled} # <-
        """,
    ),
    unsure=(
        """
        # Whether there are metrics is for whoever deploys it.
        Parameters:
          Metrics: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: arn:aws:s3:::shop-copy
                      Metrics: {Status: !Ref Metrics} # <-
        """,
    ),
)
def failure_visible(bucket: Bucket, estate: Estate) -> Verdict:
    """Replication failures raise events or metrics.

    An object that can't be copied only gets another word in its own replication status. Without metrics a rule
    may fail for months, with every single object, and nothing shows it.
    """
    found = of_every_rule(bucket, _is_counted)
    if found.status is not Status.FAIL:
        return found
    for rule in _in_vain(bucket):
        found = found.noting("S3 sends these events for rules with metrics only", rule.events.at)
    return found.at_severity(MEDIUM) if for_recovery(bucket, estate).status is Status.PASS else found


def _is_counted(rule: ReplicationRule) -> Verdict:
    to = rule.destination
    return to.metrics.is_in("Enabled", what="Metrics") | to.replication_time.is_in(
        "Enabled", what="ReplicationTime"
    )


def _in_vain(bucket: Bucket) -> Iterator[NotificationRule]:
    """The notifications that somebody relies on."""
    match bucket.notification:
        case Known(Notification() as found) | Unset(Notification() as found):
            for those in (found.topics, found.queues, found.functions):
                yield from (rule for rule in _each(those) if _asks_for_failures(rule))
        case _:
            return


def _each(listed: Listed[NotificationRule]) -> Iterator[NotificationRule]:
    match listed:
        case Known(items) | Unset(items):
            yield from (item.value for item in items if isinstance(item, Known))
        case _:
            return


def _asks_for_failures(rule: NotificationRule) -> bool:
    match rule.events:
        case Known(events) | Unset(events):
            return any(isinstance(event, Known) and event.value in _EVENTS for event in events)
        case _:
            return False
