"""Follows a shape through a document and fills a section of the model, each value with its place."""

from functools import cache
from typing import Any, NamedTuple

from s3audit.collectors.documents.policy import PolicyReader, head
from s3audit.collectors.documents.resolved import Missing, Partial, Resolver, Undecided
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.documents.tree import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    as_number,
    is_null,
    location,
    truth,
)
from s3audit.defaults import default_of
from s3audit.location import Location
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text

_LIST, _MAP, _TEXT = "a list", "a mapping", "a text"


class Spot(NamedTuple):
    """A node with the place that stands for it: its key, or itself where it has none."""

    node: Node
    at: Location
    """Where a value under it that is not written would stand."""
    via: str = ""


class Absent(NamedTuple):
    """Nothing is written; `at` is the key it would stand under."""

    at: Location
    via: str = ""


class Filler:
    """Fills sections from the nodes of one source, as far as its resolver can tell their values."""

    def __init__(self, source: str, resolver: Resolver) -> None:
        self.source = source
        self.resolver = resolver

    def section(self, shape: Shape, spot: Spot | Absent | Undecided, at: Location, **given: object) -> Any:
        """A section whose every field is known, unset or unknown; `given` are fields that no table can tell."""
        kind = shape.section
        if isinstance(spot, Undecided):
            gap = Unknown(spot.why, at)
            values: dict[str, object] = {name: self._gap(field, gap) for name, field in shape.fields.items()}
        else:
            values = {name: self.field(kind, name, field, spot) for name, field in shape.fields.items()}
        return kind(**{"at": at, **values, **given})

    def _gap(self, field: Field, gap: Unknown) -> object:
        if field.kind == "section" and isinstance(field.of, Shape):
            return self.section(field.of, _undecided(gap.why), gap.at)
        return gap

    def field(self, kind: type[Any], name: str, field: Field, spot: Spot | Absent) -> object:
        """What stands at a field's path below a node."""
        found = spot if isinstance(spot, Absent) else self.find(spot, field.path)
        if field.path.endswith("#present"):
            return self._presence(found)
        if field.kind == "section" and isinstance(field.of, Shape):
            match found:
                case Unknown(why, at):
                    return self.section(field.of, _undecided(why), at)
                case Spot() if isinstance(found.node, Mapping):
                    return self.section(field.of, found, found.at)
                case Spot():
                    return self.section(field.of, _undecided(_mismatch(_MAP, found.node)), found.at)
                case Absent():
                    return self.section(field.of, found, found.at)
        match found:
            case Unknown():
                return found
            case Absent(at, via):
                default = default_of(kind, name, section_written=isinstance(spot, Spot))
                return Unset(default.value, at, default.since, via)
            case Spot():
                return self.value(field, found)

    def find(self, spot: Spot, path: str) -> Spot | Absent | Unknown:
        """Follow a path; the first written of its alternatives wins."""
        absent: Absent | None = None
        for steps in _alternatives(path):
            found = self._follow(spot, steps)
            if not isinstance(found, Absent):
                return found
            absent = absent or found
        return absent or Absent(spot.at, spot.via)

    def _follow(self, spot: Spot, steps: tuple[str | int, ...]) -> Spot | Absent | Unknown:
        for step in steps:
            node = spot.node
            if isinstance(step, str):
                if not isinstance(node, Mapping):
                    return Unknown(_mismatch(_MAP, node), spot.at)
                entry = node.entries.get(step)
                if entry is None:
                    return Absent(spot.at, spot.via)
                below, key = entry.value, entry.key
                address = f"{spot.at.address}.{step}"
            else:
                if not isinstance(node, Sequence):
                    return Unknown(_mismatch(_LIST, node), spot.at)
                if step >= len(node.items):
                    return Absent(spot.at, spot.via)
                below = node.items[step]
                key = head(below)
                address = f"{spot.at.address}[{step}]"
            resolved, via = self.resolver.resolve(below)
            via = _both(spot.via, via)
            if isinstance(resolved, Missing) or is_null(resolved):
                return Absent(spot.at, via)
            if isinstance(resolved, Undecided):
                return Unknown(resolved.why, location(_narrow(below, key), self.source, address))
            spot = Spot(resolved, location(_narrow(resolved, key), self.source, address), via)
        return spot

    def value(self, field: Field, spot: Spot) -> object:
        """A node read as a field's kind says."""
        node = spot.node
        match field.kind:
            case "word":
                return self._word(spot)
            case "text":
                return self._text(spot)
            case "flag":
                return self._scalar(spot, truth(node), "true or false")
            case "number":
                return self._scalar(spot, _number(node), "a number")
            case "document":
                value = PolicyReader(self.source, self.resolver).read(node, spot.at)
                return value if isinstance(value, Unknown) else Known(value, spot.at, spot.via)
            case "optional" if isinstance(field.of, Shape):
                if not isinstance(node, Mapping):
                    return Unknown(_mismatch(_MAP, node), spot.at)
                return Known(self.section(field.of, spot, spot.at), spot.at, spot.via)
            case "listed" if field.of is not None:
                return self._listed(field.of, spot)
            case other:
                raise ValueError(f"there is no field kind {other!r}")

    def _listed(self, of: Shape | Field, spot: Spot) -> object:
        node = spot.node
        if not isinstance(node, Sequence):
            if isinstance(node, Partial):
                return _not_told(node, spot.at)
            if isinstance(node, Scalar) is isinstance(of, Shape):
                return Unknown(_mismatch(_LIST, node), spot.at)
            return Known((self._element(of, spot),), spot.at, spot.via)
        elements: list[object] = []
        for index, item in enumerate(node.items):
            address = f"{spot.at.address}[{index}]"
            resolved, via = self.resolver.resolve(item)
            if isinstance(resolved, Missing) or is_null(resolved):
                continue
            at = location(_narrow(resolved, head(resolved)), self.source, address)
            if isinstance(resolved, Undecided):
                elements.append(Unknown(resolved.why, at))
            else:
                elements.append(self._element(of, Spot(resolved, at, _both(spot.via, via))))
        return Known(tuple(elements), spot.at, spot.via)

    def _element(self, of: Shape | Field, spot: Spot) -> object:
        if isinstance(of, Field):
            return self.value(of, spot)
        if not isinstance(spot.node, Mapping):
            return Unknown(_mismatch(_MAP, spot.node), spot.at)
        return Known(self.section(of, spot, spot.at), spot.at, spot.via)

    def _presence(self, found: Spot | Absent | Unknown) -> Setting[bool]:
        match found:
            case Unknown():
                return found
            case Absent(at, via):
                return Known(False, at, via)
            case Spot():
                return Known(True, found.at, found.via)

    def _word(self, spot: Spot) -> Setting[str]:
        match spot.node:
            case Scalar(value=value):
                return Known(value, spot.at, spot.via)
            case Partial() as partial:
                return _not_told(partial, spot.at)
            case other:
                return Unknown(_mismatch(_TEXT, other), spot.at)

    def _text(self, spot: Spot) -> Setting[Text]:
        match spot.node:
            case Scalar(value=value):
                return Known(Text((value,)) if value else Text(), spot.at, spot.via)
            case Partial(text=known):
                return Known(known, spot.at, spot.via)
            case other:
                return Unknown(_mismatch(_TEXT, other), spot.at)

    def _scalar(self, spot: Spot, value: object, expected: str) -> object:
        if value is not None:
            return Known(value, spot.at, spot.via)
        if isinstance(spot.node, Partial):
            return _not_told(spot.node, spot.at)
        return Unknown(_mismatch(expected, spot.node), spot.at)


