"""Who reads a bucket without going through the distributions in front of it."""

from collections.abc import Collection, Iterator

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access.all_points import by_points
from s3audit.policy.access.direct import by_policy
from s3audit.policy.access.distributions import CLOUDFRONT, fronts_of, identity_of
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.spared import spared, without_delegation
from s3audit.policy.access.words import Access
from s3audit.policy.actions import Action
from s3audit.policy.request import Caller
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Verdict, every, failed, passed, unknown

_READS = ("s3:GetObject", "s3:GetObjectVersion")


def read_by_nobody_else(bucket: Bucket, estate: Estate, trusted: Collection[str]) -> Verdict:
    """PASS where policies let nobody read objects but CloudFront, identities in front of it, and these."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    return every(_others(place, trusted), passed(place.at, "policies let nobody read but CloudFront"))


class _Fronts(msgspec.Struct, frozen=True):
    """The identities by which distributions in front of it read."""

    sure: frozenset[Caller]
    perhaps: frozenset[Caller]
    open: str
    """Why any other may be one, too."""

    def may_be(self, caller: Caller) -> bool:
        return caller in self.perhaps or (bool(self.open) and caller.kind in ("oai", "canonical"))


def _others(place: Place, trusted: Collection[str]) -> Iterator[Verdict]:
    trust, fronts = spared(trusted, place), _fronts(place)

    def is_other(caller: Caller) -> bool:
        is_cloudfront = caller.kind == "service" and caller.name == CLOUDFRONT
        return not (is_cloudfront or caller in fronts.sure or trust.has(caller))

    direct = list(by_policy(without_delegation(place), _reads, is_other))
    for one in (*direct, *by_points(place, direct, _reads)):
        others = [caller for caller in one.callers if is_other(caller)]
        if others or not one.callers:
            is_open = bool(others) and all(
                fronts.may_be(each) or trust.may_have(each) or trust.may_be_limited(each) for each in others
            )
            yield _said(one, is_open, fronts.open)


def _fronts(place: Place) -> _Fronts:
    sure: set[Caller] = set()
    perhaps: set[Caller] = set()
    gaps = []
    for _, origin, why in fronts_of(place):
        match origin.access_identity:
            case Unknown(gap):
                gaps.append(gap)
            case Known(Text() as path) | Unset(Text() as path) if path.parts:
                if any(not part.resource for part in path.opaque):
                    gaps.append(f"it is {path}, which the input does not tell")
                (perhaps if why else sure).update(identity_of(place, path)[0])
            case _:
                continue
    return _Fronts(frozenset(sure), frozenset(perhaps), gaps[0] if gaps else "")


def _reads(action: Action) -> bool:
    return action.name in _READS


def _said(one: Access, is_open: bool, why: str) -> Verdict:
    if one.open:
        return unknown(one.at, one.open)
    if is_open:
        more = f": {why}" if why else ""
        return unknown(one.at, f"whether {one.who} is one of those who may read is not known{more}")
    return failed(one.at, f"{one.who} may read objects past CloudFront, by {one.how}")
