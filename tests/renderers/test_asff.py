"""Findings for Security Hub, by botocore's model of the call that imports them and by the limits that it documents."""

import json
from typing import Any

import botocore.session
import msgspec
import pytest
from botocore.validate import ParamValidator

from s3audit.finding import Finding, FindingStatus, Report
from s3audit.renderers import left_out, render
from s3audit.verdict import Severity
from tests.renderers import live_samples
from tests.renderers.hostile import NAME, SUPPRESSED
from tests.renderers.live_samples import ACCOUNT, ROOT, bucket, seen
from tests.renderers.samples import FINDINGS, PROBLEMS, finding

LONGEST = {"Id": 512, "ProductArn": 2048, "GeneratorId": 512, "Title": 256, "Description": 1024, "Region": 16}


@pytest.fixture(scope="module")
def shape() -> Any:
    model = botocore.session.get_session().get_service_model("securityhub")
    return model.operation_model("BatchImportFindings").input_shape


def read(given: Report, shape: Any) -> list[dict[str, Any]]:
    """The findings, each as the call takes it."""
    found: list[dict[str, Any]] = json.loads(render("asff", given, live_samples.sheet()))
    assert not ParamValidator().validate({"Findings": found}, shape).has_errors()
    known = set(shape.members["Findings"].member.members)
    details = set(shape.members["Findings"].member.members["Resources"].member.members["Details"].members)
    for one in found:
        assert set(one) <= known  # the validator lets pass what it does not know
        assert all(text.strip() for text in strings(one))
        for name, most in LONGEST.items():
            assert len(one[name].encode()) <= most, name
        assert len(one["ProductFields"]) <= 50
        assert all(len(k) <= 128 and len(v.encode()) <= 2048 for k, v in one["ProductFields"].items())
        assert len(one["Compliance"].get("RelatedRequirements", [])) <= 32
        advice = one.get("Remediation", {}).get("Recommendation", {}).get("Text", "-")
        assert 1 <= len(advice.encode()) <= 512
        [resource] = one["Resources"]
        assert resource["Type"] in {*details, "AwsAccount", "AwsCloudTrailTrail", "Other"}
        assert len(json.dumps(one).encode()) <= 240_000
    return found


def strings(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in strings(item)]
        case list():
            return [text for item in value for text in strings(item)]
        case _:
            return []


