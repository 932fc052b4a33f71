"""The calls about S3 Access Grants; the one that hands out credentials is not among them."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages


def _of_grants(name: str, tells: str, **more: Any) -> Operation:
    return Operation(
        service="s3control", name=name, action=f"s3:{name}", tells=tells, root=(f"{name}Result",), **more
    )


def _listing(name: str, tells: str, items: str, **more: Any) -> Operation:
    return _of_grants(
        name, tells, pages=Pages((items,), "NextToken", "NextToken", ("MaxResults", 1_000)), **more
    )


_NO_INSTANCE = ("AccessGrantsInstanceNotExistsError",)

INSTANCES = _listing(
    "ListAccessGrantsInstances", "the instance of S3 Access Grants", "AccessGrantsInstancesList"
)
INSTANCE_POLICY = _of_grants(
    "GetAccessGrantsInstanceResourcePolicy",
    "the policy of the instance of S3 Access Grants",
    absent=("AccessGrantsInstanceResourcePolicyNotExists",),
    gone=_NO_INSTANCE,
)
LOCATIONS = _listing(
    "ListAccessGrantsLocations",
    "the locations of S3 Access Grants and their roles",
    "AccessGrantsLocationsList",
    gone=_NO_INSTANCE,
)
GRANTS = _listing("ListAccessGrants", "the access grants", "AccessGrantsList", gone=_NO_INSTANCE)

OF_GRANTS: tuple[Operation, ...] = (INSTANCES, INSTANCE_POLICY, LOCATIONS, GRANTS)
