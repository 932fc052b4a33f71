"""A bucket, its policy and its neighbours in the terms in which the reasoner is asked."""

from __future__ import annotations

from collections.abc import Container, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from s3audit.location import Location
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, OriginAccessIdentity
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.model.key import KmsKey
from s3audit.policy.access.words import ANY_ACCOUNT, ANY_SERVICE, ANYBODY, OWN
from s3audit.policy.elements import listed, value_of
from s3audit.policy.keys import spelled
from s3audit.policy.language import NO_PRINCIPAL, names_nobody, policy_of
from s3audit.policy.operators import Chosen, patterns
from s3audit.policy.placed import Ground, ground
from s3audit.policy.questions import Context, not_public
from s3audit.policy.reason import PROVEN
from s3audit.policy.request import ANONYMOUS, Caller, Held, Request
from s3audit.policy.rules import Rule, Test, Who
from s3audit.setting import Known, Unknown

_NEIGHBOURS: tuple[type[Resource], ...] = (
    Role,
    User,
    OriginAccessIdentity,
    Distribution,
    AccessPoint,
    MultiRegionAccessPoint,
    ObjectLambdaAccessPoint,
    KmsKey,
)
_NO_ABOUT = "whether its statements are about this bucket is not known"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    bucket: Bucket
    estate: Estate
    ground: Ground
    rules: tuple[Rule, ...]
    """Of the bucket policy; empty where there is none."""
    at: Location
    """Of the bucket policy."""
    public: str
    """Whether that is one that S3 calls public, as the reasoner answers: PROVEN that it is not."""

    @property
    def context(self) -> Context:
        return Context(bucket=self.ground.bucket, owner=self.ground.owner, partition=self.ground.partition)


def place_of(bucket: Bucket, estate: Estate) -> Place | Unknown:
    """Unknown where nobody can tell what the bucket policy says of this bucket."""
    return estate.recent(bucket, _place)


def _place(bucket: Bucket, estate: Estate) -> Place | Unknown:
    written = policy_of(bucket.policy)
    if isinstance(written, Unknown):
        return written
    policy = written.value if isinstance(written, Known) else written.default

    def find(address: str) -> Resource | None:
        found = (estate.at(address, kind) for kind in _NEIGHBOURS)
        return next((one for one in found if one is not None), None)

    aliases = {f"{one.title}.Alias": one for one in estate.all(MultiRegionAccessPoint) if one.title}
    here = ground(bucket.name, bucket.region, bucket.account, find, aliases)
    if here is None or (policy is not None and not here.holds(policy)):
        return Unknown(_NO_ABOUT, written.at if policy is None else policy.at)
    for statement in () if policy is None else map(value_of, listed(policy)):
        if statement is not None and names_nobody(statement):
            return Unknown(
                f"whether the bucket can have the policy is not known: {NO_PRINCIPAL}", statement.at
            )
    rules = () if policy is None else here.rules(policy)
    place = Place(bucket=bucket, estate=estate, ground=here, rules=rules, at=written.at, public=PROVEN)
    if not rules:
        return place
    return msgspec.structs.replace(place, public=not_public(rules, place.context).verdict)


def named_in(rules: Sequence[Rule]) -> AbstractSet[str]:
    return frozenset(
        who.name
        for rule in rules
        for who in (*(rule.principals or ()), *(rule.not_principals or ()))
        if isinstance(who, Who)
    )


def called(caller: Caller, outside: str, named: AbstractSet[str], here: Ground) -> str:
    """What to call somebody whom policies tell apart."""
    if caller.kind == ANONYMOUS:
        return ANYBODY
    if caller.kind == "service" and caller.name not in named:
        return ANY_SERVICE
    if caller.kind in ("oai", "canonical"):
        return next(
            (said for name, said in here.shown.items() if name in (caller.arn or caller.name)), str(caller)
        )
    if caller.kind != "aws" or caller.account == outside:
        return ANY_ACCOUNT if caller.kind == "aws" else str(caller)
    if caller.arn in here.shown:
        return here.shown[caller.arn]
    if named.isdisjoint((caller.arn, caller.session)) or caller.arn.endswith(":root"):
        return OWN if caller.account == here.owner else f"the account {caller.account}"
    return caller.arn


def carried(request: Request | None, rules: Sequence[Rule], here: Ground, but: Container[str] = ()) -> str:
    """The keys that the statements ask for, as the request has them; but for those that are told in other words."""
    if request is None:
        return ""
    tests = [test for rule in rules for test in rule.tests if isinstance(test, Test) and test.key not in but]
    told = {test.key: _asked(test, request.held(test.key)) for test in tests}
    return here.show(
        ", ".join(f"{spelled(key)} {held}" for key, held in told.items() if isinstance(held, str))
    )


def _asked(test: Test, held: Held | None) -> Held | None:
    """The pattern that a value fits, which says more than one such value."""
    if test.operator is None or test.operator.negated or not test.operator.takes_patterns:
        return held
    for value in test.values:
        shape = patterns(test.operator, value) if isinstance(value, Chosen) and not value.open else None
        if shape is not None and isinstance(held, str) and isinstance(value, Chosen) and shape.matches(held):
            return value.text
    return held
