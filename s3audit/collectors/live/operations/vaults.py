"""The calls that tell about the vaults of the older Glacier; none reads an archive."""

from typing import Any

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages

_EACH = "arn:{partition}:glacier:*:{account}:vaults/*"


def _glacier(name: str, tells: str, resource: str = _EACH, **more: Any) -> Operation:
    return Operation(
        service="glacier",
        name=name,
        action=f"glacier:{name}",
        tells=tells,
        resource=resource,
        # So it answers an account that has no vault, since it takes no new customers.
        no_such=("NoLongerSupportedException", NOT_OFFERED),
        **more,
    )


_NONE = ("ResourceNotFoundException",)

VAULTS = _glacier(
    "ListVaults", "vaults", "*", has=("VaultList",), pages=Pages(("VaultList",), "Marker", "marker")
)
LOCK = _glacier("GetVaultLock", "the lock of a vault", has=("State",), absent=_NONE)
ACCESS_POLICY = _glacier(
    "GetVaultAccessPolicy", "the policy of a vault", has=("policy.Policy",), absent=_NONE
)
NOTIFICATIONS = _glacier(
    "GetVaultNotifications",
    "whom a vault tells about its jobs",
    has=("vaultNotificationConfig.SNSTopic",),
    absent=_NONE,
)

OF_VAULTS: tuple[Operation, ...] = (VAULTS, LOCK, ACCESS_POLICY, NOTIFICATIONS)
