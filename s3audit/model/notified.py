"""What the events of a bucket go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lookup import Named
from s3audit.model.names import arn_parts, is_deploying_account, is_deploying_region
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.target import Function, Queue, Topic
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, when_set
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status, Verdict, every, not_applicable

Target: TypeAlias = Topic | Queue | Function
Kind: TypeAlias = type[Topic] | type[Queue] | type[Function]

ALL_KINDS: tuple[Kind, ...] = (Topic, Queue, Function)
SERVICES: dict[Kind, str] = {Topic: "sns", Queue: "sqs", Function: "lambda"}
NO_EVENTS = "it tells nobody of its events"
_FUNCTION = "function:"
_NONE = Verdict(Status.NOT_APPLICABLE)


def rules_for(notification: Notification, kind: Kind) -> Listed[NotificationRule]:
    if kind is Topic:
        return notification.topics
    return notification.queues if kind is Queue else notification.functions


def every_destination(
    bucket: Bucket,
    judge: Callable[[NotificationRule, Kind], Verdict],
    kinds: Sequence[Kind] = ALL_KINDS,
    none: str = "it tells no topic, queue or function of its events",
) -> Verdict:
    """The judgement of each destination; where there is none the question does not arise."""

    def judged(notification: Notification) -> Verdict:
        found = every(
            every_of(rules_for(notification, kind), lambda rule, kind=kind: judge(rule, kind), _NONE)  # type: ignore[misc]
            for kind in kinds
        )
        is_none = found.status is Status.NOT_APPLICABLE and not found.evidence
        return not_applicable(notification.at, none) if is_none else found

    return when_set(bucket.notification, judged, NO_EVENTS)


def destination_of(
    rule: NotificationRule, kind: Kind, bucket: Bucket, estate: Estate
) -> Setting[Target | None]:
    """The topic, queue or function of a rule: known, known not to exist (None), or declared elsewhere."""
    found = target_of(rule.target, kind, bucket, estate)
    if found is not None:
        return found
    named = rule.target
    arn = named.value if isinstance(named, Known) else named.default if isinstance(named, Unset) else ""
    return Unknown(f"{arn} is declared elsewhere", named.at)


def target_of(
    named: Setting[Text] | Setting[Text | None], kind: Kind, bucket: Bucket, estate: Estate
) -> Setting[Target | None] | None:
    """What an ARN is that of, beside a bucket; None where the input does not have it."""
    match named:
        case Unknown() as gap:
            return gap
        case Known(arn, at) | Unset(arn, at):
            if arn is None:
                return None
            own = estate.named_by(_unqualified(arn, kind), kind)
            if own is not None:
                # Without it the deployment would fail.
                return Known(own, at)
            seen = estate.at(arn.literal, kind) if arn.literal else None
            if seen is None:
                return _by_name(arn, at, kind, bucket, estate)
            match seen.exists:
                case Known(False) | Unset(False):
                    return Known(None, at)
                case Unknown(why):
                    return Unknown(f"whether {arn} is there is not known: {why}", at)
                case _:
                    return Known(seen, at)


def qualifier_of(arn: Text, target: Function) -> Setting[Text | None]:
    """The version or alias that an ARN names."""
    match arn.parts:
        case (Opaque(origin=origin),):
            why = "which version a qualified ARN names is not told"
            return Unknown(why, target.at) if origin.endswith("qualified_arn") else Unset(None, target.at)
        case (Opaque(), str() as rest, *more) if rest.startswith(":"):
            return Known(text(rest[1:], *more), target.at)
        case _:
            pieces = arn.split(":", 7)
            return Known(pieces[7], target.at) if len(pieces) > 7 else Unset(None, target.at)


def written_arns(arn: Text, target: Target, kind: Kind, bucket: Bucket) -> tuple[Text, ...]:
    """Texts each of which is the ARN of a destination, as it may be written."""
    own = _unqualified(arn, kind)
    match target.name:
        case Known(name) | Unset(name):
            resource = text(_FUNCTION, *name.parts) if kind is Function else name
            return (own, _composed(resource, SERVICES[kind], bucket))
        case Unknown():
            return (own,)


def _composed(resource: Text, service: str, bucket: Bucket) -> Text:
    region = _told(bucket.region, "its Region")
    account = _told(bucket.account, "its account")
    return text(
        "arn:",
        Opaque("its partition"),
        f":{service}:",
        *region.parts,
        ":",
        *account.parts,
        ":",
        *resource.parts,
    )


def _told(setting: Setting[Text], called: str) -> Text:
    match setting:
        case Known(found) | Unset(found):
            return found
        case Unknown():
            return text(Opaque(called))


def _unqualified(arn: Text, kind: Kind) -> Text:
    """The ARN of the function of which it names a version or alias."""
    match arn.parts:
        case (Opaque() as own, str() as rest, *_) if kind is Function and rest.startswith(":"):
            return text(own)
        case _:
            return arn


def _by_name(
    arn: Text, at: Location, kind: Kind, bucket: Bucket, estate: Estate
) -> Setting[Target | None] | None:
    """One that is named by an ARN which is put together from its name, as is done where each needs the other."""
    parts = arn_parts(arn)
    if parts is None or bucket.origin == "live":
        return None
    name = parts[4].without_prefix(_FUNCTION) if kind is Function else parts[4]
    if name is None:
        return None
    here = _both(
        _is_own(parts[2], bucket.region, is_deploying_region),
        _is_own(parts[3], bucket.account, is_deploying_account),
    )
    if here is Status.FAIL:
        return None
    name = name.split(":", 1)[0]
    for address in estate.once(_INDICES[kind]).meant_by(name):
        one = estate.at(address, kind)
        if one is None:
            continue
        is_named = isinstance(one.name, Known) and same(one.name.value, name) is Status.PASS
        if is_named and here is Status.PASS and isinstance(one.exists, Known):
            return Known(one if one.exists.value else None, at)
        return Unknown(f"whether {arn} is {one.title or one.address} is not known", at)
    return None


def _is_own(part: Text, own: Setting[Text], is_deploying: Callable[[str], bool]) -> Status:
    match part.parts, own:
        case ((Opaque(resource="", origin=origin),), _) if is_deploying(origin):
            return Status.PASS
        case _, Known(told) | Unset(told):
            return same(part, told)
        case _:
            return Status.UNKNOWN


def _both(one: Status, other: Status) -> Status:
    if Status.FAIL in (one, other):
        return Status.FAIL
    return Status.UNKNOWN if Status.UNKNOWN in (one, other) else Status.PASS


def _named(those: Iterable[Target]) -> Named[str]:
    return Named((one.address, (one.name.value if isinstance(one.name, Known) else None,)) for one in those)


def _topics(estate: Estate) -> Named[str]:
    return _named(estate.all(Topic))


def _queues(estate: Estate) -> Named[str]:
    return _named(estate.all(Queue))


def _functions(estate: Estate) -> Named[str]:
    return _named(estate.all(Function))


_INDICES: dict[Kind, Callable[[Estate], Named[str]]] = {Topic: _topics, Queue: _queues, Function: _functions}


def called(target: Resource) -> str:
    """What to call one in a sentence."""
    return target.title or target.address
