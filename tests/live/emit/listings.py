"""Listings that several resources go into."""

from typing import Any

from s3audit.demo.world import World


class Listings:
    """They are told when all of their items are there."""

    def __init__(self) -> None:
        self.items: dict[str, list[dict[str, Any]]] = {}

    def add(self, operation: str, item: dict[str, Any]) -> None:
        self.items.setdefault(operation, []).append(item)

    def tell(self, world: World, region: str) -> None:
        for operation, listed in self.items.items():
            path, where = _LISTS[operation]
            document: dict[str, Any] = {path[-1]: listed}
            if len(path) > 1:
                whole = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(listed)}
                document = {path[0]: whole | document}
            world.tell(operation, document, region=region if where == "region" else "")


_LISTS = {
    "cloudfront:ListDistributions": (("DistributionList", "Items"), "account"),
    "cloudfront:ListOriginAccessControls": (("OriginAccessControlList", "Items"), "account"),
    "cloudfront:ListCloudFrontOriginAccessIdentities": (
        ("CloudFrontOriginAccessIdentityList", "Items"),
        "account",
    ),
    "cloudtrail:DescribeTrails": (("trailList",), "region"),
    "elb:DescribeLoadBalancers": (("LoadBalancerDescriptions",), "region"),
    "elbv2:DescribeLoadBalancers": (("LoadBalancers",), "region"),
    "ec2:DescribeVpcEndpoints": (("VpcEndpoints",), "region"),
    "kms:ListAliases": (("Aliases",), "region"),
}
