"""Other doors to buckets, as the control plane of S3 tells of them."""

import json
from typing import Any

import pytest

from s3audit.collectors.live.context.access_points import ACCESS_POINT_READERS
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Reading
from s3audit.demo.faults import other_document
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.setting import Known
from tests.live.context.scene import Scene, listed, only, value, values, why

GENERAL, DIRECTORY, MULTI_REGION, OBJECT_LAMBDA = ACCESS_POINT_READERS
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}],
    }
)
ARN = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/reports"
ON = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
TAGS = {"Tags": [{"Key": "team", "Value": "data"}]}
BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def parts(policy: Any) -> list[str]:
    """What a policy consists of."""
    return [member.name for member in value(policy).members]


def general(scene: Scene, **more: Any) -> None:
    point = {
        "Name": "reports",
        "NetworkOrigin": "VPC",
        "VpcConfiguration": {"VpcId": "vpc-1"},
        "Bucket": "data",
        "AccessPointArn": ARN,
        "Alias": "reports-abc-s3alias",
        "BucketAccountId": "444455556666",
        **more,
    }
    scene.world.tell("s3control:ListAccessPoints", {"AccessPointList": [point]})
    scene.world.tell(
        "s3control:GetAccessPoint",
        {
            "Name": "reports",
            "PublicAccessBlockConfiguration": ON | {"BlockPublicPolicy": False},
            "CreationDate": "2025-01-02T03:04:05Z",
        },
    )
    scene.world.tell("s3control:GetAccessPointPolicy", {"Policy": POLICY}, {"Name": "reports"})
    scene.world.tell("s3control:GetAccessPointPolicyStatus", {"PolicyStatus": {"IsPublic": True}})
    scene.world.tell("s3control:ListTagsForResource", TAGS, {"ResourceArn": ARN})


def test_an_access_point_is_read_whole(scene: Scene) -> None:
    general(scene)
    read = scene.read(GENERAL)
    point = only(read, AccessPoint)
    assert (point.address, point.title, point.type, point.origin) == (ARN, "reports", "general", "live")
    told = ("name", "alias", "bucket", "bucket_account", "vpc", "arn", "region", "account", "created")
    assert values(point, *told) == {
        "name": "reports",
        "alias": "reports-abc-s3alias",
        "bucket": "data",
        "bucket_account": "444455556666",
        "vpc": "vpc-1",
        "arn": ARN,
        "region": REGION,
        "account": ACCOUNT,
        "created": "2025-01-02T03:04:05Z",
    }
    assert values(point.public_access_block, *BLOCKS) == {
        "block_public_acls": True,
        "ignore_public_acls": True,
        "block_public_policy": False,
        "restrict_public_buckets": True,
    }
    assert value(value(point.policy_status).is_public) is True
    assert parts(point.policy) == ["Version", "Statement"]
    assert [(value(tag.key), value(tag.value)) for tag in value(point.tags)] == [("team", "data")]
    assert (value(point.scope), value(point.data_source_type)) == (None, None)
    assert listed(read) == {("access-point", REGION): ""}


def test_each_setting_says_which_call_told_it(scene: Scene) -> None:
    general(scene)
    point = only(scene.read(GENERAL), AccessPoint)
    calls = {
        "s3control:ListAccessPoints": point.bucket,
        "s3control:GetAccessPoint": point.public_access_block.block_public_policy,
        "s3control:GetAccessPointPolicy": point.policy,
        "s3control:GetAccessPointPolicyStatus": point.policy_status,
        "s3control:ListTagsForResource": point.tags,
    }
    for call, setting in calls.items():
        assert (setting.at.call, setting.at.source) == (call, ARN)


def test_without_a_policy_there_is_none(scene: Scene) -> None:
    general(scene, VpcConfiguration=None)
    code = ("NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist", 404)
    scene.world.refuse("s3control:GetAccessPointPolicy", *code)
    scene.world.refuse("s3control:GetAccessPointPolicyStatus", *code)
    point = only(scene.read(GENERAL), AccessPoint)
    assert values(point, "policy", "policy_status", "vpc") == {
        "policy": None,
        "policy_status": None,
        "vpc": None,
    }


