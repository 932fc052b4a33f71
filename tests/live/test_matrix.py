"""Every call of the table with everything that may go wrong: nothing is made up, nothing else is lost, and it is said.

Many calls go wrong in one scan, each in its own way; one that another call stands before waits for the next scan.
That each was met is part of the proof.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from s3audit import catalog
from s3audit.accounts import judge_seen
from s3audit.check import LIVE
from s3audit.collectors.live import run
from s3audit.collectors.live.access import forget
from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.gather import Gathered, gathered
from s3audit.collectors.live.named import _NEEDED_FOR
from s3audit.collectors.live.operations import TABLE, Operation
from s3audit.collectors.live.transport import Patience
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo import faults
from s3audit.demo.faults import Fault
from s3audit.demo.server import Server
from s3audit.demo.world import World
from s3audit.finding import Finding
from s3audit.model.base import Resource, Section, kind_of
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown
from tests.live import whole

FAULTS: Mapping[str, Fault] = {
    "denied": faults.denied(),
    "throttled": faults.throttled(),
    "failing": faults.failing(),
    "silent": faults.silent(),
    "broken off": faults.cut(),
    "another document": faults.other_document(),
    "garbage": faults.garbage(),
    "nothing": faults.empty(),
    "gone": faults.gone(),
    "dropped": faults.dropped(),
}
TOGETHER = (
    ("denied", "another document", "nothing"),
    # What may pass is asked for a second time.
    ("throttled", "failing", "broken off", "garbage", "dropped"),
    # What is gone may be judged otherwise than before.
    ("gone",),
    ("silent",),
)
"""Faults that may share a scan."""
AT_ONCE = 60
"""Calls that go wrong in one scan, of the hundred and sixty that there are."""
NEEDS = frozenset({reader.need for reader in READERS} | set(_NEEDED_FOR.values()))
# That nothing is sent to whoever was silent has tests elsewhere; here it would keep one scan's faults from the next.
WANTED = Wanted(
    needs=NEEDS,
    attempts=1,
    optional=frozenset({"objects", "uploads"}),
    patience=Patience(rest=0),
)
HASTY = tuple(replace(WANTED, patience=Patience(read=seconds, rest=0)) for seconds in (0.1, 0.5, 3, 20))
"""Who is silent is silent for longer than any of them waits; a busy machine may be as slow as the first ones."""
BY_ID = {operation.id: operation for operation in TABLE}
CHECKS = [check for check in catalog.load() if LIVE in check.sources]
DOORS = frozenset({"sts:GetCallerIdentity", "sts:AssumeRole", "ec2:DescribeRegions"})
"""Calls of a scan that gets into several accounts, or is not told its Regions; they are tried elsewhere."""
NO_FAULTS = frozenset(
    ("s3:HeadBucket", name) for name in ("another document", "broken off", "garbage", "nothing")
)
"""A HEAD has no document: to be answered at all is the answer."""
OF_BUCKETS = {one.id for one in TABLE if one.gone == ("NoSuchBucket",) and one.service == "s3"}


class Hit(NamedTuple):
    """What goes wrong with a call, and the bucket that it goes wrong for; for all, if none is named."""

    fault: str
    about: str = ""


class Scan(NamedTuple):
    """What came of one scan."""

    found: Gathered
    findings: Mapping[tuple[str, str], Finding]
    """By address and check."""
    requests: Counter[str]
    about: frozenset[tuple[str, str]]
    """The calls about each bucket."""
    missed: frozenset[str]
    """The calls that were not told."""
    tally: Counter[str]


def scan(server: Server, wanted: Wanted = WANTED) -> Scan:
    server.world.requests.clear()
    server.world.requests_about.clear()
    seen = run.look(wanted)
    found = gathered(seen)
    findings: list[Finding] = []
    assert judge_seen(found, CHECKS, findings) == []
    tally: Counter[str] = Counter()
    for told in (*(part.tally for part in seen.parts.values()), *(one.tally for one in seen.explored)):
        tally.update(dict(told))
    by_place = {(one.subject.address, one.check): one for one in findings}
    missed = {
        one.operation
        for those in (*(part.missed for part in seen.parts.values()), *(one.missed for one in seen.explored))
        for one in those
    }
    asked = Counter(server.world.requests)
    return Scan(found, by_place, asked, frozenset(server.world.requests_about), frozenset(missed), tally)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One server whose clients are kept from scan to scan: to make them takes longer than a scan."""
    with pytest.MonkeyPatch.context() as patch, Server(whole.world()) as running:
        for name, value in running.environment().items():
            patch.setenv(name, value)
        patch.setattr(run, "forget", lambda: None)
        yield running
    forget()


@pytest.fixture(scope="module")
def undisturbed(server: Server) -> Scan:
    server.world.faults.clear()
    return scan(server)


