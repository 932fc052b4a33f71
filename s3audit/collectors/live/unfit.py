"""Filters that fit nothing: a scan that was to look at something and looked at nothing is no clean one.

They are judged over all accounts: what fits in one of them is fine for the others.
"""

from collections.abc import Iterator

from s3audit.collectors.live.explore import Explored
from s3audit.collectors.live.plan import Plan
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.wanted import NOT_NEEDED
from s3audit.collectors.live.words import count, some
from s3audit.location import Location
from s3audit.model.base import kind_of
from s3audit.model.bucket import Bucket
from s3audit.problem import Problem

_BUCKET = kind_of(Bucket)
_PATTERN = frozenset("*?[")


def unfit(seen: Seen, at: Location) -> Iterator[Problem]:
    """A problem for each of them."""
    entered = [one for one in seen.explored if not one.refused]
    if seen.interrupted or not entered:
        return
    found = [*_names(seen, entered, at), *_regions(entered, at)]
    yield from found or _together(seen, at)


def _names(seen: Seen, entered: list[Explored], at: Location) -> Iterator[Problem]:
    """What --bucket names, one by one."""
    all_listed = _all_listed(seen)
    for name in _common([one.unfit for one in entered]):
        if not _PATTERN.isdisjoint(name):
            among = "No bucket fits" if all_listed else "None of the buckets that could be listed fits"
            yield Problem(at, "partial", f"{among} --bucket '{name}', so nothing was read for it.")
        elif all_listed:
            yield Problem(at, "unreadable", f"There is no bucket {name}, which --bucket names.")
        else:
            yield Problem(at, "unreadable", f"No bucket {name} was found, which --bucket names.")


def _regions(entered: list[Explored], at: Location) -> Iterator[Problem]:
    for region in _common([one.not_enabled for one in entered]):
        which = "this account has" if len(entered) == 1 else "any of these accounts has"
        said = (
            f"{region}, which --region names, is no Region that {which} enabled, so nothing was read there."
        )
        yield Problem(at, "unreadable", said)


def _together(seen: Seen, at: Location) -> Iterator[Problem]:
    """Each of them may fit something, and all together nothing."""
    filters = sorted({option for one in seen.plans for option in one.explored.filters})
    buckets = sum(len(one.explored.buckets) for one in seen.plans)
    if filters and buckets and not any(_is_left(one, seen) for one in seen.plans):
        all_of_them = f"all {count(buckets, 'bucket')} are" if buckets > 1 else "the only bucket is"
        said = f"By {some(filters)} {all_of_them} left out, so no bucket was judged."
        yield Problem(at, "partial", said)


def _is_left(one: Plan, seen: Seen) -> bool:
    """Whether some bucket is not left out by a filter; one that is not needed was not left out by any."""
    out = {listed for listed, why in one.left_out if why != NOT_NEEDED}
    by_tags = {name for unit in one.units if unit.id in seen.parts for name in seen.parts[unit.id].left_out}
    return any(listed not in out and listed.name not in by_tags for listed in one.explored.buckets)


def _all_listed(seen: Seen) -> bool:
    """Whether there is no bucket beside those that were listed; in other Regions there may be directory buckets."""
    if seen.doors.refused or seen.broken_doors:
        return False
    return not any(
        one.refused or one.open_regions or any(gap.kind == _BUCKET for gap in one.unlisted)
        for one in seen.explored
    )


def _common(each: list[tuple[str, ...]]) -> list[str]:
    """What is in all of them, in the order of the first."""
    return [one for one in dict.fromkeys(each[0]) if all(one in those for those in each)]
