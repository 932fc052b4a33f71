"""For other tools: the report in the form of `contract.py`."""

from collections.abc import Sequence
from typing import cast

from msgspec import UNSET

from s3audit.finding import Accepted, Finding, Report, Sheet
from s3audit.problem import Problem
from s3audit.renderers import contract, summary
from s3audit.renderers.encode import encode
from s3audit.verdict import Evidence, Severity


def render(report: Report, _: Sheet) -> str:
    return encode(told(report, report.shown))


def told(report: Report, shown: Sequence[Finding]) -> contract.Report:
    """The report with these of its findings."""
    titles = {check.id: check.title for check in report.checks}
    return contract.Report(
        version=contract.VERSION,
        tool=contract.Tool("s3audit", report.tool_version),
        inputs=[contract.Input(i.source, i.kind, i.resources) for i in report.inputs],
        problems=[_problem(problem) for problem in report.problems],
        summary=_summary(report, len(shown)),
        ran=sorted(titles if report.ran is None else report.ran),
        findings=[told_of(finding, titles.get(finding.check, "")) for finding in shown],
    )


def _summary(report: Report, shown: int) -> contract.Summary:
    tally = report.tally()
    severities = report.severities("fail")
    return contract.Summary(
        status=contract.Statuses(
            fail=tally["fail"],
            error=tally["error"],
            unknown=tally["unknown"],
            suppressed=tally["suppressed"],
            passed=tally["pass"],
            not_applicable=tally["not_applicable"],
        ),
        severity=contract.Severities(**{s.label: count for s, count in severities.items()}),
        threshold=_label(report.threshold),
        below_threshold=summary.below(report),
        shown=shown,
        checks=len(report.checks),
        subjects=report.subjects,
        resources=summary.resources(report),
    )


def told_of(finding: Finding, title: str) -> contract.Finding:
    subject = finding.subject
    return contract.Finding(
        check=finding.check,
        title=title,
        status=finding.status,
        severity=_label(finding.severity),
        subject=contract.Subject(
            subject.type,
            subject.name,
            subject.address,
            subject.source,
            subject.origin or UNSET,
            subject.region or UNSET,
        ),
        message=finding.message or title,
        when=list(finding.when),
        evidence=[_evidence(evidence) for evidence in finding.evidence],
        fingerprint=finding.fingerprint,
        gave_way=finding.gave_way or UNSET,
        accepted=UNSET if finding.accepted is None else _accepted(finding.accepted),
    )


def _accepted(accepted: Accepted) -> contract.Accepted:
    at = accepted.at
    return contract.Accepted(
        file=at.source or None,
        line=at.line or None,
        column=at.column or None,
        reason=accepted.reason,
        until=accepted.until or None,
        owner=accepted.owner or None,
    )


def _evidence(evidence: Evidence) -> contract.Evidence:
    at = evidence.at
    return contract.Evidence(
        file=at.source or None,
        line=at.line or None,
        column=at.column or None,
        end_line=at.end_line or None,
        end_column=at.end_column or None,
        address=at.address or None,
        note=evidence.note,
        call=at.call or UNSET,
    )


def _problem(problem: Problem) -> contract.Problem:
    at = problem.at
    return contract.Problem(
        kind=problem.kind,
        message=problem.message,
        file=at.source or None,
        line=at.line or None,
        column=at.column or None,
        address=at.address or None,
    )


def _label(severity: Severity) -> contract.SeverityLabel:
    return cast(contract.SeverityLabel, severity.label)
