"""The calls that tell about CloudFront."""

from s3audit.collectors.live.operations.base import Operation, Pages


def _listing(name: str, tells: str, whole: str) -> Operation:
    return Operation(
        service="cloudfront",
        name=name,
        action=f"cloudfront:{name}",
        tells=tells,
        has=(f"{whole}.Quantity",),
        pages=Pages((f"{whole}.Items",), f"{whole}.NextMarker", "Marker"),
    )


DISTRIBUTIONS = _listing("ListDistributions", "distributions and their origins", "DistributionList")
CONFIG = Operation(
    service="cloudfront",
    name="GetDistributionConfig",
    action="cloudfront:GetDistributionConfig",
    tells="where a distribution logs, and its default root object",
    has=("DistributionConfig.CallerReference",),
    gone=("NoSuchDistribution",),
)
ACCESS_CONTROLS = _listing("ListOriginAccessControls", "origin access controls", "OriginAccessControlList")
ACCESS_IDENTITIES = _listing(
    "ListCloudFrontOriginAccessIdentities",
    "origin access identities",
    "CloudFrontOriginAccessIdentityList",
)

OF_DISTRIBUTIONS: tuple[Operation, ...] = (DISTRIBUTIONS, CONFIG, ACCESS_CONTROLS, ACCESS_IDENTITIES)
