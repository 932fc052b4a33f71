"""VPCs, their routes, endpoints and security groups."""

from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    absent,
    always,
    document,
    flag,
    listed,
    number,
    otherwise,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import TAGS, attached, part, policy_of
from s3audit.model.network import IngressRule, Route, RouteTable, SecurityGroup, Subnet, Vpc, VpcEndpoint
from s3audit.text import Text


def _rules(path: str, groups: str) -> Field:
    """Rules that name several addresses, of which the model has one a rule."""
    return listed(
        path,
        Shape(
            IngressRule,
            {
                "protocol": text("protocol"),
                "from_port": number("from_port"),
                "to_port": number("to_port"),
                "cidr": text("cidr_blocks"),
                "cidr_ipv6": text("ipv6_cidr_blocks"),
                "security_group": text(groups),
                "prefix_list": text("prefix_list_ids"),
            },
        ),
        each=("cidr_blocks", "ipv6_cidr_blocks", groups, "prefix_list_ids"),
    )


def _route(cidr: str, cidr_ipv6: str) -> Shape:
    return Shape(
        Route,
        {
            "destination": text(f"{cidr}|{cidr_ipv6}|destination_prefix_list_id"),
            "gateway": text("gateway_id"),
        },
    )


def _associated(field: str, path: str) -> Shape:
    """One of the things that an endpoint is associated with."""
    return attached("vpc-endpoint", field, "vpc_endpoint_id", text(path))


_ROUTE_TABLE = {
    "vpc": text("vpc_id"),
    "main": otherwise(absent(), False),
    "subnets": absent(),
    "routes": listed("route", _route("cidr_block", "ipv6_cidr_block")),
    "tags": TAGS,
}
_SECURITY_GROUP = {
    "name": text("name"),
    "vpc": text("vpc_id"),
    "ingress": _rules("ingress", "security_groups"),
    "tags": TAGS,
}
_SUBNET = {"vpc": text("vpc_id"), "availability_zone": text("availability_zone"), "tags": TAGS}

TABLES = {
    "aws_vpc_endpoint": Shape(
        VpcEndpoint,
        {
            "vpc": text("vpc_id"),
            "service": text("service_name"),
            "service_region": text("service_region"),
            "type": word("vpc_endpoint_type"),
            "policy": document("policy"),
            "route_tables": listed("route_table_ids", text("")),
            "subnets": listed("subnet_ids", text("")),
            "security_groups": listed("security_group_ids", text("")),
            "private_dns": flag("private_dns_enabled"),
            "tags": TAGS,
        },
    ),
    "aws_vpc_endpoint_policy": policy_of("vpc-endpoint", "vpc_endpoint_id"),
    "aws_vpc_endpoint_private_dns": attached(
        "vpc-endpoint", "private_dns", "vpc_endpoint_id", flag("private_dns_enabled")
    ),
    "aws_vpc_endpoint_route_table_association": _associated("route_tables", "route_table_id"),
    "aws_vpc_endpoint_security_group_association": _associated("security_groups", "security_group_id"),
    "aws_vpc_endpoint_subnet_association": _associated("subnets", "subnet_id"),
    "aws_vpc": Shape(Vpc, {"tags": TAGS}),
    "aws_default_vpc": Shape(Vpc, {"tags": TAGS}),
    "aws_subnet": Shape(Subnet, _SUBNET),
    "aws_default_subnet": Shape(Subnet, _SUBNET),
    "aws_route_table": Shape(RouteTable, _ROUTE_TABLE),
    "aws_default_route_table": Shape(RouteTable, _ROUTE_TABLE | {"main": always(True)}),
    "aws_main_route_table_association": attached("route-table", "main", "route_table_id", always(True)),
    "aws_route": attached(
        "route-table",
        "routes",
        "route_table_id",
        part(_route("destination_cidr_block", "destination_ipv6_cidr_block")),
    ),
    # An association with a gateway is none with a subnet: it stands there under an id that no subnet has.
    "aws_route_table_association": attached(
        "route-table", "subnets", "route_table_id", text("subnet_id|gateway_id")
    ),
    "aws_security_group": Shape(SecurityGroup, _SECURITY_GROUP),
    "aws_default_security_group": Shape(
        SecurityGroup, _SECURITY_GROUP | {"name": always(Text(("default",)))}
    ),
    "aws_security_group_rule": attached(
        "security-group",
        "ingress",
        "[type=ingress].security_group_id",
        _rules("", "source_security_group_id"),
    ),
    "aws_vpc_security_group_ingress_rule": attached(
        "security-group",
        "ingress",
        "security_group_id",
        part(
            Shape(
                IngressRule,
                {
                    "protocol": text("ip_protocol"),
                    "from_port": number("from_port"),
                    "to_port": number("to_port"),
                    "cidr": text("cidr_ipv4"),
                    "cidr_ipv6": text("cidr_ipv6"),
                    "security_group": text("referenced_security_group_id"),
                    "prefix_list": text("prefix_list_id"),
                },
            )
        ),
    ),
}