def _undecided(why: str) -> Undecided:
    made = Undecided.__new__(Undecided)
    made.why = why
    return made


def _not_told(partial: Partial, at: Location) -> Unknown:
    return Unknown(f"it is {partial.text}, which the input does not tell", at)


def _mismatch(expected: str, node: Node) -> str:
    match node:
        case Scalar(value=value):
            found = repr(value if len(value) <= 40 else value[:37] + "...")
        case Sequence():
            found = _LIST
        case Mapping():
            found = _MAP
        case Partial():
            found = str(node.text)
        case _:
            found = "something else"
    return f"{expected} was expected here, and {found} found"


def _number(node: Node) -> int | None:
    number = as_number(node)
    if (
        number is None
        and isinstance(node, Scalar)
        and not node.tag
        and node.value.isascii()
        and node.value.isdigit()
    ):
        number = int(node.value) if len(node.value) < 20 else None
    return int(number) if number is not None and int(number) == number else None


def _narrow(node: Node, key: Node) -> Node:
    """The place that stands for a value: itself if it is a scalar, else its key and not the whole block."""
    return key if isinstance(node, Mapping | Sequence) else node


def _both(one: str, other: str) -> str:
    if not one or one == other:
        return other
    return f"{one} and {other}" if other else one


@cache
def _alternatives(path: str) -> tuple[tuple[str | int, ...], ...]:
    """`A[0].B|C` as steps: ((A, 0, B), (C,))."""
    return tuple(
        tuple(step for piece in alternative.split(".") for step in _steps(piece))
        for alternative in path.removesuffix("#present").split("|")
    )


def _steps(piece: str) -> list[str | int]:
    name, *indices = piece.replace("]", "").split("[")
    return [*([name] if name else []), *map(int, indices)]
