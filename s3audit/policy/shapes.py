"""What a policy surely denies, by the shape of its statements.

PASS is proven by one statement that reaches every request in question. One that reaches only some fails, with
the gap it leaves; where several might add up to the whole, the answer is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import msgspec

from s3audit.policy.conditions import met_by, met_where_absent, told
from s3audit.policy.elements import (
    EVERYONE,
    NO,
    YES,
    acts,
    elements,
    has_effect,
    known_name,
    known_partition,
    listed,
    names,
    one_of,
    speaks_of,
    value_of,
)
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.policy.patterns import ANY, covers_bucket, covers_objects, in_partition, touches_bucket
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown


class Requests(msgspec.Struct, frozen=True):
    """The requests that a policy is asked about."""

    what: str
    """How to call them: `plain HTTP`."""
    action: Text
    targets: tuple[str, ...]
    """What they reach: the bucket itself, all objects in it, or both."""
    bucket: Text
    keys: tuple[str, ...]
    """The condition keys, in lower case, that these requests have in common."""
    meet: Callable[[Condition], Verdict]
    """Whether each of them meets a condition on one of these keys."""
    partition: str = ""
    """That of the bucket, where it is known."""


_BUCKET, _OBJECTS = "the bucket itself", "all objects"
_COVERS: dict[str, Callable[[Text, Text], Status]] = {_BUCKET: covers_bucket, _OBJECTS: covers_objects}
_ANY_ACTION = text("s3:", ANY)
_RETENTION = (
    "s3:object-lock-mode",
    "s3:object-lock-retain-until-date",
    "s3:object-lock-remaining-retention-days",
)
_ANY_KEY = "*"
_ALWAYS_THERE = (
    *("aws:securetransport", "aws:viaawsservice", "aws:currenttime", "aws:epochtime", "aws:requestedregion"),
    *("aws:principalaccount", "aws:principaltype", "aws:userid"),
)
_ANYTHING = (
    *("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:principalarn", "aws:principalorgid"),
    *("s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
)
"""Keys that may hold whatever a policy is likely to compare them with, or nothing."""


def denies_plain_http(policy: Policy, name: Setting[Text], region: Setting[Text] = NOT_COLLECTED) -> Verdict:
    """Whether every request without TLS is denied, to the bucket and to its objects."""
    keys = ("aws:securetransport", "s3:tlsversion")
    targets = (_BUCKET, _OBJECTS)
    partition = known_partition(region)
    asked = Requests("plain HTTP", _ANY_ACTION, targets, known_name(name), keys, _met_without_tls, partition)
    found = _denies(policy, asked)
    return found if found.evidence else failed(policy.at, "no statement denies plain HTTP")


def denies_uploads_without_retention(policy: Policy, name: Setting[Text]) -> Verdict:
    """Whether every upload that asks for no retention is denied; no evidence if no statement is about it."""
    what = "an upload without retention"
    put = text("s3:PutObject")
    return _denies(policy, Requests(what, put, (_OBJECTS,), known_name(name), _RETENTION, met_where_absent))


def may_deny(policy: Policy) -> bool:
    """Whether any statement of it may be a Deny."""
    return any(
        s is None or has_effect(s, "Deny").status is not Status.FAIL for s in map(value_of, listed(policy))
    )


def _all(one: Status, other: Status) -> Status:
    if Status.FAIL in (one, other):
        return Status.FAIL
    return Status.UNKNOWN if Status.UNKNOWN in (one, other) else Status.PASS


def _denies(policy: Policy, requests: Requests) -> Verdict:
    match policy.statements:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            found = _denied_by(items, requests)
            if found.status is Status.FAIL and _may_add_up(items, requests):
                note = f"whether its statements together deny all {requests.what} is not known"
                return unknown(policy.at, note)
            return found


def _denied_by(items: Sequence[Setting[Statement]], requests: Requests) -> Verdict:
    by_statement = [_denials(item, requests) for item in items]
    return every(some(denials[target] for denials in by_statement) for target in requests.targets)


def _denials(item: Setting[Statement], requests: Requests) -> dict[str, Verdict]:
    """Whether a statement alone denies them all, for each target; its gaps are told if it is about them."""
    match item:
        case Unknown(why, at):
            return dict.fromkeys(requests.targets, unknown(at, why))
        case Known(statement) | Unset(statement):
            return _denials_of(statement, requests)


def _denials_of(statement: Statement, requests: Requests) -> dict[str, Verdict]:
    about = any(c is None or c.is_about(*requests.keys) for c in elements(statement.conditions))
    if not about and any(c is not None and _narrows(c) for c in elements(statement.conditions)):
        return dict.fromkeys(requests.targets, NO)
    common = (
        has_effect(statement, "Deny")
        & speaks_of(statement, *EVERYONE)
        & acts(statement, requests.action)
        & every_of(statement.conditions, lambda condition: _met(condition, requests))
    )
    if common.status is Status.FAIL:
        return dict.fromkeys(requests.targets, common if about else NO)
    return {
        target: common
        & _reaches(statement, target, requests)
        & passed(statement.at, f"{requests.what} to {target} is denied")
        for target in requests.targets
    }


def _may_add_up(items: Sequence[Setting[Statement]], requests: Requests) -> bool:
    """Whether statements that reach a part of the requests each could reach all of them together.

    Lists of actions, principals or resources never do: there is always one more than they name. But what one
    spares (NotAction and the like) another may deny, and conditions on one key may be each other's opposite.
    """
    denying = [s for s in map(value_of, items) if s is not None and _denies_some(s, requests)]
    nearly = [s for s in denying if _denies_nearly_all(s, requests)]
    narrowed = [key for s in nearly for key in _narrowing(s, requests)]
    opposite = any(_ANY_KEY in (one, other) or one == other for one, other in combinations(narrowed, 2))
    return opposite or (len(denying) > 1 and any(map(_spares, nearly)))


def _denies_some(statement: Statement, requests: Requests) -> bool:
    if has_effect(statement, "Deny").status is Status.FAIL:
        return False
    met = every_of(
        statement.conditions,
        lambda c: requests.meet(c) if c.is_about(*requests.keys) else YES,
    )
    return met.status is not Status.FAIL


def _denies_nearly_all(statement: Statement, requests: Requests) -> bool:
    """Whether nothing limits the statement but what it spares and its conditions."""
    principals, actions = statement.not_principals, statement.not_actions
    everyone = not isinstance(principals, Unset) or speaks_of(statement, *EVERYONE).status is not Status.FAIL
    every_action = (
        not isinstance(actions, Unset) or acts(statement, requests.action).status is not Status.FAIL
    )
    return everyone and every_action


def _narrowing(statement: Statement, requests: Requests) -> set[str]:
    """The keys of its other conditions."""
    others = [c for c in elements(statement.conditions) if c is None or not c.is_about(*requests.keys)]
    return {_ANY_KEY if c is None else c.key.lower() for c in others}


def _spares(statement: Statement) -> bool:
    sparing = (statement.not_principals, statement.not_actions, statement.not_resources)
    return not all(isinstance(element, Unset) for element in sparing)


def _reaches(statement: Statement, target: str, requests: Requests) -> Verdict:
    covers, bucket = _COVERS[target], requests.bucket
    match statement.not_resources:
        case Unset():
            return one_of(
                statement.resources,
                lambda pattern: _all(covers(pattern, bucket), in_partition(pattern, requests.partition)),
                lambda _: f"the statement's Resource does not cover {target}",
                "whether the statement's Resource is all of the bucket is not known",
            )
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            touched = some_of(
                Known(spared, at), lambda pattern: Verdict(_takes_some(pattern, target, bucket))
            )
            open_ = "what the statement's NotResource leaves of the bucket is not known"
            return told(~touched, at, f"the statement's NotResource spares {names(spared)}", open_)


def _takes_some(pattern: Text, target: str, bucket: Text) -> Status:
    """Whether a pattern takes in the bucket itself, or any object in it."""
    known = [part for part in pattern.parts if isinstance(part, str)]
    if target == _BUCKET and not any("${" in part for part in known):
        return covers_bucket(pattern, bucket)
    if target == _OBJECTS and not any(char in part for part in known for char in "/*?$"):
        return Status.FAIL
    return touches_bucket(pattern, bucket)


def _met(condition: Condition, requests: Requests) -> Verdict:
    if condition.is_about(*requests.keys):
        return requests.meet(condition)
    gap = f"the statement's condition on {condition.key} narrows it"
    return (
        failed(condition.at, gap)
        if _narrows(condition)
        else unknown(condition.at, f"whether {gap} is not known")
    )


def _narrows(condition: Condition) -> bool:
    """Whether there is surely a request that does not meet it."""
    operator = condition.operator.lower()
    if operator.endswith("ifexists") or operator.startswith("forallvalues:"):
        return False
    values = [value for value in elements(condition.values) if value is not None]
    if operator == "null":
        return condition.is_about(*_ANYTHING) and len(values) == 1 and values[0].literal is not None
    if condition.is_about(*_ALWAYS_THERE):
        return len(values) == 1 and operator in ("bool", "stringequals") and values[0].literal is not None
    if operator.startswith("foranyvalue:") or "not" not in operator:
        return True  # one without the key
    return condition.is_about(*_ANYTHING) and bool(values)


def _met_without_tls(condition: Condition) -> Verdict:
    """Over plain HTTP aws:SecureTransport is false, and there is no version of TLS."""
    if condition.is_about("s3:tlsversion"):
        return met_where_absent(condition)
    return met_by(condition, "false")
