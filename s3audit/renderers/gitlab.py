"""GitLab's code quality report: an array of what asks for something, each with an identity that outlives its line."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from s3audit.finding import Report, Sheet
from s3audit.renderers.clean import clean
from s3audit.renderers.encode import array
from s3audit.renderers.marks import Mark, marks
from s3audit.renderers.uri import path
from s3audit.verdict import Severity

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}
_LEVELS = {"error": "major", "warning": "minor", "note": "info"}
"""Of what is no failing check."""


def pieces(report: Report, _: Sheet) -> Iterator[str]:
    seen: Counter[str] = Counter()
    return array(_told(mark, seen) for mark in marks(report))


def _told(mark: Mark, seen: Counter[str]) -> dict[str, Any]:
    seen[mark.fingerprint] += 1
    number = seen[mark.fingerprint]
    return {
        "description": mark.text,
        "check_name": clean(mark.id),
        # GitLab shows no second one of the same fingerprint.
        "fingerprint": mark.fingerprint if number == 1 else f"{mark.fingerprint}-{number}",
        "severity": _LEVELS[mark.level] if mark.severity is None else _SEVERITIES[mark.severity],
        "location": {"path": path(mark.at.source), "lines": {"begin": max(mark.at.line, 1)}},
    }
