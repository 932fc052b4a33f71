"""VPC endpoints and what leads to them, and load balancers."""

import json
from typing import Any

from s3audit.collectors.live.context.network import (
    BALANCERS,
    CLASSIC_BALANCERS,
    ENDPOINTS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    SUBNETS,
    VPCS,
)
from s3audit.collectors.live.reading import total
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.estate import Listing, Unlisted
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, only, own, plain, whose

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}
HERE = ("123456789012", "eu-west-1")


def arn(kind: str, name: str, account: str = "123456789012") -> str:
    return f"arn:aws:ec2:eu-west-1:{account}:{kind}/{name}"


def endpoint(name: str, service: str, **more: Any) -> dict[str, Any]:
    made = {
        "VpcEndpointId": name,
        "VpcEndpointType": "Interface",
        "VpcId": "vpc-1",
        "ServiceName": f"com.amazonaws.{service}",
        "State": "available",
        "PolicyDocument": json.dumps(POLICY),
        "OwnerId": "123456789012",
        "PrivateDnsEnabled": False,
    }
    return made | more


def test_every_setting_of_an_endpoint_is_told_with_its_call(server: Server, look: Look) -> None:
    full = endpoint(
        "vpce-1",
        "eu-west-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=["rtb-1"],
        SubnetIds=["subnet-1"],
        Groups=[{"GroupId": "sg-1", "GroupName": "s3"}],
        PrivateDnsEnabled=True,
        ServiceRegion="us-east-1",
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    server.world.tell("ec2:DescribeVpcEndpoints", {"VpcEndpoints": [full]})
    found = look(ENDPOINTS)
    one = only(found.resources)
    assert found.listings == (Listing("vpc-endpoint", *HERE),)
    assert whose(one) == (arn("vpc-endpoint", "vpce-1"), *HERE)
    assert plain(one.tags) == [{"key": "team", "value": "shop"}]
    assert own(one) == {
        "id": "vpce-1",
        "vpc": "vpc-1",
        "service": "com.amazonaws.eu-west-1.s3",
        "service_region": "us-east-1",
        "type": "Gateway",
        "policy": POLICY,
        "route_tables": ["rtb-1"],
        "subnets": ["subnet-1"],
        "security_groups": ["sg-1"],
        "private_dns": True,
        "state": "available",
    }
    assert set(calls(one).values()) == {"ec2:DescribeVpcEndpoints"}


def test_of_the_endpoints_those_to_s3_count_and_they_come_in_pages(server: Server, look: Look) -> None:
    services = ["eu-west-1.s3", "eu-west-1.sts", "eu-west-1.s3express", "s3-global.accesspoint", "vpce.x"]
    listed = [endpoint(f"vpce-{number}", service) for number, service in enumerate(services)]
    server.world.tell("ec2:DescribeVpcEndpoints", {"VpcEndpoints": listed}, page=2)
    assert [one.title for one in look(ENDPOINTS).resources] == ["vpce-0", "vpce-2", "vpce-3"]
    assert server.world.requests["ec2:DescribeVpcEndpoints"] == 3


def test_vpcs_and_subnets_are_told_with_whose_they_are(server: Server, look: Look) -> None:
    vpcs = [{"VpcId": f"vpc-{number}", "OwnerId": "123456789012"} for number in range(3)]
    server.world.tell("ec2:DescribeVpcs", {"Vpcs": vpcs}, page=2)
    shared = {
        "SubnetId": "subnet-1",
        "VpcId": "vpc-1",
        "AvailabilityZone": "eu-west-1a",
        "OwnerId": "999999999999",
    }
    server.world.tell("ec2:DescribeSubnets", {"Subnets": [shared]})
    assert [own(one) for one in look(VPCS).resources] == [{"id": f"vpc-{number}"} for number in range(3)]
    subnet = only(look(SUBNETS).resources)
    assert whose(subnet) == (arn("subnet", "subnet-1", "999999999999"), "999999999999", "eu-west-1")
    assert own(subnet) == {"id": "subnet-1", "vpc": "vpc-1", "availability_zone": "eu-west-1a"}
    assert set(calls(subnet).values()) == {"ec2:DescribeSubnets"}


def test_a_route_table_is_told_with_its_subnets_and_routes(server: Server, look: Look) -> None:
    main = {
        "RouteTableId": "rtb-main",
        "VpcId": "vpc-1",
        "OwnerId": "123456789012",
        "Associations": [
            {"Main": True, "RouteTableAssociationId": "a", "RouteTableId": "rtb-main"},
            {"Main": False, "SubnetId": "subnet-1"},
        ],
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
            {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"},
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
        ],
    }
    other = {"RouteTableId": "rtb-2", "VpcId": "vpc-1", "OwnerId": "123456789012", "Associations": []}
    server.world.tell("ec2:DescribeRouteTables", {"RouteTables": [main, other]}, page=1)
    found = look(ROUTE_TABLES).resources
    assert own(found[0]) == {
        "id": "rtb-main",
        "vpc": "vpc-1",
        "main": True,
        "subnets": ["subnet-1"],
        "routes": [
            {"destination": "10.0.0.0/16", "gateway": "local"},
            {"destination": "::/0", "gateway": "igw-1"},
            {"destination": "pl-1", "gateway": "vpce-1"},
            {"destination": "0.0.0.0/0", "gateway": None},
        ],
    }
    assert (own(found[1])["main"], own(found[1])["subnets"]) == (False, [])
    assert set(calls(found[0]).values()) == {"ec2:DescribeRouteTables"}


def test_a_security_group_has_a_rule_for_every_source(server: Server, look: Look) -> None:
    group = {
        "GroupId": "sg-1",
        "GroupName": "s3",
        "VpcId": "vpc-1",
        "OwnerId": "123456789012",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "0.0.0.0/0"}],
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "123456789012"}],
                "PrefixListIds": [{"PrefixListId": "pl-1"}],
            },
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.1/32"}]},
        ],
    }
    server.world.tell("ec2:DescribeSecurityGroups", {"SecurityGroups": [group]})
    found = only(look(SECURITY_GROUPS).resources)
    https = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    nobody = {"cidr": None, "cidr_ipv6": None, "security_group": None, "prefix_list": None}
    assert own(found) == {
        "id": "sg-1",
        "name": "s3",
        "vpc": "vpc-1",
        "ingress": [
            https | nobody | {"cidr": "10.0.0.0/8"},
            https | nobody | {"cidr": "0.0.0.0/0"},
            https | nobody | {"cidr_ipv6": "::/0"},
            https | nobody | {"security_group": "sg-2"},
            https | nobody | {"prefix_list": "pl-1"},
            {"protocol": "-1", "from_port": None, "to_port": None} | nobody | {"cidr": "10.0.0.1/32"},
        ],
    }


BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/1"


def tell_balancers(server: Server) -> None:
    listed = [
        {"LoadBalancerArn": BALANCER, "LoadBalancerName": "shop", "Type": "application"},
        {"LoadBalancerArn": f"{BALANCER}2", "LoadBalancerName": "second", "Type": "network"},
    ]
    server.world.tell("elbv2:DescribeLoadBalancers", {"LoadBalancers": listed}, page=1)
    attributes = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "logs",
        "access_logs.s3.prefix": "alb",
        "connection_logs.s3.enabled": "false",
        "connection_logs.s3.bucket": "",
        "connection_logs.s3.prefix": "",
    }
    told = {"Attributes": [{"Key": key, "Value": value} for key, value in attributes.items()]}
    server.world.tell("elbv2:DescribeLoadBalancerAttributes", told)
    classic = {"LoadBalancerDescriptions": [{"LoadBalancerName": "old"}]}
    server.world.tell("elb:DescribeLoadBalancers", classic)
    logs = {"Enabled": True, "S3BucketName": "logs", "S3BucketPrefix": "elb", "EmitInterval": 60}
    told_classic = {"LoadBalancerAttributes": {"AccessLog": logs}}
    server.world.tell("elb:DescribeLoadBalancerAttributes", told_classic, {"LoadBalancerName": "old"})


def test_load_balancers_of_every_generation_are_told(server: Server, look: Look) -> None:
    tell_balancers(server)
    found = look(BALANCERS).resources
    assert whose(found[0]) == (BALANCER, *HERE)
    assert own(found[0]) == {
        "name": "shop",
        "type": "application",
        "access_logs": True,
        "access_log_bucket": "logs",
        "access_log_prefix": "alb",
        "connection_logs": False,
        "connection_log_bucket": "",
        "connection_log_prefix": "",
    }
    assert calls(found[0])["access_logs"] == "elbv2:DescribeLoadBalancerAttributes"
    assert own(found[1])["type"] == "network"
    classic = only(look(CLASSIC_BALANCERS).resources)
    assert whose(classic)[0].endswith(":123456789012:loadbalancer/old")
    assert own(classic) == {
        "name": "old",
        "type": "classic",
        "access_logs": True,
        "access_log_bucket": "logs",
        "access_log_prefix": "elb",
        "connection_logs": False,
        "connection_log_bucket": None,
        "connection_log_prefix": None,
    }


def test_a_load_balancer_whose_attributes_are_denied_may_log_anywhere(server: Server, look: Look) -> None:
    tell_balancers(server)
    server.world.faults.add(denied(), "elbv2:DescribeLoadBalancerAttributes")
    found = own(look(BALANCERS).resources[0])
    why = "elbv2:DescribeLoadBalancerAttributes was denied, it needs the permission elasticloadbalancing:"
    assert found["access_logs"] == found["access_log_bucket"] == f"? {why}DescribeLoadBalancerAttributes"
    assert found["type"] == "application"


def test_one_generation_that_is_denied_leaves_open_what_there_is(server: Server, look: Look) -> None:
    tell_balancers(server)
    server.world.faults.add(denied(), "elb:DescribeLoadBalancers")
    found = total([look(BALANCERS), look(CLASSIC_BALANCERS)])
    why = "elb:DescribeLoadBalancers was denied, it needs the permission elasticloadbalancing:"
    assert found.listings == ()
    assert found.unlisted == (Unlisted("load-balancer", *HERE, f"{why}DescribeLoadBalancers"),)
    assert len(found.resources) == 2
