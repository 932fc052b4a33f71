"""Compliance findings of OCSF 1.5.0: what that version requires, written down from its dictionary."""

import json
from typing import Any

import msgspec
import pytest

from s3audit.finding import FindingStatus, Report
from s3audit.renderers import left_out, render
from s3audit.verdict import Severity
from tests.renderers import live_samples
from tests.renderers.hostile import HOSTILE, NAME, SUPPRESSED, moved
from tests.renderers.live_samples import ACCOUNT, NOW, ROOT, bucket, seen
from tests.renderers.samples import FINDINGS, PROBLEMS, everything, report, sheet

# Class 2003: each required attribute, and the type of its value.
EVENT = {
    "activity_id": int,
    "category_uid": int,
    "class_uid": int,
    "type_uid": int,
    "time": int,
    "severity_id": int,
    "metadata": dict,
    "finding_info": dict,
    "compliance": dict,
}
OPTIONAL = {
    "activity_name": str,
    "category_name": str,
    "class_name": str,
    "type_name": str,
    "severity": str,
    "status": str,
    "status_id": int,
    "message": str,
    "resources": list,
    "evidences": list,
    "remediation": dict,
    "unmapped": dict,
    "cloud": dict,
}
# By object: what it requires, and of which attributes it needs one.
REQUIRED = {
    "metadata": {"product", "version"},
    "metadata.product": {"vendor_name"},
    "finding_info": {"uid", "title"},
    "finding_info.analytic": {"type_id"},
    "cloud": {"provider"},
    "cloud.account": {"uid"},
    "remediation": {"desc"},
}
EVIDENCE = {"actor", "api", "data", "file", "resources", "url"}
NORMALIZED = {
    "severity_id": {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"},
    "status_id": {1: "New", 3: "Suppressed"},
}
RESULTS = {1: "Pass", 2: "Warning", 3: "Fail", 99: None}


def read(given: Report, live: bool = True) -> list[dict[str, Any]]:
    """The events, each with all that its class requires and with nothing that it has not."""
    text = render("ocsf", given, live_samples.sheet() if live else sheet())
    events: list[dict[str, Any]] = json.loads(text)
    for event in events:
        assert set(EVENT) <= set(event) <= {*EVENT, *OPTIONAL}
        for name, value in event.items():
            assert isinstance(value, {**EVENT, **OPTIONAL}[name])
        assert event["class_uid"] == event["category_uid"] * 1000 + 3
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        for path, required in REQUIRED.items():
            part: Any = event
            for name in path.split("."):
                part = part.get(name, {})
            assert not part or required <= set(part), path
        for name, words in NORMALIZED.items():
            if name in event:
                assert event[name.removesuffix("_id")] == words[event[name]]
        result = event["compliance"]
        assert RESULTS[result["status_id"]] in (None, result["status"])
        assert result["control"]
        for one in event.get("evidences", []):
            assert EVIDENCE & set(one)
            assert {"name", "type_id"} <= set(one.get("file", {"name": "", "type_id": 1}))
        assert all({"name", "uid"} & set(one) for one in event["resources"])
        assert ("cloud" in event) == ("cloud" in event["metadata"].get("profiles", []))
    return events


def test_a_live_finding() -> None:
    [event] = read(live_samples.report(seen()))
    of_frameworks = [event["compliance"].pop(name) for name in ("standards", "requirements")]
    assert all(of_frameworks)  # which these are is the frameworks' to say
    assert [event] == [
        {
            "activity_id": 1,
            "activity_name": "Create",
            "category_uid": 2,
            "category_name": "Findings",
            "class_uid": 2003,
            "class_name": "Compliance Finding",
            "type_uid": 200301,
            "type_name": "Compliance Finding: Create",
            "time": NOW * 1000,
            "severity_id": 3,
            "severity": "Medium",
            "message": "Versioning is suspended",
            "metadata": {
                "version": "1.5.0",
                "product": {"name": "s3audit", "vendor_name": "s3audit", "version": "0.1.0"},
                "event_code": "versioning-enabled",
                "profiles": ["cloud"],
            },
            "finding_info": {
                "uid": seen().fingerprint,
                "title": "Versioning is enabled",
                "desc": "Versioning is suspended",
                "analytic": {
                    "name": "versioning-enabled",
                    "uid": "versioning-enabled",
                    "type": "Rule",
                    "type_id": 1,
                },
            },
            "compliance": {
                "control": "versioning-enabled",
                "desc": "Versioning is enabled",
                "status_id": 3,
                "status": "Fail",
                "status_code": "fail",
            },
            "resources": [
                {
                    "uid": "arn:aws:s3:::photos",
                    "name": "photos",
                    "type": "bucket",
                    "cloud_partition": "aws",
                    "region": "eu-west-1",
                }
            ],
            "status_id": 1,
            "status": "New",
            "cloud": {
                "provider": "AWS",
                "account": {"uid": ACCOUNT, "type": "AWS Account", "type_id": 10},
                "region": "eu-west-1",
            },
            "evidences": [
                {
                    "data": {"note": "Status is Suspended", "address": "arn:aws:s3:::photos"},
                    "api": {"operation": "GetBucketVersioning", "service": {"name": "s3"}},
                }
            ],
            "remediation": {"desc": "VersioningConfiguration:\n  Status: Enabled"},
        }
    ]


def test_a_finding_in_a_file() -> None:
    [event] = read(report([FINDINGS[4]]), live=False)
    assert "cloud" not in event
    assert event["resources"] == [
        {"uid": "Resources.Photos", "name": "Photos", "type": "bucket", "data": {"source": "shop.yaml"}}
    ]
    assert event["evidences"] == [
        {
            "data": {
                "note": "grants READ to AllUsers",
                "address": "Resources.Photos.Properties.AccessControl",
                "line": 10,
                "column": 22,
                "end_line": 10,
                "end_column": 32,
            },
            "file": {"name": "shop.yaml", "path": "shop.yaml", "type": "Regular File", "type_id": 1},
        }
    ]
    assert event["unmapped"] == {"when": ["Env is dev"]}


def test_the_standards_are_those_that_ask_for_the_check() -> None:
    [event] = read(live_samples.report(seen(check="transport-tls-required")))
    assert "cis-aws-5.0 2.1.1" in event["compliance"]["requirements"]
    assert any("CIS" in name or "Center for Internet" in name for name in event["compliance"]["standards"])
    [event] = read(live_samples.report(seen(check="no-such-check")))
    assert not {"standards", "requirements"} & set(event["compliance"])


@pytest.mark.parametrize(
    ("status", "result", "of_finding"),
    [
        ("fail", "Fail", "New"),
        ("suppressed", "Fail", "Suppressed"),
        ("unknown", "Warning", "New"),
        ("error", "Error", "New"),
        ("pass", "Pass", None),
        ("not_applicable", "Not Applicable", None),
    ],
)
def test_statuses(status: FindingStatus, result: str, of_finding: str | None) -> None:
    [event] = read(live_samples.report(seen(status)))
    assert (event["compliance"]["status"], event.get("status")) == (result, of_finding)
    assert event["compliance"]["status_code"] == status
    assert ("remediation" in event) == (status == "fail")


@pytest.mark.parametrize("severity", Severity)
def test_severities(severity: Severity) -> None:
    given = msgspec.structs.replace(seen(), severity=severity)
    [event] = read(everything(report([given])))
    assert event["severity_id"] == severity + 1


def test_who_accepted_it_and_why() -> None:
    [event] = read(everything(report([SUPPRESSED])), live=False)
    assert event["unmapped"]["accepted"] == {
        "place": "shop.yaml:5:3",
        "reason": "read once a year",
        "until": "2026-12-31",
        "owner": "storage",
    }


def test_the_identity_outlives_the_line() -> None:
    [before], [after] = (read(report([one]), live=False) for one in (FINDINGS[0], moved(FINDINGS[0], 2)))
    assert before["finding_info"]["uid"] == after["finding_info"]["uid"]
    assert before["evidences"] != after["evidences"]


def test_a_name_is_told_as_it_is_and_obeyed_by_nobody() -> None:
    text = render("ocsf", report([HOSTILE]), sheet())
    assert text.count("\n") == 3
    assert text.replace("\n", "").isprintable()
    [event] = read(report([HOSTILE]), live=False)
    assert event["resources"][0]["name"] == NAME.replace("\ud800", "\\ud800")


def test_an_account_is_in_no_region() -> None:
    [event] = read(live_samples.report(seen(subject=ROOT)))
    assert "region" not in event["cloud"]
    nobody = msgspec.structs.replace(bucket(), source="live")
    [event] = read(live_samples.report(seen(subject=nobody)))
    assert event["cloud"] == {"provider": "AWS", "region": "eu-west-1"}


def test_problems_are_said_to_be_missing() -> None:
    assert left_out("ocsf", report(problems=PROBLEMS)) == [
        "OCSF has no place for 2 problems; see another format."
    ]
    assert left_out("ocsf", report()) == []
