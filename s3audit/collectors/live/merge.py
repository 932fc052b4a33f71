"""Puts what was read a second time in the place of what was not told the first time."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from s3audit.collectors.live.unit import Part, Unit
from s3audit.model.estate import Listing, Unlisted
from s3audit.model.folded import Folded, Shelf
from s3audit.setting import Known, Unknown, Unset


def once_more(unit: Unit, part: Part) -> Unit | None:
    """The unit of what is worth a second try; None where nothing is."""
    if not part.again:
        return None
    if unit.kind == "buckets":
        again = set(part.again)
        return msgspec.structs.replace(
            unit, buckets=tuple(one for one in unit.buckets if one.name in again), tags=()
        )
    return msgspec.structs.replace(unit, needs=part.again) if unit.kind == "context" else unit


def merged(first: Part, second: Part) -> Part:
    """All of the first, and of the second what tells more."""
    kept = {resource.address: resource for resource in first.resources}
    worse: set[str] = set()
    for resource in second.resources:
        before = kept.get(resource.address)
        if before is not None and gaps(before) < gaps(resource):
            worse.add(resource.title)
        else:
            kept[resource.address] = resource
    gone = {*second.gone}  # those of the first were looked for again
    told = {one for one in first.missed if not one.passing or one.about in worse}
    told |= {one for one in second.missed if one.about not in worse}
    tally = Counter(dict(first.tally)) - Counter(dict(first.recount)) + Counter(dict(second.tally))
    listings = tuple(sorted({*first.listings, *second.listings}))
    return Part(
        unit=first.unit,
        resources=Folded(one for one in kept.values() if one.title not in gone),
        listings=listings,
        unlisted=still_unlisted((*first.unlisted, *second.unlisted), listings),
        gone=tuple(sorted(gone)),
        left_out=first.left_out,
        undone=first.undone,
        missed=tuple(sorted(one for one in told if one.about not in gone)),
        again=second.undone,
        tally=tuple(sorted(tally.items())),
    )


def still_unlisted(unlisted: Iterable[Unlisted], listings: Iterable[Listing]) -> tuple[Unlisted, ...]:
    """What no other attempt has listed; of several reasons the last."""
    listed = {(one.kind, one.account, one.region) for one in listings}
    left = {(one.kind, one.account, one.region): one for one in unlisted}
    return tuple(sorted(one for key, one in left.items() if key not in listed))


def gaps(value: Any) -> int:
    """How much of a resource is not known."""
    match value:
        case Unknown():
            return 1
        case Known(value=inner) | Unset(default=inner):
            return gaps(inner)
        case tuple():
            return sum(map(gaps, value))
        case msgspec.Struct():
            return sum(gaps(getattr(value, name)) for name in value.__struct_fields__ if name != "at")
        case _:
            return 0


def shelves(parts: Iterable[Folded]) -> dict[str, Shelf]:
    """By kind, each resource once: of several that tell of the same, the one that knows most."""
    found: dict[tuple[str, str], tuple[Folded, int]] = {}
    for part in parts:
        for place, key in enumerate(part.keys):
            before = found.get(key)
            if before is None or gaps(part[place]) < gaps(before[0][before[1]]):
                found[key] = (part, place)
    by_kind: dict[str, dict[str, tuple[Folded, int]]] = {}
    for kind, address in sorted(found):
        by_kind.setdefault(kind, {})[address] = found[kind, address]
    return {kind: Shelf(places) for kind, places in by_kind.items()}
