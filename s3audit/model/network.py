"""The private way to S3: VPCs, their routes and endpoints, security groups, Outposts endpoints."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class VpcEndpoint(Resource, frozen=True, kw_only=True, tag="vpc-endpoint"):
    id: Setting[Text | None] = NOT_COLLECTED
    vpc: Setting[Text] = NOT_COLLECTED
    service: Setting[Text | None] = NOT_COLLECTED
    """`com.amazonaws.REGION.s3`."""
    service_region: Setting[Text | None] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    """Gateway, Interface, ..."""
    policy: Setting[Value | None] = NOT_COLLECTED
    """None: everything is allowed."""
    route_tables: Listed[Text] = NOT_COLLECTED
    subnets: Listed[Text] = NOT_COLLECTED
    security_groups: Listed[Text] = NOT_COLLECTED
    private_dns: Setting[bool] = NOT_COLLECTED
    state: Setting[str | None] = NOT_COLLECTED


class Vpc(Resource, frozen=True, kw_only=True, tag="vpc"):
    id: Setting[Text | None] = NOT_COLLECTED


class Subnet(Resource, frozen=True, kw_only=True, tag="subnet"):
    id: Setting[Text | None] = NOT_COLLECTED
    vpc: Setting[Text] = NOT_COLLECTED
    availability_zone: Setting[Text | None] = NOT_COLLECTED


class Route(Section, frozen=True, kw_only=True):
    destination: Setting[Text | None] = NOT_COLLECTED
    """A CIDR block or a prefix list."""
    gateway: Setting[Text | None] = NOT_COLLECTED
    """An internet gateway: the subnets of the table are public."""


class RouteTable(Resource, frozen=True, kw_only=True, tag="route-table"):
    id: Setting[Text | None] = NOT_COLLECTED
    vpc: Setting[Text] = NOT_COLLECTED
    main: Setting[bool] = NOT_COLLECTED
    """The table of every subnet that has none of its own."""
    subnets: Listed[Text] = NOT_COLLECTED
    routes: Listed[Route] = NOT_COLLECTED


class IngressRule(Section, frozen=True, kw_only=True):
    protocol: Setting[Text] = NOT_COLLECTED
    """tcp, udp, a number, or -1 for all."""
    from_port: Setting[int | None] = NOT_COLLECTED
    to_port: Setting[int | None] = NOT_COLLECTED
    cidr: Setting[Text | None] = NOT_COLLECTED
    cidr_ipv6: Setting[Text | None] = NOT_COLLECTED
    security_group: Setting[Text | None] = NOT_COLLECTED
    prefix_list: Setting[Text | None] = NOT_COLLECTED


class SecurityGroup(Resource, frozen=True, kw_only=True, tag="security-group"):
    id: Setting[Text | None] = NOT_COLLECTED
    name: Setting[Text | None] = NOT_COLLECTED
    vpc: Setting[Text | None] = NOT_COLLECTED
    ingress: Listed[IngressRule] = NOT_COLLECTED


class OutpostsEndpoint(Resource, frozen=True, kw_only=True, tag="outposts-endpoint"):
    """How a VPC reaches S3 on an Outpost."""

    outpost: Setting[Text] = NOT_COLLECTED
    subnet: Setting[Text] = NOT_COLLECTED
    security_group: Setting[Text] = NOT_COLLECTED
    access_type: Setting[str] = NOT_COLLECTED
    """Private or CustomerOwnedIp."""
    customer_owned_pool: Setting[Text | None] = NOT_COLLECTED
