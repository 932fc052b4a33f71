"""VPCs, their routes, endpoints and security groups."""

from s3audit.collectors.cloudformation.tables.common import TAGS, attached, part
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    document,
    flag,
    listed,
    number,
    text,
    word,
)
from s3audit.model.network import IngressRule, Route, RouteTable, SecurityGroup, Subnet, Vpc, VpcEndpoint

_INGRESS = Shape(
    IngressRule,
    {
        "protocol": text("IpProtocol"),
        "from_port": number("FromPort"),
        "to_port": number("ToPort"),
        "cidr": text("CidrIp"),
        "cidr_ipv6": text("CidrIpv6"),
        "security_group": text("SourceSecurityGroupId|SourceSecurityGroupName"),
        "prefix_list": text("SourcePrefixListId"),
    },
)

TABLES = {
    "AWS::EC2::VPCEndpoint": Shape(
        VpcEndpoint,
        {
            "vpc": text("VpcId"),
            "service": text("ServiceName"),
            "service_region": text("ServiceRegion"),
            "type": word("VpcEndpointType"),
            "policy": document("PolicyDocument"),
            "route_tables": listed("RouteTableIds", text("")),
            "subnets": listed("SubnetIds", text("")),
            "security_groups": listed("SecurityGroupIds", text("")),
            "private_dns": flag("PrivateDnsEnabled"),
            "tags": TAGS,
        },
    ),
    "AWS::EC2::VPC": Shape(Vpc, {"tags": TAGS}),
    "AWS::EC2::Subnet": Shape(
        Subnet, {"vpc": text("VpcId"), "availability_zone": text("AvailabilityZone"), "tags": TAGS}
    ),
    "AWS::EC2::RouteTable": Shape(
        RouteTable,
        {
            "vpc": text("VpcId"),
            "main": always(False),
            "subnets": absent(),
            "routes": absent(),
            "tags": TAGS,
        },
    ),
    "AWS::EC2::Route": attached(
        "route-table",
        "routes",
        "RouteTableId",
        part(
            Shape(
                Route,
                {
                    "destination": text(
                        "DestinationCidrBlock|DestinationIpv6CidrBlock|DestinationPrefixListId"
                    ),
                    "gateway": text("GatewayId"),
                },
            )
        ),
    ),
    "AWS::EC2::SubnetRouteTableAssociation": attached(
        "route-table", "subnets", "RouteTableId", text("SubnetId")
    ),
    "AWS::EC2::SecurityGroup": Shape(
        SecurityGroup,
        {
            "name": text("GroupName"),
            "vpc": text("VpcId"),
            "ingress": listed("SecurityGroupIngress", _INGRESS),
            "tags": TAGS,
        },
    ),
    "AWS::EC2::SecurityGroupIngress": attached(
        "security-group", "ingress", "GroupId|GroupName", part(_INGRESS)
    ),
}
