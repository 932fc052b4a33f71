"""What code scanning reads."""

import pytest

from s3audit.check import Fix
from s3audit.location import NOWHERE
from s3audit.problem import Problem
from s3audit.renderers import sarif
from s3audit.verdict import Severity
from tests.renderers.samples import (
    AT_LOGS,
    CHECKS,
    FINDINGS,
    LOGS,
    PROBLEMS,
    at,
    check,
    everything,
    finding,
    report,
)
from tests.renderers.sarif_log import region, results, run


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
                                    "region": region(9, 1, 2),
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
                    "text": "The access logs of Logs are written to Logs: no DestinationBucketName: S3 logs"
                    " to the bucket itself. See [the bucket that is logged](1)."
                },
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": "shop.yaml"},
                            "region": region(6, 7, 27),
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
                            "region": region(3, 3, 7),
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
    nothing, all_of_them, some = (run(report(found)) for found in ((), FINDINGS, FINDINGS[3:]))
    assert nothing["tool"] == all_of_them["tool"] == some["tool"]


def test_a_severity_in_the_words_of_github() -> None:
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
    problem = Problem(AT_LOGS, "crash", "KeyError: 'x'")
    given = report([accepted, crashed, *FINDINGS[3:]], [problem])
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
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "shop.yaml"},
                                "region": region(3, 3, 7),
                            }
                        }
                    ],
                }
            ],
        }
    ]
    few = run(given)
    assert [r["ruleId"] for r in few["results"]] == ["access-public-read"]
    assert "suppressions" not in few["results"][0]
    assert few["invocations"] == shown["invocations"]


def test_a_name_makes_no_link() -> None:
    evil = "a](https://evil.example) [b\u202e"
    found = finding("logging-loop", "fail", LOGS, f"Logs is {evil}", (AT_LOGS, ""), (at(7, 3, 9), evil))
    [result] = results(found)
    assert result["message"]["text"] == (
        r"Logs is a] (https://evil.example) [b\u202e."
        r" See [a\](https://evil.example) \[b\\u202e](1)."
    )


def test_too_many_results_are_cut_by_severity_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    low = [finding("encryption-kms", "fail", LOGS, "m", (at(n, 1, 2), "")) for n in range(1, 7)]
    shown = run(everything(report([*low, FINDINGS[0]])))
    assert [r["ruleId"] for r in shown["results"]] == ["logging-loop", *["encryption-kms"] * 3]
    [notification] = shown["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == (
        "3 results of the lowest severities are left out: GitHub keeps 4. The JSON report has them all."
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
