"""Texts with parts to evaluate: in quotes, between heredoc markers, and files that are templates as a whole."""

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from s3audit.collectors.documents.hcl.grammar import (
    SPACES,
    WORD,
    HclError,
    Match,
    UnendedError,
    expected,
    known,
)
from s3audit.collectors.documents.hcl.syntax import (
    Expression,
    Literal,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
)
from s3audit.collectors.documents.problems import shown

if TYPE_CHECKING:
    from s3audit.collectors.documents.hcl.expressions import Expressions

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_UNCLOSED = "The text that begins here is not closed on its line: add the closing quote, or write a line break as \\n."


class _Mark:
    """A directive that stands alone until it is known what it encloses."""

    __slots__ = ("node", "start", "word")

    def __init__(self, word: str, start: int, node: "TemplateIf | TemplateFor | None" = None) -> None:
        self.word = word
        self.start = start
        self.node = node


_Token: TypeAlias = str | Expression | _Mark


class _Tokens:
    """The parts of a template as they come. `~` reaches no further than the next of them."""

    __slots__ = ("found", "height", "trims")

    def __init__(self) -> None:
        self.found: list[_Token] = []
        self.trims = False
        self.height = 0

    def text(self, text: str) -> None:
        self.found.append(text.lstrip(SPACES) if self.trims else text)
        self.trims = False

    def part(self, part: Expression | _Mark, before: bool, after: bool) -> None:
        if before and self.found and isinstance(last := self.found[-1], str):
            self.found[-1] = last.rstrip(SPACES)
        self.found.append(part)
        self.trims = after


_SEQUENCE = r"(\$++|%++)(\{~?)?"


@cache
def _of_quoted() -> Match:
    """A piece of a text in quotes."""
    escape = r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))'
    return re.compile(rf'([^"\\$%\r\n]++)|{_SEQUENCE}|(")|{escape}').match


@cache
def _of_lines() -> Match:
    """A piece of any other."""
    return re.compile(rf"([^$%\n]++)|{_SEQUENCE}|(\n)").match


@cache
def _marker() -> Match:
    """The beginning of a heredoc."""
    return re.compile(rf"<<(-?)({WORD})\r?\n", re.ASCII).match


def quoted(reader: "Expressions", start: int) -> Expression:
    """The text whose opening quote stands here."""
    text, tokens = reader.text, _Tokens()
    piece = _of_quoted()
    position = start + 1
    plain: list[str] = []
    while True:
        found = piece(text, position)
        if found is None:
            if text.startswith("\\", position):
                raise _no_escape(text, position)
            raise HclError(start, _UNCLOSED)
        position = found.end()
        kind = found.lastindex
        if kind == 1:
            plain.append(found[1])
        elif kind == 4:
            break
        elif kind == 5:
            plain.append(_ESCAPES[found[5]])
        elif kind == 3 and len(found[2]) == 1:
            if plain:
                tokens.text("".join(plain))
                plain.clear()
            _sequence(reader, found[2], found.start(), position, tokens)
            position = reader.position
        elif kind in (2, 3):
            # Of two or more signs before a brace, one says that the brace is only a brace.
            plain.append(found[2][:-1] + "{" if kind == 3 else found[2])
            position = found.end(2) + (kind == 3)
        else:
            code = int(found[kind or 0], 16)
            if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                raise HclError(found.start(), f"There is no character {found.group()}.")
            plain.append(chr(code))
    if plain:
        tokens.text("".join(plain))
    reader.position = position
    return _made(reader, start, tokens)


def heredoc(reader: "Expressions", start: int) -> Expression:
    """The text that begins with `<<` here and ends with its marker on a line of its own."""
    text, tokens = reader.text, _Tokens()
    found = _marker()(text, start)
    if found is None:
        raise expected("a value", text, start)
    reader.check_word(found.start(2), found[2])
    end = _lines(reader, found.end(), tokens, found[2])
    if end < 0:
        said = f"The text that begins here is never closed: {found[2]} stands on no line of its own after it."
        raise UnendedError(start, said)
    if found[1]:
        _dedent(tokens.found)
    reader.position = end
    return _made(reader, start, tokens)


