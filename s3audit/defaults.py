"""What AWS does when a setting is not written, with the date since when and the page that says so.

A field that may be None is None by default, and a list is empty; only what differs stands here. Classes are
named and not imported, so that asking for a default loads no room of the model.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from s3audit.text import Text


class Default(msgspec.Struct, frozen=True):
    value: Any
    since: str = ""
    """For what was created since then; what is older keeps an older state."""
    source: str = ""
    """The page of AWS's documentation that says so."""


_DOCS = "https://docs.aws.amazon.com/"
_GUIDE = _DOCS + "AmazonS3/latest/userguide/"
_API = _DOCS + "AmazonS3/latest/API/API_"
_CFN = _DOCS + "AWSCloudFormation/latest/TemplateReference/"

_BLOCK_OFF = Default(False, source=_API + "PublicAccessBlockConfiguration.html")
_BLOCK_ON = Default(True, since="2023-04", source=_GUIDE + "create-bucket-faq.html")
_SSE_C = Default(("SSE-C",), since="2026-04", source=_GUIDE + "default-s3-c-encryption-setting-faq.html")

_FOUR_BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")

DEFAULTS: Mapping[str, Mapping[str, Default]] = {
    "Versioning": {
        "status": Default("Unversioned", source=_GUIDE + "Versioning.html"),
        "mfa_delete": Default("Disabled", source=_API + "GetBucketVersioning.html"),
    },
    "Encryption": {
        "algorithm": Default("AES256", since="2023-01-05", source=_GUIDE + "default-encryption-faq.html"),
        "bucket_key": Default(False, source=_API + "ServerSideEncryptionRule.html"),
        "blocked_types": _SSE_C,
    },
    "PublicAccessBlock": dict.fromkeys(_FOUR_BLOCKS, _BLOCK_OFF),
    "RequestPayment": {"payer": Default("BucketOwner", source=_GUIDE + "RequesterPaysBuckets.html")},
    "Abac": {"status": Default("Disabled", source=_GUIDE + "buckets-tagging-enable-abac.html")},
    "ObjectLock": {"enabled": Default(False, source=_GUIDE + "object-lock.html")},
    "Acl": {"canned": Default("private", source=_GUIDE + "acl-overview.html")},
    "Logging": {
        "prefix": Default(Text(), source=_GUIDE + "enable-server-access-logging.html"),
        "partitioned": Default(False, source=_GUIDE + "enable-server-access-logging.html"),
    },
    "LifecycleRule": {
        "expired_delete_marker": Default(False, source=_GUIDE + "intro-lifecycle-rules.html"),
    },
    "Lifecycle": {
        "transition_minimum_size": Default(
            "all_storage_classes_128K",
            since="2024-09",
            source=_GUIDE + "lifecycle-transition-general-considerations.html",
        ),
    },
    "Notification": {"event_bridge": Default(False, source=_GUIDE + "EventBridge.html")},
    "ReportDestination": {"sse_s3": Default(False, source=_API + "InventoryEncryption.html")},
    "Removal": {
        "force_destroy": Default(
            False,
            source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket",
        ),
        "deletion_policy": Default(
            "Delete", source=_DOCS + "AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"
        ),
        "update_replace_policy": Default(
            "Delete",
            source=_DOCS + "AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html",
        ),
        "prevent_destroy": Default(
            False, source="https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle"
        ),
    },
    "Bucket": {"namespace": Default("global", source=_GUIDE + "gpbucketnamespaces.html")},
}
"""The setting is left out of a section that is written."""

ABSENT: Mapping[str, Mapping[str, Default]] = {
    "PublicAccessBlock": dict.fromkeys(_FOUR_BLOCKS, _BLOCK_ON),
    "Ownership": {
        "object_ownership": Default(
            "BucketOwnerEnforced", since="2023-04", source=_GUIDE + "about-object-ownership.html"
        )
    },
}
"""The section is not written at all; where nothing stands here, DEFAULTS holds."""

REQUIRED: Mapping[str, frozenset[str]] = {
    "Tag": frozenset(("key", "value")),
    "Ownership": frozenset(("object_ownership",)),
    "Grant": frozenset(("type", "permission")),
    "Logging": frozenset(("target",)),
    "Transition": frozenset(("storage_class",)),
    "NoncurrentTransition": frozenset(("storage_class",)),
    "LifecycleRule": frozenset(("status",)),
    "MultipartUpload": frozenset(("key", "initiated")),
    "ReplicationDestination": frozenset(("bucket",)),
    "ReplicationRule": frozenset(("status",)),
    "Replication": frozenset(("role",)),
    "NotificationRule": frozenset(("target",)),
    "RedirectAll": frozenset(("host",)),
    "ReportDestination": frozenset(("bucket", "format")),
    "InventoryConfiguration": frozenset(("id", "enabled", "included_versions", "frequency")),
    "AnalyticsConfiguration": frozenset(("id",)),
    "MetricsConfiguration": frozenset(("id",)),
    "Tiering": frozenset(("access_tier", "days")),
    "IntelligentTieringConfiguration": frozenset(("id", "status")),
    "MetadataV1": frozenset(("table_bucket", "table_name")),
    "PolicyStatus": frozenset(("is_public",)),
    "Bucket": frozenset(("name",)),
}
"""Settings without a default: AWS demands them, makes them up, or only a live answer tells them."""

_NONE = Default(None)
_EMPTY = Default(())


@cache
def default_of(cls: type[Any], field: str, section_written: bool = True) -> Default | None:
    """What AWS does when this field is not written; None where it must be written or AWS makes it up."""
    name = cls.__name__
    if not section_written and (found := ABSENT.get(name, {}).get(field)) is not None:
        return found
    if (found := DEFAULTS.get(name, {}).get(field)) is not None:
        return found
    if field in REQUIRED.get(name, ()):
        return None
    return _EMPTY if _is_listed(cls, field) else _NONE


def _is_listed(cls: type[Any], field: str) -> bool:
    """The model keeps its annotations as text."""
    declared = next(found for c in cls.__mro__ if (found := getattr(c, "__annotations__", {}).get(field)))
    return isinstance(declared, str) and declared.startswith("Listed[")
