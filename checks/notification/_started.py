"""The functions that the events of a bucket start: directly, or through a topic or a queue."""

from collections.abc import Iterator

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.notified import ALL_KINDS, destination_of, rules_for, target_of
from s3audit.model.target import Function, Queue, Subscription, Topic
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status

Started = tuple[NotificationRule | None, Function | Unknown]
"""A rule, and what it starts; no rule where even that is not known."""


def started(notification: Notification, bucket: Bucket, estate: Estate) -> Iterator[Started]:
    for kind in ALL_KINDS:
        listed = rules_for(notification, kind)
        if isinstance(listed, Unknown):
            yield None, listed
            continue
        for item in listed.value if isinstance(listed, Known) else listed.default:
            if isinstance(item, Unknown):
                yield None, item
                continue
            rule = item.value if isinstance(item, Known) else item.default
            if kind is Function:
                found = _one(destination_of(rule, kind, bucket, estate))
                each = iter(()) if found is None else iter((found,))
            elif kind is Queue:
                each = _of_queue(rule.target, bucket, estate)
            else:
                each = _of_topic(rule, bucket, estate)
            for one in each:
                yield rule, one


def _one(found: "Setting[Topic | Queue | Function | None]") -> Function | Unknown | None:
    match found:
        case Unknown():
            return found
        case Known(one) | Unset(one):
            return one if isinstance(one, Function) else None


def _of_topic(rule: NotificationRule, bucket: Bucket, estate: Estate) -> Iterator[Function | Unknown]:
    """What is told through a topic of the input; of others nobody knows whom they tell."""
    found = target_of(rule.target, Topic, bucket, estate)
    if isinstance(found, Unknown):
        yield found
        return
    topic = None if found is None else found.value if isinstance(found, Known) else found.default
    if not isinstance(topic, Topic):
        return
    if isinstance(topic.subscriptions, Unknown):
        yield topic.subscriptions
        return
    listed = topic.subscriptions
    for item in listed.value if isinstance(listed, Known) else listed.default:
        if isinstance(item, Unknown):
            yield item
        else:
            yield from _of_subscription(
                item.value if isinstance(item, Known) else item.default, bucket, estate
            )


def _of_subscription(one: Subscription, bucket: Bucket, estate: Estate) -> Iterator[Function | Unknown]:
    match one.protocol:
        case Unknown() as gap:
            yield gap
        case Known("lambda") | Unset("lambda"):
            found = target_of(one.endpoint, Function, bucket, estate)
            function = None if found is None else _one(found)
            if function is not None:
                yield function
        case Known("sqs") | Unset("sqs"):
            yield from _of_queue(one.endpoint, bucket, estate)
        case _:
            pass


def _of_queue(
    named: Setting[Text] | Setting[Text | None], bucket: Bucket, estate: Estate
) -> Iterator[Function | Unknown]:
    match named:
        case Unknown():
            yield named
        case Known(arn) | Unset(arn):
            if arn is None:
                return
            found = target_of(named, Queue, bucket, estate)
            queue = found.value if isinstance(found, Known) else None
            for source, address in estate.once(_fed):
                if isinstance(source, Unknown):
                    yield source
                elif _is_queue(source, arn, queue, bucket, estate):
                    function = estate.at(address, Function)
                    if function is not None:
                        yield function


def _is_queue(
    source: Text, arn: Text, queue: Topic | Queue | Function | None, bucket: Bucket, estate: Estate
) -> bool:
    if same(source, arn) is Status.PASS:
        return True
    found = target_of(Known(source, bucket.at), Queue, bucket, estate)
    one = found.value if isinstance(found, Known) else None
    return one is not None and queue is not None and one.address == queue.address


def _fed(estate: Estate) -> list[tuple[Text | Unknown, str]]:
    """What feeds each function."""
    found: list[tuple[Text | Unknown, str]] = []
    for function in estate.all(Function):
        listed = function.event_sources
        if isinstance(listed, Unknown):
            found.append((listed, function.address))
            continue
        for item in listed.value if isinstance(listed, Known) else listed.default:
            match item:
                case Unknown():
                    found.append((item, function.address))
                case Known(source) | Unset(source):
                    found.append((source, function.address))
    return found
