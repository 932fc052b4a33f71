from s3audit.check import ALL, BUCKETS, MEDIUM, TARGETS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import arn_parts, is_deploying_region
from s3audit.model.notification import NotificationRule
from s3audit.model.notified import Kind, Target, called, destination_of, every_destination
from s3audit.model.target import Function
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status, Verdict, failed, passed, unknown


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses the configuration, or the events are lost",
    needs=(BUCKETS, TARGETS),
    about="notification",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # A standard queue of the same Region; EventBridge is another way.
            Queue:
              Type: AWS::SQS::Queue
              Properties:
                SqsManagedSseEnabled: true
            """,
        terraform="""
            # A standard queue of the same Region; EventBridge is another way.
            resource "aws_sqs_queue" "queue" {
              fifo_queue              = false
              sqs_managed_sse_enabled = true
            }
            """,
        cli="""
            # This replaces all notifications that the bucket has.
            aws s3api put-bucket-notification-configuration --bucket BUCKET \\
              --notification-configuration file://notification.json
            """,
        note="A FIFO queue or topic can't be made a standard one: it has to be replaced.",
    ),
    passes=(
        """
        # A standard queue of the stack, and a function of the same Region.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
                LambdaConfigurations:
                  - Event: s3:ObjectRemoved:*
                    Function: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:forget
          Queue:
            Type: AWS::SQS::Queue
          Forget:
            Type: AWS::Lambda::Function
            Properties:
              FunctionName: forget
              Role: arn:aws:iam::111122223333:role/forget
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
        """,
        """
        # EventBridge is always there.
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
        # S3 delivers to no FIFO queue.
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
            Properties:
              FifoQueue: true
        """,
        """
        # Nor to a FIFO topic, as the end of its name tells.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Sub arn:aws:sns:${AWS::Region}:111122223333:new-orders.fifo # <-
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
        # Whether it is a FIFO queue is for whoever deploys it to say.
        Parameters:
          IsOrdered: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              FifoQueue: !Ref IsOrdered # <-
        """,
    ),
)
def destination_type(bucket: Bucket, estate: Estate) -> Verdict:
    """Destinations are of a supported type, in the same Region, and exist.

    S3 delivers to standard queues and topics and to functions in the Region of the bucket. It refuses anything else;
    if the queue is deleted later, events are lost and nobody is told.
    """
    return every_destination(bucket, lambda rule, kind: _is_fit(rule, kind, bucket, estate))


def _is_fit(rule: NotificationRule, kind: Kind, bucket: Bucket, estate: Estate) -> Verdict:
    match rule.target:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(arn, at) | Unset(arn, at):
            found = destination_of(rule, kind, bucket, estate)
            by_name = _is_standard_by_name(arn, rule) & _is_near(arn, rule, bucket)
            if isinstance(found, Unknown):
                return by_name & unknown(at, found.why)
            target = found.value if isinstance(found, Known) else found.default
            if target is None:
                return failed(at, f"{arn} does not exist")
            return by_name & _is_standard(target, rule) & _is_of_its_region(target, rule, bucket)


def _is_standard_by_name(arn: Text, rule: NotificationRule) -> Verdict:
    """The names of FIFO queues and topics have this end, and no others have."""
    if arn.ends_with(".fifo") is Status.PASS:
        return failed(rule.target.at, f"{arn} is FIFO, and S3 delivers to none")
    return Verdict(Status.PASS)


def _is_near(arn: Text, rule: NotificationRule, bucket: Bucket) -> Verdict:
    parts = arn_parts(arn)
    if parts is None:
        return Verdict(Status.PASS)
    return _is_same(parts[2], bucket.region, rule)


def _is_same(region: Text, own: Setting[Text], rule: NotificationRule) -> Verdict:
    match region.parts, own:
        case ((Opaque(resource="", origin=origin),), _) if is_deploying_region(origin):
            return Verdict(Status.PASS)
        case _, Known(told) | Unset(told):
            match same(region, told):
                case Status.FAIL:
                    return failed(rule.target.at, f"it is in {region}, and the bucket is in {told}")
                case Status.PASS:
                    return Verdict(Status.PASS)
                case _:
                    return unknown(
                        rule.target.at, f"whether {region} is the Region of the bucket is not known"
                    )
        case _:
            return unknown(rule.target.at, "in which Region the bucket is is not known")


def _is_standard(target: Target, rule: NotificationRule) -> Verdict:
    if isinstance(target, Function):
        return passed(rule.target.at, f"{called(target)} is a function")
    fifo = target.fifo.is_in(True, what="FIFO")
    match fifo.status:
        case Status.PASS:
            return failed(
                rule.target.at,
                f"{called(target)} is FIFO, and S3 delivers to standard queues and topics only",
            )
        case Status.FAIL:
            return passed(rule.target.at, f"{called(target)} is a standard one")
        case _:
            return fifo


def _is_of_its_region(target: Target, rule: NotificationRule, bucket: Bucket) -> Verdict:
    """A stack is in one Region; a module may have several."""
    match target.region, bucket.region:
        case ((Known(region) | Unset(region)), (Known() | Unset())) if target.origin != "cloudformation":
            return _is_same(region, bucket.region, rule)
        case _:
            return Verdict(Status.PASS)
