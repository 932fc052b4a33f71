"""What a document says, as written: nodes that know their place; none is interpreted before someone asks."""

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property, lru_cache
from itertools import accumulate, count
from operator import add
from typing import Self

import msgspec

from s3audit.location import Location

UNREADABLE = "!unreadable"
"""The tag of the empty scalar that stands where a part could not be read; a Problem says why."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {
    spelling: truth
    for words, truth in (("true yes on", True), ("false no off", False))
    for word in words.split()
    for spelling in (word, word.capitalize(), word.upper())
}
_NUMBER = (
    r"(?P<sign>[-+]?)(?:0b(?P<binary>[01_]+)|0x(?P<hex>[0-9a-fA-F_]+)|0(?P<octal>[0-7_]+)|(?P<whole>0|[1-9][0-9_]*)"
    r"|(?P<float>(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*(?=[eE]))(?:[eE][-+]?[0-9]+)?))"
)
_BASES = {"binary": 2, "hex": 16, "octal": 8, "whole": 10}
_LONGEST_NUMBER = 4000  # Python refuses to read integers of more than 4300 digits
_PIECES = {
    "'": r"''|.",
    '"': r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|x..|u.{4}|U.{8}|.)|.",
}


class Lines:
    """A text that tells the line and column of an offset, counted when first asked."""

    call = ""
    """The API call that told it, where it is no file."""

    def __init__(self, text: str, source: str = "") -> None:
        self.text = text
        self.source = source
        """The file, where a document may hold parts of several; else whoever reads it knows."""

    @cached_property
    def starts(self) -> list[int]:
        """The offset of the first character of each line."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", " \n").replace("\r", "\n")
        # Each line has the length of its words and of its end.
        ends = accumulate(map(len, text.split("\n")))
        starts = [0, *map(add, ends, count(1))]
        starts.pop()
        return starts

    def row(self, index: int) -> str:
        """The text of a line, counted from 0, without its end."""
        starts = self.starts
        end = starts[index + 1] if index + 1 < len(starts) else len(self.text)
        return self.text[starts[index] : end].rstrip("\r\n")

    def rows(self) -> list[str]:
        return [self.row(index) for index in range(len(self.starts))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        starts = self.starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1


NO_LINES = Lines("")
"""Of what stands in a source without lines, such as a plan."""


# Nodes are made by the hundred thousand, and a struct is made in less than half the time of another object. The
# garbage collector has to see them: a value may lead back to the mapping that it stands in.
class Node(msgspec.Struct, eq=False):
    """A part of a document: from `start` up to but not including `end`, offsets in code points."""

    start: int
    end: int
    lines: Lines

    @property
    def tag(self) -> str:
        """Only what is written in YAML can have one."""
        return ""

    @classmethod
    def at(cls, other: "Node") -> Self:
        """A node of this class in the place of another."""
        return cls(other.start, other.end, other.lines)

    @property
    def line(self) -> int:
        return self.lines.place(self.start)[0]

    @property
    def column(self) -> int:
        return self.lines.place(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.lines.place(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.lines.place(self.end)[1]


class Scalar(Node):
    """A text; `plain` when it may mean null, a boolean or a number."""

    tag: str
    value: str
    plain: bool
    style: str
    """As it is written: "" (no quotes), "'", '"', "|" (literal) or ">" (folded)."""


class Sequence(Node):
    tag: str
    items: list[Node]


class Entry(msgspec.Struct, eq=False):
    key: Scalar
    value: Node


class Mapping(Node):
    """Entries in the order written. One that still holds a plain `<<` has a merge that could not be done."""

    tag: str
    entries: dict[str, Entry]

    def get(self, name: str) -> Node | None:
        entry = self.entries.get(name)
        return None if entry is None else entry.value


class Titled(Mapping):
    """A mapping with a header of its own, which stands for it: a block."""

    title: Node
    hidden: str = ""
    """Why there may be more in it than its entries; empty when all of it was read."""


class Document:
    """One document of a file; `root` is None when it is empty."""

    __slots__ = ("root", "source", "text")

    def __init__(self, root: Node | None, source: str, text: str) -> None:
        self.root = root
        self.source = source
        self.text = text
        """The whole file, decoded, without its byte order mark."""


class BudgetError(ValueError):
    """More nodes than a walker was willing to look at; aliases can make a small file stand for very many."""


class Budget:
    """How many nodes a walk, or several together, may look at."""

    __slots__ = ("left",)

    def __init__(self, nodes: int = 100_000) -> None:
        self.left = nodes

    def spend(self, nodes: int = 1) -> None:
        self.left -= nodes
        if self.left < 0:
            raise BudgetError("more nodes than a document of this kind has")


def is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.tag and node.value in _NULLS


def as_bool(node: Node) -> bool | None:
    """What an unquoted word means as a boolean in YAML 1.1, which CloudFormation reads."""
    return _BOOLS.get(node.value) if isinstance(node, Scalar) and node.plain else None


def truth(node: Node) -> bool | None:
    """As `as_bool`, and true and false in quotes or in any case, for where a boolean is expected."""
    if not isinstance(node, Scalar) or node.tag:
        return None
    if (known := as_bool(node)) is not None:
        return known
    return {"true": True, "false": False}.get(node.value.lower())


def as_number(node: Node) -> int | float | None:
    """What an unquoted word means as a number in YAML 1.1; infinity, not-a-number and 1:30 stay texts."""
    if not isinstance(node, Scalar) or not node.plain or len(node.value) > _LONGEST_NUMBER:
        return None
    found = re.fullmatch(_NUMBER, node.value)
    if found is None or (kind := found.lastgroup) is None:
        return None
    digits = found[kind].replace("_", "")
    sign = -1 if found["sign"] == "-" else 1
    if kind != "float":
        return sign * int(digits, _BASES[kind]) if digits else None
    number = float(digits)
    return None if number == float("inf") else sign * number


def plain_value(node: Node, budget: Budget | None = None) -> object:
    """Python data: dict, list, str, int, float, bool, None; `!Ref x` is {"!Ref": "x"}: no tag is lost.

    Raises BudgetError for more nodes than the budget allows.
    """
    budget = Budget() if budget is None else budget
    budget.spend()
    value: object
    if isinstance(node, Scalar):
        value = _scalar_value(node)
    elif isinstance(node, Mapping):
        entries: dict[str, object] = {}
        for name, entry in node.entries.items():
            entries[name] = plain_value(entry.value, budget)
        value = entries
    elif isinstance(node, Sequence):
        items: list[object] = []
        for item in node.items:
            items.append(plain_value(item, budget))  # noqa: PERF401 - a comprehension is a frame more before 3.12
        value = items
    else:
        raise TypeError(f"{type(node).__name__} is no plain data")
    return {node.tag: value} if node.tag else value


def _scalar_value(node: Scalar) -> object:
    if is_null(node):
        return None
    if (known := as_bool(node)) is not None:
        return known
    return node.value if (number := as_number(node)) is None else number


@lru_cache(maxsize=256)
def _answered(source: str, address: str, call: str) -> Location:
    """A place without a line: all that one call tells of a resource is told in the same."""
    return Location(source, address, call=call)


def location(node: Node, source: str, address: str = "") -> Location:
    lines = node.lines
    if lines.source:
        source = lines.source
    elif not lines.text:
        return _answered(source, address, lines.call) if lines.call else Location(source, address)
    starts = lines.starts
    line = bisect_right(starts, node.start)
    before = starts[line - 1] - 1
    # Most nodes lie on one line: then their end needs no search.
    if line == len(starts) or node.end < starts[line]:
        return Location(source, address, line, node.start - before, line, node.end - before)
    return Location(source, address, line, node.start - before, *lines.place(node.end))


def inside(scalar: Scalar, offset: int) -> tuple[int, int]:
    """Line and column of a character of the value; those of the scalar where it is folded over lines."""
    return places_inside(scalar)(offset)


def places_inside(scalar: Scalar) -> Callable[[int], tuple[int, int]]:
    """As `inside`, for one value and many offsets."""
    find, place = offsets_inside(scalar), scalar.lines.place
    return lambda offset: place(find(offset))


def offsets_inside(scalar: Scalar) -> Callable[[int], int]:
    """As `places_inside`, with offsets in the text that the scalar was read from."""
    lines = scalar.lines
    properties = re.compile(r"(?:[!&]\S*\s+)*").match(lines.text, scalar.start)
    content = scalar.start if properties is None else properties.end()
    find = _in_literal(scalar, content) if scalar.style == "|" else _in_line(scalar, content)

    def place(offset: int) -> int:
        found = find(min(offset, len(scalar.value)))
        return scalar.start if found is None else found

    return place


def _in_line(scalar: Scalar, content: int) -> Callable[[int], int | None]:
    text, value = scalar.lines.text, scalar.value
    begin = content + len(scalar.style)
    if text.startswith(value, begin):
        return lambda offset: begin + offset
    if (piece := _PIECES.get(scalar.style)) is not None:
        pieces = re.findall(piece, text[begin : scalar.end - 1])
        # One piece is one character of the value, unless the text was folded.
        if len(pieces) == len(value):
            return list(accumulate(map(len, pieces), initial=begin)).__getitem__
    return lambda offset: None


def _in_literal(scalar: Scalar, content: int) -> Callable[[int], int | None]:
    lines, rows = scalar.lines, Lines(scalar.value)
    header = bisect_right(lines.starts, content) - 1

    def find(offset: int) -> int | None:
        row, column = rows.place(offset)
        if header + row >= len(lines.starts):
            return None
        written, value = lines.row(header + row), rows.row(row - 1)
        indent = len(written) - len(value)
        # This also notices the line breaks that YAML knows and editors do not.
        return lines.starts[header + row] + indent + column - 1 if written == " " * indent + value else None

    return find
