"""The private way to S3, and load balancers, which write to buckets."""

from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.collectors.documents.shape import Shape
from s3audit.collectors.live.answers import Answer
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import network as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Detail, Read, Reading, Scope
from s3audit.collectors.live.tables.network import (
    BALANCER,
    CLASSIC_BALANCER,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)
from s3audit.model.base import Resource
from s3audit.model.network import VpcEndpoint
from s3audit.setting import Known
from s3audit.text import Text

_EC2 = "arn:{place.partition}:ec2:{place.region}:{item.OwnerId}:"
"""What is shared belongs to another account."""


def _reading(shape: Shape, listing: Operation, items: str, named: str, key: str, **more: Any) -> Reading:
    return Reading(
        need="endpoints",
        scope="region",
        shape=shape,
        listing=listing,
        items=items,
        address=f"{_EC2}{named}/{{item.{key}}}",
        title=f"{{item.{key}}}",
        **more,
    )


class Endpoints(msgspec.Struct, frozen=True):
    """The VPC endpoints that lead to S3, of all that there are."""

    need: str = "endpoints"
    scope: Scope = "region"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        every = _ENDPOINTS.read(asker, place, region)
        return msgspec.structs.replace(every, resources=tuple(filter(_leads_to_s3, every.resources)))


def _leads_to_s3(endpoint: Resource) -> bool:
    """Whether a label of its service begins so: `com.amazonaws.s3-global.accesspoint`."""
    match endpoint:
        case VpcEndpoint(service=Known(Text() as service)):
            return any(label.startswith("s3") for label in str(service).split("."))
        case _:
            return True


def _with_subnets(item: Mapping[str, Any], _: Mapping[str, Answer]) -> Mapping[str, Any]:
    """A route table with the subnets alone of all that it is associated with."""
    subnets = [one["SubnetId"] for one in item.get("Associations") or () if "SubnetId" in one]
    return {**item, "Subnets": subnets}


_ENDPOINTS = _reading(VPC_ENDPOINT, operations.VPC_ENDPOINTS, "VpcEndpoints", "vpc-endpoint", "VpcEndpointId")
ENDPOINTS = Endpoints()
VPCS = _reading(VPC, operations.VPCS, "Vpcs", "vpc", "VpcId")
SUBNETS = _reading(SUBNET, operations.SUBNETS, "Subnets", "subnet", "SubnetId")
ROUTE_TABLES = _reading(
    ROUTE_TABLE, operations.ROUTE_TABLES, "RouteTables", "route-table", "RouteTableId", joined=_with_subnets
)
SECURITY_GROUPS = _reading(
    SECURITY_GROUP, operations.SECURITY_GROUPS, "SecurityGroups", "security-group", "GroupId"
)

_NEED = "load balancers"


BALANCERS = Reading(
    need=_NEED,
    scope="region",
    shape=BALANCER,
    listing=operations.BALANCERS,
    items="LoadBalancers",
    address="{item.LoadBalancerArn}",
    title="{item.LoadBalancerName}",
    details=(
        Detail(operation=operations.BALANCER_LOGS, parameters={"LoadBalancerArn": "item.LoadBalancerArn"}),
    ),
)
CLASSIC_BALANCERS = Reading(
    need=_NEED,
    scope="region",
    shape=CLASSIC_BALANCER,
    listing=operations.CLASSIC_BALANCERS,
    items="LoadBalancerDescriptions",
    address="arn:{place.partition}:elasticloadbalancing:{place.region}:{place.account}"
    ":loadbalancer/{item.LoadBalancerName}",
    title="{item.LoadBalancerName}",
    details=(
        Detail(
            operation=operations.CLASSIC_BALANCER_LOGS,
            parameters={"LoadBalancerName": "item.LoadBalancerName"},
        ),
    ),
)

NETWORK_READERS = (
    ENDPOINTS,
    VPCS,
    SUBNETS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    BALANCERS,
    CLASSIC_BALANCERS,
)