def test_a_finding(shape: Any) -> None:
    told = seen()
    [one] = read(live_samples.report(told), shape)
    asked = one["Compliance"].pop("RelatedRequirements")
    assert asked  # which these are is the frameworks' to say
    assert one == {
        "SchemaVersion": "2018-10-08",
        "Id": f"s3audit/{ACCOUNT}/versioning-enabled/{told.fingerprint}",
        "ProductArn": f"arn:aws:securityhub:eu-west-1:{ACCOUNT}:product/{ACCOUNT}/default",
        "GeneratorId": "s3audit/versioning-enabled",
        "AwsAccountId": ACCOUNT,
        "Region": "eu-west-1",
        "CreatedAt": "2026-01-01T00:00:00.000Z",
        "UpdatedAt": "2026-01-01T00:00:00.000Z",
        "LastObservedAt": "2026-01-01T00:00:00.000Z",
        "Title": "Versioning is enabled",
        "Description": "photos: Versioning is suspended: Status is Suspended.",
        "FindingProviderFields": {
            "Severity": {"Label": "MEDIUM", "Original": "medium"},
            "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        },
        "Resources": [
            {
                "Type": "AwsS3Bucket",
                "Id": "arn:aws:s3:::photos",
                "Partition": "aws",
                "Region": "eu-west-1",
                "Details": {"AwsS3Bucket": {"Name": "photos"}},
            }
        ],
        "Compliance": {"Status": "FAILED", "SecurityControlId": "versioning-enabled"},
        "RecordState": "ACTIVE",
        "ProductFields": {
            "s3audit/version": "0.1.0",
            "s3audit/status": "fail",
            "s3audit/fingerprint": told.fingerprint,
            "s3audit/evidence/1": "arn:aws:s3:::photos (s3:GetBucketVersioning): Status is Suspended",
        },
        "Remediation": {"Recommendation": {"Text": "VersioningConfiguration:\n  Status: Enabled"}},
    }


@pytest.mark.parametrize(
    ("status", "result", "label", "state"),
    [
        ("fail", "FAILED", "MEDIUM", "ACTIVE"),
        ("unknown", "WARNING", "MEDIUM", "ACTIVE"),
        ("error", "NOT_AVAILABLE", "MEDIUM", "ACTIVE"),
        ("suppressed", "FAILED", "MEDIUM", "ARCHIVED"),
        ("pass", "PASSED", "INFORMATIONAL", "ARCHIVED"),
        ("not_applicable", "NOT_AVAILABLE", "INFORMATIONAL", "ARCHIVED"),
    ],
)
def test_statuses(status: FindingStatus, result: str, label: str, state: str, shape: Any) -> None:
    [one] = read(live_samples.report(seen(status)), shape)
    severity = one["FindingProviderFields"]["Severity"]["Label"]
    assert (one["Compliance"]["Status"], severity, one["RecordState"]) == (result, label, state)


@pytest.mark.parametrize("severity", Severity)
def test_severities(severity: Severity, shape: Any) -> None:
    given = msgspec.structs.replace(seen(), severity=severity)
    whole = msgspec.structs.replace(live_samples.report(given), threshold=Severity.INFO)
    [one] = read(whole, shape)
    label = "INFORMATIONAL" if severity is Severity.INFO else severity.name
    assert one["FindingProviderFields"]["Severity"] == {"Label": label, "Original": severity.label}


@pytest.mark.parametrize(
    ("subject", "region", "partition"),
    [
        (bucket(region="ap-southeast-2"), "ap-southeast-2", "aws"),
        (bucket(region="cn-northwest-1", partition="aws-cn"), "cn-northwest-1", "aws-cn"),
        (bucket(region=""), "us-east-1", "aws"),
        (bucket(region="", partition="aws-us-gov"), "us-gov-west-1", "aws-us-gov"),
        (ROOT, "us-east-1", "aws"),
    ],
)
def test_it_goes_to_the_region_of_its_subject(subject: Any, region: str, partition: str, shape: Any) -> None:
    [one] = read(live_samples.report(seen(subject=subject)), shape)
    assert one["Region"] == one["Resources"][0]["Region"] == region
    assert one["ProductArn"] == f"arn:{partition}:securityhub:{region}:{ACCOUNT}:product/{ACCOUNT}/default"


def test_an_account_is_named_as_security_hub_names_it(shape: Any) -> None:
    [one] = read(live_samples.report(seen(subject=ROOT)), shape)
    assert (one["Resources"][0]["Type"], one["Resources"][0]["Id"]) == (
        "AwsAccount",
        f"AWS::::Account:{ACCOUNT}",
    )


def test_what_is_in_no_account_is_left_out_and_that_is_said() -> None:
    redacted = msgspec.structs.replace(bucket(), source="live")
    nameless = msgspec.structs.replace(bucket(), address="photos")
    whole = live_samples.report(seen(), seen(subject=redacted), seen(subject=nameless), FINDINGS[0])
    assert len(json.loads(render("asff", whole, live_samples.sheet()))) == 1
    assert left_out("asff", whole) == ["ASFF is about live accounts: 3 findings of no account are left out."]
    problems = msgspec.structs.replace(live_samples.report(seen()), problems=PROBLEMS[:1])
    assert left_out("asff", problems) == ["ASFF has no place for 1 problem; see another format."]


def test_limits_and_hostile_names(shape: Any) -> None:
    long = f"{NAME}\u00e9" * 300
    who = msgspec.structs.replace(bucket(), name=long, type=long)
    place = msgspec.structs.replace(seen().evidence[0].at, source=long)
    broken = finding(long, "fail", who, long, *[(place, long)] * 90, when=(long,))
    [one] = read(live_samples.report(broken), shape)
    assert one["Description"].endswith("...")
    assert len(one["Description"].encode()) in range(1020, 1025)
    assert all(text.isprintable() for text in strings(one))


def test_identity_and_time(shape: Any) -> None:
    before = seen()
    after = msgspec.structs.replace(before, said="Worded otherwise", severity=Severity.CRITICAL)
    ids = {one["Id"] for given in (before, after) for one in read(live_samples.report(given), shape)}
    assert len(ids) == 1
    others: list[Finding] = [
        seen(check="logging-loop"),
        seen(subject=bucket("other")),
        seen(subject=msgspec.structs.replace(bucket(), source="444455556666")),
    ]
    assert len(ids | {one["Id"] for one in read(live_samples.report(*others), shape)}) == 4
    told = [render("asff", live_samples.report(before), live_samples.sheet(now)) for now in (0, 0, 1)]
    assert told[0] == told[1] != told[2]
    assert "1970-01-01T00:00:01.000Z" in told[2]


def test_what_is_accepted_says_why(shape: Any) -> None:
    given = msgspec.structs.replace(seen("suppressed"), accepted=SUPPRESSED.accepted)
    [one] = read(live_samples.report(given), shape)
    assert one["ProductFields"]["s3audit/accepted"] == "shop.yaml:5:3: read once a year"
