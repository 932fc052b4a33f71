"""What Terraform makes of a value where another type is expected, and when two values are equal."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Budget, BudgetError, Entry, Mapping, Node, Sequence
from s3audit.collectors.terraform.language.values import (
    Encoded,
    OpenSequence,
    Plain,
    Primitive,
    SetData,
    SetOf,
    Value,
    again,
    failed,
    is_null,
    key_at,
    sequence,
    set_of,
    undecided,
    why_not_known,
)
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status

Number: TypeAlias = int | Decimal

LARGEST_EXPONENT = 4000
"""Numbers with more digits than this are not worked out; Python writes integers of 4300."""

TOO_MANY_DIGITS = "a number with so many digits is too large to be worked out"

_LONGEST_EXACT = 150
"""Terraform's numbers have 512 bits, so this many decimal digits come back as they were written."""

_NUMBER = re.compile(r"([-+]?)([0-9]+\.?[0-9]*|\.[0-9]+)(?:([eEpP])([-+]?[0-9]+))?")
_BOOLS = {"true": True, "1": True, "false": False, "0": False}

_OUTLINED = (Primitive, Partial, Sequence, Mapping)

_TYPES = "whether it is a list or a tuple, or a map or an object, decides, and that can't be told"


NULL = "\0null"
"""Among the texts that an opaque part is not: it is not null. No text of a configuration holds that character."""