def whole(reader: "Expressions") -> Template | Literal:
    """All of the text as one template."""
    tokens = _Tokens()
    reader.position = _lines(reader, 0, tokens, "")
    return _made(reader, 0, tokens)


def loop_names(reader: "Expressions") -> tuple[str, str]:
    """`key, value in` or `value in` of a loop: the key is empty when there is only one name."""
    key, value = "", _name(reader)
    place = reader.skip(reader.free)
    if reader.text.startswith(",", place):
        reader.position = place + 1
        key, value = value, _name(reader)
        place = reader.skip(reader.free)
    word = reader.grammar.word(reader.text, place)
    if word is None or word.group() != "in":
        raise expected("'in' and the collection to loop over", reader.text, place)
    reader.position = word.end()
    return key, value


def _name(reader: "Expressions") -> str:
    place = reader.skip(reader.free)
    word = reader.grammar.word(reader.text, place)
    if word is None:
        raise expected("a name for each element", reader.text, place)
    reader.check_word(place, word.group())
    reader.position = word.end()
    return word.group()


def _lines(reader: "Expressions", position: int, tokens: _Tokens, marker: str) -> int:
    """Reads up to the line of the marker, or all if there is none; the end, or -1 where the marker is missing."""
    text, size = reader.text, len(reader.text)
    piece = _of_lines()
    plain: list[str] = []
    begins = True
    while position < size:
        if begins:
            end = text.find("\n", position) + 1
            line = text[position : end or size]
            if marker and line.strip(SPACES) == marker:
                if not end:
                    said = f"Terraform wants a line break after {marker} even where the file ends: add it."
                    reader.problems.add("partial", position, size, said)
                return position + len(line.rstrip("\r\n"))
            if "\r" in line and marker and "\r" in line.removesuffix("\n").removesuffix("\r"):
                said = "A carriage return stands here that is no part of a line break: remove it."
                raise HclError(position + line.index("\r"), said)
            if "${" not in line and "%{" not in line:
                tokens.text(line)
                position += len(line)
                continue
        found = piece(text, position)
        if found is None:  # pragma: no cover - the pieces cover every character
            break
        position = found.end()
        kind = found.lastindex
        begins = kind == 4
        if kind == 3 and len(found[2]) == 1:
            if plain:
                tokens.text("".join(plain))
                plain.clear()
            _sequence(reader, found[2], found.start(), position, tokens)
            position = reader.position
        elif kind == 3:
            plain.append(found[2][:-1] + "{")
            position = found.end(2) + 1
        else:
            plain.append(found.group())
            if begins:
                tokens.text("".join(plain))
                plain.clear()
    if plain:
        tokens.text("".join(plain))
    return -1 if marker else position


def _sequence(reader: "Expressions", sign: str, start: int, position: int, tokens: _Tokens) -> None:
    """What stands between `${` or `%{` and its brace."""
    text, free = reader.text, reader.free
    before = text.startswith("~", position - 1)
    reader.position = position
    part = reader.expression(free) if sign == "$" else _directive(reader, start)
    if not isinstance(part, _Mark) or part.node is not None:
        tokens.height = max(tokens.height, reader.height)
    place = reader.skip(free)
    after = text.startswith("~", place)
    if not text.startswith("}", place + after):
        raise expected(f"'}}' for the '{sign}{{'", text, place)
    reader.position = place + after + 1
    if isinstance(part, _Mark) and part.node is not None:
        part.node.end = reader.position
    tokens.part(part, before, after)


def _directive(reader: "Expressions", start: int) -> _Mark:
    place = reader.skip(reader.free)
    word = reader.grammar.word(reader.text, place)
    name = word.group() if word else ""
    if word is None or name not in ("if", "else", "endif", "for", "endfor"):
        raise expected("if, else, endif, for or endfor after '%{'", reader.text, place)
    reader.position = word.end()
    if name == "if":
        test = TemplateIf(start, start, reader.lines, reader.expression(reader.free), (), ())
        return _Mark(name, start, test)
    if name == "for":
        names = loop_names(reader)
        loop = TemplateFor(start, start, reader.lines, *names, reader.expression(reader.free), ())
        return _Mark(name, start, loop)
    return _Mark(name, start)


