"""How a document's properties fill the model: tables of fields, and the one reader that follows them.

A path leads down from the section's own node, which is `""` itself:

    A.B             the value of key B in the value of key A
    A[0]            the first element of a list; a mapping that stands alone is one
    A[Name=a.b]     the element of a list whose Name is `a.b`, without regard to case; its dots lead nowhere;
                    a mapping that stands alone is the one element: `[type=ingress].A` is A where its type is that
    A#present       whether A is written, as a flag
    A|B             A, or B where A is not written
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace


class Field(msgspec.Struct, frozen=True):
    """Where a field of a section stands, and how it is read."""

    path: str
    """`ServerSideEncryptionConfiguration[0].BucketKeyEnabled`, below the section's own node."""
    kind: str
    of: "Shape | Field | None" = None
    words: Mapping[str, str] | None = None
    """The model's word for each word of the source that is spelled otherwise."""
    value: object = None
    """What an `always` field is; of any other one, what the source sends where it is not written."""
    each: tuple[str, ...] = ()
    """Keys of an element that hold lists: it stands for one section for each of their values."""
    nothing: str = ""
    """A spelling that is as good as not written."""
    forms: "tuple[Field, ...]" = ()
    """Of an `either` field: its forms."""
    in_json: bool = False
    """It is written as a text in JSON."""


class Shape(msgspec.Struct, frozen=True):
    """A section (or resource) type of the model and where each of its fields stands."""

    section: type[Any]
    fields: dict[str, Field]
    constants: Mapping[str, Any] = {}
    """Fields of the model that are no settings: `{"type": "directory"}`."""


def word(path: str, words: Mapping[str, str] | None = None) -> Field:
    """Setting[str]: one of AWS's fixed values (a partly known string is Unknown)."""
    return Field(path, "word", words=words)


def text(path: str) -> Field:
    """Setting[Text]: a name, an ARN or free text; opaque parts are kept."""
    return Field(path, "text")


def flag(path: str, words: Mapping[str, str] | None = None) -> Field:
    """Setting[bool]: true or false, also as a string; Enabled or Disabled."""
    return Field(path, "flag", words=words)


def number(path: str) -> Field:
    """Setting[int]: also as a string of digits."""
    return Field(path, "number")


def positive(path: str) -> Field:
    """Setting[int] where 0 means none: what some sources write for a number that was left out."""
    return Field(path, "number", nothing="0")


def document(path: str) -> Field:
    """Setting[Value | None]: a policy, as a mapping or as JSON text."""
    return Field(path, "document")


def section(path: str, shape: Shape) -> Field:
    """A section that S3 always has: when it is not written, each of its fields is Unset."""
    return Field(path, "section", shape)


def optional(path: str, shape: Shape) -> Field:
    """Setting[Section | None]: a configuration that is there or not."""
    return Field(path, "optional", shape)


def listed(path: str, of: "Shape | Field", each: tuple[str, ...] = ()) -> Field:
    """Listed[...]: of sections or values, `listed("AllowedMethods", word(""))`; one alone is a list.

    The path of a value leads down from its element: `listed("Members.Items", text("OriginId"))`.
    `each` names keys of an element that hold lists: a section is made for every value in one of them.
    """
    return Field(path, "listed", of, each=each)


def pairs(path: str, shape: Shape) -> Field:
    """Listed[...] of a mapping: a section for each of its entries, whose `key` and `value` those of the shape read."""
    return Field(path, "pairs", shape)


def either(*forms: Field) -> Field:
    """What can be written in several forms: the first that is written counts."""
    return Field("", "either", forms=forms)


def in_json(field: Field) -> Field:
    """The same field, of a source that has a text in JSON there."""
    return replace(field, in_json=True)


def absent() -> Field:
    """The source has no word for it, so it is never set there: Unset, as in a section that is not written."""
    return Field("", "absent")


def always(value: object) -> Field:
    """What AWS fixes for this type of resource, whatever is written: Known."""
    return Field("", "always", value=value)


def otherwise(field: Field, value: object) -> Field:
    """The same field, and what the source itself sends where it is not written in a section that is."""
    return replace(field, value=value)
