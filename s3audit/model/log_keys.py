"""Where the access logs of each bucket lie, so that those that lie mixed are found without a look at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from s3audit.location import Location
from s3audit.model.bucket import Bucket, Logging
from s3audit.model.estate import Estate, is_there
from s3audit.model.lookup import Named
from s3audit.model.relations import label
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Part, Text, same, text
from s3audit.verdict import Status, Verdict, unknown

T = TypeVar("T")

_REST = Opaque("the rest of the key")
_MOST_OPEN = 200
"""Prefixes that are not told in full, with which one is compared."""
_MOST_ALIKE = 3
"""Of those with one prefix, one that is not the same bucket decides."""


class Logger(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a bucket that logs."""

    address: str
    label: str
    is_there: Verdict
    at: Location
    """Of its prefix."""
    target: Text | None
    """The name of its log bucket; None where it may be any."""
    prefix: Text | None
    partitioned: bool | None
    """None where it is not known."""
    keys: Text
    """Of its logs, as far as they are known."""

    @property
    def literal(self) -> str | None:
        return None if self.prefix is None else self.prefix.literal

    @property
    def below(self) -> str:
        """Where its logs are, in words."""
        if self.prefix is None:
            return "below a prefix that is not known"
        return f'below "{self.prefix}"' if self.prefix.parts else "without a prefix"


class Loggers:
    """Those that log to one bucket in one way, by their prefixes."""

    def __init__(self, target: Text | None, them: Sequence[Logger]) -> None:
        self.target = target
        self._sorted = sorted(
            (one for one in them if one.literal is not None), key=lambda one: one.literal or ""
        )
        self._prefixes = [one.literal or "" for one in self._sorted]
        self._open = [one for one in them if one.literal is None]
        self.all = tuple(them)

    def near(self, own: Logger) -> Iterator[Logger | None]:
        """Those whose logs may be among its own; None where there are too many to say."""
        prefix = own.literal
        if prefix is None:
            those = [*self._open, *self._sorted]
            yield from those[:_MOST_OPEN]
            if len(those) > _MOST_OPEN:
                yield None
            return
        for length in range(len(prefix)):
            yield from self._from(prefix[:length], is_whole=True)
        yield from self._from(prefix, is_whole=False)
        yield from self._open[:_MOST_OPEN]
        if len(self._open) > _MOST_OPEN:
            yield None

    def _from(self, prefix: str, *, is_whole: bool) -> Iterator[Logger]:
        start = bisect_left(self._prefixes, prefix)
        for place in range(start, min(start + _MOST_ALIKE, len(self._prefixes))):
            found = self._prefixes[place]
            if not (found == prefix if is_whole else found.startswith(prefix)):
                return
            yield self._sorted[place]


def by_target(estate: Estate) -> Named[Loggers]:
    """All that log, by the names of their log buckets; those whose keys say whose they are apart from the others."""
    found: dict[tuple[Text | None, bool | None], list[Logger]] = {}
    for bucket in estate.all(Bucket):
        one = logger(bucket, estate)
        if one is not None and one.is_there.status is not Status.FAIL:
            found.setdefault((one.target, one.partitioned), []).append(one)
    return Named((Loggers(target, those), (target,)) for (target, _), those in found.items())


def logger(bucket: Bucket, estate: Estate) -> Logger | None:
    """None where it does not log."""
    match bucket.logging:
        case Known(Logging() as logging) | Unset(Logging() as logging):
            target = _target(logging.target, estate)
        case Unknown(at=at) if bucket.is_declared:
            logging, target = Logging(at=at), None
        case _:
            return None
    return Logger(
        bucket.address,
        label(bucket),
        is_there(bucket),
        logging.at
        if isinstance(logging.prefix, Unknown) and not logging.prefix.at.source
        else logging.prefix.at,
        target,
        _value(logging.prefix),
        _value(logging.partitioned),
        text(*begin(bucket, logging).parts, _REST),
    )


def begin(bucket: Bucket, logging: Logging) -> Text:
    """What the keys of all its logs begin with, as far as that is known: a year comes first, or what says whose."""
    prefix = _value(logging.prefix)
    partitioned = _value(logging.partitioned)
    if prefix is None or partitioned is None:
        return prefix or Text()
    begun = prefix.parts
    for piece in map(_value, (bucket.account, bucket.region, bucket.name)) if partitioned else ():
        if piece is None:
            return text(*begun)
        begun = (*begun, *piece.parts, "/")
    return text(*begun, "20")


def _target(name: Setting[Text], estate: Estate) -> Text | None:
    """The name of the bucket itself, where it is found."""
    match name:
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


def _value(setting: Setting[T]) -> T | None:
    match setting:
        case Known(value):
            return value
        case Unset(default):
            return default
        case Unknown():
            return None


def meet(one: Text | None, other: Text | None) -> Status:
    """Whether one is the start of the other."""
    if one is None or other is None:
        return Status.UNKNOWN
    answers = (starts(one, other), starts(other, one))
    if Status.PASS in answers:
        return Status.PASS
    return Status.UNKNOWN if Status.UNKNOWN in answers else Status.FAIL


def starts(one: Text, other: Text) -> Status:
    """Whether the other begins with this one."""
    left, right = list(one.parts), list(other.parts)
    while left and right:
        a, b = left[0], right[0]
        if a == b:
            del left[0], right[0]
        elif isinstance(a, str) and isinstance(b, str):
            if not (a.startswith(b) or b.startswith(a)):
                return Status.FAIL
            size = min(len(a), len(b))
            left[0:1], right[0:1] = _rest(a, size), _rest(b, size)
        else:
            return Status.FAIL if _are_two_folders(left, right) else Status.UNKNOWN
    if not left:
        return Status.PASS
    return Status.FAIL if any(isinstance(part, str) for part in left) else Status.UNKNOWN


def _rest(part: str, size: int) -> list[Part]:
    return [part[size:]] if len(part) > size else []


def _are_two_folders(left: Sequence[Part], right: Sequence[Part]) -> bool:
    """Whether what stands before the next slash differs; there is none in the name of a resource."""
    one, *below = Text(tuple(left)).split("/", 1)
    other, *behind = Text(tuple(right)).split("/", 1)
    are_names = all(part.resource for part in (*one.opaque, *other.opaque))
    return bool(below and behind) and are_names and same(one, other) is Status.FAIL


def unseen(bucket: Bucket, target: Setting[Bucket | None], at: Location, estate: Estate) -> Iterator[Verdict]:
    """Why more buckets than are seen may log to where one does."""
    unread = estate.unread_buckets(_literal_of(bucket.account), _literal_of(bucket.region))
    if unread is not None:
        yield unknown(at, f"whether others log there is not known: {unread.why}")
    match target:
        case Known(Bucket(address=address)) | Unset(Bucket(address=address)) if address in estate.gaps:
            gap = estate.gaps[address]
            yield unknown(gap.at, f"whether others log there is not known: {gap.why}")
        case _:
            return


def _literal_of(setting: Setting[Text]) -> str:
    found = _value(setting)
    return "" if found is None else found.literal or ""
