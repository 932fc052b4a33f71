"""The events of SAM's functions: what they add to buckets, topics and queues, and to the function itself."""

from s3audit.collectors.cloudformation.produced import scalar, sequence, undecided
from s3audit.collectors.cloudformation.sam_nodes import (
    Rewriting,
    get_att,
    like,
    mapping,
    plain,
    ref,
    referred,
)
from s3audit.collectors.cloudformation.template import ResourceNode
from s3audit.collectors.documents.policy import head
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence, is_null, location, truth
from s3audit.problem import Problem

_BUCKET = "AWS::S3::Bucket"
_PERMISSION = "AWS::Lambda::Permission"

_FED_BY = {
    "DocumentDB": "Cluster",
    "DynamoDB": "Stream",
    "Kinesis": "Stream",
    "MQ": "Broker",
    "MSK": "Stream",
    "SQS": "Queue",
}
"""Event types that Lambda polls, and the property that names what it polls."""
_POLLED_OR_BY_ROLE = frozenset({"ScheduleV2", "SelfManagedKafka"})
"""Event types that give nobody the right to invoke the function, and name no ARN."""

_CANNOT = "SAM adds events to what stands here, and can't"


class Events:
    """Collects the events of all functions; buckets are changed at the end, once each."""

    def __init__(self, rewriting: Rewriting) -> None:
        self.rewriting = rewriting
        self.template = rewriting.template
        self._notified: dict[str, list[Node]] = {}
        self._is_open = False

    def add(self, function: ResourceNode, properties: Mapping | None) -> None:
        """The events of one function."""
        events = undecided(function.key, "") if properties is None else properties.get("Events")
        if events is None or is_null(events):
            return
        known = plain(events)
        if known is None:
            self._anywhere(events, f"which events {function.logical_id} has can't be told")
            return
        target = _target(function, properties)
        for name, entry in known.entries.items():
            self._event(function, f"{function.logical_id}{name}", entry, target)

    def finish(self) -> None:
        """Write the notifications into the buckets."""
        for name, configurations in self._notified.items():
            bucket = self.template.resources[name]
            self.rewriting.change(bucket, _BUCKET, _notifying(bucket, configurations))

    def _event(self, function: ResourceNode, name: str, entry: Entry, target: Node) -> None:
        event = plain(entry.value)
        kind = None if event is None else event.get("Type")
        properties = (plain(event.get("Properties")) if event is not None else None) or mapping(entry.key, {})
        if not isinstance(kind, Scalar) or kind.tag:
            self._anywhere(entry.key, f"of which type the event {name} is can't be told")
        elif kind.value == "S3":
            self._notification(function, name, entry, properties, target)
        elif kind.value == "SNS":
            self._subscription(function, name, entry, properties, target)
        elif kind.value in _FED_BY:
            self._feed(function, name, entry, properties.get(_FED_BY[kind.value]))
        elif kind.value not in _POLLED_OR_BY_ROLE:
            who = undecided(entry.key, f"whom the event {name} allows to invoke it is not written out")
            self._permission(
                function, name, entry, {"Principal": who, "SourceArn": who, "SourceAccount": who}
            )

    def _anywhere(self, at: Node, why: str) -> None:
        """Something that may be a notification of any bucket; the first of these is enough."""
        if self._is_open:
            return
        self._is_open = True
        for name, resource in self.template.resources.items():
            if resource.type == _BUCKET:
                self._notified.setdefault(name, []).append(undecided(head(at), why))

    def _notification(
        self, function: ResourceNode, name: str, entry: Entry, properties: Mapping, target: Node
    ) -> None:
        at = entry.key
        bucket = referred(properties.get("Bucket"))
        resource = None if bucket is None else self.template.resources.get(bucket)
        if resource is None or resource.type != _BUCKET:
            said = f"The S3 event {name} names no bucket; SAM takes a Ref to a bucket of the same template."
            where = location(head(properties.get("Bucket") or at), self.template.source, function.address)
            self.rewriting.problems.append(Problem(where, "partial", said))
            self._anywhere(at, f"which bucket the event {name} is about can't be told")
            return
        events = properties.get("Events")
        kinds: list[Node] = [undecided(at, f"which events {name} is about can't be told")]
        if isinstance(events, Sequence) and not events.tag:
            kinds = events.items
        elif isinstance(events, Scalar):
            kinds = [events]
        for kind in kinds:
            configuration: dict[str, Node] = {"Event": kind, "Function": target}
            if (chosen := properties.get("Filter")) is not None:
                configuration["Filter"] = chosen
            found = mapping(at, configuration)
            self._notified.setdefault(resource.logical_id, []).append(_under(function.condition, found))
        account = {"Principal": scalar(at, "s3.amazonaws.com"), "SourceAccount": ref(at, "AWS::AccountId")}
        self._permission(function, name, entry, account)

    def _permission(self, function: ResourceNode, name: str, entry: Entry, who: dict[str, Node]) -> None:
        at = entry.key
        what = {"Action": scalar(at, "lambda:InvokeFunction"), "FunctionName": ref(at, function.logical_id)}
        self.rewriting.make(function, f"{name}Permission", _PERMISSION, mapping(at, {**what, **who}))

    def _feed(self, function: ResourceNode, name: str, entry: Entry, source: Node | None) -> None:
        at = entry.key
        arn = source or undecided(at, f"what feeds the event {name} is not written")
        body = {"FunctionName": ref(at, function.logical_id), "EventSourceArn": arn}
        self.rewriting.make(function, name, "AWS::Lambda::EventSourceMapping", mapping(at, body))

    def _subscription(
        self, function: ResourceNode, name: str, entry: Entry, properties: Mapping, target: Node
    ) -> None:
        """A subscription of the function, or of a queue that feeds it."""
        at = entry.key
        topic = properties.get("Topic") or undecided(at, f"which topic {name} is about is not written")
        body = {"TopicArn": topic, "Protocol": scalar(at, "lambda"), "Endpoint": target}
        queue = properties.get("SqsSubscription")
        if queue is None or truth(queue) is False:
            who = {"Principal": scalar(at, "sns.amazonaws.com"), "SourceArn": topic}
            self._permission(function, name, entry, who)
        else:
            written = plain(queue)
            own = undecided(at, f"the queue that SAM makes for {name} is not written out")
            arn = (written and written.get("QueueArn")) or own
            body |= {"Protocol": scalar(at, "sqs"), "Endpoint": arn}
            self._feed(function, f"{name}EventSourceMapping", entry, arn)
            why = f"the policy that SAM adds for {name} is not written out"
            queues = (written and written.get("QueueUrl")) or own
            policy = mapping(at, {"Queues": sequence(at, [queues]), "PolicyDocument": undecided(at, why)})
            self.rewriting.make(function, f"{name}QueuePolicy", "AWS::SQS::QueuePolicy", policy)
        self.rewriting.make(function, name, "AWS::SNS::Subscription", mapping(at, body))


