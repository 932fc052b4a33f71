"""One estate of all that a live scan has seen in all its accounts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

import msgspec

from s3audit.collectors.live.merge import shelves, still_unlisted
from s3audit.collectors.live.plan import Plan
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.told import name_of, problems
from s3audit.collectors.live.wanted import BROKE, BY_TAGS, STOPPED
from s3audit.model.account import Account, Organization
from s3audit.model.base import kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, Group, Listing, Unlisted, Unread
from s3audit.model.folded import Folded, Shelf
from s3audit.model.predictable import PredictableName
from s3audit.model.trail import EventDataStore
from s3audit.problem import Problem

BUCKET = kind_of(Bucket)
_EVERYWHERE = (kind_of(EventDataStore),)
"""Kinds of which one Region may tell what is so in all. A trail shows itself in each of them."""
_ABOVE = frozenset({kind_of(Account), kind_of(Organization), kind_of(PredictableName)})
"""Not what an account has."""


class Gathered(msgspec.Struct, frozen=True):
    estate: Estate
    problems: tuple[Problem, ...]
    accounts: Mapping[str, int]
    """How many resources each account has."""
    interrupted: bool


def gathered(seen: Seen) -> Gathered:
    """The same whatever the order in which the parts came."""
    resources: list[Folded] = []
    listings: set[Listing] = set()
    unlisted: list[Unlisted] = []
    not_read: list[Unread] = []
    for one in seen.plans:
        units = sorted(one.units, key=lambda unit: unit.id)
        parts = [seen.parts[unit.id] for unit in units if unit.id in seen.parts]
        listings.update(one.explored.listings)
        unlisted += one.explored.unlisted
        for part in parts:
            resources.append(part.resources)
            listings.update(part.listings)
            unlisted += part.unlisted
        not_read += _not_read(one, seen)
        if one.explored.open_regions:
            why = one.explored.open_regions
            unlisted += (Unlisted(kind, one.explored.place.account, "", why) for kind in _EVERYWHERE)
    for explored in seen.explored:
        if explored.refused:
            unlisted.append(Unlisted(BUCKET, explored.place.account, "", explored.refused))
    kept = shelves(resources)
    estate = Estate(
        groups={kind: Group(len(shelf), partial(_itself, shelf), shelf.at) for kind, shelf in kept.items()},
        listings=sorted(listings),
        not_listed=still_unlisted(unlisted, ()),
        not_read=sorted(not_read),
    )
    counts = Counter(
        account for kind, shelf in kept.items() if kind not in _ABOVE for account in shelf.accounts
    )
    accounts = {name_of(one.explored): counts[one.explored.place.account] for one in seen.plans}
    return Gathered(estate, tuple(problems(seen)), accounts, seen.interrupted)


def _itself(shelf: Shelf) -> Shelf:
    return shelf


def _not_read(one: Plan, seen: Seen) -> Iterator[Unread]:
    """Buckets that are there and were not read."""
    account = one.explored.place.account
    for listed, why in one.left_out:
        yield Unread(listed.name, account, listed.region, why, listed.type)
    for unit in one.units:
        part = seen.parts.get(unit.id)
        for listed in unit.buckets:
            if part is None:
                why = seen.lost.get(unit.id) or (BROKE if unit.id in seen.broken else STOPPED)
            elif listed.name in part.left_out:
                why = BY_TAGS
            elif listed.name in part.undone:
                why = STOPPED
            else:
                continue
            yield Unread(listed.name, account, listed.region, why, listed.type)
