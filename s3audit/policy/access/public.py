"""Whether the public has access in effect, and which accounts beside its own have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.distribution import OriginAccessIdentity
from s3audit.model.estate import Estate
from s3audit.policy.access.acl import by_acl
from s3audit.policy.access.all_points import by_points
from s3audit.policy.access.behind import Through, by_itself, ways_through
from s3audit.policy.access.blocks import block
from s3audit.policy.access.delegation import doubtful, unread
from s3audit.policy.access.direct import RESTRICT, by_policy
from s3audit.policy.access.doors import (
    POINT_ACCOUNT,
    POINT_ARN,
    POINT_ORIGIN,
    Door,
    asked,
    direct,
    named_accounts,
)
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.points import Entrance, Point, entrances
from s3audit.policy.access.ways import Wanted
from s3audit.policy.access.words import ANY_ACCOUNT, PUBLIC, Access
from s3audit.policy.actions import Action
from s3audit.policy.neighbours import canonical_of
from s3audit.policy.operators import Open
from s3audit.policy.questions import Context, strangers
from s3audit.policy.reason import PROVEN, WITNESS, both
from s3audit.policy.request import ANONYMOUS, Request
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.setting import Unknown
from s3audit.verdict import Evidence, Status, Verdict, failed, passed, some, unknown, verdict

_NOBODY = "nobody of the public can"


def publicly(bucket: Bucket, estate: Estate, levels: Sequence[str], *, blocks: bool = True) -> Verdict:
    """PASS where anybody, or any AWS account, can do one of these now; FAIL where nobody of them can.

    Without `blocks` as if Block Public Access were off everywhere.
    """

    def wanted(action: Action) -> bool:
        return action.level in levels

    found = [_by_lists(bucket, estate, levels, blocks=blocks)]
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        found.append(_let_by(block(bucket, estate, RESTRICT), unknown(place.at, place.why), blocks=blocks))
    else:
        found.append(_by_policy(place, wanted, blocks=blocks))
        found += (unknown(one.at, one.open) for one in unread(place, (), wanted) if one.open)
        for entrance in entrances(place):
            found += (_by_point(place, one, wanted, blocks=blocks) for one in _all_readings(place, entrance))
    answer = some(found)
    return answer if answer.status is not Status.FAIL or answer.evidence else failed(bucket.at, _NOBODY)


def publicly_through(point: Point, estate: Estate, *, blocks: bool = True) -> Verdict:
    """The same for anything through one access point."""
    alone = by_itself(point, estate)
    if isinstance(alone, Through) and (alone.entrance.public == PROVEN or alone.entrance.vpc):
        return failed(alone.entrance.way.at, _NOBODY)
    found: list[Verdict] = []
    for one in ways_through(point, estate):
        if isinstance(one, Unknown):
            found.append(unknown(one.at, one.why))
            continue
        readings = _all_readings(one.place, one.entrance)
        found += (_by_point(one.place, each, lambda _: True, blocks=blocks) for each in readings)
    answer = some(found)
    return answer if answer.status is not Status.FAIL or answer.evidence else failed(point.at, _NOBODY)


def _all_readings(place: Place, entrance: Entrance) -> Iterator[Entrance]:
    """The access point where it is taken to be, and wherever the bucket policy could mean it to be."""
    yield entrance
    yield from doubtful(place, entrance)


def _let_by(restricted: Verdict, found: Verdict, *, blocks: bool) -> Verdict:
    """As far as Block Public Access lets them."""
    return found & ~restricted if blocks else found


def _by_lists(bucket: Bucket, estate: Estate, levels: Sequence[str], *, blocks: bool) -> Verdict:
    found: list[Verdict] = []
    for one in by_acl(bucket, estate, blocks=blocks):
        if not set(levels) & set(one.can):
            continue
        if one.who in PUBLIC:
            found.append(_said(one, f"its ACL lets {one.who}{',' * (',' in one.who)} {', '.join(one.said)}"))
        elif one.open:
            found.append(unknown(one.at, one.open))
    return some(found)


def _said(one: Access, note: str) -> Verdict:
    return unknown(one.at, one.open) if one.open else passed(one.at, note)


def _by_policy(place: Place, wanted: Wanted, *, blocks: bool) -> Verdict:
    if place.public == PROVEN or not place.rules:
        return Verdict(Status.FAIL)
    door = direct(place.ground.arn, place.ground.owner, place.rules)
    # What a statement asks of access points it asks of those that anybody may make, too.
    anywhere = Door(bucket=door.bucket, owner=door.owner, allowing=door.allowing)
    found = _asked(anywhere, place.rules, place.context, wanted, place, "the bucket policy")
    return _let_by(block(place.bucket, place.estate, RESTRICT), found, blocks=blocks)


def _by_point(place: Place, entrance: Entrance, wanted: Wanted, *, blocks: bool) -> Verdict:
    if entrance.public == PROVEN or entrance.vpc or not place.rules:
        return Verdict(Status.FAIL)
    context = msgspec.structs.replace(place.context, access_point=True)
    rules = tuple(map(_but_points, (*entrance.rules, *place.rules)))
    found = _asked(entrance.way.door, rules, context, wanted, place, entrance.way.how)
    if entrance.way.open:
        found &= unknown(entrance.way.at, entrance.way.open)
    return _let_by(entrance.restricted, found, blocks=blocks)


def _asked(
    door: Door, rules: tuple[Rule, ...], context: Context, wanted: Wanted, place: Place, how: str
) -> Verdict:
    """`rules` are those by which somebody is a stranger or not."""
    them = strangers(rules, context)
    named = named_accounts(door)

    def query(space: Space) -> Iterator[Box]:
        yield both(them.among(space, named), space.doing(wanted))

    told = asked(door, query, callers=them.callers, known=them.known)
    if told.verdict == PROVEN:
        return Verdict(Status.FAIL)
    if told.verdict == WITNESS and told.rule is not None and told.request is not None:
        return passed(told.rule.at, f"{how} lets {_shown(told.request, place)}")
    return unknown(place.at, told.why)


def _but_points(rule: Rule) -> Rule:
    """That a request comes through an access point makes nobody somebody that its account trusts."""
    tests = tuple(
        test for test in rule.tests if isinstance(test, Open) or test.key not in (POINT_ARN, POINT_ACCOUNT)
    )
    return msgspec.structs.replace(rule, tests=tests)


def _shown(request: Request, place: Place) -> str:
    caller = request.caller
    through = POINT_ARN in request.context or POINT_ORIGIN in request.context
    who = "anybody" if caller.kind == ANONYMOUS and not through else str(caller)
    who = ANY_ACCOUNT if caller.kind == "aws" or (caller.kind == ANONYMOUS and through) else who
    name = str(place.ground.bucket_name)
    resource = request.resource.replace(place.ground.arn, f"arn:{place.ground.partition}:s3:::{name}", 1)
    return f"{who} do {request.action} on {place.ground.show(resource)}"


def outside(bucket: Bucket, estate: Estate, actions: Collection[str]) -> dict[str, Verdict]:
    """By account: whether it was given access, to some of these actions if any are told."""
    to: Wanted | None = (lambda action: action.name in actions) if actions else None
    place = place_of(bucket, estate)
    found: dict[str, list[Verdict]] = {}
    if isinstance(place, Unknown):
        found.setdefault("", []).append(unknown(place.at, place.why))
        ways: list[Access] = []
    else:
        ways = list(by_policy(place, to))
        ways += by_points(place, ways.copy(), to)
    for one in ways:
        for account in _accounts(one, place):
            note = f"{one.who}: {', '.join(one.can)}, by {one.how}"
            evidence = (Evidence(one.at, one.open or note), *(() if one.open else one.steps))
            status = Status.UNKNOWN if one.open else Status.PASS
            found.setdefault(account, []).append(verdict(status, *evidence))
    for one in () if actions else by_acl(bucket, estate):
        if one.who not in PUBLIC and one.who.startswith(_CANONICAL):
            found.setdefault(one.who.removeprefix(_CANONICAL), []).append(
                _said(one, f"its ACL lets it {', '.join(one.said)}")
            )
    return {account: some(verdicts) for account, verdicts in sorted(found.items())}


_CANONICAL = "the canonical user "
_OF_ACCOUNTS = frozenset({"aws", "canonical", "federated", "open"})


def _accounts(one: Access, place: Place | Unknown) -> set[str]:
    """Those that are named, an empty one for somebody who is not known."""
    if isinstance(place, Unknown):
        return {""}
    if not one.callers:
        return {one.account} if one.account or one.open else set()
    if one.who == ANY_ACCOUNT:
        return {"*"}
    readers = {canonical_of(each) for each in place.estate.all(OriginAccessIdentity)}
    found = {caller.account or caller.name for caller in one.callers if caller.kind in _OF_ACCOUNTS}
    # Of somebody whom the input does not tell not even the account is known.
    nobody = {""} if any(caller.kind == "open" and not caller.account for caller in one.callers) else set()
    return (found - readers - {"", place.ground.owner}) | nobody
