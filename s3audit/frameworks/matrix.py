"""What a report says of the requirements of a framework; how the counts come about stands in docs/frameworks.md."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from s3audit.check import CLOUDFORMATION, TERRAFORM
from s3audit.finding import Finding, FindingStatus, Report, Subject
from s3audit.frameworks.framework import Framework, Requirement

State: TypeAlias = Literal["fail", "unknown", "suppressed", "pass", "not_applicable"]
"""What a requirement is for one subject, the gravest first."""
STATES: tuple[State, ...] = ("fail", "unknown", "suppressed", "pass", "not_applicable")

Answer: TypeAlias = Literal["fail", "unknown", "suppressed", "in_part", "pass", "not_applicable", "manual"]
"""What a requirement comes to."""
ANSWERS: tuple[Answer, ...] = (
    "fail",
    "unknown",
    "suppressed",
    "in_part",
    "pass",
    "not_applicable",
    "manual",
)

_STATE: Mapping[FindingStatus, State] = {
    "fail": "fail",
    "error": "unknown",
    "unknown": "unknown",
    "suppressed": "suppressed",
    "pass": "pass",
    "not_applicable": "not_applicable",
}
_Said: TypeAlias = Literal["fail", "unknown", "suppressed", "pass", "untold", "not_applicable"]
"""What a check says: `untold` where what is read can't express what it asks."""
_GRAVEST: tuple[_Said, ...] = ("fail", "unknown", "suppressed", "pass", "untold", "not_applicable")
_SOURCES = {CLOUDFORMATION: "CloudFormation", TERRAFORM: "Terraform"}
_WRITTEN = frozenset(_SOURCES)
_TOLD: frozenset[FindingStatus] = frozenset({"fail", "error", "unknown", "suppressed"})
_UNREAD = frozenset({"unreadable", "partial", "crash"})


class Counts(msgspec.Struct, frozen=True):
    """How many subjects there are of each state."""

    fail: int = 0
    unknown: int = 0
    suppressed: int = 0
    passed: int = 0
    not_applicable: int = 0

    @property
    def subjects(self) -> int:
        return self.fail + self.unknown + self.suppressed + self.passed + self.not_applicable


class Cell(msgspec.Struct, frozen=True):
    """A check of a requirement."""

    check: str
    counts: Counts
    ran: bool
    supports: bool
    """It is shown beside the others and decides nothing."""
    weak: bool
    findings: tuple[Finding, ...]
    """Where it fails, is unknown or was suppressed: in its own words, also where it gives way to another check."""


class Row(msgspec.Struct, frozen=True):
    """A requirement and what it comes to."""

    requirement: Requirement
    answer: Answer
    counts: Counts
    cells: tuple[Cell, ...]
    open: str = ""
    """Why some of it is unknown, where no check says so."""


class Matrix(msgspec.Struct, frozen=True):
    """A framework and what each of its requirements comes to."""

    framework: Framework
    rows: tuple[Row, ...]

    def totals(self) -> dict[Answer, int]:
        """How many requirements came to each answer."""
        found: dict[Answer, int] = dict.fromkeys(ANSWERS, 0)
        for row in self.rows:
            found[row.answer] += 1
        return found


def own(finding: Finding) -> Finding:
    """The finding without regard to others: in a matrix no check gives way, as each requirement asks by itself."""
    if finding.gave_way is None:
        return finding
    return replace(finding, status=finding.gave_way, said="", gave_way=None)


def matrices(frameworks: Sequence[Framework], report: Report) -> tuple[Matrix, ...]:
    """What the report says of each framework, in one walk over its findings."""
    requirements = [one for framework in frameworks for one in framework.requirements]
    ran = frozenset(check.id for check in report.checks) if report.ran is None else report.ran
    counting = _Counting(requirements, ran, {check.id: check.sources for check in report.checks})
    for subject, those in _by_subject(report.findings):
        counting.add(subject, those)
    unread = any(problem.kind in _UNREAD for problem in report.problems)
    rows = [counting.row(place, unread) for place in range(len(requirements))]
    found: list[Matrix] = []
    for framework in frameworks:
        many = len(framework.requirements)
        found.append(Matrix(framework, tuple(rows[:many])))
        rows = rows[many:]
    return tuple(found)


def _by_subject(findings: Sequence[Finding]) -> Iterator[tuple[Subject, Iterable[Finding]]]:
    # Those of a large account are in this order already, and are not all to be at hand.
    ordered: Iterable[Finding] = findings
    if isinstance(findings, tuple):
        ordered = sorted(findings, key=lambda one: one.subject)
    return groupby(ordered, key=lambda one: one.subject)


