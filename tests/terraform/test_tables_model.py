"""What the registry promises, and what the tables say of a class next to CloudFormation's."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

from s3audit.collectors.cloudformation import tables as cloudformation
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.terraform import tables
from s3audit.collectors.terraform.tables import TYPES, shape_for, shapes_for
from s3audit.model.base import Resource

ALL_TYPES = sorted(TYPES)

# Fields that CloudFormation's tables of the same class fill, and why a type leaves them unknown.
LEFT_OUT = {"aws_fsx_s3_access_point_attachment": {"bucket": "it stands on a volume"}}


def test_what_a_type_says_beside_its_first_shape_is_of_its_family() -> None:
    for family, names in tables._FAMILIES.items():
        module = import_module(f"{tables.__name__}.{family}")
        assert set(getattr(module, "MORE", {})) <= set(names), family


def test_a_type_may_say_several_things() -> None:
    said = [
        (shape.constants["kind"], shape.constants["field"]) for shape in shapes_for("aws_glacier_vault_lock")
    ]
    assert said == [("vault", "lock_policy"), ("vault", "lock_state")]
    assert shapes_for("aws_glacier_vault") == (shape_for("aws_glacier_vault"),)


def _paths(shape: Shape) -> Iterator[str]:
    for field in shape.fields.values():
        yield from _paths_of(field)


def _paths_of(field: Field) -> Iterator[str]:
    yield field.path
    for form in field.forms:
        yield from _paths_of(form)
    if isinstance(field.of, Shape):
        yield from _paths(field.of)
    elif field.of is not None:
        yield from _paths_of(field.of)


# Within texts of JSON keys are spelled as AWS spells them.
_STEP = r"(?:[a-z][a-z0-9_]*|[A-Z][A-Za-z]*)(?:\[0\])?|\[\w+=\w+\]"
_PATH = re.compile(rf"(?:(?:{_STEP})(?:\.(?:{_STEP}))*(?:#present)?)?")


@pytest.mark.parametrize("name", ALL_TYPES)
def test_paths_are_spelled_as_terraform_spells(name: str) -> None:
    paths = [one for shape in shapes_for(name) for path in _paths(shape) for one in path.split("|")]
    assert [path for path in paths if not _PATH.fullmatch(path)] == []


@cache
def _theirs(section: type[Resource]) -> frozenset[str]:
    """The fields that every type of CloudFormation for a class fills."""
    shapes = (cloudformation.shape_for(name) for name in cloudformation.TYPES)
    filled = [set(shape.fields) for shape in shapes if shape and shape.section is section]
    return frozenset(set.intersection(*filled)) if filled else frozenset()


@pytest.mark.parametrize("name", ALL_TYPES)
def test_a_type_fills_what_every_type_of_cloudformation_for_its_class_fills(name: str) -> None:
    shape = shape_for(name)
    assert shape
    if issubclass(shape.section, Resource):
        missing = _theirs(shape.section) - set(shape.fields) - set(shape.constants)
        assert missing == set(LEFT_OUT.get(name, {}))
