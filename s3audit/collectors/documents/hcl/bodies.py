"""Bodies of HCL: attributes and blocks, and what is kept of a file with mistakes in it."""

import re
from collections.abc import Callable
from functools import cache, partial
from typing import NoReturn, TypeAlias

from s3audit.collectors.documents.hcl import recovery
from s3audit.collectors.documents.hcl.expressions import MAX_DEPTH, Expressions
from s3audit.collectors.documents.hcl.grammar import (
    BLANK,
    BLANK_LINES,
    ONE_WORD,
    TEXT,
    WORD,
    HclError,
    Match,
    TooDeepError,
    UnendedError,
    expected,
    is_word,
)
from s3audit.collectors.documents.hcl.syntax import Block, Body, Expression, Invalid, Literal, Written
from s3audit.collectors.documents.problems import Problems, shown
from s3audit.collectors.documents.tree import Scalar

_TOP = frozenset(
    "check data import locals module moved output provider removed resource terraform variable".split()  # noqa: SIM905
)
"""Blocks that stand in no other, so that one at the start of a line ends those that somebody forgot to close."""

_MOST_LOST = 1_000_000
"""Characters that are looked at in vain for brackets and markers which are open to the end of the file."""

_MOST_PROBLEMS = 100

Later: TypeAlias = Callable[[str, tuple[str, ...]], bool]
"""Whether the body of a block with this type and these labels is not read before somebody asks for it."""

_WRONG = "it is written in a way that can't be read"
_DEEP = "it is nested too deeply"


class UnclosedError(Exception):
    """The file ends in a block, or in very many."""


_LABEL = rf'(?:"(?:[^"\\\r\n]|\\.)*+"|{WORD})'
_TO_VALUE, _TO_BODY, _END = 2, 8, 9
"""What an item is, by the last group that was found in it."""


@cache
def _item() -> Match:
    """An attribute up to its value: 1 and 2; a block up to its body: 1, 7 and 8; the end of a body: 9.

    If the value of an attribute is one word, it is in it to the end of the line: 3 to 6 as in `Mode.operand`.
    """
    value = rf"[ \t]*+{ONE_WORD}[ \t]*+\r?\n"
    attribute = rf"(=)(?![=>])(?:{value})?"
    item = rf"(?:({WORD}){BLANK}(?:{attribute}|((?:{_LABEL}{BLANK})*+)(\{{))|(\}}))"
    return re.compile(BLANK_LINES + item, re.ASCII).match


@cache
def _two_labels() -> "re.Pattern[str]":
    """One or two, with nothing to look at in them."""
    return re.compile(rf"{TEXT}(?:[ \t]*+{TEXT})?[ \t]*+")


@cache
def _label() -> "re.Pattern[str]":
    # A comment between labels may hold what looks like one.
    return re.compile(rf"{BLANK}({_LABEL})", re.ASCII)


