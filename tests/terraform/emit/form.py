"""What Terraform text and plans are printed from: blocks and their arguments, as data."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

Kind = Literal["flag", "word", "text", "number", "list", "document", "blocks"]
"""Of a value that nobody can tell before the deployment."""


class Reference(msgspec.Struct, frozen=True):
    """An attribute of another block."""

    address: str
    """`aws_s3_bucket.logs`, `data.aws_region.current`."""
    attribute: str
    counted: bool = False
    """Its block has a `count`."""


class Variable(msgspec.Struct, frozen=True):
    """A variable of which nobody gave the value."""

    name: str


class Outside(msgspec.Struct, frozen=True):
    """The outcome of a resource that no table reads."""

    name: str


Piece: TypeAlias = Reference | Variable | Outside


class Joined(msgspec.Struct, frozen=True):
    """A text in pieces, of which at least one is no plain text."""

    parts: "tuple[str | Piece, ...]"


class Untold(msgspec.Struct, frozen=True):
    """Something that can't be decided."""

    kind: Kind


class Document(msgspec.Struct, frozen=True):
    """A policy."""

    value: "Argument"
    """Objects and lists, as JSON has them."""


class Blocks(msgspec.Struct, frozen=True):
    """Nested blocks of one type; an element that is Untold stands for any number of them."""

    items: "tuple[dict[str, Argument] | Untold, ...]"


Argument: TypeAlias = (
    "str | bool | int | float | Piece | Joined | Untold | Document | Blocks"
    " | list[Argument] | dict[str, Argument] | None"
)
Arguments: TypeAlias = dict[str, Argument]


class Block(msgspec.Struct):
    """A resource, or a data source."""

    type: str
    name: str
    arguments: Arguments
    counted: bool = False
    """Whether it is there at all can't be decided."""
    is_data: bool = False

    @property
    def address(self) -> str:
        return f"{'data.' if self.is_data else ''}{self.type}.{self.name}"


def written(arguments: Mapping[str, Argument]) -> Arguments:
    """Without what is not written."""
    return {name: value for name, value in arguments.items() if value is not None}


def one(arguments: Mapping[str, Argument]) -> Blocks | None:
    """A block of these, if anything is written in it."""
    kept = written(arguments)
    return Blocks((kept,)) if kept else None


def pieces_of(argument: Argument) -> Iterator[Piece | Untold]:
    """All in it that is no plain value."""
    match argument:
        case Reference() | Variable() | Outside() | Untold():
            yield argument
        case Joined(parts=parts):
            yield from (part for part in parts if not isinstance(part, str))
        case Document(value=value):
            yield from pieces_of(value)
        case Blocks(items=items):
            for item in items:
                yield from pieces_of(item)
        case list():
            for value in argument:
                yield from pieces_of(value)
        case dict():
            for value in argument.values():
                yield from pieces_of(value)
        case _:
            pass
