"""A few source lines around a place, with the place cut out of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s3audit.location import Location
from s3audit.renderers.clean import visible

AROUND = 1
MOST_LINES = 8
LONGEST = 160
CUT = "…"
TAB = "    "


class Row(NamedTuple):
    """One line: what stands before the place, the place, and what follows."""

    number: int
    before: str
    marked: str
    after: str


def excerpt(lines: Sequence[str] | None, at: Location) -> list[Row]:
    """The lines of the place and one around them; none when the text is gone."""
    if lines is None or not 0 < at.line <= len(lines):
        return []
    last = min(max(at.end_line, at.line), at.line + MOST_LINES - 1, len(lines))
    end = min(last + AROUND, len(lines))
    if end > last and not lines[end - 1].strip():
        end -= 1
    rows = range(max(at.line - AROUND, 1), end + 1)
    return list(_rows(lines, at, rows))


def _rows(lines: Sequence[str], at: Location, numbers: range) -> Iterator[Row]:
    end_line = max(at.end_line, at.line)
    for number in numbers:
        line = lines[number - 1].rstrip("\r\n")
        if not at.line <= number <= end_line:
            yield Row(number, _head(line, 0, len(line)), "", "")
            continue
        start = max(at.column, 1) - 1 if number == at.line else len(line) - len(line.lstrip())
        end = at.end_column - 1 if number == end_line and at.end_column else len(line.rstrip())
        end = max(start, min(end, len(line)))
        yield Row(number, _tail(line, start), _head(line, start, end), _head(line, end, len(line)))


def _head(line: str, start: int, end: int) -> str:
    """The first characters of a part: a minified file is one line of megabytes."""
    return _clean(line[start : min(end, start + LONGEST)]) + (CUT if end > start + LONGEST else "")


def _tail(line: str, end: int) -> str:
    """The last characters before a place."""
    start = max(0, end - LONGEST)
    return (CUT if start else "") + _clean(line[start:end])


def _clean(code: str) -> str:
    """Tabs become spaces; whatever else does not show is written as its escape."""
    return code if code.isprintable() else "".join(TAB if c == "\t" else visible(c) for c in code)
