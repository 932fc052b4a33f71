"""Endpoints, routes and addresses that no example shows: what a live account tells, and the edges of ranges."""

import json
from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.finding import Finding
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.expectation import Expectation, Trust
from s3audit.model.network import Route, RouteTable, Vpc, VpcEndpoint
from s3audit.setting import Known, Unset
from s3audit.text import text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("here")
OWN, REGION = "111122223333", "eu-west-1"
NAT = {"destination": "0.0.0.0/0"}
SEEN = tuple(Listing(kind, OWN, REGION) for kind in ("route-table", "vpc-endpoint", "vpc"))


@pytest.mark.parametrize(
    ("operator", "addresses", "status", "severity"),
    [
        ("IpAddress", ["10.0.0.0/8"], Status.FAIL, Severity.LOW),
        ("IpAddress", ["172.31.0.5"], Status.FAIL, Severity.LOW),
        ("IpAddress", ["172.32.0.0/16"], Status.PASS, None),
        ("IpAddress", ["10.0.0.0/7"], Status.PASS, None),
        ("IpAddress", ["fd00::/8"], Status.FAIL, Severity.LOW),
        ("IpAddress", ["2001:db8::/32"], Status.PASS, None),
        ("IpAddress", ["10.0.0.0/8", "203.0.113.7"], Status.PASS, None),
        ("IpAddressIfExists", ["192.168.0.0/16"], Status.FAIL, Severity.LOW),
        ("NotIpAddress", ["192.168.0.0/16"], Status.FAIL, Severity.MEDIUM),
        ("NotIpAddress", ["203.0.113.0/24"], Status.PASS, None),
        ("IpAddress", ["office"], Status.UNKNOWN, None),
    ],
)
def test_addresses(operator: str, addresses: list[str], status: Status, severity: Severity | None) -> None:
    found = judged("network-ip-allowlist", bucket({operator: {"aws:SourceIp": addresses}}, effect="Deny"))
    assert (found.status, found.severity) == (status, severity)


def test_a_route_table_without_an_endpoint() -> None:
    found = judged("network-gateway-endpoint", vpc(), table(NAT), listings=SEEN)
    assert (found.status, [one.note for one in found.evidence]) == (
        Status.FAIL,
        ["no endpoint of S3 serves rtb-1, which leads out by NAT"],
    )


@pytest.mark.parametrize(
    ("routes", "status"),
    [
        ((NAT,), Status.FAIL),
        (({**NAT, "gateway": "igw-1"},), Status.NOT_APPLICABLE),
        (({**NAT, "gateway": "vgw-1"},), Status.FAIL),
        (({"destination": "10.0.0.0/16", "gateway": "local"},), Status.NOT_APPLICABLE),
        ((NAT, {"destination": "::/0", "gateway": "igw-1"}), Status.NOT_APPLICABLE),
        ((), Status.NOT_APPLICABLE),
    ],
)
def test_which_tables_lead_out(routes: tuple[dict[str, str], ...], status: Status) -> None:
    assert judged("network-gateway-endpoint", vpc(), table(*routes), listings=SEEN).status is status


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"type": "Gateway", "tables": ("rtb-1",)}, Status.PASS),
        ({"type": "Gateway", "tables": ("rtb-2",)}, Status.FAIL),
        ({"type": "Interface", "private_dns": True}, Status.PASS),
        ({"type": "Interface", "private_dns": False}, Status.FAIL),
        (
            {"type": "Gateway", "tables": ("rtb-1",), "service": "com.amazonaws.eu-west-1.dynamodb"},
            Status.FAIL,
        ),
        ({"type": "Gateway", "tables": ("rtb-1",), "vpc": "vpc-2"}, Status.FAIL),
    ],
)
def test_which_endpoints_serve_a_table(more: dict[str, Any], status: Status) -> None:
    found = judged("network-gateway-endpoint", vpc(), table(NAT), endpoint(**more), listings=SEEN)
    assert found.status is status


def test_endpoints_that_nobody_may_list_leave_it_open() -> None:
    gap = (Unlisted("vpc-endpoint", OWN, REGION, "denied"),)
    found = judged("network-gateway-endpoint", vpc(), table(NAT), listings=SEEN[:1], not_listed=gap)
    assert found.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("state", "status"),
    [("available", Status.PASS), ("deleted", Status.FAIL), ("deleting", Status.FAIL)],
)
def test_an_endpoint_that_is_on_its_way_out(state: str, status: Status) -> None:
    asked = bucket({"StringEquals": {"aws:SourceVpce": ["vpce-1"]}})
    assert judged("network-policy-endpoint-exists", asked, endpoint(state=state)).status is status


