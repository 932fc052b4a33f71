"""What is known of one value: it is known, it is not set, or the input does not tell."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.text import Text
from s3audit.verdict import EVERY_OF_NONE, SOME_OF_NONE, Evidence, Status, Verdict, every, some, unknown

T = TypeVar("T")
U = TypeVar("U")


class _Setting(msgspec.Struct, frozen=True, gc=False):
    """What the three have in common: no truth value of their own."""

    if not TYPE_CHECKING:  # hidden from the type checker, so that `if setting:` is a type error

        def __bool__(self) -> bool:
            raise TypeError("a setting has three states: ask .is_in(...), .satisfies(...), or match on them")


class Known(_Setting, Generic[T], frozen=True, tag="known"):
    """The input tells the value."""

    value: T
    at: Location
    via: str = ""
    """How it came about, if that matters to a reader: `with the default of Env`."""

    def is_in(self, *values: T, what: str) -> Verdict:
        note = f"{what} is {show(self.value)}{_respelled(self.value, values)}"
        return _judged(self.value in values, self.at, note, self.via)

    def satisfies(self, predicate: Callable[[T], bool | Status], note: str) -> Verdict:
        return _judged(predicate(self.value), self.at, note, self.via)

    def map(self, function: Callable[[T], U]) -> "Known[U]":
        return Known(function(self.value), self.at, self.via)


class Unset(_Setting, Generic[T], frozen=True, tag="unset"):
    """Not written: what AWS does for a bucket created now."""

    default: T
    at: Location
    """The key that the value would stand under."""
    since: str = ""
    """When this became the default; what is older keeps an older state."""
    via: str = ""

    def is_in(self, *values: T, what: str) -> Verdict:
        note = f"{what} is not set"
        if self.default is not None:
            note += f", so it is {show(self.default)}"
        return _judged(self.default in values, self.at, note, self.via)

    def satisfies(self, predicate: Callable[[T], bool | Status], note: str) -> Verdict:
        return _judged(predicate(self.default), self.at, note, self.via)

    def map(self, function: Callable[[T], U]) -> "Unset[U]":
        return Unset(function(self.default), self.at, self.since, self.via)


class Unknown(_Setting, frozen=True, tag="unknown"):
    """The input has a value or may have one, and does not tell it."""

    why: str
    at: Location

    def is_in(self, *values: object, what: str) -> Verdict:
        return unknown(self.at, f"{what} is not known: {_shortened(self.why)}")

    def satisfies(self, predicate: Callable[..., bool | Status], note: str) -> Verdict:
        return unknown(self.at, self.why)

    def map(self, function: Callable[..., object]) -> "Unknown":
        return self


Setting: TypeAlias = Known[T] | Unset[T] | Unknown
Listed: TypeAlias = Known[tuple[Setting[T], ...]] | Unset[tuple[Setting[T], ...]] | Unknown
"""A list whose elements, or which as a whole, may be unknown."""

_MOST_SHOWN = 500
"""Characters of a text in evidence."""

NOT_COLLECTED = Unknown("no source has told it", NOWHERE)


def when_set(
    setting: Setting[T | None], judge: Callable[[T], Verdict], absent: Verdict | str, what: str = ""
) -> Verdict:
    """Judge a configuration if there is one; `absent` is the verdict, or why the question does not arise.

    `what` names it where it is not known and the reason alone would not say of what.
    """
    match setting:
        case Unknown(why, at):
            return unknown(at, f"{what} is not known: {why}" if what else why)
        case Known(value, at) | Unset(value, at):
            if value is not None:
                return judge(value)
            if isinstance(absent, Verdict):
                return absent
            return Verdict(Status.NOT_APPLICABLE, (Evidence(at, absent),))


def every_of(listed: Listed[T], judge: Callable[[T], Verdict], empty: Verdict = EVERY_OF_NONE) -> Verdict:
    """The judgement holds for every element; an unknown element leaves it open unless another one fails."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            return every((_element(item, judge) for item in items), empty)


def some_of(listed: Listed[T], judge: Callable[[T], Verdict], empty: Verdict = SOME_OF_NONE) -> Verdict:
    """The judgement holds for at least one element; an unknown element leaves it open unless another one does."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            return some((_element(item, judge) for item in items), empty)


def _element(item: Setting[T], judge: Callable[[T], Verdict]) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(value) | Unset(value):
            return judge(value)


def _judged(answer: bool | Status, at: Location, note: str, via: str) -> Verdict:
    if isinstance(answer, bool):
        answer = Status.PASS if answer else Status.FAIL
    return Verdict(answer, (Evidence(at, f"{note} {via}" if via else note),))


def _respelled(value: object, values: tuple[object, ...]) -> str:
    """What to add when a word is none of those asked for but by its capital letters."""
    if not isinstance(value, str) or value in values:
        return ""
    meant = (one for one in values if isinstance(one, str) and one.lower() == value.lower())
    return next((f", which AWS spells {one}" for one in meant), "")


def _shortened(text: str) -> str:
    if len(text) <= _MOST_SHOWN:
        return text
    return f"{text[:_MOST_SHOWN]}... and {len(text) - _MOST_SHOWN:,} characters more"


def show(value: object) -> str:
    """A value as evidence prints it."""
    match value:
        case bool():
            return "on" if value else "off"
        case Text():
            return f'"{_shortened(str(value))}"'
        case str():
            return _shortened(value) or '""'
        case _:
            return str(value)
