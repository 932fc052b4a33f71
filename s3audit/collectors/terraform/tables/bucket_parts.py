"""What is declared beside a bucket, each a configuration of its own: `aws_s3_bucket_versioning` and the like."""

from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    absent,
    always,
    either,
    flag,
    in_json,
    listed,
    number,
    optional,
    pairs,
    positive,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import PUBLIC_ACCESS_BLOCK, TAG, attached, part, policy_of
from s3audit.model.acl import Acl, Grant
from s3audit.model.bucket import (
    Abac,
    Acceleration,
    Cors,
    CorsRule,
    Encryption,
    Logging,
    ObjectLock,
    Ownership,
    PublicAccessBlock,
    RequestPayment,
    Versioning,
)
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, NoncurrentTransition, Transition
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.replication import Replication, ReplicationDestination, ReplicationFilter, ReplicationRule
from s3audit.model.reports import Metadata, MetadataTable
from s3audit.model.website import RedirectAll, RoutingRule, Website

BUCKET_POLICY = policy_of("bucket", "bucket")

VERSIONING = Shape(
    Versioning,
    {
        "status": word("versioning_configuration[0].status", {"Disabled": "Unversioned"}),
        "mfa_delete": word("versioning_configuration[0].mfa_delete"),
    },
)

ENCRYPTION = Shape(
    Encryption,
    {
        "algorithm": word("rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"),
        "kms_key": text("rule[0].apply_server_side_encryption_by_default[0].kms_master_key_id"),
        "bucket_key": flag("rule[0].bucket_key_enabled"),
        "blocked_types": listed("rule[0].blocked_encryption_types", word("")),
    },
)

_GRANT = Shape(
    Grant,
    {
        "type": word("grantee[0].type"),
        "id": text("grantee[0].id"),
        "uri": text("grantee[0].uri"),
        "email": text("grantee[0].email_address"),
        "display_name": text("grantee[0].display_name"),
        "permission": word("permission"),
    },
)
ACL = Shape(
    Acl,
    {
        "canned": word("acl"),
        "grants": listed("access_control_policy[0].grant", _GRANT),
        "owner": text("access_control_policy[0].owner[0].id"),
        "owner_display_name": text("access_control_policy[0].owner[0].display_name"),
    },
)


def object_lock(enabled: Field, at_creation: Field) -> Shape:
    return Shape(
        ObjectLock,
        {
            "enabled": enabled,
            "at_creation": at_creation,
            "mode": word("rule[0].default_retention[0].mode"),
            "days": positive("rule[0].default_retention[0].days"),
            "years": positive("rule[0].default_retention[0].years"),
            "event_hold_days": absent(),
            "event_hold_years": absent(),
        },
    )


LOGGING = Shape(
    Logging,
    {
        "target": text("target_bucket"),
        "prefix": text("target_prefix"),
        "grants": listed("target_grant", _GRANT),
        "partitioned": flag("target_object_key_format[0].partitioned_prefix[0]#present"),
        "partition_date_source": word(
            "target_object_key_format[0].partitioned_prefix[0].partition_date_source"
        ),
    },
)

CORS = Shape(
    Cors,
    {
        "rules": listed(
            "cors_rule",
            Shape(
                CorsRule,
                {
                    "id": text("id"),
                    "allowed_origins": listed("allowed_origins", text("")),
                    "allowed_methods": listed("allowed_methods", word("")),
                    "allowed_headers": listed("allowed_headers", text("")),
                    "exposed_headers": listed("expose_headers", text("")),
                    "max_age": number("max_age_seconds"),
                },
            ),
        )
    },
)

