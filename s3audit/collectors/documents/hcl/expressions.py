"""Expressions of HCL: precedence climbing over patterns that take an operand at a time."""

import re
from decimal import Decimal, InvalidOperation

from s3audit.collectors.documents.hcl import brackets, templates
from s3audit.collectors.documents.hcl.grammar import (
    HclError,
    Mode,
    TooDeepError,
    expected,
    grammar,
    is_word,
    known,
)
from s3audit.collectors.documents.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Datum,
    EachItem,
    Expression,
    Index,
    Literal,
    Name,
    Splat,
    Unary,
)
from s3audit.collectors.documents.problems import Problems, shown

MAX_DEPTH = 100
"""Levels that an expression may have, counted in what is written and in the tree that comes of it."""

_TOO_DEEP = (
    f"This expression is nested deeper than {MAX_DEPTH} levels here; no configuration needs that. Flatten it."
)

_RANKS = {
    operator: rank
    for rank, operators in enumerate(("||", "&&", "== !=", "< > <= >=", "+ -", "* / %"), 1)
    for operator in operators.split()
}
_MAY_BE_BLANK = frozenset(" \t\r\n#/")
"""The first character of what may stand between two words."""
_KEYWORDS: dict[str, Datum] = {"true": True, "false": False, "null": None}
_MOST_DIGITS = 4000  # Python refuses to read integers of more than 4300