@pytest.mark.parametrize(
    ("operation", "action", "fields"),
    [
        ("GetAccessPoint", "s3:GetAccessPoint", ("public_access_block", "created")),
        ("GetAccessPointPolicy", "s3:GetAccessPointPolicy", ("policy",)),
        ("GetAccessPointPolicyStatus", "s3:GetAccessPointPolicyStatus", ("policy_status",)),
        ("ListTagsForResource", "s3:ListTagsForResource", ("tags",)),
    ],
)
def test_what_is_denied_is_all_that_is_not_known(
    scene: Scene, operation: str, action: str, fields: tuple[str, ...]
) -> None:
    general(scene)
    scene.deny(f"s3control:{operation}")
    read = scene.read(GENERAL)
    point = only(read, AccessPoint)
    said = f"s3control:{operation} was denied, it needs the permission {action}"
    for field in ("created", "policy", "policy_status", "tags", "bucket", "vpc"):
        setting = getattr(point, field)
        if field in fields:
            assert why(setting) == said
        else:
            assert isinstance(setting, Known)
    for block in BLOCKS:
        setting = getattr(point.public_access_block, block)
        assert isinstance(setting, Known) is ("public_access_block" not in fields)
    assert listed(read) == {("access-point", REGION): ""}


def test_another_document_is_no_answer(scene: Scene) -> None:
    general(scene)
    scene.fail(other_document(), "s3control:GetAccessPoint")
    scene.fail(other_document(), "s3control:GetAccessPointPolicy")
    point = only(scene.read(GENERAL), AccessPoint)
    said = "was answered with another document, ListBucketResult"
    assert why(point.policy) == f"s3control:GetAccessPointPolicy {said}"
    for block in BLOCKS:
        assert why(getattr(point.public_access_block, block)) == f"s3control:GetAccessPoint {said}"


def test_an_answer_without_its_block_opens_and_closes_nothing(scene: Scene) -> None:
    general(scene)
    scene.world.tell("s3control:GetAccessPoint", {"Name": "reports"})
    point = only(scene.read(GENERAL), AccessPoint)
    said = "s3control:GetAccessPoint was answered without PublicAccessBlockConfiguration"
    assert why(point.public_access_block.block_public_acls) == said


def test_one_that_is_gone_meanwhile_is_left_out(scene: Scene) -> None:
    general(scene)
    scene.world.refuse("s3control:GetAccessPointPolicy", "NoSuchAccessPoint", status=404)
    read = scene.read(GENERAL)
    assert read.resources == ()
    assert listed(read) == {("access-point", REGION): ""}


def test_all_pages_are_listed(scene: Scene) -> None:
    points = [{"Name": f"ap-{n}", "NetworkOrigin": "Internet", "Bucket": "data"} for n in range(5)]
    scene.world.tell("s3control:ListAccessPoints", {"AccessPointList": points}, page=2)
    scene.world.tell("s3control:GetAccessPoint", {"PublicAccessBlockConfiguration": ON})
    for call in ("GetAccessPointPolicy", "GetAccessPointPolicyStatus"):
        scene.world.refuse(f"s3control:{call}", "NoSuchAccessPointPolicy", status=404)
    read = scene.read(GENERAL)
    assert [point.title for point in read.resources] == ["ap-0", "ap-1", "ap-2", "ap-3", "ap-4"]
    assert scene.world.requests["s3control:ListAccessPoints"] == 3


@pytest.mark.parametrize(
    ("reader", "operation", "action", "kind", "region"),
    [
        (GENERAL, "ListAccessPoints", "s3:ListAccessPoints", "access-point", REGION),
        (
            DIRECTORY,
            "ListAccessPointsForDirectoryBuckets",
            "s3express:ListAccessPointsForDirectoryBuckets",
            "access-point",
            REGION,
        ),
        (
            MULTI_REGION,
            "ListMultiRegionAccessPoints",
            "s3:ListMultiRegionAccessPoints",
            "multi-region-access-point",
            "",
        ),
        (
            OBJECT_LAMBDA,
            "ListAccessPointsForObjectLambda",
            "s3:ListAccessPointsForObjectLambda",
            "object-lambda-access-point",
            REGION,
        ),
    ],
)
def test_what_can_not_be_listed_is_not_taken_for_nothing(
    scene: Scene, reader: Reading, operation: str, action: str, kind: str, region: str
) -> None:
    assert listed(scene.read(reader)) == {(kind, region): ""}
    scene.deny(f"s3control:{operation}")
    read = scene.read(reader)
    said = f"s3control:{operation} was denied, it needs the permission {action}"
    assert (read.resources, listed(read)) == ((), {(kind, region): said})


DIRECTORY_ARN = f"arn:aws:s3express:{REGION}:{ACCOUNT}:accesspoint/fast--euw1-az1--xa-s3"


def directory(scene: Scene) -> None:
    point = {"Name": "fast--euw1-az1--xa-s3", "NetworkOrigin": "Internet", "Bucket": "hot--euw1-az1--x-s3"}
    scene.world.tell("s3control:ListAccessPointsForDirectoryBuckets", {"AccessPointList": [point]})
    scene.world.tell("s3control:GetAccessPoint", {"Name": "fast", "PublicAccessBlockConfiguration": ON})
    scene.world.tell("s3control:GetAccessPointPolicy", {"Policy": POLICY})
    scene.world.tell(
        "s3control:GetAccessPointScope",
        {"Scope": {"Prefixes": ["in/"], "Permissions": ["GetObject", "ListBucket"]}},
    )
    scene.world.tell("s3control:ListTagsForResource", TAGS, {"ResourceArn": DIRECTORY_ARN})


