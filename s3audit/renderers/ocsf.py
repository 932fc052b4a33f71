"""OCSF 1.5.0, class 2003 Compliance Finding: an array with an event for each finding."""

from collections.abc import Iterator
from typing import Any

from s3audit.check import LIVE, Check
from s3audit.finding import Finding, FindingStatus, Report, Sheet, Subject
from s3audit.renderers import summary
from s3audit.renderers.arn import is_account, partition_of
from s3audit.renderers.asked import NOTHING, asked
from s3audit.renderers.clean import clean
from s3audit.renderers.encode import array
from s3audit.verdict import Evidence, Severity

VERSION = "1.5.0"
FINDINGS = 2
COMPLIANCE_FINDING = 2003
CREATE = 1
"""What becomes of a finding is told by its uid and its status: each run creates an event."""

_SEVERITIES = {
    Severity.INFO: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
# Of the check: Warning is "no result due to missing information".
_RESULTS: dict[FindingStatus, tuple[int, str]] = {
    "fail": (3, "Fail"),
    "suppressed": (3, "Fail"),
    "unknown": (2, "Warning"),
    "pass": (1, "Pass"),
    "error": (99, "Error"),
    "not_applicable": (99, "Not Applicable"),
}
# Of the finding, where somebody may have to look at it.
_STATUSES: dict[FindingStatus, tuple[int, str]] = {
    "fail": (1, "New"),
    "error": (1, "New"),
    "unknown": (1, "New"),
    "suppressed": (3, "Suppressed"),
}
_RULE = {"type": "Rule", "type_id": 1}
_FILE = {"type": "Regular File", "type_id": 1}
_AWS_ACCOUNT = {"type": "AWS Account", "type_id": 10}


def pieces(report: Report, sheet: Sheet) -> Iterator[str]:
    checks = summary.by_id(report)
    product = {"name": "s3audit", "vendor_name": "s3audit", "version": report.tool_version}
    languages = summary.languages(report)
    return array(
        _event(finding, checks.get(finding.check), product, sheet.now * 1000, languages)
        for finding in summary.listed(report)
    )


def left_out(report: Report) -> Iterator[str]:
    if problems := summary.problems(report):
        yield f"OCSF has no place for {summary.plural(len(problems), 'problem')}; see another format."


def _event(
    finding: Finding, check: Check | None, product: dict[str, str], now: int, languages: dict[str, str]
) -> dict[str, Any]:
    grade, label = _SEVERITIES[finding.severity]
    is_live = finding.subject.origin == LIVE
    title = check.title if check else finding.check
    message = finding.message or title
    event: dict[str, Any] = {
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": FINDINGS,
        "category_name": "Findings",
        "class_uid": COMPLIANCE_FINDING,
        "class_name": "Compliance Finding",
        "type_uid": COMPLIANCE_FINDING * 100 + CREATE,
        "type_name": "Compliance Finding: Create",
        "time": now,
        "severity_id": grade,
        "severity": label,
        "message": message,
        "metadata": {
            "version": VERSION,
            "product": product,
            "event_code": finding.check,
            **({"profiles": ["cloud"]} if is_live else {}),
        },
        "finding_info": {
            "uid": finding.fingerprint,
            "title": title,
            "desc": message,
            "analytic": {"name": finding.check, "uid": finding.check, **_RULE},
        },
        "compliance": _compliance(finding, title),
        "resources": [_resource(finding.subject, is_live)],
    }
    if finding.status in _STATUSES:
        number, word = _STATUSES[finding.status]
        event |= {"status_id": number, "status": word}
    if is_live:
        event["cloud"] = _cloud(finding.subject)
    if evidences := [_evidence(one) for one in finding.evidence]:
        event["evidences"] = evidences
    if check and finding.status == "fail":
        _, fix = summary.fix_text(check.fix, summary.language_for(finding.subject, languages))
        if desc := "\n".join(filter(None, (fix, check.fix.note))):
            event["remediation"] = {"desc": desc}
    if extra := _unmapped(finding):
        event["unmapped"] = extra
    return event


def _compliance(finding: Finding, title: str) -> dict[str, Any]:
    number, word = _RESULTS[finding.status]
    known = asked().get(finding.check, NOTHING)
    return {
        "control": finding.check,
        "desc": title,
        "status_id": number,
        "status": word,
        "status_code": finding.status,
        **({"standards": known.standards} if known.standards else {}),
        **({"requirements": known.requirements} if known.requirements else {}),
    }


def _resource(subject: Subject, is_live: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "uid": subject.address or subject.name or subject.source,
        "name": subject.name,
        "type": subject.type,
    }
    if not is_live:
        return {**told, "data": {"source": subject.source}}
    partition = partition_of(subject.address)
    return {
        **told,
        **({"cloud_partition": partition} if partition else {}),
        **({"region": subject.region} if subject.region else {}),
    }


def _cloud(subject: Subject) -> dict[str, Any]:
    account = {"account": {"uid": subject.source, **_AWS_ACCOUNT}} if is_account(subject.source) else {}
    region = {"region": subject.region} if subject.region else {}
    return {"provider": "AWS", **account, **region}


def _evidence(one: Evidence) -> dict[str, Any]:
    """The note and its place; the call or the file that told it has a place of its own in OCSF."""
    at = one.at
    data: dict[str, Any] = {"note": one.note}
    places = {"address": at.address, "line": at.line, "column": at.column, "end_line": at.end_line}
    data |= {name: value for name, value in {**places, "end_column": at.end_column}.items() if value}
    told: dict[str, Any] = {"data": data}
    if at.call:
        service, _, operation = at.call.partition(":")
        told["api"] = {"operation": operation or service, "service": {"name": service}}
    elif at.source and not at.source.startswith("arn:"):
        told["file"] = {"name": at.source.rpartition("/")[2] or at.source, "path": at.source, **_FILE}
    return told


def _unmapped(finding: Finding) -> dict[str, Any]:
    accepted = finding.accepted
    found: dict[str, Any] = {}
    if finding.when:
        found["when"] = finding.when
    if finding.gave_way:
        found["gave_way"] = finding.gave_way
    if accepted is not None:
        said = {"reason": accepted.reason, "until": accepted.until, "owner": accepted.owner}
        found["accepted"] = {
            "place": clean(str(accepted.at)),
            **{name: text for name, text in said.items() if text},
        }
    return found
