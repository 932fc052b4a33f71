"""The types of variables, and what Terraform makes of a value that is given for one."""

from collections.abc import Callable
from collections.abc import Mapping as Map
from decimal import Decimal
from typing import Literal as Word

import msgspec

from s3audit.collectors.documents.hcl.syntax import Call, Expression, Literal, Name, Object, Template, Tuple
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Entry, Mapping, Sequence
from s3audit.collectors.terraform.language import convert as to
from s3audit.collectors.terraform.language.values import (
    Failed,
    OpenSequence,
    Primitive,
    SetOf,
    Value,
    again,
    failed,
    is_null,
    key_at,
    open_sequence,
    sequence,
    undecided,
    why_not_known,
)

Kind = Word["any", "string", "number", "bool", "list", "set", "map", "object", "tuple", "unclear"]
Evaluate = Callable[[Expression], Value]

_DEEPEST = 60
_PRIMITIVES: Map[str, Kind] = {"any": "any", "string": "string", "number": "number", "bool": "bool"}
_COLLECTIONS: Map[str, Kind] = {"list": "list", "set": "set", "map": "map"}
_EXPECTED: Map[Kind, str] = {
    "list": "a list",
    "set": "a set",
    "map": "a map",
    "object": "an object",
    "tuple": "a tuple",
}


class Type(msgspec.Struct, frozen=True, eq=False):
    kind: Kind
    of: "Type | None" = None
    """Of the elements of a list, set or map."""
    items: "tuple[Type, ...]" = ()
    """Of the elements of a tuple."""
    attributes: "Map[str, Member]" = {}
    why: str = ""
    """Why it is unclear."""

    @property
    def is_primitive(self) -> bool:
        return self.kind in ("string", "number", "bool")

    @property
    def is_open(self) -> bool:
        """Whether it leaves a part to what is given."""
        parts = (*self.items, *(member.type for member in self.attributes.values()))
        return (
            self.kind == "any"
            or any(part.is_open for part in parts)
            or (self.of is not None and self.of.is_open)
        )


class Member(msgspec.Struct, frozen=True, eq=False):
    """An attribute of an object type."""

    type: Type
    is_optional: bool = False
    default: Expression | None = None


ANY = Type("any")


def read_type(expression: Expression | None, depth: int = 0) -> Type:
    """What a `type` argument says; one that is not written allows anything."""
    if depth > _DEEPEST:
        return Type("unclear", why="the type is nested too deeply")
    match expression:
        case None:
            return ANY
        case Name(name=name) | Literal(value=str(name)) if name in _PRIMITIVES:
            return Type(_PRIMITIVES[name])
        case Name(name=str(name)) | Literal(value=str(name)) if name in ("list", "map"):  # of long ago
            return Type(_COLLECTIONS[name], ANY)
        case Template(parts=(Expression() as only,)):
            return read_type(only, depth + 1)
        case Call(name=name, arguments=(of,)) if name in _COLLECTIONS:
            return Type(_COLLECTIONS[name], read_type(of, depth + 1))
        case Call(name="tuple", arguments=(Tuple(items=items),)):
            return Type("tuple", items=tuple(read_type(item, depth + 1) for item in items))
        case Call(name="object", arguments=(Object(items=members),)):
            return _object(members, depth)
        case _:
            return Type("unclear", why="the type of the variable is none that Terraform has")


def _object(members: tuple[tuple[Expression, Expression], ...], depth: int) -> Type:
    attributes: dict[str, Member] = {}
    for key, value in members:
        match key:
            case Literal(value=str(name)) | Name(name=name):
                attributes[name] = _member(value, depth)
            case _:
                return Type(
                    "unclear", why="the type of the variable has an attribute whose name is an expression"
                )
    return Type("object", attributes=attributes)


def _member(expression: Expression, depth: int) -> Member:
    match expression:
        case Call(name="optional", arguments=(of,)):
            return Member(read_type(of, depth + 1), True)
        case Call(name="optional", arguments=(of, default)):
            return Member(read_type(of, depth + 1), True, default)
        case _:
            return Member(read_type(expression, depth + 1))


def convert(value: Value, wanted: Type, evaluate: Evaluate) -> Value:
    """The value as one of this type, with the defaults of its attributes, which `evaluate` works out.

    What is not known stays so, and what is impossible is Failed: each in its place.
    """
    return _Conversion(evaluate).of(value, wanted)


