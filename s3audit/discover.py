"""Which files a scan reads.

A path that the user names is read, whatever it is called and whatever git ignores. In a folder, the files
with an extension of ours are, but for what a `.gitignore` leaves out (tracked or not) and for the folders in
which tools keep what is not the user's own. `cdk.out` is read, as its templates are what is deployed, but not
the assets in it.

Links to files are followed, links to folders are not. Nothing is opened here but `.gitignore` and its like;
whether a file that was met in a folder can be opened is for its reader to find out.
"""

import os
import stat
from collections.abc import Callable, Container, Sequence

import msgspec
from msgspec.structs import replace

from s3audit.gitignore import Level, Patterns, is_ignored
from s3audit.location import Location
from s3audit.problem import Problem

EXTENSIONS = (".yaml", ".yml", ".json", ".template", ".tf", ".tofu", ".tfstate")

TOOL_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", "__pycache__", "node_modules"}
)
# A folder and the beginning, up to a dot, of the name of one in it.
TOOL_FOLDERS_WITHIN = frozenset({(".aws-sam", "build"), ("cdk.out", "asset")})

STDIN = "-"

# Of a longer .gitignore only the beginning counts: more files are read then, none less.
_PATTERNS_LIMIT = 256 * 1024

# Emacs marks a file as being edited by such a link to nowhere.
_EDITORS_LOCK = ".#"

_DENIED = "Permission denied, so it is not read. Give the user that runs the scan the right to read it."
_NO_FILE = (
    "This is a pipe, a socket or a device, and only files and folders are opened."
    " To read what another command writes, pipe it in and name `-`."
)


class Source(msgspec.Struct, frozen=True, order=True):
    """A file to read."""

    path: str
    """As reports show it: relative to the current directory where it lies in it, with slashes."""
    file: str
    """What to open; `-` is the standard input."""
    named: bool
    """The user named this very file, so that nothing for us in it is worth a word."""


def discover(paths: Sequence[str]) -> tuple[list[Source], list[Problem]]:
    """The files that these paths stand for, each once, sorted; and what kept us from others."""
    search = _Search()
    for path in dict.fromkeys(paths):
        search.name(path)
    return search.sources(), sorted(search.problems)


class _Folder(msgspec.Struct, frozen=True):
    file: str
    """What to list."""
    absolute: str
    """Where the user sees it. Like `real` it has slashes on every system, and one at its end."""
    real: str
    """Where it is, with no link on the way to it."""
    levels: tuple[Level, ...]
    """What says which files in it are ignored, the nearest last."""


