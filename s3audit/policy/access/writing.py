"""Whether a role may write objects of some names into a bucket."""

import msgspec

from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.policy.access.doors import Door, Told, asked
from s3audit.policy.access.roles import Copier, copier, direct, rules_for
from s3audit.policy.actions import WRITE, Action
from s3audit.policy.globs import MANY, Glob, joined
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.rules import Pattern, Rule
from s3audit.setting import Unknown
from s3audit.verdict import Evidence, Severity, Status, Verdict, failed, unknown, verdict

_PUT = "s3:PutObject"
_WRITING = (Action(_PUT, WRITE, of_objects=True),)


def may_write(role: Role, bucket: Bucket, estate: Estate, prefix: str, suffix: str, at: Location) -> Verdict:
    """Whether it may put an object whose key begins and ends so; as `low` where only a wildcard lets it."""
    by = copier(role, bucket, estate)
    if isinstance(by, Unknown):
        return unknown(at, by.why)
    if by.gap:
        return unknown(at, f"what {by.called} may do is not known: {by.gap}")
    said = rules_for(bucket.policy, by)
    if isinstance(said, Unknown):
        return unknown(at, f"the bucket policy is not known: {said.why}")
    keys = _keys(by, prefix, suffix)
    allowing = (*by.own.rules, *direct(said or ()))
    told = _asked(by, allowing, said or (), keys)
    if told.verdict == PROVEN:
        return failed(at, f"{by.called} may not {_PUT} there")
    if told.verdict != WITNESS or told.request is None:
        return unknown(at, f"whether {by.called} may {_PUT} there is not known: {told.why}")
    where = at if told.rule is None else told.rule.at
    note = f"{by.called} may {_PUT} on {by.here.show(told.request.resource)}"
    plain = tuple(rule for one in allowing if (rule := _without_wildcards(one)) is not None)
    is_meant = _asked(by, plain, said or (), keys).verdict == WITNESS
    return verdict(Status.PASS, Evidence(where, note, None if is_meant else Severity.LOW))


def _keys(by: Copier, prefix: str, suffix: str) -> Glob:
    return Glob(joined((*f"{by.here.arn}/{prefix}", MANY, *suffix)))


def _asked(by: Copier, allowing: tuple[Rule, ...], said: tuple[Rule, ...], keys: Glob) -> Told:
    limit = () if by.own.boundary is None else (by.own.boundary,)
    door = Door(
        bucket=by.here.arn,
        owner=by.here.owner,
        allowing=(allowing, *limit),
        denying=(said,) if said else (),
        actions=_WRITING,
        patterns=(keys,),
    )
    return asked(door, lambda space: [space.at(keys.matches)], only=(by.caller,))


def _without_wildcards(rule: Rule) -> Rule | None:
    """What of an Allow names the action, and the bucket; all of a Deny."""
    if rule.effect != "Allow":
        return rule
    if rule.actions is None or rule.resources is None:
        return None
    actions = tuple(one for one in rule.actions if isinstance(one, Pattern) and one.glob.is_fixed)
    resources = tuple(one for one in rule.resources if isinstance(one, Pattern) and _names_bucket(one))
    if not actions or not resources:
        return None
    return msgspec.structs.replace(rule, actions=actions, resources=resources)


def _names_bucket(one: Pattern) -> bool:
    return "/" in one.glob.head
