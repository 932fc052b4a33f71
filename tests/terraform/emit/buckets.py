"""Buckets: most of their configurations stand beside them since provider 4, and stood inside before."""

from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown, Unset
from tests.terraform.emit.bucket_inside import INSIDE
from tests.terraform.emit.bucket_parts import PARTS
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, written
from tests.terraform.emit.names import UnexpressedError, is_elsewhere
from tests.terraform.emit.writer import Writer

_DIRECTORY = ("encryption", "lifecycle", "policy", "metrics")
"""What a directory bucket has; its inventory has no resource."""


def bucket(writer: Writer, b: Bucket) -> None:
    if is_elsewhere(b):
        fields = [field for field in PARTS if field != "website"]
        name = writer.text(b.name)
    elif b.type == "directory":
        name = _directory(writer, b)
        fields = list(_DIRECTORY)
    elif b.type == "general":
        name, inside = _general(writer, b)
        fields = [field for field in PARTS if field not in inside]
    else:
        raise UnexpressedError(f"a bucket of type {b.type}")
    before = len(writer.blocks)
    for field in [*fields, *_repeated(b)]:
        PARTS[field](writer, b, name)
    if is_elsewhere(b):
        # It is known by what is attached to it.
        writer.names.addresses[b.address] = writer.blocks[before].address


def _repeated(b: Bucket) -> list[str]:
    """What more than one declaration sets."""
    match b.duplicates:
        case Known(found):
            return [one.value.setting for one in found if isinstance(one, Known)]
        case _:
            return []


def _general(writer: Writer, b: Bucket) -> tuple[Argument, set[str]]:
    """What its parts call it, and which of them it has inside."""
    arguments: Arguments = {
        "bucket": writer.own_name(b, demanded=False),
        "bucket_prefix": _prefix(writer, b),
        "bucket_namespace": writer.word(b.namespace),
        "object_lock_enabled": writer.flag(b.object_lock.enabled),
        "tags": writer.tags(b.tags),
        "force_destroy": writer.flag(b.removal.force_destroy),
    }
    inside: set[str] = set()
    # A part of what may not be there may itself not be there, unless it stands inside.
    whole = any(isinstance(getattr(b, field), Unknown) for field in INSIDE)
    if writer.counted or (whole and not writer.is_counting) or writer.chance.random() < 0.25:
        for field, say in INSIDE.items():
            said = say(writer, b)
            if said is not None:
                inside.add(field)
                arguments |= said
    if "acl" not in inside and _is_owners(b):
        # Beside the bucket S3 refuses it; in it nothing is asked of S3.
        inside.add("acl")
        arguments["acl"] = writer.word(b.acl.canned)
    writer.block("aws_s3_bucket", writer.name(b), arguments)
    return writer.reference(b, writer.chance.choice(("id", "bucket"))), inside


_OF_OWNER = ("private", "bucket-owner-read", "bucket-owner-full-control")


def _is_owners(b: Bucket) -> bool:
    """Whether its ACL is one that a bucket without ACLs has in any case."""
    canned, ownership = b.acl.canned, b.ownership.object_ownership
    has_none = isinstance(ownership, Unset) or (
        isinstance(ownership, Known) and ownership.value == "BucketOwnerEnforced"
    )
    return has_none and isinstance(canned, Known) and canned.value in _OF_OWNER


def _prefix(writer: Writer, b: Bucket) -> Argument:
    prefix = writer.text(b.name_prefix)
    if prefix is not None and not isinstance(prefix, str):
        raise UnexpressedError("a prefix that is partly known")
    return None if prefix is None else f"{prefix}-"


def _directory(writer: Writer, b: Bucket) -> Argument:
    place = {"name": writer.text(b.location_name), "type": writer.word(b.location_type)}
    arguments: Arguments = {
        "bucket": writer.own_name(b, demanded=False) or Untold("text"),
        "data_redundancy": writer.word(b.data_redundancy),
        "location": Blocks((written(place),)),
        "tags": writer.tags(b.tags),
    }
    writer.block("aws_s3_directory_bucket", writer.name(b), arguments)
    return writer.reference(b, "bucket")
