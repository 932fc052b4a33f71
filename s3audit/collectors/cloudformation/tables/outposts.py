"""S3 on Outposts: buckets, their policies, endpoints."""

from s3audit.collectors.cloudformation.tables.common import BUCKET_POLICY, TAG, TAGS
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    listed,
    number,
    optional,
    section,
    text,
    word,
)
from s3audit.model.acl import Acl
from s3audit.model.bucket import Bucket, Encryption, Ownership, PublicAccessBlock, Versioning
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.network import OutpostsEndpoint

_RULE = Shape(
    LifecycleRule,
    {
        "id": text("Id"),
        "status": word("Status"),
        "prefix": text("Filter.AndOperator.Prefix|Filter.Prefix"),
        "tags": listed("Filter.AndOperator.Tags|Filter.Tag", TAG),
        "size_greater_than": absent(),
        "size_less_than": absent(),
        "expiration_days": number("ExpirationInDays"),
        "expiration_date": text("ExpirationDate"),
        "expired_delete_marker": absent(),
        "noncurrent_days": absent(),
        "noncurrent_newer_versions": absent(),
        "transitions": absent(),
        "noncurrent_transitions": absent(),
        "abort_multipart_days": number("AbortIncompleteMultipartUpload.DaysAfterInitiation"),
    },
)
_BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")

TABLES = {
    "AWS::S3Outposts::Bucket": Shape(
        Bucket,
        {
            "name": text("BucketName"),
            "outpost": text("OutpostId"),
            "tags": TAGS,
            "versioning": section("", Shape(Versioning, {"status": absent(), "mfa_delete": absent()})),
            "encryption": section(
                "",
                Shape(
                    Encryption,
                    {
                        "algorithm": absent(),
                        "kms_key": absent(),
                        "bucket_key": absent(),
                        "blocked_types": always(()),
                    },
                ),
            ),
            "public_access_block": section(
                "", Shape(PublicAccessBlock, dict.fromkeys(_BLOCKS, always(True)))
            ),
            "ownership": section("", Shape(Ownership, {"object_ownership": always("BucketOwnerEnforced")})),
            "acl": section(
                "", Shape(Acl, dict.fromkeys(("canned", "grants", "owner", "owner_display_name"), absent()))
            ),
            "lifecycle": optional(
                "LifecycleConfiguration", Shape(Lifecycle, {"rules": listed("Rules", _RULE)})
            ),
            "policy": absent(),
        },
        {"type": "outposts"},
    ),
    "AWS::S3Outposts::BucketPolicy": BUCKET_POLICY,
    "AWS::S3Outposts::Endpoint": Shape(
        OutpostsEndpoint,
        {
            "outpost": text("OutpostId"),
            "subnet": text("SubnetId"),
            "security_group": text("SecurityGroupId"),
            "access_type": word("AccessType"),
            "customer_owned_pool": text("CustomerOwnedIpv4Pool"),
        },
    ),
}
