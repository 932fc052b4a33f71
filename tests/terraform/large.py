"""Plans of many buckets, as a generator of configurations makes them: 2,000 of them are about 16 MB."""

import json
from collections.abc import Iterator

from tests.terraform.plans import Json, change, constant, plan, refers

_COMPUTED = (
    "acceleration_status acl arn bucket_domain_name bucket_prefix bucket_regional_domain_name cors_rule grant"
    " hosted_zone_id id lifecycle_rule logging object_lock_configuration object_lock_enabled policy region"
    " replication_configuration request_payer server_side_encryption_configuration versioning website"
    " website_domain website_endpoint"
)
_BLOCKED = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def large_plan(buckets: int) -> bytes:
    """Each bucket with five resources beside it that refer to it."""
    changes: list[Json] = []
    written: dict[str, Json] = {}
    for number in range(buckets):
        for address, after, unknown, expressions in _bucket(number):
            changes.append(change(address, after, unknown))
            written[address] = expressions
    return json.dumps(plan(*changes, written=written), separators=(",", ":")).encode()


def _bucket(number: int) -> Iterator[tuple[str, Json, Json, Json]]:
    name = f"bucket{number}"
    bucket = f"aws_s3_bucket.{name}"
    tags = {"Environment": "production", "Owner": "platform", "Number": str(number)}
    of_it = {"bucket": refers(f"{bucket}.id")}
    new = {"bucket": True, "id": True}
    yield (
        bucket,
        {"bucket": f"example-{number}", "force_destroy": False, "tags": tags, "tags_all": tags},
        {**dict.fromkeys(_COMPUTED.split(), True), "tags": {}, "tags_all": {}},
        {"bucket": constant(f"example-{number}"), "tags": constant(tags)},
    )
    yield (
        f"aws_s3_bucket_versioning.{name}",
        {"expected_bucket_owner": None, "mfa": None, "versioning_configuration": [{"status": "Enabled"}]},
        {**new, "versioning_configuration": [{"mfa_delete": True}]},
        {**of_it, "versioning_configuration": [{"status": constant("Enabled")}]},
    )
    yield (
        f"aws_s3_bucket_public_access_block.{name}",
        dict.fromkeys(_BLOCKED, True),
        new,
        {**of_it, **dict.fromkeys(_BLOCKED, constant(True))},
    )
    default = "apply_server_side_encryption_by_default"
    yield (
        f"aws_s3_bucket_server_side_encryption_configuration.{name}",
        {
            "rule": [
                {default: [{"kms_master_key_id": "", "sse_algorithm": "AES256"}], "bucket_key_enabled": None}
            ]
        },
        {**new, "rule": [{default: [{}]}]},
        {**of_it, "rule": [{default: [{"sse_algorithm": constant("AES256")}]}]},
    )
    yield (
        f"aws_s3_bucket_lifecycle_configuration.{name}",
        {
            "expected_bucket_owner": None,
            "rule": [
                {
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                    "expiration": [{"date": None, "days": 365}],
                    "filter": [{"and": [], "object_size_greater_than": None, "prefix": "logs/", "tag": []}],
                    "id": "expire",
                    "noncurrent_version_expiration": [],
                    "noncurrent_version_transition": [],
                    "prefix": None,
                    "status": "Enabled",
                    "transition": [{"date": None, "days": 30, "storage_class": "STANDARD_IA"}],
                }
            ],
        },
        {**new, "rule": [{"expiration": [{"expired_object_delete_marker": True}], "filter": [{}]}]},
        {
            **of_it,
            "rule": [
                {
                    "expiration": [{"days": constant(365)}],
                    "id": constant("expire"),
                    "status": constant("Enabled"),
                }
            ],
        },
    )
    arn = f"arn:aws:s3:::example-{number}"
    statement = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    yield f"aws_s3_bucket_policy.{name}", {"policy": policy}, new, {**of_it, "policy": {}}
