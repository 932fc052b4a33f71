"""Scans of a few files, and what they say of suppressions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from s3audit import api
from s3audit.finding import STATUSES, Finding, Report
from s3audit.verdict import Severity

TODAY = "2026-11-22"


def scan(
    folder: Path, files: Mapping[str, str | bytes], *, paths: Sequence[str] = (), **asked: Any
) -> Report:
    """The report of a folder with these files, on the day of the tests."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    wanted: dict[str, Any] = {
        "parameters": {},
        "select": [],
        "ignore": [],
        "severity": Severity.INFO,
        "show": STATUSES,
        "all_scenarios": False,
        "max_size": api.MAX_SIZE,
        "today": TODAY,
    }
    return api.run([str(folder / path) for path in paths or [""]], **(wanted | asked)).report


def suppressed(report: Report) -> dict[str, list[tuple[str, int]]]:
    """By check: what of it is suppressed, and in which line somebody says so."""
    found: dict[str, list[tuple[str, int]]] = {}
    for finding in report.findings:
        if finding.accepted is not None:
            assert finding.status == "suppressed"
            found.setdefault(finding.check, []).append((finding.subject.address, finding.accepted.at.line))
    return found


def said(report: Report) -> list[tuple[int, str]]:
    """The problems with suppressions: the line, and the sentence."""
    assert {problem.kind for problem in report.problems} <= {"suppression"}, report.problems
    return [(problem.at.line, problem.message) for problem in report.problems]


def one(report: Report, check: str) -> Finding:
    (found,) = (finding for finding in report.findings if finding.check == check)
    return found
