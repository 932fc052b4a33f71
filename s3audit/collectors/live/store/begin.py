"""Where a snapshot begins: what an earlier run has left in its folder, and what of that counts."""

from secrets import token_hex

import msgspec

from s3audit.collectors.live.store.folder import Folder, temporary_of
from s3audit.collectors.live.store.manifest import (
    MANIFEST,
    RUN,
    UNFINISHED,
    Asked,
    ManifestError,
    Unfinished,
    differing,
    read_manifest,
    read_unfinished,
    written,
)
from s3audit.collectors.live.store.work import Work, find_work, make_work


class StoreError(Exception):
    """Nothing can be written there; the message says why and what to do, without a full stop."""


def prepare(folder: Folder, asked: Asked, *, overwrite: bool) -> Work | None:
    """Leave there only what this scan can go on with; returns the working copy of one that is redacted."""
    path = folder.path
    names = [name for name in folder.names() if name != temporary_of(UNFINISHED)]
    mark = mark_of(folder)
    if mark is None:
        if MANIFEST in names:
            _whose(folder)
            if not overwrite:
                raise _finished(path)
            return _clear(folder, asked)
        if names:
            raise StoreError(f"{path} is no snapshot and is not empty: name a folder that is new or empty")
        return _begin(folder, asked)
    folder.sweep(MANIFEST, RUN, UNFINISHED)
    work = find_work(mark.work, path)
    begun = mark.asked
    if mark.clearing or overwrite:
        return _clear(folder, asked, mark)
    if mark.asked.redacted:
        found = None if work is None else work.asked()
        if found is None:  # so nobody can go on with it
            if MANIFEST in names:
                close(folder, work)
                raise _finished(path)
            return _clear(folder, asked, mark)
        begun = found
    if options := differing(begun, asked):
        if not (work.folder if work else folder).unit_files():
            return _clear(folder, asked, mark)
        raise StoreError(
            f"the snapshot in {path} was begun with another {' and another '.join(options)}: go on with the same"
            " options, name another folder, or begin anew with --overwrite"
        )
    folder.remove(MANIFEST)  # until it is whole again
    if work is not None:
        work.folder.lock()
    return work


def _finished(path: str) -> StoreError:
    return StoreError(
        f"there is a finished snapshot in {path}: audit it with `s3audit scan {path}`, name another"
        " folder, or replace it with --overwrite"
    )


def mark_of(folder: Folder) -> Unfinished | None:
    """What a run that was ended has left."""
    data = folder.read(UNFINISHED)
    try:
        return None if data is None else read_unfinished(data)
    except ManifestError as error:
        raise StoreError(f"{folder.at(UNFINISHED)} can't be read, {error}; name another folder") from None


def _whose(folder: Folder) -> None:
    """See that it is ours before anything is removed."""
    try:
        read_manifest(folder.read(MANIFEST) or b"")
    except ManifestError as error:
        raise StoreError(f"{folder.at(MANIFEST)} can't be read, {error}; name another folder") from None


def _begin(folder: Folder, asked: Asked) -> Work | None:
    """Mark it as begun; of one that is redacted the mark leads to the working copy and tells nothing else."""
    if not asked.redacted:
        folder.write(UNFINISHED, written(Unfinished(asked=asked)))
        return None
    name = token_hex(16)
    folder.write(UNFINISHED, written(Unfinished(asked=Asked(redacted=True), work=name)))
    return make_work(name, asked, folder.path)


def _clear(folder: Folder, asked: Asked, mark: Unfinished | None = None) -> Work | None:
    """Begin anew; whenever it is ended, the next one knows that nothing of what is left counts."""
    before = mark or Unfinished()
    folder.write(UNFINISHED, written(msgspec.structs.replace(before, clearing=True)))
    for name in (MANIFEST, RUN):
        folder.remove(name)
    for file in folder.unit_files():
        folder.remove(file)
    if work := find_work(before.work, folder.path):
        work.remove()
    return _begin(folder, asked)


def close(folder: Folder, work: Work | None) -> None:
    """The last steps, in an order in which nothing that is not redacted outlives the mark that leads to it."""
    if work is not None:
        work.remove()
    folder.remove(UNFINISHED)
