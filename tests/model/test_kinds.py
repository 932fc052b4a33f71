"""The kinds of the model: a snapshot keeps them, what is not told is unknown, and the defaults fit them."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from s3audit.defaults import ABSENT, DEFAULTS, default_of
from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource, Section, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.document import Value
from s3audit.model.kinds import KINDS
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text, text


def _sections(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections(inner)


def _classes() -> list[type[Any]]:
    """Every kind, and every section that one of them holds."""
    found: dict[type[Any], None] = {}
    todo: list[type[Any]] = list(KINDS.values())
    while todo:
        cls = todo.pop()
        if cls not in found:
            found[cls] = None
            todo += [s for annotation in get_type_hints(cls).values() for s in _sections(annotation)]
    return sorted(found, key=lambda cls: cls.__name__)


CLASSES = {cls.__name__: cls for cls in _classes()}
IDENTITY = {"address", "at", "origin", "exists", "title", "type", "is_declared"}
HERE = Location("template.yaml", "Resources.Logs", 3, 5)


def _sample(annotation: Any) -> Any:
    """A value that an annotation admits, with every setting known and every list holding one."""
    samples = {str: "word", Text: text("name"), bool: True, int: 1, Location: HERE}
    arguments = get_args(annotation)
    if annotation in samples:
        return samples[annotation]
    if get_origin(annotation) is Known:
        return Known(_sample(arguments[0]), HERE, "with the default of Env")
    if get_origin(annotation) is tuple:
        return (_sample(arguments[0]),)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation(**{name: _sample(inner) for name, inner in get_type_hints(annotation).items()})
    known = [inner for inner in arguments if get_origin(inner) is Known]
    return _sample((known or arguments)[0])


def _kinds() -> Any:
    return reduce(or_, KINDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_survives_a_snapshot(kind: str) -> None:
    cls = KINDS[kind]
    blank = cls(address="Resources.Logs", at=HERE)
    for resource in (blank, _sample(cls)):
        line = msgspec.json.encode(resource)
        assert msgspec.json.decode(line, type=_kinds()) == resource
        assert msgspec.json.decode(line)["kind"] == kind


def test_settings_of_every_state_survive_a_snapshot() -> None:
    bucket = Bucket(
        address="Resources.Logs",
        at=HERE,
        name=Known(text("logs"), HERE),
        namespace=Unset("global", HERE, "2026-03", "with the default of Env"),
        created=Unknown("it is not told", HERE),
        tags=Unset((), HERE),
    )
    assert msgspec.json.decode(msgspec.json.encode(bucket), type=Bucket) == bucket


def _not_unknown(value: Any, path: str) -> Iterator[str]:
    for name in value.__struct_fields__:
        held = getattr(value, name)
        if isinstance(held, Section):
            yield from _not_unknown(held, f"{path}.{name}")
        elif not isinstance(held, Unknown) and name not in IDENTITY:
            yield f"{path}.{name}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_source_has_told_is_unknown(kind: str) -> None:
    resource = KINDS[kind](address="Resources.Logs", at=NOWHERE)
    assert list(_not_unknown(resource, kind)) == []


def test_every_kind_is_in_the_table() -> None:
    assert {kind_of(cls) for cls in Resource.__subclasses__()} == set(KINDS)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_name_means_one_class(name: str) -> None:
    same = [cls for cls in _classes() if cls.__name__ == name]
    assert len(same) == 1, "defaults are kept by the name of the class"


def _fits(value: Any, annotation: Any) -> bool:
    if get_origin(annotation) is tuple:
        return isinstance(value, tuple)
    if get_args(annotation):
        return any(_fits(value, inner) for inner in get_args(annotation))
    return isinstance(annotation, type) and type(value) is annotation


@pytest.mark.parametrize("table", [DEFAULTS, ABSENT], ids=["DEFAULTS", "ABSENT"])
def test_defaults_fit_the_model_and_name_their_source(table: Any) -> None:
    for name, fields in table.items():
        for field, default in fields.items():
            annotation = get_type_hints(CLASSES[name])[field]
            (value,) = (get_args(state)[0] for state in get_args(annotation) if get_origin(state) is Known)
            assert _fits(default.value, value), f"{name}.{field}"
            assert default.source.startswith("https://") or (name, field) == ("S3Object", "sampled")


def test_a_block_that_is_not_written_is_not_a_block_that_leaves_a_setting_out() -> None:
    block = CLASSES["PublicAccessBlock"]
    left_out = default_of(block, "block_public_acls", section_written=True)
    absent = default_of(block, "block_public_acls", section_written=False)
    assert left_out
    assert absent
    assert (left_out.value, absent.value, absent.since) == (False, True, "2023-04")
    assert default_of(CLASSES["AccessPointPublicAccessBlock"], "block_public_acls") is None


def test_what_has_no_default_of_its_own() -> None:
    assert default_of(Bucket, "inventory") == default_of(Bucket, "tags")
    inventory, policy = default_of(Bucket, "inventory"), default_of(Bucket, "policy")
    assert inventory
    assert policy
    assert (inventory.value, policy.value) == ((), None)
    assert default_of(Bucket, "name") is None


def test_a_document_can_hold_what_is_not_known() -> None:
    assert Unknown in get_args(Value)
