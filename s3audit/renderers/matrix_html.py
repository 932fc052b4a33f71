"""The page with a section for each framework: its requirements, and links to the findings below."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from s3audit.finding import Finding, Report, Sheet
from s3audit.frameworks.matrix import ANSWERS, Answer, Cell, Matrix, Row
from s3audit.renderers import html, summary
from s3audit.renderers import matrix_words as words

_LINKS = 25
"""Findings that a check links to in one requirement; the section of findings has all."""


class Link(NamedTuple):
    """A finding: what was judged, and where on the page that is told."""

    name: str
    target: str
    """Empty where it is not listed."""


class Asked(NamedTuple):
    """A check of a requirement."""

    check: str
    title: str
    said: str
    role: str
    links: Sequence[Link]
    more: int


class Line(NamedTuple):
    """A requirement."""

    row: Row
    said: str
    notes: Sequence[words.Note]
    asked: Sequence[Asked]


class Section(NamedTuple):
    """A framework."""

    matrix: Matrix
    total: str
    answers: Sequence[tuple[Answer, str, str, int]]
    """Each answer with its word, its meaning, and how often it is given."""
    lines: Sequence[Line]
    suppressed: bool
    """Whether anything was, so that it needs a column."""


def render(report: Report, sheet: Sheet, matrices: Sequence[Matrix]) -> str:
    titles = {check.id: check.title for check in report.checks}
    listed = {finding.fingerprint for finding in report.shown}
    sections = [_section(matrix, titles, listed) for matrix in matrices]
    return html.render(report, sheet, sections=sections, headline=words.headline(matrices))


def _section(matrix: Matrix, titles: dict[str, str], listed: Collection[str]) -> Section:
    totals = matrix.totals()
    return Section(
        matrix,
        words.total(matrix),
        [(answer, words.WORDS[answer], words.MEANINGS[answer], totals[answer]) for answer in ANSWERS],
        [_line(row, titles, listed) for row in matrix.rows],
        any(row.counts.suppressed for row in matrix.rows),
    )


def _line(row: Row, titles: dict[str, str], listed: Collection[str]) -> Line:
    asked = [_asked(cell, titles.get(cell.check, ""), listed) for cell in row.cells]
    return Line(row, words.of_row(row), words.notes(row), asked)


def _asked(cell: Cell, title: str, listed: Collection[str]) -> Asked:
    links = list(_links(cell.findings[:_LINKS], listed))
    return Asked(
        cell.check, title, words.of_cell(cell), words.role(cell), links, len(cell.findings) - len(links)
    )


def _links(findings: Sequence[Finding], listed: Collection[str]) -> Iterator[Link]:
    for finding in findings:
        fingerprint = finding.fingerprint
        name = f"{summary.subject_name(finding.subject)}: {summary.STATUS_WORDS[finding.status]}"
        yield Link(name, f"f-{fingerprint}" if fingerprint in listed else "")
