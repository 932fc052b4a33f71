"""An estate kept in a file: one line that says what follows, then one line for each resource."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any, TypeVar

import msgspec

from s3audit import __version__
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.estate import Estate, Listing, Unlisted, Unread
from s3audit.model.folded import Folded, line_of, resource_of
from s3audit.problem import Problem
from s3audit.setting import NOT_COLLECTED, Unknown

FORMAT = 1
_SEAL = b'{"sha256":"%s"}\n'


class SnapshotError(Exception):
    """A file that is no snapshot, or one that a newer version has written; the message says which."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    s3audit_snapshot: int = FORMAT
    version: str = __version__
    """Of the s3audit that wrote it: what it did not know of was not collected."""
    sealed: bool = False
    """The last line has the hash of all those before it."""
    kinds: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    unread: tuple[Unread, ...] = ()
    problems: tuple[Problem, ...] = ()


H = TypeVar("H", bound=Header)


def write(estate: Estate, version: str = __version__) -> bytes:
    """The estate as JSON lines, the same bytes for the same estate."""
    header = Header(
        version=version,
        kinds=tuple(sorted(estate.kinds)),
        listings=estate.listings,
        unlisted=estate.not_listed,
        unread=tuple(estate.not_read.values()),
        problems=estate.problems,
    )
    return framed(header, estate.resources)


def read(data: bytes, source: str) -> Estate:
    """The estate that was written; raises `SnapshotError` with the line that can't be read."""
    header, resources = unframed(data, source, Header)
    return Estate(
        resources=resources,
        kinds=frozenset(header.kinds),
        listings=header.listings,
        not_listed=header.unlisted,
        not_read=header.unread,
        problems=lambda: header.problems,
    )


def framed(header: Header, resources: Iterable[Resource]) -> bytes:
    """The lines of a file, with a seal if the header promises one."""
    lines = resources.lines if isinstance(resources, Folded) else map(line_of, resources)
    return sealed(header, b"".join(line + b"\n" for line in (line_of(header), *lines)))


def sealed(header: Header, lines: bytes) -> bytes:
    """The same, with the hash of all of it as the last line if the header promises that."""
    return lines + _SEAL % sha256(lines).hexdigest().encode() if header.sealed else lines


def unframed(data: bytes, source: str, form: type[H]) -> tuple[H, Folded]:
    """What was framed; raises `SnapshotError` with the line that can't be read, and where the seal is broken."""
    header = header_of(data, source, form)
    if header.sealed:
        data = _unsealed(data, source)
    resources = _resources(data, source)
    if header.version != __version__:
        gap = Unknown(f"not collected by version {header.version}", Location(source))
        resources = (_filled(resource, gap) for resource in resources)
    return header, Folded(resources)


def header_of(data: bytes, source: str, form: type[H]) -> H:
    """The first line."""
    line = data.split(b"\n", 1)[0]
    try:
        first = msgspec.json.decode(line, type=_First)
        if first.s3audit_snapshot > FORMAT:
            raise SnapshotError(
                f"{source} was written by s3audit {first.version} in format {first.s3audit_snapshot};"
                f" this is {__version__}, which reads up to format {FORMAT}. Update s3audit."
            )
        return msgspec.json.decode(line, type=form)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{source} is no snapshot of s3audit: {error}") from None


class _First(msgspec.Struct):
    """What every format has."""

    s3audit_snapshot: int = FORMAT
    version: str = __version__


def _unsealed(data: bytes, source: str) -> bytes:
    place = data.rfind(b"\n", 0, -1) + 1
    lines, seal = data[:place], data[place:]
    if seal != _SEAL % sha256(lines).hexdigest().encode():
        raise SnapshotError(f"{source} is not as it was written: it was cut off or changed.")
    return lines


def _resources(data: bytes, source: str) -> Iterator[Resource]:
    lines = BytesIO(data)
    lines.readline()
    for number, line in enumerate(lines, 2):
        try:
            yield resource_of(line)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise SnapshotError(f"{source}:{number} can't be read as a resource: {error}") from None


def _filled(value: Any, gap: Unknown) -> Any:
    """The same value with `gap` for every setting that the file does not have."""
    if value is NOT_COLLECTED:
        return gap
    if isinstance(value, tuple):
        return tuple(_filled(item, gap) for item in value)
    if not isinstance(value, msgspec.Struct):
        return value
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    changed = {name: new for name, old in fields.items() if (new := _filled(old, gap)) is not old}
    return msgspec.structs.replace(value, **changed) if changed else value
