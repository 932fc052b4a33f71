"""What the default retention of Object Lock comes to."""

from __future__ import annotations

from s3audit.location import Location
from s3audit.model.bucket import Bucket, ObjectLock
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Verdict

DAYS_A_YEAR = 365


def is_locked(bucket: Bucket) -> Verdict:
    """Whether the bucket has Object Lock."""
    return bucket.object_lock.enabled.is_in(True, what="Object Lock")


def retains_by_default(bucket: Bucket) -> Verdict:
    """Whether what is uploaded without a word about retention is locked for some time."""
    lock = bucket.object_lock
    return (
        is_locked(bucket)
        & lock.mode.satisfies(_is_given, "the default retention has a mode")
        & (
            lock.days.satisfies(_is_given, "the default retention has a period")
            | lock.years.satisfies(_is_given, "the default retention has a period")
        )
    )


def retained_days(lock: ObjectLock) -> Setting[int | None]:
    """How many days the default retention lasts; the longer of the two where it has both, which S3 refuses."""
    match lock.days, lock.years:
        case (Unknown() as gap, _) | (_, Unknown() as gap):
            return gap
        case ((Known(days, at) | Unset(days, at)), (Known(years, near) | Unset(years, near))):
            in_days = None if years is None else years * DAYS_A_YEAR
            return _longer(days, at, in_days, near)


def _longer(days: int | None, at: Location, others: int | None, near: Location) -> Setting[int | None]:
    if others is None or (days is not None and days >= others):
        return Known(days, at)
    return Known(others, near)


def _is_given(value: object) -> bool:
    return value is not None
