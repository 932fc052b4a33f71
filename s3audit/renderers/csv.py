"""For a spreadsheet: a row for each finding, then one for each thing that could not be seen."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from s3audit.check import Check
from s3audit.finding import Accepted, Finding, Report, Sheet
from s3audit.location import NOWHERE, Location
from s3audit.renderers import summary
from s3audit.renderers.clean import clean, encodable

COLUMNS = (
    "status",
    "severity",
    "check",
    "title",
    "type",
    "name",
    "address",
    "source",
    "region",
    "file",
    "line",
    "column",
    "message",
    "when",
    "evidence",
    "fingerprint",
    "accepted because",
    "accepted until",
    "accepted by",
)
# With these a spreadsheet begins to calculate, with the wide ones too.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_MOST_EVIDENCE = 20


def pieces(report: Report, _: Sheet) -> Iterator[str]:
    checks = summary.by_id(report)
    yield row(COLUMNS)
    for finding in summary.listed(report):
        yield row(_fields(finding, checks))
    for problem in summary.problems(report):
        at = problem.at
        said = ["problem", "", problem.kind, "", "", "", at.address, at.source, "", *_place(at)]
        yield row([*said, problem.message, *[""] * (len(COLUMNS) - len(said) - 1)])


def row(fields: Iterable[str]) -> str:
    """A line in which no field is a formula, and none ends early."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(field) for field in fields])
    return encodable(out.getvalue())


def safe(field: str) -> str:
    """One line of text that a spreadsheet takes for text."""
    shown = clean(field)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def _fields(finding: Finding, checks: dict[str, Check]) -> Iterator[str]:
    subject = finding.subject
    yield finding.status
    yield finding.severity.label
    yield finding.check
    yield checks[finding.check].title if finding.check in checks else ""
    yield subject.type
    yield subject.name
    yield subject.address
    yield subject.source
    yield subject.region
    yield from _place(summary.place(finding))
    yield summary.message(finding, checks)
    yield " or ".join(finding.when)
    yield "; ".join(_evidence(finding))
    yield finding.fingerprint
    accepted = finding.accepted or Accepted(NOWHERE)
    yield accepted.reason
    yield accepted.until
    yield accepted.owner


def _place(at: Location) -> tuple[str, str, str]:
    return at.source, str(at.line or ""), str(at.column or "")


def _evidence(finding: Finding) -> Iterator[str]:
    for one in finding.evidence[:_MOST_EVIDENCE]:
        yield f"{one.at}: {one.note}" if one.at.source else one.note
    if (more := len(finding.evidence) - _MOST_EVIDENCE) > 0:
        yield f"and {more:,} more"
