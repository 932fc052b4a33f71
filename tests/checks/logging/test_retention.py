"""Which lifecycle rules are about the access logs of a bucket, and what they do to them."""

from typing import Any

import pytest

from s3audit.location import Location
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket, Logging
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, Transition
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Status
from tests.checks.examples import CHECKS

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
AT = Location("account", "logs")
GAP = Unknown("the call was denied", AT)
ACCOUNT = "111122223333"


def known(value: str) -> Setting[Text]:
    return Known(text(value), AT)


def bucket(name: str, **changed: object) -> Bucket:
    made = {
        "name": known(name),
        "title": name,
        "account": known(ACCOUNT),
        "region": known("eu-west-1"),
        "logging": Known(None, AT),
        "lifecycle": Known(None, AT),
        **changed,
    }
    return Bucket(address=name, at=AT, origin="live", **made)  # type: ignore[arg-type]


def logging(prefix: str, partitioned: bool = False) -> Setting[Logging | None]:
    made = Logging(at=AT, target=known("logs"), prefix=known(prefix), partitioned=Known(partitioned, AT))
    return Known(made, AT)


def rule(**changed: Any) -> LifecycleRule:
    made = {
        "status": Known("Enabled", AT),
        "prefix": Known(None, AT),
        "tags": Unset((), AT),
        "size_greater_than": Unset(None, AT),
        "size_less_than": Unset(None, AT),
        "expiration_days": Unset(None, AT),
        "expiration_date": Unset(None, AT),
        "transitions": Unset((), AT),
        **changed,
    }
    return LifecycleRule(at=AT, **made)


def below(prefix: str, days: int = 90) -> LifecycleRule:
    return rule(prefix=known(prefix), expiration_days=Known(days, AT))


def judge(rules: list[LifecycleRule], *senders: Setting[Logging | None]) -> Status:
    lifecycle = Lifecycle(at=AT, rules=Known(tuple(Known(one, AT) for one in rules), AT))
    target = bucket("logs", lifecycle=Known(lifecycle, AT))
    others = [bucket(f"sender-{index}", logging=sent) for index, sent in enumerate(senders)]
    status: Status = CHECKS["logging-target-retention"].judge(target, Estate([target, *others])).status
    return status


TAG = Known(Tag(key=known("Temporary"), value=known("yes")), AT)
COLD = Known(Transition(storage_class=Known("GLACIER", AT), days=Known(90, AT)), AT)


@pytest.mark.parametrize(
    ("one", "status"),
    [
        (below(""), PASS),
        (below("orders/"), PASS),
        (below("ord"), PASS),
        (below("orders/2"), PASS),
        (below("orders/2031-"), OPEN),
        (below("orders/access/"), FAIL),
        (below("invoices/"), FAIL),
        (rule(), FAIL),
        (rule(expiration_date=Known(text("2030-01-01"), AT)), PASS),
        (rule(transitions=Known((COLD,), AT)), PASS),
        (rule(expiration_days=Known(90, AT), tags=Known((TAG,), AT)), FAIL),
        (rule(expiration_days=Known(90, AT), size_greater_than=Known(1_000_000, AT)), FAIL),
        (rule(expiration_days=Known(90, AT), size_greater_than=Known(0, AT)), PASS),
        (rule(expiration_days=Known(90, AT), prefix=GAP), OPEN),
        (rule(expiration_days=GAP), OPEN),
        (rule(expiration_days=Known(90, AT), status=Known("Disabled", AT)), NONE),
        (rule(abort_multipart_days=Known(7, AT)), FAIL),
    ],
)
def test_what_one_rule_does(one: LifecycleRule, status: Status) -> None:
    assert judge([one], logging("orders/")) is status


def test_each_sender_needs_a_rule() -> None:
    both = [logging("orders/"), logging("invoices/")]
    assert judge([below("orders/")], *both) is FAIL
    assert judge([below("orders/"), below("invoices/")], *both) is PASS
    assert judge([below("orders/"), below("")], *both) is PASS


@pytest.mark.parametrize(
    ("prefix", "status"),
    [
        (f"access/{ACCOUNT}/eu-west-1/sender-0/", PASS),
        (f"access/{ACCOUNT}/", PASS),
        ("access/444455556666/", FAIL),
        (f"access/{ACCOUNT}/eu-west-1/sender-1/", FAIL),
    ],
)
def test_a_rule_for_what_partitioned_keys_begin_with(prefix: str, status: Status) -> None:
    assert judge([below(prefix)], logging("access/", partitioned=True)) is status


def test_a_sender_that_is_not_sure_leaves_it_open() -> None:
    assert judge([below("orders/")], logging("orders/"), GAP) is OPEN
    assert judge([below("")], logging("orders/"), GAP) is PASS
    assert judge([below("")]) is NONE
