"""Where a redacted snapshot keeps what it has read until it is finished: outside of its folder, for its owner alone.

It lies where temporary files do, below `s3audit-UID`. What is there is what a run that was ended is gone on with;
without it that begins anew.
"""

import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress

import msgspec

from s3audit.collectors.live.store.folder import FOLDER_MODE, BusyError, Folder
from s3audit.collectors.live.store.manifest import Asked, written

MOST_DAYS = 7
"""So long it is kept for a scan that is never gone on with."""
_ASKED = "asked.json"
_NAME = re.compile(r"[0-9a-f]{32}")


class Work:
    """The working copy of one snapshot."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    @property
    def path(self) -> str:
        return self.folder.path

    def asked(self) -> Asked | None:
        """What it was begun with; None where that is not there as a whole."""
        try:
            return msgspec.json.decode(self.folder.read(_ASKED) or b"", type=Asked)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def remove(self) -> None:
        self.folder.unlock()
        shutil.rmtree(self.path, ignore_errors=True)


def make_work(name: str, asked: Asked, beside: str) -> Work | None:
    """Begin one; None where there is no place from which others can be kept out."""
    try:
        above = _above(beside)
        if above is None:
            return None
        with suppress(FileExistsError):
            os.mkdir(above, FOLDER_MODE)
        if not _is_ours(above):
            return None
        folder = Folder(os.path.join(above, name))
        folder.make()
        folder.lock()
        folder.write(_ASKED, written(asked))
    except (OSError, BusyError):
        return None
    return Work(folder)


def find_work(name: str, beside: str) -> Work | None:
    """The one that an earlier run has begun, if it is still there."""
    above = _above(beside)
    if above is None or not _NAME.fullmatch(name):
        return None
    path = os.path.join(above, name)
    if not _is_ours(above) or not _is_ours(path):
        return None
    return Work(Folder(path))


def sweep_work(beside: str, now: float) -> None:
    """Remove those that nobody has gone on with for long."""
    above = _above(beside)
    if above is None or not _is_ours(above):
        return
    with suppress(OSError):
        for name in os.listdir(above):
            path = os.path.join(above, name)
            if _NAME.fullmatch(name) and _is_ours(path) and os.stat(path).st_mtime < now - MOST_DAYS * 86_400:
                work = Work(Folder(path))
                with suppress(BusyError):
                    work.folder.lock()
                    work.remove()


def _above(beside: str) -> str | None:
    """The folder of all of them; never in the snapshot, nor where it would be taken for a result."""
    try:
        temporary = os.path.realpath(tempfile.gettempdir())
    except OSError:
        return None
    snapshot = os.path.realpath(beside)
    if f"{temporary}{os.sep}".startswith(f"{snapshot}{os.sep}") or _is_only_here(temporary):
        return None
    return os.path.join(temporary, f"s3audit-{_user()}")


def _is_only_here(temporary: str) -> bool:
    """Whether it is the folder of the process, which Python names where no place is for temporary files."""
    if temporary != os.path.realpath(os.curdir):
        return False
    asked_for = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return not asked_for and os.path.basename(temporary) != "tmp"


def _is_ours(path: str) -> bool:
    """Whether it is a folder of this user's that nobody else gets into."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if os.name == "nt":
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and not stat.S_IMODE(found.st_mode) & 0o077


def _user() -> int:
    of_system = getattr(os, "getuid", None)
    return 0 if of_system is None else int(of_system())
