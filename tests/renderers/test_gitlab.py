"""GitLab's code quality: five severities, relative paths, and fingerprints that stay."""

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from s3audit.finding import Report
from s3audit.renderers import render
from s3audit.verdict import Severity
from tests.renderers import live_samples
from tests.renderers.hostile import CRASHED, HOSTILE, SUPPRESSED, VISIBLE, moved
from tests.renderers.samples import FINDINGS, LOGS, PROBLEMS, at, everything, finding, report, sheet


def read(given: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render("gitlab", given, sheet()))
    assert len({one["fingerprint"] for one in found}) == len(found)  # GitLab shows the first of the same
    for one in found:
        assert one["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert one["description"]
        path = one["location"]["path"]
        assert path
        assert not path.startswith(("/", "./", "../"))
        assert one["location"]["lines"]["begin"] >= 1
    return found


def test_a_report() -> None:
    of_problem = sha256(b"partial\0\0ap-south-2 was not asked: it is not enabled").hexdigest()
    assert render("gitlab", report(FINDINGS[4:], PROBLEMS[1:]), sheet()) == (
        "[\n"
        '{"description":"Everyone may read the objects of Photos (when Env is dev): grants READ to AllUsers.",'
        '"check_name":"access-public-read","fingerprint":"4c0346b5e7e891404ae3231fe1cfcf7e",'
        '"severity":"blocker","location":{"path":"shop.yaml","lines":{"begin":10}}},\n'
        '{"description":"ap-south-2 was not asked: it is not enabled.","check_name":"partial",'
        f'"fingerprint":"{of_problem[:32]}","severity":"minor",'
        '"location":{"path":"aws/unknown.json","lines":{"begin":1}}}\n'
        "]\n"
    )


def test_nothing_is_an_empty_array() -> None:
    assert read(report([])) == []


@pytest.mark.parametrize(
    ("severity", "told"),
    [
        (Severity.CRITICAL, "blocker"),
        (Severity.HIGH, "critical"),
        (Severity.MEDIUM, "major"),
        (Severity.LOW, "minor"),
        (Severity.INFO, "info"),
    ],
)
def test_severities(severity: Severity, told: str) -> None:
    found = finding("logging-loop", "fail", LOGS, "m", severity=severity)
    assert [one["severity"] for one in read(everything(report([found])))] == [told]


def test_what_is_accepted_or_as_it_should_be_is_no_violation() -> None:
    told = read(everything(report([*FINDINGS[3:], SUPPRESSED, CRASHED])))
    assert [(one["check_name"], one["severity"]) for one in told] == [
        ("access-public-read", "blocker"),
        ("versioning-enabled", "info"),
        ("versioning-enabled", "major"),
    ]


def test_the_identity_outlives_the_line_and_the_message() -> None:
    other = msgspec.structs.replace(moved(FINDINGS[0], 5), said="Worded otherwise")
    [before], [after] = read(report([FINDINGS[0]])), read(report([other]))
    assert before["fingerprint"] == after["fingerprint"]
    assert before["location"] != after["location"]
    assert before["description"] != after["description"]


def test_two_of_one_identity_are_told_apart() -> None:
    assert [one["fingerprint"][32:] for one in read(report([FINDINGS[0]] * 3))] == ["", "-2", "-3"]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("./a/b c.yaml", "a/b c.yaml"),
        ("../../x.yaml", "x.yaml"),
        ("arn:aws:s3:::photos", "aws/aws/-/-/s3/photos.json"),
        ("a\x1b\n.yaml", "a\\x1b .yaml"),
    ],
)
def test_a_path_is_relative_and_not_encoded(source: str, path: str) -> None:
    [told] = read(report([finding("logging-loop", "fail", LOGS, "m", (at(1, 1, 2, source=source), "n"))]))
    assert told["location"]["path"] == path


def test_a_live_finding_stands_at_line_one() -> None:
    [told] = read(report([live_samples.seen()]))
    assert told["location"] == {"path": "aws/aws/-/-/s3/photos.json", "lines": {"begin": 1}}


def test_a_name_is_one_line() -> None:
    [told] = read(report([HOSTILE]))
    assert VISIBLE in told["description"]
    assert told["description"].isprintable()
