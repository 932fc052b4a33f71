"""What a scan of some files says, in lines: as a user would read it, with exact places."""

from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import s3audit
from s3audit.finding import Finding, Report
from s3audit.location import Location

VERSIONING = "versioning-enabled"
ACL = "acl-everyone"
TLS = "transport-tls-required"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """These files, by their paths in the folder."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())


def report(
    folder: Path,
    files: Mapping[str, str | bytes],
    check: str = "*",
    paths: Sequence[str] = (".",),
    **given: Any,
) -> Report:
    """The report of a scan in the folder, once it holds these files."""
    write(folder, files)
    with chdir(folder):
        return s3audit.scan(paths, select=[check], severity="info", **given)


def verdicts(
    folder: Path, files: Mapping[str, str | bytes], check: str = VERSIONING, **given: Any
) -> list[str]:
    """`status address place: message` of each verdict, by address."""
    return lines(report(folder, files, check, **given))


def lines(found: Report) -> list[str]:
    return [shown(one) for one in sorted(found.findings, key=lambda one: (one.subject.address, one.check))]


def shown(finding: Finding) -> str:
    at = place(finding.evidence[0].at) if finding.evidence else ""
    return f"{finding.status} {finding.subject.address} {at}: {finding.message}"


def statuses(
    folder: Path, files: Mapping[str, str | bytes], check: str = VERSIONING, **given: Any
) -> dict[str, str]:
    """The status of each subject, by address."""
    return {one.subject.address: one.status for one in report(folder, files, check, **given).findings}


def problems(found: Report) -> list[str]:
    """`kind place: message` of each problem."""
    return [f"{one.kind} {place(one.at)}: {one.message}" for one in found.problems]


def place(at: Location) -> str:
    return f"{at.source}:{at.line}:{at.column}-{at.end_column}" if at.line else at.source