class Unlike(Opaque, frozen=True):
    """A part of which not even the origin is told, so that it is like no other."""

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class NotKnown(Exception):  # noqa: N818 - it is an answer
    """A value, or a part of it, is not known."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def may_be_anything(value: Value) -> bool:
    """Whether a value is only known by its origin, which need not be that of a text."""
    if not isinstance(value, Partial) or isinstance(value, Encoded):
        return False
    match value.text.parts:
        case (Opaque(resource="", generated=False),):
            return True
        case _:
            return False


def kind(value: Value) -> str:
    """What a value is, as a message names it."""
    match value:
        case Primitive(data=None):
            return "null"
        case Primitive(data=bool()):
            return "a bool"
        case Primitive(data=str()) | Partial():
            return "a string"
        case Primitive():
            return "a number"
        case SetOf():
            return "a set"
        case Sequence():
            return "a list"
        case Mapping():
            return "a map"
        case _:
            return "an object"


def literal(value: Value) -> str | None:
    """The text that a value is, where it is a text and wholly known."""
    if isinstance(value, Primitive):
        return value.data if isinstance(value.data, str) else None
    return value.text.literal if isinstance(value, Partial) else None


def text_of(value: Value) -> Text | None:
    """The text that a value is, known or in parts."""
    if isinstance(value, Primitive):
        data = value.data
        return (Text((data,)) if data else Text()) if isinstance(data, str) else None
    return value.text if isinstance(value, Partial) else None


def _refused(value: Value, expected: str) -> Undecided:
    """A value of the wrong type: refused, unless nobody knows what it is."""
    if isinstance(value, Undecided):
        return again(value, value) if isinstance(value, OpenSequence) else value
    if isinstance(value, _OUTLINED) and not may_be_anything(value):
        return failed(value, f"{expected} is required here, not {kind(value)}")
    return undecided(value, _why(value) or "it is a whole object")


def as_text(value: Value) -> Value:
    """The value where a text is expected: a Primitive text, a Partial or Encoded, or Undecided."""
    if isinstance(value, Primitive):
        data = value.data
        if isinstance(data, str):
            return value
        if data is None:
            return _refused(value, "a string")
        if isinstance(data, Decimal) and not _is_small(data):
            return undecided(value, TOO_MANY_DIGITS)
        return Primitive.of(value, value.value)
    if isinstance(value, Partial):
        return value
    return _refused(value, "a string")


def as_number(value: Value) -> Number | Undecided:
    """The value where a number is expected."""
    if isinstance(value, Primitive):
        data = value.data
        if isinstance(data, bool) or data is None:
            return _refused(value, "a number")
        if isinstance(data, Decimal):
            return simplest(data)
        return number_in(data, value) if isinstance(data, str) else data
    if isinstance(value, Partial):
        if (known := value.text.literal) is not None:
            return number_in(known, value)
        return _unless_no_word(value, "a number", "0123456789.+-eEpPinfINF")
    return _refused(value, "a number")


def number_in(text: str, at: Node) -> Number | Undecided:
    """The number that a text is written for."""
    if len(text) < _LONGEST_EXACT and text.isdecimal() and text.isascii():
        return int(text)
    found = _NUMBER.fullmatch(text)
    if found is None:
        if text.lstrip("+-") in ("Inf", "inf") and len(text) < 5:
            return undecided(at, "infinity is not worked out")
        return failed(at, f"a number is required here, not {text[:40]!r}")
    sign, digits, mark, exponent = found.groups()
    if len(text) > LARGEST_EXPONENT or (mark and abs(int(exponent)) > LARGEST_EXPONENT):
        return undecided(at, TOO_MANY_DIGITS)
    if mark in ("p", "P"):
        return _of_bits(Decimal(sign + digits), int(exponent), at)
    value = Decimal(f"{sign}{digits}{'e' if mark else ''}{exponent or ''}")
    return _of_bits(value, 0, at) if len(digits) >= _LONGEST_EXACT else simplest(value)


def _of_bits(value: Decimal, exponent: int, at: Node) -> Number | Undecided:
    """The value times a power of two, with as many digits as Terraform keeps."""
    from fractions import Fraction

    from s3audit.collectors.terraform.language.functions.exact import fraction, rounded

    try:
        return rounded(fraction(value) * Fraction(2) ** exponent)
    except NotKnown as gap:
        return undecided(at, gap.why)


def simplest(value: Decimal) -> Number:
    """A whole number as an int; the zero below zero, which is written differently, stays."""
    is_whole = value == value.to_integral_value() and (value or not value.is_signed())
    return int(value) if is_whole and _is_small(value) else value


def _is_small(value: Decimal) -> bool:
    return abs(value.adjusted()) <= LARGEST_EXPONENT


def as_bool(value: Value) -> bool | Undecided:
    """The value where a bool is expected."""
    if isinstance(value, Primitive):
        data = value.data
        if isinstance(data, bool):
            return data
        if not isinstance(data, str):
            return _refused(value, "a bool")
    elif not isinstance(value, Partial):
        return _refused(value, "a bool")
    known = literal(value)
    if known is not None:
        truth = _BOOLS.get(known)
        return failed(value, f"a bool is required here, not {known[:40]!r}") if truth is None else truth
    return _unless_no_word(value, "a bool", "truefalse10")


def _unless_no_word(value: Node, expected: str, letters: str) -> Undecided:
    """A text with opaque parts, which is refused when its known parts fit no number or bool."""
    assert isinstance(value, Partial)  # noqa: S101 - nothing else is left
    for part in value.text.parts:
        if isinstance(part, str) and not set(part) <= set(letters):
            return failed(value, f"{expected} is required here, not {value.text}")
    return undecided(value, _why(value))


def to_plain(value: Value) -> Plain:
    """A value as Python data; raises NotKnown where it, or anything in it, is not known."""
    if isinstance(value, Primitive):
        return value.data
    try:
        return _plain(value, Budget())
    except BudgetError:
        raise NotKnown("a value with so many parts is too large to be worked out") from None


def _plain(value: Value, budget: Budget) -> Plain:
    budget.spend()
    if isinstance(value, Primitive):
        return value.data
    if isinstance(value, Mapping):
        return {name: _plain(entry.value, budget) for name, entry in value.entries.items()}
    if isinstance(value, SetOf):
        return SetData(_plain(item, budget) for item in value.items)
    if isinstance(value, Sequence):
        return [_plain(item, budget) for item in value.items]
    if (known := literal(value)) is not None:
        return known
    raise NotKnown(_why(value) or "it is not known")


def from_plain(at: Node, data: Plain) -> Value:
    """Python data as a value, all of it in one place."""
    if isinstance(data, dict):
        return Mapping(
            at.start,
            at.end,
            at.lines,
            "",
            {name: Entry(key_at(at, name), from_plain(at, item)) for name, item in data.items()},
        )
    if isinstance(data, list):
        made = (from_plain(at, item) for item in data)
        return set_of(at, made) if isinstance(data, SetData) else sequence(at, made)
    return Primitive.of(at, data)


def equal(one: Value, other: Value) -> bool | Undecided:
    """Whether `one == other`: values of different types are not equal."""
    answer = alike(one, other)
    if answer is not True or not isinstance(one, Sequence | Mapping):
        return answer
    # Equal parts make equal sets. A list is no tuple, though, and a map is no object.
    if isinstance(one, SetOf) and not any(isinstance(item, Sequence | Mapping) for item in one.items):
        return True
    return undecided(one, _TYPES)


def alike(one: Value, other: Value) -> bool | Undecided:
    """As `equal`, for two values of which is known that one is a list or a map where the other is."""
    try:
        return _alike(one, other, Budget())
    except BudgetError:
        return undecided(one, "whether values with so many parts are equal is not worked out")


def _alike(one: Value, other: Value, budget: Budget) -> bool | Undecided:
    if isinstance(one, Primitive) and isinstance(other, Primitive):
        left, right = one.data, other.data
        if isinstance(left, bool) or isinstance(right, bool):
            return left is right
        return left == right
    for value in (one, other):
        if isinstance(value, Undecided):
            return value
    budget.spend()
    if isinstance(one, SetOf) or isinstance(other, SetOf):
        return _same_sets(one, other, budget)
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        if len(one.items) != len(other.items):
            return False
        return _every(_alike(a, b, budget) for a, b in zip(one.items, other.items, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.entries.keys() != other.entries.keys():
            return False
        theirs = other.entries
        return _every(_alike(entry.value, theirs[name].value, budget) for name, entry in one.entries.items())
    left_text, right_text = text_of(one), text_of(other)
    if left_text is None or right_text is None:
        if is_null(one) or is_null(other):
            texts = [known for known in (left_text, right_text) if known is not None]
            if any(NULL in part.other_than for known in texts for part in known.opaque):
                return False
            if not isinstance(other if is_null(one) else one, _OUTLINED):  # a resource, as a whole
                return False
        is_open = may_be_anything(one) or may_be_anything(other)
        if is_open or not isinstance(one, _OUTLINED) or not isinstance(other, _OUTLINED):
            return undecided(one, _why(one) or _why(other))
        return False
    answer = same(left_text, right_text)
    return undecided(one, _why(one) or _why(other)) if answer is Status.UNKNOWN else answer is Status.PASS


def _why(value: Value) -> str:
    """Why it is not known; asked only of values without elements."""
    if isinstance(value, Encoded):
        return value.why or f"it is {value.text}"
    return "" if isinstance(value, Sequence | Mapping) else why_not_known(value) or ""


def _every(answers: Iterable[bool | Undecided]) -> bool | Undecided:
    open_end: Undecided | None = None
    for answer in answers:
        if answer is False:
            return False
        if isinstance(answer, Undecided) and open_end is None:
            open_end = answer
    return True if open_end is None else open_end


def _same_sets(one: Value, other: Value, budget: Budget) -> bool | Undecided:
    if not isinstance(one, SetOf) or not isinstance(other, SetOf):
        another = one if isinstance(other, SetOf) else other
        is_told = isinstance(another, _OUTLINED) and not may_be_anything(another)
        return False if is_told else undecided(another, _why(another))
    if len(one.items) != len(other.items):
        return False
    if all(isinstance(item, Primitive) for item in (*one.items, *other.items)):
        # Both are in order.
        return all(_alike(a, b, budget) is True for a, b in zip(one.items, other.items, strict=True))
    return _every(_is_among(item, other.items, budget) for item in one.items)


def _is_among(item: Value, others: list[Value], budget: Budget) -> bool | Undecided:
    open_end: Undecided | None = None
    for other in others:
        budget.spend()
        answer = _alike(item, other, budget)
        if answer is True:
            return True
        if isinstance(answer, Undecided) and open_end is None:
            open_end = answer
    return False if open_end is None else open_end


def elements(value: Value) -> list[tuple[Value, Value]] | Undecided:
    """The keys and values of a collection, as `for` meets them; those of a set are its elements twice.

    The order of a set may not be that of Terraform: see `is_ordered`.
    """
    if isinstance(value, SetOf):
        return [(item, item) for item in value.items]
    if isinstance(value, Sequence):
        return [(Primitive.of(item, index), item) for index, item in enumerate(value.items)]
    if isinstance(value, Mapping):
        entries = value.entries
        return [(Primitive.of(entries[name].key, name), entries[name].value) for name in sorted(entries)]
    return _refused(value, "a list, a set, a map or an object")


def is_ordered(value: Sequence) -> bool:
    """Whether the elements stand in Terraform's order for certain; they may not in a set with unknown parts."""
    if not isinstance(value, SetOf) or len(value.items) < 2:
        return True
    if all(isinstance(item, Primitive) for item in value.items):
        return True
    try:
        plain = [to_plain(item) for item in value.items]
    except NotKnown:
        return False
    from s3audit.collectors.terraform.language.functions.order import in_order

    return in_order(plain)


