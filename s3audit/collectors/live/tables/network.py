"""VPC endpoints, VPCs, routes, security groups and load balancers, from the answers about them."""

from s3audit.collectors.documents.shape import (
    Field,
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
from s3audit.collectors.live.tables.buckets import TAG
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.network import IngressRule, Route, RouteTable, SecurityGroup, Subnet, Vpc, VpcEndpoint

_TAGS = listed("item.Tags", TAG)
_OWNER = text("item.OwnerId")

VPC_ENDPOINT = Shape(
    VpcEndpoint,
    {
        "account": _OWNER,
        "id": text("item.VpcEndpointId"),
        "vpc": text("item.VpcId"),
        "service": text("item.ServiceName"),
        "service_region": text("item.ServiceRegion"),
        "type": word("item.VpcEndpointType"),
        "policy": document("item.PolicyDocument"),
        "route_tables": listed("item.RouteTableIds", text("")),
        "subnets": listed("item.SubnetIds", text("")),
        "security_groups": listed("item.Groups", text("GroupId")),
        "private_dns": flag("item.PrivateDnsEnabled"),
        "state": word("item.State"),
        "tags": _TAGS,
    },
)
VPC = Shape(Vpc, {"account": _OWNER, "id": text("item.VpcId"), "tags": _TAGS})
SUBNET = Shape(
    Subnet,
    {
        "account": _OWNER,
        "id": text("item.SubnetId"),
        "vpc": text("item.VpcId"),
        "availability_zone": text("item.AvailabilityZone"),
        "tags": _TAGS,
    },
)
ROUTE_TABLE = Shape(
    RouteTable,
    {
        "account": _OWNER,
        "id": text("item.RouteTableId"),
        "vpc": text("item.VpcId"),
        "main": flag("item.Associations[Main=true]#present"),
        "subnets": listed("item.Subnets", text("")),
        "routes": listed(
            "item.Routes",
            Shape(
                Route,
                {
                    "destination": text(
                        "DestinationCidrBlock|DestinationIpv6CidrBlock|DestinationPrefixListId"
                    ),
                    "gateway": text("GatewayId"),
                },
            ),
        ),
        "tags": _TAGS,
    },
)
SECURITY_GROUP = Shape(
    SecurityGroup,
    {
        "account": _OWNER,
        "id": text("item.GroupId"),
        "name": text("item.GroupName"),
        "vpc": text("item.VpcId"),
        "ingress": listed(
            "item.IpPermissions",
            Shape(
                IngressRule,
                {
                    "protocol": text("IpProtocol"),
                    "from_port": number("FromPort"),
                    "to_port": number("ToPort"),
                    "cidr": text("IpRanges.CidrIp"),
                    "cidr_ipv6": text("Ipv6Ranges.CidrIpv6"),
                    "security_group": text("UserIdGroupPairs.GroupId"),
                    "prefix_list": text("PrefixListIds.PrefixListId"),
                },
            ),
            each=("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds"),
        ),
        "tags": _TAGS,
    },
)


def _attribute(key: str) -> str:
    return f"DescribeLoadBalancerAttributes.Attributes[Key={key}].Value"


_CLASSIC = "DescribeLoadBalancerAttributes.LoadBalancerAttributes.AccessLog."
_NO_CONNECTION_LOGS: dict[str, Field] = {
    "connection_logs": absent(),
    "connection_log_bucket": absent(),
    "connection_log_prefix": absent(),
}

BALANCER = Shape(
    LoadBalancer,
    {
        "name": text("item.LoadBalancerName"),
        "type": word("item.Type"),
        "access_logs": flag(_attribute("access_logs.s3.enabled")),
        "access_log_bucket": text(_attribute("access_logs.s3.bucket")),
        "access_log_prefix": text(_attribute("access_logs.s3.prefix")),
        "connection_logs": flag(_attribute("connection_logs.s3.enabled")),
        "connection_log_bucket": text(_attribute("connection_logs.s3.bucket")),
        "connection_log_prefix": text(_attribute("connection_logs.s3.prefix")),
    },
)
CLASSIC_BALANCER = Shape(
    LoadBalancer,
    {
        "name": text("item.LoadBalancerName"),
        "type": always("classic"),
        "access_logs": flag(_CLASSIC + "Enabled"),
        "access_log_bucket": text(_CLASSIC + "S3BucketName"),
        "access_log_prefix": text(_CLASSIC + "S3BucketPrefix"),
        **_NO_CONNECTION_LOGS,
    },
)