def _dedent(tokens: list[_Token]) -> None:
    """Takes from each line the indentation that all have. Blank lines neither count nor lose anything."""
    least: int | None = None
    begun: list[tuple[int, str]] = []
    begins = True
    for index, token in enumerate(tokens):
        if begins:
            indent = 0
            if isinstance(token, str):
                rest = token.lstrip(SPACES)
                if not rest and token.endswith("\n"):
                    continue
                indent = len(token) - len(rest)
                begun.append((index, token))
            least = indent if least is None else min(least, indent)
        begins = isinstance(token, str) and token.endswith("\n")
    for index, line in begun:
        tokens[index] = line[least:]


def _made(reader: "Expressions", start: int, tokens: _Tokens) -> Template | Literal:
    found, end = tokens.found, reader.position
    if all(isinstance(token, str) for token in found):
        reader.height = 0
        return Literal(start, end, reader.lines, known("".join(map(str, found))))
    parts, levels = _nested(reader, found)
    if len(parts) == 1 and len(found) > 1 and not isinstance(parts[0], str | TemplateIf | TemplateFor):
        parts = ("", *parts)
    reader.height = tokens.height
    for _ in range(levels + 1):
        reader.higher(reader.height)
    return Template(start, end, reader.lines, parts)


def _nested(reader: "Expressions", tokens: list[_Token]) -> tuple[tuple[TemplatePart, ...], int]:
    """What each directive encloses is put into it; and how deep they go."""
    parts: list[TemplatePart] = []
    outer: list[tuple[_Mark, list[TemplatePart]]] = []
    levels, in_else = 0, set[int]()
    plain: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            plain.append(token)
            continue
        _join(plain, parts)
        if not isinstance(token, _Mark):
            parts.append(token)
        elif token.node is not None:
            parts.append(token.node)
            outer.append((token, parts))
            levels = max(levels, len(outer))
            parts = []
        else:
            opener = outer[-1][0] if outer else None
            node = opener.node if opener else None
            if isinstance(node, TemplateFor) and token.word == "endfor":
                node.body = tuple(parts)
            elif isinstance(node, TemplateIf) and token.word == "endif":
                if len(outer) in in_else:
                    node.no = tuple(parts)
                else:
                    node.yes = tuple(parts)
            elif isinstance(node, TemplateIf) and token.word == "else" and len(outer) not in in_else:
                node.yes = tuple(parts)
                in_else.add(len(outer))
                parts = []
                continue
            else:
                raise _unbalanced(reader, token, opener)
            in_else.discard(len(outer))
            parts = outer.pop()[1]
    _join(plain, parts)
    if outer:
        mark = outer[-1][0]
        raise HclError(mark.start, f"This %{{ {mark.word} }} has no %{{ end{mark.word} }}.")
    return tuple(parts), levels


def _join(plain: list[str], parts: list[TemplatePart]) -> None:
    if text := "".join(plain):
        parts.append(known(text))
    plain.clear()


def _unbalanced(reader: "Expressions", mark: _Mark, opener: _Mark | None) -> HclError:
    if opener is None:
        wanted = "for" if mark.word == "endfor" else "if"
        return HclError(mark.start, f"This %{{ {mark.word} }} has no %{{ {wanted} }} before it.")
    line, column = reader.lines.place(opener.start)
    return HclError(
        mark.start,
        f"This %{{ {mark.word} }} stands where the %{{ {opener.word} }} of line {line}, column {column} "
        f"needs its %{{ end{opener.word} }}.",
    )


def _no_escape(text: str, position: int) -> HclError:
    digits = {"u": "four", "U": "eight"}.get(text[position + 1 : position + 2])
    if digits:
        said = f"Expected {digits} hexadecimal digits after {text[position : position + 2]}."
    else:
        said = f"HCL has no escape {shown(text[position : position + 2])}: write a backslash as \\\\."
    return HclError(position, said)
