"""What the tables of several families share."""

import msgspec

from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    absent,
    document,
    flag,
    listed,
    optional,
    pairs,
    text,
)
from s3audit.model.base import Tag
from s3audit.model.bucket import Removal

TAG = Shape(Tag, {"key": text("key"), "value": text("value")})
TAGS = pairs("tags_all|tags", TAG)
"""The tags of a resource; a plan or a state also tells them with the provider's default tags in them."""

PUBLIC_ACCESS_BLOCK = {
    name: flag(name)
    for name in ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
}

REMOVAL = Shape(
    Removal,
    {
        "force_destroy": flag("force_destroy"),
        "deletion_policy": absent(),
        "update_replace_policy": absent(),
        "prevent_destroy": flag("lifecycle[0].prevent_destroy"),
    },
)

ON_OFF = {"true": "Enabled", "false": "Disabled"}


class Inline(msgspec.Struct, frozen=True):
    """A configuration inside a bucket that may as well stand beside it: it counts where one of its keys is written."""

    field: str
    """The field of the bucket."""
    keys: tuple[str, ...]
    """The attributes and blocks that declare it; an empty list of blocks does not."""
    value: Field
    """Read from the bucket's own mapping, as a resource beside it would be from its own."""


def policy_of(kind: str, targets: str, path: str = "policy") -> Shape:
    """A policy that is declared beside the resources that it belongs to."""
    return attached(kind, "policy", targets, document(path))


def attached(kind: str, field: str, targets: str, value: Field) -> Shape:
    """A value that is declared beside the resources that it belongs to."""
    return Shape(
        Attachment,
        {"targets": listed(targets, text("")), "value": value},
        {"kind": kind, "field": field},
    )


def unsaid(shape: Shape) -> Shape:
    """The same section where its owner's arguments say nothing about it."""
    return Shape(shape.section, dict.fromkeys(shape.fields, absent()))


def part(shape: Shape) -> Field:
    """The whole node as one section."""
    return optional("", shape)
