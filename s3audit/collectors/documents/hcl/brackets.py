"""Lists, objects and the `for` in their brackets."""

from decimal import Decimal
from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl import templates
from s3audit.collectors.documents.hcl.grammar import HclError, expected, known
from s3audit.collectors.documents.hcl.syntax import (
    Attribute,
    Expression,
    For,
    Index,
    Invalid,
    Literal,
    Name,
    Object,
    Tuple,
)

if TYPE_CHECKING:
    from s3audit.collectors.documents.hcl.expressions import Expressions

_AMBIGUOUS = (
    "To Terraform this key is ambiguous: put it in parentheses if it is a reference, in quotes if a text."
)


def sequence(reader: "Expressions", start: int) -> Expression:
    if (
        word := reader.grammar.word(reader.text, reader.skip(reader.free))
    ) is not None and word.group() == "for":
        return _loop(reader, start, "]")
    items, highest = items_until(reader, "]")
    reader.close("]", "',' or ']'", start)
    reader.higher(highest)
    return Tuple(start, reader.position, reader.lines, items)


def items_until(reader: "Expressions", closer: str) -> tuple[tuple[Expression, ...], int]:
    """What stands between commas up to a bracket, and its height."""
    items: list[Expression] = []
    highest = 0
    text, free = reader.text, reader.free
    while True:
        place = reader.skip(free)
        if text[place : place + 1] == closer:
            break
        items.append(reader.expression(free))
        if reader.height:
            highest = max(highest, reader.height)
        place = reader.position
        if text[place : place + 1] != ",":
            place = reader.skip(free)
            if text[place : place + 1] != ",":
                break
        reader.position = place + 1
    return tuple(items), highest


def mapping(reader: "Expressions", start: int) -> Expression:
    items: list[tuple[Expression, Expression]] = []
    highest = 0
    text, lines, line = reader.text, reader.lines, reader.line
    member, separator = reader.grammar.member, reader.grammar.separator
    while True:
        found = member(text, reader.position)
        key: Expression
        kind = None if found is None else found.lastindex
        if found is None or kind is None or (kind == 3 and not items):
            place = reader.skip(reader.free)
            if not items and (word := reader.grammar.word(text, place)) is not None and word.group() == "for":
                return _loop(reader, start, "}")
            key = _key(reader, place, start)
            highest = max(highest, reader.height)
        elif kind == 1:
            reader.position = found.end()
            break
        else:
            begin, end = found.span(kind)
            name = found[kind]
            reader.position = found.end()
            if kind == 2:
                key = Literal(begin - 1, end + 1, lines, known(name))
            else:
                if not name.isascii():
                    reader.check_word(begin, name)
                key = Literal(begin, end, lines, name)
        value = reader.expression(line)
        if reader.height:
            highest = max(highest, reader.height)
        items.append((key, value))
        if text[reader.position : reader.position + 1] == "\n":
            reader.position += 1
            continue
        found = separator(text, reader.position)
        if found is None:
            raise reader.unclosed("',', a line break or '}'", reader.skip(line), start)
        reader.position = found.end()
        if found.lastindex == 2:
            break
    reader.higher(highest)
    return Object(start, reader.position, lines, tuple(items))


def _key(reader: "Expressions", place: int, opened: int) -> Expression:
    """A key that is no plain word or text, and the sign after it."""
    text = reader.text
    if place >= len(text):
        raise reader.unclosed("a key or '}'", place, opened)
    reader.position = place
    key = reader.expression(reader.line)
    after = reader.skip(reader.line)
    if text[after : after + 1] not in ("=", ":") or text[after : after + 2] in ("==", "=>"):
        raise reader.unclosed("'=' after the key", after, opened)
    reader.position = after + 1
    if text.startswith("(", place):
        return key
    if (word := _keyword(key)) is not None:
        return Literal(key.start, key.end, reader.lines, word)
    if _is_reference(key) and not reader.refers:
        reader.problems.add("partial", key.start, key.end, _AMBIGUOUS)
        return Invalid(key.start, key.end, reader.lines, "the key is ambiguous")
    return key


def _loop(reader: "Expressions", start: int, closer: str) -> Expression:
    text, free = reader.text, reader.free
    reader.position = reader.skip(free) + len("for")
    key, value = templates.loop_names(reader)
    collection = reader.expression(free)
    height = reader.height
    place = reader.skip(free)
    if not text.startswith(":", place):
        raise expected("':' and the value of each element", text, place)
    reader.position = place + 1
    name: Expression | None = None
    result = reader.expression(free)
    height = max(height, reader.height)
    grouped = False
    place = reader.skip(free)
    if closer == "}":
        if not text.startswith("=>", place):
            raise expected("'=>' and the value for this key", text, place)
        reader.position = place + 2
        name = result
        result = reader.expression(free)
        height = max(height, reader.height)
        place = reader.skip(free)
        if text.startswith("...", place):
            grouped = True
            reader.position = place + 3
            place = reader.skip(free)
    elif text.startswith("=>", place):
        raise HclError(place, "Only a 'for' in braces has keys: write { instead of [.")
    condition: Expression | None = None
    if (word := reader.grammar.word(text, place)) is not None and word.group() == "if":
        reader.position = word.end()
        condition = reader.expression(free)
        height = max(height, reader.height)
    reader.close(closer, f"{closer!r}", start)
    reader.higher(height)
    end, lines = reader.position, reader.lines
    return For(start, end, lines, key, value, collection, name, result, condition, grouped)


def _keyword(key: Expression) -> str | None:
    """The bare word that stands as a key."""
    if isinstance(key, Name):
        return key.name
    if isinstance(key, Literal) and not isinstance(key.value, str | int | Decimal):
        return "null"
    if isinstance(key, Literal) and isinstance(key.value, bool):
        return "true" if key.value else "false"
    return None


def _is_reference(key: Expression) -> bool:
    while isinstance(key, Attribute) or (isinstance(key, Index) and isinstance(key.key, Literal)):
        key = key.of
    return isinstance(key, Name)
