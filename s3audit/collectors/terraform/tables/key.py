"""KMS."""

from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    document,
    flag,
    number,
    positive,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import TAGS, policy_of
from s3audit.model.key import KmsAlias, KmsKey

# What else a replica is, its primary decides.
_REPLICA = {
    "policy": document("policy"),
    "enabled": flag("enabled"),
    "manager": always("CUSTOMER"),
    "multi_region": always(True),
    "primary": text("primary_key_arn"),
    "pending_window_days": number("deletion_window_in_days"),
    "tags": TAGS,
}
_STORED_ELSEWHERE = {"true": "AWS_CLOUDHSM or EXTERNAL_KEY_STORE", "false": "AWS_KMS"}
"""Of which kind a custom key store is, the store says and not the key."""

TABLES = {
    "aws_kms_key": Shape(
        KmsKey,
        {
            "policy": document("policy"),
            "enabled": flag("is_enabled"),
            "manager": always("CUSTOMER"),
            "rotation": flag("enable_key_rotation"),
            "rotation_days": positive("rotation_period_in_days"),
            "spec": word("customer_master_key_spec"),
            "usage": word("key_usage"),
            "key_origin": word("custom_key_store_id#present", _STORED_ELSEWHERE),
            "multi_region": flag("multi_region"),
            "primary": absent(),
            "pending_window_days": number("deletion_window_in_days"),
            "tags": TAGS,
        },
    ),
    "aws_kms_external_key": Shape(
        KmsKey,
        {
            "policy": document("policy"),
            "enabled": flag("enabled"),
            "manager": always("CUSTOMER"),
            "rotation": absent(),
            "rotation_days": absent(),
            "spec": word("key_spec"),
            "usage": word("key_usage"),
            "key_origin": always("EXTERNAL"),
            "multi_region": flag("multi_region"),
            "primary": absent(),
            "pending_window_days": number("deletion_window_in_days"),
            "tags": TAGS,
        },
    ),
    "aws_kms_replica_key": Shape(KmsKey, _REPLICA),
    "aws_kms_replica_external_key": Shape(KmsKey, _REPLICA | {"key_origin": always("EXTERNAL")}),
    "aws_kms_key_policy": policy_of("kms-key", "key_id"),
    "aws_kms_alias": Shape(KmsAlias, {"name": text("name"), "key": text("target_key_id")}),
}