TRANSITION = Shape(
    Transition, {"storage_class": word("storage_class"), "days": number("days"), "date": text("date")}
)
_NONCURRENT_TRANSITION = Shape(
    NoncurrentTransition,
    {
        "storage_class": word("storage_class"),
        "days": number("noncurrent_days"),
        "newer_versions": positive("newer_noncurrent_versions"),
    },
)
EXPIRATION = {
    "expiration_days": positive("expiration[0].days"),
    "expiration_date": text("expiration[0].date"),
    "expired_delete_marker": flag("expiration[0].expired_object_delete_marker"),
}
_LIFECYCLE_RULE = Shape(
    LifecycleRule,
    {
        "id": text("id"),
        "status": word("status"),
        "prefix": text("filter[0].and[0].prefix|filter[0].prefix|prefix"),
        "tags": either(pairs("filter[0].and[0].tags", TAG), listed("filter[0].tag", TAG)),
        "size_greater_than": number(
            "filter[0].and[0].object_size_greater_than|filter[0].object_size_greater_than"
        ),
        "size_less_than": positive("filter[0].and[0].object_size_less_than|filter[0].object_size_less_than"),
        **EXPIRATION,
        "noncurrent_days": positive("noncurrent_version_expiration[0].noncurrent_days"),
        "noncurrent_newer_versions": positive("noncurrent_version_expiration[0].newer_noncurrent_versions"),
        "transitions": listed("transition", TRANSITION),
        "noncurrent_transitions": listed("noncurrent_version_transition", _NONCURRENT_TRANSITION),
        "abort_multipart_days": positive("abort_incomplete_multipart_upload[0].days_after_initiation"),
    },
)
_LIFECYCLE = Shape(
    Lifecycle,
    {
        "rules": listed("rule", _LIFECYCLE_RULE),
        "transition_minimum_size": word("transition_default_minimum_object_size"),
    },
)

_REPLICATION_FILTER = Shape(
    ReplicationFilter,
    {
        "prefix": text("and[0].prefix|prefix"),
        "tags": either(pairs("and[0].tags", TAG), listed("tag", TAG)),
    },
)
_DESTINATION = Shape(
    ReplicationDestination,
    {
        "bucket": text("bucket"),
        "account": text("account"),
        "storage_class": word("storage_class"),
        "owner_override": word("access_control_translation[0].owner"),
        "kms_key": text("encryption_configuration[0].replica_kms_key_id"),
        "replication_time": word("replication_time[0].status"),
        "replication_time_minutes": positive("replication_time[0].time[0].minutes"),
        "metrics": word("metrics[0].status"),
        "metrics_minutes": positive("metrics[0].event_threshold[0].minutes"),
    },
)
_REPLICATION_RULE = Shape(
    ReplicationRule,
    {
        "id": text("id"),
        "status": word("status"),
        "priority": number("priority"),
        "prefix": text("prefix"),
        "filter": optional("filter[0]", _REPLICATION_FILTER),
        "delete_markers": word("delete_marker_replication[0].status"),
        "existing_objects": word("existing_object_replication[0].status"),
        "kms_objects": word("source_selection_criteria[0].sse_kms_encrypted_objects[0].status"),
        "replica_modifications": word("source_selection_criteria[0].replica_modifications[0].status"),
        "destination": section("destination[0]", _DESTINATION),
    },
)
_REPLICATION = Shape(Replication, {"role": text("role"), "rules": listed("rule", _REPLICATION_RULE)})

_ROUTING_RULE = Shape(
    RoutingRule,
    {
        "error_code": text("condition[0].http_error_code_returned_equals"),
        "key_prefix": text("condition[0].key_prefix_equals"),
        "host": text("redirect[0].host_name"),
        "protocol": word("redirect[0].protocol"),
        "redirect_code": text("redirect[0].http_redirect_code"),
        "replace_key": text("redirect[0].replace_key_with"),
        "replace_key_prefix": text("redirect[0].replace_key_prefix_with"),
    },
)
ROUTING_RULES = in_json(
    listed(
        "routing_rules",
        Shape(
            RoutingRule,
            {
                "error_code": text("Condition.HttpErrorCodeReturnedEquals"),
                "key_prefix": text("Condition.KeyPrefixEquals"),
                "host": text("Redirect.HostName"),
                "protocol": word("Redirect.Protocol"),
                "redirect_code": text("Redirect.HttpRedirectCode"),
                "replace_key": text("Redirect.ReplaceKeyWith"),
                "replace_key_prefix": text("Redirect.ReplaceKeyPrefixWith"),
            },
        ),
    )
)
REDIRECT_ALL = Shape(RedirectAll, {"host": text("host_name"), "protocol": word("protocol")})
_WEBSITE = Shape(
    Website,
    {
        "index_document": text("index_document[0].suffix"),
        "error_document": text("error_document[0].key"),
        "redirect_all": optional("redirect_all_requests_to[0]", REDIRECT_ALL),
        "routing_rules": either(listed("routing_rule", _ROUTING_RULE), ROUTING_RULES),
    },
)


