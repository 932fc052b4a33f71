"""VPCs, routes, endpoints and security groups, in one resource or in several."""

import json

import pytest

from s3audit.model.network import RouteTable, SecurityGroup, VpcEndpoint
from s3audit.setting import Known, Unknown
from tests.terraform.filling import UNKNOWN, filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
ENDPOINT = ("aws_vpc_endpoint", {"vpc_id": "vpc-1", "service_name": "com.amazonaws.eu-west-1.s3"})


def test_an_endpoint() -> None:
    endpoint = filled(
        "aws_vpc_endpoint",
        {
            "vpc_id": "vpc-1",
            "service_name": "com.amazonaws.eu-west-1.s3",
            "service_region": "eu-west-1",
            "vpc_endpoint_type": "Interface",
            "policy": json.dumps(POLICY),
            "route_table_ids": ["rtb-1"],
            "subnet_ids": ["subnet-1", "subnet-2"],
            "security_group_ids": ["sg-1"],
            "private_dns_enabled": True,
            "tags": {"a": "b"},
        },
    )
    assert told(endpoint) == {
        "vpc": "vpc-1",
        "service": "com.amazonaws.eu-west-1.s3",
        "service_region": "eu-west-1",
        "type": "Interface",
        "policy": POLICY,
        "route_tables": ["rtb-1"],
        "subnets": ["subnet-1", "subnet-2"],
        "security_groups": ["sg-1"],
        "private_dns": True,
        "tags": [{"key": "a", "value": "b"}],
    }


def test_an_endpoint_that_says_little() -> None:
    endpoint = filled(*ENDPOINT)
    assert unwritten(endpoint) == {
        "service_region": None,
        "type": "Gateway",
        "policy": None,
        "route_tables": [],
        "subnets": [],
        "security_groups": [],
        "private_dns": False,
        "tags": [],
    }


@pytest.mark.parametrize(
    ("type_name", "arguments", "field", "value"),
    [
        ("aws_vpc_endpoint_policy", {"policy": json.dumps(POLICY)}, "policy", POLICY),
        ("aws_vpc_endpoint_private_dns", {"private_dns_enabled": True}, "private_dns", True),
        (
            "aws_vpc_endpoint_route_table_association",
            {"route_table_id": "rtb-1"},
            "route_tables",
            "rtb-1",
        ),
        (
            "aws_vpc_endpoint_security_group_association",
            {"security_group_id": "sg-1"},
            "security_groups",
            "sg-1",
        ),
        ("aws_vpc_endpoint_subnet_association", {"subnet_id": "subnet-1"}, "subnets", "subnet-1"),
    ],
)
def test_what_stands_beside_an_endpoint(
    type_name: str, arguments: dict[str, object], field: str, value: object
) -> None:
    assert told(filled(type_name, {"vpc_endpoint_id": "vpce-1", **arguments})) == {
        "kind": "vpc-endpoint",
        "field": field,
        "targets": ["vpce-1"],
        "value": value,
    }


def test_whose_an_association_is_that_names_an_id_is_not_known() -> None:
    beside = ("aws_vpc_endpoint_subnet_association", {"vpc_endpoint_id": "vpce-1", "subnet_id": "subnet-1"})
    (endpoint,) = joined(VpcEndpoint, ENDPOINT, beside)
    assert plain(endpoint.subnets) == [UNKNOWN]


@pytest.mark.parametrize("type_name", ["aws_vpc", "aws_default_vpc"])
def test_a_vpc(type_name: str) -> None:
    assert told(filled(type_name, {"cidr_block": "10.0.0.0/16", "tags": {"a": "b"}})) == {
        "tags": [{"key": "a", "value": "b"}]
    }


