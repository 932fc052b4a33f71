"""The diagnostic format of reviewdog, whose columns count bytes of UTF-8."""

from collections.abc import Iterator, Sequence
from typing import Any

from s3audit.finding import Report, Sheet
from s3audit.renderers.clean import clean
from s3audit.renderers.encode import array
from s3audit.renderers.marks import Mark, marks
from s3audit.renderers.uri import path

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def pieces(report: Report, sheet: Sheet) -> Iterator[str]:
    lines = _Lines(sheet)
    yield '{"source":{"name":"s3audit"},"diagnostics":'
    # The bracket of the array ends in a newline, which the brace that follows takes along.
    yield from array(_told(mark, lines) for mark in marks(report))
    yield "}\n"


def _told(mark: Mark, lines: "_Lines") -> dict[str, Any]:
    at = mark.at
    place: dict[str, Any] = {"path": path(at.source)}
    if at.line:
        place["range"] = {"start": lines.position(at.source, at.line, at.column)}
        if at.end_line:
            place["range"]["end"] = lines.position(at.source, at.end_line, at.end_column)
    return {
        "message": mark.text,
        "location": place,
        "severity": _SEVERITIES[mark.level],
        "code": {"value": clean(mark.id)},
    }


class _Lines:
    """The sources of one report, each read once."""

    def __init__(self, sheet: Sheet) -> None:
        self._read = sheet.lines
        self._known: dict[str, Sequence[str] | None] = {}

    def position(self, source: str, line: int, column: int) -> dict[str, int]:
        """Without a column where the text is gone: nobody knows how many bytes its characters have."""
        if source not in self._known:
            self._known[source] = self._read(source)
        lines = self._known[source]
        if not column or lines is None or line > len(lines):
            return {"line": line}
        before = lines[line - 1][: column - 1]
        return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
