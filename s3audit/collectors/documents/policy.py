"""Reads a JSON document that stands in another one, as a mapping or as text, into the model's values."""

from contextlib import suppress

import msgspec

from s3audit.collectors.documents.resolved import Encoded, Missing, Partial, Resolved, Resolver, Undecided
from s3audit.collectors.documents.tree import (
    NO_LINES,
    Budget,
    BudgetError,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Titled,
    as_bool,
    is_null,
    location,
)
from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.setting import Unknown
from s3audit.text import Text, literal

_LONGEST = 50_000
_DEEPEST = 100


class PolicyReader:
    """Reads documents of one source; what is too large to be a policy becomes Unknown."""

    def __init__(self, source: str, resolver: Resolver) -> None:
        self.source = source
        self.resolver = resolver

    def read(self, node: Node, at: Location) -> Value:
        """The document at a node that is resolved already."""
        try:
            match node:
                case Encoded(value=value):
                    return self.value(value, at, Budget())
                case Scalar() | Partial():
                    return self._text(node, at)
                case _:
                    return self.value(node, at, Budget())
        except (BudgetError, RecursionError):
            return Unknown("the document is too large to be read", at)

    def value(self, node: Node, at: Location, budget: Budget) -> Value:
        budget.spend()
        if isinstance(node, Scalar):
            return Leaf(_scalar(node), at)
        if isinstance(node, Mapping):
            return Object(tuple(self._members(node, at, budget)), at)
        if isinstance(node, Sequence):
            return Array(tuple(self._items(node, at, budget)), at)
        match node:
            case Partial(text=known):
                return Leaf(known, at)
            case Undecided(why=why):
                return Unknown(why, at)
            case Missing():
                return Leaf(None, at)
            case _:
                return Unknown("it is a whole object, of which the source does not tell all", at)

    def _members(self, node: Mapping, at: Location, budget: Budget) -> list[Member]:
        members: list[Member] = []
        for name, entry in node.entries.items():
            resolved = self.resolver.resolve(entry.value).node
            if isinstance(resolved, Missing):
                continue
            address = f"{at.address}.{name}"
            key = location(entry.key, self.source, address)
            shown = self._shown(entry.key, resolved)
            where = key if shown is entry.key else location(shown, self.source, address)
            members.append(Member(name, self.value(resolved, where, budget), key))
        return members

    def _items(self, node: Sequence, at: Location, budget: Budget) -> list[Value]:
        items: list[Value] = []
        for index, item in enumerate(node.items):
            resolved = self.resolver.resolve(item).node
            if isinstance(resolved, Missing):
                continue
            where = location(head(resolved), self.source, f"{at.address}[{index}]")
            items.append(self.value(resolved, where, budget))
        return items

    def _text(self, node: Node, at: Location) -> Value:
        """A document given as text; its opaque parts keep their place in it."""
        if isinstance(node, Scalar) and node.lines is NO_LINES and (data := _simple(node.value)) is not None:
            with suppress(_NumberError):
                return _of_data(data, at)
        from s3audit.collectors.documents.embedded import embedded

        return _TextReader(self.source, _AsIs()).value(embedded(node, self.source), at, Budget())

    def _shown(self, key: Scalar, value: Node) -> Node:
        """What stands for a value in a report: its key if it is no single word."""
        return key if isinstance(value, Mapping | Sequence) else value


def _simple(text: str) -> object:
    """What a JSON text says, if nothing in it needs the care of the reader that knows places; else None."""
    if not text.isascii() or len(text) > _LONGEST or "\\u" in text:
        return None
    if text.count("{") + text.count("[") > _DEEPEST:
        return None
    try:
        data: object = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    return data if isinstance(data, dict | list) else None


class _NumberError(ValueError):
    """There is a number, of which the spelling counts."""


def _of_data(data: object, at: Location) -> Value:
    """The document of a text without lines: its parts are told apart by their addresses."""
    if isinstance(data, str):
        return Leaf(literal(data), at)
    if isinstance(data, dict):
        members: list[Member] = []
        for name, value in data.items():
            where = Location(at.source, f"{at.address}.{name}")
            members.append(Member(name, _of_data(value, where), where))
        return Object(tuple(members), at)
    if isinstance(data, list):
        items = [
            _of_data(item, Location(at.source, f"{at.address}[{index}]")) for index, item in enumerate(data)
        ]
        return Array(tuple(items), at)
    if data is None or isinstance(data, bool):
        return Leaf(data, at)
    raise _NumberError


class _TextReader(PolicyReader):
    """Reads the nodes of a JSON text."""

    def _shown(self, key: Scalar, value: Node) -> Node:
        return head(value)


class _AsIs:
    """In a JSON text everything is what it looks like."""

    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


def head(node: Node) -> Node:
    """What stands for a node in a list: a block's first key, not the whole block."""
    while True:
        if isinstance(node, Titled):
            return node.title
        if isinstance(node, Mapping) and node.entries:
            return next(iter(node.entries.values())).key
        if not isinstance(node, Sequence) or not node.items:
            return node
        node = node.items[0]


def _scalar(node: Scalar) -> Text | bool | None:
    if node.plain:
        if is_null(node):
            return None
        if (boolean := as_bool(node)) is not None:
            return boolean
    # A number stays as it is written: an account id may begin with a zero, and policies compare texts.
    return literal(node.value)
