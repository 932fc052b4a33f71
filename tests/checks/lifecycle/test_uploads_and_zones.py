"""Unfinished uploads that a live account shows, and objects in a single zone."""

from typing import Any

import pytest

from s3audit.model.bucket import Bucket
from s3audit.model.expectation import Expectation
from s3audit.model.lifecycle import MultipartUpload
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.model.s3object import S3Object
from s3audit.setting import Known, Setting, Unset
from s3audit.verdict import Severity, Status
from tests.checks.lifecycle.models import AT, GAP, bucket, judge, known, moves, rule

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
CRITICAL = Expectation(at=AT, roles=("critical",))


def uploads(*days: str) -> Setting[Any]:
    made = (
        MultipartUpload(at=AT, key=known(f"videos/{day}.mp4"), initiated=known(f"{day}T09:00:00+00:00"))
        for day in days
    )
    return Known(tuple(Known(one, AT) for one in made), AT)


def test_uploads_that_surely_are_old_make_it_medium() -> None:
    subject = bucket(rule(expiration_days=9), multipart_uploads=uploads("2026-10-09", "2026-10-01"))
    found = judge("abort-multipart", subject)
    assert found.severity is Severity.MEDIUM
    assert "2 uploads were never completed, the oldest of videos/2026-10-01.mp4, begun on 2026-10-01" in [
        e.note for e in found.evidence
    ]


@pytest.mark.parametrize(
    "listed",
    [uploads(), uploads("2026-10-01"), uploads("2026-10-01", "2026-10-08"), GAP],
    ids=["none", "one", "a week apart", "denied"],
)
def test_uploads_of_which_nobody_knows_how_old_they_are_leave_it_low(listed: Setting[Any]) -> None:
    found = judge("abort-multipart", bucket(rule(expiration_days=9), multipart_uploads=listed))
    assert found.status is FAIL
    assert found.severity is None


def test_uploads_are_no_failure_where_a_rule_aborts_them() -> None:
    subject = bucket(rule(abort_multipart_days=7), multipart_uploads=uploads("2026-01-01", "2026-10-01"))
    assert judge("abort-multipart", subject).status is PASS


@pytest.mark.parametrize(("limit", "status"), [(29, FAIL), (30, PASS)])
def test_the_configuration_says_how_long_an_upload_may_take(limit: int, status: Status) -> None:
    said = Expectation(at=AT, abort_multipart_days=limit)
    assert judge("abort-multipart", bucket(rule(abort_multipart_days=30)), said=said).status is status


def thing(storage_class: str, name: str = "orders", sampled: Setting[Any] = Unset(None, AT)) -> S3Object:  # noqa: B008
    return S3Object(
        address=f"object {storage_class}",
        at=AT,
        bucket=known(name),
        key=known("ledger.csv"),
        storage_class=Known(storage_class, AT),
        sampled=sampled,
    )


def replicated(status: str) -> dict[str, Any]:
    made = ReplicationRule(at=AT, status=Known(status, AT))
    return {"replication": Known(Replication(at=AT, rules=Known((Known(made, AT),), AT)), AT)}


ONE_ZONE = rule(transitions=moves(("ONEZONE_IA", 30)))


@pytest.mark.parametrize(
    ("subject", "objects", "said", "status", "severity"),
    [
        (bucket(ONE_ZONE), [], CRITICAL, FAIL, Severity.MEDIUM),
        (bucket(ONE_ZONE, **replicated("Enabled")), [], CRITICAL, PASS, None),
        (bucket(ONE_ZONE, **replicated("Disabled")), [], CRITICAL, FAIL, Severity.MEDIUM),
        (bucket(ONE_ZONE), [], None, NONE, None),
        (bucket(), [thing("ONEZONE_IA")], CRITICAL, FAIL, Severity.MEDIUM),
        (bucket(**replicated("Enabled")), [thing("ONEZONE_IA")], CRITICAL, FAIL, Severity.LOW),
        (bucket(), [thing("ONEZONE_IA")], None, NONE, None),
        (bucket(), [thing("ONEZONE_IA", "photos")], CRITICAL, PASS, None),
        (bucket(), [thing("ONEZONE_IA", sampled=Known(True, AT))], CRITICAL, PASS, None),
        (bucket(), [thing("STANDARD")], None, NONE, None),
        (bucket(), [thing("REDUCED_REDUNDANCY")], None, FAIL, Severity.INFO),
        (bucket(), [thing("REDUCED_REDUNDANCY")], CRITICAL, FAIL, Severity.INFO),
        (bucket(ONE_ZONE), [thing("REDUCED_REDUNDANCY")], CRITICAL, FAIL, Severity.MEDIUM),
    ],
)
def test_what_is_in_a_single_zone(
    subject: Bucket,
    objects: list[S3Object],
    said: Expectation | None,
    status: Status,
    severity: Severity | None,
) -> None:
    found = judge("onezone-critical", subject, *objects, said=said)
    assert found.status is status
    assert found.severity is severity


def test_what_is_said_to_be_a_replica_may_be_in_one_zone() -> None:
    said = Expectation(at=AT, roles=("critical", "replica"))
    assert judge("onezone-critical", bucket(ONE_ZONE), said=said).status is NONE
