"""Follows a shape through a document and fills a section of the model, each value with its place."""

from collections.abc import Callable
from collections.abc import Mapping as Words
from typing import Any, TypeGuard

import msgspec

from s3audit.collectors.documents.compiled import Alike, compiled
from s3audit.collectors.documents.paths import Step, alternatives
from s3audit.collectors.documents.policy import PolicyReader, head
from s3audit.collectors.documents.resolved import Encoded, Missing, Partial, Resolver, Undecided
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.documents.spots import BLOCKS, Absent, Gap, Spot
from s3audit.collectors.documents.tree import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Titled,
    as_number,
    is_null,
    location,
    truth,
)
from s3audit.defaults import Default
from s3audit.location import Location
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, literal

NOT_WRITTEN = "AWS demands it, and it is not written"

_BOOLS = {"true": True, "false": False}
_TEXTS_OF_BOOLS = {**_BOOLS, "1": True, "0": False}
_LIST, _MAP, _TEXT, _BOOL = "a list", "a mapping", "a text", "true or false"


def _nothing(spot: Spot) -> Absent | Gap:
    """What stands where nothing is seen: nothing, unless a part of the block could not be read."""
    node = spot.node
    return Gap(node.hidden, spot.at) if isinstance(node, Titled) and node.hidden else Absent(spot, spot.via)


class _Below(msgspec.Struct, frozen=True, gc=False):
    node: Node
    key: Node
    """What stands for it in a report if it is a block."""
    address: str


