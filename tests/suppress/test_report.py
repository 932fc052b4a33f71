"""What the command and the reports say of suppressions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from s3audit.finding import Sheet
from s3audit.renderers import FORMATS, render
from tests.cli.process import ROOT, run
from tests.suppress.scans import one, said, scan

BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "acme-logs"\n}\n'
LOGGING = {"select": ["logging-enabled"]}
YAML = "Resources:\n  # s3audit: ignore[logging-enabled] why\n  Logs: {Type: AWS::S3::Bucket}\n"
SHEET = Sheet(lines=lambda _: None)


def ignoring(text: str) -> dict[str, str]:
    return {"main.tf": f"# s3audit: {text}\n{BUCKET}"}


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ('ignore[logging-enabled] reason="why not"', "Accepted at FILE:1: why not."),
        ("ignore[logging-enabled] why not", "Accepted at FILE:1: why not."),
        ("ignore[logging-enabled]: why not.", "Accepted at FILE:1: why not."),
        ('ignore[logging-enabled] reason="a \\"b\\" # c"', 'Accepted at FILE:1: a "b" # c.'),
        (
            "ignore[ logging-enabled , acl-disabled ] until=2026-11-22 why",
            "Accepted at FILE:1 until 2026-11-22: why.",
        ),
        ("ignore[logging-enabled] owner=web reason=why", "Accepted at FILE:1 by web: why."),
        ("ignore[CKV_AWS_18] why", "Accepted at FILE:1: why."),
    ],
)
def test_what_a_comment_may_say(text: str, accepted: str, tmp_path: Path) -> None:
    report = scan(tmp_path, ignoring(text), **LOGGING)
    finding = one(report, "logging-enabled")
    assert finding.status == "suppressed"
    assert finding.message.endswith(f". {accepted.replace('FILE', str(tmp_path / 'main.tf'))}")
    assert said(report) == []
    assert not report.fails


NO_REASON = 'without a reason, so it does not count: write `s3audit: ignore[CHECK] reason="..."`.'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignore[logging-enabled]", f"This ignores logging-enabled {NO_REASON}"),
        ('ignore[logging-enabled] reason=""', f"This ignores logging-enabled {NO_REASON}"),
        (
            "ignore logging-enabled because",
            'This does not count, for it names no check: write `s3audit: ignore[CHECK] reason="..."`.',
        ),
        (
            "ignore[loging-enabled] why",
            "There is no check 'loging-enabled' to ignore, did you mean 'logging-enabled'?",
        ),
        ("ignore[logging-*] why", "There is no check 'logging-*' to ignore, did you mean 'logging-loop'?"),
        (
            "ignore[logging-enabled] until=2026-02-30 why",
            "This does not count, for until=2026-02-30 is no day, such as 2026-12-31.",
        ),
        ("ignore[logging-enabled] why ticket=4", "This does not count, for ticket= is nothing it takes."),
        ("ignore[logging-enabled] owner=a owner=b why", "This does not count, for owner= is there twice."),
        (
            "disable[logging-enabled] why",
            "This does not count, for 'disable' is nothing it knows: write `s3audit: ignore[CHECK] reason=\"...\"`.",
        ),
    ],
)
def test_what_can_not_be_understood_does_not_count(text: str, message: str, tmp_path: Path) -> None:
    report = scan(tmp_path, ignoring(text), **LOGGING)
    assert one(report, "logging-enabled").status == "fail"
    assert said(report) == [(1, message)]


def test_a_sentence_about_us_is_no_suppression(tmp_path: Path) -> None:
    assert said(scan(tmp_path, ignoring("see the wiki, or write s3audit: ignore[x]"), **LOGGING)) == []


def test_a_reason_may_be_dispensed_with(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("require_reason = false\n")
    report = scan(tmp_path, ignoring("ignore[logging-enabled]"), **LOGGING, config=str(config))
    assert one(report, "logging-enabled").message.endswith(f"Accepted at {tmp_path}/main.tf:1.")


def test_one_that_is_over_counts_no_more_and_says_so(tmp_path: Path) -> None:
    report = scan(tmp_path, ignoring("ignore[logging-enabled] until=2026-11-21 why"), **LOGGING)
    finding = one(report, "logging-enabled")
    assert finding.status == "fail"
    assert finding.message.endswith("; it was accepted until 2026-11-21, which is over.")
    assert finding.evidence[-1].at.line == 1
    assert said(report) == []
    assert report.fails


def test_one_that_nothing_needs_is_told_unless_its_check_did_not_run(tmp_path: Path) -> None:
    files = ignoring("ignore[logging-enabled, website-tls] why")
    files = {"main.tf": files["main.tf"].replace("website-tls", "versioning-enabled")}
    versions = 'resource "aws_s3_bucket_versioning" "v" {\n  bucket = "acme-logs"\n'
    files["main.tf"] += versions + '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
    unused = "Nothing here fails versioning-enabled: this is not needed, or it stands in the wrong place."
    assert said(scan(tmp_path, files)) == [(1, unused)]
    assert said(scan(tmp_path, files, **LOGGING)) == []


def test_one_for_a_check_that_gives_way_is_needed_later(tmp_path: Path) -> None:
    text = """
