"""The calls that tell about KMS keys; none of them uses a key."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages


def _of_key(name: str, tells: str, **more: Any) -> Operation:
    # A key of another account may let whoever scans look at it.
    return Operation(
        service="kms",
        name=name,
        action=f"kms:{name}",
        tells=tells,
        resource="arn:{partition}:kms:*:*:key/*",
        **more,
    )


KEY = _of_key(
    "DescribeKey",
    "whose the key is, and whether it can be used",
    has=("KeyMetadata",),
    absent=("NotFoundException",),
)
KEY_POLICY = _of_key("GetKeyPolicy", "the policy of the key", has=("Policy",), gone=("NotFoundException",))
KEY_ROTATION = _of_key(
    "GetKeyRotationStatus",
    "rotation of the key material",
    has=("KeyRotationEnabled",),
    gone=("NotFoundException",),
    # Asymmetric keys and those for HMACs have none.
    no_such=("UnsupportedOperationException",),
)
ALIASES = Operation(
    service="kms",
    name="ListAliases",
    action="kms:ListAliases",
    tells="the aliases of keys",
    has=("Aliases",),
    pages=Pages(("Aliases",), "NextMarker", "Marker", ("Limit", 100)),
)

OF_KEYS: tuple[Operation, ...] = (KEY, KEY_POLICY, KEY_ROTATION, ALIASES)
