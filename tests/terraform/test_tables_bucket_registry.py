"""The tables of all families fit their registry on one side and the model on the other."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.terraform import tables
from s3audit.collectors.terraform.tables import TYPES, shape_for, shapes_for
from s3audit.collectors.terraform.tables.bucket import INLINE
from s3audit.defaults import default_of
from s3audit.model.bucket import Bucket
from s3audit.model.document import Value
from s3audit.model.kinds import KINDS
from s3audit.setting import Known
from s3audit.text import Text

VALUES = {"word": (str,), "text": (Text,), "flag": (bool,), "number": (int,), "document": get_args(Value)}


def test_every_family_says_what_it_holds() -> None:
    for family, names in tables._FAMILIES.items():
        assert set(import_module(f"{tables.__name__}.{family}").TABLES) == set(names), family


def test_a_type_of_another_provider_is_not_for_us() -> None:
    assert shape_for("google_storage_bucket") is None
    assert shapes_for("google_storage_bucket") == ()


def held(annotation: Any) -> tuple[str, set[Any]]:
    """What a field of the model may hold: `setting`, `listed` or `section`, and the types of its value."""
    if not get_args(annotation):
        return "section", {annotation}
    known = next(state for state in get_args(annotation) if get_origin(state) is Known)
    (value,) = get_args(known)
    if get_origin(value) is tuple:
        return "listed", {get_args(value)[0]}
    return "setting", set(get_args(value) or (value,))


def misfits(shape: Shape, where: str) -> Iterator[str]:
    hints = get_type_hints(shape.section)
    for name, constant in shape.constants.items():
        if hints.get(name) is not type(constant):
            yield f"{where}: the constant {name}"
    for name, field in shape.fields.items():
        if name not in hints:
            yield f"{where}.{name}: {shape.section.__name__} has no such field"
        elif not issubclass(shape.section, Attachment) or name != "value":
            yield from misfit(shape, name, field, hints[name], f"{where}.{name}")


def misfit(shape: Shape, name: str, field: Field, annotation: Any, at: str) -> Iterator[str]:
    form, types = held(annotation)
    match field.kind:
        case "either":
            for each in field.forms:
                yield from misfit(shape, name, each, annotation, at)
            return
        case "absent":
            fits = (
                field.value is not None or default_of(shape.section, name, section_written=False) is not None
            )
        case "always":
            fits = field.value == () if form == "listed" else type(field.value) in types
        case _:
            fits = holds(field, form, types)
    if field.kind not in ("always", "absent") and field.value is not None:
        fits = fits and (field.value == () if form == "listed" else type(field.value) in types)
    if not fits:
        yield f"{at}: {field.kind}"
    if isinstance(field.of, Shape):
        yield from misfits(field.of, at)


def holds(field: Field, form: str, types: set[Any]) -> bool:
    """Whether what is read there is what the model holds there."""
    match field.kind, field.of:
        case "section", Shape() as of:
            return (form, types) == ("section", {of.section})
        case "optional", Shape() as of:
            return form == "setting" and types == {of.section, type(None)}
        case "listed" | "pairs", Shape() as of:
            (element,) = types
            return form == "listed" and held(element) == ("setting", {of.section})
        case "listed", Field() as of:
            (element,) = types
            return form == "listed" and held(element) == ("setting", set(VALUES[of.kind]))
        case kind, _:
            return form == "setting" and types | {type(None)} == {*VALUES[kind], type(None)}


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_field_fits_the_model(name: str) -> None:
    assert [found for shape in shapes_for(name) for found in misfits(shape, name)] == []


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_attachment_fits_a_field_of_a_kind(name: str) -> None:
    for shape in shapes_for(name):
        if issubclass(shape.section, Attachment):
            kind = KINDS[shape.constants["kind"]]
            hint = get_type_hints(kind)[shape.constants["field"]]
            assert list(unattachable(shape.fields["value"], hint, name)) == []


def unattachable(field: Field, annotation: Any, at: str) -> Iterator[str]:
    """What is wrong with the value of an attachment: a section, one element of a list, or several of them."""
    form, types = held(annotation)
    if form == "listed":
        (element,) = types
        _, types = held(element)
    if types - {type(None)} != brought(field) - {type(None)}:
        yield f"{at}: {field.kind} does not bring {types}"
    if field.kind in ("listed", "pairs") and form != "listed":
        yield f"{at}: {field.kind} for a {form}"
    if isinstance(field.of, Shape):
        yield from misfits(field.of, at)


def brought(field: Field) -> set[Any]:
    """The types of what a field reads, or of its elements."""
    match field.kind, field.of:
        case "always", _:
            return {type(field.value)}
        case _, Shape() as of:
            return {of.section}
        case _, Field() as of:
            return set(VALUES[of.kind])
        case kind, _:
            return set(VALUES[kind])


@pytest.mark.parametrize("field", [one.field for one in INLINE])
def test_what_stands_inside_a_bucket_fits_it(field: str) -> None:
    (value,) = (one.value for one in INLINE if one.field == field)
    assert list(unattachable(value, get_type_hints(Bucket)[field], field)) == []
