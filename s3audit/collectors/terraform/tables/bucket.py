"""Buckets, and the configurations that the provider also takes inside of them."""

from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    document,
    flag,
    listed,
    number,
    optional,
    otherwise,
    pairs,
    positive,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.bucket_parts import (
    ACL,
    CORS,
    ENCRYPTION,
    EXPIRATION,
    LOGGING,
    REDIRECT_ALL,
    ROUTING_RULES,
    TRANSITION,
    VERSIONING,
    object_lock,
)
from s3audit.collectors.terraform.tables.common import (
    ON_OFF,
    PUBLIC_ACCESS_BLOCK,
    REMOVAL,
    TAG,
    TAGS,
    Inline,
    part,
    unsaid,
)
from s3audit.model.acl import Acl, Grant
from s3audit.model.bucket import (
    Abac,
    Acceleration,
    Bucket,
    Encryption,
    Ownership,
    PublicAccessBlock,
    RequestPayment,
    Versioning,
)
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, NoncurrentTransition
from s3audit.model.replication import Replication, ReplicationDestination, ReplicationFilter, ReplicationRule
from s3audit.model.website import Website

_MADE_WITH_LOCK = flag("object_lock_enabled")
_LOCKED = flag("object_lock_enabled", {"Enabled": "true"})
LOCK = object_lock(_LOCKED, _LOCKED)

# What is declared inside the bucket or beside it comes by INLINE and by the tables of bucket_parts and bucket_lists.
_UNSAID = {
    "versioning": section("", unsaid(VERSIONING)),
    "encryption": section("", unsaid(ENCRYPTION)),
    "public_access_block": section("", unsaid(Shape(PublicAccessBlock, PUBLIC_ACCESS_BLOCK))),
    "ownership": section("", Shape(Ownership, {"object_ownership": absent()})),
    "acl": section("", unsaid(ACL)),
    "object_lock": section("", unsaid(LOCK)),
    "acceleration": section("", Shape(Acceleration, {"status": absent()})),
    "request_payment": section("", Shape(RequestPayment, {"payer": absent()})),
    "abac": section("", Shape(Abac, {"status": absent()})),
    "removal": section("", REMOVAL),
    "logging": absent(),
    "cors": absent(),
    "lifecycle": absent(),
    "replication": absent(),
    "website": absent(),
    "notification": absent(),
    "metadata": absent(),
    "metadata_v1": absent(),
    "policy": absent(),
    "analytics": absent(),
    "inventory": absent(),
    "metrics": absent(),
    "intelligent_tiering": absent(),
}

BUCKET = Shape(
    Bucket,
    {
        **_UNSAID,
        "region": text("region"),
        "name": text("bucket"),
        "name_prefix": text("bucket_prefix"),
        "namespace": word("bucket_namespace"),
        "tags": TAGS,
        "object_lock": section(
            "",
            Shape(
                LOCK.section,
                unsaid(LOCK).fields | dict.fromkeys(("enabled", "at_creation"), _MADE_WITH_LOCK),
            ),
        ),
    },
)

DIRECTORY_BUCKET = Shape(
    Bucket,
    {
        **_UNSAID,
        "region": text("region"),
        "name": text("bucket"),
        "name_prefix": absent(),
        "namespace": absent(),
        "location_name": text("location[0].name"),
        "location_type": otherwise(word("location[0].type"), "AvailabilityZone"),
        "data_redundancy": word("data_redundancy"),
        "tags": TAGS,
        "encryption": section(
            "",
            Shape(
                Encryption,
                unsaid(ENCRYPTION).fields | {"bucket_key": always(True), "blocked_types": always(())},
            ),
        ),
        "public_access_block": section(
            "", Shape(PublicAccessBlock, dict.fromkeys(PUBLIC_ACCESS_BLOCK, always(True)))
        ),
        "ownership": section("", Shape(Ownership, {"object_ownership": always("BucketOwnerEnforced")})),
    },
    {"type": "directory"},
)

