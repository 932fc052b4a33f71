"""Access points of every sort, and their policies."""

from s3audit.collectors.cloudformation.tables.common import PUBLIC_ACCESS_BLOCK, TAGS, policy_of
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    document,
    flag,
    listed,
    optional,
    section,
    text,
    word,
)
from s3audit.model.access_point import (
    AccessPoint,
    AccessPointPublicAccessBlock,
    AccessPointScope,
    MultiRegionAccessPoint,
    MultiRegionBucket,
    ObjectLambdaAccessPoint,
    ObjectTransformation,
)

_BLOCK = Shape(AccessPointPublicAccessBlock, PUBLIC_ACCESS_BLOCK)
_ALWAYS_BLOCKED = Shape(AccessPointPublicAccessBlock, dict.fromkeys(PUBLIC_ACCESS_BLOCK, always(True)))

_GENERAL = {
    "name": text("Name"),
    "bucket": text("Bucket"),
    "bucket_account": text("BucketAccountId"),
    "vpc": text("VpcConfiguration.VpcId"),
    "policy": document("Policy"),
    "public_access_block": section("PublicAccessBlockConfiguration", _BLOCK),
    "scope": absent(),
    "data_source_type": absent(),
    "data_source": absent(),
    "tags": TAGS,
}
_SCOPE = Shape(
    AccessPointScope,
    {"prefixes": listed("Prefixes", text("")), "permissions": listed("Permissions", word(""))},
)

TABLES = {
    "AWS::S3::AccessPoint": Shape(AccessPoint, _GENERAL),
    "AWS::S3Express::AccessPoint": Shape(
        AccessPoint,
        _GENERAL | {"public_access_block": section("", _ALWAYS_BLOCKED), "scope": optional("Scope", _SCOPE)},
        {"type": "directory"},
    ),
    "AWS::S3Outposts::AccessPoint": Shape(
        AccessPoint,
        _GENERAL
        | {
            "bucket_account": absent(),
            "public_access_block": section("", _ALWAYS_BLOCKED),
            "tags": absent(),
        },
        {"type": "outposts"},
    ),
    "AWS::S3::MultiRegionAccessPoint": Shape(
        MultiRegionAccessPoint,
        {
            "name": text("Name"),
            "buckets": listed(
                "Regions",
                Shape(
                    MultiRegionBucket,
                    {"bucket": text("Bucket"), "bucket_account": text("BucketAccountId")},
                ),
            ),
            "policy": absent(),
            "public_access_block": section("PublicAccessBlockConfiguration", _BLOCK),
        },
    ),
    "AWS::S3::MultiRegionAccessPointPolicy": policy_of("multi-region-access-point", "MrapName", "Policy"),
    "AWS::S3ObjectLambda::AccessPoint": Shape(
        ObjectLambdaAccessPoint,
        {
            "name": text("Name"),
            "supporting_access_point": text("ObjectLambdaConfiguration.SupportingAccessPoint"),
            "allowed_features": listed("ObjectLambdaConfiguration.AllowedFeatures", word("")),
            "cloudwatch_metrics": flag("ObjectLambdaConfiguration.CloudWatchMetricsEnabled"),
            "transformations": listed(
                "ObjectLambdaConfiguration.TransformationConfigurations",
                Shape(
                    ObjectTransformation,
                    {
                        "actions": listed("Actions", word("")),
                        "function": text("ContentTransformation.AwsLambda.FunctionArn"),
                        "payload": text("ContentTransformation.AwsLambda.FunctionPayload"),
                    },
                ),
            ),
            "policy": absent(),
        },
    ),
    "AWS::S3ObjectLambda::AccessPointPolicy": policy_of(
        "object-lambda-access-point", "ObjectLambdaAccessPoint", "PolicyDocument"
    ),
}