def _worst(said: Iterable[_Said]) -> _Said:
    return min(said, key=_GRAVEST.index)


def _counted(states: Mapping[State, int]) -> Counts:
    return Counts(*(states[state] for state in STATES))


def _none() -> dict[State, int]:
    return dict.fromkeys(STATES, 0)


class _Counting:
    """Of each requirement and of each check, how many subjects have which state so far."""

    def __init__(
        self,
        requirements: Sequence[Requirement],
        ran: frozenset[str],
        sources: Mapping[str, Collection[str]],
    ) -> None:
        self._requirements = requirements
        self._ran = ran
        self._sources = sources
        self._untold: list[set[tuple[str, str]]] = [set() for _ in requirements]
        self._rows = [_none() for _ in requirements]
        self._checks = {check: _none() for one in requirements for check in one.all_checks}
        self._told: dict[str, list[Finding]] = {check: [] for check in self._checks}
        self._asked_by: dict[str, list[int]] = {}
        for place, one in enumerate(requirements):
            for check in one.checks:
                self._asked_by.setdefault(check, []).append(place)
        self._known: dict[tuple[str, tuple[tuple[str, _Said], ...]], tuple[tuple[int, State], ...]] = {}

    def add(self, subject: Subject, findings: Iterable[Finding]) -> None:
        """All that is said of one subject."""
        said: dict[str, _Said] = {}
        for finding in findings:
            if finding.check not in self._checks:
                continue
            plain = own(finding)
            now: _Said = _STATE[plain.status]
            if now == "not_applicable" and not self._can_tell(subject, plain.check):
                now = "untold"
            said[plain.check] = _worst((now, said.get(plain.check, now)))
            if plain.status in _TOLD:
                self._told[plain.check].append(plain)
        for check, one in said.items():
            self._checks[check]["not_applicable" if one == "untold" else one] += 1
        # Of thousands of buckets, most have the same said of them.
        key = (subject.origin, tuple(sorted(said.items())))
        if key not in self._known:
            self._known[key] = tuple(self._states(subject.origin, said))
        for place, state in self._known[key]:
            self._rows[place][state] += 1

    def _can_tell(self, subject: Subject, check: str) -> bool:
        """Whether what is written could express it; of a live account, all is told that there is."""
        return subject.origin not in _WRITTEN or subject.origin in self._sources.get(check, _WRITTEN)

    def _states(self, origin: str, said: Mapping[str, _Said]) -> Iterator[tuple[int, State]]:
        """What each requirement is for a subject of which this is said."""
        for place in sorted({place for check in said for place in self._asked_by.get(check, ())}):
            requirement = self._requirements[place]
            those = {check: said[check] for check in requirement.checks if check in said}
            worst = _worst(those.values())
            if worst != "fail" and self._left_out(requirement):  # what did not run might have failed
                worst = "unknown"
            untold = [check for check, one in those.items() if one == "untold"]
            if worst == "pass" and untold:
                worst = "unknown"
                self._untold[place].update((check, origin) for check in untold)
            yield place, "not_applicable" if worst == "untold" else worst

    def _left_out(self, requirement: Requirement) -> list[str]:
        return [check for check in requirement.checks if check not in self._ran]

    def row(self, place: int, unread: bool) -> Row:
        requirement = self._requirements[place]
        counts = _counted(self._rows[place])
        reasons = [
            f"{check} can't be told from {_SOURCES[origin]}" for check, origin in sorted(self._untold[place])
        ]
        if left_out := self._left_out(requirement):
            reasons.append(f"not run: {', '.join(left_out)}")
        if unread and requirement.checks and not counts.subjects and not left_out:
            reasons.append("nothing was found that it is about, and not everything could be read")
        answer = _answer(requirement, counts, bool(reasons))
        return Row(requirement, answer, counts, tuple(self._cells(requirement)), "; ".join(reasons))

    def _cells(self, requirement: Requirement) -> Iterator[Cell]:
        for check in requirement.all_checks:
            yield Cell(
                check=check,
                counts=_counted(self._checks[check]),
                ran=check in self._ran,
                supports=check not in requirement.checks,
                weak=check in requirement.weak,
                findings=tuple(self._told[check]),
            )


def _answer(requirement: Requirement, counts: Counts, is_open: bool) -> Answer:
    """What the subjects come to together."""
    if not requirement.checks:
        return "manual"
    if counts.fail:
        return "fail"
    if counts.unknown or is_open:
        return "unknown"
    if counts.suppressed:
        return "suppressed"
    if counts.passed:
        return "in_part" if requirement.partial else "pass"
    return "not_applicable"
