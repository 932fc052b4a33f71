"""What code scanning reads. The schema is the one that npm's `@microsoft/sarif-multitool-linux` 5.7.0 ships (MIT)."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from s3audit.check import Fix
from s3audit.finding import Finding, Report, Sheet, Subject
from s3audit.location import NOWHERE, Location
from s3audit.problem import Problem
from s3audit.renderers import render
from s3audit.renderers.sarif import MOST_RESULTS
from s3audit.verdict import Severity
from tests.renderers.samples import (
    AT_LOGS,
    CHECKS,
    FINDINGS,
    LOGS,
    PHOTOS,
    PROBLEMS,
    at,
    check,
    everything,
    finding,
    report,
    sheet,
)

SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0.json").read_text(encoding="utf-8"))
LINE_HASH = re.compile(r"[0-9a-f]{1,16}:[1-9][0-9]*")
RELATIVE = re.compile(r"(?!/)([A-Za-z0-9._~-]|%[0-9A-F]{2})+(/([A-Za-z0-9._~-]|%[0-9A-F]{2})+)*")


def run(given: Report, on: Sheet | None = None) -> dict[str, Any]:
    """The one run of the log, valid by the schema and by what GitHub asks beyond it."""
    log = json.loads(render("sarif", given, on or sheet()))
    jsonschema.validate(log, SCHEMA)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({check.id for check in given.checks})
    for rule in rules:
        assert re.fullmatch(r"[0-9]\.[0-9]", rule["properties"].get("security-severity", "1.0"))
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert LINE_HASH.fullmatch(result["partialFingerprints"]["primaryLocationLineHash"])
        [location] = result["locations"]
        for place in (location, *result.get("relatedLocations", ())):
            region = place["physicalLocation"]["region"]
            assert region["startLine"] == region["endLine"]
            assert 1 <= region["startColumn"] < region["endColumn"]
            assert RELATIVE.fullmatch(place["physicalLocation"]["artifactLocation"]["uri"])
    named: dict[str, Any] = run
    return named


def results(*findings: Finding, on: Sheet | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(everything(report(findings)), on)["results"]
    return found


def test_a_run() -> None:
    shown = run(report(FINDINGS[:1], PROBLEMS))
    driver = shown.pop("tool")["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("s3audit", "0.1.0", "0.1.0")
    assert shown == {
        "automationDetails": {"id": "s3audit/iac/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [
            {
                "executionSuccessful": False,
                "toolExecutionNotifications": [
                    {
                        "descriptor": {"id": "unreadable", "index": 0},
                        "level": "error",
                        "message": {"text": "broken.yaml:9:1: no YAML: a tab where spaces are expected."},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "broken.yaml"},
                                    "region": {
                                        "startLine": 9,
                                        "startColumn": 1,
                                        "endLine": 9,
                                        "endColumn": 2,
                                    },
                                }
                            }
                        ],
                    },
                    {
                        "descriptor": {"id": "partial", "index": 1},
                        "level": "warning",
                        "message": {"text": "ap-south-2 was not asked: it is not enabled."},
                    },
                ],
            }
        ],
        "results": [
            {
                "ruleId": "logging-loop",
                "ruleIndex": 2,
                "level": "error",
                "message": {
                    "text": "The access logs of Logs are written to Logs: no DestinationBucketName: S3 logs to"
                    " the bucket itself. See [the bucket that is logged](1)."
                },
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": "shop.yaml"},
                            "region": {"startLine": 6, "startColumn": 7, "endLine": 6, "endColumn": 27},
                        },
                        "logicalLocations": [
                            {"name": "Logs", "fullyQualifiedName": "Resources.Logs", "kind": "resource"}
                        ],
                    }
                ],
                "relatedLocations": [
                    {
                        "id": 1,
                        "physicalLocation": {
                            "artifactLocation": {"uri": "shop.yaml"},
                            "region": {"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 7},
                        },
                        "message": {"text": "the bucket that is logged"},
                    }
                ],
                "partialFingerprints": {
                    "primaryLocationLineHash": "a357786f0a7f1810:1",
                    "s3audit/v1": "74f428489c218113fd2def3433dfd1a2",
                },
                "properties": {
                    "severity": "high",
                    "address": "Resources.Logs.Properties.LoggingConfiguration",
                },
            }
        ],
    }


def test_a_rule() -> None:
    rule = run(report([]))["tool"]["driver"]["rules"][2]
    assert (
        rule.pop("help")["markdown"]
        == """\
**Access logs do not come back to the bucket they describe.**

Each delivery is itself a request.

So the bucket grows for ever, and the bill with it.

Severity: high.

