"""What HCL expressions come to: document nodes, whole and evaluated to the last leaf, each with its place.

A value is one of: Primitive, Partial (a text with opaque parts), Undecided, Sequence (a list or a tuple), SetOf,
Mapping (a map or an object), Encoded (the text of a JSON or YAML encoding), or an object of a resource, which only
its own module knows. Functions that can't do with one of these give Undecided.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Map
from decimal import Decimal
from typing import Self, TypeAlias

import msgspec

from s3audit.collectors.documents.hcl.syntax import Datum
from s3audit.collectors.documents.resolved import Encoded as Encoded  # noqa: PLC0414 - a value, like all of these
from s3audit.collectors.documents.resolved import Partial, Piece, Undecided
from s3audit.collectors.documents.tree import Entry, Lines, Mapping, Node, Scalar, Sequence
from s3audit.text import Opaque, Part, Text, text

Value: TypeAlias = Node

Plain: TypeAlias = "str | int | Decimal | bool | list[Plain] | SetData | dict[str, Plain] | None"
"""A value that is wholly known, as Python data."""


class SetData(list["Plain"]):
    """The elements of a set, each once and in Terraform's order."""


class Primitive(Scalar):
    """A text, a number, a boolean or null that is known."""

    data: Datum
    pieces: tuple[str | Node, ...] = ()
    """As of `Partial`: only where somebody kept it."""

    @classmethod
    def of(cls, at: Node, data: Datum) -> Self:
        if isinstance(data, str):
            return cls(at.start, at.end, at.lines, "", data, False, "", data)
        return cls(at.start, at.end, at.lines, "", spelled(data), True, "", data)


class Named(Primitive):
    """The known name of a resource, or its ARN: whoever is given it is given this very resource."""

    resource: str = ""
    """The address."""


class Failed(Undecided):
    """Terraform refuses this for certain, so `try` goes on to its next argument."""


class OpenSequence(Undecided):
    """A list or set of which only some elements are known; an Undecided among them stands for any number of others.

    Undecided it is for all but the few functions that keep the known elements, and whoever reads the whole of it.
    """

    items: list[Value] = msgspec.field(default_factory=list)

    @property
    def shown(self) -> Sequence:
        return sequence(self, self.items)


class SomeText(Undecided):
    """A text for certain, known by what gives it; it may be empty, though, or fail where `try` asks for that.

    Undecided it is for all but those who make a text of it.
    """

    text: Text = Text()
    is_filled: bool = False
    """Whether it is not written to be empty."""


class Concealed(Partial, kw_only=True):
    """A text that is sensitive, known only by where it comes from, unless `nonsensitive` asks for it."""

    value: Value


class SetOf(Sequence):
    """A set: its elements are known to differ, and stand in Terraform's order where they are known."""


def spelled(data: int | Decimal | bool | None) -> str:
    """As Terraform writes it where a text is expected; null only where nothing is."""
    match data:
        case None:
            return "null"
        case bool():
            return "true" if data else "false"
        case int():
            return str(data)
        case _:
            plain = format(data, "f")
            return plain.rstrip("0").rstrip(".") if "." in plain else plain


def undecided(at: Node, why: str) -> Undecided:
    return Undecided(at.start, at.end, at.lines, why)


def failed(at: Node, why: str) -> Failed:
    return Failed(at.start, at.end, at.lines, why)


def partial(at: Node, known: Text, why: str = "") -> Value:
    """A text; one without opaque parts is a Primitive. `why` says what would settle it."""
    if (literal := known.literal) is not None:
        return Primitive.of(at, literal)
    return Partial(at.start, at.end, at.lines, known, why)


def opaque(at: Node, origin: str, why: str = "", *, resource: str = "", given: bool = False) -> Value:
    """A text of which only its origin is known."""
    return partial(at, Text((Opaque(origin, resource, given=given),)), why)


def some_text(at: Node, known: Text, why: str, *, is_filled: bool) -> Value:
    """A text of which nobody may say that something is written there."""
    return SomeText(at.start, at.end, at.lines, why, known, is_filled)


def joined(at: Node, found: Iterable[str | Value], *, keep: bool) -> Value:
    """A text put together from literal pieces and values that are texts; `keep` where somebody may ask for them."""
    pieces = tuple(found)
    parts: list[Part] = []
    why = ""
    for one in pieces:
        if isinstance(one, Partial):
            parts += one.text.parts
            why = why or one.why
        else:
            parts.append(
                str(one) if isinstance(one, str) else one.value if isinstance(one, Primitive) else ""
            )
    made = partial(at, text(*parts), why)
    if keep and isinstance(made, Primitive | Partial):
        made.pieces = pieces
    return made