class Filler:
    """Fills sections from the nodes of one source, as far as its resolver can tell their values.

    Where `blank_is_unset`, an empty text is as good as not written, unless the value must be written, and of texts
    "true", "false", "1" and "0" are booleans and no others, and no number is: so Terraform has it.
    """

    def __init__(
        self,
        source: str,
        resolver: Resolver,
        *,
        blank_is_unset: bool = False,
        only: Callable[[Sequence], Node] | None = None,
        whole: str = "",
    ) -> None:
        self.source = source
        self.whole = whole
        """The one address of all that is filled in, where a path to each part of it would tell nobody anything."""
        self.resolver = resolver
        self.blank_is_unset = blank_is_unset
        self.only = only
        """What to take of a list with several elements where one is expected; the first where nobody says."""

    def section(self, shape: Shape, spot: Spot | Absent | Gap, at: Location, **given: object) -> Any:
        """A section whose every field is known, unset or unknown; `given` are fields that no table can tell."""
        values: dict[str, object] = {"at": at, **shape.constants}
        if isinstance(spot, Spot):
            node = spot.node
            if isinstance(node, Mapping):
                self._written(shape, spot, node, _nothing(spot), {}, values)
            else:
                self._unwritten(shape, Gap(_mismatch(_MAP, node), spot.at), values)
        else:
            self._unwritten(shape, spot, values)
        values.update(given)
        return shape.section(**values)

    def _written(
        self,
        shape: Shape,
        spot: Spot,
        node: Mapping,
        nothing: Absent | Gap,
        shared: dict[int, object],
        values: dict[str, object],
    ) -> None:
        """The fields of a section of which something stands in the document.

        What many fields of a spot have in common is made once, and `shared`.
        """
        written = node.entries.keys()
        plan = compiled(shape)
        for alike in plan.never:
            _fill_alike(alike, nothing, shared, values)
        for part in plan.parts:
            name, field, keys, default = part.name, part.field, part.keys, part.written
            if keys is None:
                if field.kind == "section" and not field.path and isinstance(field.of, Shape):
                    # A part of the same block.
                    inner: dict[str, object] = {"at": spot.at, **field.of.constants}
                    self._written(field.of, spot, node, nothing, shared, inner)
                    values[name] = field.of.section(**inner)
                else:
                    values[name] = self.field(field, spot, default)
            elif not written.isdisjoint(keys):
                values[name] = self.field(field, spot, default)
            elif not part.is_simple:
                values[name] = self._absent(field, nothing, default)
            elif (value := shared.get(id(default))) is not None:
                values[name] = value
            else:
                values[name] = shared[id(default)] = _nothing_of(nothing, default)

    def _unwritten(self, shape: Shape, spot: Absent | Gap, values: dict[str, object]) -> None:
        """The fields of a section that is not written, or of which nothing is told."""
        shared: dict[int, object] = {}
        plan = compiled(shape)
        for alike in plan.values:
            _fill_alike(alike, spot, shared, values)
        for part in plan.blocks:
            values[part.name] = self._absent(part.field, spot, part.absent)

    def _absent(self, field: Field, spot: Absent | Gap, default: Default | None) -> object:
        """A field of which nothing is written, or nothing told."""
        if field.kind == "always":
            return Known(field.value, spot.at)
        if field.kind == "section" and isinstance(field.of, Shape):
            return self.section(field.of, spot, spot.at)
        if isinstance(spot, Absent) and field.path.endswith("#present"):
            return _presence(field, False, spot.at, spot.via)
        return _nothing_of(spot, default)

    def field(self, field: Field, spot: Spot, default: Default | None) -> object:
        """What stands at a field's path below a node."""
        if field.kind == "either":
            return self._either(field, spot, default)
        ways = alternatives(field.path)
        if len(ways) == 1:
            steps, present = ways[0]
            found = self._walk(spot, steps)
        else:
            found, present = self.find(spot, field.path)
        if field.kind == "section" and isinstance(field.of, Shape):
            if isinstance(found, Spot) and not isinstance(found.node, Mapping):
                found = Gap(_mismatch(_MAP, found.node), found.at)
            return self.section(field.of, found, found.at)
        if isinstance(found, Spot):
            may_be_blank = self.blank_is_unset and (present or default is not None)
            if (may_be_blank and _is_blank(found)) or (
                field.nothing and _is_spelled(found.node, field.nothing)
            ):
                found = Absent(found, found.via)
            elif field.in_json:
                found = self._decoded(found)
            elif not present:
                return self.value(field, found)
        if isinstance(found, Gap):
            return Unknown(found.why, found.at)
        if present:
            return _presence(field, isinstance(found, Spot), found.at, found.via)
        return self.value(field, found) if isinstance(found, Spot) else _unset(default, found)

    def _either(self, field: Field, spot: Spot, default: Default | None) -> object:
        """The first form that is written; when none is, it would stand where the first one stands."""
        absent: Absent | None = None
        for form in field.forms:
            found, _ = self.find(spot, form.path)
            if isinstance(found, Absent):
                absent = absent or found
            elif not (self.blank_is_unset and _is_blank(found)):
                return self.field(form, spot, default)
        return _unset(default, absent or Absent(spot, spot.via))

    def _decoded(self, spot: Spot) -> Spot | Gap:
        """What a text in JSON says."""
        from s3audit.collectors.documents.embedded import embedded

        node = spot.node
        if isinstance(node, Encoded):
            node = self.resolver.resolve(node.value).node
        elif isinstance(node, Scalar | Partial):
            node = embedded(node, self.source)
        if isinstance(node, Undecided):
            return Gap(node.why, spot.at)
        return Spot(node, None, spot.via, spot.path, spot.source or spot.at.source, spot.node)

    def find(self, spot: Spot, path: str) -> tuple[Spot | Absent | Gap, bool]:
        """Follow a path, and whether it only asks for presence; the first written of its alternatives wins."""
        absent: Spot | Absent | Gap | None = None
        present = False
        ways = alternatives(path)
        if len(ways) == 1:
            ((steps, present),) = ways
            return self._walk(spot, steps), present
        for steps, present in ways:
            found = self._walk(spot, steps)
            if not isinstance(found, Absent) and not (self.blank_is_unset and _is_blank(found)):
                return found, present
            absent = absent or found
        return absent or Absent(spot, spot.via), present

    def _walk(self, spot: Spot, steps: tuple[Step, ...]) -> Spot | Absent | Gap:
        if not steps:
            return spot
        at = spot
        for step in steps[:-1]:
            # The fields of a section often share the first steps of their paths.
            found = at.found
            known: Spot | Absent | Gap | None = None if found is None else found.get(step)
            if known is None:
                known = self._step(at, step)
                # What is absent refers to its spot: kept there it would go round in a circle.
                if isinstance(known, Absent):
                    return known
                if found is None:
                    at.found = {step: known}
                else:
                    found[step] = known
            if type(known) is not Spot:
                return known
            at = known
        return self._step(at, steps[-1])

    def _step(self, spot: Spot, step: Step) -> Spot | Absent | Gap:
        node = spot.node
        written: Node
        key: Node
        # Most steps lead to the value of a key; the others are spelled out below.
        if isinstance(step, str) and isinstance(node, Mapping):
            entry = node.entries.get(step)
            if entry is None:
                return _nothing(spot)
            written, key = entry.value, entry.key
            address = whole if (whole := self.whole) else f"{spot.address or spot.at.address}.{step}"
        else:
            below = self._below(spot, step)
            if not isinstance(below, _Below):
                return below
            written, key, address = below.node, below.key, below.address
        known = self.resolver.resolve(written)
        resolved, via = known.node, known.via
        if spot.via:
            via = _both(spot.via, via)
        kind = type(resolved)
        if kind is Sequence or kind is Titled:
            pass
        elif isinstance(resolved, Scalar):
            if resolved.plain and is_null(resolved):
                return Absent(spot, via)
        elif isinstance(resolved, Missing):
            return Absent(spot, via)
        elif isinstance(resolved, Undecided):
            return Gap(resolved.why, location(_narrow(written, key), self.source, address))
        return Spot(resolved, None, via, address, spot.source or spot.at.source, key)

    def _below(self, spot: Spot, step: Step) -> "_Below | Absent | Gap":
        """One step down to an element of a list."""
        node = spot.node
        if isinstance(step, str):
            return Gap(_mismatch(_MAP, node), spot.at)
        if not isinstance(node, Sequence):
            if isinstance(node, Mapping) and step == 0:
                return _Below(node, node if spot.key is None else spot.key, spot.path)
            if isinstance(node, Mapping) and isinstance(step, tuple):
                return self._chosen(spot, [(spot.path, node)], *step)
            return Gap(_mismatch(_LIST, node), spot.at)
        if isinstance(step, int):
            if self.only is not None and len(node.items) > 1:
                item = self.only(node)
                return _Below(item, head(item), self._place(spot, step))
            left = step
            for item in node.items:
                if not isinstance(self.resolver.resolve(item).node, Missing):
                    if not left:
                        return _Below(item, head(item), self._place(spot, step))
                    left -= 1
            return Absent(spot, spot.via)
        items = [(self._place(spot, index), item) for index, item in enumerate(node.items)]
        return self._chosen(spot, items, *step)

    def _place(self, spot: Spot, index: int) -> str:
        """The address of an element of a list."""
        return self.whole or f"{spot.path}[{index}]"

    def _chosen(
        self, spot: Spot, items: list[tuple[str, Node]], key: str, wanted: str
    ) -> "_Below | Absent | Gap":
        """The element whose key has this value, without regard to case."""
        for address, item in items:
            resolved = self.resolver.resolve(item).node
            if isinstance(resolved, Undecided):
                return Gap(resolved.why, location(head(item), self.source, address))
            if not isinstance(resolved, Mapping) or (entry := resolved.entries.get(key)) is None:
                continue
            value = self.resolver.resolve(entry.value).node
            if isinstance(value, Undecided | Partial):
                why = value.why if isinstance(value, Undecided) else f"{key} is {value.text}"
                return Gap(why, location(entry.key, self.source, address))
            if isinstance(value, Scalar) and value.value.lower() == wanted.lower():
                return _Below(resolved, entry.key, address)
        return Absent(spot, spot.via)

    def value(self, field: Field, spot: Spot) -> object:
        """A node read as a field's kind says."""
        node = spot.node
        match field.kind:
            case "word":
                return self._word(spot, field)
            case "text":
                return self._text(spot)
            case "flag":
                return self._scalar(spot, _flag(node, field.words, self.blank_is_unset), _BOOL)
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
                return self._listed(field.of, spot, field.each)
            case "pairs" if isinstance(field.of, Shape):
                return self._pairs(field.of, spot)
            case other:
                raise ValueError(f"there is no field kind {other!r}")

    def _listed(self, of: Shape | Field, spot: Spot, each: tuple[str, ...]) -> object:
        node = spot.node
        if not isinstance(node, Sequence):
            if isinstance(node, Scalar | Partial) is isinstance(of, Shape):
                return Unknown(_mismatch(_LIST, node), spot.at)
            return Known(tuple(self._elements(of, spot, each)), spot.at, spot.via)
        elements: list[object] = []
        for index, item in enumerate(node.items):
            address = self._place(spot, index)
            known = self.resolver.resolve(item)
            resolved, via = known.node, known.via
            if isinstance(resolved, Missing) or is_null(resolved):
                continue
            at = location(_narrow(resolved, head(resolved)), self.source, address)
            if isinstance(resolved, Undecided):
                elements.append(Unknown(resolved.why, at))
            else:
                element = Spot(resolved, at, _both(spot.via, via))
                if each:
                    elements += self._elements(of, element, each)
                else:
                    elements.append(self._element(of, element))
        return Known(tuple(elements), spot.at, spot.via)

    def _elements(self, of: Shape | Field, spot: Spot, each: tuple[str, ...]) -> list[object]:
        """An element, or what it stands for: one for every value in the lists of these keys."""
        node = spot.node
        if not each or not isinstance(node, Mapping):
            return [self._element(of, spot)]
        rest = {name: entry for name, entry in node.entries.items() if name not in each}
        found: list[object] = []
        for name in each:
            if (entry := node.entries.get(name)) is None:
                continue
            resolved = self.resolver.resolve(entry.value)
            value, via = resolved.node, resolved.via
            for item in value.items if isinstance(value, Sequence) else [value]:
                if isinstance(item, Missing) or is_null(item):
                    continue
                one = Mapping(
                    node.start, node.end, node.lines, node.tag, {**rest, name: Entry(entry.key, item)}
                )
                found.append(self._element(of, Spot(one, spot.at, _both(spot.via, via))))
        alone = Mapping(node.start, node.end, node.lines, node.tag, rest)
        return found or [self._element(of, Spot(alone, spot.at, spot.via))]

    def _pairs(self, shape: Shape, spot: Spot) -> object:
        """A section for each entry of a mapping."""
        node = spot.node
        if not isinstance(node, Mapping):
            return Unknown(_mismatch(_MAP, node), spot.at)
        elements: list[object] = []
        for name, entry in node.entries.items():
            known = self.resolver.resolve(entry.value)
            resolved, via = known.node, known.via
            if isinstance(resolved, Missing) or is_null(resolved):
                continue
            pair = {"key": Entry(entry.key, entry.key), "value": Entry(entry.key, resolved)}
            both = Mapping(entry.key.start, resolved.end, entry.key.lines, "", pair)
            at = location(entry.key, self.source, f"{spot.path}.{name}")
            elements.append(self._element(shape, Spot(both, at, _both(spot.via, via))))
        return Known(tuple(elements), spot.at, spot.via)

    def _element(self, of: Shape | Field, spot: Spot) -> object:
        if isinstance(of, Field):
            if not of.path:
                return self.value(of, spot)
            match self.find(spot, of.path)[0]:
                case Spot() as found:
                    return self.value(of, found)
                case Gap(why, at):
                    return Unknown(why, at)
                case Absent() as none:
                    return Unknown(NOT_WRITTEN, none.at)
        if not isinstance(spot.node, Mapping):
            return Unknown(_mismatch(_MAP, spot.node), spot.at)
        return Known(self.section(of, spot, spot.at), spot.at, spot.via)

    def _word(self, spot: Spot, field: Field) -> Setting[str]:
        node = spot.node
        if isinstance(node, Scalar):
            value = node.value
            if (
                self.blank_is_unset
                and value.lower() in _TEXTS_OF_BOOLS
                and field.words
                and "true" in field.words
            ):
                if (told := _flag(node, None, True)) is None:
                    return Unknown(_mismatch(_BOOL, node), spot.at)
                value = "true" if told else "false"
            return Known(value if field.words is None else field.words.get(value, value), spot.at, spot.via)
        match node:
            case Partial() as partial:
                return _not_told(partial, spot.at)
            case other:
                return Unknown(_mismatch(_TEXT, other), spot.at)

    def _text(self, spot: Spot) -> Setting[Text]:
        node = spot.node
        if isinstance(node, Scalar):
            return Known(literal(node.value), spot.at, spot.via)
        match node:
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


