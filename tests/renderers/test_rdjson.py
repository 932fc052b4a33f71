"""What reviewdog reads: columns in bytes, three severities."""

import json
from typing import Any

import pytest

from s3audit.finding import Report, Sheet
from s3audit.renderers import render
from s3audit.verdict import Severity
from tests.renderers import live_samples
from tests.renderers.hostile import HOSTILE, SUPPRESSED, VISIBLE
from tests.renderers.samples import FINDINGS, LOGS, PROBLEMS, at, everything, finding, report, sheet


def read(given: Report, on: Sheet | None = None) -> list[dict[str, Any]]:
    told = json.loads(render("rdjson", given, sheet() if on is None else on))
    assert told["source"] == {"name": "s3audit"}
    found: list[dict[str, Any]] = told["diagnostics"]
    return found


def test_a_report() -> None:
    assert render("rdjson", report(FINDINGS[4:], PROBLEMS[:1]), sheet()) == (
        '{"source":{"name":"s3audit"},"diagnostics":[\n'
        '{"message":"Everyone may read the objects of Photos (when Env is dev): grants READ to AllUsers.",'
        '"location":{"path":"shop.yaml","range":{"start":{"line":10,"column":22},"end":{"line":10,"column":32}}},'
        '"severity":"ERROR","code":{"value":"access-public-read"}},\n'
        '{"message":"broken.yaml:9:1: no YAML: a tab where spaces are expected.",'
        '"location":{"path":"broken.yaml","range":{"start":{"line":9},"end":{"line":9}}},'
        '"severity":"ERROR","code":{"value":"unreadable"}}\n'
        "]\n"
        "}\n"
    )


def test_nothing_is_no_diagnostics() -> None:
    assert read(report([])) == []


def test_columns_count_bytes() -> None:
    found = finding("logging-loop", "fail", LOGS, "m", (at(1, 3, 4), "b"))
    [told] = read(report([found]), sheet({"shop.yaml": "a\U00010400b"}))
    assert told["location"]["range"] == {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 7}}


@pytest.mark.parametrize(
    ("severity", "told"),
    [
        (Severity.CRITICAL, "ERROR"),
        (Severity.HIGH, "ERROR"),
        (Severity.MEDIUM, "WARNING"),
        (Severity.LOW, "INFO"),
        (Severity.INFO, "INFO"),
    ],
)
def test_severities(severity: Severity, told: str) -> None:
    found = finding("logging-loop", "fail", LOGS, "m", severity=severity)
    assert [one["severity"] for one in read(everything(report([found])))] == [told]


def test_open_questions_are_told_and_nothing_that_is_in_order() -> None:
    told = read(everything(report([*FINDINGS[3:4], *FINDINGS[5:], SUPPRESSED])))
    assert [(one["code"]["value"], one["severity"]) for one in told] == [("versioning-enabled", "INFO")]


def test_a_live_finding_has_a_path_that_no_diff_has() -> None:
    [told] = read(report([live_samples.seen()]))
    assert told["location"] == {"path": "aws/aws/-/-/s3/photos.json"}


def test_a_name_is_one_line() -> None:
    [told] = read(report([HOSTILE]))
    assert VISIBLE in told["message"]
    assert told["message"].isprintable()
