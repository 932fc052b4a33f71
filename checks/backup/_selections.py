"""Whether a backup selection takes in a bucket, by its ARN or by its tags."""

from collections.abc import Callable

from s3audit.model.backup import BackupCondition, BackupSelection
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.policy.patterns import covers, covers_bucket
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, passed, unknown

_TAG = "aws:ResourceTag/"
_NO = Verdict(Status.FAIL)
_YES = Verdict(Status.PASS)


def selects(selection: BackupSelection, bucket: Bucket) -> Verdict:
    """Whether it takes in the bucket: named or tagged, within its conditions, and not left out."""
    if _is_elsewhere(selection, bucket):
        return _NO
    named = some_of(selection.resources, lambda one: _names(one, bucket))
    tagged = some_of(selection.tagged, lambda one: _has(bucket, one, same))
    # One that names nothing is of everything.
    chosen = named | tagged | (_is_empty(selection.resources) & _is_empty(selection.tagged))
    within = (
        every_of(selection.equals, lambda one: _has(bucket, one, same))
        & every_of(selection.like, lambda one: _has(bucket, one, _fits))
        & every_of(selection.not_equals, lambda one: _lacks(bucket, one, same))
        & every_of(selection.not_like, lambda one: _lacks(bucket, one, _fits))
    )
    left_out = some_of(selection.not_resources, lambda one: _names(one, bucket))
    found = chosen & within & ~left_out
    title = selection.title or selection.address
    match found.status:
        case Status.PASS:
            return passed(selection.at, f"the backup selection {title} covers it")
        case Status.UNKNOWN:
            why = next((one.note for one in found.evidence if one.note), "a part of it is not known")
            return unknown(
                selection.at, f"whether the backup selection {title} covers it is not known: {why}"
            )
        case _ if left_out.status is Status.PASS and (chosen & within).status is Status.PASS:
            return failed(selection.not_resources.at, f"the backup selection {title} leaves it out")
        case _:
            return _NO


def _is_elsewhere(selection: BackupSelection, bucket: Bucket) -> bool:
    """Whether it is of another account, or of another Region than that of the bucket."""
    pairs = ((selection.region, bucket.region), (selection.account, bucket.account))
    return any(
        isinstance(one, Known) and isinstance(other, Known) and same(one.value, other.value) is Status.FAIL
        for one, other in pairs
    )


def _is_empty(listed: Listed[Text] | Listed[BackupCondition]) -> Verdict:
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            return _NO if items else _YES


def _names(resource: Text, bucket: Bucket) -> Verdict:
    match bucket.name:
        case Unknown(why, at):
            return unknown(at, f"its name is not known: {why}")
        case Known(name, at) | Unset(name, at):
            found = covers_bucket(resource, name)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {resource} is this bucket is not known")
            return passed(at, f"{resource} is this bucket") if found is Status.PASS else _NO


def _fits(value: Text, pattern: Text) -> Status:
    return covers(pattern, value)


def _has(bucket: Bucket, condition: BackupCondition, fits: Callable[[Text, Text], Status]) -> Verdict:
    """Whether the bucket has a tag with such a value."""
    return some_of(bucket.tags, lambda tag: _is_key(tag.key, condition.key) & _is(tag, condition, fits))


def _lacks(bucket: Bucket, condition: BackupCondition, fits: Callable[[Text, Text], Status]) -> Verdict:
    """The opposite; AWS does not say what becomes of what has no such tag at all."""
    there = some_of(bucket.tags, lambda tag: _is_key(tag.key, condition.key))
    if there.status is Status.FAIL:
        return unknown(condition.at, "it has no tag that the selection asks to have another value")
    return ~_has(bucket, condition, fits)


def _is_key(own: Setting[Text], wanted: Setting[Text]) -> Verdict:
    match own, wanted:
        case ((Known(key, at) | Unset(key, at)), (Known(asked) | Unset(asked))):
            found = same(key, asked.without_prefix(_TAG) or asked)
            return unknown(at, "the key of a tag is not known") if found is Status.UNKNOWN else Verdict(found)
        case _:
            return unknown(own.at, "the key of a tag is not known")


def _is(tag: Tag, condition: BackupCondition, fits: Callable[[Text, Text], Status]) -> Verdict:
    match tag.value, condition.value:
        case ((Known(value, at) | Unset(value, at)), (Known(asked) | Unset(asked))):
            found = fits(value, asked)
            told = f"whether its tag {value} is {asked} is not known"
            return unknown(at, told) if found is Status.UNKNOWN else Verdict(found)
        case _:
            return unknown(tag.value.at, "the value of a tag is not known")
