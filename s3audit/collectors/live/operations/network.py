"""The calls that tell about the private way to S3, and about load balancers, which write to buckets."""

from s3audit.collectors.live.operations.base import Operation, Pages


def _ec2(name: str, tells: str, items: str, most: int = 1000) -> Operation:
    return Operation(
        service="ec2",
        name=name,
        action=f"ec2:{name}",
        tells=tells,
        has=(items,),
        pages=Pages((items,), "NextToken", "NextToken", ("MaxResults", most)),
    )


VPC_ENDPOINTS = _ec2("DescribeVpcEndpoints", "VPC endpoints and their policies", "VpcEndpoints")
VPCS = _ec2("DescribeVpcs", "VPCs", "Vpcs")
SUBNETS = _ec2("DescribeSubnets", "subnets", "Subnets")
ROUTE_TABLES = _ec2("DescribeRouteTables", "route tables", "RouteTables", 100)
SECURITY_GROUPS = _ec2("DescribeSecurityGroups", "security groups", "SecurityGroups")

_DESCRIBE = "elasticloadbalancing:DescribeLoadBalancers"
_ATTRIBUTES = "elasticloadbalancing:DescribeLoadBalancerAttributes"
_GONE = ("LoadBalancerNotFound",)

BALANCERS = Operation(
    service="elbv2",
    name="DescribeLoadBalancers",
    action=_DESCRIBE,
    tells="load balancers",
    has=("LoadBalancers",),
    pages=Pages(("LoadBalancers",), "NextMarker", "Marker", ("PageSize", 400)),
)
BALANCER_LOGS = Operation(
    service="elbv2",
    name="DescribeLoadBalancerAttributes",
    action=_ATTRIBUTES,
    tells="where a load balancer logs",
    has=("Attributes",),
    gone=_GONE,
)
CLASSIC_BALANCERS = Operation(
    service="elb",
    name="DescribeLoadBalancers",
    action=_DESCRIBE,
    tells="classic load balancers",
    has=("LoadBalancerDescriptions",),
    pages=Pages(("LoadBalancerDescriptions",), "NextMarker", "Marker", ("PageSize", 400)),
)
CLASSIC_BALANCER_LOGS = Operation(
    service="elb",
    name="DescribeLoadBalancerAttributes",
    action=_ATTRIBUTES,
    tells="where a classic load balancer logs",
    has=("LoadBalancerAttributes",),
    gone=_GONE,
)

OF_NETWORK: tuple[Operation, ...] = (
    VPC_ENDPOINTS,
    VPCS,
    SUBNETS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    BALANCERS,
    BALANCER_LOGS,
    CLASSIC_BALANCERS,
    CLASSIC_BALANCER_LOGS,
)
