"""What S3 makes of a policy: whether it takes it, and what GetBucketPolicyStatus says."""

import json
from collections.abc import Mapping
from typing import Any

_FIXED = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
"""Keys that keep a statement from being public, where their values are fixed."""
_POSITIVE = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "ipaddress"})
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def is_public(policy: str) -> bool:
    """Whether a statement allows something to everybody, without a condition of the kind that S3 counts."""
    return any(_allows_all(statement) for statement in _statements(policy))


def is_of_another_partition(policy: str, partition: str) -> bool:
    """Whether a statement is about what can't be this bucket, so that S3 refuses the policy."""
    return any(
        str(arn).startswith("arn:") and str(arn).split(":")[1] not in (partition, "*")
        for statement in _statements(policy)
        for arn in _listed(statement.get("Resource"))
    )


def _statements(policy: str) -> list[Any]:
    try:
        return _listed(json.loads(policy).get("Statement"))
    except ValueError:
        return []


def _allows_all(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    who = _listed(principal.get("AWS")) if isinstance(principal, Mapping) else _listed(principal)
    return "*" in who and not _is_fixed(statement.get("Condition") or {})


def _is_fixed(conditions: Mapping[str, Any]) -> bool:
    return any(
        operator.lower().rpartition(":")[2] in _POSITIVE and key.lower() in _FIXED and _has_fixed(values)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def _has_fixed(values: Any) -> bool:
    told = [str(value) for value in _listed(values)]
    return bool(told) and not any("*" in value or "?" in value or value in _EVERYWHERE for value in told)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
