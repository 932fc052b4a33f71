"""The ways through one access point: to each bucket behind it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lookup import Named
from s3audit.model.points import Target, bucket_of, targets
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.points import Entrance, Point, entrance_alone, entrance_of
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text
from s3audit.verdict import Status

_ANY = Text((Opaque("its bucket"),))


class Through(msgspec.Struct, frozen=True):
    """A bucket as it is reached by the access point."""

    place: Place
    entrance: Entrance


def ways_through(point: Point, estate: Estate) -> Iterator[Through | Unknown]:
    """One to each bucket behind it; Unknown for one that is not here to be looked at."""
    for target in targets(point):
        sure = False
        for bucket in _meant(target, estate):
            place = place_of(bucket, estate)
            if isinstance(place, Unknown):
                yield place
                sure = True
                continue
            found = entrance_of(place, point)
            if found is None:
                continue
            entrance, leads = found
            sure = sure or leads is Status.PASS
            yield Through(place, entrance)
        if not sure:
            yield from _unseen(target, estate)


def _meant(target: Target, estate: Estate) -> Iterator[Bucket]:
    match target.name:
        case Known(name) | Unset(name):
            for address in estate.once(_by_name).meant_by(name):
                bucket = estate.at(address, Bucket)
                if bucket is not None and bucket.type == "general":
                    yield bucket
        case Unknown():
            return


def _by_name(estate: Estate) -> Named[str]:
    return Named(
        (one.address, (one.name.value if isinstance(one.name, Known) else None,))
        for one in estate.all(Bucket)
    )


def _unseen(target: Target, estate: Estate) -> Iterator[Unknown]:
    match bucket_of(target, estate):
        case Unknown(why):
            yield Unknown(why, target.at)
        case Known(None) | Unset(None):
            return  # nothing gets anywhere
        case Known() | Unset():
            yield Unknown("whether it leads to this bucket is not known", target.at)


def by_itself(point: Point, estate: Estate) -> Through | Unknown:
    """The access point as if nothing were known of its bucket: what its own policy says."""
    target, *others = targets(point) or [Target(NOT_COLLECTED, NOT_COLLECTED, point.at)]
    name = target.name if isinstance(target.name, Known) and not others else Known(_ANY, target.at)
    owner: Setting[Text] = point.account
    if isinstance(target.account, Known) and target.account.value is not None:
        owner = Known(target.account.value, target.account.at)
    bucket = Bucket(
        address="",
        at=target.at,
        origin=point.origin,
        name=name,
        account=owner,
        region=point.region,
        policy=Unset(None, point.at),
    )
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return place
    return Through(place, entrance_alone(place, point))