def distinct_items(items: Iterable[Value]) -> list[Value] | Undecided:
    """Each of these once; Undecided when it can't be told which of them are equal."""
    seen: set[tuple[bool, str]] = set()
    kept: list[Value] = []
    is_plain = True
    for item in items:
        if isinstance(item, Primitive) and not isinstance(item.data, Decimal | bool):
            # The usual case, texts, in linear time.
            mark = (isinstance(item.data, str), item.value)
            if mark in seen:
                continue
            seen.add(mark)
        else:
            is_plain = False
        kept.append(item)
    if is_plain:
        return kept
    try:
        return _compared(kept, Budget())
    except BudgetError:
        return undecided(kept[0], "whether so many values are equal is not worked out")


def _compared(items: list[Value], budget: Budget) -> list[Value] | Undecided:
    kept: list[Value] = []
    for item in items:
        answer = _is_among(item, kept, budget)
        if isinstance(answer, Undecided):
            return answer
        if not answer:
            kept.append(item)
    return kept


def to_set(at: Node, items: Iterable[Value]) -> Value:
    """A set of these, each once and in order as far as that is known."""
    kept = distinct_items(items)
    if isinstance(kept, Undecided):
        return undecided(at, kept.why)
    made = set_of(at, kept)
    if len(kept) > 1:
        from s3audit.collectors.terraform.language.functions.order import sort_set

        sort_set(made)
    return made