class Expressions:
    """Reads expressions of one text; `position` is where the last of them ended."""

    __slots__ = (
        "ahead",
        "depth",
        "free",
        "grammar",
        "height",
        "is_ascii",
        "line",
        "lines",
        "position",
        "problems",
        "refers",
        "text",
    )

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.lines = problems.lines
        self.text = problems.lines.text
        self.is_ascii = self.text.isascii()
        self.grammar = grammar()
        self.line = self.grammar.line
        self.free = self.grammar.free
        self.position = 0
        self.ahead: re.Match[str] | None = None
        """The operator after the last operand, not taken yet; None when no operator follows."""
        self.depth = 0
        self.height = 0
        """Of the expression read last."""
        self.refers = False
        """The keys of this object may be references: `providers = { aws.west = aws }`."""

    def read(self, position: int, mode: Mode, depth: int = 0) -> Expression:
        """The expression that begins here, or HclError."""
        self.position = position
        self.depth = depth
        try:
            return self.expression(mode)
        except RecursionError:
            # Whoever asks for a body that is read late may himself stand deep.
            raise TooDeepError(position, _TOO_DEEP) from None

    def one_word(self, found: "re.Match[str]", kind: int, first: int) -> Expression | None:
        """A value that is but a word, from its groups in a pattern; None for one to look at more closely."""
        self.height = 0
        if kind == first:
            start, end = found.span(kind)
            written = self.text[start:end]
            return Literal(start - 1, end + 1, self.lines, written if self.is_ascii else known(written))
        if kind == first + 3:
            start, end = found.span(kind)
            written = self.text[start:end]
            if len(written) > _MOST_DIGITS or not written.isdigit():
                return None
            return Literal(start, end, self.lines, int(written))
        name, chain = found.group(first + 1, first + 2)
        if (not self.is_ascii and not (name + chain).isascii()) or chain.count(".") > MAX_DEPTH:
            return None
        start, end = found.span(first + 1)
        node = self._word(start, end, name)
        return self._chain(node, chain, end) if chain else node

    def _word(self, start: int, end: int, name: str) -> Expression:
        if name in _KEYWORDS:
            return Literal(start, end, self.lines, _KEYWORDS[name])
        return Name(start, end, self.lines, name)

    def expression(self, mode: Mode) -> Expression:
        node = self.operand(mode)
        ahead = self.ahead
        if ahead is None:
            return node
        node = self._operators(node, mode, 1)
        ahead = self.ahead
        return self._conditional(node, mode) if ahead is not None and ahead[1] == "?" else node

    def operand(self, mode: Mode) -> Expression:
        """A value and what is taken of it, with the operator that stands before it."""
        text, lines = self.text, self.lines
        found = mode.operand(text, self.position)
        if found is None:
            raise expected("a value", text, self.skip(mode))
        node: Expression
        kind = found.lastindex
        self.height = 0
        if kind == 1:
            start, end = found.span(1)
            end += 1
            written = found[1]
            node = Literal(start - 1, end, lines, written if self.is_ascii else known(written))
            self.position = end
        elif kind == 3:
            start, end = found.span(2)
            name, chain = found.group(2, 3)
            self.position = end
            if not self.is_ascii:
                self.check_word(start, name)
            node = self._word(start, end, name)
            if chain:
                node = self._chain(node, chain, end)
            else:
                self.ahead = ahead = mode.after(text, end)
                if ahead is None:
                    return node
                if ahead[1] == "(" or ahead[1] == "::":
                    node = self._call(start, name, mode)
                    self.ahead = mode.after(text, self.position)
                return self._taken(node, mode)
        elif kind == 4:
            node = self._number(*found.span(4))
        else:
            self.deeper()
            node = self._compound(found[5], found.start(5), mode)
            self.depth -= 1
        end = self.position
        self.ahead = ahead = None if text[end : end + 1] in mode.ends else mode.after(text, end)
        if ahead is not None and ahead[1] in ".[":
            return self._taken(node, mode)
        return node

    def _chain(self, node: Expression, chain: str, end: int) -> Expression:
        start, lines = node.start, self.lines
        names = chain[1:].split(".")
        for name in names:
            if not self.is_ascii:
                self.check_word(end + 1, name)
            end += 1 + len(name)
            node = Attribute(start, end, lines, node, name)
        self.position = end
        self.higher(len(names) - 1)
        return node

    def _compound(self, first: str, start: int, mode: Mode) -> Expression:
        if first == '"':
            return templates.quoted(self, start)
        if first == "<<":
            return templates.heredoc(self, start)
        self.position = start + 1
        if first == "(":
            node = self.expression(self.free)
            self.close(")", "')'", start)
            node.start = start
            node.end = self.position
            return node
        if first == "[":
            return brackets.sequence(self, start)
        if first == "{":
            return brackets.mapping(self, start)
        node = self.operand(mode)
        self.higher(self.height)
        return Unary(start, self.position, self.lines, first, node)

    def _operators(self, left: Expression, mode: Mode, least: int) -> Expression:
        """What an operand and the operators of at least this rank after it make."""
        while (ahead := self.ahead) is not None and (rank := _RANKS.get(ahead[1], 0)) >= least:
            height = self.height
            self.position = ahead.end()
            right = self.operand(mode)
            if self.ahead is not None and _RANKS.get(self.ahead[1], 0) > rank:
                self.deeper()
                right = self._operators(right, mode, rank + 1)
                self.depth -= 1
            self.higher(max(height, self.height))
            left = Binary(left.start, right.end, self.lines, ahead[1], left, right)
        return left

    def _conditional(self, test: Expression, mode: Mode) -> Expression:
        height = self.height
        self.deeper()
        assert self.ahead is not None  # noqa: S101 - it is the question mark
        self.position = self.ahead.end()
        yes = self.expression(mode)
        height = max(height, self.height)
        place = self.skip(mode)
        if not self.text.startswith(":", place):
            raise expected("':' and the value for the case that the condition is false", self.text, place)
        self.position = place + 1
        no = self.expression(mode)
        self.higher(max(height, self.height))
        self.depth -= 1
        return Conditional(test.start, no.end, self.lines, test, yes, no)

    def _call(self, start: int, name: str, mode: Mode) -> Expression:
        text = self.text
        while (ahead := self.ahead) is not None and ahead[1] == "::":
            self.position = ahead.end()
            place = self.skip(mode)
            word = self.grammar.word(text, place)
            if word is None:
                raise expected("the name of a function", text, place)
            name = f"{name}::{word.group()}"
            self.ahead = mode.after(text, word.end())
            self.position = word.end()
        if ahead is None or ahead[1] != "(":
            raise expected("'(' and the arguments of the function", text, self.skip(mode))
        self.deeper()
        opened = ahead.start(1)
        self.position = ahead.end()
        arguments, highest = brackets.items_until(self, ")")
        place = self.skip(self.free)
        if expand := bool(arguments) and text.startswith("...", place):
            self.position = place + 3
        self.close(")", "')'" if expand else "',' or ')'", opened)
        self.depth -= 1
        self.higher(highest)
        return Call(start, self.position, self.lines, name, arguments, expand)

    def _taken(self, node: Expression, mode: Mode) -> Expression:
        """What `.name`, `[key]` and splats after a value take of it."""
        text, lines, start = self.text, self.lines, node.start
        while (ahead := self.ahead) is not None and ahead[1] in ".[":
            height = self.height
            self.position = ahead.end()
            if ahead[1] == "[":
                place = self.skip(mode)
                if text.startswith("*", place):
                    self.position = place + 1
                    self.close("]", "']'", ahead.start(1), mode)
                    each = self._rest_of_each(EachItem(place, place + 1, lines), mode)
                    node = Splat(start, self.position, lines, node, each)
                    self.higher(max(height, self.height))
                    break
                self.deeper()
                key = self.expression(self.free)
                self.depth -= 1
                self.close("]", "']'", ahead.start(1))
                node = Index(start, self.position, lines, node, key)
                self.higher(max(height, self.height))
            else:
                place = self.skip(mode)
                if text.startswith("*", place):
                    self.position = place + 1
                    each = self._attributes_of_each(EachItem(place, place + 1, lines), mode)
                    node = Splat(start, self.position, lines, node, each)
                    self.higher(max(height, self.height))
                    continue
                node = self._step(node, place)
                self.higher(height)
            self.ahead = mode.after(text, self.position)
        return node

    def _rest_of_each(self, each: Expression, mode: Mode) -> Expression:
        """All that follows `[*]` is taken of each element."""
        self.deeper()
        self.height = 0
        self.ahead = mode.after(self.text, self.position)
        each = self._taken(each, mode)
        self.depth -= 1
        return each

    def _attributes_of_each(self, each: Expression, mode: Mode) -> Expression:
        """Only the names that follow `.*` are taken of each element."""
        self.height = 0
        while (ahead := mode.after(self.text, self.position)) is not None and ahead[1] == ".":
            self.position = ahead.end()
            place = self.skip(mode)
            if self.text.startswith("*", place):
                raise HclError(place, "A second '.*' can't follow the first: write [*] for both.")
            each = self._step(each, place)
            self.higher(self.height)
        self.ahead = ahead
        return each

    def _step(self, node: Expression, place: int) -> Expression:
        """`node.name` or `node.0`, from what stands after the dot."""
        text = self.text
        if (word := self.grammar.word(text, place)) is not None:
            self.position = end = word.end()
            if not word.group().isascii():
                self.check_word(place, word.group())
            return Attribute(node.start, end, self.lines, node, word.group())
        found = self.grammar.line.operand(text, place)
        if found is None or found.lastindex != 4 or found.start() != found.start(4):
            raise expected("the name of an attribute", text, place)
        if "." in found[4]:
            raise HclError(
                place, f"Terraform takes no two indices after dots: write [{found[4].replace('.', '][')}]."
            )
        key = self._number(*found.span(4))
        return Index(node.start, self.position, self.lines, node, key)

    def _number(self, start: int, end: int) -> Expression:
        written = self.text[start:end]
        self.position = end
        if self.text[end : end + 1] == "." and self.text[end + 1 : end + 2].isdigit():
            raise HclError(start, f"{shown(written + self.text[end : end + 2])} is no number.")
        if written.isdigit() and len(written) <= _MOST_DIGITS:
            return Literal(start, end, self.lines, int(written))
        try:
            number = Decimal(written)
        except InvalidOperation:
            number = Decimal("NaN")
        if len(written) > _MOST_DIGITS or not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
            raise HclError(start, f"The number {shown(written)} is too long to be read.")
        whole = number == number.to_integral_value()
        return Literal(start, end, self.lines, int(number) if whole else number)

    def skip(self, mode: Mode) -> int:
        """The offset of the next word."""
        if self.text[self.position : self.position + 1] not in _MAY_BE_BLANK:
            return self.position
        found = mode.space(self.text, self.position)
        return self.position if found is None else found.end()

    def close(self, closer: str, what: str, opened: int, mode: Mode | None = None) -> None:
        """Takes the bracket that must come now."""
        if self.text.startswith(closer, self.position):
            self.position += 1
            return
        place = self.skip(mode or self.free)
        if not self.text.startswith(closer, place):
            raise self.unclosed(what, place, opened)
        self.position = place + 1

    def unclosed(self, what: str, place: int, opened: int) -> HclError:
        line, column = self.lines.place(opened)
        if line == self.lines.place(place)[0]:
            return expected(what, self.text, place)
        return expected(
            f"{what} for the {self.text[opened]!r} of line {line}, column {column}", self.text, place
        )

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeepError(self.position, _TOO_DEEP)

    def higher(self, height: int) -> None:
        """What was read last is one level above this."""
        self.height = height = height + 1
        if height > MAX_DEPTH:
            raise TooDeepError(self.position, _TOO_DEEP)

    def check_word(self, offset: int, name: str) -> None:
        """Raises for what begins like a word and has other characters in it."""
        if is_word(name):
            return
        for place, letter in enumerate(name, offset):
            if not letter.isascii() and not f"a{letter}".isidentifier():
                raise expected("a name or a value", self.text, place)
        raise HclError(offset, f"{shown(name)} is no name.")
