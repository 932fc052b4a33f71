"""GuardDuty, Macie, IAM Access Analyzer."""

from datetime import UTC, datetime

import pytest

from s3audit.collectors.live.context.watch import ANALYZERS, DETECTORS, MACIE_SESSIONS, MALWARE_PLANS
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.estate import Listing, Unlisted
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, only, own, plain, whose

HERE = ("123456789012", "eu-west-1")
GUARDDUTY = "arn:aws:guardduty:eu-west-1:123456789012:"
AT = datetime(2025, 1, 2, tzinfo=UTC)


def test_a_detector_is_told(server: Server, look: Look) -> None:
    server.world.tell("guardduty:ListDetectors", {"DetectorIds": ["d1", "d2"]}, page=1)
    on, off = {"Status": "ENABLED"}, {"Status": "DISABLED"}
    detector = {
        "ServiceRole": "r",
        **on,
        "DataSources": {"CloudTrail": on, "DNSLogs": on, "FlowLogs": on, "S3Logs": off},
        "Features": [{"Name": "DNS_LOGS", **on}, {"Name": "S3_DATA_EVENTS", **off}],
        "Tags": {"team": "shop"},
    }
    server.world.tell("guardduty:GetDetector", detector, {"DetectorId": "d1"})
    server.world.tell("guardduty:GetDetector", {"ServiceRole": "r", **off}, {"DetectorId": "d2"})
    found = look(DETECTORS)
    first, second = found.resources
    assert found.listings == (Listing("detector", *HERE),)
    assert whose(first) == (f"{GUARDDUTY}detector/d1", *HERE)
    assert plain(first.tags) == [{"key": "team", "value": "shop"}]
    assert own(first) == {"id": "d1", "enabled": True, "s3_data_events": "DISABLED", "s3_logs": False}
    assert own(second) == {"id": "d2", "enabled": False, "s3_data_events": None, "s3_logs": None}
    assert calls(first) == {
        "id": "guardduty:ListDetectors",
        "enabled": "guardduty:GetDetector",
        "s3_data_events": "guardduty:GetDetector",
        "s3_logs": "guardduty:GetDetector",
    }


def test_a_detector_that_is_denied_is_there_and_unknown(server: Server, look: Look) -> None:
    server.world.tell("guardduty:ListDetectors", {"DetectorIds": ["d1"]})
    server.world.faults.add(denied(), "guardduty:GetDetector")
    found = only(look(DETECTORS).resources)
    why = "? guardduty:GetDetector was denied, it needs the permission guardduty:GetDetector"
    assert own(found) == {"id": "d1", "enabled": why, "s3_data_events": why, "s3_logs": why}


def test_malware_protection_plans_are_told(server: Server, look: Look) -> None:
    listed = [{"MalwareProtectionPlanId": name} for name in ("p1", "p2", "p3")]
    server.world.tell("guardduty:ListMalwareProtectionPlans", {"MalwareProtectionPlans": listed}, page=2)
    told = {
        "Arn": f"{GUARDDUTY}malware-protection-plan/p1",
        "Role": "arn:aws:iam::123456789012:role/scan",
        "ProtectedResource": {"S3Bucket": {"BucketName": "uploads", "ObjectPrefixes": ["in/"]}},
        "Actions": {"Tagging": {"Status": "ENABLED"}},
        "Status": "WARNING",
        "Tags": {"team": "shop"},
    }
    server.world.tell("guardduty:GetMalwareProtectionPlan", told, {"MalwareProtectionPlanId": "p1"})
    p2 = {"MalwareProtectionPlanId": "p2"}
    server.world.refuse(
        "guardduty:GetMalwareProtectionPlan", "ResourceNotFoundException", status=404, when=p2
    )
    server.world.faults.add(denied(), "guardduty:GetMalwareProtectionPlan", about="p3")
    first, third = look(MALWARE_PLANS).resources
    assert whose(first)[0] == f"{GUARDDUTY}malware-protection-plan/p1"
    assert own(first) == {
        "bucket": "uploads",
        "prefixes": ["in/"],
        "role": "arn:aws:iam::123456789012:role/scan",
        "tagging": "ENABLED",
        "status": "WARNING",
    }
    assert set(calls(first).values()) == {"guardduty:GetMalwareProtectionPlan"}
    assert whose(third)[0] == f"{GUARDDUTY}malware-protection-plan/p3"
    assert own(third)["bucket"].startswith("? guardduty:GetMalwareProtectionPlan was denied")


