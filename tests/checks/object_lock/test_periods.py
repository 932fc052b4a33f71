"""Periods of a default retention, held against what is expected and against lifecycle rules."""

from pathlib import Path

import pytest

from s3audit.location import Location
from s3audit.model.bucket import Bucket, ObjectLock, Versioning
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Retention
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.locks import retained_days
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS, EXAMPLES, run

AT, NEAR = Location("here", "days"), Location("here", "years")
GAP = Unknown("nobody tells", AT)
Days = Setting[int | None]


@pytest.mark.parametrize(
    ("days", "years", "found"),
    [
        (Known(30, AT), Unset(None, NEAR), Known(30, AT)),
        (Unset(None, AT), Known(2, NEAR), Known(730, NEAR)),
        (Unset(None, AT), Unset(None, NEAR), Known(None, AT)),
        (Known(800, AT), Known(2, NEAR), Known(800, AT)),
        (Known(30, AT), GAP, GAP),
        (GAP, Known(2, NEAR), GAP),
    ],
)
def test_how_long_it_lasts(days: Days, years: Days, found: Days) -> None:
    assert retained_days(ObjectLock(days=days, years=years)) == found


@pytest.mark.parametrize(
    ("least", "most", "status"),
    [
        (365, 365, Status.PASS),
        (366, None, Status.FAIL),
        (None, 364, Status.FAIL),
        (1, 3650, Status.PASS),
        (None, None, Status.NOT_APPLICABLE),
    ],
)
def test_the_bounds_are_inclusive(least: int | None, most: int | None, status: Status) -> None:
    said = Expectation(at=AT, retention=Retention(minimum=least, maximum=most))
    assert judge("object-lock-retention-range", locked(years=1), said).status is status


@pytest.mark.parametrize(
    ("days", "status"), [(36_500, Status.NOT_APPLICABLE), (36_501, Status.FAIL), (0, Status.FAIL)]
)
def test_what_s3_takes(days: int, status: Status) -> None:
    assert judge("object-lock-retention-range", locked(days=days)).status is status


@pytest.mark.parametrize(
    ("after", "status"), [(29, Status.FAIL), (30, Status.PASS), (None, Status.NOT_APPLICABLE)]
)
@pytest.mark.parametrize("field", ["noncurrent_days", "expiration_days"])
def test_a_rule_waits_for_the_lock(field: str, after: int | None, status: Status) -> None:
    assert judge("object-lock-lifecycle-conflict", locked(rule(**{field: after}), days=30)).status is status


def test_what_hides_objects_is_said_so() -> None:
    found = judge("object-lock-lifecycle-conflict", locked(rule(expiration_days=7), days=30))
    assert [one.note for one in found.evidence] == [
        "objects expire after 7 days, which hides them and does not delete them: they are locked for 30"
    ]


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("object-lock-compliance-mode-fails-1", "high"),
        ("object-lock-compliance-mode-fails-2", "low"),
        ("object-lock-lifecycle-conflict-fails-1", "info"),
        ("object-lock-lifecycle-conflict-fails-3", "medium"),
    ],
)
def test_how_bad_it_is(name: str, severity: str, tmp_path: Path) -> None:
    (finding,) = run(EXAMPLES[name], tmp_path).findings
    assert finding.severity.label == severity


@pytest.mark.parametrize(
    ("small", "large", "status"),
    [
        ((None, 101), (100, None), Status.PASS),
        ((None, 100), (100, None), Status.FAIL),
        ((50, 101), (100, None), Status.FAIL),
        ((None, 101), (100, 500), Status.FAIL),
        ((None, GAP), (100, None), Status.UNKNOWN),
        ((None, GAP), (100, 500), Status.UNKNOWN),
        ((GAP, 101), (100, None), Status.UNKNOWN),
    ],
    ids=str,
)
def test_rules_for_small_and_for_large_objects(
    small: tuple[int | Unknown | None, ...], large: tuple[int | Unknown | None, ...], status: Status
) -> None:
    rules = [
        rule(noncurrent_days=7, size_greater_than=above, size_less_than=below)
        for above, below in (small, large)
    ]
    versions = Bucket(
        address="orders",
        at=AT,
        versioning=Versioning(status=Known("Enabled", AT), mfa_delete=Known("Disabled", AT)),
        object_lock=ObjectLock(enabled=Known(False, AT)),
        lifecycle=lifecycle(*rules),
    )
    assert judge("versioning-noncurrent-cleanup", versions).status is status


def rule(**given: int | Unknown | None) -> LifecycleRule:
    numbers: dict[str, Days] = {
        name: one if isinstance(one := given.get(name), Unknown) else Known(one, AT)
        for name in (
            *("noncurrent_days", "expiration_days"),
            *("size_greater_than", "size_less_than"),
        )
    }
    nothing: Known[Text | None] = Known(None, AT)
    return LifecycleRule(
        at=AT,
        status=Known("Enabled", AT),
        prefix=nothing,
        tags=Known((), AT),
        noncurrent_transitions=Known((), AT),
        **numbers,  # type: ignore[arg-type]
    )


def lifecycle(*rules: LifecycleRule) -> Known[Lifecycle | None]:
    return Known(Lifecycle(at=AT, rules=Known(tuple(Known(one, AT) for one in rules), AT)), AT)


def locked(*rules: LifecycleRule, days: int | None = None, years: int | None = None) -> Bucket:
    lock = ObjectLock(
        at=AT,
        enabled=Known(True, AT),
        mode=Known("COMPLIANCE", AT),
        days=Known(days, AT),
        years=Known(years, AT),
    )
    return Bucket(address="ledger", at=AT, object_lock=lock, lifecycle=lifecycle(*rules))


def judge(check: str, bucket: Bucket, *said: Expectation) -> Verdict:
    estate = Estate([bucket])
    estate.expectations = said
    return CHECKS[check].judge(bucket, estate)
