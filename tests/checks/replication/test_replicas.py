"""Who is copied to whom: what no single template shows, and what is known when something else is not."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from msgspec.structs import replace

from s3audit.location import Location
from s3audit.model.base import Resource, Tag
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, Listing, Unlisted, Unread
from s3audit.model.received import receives_replicas
from s3audit.model.replicas import share_objects, takes_all
from s3audit.model.replication import (
    Replication,
    ReplicationDestination,
    ReplicationFilter,
    ReplicationRule,
)
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

R = TypeVar("R", bound=Resource)
AT = Location("account")
GAP = Unknown("the call was denied", AT)
OWN, OTHER = "111122223333", "444455556666"
EVERYWHERE = Listing("bucket", "", "")
MINE = Listing("bucket", OWN, "")
PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Status


def known(value: str | Text) -> Known[Text]:
    return Known(text(value) if isinstance(value, str) else value, AT)


NONE: Setting[Text | None] = Unset(None, AT)


def rule(
    to: Setting[Text] | str,
    on: str | Unknown = "Enabled",
    account: Setting[Text | None] = NONE,
    **more: object,
) -> ReplicationRule:
    """One of the older form, unless a filter is given."""
    target = known(f"arn:aws:s3:::{to}") if isinstance(to, str) else to
    unset: Setting[str | None] = Unset(None, AT)
    destination = ReplicationDestination(at=AT, bucket=target, account=account, replication_time=unset)
    given = {"prefix": unset, "filter": unset, "priority": unset, **more}
    status = on if isinstance(on, Unknown) else Known(on, AT)
    return ReplicationRule(at=AT, status=status, destination=destination, **given)  # type: ignore[arg-type]


def bucket(name: str, *rules: ReplicationRule | Unknown, **more: object) -> Bucket:
    made = tuple(one if isinstance(one, Unknown) else Known(one, AT) for one in rules)
    replication: Setting[Replication | None] = Unset(None, AT)
    if made:
        replication = Known(Replication(at=AT, rules=Known(made, AT)), AT)
    given = {"replication": replication, "account": known(OWN), "region": known("eu-west-1"), **more}
    return Bucket(address=name, at=Location(name), title=name, name=known(name), **given)  # type: ignore[arg-type]


def judge(check: str, subject: Bucket, *others: Bucket, listings: Sequence[Listing] = ()) -> Verdict:
    return CHECKS[f"replication-{check}"].judge(subject, Estate([subject, *others], listings=listings))


# The destination


@pytest.mark.parametrize(
    ("copy", "listings", "status"),
    [
        (bucket("copy"), (), PASS),
        (bucket("another"), (EVERYWHERE,), FAIL),
        (bucket("another"), (MINE,), UNKNOWN),
        (bucket("copy", exists=Known(False, AT), is_declared=False), (MINE,), FAIL),
        (bucket("copy", exists=GAP, is_declared=False), (MINE,), UNKNOWN),
    ],
)
def test_a_destination_that_is_not_there(copy: Bucket, listings: Sequence[Listing], status: Status) -> None:
    verdict = judge("destination-exists", bucket("orders", rule("copy")), copy, listings=listings)
    assert (verdict.status, verdict.severity) == (status, None)


@pytest.mark.parametrize(
    ("owner", "named", "status", "severity"),
    [
        (known(OTHER), known(OTHER), PASS, None),
        (known(OTHER), Unset(None, AT), PASS, None),
        (known(OTHER), known(OWN), FAIL, Severity.CRITICAL),
        (GAP, known(OTHER), UNKNOWN, None),
        (GAP, Unset(None, AT), PASS, None),
        (known(OTHER), GAP, UNKNOWN, None),
    ],
)
def test_the_owner_of_a_destination(
    owner: Setting[Text], named: Setting[Text | None], status: Status, severity: Severity | None
) -> None:
    source = bucket("orders", rule("copy", account=named))
    verdict = judge("destination-exists", source, bucket("copy", account=owner))
    assert (verdict.status, verdict.severity) == (status, severity)


# What rules take


def filtered(prefix: str | Text | None = None, **tags: str | Text) -> Known[ReplicationFilter]:
    made = tuple(Known(Tag(at=AT, key=known(key), value=known(value)), AT) for key, value in tags.items())
    start: Setting[Text | None] = Known(known(prefix).value, AT) if prefix is not None else NONE
    return Known(ReplicationFilter(at=AT, prefix=start, tags=Known(made, AT)), AT)


OPEN = text(Opaque("Prefix"))


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        (filtered(), filtered("a/"), PASS),
        (filtered(""), filtered("a/"), PASS),
        (filtered("a/"), filtered("a/b/"), PASS),
        (filtered("a/"), filtered("b/"), FAIL),
        (filtered(OPEN), filtered("b/"), UNKNOWN),
        (filtered(OPEN), filtered(OPEN), PASS),
        (filtered(text("a/", Opaque("Prefix"))), filtered("b/"), FAIL),
        (filtered(text("a/", Opaque("Prefix"))), filtered("a/b/"), UNKNOWN),
        (filtered("a/", keep="yes"), filtered("a/", keep="no"), FAIL),
        (filtered("a/", keep="yes"), filtered("a/", keep=OPEN), UNKNOWN),
        (filtered("a/", keep="yes"), filtered("a/", other="no"), PASS),
        (filtered(keep="yes"), filtered("b/"), PASS),
        (GAP, filtered("a/"), UNKNOWN),
        (GAP, filtered(), UNKNOWN),
    ],
)
def test_whether_two_rules_share_an_object(
    one: Setting[ReplicationFilter], other: Setting[ReplicationFilter], status: Status
) -> None:
    left, right = rule("copy", filter=one), rule("copy", filter=other)
    assert share_objects(left, right).status is status
    assert share_objects(right, left).status is status


def test_the_prefix_of_the_older_form_counts_too() -> None:
    assert share_objects(rule("copy", prefix=known("a/")), rule("copy", filter=filtered("b/"))).status is FAIL
    assert takes_all(rule("copy", prefix=known("a/"))).status is FAIL
    assert takes_all(rule("copy", prefix=known(""))).status is PASS
    assert takes_all(rule("copy", filter=filtered(OPEN, keep="yes"))).status is FAIL


# Who is copied here


def received(subject: Bucket, *others: Bucket, **estate: object) -> Status:
    return receives_replicas(subject, Estate([subject, *others], **estate)).status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (bucket("orders", rule("copy")), PASS),
        (bucket("orders", rule("copy", "Disabled")), FAIL),
        (bucket("orders", rule("copy", GAP)), UNKNOWN),
        (bucket("orders", rule("copy"), exists=GAP), UNKNOWN),
        (bucket("orders", rule("another")), FAIL),
        (bucket("orders", rule(GAP)), UNKNOWN),
        (bucket("orders", rule(GAP, "Disabled")), FAIL),
        (bucket("orders", rule(known(text("arn:aws:s3:::", Opaque("Copy"))))), UNKNOWN),
        (bucket("orders", GAP), UNKNOWN),
        (bucket("orders", replication=GAP), UNKNOWN),
        (bucket("orders", replication=GAP, is_declared=False), FAIL),
    ],
)
def test_a_bucket_that_another_one_is_copied_to(source: Bucket, status: Status) -> None:
    assert received(bucket("copy"), source) is status


def test_a_bucket_is_no_destination_of_its_own() -> None:
    assert received(bucket("copy", rule("copy"))) is FAIL


def test_one_that_was_not_read_may_be_copied_here_from_any_region() -> None:
    copy = bucket("copy")
    assert received(copy, listings=[MINE]) is FAIL
    assert received(copy, listings=[MINE], not_read=[Unread("far", OWN, "us-east-1", "denied")]) is UNKNOWN
    assert received(copy, listings=[MINE], not_read=[Unread("far", OTHER, "us-east-1", "denied")]) is FAIL
    assert received(copy, not_listed=[Unlisted("bucket", OWN, "", "denied")]) is UNKNOWN


class Counted(Estate):
    """How often all of a kind were looked at."""

    looks = 0

    def all(self, kind: type[R]) -> Sequence[R]:
        self.looks += 1
        return super().all(kind)


def test_many_sources_are_looked_at_once() -> None:
    many = [bucket(f"orders-{number}", rule("copy")) for number in range(50)]
    copy = bucket("copy")
    estate = Counted([copy, *many])
    assert receives_replicas(copy, estate).status is PASS
    assert {receives_replicas(one, estate).status for one in many} == {FAIL}
    assert estate.looks == 1


# Chains, as long as they are


def chained(*rules: tuple[str, str]) -> list[Status]:
    """What is said of each bucket, in the order of their names."""
    names = sorted({name for pair in rules for name in pair})
    made = [bucket(name, *(rule(to) for source, to in rules if source == name)) for name in names]
    estate = Estate(made)
    return [CHECKS["replication-chain"].judge(one, estate).status for one in made]


def test_of_a_long_chain_each_link_is_told_of_the_next() -> None:
    assert chained(("a", "b"), ("b", "c"), ("c", "d")) == [FAIL, FAIL, NOT_APPLICABLE, NOT_APPLICABLE]


def test_a_direct_rule_is_needed_to_each_further_bucket() -> None:
    whole = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]
    assert chained(*whole) == [PASS, PASS, NOT_APPLICABLE, NOT_APPLICABLE]
    assert chained(*(one for one in whole if one != ("a", "d"))) == [
        FAIL,
        PASS,
        NOT_APPLICABLE,
        NOT_APPLICABLE,
    ]


def test_what_comes_back_is_no_chain() -> None:
    assert chained(("a", "b"), ("b", "a")) == [NOT_APPLICABLE] * 2
    assert chained(("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")) == [PASS] * 4


def test_a_ring_with_a_link_that_is_not_known_is_left_open() -> None:
    a, b = bucket("a", rule("b")), bucket("b", rule("c"))
    closing = bucket("c", rule("a"))
    assert judge("chain", a, b, closing).status is PASS
    assert judge("chain", a, b, bucket("c", rule("a", GAP))).status is UNKNOWN
    assert judge("chain", a, b, bucket("c", replication=GAP)).status is UNKNOWN
    assert judge("chain", a, b, bucket("c", rule("a", "Disabled"))).status is FAIL


def test_a_chain_goes_to_buckets_that_nobody_declares() -> None:
    a, b = bucket("a", rule("b"), rule("c", "Disabled")), bucket("b", rule("c"))
    assert judge("chain", a, b).status is UNKNOWN  # it may lead back from there
    assert judge("chain", bucket("a", rule("b"), rule("c")), b).status is UNKNOWN
    first = replace(a.replication.value.rules.value[0].value, destination=rule("b").destination)  # type: ignore[union-attr]
    assert judge("chain", bucket("a", first), bucket("b")).status is NOT_APPLICABLE
