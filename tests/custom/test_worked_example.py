"""docs/custom-checks.md: its example is run, and what it says of the commands is so."""

import re
from pathlib import Path

import pytest

import s3audit
from tests.cli.process import ROOT, run

PAGE = (ROOT / "docs" / "custom-checks.md").read_text("utf-8")
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      LoggingConfiguration:
        DestinationBucketName: acme-orders-logs
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with the example, and with the configuration that names it."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (config,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "policies" / "company").mkdir(parents=True)
    (tmp_path / "policies" / "company" / "log_bucket.py").write_text(code)
    (tmp_path / ".s3audit.toml").write_text(config)
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "infrastructure" / "t.yaml").write_text(TEMPLATE)
    return tmp_path


def test_its_examples_hold(folder: Path) -> None:
    ((command, output),) = re.findall(
        r"^```console\n\$ s3audit ([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
    )
    ended = run(*command.split(), cwd=folder)
    assert (ended.code, ended.out, ended.err) == (0, output, "")


def test_its_commands_run(folder: Path) -> None:
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    offline = [line for line in commands.splitlines() if not line.startswith("s3audit live")]
    assert len(offline) == 4
    for command in offline:
        ended = run(*command.split()[1:], cwd=folder)
        assert ended.err == ""
        assert "company-log-bucket" in ended.out
        assert ended.code == (1 if "scan" in command else 0)


def test_its_finding_is_one_like_any_other(folder: Path) -> None:
    report = s3audit.scan(folder / "infrastructure", checks=[folder / "policies"], select=["company"])
    (finding,) = report.failing
    assert finding.check == "company-log-bucket"
    assert finding.message == "Its logs go elsewhere."
    assert (finding.evidence[0].at.line, finding.evidence[0].at.column) == (6, 32)
    assert "company-log-bucket" in {check.id for check in report.checks}


def test_a_configuration_that_was_found_runs_no_code(folder: Path) -> None:
    ended = run("scan", "infrastructure", cwd=folder)
    assert "company-log-bucket" not in ended.out
    assert (
        ".s3audit.toml:1:1: partial: The checks in policies are not run, for they are code, and this configuration was"
        " found and not named. To run them: --config .s3audit.toml, or --checks policies."
    ) in ended.out
    named = run("scan", "infrastructure", "--config", ".s3audit.toml", cwd=folder)
    assert "company-log-bucket" in named.out
    assert "partial" not in named.out
    for command in (["explain", "company-log-bucket"], ["checks", "--select", "company"]):
        assert run(*command, cwd=folder).code == 2
        assert run(*command, "--config", ".s3audit.toml", cwd=folder).code == 0


def test_a_scan_leaves_nothing_in_the_folder(folder: Path) -> None:
    before = sorted((folder / "policies").rglob("*"))
    run("scan", "infrastructure", "--checks", "policies", cwd=folder, env={"PYTHONDONTWRITEBYTECODE": ""})
    assert sorted((folder / "policies").rglob("*")) == before


def test_the_folders_start_from_the_configuration(folder: Path) -> None:
    below = folder / "infrastructure"
    ended = run("scan", "t.yaml", "--config", "../.s3audit.toml", "--select", "company", cwd=below)
    assert ended.code == 1
    assert "t.yaml:6:32: medium[company-log-bucket] Its logs go elsewhere." in ended.out
