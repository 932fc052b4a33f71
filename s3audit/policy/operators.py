"""Whether a condition holds for what its key holds: the one place that knows what an operator means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from s3audit.policy.globs import Glob, Token, arn_glob, literal
from s3audit.policy.request import Held


class Open(msgspec.Struct, frozen=True, gc=False):
    """A value that is not known, or that can't be understood."""

    why: str


class Chosen(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """A value of a condition: as it is written, and as a pattern where the operator takes patterns."""

    text: str
    tokens: tuple[Token, ...] = ()
    open: str = ""
    """Why a part of it is not known; any text may stand there, so what does not fit the rest never fits."""


Value = Chosen | Open
Fits = Callable[[Chosen, str], bool | None]
"""Whether one value of a request fits one of a condition; None where nobody can tell."""


class Operator(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """An operator, taken apart."""

    base: str
    """Without what stands before, behind and for its negation: `stringlike`."""
    negated: bool = False
    if_exists: bool = False
    each: str = ""
    """`any` or `all` for the operators that look at sets."""

    @property
    def takes_patterns(self) -> bool:
        return self.base in ("stringlike", "arnlike", "arnequals")


@lru_cache(maxsize=256)
def operator(written: str) -> Operator | None:
    """What an operator is made of; None where there is no such one."""
    name = written.lower()
    each = ""
    for prefix, which in (("foranyvalue:", "any"), ("forallvalues:", "all")):
        if name.startswith(prefix):
            name, each = name.removeprefix(prefix), which
    if name == "null":
        return None if each else Operator("null")
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    negated = "not" in name
    name = name.replace("not", "", 1)
    if name not in _FITS or (negated and name not in _WITH_NEGATION):
        return None
    return Operator(name, negated, if_exists, each)


def holds(which: Operator, values: Sequence[Value], held: Held | None) -> bool | None:
    """Whether the condition holds; None where that can't be told."""
    if which.base == "null":
        return _null(values, is_absent=held is None or held == frozenset())
    if held is None or held == frozenset():
        if which.each:
            return which.each == "all" or which.if_exists
        return which.negated or which.if_exists
    if which.each:
        return _of_set(which, values, held if isinstance(held, frozenset) else frozenset({held}))
    if isinstance(held, frozenset):
        # An operator for one value, and several of them: AWS leaves it open.
        if len(held) > 1:
            return None
        (held,) = held
    return _of_one(which, values, held)


def _null(values: Sequence[Value], *, is_absent: bool) -> bool | None:
    found: list[bool | None] = []
    for value in values:
        if isinstance(value, Open) or value.text.lower() not in ("true", "false"):
            found.append(None)
        else:
            found.append((value.text.lower() == "true") is is_absent)
    return some(found)


def _of_set(which: Operator, values: Sequence[Value], held: frozenset[str]) -> bool | None:
    answers = [_of_one(which, values, one) for one in held]
    return some(answers) if which.each == "any" else every(answers)


def _of_one(which: Operator, values: Sequence[Value], held: str) -> bool | None:
    found = some([_one_fits(which, value, held) for value in values])
    return None if found is None else found is not which.negated


def _one_fits(which: Operator, value: Value, held: str) -> bool | None:
    if isinstance(value, Open):
        return None
    if not value.open:
        return _FITS[which.base](value, held)
    shape = patterns(which, value)
    return False if shape is not None and not shape.matches(held) else None


def some(answers: Sequence[bool | None]) -> bool | None:
    """Whether any holds; None where what is not known decides."""
    if True in answers:
        return True
    return None if None in answers else False


def every(answers: Iterable[bool | None]) -> bool | None:
    """Whether all hold; the first that does not ends it."""
    found: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        found = found if answer else None
    return found


# What fits what


def _equal(value: Chosen, held: str) -> bool:
    return value.text == held


def _equal_in_any_case(value: Chosen, held: str) -> bool:
    return value.text.casefold() == held.casefold()


def _like(value: Chosen, held: str) -> bool:
    return _pattern(value).matches(held)


@lru_cache(maxsize=4096)
def _pattern(value: Chosen) -> Glob:
    return Glob(value.tokens)


@lru_cache(maxsize=4096)
def _arn_pattern(value: Chosen) -> Glob | None:
    return arn_glob(value.tokens)


def _arn_like(value: Chosen, held: str) -> bool | None:
    wanted = _arn_pattern(value)
    return None if wanted is None else wanted.matches(held)


_NUMBER = r"[+-]?[0-9]{1,300}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?"


@lru_cache(maxsize=4096)
def number(text: str) -> float | None:
    return float(text) if re.fullmatch(_NUMBER, text, re.ASCII) else None


@lru_cache(maxsize=4096)
def moment(text: str) -> float | None:
    """A date or a number of seconds, as seconds."""
    if (seconds := number(text)) is not None:
        return seconds
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


class Range(msgspec.Struct, frozen=True, gc=False):
    """Addresses that follow one another, as numbers."""

    version: int
    first: int
    last: int
    prefixlen: int


@lru_cache(maxsize=4096)
def network(text: str) -> Range | None:
    """A range of addresses, or one address."""
    if (usual := _usual_network(text)) is not None:
        return usual
    from ipaddress import ip_network

    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    return Range(found.version, int(found.network_address), int(found.broadcast_address), found.prefixlen)


def _usual_network(text: str) -> Range | None:
    """That of four numbers and a length; None for whatever is written in another way."""
    address, slash, length = text.partition("/")
    numbers = address.split(".")
    if len(numbers) != 4 or not text.isascii() or (slash and not length.isdigit()):
        return None
    first = 0
    for one in numbers:
        if not one.isdigit() or len(one) > 3 or int(one) > 255 or (one[0] == "0" and one != "0"):
            return None
        first = first << 8 | int(one)
    bits = int(length) if slash else 32
    if bits > 32:
        return None
    size = 1 << 32 - bits
    first -= first % size
    return Range(4, first, first + size - 1, bits)


def _in_range(value: Chosen, held: str) -> bool | None:
    wanted = network(value.text)
    return None if wanted is None else lies_in(held, wanted)


def lies_in(held: str, wanted: Range) -> bool | None:
    """Whether an address, or all of a range, lies in another range; None where it is neither."""
    own = network(held)
    if own is None:
        return None
    return own.version == wanted.version and wanted.first <= own.first and own.last <= wanted.last


def _compared(read: Callable[[str], float | None], relation: Callable[[float, float], bool]) -> Fits:
    def fits(value: Chosen, held: str) -> bool | None:
        wanted, found = read(value.text), read(held)
        return None if wanted is None or found is None else relation(found, wanted)

    return fits


_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "equals": lambda found, wanted: found == wanted,
    "lessthan": lambda found, wanted: found < wanted,
    "lessthanequals": lambda found, wanted: found <= wanted,
    "greaterthan": lambda found, wanted: found > wanted,
    "greaterthanequals": lambda found, wanted: found >= wanted,
}
_FITS: dict[str, Fits] = {
    "stringequals": _equal,
    "stringequalsignorecase": _equal_in_any_case,
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _equal_in_any_case,
    "binaryequals": lambda value, held: None,
    "ipaddress": _in_range,
    **{f"numeric{name}": _compared(number, relation) for name, relation in _RELATIONS.items()},
    **{f"date{name}": _compared(moment, relation) for name, relation in _RELATIONS.items()},
}
_WITH_NEGATION = frozenset(
    {
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "arnequals",
        "arnlike",
        "ipaddress",
        "numericequals",
        "dateequals",
    }
)


@lru_cache(maxsize=4096)
def patterns(which: Operator, value: Chosen) -> Glob | None:
    """What the texts have to be told apart by for this value; None where it compares no texts."""
    match which.base:
        case "stringequals":
            return Glob(value.tokens) if value.open else literal(value.text)
        case "stringequalsignorecase" | "bool":
            return Glob(value.tokens, True) if value.open else literal(value.text, any_case=True)
        case "stringlike":
            return _pattern(value)
        case "arnlike" | "arnequals":
            # What is not known may hold colons.
            return _pattern(value) if value.open else _arn_pattern(value)
        case _:
            return None


def unread(which: Operator, value: Chosen) -> str:
    """Why a value is none that the operator compares with; empty where it is one."""
    kind = kind_of(which)
    if kind == NUMBERS and number(value.text) is None:
        return f"{value.text} is no number"
    if kind == MOMENTS and moment(value.text) is None:
        return f"{value.text} is no date"
    if kind == ADDRESSES and network(value.text) is None:
        return f"{value.text} is no address, and no range of them"
    if which.base in ("arnlike", "arnequals") and not value.open and _arn_pattern(value) is None:
        return f"{value.text} is no ARN, which has six parts"
    return ""


TEXTS, NUMBERS, MOMENTS, ADDRESSES = "texts", "numbers", "moments", "addresses"


def kind_of(which: Operator) -> str:
    """What it compares; empty for Null, that asks only whether anything is there."""
    if which.base.startswith("numeric"):
        return NUMBERS
    if which.base.startswith("date"):
        return MOMENTS
    if which.base == "ipaddress":
        return ADDRESSES
    return "" if which.base == "null" else TEXTS
