"""An estate kept in a file: one line that says what follows, then one line for each resource."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

import msgspec

from s3audit import __version__
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.estate import Estate, Listing
from s3audit.model.kinds import KINDS
from s3audit.problem import Problem
from s3audit.setting import NOT_COLLECTED, Unknown

FORMAT = 1


class SnapshotError(Exception):
    """A file that is no snapshot, or one that a newer version has written; the message says which."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    s3audit_snapshot: int = FORMAT
    version: str = __version__
    """Of the s3audit that wrote it: what it did not know of was not collected."""
    kinds: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    problems: tuple[Problem, ...] = ()


def write(estate: Estate, version: str = __version__) -> bytes:
    """The estate as JSON lines, the same bytes for the same estate."""
    header = Header(
        version=version,
        kinds=tuple(sorted(estate.kinds)),
        listings=estate.listings,
        problems=estate.problems,
    )
    encode = msgspec.json.Encoder().encode
    return b"".join(encode(line) + b"\n" for line in (header, *estate.resources))


def read(data: bytes, source: str) -> Estate:
    """The estate that was written; raises `SnapshotError` with the line that can't be read."""
    lines = data.splitlines()
    try:
        header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
    except msgspec.DecodeError as error:
        raise SnapshotError(f"{source} is no snapshot of s3audit: {error}") from None
    if header.s3audit_snapshot > FORMAT:
        raise SnapshotError(
            f"{source} was written by s3audit {header.version} in format {header.s3audit_snapshot};"
            f" this is {__version__}, which reads up to format {FORMAT}. Update s3audit."
        )
    resources = tuple(_resources(lines[1:], source))
    if header.version != __version__:
        gap = Unknown(f"not collected by version {header.version}", Location(source))
        resources = tuple(_filled(resource, gap) for resource in resources)
    return Estate(
        resources=resources,
        kinds=frozenset(header.kinds),
        listings=header.listings,
        problems=lambda: header.problems,
    )


def _resources(lines: Iterable[bytes], source: str) -> Iterator[Resource]:
    decode = msgspec.json.Decoder(reduce(or_, KINDS.values())).decode
    for number, line in enumerate(lines, 2):
        try:
            yield decode(line)
        except msgspec.DecodeError as error:
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
