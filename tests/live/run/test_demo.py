"""`s3audit demo`: a scan that everybody can run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

# What a user may have set, none of which leads anywhere.
_MISLEADING = {
    "AWS_PROFILE": "none",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_CA_BUNDLE": "/nowhere",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "s3audit", "demo", *arguments],
        cwd=folder,
        env={**os.environ, **_MISLEADING, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_needs_nothing_and_shows_what_a_live_scan_says(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "high[logging-loop] hazelwick-access-logs logs to itself." in done.stdout
    assert "s3:GetBucketPolicy was denied for 1 of 12 buckets (hazelwick-payroll)" in done.stdout
    assert "read a real account" not in done.stdout
    assert "The same as a page: s3audit-demo.html." in done.stderr
    page = (tmp_path / "s3audit-demo.html").read_text(encoding="utf-8")
    assert "hazelwick-press-2019" in page
    assert [file.name for file in tmp_path.iterdir()] == ["s3audit-demo.html"]


def test_the_reports_are_those_that_are_asked_for(tmp_path: Path) -> None:
    done = demo(tmp_path, "-o", "json=found.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [file.name for file in tmp_path.iterdir()] == ["found.json"]
