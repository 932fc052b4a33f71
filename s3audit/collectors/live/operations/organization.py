"""The calls that tell about the organization above an account."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages


def _organizations(name: str, tells: str, items: str = "", **more: Any) -> Operation:
    if items:
        more |= {"has": (items,), "pages": Pages((items,), "NextToken", "NextToken")}
    return Operation(
        service="organizations",
        name=name,
        action=f"organizations:{name}",
        tells=tells,
        **more,
    )


ORGANIZATION = _organizations(
    "DescribeOrganization",
    "the organization of the account",
    has=("Organization",),
    absent=("AWSOrganizationsNotInUseException",),
)
ROOTS = _organizations("ListRoots", "the root of the organization", "Roots")
UNITS = _organizations("ListOrganizationalUnitsForParent", "organizational units", "OrganizationalUnits")
ACCOUNTS_OF_PARENT = _organizations("ListAccountsForParent", "which unit an account is in", "Accounts")
POLICIES = _organizations("ListPolicies", "the policies of the organization", "Policies")
POLICY = _organizations(
    "DescribePolicy",
    "what a policy of the organization says",
    has=("Policy",),
    gone=("PolicyNotFoundException",),
)
POLICY_TARGETS = _organizations(
    "ListTargetsForPolicy",
    "what a policy is attached to",
    "Targets",
    gone=("PolicyNotFoundException",),
)
DELEGATES = _organizations(
    "ListDelegatedAdministrators",
    "accounts that administer a service for the organization",
    "DelegatedAdministrators",
)

OF_ORGANIZATION: tuple[Operation, ...] = (
    ORGANIZATION,
    ROOTS,
    UNITS,
    ACCOUNTS_OF_PARENT,
    POLICIES,
    POLICY,
    POLICY_TARGETS,
    DELEGATES,
)
"""Beside the one that lists its accounts, by which a scan gets into them."""