### How to fix

**CloudFormation**

```yaml
LoggingConfiguration:
  DestinationBucketName: !Ref AccessLogs
```

**Terraform**

Point `target_bucket` to another bucket.

The other bucket must not log here.

`s3audit explain logging-loop` shows what passes and what fails.
"""
    )
    assert rule == {
        "id": "logging-loop",
        "name": "LoggingLoop",
        "shortDescription": {"text": "Access logs do not come back to the bucket they describe."},
        "fullDescription": {
            "text": "Each delivery is itself a request. So the bucket grows for ever, and the bill with it."
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["security", "s3", "logging"],
            "precision": "very-high",
            "problem.severity": "error",
            "security-severity": "8.0",
        },
    }


def test_the_rules_are_the_same_whatever_is_found() -> None:
    runs = [run(report(given)) for given in ([], FINDINGS, FINDINGS[3:])]
    assert runs[0]["tool"] == runs[1]["tool"] == runs[2]["tool"]
    levels = {
        severity.label: rule["defaultConfiguration"]["level"]
        + " "
        + rule["properties"].get("security-severity", "none")
        for severity in Severity
        for rule in run(report([], checks=[check("a", "b", "t", severity, "w", Fix(note="n"))]))["tool"][
            "driver"
        ]["rules"]
    }
    assert levels == {
        "info": "note none",
        "low": "note 2.5",
        "medium": "warning 5.5",
        "high": "error 8.0",
        "critical": "error 9.5",
    }


def test_the_other_statuses_only_where_they_are_shown() -> None:
    accepted = finding("encryption-kms", "suppressed", LOGS, "Accepted", (AT_LOGS, ""))
    crashed = finding("logging-loop", "error", LOGS, "KeyError: 'x'", (AT_LOGS, ""))
    given = report([accepted, crashed, *FINDINGS[3:]])
    shown = run(everything(given))
    assert [
        (r["ruleId"], r.get("kind", "fail"), r["level"], r["suppressions"]) for r in shown["results"]
    ] == [
        ("encryption-kms", "fail", "note", [{"kind": "external", "status": "accepted"}]),
        ("access-public-read", "pass", "none", []),
        ("access-public-read", "fail", "error", []),
        ("versioning-enabled", "open", "none", []),
        ("logging-loop", "notApplicable", "none", []),
    ]
    assert shown["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {
                    "descriptor": {"id": "crash", "index": 3},
                    "level": "error",
                    "message": {"text": "logging-loop broke on Logs: KeyError: 'x'."},
                    "associatedRule": {"id": "logging-loop", "index": 2},
                }
            ],
        }
    ]
    few = run(given)
    assert [r["ruleId"] for r in few["results"]] == ["access-public-read"]
    assert "suppressions" not in few["results"][0]
    assert few["invocations"] == shown["invocations"]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("shop.yaml", "shop.yaml"),
        ("./a/../b/shop.yaml", "b/shop.yaml"),
        ("../elsewhere/shop.yaml", "elsewhere/shop.yaml"),
        ("/somewhere/else/shop.yaml", "somewhere/else/shop.yaml"),
        ("a b/c:d/é%?#.yaml", "a%20b/c%3Ad/%C3%A9%25%3F%23.yaml"),
        ("https://example.com/x.yaml", "https%3A/example.com/x.yaml"),
        ("caf\udce9.yaml", "caf%E9.yaml"),
        ("\ud800.yaml", "%5Cud800.yaml"),
        ("arn:aws:s3:::photos", "aws/aws/-/-/s3/photos.json"),
        (
            "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/a",
            "aws/aws-cn/123456789012/cn-north-1/s3/accesspoint/a.json",
        ),
        ("arn:aws:s3:::../..", "aws/aws/-/-/s3/-/-.json"),
        ("arn:broken", "aws/unknown.json"),
        ("-", "-"),
        ("..", "aws/unknown.json"),
        ("", "aws/unknown.json"),
    ],
)
def test_a_uri_is_relative(source: str, uri: str) -> None:
    place = Location(source, "", 1, 1, 1, 2)
    [result] = results(finding("logging-loop", "fail", LOGS, "m", (AT_LOGS, "a"), (place, "b")))
    assert (
        result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
        if source
        else True
    )
    found = finding("logging-loop", "fail", Subject("", "a", "bucket", "a"), "m", (place, "n"))
    [result] = results(found)
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_an_absolute_path_below_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Location(str(tmp_path / "deep" / "x.yaml"), "", 1, 1, 1, 2)
    [result] = results(finding("logging-loop", "fail", LOGS, "m", (place, "n")))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "deep/x.yaml"


@pytest.mark.parametrize(
    ("place", "region"),
    [
        (at(1, 4, 9), (1, 5, 12)),
        (at(1, 1, 2), (1, 1, 2)),
        (at(1, 4, 4), (1, 5, 6)),
        (at(1, 4, 0), (1, 5, 18)),
        (Location("x.yaml", "", 1, 4, 2, 3), (1, 5, 18)),
        (Location("x.yaml", "", 1), (1, 1, 18)),
        (at(2, 2, 99), (2, 2, 99)),
        (at(7, 5, 9), (7, 5, 9)),
        (Location("x.yaml"), (1, 1, 2)),
    ],
)
def test_columns_are_utf16_and_regions_narrow(place: Location, region: tuple[int, int, int]) -> None:
    text = "a😀: 日😀bcd # more\n  second\n"
    given = Location("x.yaml", "", place.line, place.column, place.end_line, place.end_column)
    [result] = results(finding("logging-loop", "fail", LOGS, "m", (given, "")), on=sheet(x__yaml=text))
    line, start, end = region
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": line,
        "startColumn": start,
        "endLine": line,
        "endColumn": end,
    }


def test_instances_at_one_place_are_one_result() -> None:
    found = [
        finding(
            "logging-loop",
            "fail",
            Subject("shop.yaml", f"R.B{n}", "bucket", f"B{n}"),
            "Loops",
            (AT_LOGS, "x"),
        )
        for n in (1, 2, 3)
    ]
    [result] = results(*found)
    assert result["message"]["text"] == "B1: Loops: x. The same holds for B2, B3."
    assert result["properties"]["instances"] == [f.fingerprint for f in found]
    logical = [place["fullyQualifiedName"] for place in result["locations"][0]["logicalLocations"]]
    assert logical == ["R.B1", "R.B2", "R.B3"]


def test_two_places_on_one_line_stay_two_alerts() -> None:
    first, second = results(
        finding("logging-loop", "fail", LOGS, "m", (at(3, 3, 5), "")),
        finding("logging-loop", "fail", PHOTOS, "m", (at(3, 6, 7), "")),
    )
    assert first["partialFingerprints"]["primaryLocationLineHash"] == "fa292f4284503bf1:1"
    assert second["partialFingerprints"]["primaryLocationLineHash"] == f"{second_fingerprint()}:1"


def second_fingerprint() -> str:
    return finding("logging-loop", "fail", PHOTOS, "").fingerprint[:16]


def test_what_stands_in_no_file_is_told_apart_by_its_subject() -> None:
    names = ("a", "b")
    found = [
        finding(
            "logging-loop", "fail", Subject(f"arn:aws:s3:::{n}", f"arn:aws:s3:::{n}", "bucket", n), "Loops"
        )
        for n in names
    ]
    assert [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results(*found)
    ] == ["aws/aws/-/-/s3/a.json", "aws/aws/-/-/s3/b.json"]  # fmt: skip
    assert len({r["partialFingerprints"]["primaryLocationLineHash"] for r in results(*found)}) == 2


def test_a_name_makes_no_link() -> None:
    evil = "a](https://evil.example) [b\u202e"
    found = finding("logging-loop", "fail", LOGS, f"Logs is {evil}", (AT_LOGS, ""), (at(7, 3, 9), evil))
    [result] = results(found)
    assert result["message"]["text"] == (
        r"Logs is a] (https://evil.example) [b\u202e."
        r" See [a\](https://evil.example) \[b\\u202e](1)."
    )


def test_too_many_results_are_cut_by_severity_and_said() -> None:
    low = [
        finding("encryption-kms", "fail", LOGS, "m", (at(n, 1, 2), "")) for n in range(1, MOST_RESULTS + 3)
    ]
    shown = run(everything(report([*low, FINDINGS[0]])))
    assert len(shown["results"]) == MOST_RESULTS
    assert shown["results"][0]["ruleId"] == "logging-loop"
    [notification] = shown["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == (
        "3 results of the lowest severities are left out: GitHub keeps 5,000. The JSON report has them all."
    )
    assert shown["invocations"][0]["executionSuccessful"] is True


def test_an_empty_run() -> None:
    nothing = report([], [Problem(NOWHERE, "empty", "No S3 resources found")], inputs=[], checks=CHECKS)
    shown = run(nothing)
    assert shown["results"] == []
    assert shown["invocations"] == [
        {
            "executionSuccessful": True,
            "toolExecutionNotifications": [
                {
                    "descriptor": {"id": "empty", "index": 4},
                    "level": "note",
                    "message": {"text": "No S3 resources found."},
                }
            ],
        }
    ]
