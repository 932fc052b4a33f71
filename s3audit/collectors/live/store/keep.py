"""Writes a snapshot while a scan is on, and takes up one that was ended, at whatever moment that was."""

import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from time import time
from typing import Any

import msgspec

from s3audit import __version__
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.store.begin import StoreError, close, mark_of, prepare
from s3audit.collectors.live.store.folder import BusyError, Folder
from s3audit.collectors.live.store.frames import (
    file_of,
    frame,
    listing_file,
    listing_header,
    unframe,
    unit_header,
)
from s3audit.collectors.live.store.manifest import (
    MANIFEST,
    RUN,
    Asked,
    Kept,
    Manifest,
    ManifestError,
    asked_of,
    manifest,
    read_manifest,
    written,
)
from s3audit.collectors.live.store.redact import Redaction, Whole
from s3audit.collectors.live.store.work import Work, find_work, sweep_work
from s3audit.collectors.live.unit import Part, Unit
from s3audit.collectors.live.wanted import Wanted
from s3audit.collectors.snapshot import SnapshotError, framed

_LONG_AGO = 3600
"""Seconds after which what an account tells may be no longer so."""
_TROUBLE = (OSError, ValueError, SnapshotError, msgspec.MsgspecError)


class Run(msgspec.Struct):
    """One run, of the several that a snapshot may take: all that differs from run to run."""

    began: str
    version: str = __version__
    python: str = ""
    botocore: str = ""
    ended: str = ""
    seconds: float = 0.0
    finished: bool = False
    taken_up: int = 0
    """Units that an earlier run had read."""
    units: dict[str, float] = {}
    """After how many seconds each of the others was there."""
    requests: list[Any] = []
    """What AWS wants to know of calls that went wrong."""


class _Runs(msgspec.Struct):
    s3audit_run: int = 1
    runs: list[Run] = []


def open_store(
    path: str,
    wanted: Wanted,
    *,
    redact: bool = False,
    overwrite: bool = False,
    to_be_told: bool = False,
    clock: Callable[[], float] = time,
    requests: Callable[[], Iterable[Any]] = tuple,
) -> "Store":
    """Begin a snapshot there, or go on with it; raises StoreError where there is something else.

    One that is `to_be_told` is not closed before `settle`: a run that is ended before it has told what it has seen is
    gone on with too.
    """
    asked = asked_of(wanted, redacted=redact)
    folder = Folder(path)
    try:
        folder.make()
        folder.lock()
        work = prepare(folder, asked, overwrite=overwrite)
        sweep_work(path, clock())
        store = Store(folder, work, asked, clock, requests, to_be_told=to_be_told)
    except BusyError:
        folder.unlock()
        raise StoreError(f"another scan writes into {path} now") from None
    except OSError as error:
        folder.unlock()
        raise StoreError(f"the snapshot can't be written to {path}: {error.strerror or error}") from None
    except BaseException:
        folder.unlock()
        raise
    return store


def settle(path: str) -> None:
    """Close a snapshot that is whole, now that somebody was told what it holds."""
    folder = Folder(path)
    try:
        folder.lock()
    except (BusyError, OSError):  # somebody goes on with it
        return
    try:
        mark = mark_of(folder)
        told = read_manifest(folder.read(MANIFEST) or b"")
        if mark is not None and not mark.clearing and not told.not_read and not told.not_entered:
            close(folder, find_work(mark.work, path))
    except (OSError, ManifestError, StoreError):
        return
    finally:
        folder.unlock()


