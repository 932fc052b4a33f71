"""Reads a snapshot back as if it was seen just now; what is damaged or missing is not known, and nothing else."""

import os
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import Literal

import msgspec

from s3audit.collectors import snapshot
from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.collectors.live.access import Access
from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.explore import Doors, Explored
from s3audit.collectors.live.gather import BUCKET, Gathered, gathered
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.plan import NO_ACCOUNT, NO_REGION, Plan
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.store.folder import is_unit_file
from s3audit.collectors.live.store.frames import AnyHeader, ListingHeader, unframe, unframe_listing
from s3audit.collectors.live.store.manifest import (
    MANIFEST,
    Kept,
    Manifest,
    ManifestError,
    read_manifest,
    read_unfinished,
)
from s3audit.collectors.live.unit import Part, Unit
from s3audit.collectors.snapshot import SnapshotError
from s3audit.location import Location
from s3audit.model.estate import Unlisted
from s3audit.model.world import Plain
from s3audit.problem import Problem

KIND = "snapshot"
_LOST = "its file in the snapshot can't be read"
_OTHERS = "The rest is judged. Take the folder from where it was made, or scan the account anew."


class Replayed(Plain):
    """A world that a live scan has seen at some time."""

    def __init__(self, source: str, found: Gathered) -> None:
        super().__init__(source, KIND, found.estate)
        self.found = found
        self.problems = found.problems


def collect(files: Sequence[File], options: Options) -> Collected:
    """A world for each snapshot, and for each unit that was named by itself."""
    worlds: list[Plain] = []
    problems: list[Problem] = []
    whole = {os.path.dirname(file.path) for file in files if _key(file.data) == "manifest"}
    for file in files:
        try:
            match _key(file.data):
                case "manifest":
                    worlds.append(_folder(file))
                case "unfinished":
                    if os.path.dirname(file.path) not in whole:
                        problems.append(_unfinished(file))
                case _:
                    worlds.append(_alone(file))
        except SnapshotError as error:
            problems.append(Problem(Location(file.source), "unreadable", f"{error}".rstrip(".") + "."))
        except ManifestError as error:
            said = f"This snapshot can't be read, {error}."
            problems.append(Problem(Location(file.source), "unreadable", said))
    return Collected(worlds, problems)


def _key(data: bytes) -> str:
    """What the first key of a file says that it is."""
    for name in ("manifest", "unfinished"):
        if b'"s3audit_snapshot_%s"' % name.encode() in data[:64]:
            return name
    return "estate"


def _unfinished(file: File) -> Problem:
    read_unfinished(file.data)
    message = (
        "This snapshot is not finished, so it is not judged. Run `s3audit live --snapshot` with the same options"
        " and this folder: it goes on where it ended."
    )
    return Problem(Location(file.source), "unreadable", message)


def _alone(file: File) -> Plain:
    """One file that was named by itself: what else there is nobody knows."""
    header = snapshot.header_of(file.data, file.source, AnyHeader)
    seen = Seen()
    if header.unit is not None:
        told, part = unframe(file.data, file.source)
        explored = Explored(access=Access(), place=told.unit.place)
        seen.plans = (Plan(explored, (told.unit,), ()),)
        seen.parts = {part.unit: part}
    elif header.explored is not None:
        listing = unframe_listing(file.data, file.source)
        seen.explored = (listing.explored,)
        seen.plans = _plans(listing, (), ())
    else:
        return Plain(file.source, KIND, snapshot.read(file.data, file.source))
    return Replayed(file.source, gathered(seen))


def _folder(file: File) -> Replayed:
    """All that a manifest names."""
    told = read_manifest(file.data)
    if not file.path:
        raise ManifestError("and standard input has no folder beside it: name the folder")
    reading = _Reading(told, os.path.dirname(file.path), file.source.removesuffix(MANIFEST))
    reading.read()
    found = gathered(reading.seen)
    return Replayed(
        file.source, msgspec.structs.replace(found, problems=(*found.problems, *reading.problems))
    )


