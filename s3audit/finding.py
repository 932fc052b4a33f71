"""What a scan says: findings, problems, and the report that holds them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Literal, Protocol, TypeAlias, cast

import msgspec

from s3audit.check import Check
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.verdict import Evidence, Severity

FindingStatus: TypeAlias = Literal["fail", "error", "unknown", "suppressed", "pass", "not_applicable"]
STATUSES: tuple[FindingStatus, ...] = ("fail", "error", "unknown", "suppressed", "pass", "not_applicable")
"""In the order in which a reader wants them."""


_MOST_NOTES = 4


class Subject(msgspec.Struct, frozen=True, gc=False, order=True):
    """What was judged."""

    source: str
    address: str
    type: str
    name: str
    origin: str = ""
    """What tells of it: cloudformation, terraform or live; empty where the source itself shows that."""
    region: str = ""
    """The Region that it is in; empty where it is in none, and where it is not live."""


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """Where somebody says that a finding is accepted, and why."""

    at: Location
    reason: str = ""
    until: str = ""
    """The last day, as in 2026-12-31."""
    owner: str = ""


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One check's answer about one subject."""

    check: str
    status: FindingStatus
    severity: Severity
    subject: Subject
    evidence: tuple[Evidence, ...]
    """The first one is the place to show; the others are related places."""
    when: tuple[str, ...] = ()
    """The scenarios in which it holds, if not in all: `Env is dev`."""
    said: str = ""
    """The message, where the evidence does not make it."""
    gave_way: FindingStatus | None = None
    """What the check says by itself, where it gives way to another that says it already."""
    accepted: Accepted | None = None
    """What suppresses it, if it is suppressed."""

    @property
    def message(self) -> str:
        """What is the case, in a sentence or two; the first one says the most."""
        if self.said:
            return self.said
        notes = _gathered(dict.fromkeys(e.note for e in self.evidence if e.note))
        if not notes:
            return ""
        told = "; ".join(notes[:_MOST_NOTES])
        if len(notes) > _MOST_NOTES:
            told += f"; and {len(notes) - _MOST_NOTES} more"
        if self.when:
            told += f", when {' or when '.join(self.when)}"
        first = told.split(" ", 1)[0]
        # A name keeps its letters as they are.
        return f"{told[:1].upper()}{told[1:]}." if first.rstrip(",").isalpha() else f"{told}."

    @property
    def fingerprint(self) -> str:
        """The identity of the finding: check and subject, no line and no message."""
        from hashlib import sha256

        identity = f"{self.check}\0{self.subject.source}\0{self.subject.address}"
        return sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32]

    @property
    def state(self) -> str:
        """A hash over the evidence, which tells when a finding has changed."""
        from hashlib import sha256

        notes = "\0".join((self.status, str(int(self.severity)), *(e.note for e in self.evidence)))
        return sha256(notes.encode("utf-8", "backslashreplace")).hexdigest()[:32]


_OPEN = " is not known: "


def _gathered(notes: Iterable[str]) -> list[str]:
    """The notes, where several are not known for the same reason as one: `A, B and C are not known: why`."""
    found: dict[str, list[str]] = {}
    for note in notes:
        what, is_open, why = note.partition(_OPEN)
        found.setdefault(why if is_open else note, []).append(what)
    return [
        whats[0] if len(whats) == 1 and whats[0] == why else _together(whats, why)
        for why, whats in found.items()
    ]


def _together(whats: list[str], why: str) -> str:
    known = [what for what in whats if what != why]
    if len(known) < 2:
        return f"{known[0]}{_OPEN}{why}"
    return f"{', '.join(known[:-1])} and {known[-1]} are not known: {why}"


Kind: TypeAlias = tuple[str, FindingStatus, Severity]
"""What findings are counted by: the check, what it says, and how grave that is."""


class Folded(Protocol):
    """Findings that are too many to have all of them at hand."""

    @property
    def counted(self) -> Counter[Kind]: ...

    @property
    def subjects(self) -> int: ...

    def having(self, statuses: Collection[FindingStatus]) -> Iterator[Finding]: ...


class Input(msgspec.Struct, frozen=True):
    """One thing that was read."""

    source: str
    kind: str
    resources: int


class Report(msgspec.Struct, frozen=True):
    """All that one scan says, in an order that depends on the input alone."""

    tool_version: str
    checks: tuple[Check, ...]
    """Every check there is, also those that found nothing."""
    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]
    findings: Sequence[Finding]
    threshold: Severity = Severity.MEDIUM
    show: frozenset[FindingStatus] = frozenset({"fail", "error"})
    ran: frozenset[str] | None = None
    """The ids of the checks that were run; None for all there are."""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that the user asked to see."""
        return tuple(f for f in self.having(self.show) if self.counts(f))

    def counts(self, finding: Finding) -> bool:
        """Whether its severity reaches the threshold; a crashed check always does."""
        return finding.status == "error" or finding.severity >= self.threshold

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that make the run fail."""
        return tuple(f for f in self.having({"fail"}) if f.severity >= self.threshold)

    @property
    def fails(self) -> bool:
        """Whether there is one that makes the run fail."""
        return any(status == "fail" and severity >= self.threshold for _, status, severity in self.counted)

    def having(self, statuses: Collection[FindingStatus]) -> Iterator[Finding]:
        """The findings of some statuses."""
        if isinstance(self.findings, tuple):
            return (f for f in self.findings if f.status in statuses)
        return cast(Folded, self.findings).having(statuses)

    @property
    def counted(self) -> Counter[Kind]:
        """How many findings there are of each check, status and severity, below the threshold or not."""
        if isinstance(self.findings, tuple):
            return Counter((f.check, f.status, f.severity) for f in self.findings)
        return cast(Folded, self.findings).counted

    @property
    def subjects(self) -> int:
        """How many things were judged."""
        if isinstance(self.findings, tuple):
            return len({f.subject for f in self.findings})
        return cast(Folded, self.findings).subjects

    def tally(self) -> dict[FindingStatus, int]:
        """How many findings have each status, below the threshold or not."""
        found: dict[FindingStatus, int] = dict.fromkeys(STATUSES, 0)
        for (_, status, _), count in self.counted.items():
            found[status] += count
        return found

    def severities(self, status: FindingStatus, least: Severity = Severity.INFO) -> dict[Severity, int]:
        """How many findings of a status there are of each severity, the highest first."""
        found = dict.fromkeys(sorted(Severity, reverse=True), 0)
        for (_, said, severity), count in self.counted.items():
            if said == status and severity >= least:
                found[severity] += count
        return found


class Sheet(msgspec.Struct, frozen=True):
    """What a renderer needs besides the report."""

    lines: Callable[[str], Sequence[str] | None]
    """The lines of a source that was read, for code frames; None when they are gone."""
    color: bool = False
    width: int = 100
    now: int = 0
    """The time of the run in seconds since 1970, for the formats that have one."""