@pytest.mark.parametrize("type_name", ["aws_subnet", "aws_default_subnet"])
def test_a_subnet(type_name: str) -> None:
    arguments = {"vpc_id": "vpc-1", "availability_zone": "eu-west-1a", "tags": {"a": "b"}}
    assert told(filled(type_name, arguments)) == {
        "vpc": "vpc-1",
        "availability_zone": "eu-west-1a",
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_route_table() -> None:
    table = filled(
        "aws_route_table",
        {
            "vpc_id": "vpc-1",
            "route": [
                {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"},
                {"cidr_block": "", "ipv6_cidr_block": "::/0", "egress_only_gateway_id": "eigw-1"},
                {"destination_prefix_list_id": "pl-1", "gateway_id": "vpce-1"},
            ],
            "tags": {"a": "b"},
        },
    )
    assert told(table) == {
        "vpc": "vpc-1",
        "routes": [
            {"destination": "0.0.0.0/0", "gateway": "igw-1"},
            {"destination": "::/0"},
            {"destination": "pl-1", "gateway": "vpce-1"},
        ],
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(table) == {"main": False, "subnets": []}


def test_the_main_route_table() -> None:
    by_default = filled(
        "aws_default_route_table",
        {
            "default_route_table_id": "rtb-1",
            "vpc_id": "vpc-1",
            "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}],
            "tags": {"a": "b"},
        },
    )
    assert told(by_default) == {
        "vpc": "vpc-1",
        "main": True,
        "routes": [{"destination": "0.0.0.0/0", "gateway": "igw-1"}],
        "tags": [{"key": "a", "value": "b"}],
    }
    chosen = filled("aws_main_route_table_association", {"vpc_id": "vpc-1", "route_table_id": "rtb-2"})
    assert told(chosen) == {"kind": "route-table", "field": "main", "targets": ["rtb-2"], "value": True}


def test_whether_a_table_is_the_main_one_is_open_when_the_id_is_a_literal() -> None:
    (table,) = joined(
        RouteTable,
        ("aws_route_table", {"vpc_id": "vpc-1"}),
        ("aws_main_route_table_association", {"vpc_id": "vpc-1", "route_table_id": "rtb-2"}),
    )
    assert isinstance(table.main, Unknown)


@pytest.mark.parametrize(
    ("destination", "value"),
    [
        ("destination_cidr_block", "0.0.0.0/0"),
        ("destination_ipv6_cidr_block", "::/0"),
        ("destination_prefix_list_id", "pl-1"),
    ],
)
def test_a_route_beside_its_table(destination: str, value: str) -> None:
    route = filled("aws_route", {"route_table_id": "rtb-1", destination: value, "gateway_id": "igw-1"})
    assert told(route) == {
        "kind": "route-table",
        "field": "routes",
        "targets": ["rtb-1"],
        "value": {"destination": value, "gateway": "igw-1"},
    }


@pytest.mark.parametrize("with_what", ["subnet_id", "gateway_id"])
def test_an_association_of_a_route_table(with_what: str) -> None:
    association = filled("aws_route_table_association", {"route_table_id": "rtb-1", with_what: "x-1"})
    assert told(association) == {
        "kind": "route-table",
        "field": "subnets",
        "targets": ["rtb-1"],
        "value": "x-1",
    }


NFS = {"protocol": "tcp", "from_port": 2049, "to_port": 2049}


def test_a_security_group_has_a_rule_for_each_address_that_one_of_its_blocks_names() -> None:
    group = filled(
        "aws_security_group",
        {
            "name": "nfs",
            "vpc_id": "vpc-1",
            "ingress": [
                {
                    **NFS,
                    "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"],
                    "ipv6_cidr_blocks": ["::/0"],
                    "security_groups": ["sg-2"],
                    "prefix_list_ids": ["pl-1"],
                    "self": False,
                },
                {**NFS, "cidr_blocks": [], "ipv6_cidr_blocks": None, "self": True},
            ],
            "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
            "tags": {"a": "b"},
        },
    )
    assert told(group) == {
        "name": "nfs",
        "vpc": "vpc-1",
        "ingress": [
            {**NFS, "cidr": "10.0.0.0/8"},
            {**NFS, "cidr": "0.0.0.0/0"},
            {**NFS, "cidr_ipv6": "::/0"},
            {**NFS, "security_group": "sg-2"},
            {**NFS, "prefix_list": "pl-1"},
            NFS,
        ],
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(group.ingress.value[-1].value) == {
        "cidr": None,
        "cidr_ipv6": None,
        "security_group": None,
        "prefix_list": None,
    }


def test_a_group_without_rules() -> None:
    assert unwritten(filled("aws_security_group", {})) == {
        "name": None,
        "vpc": None,
        "ingress": [],
        "tags": [],
    }
    assert told(filled("aws_security_group", {"ingress": []})) == {"ingress": []}


def test_the_default_group_of_a_vpc() -> None:
    rule = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}
    group = filled("aws_default_security_group", {"vpc_id": "vpc-1", "ingress": [rule], "tags": {"a": "b"}})
    assert told(group) == {
        "name": "default",
        "vpc": "vpc-1",
        "ingress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr": "0.0.0.0/0"}],
        "tags": [{"key": "a", "value": "b"}],
    }