def test_an_access_point_of_a_directory_bucket_has_a_scope(scene: Scene) -> None:
    directory(scene)
    point = only(scene.read(DIRECTORY), AccessPoint)
    assert (point.address, point.type) == (DIRECTORY_ARN, "directory")
    scope = value(point.scope)
    assert values(scope, "prefixes", "permissions") == {
        "prefixes": ["in/"],
        "permissions": ["GetObject", "ListBucket"],
    }
    assert scope.prefixes.at.call == "s3control:GetAccessPointScope"
    assert set(values(point.public_access_block, *BLOCKS).values()) == {True}
    assert [value(tag.key) for tag in value(point.tags)] == ["team"]
    assert scene.world.requests["s3control:GetAccessPointPolicyStatus"] == 0


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ("GetAccessPoint", "created"),
        ("GetAccessPointPolicy", "policy"),
        ("GetAccessPointScope", "scope"),
        ("ListTagsForResource", "tags"),
    ],
)
def test_of_directory_buckets_the_permission_is_another(scene: Scene, operation: str, field: str) -> None:
    directory(scene)
    scene.deny(f"s3control:{operation}")
    point = only(scene.read(DIRECTORY), AccessPoint)
    said = f"s3control:{operation} was denied, it needs the permission s3express:{operation}"
    assert why(getattr(point, field)) == said


MULTI_REGION_ARN = f"arn:aws:s3::{ACCOUNT}:accesspoint/mfzwi23gnjvgw.mrap"


def multi_region(scene: Scene) -> None:
    point = {
        "Name": "global",
        "Alias": "mfzwi23gnjvgw.mrap",
        "CreatedAt": "2025-01-02T03:04:05Z",
        "PublicAccessBlock": ON,
        "Status": "READY",
        "Regions": [
            {"Bucket": "near", "Region": "eu-west-1", "BucketAccountId": ACCOUNT},
            {"Bucket": "far", "Region": "us-east-1", "BucketAccountId": "444455556666"},
        ],
    }
    # AWS answers in one Region, whatever is asked elsewhere.
    oregon: dict[str, Any] = {"region": "us-west-2"}
    scene.world.tell("s3control:ListMultiRegionAccessPoints", {"AccessPoints": [point]}, **oregon)
    scene.world.tell(
        "s3control:GetMultiRegionAccessPointPolicy",
        {"Policy": {"Established": {"Policy": POLICY}, "Proposed": {"Policy": "{}"}}},
        {"Name": "global"},
        **oregon,
    )
    scene.world.tell(
        "s3control:GetMultiRegionAccessPointPolicyStatus", {"Established": {"IsPublic": False}}, **oregon
    )
    scene.world.tell(
        "s3control:GetMultiRegionAccessPointRoutes",
        {
            "Routes": [
                {"Bucket": "far", "Region": "us-east-1", "TrafficDialPercentage": 0},
                {"Bucket": "near", "Region": "eu-west-1", "TrafficDialPercentage": 100},
            ]
        },
        {"Mrap": MULTI_REGION_ARN},
        **oregon,
    )


def test_a_multi_region_access_point_is_asked_in_oregon(scene: Scene) -> None:
    multi_region(scene)
    read = scene.read(MULTI_REGION, region="")
    point = only(read, MultiRegionAccessPoint)
    assert point.address == MULTI_REGION_ARN
    assert values(point, "name", "alias", "status", "created") == {
        "name": "global",
        "alias": "mfzwi23gnjvgw.mrap",
        "status": "READY",
        "created": "2025-01-02T03:04:05Z",
    }
    members = [values(one, "bucket", "bucket_account", "region", "traffic") for one in value(point.buckets)]
    assert members == [
        {"bucket": "near", "bucket_account": ACCOUNT, "region": "eu-west-1", "traffic": 100},
        {"bucket": "far", "bucket_account": "444455556666", "region": "us-east-1", "traffic": 0},
    ]
    first = value(point.buckets)[0]
    assert first.bucket.at.call == "s3control:ListMultiRegionAccessPoints"
    assert first.traffic.at.call == "s3control:GetMultiRegionAccessPointRoutes"
    assert value(value(point.policy_status).is_public) is False
    assert parts(point.policy) == ["Version", "Statement"]
    assert set(values(point.public_access_block, *BLOCKS).values()) == {True}
    assert listed(read) == {("multi-region-access-point", ""): ""}


