"""Which of two rules about the same objects has its way."""

import pytest

from s3audit.model.expectation import Expectation, Retention
from s3audit.model.lifecycle import LifecycleRule
from s3audit.model.lifetimes import takes_in
from s3audit.setting import Known
from s3audit.text import Opaque, text
from s3audit.verdict import Severity, Status
from tests.checks.lifecycle.models import AT, GAP, bucket, judge, moves, rule

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
HERE = text(Opaque("Folder", "Folder"), "/logs/")


@pytest.mark.parametrize(
    ("wider", "narrower", "status"),
    [
        (rule(), rule(), PASS),
        (rule(), rule(prefix="logs/"), PASS),
        (rule(prefix=""), rule(prefix=GAP), PASS),
        (rule(prefix="logs/"), rule(), FAIL),
        (rule(prefix="log"), rule(prefix="logs/2026/"), PASS),
        (rule(prefix="logs/2026/"), rule(prefix="log"), FAIL),
        (rule(prefix=GAP), rule(prefix="log"), OPEN),
        (rule(prefix=Known(HERE, AT)), rule(prefix=Known(HERE + text("2026/"), AT)), PASS),
        (rule(prefix=Known(HERE, AT)), rule(prefix="logs/"), OPEN),
        (rule(), rule({"Keep": "yes"}), PASS),
        (rule({"Keep": "yes"}), rule(), FAIL),
        (rule({"Keep": "yes"}), rule({"Keep": "yes", "Team": "shop"}), PASS),
        (rule({"Keep": "yes"}), rule({"Keep": "no"}), FAIL),
        (rule({"Keep": "yes"}), rule(size_less_than=9), FAIL),
        (rule(size_greater_than=10), rule(size_greater_than=20), PASS),
        (rule(size_greater_than=20), rule(size_greater_than=10), FAIL),
        (rule(size_greater_than=0), rule(), PASS),
        (rule(size_less_than=20), rule(size_less_than=10), PASS),
        (rule(size_less_than=20), rule(), FAIL),
        (rule(size_less_than=20), rule(size_less_than=GAP), OPEN),
    ],
)
def test_which_objects_a_rule_is_about(wider: LifecycleRule, narrower: LifecycleRule, status: Status) -> None:
    assert takes_in(wider, narrower).status is status


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ([rule(expiration_days=30), rule(prefix="logs/", expiration_days=31)], FAIL),
        ([rule(expiration_days=30), rule(prefix="logs/", expiration_days=30)], PASS),
        ([rule(expiration_days=30), rule(prefix="logs/", expiration_days=29)], PASS),
        # About the same objects the later one is there for nothing.
        ([rule(expiration_days=30), rule(expiration_days=365)], FAIL),
        ([rule(expiration_days=30), rule(noncurrent_days=365)], PASS),
        ([rule(expiration_days=30), rule(expiration_days=GAP)], OPEN),
        ([rule(expiration_days=30), rule(expiration_days=365, status=GAP)], OPEN),
        ([rule(expiration_days=30), rule(expiration_days=365, status=Known("Disabled", AT))], NONE),
        ([rule(prefix="a", expiration_days=30), rule(prefix="b", expiration_days=365, status=GAP)], OPEN),
        ([rule(expiration_days=30)], NONE),
        # By days and at a date can't be compared.
        ([rule(expiration_days=30), rule(expiration_date="2030-01-01")], PASS),
        ([rule(expiration_date="2030-01-01"), rule(expiration_date="2031-01-01")], FAIL),
        # The wider one keeps newer versions, so the narrow one deletes something after all.
        ([rule(noncurrent_days=1, noncurrent_newer_versions=5), rule(prefix="a", noncurrent_days=30)], PASS),
        ([rule(noncurrent_days=1), rule(prefix="a", noncurrent_days=30, noncurrent_newer_versions=5)], FAIL),
        (
            [
                rule(transitions=moves(("GLACIER", 30))),
                rule(prefix="a", transitions=moves(("STANDARD_IA", 30))),
            ],
            FAIL,
        ),
        (
            [
                rule(transitions=moves(("GLACIER", 30))),
                rule(prefix="a", transitions=moves(("STANDARD_IA", 29))),
            ],
            PASS,
        ),
        (
            [
                rule(transitions=moves(("STANDARD_IA", 30))),
                rule(prefix="a", transitions=moves(("GLACIER", 90))),
            ],
            PASS,
        ),
        (
            [
                rule(transitions=moves(("INTELLIGENT_TIERING", 0))),
                rule(prefix="a", transitions=moves(("GLACIER_IR", 90))),
            ],
            FAIL,
        ),
        (
            [
                rule(transitions=moves(("INTELLIGENT_TIERING", 0))),
                rule(prefix="a", transitions=moves(("DEEP_ARCHIVE", 90))),
            ],
            PASS,
        ),
        (
            [
                rule(transitions=moves(("GLACIER_IR", 0))),
                rule(prefix="a", transitions=moves(("INTELLIGENT_TIERING", 90))),
            ],
            PASS,
        ),
    ],
)
def test_which_rule_has_its_way(rules: list[LifecycleRule], status: Status) -> None:
    assert judge("rule-overlap", bucket(*rules)).status is status


def test_it_is_graver_where_data_has_to_be_kept() -> None:
    subject = bucket(rule(expiration_days=30), rule(expiration_days=365))
    kept = Expectation(at=AT, retention=Retention(minimum=7))
    assert judge("rule-overlap", subject).severity is None
    assert judge("rule-overlap", subject, said=kept).severity is Severity.MEDIUM


def test_a_thousand_rules_are_told_apart_by_their_prefixes() -> None:
    """S3 takes a thousand; each is compared with those only of which the prefix begins its own."""
    asked: list[int] = []

    class Counted(LifecycleRule, frozen=True, kw_only=True):
        def __getattribute__(self, name: str) -> object:
            if name == "expiration_days":
                asked.append(1)
            return super().__getattribute__(name)

    some = [
        Counted(**{name: getattr(made, name) for name in made.__struct_fields__})
        for made in (rule(prefix=f"customer-{n:04}/", expiration_days=n + 1) for n in range(1000))
    ]
    found = judge("rule-overlap", bucket(*some, rule(expiration_days=500)))
    assert found.status is FAIL
    assert len(found.evidence) == 21
    assert "and 481 more" in [one.note for one in found.evidence]
    assert len(some) <= len(asked) < 3 * len(some)
