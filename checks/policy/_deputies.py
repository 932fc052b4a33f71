"""Whether a service may come for whomever, once every Deny is taken into account; imported where that is asked."""

from collections.abc import Iterable

from s3audit.model.bucket import Bucket
from s3audit.policy.actions import CONTENTS
from s3audit.policy.globs import Glob, literal
from s3audit.policy.language import Policy, Statement
from s3audit.policy.operators import Open
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.policy.told import is_matched, values_of
from s3audit.setting import Unknown
from s3audit.verdict import Evidence, Severity, Status, Verdict, some, unknown, verdict

from ._sources import CLOUDFRONT, SOURCES
from ._statements import items, value_of
from ._witness import gap, phrase, whole

_READING = frozenset((*CONTENTS, "s3:ListBucket", "s3:ListBucketVersions"))
_ACCOUNT_AT = 4
"""Which piece of an ARN it is."""
_STRANGE = {
    "aws:sourcearn": "arn:aws:service:xqz:999999999999:stranger",
    "aws:sourceaccount": "999999999999",
    "aws:sourceorgid": "o-xqzstranger",
    "aws:sourceorgpaths": "o-xqzstranger/r-xqz/",
}


def comes_for_anyone(
    statement: Statement, policy: Policy, bucket: Bucket, named: Verdict, but: tuple[str, ...]
) -> Verdict:
    """PASS with a request for each service that comes for whomever."""
    here = whole(policy, bucket)
    if here is None:
        return unknown(policy.at, "whether its statements are about this bucket is not known")
    mine = [rule for rule in here.rules if rule.at == statement.at and rule.effect != "Deny"]
    rules = (*mine, *(rule for rule in here.rules if rule.effect != "Allow" and rule not in mine))
    found: list[Verdict] = []
    principals = mine[0].principals if mine else None
    for item, who in zip(items(statement.principals), principals or (), strict=False):
        if (
            isinstance(item, Unknown)
            or value_of(item).kind != "Service"
            or value_of(item).name.literal in but
        ):
            continue
        called = str(value_of(item).name)
        if isinstance(who, Open) or "${" in who.name:
            found.append(unknown(item.at, f"which service {called} is is not known"))
            continue
        answer, reads = _asked(rules, who.name, here.context.arn, here.context.owner)
        if answer.verdict == PROVEN:
            continue
        if answer.verdict == WITNESS and answer.request is not None:
            whose = (
                "any distribution of any customer" if who.name == CLOUDFRONT else f"{called}, for anybody,"
            )
            note = phrase(answer.request, here, bucket, who=whose)
            found.append(verdict(Status.PASS, Evidence(item.at, note, Severity.HIGH if reads else None)))
        else:
            why = gap(answer, policy)
            found.append(unknown(why.at, why.note))
    sure = some(found)
    return sure if sure.status is not Status.FAIL or named.status is not Status.UNKNOWN else named


def _asked(rules: tuple[Rule, ...], service: str, bucket: str, owner: str) -> tuple[Answer, bool]:
    """Whether it is let in for somebody whom no condition names; and whether to read, which is shown if so."""
    keys = SOURCES[:1] if service == CLOUDFRONT else SOURCES
    told = {key: _told(rules, key) for key in keys}
    extent = Extent(
        bucket=bucket,
        owner=owner,
        only=(Caller(kind="service", name=service),),
        known={key: (*told[key], literal(_STRANGE[key])) for key in keys},
    )
    found = Policies(rules, extent)

    def strange(space: Space) -> Box:
        box: Box = space.who(lambda one: one.kind == "service")
        for key in keys:
            box = both(box, space.where(key, lambda held, key=key: not is_matched(held, told[key])))  # type: ignore[misc]
        return box

    def reading(space: Space) -> Iterable[Box]:
        yield both(strange(space), space.asking_for(_READING))

    reads = found.granted(reading)
    if reads.verdict == WITNESS:
        return reads, True
    return found.granted(lambda space: [strange(space)]), False


def _told(rules: tuple[Rule, ...], key: str) -> tuple[Glob, ...]:
    """The values of a key that conditions name, and that not everybody has."""
    strange = _STRANGE[key]
    return tuple(one for one in values_of(rules, key) if not one.matches(strange) and not _is_wide(one, key))


def _is_wide(one: Glob, key: str) -> bool:
    """Whether what fits may be of any account: by a pattern in its place, or by one of a name that no account owns."""
    if key != "aws:sourcearn" or one.is_fixed:
        return False
    pieces = "".join(token if isinstance(token, str) else "*" for token in one.tokens).split(":")
    account = pieces[_ACCOUNT_AT] if len(pieces) > _ACCOUNT_AT else "*"
    return "*" in account or not account