resource "aws_s3_bucket" "site" {
  bucket = "acme-site"
}
resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = "acme-site"
  block_public_policy     = OPEN
  restrict_public_buckets = OPEN
}
# s3audit: ignore[policy-wildcard-principal] a site
resource "aws_s3_bucket_policy" "site" {
  bucket = "acme-site"
  policy = jsonencode({
    Statement = [{Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-site/*"}]
  })
}
"""
    wanted = {"select": ["access-public-read", "policy-wildcard-principal"]}
    for is_open, status in (("false", "not_applicable"), ("true", "suppressed")):
        report = scan(tmp_path, {"main.tf": text.replace("OPEN", is_open)}, **wanted)
        assert one(report, "policy-wildcard-principal").status == status
        assert said(report) == []


def test_standard_input_may_hold_one(tmp_path: Path) -> None:
    for text in (ignoring("ignore[logging-enabled] why")["main.tf"], YAML):
        ended = run("scan", "-", "--select", "logging-enabled", cwd=tmp_path, given=text.encode())
        assert ended.code == 0
        assert "1 suppressed" in ended.out


def test_of_a_file_that_nobody_named_nothing_is_said(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n}\n',
        "m/main.tf": f"# s3audit: ignore[acl-disabled] why\n{BUCKET}",
    }
    assert said(scan(tmp_path, files, paths=["main.tf"])) == []
    assert len(said(scan(tmp_path, files))) == 1


def test_the_reports_show_it(tmp_path: Path) -> None:
    report = scan(
        tmp_path,
        ignoring('ignore[logging-enabled] owner=web until=2027-01-01 reason="<b>why</b>"'),
        **LOGGING,
    )
    texts = {form: render(form, report, SHEET) for form in FORMATS}
    file = str(tmp_path / "main.tf")
    (result,) = json.loads(texts["sarif"])["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"], suppression["justification"]) == (
        "inSource",
        "accepted",
        "<b>why</b>",
    )
    region = suppression["location"]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (1, 1)
    (finding,) = json.loads(texts["json"])["findings"]
    assert finding["status"] == "suppressed"
    assert finding["accepted"] == {
        "file": file,
        "line": 1,
        "column": 1,
        "reason": "<b>why</b>",
        "until": "2027-01-01",
        "owner": "web",
    }
    assert f"{file}:2:1: suppressed[logging-enabled]" in texts["text"]
    assert "1 suppressed" in texts["text"]
    assert "<b>why</b>" not in texts["html"]


COUNT = """
import sys
from s3audit import cli
code = cli.main(["scan", "main.tf"])
print(code, "s3audit.suppress.accept" in sys.modules, file=sys.stderr)
"""


def loads(folder: Path, text: str) -> str:
    (folder / "main.tf").write_text(text)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", COUNT]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=env)
    return done.stderr.strip()


def test_where_there_is_no_suppression_nothing_is_loaded_for_it(tmp_path: Path) -> None:
    assert loads(tmp_path, BUCKET) == "1 False"
    assert loads(tmp_path, f"# checkov:skip=CKV_AWS_18:x\n{BUCKET}") == "1 False"
    assert loads(tmp_path, f"# s3audit\n{BUCKET}") == "1 True"
