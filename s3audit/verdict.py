"""What follows: pass, fail, unknown or not applicable, with the evidence that decides it."""

import enum
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

import msgspec

from s3audit.location import NOWHERE, Location


class Severity(enum.IntEnum):
    """How much a failing check matters; ordered."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """`high`, as people write it."""
        return self.name.lower()


class Status(enum.Enum):
    """One of four answers; the Kleene values of this house."""

    PASS = "pass"  # noqa: S105 (a verdict, no password)
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    # Members are one of a kind; enum's own hash is computed in Python from the name each time.
    __hash__ = object.__hash__


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A place and what stands there, as a fact and not as a judgement."""

    at: Location
    note: str
    severity: Severity | None = None
    """Where the check's entry gives a finding another severity than the check's own."""


def _order(evidence: Evidence) -> tuple[Location, str, int]:
    return (evidence.at, evidence.note, -1 if evidence.severity is None else evidence.severity)


def _canonical(evidence: Collection[Evidence]) -> tuple[Evidence, ...]:
    return tuple(evidence) if len(evidence) < 2 else tuple(sorted(set(evidence), key=_order))


# The status of the highest rank wins a combination; NOT_APPLICABLE leaves the others unchanged.
_AND = {Status.FAIL: 3, Status.UNKNOWN: 2, Status.PASS: 1, Status.NOT_APPLICABLE: 0}
_OR = {Status.PASS: 3, Status.UNKNOWN: 2, Status.FAIL: 1, Status.NOT_APPLICABLE: 0}
_NOT = {
    Status.PASS: Status.FAIL,
    Status.FAIL: Status.PASS,
    Status.UNKNOWN: Status.UNKNOWN,
    Status.NOT_APPLICABLE: Status.NOT_APPLICABLE,
}


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """A status and the evidence that decides it, sorted and without repetition.

    Combined by `&`, `|` and `~` in Kleene logic: what is known and decides does decide, whatever else is unknown.
    """

    status: Status
    evidence: tuple[Evidence, ...] = ()

    if not TYPE_CHECKING:  # hidden from the type checker, so that `if verdict:` is a type error

        def __bool__(self) -> bool:
            raise TypeError("a verdict has four values: match on its status, or combine it with &, | and ~")

    def __and__(self, other: "Verdict") -> "Verdict":
        return _both(_AND, self, other)

    def __or__(self, other: "Verdict") -> "Verdict":
        return _both(_OR, self, other)

    def __invert__(self) -> "Verdict":
        return Verdict(_NOT[self.status], self.evidence)

    @property
    def severity(self) -> Severity | None:
        """The highest severity that the evidence carries, if any does."""
        return max((e.severity for e in self.evidence if e.severity is not None), default=None)

    def at_severity(self, severity: Severity) -> "Verdict":
        """The same verdict; if it fails, with this severity."""
        if self.status is not Status.FAIL:
            return self
        return verdict(Status.FAIL, *(Evidence(e.at, e.note, severity) for e in self.evidence))

    def noting(self, note: str, at: Location = NOWHERE) -> "Verdict":
        """The same verdict with one more piece of evidence; without a place, the first one's."""
        if at is NOWHERE and self.evidence:
            at = self.evidence[0].at
        return verdict(self.status, *self.evidence, Evidence(at, note, self.severity))


def _both(ranks: dict[Status, int], one: Verdict, other: Verdict) -> Verdict:
    """As `_combine` of these two: most combinations are of two."""
    rank, against = ranks[one.status], ranks[other.status]
    if rank != against:
        return one if rank > against else other
    if not one.evidence or not other.evidence:
        return other if other.evidence else one
    return Verdict(one.status, _canonical((*one.evidence, *other.evidence)))


def _combine(ranks: dict[Status, int], verdicts: Iterable[Verdict], empty: Verdict) -> Verdict:
    best = -1
    first = empty
    others: list[Verdict] = []
    for item in verdicts:
        rank = ranks[item.status]
        if rank > best:
            best, first = rank, item
            others.clear()
        elif rank == best:
            others.append(item)
    if not others:
        return first
    deciding = [first, *others]
    telling = [item for item in deciding if item.evidence]
    if len(telling) < 2:
        return telling[0] if telling else first
    return Verdict(first.status, _canonical([e for item in deciding for e in item.evidence]))


def verdict(status: Status, *evidence: Evidence) -> Verdict:
    """A verdict with its evidence in canonical order."""
    return Verdict(status, _canonical(evidence))


def passed(at: Location, note: str) -> Verdict:
    return Verdict(Status.PASS, (Evidence(at, note),))


def failed(at: Location, note: str, severity: Severity | None = None) -> Verdict:
    return Verdict(Status.FAIL, (Evidence(at, note, severity),))


def unknown(at: Location, why: str) -> Verdict:
    return Verdict(Status.UNKNOWN, (Evidence(at, why),))


def not_applicable(at: Location, why: str) -> Verdict:
    return Verdict(Status.NOT_APPLICABLE, (Evidence(at, why),))


EVERY_OF_NONE = Verdict(Status.PASS)
SOME_OF_NONE = Verdict(Status.FAIL)


def every(verdicts: Iterable[Verdict], empty: Verdict = EVERY_OF_NONE) -> Verdict:
    """All of them hold; `empty` when there is none."""
    return _combine(_AND, verdicts, empty)


def some(verdicts: Iterable[Verdict], empty: Verdict = SOME_OF_NONE) -> Verdict:
    """At least one of them holds; `empty` when there is none."""
    return _combine(_OR, verdicts, empty)


def unless(guard: Verdict, why: str, judged: Verdict | Callable[[], Verdict]) -> Verdict:
    """The verdict, unless the guard holds: then the question does not arise, for the reason given.

    A function is only asked for the verdict where it matters.
    """
    if guard.status is Status.PASS:
        first, *others = guard.evidence or (Evidence(NOWHERE, ""),)
        reason = Evidence(first.at, f"{first.note}: {why}" if first.note else why)
        return verdict(Status.NOT_APPLICABLE, reason, *others)
    found = judged if isinstance(judged, Verdict) else judged()
    if guard.status is not Status.UNKNOWN or found.status is Status.NOT_APPLICABLE:
        return found
    return guard & found if found.status is Status.UNKNOWN else guard