def _notified(target: str) -> Shape:
    return Shape(
        NotificationRule,
        {
            "id": text("id"),
            "target": text(target),
            "events": listed("events", word("")),
            "prefix": text("filter_prefix"),
            "suffix": text("filter_suffix"),
        },
    )


_NOTIFICATION = Shape(
    Notification,
    {
        "topics": listed("topic", _notified("topic_arn")),
        "queues": listed("queue", _notified("queue_arn")),
        "functions": listed("lambda_function", _notified("lambda_function_arn")),
        "event_bridge": flag("eventbridge"),
    },
)


def _metadata_table(**more: Field) -> Shape:
    return Shape(
        MetadataTable,
        {
            "name": text("table_name"),
            "table": text("table_arn"),
            "algorithm": word("encryption_configuration[0].sse_algorithm"),
            "kms_key": text("encryption_configuration[0].kms_key_arn"),
            "role": absent(),
            **more,
        },
    )


_METADATA = Shape(
    Metadata,
    {
        "table_bucket_type": word("destination[0].table_bucket_type"),
        "table_bucket": text("destination[0].table_bucket_arn"),
        "namespace": text("destination[0].table_namespace"),
        "journal": optional(
            "journal_table_configuration[0]",
            _metadata_table(
                state=absent(),
                expiration=word("record_expiration[0].expiration"),
                expiration_days=positive("record_expiration[0].days"),
            ),
        ),
        "inventory": optional(
            "inventory_table_configuration[0]",
            _metadata_table(state=word("configuration_state"), expiration=absent(), expiration_days=absent()),
        ),
        "annotation": absent(),
    },
)


def _beside(field: str, shape: Shape) -> Shape:
    return attached("bucket", field, "bucket", part(shape))


TABLES = {
    "aws_s3_bucket_abac": _beside("abac", Shape(Abac, {"status": word("abac_status[0].status")})),
    "aws_s3_bucket_accelerate_configuration": _beside(
        "acceleration", Shape(Acceleration, {"status": word("status")})
    ),
    "aws_s3_bucket_acl": _beside("acl", ACL),
    "aws_s3_bucket_cors_configuration": _beside("cors", CORS),
    "aws_s3_bucket_lifecycle_configuration": _beside("lifecycle", _LIFECYCLE),
    "aws_s3_bucket_logging": _beside("logging", LOGGING),
    "aws_s3_bucket_metadata_configuration": attached(
        "bucket", "metadata", "bucket", optional("metadata_configuration[0]", _METADATA)
    ),
    "aws_s3_bucket_notification": _beside("notification", _NOTIFICATION),
    # It can't say Disabled, and on a bucket made without Object Lock it switches it on.
    "aws_s3_bucket_object_lock_configuration": _beside("object_lock", object_lock(always(True), absent())),
    "aws_s3_bucket_ownership_controls": _beside(
        "ownership", Shape(Ownership, {"object_ownership": word("rule[0].object_ownership")})
    ),
    "aws_s3_bucket_policy": BUCKET_POLICY,
    "aws_s3_bucket_public_access_block": _beside(
        "public_access_block", Shape(PublicAccessBlock, PUBLIC_ACCESS_BLOCK)
    ),
    "aws_s3_bucket_replication_configuration": _beside("replication", _REPLICATION),
    "aws_s3_bucket_request_payment_configuration": _beside(
        "request_payment", Shape(RequestPayment, {"payer": word("payer")})
    ),
    "aws_s3_bucket_server_side_encryption_configuration": _beside("encryption", ENCRYPTION),
    "aws_s3_bucket_versioning": _beside("versioning", VERSIONING),
    "aws_s3_bucket_website_configuration": _beside("website", _WEBSITE),
}
