"""JSON with the place of each part: a pattern takes a whole member at a time, a slower path what it can't."""

import re
from typing import NoReturn

from s3audit.collectors.documents.problems import MAX_DEPTH, TOO_DEEP, DocumentError, Problems, shown
from s3audit.collectors.documents.tree import Document, Entry, Lines, Mapping, Node, Scalar, Sequence
from s3audit.problem import Problem

_SPACE = r"[ \t\r\n]*+"
_SIMPLE = r'"([^"\\\x00-\x1f]*+)"'
_LITERAL = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?|true|false|null"
_VALUE = rf"{_SPACE}(?:{_SIMPLE}|({_LITERAL})|[\[{{])"
_MEMBER = rf"{_SPACE}{_SIMPLE}{_SPACE}:{_VALUE}{_SPACE}([,}}])?"
_ITEM = rf"{_VALUE}{_SPACE}([,\]])?"
_NOT_A_NUMBER = r"[-+]?(?:NaN|Infinity)\b"
_SURROGATE = r"[\ud800-\udfff]"

_STRING_ERRORS = (
    ("Unterminated", "The text that begins here is never closed: add the closing quote."),
    ("control", r"No line break, tab or control character can stand in a JSON text: write \n, \t or \u00xx."),
    ("uXXXX", r"Expected four hexadecimal digits after \u."),
    ("escape", "This escape is unknown in JSON: write two backslashes for one."),
)


class JsonError(DocumentError):
    """Not JSON; `maybe_yaml` when it may be a YAML mapping or list in braces or brackets."""

    def __init__(self, offset: int, sentence: str, *, maybe_yaml: bool = True) -> None:
        super().__init__(offset, sentence)
        self.maybe_yaml = maybe_yaml


def read_json(text: str, source: str) -> tuple[list[Document], list[Problem]]:
    """The one document of a text without byte order mark that begins with a brace or a bracket."""
    problems = Problems(source, Lines(text))
    try:
        document = parse_json(text, problems)
    except JsonError as error:
        problems.stop(error)
        return [], problems.found
    return [document], problems.found


def parse_json(text: str, problems: Problems) -> Document:
    """The document, or JsonError; a repeated key is added to the problems."""
    return Document(_Reader(text, problems).root(), problems.source, text)


