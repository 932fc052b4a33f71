"""Access points of every sort, and their policies."""

from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    absent,
    always,
    document,
    flag,
    listed,
    optional,
    otherwise,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import TAGS, attached, policy_of
from s3audit.model.access_point import (
    AccessPoint,
    AccessPointPublicAccessBlock,
    AccessPointScope,
    MultiRegionAccessPoint,
    MultiRegionBucket,
    ObjectLambdaAccessPoint,
    ObjectTransformation,
)

_BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
_ALWAYS_BLOCKED = Shape(AccessPointPublicAccessBlock, dict.fromkeys(_BLOCKS, always(True)))


def _block(path: str) -> Field:
    """The provider turns on what a block does not name."""
    flags = {name: otherwise(flag(name), True) for name in _BLOCKS}
    return section(path, Shape(AccessPointPublicAccessBlock, flags))


_CONFIGURATION = "configuration[0]."
_FUNCTION = "content_transformation[0].aws_lambda[0]."

TABLES = {
    "aws_s3_access_point": Shape(
        AccessPoint,
        {
            "name": text("name"),
            "bucket": text("bucket"),
            "bucket_account": text("bucket_account_id"),
            "vpc": text("vpc_configuration[0].vpc_id"),
            "policy": document("policy"),
            "public_access_block": _block("public_access_block_configuration[0]"),
            "scope": absent(),
            "data_source_type": absent(),
            "data_source": absent(),
            "tags": TAGS,
        },
    ),
    # FSx makes it, on a volume and on no bucket.
    "aws_fsx_s3_access_point_attachment": Shape(
        AccessPoint,
        {
            "name": text("name"),
            "bucket_account": absent(),
            "vpc": text("s3_access_point[0].vpc_configuration[0].vpc_id"),
            "policy": document("s3_access_point[0].policy"),
            "public_access_block": section("", _ALWAYS_BLOCKED),
            "scope": absent(),
            "data_source_type": word("type", {"OPENZFS": "FSX_OPENZFS", "ONTAP": "FSX_ONTAP"}),
            "data_source": text("openzfs_configuration[0].volume_id"),
            "tags": absent(),
        },
    ),
    "aws_s3control_access_point_policy": policy_of("access-point", "access_point_arn"),
    "aws_s3control_directory_bucket_access_point_scope": attached(
        "access-point",
        "scope",
        "name",
        optional(
            "scope[0]",
            Shape(
                AccessPointScope,
                {"prefixes": listed("prefixes", text("")), "permissions": listed("permissions", word(""))},
            ),
        ),
    ),
    "aws_s3control_multi_region_access_point": Shape(
        MultiRegionAccessPoint,
        {
            "name": text("details[0].name"),
            "buckets": listed(
                "details[0].region",
                Shape(
                    MultiRegionBucket,
                    {"bucket": text("bucket"), "bucket_account": text("bucket_account_id")},
                ),
            ),
            "policy": absent(),
            "public_access_block": _block("details[0].public_access_block[0]"),
        },
    ),
    "aws_s3control_multi_region_access_point_policy": policy_of(
        "multi-region-access-point", "details[0].name", "details[0].policy"
    ),
    "aws_s3control_object_lambda_access_point": Shape(
        ObjectLambdaAccessPoint,
        {
            "name": text("name"),
            "supporting_access_point": text(_CONFIGURATION + "supporting_access_point"),
            "allowed_features": listed(_CONFIGURATION + "allowed_features", word("")),
            "cloudwatch_metrics": flag(_CONFIGURATION + "cloud_watch_metrics_enabled"),
            "transformations": listed(
                _CONFIGURATION + "transformation_configuration",
                Shape(
                    ObjectTransformation,
                    {
                        "actions": listed("actions", word("")),
                        "function": text(_FUNCTION + "function_arn"),
                        "payload": text(_FUNCTION + "function_payload"),
                    },
                ),
            ),
            "policy": absent(),
        },
    ),
    "aws_s3control_object_lambda_access_point_policy": policy_of("object-lambda-access-point", "name"),
}
