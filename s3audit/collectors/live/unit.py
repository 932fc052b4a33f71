"""A unit of collection: a plain function of what to read and how to get there, and the part that it returns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from typing import Literal

import msgspec
from msgspec.structs import replace

from s3audit.collectors.live.access import Access, transport_of
from s3audit.collectors.live.answers import Answer, Gone, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.buckets import ListedBucket, ask_bucket, collect_bucket
from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.context.objects import sample_objects
from s3audit.collectors.live.named import read_named
from s3audit.collectors.live.operations.buckets import TAGGING
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, total
from s3audit.collectors.live.watch import Watch
from s3audit.model.estate import Listing, Unlisted
from s3audit.model.folded import Folded


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work: some buckets of a region, what an account has there, or what others have named."""

    id: str
    """`123456789012/eu-west-1/buckets-0001`: also the name of its file in a snapshot."""
    kind: Literal["buckets", "context", "named"]
    place: Place
    region: str = ""
    """Empty for what belongs to the account as a whole."""
    buckets: tuple[ListedBucket, ...] = ()
    needs: tuple[str, ...] = ()
    """What the selected checks need of the context."""
    names: tuple[tuple[str, str], ...] = ()
    """Kind and name of what is referred to."""
    tags: tuple[tuple[str, str], ...] = ()
    """Keys and patterns of values that a bucket has to have; one whose tags can't be read is taken."""


class Missed(msgspec.Struct, frozen=True, order=True):
    """One thing that could not be told."""

    operation: str
    about: str
    reason: str
    why: str
    code: str = ""
    passing: bool = False
    """It may be over a moment later."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit has seen, and what it has not."""

    unit: str
    resources: Folded = msgspec.field(default_factory=Folded)
    listings: tuple[Listing, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    gone: tuple[str, ...] = ()
    """Names of buckets that were listed and are no more."""
    left_out: tuple[str, ...] = ()
    """Names of buckets that do not have the tags."""
    undone: tuple[str, ...] = ()
    """Names of buckets that were not reached before the scan was stopped."""
    missed: tuple[Missed, ...] = ()
    again: tuple[str, ...] = ()
    """What is worth a second try: the names of buckets, or the needs of a context."""
    tally: tuple[tuple[str, int], ...] = ()
    """Answers by operation and class: `s3:GetBucketPolicy denied`."""
    recount: tuple[tuple[str, int], ...] = ()
    """Those among them that a second try asks for again."""


def collect(unit: Unit, access: Access, watch: Watch | None = None) -> Part:
    """Read what the unit names; it fails for nothing that a store or a network may do."""
    transport = transport_of(access)
    asker = Asker(transport)
    buckets = _Buckets(unit, asker, watch or Watch())
    again: set[str] = set()
    recount: Counter[str] = Counter()
    resources = Folded()
    if unit.kind == "buckets":
        read = buckets.read(access.workers, resources)
        again.update(about for _, about, answer in asker.unseen if answer.passing)
        # One that was just made is not there for everyone at once.
        again.update(buckets.gone)
        recount = asker.tally_about(again)
    elif unit.kind == "context":
        read = _context(unit, asker, again, recount)
    else:
        read = read_named(asker, unit.place, unit.region, unit.names)
        again.update(unit.id for *_, answer in asker.unseen if answer.passing)
        recount = asker.tally if again else recount
    resources.extend(read.resources)
    return Part(
        unit=unit.id,
        resources=resources,
        listings=tuple(sorted(set(read.listings))),
        unlisted=tuple(sorted(set(read.unlisted))),
        gone=tuple(sorted(buckets.gone)),
        left_out=tuple(sorted(buckets.left_out)),
        undone=tuple(sorted(buckets.undone)),
        missed=missed_of(asker),
        again=tuple(sorted(again)),
        tally=tuple(sorted(asker.tally.items())),
        recount=tuple(sorted(recount.items())),
    )


def missed_of(asker: Asker) -> tuple[Missed, ...]:
    """What it was not told, each thing once."""
    missed = {
        Missed(op.id, about, said.reason, said.why, said.code, said.passing)
        for op, about, said in asker.unseen
    }
    return tuple(sorted(missed))


class _Buckets:
    """The buckets of a unit, several at once."""

    def __init__(self, unit: Unit, asker: Asker, watch: Watch) -> None:
        self._unit = unit
        self._asker = asker
        self._watch = watch
        self.gone: list[str] = []
        self.left_out: list[str] = []
        self.undone: list[str] = []

    def read(self, workers: int, folded: Folded) -> Read:
        """What else there is beside the resources, which are folded up one by one."""
        others: list[Read] = []
        with ThreadPoolExecutor(workers) as pool:
            for read in pool.map(self._one, self._unit.buckets):
                folded.extend(read.resources)
                if read.listings or read.unlisted:
                    others.append(replace(read, resources=()))
        return total(others)

    def _one(self, listed: ListedBucket) -> Read:
        if self._watch.stopped:
            self.undone.append(listed.name)
            return Read()
        known: Mapping[str, Answer] = {}
        if self._unit.tags and listed.type == "general":
            answer = ask_bucket(TAGGING, listed, self._unit.place, self._asker)
            known = {TAGGING.name: answer}
            if not isinstance(answer, Gone) and not _has(answer, self._unit.tags):
                self.left_out.append(listed.name)
                self._watch.buckets_done()
                return Read()
        made = collect_bucket(listed, self._unit.place, self._asker, known)
        if made is None:
            self.gone.append(listed.name)
            read = Read()
        else:
            read = Read((made,)) + sample_objects(listed, made, self._unit.place, self._asker)
        self._watch.buckets_done()
        return read


def _has(answer: Answer, tags: Sequence[tuple[str, str]]) -> bool:
    """Whether all the tags are there, or it is not known which are."""
    match answer:
        case Told(document):
            own = {tag.get("Key"): str(tag.get("Value", "")) for tag in document.get("TagSet") or ()}
            return all(key in own and fnmatchcase(own[key], value) for key, value in tags)
        case Unseen():
            return True
        case _:
            return False


def _context(unit: Unit, asker: Asker, again: set[str], recount: Counter[str]) -> Read:
    scope = "region" if unit.region else "account"
    reads: list[Read] = []
    told: dict[str, Counter[str]] = {}
    for reader in READERS:
        if reader.scope == scope and reader.need in unit.needs:
            before, tally = len(asker.unseen), asker.tally.copy()
            reads.append(reader.read(asker, unit.place, unit.region))
            if any(answer.passing for *_, answer in asker.unseen[before:]):
                again.add(reader.need)
            told.setdefault(reader.need, Counter()).update(asker.tally - tally)
    for need in again:
        recount.update(told[need])
    return total(reads)
