"""For a spreadsheet: a line for each requirement."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from s3audit.finding import Report, Sheet
from s3audit.frameworks.matrix import Matrix, Row
from s3audit.renderers import matrix_words as words
from s3audit.renderers.clean import encodable
from s3audit.renderers.csv import safe
from s3audit.renderers.summary import place

_EVIDENCE = 20
_COLUMNS = (
    "framework",
    "version",
    "requirement",
    "title",
    "answer",
    "subjects",
    "failed",
    "unknown",
    "suppressed",
    "passed",
    "not applicable",
    "checks",
    "evidence",
    "to look at",
    "differs",
    "unsure",
)


def render(_: Report, __: Sheet, matrices: Sequence[Matrix]) -> str:
    out = StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(_COLUMNS)
    for matrix in matrices:
        for row in matrix.rows:
            lines.writerow([safe(field) for field in _fields(matrix, row)])
    return encodable(out.getvalue())


def _fields(matrix: Matrix, row: Row) -> Iterator[str]:
    asked, counts = row.requirement, row.counts
    yield matrix.framework.id
    yield matrix.framework.version
    yield asked.id
    yield asked.title
    yield words.WORDS[row.answer]
    for count in (
        counts.subjects,
        counts.fail,
        counts.unknown,
        counts.suppressed,
        counts.passed,
        counts.not_applicable,
    ):
        yield str(count)
    yield "; ".join(f"{cell.check}: {words.of_cell(cell)}" for cell in row.cells)
    yield "; ".join(_evidence(row))
    yield asked.manual
    yield asked.differs
    yield "yes" if asked.unsure else ""


def _evidence(row: Row) -> Iterator[str]:
    """Where it fails or is not known."""
    found = [finding for cell in row.cells for finding in cell.findings]
    for finding in found[:_EVIDENCE]:
        yield f"{place(finding)}: {finding.status}[{finding.check}] {finding.message}"
    if len(found) > _EVIDENCE:
        yield f"and {len(found) - _EVIDENCE:,} more"
