"""What is to be read, as units: what an account has, what it has in each Region, and its buckets in slices."""

from collections.abc import Iterable, Iterator

import msgspec

from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.explore import Explored
from s3audit.collectors.live.named import Name, by_region
from s3audit.collectors.live.unit import Unit
from s3audit.collectors.live.wanted import NOT_NEEDED, Wanted

MOST_BUCKETS = 100
"""Of one unit."""
FEWEST = 4
"""Units of an account with as many buckets."""
EVERYWHERE = frozenset({"table buckets", "trails", "vaults", "vector buckets"})
"""Needs of which any enabled Region may tell: what records in all of them, and what takes no general purpose bucket."""
NO_ACCOUNT = "store"
NO_REGION = "nowhere"


class Plan(msgspec.Struct, frozen=True):
    """The units for one account."""

    explored: Explored
    units: tuple[Unit, ...]
    left_out: tuple[tuple[ListedBucket, str], ...]
    """Buckets that are not read, with the reason."""


def plan(explored: Explored, wanted: Wanted) -> Plan:
    """Always the same units in the same order, whatever the order of the listing."""
    taken: list[ListedBucket] = []
    left_out: list[tuple[ListedBucket, str]] = []
    for listed in sorted(explored.buckets, key=lambda one: (one.region, one.name)):
        why = wanted.why_not(listed)
        if why:
            left_out.append((listed, why))
        else:
            taken.append(listed)
    asked_for = {*wanted.regions}.difference(explored.not_enabled)
    regions = sorted({*asked_for, *(listed.region for listed in taken if listed.region)})
    # What records in every Region, and what stands for itself, may be in one that has no bucket.
    beyond = sorted({*explored.regions} - {*regions}) if EVERYWHERE & wanted.needs else []
    place = msgspec.structs.replace(explored.place, regions=(*regions, *beyond))
    explored = msgspec.structs.replace(explored, place=place)
    if not wanted.needs_buckets:
        left_out += [(listed, NOT_NEEDED) for listed in taken]
        taken = []
    units = (*_contexts(explored, regions, beyond, wanted), *_slices(explored, taken, wanted))
    return Plan(explored, units, tuple(left_out))


def _contexts(explored: Explored, regions: list[str], beyond: list[str], wanted: Wanted) -> Iterator[Unit]:
    needs = tuple(sorted(wanted.needs))
    if not needs or not explored.place.account:  # a store without accounts has no more than buckets
        return
    place, name = explored.place, explored.place.account or NO_ACCOUNT
    yield Unit(id=f"{name}/account", kind="context", place=place, needs=needs)
    for region in regions:
        yield Unit(id=f"{name}/{region}/context", kind="context", place=place, region=region, needs=needs)
    for region in beyond:
        needed = tuple(sorted(EVERYWHERE & wanted.needs))
        yield Unit(id=f"{name}/{region}/context", kind="context", place=place, region=region, needs=needed)


def _slices(explored: Explored, taken: list[ListedBucket], wanted: Wanted) -> Iterator[Unit]:
    place, name = explored.place, explored.place.account or NO_ACCOUNT
    by_region: dict[str, list[ListedBucket]] = {}
    for listed in taken:
        by_region.setdefault(listed.region, []).append(listed)
    for region, buckets in by_region.items():
        # The same whoever does the work, as they are kept under their names.
        size = min(MOST_BUCKETS, max(1, -(-len(taken) // FEWEST)))
        for number, first in enumerate(range(0, len(buckets), size), 1):
            yield Unit(
                id=f"{name}/{region or NO_REGION}/buckets-{number:04}",
                kind="buckets",
                place=place,
                region=region,
                buckets=tuple(buckets[first : first + size]),
                tags=wanted.tags,
            )


def named_units(one: Plan, names: Iterable[Name]) -> tuple[Unit, ...]:
    """The units of what an account refers to, for each Region by itself."""
    place = one.explored.place
    name = place.account or NO_ACCOUNT
    return tuple(
        Unit(
            id=f"{name}/{region or 'account'}/named",
            kind="named",
            place=place,
            region=region,
            names=those,
        )
        for region, those in by_region(names).items()
    )