def test_every_operation_is_called_and_told(undisturbed: Scan) -> None:
    assert DOORS | undisturbed.requests.keys() >= BY_ID.keys()
    told = {said.rpartition(" ")[0] for said in undisturbed.tally if said.endswith((" told", " absent"))}
    assert [one for one in BY_ID if one not in told | DOORS] == []
    assert undisturbed.found.problems == ()
    assert {one.status for one in undisturbed.findings.values()} >= {"pass", "fail"}


@pytest.mark.parametrize("names", TOGETHER, ids=", ".join)
def test_a_fault_makes_nothing_up(server: Server, undisturbed: Scan, names: tuple[str, ...]) -> None:
    left = list(_pairs(names))
    wrong: list[str] = []
    while left:
        hit = _faulty(server.world, undisturbed, left[:AT_ONCE])
        now = _scan_with(server, hit)
        met = {call: what for call, what in hit.items() if _is_met(now, call, what)}
        assert met, f"{left[0][0].id} is not called"
        left = [(one, name) for one, name in left if one.id not in met or met[one.id].fault != name]
        wrong += _wrong(undisturbed, now, hit)
        wrong += _unsaid(now, met)
    assert wrong == []


def test_every_fault_is_tried() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(FAULTS)


def _pairs(names: tuple[str, ...]) -> Iterator[tuple[Operation, str]]:
    """Every call with every fault, in an order in which few that follow each other stand before each other."""
    for lists in (False, True):
        calls = [one for one in TABLE if one.name.startswith(("Describe", "List")) == lists]
        spread = [one for first in range(3) for one in calls[first::3] if one.id not in DOORS]
        for turn in range(len(names)):
            for number, one in enumerate(spread, turn):
                name = names[number % len(names)]
                if (one.id, name) not in NO_FAULTS:
                    yield one, name


def _faulty(world: World, before: Scan, batch: list[tuple[Operation, str]]) -> dict[str, Hit]:
    """Let these calls go wrong, as far as one scan can meet them."""
    world.faults.clear()
    hit: dict[str, Hit] = {}
    taken = dict.fromkeys(sorted(world.buckets), 0)
    for operation, name in batch:
        about = ""
        if operation.id in hit:
            continue
        if name in ("gone", "silent") and operation.id in OF_BUCKETS:
            asked = [bucket for bucket in taken if (operation.id, bucket) in before.about]
            about = min(asked, key=lambda bucket: taken[bucket])
            # Of a bucket that is gone nothing more is asked: each of these calls has one of its own.
            if name == "gone" and taken[about]:
                continue
            taken[about] += 1
        is_same = name == "another document" and operation.id == "s3:ListObjectsV2"
        world.faults.add(faults.html() if is_same else FAULTS[name], operation.id, about=about)
        hit[operation.id] = Hit(name, about)
    return hit


def _is_met(now: Scan, call: str, hit: Hit) -> bool:
    return (call, hit.about) in now.about if hit.about else now.requests[call] > 0


def _scan_with(server: Server, hit: Mapping[str, Hit]) -> Scan:
    """With more patience, where a busy machine was too slow for somebody who has little."""
    if all(what.fault != "silent" for what in hit.values()):
        return scan(server)
    tries = (scan(server, wanted) for wanted in HASTY)
    return next(now for now in tries if now.missed <= hit.keys())


def _wrong(before: Scan, now: Scan, hit: Mapping[str, Hit]) -> Iterator[str]:
    """What must not have come of the faults of these calls."""
    yield from made_up(before, now, hit)
    yield from _lost(before, now, set(hit))


def made_up(before: Scan, now: Scan, hit: Mapping[str, Hit]) -> Iterator[str]:
    """Verdicts and settings that are others than they were; what a store says is not there may be so."""
    answered = {
        call
        for call, (fault, _) in hit.items()
        if fault == "gone" and (now.tally[f"{call} absent"] or now.tally[f"{call} gone"])
    }
    for place, finding in now.findings.items():
        was = before.findings.get(place)
        is_same = was is not None and was.status == finding.status
        if finding.status in ("pass", "fail", "error") and not is_same and not answered - OF_BUCKETS:
            yield f"{place}: {finding.status} instead of {was.status if was else 'nothing'}: {finding.message}"
    if "s3:GetBucketOwnershipControls" in hit:
        # Where it tells that ACLs are off, nobody asks for them.
        answered.add("s3:GetBucketAcl")
    there = {(kind_of(type(one)), one.address): one for one in before.found.estate.resources}
    for resource in now.found.estate.resources:
        first = there.get((kind_of(type(resource)), resource.address))
        if _is_missing(resource, answered):
            continue
        if first is None:
            yield f"{resource.address} was made up"
        else:
            differences = _differences(first, resource, resource.address)
            yield from (said for said, call in differences if call not in answered)