def _fill_alike(
    alike: Alike, nothing: Absent | Gap, shared: dict[int, object], values: dict[str, object]
) -> None:
    default = alike.default
    value = shared.get(id(default))
    if value is None:
        value = shared[id(default)] = _nothing_of(nothing, default)
    for name in alike.names:
        values[name] = value


def _nothing_of(spot: Absent | Gap, default: Default | None) -> Unset[Any] | Unknown:
    """What a value is that is not written, or not told."""
    return Unknown(spot.why, spot.at) if isinstance(spot, Gap) else _unset(default, spot)


def _unset(default: Default | None, spot: Spot | Absent) -> Unset[Any] | Unknown:
    """What AWS does when it is not written; a value that AWS demands is then not known."""
    if default is None:
        return Unknown(NOT_WRITTEN, spot.at)
    value = default.value
    if isinstance(value, tuple):
        value = tuple(Unset(element, spot.at, default.since) for element in value)
    return Unset(value, spot.at, default.since, spot.via)


def _not_told(partial: Partial, at: Location) -> Unknown:
    settle = f": {partial.why}" if partial.why else ""
    return Unknown(f"it is {partial.text}, which the input does not tell{settle}", at)


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


def _is_spelled(node: Node, spelling: str) -> bool:
    return isinstance(node, Scalar) and node.value == spelling


