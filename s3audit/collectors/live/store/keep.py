"""Writes a snapshot while a scan is on, and takes up one that was ended, at whatever moment that was."""

import os
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from time import time
from typing import Any

import msgspec

from s3audit import __version__
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.store.folder import BusyError, Folder, temporary_of
from s3audit.collectors.live.store.frames import file_of, frame, frame_listing, listing_file, unframe
from s3audit.collectors.live.store.manifest import (
    MANIFEST,
    RUN,
    UNFINISHED,
    Asked,
    Kept,
    ManifestError,
    Unfinished,
    asked_of,
    differing,
    manifest,
    read_manifest,
    read_unfinished,
    written,
)
from s3audit.collectors.live.store.redact import Redaction
from s3audit.collectors.live.unit import Part, Unit
from s3audit.collectors.live.wanted import Wanted
from s3audit.collectors.snapshot import SnapshotError

ORIGINALS = "not-redacted"
"""Where the units lie until all is known that has to be taken out of them."""
READY = "manifest.ready"
"""The manifest, until what is not redacted is removed: only then may it stand for the whole."""


_TROUBLE = (OSError, ValueError, SnapshotError, msgspec.MsgspecError)


class StoreError(Exception):
    """Nothing can be written there; the message says why and what to do, without a full stop."""


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
    clock: Callable[[], float] = time,
    requests: Callable[[], Iterable[Any]] = tuple,
) -> "Store":
    """Begin a snapshot there, or go on with it; raises StoreError where there is something else."""
    asked = asked_of(wanted, redacted=redact)
    folder = Folder(path)
    try:
        folder.make()
        folder.lock()
        _prepare(folder, asked, overwrite=overwrite)
        store = Store(folder, asked, clock, requests)
    except BusyError:
        raise StoreError(f"another scan writes into {path} now") from None
    except OSError as error:
        folder.unlock()
        raise StoreError(f"the snapshot can't be written to {path}: {error.strerror or error}") from None
    except BaseException:
        folder.unlock()
        raise
    return store


def _prepare(folder: Folder, asked: Asked, *, overwrite: bool) -> None:
    """Leave there only what this scan can go on with."""
    path = folder.path
    names = [name for name in folder.names() if name != temporary_of(UNFINISHED)]
    mark = _mark(folder)
    if mark is not None:
        folder.sweep(MANIFEST, READY, RUN, UNFINISHED)
    if mark is not None and (mark.clearing or overwrite):
        _clear(folder, asked)
    elif READY in names or (mark is None and MANIFEST in names):
        _whose(folder, READY if READY in names else MANIFEST)
        if READY in names:
            _close(folder)
        if not overwrite:
            raise StoreError(
                f"there is a finished snapshot in {path}: audit it with `s3audit scan {path}`, name another"
                " folder, or replace it with --overwrite"
            )
        _clear(folder, asked)
    elif mark is None:
        if names:
            raise StoreError(f"{path} is no snapshot and is not empty: name a folder that is new or empty")
        folder.write(UNFINISHED, written(Unfinished(asked=asked)))
    elif options := differing(mark.asked, asked):
        if not folder.unit_files() and not _originals(folder).unit_files():
            folder.write(UNFINISHED, written(Unfinished(asked=asked)))
            return
        raise StoreError(
            f"the snapshot in {path} was begun with another {' and another '.join(options)}: go on with the same"
            " options, name another folder, or begin anew with --overwrite"
        )


def _mark(folder: Folder) -> Unfinished | None:
    """What a run that was ended has left."""
    data = folder.read(UNFINISHED)
    try:
        return None if data is None else read_unfinished(data)
    except ManifestError as error:
        raise StoreError(f"{folder.at(UNFINISHED)} can't be read, {error}; name another folder") from None


def _whose(folder: Folder, name: str) -> None:
    """See that it is ours before anything is removed."""
    try:
        read_manifest(folder.read(name) or b"")
    except ManifestError as error:
        raise StoreError(f"{folder.at(name)} can't be read, {error}; name another folder") from None


def _clear(folder: Folder, asked: Asked) -> None:
    """Begin anew; whenever it is ended, the next one knows that nothing of what is left counts."""
    folder.write(UNFINISHED, written(Unfinished(clearing=True, asked=asked)))
    for name in (MANIFEST, READY, RUN):
        folder.remove(name)
    for file in folder.unit_files():
        folder.remove(file)
    _remove_originals(folder)
    folder.write(UNFINISHED, written(Unfinished(asked=asked)))


