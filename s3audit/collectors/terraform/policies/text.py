"""The JSON text of a policy document as the AWS provider writes it, and the order in which it does."""

from collections.abc import Iterator
from functools import cmp_to_key

from s3audit.collectors.documents.resolved import Encoded, Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Sequence
from s3audit.collectors.terraform.language.values import Primitive, SetOf, Value, sequence, set_of
from s3audit.text import Opaque, Part, Text, text

LONGEST = 1_000_000


class PolicyText(Encoded, kw_only=True):
    """A policy document that most only read by its parts."""

    minified: bool
    origin: str
    """What the text is known by where it can't be told."""
    _text: Text | None = None

    @classmethod
    def of(cls, at: Node, value: Value, origin: str, minified: bool) -> "PolicyText":
        return cls(at.start, at.end, at.lines, Text(), value=value, origin=origin, minified=minified)

    @property  # type: ignore[misc] # no other text is ever given
    def text(self) -> Text:  # type: ignore[override]
        """Written when it is first asked for."""
        if self._text is None:
            self._text = self._written()
        return self._text

    def _written(self) -> Text:
        parts: list[Part] = []
        size = 0
        try:
            for part in _json(self.value, "" if self.minified else "\n"):
                parts.append(part)
                size += len(part) if isinstance(part, str) else 1
                if size > LONGEST:
                    raise _NotTold
        except _NotTold:
            return Text((Opaque(self.origin),))
        return text(*parts)


class _NotTold(Exception):  # noqa: N818 - it is an answer
    pass


def _json(node: Node, line: str) -> Iterator[Part]:
    """The parts of the text; `line` is a line break with the indentation, or empty for a text without any."""
    from s3audit.collectors.terraform.language.functions.json import inner

    match node:
        case Primitive(data=str(known)):
            yield f'"{inner(known)}"'
        case Primitive(value=word):
            yield word
        case Partial(text=known_parts):
            yield '"'
            for part in known_parts.parts:
                yield inner(part) if isinstance(part, str) else part
            yield '"'
        case Sequence(items=[]):
            yield "[]"
        case Mapping(entries=entries) if not entries:
            yield "{}"
        case Sequence(items=items) if not isinstance(node, SetOf):
            yield from _all("[", "]", [("", item) for item in items], line)
        case Mapping(entries=entries):
            space = " " if line else ""
            members = [(f'"{inner(name)}":{space}', entry.value) for name, entry in entries.items()]
            yield from _all("{", "}", members, line)
        case _:
            raise _NotTold


def _all(opening: str, closing: str, members: list[tuple[str, Node]], line: str) -> Iterator[Part]:
    deeper = f"{line}  " if line else ""
    for index, (label, member) in enumerate(members):
        yield f"{',' if index else opening}{deeper}{label}"
        yield from _json(member, deeper)
    yield f"{line}{closing}"


def in_falling_order(at: Node, items: list[Value]) -> Value:
    """A list that the provider takes for a set, and hands on in falling order."""
    if len(items) == 1:
        return items[0]
    kept: dict[object, Value] = {}
    for item in items:
        kept.setdefault(_mark(item), item)
    items = list(kept.values())
    if len(items) == 1:
        return items[0]
    try:
        return sequence(at, sorted(items, key=cmp_to_key(_compared), reverse=True))
    except _NoOrder:
        return set_of(at, items)


def _mark(item: Value) -> object:
    """What equal items have in common."""
    return id(item) if isinstance(item, Undecided) else _known(item).parts


class _NoOrder(Exception):  # noqa: N818 - it is an answer
    pass


def _compared(one: Value, other: Value) -> int:
    if isinstance(one, Primitive) and isinstance(other, Primitive):
        return (one.value > other.value) - (one.value < other.value)
    if isinstance(one, Undecided) or isinstance(other, Undecided):
        raise _NoOrder
    left, right = list(_known(one).parts), list(_known(other).parts)
    while left and right:
        a, b = left.pop(0), right.pop(0)
        if a == b:
            continue
        if not isinstance(a, str) or not isinstance(b, str):
            raise _NoOrder
        size = next(
            (index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
        )
        if size < len(a) and size < len(b):
            return 1 if a[size] > b[size] else -1
        left[:0] = [a[size:]] if a[size:] else []
        right[:0] = [b[size:]] if b[size:] else []
    rest = left or right
    if rest and not isinstance(rest[0], str):
        raise _NoOrder
    return bool(left) - bool(right)


def _known(item: Value) -> Text:
    if isinstance(item, Partial):
        return item.text
    return Text((item.value,)) if isinstance(item, Primitive) and item.value else Text()
