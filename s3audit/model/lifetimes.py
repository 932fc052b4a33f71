"""Which objects a lifecycle rule is about, and when they end for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.model.effective import versioning
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.log_keys import starts
from s3audit.model.uses import filled
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown

T = TypeVar("T")

_YES = Verdict(Status.PASS)
_NO = Verdict(Status.FAIL)


def is_on(rule: LifecycleRule) -> Verdict:
    """Whether a rule does anything."""
    return rule.status.is_in("Enabled", what="the status of the rule")


def known_rules(lifecycle: Lifecycle) -> Iterator[LifecycleRule]:
    """The rules that are told, on or off."""
    match lifecycle.rules:
        case Known(items) | Unset(items):
            for item in items:
                if not isinstance(item, Unknown):
                    yield value_of(item)
        case Unknown():
            return


def value_of(setting: Known[T] | Unset[T]) -> T:
    """What holds, written or not."""
    return setting.value if isinstance(setting, Known) else setting.default


def is_for_all(rule: LifecycleRule) -> Verdict:
    """Whether it is about every object of the bucket."""
    return is_for_any_key(rule) & is_for_any_size(rule)


def is_for_any_key(rule: LifecycleRule) -> Verdict:
    """Whether neither a prefix nor a tag limits it."""
    return _limits(~filled(rule.prefix, "the rule is for a prefix only") & ~has_tags(rule))


def has_tags(rule: LifecycleRule) -> Verdict:
    """Whether it is about tagged objects only."""
    return some_of(rule.tags, lambda tag: passed(tag.at, "the rule is for tagged objects only"))


def is_for_any_size(rule: LifecycleRule) -> Verdict:
    """Whether no size limits it."""
    return has_no_limit(rule.size_greater_than) & has_no_limit(rule.size_less_than)


def has_no_limit(size: Setting[int | None]) -> Verdict:
    """Whether a size is no limit: empty objects have no weight."""
    return _limits(size.satisfies(lambda bytes_: not bytes_, "the rule is for objects of some sizes only"))


def _limits(found: Verdict) -> Verdict:
    """Only where something limits a rule there is something to show."""
    return _YES if found.status is Status.PASS else found


def takes_in(wider: LifecycleRule, narrower: LifecycleRule) -> Verdict:
    """Whether every object that the one rule is about is also one of the other's."""
    return (
        _begins(wider.prefix, narrower.prefix)
        & every_of(wider.tags, lambda tag: some_of(narrower.tags, lambda other: _is_same(tag, other)))
        & _reaches(wider.size_greater_than, narrower.size_greater_than, is_above=True)
        & _reaches(wider.size_less_than, narrower.size_less_than, is_above=False)
    )


def _begins(wider: Setting[Text | None], narrower: Setting[Text | None]) -> Verdict:
    if isinstance(wider, Known | Unset) and not (value_of(wider) or Text()).parts:
        return _YES
    match wider, narrower:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, f"the prefix of a rule is not known: {why}")
        case ((Known(one, at) | Unset(one, at)), (Known(other) | Unset(other))):
            found = starts(one or Text(), other or Text())
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {other or '(no prefix)'} begins with {one} is not known")
            return Verdict(found)


def _is_same(tag: Tag, other: Tag) -> Verdict:
    return every((_are_equal(tag.key, other.key), _are_equal(tag.value, other.value)))


def _are_equal(one: Setting[Text], other: Setting[Text]) -> Verdict:
    match one, other:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, f"a tag of a rule is not known: {why}")
        case ((Known(value, at) | Unset(value, at)), (Known(wanted) | Unset(wanted))):
            found = same(value, wanted)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether the tags {value} and {wanted} are the same is not known")
            return Verdict(found)


def _reaches(wider: Setting[int | None], narrower: Setting[int | None], *, is_above: bool) -> Verdict:
    """Whether a limit of size leaves in all that the other one leaves in."""
    if isinstance(wider, Known | Unset) and not value_of(wider):
        return _YES
    match wider, narrower:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, f"the sizes of a rule are not known: {why}")
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            if not one:
                return _YES
            if not other:
                return _NO
            return _YES if (other >= one if is_above else other <= one) else _NO


def expires(rule: LifecycleRule) -> Verdict:
    """Whether objects expire by it, after some days or at a date."""
    note, what = "objects expire by the rule", "when objects expire"
    return _is_given(rule.expiration_days, note, what) | _is_given(rule.expiration_date, note, what)


def ends_versions(rule: LifecycleRule) -> Verdict:
    """Whether noncurrent versions are deleted by it."""
    return _is_given(rule.noncurrent_days, "noncurrent versions end by the rule", "when old versions end")


def aborts(rule: LifecycleRule) -> Verdict:
    """Whether incomplete uploads are aborted by it."""
    return _is_given(rule.abort_multipart_days, "the rule aborts uploads", "when uploads are aborted")


def removes_markers(rule: LifecycleRule) -> Verdict:
    """Whether it removes delete markers that have no versions behind them."""
    return rule.expired_delete_marker.is_in(True, what="the removal of delete markers")


def _is_given(setting: Setting[T | None], note: str, what: str) -> Verdict:
    if isinstance(setting, Unknown):
        return unknown(setting.at, f"{what} is not known: {setting.why}")
    return setting.satisfies(lambda value: value is not None, note)


def expiry_deletes(bucket: Bucket) -> Verdict:
    """Whether what expires is gone for good.

    Where versioning is on, a delete marker hides it. Where it is suspended, the marker replaces what was uploaded
    since.
    """
    return versioning(bucket).is_in("Unversioned", "Suspended", what="versioning")


def has_versions(bucket: Bucket) -> Verdict:
    """Whether there may be noncurrent versions."""
    if bucket.type == "directory":
        return failed(bucket.at, "a directory bucket can't have versions")
    return versioning(bucket).is_in("Enabled", "Suspended", what="versioning")
