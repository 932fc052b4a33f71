"""Whether a value, as far as it is known, is what Terraform says or what another value is."""

import re
from decimal import Decimal
from typing import Any

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.values import Encoded, Failed, Primitive, SetOf, Value, is_null
from tests.terraform.console import Kind


def is_open(value: Value) -> bool:
    """Whether a part of a value, or all of it, is not told."""
    match value:
        case Failed():
            return False
        case Undecided():
            return True
        case Partial():
            return value.text.literal is None
        case Sequence(items=items):
            return any(map(is_open, items))
        case Mapping(entries=entries):
            return any(is_open(entry.value) for entry in entries.values())
        case _:
            return False


def is_said(value: Value, kind: Kind, said: Any) -> bool:
    """Whether a value is this value of this type."""
    if said is None or isinstance(value, Undecided):
        return said is None and is_null(value)
    match kind:
        case "string":
            return bool(convert.literal(value) == said)
        case "number":
            if not isinstance(value, Primitive) or isinstance(value.data, str | bool | None):
                return False
            return Decimal(value.data) == Decimal(said)
        case "bool":
            return isinstance(value, Primitive) and value.data is said
        case ["list" | "set" as collection, inner]:
            if not isinstance(value, Sequence) or isinstance(value, SetOf) is not (collection == "set"):
                return False
            if not convert.is_ordered(value):
                return len(value.items) == len(said) and all(
                    any(is_said(item, inner, one) for item in value.items) for one in said
                )
            return len(value.items) == len(said) and all(map(is_said, value.items, [inner] * len(said), said))
        case ["tuple", inner]:
            if not isinstance(value, Sequence) or isinstance(value, SetOf):
                return False
            return len(value.items) == len(said) and all(map(is_said, value.items, inner, said))
        case ["map" | "object" as collection, inner]:
            if not isinstance(value, Mapping) or value.entries.keys() != said.keys():
                return False
            kinds = inner if collection == "object" else dict.fromkeys(said, inner)
            return all(is_said(value.entries[name].value, kinds[name], said[name]) for name in said)
        case _:
            raise AssertionError(f"there is no type {kind}")


def agrees(value: Value, other: Value) -> bool:
    """Whether what is known of a value is true of another one, of which more is known."""
    if isinstance(value, Failed) or isinstance(other, Failed):
        return isinstance(value, Undecided) and isinstance(other, Undecided)
    if isinstance(value, Undecided) or isinstance(other, Undecided) or convert.may_be_anything(value):
        return True
    if isinstance(value, Encoded) and isinstance(other, Encoded):
        return agrees(value.value, other.value)
    if isinstance(value, Partial) and value.text.literal is None:
        text = convert.text_of(other)
        return text is not None and _fits(value, str(text))
    if isinstance(value, Partial | Primitive) and isinstance(other, Partial | Primitive):
        if isinstance(other, Partial) and other.text.literal is None:
            return False
        # Whether a number becomes a text may depend on what is not known.
        return _word(value) == _word(other)
    if isinstance(value, SetOf):
        return isinstance(other, SetOf) and len(value.items) == len(other.items) and _paired(value, other)
    if isinstance(value, Sequence):
        if (
            not isinstance(other, Sequence)
            or isinstance(other, SetOf)
            or len(value.items) != len(other.items)
        ):
            return False
        return all(map(agrees, value.items, other.items))
    if isinstance(value, Mapping):
        if not isinstance(other, Mapping) or value.entries.keys() != other.entries.keys():
            return False
        return all(agrees(entry.value, other.entries[name].value) for name, entry in value.entries.items())
    return value is other


def _word(value: Value) -> str:
    if isinstance(value, Primitive):
        return value.value
    return str(convert.text_of(value))


def _fits(value: Partial, text: str) -> bool:
    parts = (re.escape(part) if isinstance(part, str) else ".*" for part in value.text.parts)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _paired(value: SetOf, other: SetOf) -> bool:
    left = list(other.items)
    for item in sorted(value.items, key=is_open):
        found = next((one for one in left if agrees(item, one)), None)
        if found is None:
            return False
        left.remove(found)
    return True
