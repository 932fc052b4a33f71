"""What a policy surely denies or allows, by the shape of its statements.

PASS is proven by one statement that reaches every request in question. One that reaches only some fails, with
the gap it leaves; where several might add up to the whole, the answer is open.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeVar

import msgspec

from s3audit.model.names import partition_of
from s3audit.policy.conditions import met_by, met_where_absent, told
from s3audit.policy.language import Condition, Policy, Principal, Statement
from s3audit.policy.patterns import (
    ANY,
    covers_action,
    covers_bucket,
    covers_objects,
    in_partition,
    touches_bucket,
    touches_service,
)
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown

T = TypeVar("T", Text, Principal)
E = TypeVar("E")


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
_EVERYONE = (("*", "AWS"), "*")
_ANY_KEY = "*"
_YES, _NO = Verdict(Status.PASS), Verdict(Status.FAIL)


def denies_plain_http(policy: Policy, name: Setting[Text], region: Setting[Text] = NOT_COLLECTED) -> Verdict:
    """Whether every request without TLS is denied, to the bucket and to its objects."""
    keys = ("aws:securetransport", "s3:tlsversion")
    targets = (_BUCKET, _OBJECTS)
    partition = _partition(region)
    asked = Requests("plain HTTP", _ANY_ACTION, targets, _known(name), keys, _met_without_tls, partition)
    found = _denies(policy, asked)
    return found if found.evidence else failed(policy.at, "no statement denies plain HTTP")


def denies_uploads_without_retention(policy: Policy, name: Setting[Text]) -> Verdict:
    """Whether every upload that asks for no retention is denied; no evidence if no statement is about it."""
    what = "an upload without retention"
    put = text("s3:PutObject")
    return _denies(policy, Requests(what, put, (_OBJECTS,), _known(name), _RETENTION, met_where_absent))


def admits_service(policy: Policy, service: str, action: str) -> Verdict:
    """Whether a statement allows an action to a service, whatever its conditions."""
    wanted = text(action)
    found = some_of(
        policy.statements,
        lambda statement: (
            _has_effect(statement, "Allow")
            & _speaks_of(statement, ("Service",), service)
            & _acts(statement, wanted)
            & passed(statement.at, f"the policy allows {action} to {service}")
        ),
    )
    if found.status is Status.FAIL:
        return failed(policy.at, f"the policy does not allow {action} to {service}")
    return found


def surely_admits_service(policy: Policy, service: str, action: str, account: Setting[Text]) -> Verdict:
    """Whether a statement allows an action to a service that acts for an account, and none may deny it."""
    wanted = text(action)
    allowed = some_of(
        policy.statements,
        lambda statement: (
            _has_effect(statement, "Allow")
            & _acts(statement, wanted)
            & (
                _speaks_of(statement, ("Service",), service)
                & every_of(statement.conditions, lambda condition: _is_for(condition, account))
                | _speaks_of(statement, *_EVERYONE) & every_of(statement.conditions, lambda _: _NO)
            )
        ),
    )
    denied = some_of(
        policy.statements,
        lambda statement: (
            _has_effect(statement, "Deny") & _may_mean(statement, service) & _acts(statement, wanted)
        ),
    )
    return allowed & ~denied


def _is_for(condition: Condition, account: Setting[Text]) -> Verdict:
    """Whether a condition only asks that a service acts for this account."""
    if not condition.is_about("aws:sourceaccount") or condition.operator.lower() != "stringequals":
        return failed(condition.at, f"the statement's condition on {condition.key} narrows it")
    match account:
        case Known(name) | Unset(name):
            return some_of(condition.values, lambda value: Verdict(same(value, name)))
        case Unknown(why):
            return unknown(condition.at, why)


def _may_mean(statement: Statement, service: str) -> Verdict:
    """Whether a service is among the principals; NotPrincipal may mean any."""
    if not isinstance(statement.not_principals, Unset):
        return unknown(statement.at, "which principals the statement spares is not known")
    return _speaks_of(statement, ("Service",), service) | _speaks_of(statement, *_EVERYONE)


def _partition(region: Setting[Text]) -> str:
    match region:
        case Known(name) | Unset(name) if name.literal is not None:
            return partition_of(name.literal)
        case _:
            return ""


def _all(one: Status, other: Status) -> Status:
    if Status.FAIL in (one, other):
        return Status.FAIL
    return Status.UNKNOWN if Status.UNKNOWN in (one, other) else Status.PASS


def _known(name: Setting[Text]) -> Text:
    """The name of a bucket; where it is not known, a text that nothing but a wildcard covers."""
    match name:
        case Known(value) | Unset(value):
            return value
        case Unknown():
            return text(Opaque("its name"))


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
    about = any(c is None or c.is_about(*requests.keys) for c in _elements(statement.conditions))
    if not about and _elements(statement.conditions):
        return dict.fromkeys(requests.targets, _NO)
    common = (
        _has_effect(statement, "Deny")
        & _speaks_of(statement, *_EVERYONE)
        & _acts(statement, requests.action)
        & every_of(statement.conditions, lambda condition: _met(condition, requests))
    )
    if common.status is Status.FAIL:
        return dict.fromkeys(requests.targets, common if about else _NO)
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
    denying = [s for s in map(_value, items) if s is not None and _denies_some(s, requests)]
    nearly = [s for s in denying if _denies_nearly_all(s, requests)]
    narrowed = [key for s in nearly for key in _narrowing(s, requests)]
    opposite = any(_ANY_KEY in (one, other) or one == other for one, other in combinations(narrowed, 2))
    return opposite or (len(denying) > 1 and any(map(_spares, nearly)))


def _denies_some(statement: Statement, requests: Requests) -> bool:
    if _has_effect(statement, "Deny").status is Status.FAIL:
        return False
    met = every_of(
        statement.conditions,
        lambda c: requests.meet(c) if c.is_about(*requests.keys) else _YES,
    )
    return met.status is not Status.FAIL


def _denies_nearly_all(statement: Statement, requests: Requests) -> bool:
    """Whether nothing limits the statement but what it spares and its conditions."""
    principals, actions = statement.not_principals, statement.not_actions
    everyone = (
        not isinstance(principals, Unset) or _speaks_of(statement, *_EVERYONE).status is not Status.FAIL
    )
    every_action = (
        not isinstance(actions, Unset) or _acts(statement, requests.action).status is not Status.FAIL
    )
    return everyone and every_action


def _narrowing(statement: Statement, requests: Requests) -> set[str]:
    """The keys of its other conditions."""
    others = [c for c in _elements(statement.conditions) if c is None or not c.is_about(*requests.keys)]
    return {_ANY_KEY if c is None else c.key.lower() for c in others}


def _spares(statement: Statement) -> bool:
    sparing = (statement.not_principals, statement.not_actions, statement.not_resources)
    return not all(isinstance(element, Unset) for element in sparing)


def _has_effect(statement: Statement, effect: str) -> Verdict:
    found = statement.effect.is_in(effect, what="the statement's Effect")
    return _YES if found.status is Status.PASS else found


def _speaks_of(statement: Statement, kinds: tuple[str, ...], name: str) -> Verdict:
    """Whether a principal of one of these kinds has this name; NotPrincipal never does."""
    match statement.not_principals:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            return failed(at, f"the statement's NotPrincipal spares {_names(spared)}")
        case Unset():
            return _some(
                statement.principals,
                lambda p: same(p.name, text(name)) if p.kind in kinds else Status.FAIL,
                _only("Principal"),
            )


def _acts(statement: Statement, action: Text) -> Verdict:
    """Whether the statement speaks of an action, or of every action."""
    match statement.not_actions:
        case Unset():
            return _some(
                statement.actions,
                lambda pattern: covers_action(pattern, action),
                _only("Action"),
            )
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            found = some_of(Known(spared, at), lambda pattern: Verdict(_touches(pattern, action)))
            return told(~found, at, f"the statement's NotAction spares {_names(spared)}")


def _touches(pattern: Text, action: Text) -> Status:
    """Whether a pattern takes in the action, or where every action is meant one of them."""
    if ANY in action.parts:
        return touches_service(pattern, "s3")
    return covers_action(pattern, action)


def _reaches(statement: Statement, target: str, requests: Requests) -> Verdict:
    covers, bucket = _COVERS[target], requests.bucket
    match statement.not_resources:
        case Unset():
            return _some(
                statement.resources,
                lambda pattern: _all(covers(pattern, bucket), in_partition(pattern, requests.partition)),
                lambda _: f"the statement's Resource does not cover {target}",
                "whether the statement's Resource is all of the bucket is not known",
            )
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            touched = some_of(Known(spared, at), lambda pattern: Verdict(touches_bucket(pattern, bucket)))
            open_ = "what the statement's NotResource leaves of the bucket is not known"
            return told(~touched, at, f"the statement's NotResource spares {_names(spared)}", open_)


def _met(condition: Condition, requests: Requests) -> Verdict:
    if condition.is_about(*requests.keys):
        return requests.meet(condition)
    return failed(condition.at, f"the statement's condition on {condition.key} narrows it")


def _met_without_tls(condition: Condition) -> Verdict:
    """Over plain HTTP aws:SecureTransport is false, and there is no version of TLS."""
    if condition.is_about("s3:tlsversion"):
        return met_where_absent(condition)
    return met_by(condition, "false")


def _some(
    listed: Listed[T], judge: Callable[[T], Status], gap: Callable[[str], str], still_open: str = ""
) -> Verdict:
    """Whether one of them will do; together they are one piece of evidence."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items, at) | Unset(items, at):
            found = some_of(listed, lambda item: Verdict(judge(item)))
            if found.status is Status.PASS:
                return _YES
            return told(found, at, gap(_names(items) if items else ""), still_open)


def _only(element: str) -> Callable[[str], str]:
    return lambda names: (
        f"the statement's {element} is {names} only" if names else f"the statement has no {element}"
    )


def _elements(listed: Listed[E]) -> list[E | None]:
    """What a list holds; None stands for what is not known."""
    match listed:
        case Unknown():
            return [None]
        case Known(items) | Unset(items):
            return [_value(item) for item in items]


def _value(item: Setting[E]) -> E | None:
    match item:
        case Unknown():
            return None
        case Known(value) | Unset(value):
            return value


def _decided(answer: bool) -> Verdict:
    return Verdict(Status.PASS if answer else Status.FAIL)


def _names(items: Sequence[Setting[Text] | Setting[Principal]]) -> str:
    """At most three of them, and how many more there are."""
    names = [_name(item) for item in items]
    if not names:
        return "nothing"
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _name(item: Setting[Text] | Setting[Principal]) -> str:
    match item:
        case Known(Principal(name=name)) | Unset(Principal(name=name)):
            return str(name)
        case Known(Text() as name) | Unset(Text() as name):
            return str(name)
        case _:
            return "something unknown"
