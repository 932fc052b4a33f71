"""Every format by its name, several in one run, and what one of them can't say."""

import csv
import json
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from s3audit.cli import commands
from tests.cli.process import run

OFF = "Resources:\n  Orders:\n    Type: AWS::S3::Bucket\n"
ONLY = ("--select", "versioning-enabled")
NEW = ("jsonl", "csv", "junit", "gitlab", "github", "rdjson", "ocsf", "asff")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "off.yaml").write_text(OFF)
    return tmp_path


def test_all_of_them_in_one_run(folder: Path) -> None:
    outputs = [argument for form in NEW for argument in ("-o", f"{form}=out.{form}")]
    ended = run("scan", "off.yaml", *ONLY, *outputs, cwd=folder, env={"SOURCE_DATE_EPOCH": "1767225600"})
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "ASFF is about live accounts: 1 finding of no account is left out.\n"
    text = {form: (folder / f"out.{form}").read_text("utf-8") for form in NEW}
    _, found = (json.loads(line) for line in text["jsonl"].splitlines())
    assert found["check"] == "versioning-enabled"
    [row] = csv.DictReader((folder / "out.csv").open(newline="", encoding="utf-8"))
    assert (row["check"], row["line"]) == ("versioning-enabled", "2")
    [case] = ET.fromstring(text["junit"]).iter("testcase")
    assert [one.tag for one in case] == ["failure"]
    [violation] = json.loads(text["gitlab"])
    assert violation["location"] == {"path": "off.yaml", "lines": {"begin": 2}}
    assert text["github"].startswith("::warning file=off.yaml,line=2,endLine=2,")
    [diagnostic] = json.loads(text["rdjson"])["diagnostics"]
    assert diagnostic["location"]["range"]["start"] == {"line": 2, "column": 3}
    [event] = json.loads(text["ocsf"])
    assert event["time"] == 1767225600000
    assert violation["fingerprint"] == event["finding_info"]["uid"] == found["fingerprint"]
    assert json.loads(text["asff"]) == []


def test_on_standard_output(folder: Path) -> None:
    ended = run("scan", "off.yaml", *ONLY, "-f", "github", cwd=folder)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith("::warning file=off.yaml,line=2,")


def test_csv_by_requirement(folder: Path) -> None:
    ended = run("scan", "off.yaml", "--framework", "cis-aws-5.0", "-f", "csv", cwd=folder)
    assert ended.out.startswith("framework,version,requirement,")


@pytest.mark.parametrize("given", ["", "soon", "-1", "1" * 12, "\u0663"])
def test_a_time_that_is_none_is_not_taken(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert abs(commands._now() - time.time()) < 60
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    assert commands._now() == 7


def test_a_report_that_breaks_leaves_the_file_as_it_was(folder: Path) -> None:
    (folder / "out.jsonl").write_text("before")
    ended = run("scan", "nobody.yaml", "-o", "jsonl=out.jsonl", "-o", "pdf=x", cwd=folder)
    assert ended.code == 2
    assert (folder / "out.jsonl").read_text() == "before"
