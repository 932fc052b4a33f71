"""The hash of a line by which GitHub knows an alert again when the code around it moves.

It is the one that its upload action computes, so that a report has the same alerts however it is uploaded:
the first hundred UTF-16 code units from the start of the line on, without spaces and tabs, each line break
one line feed, after the end one unit of all ones and then zeros, are the digits of a number to base 37,
modulo 2 to the 64th; then a colon, and how often that hash has been seen in the file up to this line.
"""

from collections.abc import Sequence

_WINDOW = 100
_BASE = 37
_MODULUS = 2**64
_END = b"\xff\xff"
_SKIPPED = {ord(" "): None, ord("\t"): None}


class LineHashes:
    """The hashes of one file; the number is computed only for a line that is asked for."""

    def __init__(self, lines: Sequence[str]) -> None:
        text = "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n").translate(_SKIPPED)
        self._units = text.encode("utf-16-le", "surrogatepass") + _END
        self._starts: list[int] = []
        self._ordinals: list[int] = []
        seen: dict[bytes, int] = {}
        start = 0
        for line in text.split("\n"):
            window = self._window(start)
            seen[window] = seen.get(window, 0) + 1
            self._starts.append(start)
            self._ordinals.append(seen[window])
            start += len(line.encode("utf-16-le", "surrogatepass")) + 2

    def of(self, line: int) -> str | None:
        """The hash of a line, counted from 1; None where there is no such line."""
        if not 0 < line <= len(self._starts):
            return None
        window = self._window(self._starts[line - 1])
        value = 0
        for place in range(0, len(window), 2):
            value = value * _BASE + window[place] + 256 * window[place + 1]
        value = value * _BASE ** (_WINDOW - len(window) // 2) % _MODULUS
        return f"{value:x}:{self._ordinals[line - 1]}"

    def _window(self, start: int) -> bytes:
        return self._units[start : start + 2 * _WINDOW]
