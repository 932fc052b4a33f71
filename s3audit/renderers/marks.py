"""What is told beside a line of code, or beside none: findings that ask for something, and problems."""

from collections.abc import Iterator
from typing import NamedTuple

from s3audit.check import LIVE
from s3audit.finding import FindingStatus, Report
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.renderers import summary
from s3audit.renderers.arn import is_account
from s3audit.renderers.sarif_rules import LEVELS, NOTIFICATIONS
from s3audit.renderers.sentence import of_problem, sentence
from s3audit.verdict import Severity

ASKING: frozenset[FindingStatus] = frozenset({"fail", "error", "unknown"})
"""A tool that comments on code has no way to say that something is as it should be, or accepted."""


class Mark(NamedTuple):
    """One thing to say."""

    id: str
    """The check, or the kind of problem."""
    level: str
    """error, warning or note."""
    severity: Severity | None
    """Of a check that fails."""
    text: str
    at: Location
    fingerprint: str
    in_file: bool
    """Whether it stands in a file, and not in an account."""


def marks(report: Report) -> Iterator[Mark]:
    """Of what is shown, that which asks for something; then what could not be seen."""
    checks = summary.by_id(report)
    accounts = {one.source for one in report.inputs if one.kind in (LIVE, "snapshot")}
    for finding in summary.listed(report):
        if finding.status not in ASKING:
            continue
        fails = finding.status == "fail"
        yield Mark(
            id=finding.check,
            level=LEVELS[finding.severity] if fails else _OPEN[finding.status],
            severity=finding.severity if fails else None,
            text=sentence(finding, checks),
            at=summary.place(finding),
            fingerprint=finding.fingerprint,
            in_file=finding.subject.origin != LIVE and _is_file(finding.subject.source),
        )
    for problem in summary.problems(report):
        yield Mark(
            id=problem.kind,
            level=NOTIFICATIONS[problem.kind][0],
            severity=None,
            text=of_problem(problem),
            at=problem.at,
            fingerprint=_fingerprint(problem),
            in_file=problem.at.source not in accounts and _is_file(problem.at.source),
        )


_OPEN = {"error": NOTIFICATIONS["crash"][0], "unknown": "note"}


def _is_file(source: str) -> bool:
    return source != "" and not source.startswith("arn:") and not is_account(source)


def _fingerprint(problem: Problem) -> str:
    from hashlib import sha256

    identity = f"{problem.kind}\0{problem.at.source}\0{problem.message}"
    return sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32]
