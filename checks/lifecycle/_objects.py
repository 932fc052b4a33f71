"""The declared objects that lie in a single zone, by the bucket that they are in."""

from collections.abc import Iterator
from typing import NamedTuple

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, is_there
from s3audit.model.lookup import Named
from s3audit.model.s3object import S3Object
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, unknown

ONE_ZONE, REDUCED = "ONEZONE_IA", "REDUCED_REDUNDANCY"


class _Declared(NamedTuple):
    """What is kept of an object."""

    bucket: Text | None
    """The name of its bucket; None where it may be any."""
    storage_class: Setting[str | None]
    counts: Verdict
    """Whether it is there, and declared."""


def declared_as(bucket: Bucket, estate: Estate, storage_class: str) -> Verdict:
    """Whether no declared object of the bucket has this storage class; it does not apply where nothing may have it."""
    found = Verdict(Status.NOT_APPLICABLE)
    for one in _naming(bucket, estate):
        here = _is_here(one, bucket)
        has_it = one.storage_class.is_in(storage_class, what="the storage class of the object")
        answer = one.counts & here & has_it
        if answer.status is not Status.FAIL:
            found &= ~(has_it if answer.status is Status.PASS else answer)
    return found


def _naming(bucket: Bucket, estate: Estate) -> list[_Declared]:
    named = estate.once(_by_bucket)
    match bucket.name:
        case Known(own) | Unset(own):
            return named.meant_by(own)
        case Unknown():
            return named.all


def _is_here(one: _Declared, bucket: Bucket) -> Verdict:
    match bucket.name:
        case Known(own) | Unset(own) if one.bucket is not None:
            found = same(one.bucket, own)
        case _:
            found = Status.UNKNOWN
    if found is Status.UNKNOWN:
        return unknown(one.storage_class.at, "whether the object is in this bucket is not known")
    return Verdict(found)


def _by_bucket(estate: Estate) -> Named[_Declared]:
    return Named((one, (one.bucket,)) for one in _declared(estate))


def _declared(estate: Estate) -> Iterator[_Declared]:
    for one in estate.all(S3Object):
        match one.storage_class:
            case Known(told) | Unset(told) if told not in (ONE_ZONE, REDUCED):
                continue
            case storage_class:
                sampled = one.sampled.is_in(True, what="whether the object is one of a sample")
                counts = is_there(one) & ~sampled
                if counts.status is not Status.FAIL:
                    yield _Declared(_name(one, estate), storage_class, counts)


def _name(one: S3Object, estate: Estate) -> Text | None:
    """The name of the bucket itself, where it is found."""
    match one.bucket:
        case Known(written, at) | Unset(written, at):
            match estate.bucket_named(written, at):
                case Known(Bucket(name=(Known(own) | Unset(own)))):
                    return own
                case Known(Bucket()):
                    return None
                case _:
                    return written
        case Unknown():
            return None