@pytest.mark.parametrize(
    ("condition", "trusted", "status"),
    [
        ({"StringNotEquals": {"aws:SourceVpce": ["vpce-9"]}}, ("vpce-9",), Status.PASS),
        ({"StringNotEquals": {"aws:sourcevpce": ["vpce-8"]}}, ("vpce-9",), Status.FAIL),
        ({"StringNotEquals": {"aws:SourceVpce": ["vpce-8"]}}, None, Status.UNKNOWN),
        ({"StringLike": {"aws:SourceVpce": ["vpce-*"]}}, ("vpce-9",), Status.NOT_APPLICABLE),
        ({"Null": {"aws:SourceVpce": ["true"]}}, ("vpce-9",), Status.NOT_APPLICABLE),
        ({"StringEquals": {"aws:SourceVpc": ["vpc-1"]}}, ("vpce-9",), Status.PASS),
    ],
)
def test_ids_in_a_policy(condition: dict[str, Any], trusted: tuple[str, ...] | None, status: Status) -> None:
    said = Expectation(at=AT, trust=Trust(vpc_endpoints=trusted))
    found = judged("network-policy-endpoint-exists", bucket(condition), vpc(), said=(said,))
    assert found.status is status


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ({"Condition": {"StringEquals": {"aws:ResourceAccount": OWN}}}, "pass"),
        ({"Condition": {"StringEquals": {"s3:ResourceAccount": OWN}}}, "pass"),
        ({"Condition": {"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}}, "pass"),
        ({"Condition": {"StringEqualsIfExists": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}}, "fail"),
        ({"Condition": {"ForAnyValue:StringLike": {"aws:ResourceOrgPaths": "o-a1b2c3d4e5/*"}}}, "pass"),
        ({"Condition": {"StringEquals": {"aws:PrincipalAccount": OWN}}}, "fail"),
        ({"Resource": ["arn:aws:s3:::shop-*", "arn:aws:s3:::shop-*/*"]}, "pass"),
        ({"Resource": "arn:aws:s3:::*"}, "fail"),
        ({"Action": "s3:ListAllMyBuckets"}, "pass"),
        ({"NotAction": "s3:PutObject", "Action": None}, "fail"),
    ],
)
def test_what_an_endpoint_lets_through(statement: dict[str, Any], status: str, tmp_path: Path) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"} | statement
    allow = {name: value for name, value in allow.items() if value is not None}
    assert scanned(tmp_path, [allow]).status == status


def test_a_deny_takes_back_what_an_allow_lets_through(tmp_path: Path) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    others = {"StringNotEquals": {"aws:ResourceAccount": OWN}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": others}
    assert scanned(tmp_path, [allow, deny]).status == "pass"
    assert scanned(tmp_path, [allow, {**deny, "Action": "s3:PutObject"}]).status == "fail"


def scanned(folder: Path, statements: list[dict[str, Any]]) -> Finding:
    properties = {
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.eu-west-1.s3",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
    }
    template = {"Resources": {"S3": {"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}}}
    file = folder / "t.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    [found] = s3audit.scan([file], select=["network-endpoint-policy"], severity="info").findings
    return found


def vpc() -> Vpc:
    return Vpc(address="vpc-1", at=AT, origin="live", title="vpc-1", id=Known(text("vpc-1"), AT), **here())


def table(*routes: dict[str, str]) -> RouteTable:
    made = tuple(Known(route(**one), AT) for one in routes)
    return RouteTable(
        address="rtb-1",
        at=AT,
        origin="live",
        title="rtb-1",
        id=Known(text("rtb-1"), AT),
        vpc=Known(text("vpc-1"), AT),
        routes=Known(made, AT),
        **here(),
    )


def route(destination: str, gateway: str | None = None) -> Route:
    return Route(
        at=AT,
        destination=Known(text(destination), AT),
        gateway=Unset(None, AT) if gateway is None else Known(text(gateway), AT),
    )


def endpoint(
    type: str = "Gateway",  # noqa: A002 - the field of the model
    tables: tuple[str, ...] = (),
    private_dns: bool = False,
    service: str = "com.amazonaws.eu-west-1.s3",
    vpc: str = "vpc-1",
    state: str = "available",
) -> VpcEndpoint:
    return VpcEndpoint(
        address="vpce-1",
        at=AT,
        origin="live",
        title="vpce-1",
        id=Known(text("vpce-1"), AT),
        vpc=Known(text(vpc), AT),
        service=Known(text(service), AT),
        type=Known(type, AT),
        route_tables=Known(tuple(Known(text(one), AT) for one in tables), AT),
        private_dns=Known(private_dns, AT),
        state=Known(state, AT),
        **here(),
    )


def here() -> dict[str, Any]:
    return {"account": Known(text(OWN), AT), "region": Known(text(REGION), AT)}


def bucket(condition: dict[str, Any], effect: str = "Allow") -> Bucket:
    statement = {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::shop/*",
        "Condition": condition,
    }
    return Bucket(
        address="arn:aws:s3:::shop",
        at=AT,
        origin="live",
        title="shop",
        name=Known(text("shop"), AT),
        policy=Known(document({"Version": "2012-10-17", "Statement": [statement]}), AT),
        **here(),
    )


def document(value: Any) -> Value:
    match value:
        case dict():
            return Object(tuple(Member(name, document(one), AT) for name, one in value.items()), AT)
        case list():
            return Array(tuple(map(document, value)), AT)
        case _:
            return Leaf(text(value) if isinstance(value, str) else value, AT)


def judged(
    check: str, resource: Resource, *others: Resource, said: tuple[Expectation, ...] = (), **seen: Any
) -> Verdict:
    estate = Estate([resource, *others], **seen)
    estate.expectations = said
    asked = CHECKS[check]
    return asked.judge(resource, estate) if asked.wants_estate else asked.judge(resource)
