"""What metric filters and event rules look for: whether an event of CloudTrail sets them off."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeAlias

from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.setting import Unknown
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, every, some

Event: TypeAlias = Mapping[str, "str | bool | Event | None"]
"""What is known of it; None for what it does not have. Of a field that is not here nothing is known."""

_PASS, _FAIL, _OPEN = map(Verdict, (Status.PASS, Status.FAIL, Status.UNKNOWN))
_UNTOLD = "\ue000"
"""Stands for a part of a text that is not told."""
_ROOT = "$."


class _UnreadableError(Exception):
    """It is no pattern of this form."""


def filter_matches(pattern: Text, event: Event) -> Status:
    """Whether a metric filter counts an event; open where it is of another form."""
    written = "".join(part if isinstance(part, str) else _UNTOLD for part in pattern.parts).strip()
    if not written:
        return Status.PASS
    if not (written.startswith("{") and written.endswith("}")):
        return Status.UNKNOWN
    try:
        return _Filter(_tokens(written[1:-1]), event).whole().status
    except _UnreadableError:
        return Status.UNKNOWN


@cache
def _token() -> re.Pattern[str]:
    return re.compile(
        r"""\s*(?:(?P<sign>&&|\|\||[()]|!=|<=|>=|[=<>])
        |(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<regex>%[^%]*%)|(?P<word>[^\s()&|=!<>"]+))""",
        re.VERBOSE,
    )


def _tokens(written: str) -> list[str]:
    found: list[str] = []
    place = 0
    end = len(written.rstrip())
    while place < end:
        token = _token().match(written, place)
        if token is None:
            raise _UnreadableError
        found.append(token.group().strip())
        place = token.end()
    return found


class _Filter:
    """Reads a filter pattern and asks it about an event on the way: `{ ($.eventName = Put*) || ... }`."""

    def __init__(self, tokens: list[str], event: Event) -> None:
        self._tokens = tokens
        self._event = event

    def whole(self) -> Verdict:
        found = self._either()
        if self._tokens:
            raise _UnreadableError
        return found

    def _either(self) -> Verdict:
        found = [self._both()]
        while self._comes("||"):
            found.append(self._both())
        return some(found)

    def _both(self) -> Verdict:
        found = [self._one()]
        while self._comes("&&"):
            found.append(self._one())
        return every(found)

    def _one(self) -> Verdict:
        if self._comes("("):
            found = self._either()
            if not self._comes(")"):
                raise _UnreadableError
            return found
        return self._comparison()

    def _comparison(self) -> Verdict:
        field = self._next()
        if not field.startswith(_ROOT):
            raise _UnreadableError
        held = _held(self._event, field.removeprefix(_ROOT).split("."))
        operator = self._next().upper()
        value = self._next()
        match operator, value.upper():
            case "=", _:
                return _compared(held, value)
            case "!=", _:
                return _OPEN if held is None else ~_compared(held, value)
            case "NOT", "EXISTS":
                return _OPEN if held is _OPEN else _verdict(held is None)
            case "IS", "NULL":
                return _OPEN if held is _OPEN else _FAIL
            case "IS", ("TRUE" | "FALSE") as word:
                return _OPEN if held is _OPEN else _verdict(held is (word == "TRUE"))
            case (("<" | ">" | "<=" | ">="), _):
                return _OPEN
            case _:
                raise _UnreadableError

    def _comes(self, token: str) -> bool:
        is_next = bool(self._tokens) and self._tokens[0] == token
        if is_next:
            del self._tokens[0]
        return is_next

    def _next(self) -> str:
        if not self._tokens:
            raise _UnreadableError
        return self._tokens.pop(0)


_Held: TypeAlias = "str | bool | Verdict | Event | None"


def _held(event: Event, path: list[str]) -> _Held:
    """What a field holds; `_OPEN` where that is not known."""
    held: _Held = event
    for name in path:
        if not isinstance(held, Mapping):
            return None if held is None else _OPEN
        held = held.get(name, _OPEN)
    return held


def _compared(held: _Held, value: str) -> Verdict:
    if held is None:
        return _FAIL
    if not isinstance(held, str) or value.startswith("%") or _UNTOLD in value:
        return _OPEN
    wanted = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
    return _verdict(fnmatchcase(held, re.sub(r"([\[?])", r"[\1]", wanted)))


def rule_matches(pattern: Value, event: Event) -> Status:
    """Whether an event rule takes in an event."""
    return _object(pattern, event).status


def _object(pattern: Value, held: _Held) -> Verdict:
    match pattern:
        case Object(members=members) if isinstance(held, Mapping):
            return every(
                some(_object(one, held) for one in _items(member.value))
                if member.name == "$or"
                else _member(member.value, held.get(member.name, _OPEN))
                for member in members
            )
        case Object() if held is None:
            return _FAIL
        case _:
            return _OPEN


def _member(pattern: Value, held: _Held) -> Verdict:
    match pattern:
        case Object():
            return _object(pattern, held)
        case Array():
            return some(_value(one, held) for one in _items(pattern))
        case _:
            return _OPEN


def _items(value: Value) -> tuple[Value, ...]:
    return tuple(value.items) if isinstance(value, Array) else (Unknown("", value.at),)


def _value(pattern: Value, held: _Held) -> Verdict:
    match pattern:
        case Leaf(value=Text() as wanted):
            if held is None:
                return _FAIL
            if wanted.literal is None or not isinstance(held, str):
                return _OPEN
            return _verdict(held == wanted.literal)
        case Leaf(value=bool() as flag):
            return _verdict(held is flag) if isinstance(held, bool) else _OPEN
        case Object(members=[member]):
            return _filtered(member.name, member.value, held)
        case _:
            return _OPEN


def _filtered(kind: str, value: Value, held: _Held) -> Verdict:
    """A filter within the pattern: `{"prefix": "Put"}`."""
    match kind, value:
        case "exists", Leaf(value=bool() as wanted):
            return _OPEN if held is _OPEN else _verdict((held is not None) == wanted)
        case "prefix" | "suffix" | "wildcard" | "equals-ignore-case", Leaf(value=Text() as text):
            word = text.literal
            if held is None:
                return _FAIL
            if word is None or not isinstance(held, str):
                return _OPEN
            return _verdict(_fits(kind, word, held))
        case "anything-but", Array(items=items):
            return ~some(_value(one, held) for one in items)
        case "anything-but", Leaf() | Object():
            return ~_value(value, held)
        case _:
            return _OPEN


def _fits(kind: str, word: str, held: str) -> bool:
    match kind:
        case "prefix":
            return held.startswith(word)
        case "suffix":
            return held.endswith(word)
        case "wildcard":
            return fnmatchcase(held, re.sub(r"([\[?])", r"[\1]", word))
        case _:
            return held.lower() == word.lower()


def _verdict(answer: bool) -> Verdict:
    return _PASS if answer else _FAIL
