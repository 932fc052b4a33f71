"""The calls by which a scan gets into accounts."""

from s3audit.collectors.live.operations.base import Operation, Pages

IDENTITY = Operation(
    service="sts",
    name="GetCallerIdentity",
    action="",
    tells="which account this is",
)
ASSUME_ROLE = Operation(
    service="sts",
    name="AssumeRole",
    action="sts:AssumeRole",
    tells="the way into another account",
    resource="arn:{partition}:iam::*:role/*",
    optional="roles",
    writes=True,
)
ACCOUNTS = Operation(
    service="organizations",
    name="ListAccounts",
    action="organizations:ListAccounts",
    tells="the accounts of the organization",
    has=("Accounts",),
    pages=Pages(("Accounts",), "NextToken", "NextToken"),
    optional="organization",
)

OF_ENTRY: tuple[Operation, ...] = (IDENTITY, ASSUME_ROLE, ACCOUNTS)