def unified(values: list[Value]) -> list[Value]:
    """What a conditional, or a list, makes of values whose types differ: 1 and "a" become "1" and "a".

    A number beside something unknown stays a number, though it may become a text of the same digits.
    """
    made = unify(values)
    if made is None:
        return [failed(value, "these values have no type in common") for value in values]
    return made


def unify(values: list[Value]) -> list[Value] | None:
    """As `unified`; None when they have no type in common."""
    if all(type(value) is Primitive and type(value.data) is str for value in values):
        return values
    try:
        return _unify(values, Budget())
    except BudgetError:
        return [
            undecided(value, "a value with so many parts is too large to be worked out") for value in values
        ]


def _unify(values: list[Value], budget: Budget) -> list[Value] | None:
    budget.spend(len(values))
    known: list[Value] = [value for value in values if isinstance(value, _OUTLINED)]
    known = [value for value in known if not may_be_anything(value)]
    has_others = len(known) < len(values)
    known = [value for value in known if not is_null(value)]
    if len(known) < 2:
        return values
    made: list[Value] | None = None
    if all(isinstance(value, Primitive | Partial) for value in known):
        made = _unify_words(values, known)
    elif all(isinstance(value, Sequence) for value in known):
        made = _unify_sequences(values, budget)
    elif all(isinstance(value, Mapping) for value in known):
        made = _unify_mappings(values, budget)
    # What is not known yet may bring the type that all of them have in common.
    return values if made is None and has_others else made