def _close(folder: Folder) -> None:
    """The last steps, in an order in which a manifest never stands beside what is not redacted."""
    _remove_originals(folder)
    folder.remove(UNFINISHED)
    if os.path.exists(folder.at(READY)):
        os.replace(folder.at(READY), folder.at(MANIFEST))


def _originals(folder: Folder) -> Folder:
    return Folder(folder.at(ORIGINALS))


def _remove_originals(folder: Folder) -> None:
    originals = _originals(folder)
    for file in originals.files():
        originals.remove(file)
    with suppress(FileNotFoundError):
        os.rmdir(originals.path)


class Store:
    """A snapshot that is being written; what goes wrong with that ends the snapshot and not the scan."""

    def __init__(
        self,
        folder: Folder,
        asked: Asked,
        clock: Callable[[], float],
        requests: Callable[[], Iterable[Any]],
    ) -> None:
        self.path = folder.path
        self.broken = ""
        """Why nothing more is written."""
        self.finished = False
        self._root = folder
        self._folder = folder
        self._asked = asked
        self._clock = clock
        self._requests = requests
        self._units: dict[str, Unit] = {}
        self._kept: dict[str, Kept] = {}
        self._started = clock()
        if asked.redacted:
            self._folder = _originals(folder)
            self._folder.make()
            self._folder.sweep()
        self._runs = _runs(folder)
        self._run = Run(_when(self._started), python=platform.python_version(), botocore=_botocore())
        self._runs.runs.append(self._run)
        folder.write(RUN, written(self._runs))

    def done(self, unit: Unit) -> Part | None:
        """What an earlier run has seen of just this unit, if all of it is there."""
        self._units[unit.id] = unit
        try:
            data = self._folder.read(file_of(unit))
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

    def save(self, part: Part) -> None:
        """Keep a part; one that was seen again takes the place of the first."""
        if self.broken or part.undone:  # what was not reached is to be read by the next run
            return
        unit = self._units[part.unit]
        try:
            data = frame(unit, part)
            self._folder.write(file_of(unit), data)
        except _TROUBLE as error:
            self._break(error)
            return
        self._note(unit, part, data)
        if not self._asked.redacted:  # their names tell the account
            self._run.units[part.unit] = round(self._clock() - self._started, 3)

    def finish(self, seen: Seen) -> None:
        """Make it whole: from now on it can be audited."""
        if self.broken or seen.interrupted:
            return
        try:
            self._listings(seen)
            if self._asked.redacted:
                self._redact(seen)
            else:
                self._remove_others(self._root, self._kept)
                self._end(finished=True)
                self._root.write(MANIFEST, written(manifest(seen, self._asked, self._kept.values())))
            _close(self._root)
            self.finished = True
        except _TROUBLE as error:
            self._break(error)

    def close(self) -> None:
        """Let go of it, finished or not."""
        if not self._run.ended:
            with suppress(OSError):
                self._end(finished=False)
        self._root.unlock()

    def _listings(self, seen: Seen) -> None:
        planned = {one.explored.place.account: one for one in seen.plans}
        for explored in seen.explored:
            account = explored.place.account
            data = frame_listing(explored, planned[account].left_out if account in planned else ())
            file = listing_file(account)
            self._folder.write(file, data)
            lists = tuple(sorted({one.kind for one in explored.listings}))
            self._kept[file] = Kept(file=file, sha256=sha256(data).hexdigest(), account=account, lists=lists)

    def _redact(self, seen: Seen) -> None:
        redaction = Redaction(self._folder, self._kept.values(), manifest(seen, self._asked, ()))
        for file, data in redaction.files():
            self._root.write(file, data)
        final = redaction.manifest()
        self._remove_others(self._root, [one.file for one in final.files])
        self._end(finished=True)
        self._root.write(READY, written(final))

    def _remove_others(self, folder: Folder, kept: Iterable[str]) -> None:
        """Units of an earlier run that are none of this one: buckets come and go."""
        for file in set(folder.unit_files()).difference(kept):
            folder.remove(file)

    def _note(self, unit: Unit, part: Part, data: bytes) -> None:
        file = file_of(unit)
        self._kept[file] = Kept(
            file=file,
            sha256=sha256(data).hexdigest(),
            resources=len(part.resources),
            unit=unit.id,
            kind=unit.kind,
            account=unit.place.account,
            region=unit.region,
            lists=tuple(sorted({one.kind for one in part.listings})),
        )

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
