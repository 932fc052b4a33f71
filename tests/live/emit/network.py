"""VPCs with their subnets and routes, and the records of Route 53, as the server is told to answer."""

from collections.abc import Callable, Mapping
from typing import Any

from s3audit.demo.world import World
from s3audit.model.dns import DnsRecord
from s3audit.model.network import Route, RouteTable, Subnet
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told

_ZONE = "Z0EXAMPLE"


def _record(names: Names, world: World, listings: Listings, one: DnsRecord) -> None:
    alias = names.text(one.alias)
    item = fields(
        Name=names.text(one.name),
        Type=told(one.type),
        AliasTarget=None
        if alias is None
        else {"HostedZoneId": names.text(one.alias_zone), "DNSName": alias, "EvaluateTargetHealth": False},
        ResourceRecords=items(one.values, lambda value: {"Value": names.said(value)}),
    )
    zone = names.text(one.zone) or _ZONE
    zones = {"HostedZones": [{"Id": f"/hostedzone/{zone}", "Name": "example.com.", "CallerReference": "x"}]}
    world.tell("route53:ListHostedZones", {**zones, "Marker": "", "IsTruncated": False, "MaxItems": "100"})
    listings.add("route53:ListResourceRecordSets", item)


def _subnet(names: Names, world: World, listings: Listings, one: Subnet) -> None:
    item = fields(
        SubnetId=names.own[one.address],
        VpcId=names.text(one.vpc),
        AvailabilityZone=names.text(one.availability_zone),
        OwnerId=names.account,
    )
    listings.add("ec2:DescribeSubnets", item)


def _route_table(names: Names, world: World, listings: Listings, one: RouteTable) -> None:
    associations = [{"Main": False, "SubnetId": subnet} for subnet in items(one.subnets, names.said)]
    if told(one.main):
        associations.append({"Main": True})
    item = fields(
        RouteTableId=names.own[one.address],
        VpcId=names.text(one.vpc),
        Associations=associations,
        Routes=items(one.routes, lambda route: _route(names, route)),
        OwnerId=names.account,
    )
    listings.add("ec2:DescribeRouteTables", item)


def _route(names: Names, one: Route) -> dict[str, Any]:
    return fields(DestinationCidrBlock=names.text(one.destination), GatewayId=names.text(one.gateway))


NETWORK: Mapping[str, Callable[[Names, World, Listings, Any], None]] = {
    "dns-record": _record,
    "route-table": _route_table,
    "subnet": _subnet,
}
"""By kind."""
