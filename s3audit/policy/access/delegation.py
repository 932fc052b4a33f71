"""What a bucket policy leaves to access points that are not here, or that only may be the one that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.policy import keys
from s3audit.policy.access.blocks import block
from s3audit.policy.access.direct import RESTRICT, cut_by, why_open
from s3audit.policy.access.doors import POINT_ACCOUNT, POINT_ARN, POINT_ORIGIN, Door
from s3audit.policy.access.place import Place
from s3audit.policy.access.points import SIGNED, SUPPORTED, Entrance
from s3audit.policy.access.ways import Wanted, Way, through
from s3audit.policy.access.words import ANY_ACCOUNT, BY_POLICY, Access
from s3audit.policy.globs import literal
from s3audit.policy.operators import Chosen
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule, Test

_DIGITS = 12


def delegated(place: Place, known: Sequence[Access], to: Wanted | None = None) -> Iterator[Access]:
    """What the bucket policy leaves to the access points of others, who may make one at any time.

    `known` is what it allows without one.
    """
    if not _tests(place.rules):
        return
    here = place.ground
    named = {account for account in _named_accounts(place.rules) if account != here.owner}
    for account in sorted(named):
        who = f"whoever the access points of the account {account} let in"
        through_its = f", through access points of the account {account}"
        yield from _left_to(place, _points(here.partition, account), who, through_its, known, to)
    told = {*named, here.owner}
    anybody = _Points(lambda arn, account: account not in told and _account_in(arn) not in told, "*")
    who = "any AWS account, through an access point of its own"
    yield from _left_to(place, anybody, who, ", through access points of any account", known, to)


def unread(place: Place, known: Sequence[Access], to: Wanted | None = None) -> Iterator[Access]:
    """What it leaves to access points of its own account, where not all of them are known."""
    if not _tests(place.rules):
        return
    account = place.ground.owner if place.ground.owner_is_told else ""
    region = place.ground.region if place.ground.region_is_told else ""
    estate = place.estate
    gaps = (estate.unlisted(AccessPoint, account, region), estate.unlisted(MultiRegionAccessPoint, account))
    gap = next((one for one in gaps if one is not None), None)
    if gap is None:
        return
    who = "whoever the access points of its own account let in"
    why = f"not all of them are known: {gap.why}"
    own = _points(place.ground.partition, place.ground.owner)
    for one in _left_to(place, own, who, ", through access points of its own account", known, to):
        yield msgspec.structs.replace(one, open=one.open or why)


class _Points(msgspec.Struct, frozen=True):
    are: Callable[[str, str], bool]
    """Whether they include the one of this ARN and this account; either may be empty."""
    account: str
    example: str = ""
    """The ARN of one."""


def _points(partition: str, account: str) -> _Points:
    def are(arn: str, owner: str) -> bool:
        return owner in ("", account) and _account_in(arn) in ("", account)

    return _Points(are, account, f"arn:{partition}:s3:xqz-region-1:{account}:accesspoint/xqz")


def _left_to(
    place: Place, points: _Points, anybody: str, how: str, known: Sequence[Access], to: Wanted | None
) -> Iterator[Access]:
    """What others may do through such access points and not without one; `anybody` is what all of them are called."""
    here = place.ground
    door = Door(
        bucket=here.arn,
        owner=here.owner,
        allowing=(place.rules,),
        carries={
            POINT_ARN: lambda held: isinstance(held, str) and points.are(held, ""),
            POINT_ACCOUNT: lambda held: isinstance(held, str) and points.are("", held),
            POINT_ORIGIN: lambda held: held is not None,
            keys.TLS: lambda held: held == "true",
            keys.SIGNATURE_VERSION: lambda held: held == SIGNED,
        },
        known={
            POINT_ARN: (literal(points.example),) if points.example else (),
            POINT_ACCOUNT: (literal(points.account),) if points.example else (),
            POINT_ORIGIN: (literal("VPC"), literal("Internet")),
        },
        actions=SUPPORTED,
    )
    restricted = block(place.bucket, place.estate, RESTRICT)
    cut = cut_by(place.public, restricted, frozenset(), why_open(place.bucket, place.estate))
    way = Way(door=door, how=f"{BY_POLICY}{how}", at=place.at)
    covered: set[str] = set()
    for one in through(way, place, cut, lambda caller: _is_foreign(caller, here.owner), to):
        before = {level for each in known if each.who == one.who for level in each.can}
        can = tuple(level for level in one.can if level not in before and level not in covered)
        if not can:
            continue
        is_any = one.who == ANY_ACCOUNT
        covered |= set(can) if is_any else set()
        yield msgspec.structs.replace(
            one,
            who=anybody if is_any else one.who,
            how=BY_POLICY if is_any else one.how,
            can=can,
            where="",
            account=points.account,
            callers=(),
        )


def _is_foreign(caller: Caller, owner: str) -> bool:
    return caller.kind in ("aws", "federated", "canonical", "open") and caller.account != owner


def _tests(rules: Iterable[Rule]) -> list[Test]:
    return [
        test
        for rule in rules
        if rule.effect != "Deny"
        for test in rule.tests
        if isinstance(test, Test) and test.key in (POINT_ARN, POINT_ACCOUNT, POINT_ORIGIN)
    ]


def _named_accounts(rules: Iterable[Rule]) -> Iterator[str]:
    for test in _tests(rules):
        for value in test.values:
            if isinstance(value, Chosen):
                account = _account_in(value.text) or value.text
                if len(account) == _DIGITS and account.isdigit():
                    yield account


def _account_in(arn: str) -> str:
    return (*arn.split(":", 5), "", "", "", "", "")[4]


def doubtful(place: Place, entrance: Entrance) -> Iterator[Entrance]:
    """The same access point as the bucket policy would name it, if an account or a Region in it were its own."""
    here = place.ground
    own = entrance.arn.split(":", 5)
    met = {entrance.arn}
    for test in _tests(place.rules):
        for value in test.values:
            if not isinstance(value, Chosen):
                continue
            pieces = list(own)
            written = value.text.split(":", 5)
            account = written[4] if len(written) > 5 else value.text
            if not here.owner_is_told and len(account) == _DIGITS and account.isdigit():
                pieces[4] = account
            if not here.region_is_told and len(written) > 5 and own[3] and not {"*", "?"} & set(written[3]):
                pieces[3] = written[3]
            arn = ":".join(pieces)
            if arn in met:
                continue
            met.add(arn)
            door = entrance.way.door
            yield msgspec.structs.replace(
                entrance,
                way=msgspec.structs.replace(
                    entrance.way,
                    open=f"whether {value.text} is where this access point is, nobody tells",
                    door=msgspec.structs.replace(
                        door,
                        carries={
                            **door.carries,
                            POINT_ARN: lambda held, arn=arn: held == arn,
                            POINT_ACCOUNT: lambda held, account=pieces[4]: held == account,
                        },
                        known={
                            **door.known,
                            POINT_ARN: (literal(arn),),
                            POINT_ACCOUNT: (literal(pieces[4]),),
                        },
                    ),
                ),
            )
