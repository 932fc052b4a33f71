"""A file as suppressions see it: its comments, its blocks, and how far what begins on a line goes."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from s3audit.suppress.mark import Reach

_SIGNS = re.compile(r"\A(?:#+|/\*+|/{2,})\s*|\s*\*+/\s*\Z")


class Comment(NamedTuple):
    """A comment; its text is without the signs around it."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Block(NamedTuple):
    """A resource, a module call or something else that stands for itself: its lines, and where it begins."""

    first: int
    last: int
    column: int
    call: str = ""
    """The name, if it is a module call."""
    source: str = ""
    """What the call names as its source."""
    address: str = ""
    """Of a part of a template: `Resources.Logs`."""


class Page:
    def __init__(
        self, lines: Sequence[str], comments: Sequence[Comment], blocks: Iterable[Block], ends: dict[int, int]
    ) -> None:
        self._lines = lines
        self.comments = comments
        self.blocks = sorted(blocks)
        self._ends = ends
        """By line: the last one of what begins there, where that is another."""
        self._firsts = [block.first for block in self.blocks]
        self._bare = self._without_code()

    def _without_code(self) -> frozenset[int]:
        """The lines with nothing but comments on them, or nothing at all."""
        left = dict(enumerate(self._lines, 1))
        for one in self.comments:
            if one.end_line > one.line:
                left[one.line] = left[one.line][: one.column - 1]
                left.update(dict.fromkeys(range(one.line + 1, one.end_line), ""))
                left[one.end_line] = left[one.end_line][one.end_column - 1 :]
            else:
                told = left[one.line]
                blank = " " * (one.end_column - one.column)
                left[one.line] = told[: one.column - 1] + blank + told[one.end_column - 1 :]
        return frozenset(line for line, text in left.items() if not text.strip())

    def block_at(self, line: int) -> Block | None:
        """The block that a line is a part of."""
        place = bisect_right(self._firsts, line) - 1
        block = self.blocks[place] if place >= 0 else None
        return block if block is not None and line <= block.last else None

    def is_first(self, comment: Comment) -> bool:
        """Whether there is nothing but comments before it, and the sign that a document begins."""
        before = (line for line in range(1, comment.line) if line not in self._bare)
        return comment.line in self._bare and all(self._lines[line - 1].strip() == "---" for line in before)

    def reached(self, comment: Comment, reach: Reach) -> tuple[int, int, Block | None] | None:
        """The lines that a comment is about, and the block if it is about all of one; None if about nothing."""
        is_alone = comment.line in self._bare
        below = self._below(comment)
        match reach:
            case "file":
                return 1, len(self._lines), None
            case "next":
                return comment.line, comment.end_line + 1, None
            case "inside":
                return _whole(self._around(comment, below))
            case "beside" if is_alone:
                return self._from(below) if below and self._touches(comment, below) else None
            case "around" if is_alone:
                return _whole(self._around(comment, below) or self._headed(below))
            case _:
                return self._from(comment.line)

    def _from(self, line: int) -> tuple[int, int, Block | None]:
        if block := self._headed(line):
            return block.first, block.last, block
        return line, self._ends.get(line, line), None

    def _headed(self, line: int) -> Block | None:
        """The block that begins on this line."""
        block = self.block_at(line)
        return block if block is not None and block.first == line else None

    def _around(self, comment: Comment, below: int) -> Block | None:
        """The block that a comment stands in: also at its end, if it is indented as what is in it."""
        block = self.block_at(comment.line)
        if block is not None or comment.line not in self._bare:
            return block
        before = next((line for line in range(comment.line, 0, -1) if line not in self._bare), 0)
        last = self.block_at(before)
        if last is None or last.call or comment.column <= last.column or not self._is_indented:
            return None
        after = self._headed(below)
        return last if after is None or comment.column > after.column else None

    _is_indented = False

    def _below(self, comment: Comment) -> int:
        """The next line with code on it; 0 if none is left."""
        below = range(comment.end_line + 1, len(self._lines) + 1)
        return next((line for line in below if line not in self._bare), 0)

    def _touches(self, comment: Comment, below: int) -> bool:
        """Whether nothing but comments is between."""
        return all(self._lines[line - 1].strip() for line in range(comment.end_line + 1, below))


class IndentedPage(Page):
    """Of a language in which a block ends where less is indented."""

    _is_indented = True


def _whole(block: Block | None) -> tuple[int, int, Block | None] | None:
    return None if block is None else (block.first, block.last, block)


def bare(comment: str) -> str:
    """What a comment says, without its signs."""
    return _SIGNS.sub("", comment.strip())
