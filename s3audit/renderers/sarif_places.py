"""Places as SARIF writes them: relative uris, UTF-16 columns, narrow regions, and the hash of their line."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from s3audit.finding import Sheet
from s3audit.location import Location
from s3audit.renderers.linehash import LineHashes
from s3audit.renderers.uri import uri

# For what has no line: GitHub wants a region, and shows the top of the file.
_TOP = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}


class Places:
    """The sources of one report, each looked at once."""

    def __init__(self, sheet: Sheet) -> None:
        self._read = sheet.lines
        self._lines: dict[str, Sequence[str] | None] = {}
        self._hashes: dict[str, LineHashes | None] = {}
        self._wide: dict[tuple[str, int], list[int]] = {}

    def physical(self, at: Location) -> dict[str, Any]:
        return {"artifactLocation": {"uri": uri(at.source)}, "region": self.region(at)}

    def region(self, at: Location) -> dict[str, int]:
        """The first line of the place: GitHub annotates only where every line of a region was changed."""
        if not at.line:
            return dict(_TOP)
        start = max(at.column, 1)
        if at.end_line > at.line or not at.end_column:
            end = len(self._line(at.source, at.line).rstrip()) + 1
        else:
            end = at.end_column
        return {
            "startLine": at.line,
            "startColumn": self._utf16(at, start),
            "endLine": at.line,
            "endColumn": self._utf16(at, max(end, start + 1)),
        }

    def line_hash(self, at: Location) -> str | None:
        """The hash of its line; None when the text is gone."""
        if at.source not in self._hashes:
            lines = self._source(at.source)
            self._hashes[at.source] = None if lines is None else LineHashes(lines)
        hashes = self._hashes[at.source]
        return None if hashes is None else hashes.of(at.line or 1)

    def _source(self, name: str) -> Sequence[str] | None:
        if name not in self._lines:
            self._lines[name] = self._read(name)
        return self._lines[name]

    def _line(self, source: str, line: int) -> str:
        lines = self._source(source) or ()
        return lines[line - 1] if line <= len(lines) else ""

    def _utf16(self, at: Location, column: int) -> int:
        """The column in UTF-16 code units: two for each character before it that lies beyond 16 bits."""
        text = self._line(at.source, at.line)
        if text.isascii():
            return column
        key = (at.source, at.line)
        if key not in self._wide:
            self._wide[key] = [place for place, char in enumerate(text, 1) if char > "\uffff"]
        return column + bisect_left(self._wide[key], column)
