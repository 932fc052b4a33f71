"""What the role of a replication may do beyond that, and who else may take it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from s3audit.location import Location
from s3audit.policy.access.doors import Door, asked
from s3audit.policy.access.doubts import VIA
from s3audit.policy.access.roles import BATCH, S3, Copier, rules_for, trusting
from s3audit.policy.actions import ACTIONS, FUTURE, WRITE, Action
from s3audit.policy.operators import Open
from s3audit.policy.reason import PROVEN, WITNESS, Policies
from s3audit.policy.request import Caller
from s3audit.policy.rules import Pattern, Rule, Test
from s3audit.policy.space import Extent
from s3audit.text import Text, same, text
from s3audit.verdict import Severity, Status, Verdict, every, failed, passed, unknown

NEEDED = frozenset(
    f"s3:{name}"
    for name in [
        "GetBucketVersioning",
        "GetBucketObjectLockConfiguration",
        "GetReplicationConfiguration",
        "ListBucket",
        "GetObjectVersion",
        "GetObjectVersionAcl",
        "GetObjectVersionForReplication",
        "GetObjectVersionTagging",
        "GetObjectRetention",
        "GetObjectLegalHold",
        "InitiateReplication",
        "ObjectOwnerOverrideToBucketOwner",
        "ReplicateDelete",
        "ReplicateObject",
        "ReplicateTags",
    ]
)
"""What replication may need, all in all."""
_KEYS = frozenset(
    f"kms:{name}"
    for name in [
        "decrypt",
        "describekey",
        "encrypt",
        "generatedatakey",
        "generatedatakey*",
        "generatedatakeywithoutplaintext",
        "reencrypt*",
        "reencryptfrom",
        "reencryptto",
    ]
)
_OTHER = "xqz-another-bucket"
_NAME = re.compile(r"arn:[^:]*:s3:::([^/]*)")
_SCOPED = (VIA, "kms:encryptioncontext:aws:s3:arn")
_BEYOND = tuple(one for one in ACTIONS if one.name not in NEEDED)


def is_narrow(by: Copier, names: Sequence[Text], at: Location, *, is_whole: bool) -> Verdict:
    """Whether it may do no more than replicate between these buckets; `is_whole` if there are no others."""
    if by.gap:
        return unknown(at, f"what {by.called} may do is not known: {by.gap}")
    start = f"arn:{by.here.partition}:s3:::"
    arns = [f"{start}{by.here.filled(name)}" for name in names]
    verdicts = [
        *(_only(by, arn, _BEYOND, at) for arn in arns),
        _only(by, f"{start}{_OTHER}", (), at, everything=True),
    ]
    for name, is_one in _named(by.own.rules).items():
        if f"{start}{name}" in arns:
            continue
        found = _only(by, f"{start}{name}", (), at)
        may_be_meant = not is_whole or any(same(text(name), own) is Status.UNKNOWN for own in names)
        if is_one and may_be_meant and found.status is Status.FAIL:
            found = unknown(at, f"whether {by.called} copies {name} is not known")
        verdicts.append(found)
    return every((*verdicts, *(_of_others(rule, by) for rule in by.own.rules)))


def _named(rules: Iterable[Rule]) -> dict[str, bool]:
    """A bucket for each text that the statements have for some, and whether it is the only one."""
    found: dict[str, bool] = {}
    for rule in rules:
        for one in rule.resources or () if rule.effect == "Allow" else ():
            named = _NAME.match(one.shown) if isinstance(one, Pattern) and not one.open else None
            if named is not None and "${" not in named[1]:
                name = named[1].replace("*", "xqz").replace("?", "x")
                found[name] = found.get(name, True) and name == named[1]
    return found


def _only(
    by: Copier, arn: str, actions: tuple[Action, ...], at: Location, *, everything: bool = False
) -> Verdict:
    """Whether it may do none of these on a bucket; without any, nothing at all."""
    limit = () if by.own.boundary is None else (by.own.boundary,)

    def answer(those: tuple[Action, ...]) -> Verdict:
        door = Door(bucket=arn, owner=by.here.owner, allowing=(by.own.rules, *limit), actions=those)
        told = asked(door, lambda _: [{}], only=(by.caller,))
        if told.verdict == PROVEN:
            return passed(at, f"{by.called} may do no more on {by.here.show(arn)} than replicate")
        if told.verdict == WITNESS and told.request is not None:
            where = "other buckets" if everything else by.here.show(told.request.resource)
            action = "s3:*" if told.request.action == FUTURE else told.request.action
            place = at if told.rule is None else told.rule.at
            return failed(place, f"{by.called} may {action} on {where}")
        return unknown(at, f"what {by.called} may do on other buckets is not known: {told.why}")

    found = answer(actions)
    if everything and found.status is Status.FAIL:
        whole = answer((Action(FUTURE, WRITE, of_objects=True),))
        return (
            whole.at_severity(Severity.HIGH)
            if whole.status is Status.FAIL
            else found.at_severity(Severity.LOW)
        )
    return found.at_severity(Severity.LOW)


def _of_others(rule: Rule, by: Copier) -> Verdict:
    """Whether a statement allows no more than S3 and the keys."""
    if rule.effect == "Deny":
        return passed(rule.at, "the statement denies")
    if not rule.effect:
        return unknown(rule.at, rule.why or "what a statement of the role does is not known")
    if rule.not_actions is not None:
        return failed(rule.at, f"a statement allows {by.called} all but some actions", Severity.LOW)
    found = [_of_action(one, rule, by) for one in rule.actions or ()]
    return every(found)


def _of_action(one: Pattern | Open, rule: Rule, by: Copier) -> Verdict:
    if isinstance(one, Open):
        return unknown(rule.at, one.why)
    written = one.shown.lower()
    if one.open:
        return unknown(rule.at, one.open)
    if written.startswith("s3:"):
        return passed(rule.at, "the statement is about S3")
    if written not in _KEYS:
        return failed(rule.at, f"a statement allows {by.called} {one.shown}", Severity.LOW)
    if any(isinstance(test, Open) for test in rule.tests):
        return unknown(rule.at, "for which keys a statement of the role is, is not known")
    scoped = any(isinstance(test, Test) and test.key in _SCOPED for test in rule.tests)
    every_key = any(isinstance(each, Pattern) and each.shown == "*" for each in rule.resources or ())
    if every_key and not scoped:
        return failed(rule.at, f"a statement allows {by.called} {one.shown} with every key", Severity.LOW)
    if any(isinstance(each, Open) for each in rule.resources or ()):
        return unknown(rule.at, "with which keys is not known")
    return passed(rule.at, "the statement is about keys")


def is_for_s3_alone(by: Copier, at: Location) -> Verdict:
    """Whether nobody but S3 may take it."""
    rules = rules_for(by.role.assume_role_policy, by)
    if not isinstance(rules, tuple):
        why = "it has none" if rules is None else rules.why
        return unknown(at, f"who may take the role {by.called} is not known: {why}")
    extent = Extent(
        bucket=by.caller.arn,
        owner=by.here.owner,
        actions=(Action("sts:AssumeRole", WRITE, of_objects=False),),
    )
    found = Policies([trusting(rule) for rule in rules], extent)
    answer = found.granted(lambda space: [space.who(_is_another)])
    if answer.verdict == PROVEN:
        return passed(at, f"nobody but S3 may take the role {by.called}")
    if answer.verdict == WITNESS and answer.request is not None and answer.decision is not None:
        who = by.here.show(str(answer.request.caller))
        return failed(answer.decision.by[0].at, f"{who} may take the role {by.called}", Severity.HIGH)
    why = answer.reasons[0].why if answer.reasons else "its trust policy does not tell"
    return unknown(at, f"who else may take the role {by.called} is not known: {why}")


def _is_another(caller: Caller) -> bool:
    return caller.kind != "service" or caller.name not in (S3, BATCH)
