"""Scans of what nobody should write, beside a bucket that is judged as if it stood alone."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.terraform.scans import VERSIONING, lines, problems, report, write

BESIDE = """\
resource "aws_s3_bucket" "beside" {
  bucket = "beside"
}
resource "aws_s3_bucket_versioning" "beside" {
  bucket = aws_s3_bucket.beside.id
  versioning_configuration {
    status = "Enabled"
  }
}
"""
_JUDGED = "pass aws_s3_bucket.beside a.tf:7:14-23: Versioning is Enabled."

BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'

ASKED = """\
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = %s
  }
}
"""
"""A bucket whose verdict hangs on an expression, on line 7 from column 14 on."""

_ROOT = Path(__file__).parents[2]
_CONFINED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
import json, s3audit
from tests.terraform.scans import lines, problems
found = s3audit.scan(["."], select=[sys.argv[1]], severity="info")
json.dump([*problems(found), *lines(found)], sys.stdout)
"""


def said(folder: Path, text: str | bytes, more: Mapping[str, str | bytes] | None = None) -> list[str]:
    """The problems, and the verdicts but for that of the bucket beside, which is as ever; the text is `b.tf`."""
    found = report(folder, {"a.tf": BESIDE, "b.tf": text, **(more or {})}, VERSIONING)
    return _all_but_beside([*problems(found), *lines(found)])


def said_within_limits(
    folder: Path, text: str | bytes, more: Mapping[str, str | bytes] | None = None
) -> list[str]:
    """As `said`, by a process that may have a gigabyte and a minute."""
    write(folder, {"a.tf": BESIDE, "b.tf": text, **(more or {})})
    done = subprocess.run(
        [sys.executable, "-c", _CONFINED, VERSIONING],
        cwd=folder,
        env={"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told: list[str] = json.loads(done.stdout)
    return _all_but_beside(told)


def asked(folder: Path, expression: str, before: str = "") -> str:
    """Why the verdict that hangs on this expression is not known."""
    return why(said(folder, before + ASKED % expression), before)


def why(told: list[str], before: str = "") -> str:
    """Of what is said of `ASKED`, which is the one verdict that is not known and where it is."""
    [verdict] = told
    line = 7 + before.count("\n")
    start, at, rest = verdict.partition(f"unknown aws_s3_bucket.b b.tf:{line}:14-")
    place, _, message = rest.partition(": Versioning is not known: ")
    assert (start, bool(at), place.isdigit()) == ("", True, True), verdict
    return message.removesuffix(".")


def _all_but_beside(told: list[str]) -> list[str]:
    assert told.count(_JUDGED) == 1, told
    return [one for one in told if one != _JUDGED]
