"""What stands in the files of a snapshot: a unit with what was seen of it, and what an account told about itself."""

from typing import Any

import msgspec

from s3audit.collectors import snapshot
from s3audit.collectors.live.access import Access
from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.explore import Explored
from s3audit.collectors.live.store.folder import unit_file
from s3audit.collectors.live.unit import Missed, Part, Unit
from s3audit.collectors.live.wanted import BY_TAGS
from s3audit.model.estate import Unread

LISTING = "listing"
"""The name of the file that is no unit: where a scan of the account began."""


class UnitHeader(snapshot.Header, frozen=True, kw_only=True):
    """The first line of a unit."""

    unit: Unit
    """All that it was asked, so that the same question need not be asked again."""
    gone: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()
    again: tuple[str, ...] = ()
    tally: tuple[tuple[str, int], ...] = ()
    recount: tuple[tuple[str, int], ...] = ()


class ListingHeader(snapshot.Header, frozen=True, kw_only=True):
    """The first line, and the only one, of what an account told about itself."""

    explored: Explored
    left_out: tuple[tuple[ListedBucket, str], ...] = ()


class AnyHeader(snapshot.Header, frozen=True, kw_only=True):
    """Tells which of them it is."""

    unit: Any = None
    explored: Any = None


def file_of(unit: Unit) -> str:
    """Where a unit is kept."""
    return unit_file(unit.place.account, unit.region, unit.id.rpartition("/")[2])


def listing_file(account: str) -> str:
    return unit_file(account, "", LISTING)


def frame(unit: Unit, part: Part) -> bytes:
    """The file of a unit."""
    return snapshot.framed(unit_header(unit, part), part.resources)


def unit_header(unit: Unit, part: Part) -> UnitHeader:
    """Its first line."""
    listed = {one.name: one for one in unit.buckets}
    unread = (
        Unread(name, unit.place.account, listed[name].region, BY_TAGS, listed[name].type)
        for name in part.left_out
    )
    return UnitHeader(
        sealed=True,
        listings=part.listings,
        unlisted=part.unlisted,
        unread=tuple(unread),
        unit=unit,
        gone=part.gone,
        left_out=part.left_out,
        missed=part.missed,
        again=part.again,
        tally=part.tally,
        recount=part.recount,
    )


def unframe(data: bytes, source: str) -> tuple[UnitHeader, Part]:
    """What it was asked and has seen; raises `SnapshotError`."""
    header, resources = snapshot.unframed(data, source, UnitHeader)
    part = Part(
        unit=header.unit.id,
        resources=resources,
        listings=header.listings,
        unlisted=header.unlisted,
        gone=header.gone,
        left_out=header.left_out,
        missed=header.missed,
        again=header.again,
        tally=header.tally,
        recount=header.recount,
    )
    return header, part


def listing_header(explored: Explored, left_out: tuple[tuple[ListedBucket, str], ...]) -> ListingHeader:
    """The line of what an account told about itself; how one gets into it is nobody's business."""
    return ListingHeader(
        sealed=True,
        listings=explored.listings,
        unlisted=explored.unlisted,
        unread=tuple(
            Unread(one.name, explored.place.account, one.region, why, one.type) for one, why in left_out
        ),
        explored=msgspec.structs.replace(explored, access=Access(endpoint_url=explored.access.endpoint_url)),
        left_out=left_out,
    )


def unframe_listing(data: bytes, source: str) -> ListingHeader:
    """The same, read; raises `SnapshotError`."""
    header, _ = snapshot.unframed(data, source, ListingHeader)
    return header
