"""What a live scan did not see, in sentences: one for each account and reason, however many buckets it is about."""

from collections.abc import Iterable, Iterator, Sequence

from s3audit.collectors.live.explore import Explored
from s3audit.collectors.live.operations.buckets import OF_BUCKETS, UPLOADS
from s3audit.collectors.live.plan import Plan
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.unfit import unfit
from s3audit.collectors.live.unit import Missed, Part
from s3audit.collectors.live.words import count, some
from s3audit.location import Location
from s3audit.model.base import kind_of
from s3audit.model.bucket import Bucket
from s3audit.problem import Problem, ProblemKind

_BUCKET = kind_of(Bucket)
_OF_BUCKETS = frozenset(operation.id for operation in (*OF_BUCKETS, UPLOADS))
_CALLS = "\0"
"""Stands for the names of calls in what was said of them."""
_LISTINGS = frozenset({"s3:ListBuckets"})
"""Without these there is nothing to look at."""

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
"""From then on nothing of the account can be read, whatever was read before."""


def problems(seen: Seen) -> Iterator[Problem]:
    """All that kept the scan from looking."""
    if seen.doors.refused:
        yield Problem(
            Location("organization"),
            "unreadable",
            f"The accounts of the organization are not known, so only this one was scanned: {seen.doors.refused}.",
        )
    for account, state in seen.doors.closed:
        yield Problem(Location(account), "empty", f"This account is {state}, so there was nothing to scan.")
    for account, why in seen.broken_doors.items():
        yield Problem(
            Location(account), "unreadable", f"This account was not scanned: s3audit broke on it ({why})."
        )
    for explored in seen.explored:
        if explored.refused:
            yield Problem(
                Location(name_of(explored)),
                "unreadable",
                f"This account was not scanned: {explored.refused}.",
            )
        if explored.nameless:
            yield Problem(
                Location(name_of(explored)),
                "partial",
                f"It is not known which account this is (sts:GetCallerIdentity: {explored.nameless}), so its buckets"
                " were read and nothing else.",
            )
    yield from unfit(seen, Location(name_of(seen.explored[0]) if len(seen.explored) == 1 else ""))
    for one in seen.plans:
        yield from _of_account(one, [seen.parts[u.id] for u in one.units if u.id in seen.parts])
        for unit in one.units:
            if unit.id in seen.broken:
                yield Problem(
                    Location(name_of(one.explored)),
                    "unreadable",
                    f"{unit.id} was not read: s3audit broke on it ({seen.broken[unit.id]}); please report this.",
                )
    if seen.interrupted:
        done = sum(not one.refused for one in seen.explored)
        read = _buckets_in(seen.parts.values())
        there = sum(len(one.explored.buckets) for one in seen.plans)
        yield Problem(
            Location(""),
            "partial",
            f"The scan was interrupted. Until then {done:,} of {count(len(seen.doors.open), 'account')} and"
            f" {read:,} of {count(there, 'bucket')} were read; the rest is not known.",
        )


def name_of(explored: Explored) -> str:
    """What stands for the account in a report: its id, or the store where it has none."""
    return explored.place.account or explored.access.endpoint_url or "account"


def _buckets_in(parts: Iterable[Part]) -> int:
    return sum(kind == _BUCKET for part in parts for kind, _ in part.resources.keys)


def _of_account(one: Plan, parts: Sequence[Part]) -> Iterator[Problem]:
    at = Location(name_of(one.explored))
    buckets = _buckets_in(parts)
    missed = {*one.explored.missed, *(m for part in parts for m in part.missed)}
    by_reason: dict[tuple[str, str], list[Missed]] = {}
    for m in sorted(missed):
        # Each permission that is missing is named; what keeps us from several calls is said once.
        who = m.operation if m.reason == "denied" else ""
        by_reason.setdefault((who, m.why.replace(m.operation, _CALLS)), []).append(m)
    for (_, why), those in by_reason.items():
        calls = sorted({m.operation for m in those})
        is_over = any(m.code in _EXPIRED for m in those)
        kind: ProblemKind = "unreadable" if is_over or _LISTINGS.intersection(calls) else "partial"
        abouts = sorted({m.about for m in those})
        yield Problem(at, kind, _sentence(calls, why, abouts, buckets, one.explored.place.account))
    if one.explored.guessed_regions:
        yield Problem(at, "partial", _guessed(one.explored))
    gone = sorted({*one.explored.gone, *(name for part in parts for name in part.gone)})
    if gone:
        yield Problem(at, "empty", f"{count(len(gone), 'bucket')} ({some(gone)}) went while the scan was on.")
    out = len(one.left_out) + sum(len(part.left_out) for part in parts)
    if out and len(one.explored.buckets):
        of = count(len(one.explored.buckets), "bucket")
        yield Problem(at, "empty", f"{out:,} of {of} {'was' if out == 1 else 'were'} left out, as asked.")


def _guessed(explored: Explored) -> str:
    """What comes of Regions that nobody tells."""
    said = "Which Regions are enabled is not known, so directory buckets"
    if not explored.regions:
        return f"{said} were not looked for in any."
    where = some(explored.regions)
    return f"{said} were looked for only where other buckets are ({where}), and in other Regions not."


def _sentence(calls: Sequence[str], why: str, abouts: Sequence[str], buckets: int, account: str) -> str:
    """`s3:GetBucketPolicy was denied for 12 of 40 buckets (a, b, c and 9 more): it needs the permission ...`."""
    if len(calls) > 1:
        why = why.replace(f"{_CALLS} was ", f"{_CALLS} were ")
    said, comma, detail = (part.replace(_CALLS, some(calls)) for part in why.partition(", "))
    said = f"{said[:1].upper()}{said[1:]}" if said.startswith("the ") else said
    regions = [about.partition("/")[2] for about in abouts if _is_account(about, account)]
    if len(regions) == len(abouts):
        named = sorted(filter(None, regions))
        where = f" in {some(named)}" if named else ""
    elif _OF_BUCKETS.issuperset(calls):
        of = f"{len(abouts):,} of " if len(abouts) < buckets else ""
        where = f" for {of}{count(max(buckets, len(abouts)), 'bucket')} ({some(abouts)})"
    else:
        where = f" for {some(abouts)}"
    return f"{said}{where}: {detail}." if comma else f"{said}{where}."


def _is_account(about: str, account: str) -> bool:
    """Whether it is about an account as a whole, or one of its Regions."""
    return about == account or about.startswith(f"{account}/") or about.endswith(f":iam::{account}:root")
