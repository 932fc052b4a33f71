"""Listings that several resources go into."""

from typing import Any

from s3audit.demo.world import World


class Listings:
    """They are told when all of their items are there."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, tuple[tuple[str, str], ...]], list[dict[str, Any]]] = {}

    def add(self, operation: str, item: dict[str, Any], **when: str) -> None:
        """`when` says of what it is a listing, where there are several."""
        self.items.setdefault((operation, tuple(when.items())), []).append(item)

    def tell(self, world: World, region: str) -> None:
        for (operation, when), listed in self.items.items():
            path, where = _LISTS[operation]
            document: dict[str, Any] = {path[-1]: listed}
            if len(path) > 1:
                whole = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(listed)}
                document = {path[0]: whole | document}
            world.tell(operation, document, dict(when), region=region if where == "region" else "")


_LISTS = {
    "accessanalyzer:ListAnalyzers": (("analyzers",), "region"),
    "backup:ListBackupPlans": (("BackupPlansList",), "region"),
    "backup:ListBackupSelections": (("BackupSelectionsList",), "region"),
    "cloudfront:ListDistributions": (("DistributionList", "Items"), "account"),
    "cloudfront:ListOriginAccessControls": (("OriginAccessControlList", "Items"), "account"),
    "cloudfront:ListCloudFrontOriginAccessIdentities": (
        ("CloudFrontOriginAccessIdentityList", "Items"),
        "account",
    ),
    "cloudtrail:DescribeTrails": (("trailList",), "region"),
    "cloudtrail:ListEventDataStores": (("EventDataStores",), "region"),
    "cloudwatch:DescribeAlarms": (("MetricAlarms",), "region"),
    "elb:DescribeLoadBalancers": (("LoadBalancerDescriptions",), "region"),
    "elbv2:DescribeLoadBalancers": (("LoadBalancers",), "region"),
    "ec2:DescribeRouteTables": (("RouteTables",), "region"),
    "ec2:DescribeSubnets": (("Subnets",), "region"),
    "ec2:DescribeVpcEndpoints": (("VpcEndpoints",), "region"),
    "ec2:DescribeVpcs": (("Vpcs",), "region"),
    "events:ListRules": (("Rules",), "region"),
    "kms:ListAliases": (("Aliases",), "region"),
    "ec2:DescribeSecurityGroups": (("SecurityGroups",), "region"),
    "s3files:ListFileSystems": (("fileSystems",), "region"),
    "s3files:ListMountTargets": (("mountTargets",), "region"),
    "s3tables:ListTableBuckets": (("tableBuckets",), "region"),
    "s3tables:ListTables": (("tables",), "region"),
    "s3vectors:ListIndexes": (("indexes",), "region"),
    "s3vectors:ListVectorBuckets": (("vectorBuckets",), "region"),
    "s3control:ListAccessPointsForDirectoryBuckets": (("AccessPointList",), "region"),
    "s3control:ListAccessPointsForObjectLambda": (("ObjectLambdaAccessPointList",), "region"),
    "s3control:ListMultiRegionAccessPoints": (("AccessPoints",), "account"),
    "logs:DescribeMetricFilters": (("metricFilters",), "region"),
    "route53:ListResourceRecordSets": (("ResourceRecordSets",), "account"),
    "s3control:ListStorageLensConfigurations": (("StorageLensConfigurationList",), "region"),
}
