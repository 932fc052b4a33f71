"""Reads a JSON document that stands in another one, as a mapping or as text, into the model's values."""

from s3audit.collectors.documents.resolved import Missing, Partial, Resolver, Undecided
from s3audit.collectors.documents.tree import (
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
    places_inside,
)
from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.setting import Unknown
from s3audit.text import Opaque, Part, Text, text

# Stand in for the opaque parts while the JSON around them is read; private-use characters that JSON strings may hold.
_OPEN, _CLOSE = "\ue000", "\ue001"


class PolicyReader:
    """Reads documents of one source; what is too large to be a policy becomes Unknown."""

    def __init__(self, source: str, resolver: Resolver) -> None:
        self.source = source
        self.resolver = resolver

    def read(self, node: Node, at: Location) -> Value:
        """The document at a node that is resolved already."""
        try:
            match node:
                case Scalar(value=value):
                    return self._json(Text((value,)), node, at)
                case Partial(text=known):
                    return self._json(known, node, at)
                case _:
                    return self._value(node, at, Budget())
        except (BudgetError, RecursionError):
            return Unknown("the document is too large to be read", at)

    def _value(self, node: Node, at: Location, budget: Budget) -> Value:
        budget.spend()
        match node:
            case Mapping():
                return Object(tuple(self._members(node, at, budget)), at)
            case Sequence():
                return Array(tuple(self._items(node, at, budget)), at)
            case Scalar():
                return Leaf(_scalar(node), at)
            case Partial(text=known):
                return Leaf(known, at)
            case Undecided(why=why):
                return Unknown(why, at)
            case _:
                return Leaf(None, at)

    def _members(self, node: Mapping, at: Location, budget: Budget) -> list[Member]:
        members: list[Member] = []
        for name, entry in node.entries.items():
            resolved = self.resolver.resolve(entry.value).node
            if isinstance(resolved, Missing):
                continue
            address = f"{at.address}.{name}"
            key = location(entry.key, self.source, address)
            where = (
                key if isinstance(resolved, Mapping | Sequence) else location(resolved, self.source, address)
            )
            members.append(Member(name, self._value(resolved, where, budget), key))
        return members

    def _items(self, node: Sequence, at: Location, budget: Budget) -> list[Value]:
        items: list[Value] = []
        for index, item in enumerate(node.items):
            resolved = self.resolver.resolve(item).node
            if isinstance(resolved, Missing):
                continue
            where = location(head(resolved), self.source, f"{at.address}[{index}]")
            items.append(self._value(resolved, where, budget))
        return items

    def _json(self, written: Text, node: Node, at: Location) -> Value:
        """A document given as text; its opaque parts keep their place in it."""
        from s3audit.collectors.documents.json_reader import read_json

        opaque = written.opaque
        if any(mark in part for part in written.parts if isinstance(part, str) for mark in (_OPEN, _CLOSE)):
            return Unknown("the document holds characters that no policy has", at)
        numbered = iter(range(len(opaque)))
        flat = "".join(p if isinstance(p, str) else f"{_OPEN}{next(numbered)}{_CLOSE}" for p in written.parts)
        documents, problems = read_json(flat, self.source)
        root = documents[0].root if documents else None
        if root is None or any(problem.kind == "unreadable" for problem in problems):
            said = problems[0].message if problems else "it is empty"
            return Unknown(f"it is text that can't be read as JSON: {said}", at)
        return _Embedded(self.source, node, opaque).value(root, at, Budget())


class _Embedded:
    """The nodes of a JSON text inside another document."""

    def __init__(self, source: str, holder: Node, opaque: tuple[Opaque, ...]) -> None:
        self.source = source
        self.holder = holder
        self.opaque = opaque
        # Only what is written out as it is has places of its own; else the whole text stands for its parts.
        self.place = places_inside(holder) if isinstance(holder, Scalar) and not opaque else None

    def value(self, node: Node, at: Location, budget: Budget) -> Value:
        budget.spend()
        match node:
            case Mapping():
                return Object(
                    tuple(
                        Member(
                            str(self._text(name)),
                            self.value(entry.value, self._at(entry.value, f"{at.address}.{name}"), budget),
                            self._at(entry.key, f"{at.address}.{name}"),
                        )
                        for name, entry in node.entries.items()
                    ),
                    at,
                )
            case Sequence(items=items):
                return Array(
                    tuple(
                        self.value(item, self._at(item, f"{at.address}[{index}]"), budget)
                        for index, item in enumerate(items)
                    ),
                    at,
                )
            case Scalar():
                value = _scalar(node)
                return Leaf(self._text(str(value)) if isinstance(value, Text) else value, at)
            case _:
                return Leaf(None, at)

    def _text(self, flat: str) -> Text:
        """The text with its opaque parts back in their places."""
        parts: list[Part] = []
        for piece in flat.split(_OPEN):
            number, closed, rest = piece.partition(_CLOSE)
            if closed:
                parts += [self.opaque[int(number)], rest]
            else:
                parts.append(piece)
        return text(*parts)

    def _at(self, node: Node, address: str) -> Location:
        if self.place is None:
            return location(self.holder, self.source, address)
        shown = head(node)
        end_line, end_column = self.place(max(shown.end - 1, shown.start))
        return Location(self.source, address, *self.place(shown.start), end_line, end_column + 1)


def head(node: Node) -> Node:
    """What stands for a node in a list: a block's first key, not the whole block."""
    while True:
        match node:
            case Titled(title=title):
                return title
            case Mapping() if node.entries:
                return next(iter(node.entries.values())).key
            case Sequence() if node.items:
                node = node.items[0]
            case _:
                return node


def _scalar(node: Scalar) -> Text | bool | None:
    if is_null(node):
        return None
    if (boolean := as_bool(node)) is not None:
        return boolean
    # A number stays as it is written: an account id may begin with a zero, and policies compare texts.
    return Text((node.value,)) if node.value else Text()
