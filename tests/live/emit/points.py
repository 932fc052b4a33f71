"""Access points of directory buckets, of several Regions and of Object Lambda, and the VPCs that they are in."""

from collections.abc import Callable, Mapping
from typing import Any

from s3audit.demo.world import World
from s3audit.model.access_point import (
    AccessPoint,
    AccessPointPublicAccessBlock,
    MultiRegionAccessPoint,
    MultiRegionBucket,
    ObjectLambdaAccessPoint,
    ObjectTransformation,
)
from s3audit.model.network import Vpc
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told

_MADE = "2025-06-02T08:30:00Z"
_ALL_ON = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


def block(one: AccessPointPublicAccessBlock) -> dict[str, bool]:
    return {
        "BlockPublicAcls": told(one.block_public_acls),
        "IgnorePublicAcls": told(one.ignore_public_acls),
        "BlockPublicPolicy": told(one.block_public_policy),
        "RestrictPublicBuckets": told(one.restrict_public_buckets),
    }


def put_directory(names: Names, world: World, listings: Listings, one: AccessPoint) -> None:
    own, vpc = names.own[one.address], names.text(one.vpc)
    item = fields(
        Name=own,
        NetworkOrigin="Internet" if vpc is None else "VPC",
        VpcConfiguration=None if vpc is None else {"VpcId": vpc},
        Bucket=names.text(one.bucket),
        BucketAccountId=names.text(one.bucket_account) or names.account,
        AccessPointArn=names.arn(one),
    )
    when, place = {"Name": own}, names.region
    listings.add("s3control:ListAccessPointsForDirectoryBuckets", item)
    whole = {**item, "PublicAccessBlockConfiguration": _ALL_ON, "CreationDate": _MADE}
    world.tell("s3control:GetAccessPoint", whole, when, region=place)
    _policy(names, world, "s3control:GetAccessPointPolicy", one, when, place, "NoSuchAccessPointPolicy")
    scope = told(one.scope)
    told_scope = (
        {}
        if scope is None
        else fields(Prefixes=items(scope.prefixes, names.said), Permissions=items(scope.permissions))
    )
    world.tell("s3control:GetAccessPointScope", {"Scope": told_scope} if scope else {}, when, region=place)


def _policy(
    names: Names, world: World, call: str, one: Any, when: dict[str, str], region: str, absent: str
) -> None:
    policy = names.json(one.policy)
    status = call.replace("Policy", "PolicyStatus", 1)
    if policy is None:
        world.refuse(call, absent, status=404, when=when, region=region)
        world.refuse(status, absent, status=404, when=when, region=region)
        return
    world.tell(call, {"Policy": policy}, when, region=region)


def _multi_region(names: Names, world: World, listings: Listings, one: MultiRegionAccessPoint) -> None:
    own = names.own[one.address]

    def member(each: MultiRegionBucket) -> dict[str, Any]:
        return fields(
            Bucket=names.text(each.bucket),
            BucketAccountId=names.text(each.bucket_account),
            Region=names.region,
        )

    members = items(one.buckets, member)
    item = {
        "Name": own,
        "Alias": f"{own}.mrap",
        "CreatedAt": _MADE,
        "PublicAccessBlock": block(one.public_access_block),
        "Status": "READY",
        "Regions": members,
    }
    listings.add("s3control:ListMultiRegionAccessPoints", item)
    # As S3 makes it: all of them get requests.
    routes = [{**each, "TrafficDialPercentage": 100} for each in members]
    for route in routes:
        route.pop("BucketAccountId", None)
    arn = names.arn(one)
    world.tell("s3control:GetMultiRegionAccessPointRoutes", {"Mrap": arn, "Routes": routes}, {"Mrap": arn})
    policy, when = names.json(one.policy), {"Name": own}
    if policy is None:
        for call in ("GetMultiRegionAccessPointPolicy", "GetMultiRegionAccessPointPolicyStatus"):
            world.refuse(f"s3control:{call}", "NoSuchMultiRegionAccessPointPolicy", status=404, when=when)
        return
    established = {"Policy": {"Established": {"Policy": policy}}}
    world.tell("s3control:GetMultiRegionAccessPointPolicy", established, when)


def _object_lambda(names: Names, world: World, listings: Listings, one: ObjectLambdaAccessPoint) -> None:
    own, arn = names.own[one.address], names.arn(one)

    def transformation(each: ObjectTransformation) -> dict[str, Any]:
        function = fields(FunctionArn=names.text(each.function), FunctionPayload=names.text(each.payload))
        return {"Actions": items(each.actions), "ContentTransformation": {"AwsLambda": function}}

    configuration = fields(
        SupportingAccessPoint=names.text(one.supporting_access_point),
        CloudWatchMetricsEnabled=told(one.cloudwatch_metrics),
        AllowedFeatures=items(one.allowed_features),
        TransformationConfigurations=items(one.transformations, transformation),
    )
    when, place = {"Name": own}, names.region
    listings.add(
        "s3control:ListAccessPointsForObjectLambda", {"Name": own, "ObjectLambdaAccessPointArn": arn}
    )
    world.tell(
        "s3control:GetAccessPointForObjectLambda", {"Name": own, "CreationDate": _MADE}, when, region=place
    )
    world.tell(
        "s3control:GetAccessPointConfigurationForObjectLambda",
        {"Configuration": configuration},
        when,
        region=place,
    )
    _policy(
        names,
        world,
        "s3control:GetAccessPointPolicyForObjectLambda",
        one,
        when,
        place,
        "NoSuchAccessPointPolicy",
    )


def _vpc(names: Names, world: World, listings: Listings, one: Vpc) -> None:
    listings.add("ec2:DescribeVpcs", {"VpcId": names.own[one.address], "OwnerId": names.account})


POINTS: Mapping[str, Callable[[Names, World, Listings, Any], None]] = {
    "multi-region-access-point": _multi_region,
    "object-lambda-access-point": _object_lambda,
    "vpc": _vpc,
}
"""By kind."""