class _Search:
    def __init__(self) -> None:
        try:
            self._here = _with_slash(_posix(os.getcwd()))
        except OSError:  # it was deleted
            self._here = "\0"
        self._met = 0
        self._found: dict[str, tuple[bool, bool, Source]] = {}
        self._real: dict[str, str] = {}
        self._loaded: dict[str, Patterns | None] = {}
        self.problems: set[Problem] = set()

    def sources(self) -> list[Source]:
        return sorted(source for _, _, source in self._found.values())

    def name(self, path: str) -> None:
        """Take in what the user named."""
        if path == STDIN:
            self._add(STDIN, False, Source("<stdin>", STDIN, True))
            return
        shown = path
        try:
            absolute = _absolute(path)
            folder, slash, name = absolute.rpartition("/")
            if (real_folder := self._real.get(folder)) is None:
                real_folder = self._real[folder] = _with_slash(_posix(os.path.realpath(folder + slash)))
            shown = self._prefix(folder + slash, real_folder) + name
            mode = os.stat(path).st_mode
            linked = os.path.islink(absolute)
            real = _posix(os.path.realpath(absolute)) if linked else real_folder + name
            if stat.S_ISDIR(mode):
                real = _with_slash(real)
                self._walk_named(_Folder(path, _with_slash(absolute), real, self._levels_above(real)))
            elif not stat.S_ISREG(mode):
                self._problem(shown, _NO_FILE)
            elif not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
                self._problem(shown, _DENIED)
            else:
                self._add(real, absolute != real, Source(_clean(shown), path, True))
        except (OSError, ValueError) as error:
            self._problem(shown, _why_not(path, error))

    def _walk_named(self, folder: _Folder) -> None:
        entries = self._entries(folder)
        heeding = self._heeding(folder, entries)
        before = self._met
        self._walk(heeding, entries)
        if self._met == before and ".git" not in entries and _ignores_all(heeding):
            self._walk(replace(folder, levels=()), entries)

    def _walk(self, folder: _Folder, entries: dict[str, os.DirEntry[str]]) -> None:
        waiting = self._list(folder, entries)
        while waiting:
            folder = waiting.pop()
            entries = self._entries(folder)
            if "pyvenv.cfg" not in entries:
                waiting += self._list(self._heeding(folder, entries), entries)

    def _entries(self, folder: _Folder) -> dict[str, os.DirEntry[str]]:
        try:
            with os.scandir(folder.file) as listing:
                entries = {entry.name: entry for entry in listing}
        except OSError as error:
            shown = self._prefix(folder.absolute, folder.real)
            self._problem(shown[:-1] or shown or ".", _why_not(folder.file, error))
            return {}
        return dict(sorted(entries.items()))

    def _heeding(self, folder: _Folder, entries: Container[str]) -> _Folder:
        return replace(folder, levels=self._levels(folder.real, folder.levels, entries))

    def _list(self, folder: _Folder, entries: dict[str, os.DirEntry[str]]) -> list[_Folder]:
        """Add the files of a folder, and return the folders in it that are to be walked."""
        folders = []
        absolute, real, levels = folder.absolute, folder.real, folder.levels
        prefix = self._prefix(absolute, real)
        inside = real[:-1].rpartition("/")[2]
        for name, entry in entries.items():
            try:
                if not entry.is_dir(follow_symlinks=False):
                    if name.lower().endswith(EXTENSIONS) and not is_ignored(levels, real + name, False):
                        self._meet(entry, folder, prefix)
                elif name in TOOL_FOLDERS or (inside, name.partition(".")[0]) in TOOL_FOLDERS_WITHIN:
                    continue
                elif not is_ignored(levels, real + name, True):
                    folders.append(_Folder(entry.path, f"{absolute}{name}/", f"{real}{name}/", levels))
            except OSError as error:
                self._problem(prefix + name, _why_not(entry.path, error))
        return folders

    def _meet(self, entry: os.DirEntry[str], folder: _Folder, prefix: str) -> None:
        """Take in what stands in a folder under the name of a file of ours."""
        source = Source(_clean(prefix + entry.name), entry.path, False)
        if entry.is_symlink():
            if entry.name.startswith(_EDITORS_LOCK):
                return
            mode, real = os.stat(entry.path).st_mode, _posix(os.path.realpath(entry.path))
        else:
            mode, real = stat.S_IFREG if entry.is_file() else 0, folder.real + entry.name
        if stat.S_ISREG(mode):
            self._add(real, folder.absolute + entry.name != real, source)
        elif not stat.S_ISDIR(mode):
            self._problem(source.path, _NO_FILE)

    def _add(self, key: str, linked: bool, source: Source) -> None:
        """Of several ways to one file the one that the user named is kept, then the one without a link."""
        self._met += 1
        found = (not source.named, linked, source)
        self._found[key] = min(found, self._found.get(key, found))

    def _prefix(self, absolute: str, real: str) -> str:
        """What reports show before the names in a folder."""
        for place in (absolute, real):
            if place.startswith(self._here):
                return place[len(self._here) :]
        return absolute

    def _problem(self, shown: str, message: str) -> None:
        self.problems.add(Problem(Location(_clean(shown)), "unreadable", message))

    def _levels_above(self, real: str) -> tuple[Level, ...]:
        """What the folders above a named one, up to that of the repository, say about what is in it.

        They say nothing when they ignore the named folder itself: the user wants to see it all the same.
        """
        root = real
        while not os.path.lexists(f"{root}.git"):
            if root == (root := _parent(root)):
                return ()
        levels: tuple[Level, ...] = ()
        place = root
        while place != real:
            levels = self._levels(place, levels, {".git", ".gitignore"} if place == root else {".gitignore"})
            place = real[: real.index("/", len(place)) + 1]
            if is_ignored(levels, place[:-1], True):
                return ()
        return levels

    def _levels(self, real: str, levels: tuple[Level, ...], names: Container[str]) -> tuple[Level, ...]:
        """What bears on the content of a folder that holds these names."""
        found = []
        if ".git" in names:  # another repository, for which nothing outside counts
            levels = ()
            found.append(self._load(_exclude_file(real), os.stat))
        if ".gitignore" in names:
            found.append(self._load(f"{real}.gitignore", os.lstat))  # git follows no link here
        return (*levels, *((patterns, len(real)) for patterns in found if patterns))

    def _load(self, path: str, status: Callable[[str], os.stat_result]) -> Patterns | None:
        if path not in self._loaded:
            self._loaded[path] = None
            try:
                if stat.S_ISREG(status(path).st_mode):
                    with open(path, "rb") as file:
                        content = file.read(_PATTERNS_LIMIT)
                    if len(content) == _PATTERNS_LIMIT:
                        content = content.rpartition(b"\n")[0]  # half a pattern is another pattern
                    patterns = Patterns(content)
                    self._loaded[path] = None if patterns.empty else patterns
            except (FileNotFoundError, NotADirectoryError):
                pass
            except OSError as error:
                folder, _, name = path.rpartition("/")
                self._problem(self._prefix(f"{folder}/", f"{folder}/") + name, _why_not(path, error))
        return self._loaded[path]


