"""The calls that tell what roles may do."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages

_MISSING = ("NoSuchEntity",)


def _of_role(name: str, tells: str, **more: Any) -> Operation:
    return Operation(
        service="iam",
        name=name,
        action=f"iam:{name}",
        tells=tells,
        resource="arn:{partition}:iam::{account}:role/*",
        **more,
    )


def _of_policy(name: str, tells: str, **more: Any) -> Operation:
    # AWS has managed policies of its own, which belong to no account.
    return Operation(
        service="iam",
        name=name,
        action=f"iam:{name}",
        tells=tells,
        resource="arn:{partition}:iam::*:policy/*",
        **more,
    )


ROLE = _of_role("GetRole", "whom the role trusts", has=("Role",), absent=_MISSING)
ROLE_POLICIES = _of_role(
    "ListRolePolicies",
    "the names of the role's own policies",
    has=("PolicyNames",),
    gone=_MISSING,
    pages=Pages(("PolicyNames",), "Marker", "Marker"),
)
ROLE_POLICY = _of_role("GetRolePolicy", "a policy of the role", has=("PolicyDocument",), gone=_MISSING)
ATTACHED_POLICIES = _of_role(
    "ListAttachedRolePolicies",
    "the managed policies that are attached to the role",
    has=("AttachedPolicies",),
    gone=_MISSING,
    pages=Pages(("AttachedPolicies",), "Marker", "Marker"),
)
MANAGED_POLICY = _of_policy("GetPolicy", "a managed policy", has=("Policy",), absent=_MISSING)
POLICY_VERSION = _of_policy(
    "GetPolicyVersion", "what a managed policy allows", has=("PolicyVersion",), gone=_MISSING
)

OF_IDENTITY: tuple[Operation, ...] = (
    ROLE,
    ROLE_POLICIES,
    ROLE_POLICY,
    ATTACHED_POLICIES,
    MANAGED_POLICY,
    POLICY_VERSION,
)
