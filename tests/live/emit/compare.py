"""Whether a bucket that was collected says what was meant, apart from where it stands and whether it is written."""

from operator import itemgetter
from typing import Any

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Object
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text
from tests.live.emit.estate import has_lock_from_start
from tests.live.emit.names import Names
from tests.live.emit.sections import SECTIONS, is_from_before

UNKNOWN = "not known"

ONLY_LIVE = {
    "Acl.owner": "a template does not say who will own it",
    "MetadataTable.name": "AWS makes it up",
    "MetadataTable.table": "AWS makes it up",
    "MetadataTable.status": "only what is there has one",
    "MetadataTable.error_code": "only what is there has one",
    "MetadataTable.error_message": "only what is there has one",
    "MultiRegionBucket.region": "a template names the bucket alone",
    "MultiRegionBucket.traffic": "S3 sends requests to all of them until somebody says otherwise",
    "Metadata.table_bucket": "AWS makes it up",
    "Metadata.table_bucket_type": "AWS makes it up",
    "Metadata.namespace": "AWS makes it up",
}
"""What only a live answer tells."""
ONLY_WRITTEN = {
    "Acl.canned": "S3 keeps the grants that it stands for",
    "Acl.grants": "those of a canned ACL are compared by themselves",
    "ObjectLock.at_creation": "nothing tells how a bucket got its lock",
    "MetadataTable.algorithm": "S3 Metadata does not answer it",
    "MetadataTable.kms_key": "S3 Metadata does not answer it",
}
"""What a live answer does not tell, or tells in another form."""
BY_ID = frozenset({"analytics", "intelligent_tiering", "inventory", "metrics"})
"""S3 lists these by their ids."""
_APART = frozenset({*ONLY_LIVE, *ONLY_WRITTEN})


def differences(
    expected: Bucket, found: Bucket, names: Names, left: frozenset[str]
) -> dict[str, tuple[Any, Any]]:
    """By section: what was meant and what was collected, where they differ."""
    wrong: dict[str, tuple[Any, Any]] = {}
    for field in SECTIONS:
        if field in left:
            continue
        one, other = plain(getattr(expected, field), names), plain(getattr(found, field), names)
        if field == "versioning" and has_lock_from_start(expected):
            one |= {"status": "Enabled"}
        if field == "public_access_block" and is_from_before(expected):
            one = dict.fromkeys(one, False)
        if field in BY_ID and isinstance(one, list) and isinstance(other, list):
            one, other = (sorted(configurations, key=itemgetter("id")) for configurations in (one, other))
        if one != other:
            wrong[field] = one, other
    return wrong


def plain(value: Any, names: Names) -> Any:
    """A value of the model without its places, and with the names that things have."""
    match value:
        case Known(inner):
            return plain(inner, names)
        case Unset(default):
            return plain(default, names)
        case Unknown():
            return UNKNOWN
        case Text():
            return names.said(value)
        case tuple():
            return [plain(item, names) for item in value]
        case Object() | Array() | Leaf():
            return names.plain(value)
        case msgspec.Struct():
            told = {
                field: plain(getattr(value, field), names)
                for field in value.__struct_fields__
                if field != "at" and f"{type(value).__name__}.{field}" not in _APART
            }
            # A configuration that is not known is so in all its parts.
            return UNKNOWN if told and all(part == UNKNOWN for part in told.values()) else told
        case _:
            return value
