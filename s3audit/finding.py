"""What a scan says: findings, problems, and the report that holds them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

from s3audit.check import Check
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
    findings: tuple[Finding, ...]
    threshold: Severity = Severity.MEDIUM
    show: frozenset[FindingStatus] = frozenset({"fail", "error"})

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that the user asked to see."""
        return tuple(f for f in self.findings if f.status in self.show and self.counts(f))

    def counts(self, finding: Finding) -> bool:
        """Whether its severity reaches the threshold; a crashed check always does."""
        return finding.status == "error" or finding.severity >= self.threshold

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that make the run fail."""
        return tuple(f for f in self.findings if f.status == "fail" and f.severity >= self.threshold)

    def tally(self) -> dict[FindingStatus, int]:
        """How many findings have each status, below the threshold or not."""
        counted = Counter(f.status for f in self.findings)
        return {status: counted[status] for status in STATUSES}


class Sheet(msgspec.Struct, frozen=True):
    """What a renderer needs besides the report."""

    lines: Callable[[str], Sequence[str] | None]
    """The lines of a source that was read, for code frames; None when they are gone."""
    color: bool = False
    width: int = 100
