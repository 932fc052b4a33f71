"""Fills the tables of Terraform from plain arguments, without Terraform's expressions."""

import json
from typing import Any

from s3audit.collectors.documents.attach import Attached, attach
from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.fill import Filler
from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.resolved import Resolved
from s3audit.collectors.documents.shape import Shape
from s3audit.collectors.documents.spots import Spot
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.tables import shapes_for
from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource, Section, kind_of
from s3audit.model.document import Array, Leaf, Object
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text

UNKNOWN = "(unknown)"

_GIVEN = ("address", "at", "origin", "exists", "title")


class Literal:
    """Resolves nothing: the arguments of these tests are literal."""

    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


def sections(type_name: str, arguments: dict[str, Any], name: str = "it") -> list[Any]:
    """All that a declaration of this type says."""
    shapes = shapes_for(type_name)
    assert shapes, f"{type_name} is not read"
    return [_filled(shape, json.dumps(arguments), f"{type_name}.{name}") for shape in shapes]


def filled(type_name: str, arguments: dict[str, Any], name: str = "it") -> Any:
    """The one thing that a declaration of this type says."""
    (only,) = sections(type_name, arguments, name)
    return only


def _filled(shape: Shape, written: str, address: str) -> Any:
    (document,), problems = read_json(written, "x.json")
    assert document.root
    assert problems == []
    at = Location("x.json", address, 1, 1, 1, 1)
    given = {"address": address, "title": address} if issubclass(shape.section, Resource) else {}
    filler = Filler("x.json", Literal(), blank_is_unset=True)
    return filler.section(shape, Spot(document.root, at), at, **given)


def joined(kind: type[Resource], *declared: tuple[str, dict[str, Any]]) -> list[Any]:
    """The resources of a kind, with what is declared beside them; each is named `it` and a number."""
    made = [
        (f"{type_name}.it{index}", section)
        for index, (type_name, arguments) in enumerate(declared)
        for section in sections(type_name, arguments, f"it{index}")
    ]
    own = [section for _, section in made if isinstance(section, kind)]
    there = Known(True, NOWHERE)
    beside = [
        Attached(address, address, there, section)
        for address, section in made
        if isinstance(section, Attachment) and section.kind == kind_of(kind)
    ]
    return attach(kind_of(kind), own, beside, "terraform")


def plain(value: Any) -> Any:
    """What is known as plain data; of a section only the fields that are, and `(unknown)` for an element."""
    match value:
        case Known(known):
            return plain(known)
        case Unset(default):
            return plain(default)
        case Unknown():
            return UNKNOWN
        case Text():
            return value.literal
        case tuple():
            return [plain(item) for item in value]
        case Leaf(value=leaf):
            return plain(leaf)
        case Array(items=items):
            return [plain(item) for item in items]
        case Object(members=members):
            return {member.name: plain(member.value) for member in members}
        case Section() | Resource():
            return told(value)
        case _:
            return value


def told(section: Any) -> dict[str, Any]:
    """The fields that are written, as plain data; a section counts where something in it is."""
    found: dict[str, Any] = {}
    given = _GIVEN if isinstance(section, Resource) else ("at",)
    for name in section.__struct_fields__:
        if name in given:
            continue
        value = getattr(section, name)
        if isinstance(value, Section):
            if inner := told(value):
                found[name] = inner
        elif isinstance(value, str):
            found[name] = value
        elif isinstance(value, Known):
            found[name] = plain(value)
    return found


def unwritten(section: Any) -> dict[str, Any]:
    """What AWS does for each field that is not written, as plain data."""
    found: dict[str, Any] = {}
    for name in section.__struct_fields__:
        value = getattr(section, name)
        if isinstance(value, Unset):
            found[name] = plain(value)
        elif isinstance(value, Section) and (inner := unwritten(value)):
            found[name] = inner
    return found
