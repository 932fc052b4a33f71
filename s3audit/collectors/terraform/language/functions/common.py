"""What functions have in common: their arguments, what they refuse, and how much they may make."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Sequence
from s3audit.collectors.terraform.language.convert import (
    NotKnown,
    Number,
    Unlike,
    as_bool,
    as_number,
    as_text,
    from_plain,
    is_ordered,
    kind,
    may_be_anything,
    text_of,
    to_plain,
)
from s3audit.collectors.terraform.language.values import (
    Encoded,
    Failed,
    OpenSequence,
    Plain,
    Primitive,
    SetOf,
    Value,
    is_null,
    partial,
    undecided,
    why_not_known,
)
from s3audit.text import Opaque, Part, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.functions import Context

LONGEST = 1_000_000
"""Characters that a text may have."""

MOST = 100_000
"""Elements that a collection may have, with those in them."""

MANY = 1 << 30
NO_NULLS = MANY

_PLAIN = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"})
_BUCKET = re.compile(r"(?:^|\.)aws_s3_(?:directory_)?bucket\.[\w-]+(?:\[[^]]*\])?$")
"""The address of a bucket."""

OWN_CARE = -1
"""As `nulls` of a function that looks at what Terraform refuses by itself."""


class Refused(Exception):  # noqa: N818 - it is an answer
    """Terraform refuses these arguments."""


class TooLarge(Exception):  # noqa: N818 - it is an answer
    """The outcome could be told, but is larger than we care to work out."""


class Call:
    __slots__ = ("arguments", "at", "context", "name")

    def __init__(self, name: str, arguments: list[Value], at: Node, context: "Context") -> None:
        self.name = name
        self.arguments = arguments
        self.at = at
        self.context = context


class Function(msgspec.Struct, frozen=True):
    run: Callable[[Call], Value]
    least: int
    most: int
    nulls: int = NO_NULLS
    """The first argument that may be null."""


def fits(length: int) -> None:
    """Whether a text of so many characters is worked out."""
    if length > LONGEST:
        raise TooLarge


def fits_elements(count: int) -> None:
    if count > MOST:
        raise TooLarge


def known(value: Value) -> Value:
    """A value that is told at least in its outline."""
    if isinstance(value, Failed):
        raise Refused(value.why)
    if isinstance(value, Undecided):
        raise NotKnown(value.why)
    if isinstance(value, Primitive | Partial | Sequence | Mapping):
        return value
    raise NotKnown(why_not_known(value) or "it is a whole object")


def of_wrong_kind(value: Value, wanted: str) -> Exception:
    """What to raise for a value that is no list, or no map, as far as it is told."""
    known(value)
    if may_be_anything(value):
        return NotKnown(why_not_known(value) or "")
    return Refused(f"{wanted} is required here, not {kind(value)}")


def text_in(value: Value) -> Text:
    """A text argument, known or in parts."""
    made = as_text(value)
    if isinstance(made, Encoded) and (why := gap_in(made)):
        raise NotKnown(why)
    found = text_of(made)
    if found is None:
        raise of_wrong_kind(made, "a string")
    return found


def length_of(piece: str | Value) -> int:
    """About how long a text is; opaque parts count too, or they could multiply without end."""
    if isinstance(piece, str):
        return len(piece)
    found = text_of(piece)
    return sum(len(part) if isinstance(part, str) else 8 for part in found.parts) if found else 0


def gap_in(value: Encoded) -> str:
    """Why a part of an encoding that need not be a text is unknown; empty when there is none."""
    if any(isinstance(part, Unlike) for part in value.text.parts):
        return value.why or "a part of it is not known"
    return ""


def string_in(value: Value) -> str:
    """A text argument that must be wholly known."""
    if isinstance(value, Primitive) and isinstance(value.data, str):
        return value.data
    found = text_in(value).literal
    if found is None:
        raise NotKnown(why_not_known(value) or "")
    return found


def number_in(value: Value) -> Number:
    made = as_number(value)
    if isinstance(made, Undecided):
        raise of_wrong_kind(made, "a number")
    return made


def whole_in(value: Value) -> int:
    made = number_in(value)
    if isinstance(made, int):
        return made
    if made:
        raise Refused("a whole number is required here")
    return 0


def bool_in(value: Value) -> bool:
    made = as_bool(value)
    if isinstance(made, Undecided):
        raise of_wrong_kind(made, "a bool")
    return made


def sequence_in(value: Value, *, sets: bool = True, any_order: bool = False) -> list[Value]:
    """The elements of a list, a tuple or a set; those of a set in its order, unless any will do."""
    if not isinstance(value, Sequence):
        raise of_wrong_kind(value, "a list")
    if isinstance(value, SetOf):
        if not sets:
            raise Refused("a list is required here, not a set")
        if not any_order and not is_ordered(value):
            raise NotKnown("the order of a set is not known before all of its elements are")
    return value.items


def some_in(value: Value, *, sets: bool = True, any_order: bool = False) -> tuple[list[Value], str]:
    """As `sequence_in`, for a list of which not all need be known; and why there may be more, if there may.

    An Undecided then stands for any number of elements.
    """
    if isinstance(value, OpenSequence):
        return value.items, value.why
    try:
        return sequence_in(value, sets=sets, any_order=any_order), ""
    except NotKnown as gap:
        return [undecided(value, gap.why)], gap.why


def mapping_in(value: Value) -> Mapping:
    if not isinstance(value, Mapping):
        raise of_wrong_kind(value, "a map")
    return value


def texts_in(value: Value, *, any_order: bool = False) -> list[Text | None]:
    """A list of texts; None for null."""
    return [None if is_null(item) else text_in(item) for item in sequence_in(value, any_order=any_order)]


_TAKES: dict[str, Callable[[Value], Any]] = {
    "string": string_in,
    "number": number_in,
    "whole": whole_in,
    "bool": bool_in,
    "any": to_plain,
}


def strict(
    takes: str, run: Callable[..., Plain], *, gives_text: bool = False, nulls: int = NO_NULLS
) -> Function:
    """A function that must know all of its arguments.

    `takes` names their types, the last one with `...` when it may be repeated. A text that is computed from texts
    with opaque parts is opaque, but known by its call: equal calls are equal.
    """
    words = takes.split()
    repeated = bool(words) and words[-1].endswith("...")
    readers = [_TAKES[word.removesuffix("...")] for word in words]

    def outcome(call: Call) -> Value:
        given = call.arguments
        used = readers if not repeated else readers[:-1] + readers[-1:] * (len(given) - len(readers) + 1)
        if gives_text and any(isinstance(argument, Partial) for argument in given):
            texts = _texts(given, used)
            if any(text.literal is None for text in texts):
                return partial(call.at, Text((named_after(call.name, texts),)), _why(given))
        read = [reader(argument) for reader, argument in zip(used, given, strict=False)]
        return from_plain(call.at, run(*read))

    least = len(words) - 1 if repeated else len(words)
    return Function(outcome, least, MANY if repeated else len(words), nulls)


def _texts(given: list[Value], readers: list[Callable[[Value], Any]]) -> list[Text]:
    """The arguments as texts; what is no text must be known."""
    made = []
    for argument, reader in zip(given, readers, strict=False):
        made.append(text_in(argument))
        if reader is not string_in or not isinstance(argument, Partial):
            reader(argument)
    return made


def _why(values: Iterable[Value]) -> str:
    return next((value.why for value in values if isinstance(value, Partial) and value.why), "")


def named_after(name: str, arguments: Iterable[Text]) -> Opaque:
    """The unknown outcome of a call: the same for the same arguments."""
    arguments = list(arguments)
    given = all(part.given for argument in arguments for part in argument.opaque)
    return Opaque(f"{name}({', '.join(map(spelled, arguments))})", given=given)


def is_free_of(part: Opaque, separator: str) -> bool:
    """Whether a separator can't begin, lie or end in an opaque part.

    The partition, the region, the account and the domain of AWS, and the names of buckets, are never empty, and have
    no colon, no slash, no comma and no space.
    """
    is_plain = part.origin in _PLAIN or (
        part.origin == f"{part.resource}.id" and _BUCKET.search(part.resource) is not None
    )
    return is_plain and bool(separator) and set(separator) <= set(":/, ")


def spelled(argument: Text) -> str:
    """An argument as it stands in the name of a call."""
    match argument.parts:
        case (Opaque() as only,):
            return str(only)
        case parts:
            inner = (
                str(p) if isinstance(p, Opaque) else p.replace("\\", "\\\\").replace('"', '\\"')
                for p in parts
            )
            return f'"{"".join(inner)}"'


def mapped(value: Value, call: Call, change: Callable[[str], str], described: str = "{}") -> Value:
    """A text changed character by character, so that each of its parts can be changed alone.

    `described` is what stands in the place of an opaque part.
    """
    found = text_in(value)
    parts: list[Part] = []
    for part in found.parts:
        if isinstance(part, str):
            parts.append(change(part))
        else:
            parts.append(Opaque(described.format(str(part)), given=part.given))
    fits(sum(len(part) for part in parts if isinstance(part, str)))
    return partial(call.at, Text(tuple(parts)), _why([value]))
