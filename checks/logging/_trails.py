"""Whether CloudTrail records the requests to a bucket, as it is configured."""

from collections.abc import Callable

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.trail import AdvancedEventSelector, EventDataStore, EventSelector, FieldSelector, Trail
from s3audit.model.uses import if_there
from s3audit.policy.patterns import covers_objects
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, some, unknown

_OBJECTS = "AWS::S3::Object"
_READS, _WRITES = "ReadOnly", "WriteOnly"


def records_requests(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether data events of its objects are recorded, reads and writes."""
    return _records(bucket, estate, _READS) & _records(bucket, estate, _WRITES)


def _records(bucket: Bucket, estate: Estate, kind: str) -> Verdict:
    trails = some(
        if_there(
            trail,
            trail.logging.satisfies(bool, "a trail records its data events")
            & _is_near(trail, bucket)
            & (
                some_of(trail.selectors, lambda s: _selects(s, bucket, kind))
                | some_of(trail.advanced_selectors, lambda s: _selects_by_fields(s, bucket, kind))
            ),
        )
        for trail in estate.all(Trail)
    )
    stores = some(
        if_there(
            store,
            store.ingestion.satisfies(bool, "an event data store records its data events")
            & _is_near(store, bucket)
            & some_of(store.advanced_selectors, lambda s: _selects_by_fields(s, bucket, kind)),
        )
        for store in estate.all(EventDataStore)
    )
    return trails | stores


def _is_near(recorder: Trail | EventDataStore, bucket: Bucket) -> Verdict:
    """Whether it sees the region and the account of the bucket; a template is for one of each."""
    if recorder.origin != "live":
        return Verdict(Status.PASS)
    home = recorder.home_region if isinstance(recorder, Trail) else recorder.region
    return (_is(recorder.multi_region, True) | _alike(home, bucket.region)) & (
        _is(recorder.organization, True) | _alike(recorder.account, bucket.account)
    )


def _selects(selector: EventSelector, bucket: Bucket, kind: str) -> Verdict:
    return _is(selector.read_write, "All", kind) & some_of(
        selector.data_resources,
        lambda one: _is(one.type, _OBJECTS) & some_of(one.values, lambda arn: _begins(arn, bucket)),
    )


def _selects_by_fields(selector: AdvancedEventSelector, bucket: Bucket, kind: str) -> Verdict:
    """Every field that is written has to fit, and the type has to be written."""

    def fits(field: FieldSelector) -> Verdict:
        return _by_name(field.field, lambda name: _fits(name, field, bucket, kind))

    typed = some_of(selector.fields, lambda field: _is(field.field, "resources.type"))
    return typed & every_of(selector.fields, fits)


def _fits(name: str, field: FieldSelector, bucket: Bucket, kind: str) -> Verdict:
    match name:
        case "eventCategory":
            return _names(field, "Data")
        case "resources.type":
            return _names(field, _OBJECTS)
        case "readOnly":
            return _names(field, "true" if kind == _READS else "false")
        case "resources.ARN":
            return _takes_in(field, bucket)
        case _:
            return _open(field, name)


def _takes_in(field: FieldSelector, bucket: Bucket) -> Verdict:
    """Whether it takes in all objects: by what their ARNs begin with, while no other operator has a say."""
    spared = some_of(field.not_starts_with, lambda arn: _begins(arn, bucket))
    begins = some_of(field.starts_with, lambda arn: _begins(arn, bucket))
    others = (field.not_starts_with, field.not_equals, field.ends_with, field.not_ends_with)
    limited = _open(field, "resources.ARN")
    return (
        ~spared
        & (begins if _has_values(field.starts_with) else limited)
        & (limited if any(map(_has_values, others)) else Verdict(Status.PASS))
    )


def _has_values(listed: Listed[Text]) -> bool:
    """Whether an operator is there; one that is not known may be."""
    match listed:
        case Known(items) | Unset(items):
            return bool(items)
        case Unknown():
            return True


def _names(field: FieldSelector, value: str) -> Verdict:
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


def _by_name(setting: Setting[str], judge: Callable[[str], Verdict]) -> Verdict:
    match setting:
        case Known(value) | Unset(value):
            return judge(value)
        case Unknown(why, at):
            return unknown(at, why)


def _is(setting: Setting[bool] | Setting[str], *values: bool | str) -> Verdict:
    """Whether it has one of these values, without evidence of its own."""
    match setting:
        case Known(value) | Unset(value):
            return Verdict(Status.PASS if value in values else Status.FAIL)
        case Unknown(why, at):
            return unknown(at, why)


def _alike(one: Setting[Text] | Setting[Text | None], other: Setting[Text]) -> Verdict:
    match one, other:
        case ((Known(Text() as a) | Unset(Text() as a)), (Known(b) | Unset(b))):
            return Verdict(same(a, b))
        case _:
            return unknown(one.at, "for which Region and account data events are recorded is not known")
