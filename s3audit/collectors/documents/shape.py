"""How a document's properties fill the model: tables of fields, and the one reader that follows them."""

from typing import Any, NamedTuple


class Field(NamedTuple):
    """Where a field of a section stands, and how it is read."""

    path: str
    """`ServerSideEncryptionConfiguration[0].BucketKeyEnabled`, below the section's own node."""
    kind: str
    of: "Shape | Field | None" = None


class Shape(NamedTuple):
    """A section (or resource) type of the model and where each of its fields stands."""

    section: type[Any]
    fields: dict[str, Field]


def word(path: str) -> Field:
    """Setting[str]: one of AWS's fixed values (a partly known string is Unknown)."""
    return Field(path, "word")


def text(path: str) -> Field:
    """Setting[Text]: a name, an ARN or free text; opaque parts are kept."""
    return Field(path, "text")


def flag(path: str) -> Field:
    """Setting[bool]."""
    return Field(path, "flag")


def number(path: str) -> Field:
    """Setting[int]."""
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
    """Listed[...]: of sections (a Shape) or of values (`listed("AllowedOrigins", text(""))`)."""
    return Field(path, "listed", of)
