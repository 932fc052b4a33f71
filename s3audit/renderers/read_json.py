"""Back from the JSON report to the report, for whoever wants another look at it."""

import re
from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from s3audit.check import Check
from s3audit.finding import Accepted, Finding, Input, Report, Subject
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.renderers import contract
from s3audit.verdict import Evidence, Severity


class NoReportError(Exception):
    """What was given is no report that can be read; the message says why, and the way out."""


def read_json(data: bytes, checks: Sequence[Check]) -> Report:
    """The report with every finding in its own words, none of which gives way; raises NoReportError.

    `checks` are those of this version, which say what the findings are about.
    """
    told = _decoded(data)
    total = sum(msgspec.structs.astuple(told.summary.status))
    if len(told.findings) != total:
        raise NoReportError(
            f"holds {len(told.findings):,} of the {total:,} answers of its scan, and a requirement asks for all"
            " of them: scan again with `--show all --severity info -f json`"
        )
    return Report(
        tool_version=told.tool.version,
        checks=tuple(checks),
        inputs=tuple(Input(one.source, one.kind, one.resources) for one in told.inputs),
        problems=tuple(_problem(one) for one in told.problems),
        findings=tuple(_finding(one) for one in told.findings),
        threshold=Severity.INFO,
        ran=frozenset(told.ran),
    )


def _decoded(data: bytes) -> contract.Report:
    try:
        found = msgspec.json.decode(data, type=contract.Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        version = _version(data)
        if version and not version.startswith("1."):
            raise NoReportError(
                f"is a report of version {version}, and this s3audit reads {contract.VERSION}"
            ) from None
        raise NoReportError(
            f"is no JSON report of s3audit, as `s3audit scan -f json` writes it: {error}"
        ) from None
    return found


def _version(data: bytes) -> str:
    found = re.match(rb'\s*\{\s*"version"\s*:\s*"([0-9.]{1,20})"', data)
    return found[1].decode() if found else ""


def _finding(told: contract.Finding) -> Finding:
    subject = told.subject
    status, said = told.status, told.message
    if told.gave_way is not UNSET:  # then the message only says to which check
        status, said = told.gave_way, ""
    return Finding(
        check=told.check,
        status=status,
        severity=Severity[told.severity.upper()],
        subject=Subject(
            subject.source,
            subject.address,
            subject.type,
            subject.name,
            subject.origin or "",
            subject.region or "",
        ),
        evidence=tuple(_evidence(one) for one in told.evidence),
        when=tuple(told.when),
        said=said,
        accepted=None if told.accepted is UNSET else _accepted(told.accepted),
    )


def _accepted(told: contract.Accepted) -> Accepted:
    at = Location(told.file or "", "", told.line or 0, told.column or 0)
    return Accepted(at, told.reason, told.until or "", told.owner or "")


def _evidence(told: contract.Evidence) -> Evidence:
    call = "" if told.call is UNSET else told.call
    numbers = (told.line or 0, told.column or 0, told.end_line or 0, told.end_column or 0)
    return Evidence(Location(told.file or "", told.address or "", *numbers, call), told.note)


def _problem(told: contract.Problem) -> Problem:
    at = Location(told.file or "", told.address or "", told.line or 0, told.column or 0)
    return Problem(at, told.kind, told.message)
