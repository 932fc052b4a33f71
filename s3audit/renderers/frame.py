"""One source line in a terminal, with the place under it marked."""

from typing import NamedTuple

from s3audit.renderers.clean import cells, visible

TAB = 4
CUT = "…"
_BEFORE = 3  # a third of the width stays in front of a place that lies far to the right


class Marked(NamedTuple):
    """What fits of a line, and which of its columns are marked."""

    text: str
    start: int
    length: int


def marked(line: str, column: int, end_column: int, width: int) -> Marked:
    """The line, cut around the columns that are marked; they count code points from 1, the end is exclusive.

    `end_column` 0 is the end of the line. Places beyond the line are marked at its end.
    """
    line = line.rstrip("\r\n")
    if len(line) <= width and line.isascii() and line.isprintable():
        start = min(max(column, 1) - 1, len(line))
        end = len(line.rstrip()) if end_column == 0 else min(end_column - 1, len(line))
        return Marked(line, start, max(end - start, 1))
    # A minified file is one line of megabytes: only its neighbourhood is looked at.
    first = max(0, column - 1 - 2 * width)
    near = line[first : column - 1 + 2 * width]
    start = min(max(column, 1) - 1 - first, len(near))
    end = len(near.rstrip()) if end_column == 0 else min(end_column - 1 - first, len(near))
    shown = _columns(near)
    left, right = _window([size for _, size in shown], start, max(end, start + 1), width)
    cut_left, cut_right = first > 0 or left > 0, right < len(shown) or first + len(near) < len(line)
    text = "".join(char for char, _ in shown[left:right])
    offset = sum(size for _, size in shown[left:start]) + len(CUT) * cut_left
    length = sum(size for _, size in shown[start : min(end, right)])
    return Marked(CUT * cut_left + text + CUT * cut_right, offset, max(length, 1))


def _columns(line: str) -> list[tuple[str, int]]:
    """What is shown for each character, and how wide that is."""
    if line.isascii() and line.isprintable():
        return [(char, 1) for char in line]
    shown: list[tuple[str, int]] = []
    column = 0
    for char in line:
        if char == "\t":
            text, size = " " * (TAB - column % TAB), TAB - column % TAB
        else:
            text = visible(char)
            size = cells(char) if text == char else len(text)
        shown.append((text, size))
        column += size
    return shown


def _window(sizes: list[int], start: int, end: int, width: int) -> tuple[int, int]:
    """The first and the last character to show, so that the place is among them."""
    if sum(sizes) <= width:
        return 0, len(sizes)
    width -= 2 * len(CUT)
    left = 0
    if sum(sizes[:end]) > width:
        left, room = start, width // _BEFORE
        while left > 0 and sizes[left - 1] <= room:
            left -= 1
            room -= sizes[left]
    right = left
    while right < len(sizes) and sizes[right] <= width:
        width -= sizes[right]
        right += 1
    return left, right