@pytest.fixture
def _macie(server: Server) -> None:
    server.world.tell("macie2:GetMacieSession", {"status": "PAUSED", "createdAt": AT})
    server.world.tell("macie2:GetAutomatedDiscoveryConfiguration", {"status": "ENABLED"})
    named = {
        "jobId": "j1",
        "jobStatus": "RUNNING",
        "bucketDefinitions": [
            {"accountId": "123456789012", "buckets": ["a", "b"]},
            {"accountId": "999999999999", "buckets": ["c"]},
        ],
    }
    criterion = {"simpleCriterion": {"key": "S3_BUCKET_NAME", "comparator": "EQ", "values": ["a"]}}
    chosen = {
        "jobId": "j2",
        "jobStatus": "IDLE",
        "bucketCriteria": {"includes": {"and": [criterion]}},
    }
    server.world.tell("macie2:ListClassificationJobs", {"items": [named, chosen]}, page=1)


@pytest.mark.usefixtures("_macie")
def test_a_session_of_macie_is_told_with_its_jobs(server: Server, look: Look) -> None:
    found = look(MACIE_SESSIONS)
    session = only(found.resources)
    assert found.listings == (Listing("macie-session", *HERE),)
    assert own(session) == {
        "status": "PAUSED",
        "automated_discovery": "ENABLED",
        "jobs": [
            {"id": "j1", "status": "RUNNING", "buckets": ["a", "b", "c"]},
            {
                "id": "j2",
                "status": "IDLE",
                "buckets": ["? the job chooses its buckets by what they are like"],
            },
        ],
    }
    assert calls(session) == {
        "status": "macie2:GetMacieSession",
        "automated_discovery": "macie2:GetAutomatedDiscoveryConfiguration",
        "jobs": "macie2:ListClassificationJobs",
    }
    assert server.world.requests["macie2:ListClassificationJobs"] == 2


@pytest.mark.usefixtures("_macie")
def test_jobs_that_are_denied_are_unknown(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "macie2:ListClassificationJobs")
    session = own(only(look(MACIE_SESSIONS).resources))
    assert session["jobs"].startswith("? macie2:ListClassificationJobs was denied")
    assert session["status"] == "PAUSED"


def test_macie_that_is_off_is_no_denial(server: Server, look: Look) -> None:
    server.world.refuse("macie2:GetMacieSession", "AccessDeniedException", "Macie is not enabled.", 403)
    found = look(MACIE_SESSIONS)
    assert (found.resources, found.listings, found.unlisted) == ((), (Listing("macie-session", *HERE),), ())


def test_macie_that_is_denied_may_be_on(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "macie2:GetMacieSession")
    found = look(MACIE_SESSIONS)
    why = "macie2:GetMacieSession was denied, it needs the permission macie2:GetMacieSession"
    assert (found.resources, found.listings) == ((), ())
    assert found.unlisted == (Unlisted("macie-session", *HERE, why),)


def test_analyzers_are_told(server: Server, look: Look) -> None:
    def arn(name: str) -> str:
        return f"arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/{name}"

    listed = [
        {
            "arn": arn(name),
            "name": name,
            "type": "ACCOUNT_UNUSED_ACCESS",
            "createdAt": AT,
            "status": "ACTIVE",
            "tags": {"team": "shop"},
        }
        for name in ("one", "two", "three")
    ]
    server.world.tell("accessanalyzer:ListAnalyzers", {"analyzers": listed}, page=2)
    found = look(ANALYZERS)
    assert [one.title for one in found.resources] == ["one", "two", "three"]
    last = found.resources[2]
    assert whose(last) == (arn("three"), *HERE)
    assert plain(last.tags) == [{"key": "team", "value": "shop"}]
    assert own(last) == {"name": "three", "type": "ACCOUNT_UNUSED_ACCESS", "status": "ACTIVE"}
    assert set(calls(last).values()) == {"accessanalyzer:ListAnalyzers"}