def _unify_words(values: list[Value], known: list[Value]) -> list[Value] | None:
    kinds = {_sort(value) for value in known}
    if len(kinds) == 1:
        return values
    if str not in kinds:
        return None
    return [value if is_null(value) else as_text(value) for value in values]


def _sort(value: Value) -> type:
    if not isinstance(value, Primitive) or isinstance(value.data, str):
        return str
    return bool if isinstance(value.data, bool) else int


def _unify_sequences(values: list[Value], budget: Budget) -> list[Value] | None:
    lists = [value for value in values if isinstance(value, Sequence)]
    has_sets = any(isinstance(value, SetOf) for value in lists)
    are_mixed = has_sets and not all(isinstance(value, SetOf) for value in lists)
    made: list[Value] = []
    if len({len(value.items) for value in lists}) == 1 and not has_sets:
        rows = zip(*(value.items for value in lists), strict=True)
        columns = [column for row in rows if (column := _unify(list(row), budget)) is not None]
        if len(columns) == len(lists[0].items):
            made += [
                sequence(value, [column[index] for column in columns]) for index, value in enumerate(lists)
            ]
            return _put_back(values, made)
    together = _unify([item for value in lists for item in value.items], budget)
    if together is None:
        return None
    start = 0
    for value in lists:
        items = together[start : start + len(value.items)]
        start += len(value.items)
        is_changed = any(a is not b for a, b in zip(items, value.items, strict=True))
        if are_mixed and is_changed and isinstance(value, SetOf):
            # The elements of a set keep their type, and those of a tuple beside it may not fit.
            return [
                undecided(one, "which type a set and a list have in common can't be told") for one in values
            ]
        # A tuple becomes a set; a list would remain one, but what is meant for a set is never written so.
        made.append(to_set(value, items) if has_sets else sequence(value, items))
    return _put_back(values, made)


def _unify_mappings(values: list[Value], budget: Budget) -> list[Value] | None:
    maps = [value for value in values if isinstance(value, Mapping)]
    names = maps[0].entries.keys()
    if all(value.entries.keys() == names for value in maps):
        columns: dict[str, list[Value]] = {}
        for name in names:
            column = _unify([value.entries[name].value for value in maps], budget)
            if column is None:
                break
            columns[name] = column
        else:
            made: list[Value] = [
                with_values(value, {name: column[index] for name, column in columns.items()})
                for index, value in enumerate(maps)
            ]
            return _put_back(values, made)
    together = _unify([entry.value for value in maps for entry in value.entries.values()], budget)
    if together is None:
        return None
    rest = iter(together)
    return _put_back(
        values, [with_values(value, {name: next(rest) for name in value.entries}) for value in maps]
    )


def with_values(old: Mapping, values: dict[str, Value]) -> Mapping:
    """A map with the places and keys of another and these values."""
    entries = {name: Entry(old.entries[name].key, value) for name, value in values.items()}
    return Mapping(old.start, old.end, old.lines, "", entries)


def _put_back(values: list[Value], made: list[Value]) -> list[Value]:
    """The collections among the values replaced, in order; what is null or unknown stays."""
    rest = iter(made)
    return [next(rest) if isinstance(value, Sequence | Mapping) else value for value in values]
