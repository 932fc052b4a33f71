"""A unit of collection: a plain function of what to read and how to get there, and the part that it returns."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import msgspec

from s3audit.collectors.live.access import Access, transport_of
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.buckets import ListedBucket, collect_bucket
from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.named import read_named
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, total
from s3audit.model.base import Resource
from s3audit.model.estate import Listing, Unlisted


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work: some buckets of a region, what an account has there, or what others have named."""

    id: str
    """`123456789012/eu-west-1/buckets-0001`: also the name of its file in a snapshot."""
    kind: Literal["buckets", "context", "named"]
    place: Place
    region: str = ""
    """Empty for what belongs to the account as a whole."""
    buckets: tuple[ListedBucket, ...] = ()
    needs: tuple[str, ...] = ()
    """What the selected checks need of the context."""
    names: tuple[tuple[str, str], ...] = ()
    """Kind and name of what is referred to."""


class Missed(msgspec.Struct, frozen=True, order=True):
    """One thing that could not be told."""

    operation: str
    about: str
    reason: str
    why: str
    code: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit has seen, and what it has not."""

    unit: str
    resources: tuple[Resource, ...] = ()
    listings: tuple[Listing, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    gone: tuple[str, ...] = ()
    """Names of buckets that were listed and are no more."""
    missed: tuple[Missed, ...] = ()
    tally: tuple[tuple[str, int], ...] = ()
    """Answers by operation and class: `s3:GetBucketPolicy denied`."""


def collect(unit: Unit, access: Access) -> Part:
    """Read what the unit names; it fails for nothing that a store or a network may do."""
    asker = Asker(transport_of(access))
    gone: list[str] = []
    if unit.kind == "buckets":
        read = _buckets(unit, asker, access.workers, gone)
    elif unit.kind == "context":
        read = _context(unit, asker)
    else:
        read = read_named(asker, unit.place, unit.region, unit.names)
    missed = {
        Missed(op.id, about, answer.reason, answer.why, answer.code) for op, about, answer in asker.unseen
    }
    return Part(
        unit=unit.id,
        resources=read.resources,
        listings=tuple(sorted(set(read.listings))),
        unlisted=tuple(sorted(set(read.unlisted))),
        gone=tuple(sorted(gone)),
        missed=tuple(sorted(missed)),
        tally=tuple(sorted(asker.tally.items())),
    )


Collect = Callable[[Unit, Access], Part]


def _buckets(unit: Unit, asker: Asker, workers: int, gone: list[str]) -> Read:
    def one(listed: ListedBucket) -> Resource | None:
        made = collect_bucket(listed, unit.place, asker)
        if made is None:
            gone.append(listed.name)
        return made

    with ThreadPoolExecutor(workers) as pool:
        made = list(pool.map(one, unit.buckets))
    return Read(tuple(bucket for bucket in made if bucket is not None))


def _context(unit: Unit, asker: Asker) -> Read:
    scope = "region" if unit.region else "account"
    readers = [one for one in READERS if one.scope == scope and one.need in unit.needs]
    reads: Sequence[Read] = [one.read(asker, unit.place, unit.region) for one in readers]
    return total(reads)