_VERSIONING = Shape(
    Versioning,
    {
        # For a new bucket, versions 4 and later of the provider do nothing where it is false.
        "status": word("enabled", {"true": "Enabled", "false": "Unversioned"}),
        "mfa_delete": word("mfa_delete", ON_OFF),
    },
)
_ACL = Shape(
    Acl,
    {
        "canned": word("acl"),
        "grants": listed(
            "grant",
            Shape(
                Grant,
                {
                    "type": word("type"),
                    "id": text("id"),
                    "uri": text("uri"),
                    "email": absent(),
                    "display_name": absent(),
                    "permission": word("permissions"),
                },
            ),
            each=("permissions",),
        ),
        "owner": absent(),
        "owner_display_name": absent(),
    },
)
_LIFECYCLE_RULE = Shape(
    LifecycleRule,
    {
        "id": text("id"),
        "status": word("enabled", ON_OFF),
        "prefix": text("prefix"),
        "tags": pairs("tags", TAG),
        "size_greater_than": absent(),
        "size_less_than": absent(),
        **EXPIRATION,
        "noncurrent_days": positive("noncurrent_version_expiration[0].days"),
        "noncurrent_newer_versions": absent(),
        "transitions": listed("transition", TRANSITION),
        "noncurrent_transitions": listed(
            "noncurrent_version_transition",
            Shape(
                NoncurrentTransition,
                {
                    "storage_class": word("storage_class"),
                    "days": number("days"),
                    "newer_versions": absent(),
                },
            ),
        ),
        "abort_multipart_days": positive("abort_incomplete_multipart_upload_days"),
    },
)
_DESTINATION = Shape(
    ReplicationDestination,
    {
        "bucket": text("bucket"),
        "account": text("account_id"),
        "storage_class": word("storage_class"),
        "owner_override": word("access_control_translation[0].owner"),
        "kms_key": text("replica_kms_key_id"),
        "replication_time": word("replication_time[0].status"),
        "replication_time_minutes": positive("replication_time[0].minutes"),
        "metrics": word("metrics[0].status"),
        "metrics_minutes": positive("metrics[0].minutes"),
    },
)
_REPLICATION_RULE = Shape(
    ReplicationRule,
    {
        "id": text("id"),
        "status": word("status"),
        "priority": number("priority"),
        "prefix": text("prefix"),
        "filter": optional(
            "filter[0]", Shape(ReplicationFilter, {"prefix": text("prefix"), "tags": pairs("tags", TAG)})
        ),
        "delete_markers": word("delete_marker_replication_status"),
        "existing_objects": absent(),
        "kms_objects": word("source_selection_criteria[0].sse_kms_encrypted_objects[0].enabled", ON_OFF),
        "replica_modifications": absent(),
        "destination": section("destination[0]", _DESTINATION),
    },
)
_WEBSITE = Shape(
    Website,
    {
        "index_document": text("index_document"),
        "error_document": text("error_document"),
        # A URL, which is not taken apart: what it says is unknown.
        "redirect_all": optional("redirect_all_requests_to", REDIRECT_ALL),
        "routing_rules": ROUTING_RULES,
    },
)

INLINE = (
    Inline("versioning", ("versioning",), optional("versioning[0]", _VERSIONING)),
    Inline(
        "encryption",
        ("server_side_encryption_configuration",),
        optional("server_side_encryption_configuration[0]", ENCRYPTION),
    ),
    Inline("acl", ("acl", "grant"), part(_ACL)),
    Inline("object_lock", ("object_lock_configuration",), optional("object_lock_configuration[0]", LOCK)),
    Inline(
        "acceleration",
        ("acceleration_status",),
        part(Shape(Acceleration, {"status": word("acceleration_status")})),
    ),
    Inline(
        "request_payment", ("request_payer",), part(Shape(RequestPayment, {"payer": word("request_payer")}))
    ),
    Inline("logging", ("logging",), optional("logging[0]", LOGGING)),
    Inline("cors", ("cors_rule",), part(CORS)),
    Inline(
        "lifecycle",
        ("lifecycle_rule",),
        part(
            Shape(
                Lifecycle,
                {"rules": listed("lifecycle_rule", _LIFECYCLE_RULE), "transition_minimum_size": absent()},
            )
        ),
    ),
    Inline(
        "replication",
        ("replication_configuration",),
        optional(
            "replication_configuration[0]",
            Shape(Replication, {"role": text("role"), "rules": listed("rules", _REPLICATION_RULE)}),
        ),
    ),
    Inline("website", ("website",), optional("website[0]", _WEBSITE)),
    Inline("policy", ("policy",), document("policy")),
)
"""What may stand inside a general purpose bucket."""
INLINE_KEYS = frozenset(key for inline in INLINE for key in inline.keys)

TABLES = {"aws_s3_bucket": BUCKET, "aws_s3_directory_bucket": DIRECTORY_BUCKET}