class _Reader:
    __slots__ = ("item", "lines", "literal", "member", "open", "problems", "space", "text")

    def __init__(self, text: str, problems: Problems) -> None:
        self.text = text
        self.problems = problems
        self.lines = problems.lines
        self.open: list[Mapping | Sequence] = []
        self.space = re.compile(_SPACE).match
        self.literal = re.compile(_LITERAL).match
        self.member = re.compile(_MEMBER).match
        self.item = re.compile(_ITEM).match

    def root(self) -> Node:
        position = self._skip(0)
        if self.text[position : position + 1] not in ("{", "["):
            self._fail(position, "Expected '{' or '['")
        node, position = self._open(position)
        while self.open:
            container = self.open[-1]
            if type(container) is Mapping:
                position = self._members(container, position)
            elif type(container) is Sequence:
                position = self._items(container, position)
        position = self._skip(position)
        if position < len(self.text):
            self._fail(position, "Expected nothing after the end of the document")
        return node

    def _members(self, mapping: Mapping, position: int) -> int:
        """Reads on until the mapping ends or something opens in it."""
        text, lines, entries, member = self.text, self.lines, mapping.entries, self.member
        while True:
            found = member(text, position)
            value: Node
            if found is None:
                if end := self._end_of_empty(mapping, position):
                    return self._close(end)
                key, position = self._key(position)
                value, position = self._value(position)
                after = None
            else:
                name, string, literal, after = found.groups()
                start, end = found.span(1)
                key = Scalar(start - 1, end + 1, lines, "", name, False, '"')
                position = found.end()
                if string is not None:
                    start, end = found.span(2)
                    value = Scalar(start - 1, end + 1, lines, "", string, False, '"')
                elif literal is not None:
                    start, end = found.span(3)
                    value = Scalar(start, end, lines, "", literal, True, "")
                else:
                    value, position = self._open(text.index(":", end) + 1)
            name = key.value
            if name in entries:
                self.problems.repeated(entries[name].key, key)
            entries[name] = Entry(key, value)
            if type(value) is not Scalar:
                return position
            if after is None:
                after, position = self._separator(position)
            if after == "}":
                return self._close(position)

    def _items(self, sequence: Sequence, position: int) -> int:
        """Reads on until the list ends or something opens in it."""
        text, lines, items, item = self.text, self.lines, sequence.items, self.item
        while True:
            found = item(text, position)
            value: Node
            if found is None:
                if end := self._end_of_empty(sequence, position):
                    return self._close(end)
                value, position = self._value(position)
                after = None
            else:
                string, literal, after = found.groups()
                if string is not None:
                    start, end = found.span(1)
                    value = Scalar(start - 1, end + 1, lines, "", string, False, '"')
                    position = found.end()
                elif literal is not None:
                    start, end = found.span(2)
                    value = Scalar(start, end, lines, "", literal, True, "")
                    position = found.end()
                else:
                    value, position = self._open(position)
            items.append(value)
            if type(value) is not Scalar:
                return position
            if after is None:
                after, position = self._separator(position)
            if after == "]":
                return self._close(position)

    def _skip(self, position: int) -> int:
        found = self.space(self.text, position)
        return position if found is None else found.end()

    def _open(self, position: int) -> tuple[Mapping | Sequence, int]:
        position = self._skip(position)
        if len(self.open) >= MAX_DEPTH:
            raise JsonError(position, TOO_DEEP, maybe_yaml=False)
        node: Mapping | Sequence
        if self.text[position] == "{":
            node = Mapping(position, position, self.lines, "", {})
        else:
            node = Sequence(position, position, self.lines, "", [])
        self.open.append(node)
        return node, position + 1

    def _close(self, end: int) -> int:
        """Ends the innermost container, and all whose bracket follows; where the next member begins."""
        while True:
            self.open.pop().end = end
            if not self.open:
                return end
            after, end = self._separator(end)
            if after == ",":
                return end

    def _end_of_empty(self, container: Mapping | Sequence, position: int) -> int:
        """Where the container ends if its bracket comes now, else 0."""
        position = self._skip(position)
        bracket = "}" if type(container) is Mapping else "]"
        if not self.text.startswith(bracket, position):
            return 0
        if _has_members(container):
            comma = self.text.rindex(",", 0, position)
            raise JsonError(comma, f"JSON allows no comma before {bracket!r}: remove it.")
        return position + 1

    def _separator(self, position: int) -> tuple[str, int]:
        position = self._skip(position)
        bracket = "}" if type(self.open[-1]) is Mapping else "]"
        after = self.text[position : position + 1]
        if after not in (",", bracket):
            # A comma is missing here; YAML would take a number or word and the text after it for one text.
            self._fail(position, f"Expected ',' or {bracket!r}", maybe_yaml=after != '"')
        return after, position + 1

    def _key(self, position: int) -> tuple[Scalar, int]:
        position = self._skip(position)
        if not self.text.startswith('"', position):
            self._fail(position, "Expected a key in double quotes")
        key, position = self._string(position)
        position = self._skip(position)
        if not self.text.startswith(":", position):
            self._fail(position, f"Expected ':' after the key {shown(key.value)}")
        return key, position + 1

    def _value(self, position: int) -> tuple[Node, int]:
        position = self._skip(position)
        first = self.text[position : position + 1]
        if first == '"':
            return self._string(position)
        if first in ("{", "["):
            return self._open(position)
        if (found := self.literal(self.text, position)) is None:
            self._fail(position, "Expected a value")
        return Scalar(position, found.end(), self.lines, "", found.group(), True, ""), found.end()

    def _string(self, position: int) -> tuple[Scalar, int]:
        import json

        try:
            value, end = json.JSONDecoder().raw_decode(self.text, position)
        except json.JSONDecodeError as error:
            sentence = next((said for part, said in _STRING_ERRORS if part in error.msg), error.msg)
            raise JsonError(error.pos, sentence) from None
        # Half a surrogate pair could not be written anywhere.
        return Scalar(position, end, self.lines, "", re.sub(_SURROGATE, "\ufffd", value), False, '"'), end

    def _fail(self, position: int, expected: str, *, maybe_yaml: bool = True) -> NoReturn:
        rest = self.text[position : position + 10]
        if not rest:
            sentence = f"{expected}, but the file ends."
            if self.open:
                line, column = self.lines.place(self.open[-1].start)
                sentence = f"{sentence} What is not closed begins on line {line}, column {column}."
            raise JsonError(position, sentence)
        if rest.startswith(("//", "/*", "#")):
            sentence = "JSON has no comments: remove this one, or write the template in YAML."
            raise JsonError(position, sentence, maybe_yaml=rest[0] == "#")
        if found := re.match(_NOT_A_NUMBER, rest):
            sentence = f"{found.group()} is not JSON: write a number, a text in double quotes or null."
            raise JsonError(position, sentence, maybe_yaml=False)
        if rest[0] == "'":
            raise JsonError(
                position, f"{expected}, but found a single quote: JSON texts stand in double quotes."
            )
        raise JsonError(position, f"{expected}, but found {shown(rest[0])}.", maybe_yaml=maybe_yaml)


def _has_members(container: Mapping | Sequence) -> bool:
    return bool(container.entries if isinstance(container, Mapping) else container.items)