class _Reading:
    def __init__(self, told: Manifest, folder: str, shown: str) -> None:
        self._told = told
        self._folder = folder
        self._shown = shown
        self._units: dict[str, list[Unit]] = {}
        self._listings: dict[str, ListingHeader] = {}
        self.problems: list[Problem] = []
        self.seen = Seen(
            doors=Doors((), told.closed, told.refused),
            broken_doors=dict(told.not_entered),
            broken=dict(told.not_read),
        )

    def read(self) -> None:
        for one in self._told.files:
            try:
                self._one(one, self._bytes(one))
            except SnapshotError as error:
                said = f"{str(error).rstrip('.')}, so what stood there is not known. {_OTHERS}"
                self.problems.append(Problem(Location(self._at(one)), "unreadable", said))
                self._lose(one)
        for unit_id in self._told.not_read:
            if unit_id not in self.seen.parts:
                unit = _broken(unit_id)
                self._units.setdefault(unit.place.account, []).append(unit)
        accounts = sorted({*self._units, *self._listings})
        self.seen.explored = tuple(self._explored(account) for account in accounts)
        self.seen.plans = tuple(
            plan
            for account, explored in zip(accounts, self.seen.explored, strict=True)
            if not explored.refused
            for plan in _plans(
                self._listings.get(account) or ListingHeader(explored=explored),
                self._units.get(account, ()),
                {*self.seen.lost, *self.seen.broken},
            )
        )

    def _one(self, one: Kept, data: bytes) -> None:
        if not one.unit:
            self._listings[one.account] = unframe_listing(data, self._at(one))
            return
        header, part = unframe(data, self._at(one))
        self._units.setdefault(one.account, []).append(header.unit)
        self.seen.parts[part.unit] = part

    def _bytes(self, one: Kept) -> bytes:
        """A file that is as it was written; the names in a manifest lead nowhere else."""
        if not is_unit_file(one.file):
            raise SnapshotError(f"the manifest names {one.file!r}, which no snapshot has")
        path = os.path.join(self._folder, *one.file.split("/"))
        try:
            if os.path.exists(path) and not os.path.isfile(path):
                raise SnapshotError(f"{self._at(one)} is no file")
            with open(path, "rb") as handle:
                data = handle.read()
        except FileNotFoundError:
            raise SnapshotError(f"{self._at(one)} is missing") from None
        except OSError as error:
            raise SnapshotError(f"{self._at(one)} can't be read: {error.strerror or error}") from None
        if sha256(data).hexdigest() != one.sha256:
            # What a newer version has written says so itself, and better.
            snapshot.header_of(data, self._at(one), AnyHeader)
            raise SnapshotError(
                f"{self._at(one)} is not as it was written: its hash is not that of the manifest"
            )
        return data

    def _at(self, one: Kept) -> str:
        return f"{self._shown}{one.file}"

    def _lose(self, one: Kept) -> None:
        """What the file would have told is not known, and of none of its kinds there are no more."""
        gaps = tuple(Unlisted(kind, one.account, one.region, _LOST) for kind in one.lists)
        if not one.unit:
            gap = Unlisted(BUCKET, one.account, "", _LOST)
            place = Place(one.account)
            explored = Explored(access=Access(), place=place, unlisted=(gap,), open_regions=_LOST)
            self._listings[one.account] = ListingHeader(explored=explored)
            return
        unit = Unit(id=one.unit, kind=one.kind, place=Place(one.account), region=one.region)
        self._units.setdefault(one.account, []).append(unit)
        if one.kind == "buckets":
            self.seen.lost[unit.id] = _LOST
        else:
            self.seen.parts[unit.id] = Part(unit=unit.id, unlisted=gaps)

    def _explored(self, account: str) -> Explored:
        if account in self._listings:
            return self._listings[account].explored
        gap = Unlisted(BUCKET, account, "", _LOST)
        return Explored(access=Access(), place=Place(account), unlisted=(gap,))


def _broken(unit_id: str) -> Unit:
    """A unit that s3audit broke on, so that it has no file."""
    account, _, rest = unit_id.partition("/")
    region, _, name = rest.rpartition("/")
    kind: Literal["buckets", "context"] = "buckets" if name.startswith("buckets-") else "context"
    place = Place("" if account == NO_ACCOUNT else account)
    return Unit(id=unit_id, kind=kind, place=place, region="" if region == NO_REGION else region)


def _plans(listing: ListingHeader, units: Iterable[Unit], lost: Collection[str]) -> tuple[Plan, ...]:
    """The units of an account; the buckets of those that are lost are the ones that no other has."""
    explored = listing.explored
    units = tuple(sorted(units, key=lambda unit: unit.id))
    here = {one.name for unit in units for one in unit.buckets} | {one.name for one, _ in listing.left_out}
    rest: dict[str, list[ListedBucket]] = {}
    for one in explored.buckets:
        if one.name not in here:
            rest.setdefault(one.region, []).append(one)
    filled = [
        msgspec.structs.replace(unit, buckets=tuple(rest.pop(unit.region, ()))) if unit.id in lost else unit
        for unit in units
    ]
    return (Plan(explored, tuple(filled), listing.left_out),)
