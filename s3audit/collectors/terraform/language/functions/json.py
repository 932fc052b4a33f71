"""`jsonencode` and `jsondecode`: an encoding keeps the value that it was made of, with its places."""

import re

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Budget, Mapping, Node, Sequence
from s3audit.collectors.terraform.language.convert import (
    NotKnown,
    Number,
    Unlike,
    from_plain,
    is_ordered,
    number_in,
)
from s3audit.collectors.terraform.language.functions.common import (
    LONGEST,
    MOST,
    Call,
    Function,
    Refused,
    TooLarge,
    fits,
    string_in,
)
from s3audit.collectors.terraform.language.functions.letters import normal
from s3audit.collectors.terraform.language.values import (
    Encoded,
    Plain,
    Primitive,
    SetOf,
    Value,
    spelled,
)
from s3audit.text import Part, Text, text

DEEPEST = 200

_ESCAPED = re.compile('[\x00-\x1f"\\\\<>&\u2028\u2029]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def inner(value: str) -> str:
    """A text as it stands between the quotes."""
    if _ESCAPED.search(value) is None:
        return value
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}", value)


class Writer:
    """Writes compact JSON; what is no text and not known stays open."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.why = ""
        self.size = 0
        self.budget = Budget(MOST)

    @property
    def has_gaps(self) -> bool:
        return any(isinstance(part, Unlike) for part in self.parts)

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.size += len(part)
        fits(self.size)

    def write(self, value: Value) -> None:
        self.budget.spend()
        if isinstance(value, Primitive):
            self.add(f'"{inner(value.data)}"' if isinstance(value.data, str) else value.value)
        elif isinstance(value, Partial):
            self.text(value)
        elif isinstance(value, SetOf) and not is_ordered(value):
            self.gap("the order of a set is not known before all of its elements are")
        elif isinstance(value, Sequence):
            mark = "["
            for item in value.items:
                self.add(mark)
                mark = ","
                self.write(item)
            self.add("]" if value.items else "[]")
        elif isinstance(value, Mapping):
            mark = "{"
            for name in sorted(value.entries):
                self.add(f'{mark}"{inner(name)}":')
                mark = ","
                self.write(value.entries[name].value)
            self.add("}" if value.entries else "{}")
        else:
            self.gap(value.why if isinstance(value, Undecided) else "it is a whole object")

    def text(self, value: Partial) -> None:
        self.why = self.why or value.why
        self.add('"')
        for part in value.text.parts:
            if isinstance(part, str):
                self.add(inner(part))
            else:
                self.parts.append(part)
                self.size += 8
        self.add('"')

    def gap(self, why: str) -> None:
        self.why = self.why or why
        self.parts.append(Unlike(why))


def _jsonencode(call: Call) -> Value:
    value = call.arguments[0]
    writer = Writer()
    writer.write(value)
    return encoding(call, value, text(*writer.parts), writer.why)


def encoding(call: Call, value: Value, known: Text, why: str) -> Value:
    return Encoded(call.at.start, call.at.end, call.at.lines, known, why, value=value)


def encoded(data: Plain) -> str:
    """Plain data as compact JSON."""
    made: list[str] = []
    size = 0

    def add(part: str) -> None:
        nonlocal size
        size += len(part) + 1
        if size > LONGEST:
            raise TooLarge
        made.append(part)

    def write(value: Plain) -> None:
        if isinstance(value, str):
            add(f'"{inner(value)}"')
        elif isinstance(value, list):
            add("[")
            for index, item in enumerate(value):
                if index:
                    add(",")
                write(item)
            add("]")
        elif isinstance(value, dict):
            add("{")
            for index, name in enumerate(sorted(value)):
                add(f'{"," if index else ""}"{inner(name)}":')
                write(value[name])
            add("}")
        else:
            add(spelled(value))

    write(data)
    return "".join(made)


def _jsondecode(call: Call) -> Value:
    value = call.arguments[0]
    if isinstance(value, Encoded) and (same := kept(value.value)) is not None:
        return same
    return from_plain(call.at, decoded(string_in(value), call.at))


def kept(value: Value) -> Value | None:
    """The value of an encoding as decoding gives it, in its places; None where that has to be worked out."""
    return _kept(value, Budget(MOST))


def _kept(value: Value, budget: Budget) -> Value | None:
    budget.spend()
    children: list[Value]
    if isinstance(value, SetOf):
        return None
    if isinstance(value, Sequence):
        children = value.items
    elif isinstance(value, Mapping):
        children = [entry.value for entry in value.entries.values()]
    else:
        return value if isinstance(value, Primitive | Partial | Undecided) else None
    return None if any(_kept(child, budget) is None for child in children) else value


def decoded(data: str, at: Node) -> Plain:
    """What JSON says; refused where Go refuses it."""
    import json

    fits(len(data))

    def number(word: str) -> Number:
        made = number_in(word, at)
        if isinstance(made, Undecided):
            raise NotKnown(made.why)
        return made

    def refuse(word: str) -> Plain:
        raise Refused(f"it is no JSON: {word}")

    try:
        made = json.loads(data, parse_int=number, parse_float=number, parse_constant=refuse)
    except json.JSONDecodeError as problem:
        if problem.msg == "Extra data" and data[problem.pos] in "]}":
            raise NotKnown("what follows its value is taken for granted or refused") from None
        raise Refused(
            f"it is no JSON: {problem.msg}, line {problem.lineno}, column {problem.colno}"
        ) from None
    return checked(made, Budget(MOST))


def checked(data: Plain, budget: Budget, depth: int = 0) -> Plain:
    """Decoded data with its texts in the form in which Terraform keeps them, if there is not too much of it."""
    budget.spend()
    if depth > DEEPEST:
        raise TooLarge
    if isinstance(data, str):
        return normal(data)
    if isinstance(data, list):
        return [checked(item, budget, depth + 1) for item in data]
    if isinstance(data, dict):
        return {normal(name): checked(item, budget, depth + 1) for name, item in data.items()}
    return data


FUNCTIONS = {
    "jsondecode": Function(_jsondecode, 1, 1),
    "jsonencode": Function(_jsonencode, 1, 1, 0),
}