class Bodies:
    """Reads the bodies of one file. `is_strict`: blocks that begin a line end those that are still open."""

    __slots__ = (
        "expressions",
        "found",
        "is_strict",
        "later",
        "lost",
        "position",
        "problems",
        "text",
        "unwinds",
    )

    def __init__(self, problems: Problems, is_strict: bool, later: Later | None = None) -> None:
        self.problems = problems
        self.later = later
        self.text = problems.lines.text
        self.expressions = Expressions(problems)
        self.found = _item()
        self.is_strict = is_strict
        self.position = 0
        self.lost = 0
        self.unwinds = False
        """On the way out of all open blocks."""

    def body(self, depth: int, opened: int, is_one_line: bool = False) -> Body:
        """Up to its bracket, or to the end of the file."""
        text, lines, expressions = self.text, self.problems.lines, self.expressions
        is_ascii, one_word, item = expressions.is_ascii, expressions.one_word, self.found
        body = Body({}, [])
        attributes = body.attributes
        while not (depth and self.unwinds):
            found = item(text, self.position)
            if found is None:
                if self._no_item(body, depth, opened):
                    return body
                continue
            kind = found.lastindex or 0
            if kind == _END:
                self.position = found.end()
                if depth:
                    return body
                self.problems.add(
                    "partial", found.start(kind), found.end(), "This '}' closes nothing: remove it."
                )
                continue
            start, end = found.span(1)
            name = text[start:end]
            if not is_ascii and not is_word(name):
                self._recover(body, start, expected("an attribute or a block", text, start))
                continue
            if kind < _TO_BODY:
                key = Scalar(start, end, lines, "", name, False, "")
                value = None
                if kind > _TO_VALUE and not is_one_line:
                    value = one_word(found, kind, 3)
                    self.position = found.end()
                if value is None:
                    expressions.refers = name == "providers"
                    value = self._value(body, found.end(_TO_VALUE), start, depth, is_one_line)
                if name in attributes:
                    self._repeated(attributes, Written(key, _already, value))
                else:
                    attributes[name] = Written(key, _already, value)
            else:
                if self.is_strict and depth and name in _TOP and text[start - 1] == "\n":
                    self._unclosed(opened)
                    self.position = start
                    break
                if is_one_line:
                    self._not_one_line(start, end)
                self._block(body, found, start, name, depth)
                self.unwinds = self.unwinds and depth > 0
            is_one_line = False
        body.is_whole = False
        return body

    def _value(self, body: Body, position: int, start: int, depth: int, is_one_line: bool) -> Expression:
        """The value of an attribute, and the end of its line."""
        expressions, text = self.expressions, self.text
        try:
            value = expressions.read(position, expressions.line, depth)
            end = expressions.position
            if text[end : end + 1] == "\n" and not is_one_line:
                self.position = end + 1
                return value
            found = expressions.grammar.end_of_line(text, end)
            if found is None or is_one_line:
                self._after_value(end, depth, is_one_line)
            else:
                self.position = found.end()
            return value
        except HclError as error:
            self._recover(body, start, error)
            while position < error.offset and text[position] in " \t":
                position += 1
            why = _DEEP if isinstance(error, TooDeepError) else _WRONG
            return Invalid(position, max(position, min(error.offset, len(text))), self.problems.lines, why)

    def _after_value(self, end: int, depth: int, is_one_line: bool) -> None:
        """What follows is no end of a line; some of it can only mean one thing."""
        expressions, text = self.expressions, self.text
        place = expressions.skip(expressions.line)
        self.position = place
        if text.startswith("}", place) and depth:
            if not is_one_line:
                self.problems.add(
                    "partial", place, place + 1, "Terraform wants a line break before this '}': add it."
                )
        elif is_one_line:
            self._not_one_line(place, place)
        elif text.startswith(",", place) and expressions.grammar.end_of_line(text, place + 1):
            self.problems.add(
                "partial", place, place + 1, "No comma can stand after an attribute: remove it."
            )
            self.position = place + 1
        else:
            raise expected("the end of the line after this value", text, place)

    def _block(self, body: Body, found: "re.Match[str]", start: int, name: str, depth: int) -> None:
        text, lines = self.text, self.problems.lines
        end = start + len(name)
        if depth >= MAX_DEPTH:
            self._too_deep(body, found)
            return
        labels: tuple[str, ...] = ()
        try:
            begin, after = found.span(_TO_BODY - 1)
            if after > begin:
                labels, end = self._labels(begin, after)
        except HclError as error:
            self._recover(body, start, error)
            return
        inner, read = self._inner(found.end(), start, name, labels, depth)
        body.blocks.append(Block(start, end, lines, name, labels, read, inner))
        after = self.position
        if self.unwinds:
            body.is_whole = False
        elif text[after : after + 1] == "\n":
            self.position = after + 1
        elif (line := self.expressions.grammar.end_of_line(text, self.position)) is not None:
            self.position = line.end()
        else:
            said = "Terraform wants a line break after this '}': add it."
            self.problems.add("partial", self.position - 1, self.position, said)

    def _inner(
        self, begin: int, header: int, name: str, labels: tuple[str, ...], depth: int
    ) -> tuple[Body | None, Callable[[], Body]]:
        """The body that begins after the header of a block, or how to read it."""
        text = self.text
        # To compare one letter costs half as much as to ask what the text starts with there.
        is_one_line = (
            text[begin : begin + 1] != "\n" and self.expressions.grammar.end_of_line(text, begin) is None
        )
        if self.later is not None and not depth and self.later(name, labels):
            end = recovery.closing(text, begin) + 1
            if end > len(text):
                # Nothing after it is worth another look to the end of the file.
                self.later = None
            elif end:
                self.position = end
                return None, partial(_late, self.problems, begin, end, header, is_one_line)
        self.position = begin
        return self.body(depth + 1, header, is_one_line), _already

    def _too_deep(self, body: Body, found: "re.Match[str]") -> None:
        if not self.is_strict:
            raise UnclosedError
        said = f"Blocks are nested deeper than {MAX_DEPTH} levels here."
        self.problems.add("partial", *found.span(1), said)
        body.is_whole = False
        end = recovery.closing(self.text, found.end())
        self.position = len(self.text) if end < 0 else end + 1
        self.unwinds = self.position >= len(self.text)

    def _labels(self, position: int, end: int) -> tuple[tuple[str, ...], int]:
        """The labels that stand here, and the end of the last of them."""
        text, last = self.text, position
        if (found := _two_labels().fullmatch(text, position, end)) is not None:
            first, second = found.groups()
            return ((first,), found.end(1) + 1) if second is None else ((first, second), found.end(2) + 1)
        labels: list[str] = []
        while (found := _label().match(text, position, end)) is not None:
            start, position = found.span(1)
            last = position
            written = found[1]
            if not written.startswith('"'):
                labels.append(written)
            elif "\\" not in written and "$" not in written and "%" not in written:
                labels.append(written[1:-1])
            else:
                label = self.expressions.read(start, self.expressions.line)
                if not isinstance(label, Literal) or not isinstance(label.value, str):
                    raise HclError(
                        start, "A label can't hold ${...} or %{...}: write $${ for the characters themselves."
                    )
                labels.append(label.value)
        return tuple(labels), last

    def _no_item(self, body: Body, depth: int, opened: int) -> bool:
        """Neither attribute nor block stands here; whether the file ends."""
        text, expressions = self.text, self.expressions
        expressions.position = self.position
        place = expressions.skip(expressions.free)
        if place >= len(text):
            if depth:
                if not self.is_strict:
                    raise UnclosedError
                self._unclosed(opened)
                return False
            self.position = place
            return True
        self._recover(body, place, self._unexpected(place))
        return False

    def _unexpected(self, place: int) -> HclError:
        text = self.text
        if (word := self.expressions.grammar.word(text, place)) is None:
            if text.startswith(("<<<<<<<", "=======", ">>>>>>>"), place):
                return HclError(
                    place, "This is a marker of a merge that was not finished: keep one of the two sides."
                )
            if text.startswith('"', place):
                return HclError(place, "The name of an attribute stands without quotes: remove them.")
            return expected("an attribute or a block", text, place)
        self.expressions.position = word.end()
        after = self.expressions.skip(self.expressions.line)
        if text[after : after + 1] in ('"', "'") or self.expressions.grammar.word(text, after):
            return HclError(place, f"Expected labels and '{{' after {shown(word.group())}, all on this line.")
        return expected(f"'=' or '{{' after {shown(word.group())}", text, after)

    def _recover(self, body: Body, start: int, error: HclError) -> None:
        """Says what is wrong with the item that begins here and goes on behind it."""
        self.problems.add("partial", error.offset, error.offset, error.sentence)
        self.position = recovery.after(self.text, start)
        if self.position < 0:
            self.lost += len(self.text) - start
            self.position = recovery.header(self.text, error.offset)
            body.is_whole = False
        elif not isinstance(error, TooDeepError):
            body.is_whole = False
        if self.position < 0 and not isinstance(error, UnendedError):
            # The line that surprised is one of its own, or else the next.
            line = self.text.rfind("\n", start, error.offset) + 1
            self.position = line or self.text.find("\n", error.offset) + 1
        if self.position <= start or self.lost > _MOST_LOST or len(self.problems.found) > _MOST_PROBLEMS:
            body.is_whole = False
            self.position = len(self.text)
            self.unwinds = True

    def _unclosed(self, opened: int) -> None:
        line = self.text.find("\n", opened)
        said = "The block that begins here is never closed: add '}' behind its last line."
        self.problems.add("partial", opened, len(self.text) if line < 0 else line, said)
        self.unwinds = True

    def _not_one_line(self, start: int, end: int) -> None:
        said = "A block on one line holds a single attribute: write each on a line of its own."
        self.problems.add("partial", start, end, said)

    def _repeated(self, attributes: dict[str, Written], written: Written) -> None:
        from s3audit.collectors.documents.hcl.twice import both

        again = written.key
        first = attributes[again.value]
        attributes[again.value] = both(first, written)
        line, column = self.problems.lines.place(first.key.start)
        self.problems.add(
            "ambiguous",
            again.start,
            again.end,
            f"The attribute {shown(again.value)} stands here and on line {line}, column {column} too, which Terraform "
            "refuses. Where they differ, nothing is known; remove the others.",
        )


def _late(problems: Problems, begin: int, end: int, header: int, is_one_line: bool) -> Body:
    reader = Bodies(problems, is_strict=True)
    reader.position = begin
    body = reader.body(1, header, is_one_line)
    body.is_whole = body.is_whole and reader.position == end
    return body


def _already() -> NoReturn:
    raise AssertionError("read when it was made")
