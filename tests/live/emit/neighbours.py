"""What stands around buckets, as documents that the server is told to answer."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from s3audit.demo.putting import put
from s3audit.demo.world import World
from s3audit.model.access_point import AccessPoint
from s3audit.model.base import Resource
from s3audit.model.distribution import OriginAccessControl, OriginAccessIdentity
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.trail import EventSelector, Trail
from s3audit.setting import Known, Unknown, Unset
from tests.live.emit.distributions import distribution
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.network import NETWORK
from tests.live.emit.points import POINTS, block, put_directory
from tests.live.emit.services import SERVICES
from tests.live.emit.storage import STORAGE
from tests.live.emit.values import UntoldError, fields, items, told
from tests.live.emit.watchers import WATCHERS, advanced

_MADE = "2025-06-02T08:30:00Z"


def _tell_distribution(names: Names, world: World, listings: Listings, one: Any) -> None:
    summary, configuration = distribution(names, one)
    listings.add("cloudfront:ListDistributions", summary)
    world.tell(
        "cloudfront:GetDistributionConfig",
        {"ETag": "E1", "DistributionConfig": configuration},
        {"Id": summary["Id"]},
    )


def _tell_control(names: Names, world: World, listings: Listings, one: OriginAccessControl) -> None:
    item = {
        "Id": names.own[one.address],
        "Description": "",
        "Name": names.text(one.name),
        "OriginAccessControlOriginType": told(one.origin_type),
        "SigningBehavior": told(one.signing_behavior),
        "SigningProtocol": told(one.signing_protocol),
    }
    listings.add("cloudfront:ListOriginAccessControls", item)


def _tell_identity(names: Names, world: World, listings: Listings, one: OriginAccessIdentity) -> None:
    item = {
        "Id": names.own[one.address],
        "S3CanonicalUserId": names.own[one.address].lower(),
        "Comment": names.text(one.comment) or "",
    }
    listings.add("cloudfront:ListCloudFrontOriginAccessIdentities", item)


def _tell_key(names: Names, world: World, listings: Listings, one: KmsKey) -> None:
    arn, own = names.arn(one), names.own[one.address]
    enabled = told(one.enabled)
    if told(one.key_origin) == "EXTERNAL" and isinstance(one.state, Unknown):
        raise UntoldError("whether its key material was imported is not told")
    metadata = {
        "AWSAccountId": names.account,
        "KeyId": own,
        "Arn": arn,
        "CreationDate": _MADE,
        "Enabled": enabled,
        "KeyState": "Enabled" if enabled else "Disabled",
        "KeyUsage": told(one.usage),
        "KeySpec": told(one.spec),
        "Origin": told(one.key_origin),
        "KeyManager": told(one.manager),
        "MultiRegion": told(one.multi_region),
    }
    # Without one, KMS gives the key the policy that it gives all.
    policy = names.json(one.policy) or _leaving_it_to(names.account)
    rotation = fields(
        KeyRotationEnabled=told(one.rotation), KeyId=arn, RotationPeriodInDays=told(one.rotation_days)
    )
    for key in (own, arn):
        world.tell("kms:DescribeKey", {"KeyMetadata": metadata}, {"KeyId": key}, region=names.region)
        world.tell("kms:GetKeyPolicy", {"Policy": policy}, {"KeyId": key}, region=names.region)
        world.tell("kms:GetKeyRotationStatus", rotation, {"KeyId": key}, region=names.region)


def _leaving_it_to(account: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _tell_alias(names: Names, world: World, listings: Listings, one: KmsAlias) -> None:
    key = names.text(one.key).rpartition("/")[2]
    item = {"AliasName": names.own[one.address], "AliasArn": names.arn(one), "TargetKeyId": key}
    listings.add("kms:ListAliases", item)
    for answer in tuple(world.told.get("kms:DescribeKey", ())):
        if answer.when == {"KeyId": key}:
            world.tell("kms:DescribeKey", answer.document, {"KeyId": names.arn(one)}, region=names.region)


def _tell_trail(names: Names, world: World, listings: Listings, one: Trail) -> None:
    arn = names.arn(one)
    insights = items(one.insights)
    item = fields(
        Name=names.own[one.address],
        TrailARN=arn,
        HomeRegion=names.region,
        S3BucketName=names.text(one.bucket),
        S3KeyPrefix=names.text(one.prefix),
        IsMultiRegionTrail=told(one.multi_region),
        IsOrganizationTrail=told(one.organization),
        IncludeGlobalServiceEvents=_or_made(one.global_events, True),
        LogFileValidationEnabled=told(one.file_validation),
        KmsKeyId=names.text(one.kms_key),
        CloudWatchLogsLogGroupArn=names.text(one.log_group),
        CloudWatchLogsRoleArn=names.text(one.log_role),
        SnsTopicARN=names.text(one.topic),
        HasInsightSelectors=bool(insights),
    )
    selectors = fields(
        TrailARN=arn,
        EventSelectors=items(one.selectors, lambda each: _selector(names, each)),
        AdvancedEventSelectors=items(one.advanced_selectors, lambda each: advanced(names, each)),
    )
    listings.add("cloudtrail:DescribeTrails", item)
    world.tell("cloudtrail:GetTrailStatus", {"IsLogging": told(one.logging)}, {"Name": arn})
    world.tell("cloudtrail:GetEventSelectors", selectors, {"TrailName": arn})
    told_insights = {"TrailARN": arn, "InsightSelectors": [{"InsightType": word} for word in insights]}
    world.tell("cloudtrail:GetInsightSelectors", told_insights, {"TrailName": arn})


def _or_made(setting: Any, made: Any) -> Any:
    """What AWS fills in where a template need not say it."""
    match setting:
        case Unknown(why) if why == "AWS demands it, and it is not written":
            return made
        case Unset() | Known() | _:
            return told(setting)


def _selector(names: Names, one: EventSelector) -> dict[str, Any]:
    return fields(
        ReadWriteType=told(one.read_write),
        IncludeManagementEvents=told(one.management_events),
        ExcludeManagementEventSources=items(one.excluded_sources, names.said),
        DataResources=items(
            one.data_resources,
            lambda each: {"Type": told(each.type), "Values": items(each.values, names.said)},
        ),
    )


def _tell_balancer(names: Names, world: World, listings: Listings, one: LoadBalancer) -> None:
    own, arn, kind = names.own[one.address], names.arn(one), told(one.type)
    if kind == "classic":
        log = fields(
            Enabled=told(one.access_logs),
            S3BucketName=names.text(one.access_log_bucket),
            S3BucketPrefix=names.text(one.access_log_prefix),
        )
        listings.add("elb:DescribeLoadBalancers", {"LoadBalancerName": own})
        world.tell(
            "elb:DescribeLoadBalancerAttributes",
            {"LoadBalancerAttributes": {"AccessLog": log}},
            {"LoadBalancerName": own},
            region=names.region,
        )
        return
    attributes = {
        "access_logs.s3.enabled": "true" if told(one.access_logs) else "false",
        "access_logs.s3.bucket": names.text(one.access_log_bucket),
        "access_logs.s3.prefix": names.text(one.access_log_prefix),
        "connection_logs.s3.enabled": "true" if told(one.connection_logs) else "false",
        "connection_logs.s3.bucket": names.text(one.connection_log_bucket),
        "connection_logs.s3.prefix": names.text(one.connection_log_prefix),
    }
    listings.add(
        "elbv2:DescribeLoadBalancers", {"LoadBalancerArn": arn, "LoadBalancerName": own, "Type": kind}
    )
    told_attributes = [{"Key": key, "Value": value} for key, value in attributes.items() if value is not None]
    world.tell(
        "elbv2:DescribeLoadBalancerAttributes",
        {"Attributes": told_attributes},
        {"LoadBalancerArn": arn},
        region=names.region,
    )


def _put_access_point(names: Names, world: World, listings: Listings, one: AccessPoint) -> None:
    if one.type == "directory":
        put_directory(names, world, listings, one)
        return
    if one.type != "general":
        raise UntoldError(f"an access point of a bucket of type {one.type}")
    vpc, policy = names.text(one.vpc), names.json(one.policy)
    point = fields(
        AccountId=names.account,
        Name=names.own[one.address],
        Bucket=names.text(one.bucket),
        BucketAccountId=names.text(one.bucket_account),
        VpcConfiguration=None if vpc is None else {"VpcId": vpc},
        PublicAccessBlockConfiguration=block(one.public_access_block),
    )
    put(world, "s3control:CreateAccessPoint", point, names.region)
    if policy is not None:
        given = {"AccountId": names.account, "Name": point["Name"], "Policy": policy}
        put(world, "s3control:PutAccessPointPolicy", given, names.region)


NEIGHBOURS: Mapping[str, Callable[[Names, World, Listings, Any], None]] = {
    "access-point": _put_access_point,
    "distribution": _tell_distribution,
    "kms-alias": _tell_alias,
    "kms-key": _tell_key,
    "load-balancer": _tell_balancer,
    "origin-access-control": _tell_control,
    "origin-access-identity": _tell_identity,
    "trail": _tell_trail,
    **NETWORK,
    **POINTS,
    **SERVICES,
    **STORAGE,
    **WATCHERS,
}
"""By kind; a key before its aliases."""


def order(resource: Resource) -> int:
    """What has to be there before what."""
    return 1 if isinstance(resource, KmsAlias) else 0
