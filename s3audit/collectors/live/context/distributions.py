"""CloudFront, which has no region, and is not there in every partition."""

from typing import Any

from s3audit.collectors.documents.shape import Shape
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import distributions as operations
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.distributions import ACCESS_CONTROL, ACCESS_IDENTITY, DISTRIBUTION


def _reading(shape: Shape, listing: Operation, whole: str, address: str, **more: Any) -> Reading:
    return Reading(
        need="distributions",
        scope="account",
        shape=shape,
        listing=listing,
        items=f"{whole}.Items",
        address=address,
        # AWS GovCloud (US) has none; a distribution for what is there belongs to an account of the standard partition.
        partitions=("aws", "aws-cn"),
        **more,
    )


DISTRIBUTIONS = _reading(
    DISTRIBUTION,
    operations.DISTRIBUTIONS,
    "DistributionList",
    "{item.ARN}",
    title="{item.Id}",
    details=(Detail(operation=operations.CONFIG, parameters={"Id": "item.Id"}),),
)
ACCESS_CONTROLS = _reading(
    ACCESS_CONTROL,
    operations.ACCESS_CONTROLS,
    "OriginAccessControlList",
    "arn:{place.partition}:cloudfront::{place.account}:origin-access-control/{item.Id}",
    title="{item.Name}",
)
ACCESS_IDENTITIES = _reading(
    ACCESS_IDENTITY,
    operations.ACCESS_IDENTITIES,
    "CloudFrontOriginAccessIdentityList",
    "arn:{place.partition}:cloudfront::{place.account}:origin-access-identity/{item.Id}",
    title="{item.Id}",
)

DISTRIBUTION_READERS = (DISTRIBUTIONS, ACCESS_CONTROLS, ACCESS_IDENTITIES)