def _ignores_all(folder: _Folder) -> bool:
    """Whether it leaves nothing for us to read, by `build/*` or its own `*`: that is to ignore the folder."""
    names = (f"{folder.real}\1{extension}" for extension in EXTENSIONS)
    return all(is_ignored(folder.levels, name, False) for name in names)


def _exclude_file(root: str) -> str:
    """The repository's own list of what to ignore, also where `.git` is a file: a worktree or a submodule."""
    folder = f"{root}.git"
    if os.path.isfile(folder):
        folder = os.path.join(root, _line(folder).removeprefix("gitdir:").strip())
        folder = os.path.join(folder, _line(os.path.join(folder, "commondir")))
    return os.path.join(folder, "info", "exclude")


def _line(path: str) -> str:
    try:
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                return file.readline(4096).rstrip("\n")
    except OSError:
        pass
    return ""


def _why_not(path: str, error: OSError | ValueError) -> str:
    match error:
        case _ if not path:
            return (
                "An empty path was named, perhaps by a variable that is not set. `.` is the current folder."
            )
        case PermissionError():
            return _DENIED
        case FileNotFoundError() | NotADirectoryError() if os.path.islink(path):
            target = _clean(os.readlink(path))
            return f"This link leads to {target}, and there is nothing. Repair the link or remove it."
        case FileNotFoundError() | NotADirectoryError():
            return "There is no such file or folder. A relative path starts from the current directory."
        case OSError(strerror=str(reason)):
            return f"It cannot be read: {reason}."
        case _:
            return "There is no such file or folder: no name holds such characters."


def _absolute(path: str) -> str:
    """The path from the root, with links in it as they are, but for one that a `..` leads back from."""
    if ".." not in path:
        return _posix(os.path.abspath(path))
    folder, name = os.path.split(path.rstrip("/" + os.sep))
    if name in ("", ".", ".."):
        return _posix(os.path.realpath(path))
    return _posix(os.path.join(os.path.realpath(folder), name))


def _posix(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _with_slash(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


def _parent(folder: str) -> str:
    return folder[: folder.rstrip("/").rfind("/") + 1] or folder


def _clean(path: str) -> str:
    """Without lone surrogates: a name that is no text shows its bytes."""
    return path if path.isascii() else path.encode("utf-8", "backslashreplace").decode()


def configuration(folder: str) -> str:
    """The nearest configuration, from a folder upwards to where its repository begins; empty if there is none."""
    folder = os.path.abspath(folder)
    while True:
        own, shared = os.path.join(folder, ".s3audit.toml"), os.path.join(folder, "pyproject.toml")
        if os.path.isfile(own):
            return own
        if _speaks_of_us(shared):
            return shared
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return ""
        folder = above


def _speaks_of_us(path: str) -> bool:
    try:
        with open(path, "rb") as handle:
            return b"tool.s3audit" in handle.read()
    except OSError:
        return False
