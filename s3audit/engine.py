"""Runs checks over worlds: one finding for each check and subject, whatever the scenarios."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import groupby
from typing import Protocol

import msgspec
from msgspec.structs import astuple

from s3audit.check import LIVE, Check
from s3audit.finding import Finding, FindingStatus, Subject
from s3audit.location import Location
from s3audit.model.base import Resource, Section, kind_of
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.world import Case, World
from s3audit.problem import Problem
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Evidence, Severity, Status, Verdict, not_applicable

_STATUS: dict[Status, FindingStatus] = {
    Status.FAIL: "fail",
    Status.UNKNOWN: "unknown",
    Status.PASS: "pass",
    Status.NOT_APPLICABLE: "not_applicable",
}
_EMPTY = frozenset({Unset, Unknown})
_WORDS = frozenset({bool, int, str, Text})
_NONE = {
    "cors": "it has no CORS configuration",
    "intelligent_tiering": "it has no Intelligent-Tiering configuration",
    "lifecycle": "it has no lifecycle configuration",
    "lock_policy": "it has no vault lock",
    "lock_state": "it has no vault lock",
    "logging": "it has no access logging",
    "notification": "it tells nobody of its events",
    "website": "it is no website",
}
"""What to say where there is nothing in the field that a check is about."""
_WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What a check says in one scenario."""

    when: tuple[str, ...]
    verdict: Verdict


class Into(Protocol):
    """Where findings go; a list, for one."""

    def extend(self, found: Iterable[Finding], /) -> None: ...


def judge(
    world: World, checks: Sequence[Check], severities: dict[str, Severity] | None = None
) -> tuple[list[Finding], list[Problem]]:
    """Every check on every subject it is about, and what broke on the way."""
    findings: list[Finding] = []
    problems = judge_into(findings, world, checks, severities=severities)
    return findings, problems


def judge_into(
    into: Into,
    world: World,
    checks: Sequence[Check],
    *,
    severities: dict[str, Severity] | None = None,
    source_of: Callable[[Resource], str | None] | None = None,
    expectations: tuple[Expectation, ...] = (),
) -> list[Problem]:
    """The same, with the findings of one subject after the other where they are wanted: so far if it is interrupted.

    `source_of` tells what each subject is from, where that is not the world; None where it is nobody's to put right.
    `expectations` are what the owner says about them.
    """
    problems: list[Problem] = []
    by_subject: dict[str, list[Check]] = {}
    for check in checks:
        for kind in check.kinds:
            by_subject.setdefault(kind, []).append(check)
    for kind, asked in by_subject.items():
        by_id = {check.id: check for check in asked}
        for resource in world.estate.of_kind(kind):
            source = world.source if source_of is None else source_of(resource)
            if source is not None:
                cases = _cases(world, resource, expectations)
                found = list(_judge_one(cases, source, resource, asked, severities or {}, problems))
                into.extend(_yielding(found, by_id))
    return problems


def _cases(
    world: World, resource: Resource, expectations: tuple[Expectation, ...]
) -> list[tuple[Case, Resource]]:
    """The scenarios in which a resource is there, with the resource as it then is."""
    found: list[tuple[Case, Resource]] = []
    for case in world.cases(resource.address):
        if expectations:
            case.estate.expectations = expectations
        if (subject := case.estate.at(resource.address, type(resource))) is not None:
            found.append((case, subject))
    return found


def _judge_one(
    cases: Sequence[tuple[Case, Resource]],
    source: str,
    resource: Resource,
    checks: Sequence[Check],
    severities: dict[str, Severity],
    problems: list[Problem],
) -> Iterable[Finding]:
    if not cases:
        return
    name = resource.title or resource.address
    kind, region = kind_of(type(resource)), _region(resource)
    who = Subject(source, resource.address, kind, name, resource.origin, region)
    own = _Own(resource)
    for check in checks:
        fixed = severities.get(check.id)
        severity = check.severity if fixed is None else fixed
        try:
            verdict, when = _asked(check, resource, cases, own)
        except Exception as error:  # noqa: BLE001 - one broken check must not take the others with it
            finding = _crashed(check, who, resource.at, error, severity)
            problems.append(Problem(resource.at, "crash", finding.message))
            yield finding
            continue
        if fixed is None and verdict.status is Status.FAIL:
            severity = _gravest(verdict, severity)
        yield Finding(check.id, _STATUS[verdict.status], severity, who, verdict.evidence, when)


def _region(resource: Resource) -> str:
    if resource.origin != LIVE or not isinstance(resource.region, Known):
        return ""
    return resource.region.value.literal or ""


def _asked(
    check: Check, resource: Resource, cases: Sequence[tuple[Case, Resource]], own: "_Own"
) -> tuple[Verdict, tuple[str, ...]]:
    """What a check says of a resource in all its scenarios."""
    if resource.origin and resource.origin not in check.sources:
        return not_applicable(resource.at, f"{resource.origin} can't express what this check asks"), ()
    when: tuple[str, ...] = ()
    if len(cases) == 1:
        case, subject = cases[0]
        verdict = _said(check, case, subject)
        if len(verdict.evidence) > 1:
            verdict = _nearest_first(verdict, own)
    else:
        outcomes = [Outcome(case.when, _said(check, case, subject)) for case, subject in cases]
        verdict, when = _merged(outcomes, own)
    return _there_by(verdict, resource) if verdict.status is Status.FAIL else verdict, when


