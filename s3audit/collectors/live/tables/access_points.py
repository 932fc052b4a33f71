"""Access points of every sort, from the answers of all calls about them."""

from s3audit.collectors.documents.shape import (
    Shape,
    always,
    document,
    flag,
    listed,
    number,
    optional,
    section,
    text,
    word,
)
from s3audit.collectors.live.tables.buckets import PUBLIC_ACCESS_BLOCK, TAG
from s3audit.model.access_point import (
    AccessPoint,
    AccessPointPublicAccessBlock,
    AccessPointScope,
    MultiRegionAccessPoint,
    MultiRegionBucket,
    ObjectLambdaAccessPoint,
    ObjectTransformation,
)
from s3audit.model.bucket import PolicyStatus

_BLOCK = Shape(AccessPointPublicAccessBlock, PUBLIC_ACCESS_BLOCK)
_STATUS = Shape(PolicyStatus, {"is_public": flag("IsPublic")})
_TAGS = listed("ListTagsForResource.Tags", TAG)

_GENERAL = {
    "name": text("item.Name"),
    "alias": text("item.Alias"),
    "bucket": text("item.Bucket"),
    "bucket_account": text("item.BucketAccountId"),
    "vpc": text("item.VpcConfiguration.VpcId"),
    "policy": document("GetAccessPointPolicy.Policy"),
    "policy_status": optional("GetAccessPointPolicyStatus.PolicyStatus", _STATUS),
    "public_access_block": section("GetAccessPoint.PublicAccessBlockConfiguration", _BLOCK),
    "scope": always(None),
    "data_source_type": word("item.DataSourceType"),
    "data_source": text("item.DataSourceId"),
    "created": text("GetAccessPoint.CreationDate"),
    "tags": _TAGS,
}
_SCOPE = Shape(
    AccessPointScope,
    {"prefixes": listed("Prefixes", text("")), "permissions": listed("Permissions", word(""))},
)

ACCESS_POINT = Shape(AccessPoint, _GENERAL)
DIRECTORY_ACCESS_POINT = Shape(
    AccessPoint,
    _GENERAL | {"policy_status": always(None), "scope": optional("GetAccessPointScope.Scope", _SCOPE)},
    {"type": "directory"},
)
MULTI_REGION_ACCESS_POINT = Shape(
    MultiRegionAccessPoint,
    {
        "name": text("item.Name"),
        "alias": text("item.Alias"),
        "buckets": listed(
            "item.Regions",
            Shape(
                MultiRegionBucket,
                {
                    "bucket": text("Bucket"),
                    "bucket_account": text("BucketAccountId"),
                    "region": text("Region"),
                    "traffic": number("TrafficDialPercentage"),
                },
            ),
        ),
        "policy": document("GetMultiRegionAccessPointPolicy.Policy.Established.Policy"),
        "policy_status": optional("GetMultiRegionAccessPointPolicyStatus.Established", _STATUS),
        "public_access_block": section("item.PublicAccessBlock", _BLOCK),
        "status": word("item.Status"),
        "created": text("item.CreatedAt"),
    },
)
_CONFIGURATION = "GetAccessPointConfigurationForObjectLambda.Configuration."
OBJECT_LAMBDA_ACCESS_POINT = Shape(
    ObjectLambdaAccessPoint,
    {
        "name": text("item.Name"),
        "alias": text("item.Alias.Value"),
        "supporting_access_point": text(_CONFIGURATION + "SupportingAccessPoint"),
        "allowed_features": listed(_CONFIGURATION + "AllowedFeatures", word("")),
        "cloudwatch_metrics": flag(_CONFIGURATION + "CloudWatchMetricsEnabled"),
        "transformations": listed(
            _CONFIGURATION + "TransformationConfigurations",
            Shape(
                ObjectTransformation,
                {
                    "actions": listed("Actions", word("")),
                    "function": text("ContentTransformation.AwsLambda.FunctionArn"),
                    "payload": text("ContentTransformation.AwsLambda.FunctionPayload"),
                },
            ),
        ),
        "policy": document("GetAccessPointPolicyForObjectLambda.Policy"),
        "policy_status": optional("GetAccessPointPolicyStatusForObjectLambda.PolicyStatus", _STATUS),
        "created": text("GetAccessPointForObjectLambda.CreationDate"),
    },
)
