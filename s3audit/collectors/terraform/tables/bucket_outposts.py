"""Buckets of S3 on Outposts; their endpoints are in outposts."""

from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    listed,
    otherwise,
    pairs,
    positive,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.bucket_parts import (
    ACL,
    BUCKET_POLICY,
    ENCRYPTION,
    EXPIRATION,
    VERSIONING,
)
from s3audit.collectors.terraform.tables.common import (
    PUBLIC_ACCESS_BLOCK,
    REMOVAL,
    TAG,
    TAGS,
    attached,
    part,
    unsaid,
)
from s3audit.model.bucket import Bucket, Encryption, Ownership, PublicAccessBlock
from s3audit.model.lifecycle import Lifecycle, LifecycleRule

_RULE = Shape(
    LifecycleRule,
    {
        "id": text("id"),
        "status": otherwise(word("status"), "Enabled"),
        "prefix": text("filter[0].prefix"),
        "tags": pairs("filter[0].tags", TAG),
        "size_greater_than": absent(),
        "size_less_than": absent(),
        **EXPIRATION,
        "noncurrent_days": absent(),
        "noncurrent_newer_versions": absent(),
        "transitions": absent(),
        "noncurrent_transitions": absent(),
        "abort_multipart_days": positive("abort_incomplete_multipart_upload[0].days_after_initiation"),
    },
)

TABLES = {
    "aws_s3control_bucket": Shape(
        Bucket,
        {
            "name": text("bucket"),
            "outpost": text("outpost_id"),
            "tags": TAGS,
            "versioning": section("", unsaid(VERSIONING)),
            "encryption": section(
                "", Shape(Encryption, unsaid(ENCRYPTION).fields | {"blocked_types": always(())})
            ),
            "public_access_block": section(
                "", Shape(PublicAccessBlock, dict.fromkeys(PUBLIC_ACCESS_BLOCK, always(True)))
            ),
            "ownership": section("", Shape(Ownership, {"object_ownership": always("BucketOwnerEnforced")})),
            "acl": section("", unsaid(ACL)),
            "removal": section("", REMOVAL),
            "lifecycle": absent(),
            "policy": absent(),
        },
        {"type": "outposts"},
    ),
    "aws_s3control_bucket_lifecycle_configuration": attached(
        "bucket", "lifecycle", "bucket", part(Shape(Lifecycle, {"rules": listed("rule", _RULE)}))
    ),
    "aws_s3control_bucket_policy": BUCKET_POLICY,
}
