"""The calls about access points: of buckets, of directory buckets, of several Regions and of Object Lambda."""

from typing import Any

from msgspec.structs import replace

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages

_NEXT = ("NextToken", "NextToken")
_MOST = ("MaxResults", 1_000)


def _control(name: str, tells: str, **more: Any) -> Operation:
    """A call of S3 Control; its answer is a document of its own name."""
    more = {"action": f"s3:{name}", "root": (f"{name}Result",), **more}
    return Operation(service="s3control", name=name, tells=tells, **more)


def _of_point(name: str, tells: str, **more: Any) -> Operation:
    return _control(name, tells, gone=("NoSuchAccessPoint",), **more)


ACCESS_POINTS = _control(
    "ListAccessPoints", "the access points", pages=Pages(("AccessPointList",), *_NEXT, _MOST)
)
ACCESS_POINT = _of_point(
    "GetAccessPoint",
    "Block Public Access of an access point",
    has=("PublicAccessBlockConfiguration",),
)
ACCESS_POINT_POLICY = _of_point(
    "GetAccessPointPolicy",
    "the policy of an access point",
    absent=("NoSuchAccessPointPolicy",),
)
ACCESS_POINT_POLICY_STATUS = _of_point(
    "GetAccessPointPolicyStatus",
    "whether AWS takes the policy of an access point for public",
    absent=("NoSuchAccessPointPolicy",),
)
TAGS = _control("ListTagsForResource", "tags of what belongs to S3 and is no bucket")

DIRECTORY_ACCESS_POINTS = _control(
    "ListAccessPointsForDirectoryBuckets",
    "the access points of directory buckets",
    action="s3express:ListAccessPointsForDirectoryBuckets",
    no_such=(NOT_OFFERED,),
    pages=Pages(("AccessPointList",), *_NEXT, _MOST),
)
DIRECTORY_ACCESS_POINT = replace(ACCESS_POINT, action="s3express:GetAccessPoint")
DIRECTORY_ACCESS_POINT_POLICY = replace(ACCESS_POINT_POLICY, action="s3express:GetAccessPointPolicy")
ACCESS_POINT_SCOPE = _of_point(
    "GetAccessPointScope",
    "what an access point of a directory bucket is limited to",
    action="s3express:GetAccessPointScope",
)
DIRECTORY_TAGS = replace(
    TAGS, action="s3express:ListTagsForResource", tells="tags of directory buckets and their access points"
)

MULTI_REGION = _control(
    "ListMultiRegionAccessPoints",
    "the multi-Region access points",
    pages=Pages(("AccessPoints",), *_NEXT),
)


def _of_multi_region(name: str, tells: str, **more: Any) -> Operation:
    return _control(name, tells, gone=("NoSuchMultiRegionAccessPoint",), **more)


MULTI_REGION_POLICY = _of_multi_region(
    "GetMultiRegionAccessPointPolicy",
    "the policy of a multi-Region access point",
    absent=("NoSuchMultiRegionAccessPointPolicy",),
)
MULTI_REGION_POLICY_STATUS = _of_multi_region(
    "GetMultiRegionAccessPointPolicyStatus",
    "whether AWS takes the policy of a multi-Region access point for public",
    absent=("NoSuchMultiRegionAccessPointPolicy",),
)
MULTI_REGION_ROUTES = _of_multi_region(
    "GetMultiRegionAccessPointRoutes", "which Regions a multi-Region access point sends requests to"
)

OBJECT_LAMBDA = _control(
    "ListAccessPointsForObjectLambda",
    "the Object Lambda access points",
    pages=Pages(("ObjectLambdaAccessPointList",), *_NEXT, _MOST),
)
OBJECT_LAMBDA_POINT = _of_point(
    "GetAccessPointForObjectLambda", "when an Object Lambda access point was made"
)
OBJECT_LAMBDA_CONFIGURATION = _of_point(
    "GetAccessPointConfigurationForObjectLambda",
    "the functions of an Object Lambda access point",
    has=("Configuration",),
)
OBJECT_LAMBDA_POLICY = _of_point(
    "GetAccessPointPolicyForObjectLambda",
    "the policy of an Object Lambda access point",
    absent=("NoSuchAccessPointPolicy",),
)
OBJECT_LAMBDA_POLICY_STATUS = _of_point(
    "GetAccessPointPolicyStatusForObjectLambda",
    "whether AWS takes the policy of an Object Lambda access point for public",
    absent=("NoSuchAccessPointPolicy",),
)

OF_ACCESS_POINTS: tuple[Operation, ...] = (
    ACCESS_POINTS,
    ACCESS_POINT,
    ACCESS_POINT_POLICY,
    ACCESS_POINT_POLICY_STATUS,
    TAGS,
    DIRECTORY_ACCESS_POINTS,
    DIRECTORY_ACCESS_POINT,
    DIRECTORY_ACCESS_POINT_POLICY,
    ACCESS_POINT_SCOPE,
    DIRECTORY_TAGS,
    MULTI_REGION,
    MULTI_REGION_POLICY,
    MULTI_REGION_POLICY_STATUS,
    MULTI_REGION_ROUTES,
    OBJECT_LAMBDA,
    OBJECT_LAMBDA_POINT,
    OBJECT_LAMBDA_CONFIGURATION,
    OBJECT_LAMBDA_POLICY,
    OBJECT_LAMBDA_POLICY_STATUS,
)
