"""Bytes of a file to its documents: encoding, then JSON or YAML."""

import codecs
import gc
import re

from s3audit.collectors.documents.json_reader import JsonError, parse_json
from s3audit.collectors.documents.problems import Problems
from s3audit.collectors.documents.tree import Document, Lines
from s3audit.location import Location
from s3audit.problem import Problem

# The longer mark first: UTF-16's begins UTF-32's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FLOW = r"[ \t\r\n]*+[{\[]"
# YAML would take such a comment for a part of the next key.
_COMMENT = r"(?:^|[,{\[])[ \t]*+/[/*]"


def encoding(data: bytes) -> tuple[str, int]:
    """The encoding that the first bytes show, and the length of the byte order mark."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, len(mark)
    if data[1:4:2] == b"\0\0":
        return "utf-16-le", 0
    return ("utf-16-be" if data[:4:2] == b"\0\0" else "utf-8"), 0


def decode(data: bytes, errors: str = "replace") -> str:
    """The text without byte order marks. `tree.Lines` cuts it into the lines that places count."""
    name, skipped = encoding(data)
    # Some files have two marks; libyaml would take the second for the first and not count it.
    return data[skipped:].decode(name, errors).lstrip("\ufeff")


def read(data: bytes, source: str, *, limit: int = 10_000_000) -> tuple[list[Document], list[Problem]]:
    """The documents of a file and what could not be read of it; never raises for bad input.

    A problem of the kind "unreadable" means that something is missing from the documents.
    """
    if len(data) > limit:
        return [], [Problem(Location(source), "unreadable", _too_large(len(data), limit))]
    try:
        text = decode(data, "strict")
    except UnicodeDecodeError as error:
        return [], [_undecodable(error, source)]
    # The collector finds nothing to free in a growing tree, and looks again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read(text, source)
    finally:
        if collecting:
            gc.enable()


def _read(text: str, source: str) -> tuple[list[Document], list[Problem]]:
    if not re.match(_FLOW, text):
        return _read_yaml(text, source)
    problems = Problems(source, Lines(text))
    try:
        return [parse_json(text, problems)], problems.found
    except JsonError as error:
        if error.maybe_yaml and not re.search(_COMMENT, text, re.MULTILINE):
            documents, others = _read_yaml(text, source)
            place = problems.lines.place(error.offset)
            # Of two attempts, the one that came further tells more.
            stops = [
                (at.line, at.column) for at in (other.at for other in others if other.kind == "unreadable")
            ]
            if not stops or stops[0] > place:
                return documents, others
        problems.stop(error)
        return [], problems.found


def _read_yaml(text: str, source: str) -> tuple[list[Document], list[Problem]]:
    if not text.strip():
        return [], []
    from s3audit.collectors.documents.yaml_reader import read_yaml

    return read_yaml(text, source)


def _too_large(size: int, limit: int) -> str:
    return (
        f"The file has {size:,} bytes, more than the {limit:,} that are read; CloudFormation itself takes "
        f"templates of up to 1 MB. To read it all the same: --max-size {size}."
    )


def _undecodable(error: UnicodeDecodeError, source: str) -> Problem:
    before = error.object[: error.start].decode(error.encoding)
    line, column = Lines(before).place(len(before))
    return Problem(
        Location(source, "", line, column, line, column),
        "unreadable",
        f"The byte 0x{error.object[error.start]:02X} is no {error.encoding.upper()}: save the file as UTF-8.",
    )
