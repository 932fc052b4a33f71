"""Who has access by the bucket policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access.blocks import block, unsaid
from s3audit.policy.access.doors import direct
from s3audit.policy.access.place import Place
from s3audit.policy.access.ways import Cut, Wanted, Way, limits, through
from s3audit.policy.access.words import BY_POLICY, Access
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.request import Caller
from s3audit.verdict import Status, Verdict

RESTRICT = "restrict_public_buckets"
_OPEN = "whether Block Public Access restricts the policy is not known"


def by_policy(
    place: Place, to: Wanted | None = None, by: Callable[[Caller], bool] = lambda _: True
) -> Iterator[Access]:
    if not place.rules:
        return
    door = direct(place.ground.arn, place.ground.owner, place.rules)
    way = Way(door=door, how=BY_POLICY, at=place.at, limited=limits(place))
    yield from through(way, place, cut(place), by, to)


def cut(place: Place) -> Cut:
    """What Block Public Access makes of a caller of the bucket."""
    restricted = block(place.bucket, place.estate, RESTRICT)
    return cut_by(
        place.public, restricted, frozenset({place.ground.owner}), why_open(place.bucket, place.estate)
    )


def why_open(bucket: Bucket, estate: Estate) -> str:
    return unsaid(bucket, RESTRICT) or _OPEN


def cut_by(public: str, restricted: Verdict, inside: frozenset[str], why: str) -> Cut:
    """Of a policy that is public; services and these accounts are spared."""

    def answer(caller: Caller) -> str | None:
        is_inside = caller.kind == "service" or caller.account in inside
        if is_inside or public == PROVEN or restricted.status is Status.FAIL:
            return ""
        if restricted.status is Status.PASS and public == WITNESS:
            return None
        return why

    return answer


def either(one: Cut, other: Cut) -> Cut:
    """What is kept out by one of them is kept out."""

    def answer(caller: Caller) -> str | None:
        first, second = one(caller), other(caller)
        return None if first is None or second is None else first or second

    return answer