def from_file(at: Node, known: str, source: str) -> Primitive:
    """A text that is a whole file."""
    made = Primitive.of(at, known)
    if "{" in known:
        made.pieces = (Piece.of(known, 0, len(known), Lines(known, source)),)
    return made


def is_document(value: Value) -> bool:
    """Whether a text is one of which parts may be shown, as a policy is, and not just a name."""
    if isinstance(value, Primitive):
        return bool(value.pieces) or (isinstance(value.data, str) and "{" in value.data)
    return isinstance(value, Partial) and bool(value.pieces)


def sequence(at: Node, items: Iterable[Value]) -> Sequence:
    return Sequence(at.start, at.end, at.lines, "", list(items))


def set_of(at: Node, items: Iterable[Value]) -> SetOf:
    return SetOf(at.start, at.end, at.lines, "", list(items))


def open_sequence(at: Node, items: Iterable[Value], why: str, *, in_order: bool = True) -> Undecided:
    """A list with these elements and others; where they have no order, any of the others may come first."""
    found = list(items)
    if all(isinstance(item, Undecided) for item in found):
        return undecided(at, why)
    if not in_order:
        gaps = [item for item in found if isinstance(item, Undecided)]
        found = [*gaps, *(item for item in found if not isinstance(item, Undecided))]
    return OpenSequence(at.start, at.end, at.lines, why, found)


def concealed_text(at: Node, known: Text, value: Value) -> Value:
    """A sensitive text; `known` is what tells it from others."""
    return Concealed(at.start, at.end, at.lines, known, "it is sensitive", value=value)


def mapping(at: Node, entries: Map[str, Value]) -> Mapping:
    """A map whose keys have the places of their values."""
    return Mapping(
        at.start,
        at.end,
        at.lines,
        "",
        {name: Entry(key_at(value, name), value) for name, value in entries.items()},
    )


def key_at(at: Node, name: str) -> Scalar:
    return Scalar(at.start, at.end, at.lines, "", name, False, "")


def is_null(value: Value) -> bool:
    return isinstance(value, Primitive) and value.data is None


def why_not_known(value: Value) -> str | None:
    """Why a value, or anything in it, is not wholly known; None when it is."""
    match value:
        case Undecided(why=why):
            return why
        case Encoded(value=inner):
            return why_not_known(inner)
        case Partial():
            return value.why or f"it is {value.text}"
        case Sequence(items=items):
            return _first(why_not_known(item) for item in items)
        case Mapping(entries=entries):
            return _first(why_not_known(entry.value) for entry in entries.values())
        case Primitive():
            return None
        case _:
            return "it is a whole object, of which the source does not tell all"


def _first(reasons: Iterable[str | None]) -> str | None:
    return next((why for why in reasons if why is not None), None)


def keyed(at: Node, found: dict[str, tuple[Node, Value]]) -> Mapping:
    """A map whose keys have places of their own."""
    made = mapping(at, {})
    for name, (key, value) in found.items():
        made.entries[name] = Entry(Scalar(key.start, key.end, key.lines, "", name, False, ""), value)
    return made


def placed(value: Value, at: Node) -> Value:
    """A value in the place where it is used: what is small is shown there, what is large where it is written."""
    if value.start == at.start and value.end == at.end and value.lines is at.lines:
        return value
    if isinstance(value, Primitive):
        if isinstance(value, Named):
            made = Named.of(at, value.data)
            made.resource = value.resource
            return made
        return value if is_document(value) else Primitive.of(at, value.data)
    if isinstance(value, OpenSequence):
        return value
    if isinstance(value, SomeText):
        return some_text(at, value.text, value.why, is_filled=value.is_filled)
    if isinstance(value, Undecided):
        return again(value, at)
    if isinstance(value, Concealed):
        return concealed_text(at, value.text, value.value)
    if isinstance(value, Partial) and type(value) is Partial and not is_document(value):
        return partial(at, value.text, value.why)
    return value


def again(value: Undecided, at: Node) -> Undecided:
    """The same reason in another place; what is known of a list is left behind."""
    return failed(at, value.why) if isinstance(value, Failed) else undecided(at, value.why)
