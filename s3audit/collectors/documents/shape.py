"""How a document's properties fill the model: tables of fields, and the one reader that follows them.

A path leads down from the section's own node, which is `""` itself:

    A.B             the value of key B in the value of key A
    A[0]            the first element of a list; a mapping that stands alone is one
    A[Name=a.b]     the element of a list whose Name is `a.b`, without regard to case; its dots lead nowhere
    A#present       whether A is written, as a flag
    A|B             A, or B where A is not written
"""

from collections.abc import Mapping
from typing import Any

import msgspec


class Field(msgspec.Struct, frozen=True):
    """Where a field of a section stands, and how it is read."""

    path: str
    """`ServerSideEncryptionConfiguration[0].BucketKeyEnabled`, below the section's own node."""
    kind: str
    of: "Shape | Field | None" = None
    words: Mapping[str, str] | None = None
    """The model's word for each word of the source that is spelled otherwise."""
    value: object = None
    """What an `always` field is."""


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


def flag(path: str) -> Field:
    """Setting[bool]: true or false, also as a string; Enabled or Disabled."""
    return Field(path, "flag")


def number(path: str) -> Field:
    """Setting[int]: also as a string of digits."""
    return Field(path, "number")


def document(path: str) -> Field:
    """Setting[Value | None]: a policy, as a mapping or as JSON text."""
    return Field(path, "document")


def section(path: str, shape: Shape) -> Field:
    """A section that S3 always has: when it is not written, each of its fields is Unset."""
    return Field(path, "section", shape)


def optional(path: str, shape: Shape) -> Field:
    """Setting[Section | None]: a configuration that is there or not."""
    return Field(path, "optional", shape)


def listed(path: str, of: "Shape | Field") -> Field:
    """Listed[...]: of sections or values, `listed("AllowedMethods", word(""))`; one alone is a list.

    The path of a value leads down from its element: `listed("Members.Items", text("OriginId"))`.
    """
    return Field(path, "listed", of)


def pairs(path: str, shape: Shape) -> Field:
    """Listed[...] of a mapping: a section for each of its entries, whose `key` and `value` those of the shape read."""
    return Field(path, "pairs", shape)


def absent() -> Field:
    """The source has no word for it, so it is never set there: Unset, as in a section that is not written."""
    return Field("", "absent")


def always(value: object) -> Field:
    """What AWS fixes for this type of resource, whatever is written: Known."""
    return Field("", "always", value=value)
