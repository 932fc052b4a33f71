"""What a policy surely allows to a service of AWS, by the shape of its statements; what that leaves open is open."""

from __future__ import annotations

from s3audit.model.names import arn_parts
from s3audit.policy.conditions import met_by
from s3audit.policy.elements import (
    EVERYONE,
    YES,
    acts,
    elements,
    has_effect,
    known_name,
    known_partition,
    listed,
    speaks_of,
    value_of,
)
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.policy.patterns import covers_objects, in_partition
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, failed, passed, some, unknown

_FREE = ("aws:sourcearn", "aws:sourceaccount", "s3:x-amz-acl")
"""Keys that may hold anything where a service writes an object."""
_ASKING = ("stringequals", "stringlike", "arnequals", "arnlike")


def admits_service(
    policy: Policy, service: str, action: str, name: Setting[Text], region: Setting[Text]
) -> Verdict:
    """Whether a statement that names a service allows it an action on objects; open unless nothing else matters."""
    wanted = text(action)
    allowing = [_allows(item, service, wanted) for item in listed(policy)]
    if some(allowing).status is Status.FAIL:
        return failed(policy.at, f"the policy does not allow {action} to {service}")
    surely = some(
        found
        & _harmless(statement, known_name(name), known_partition(region))
        & passed(statement.at, f"the policy allows {action} to {service}")
        for found, statement in zip(allowing, map(value_of, listed(policy)), strict=True)
        if statement is not None
    )
    if (surely & ~may_deny(policy, service, wanted)).status is Status.PASS:
        return surely
    return unknown(policy.at, f"whether the policy allows {action} to {service} is not known")


def surely_admits_service(policy: Policy, service: str, action: str, account: Setting[Text]) -> Verdict:
    """Whether a service that acts for an account is allowed an action on a key, in all its requests.

    Open unless one statement allows it and none may deny it, or none may allow it.
    """
    wanted = text(action)
    may = some_of(
        policy.statements,
        lambda statement: (
            has_effect(statement, "Allow") & may_mean(statement, service) & acts(statement, wanted)
        ),
    )
    if may.status is Status.FAIL:
        return failed(policy.at, f"the policy of the key does not allow {action} to {service}")
    surely = some_of(
        policy.statements,
        lambda statement: (
            has_effect(statement, "Allow")
            & may_mean(statement, service)
            & acts(statement, wanted)
            & _is_about_all(statement)
            & every_of(statement.conditions, lambda condition: _is_for(condition, account))
            & passed(statement.at, f"the policy of the key allows {action} to {service}")
        ),
    )
    if (surely & ~may_deny(policy, service, wanted)).status is Status.PASS:
        return surely
    return unknown(policy.at, f"whether the policy of the key allows {action} to {service} is not known")


def _allows(item: Setting[Statement], service: str, action: Text) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(statement) | Unset(statement):
            return (
                has_effect(statement, "Allow")
                & speaks_of(statement, ("Service",), service)
                & acts(statement, action)
            )


def _harmless(statement: Statement, bucket: Text, partition: str) -> Verdict:
    """Whether some request for an object surely passes the rest of the statement."""
    conditions = elements(statement.conditions)
    one_each = len({c.key.lower() for c in conditions if c is not None}) == len(conditions)
    reaches = some_of(statement.resources, lambda pattern: Verdict(_reaches_some(pattern, bucket, partition)))
    return reaches & _decided(one_each and all(map(_can_be_met, conditions)))


def _reaches_some(resource: Text, bucket: Text, partition: str) -> Status:
    """Whether it surely takes in an object of the bucket."""
    if any("${" in part for part in resource.parts if isinstance(part, str)):
        return Status.UNKNOWN
    place, *key = resource.split("/", 1)
    # What stands for the keys, if anything does, stands for one of them at least.
    every_key = text(*place.parts, "/*") if key and key[0].parts else resource
    found = (covers_objects(every_key, bucket), in_partition(resource, partition))
    return Status.PASS if found == (Status.PASS, Status.PASS) else Status.UNKNOWN


def _can_be_met(condition: Condition | None) -> bool:
    """Whether it asks for a value of a key that any request of a service may hold."""
    if condition is None or not condition.is_about(*_FREE) or condition.operator.lower() not in _ASKING:
        return False
    values = [value for value in elements(condition.values) if value is not None]
    if condition.operator.lower().startswith("arn"):
        return any(arn_parts(value) is not None for value in values)
    return bool(values)


def may_deny(policy: Policy, service: str, action: Text) -> Verdict:
    """Whether a statement may deny a service an action over HTTPS."""
    return some_of(
        policy.statements,
        lambda statement: (
            has_effect(statement, "Deny")
            & may_mean(statement, service)
            & acts(statement, action)
            & every_of(statement.conditions, _holds_over_tls)
        ),
    )


def _holds_over_tls(condition: Condition) -> Verdict:
    return met_by(condition, "true") if condition.is_about("aws:securetransport") else YES


def _is_about_all(statement: Statement) -> Verdict:
    """Whether the statement of a key's policy is about this key, whatever its ARN."""
    if not isinstance(statement.not_resources, Unset):
        return _decided(False)
    return some_of(statement.resources, lambda pattern: _decided(pattern.literal == "*"))


def _is_for(condition: Condition, account: Setting[Text]) -> Verdict:
    """Whether a condition only asks that a service acts for this account."""
    if not condition.is_about("aws:sourceaccount") or condition.operator.lower() != "stringequals":
        return failed(condition.at, f"the statement's condition on {condition.key} narrows it")
    match account:
        case Known(name) | Unset(name):
            return some_of(condition.values, lambda value: Verdict(same(value, name)))
        case Unknown(why):
            return unknown(condition.at, why)


def may_mean(statement: Statement, service: str) -> Verdict:
    """Whether a service is among the principals; NotPrincipal may mean any."""
    if not isinstance(statement.not_principals, Unset):
        return unknown(statement.at, "which principals the statement spares is not known")
    return speaks_of(statement, ("Service",), service) | speaks_of(statement, (*EVERYONE[0], "Service"), "*")


def _decided(answer: bool) -> Verdict:
    return Verdict(Status.PASS if answer else Status.FAIL)
