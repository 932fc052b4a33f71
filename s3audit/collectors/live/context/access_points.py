"""Other doors to buckets: access points, multi-Region access points, Object Lambda access points."""

from collections.abc import Mapping
from typing import Any

from s3audit.collectors.live.answers import Answer, Told, Unseen
from s3audit.collectors.live.nodes import Call, node
from s3audit.collectors.live.operations import access_points as calls
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.access_points import (
    ACCESS_POINT,
    DIRECTORY_ACCESS_POINT,
    MULTI_REGION_ACCESS_POINT,
    OBJECT_LAMBDA_ACCESS_POINT,
)

NEED = "access points"
_ACCOUNT = {"AccountId": "place.account"}
_POINT = {**_ACCOUNT, "Name": "item.Name"}
_GENERAL = "arn:{place.partition}:s3:{place.region}:{place.account}:accesspoint/{item.Name}"
_DIRECTORY = "arn:{place.partition}:s3express:{place.region}:{place.account}:accesspoint/{item.Name}"
_MULTI_REGION = "arn:{place.partition}:s3::{place.account}:accesspoint/{item.Alias}"
_OBJECT_LAMBDA = (
    "arn:{place.partition}:s3-object-lambda:{place.region}:{place.account}:accesspoint/{item.Name}"
)


def _routed(item: Mapping[str, Any], answers: Mapping[str, Answer]) -> Mapping[str, Any]:
    """Its buckets, each with what the routes say of it."""
    answer = answers[calls.MULTI_REGION_ROUTES.name]
    traffic: dict[str, Any] = {}
    unsaid: Unseen | None = answer if isinstance(answer, Unseen) else None
    if isinstance(answer, Told):
        said = Call(calls.MULTI_REGION_ROUTES.id)
        unsaid = Unseen("unexpected", f"{said.call} has no route to it")
        traffic = {
            route.get("Bucket", ""): node(route.get("TrafficDialPercentage"), said)
            for route in answer.document.get("Routes") or ()
        }
    regions = [
        {**region, "TrafficDialPercentage": traffic.get(region.get("Bucket", ""), unsaid)}
        for region in item.get("Regions") or ()
    ]
    return {**item, "Regions": regions}


ACCESS_POINT_READERS: tuple[Reading, ...] = (
    Reading(
        need=NEED,
        scope="region",
        shape=ACCESS_POINT,
        listing=calls.ACCESS_POINTS,
        parameters=_ACCOUNT,
        items="AccessPointList",
        address=_GENERAL,
        title="{item.Name}",
        details=(
            Detail(operation=calls.ACCESS_POINT, parameters=_POINT),
            Detail(operation=calls.ACCESS_POINT_POLICY, parameters=_POINT),
            Detail(operation=calls.ACCESS_POINT_POLICY_STATUS, parameters=_POINT),
            Detail(operation=calls.TAGS, parameters={**_ACCOUNT, "ResourceArn": _GENERAL}),
        ),
    ),
    Reading(
        need=NEED,
        scope="region",
        shape=DIRECTORY_ACCESS_POINT,
        listing=calls.DIRECTORY_ACCESS_POINTS,
        parameters=_ACCOUNT,
        items="AccessPointList",
        address=_DIRECTORY,
        title="{item.Name}",
        details=(
            Detail(operation=calls.DIRECTORY_ACCESS_POINT, parameters=_POINT),
            Detail(operation=calls.DIRECTORY_ACCESS_POINT_POLICY, parameters=_POINT),
            Detail(operation=calls.ACCESS_POINT_SCOPE, parameters=_POINT),
            Detail(operation=calls.DIRECTORY_TAGS, parameters={**_ACCOUNT, "ResourceArn": _DIRECTORY}),
        ),
    ),
    Reading(
        need=NEED,
        scope="account",
        shape=MULTI_REGION_ACCESS_POINT,
        listing=calls.MULTI_REGION,
        parameters=_ACCOUNT,
        items="AccessPoints",
        address=_MULTI_REGION,
        title="{item.Name}",
        # AWS answers for all Regions in this one, and has them in no other partition.
        region="us-west-2",
        partitions=("aws",),
        details=(
            Detail(operation=calls.MULTI_REGION_POLICY, parameters=_POINT),
            Detail(operation=calls.MULTI_REGION_POLICY_STATUS, parameters=_POINT),
            Detail(operation=calls.MULTI_REGION_ROUTES, parameters={**_ACCOUNT, "Mrap": _MULTI_REGION}),
        ),
        joined=_routed,
    ),
    Reading(
        need=NEED,
        scope="region",
        shape=OBJECT_LAMBDA_ACCESS_POINT,
        listing=calls.OBJECT_LAMBDA,
        parameters=_ACCOUNT,
        items="ObjectLambdaAccessPointList",
        address=_OBJECT_LAMBDA,
        title="{item.Name}",
        details=(
            Detail(operation=calls.OBJECT_LAMBDA_POINT, parameters=_POINT),
            Detail(operation=calls.OBJECT_LAMBDA_CONFIGURATION, parameters=_POINT),
            Detail(operation=calls.OBJECT_LAMBDA_POLICY, parameters=_POINT),
            Detail(operation=calls.OBJECT_LAMBDA_POLICY_STATUS, parameters=_POINT),
        ),
    ),
)