def _is_blank(found: Spot | Absent | Gap) -> TypeGuard[Spot]:
    """Whether it is an empty text."""
    if not isinstance(found, Spot):
        return False
    node = found.node
    return isinstance(node, Scalar) and not node.value and not node.plain


def _presence(field: Field, is_there: bool, at: Location, via: str) -> Known[Any]:
    """Whether something is written, in the words of the field where it has some."""
    told: object = is_there
    if field.words is not None:
        told = field.words["true" if is_there else "false"]
    return Known(told, at, via)


def _flag(node: Node, words: Words[str, str] | None, terraform: bool) -> bool | None:
    """What is meant by true and false in any spelling, or only in those that Terraform takes."""
    if words is not None and isinstance(node, Scalar) and (meant := words.get(node.value)) is not None:
        return meant == "true"
    if terraform:
        return (
            (_BOOLS if node.plain else _TEXTS_OF_BOOLS).get(node.value) if isinstance(node, Scalar) else None
        )
    told = truth(node)
    if told is None and isinstance(node, Scalar) and not node.tag:
        return {"Enabled": True, "Disabled": False}.get(node.value)
    return told


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
    return key if isinstance(node, BLOCKS) else node


def _both(one: str, other: str) -> str:
    if not one or one == other:
        return other
    return f"{one} and {other}" if other else one
