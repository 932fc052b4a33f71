"""What the reports by requirement say in the same words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from s3audit.finding import Finding
from s3audit.frameworks.matrix import Answer, Cell, Counts, Matrix, Row
from s3audit.renderers.summary import plural

WORDS: dict[Answer, str] = {
    "fail": "failed",
    "unknown": "unknown",
    "suppressed": "suppressed",
    "in_part": "passed in part",
    "pass": "passed",
    "not_applicable": "not applicable",
    "manual": "manual",
}

MEANINGS: dict[Answer, str] = {
    "fail": "a check fails on at least one subject",
    "unknown": "nothing fails, and of some subject or some check it is not known",
    "suppressed": "nothing fails but what somebody has suppressed, with a reason",
    "in_part": "its checks pass, and they settle a part of it only",
    "pass": "its checks pass on every subject that they are about",
    "not_applicable": "nothing that was read is what it is about",
    "manual": "no check can tell: a person has to look",
}

ABOUT = "Only requirements that touch S3 are listed. A scan is evidence for an audit and never its result."

_NONE = "nothing that it is about was found"


class Note(NamedTuple):
    """Something to know about a requirement."""

    label: str
    text: str


def counts(found: Counts) -> str:
    """`5 subjects: 2 failed, 3 passed`."""
    if not found.subjects:
        return _NONE
    parts = (
        (found.fail, "failed"),
        (found.unknown, "unknown"),
        (found.suppressed, "suppressed"),
        (found.passed, "passed"),
        (found.not_applicable, "not applicable"),
    )
    told = ", ".join(f"{count:,} {word}" for count, word in parts if count)
    return f"{plural(found.subjects, 'subject')}: {told}"


def of_row(row: Row) -> str:
    """What the subjects say, or why it is open."""
    if not row.requirement.checks:
        return "no check can tell"
    if row.open:
        return f"{counts(row.counts)}; {row.open}" if row.counts.subjects else row.open
    return counts(row.counts)


def of_cell(cell: Cell) -> str:
    """What a check says: `2 failed of 5`."""
    if not cell.ran:
        return "was not run"
    found = cell.counts
    if not found.subjects:
        return _NONE
    parts = ((found.fail, "failed"), (found.unknown, "unknown"), (found.suppressed, "suppressed"))
    told = [f"{count:,} {word}" for count, word in parts if count]
    if told:
        return f"{', '.join(told)} of {found.subjects:,}"
    return f"{found.passed:,} passed of {found.subjects:,}" if found.passed else "not applicable"


def worth_a_word(row: Row) -> list[Cell]:
    """The checks that say more than that all is well, or stand beside the others."""
    return [cell for cell in row.cells if cell.findings or cell.supports or not (cell.ran or row.open)]


def role(cell: Cell) -> str:
    """What a check is for a requirement, where it is not one of several equals."""
    if cell.supports:
        return "shown beside it, decides nothing"
    return "weak evidence" if cell.weak else ""


def notes(row: Row) -> list[Note]:
    """What is to be known about a requirement, in the order in which it is told."""
    asked = row.requirement
    found = [
        Note("To look at", asked.manual),
        Note("Differs", asked.differs),
        Note("Unsure", "one secondary source alone maps it so" if asked.unsure else ""),
    ]
    return [note for note in found if note.text]


def totals(matrix: Matrix) -> Iterator[tuple[Answer, int]]:
    """The answers that occur, and how often."""
    return ((answer, count) for answer, count in matrix.totals().items() if count)


def total(matrix: Matrix) -> str:
    """`10 requirements: 3 failed, 7 passed; 2 of them also need a person`."""
    told = ", ".join(f"{count} {WORDS[answer]}" for answer, count in totals(matrix))
    also = sum(bool(row.requirement.manual) and row.answer != "manual" for row in matrix.rows)
    person = f"; {also} of them also need{'s' * (also == 1)} a person" if also else ""
    return f"{plural(len(matrix.rows), 'requirement')}: {told}{person}"


def headline(matrices: Sequence[Matrix]) -> str:
    """`3 of 10 requirements failed`, or what else is to be said first."""
    rows = [row for matrix in matrices for row in matrix.rows]
    failed = sum(row.answer == "fail" for row in rows)
    unknown = sum(row.answer == "unknown" for row in rows)
    if failed:
        return f"{failed} of {plural(len(rows), 'requirement')} failed"
    if unknown:
        return f"No requirement failed, {unknown} of {len(rows)} unknown"
    return f"None of {plural(len(rows), 'requirement')} failed"


def subjects(findings: Iterable[Finding], most: int) -> str:
    """`bucket Logs, bucket Photos and 3 more`."""
    names = list(dict.fromkeys(_name(finding) for finding in findings))
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def _name(finding: Finding) -> str:
    subject = finding.subject
    return " ".join(filter(None, (subject.type, subject.name))) or subject.source
