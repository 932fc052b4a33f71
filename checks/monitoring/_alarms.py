"""Who is told when the policy of a bucket, or what stands beside it, is changed."""

from collections.abc import Callable, Iterator

from s3audit.check import LIVE
from s3audit.model.base import Resource, kind_of
from s3audit.model.document import Value
from s3audit.model.estate import Estate
from s3audit.model.lookup import Named
from s3audit.model.names import arn_parts
from s3audit.model.trail import (
    AdvancedEventSelector,
    Alarm,
    EventRule,
    EventSelector,
    FilteredMetric,
    LogGroup,
    MetricFilter,
    Trail,
)
from s3audit.model.uses import if_there
from s3audit.policy.trails import WRITES, by_word, has_word, is_any
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown

from ._patterns import Event, filter_matches, rule_matches

CHANGES = (
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "PutBucketAcl",
    "PutBucketCors",
    "DeleteBucketCors",
    "PutBucketLifecycle",
    "DeleteBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketReplication",
)
"""As CloudTrail names them."""
_BUS = text("default")
_SERVICE = "s3.amazonaws.com"
_YES, _NO = Verdict(Status.PASS), Verdict(Status.FAIL)


def _event(name: str) -> Event:
    """A change that was made."""
    return {
        "eventSource": _SERVICE,
        "eventName": name,
        "eventType": "AwsApiCall",
        "eventCategory": "Management",
        "managementEvent": True,
        "readOnly": False,
        "errorCode": None,
        "errorMessage": None,
    }