def test_rules_beside_their_group_say_the_same_as_rules_in_it() -> None:
    (inside,) = joined(
        SecurityGroup,
        (
            "aws_security_group",
            {"name": "nfs", "ingress": [{**NFS, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}]},
        ),
    )
    older = {"security_group_id": "nfs", "type": "ingress", **NFS, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}
    (beside,) = joined(
        SecurityGroup, ("aws_security_group", {"name": "nfs"}), ("aws_security_group_rule", older)
    )
    newer = {"security_group_id": "nfs", "ip_protocol": "tcp", "from_port": 2049, "to_port": 2049}
    (single,) = joined(
        SecurityGroup,
        ("aws_security_group", {"name": "nfs"}),
        ("aws_vpc_security_group_ingress_rule", {**newer, "cidr_ipv4": "10.0.0.0/8"}),
        ("aws_vpc_security_group_ingress_rule", {**newer, "cidr_ipv4": "0.0.0.0/0"}),
    )
    assert plain(inside.ingress) == plain(beside.ingress) == plain(single.ingress)
    assert plain(inside.ingress) == [{**NFS, "cidr": "10.0.0.0/8"}, {**NFS, "cidr": "0.0.0.0/0"}]


def test_what_a_rule_of_its_own_may_name() -> None:
    older = filled(
        "aws_security_group_rule",
        {
            "security_group_id": "sg-1",
            "type": "ingress",
            **NFS,
            "ipv6_cidr_blocks": ["::/0"],
            "source_security_group_id": "sg-2",
            "prefix_list_ids": ["pl-1"],
        },
    )
    assert plain(older.value) == [
        {**NFS, "cidr_ipv6": "::/0"},
        {**NFS, "security_group": "sg-2"},
        {**NFS, "prefix_list": "pl-1"},
    ]
    newer = filled(
        "aws_vpc_security_group_ingress_rule",
        {
            "security_group_id": "sg-1",
            "ip_protocol": "tcp",
            "from_port": 2049,
            "to_port": 2049,
            "cidr_ipv6": "::/0",
            "referenced_security_group_id": "sg-2",
            "prefix_list_id": "pl-1",
        },
    )
    assert plain(newer.value) == {
        **NFS,
        "cidr_ipv6": "::/0",
        "security_group": "sg-2",
        "prefix_list": "pl-1",
    }


def test_a_rule_for_outgoing_traffic_lets_nothing_in() -> None:
    (group,) = joined(
        SecurityGroup,
        ("aws_security_group", {"name": "nfs"}),
        (
            "aws_security_group_rule",
            {"security_group_id": "nfs", "type": "egress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]},
        ),
    )
    assert plain(group.ingress) == []


def test_a_place_that_stands_for_a_rule() -> None:
    group = filled("aws_security_group", {"ingress": [{"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}]})
    cidr = group.ingress.value[1].value.cidr
    assert isinstance(cidr, Known)
    assert plain(cidr) == "0.0.0.0/0"
    assert (cidr.at.line, cidr.at.column, cidr.at.end_column) == (1, 45, 56)
