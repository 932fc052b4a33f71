"""What no template can say of log targets: what a live account lists, grants in force, many that log to one."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.location import Location
from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Logging, ObjectLock, Ownership
from s3audit.model.estate import Estate, Listing
from s3audit.model.log_keys import meet, starts
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
AT = Location("account", "orders")
GAP = Unknown("the call was denied", AT)
ACCOUNT = "111122223333"
GROUP = "http://acs.amazonaws.com/groups/s3/LogDelivery"
LISTED = [Listing("bucket", ACCOUNT, "")]


def known(value: str) -> Setting[Text]:
    return Known(text(value), AT)


def to(target: str, prefix: str = "", *, partitioned: bool = False) -> Setting[Logging | None]:
    made = Logging(
        at=AT,
        target=known(target),
        prefix=Known(text(prefix), AT),
        grants=Unset((), AT),
        partitioned=Known(partitioned, AT),
    )
    return Known(made, AT)


def bucket(name: str = "orders", **changed: object) -> Bucket:
    made = {
        "origin": "live",
        "title": name,
        "name": known(name),
        "account": known(ACCOUNT),
        "region": known("eu-west-1"),
        "policy": Known(None, AT),
        "logging": to("logs") if name == "orders" else Known(None, AT),
        **changed,
    }
    return Bucket(address=name, at=AT, **made)  # type: ignore[arg-type]


def judge(check: str, *resources: Resource, listings: Sequence[Listing] = ()) -> Verdict:
    return CHECKS[check].judge(resources[0], Estate(resources, listings=listings))


def elsewhere(**changed: object) -> Bucket:
    """A bucket of which HeadBucket was asked."""
    return bucket("logs", is_declared=False, **{"account": GAP, **changed})


@pytest.mark.parametrize(
    ("exists", "status"), [(Known(True, AT), PASS), (Known(False, AT), FAIL), (GAP, OPEN)]
)
def test_a_bucket_that_a_live_account_asks_for(exists: Setting[bool], status: Status) -> None:
    found = judge("logging-target-exists", bucket(), elsewhere(exists=exists), listings=LISTED)
    assert found.status is status


def test_a_bucket_that_nobody_has() -> None:
    everywhere = [Listing("bucket", "", "")]
    found = judge("logging-target-exists", bucket(), listings=everywhere)
    assert [e.note for e in found.evidence] == ["orders logs to logs, and there is no such bucket"]


@pytest.mark.parametrize(
    ("target", "listings", "status"),
    [
        (bucket("logs"), (), PASS),
        (bucket("logs", region=known("us-east-1")), (), FAIL),
        (bucket("logs", account=known("444455556666")), (), FAIL),
        (elsewhere(), (), OPEN),
        (elsewhere(), LISTED, FAIL),
        (elsewhere(region=known("us-east-1")), (), FAIL),
        (elsewhere(region=GAP), (), OPEN),
    ],
)
def test_where_the_target_is(target: Bucket, listings: Sequence[Listing], status: Status) -> None:
    assert judge("logging-target-region-account", bucket(), target, listings=listings).status is status


def test_a_bucket_of_another_account_is_none_of_those_that_are_listed() -> None:
    found = judge("logging-target-region-account", bucket(), elsewhere(), listings=LISTED)
    assert "logs is none of the buckets of the account" in [e.note for e in found.evidence]


@pytest.mark.parametrize(
    ("lock", "severity"),
    [
        (ObjectLock(enabled=Known(True, AT), days=Known(1, AT), years=Known(None, AT)), Severity.HIGH),
        (ObjectLock(enabled=Known(True, AT), days=Known(None, AT), years=Known(7, AT)), Severity.HIGH),
        (ObjectLock(enabled=Known(True, AT), days=Known(None, AT), years=Known(None, AT)), Severity.MEDIUM),
        (ObjectLock(enabled=Known(True, AT), days=GAP, years=GAP), Severity.MEDIUM),
    ],
)
def test_a_lock_with_a_default_retention_is_worse(lock: ObjectLock, severity: Severity) -> None:
    found = judge("logging-target-object-lock", bucket(), bucket("logs", object_lock=lock))
    assert (found.status, found.severity) == (FAIL, severity)


def acl(*permissions: str, group: str = GROUP) -> Acl:
    grants = tuple(
        Known(Grant(at=AT, uri=Known(text(group), AT), permission=Known(one, AT)), AT) for one in permissions
    )
    return Acl(canned=Known(None, AT), grants=Known(grants, AT))


@pytest.mark.parametrize(
    ("ownership", "given_to", "status"),
    [
        ("ObjectWriter", acl("WRITE", "READ_ACP"), PASS),
        ("BucketOwnerPreferred", acl("FULL_CONTROL"), PASS),
        ("ObjectWriter", acl("WRITE"), FAIL),
        ("ObjectWriter", acl("READ_ACP"), FAIL),
        (
            "ObjectWriter",
            acl("WRITE", "READ_ACP", group="http://acs.amazonaws.com/groups/global/AllUsers"),
            FAIL,
        ),
        ("BucketOwnerEnforced", acl("WRITE", "READ_ACP"), FAIL),
        ("ObjectWriter", Acl(canned=Known(None, AT), grants=GAP), OPEN),
        ("BucketOwnerEnforced", Acl(canned=Known(None, AT), grants=GAP), FAIL),
    ],
)
def test_the_log_delivery_group_in_the_acl(ownership: str, given_to: Acl, status: Status) -> None:
    target = bucket("logs", ownership=Ownership(object_ownership=Known(ownership, AT)), acl=given_to)
    assert judge("logging-target-permission", bucket(), target).status is status


# Which prefixes meet

X, Y = Opaque("X"), Opaque("Y")
ONE, TWO = (Opaque(name, resource=f"Resources.{name}", generated=True) for name in ("One", "Two"))


@pytest.mark.parametrize(
    ("one", "other", "begins", "meets"),
    [
        (text(""), text("a/"), PASS, PASS),
        (text("a/"), text(""), FAIL, PASS),
        (text("a/"), text("a/"), PASS, PASS),
        (text("a"), text("ab/"), PASS, PASS),
        (text("a/"), text("b/"), FAIL, FAIL),
        (text("a/"), text("ab/"), FAIL, FAIL),
        (text(X), text("a/"), OPEN, OPEN),
        (text("a/", X), text("b/"), FAIL, FAIL),
        (text("a/", X), text("a/"), OPEN, PASS),
        (text(X, "/a/"), text(X, "/b/"), FAIL, FAIL),
        (text(X, "/a/"), text(X, "/a/b"), PASS, PASS),
        (text(X), text(X, "/a"), PASS, PASS),
        (text(X, "/"), text(Y, "/"), OPEN, OPEN),
        (text(ONE, "/"), text(TWO, "/"), FAIL, FAIL),
        (text(ONE), text(TWO), OPEN, OPEN),
        (text(ONE, "/a"), text("company-logs/"), FAIL, FAIL),
    ],
    ids=str,
)
def test_prefixes_that_are_partly_known(one: Text, other: Text, begins: Status, meets: Status) -> None:
    assert starts(one, other) is begins
    assert meet(one, other) is meet(other, one) is meets


LOGGERS = st.lists(
    st.tuples(
        st.sampled_from(["logs", "attic"]),
        st.text(st.sampled_from("ab/"), max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(loggers=LOGGERS)
def test_prefixes_are_compared_as_if_each_were_with_each(loggers: list[tuple[str, str, bool]]) -> None:
    made = [
        bucket(f"b{index}", logging=to(target, prefix, partitioned=partitioned))
        for index, (target, prefix, partitioned) in enumerate(loggers)
    ]
    estate = Estate([*made, bucket("logs"), bucket("attic")])
    for index, (target, prefix, partitioned) in enumerate(loggers):
        shared = any(
            place != index
            and target == there
            and (prefix.startswith(other) or other.startswith(prefix))
            and not (partitioned and also)
            for place, (there, other, also) in enumerate(loggers)
        )
        found = CHECKS["logging-target-prefix-unique"].judge(made[index], estate)
        assert found.status is (FAIL if shared else PASS)


@pytest.mark.parametrize(
    ("other", "status"),
    [
        (bucket("other", logging=to("logs", "orders/")), FAIL),
        (bucket("other", logging=to("logs", "orders/"), exists=GAP), OPEN),
        (bucket("other", logging=GAP), OPEN),
        (bucket("other", logging=GAP, is_declared=False), PASS),
        (bucket("other", logging=to("attic", "orders/")), PASS),
        (bucket("other", logging=to("logs", "invoices/")), PASS),
    ],
)
def test_another_bucket_that_may_log_there(other: Bucket, status: Status) -> None:
    own = bucket(logging=to("logs", "orders/"))
    assert judge("logging-target-prefix-unique", own, other, bucket("logs")).status is status


def test_what_a_live_scan_has_not_seen_may_log_there() -> None:
    own, logs = bucket(logging=to("logs", "orders/")), bucket("logs")
    asked_for_nothing = [Listing("trail", ACCOUNT, "eu-west-1")]
    assert judge("logging-target-prefix-unique", own, logs, listings=asked_for_nothing).status is OPEN
    assert judge("logging-target-prefix-unique", own, logs, listings=LISTED).status is PASS
