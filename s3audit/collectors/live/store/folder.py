"""A folder that is written file by file: each is there as a whole or not at all, whenever the process is ended."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_TEMPORARY = ".tmp"
_FIRST = b'{"s3audit_snapshot'
"""With this the file of a unit begins."""
_MOST = 64
"""Characters of a name."""
_PLAIN = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{_MOST - 1}}}")
_TAKEN = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""By Windows."""
_UNIT_FILE = re.compile(
    rf"_?[a-z0-9][a-z0-9_-]{{0,{_MOST}}}/_?[a-z0-9][a-z0-9_-]{{0,{_MOST}}}/_?[a-z0-9][a-z0-9_-]{{0,{_MOST}}}\.jsonl"
)


def unit_file(account: str, region: str, name: str) -> str:
    """Where a unit is kept below the folder, always with slashes; no text whatever leads out of it."""
    return f"{_name(account, 'store')}/{_name(region, 'global')}/{_name(name, 'unit')}.jsonl"


def is_unit_file(path: str) -> bool:
    """Whether it may be such a place: those of a manifest were written by anybody."""
    return _UNIT_FILE.fullmatch(path) is not None


def _name(text: str, empty: str) -> str:
    """A name that every file system takes as it is, another one for every text."""
    if not text:
        return empty
    if _PLAIN.fullmatch(text) and text != empty and not _TAKEN.fullmatch(text):
        return text
    return f"_{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def temporary_of(name: str) -> str:
    """The name of a file while it is being written."""
    return f".{name}{_TEMPORARY}"


class BusyError(Exception):
    """Another process writes into the folder."""


class Folder:
    """Paths are relative to it and have slashes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = -1

    def make(self) -> None:
        """Make it, and what it is in, where it is not there."""
        if not os.path.isdir(self.path):
            above = os.path.dirname(os.path.abspath(self.path))
            os.makedirs(above, exist_ok=True)
            _mkdir(self.path)

    def lock(self) -> None:
        """Keep others out for as long as the process lives; raises BusyError where one is in."""
        try:
            import fcntl
        except ImportError:  # there is none on Windows
            return
        self._lock = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.unlock()
            raise BusyError from None
        except OSError:  # a file system without locks
            self.unlock()

    def unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def write(self, path: str, data: bytes) -> None:
        """Put a file there as a whole, or leave what was there as it was."""
        *folders, name = path.split("/")
        folder = self.path
        for one in folders:
            folder = os.path.join(folder, one)
            _mkdir(folder)
        temporary = os.path.join(folder, temporary_of(name))
        with suppress(FileNotFoundError):
            os.remove(temporary)
        handle = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE_MODE
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, os.path.join(folder, name))
        _sync(folder)

    def read(self, path: str) -> bytes | None:
        """What is in a file; None where there is none."""
        try:
            with open(self.at(path), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def remove(self, path: str) -> None:
        with suppress(FileNotFoundError):
            os.remove(self.at(path))
        above = os.path.dirname(path)
        while above:  # folders that are empty now
            try:
                os.rmdir(self.at(above))
            except OSError:
                return
            above = os.path.dirname(above)

    def at(self, path: str) -> str:
        return os.path.join(self.path, *path.split("/"))

    def names(self) -> list[str]:
        """What is in it."""
        return sorted(os.listdir(self.path))

    def unit_files(self) -> list[str]:
        """The units that are kept in it; of what somebody else has put there, none."""
        return [path for path in self.files() if is_unit_file(path) and self._is_ours(path)]

    def files(self) -> list[str]:
        """All that is in it, as far down as units are."""
        return list(self._walk("", 3))

    def _is_ours(self, path: str) -> bool:
        try:
            with open(self.at(path), "rb") as file:
                return file.read(len(_FIRST)) == _FIRST
        except OSError:
            return False

    def sweep(self, *names: str) -> None:
        """Remove what was half written when a process was ended: of these files, and of units."""
        for path in self.files():
            above, slash, name = path.rpartition("/")
            if name.startswith(".") and name.endswith(_TEMPORARY):
                whole = f"{above}{slash}{name[1 : -len(_TEMPORARY)]}"
                if whole in names or is_unit_file(whole):
                    self.remove(path)

    def _walk(self, below: str, depth: int) -> Iterator[str]:
        try:
            with os.scandir(self.at(below) if below else self.path) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in found:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                if depth > 1:
                    yield from self._walk(path, depth - 1)
            else:
                yield path


def _mkdir(path: str) -> None:
    try:
        os.mkdir(path, FOLDER_MODE)
    except FileExistsError:
        return
    _sync(os.path.dirname(path) or os.curdir)


def _sync(folder: str) -> None:
    """Let the names in it outlive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