class _Conversion:
    __slots__ = ("_defaults", "_evaluate")

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self._defaults: dict[Expression, Value] = {}

    def of(self, value: Value, wanted: Type) -> Value:
        if isinstance(value, OpenSequence):
            return self._open(value, wanted)
        if isinstance(value, Undecided) or is_null(value):
            return value
        match wanted.kind:
            case "any":
                return value
            case "string":
                return to.as_text(value)
            case "number":
                number = to.as_number(value)
                return number if isinstance(number, Undecided) else _word(value, number)
            case "bool":
                truth = to.as_bool(value)
                return truth if isinstance(truth, Undecided) else _word(value, truth)
            case "list" | "set":
                return self._elements(value, wanted)
            case "tuple":
                return self._tuple(value, wanted)
            case "map":
                return self._map(value, wanted)
            case "object":
                return self._object(value, wanted)
            case "unclear":
                return undecided(value, wanted.why)

    def _elements(self, value: Value, wanted: Type) -> Value:
        if not isinstance(value, Sequence):
            return _refused(value, wanted)
        if wanted.kind == "list" and not to.is_ordered(value):
            return undecided(value, "the order of a set is not known before all of its elements are")
        items = self._alike(value, value.items, wanted)
        if isinstance(items, Undecided):
            return items
        return to.to_set(value, items) if wanted.kind == "set" else sequence(value, items)

    def _open(self, value: OpenSequence, wanted: Type) -> Value:
        """A list of which only some elements are known."""
        if wanted.kind == "any":
            return value
        if wanted.kind not in ("list", "set"):
            return again(value, value)
        items = [self.of(item, wanted.of or ANY) for item in value.items]
        refused = next((item for item in items if isinstance(item, Failed)), None)
        return refused or open_sequence(value, items, value.why, in_order=wanted.kind == "list")

    def _tuple(self, value: Value, wanted: Type) -> Value:
        if not isinstance(value, Sequence) or isinstance(value, SetOf):
            return _refused(value, wanted)
        if len(value.items) != len(wanted.items):
            return failed(
                value, f"a tuple of {len(wanted.items)} is required here, not {len(value.items)} elements"
            )
        pairs = zip(value.items, wanted.items, strict=True)
        return sequence(value, [self.of(item, expected) for item, expected in pairs])

    def _map(self, value: Value, wanted: Type) -> Value:
        if not isinstance(value, Mapping):
            return _refused(value, wanted)
        items = self._alike(value, [entry.value for entry in value.entries.values()], wanted)
        if isinstance(items, Undecided):
            return items
        return to.with_values(value, dict(zip(value.entries, items, strict=True)))

    def _alike(self, value: Value, items: list[Value], wanted: Type) -> list[Value] | Undecided:
        """The elements of a collection, which have one type."""
        of = wanted.of or ANY
        converted = [self.of(item, of) for item in items]
        together = to.unify(converted) if of.is_open else converted
        return failed(value, "the elements have no type in common") if together is None else together

    def _object(self, value: Value, wanted: Type) -> Value:
        if isinstance(value, Primitive | Partial | Sequence):
            return _refused(value, wanted)
        entries: dict[str, Entry] = {}
        for name, member in wanted.attributes.items():
            entry = value.entries.get(name) if isinstance(value, Mapping) else _of_resource(value, name)
            if entry is not None and not (is_null(entry.value) and member.default is not None):
                entries[name] = Entry(entry.key, self.of(entry.value, member.type))
            elif member.default is not None:
                entries[name] = Entry(
                    key_at(member.default, name), self._default(member.default, member.type)
                )
            elif member.is_optional:
                entries[name] = Entry(key_at(value, name), Primitive.of(value, None))
            else:
                missing = failed(value, f"the attribute {name} is required here")
                entries[name] = Entry(key_at(value, name), missing)
        return Mapping(value.start, value.end, value.lines, "", entries)

    def _default(self, default: Expression, wanted: Type) -> Value:
        if default not in self._defaults:
            self._defaults[default] = self.of(self._evaluate(default), wanted)
        return self._defaults[default]


def _of_resource(value: Value, name: str) -> Entry:
    """An attribute of a resource, or of a module, that is given as a whole."""
    from s3audit.collectors.terraform.language.declarations import attribute_of

    found = attribute_of(value, name, value)
    if found is None:
        found = undecided(value, f"whether it has an attribute {name} can't be told")
    return Entry(key_at(value, name), found)


def _word(value: Value, data: int | Decimal | bool) -> Value:
    is_same = isinstance(value, Primitive) and not isinstance(value.data, str)
    return value if is_same else Primitive.of(value, data)


def _refused(value: Value, wanted: Type) -> Undecided:
    if isinstance(value, Primitive | Partial | Sequence | Mapping) and not to.may_be_anything(value):
        return failed(value, f"{_EXPECTED[wanted.kind]} is required here, not {to.kind(value)}")
    return undecided(value, why_not_known(value) or "it is a whole object")
