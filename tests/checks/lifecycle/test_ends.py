"""When objects and their versions end for good, and what that costs."""

from typing import Any

import pytest

from s3audit.model.expectation import Expectation, Retention
from s3audit.setting import Known
from s3audit.verdict import Status
from tests.checks.lifecycle.models import AT, GAP, bucket, judge, known, locked, moves, rule, version_moves

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
ON, SUSPENDED, NEVER = "Enabled", "Suspended", "Unversioned"
A_YEAR = Expectation(at=AT, retention=Retention(minimum=365))


@pytest.mark.parametrize(
    ("state", "said", "status"),
    [
        (NEVER, {"expiration_days": 364}, FAIL),
        (NEVER, {"expiration_days": 365}, PASS),
        (NEVER, {"noncurrent_days": 1}, PASS),
        (NEVER, {"expiration_date": "2030-01-01"}, FAIL),
        (ON, {"expiration_days": 1}, PASS),
        (ON, {"expiration_date": "2030-01-01"}, PASS),
        (ON, {"noncurrent_days": 364}, FAIL),
        (ON, {"noncurrent_days": 365}, PASS),
        (ON, {"noncurrent_days": 1, "noncurrent_newer_versions": 3}, PASS),
        (ON, {"noncurrent_days": 1, "noncurrent_newer_versions": GAP}, OPEN),
        (SUSPENDED, {"expiration_days": 1}, FAIL),
        (SUSPENDED, {"noncurrent_days": 1}, FAIL),
        (SUSPENDED, {"expiration_days": 365, "noncurrent_days": 365}, PASS),
        (NEVER, {"expiration_days": 1, "status": Known("Disabled", AT)}, PASS),
        (NEVER, {"expiration_days": 1, "status": GAP}, OPEN),
        (NEVER, {"expiration_days": 365, "status": GAP}, PASS),
        (NEVER, {"expired_delete_marker": True, "abort_multipart_days": 1}, PASS),
    ],
)
def test_what_has_to_be_kept_is_not_deleted(state: str, said: dict[str, Any], status: Status) -> None:
    assert judge("expires-critical", bucket(rule(**said), versioning=state), said=A_YEAR).status is status


@pytest.mark.parametrize(("days", "status"), [(364, FAIL), (365, PASS)])
def test_a_lock_keeps_what_a_rule_would_delete(days: int, status: Status) -> None:
    subject = bucket(rule(noncurrent_days=1), versioning=ON, object_lock=locked(days))
    assert judge("expires-critical", subject, said=A_YEAR).status is status


def test_what_nobody_has_to_keep_may_go() -> None:
    assert judge("expires-critical", bucket(rule(expiration_days=1))).status is NONE
    most = Expectation(at=AT, retention=Retention(maximum=30))
    assert judge("expires-critical", bucket(rule(expiration_days=1)), said=most).status is NONE


def test_nothing_is_deleted_without_rules() -> None:
    assert judge("expires-critical", bucket(), said=A_YEAR).status is PASS
    assert judge("expires-critical", bucket(lifecycle=Known(None, AT)), said=A_YEAR).status is PASS
    assert judge("expires-critical", bucket(lifecycle=GAP), said=A_YEAR).status is OPEN


COLD = moves(("GLACIER", 10))


@pytest.mark.parametrize(
    ("state", "said", "status"),
    [
        (NEVER, {"transitions": COLD, "expiration_days": 99}, FAIL),
        (NEVER, {"transitions": COLD, "expiration_days": 100}, PASS),
        (SUSPENDED, {"transitions": COLD, "expiration_days": 99}, FAIL),
        (ON, {"transitions": COLD, "expiration_days": 99}, NONE),
        (ON, {"transitions": COLD, "expiration_days": 60, "noncurrent_days": 39}, FAIL),
        (ON, {"transitions": COLD, "expiration_days": 60, "noncurrent_days": 40}, PASS),
        (
            ON,
            {
                "transitions": COLD,
                "expiration_days": 60,
                "noncurrent_days": 1,
                "noncurrent_newer_versions": 1,
            },
            NONE,
        ),
        (NEVER, {"noncurrent_transitions": version_moves(("GLACIER", 1)), "noncurrent_days": 2}, NONE),
        (ON, {"noncurrent_transitions": version_moves(("GLACIER", 1)), "noncurrent_days": 90}, FAIL),
        (ON, {"noncurrent_transitions": version_moves(("GLACIER", 1)), "noncurrent_days": 91}, PASS),
        (NEVER, {"transitions": moves(("STANDARD_IA", 30), ("GLACIER_IR", 59))}, FAIL),
        # S3 refuses it, which another check says.
        (NEVER, {"transitions": moves(("STANDARD_IA", 30), ("GLACIER", 59))}, PASS),
        (NEVER, {"transitions": COLD, "expiration_days": 10}, PASS),
        (NEVER, {"transitions": moves(("INTELLIGENT_TIERING", 0)), "expiration_days": 1}, NONE),
        (NEVER, {"transitions": COLD, "expiration_days": GAP}, OPEN),
        (NEVER, {"transitions": GAP, "expiration_days": 10}, OPEN),
    ],
)
def test_what_leaves_a_class_too_early(state: str, said: dict[str, Any], status: Status) -> None:
    assert judge("minimum-storage-charge", bucket(rule(**said), versioning=state)).status is status


@pytest.mark.parametrize(
    ("others", "status"),
    [
        ([], FAIL),
        ([rule(expired_delete_marker=True)], PASS),
        ([rule(prefix="logs/", expired_delete_marker=True)], PASS),
        ([rule(prefix="logs/2026/", expired_delete_marker=True)], FAIL),
        ([rule(prefix=GAP, expired_delete_marker=True)], OPEN),
        ([rule(prefix="l", expiration_days=30)], PASS),
        ([rule(expiration_date=known("2030-01-01"))], PASS),
        ([rule(expiration_days=30, status=Known("Disabled", AT))], FAIL),
        ([rule({"Temporary": "yes"}, expiration_days=30)], FAIL),
        ([rule(size_less_than=1000, expiration_days=30)], FAIL),
    ],
)
def test_who_removes_delete_markers(others: list[Any], status: Status) -> None:
    subject = bucket(rule(prefix="logs/", noncurrent_days=30), *others, versioning=ON)
    found = judge("delete-markers", subject)
    assert found.status is status


def test_the_evidence_has_both_periods() -> None:
    found = judge("expires-critical", bucket(rule(expiration_days=1)), said=A_YEAR)
    assert [e.note for e in found.evidence] == [
        "objects are deleted after 1 day, and have to be kept for 365"
    ]