def test_routes_that_are_denied_leave_the_buckets(scene: Scene) -> None:
    multi_region(scene)
    scene.deny("s3control:GetMultiRegionAccessPointRoutes")
    (near, far) = value(only(scene.read(MULTI_REGION), MultiRegionAccessPoint).buckets)
    said = (
        "s3control:GetMultiRegionAccessPointRoutes was denied,"
        " it needs the permission s3:GetMultiRegionAccessPointRoutes"
    )
    assert [value(near.bucket), value(far.bucket)] == ["near", "far"]
    assert [why(near.traffic), why(far.traffic)] == [said, said]


def test_a_bucket_without_a_route_has_no_traffic_that_is_known(scene: Scene) -> None:
    multi_region(scene)
    scene.world.tell("s3control:GetMultiRegionAccessPointRoutes", {"Routes": []})
    (near, _) = value(only(scene.read(MULTI_REGION), MultiRegionAccessPoint).buckets)
    assert why(near.traffic) == "s3control:GetMultiRegionAccessPointRoutes has no route to it"


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_other_partitions_have_no_multi_region_access_points(scene: Scene, partition: str) -> None:
    read = scene.read(MULTI_REGION, region="", place=Place(ACCOUNT, partition))
    assert (read.resources, listed(read)) == ((), {("multi-region-access-point", ""): ""})
    assert scene.world.requests["s3control:ListMultiRegionAccessPoints"] == 0


LAMBDA_ARN = f"arn:aws:s3-object-lambda:{REGION}:{ACCOUNT}:accesspoint/redacted"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:redact:3"


def object_lambda(scene: Scene) -> None:
    point = {
        "Name": "redacted",
        "ObjectLambdaAccessPointArn": LAMBDA_ARN,
        "Alias": {"Value": "redacted--ol-s3"},
    }
    scene.world.tell("s3control:ListAccessPointsForObjectLambda", {"ObjectLambdaAccessPointList": [point]})
    scene.world.tell(
        "s3control:GetAccessPointForObjectLambda",
        {"Name": "redacted", "CreationDate": "2025-01-02T03:04:05Z"},
    )
    scene.world.tell(
        "s3control:GetAccessPointConfigurationForObjectLambda",
        {
            "Configuration": {
                "SupportingAccessPoint": ARN,
                "CloudWatchMetricsEnabled": True,
                "AllowedFeatures": ["GetObject-Range"],
                "TransformationConfigurations": [
                    {
                        "Actions": ["GetObject", "HeadObject"],
                        "ContentTransformation": {
                            "AwsLambda": {"FunctionArn": FUNCTION, "FunctionPayload": "{}"}
                        },
                    }
                ],
            }
        },
    )
    scene.world.tell("s3control:GetAccessPointPolicyForObjectLambda", {"Policy": POLICY})
    scene.world.refuse(
        "s3control:GetAccessPointPolicyStatusForObjectLambda", "NoSuchAccessPointPolicy", status=404
    )


def test_an_object_lambda_access_point_is_read_whole(scene: Scene) -> None:
    object_lambda(scene)
    read = scene.read(OBJECT_LAMBDA)
    point = only(read, ObjectLambdaAccessPoint)
    assert point.address == LAMBDA_ARN
    told = ("name", "alias", "supporting_access_point", "allowed_features", "cloudwatch_metrics", "created")
    assert values(point, *told) == {
        "name": "redacted",
        "alias": "redacted--ol-s3",
        "supporting_access_point": ARN,
        "allowed_features": ["GetObject-Range"],
        "cloudwatch_metrics": True,
        "created": "2025-01-02T03:04:05Z",
    }
    (transformation,) = value(point.transformations)
    assert values(transformation, "actions", "function", "payload") == {
        "actions": ["GetObject", "HeadObject"],
        "function": FUNCTION,
        "payload": "{}",
    }
    assert transformation.function.at.call == "s3control:GetAccessPointConfigurationForObjectLambda"
    assert value(point.policy_status) is None
    assert parts(point.policy) == ["Version", "Statement"]
    assert listed(read) == {("object-lambda-access-point", REGION): ""}


def test_a_denied_configuration_leaves_the_functions_open(scene: Scene) -> None:
    object_lambda(scene)
    scene.deny("s3control:GetAccessPointConfigurationForObjectLambda")
    point = only(scene.read(OBJECT_LAMBDA), ObjectLambdaAccessPoint)
    said = (
        "s3control:GetAccessPointConfigurationForObjectLambda was denied,"
        " it needs the permission s3:GetAccessPointConfigurationForObjectLambda"
    )
    assert why(point.transformations) == why(point.supporting_access_point) == said
    assert why(point.cloudwatch_metrics) == said
    assert value(point.alias) == "redacted--ol-s3"
