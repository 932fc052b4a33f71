"""Where the tables look is where botocore's models have it."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from s3audit.collectors.documents.paths import alternatives
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import account as of_account
from s3audit.collectors.live.operations.access_points import DIRECTORY_TAGS
from s3audit.collectors.live.operations.buckets import OF_BUCKETS, UPLOADS
from s3audit.collectors.live.operations.objects import OBJECT_ACL, SAMPLE
from s3audit.collectors.live.operations.organization import ORGANIZATION
from s3audit.collectors.live.reading import Reading
from s3audit.collectors.live.tables.account import ACCOUNT
from s3audit.collectors.live.tables.buckets import BUCKET
from s3audit.collectors.live.tables.objects import OBJECT
from tests.live.test_operations import member, of

Steps = tuple[str | int | tuple[str, str], ...]


def leaves(shape: Shape, above: tuple[Steps, ...] = ((),)) -> Iterator[tuple[str, tuple[Steps, ...]]]:
    """Each field with the ways that lead to it from the root."""
    for name, field in shape.fields.items():
        for one in field.forms or (field,):
            if one.kind not in ("always", "absent"):
                yield from ((f"{name}{rest}", ways) for rest, ways in _leaf(one, above))


def _leaf(field: Field, above: tuple[Steps, ...]) -> Iterator[tuple[str, tuple[Steps, ...]]]:
    ways = tuple((*before, *steps) for before in above for steps, _ in alternatives(field.path))
    if field.kind == "pairs":
        yield "", ways
    elif isinstance(field.of, Shape):
        element = ("*",) if field.kind == "listed" else ()
        depth = len(ways[0]) + len(element)
        for name, inner in leaves(field.of, tuple((*way, *element) for way in ways)):
            yield f".{name}", tuple(_spread(way, depth, field.each) for way in inner)
    elif isinstance(field.of, Field) and field.of.path:
        yield from _leaf(field.of, tuple((*way, "*") for way in ways))
    else:
        yield "", ways


def _spread(way: Steps, depth: int, each: tuple[str, ...]) -> Steps:
    """A key that holds a list, and stands for one of its elements."""
    if len(way) > depth and way[depth] in each:
        return (*way[: depth + 1], "*", *way[depth + 1 :])
    return way


def leads(shape: Any, steps: Steps) -> bool:
    """Whether botocore's model has something there."""
    for step in steps:
        if shape is None:
            return False
        match step, shape.type_name:
            case "*" | int() | tuple(), "list":
                shape = shape.member
            case "*" | 0 | tuple(), "structure":
                pass
            case str(), "map":
                shape = shape.value
            case str(), "structure":
                shape = shape.members.get(step)
            case _:
                return False
    return shape is not None


def lost(shape: Shape, item: Any, own: Iterable[str], asked: Iterable[Operation]) -> list[str]:
    """Fields that no way leads to."""
    outputs = {one.name: one for one in asked}

    def there(way: Steps) -> bool:
        first, *rest = way
        if first == "item":
            if item is not None and item.type_name != "structure":
                return rest == ["it"]
            return str(rest[0]) in own or leads(item, tuple(rest))
        operation = outputs.get(str(first))
        if operation is None:
            return False
        steps = rest[1:] if operation.wrapped and rest[:1] == [operation.wrapped] else rest
        return leads(of(operation).output_shape, tuple(steps))

    return [name for name, ways in leaves(shape) if not any(map(there, ways))]


def _readings(readers: Any) -> Iterator[Reading]:
    for reader in readers:
        if isinstance(reader, Reading):
            yield reader
            yield from _readings(reader.below)


@pytest.mark.parametrize(
    "reading",
    [pytest.param(one, id=one.listing.id) for one in _readings(READERS) if one.joined is None],
)
def test_a_reading_looks_where_answers_have_it(reading: Reading) -> None:
    listed = of(reading.listing).output_shape
    item = member(listed, reading.items).member if reading.items else listed
    asked = [detail.operation for detail in reading.details]
    assert lost(reading.shape, item, reading.adds, asked) == []


def test_a_bucket_is_looked_for_where_answers_have_it() -> None:
    item = member(of(of_account.LIST_BUCKETS).output_shape, "Buckets").member
    # The three tables of S3 Metadata have one shape, and each lacks something of it.
    assert lost(BUCKET, item, ["LocationName"], (*OF_BUCKETS, UPLOADS, DIRECTORY_TAGS)) == [
        "metadata.journal.role",
        "metadata.inventory.expiration",
        "metadata.inventory.expiration_days",
        "metadata.inventory.role",
        "metadata.annotation.expiration",
        "metadata.annotation.expiration_days",
    ]


def test_an_account_is_looked_for_where_answers_have_it() -> None:
    asked = (*of_account.OF_ACCOUNT, ORGANIZATION)
    # This one is made of a text in JSON.
    assert lost(ACCOUNT, None, [], asked) == ["public_access_block.by_organization"]


def test_an_object_is_looked_for_where_answers_have_it() -> None:
    item = member(of(SAMPLE).output_shape, "Contents").member
    assert lost(OBJECT, item, ["Bucket"], [OBJECT_ACL]) == []