def _message(name: str) -> Event:
    """The same on an event bus."""
    return {"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "detail": _event(name)}


def records_changes(trail: Trail) -> Verdict:
    """Whether it records what is done with buckets; without selectors it records that and nothing else."""
    chosen = some_of(trail.selectors, _of_management) | some_of(trail.advanced_selectors, _of_changes)
    match trail.selectors, trail.advanced_selectors:
        case ((Known(()) | Unset(())), (Known(()) | Unset(()))):
            return _YES
        case _ if chosen.status is Status.UNKNOWN:
            return unknown(trail.at, "whether it records what is done with buckets is not known")
        case _:
            return Verdict(chosen.status)


def _of_management(selector: EventSelector) -> Verdict:
    return is_any(selector.management_events, True) & is_any(selector.read_write, "All", WRITES)


def _of_changes(selector: AdvancedEventSelector) -> Verdict:
    about = some_of(selector.fields, lambda one: is_any(one.field, "eventCategory"))
    return about & every_of(
        selector.fields,
        lambda one: by_word(
            one.field,
            lambda name: (
                has_word(one, "Management")
                if name == "eventCategory"
                else has_word(one, "false")
                if name == "readOnly"
                else unknown(one.at, f"what its selector of {name} leaves out is not known")
            ),
        ),
    )


def is_told(trail: Trail, estate: Estate, change: str) -> Verdict:
    """Whether somebody is told of a change that the trail records."""
    by_rules = every(
        (some(_by_rules(region, trail, estate, change)) for region in _regions(trail, estate)), empty=_NO
    )
    found = some(_by_filters(trail, estate, change)) | by_rules
    if found.status is Status.PASS:
        return found
    for kind in (MetricFilter, Alarm, EventRule):
        gap = estate.unlisted(kind, _literal(trail.account), _literal(trail.region))
        if gap is not None:
            found |= unknown(trail.at, f"whether an alarm is set off is not known: {gap.why}")
    return found


def _by_filters(trail: Trail, estate: Estate, change: str) -> Iterator[Verdict]:
    for one in estate.all(MetricFilter):
        counts = by_text(one.pattern, lambda pattern: Verdict(filter_matches(pattern, _event(change))))
        counts &= _is_on(one, trail, estate)
        if counts.status is Status.FAIL:
            continue
        alarmed = some_of(one.metrics, lambda metric, owner=one: _alarmed(metric, owner, estate))  # type: ignore[misc]
        found = if_there(one, counts & alarmed)
        yield _open(found, one, "whether this filter sets off an alarm is not known")


def _is_on(one: MetricFilter, trail: Trail, estate: Estate) -> Verdict:
    """Whether it looks at the log group of the trail."""
    if one.origin == LIVE:
        here = _same(one.account, trail.account)
        if here is Status.FAIL:
            return _NO
    return when_set(
        trail.log_group,
        lambda arn: by_text(
            one.log_group, lambda name: Verdict(same(_named(name, estate), _group(arn, estate)))
        ),
        _NO,
    )


def _group(arn: Text, estate: Estate) -> Text:
    """The name of a log group in its ARN."""
    match arn.parts:
        case (one,) | (one, ":*") if not isinstance(one, str):
            return _named(Text((one,)), estate)
        case _:
            parts = arn_parts(arn)
            name = None if parts is None else parts[4].without_prefix("log-group:")
            return arn if name is None else _named(name.split(":", 1)[0], estate)


def _named(name: Text, estate: Estate) -> Text:
    """The name of the log group that a text stands for."""
    match estate.named_by(name, LogGroup):
        case LogGroup(name=(Known(Text() as own) | Unset(Text() as own))):
            return own
        case _:
            return name


def _alarmed(metric: FilteredMetric, owner: MetricFilter, estate: Estate) -> Verdict:
    """Whether an alarm on this metric does something."""
    index = estate.once(_by_metric)
    near = index.all if isinstance(metric.name, Unknown) else index.meant_by(_told(metric.name))
    return some(
        _acts(alarm, metric, owner) for address in near if (alarm := estate.at(address, Alarm)) is not None
    )


def _by_metric(estate: Estate) -> Named[str]:
    """The addresses of alarms by the metric that each is on."""
    return Named(
        (alarm.address, () if isinstance(name, Known | Unset) and _value(name) is None else (_value(name),))
        for alarm in estate.all(Alarm)
        for name in (alarm.metric,)
    )


def _told(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default


def _value(setting: Setting[Text | None]) -> Text | None:
    return setting.value if isinstance(setting, Known) else None


def _acts(alarm: Alarm, metric: FilteredMetric, owner: MetricFilter) -> Verdict:
    is_near = _YES if alarm.origin != LIVE else Verdict(_same(alarm.region, owner.region))
    on_it = when_set(
        alarm.metric, lambda name: by_text(metric.name, lambda other: Verdict(same(name, other))), _NO
    )
    in_it = when_set(
        alarm.namespace, lambda name: by_text(metric.namespace, lambda other: Verdict(same(name, other))), _NO
    )
    acts = some_of(alarm.actions, lambda _: _YES) & is_any(alarm.actions_enabled, True)
    return if_there(alarm, is_near & on_it & in_it & acts & passed(alarm.at, "an alarm tells it"))


def _regions(trail: Trail, estate: Estate) -> tuple[str, ...]:
    """Those in which it sees buckets, as a rule sees what happens in its own; what is declared is all in one place."""
    if trail.origin != LIVE:
        return ("",)
    account, home = _literal(trail.account), _literal(trail.region)
    seen = {
        one.region for one in estate.listings if one.kind == kind_of(EventRule) and one.account == account
    }
    return tuple(sorted(seen)) if is_any(trail.multi_region, False).status is not Status.PASS else (home,)


def _by_rules(region: str, trail: Trail, estate: Estate, change: str) -> Iterator[Verdict]:
    for one in estate.all(EventRule):
        if one.origin == LIVE and (_literal(one.account), _literal(one.region)) != (
            _literal(trail.account),
            region,
        ):
            continue
        found = every(
            (
                ~is_any(one.state, "DISABLED"),
                when_set(one.bus, lambda bus: Verdict(same(bus, _BUS)), _YES),
                _takes_in(one.pattern, change),
                some_of(one.targets, lambda _: _YES),
                passed(one.at, "an event rule tells it"),
            )
        )
        if found.status is not Status.FAIL:
            yield _open(if_there(one, found), one, "whether this rule takes it in is not known")


def _takes_in(pattern: Setting[Value | None], change: str) -> Verdict:
    match pattern:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(value) | Unset(value):
            return _NO if value is None else Verdict(rule_matches(value, _message(change)))


def _open(found: Verdict, one: Resource, why: str) -> Verdict:
    """With a reason, where nothing else gives one."""
    if found.status is Status.UNKNOWN and not found.evidence:
        return unknown(one.at, why)
    return found


def by_text(setting: Setting[Text], judge: Callable[[Text], Verdict]) -> Verdict:
    match setting:
        case Known(value) | Unset(value):
            return judge(value)
        case Unknown(why, at):
            return unknown(at, why)


def _same(one: Setting[Text], other: Setting[Text]) -> Status:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            return same(a, b)
        case _:
            return Status.UNKNOWN


def _literal(setting: Setting[Text]) -> str:
    match setting:
        case Known(found) | Unset(found):
            return found.literal or ""
        case Unknown():
            return ""


def nobody(trail: Trail, missing: list[str]) -> Verdict:
    if len(missing) == len(CHANGES):
        return failed(
            trail.at, "no alarm and no event rule is set off when the policy of a bucket is changed"
        )
    shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
    return failed(trail.at, f"no alarm and no event rule is set off by {shown}")