class Store:
    """A snapshot that is being written; what goes wrong with that ends the snapshot and not the scan."""

    def __init__(
        self,
        folder: Folder,
        work: Work | None,
        asked: Asked,
        clock: Callable[[], float],
        requests: Callable[[], Iterable[Any]],
        *,
        to_be_told: bool,
    ) -> None:
        self.path = folder.path
        self.broken = ""
        """Why nothing more is written."""
        self.finished = False
        self.lacks = False
        """Whether it is finished but for what s3audit broke on, which the next run tries again."""
        self._root = folder
        self._work = work
        self._asked = asked
        self._clock = clock
        self._requests = requests
        self._to_be_told = to_be_told
        self._units: dict[str, Unit] = {}
        self._parts: dict[str, tuple[Kept, Unit, Part]] = {}
        """By the file that they are in."""
        self._started = clock()
        self._runs = _runs(folder)
        self._run = Run(_when(self._started), python=platform.python_version(), botocore=_botocore())
        self._runs.runs.append(self._run)
        folder.write(RUN, written(self._runs))

    @property
    def is_redacted(self) -> bool:
        return self._asked.redacted

    @property
    def working_copy(self) -> str:
        """Where that lies which is not redacted; empty where it is nowhere."""
        return "" if self._work is None else self._work.path

    @property
    def taken_up(self) -> tuple[int, str]:
        """How many units earlier runs had read and when the first of them began, if that is long ago."""
        first = self._runs.runs[0].began
        with suppress(ValueError):
            if self._run.taken_up and self._started - datetime.fromisoformat(first).timestamp() > _LONG_AGO:
                return self._run.taken_up, first
        return 0, ""

    def done(self, unit: Unit) -> Part | None:
        """What an earlier run has seen of just this unit, if all of it is there."""
        self._units[unit.id] = unit
        folder = self._readable
        try:
            data = None if folder is None else folder.read(file_of(unit))
            if data is None:
                return None
            header, part = unframe(data, "")
        except (SnapshotError, OSError):
            return None
        if header.unit != unit or header.version != __version__:
            return None
        self._note(unit, part, data)
        self._run.taken_up += 1
        return part

    @property
    def _readable(self) -> Folder | None:
        """Where the units lie as they were read."""
        if self._asked.redacted:
            return None if self._work is None else self._work.folder
        return self._root

    def save(self, part: Part) -> None:
        """Keep a part; one that was seen again takes the place of the first."""
        if self.broken or part.undone:  # what was not reached is to be read by the next run
            return
        unit = self._units[part.unit]
        try:
            data = frame(unit, part)
            self._write(file_of(unit), data)
        except _TROUBLE as error:
            self._break(error)
            return
        self._note(unit, part, data)
        if not self._asked.redacted:  # their names tell the account
            self._run.units[part.unit] = round(self._clock() - self._started, 3)

    def _write(self, file: str, data: bytes) -> None:
        if not self._asked.redacted:
            self._root.write(file, data)
        elif self._work is not None:
            try:
                self._work.folder.write(file, data)
            except OSError:  # then nobody can go on with it, but it can be finished
                self._work.remove()
                self._work = None

    def finish(self, seen: Seen) -> None:
        """Make it whole: from now on it can be audited."""
        if self.broken or seen.interrupted:
            return
        try:
            final = self._redacted(seen) if self._asked.redacted else self._plain(seen)
            for file in set(self._root.unit_files()).difference(one.file for one in final.files):
                self._root.remove(file)  # of an earlier run and none of this one: buckets come and go
            self._end(finished=True)
            self._root.write(MANIFEST, written(final))
            self.lacks = bool(seen.broken or seen.broken_doors)
            if not self._to_be_told and not self.lacks:
                close(self._root, self._work)
                self._work = None
            self.finished = True
        except _TROUBLE as error:
            self._break(error)

    def close(self) -> None:
        """Let go of it, finished or not."""
        if not self._run.ended:
            with suppress(OSError):
                self._end(finished=False)
        if self._work is not None:
            self._work.folder.unlock()
        self._root.unlock()

    def _plain(self, seen: Seen) -> Manifest:
        """Write what is yet to be written of one that is not redacted."""
        kept = [one for one, _, _ in self._parts.values()]
        for listing in self._listings(seen):
            data = framed(listing.header, ())
            self._root.write(listing.kept.file, data)
            kept.append(msgspec.structs.replace(listing.kept, sha256=sha256(data).hexdigest()))
        return manifest(seen, self._asked, kept)

    def _redacted(self, seen: Seen) -> Manifest:
        """Write all files of one that is."""
        units = [
            Whole(kept, unit_header(unit, part), part.resources) for kept, unit, part in self._parts.values()
        ]
        redaction = Redaction([*units, *self._listings(seen)], manifest(seen, self._asked, ()))
        for file, data in redaction.files():
            self._root.write(file, data)
        return redaction.manifest()

    def _listings(self, seen: Seen) -> Iterator[Whole]:
        """What the accounts told about themselves."""
        planned = {one.explored.place.account: one for one in seen.plans}
        for explored in seen.explored:
            account = explored.place.account
            lists = tuple(sorted({one.kind for one in explored.listings}))
            kept = Kept(file=listing_file(account), sha256="", account=account, lists=lists)
            left_out = planned[account].left_out if account in planned else ()
            yield Whole(kept, listing_header(explored, left_out))

    def _note(self, unit: Unit, part: Part, data: bytes) -> None:
        file = file_of(unit)
        kept = Kept(
            file=file,
            sha256=sha256(data).hexdigest(),
            resources=len(part.resources),
            unit=unit.id,
            kind=unit.kind,
            account=unit.place.account,
            region=unit.region,
            lists=tuple(sorted({one.kind for one in part.listings})),
        )
        self._parts[file] = (kept, unit, part)

    def _break(self, error: Exception) -> None:
        self.broken = str(error.strerror or error) if isinstance(error, OSError) else str(error)

    def _end(self, *, finished: bool) -> None:
        now = self._clock()
        self._run.ended, self._run.seconds = _when(now), round(now - self._started, 3)
        self._run.finished = finished
        if not self._asked.redacted:  # some have the account in them
            self._run.requests = list(self._requests())
        self._root.write(RUN, written(self._runs))


def _runs(folder: Folder) -> _Runs:
    """Those before this one."""
    try:
        return msgspec.json.decode(folder.read(RUN) or b"", type=_Runs)
    except msgspec.DecodeError:
        return _Runs()


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _botocore() -> str:
    try:
        return version("botocore")
    except PackageNotFoundError:
        return ""
