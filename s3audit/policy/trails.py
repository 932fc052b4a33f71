"""Whether CloudTrail records the requests to a bucket, as it is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lookup import Named
from s3audit.model.names import arn_parts
from s3audit.model.trail import AdvancedEventSelector, EventDataStore, EventSelector, FieldSelector, Trail
from s3audit.model.uses import if_there, or_unseen
from s3audit.policy.patterns import covers_objects, touches_bucket
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, some, unknown

T = TypeVar("T")

OBJECTS = "AWS::S3::Object"
READS, WRITES = "ReadOnly", "WriteOnly"


def records_requests(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether data events of its objects are recorded, reads and writes."""
    return records(bucket, estate, READS) & records(bucket, estate, WRITES)


def records(bucket: Bucket, estate: Estate, kind: str) -> Verdict:
    """The same for one of the two."""
    trails, stores = _near_by_name(bucket, estate)
    by_trail = some(
        if_there(
            trail,
            trail.logging.satisfies(bool, "a trail records its data events")
            & is_near(trail, bucket)
            & (
                some_of(trail.selectors, lambda s: _selects(s, bucket, estate, kind))
                | some_of(trail.advanced_selectors, lambda s: _selects_by_fields(s, bucket, estate, kind))
            ),
        )
        for trail in trails
    )
    by_store = some(
        if_there(
            store,
            store.ingestion.satisfies(bool, "an event data store records its data events")
            & is_near(store, bucket)
            & some_of(store.advanced_selectors, lambda s: _selects_by_fields(s, bucket, estate, kind)),
        )
        for store in stores
    )
    what = "a trail records its data events"
    return or_unseen(by_trail, Trail, bucket, estate, what) | or_unseen(
        by_store, EventDataStore, bucket, estate, what
    )


def _near_by_name(bucket: Bucket, estate: Estate) -> tuple[Sequence[Trail], Sequence[EventDataStore]]:
    """Those that may select its objects; one that names other buckets only does not."""
    match bucket.name:
        case Known(name) | Unset(name):
            return estate.once(_by_trail).meant_by(name), estate.once(_by_store).meant_by(name)
        case Unknown():
            return estate.all(Trail), estate.all(EventDataStore)


def _by_trail(estate: Estate) -> Named[Trail]:
    return Named(
        (one, (*_selected(one.selectors), *_selected_by_fields(one.advanced_selectors)))
        for one in estate.all(Trail)
    )


def _by_store(estate: Estate) -> Named[EventDataStore]:
    return Named((one, _selected_by_fields(one.advanced_selectors)) for one in estate.all(EventDataStore))


def _selected(selectors: Listed[EventSelector]) -> Iterator[Text | None]:
    """The names of the buckets that may be selected; None where it may be any."""
    for selector in _each(selectors):
        if selector is None:
            yield None
            continue
        for resource in _each(selector.data_resources):
            if resource is None:
                yield None
            elif is_any(resource.type, OBJECTS).status is not Status.FAIL:
                yield from _names_of(resource.values)


def _selected_by_fields(selectors: Listed[AdvancedEventSelector]) -> Iterator[Text | None]:
    for selector in _each(selectors):
        if selector is None:
            yield None
            continue
        limits = [
            field.starts_with
            for field in _each(selector.fields)
            if field is not None
            and is_any(field.field, "resources.ARN").status is Status.PASS
            and has_values(field.starts_with)
        ]
        # Each of its fields has to fit, so the buckets of one are all that it may select.
        yield from _names_of(limits[0]) if limits else (None,)


def _names_of(arns: Listed[Text]) -> Iterator[Text | None]:
    for arn in _each(arns):
        yield None if arn is None else _bucket_of(arn)


def _bucket_of(arn: Text) -> Text | None:
    """The one bucket whose objects have ARNs that begin with this; None where it may be another."""
    parts = arn_parts(arn)
    if parts is None or parts[1:4] != (text("s3"), Text(), Text()):
        return None
    name, *key = parts[4].split("/", 1)
    wild = any(mark in part for part in name.parts if isinstance(part, str) for mark in ("*", "?", "${"))
    return name if key and not wild else None


def _each(listed: Listed[T]) -> Iterator[T | None]:
    """What is in a list; None for what is not known of it."""
    match listed:
        case Unknown():
            yield None
        case Known(items) | Unset(items):
            for item in items:
                yield (
                    None
                    if isinstance(item, Unknown)
                    else item.value
                    if isinstance(item, Known)
                    else item.default
                )


class _Arns:
    """The ARNs of each list that selectors have, by the bucket they are of."""

    def __init__(self, _: Estate) -> None:
        self._named: dict[int, tuple[object, Named[Setting[Text]]]] = {}

    def that_may_be_of(self, bucket: Text, arns: tuple[Setting[Text], ...]) -> list[Setting[Text]]:
        if id(arns) not in self._named:
            named = Named((one, _names_of(Known((one,), one.at))) for one in arns)
            self._named[id(arns)] = (arns, named)  # while it is kept, nothing else has its id
        return self._named[id(arns)][1].meant_by(bucket)