def _lost(before: Scan, now: Scan, hit: set[str]) -> Iterator[str]:
    """What is not known any more, though the call that tells it was answered."""
    less = {call for call in before.requests if _answers(now, call) < _answers(before, call)}
    there = {(kind_of(type(one)), one.address): one for one in now.found.estate.resources}
    for resource in before.found.estate.resources:
        after = there.get((kind_of(type(resource)), resource.address))
        if after is not None and _is_missing(after, hit):
            continue
        if after is not None:
            gaps = _gaps(resource, after, resource.address)
            yield from (said for said, call in gaps if (call or resource.at.call) not in hit | less)
        elif not _is_named(resource) and not (hit | less).intersection(_calls(resource)):
            yield f"{resource.address} is lost"


def _answers(of: Scan, call: str) -> int:
    return sum(times for said, times in of.tally.items() if said.rpartition(" ")[0] == call)


def _is_missing(resource: Resource, calls: set[str]) -> bool:
    """Whether the service of one of these calls says that there is no such thing."""
    match resource.exists:
        case Known(value=False, at=at):
            return at.call.partition(":")[0] in {call.partition(":")[0] for call in calls}
        case _:
            return False


def _is_named(resource: Resource) -> bool:
    """Whether it is read because something else refers to it, as far as that is known."""
    return kind_of(type(resource)) in _NEEDED_FOR and not (
        isinstance(resource, Bucket) and resource.is_declared
    )


def _differences(before: Any, now: Any, path: str, call: str = "") -> Iterator[tuple[str, str]]:
    """Where something is known otherwise than it was, and the call that tells it now."""
    match before, now:
        case _, Unknown():
            return
        case Known(value=one), Known(value=other, at=at):
            yield from _differences(one, other, path, at.call)
        case tuple(), tuple():
            if len(before) < len(now):
                yield f"{path}: {len(now)} instead of {len(before)}", call
            for one, other in zip(before, now, strict=False):
                yield from _differences(one, other, path, call)
        case Resource() | Section(), Resource() | Section() if type(before) is type(now):
            for name in before.__struct_fields__:
                if name not in ("at", "is_declared"):
                    found = getattr(before, name), getattr(now, name)
                    yield from _differences(*found, f"{path}.{name}", call)
        case _ if before != now:
            yield f"{path}: {now} instead of {before}", call
        case _:
            return


def _gaps(before: Any, now: Any, path: str) -> Iterator[tuple[str, str]]:
    """What was known and is not, and the call that told it."""
    match before, now:
        case Known(at=at), Unknown(why=why):
            yield f"{path} is lost: {why}", at.call
        case Known(value=one), Known(value=other):
            yield from _gaps(one, other, path)
        case tuple(), tuple():
            for one, other in zip(before, now, strict=False):
                yield from _gaps(one, other, path)
        case msgspec.Struct(), msgspec.Struct() if type(before) is type(now):
            for name in before.__struct_fields__:
                if name not in ("at", "via"):
                    yield from _gaps(getattr(before, name), getattr(now, name), f"{path}.{name}")
        case _:
            return


def _calls(value: Any) -> Iterator[str]:
    """Every call that told something of a resource."""
    match value:
        case Known(value=inner, at=at):
            yield at.call
            yield from _calls(inner)
        case tuple():
            for one in value:
                yield from _calls(one)
        case Resource() | Section():
            for name in value.__struct_fields__:
                yield from _calls(getattr(value, name))
        case _:
            return


def _unsaid(now: Scan, hit: Mapping[str, Hit]) -> Iterator[str]:
    """Faults of which no problem names the call, and if it was denied the permission."""
    said = [problem.message for problem in now.found.problems]
    many = any(re.search(r" and [0-9,]+ more", one) for one in said)
    for call, (name, _) in hit.items():
        operation = BY_ID[call]
        # To be told that there is none is an answer, where the store does say that.
        may_be_told = (
            name == "gone"
            or (name == "nothing" and operation.empty_is_absent)
            # It may be a stranger's bucket.
            or (name == "denied" and call == "s3:HeadBucket")
        )
        told = now.tally[f"{call} absent"] + now.tally[f"{call} not_applicable"] + now.tally[f"{call} gone"]
        if name == "gone" and call in OF_BUCKETS:
            if not any("went while the scan was on" in one for one in said):
                yield f"{call}: nobody says that a bucket went"
        elif now.requests[call] and not (may_be_told and told):
            # Of directory buckets the same action is one of another service.
            action = operation.action.partition(":")[2] if name == "denied" else ""
            is_said = any(call in one and action in one for one in said)
            # Faults that are not denials are gathered, and of many calls three are named.
            if not is_said and (name == "denied" or not many or call not in now.missed):
                yield f"{call}, {name}, is not said: {said}"
