"""Which buckets are copied into a bucket."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import MOST_COMPARED, Estate, is_there
from s3audit.model.lookup import Named
from s3audit.model.relations import label
from s3audit.model.replicas import each_rule, is_on, name_of_destination
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, passed, some, unknown

_MOST_LISTED = 20
"""Buckets of which it is not known where they are copied to, in the evidence of one finding."""

_YES = Verdict(Status.PASS)
_NO = Verdict(Status.FAIL)


def receives_replicas(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether another bucket is copied into it, as far as the input goes."""
    return some(_received(bucket, estate)) if bucket.type == "general" else _NO


def _received(bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    sources = estate.once(_Sources)
    others = [(source, gap) for source, gap in sources.undecided if source.address != bucket.address]
    for source, gap in others[:_MOST_LISTED]:
        yield source.counts & unknown(gap.at, f"where {source.label} is copied to is not known: {gap.why}")
    if len(sources.by_destination) > MOST_COMPARED:
        yield unknown(bucket.at, f"there are more than {MOST_COMPARED:,} destinations that it might be")
        return
    for target, those in _naming(bucket, estate):
        for source in those:
            if source.address != bucket.address:
                here = _is_target(target, bucket, source.at)
                yield source.counts & here & passed(source.at, f"{source.label} is replicated to it")
    gap_of_all = _unread(bucket, estate)
    if gap_of_all is not None:
        yield unknown(bucket.at, f"whether it is a destination is not known: {gap_of_all.why}")
    unseen = estate.gaps.get(bucket.address)
    if unseen is not None:
        yield unknown(unseen.at, f"whether it is a destination is not known: {unseen.why}")


def _naming(bucket: Bucket, estate: Estate) -> list[tuple[Text, list[_Source]]]:
    named = estate.once(_by_destination)
    match bucket.name:
        case Known(own) | Unset(own):
            return named.meant_by(own)
        case Unknown():
            return named.all


def _is_target(name: Text, bucket: Bucket, at: Location) -> Verdict:
    match bucket.name:
        case Unknown(why):
            return unknown(at, why)
        case Known(own) | Unset(own):
            found = same(name, own)
            open_ = unknown(at, f"whether {name} is this bucket is not known")
            return open_ if found is Status.UNKNOWN else Verdict(found)


def _unread(bucket: Bucket, estate: Estate) -> Unknown | None:
    """Why there may be sources that nobody has seen; they may be in any Region of the account."""
    match bucket.account, bucket.region:
        case ((Known(account) | Unset(account)), (Known(region) | Unset(region))):
            gap = estate.unread_buckets(account.literal or "", region.literal or "")
            return estate.once(_unread_by_account).get(account.literal or "") if gap is None else gap
        case _:
            return None


def _unread_by_account(estate: Estate) -> dict[str, Unknown]:
    found: dict[str, Unknown] = {}
    for one in estate.not_read.values():
        if one.type == "general":
            found.setdefault(one.account, Unknown(f"the bucket {one.name} was not read: {one.why}", NOWHERE))
    return found


class _Source(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a bucket with a rule."""

    address: str
    label: str
    counts: Verdict
    """Whether it is there, and its rule is on."""
    at: Location
    """Where it says where to."""


class _Sources:
    """Every name that buckets are copied to, and the buckets of which it is not known where they go."""

    def __init__(self, estate: Estate) -> None:
        self.by_destination: dict[Text, list[_Source]] = {}
        self.undecided: list[tuple[_Source, Unknown]] = []
        for bucket in estate.all(Bucket):
            for rule in each_rule(bucket):
                if isinstance(rule, Unknown):
                    if bucket.is_declared:
                        self.undecided.append((_source(bucket, _YES, rule.at), rule))
                    continue
                on = is_on(rule)
                if on.status is Status.FAIL:
                    continue
                match name_of_destination(rule):
                    case Known(name, at) | Unset(name, at):
                        self.by_destination.setdefault(name, []).append(_source(bucket, on, at))
                    case Unknown(_, at) as gap:
                        self.undecided.append((_source(bucket, on, at), gap))


def _source(bucket: Bucket, on: Verdict, at: Location) -> _Source:
    # What is sure says nothing where something else is open.
    sure = [one for one in (is_there(bucket), on) if one.status is not Status.PASS]
    counts = _YES
    for one in sure:
        counts &= one
    return _Source(bucket.address, label(bucket), counts, at)


def _by_destination(estate: Estate) -> Named[tuple[Text, list[_Source]]]:
    sources = estate.once(_Sources)
    return Named(((target, those), (target,)) for target, those in sources.by_destination.items())