def _said(check: Check, case: Case, subject: Resource) -> Verdict:
    """What a check says in one scenario; where it can't tell, what it says in all the ways that this may turn out."""
    verdict = _judged(check, subject, case.estate)
    if verdict.status is not Status.UNKNOWN or case.tries is None:
        return verdict
    found: list[Verdict] = []
    for estate in case.tries():
        estate.expectations = case.estate.expectations
        same = estate.at(subject.address, type(subject))
        if same is None:
            continue
        found.append(_judged(check, same, estate))
        if found[-1].status is Status.UNKNOWN or found[-1].status is not found[0].status:
            return verdict
    if not found:
        return verdict
    return Verdict(found[0].status, tuple(dict.fromkeys(e for one in found for e in one.evidence)))


def _judged(check: Check, subject: Resource, estate: Estate) -> Verdict:
    if check.about:
        match getattr(subject, check.about):
            case Known(None | (), at) | Unset(None | (), at):
                return not_applicable(at, _NONE.get(check.about) or f"it has no {check.about}")
            case _:
                pass
    return check.judge(subject, estate) if check.wants_estate else check.judge(subject)


def _there_by(verdict: Verdict, resource: Resource) -> Verdict:
    """A failure of what is there only by a parameter's default says so."""
    match resource.exists:
        case Known(via=via, at=at) if via:
            # It explains, and makes nothing graver: without a severity it would count with the check's own.
            note = Evidence(at, f"{resource.title} is there {via}", Severity.INFO)
            return Verdict(verdict.status, (*verdict.evidence, note))
        case _:
            return verdict


def _gravest(verdict: Verdict, usual: Severity) -> Severity:
    """The highest severity of the evidence, where what says none has the usual one."""
    said = (usual if e.severity is None else e.severity for e in verdict.evidence)
    return max(said, default=usual)


def _merged(outcomes: Sequence[Outcome], own: "_Own") -> tuple[Verdict, tuple[str, ...]]:
    """The worst outcome, with the scenarios in which it holds if it does not hold in all."""
    status = next(s for s in _WORST_FIRST if any(o.verdict.status is s for o in outcomes))
    deciding = [o for o in outcomes if o.verdict.status is status]
    evidence = sorted({e for o in deciding for e in o.verdict.evidence}, key=lambda e: _nearest(e, own))
    return Verdict(status, tuple(evidence)), scenarios(deciding, outcomes)


def _nearest_first(verdict: Verdict, own: "_Own") -> Verdict:
    """The one verdict there is, its evidence in the order in which it is shown."""
    if verdict.status is Status.NOT_APPLICABLE:
        return verdict
    return Verdict(verdict.status, tuple(sorted(set(verdict.evidence), key=lambda e: _nearest(e, own))))


def scenarios(deciding: Sequence[Outcome], outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """The scenarios of the deciding outcomes in the fewest words: without what makes no difference to them."""
    if len(deciding) == len(outcomes):
        return ()
    wanted = {o.when for o in deciding}
    all_whens = {o.when for o in outcomes}
    kept = [
        position
        for position in range(len(outcomes[0].when))
        if any(
            len({when in wanted for when in group}) > 1
            for _, group in groupby(
                sorted(all_whens, key=lambda w: _without(w, position)), key=lambda w: _without(w, position)
            )
        )
    ]
    told = {" and ".join(when[position] for position in kept): None for when in sorted(wanted)}
    return tuple(told)


def _without(when: tuple[str, ...], position: int) -> tuple[str, ...]:
    return when[:position] + when[position + 1 :]


class _Own:
    """The addresses under which a resource is written: its own, and those of what is declared beside it."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def holds(self, address: str) -> bool:
        addresses, beginnings = self._beside
        return address in addresses or address.startswith(beginnings)

    @cached_property
    def _beside(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The addresses, and what those of their parts begin with."""
        found = {self._resource.address}
        for value in astuple(self._resource):
            kind = type(value)
            if kind in _EMPTY:
                continue
            told = value.value if kind is Known else value
            if type(told) in _WORDS:
                continue
            if isinstance(told, Section):
                found.add(told.at.address)
            elif isinstance(told, tuple):
                found.update(part.at.address for part in told if isinstance(part, Section))
        return frozenset(found), tuple(f"{one}{mark}" for one in found if one for mark in ".[")


def _nearest(evidence: Evidence, own: _Own) -> tuple[int, bool, Location, str]:
    """The gravest comes first, and then what stands in the subject itself: that is the place to show."""
    severity = -1 if evidence.severity is None else evidence.severity
    return (-severity, not own.holds(evidence.at.address), evidence.at, evidence.note)


def _crashed(check: Check, who: Subject, at: Location, error: Exception, severity: Severity) -> Finding:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Finding(
        check=check.id,
        status="error",
        severity=severity,
        subject=who,
        evidence=(Evidence(at, f"judging {who.name}"),),
        said=f"The check {check.id} crashed on {who.name} ({said}); please report this. Nothing else is affected.",
    )


def _yielding(findings: Sequence[Finding], checks: dict[str, Check]) -> Iterable[Finding]:
    """One root cause is one finding: a check that would repeat another's gives way to it."""
    failing = {f.check for f in findings if f.status == "fail"}
    for finding in findings:
        is_open = finding.status in ("fail", "unknown")
        instead = (
            next((c for c in checks[finding.check].yields_to if c in failing), None) if is_open else None
        )
        if instead is not None:
            yield Finding(
                finding.check,
                "not_applicable",
                finding.severity,
                finding.subject,
                finding.evidence,
                said=f"See {instead}.",
                gave_way=finding.status,
            )
        else:
            yield finding