def _some_begin(
    arns: Listed[Text], bucket: Bucket, estate: Estate, judge: Callable[[Text, Bucket], Verdict]
) -> Verdict:
    match arns, bucket.name:
        case ((Known(items, at) | Unset(items, at)), (Known(name) | Unset(name))):
            arns = Known(tuple(estate.once(_Arns).that_may_be_of(name, items)), at)
        case _:
            pass
    return some_of(arns, lambda arn: judge(arn, bucket))


def is_near(recorder: Trail | EventDataStore, bucket: Bucket) -> Verdict:
    """Whether it sees the region and the account of the bucket."""
    home: Setting[Text] | Setting[Text | None] = recorder.region
    if isinstance(recorder, Trail) and recorder.origin == "live":
        home = recorder.home_region
    return (is_any(recorder.multi_region, True) | _alike(home, bucket.region, "Region")) & (
        is_any(recorder.organization, True) | _alike(recorder.account, bucket.account, "account")
    )


def _selects(selector: EventSelector, bucket: Bucket, estate: Estate, kind: str) -> Verdict:
    return is_any(selector.read_write, "All", kind) & some_of(
        selector.data_resources,
        lambda one: is_any(one.type, OBJECTS) & _some_begin(one.values, bucket, estate, _begins),
    )


def _selects_by_fields(selector: AdvancedEventSelector, bucket: Bucket, estate: Estate, kind: str) -> Verdict:
    """Every field that is written has to fit, and the type has to be written."""

    def fits(field: FieldSelector) -> Verdict:
        return by_word(field.field, lambda name: _fits(name, field, bucket, estate, kind))

    typed = some_of(selector.fields, lambda field: is_any(field.field, "resources.type"))
    return typed & every_of(selector.fields, fits)


def _fits(name: str, field: FieldSelector, bucket: Bucket, estate: Estate, kind: str) -> Verdict:
    match name:
        case "eventCategory":
            return has_word(field, "Data")
        case "resources.type":
            return has_word(field, OBJECTS)
        case "readOnly":
            return has_word(field, "true" if kind == READS else "false")
        case "resources.ARN":
            return _takes_in(field, bucket, estate)
        case _:
            return _open(field, name)


def _takes_in(field: FieldSelector, bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it takes in all objects: by what their ARNs begin with, while no other operator has a say."""
    limited = _open(field, "resources.ARN")
    spared = _some_begin(field.not_starts_with, bucket, estate, _spares)
    if has_values(field.starts_with):
        begins = _some_begin(field.starts_with, bucket, estate, _begins)
    else:
        begins = limited if has_values(field.equals) else Verdict(Status.PASS)
    others = (field.not_equals, field.ends_with, field.not_ends_with)
    return (
        (limited if spared.status is Status.UNKNOWN else ~spared)
        & begins
        & (limited if any(map(has_values, others)) else Verdict(Status.PASS))
    )


def has_values(listed: Listed[Text]) -> bool:
    """Whether an operator is there; one that is not known may be."""
    match listed:
        case Known(items) | Unset(items):
            return bool(items)
        case Unknown():
            return True


def has_word(field: FieldSelector, value: str) -> Verdict:
    return some_of(field.equals, lambda known: Verdict(same(known, text(value))))


def _open(field: FieldSelector, name: str) -> Verdict:
    return unknown(field.at, f"what its selector of {name} leaves out is not known")


def _begins(arn: Text, bucket: Bucket) -> Verdict:
    """Whether the ARNs of all objects of the bucket begin with this."""
    match bucket.name:
        case Known(name) | Unset(name):
            return Verdict(covers_objects(text(*arn.parts, "*"), name))
        case Unknown(why, at):
            return (
                Verdict(Status.PASS) if arn.literal in ("arn:aws:s3", "arn:aws:s3:::") else unknown(at, why)
            )


def _spares(arn: Text, bucket: Bucket) -> Verdict:
    """Whether the ARN of an object of the bucket may begin with this."""
    match bucket.name:
        case Known(name) | Unset(name):
            return Verdict(touches_bucket(text(*arn.parts, "*"), name))
        case Unknown(why, at):
            return unknown(at, why)


def by_word(setting: Setting[str], judge: Callable[[str], Verdict]) -> Verdict:
    match setting:
        case Known(value) | Unset(value):
            return judge(value)
        case Unknown(why, at):
            return unknown(at, why)


def is_any(setting: Setting[bool] | Setting[str], *values: bool | str) -> Verdict:
    """Whether it has one of these values, without evidence of its own."""
    match setting:
        case Known(value) | Unset(value):
            return Verdict(Status.PASS if value in values else Status.FAIL)
        case Unknown(why, at):
            return unknown(at, why)


def _alike(one: Setting[Text] | Setting[Text | None], other: Setting[Text], what: str) -> Verdict:
    match one, other:
        case ((Known(Text() as a) | Unset(Text() as a)), (Known(b) | Unset(b))):
            alike = same(a, b)
            if alike is not Status.UNKNOWN:
                return Verdict(alike)
        case _:
            pass
    return unknown(one.at, f"whether data events are recorded in the {what} of the bucket is not known")