def _target(function: ResourceNode, properties: Mapping | None) -> Node:
    """The ARN that the events of a function go to: its own, or that of the alias which SAM publishes."""
    at = function.key
    arn = get_att(at, function.logical_id, "Arn")
    alias = None if properties is None else properties.get("AutoPublishAlias")
    if alias is None:
        return arn
    parts = sequence(at, [scalar(at, ""), sequence(at, [arn, scalar(at, ":"), alias])])
    return mapping(at, {"Fn::Join": parts})


def _under(condition: Node | None, value: Node) -> Node:
    """A value that is there where a condition holds."""
    if condition is None:
        return value
    return mapping(value, {"Fn::If": sequence(value, [condition, value, ref(value, "AWS::NoValue")])})


def _notifying(bucket: ResourceNode, configurations: list[Node]) -> Node:
    """The properties of a bucket with more notifications of functions."""
    at = bucket.key
    if bucket.properties is None:
        return mapping(at, {"NotificationConfiguration": _configured(at, configurations)})
    properties = plain(bucket.properties)
    if properties is None:  # SAM refuses it
        return bucket.properties
    entry = properties.entries.get("NotificationConfiguration")
    if entry is None:
        added = Entry(scalar(at, "NotificationConfiguration"), _configured(at, configurations))
    else:
        added = Entry(entry.key, _joined(entry, configurations))
    return like(properties, {**properties.entries, "NotificationConfiguration": added})


def _configured(at: Node, configurations: list[Node]) -> Mapping:
    return mapping(at, {"LambdaConfigurations": sequence(at, configurations)})


def _joined(written: Entry, configurations: list[Node]) -> Node:
    """A NotificationConfiguration with more notifications of functions."""
    known = plain(written.value)
    if known is None:
        return undecided(written.key, _CANNOT)
    entry = known.entries.get("LambdaConfigurations")
    if entry is None:
        added = _configured(configurations[0], configurations).entries["LambdaConfigurations"]
    elif isinstance(entry.value, Sequence) and not entry.value.tag:
        added = Entry(entry.key, sequence(entry.value, [*entry.value.items, *configurations]))
    else:
        added = Entry(entry.key, undecided(entry.key, _CANNOT))
    return like(known, {**known.entries, "LambdaConfigurations": added})
