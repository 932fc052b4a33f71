"""What holds for a scan of anything: no crash, no crashed check, the same again, and every report can be written."""

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any

import s3audit
from s3audit.finding import STATUSES, Report, Sheet
from s3audit.renderers import FORMATS, render

BROKE = "s3audit broke on this file"


def survive(folder: Path, files: Mapping[str, bytes], named: str = "", **given: Any) -> Report:
    """The report of a folder with these files only, or of one of them, once every format has rendered it."""
    rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    target = [folder / named]
    report = s3audit.scan(target, show=STATUSES, severity="info", **given)
    crashed = [finding.message for finding in report.findings if finding.status == "error"]
    assert not crashed, crashed[0]
    broken = [one.message for one in report.problems if one.kind == "crash" or one.message.startswith(BROKE)]
    assert not broken, broken[0]
    lines = {str(folder / name): data.decode("utf-8", "replace").splitlines() for name, data in files.items()}
    for form in FORMATS:
        assert render(form, report, Sheet(lines=lines.get)).encode()
    again = s3audit.scan(target, show=STATUSES, severity="info", **given)
    assert (again.findings, again.problems) == (report.findings, report.problems)
    return report
