"""Which resources an entry of the configuration is about, and what several entries say together."""

from typing import Any

import pytest

from s3audit import intent
from s3audit.location import NOWHERE, Location
from s3audit.model.access_point import AccessPoint
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Matcher, TagMatch, Trust
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, text
from s3audit.verdict import Status

AT = Location("infra/prod/main.yaml", "Resources.Orders", 3, 5)
ENV = Opaque("Env", given=True)
MADE_UP = Opaque("Orders", resource="Resources.Orders", generated=True)


def bucket(**more: Any) -> Bucket:
    given: dict[str, Any] = {"at": AT, "address": "Resources.Orders", "title": "Orders"}
    return Bucket(**{**given, "name": Known(text("shop-orders"), AT), **more})


def tag(key: Any, value: Any) -> Known[Tag]:
    return Known(Tag(key=Known(text(key), AT), value=Known(text(value), AT)), AT)


def tagged(*tags: Known[Tag] | Unknown) -> Bucket:
    return bucket(tags=Known(tags, AT))


PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN
LEDGER = Matcher(tags=(TagMatch("Purpose", "rec*"),))


@pytest.mark.parametrize(
    ("match", "resource", "expected"),
    [
        (Matcher(), bucket(), PASS),
        (Matcher(), AccessPoint(at=AT, address="a"), FAIL),
        (Matcher(kinds=("access-point",)), AccessPoint(at=AT, address="a"), PASS),
        (Matcher(kinds=("access-point",)), bucket(), FAIL),
        (Matcher(names=("shop-*",)), bucket(), PASS),
        (Matcher(names=("logs", "*-orders")), bucket(), PASS),
        (Matcher(names=("Shop-*",)), bucket(), FAIL),
        (Matcher(names=("Orders",)), bucket(), PASS),
        (Matcher(names=("Resources.Ord*",)), bucket(), PASS),
        (Matcher(names=("shop-prod",)), bucket(name=Known(text("shop-", ENV), AT)), UNKNOWN),
        (Matcher(names=("shop-*",)), bucket(name=Known(text("shop-", ENV), AT)), PASS),
        (Matcher(names=("logs-*",)), bucket(name=Known(text("shop-", ENV), AT)), FAIL),
        (Matcher(names=("shop-*",)), bucket(name=Known(text(MADE_UP), AT)), FAIL),
        (Matcher(names=("Orders",)), bucket(name=Known(text(MADE_UP), AT)), PASS),
        (Matcher(names=("shop-*",)), bucket(name=Unknown("why", AT)), UNKNOWN),
        (Matcher(accounts=("111122223333",)), bucket(account=Known(text("111122223333"), AT)), PASS),
        (Matcher(accounts=("111122223333",)), bucket(account=Known(text("444455556666"), AT)), FAIL),
        (Matcher(accounts=("111122223333",)), bucket(account=Unknown("no", AT)), UNKNOWN),
        (Matcher(regions=("eu-*",)), bucket(region=Known(text("eu-west-1"), AT)), PASS),
        (Matcher(paths=("infra/prod",)), bucket(), PASS),
        (Matcher(paths=("./infra/*/main.yaml",)), bucket(), PASS),
        (Matcher(paths=("infra/pro",)), bucket(), FAIL),
        (LEDGER, tagged(tag("Purpose", "records")), PASS),
        (LEDGER, tagged(tag("Purpose", "logs"), tag("Other", "records")), FAIL),
        (LEDGER, tagged(tag("purpose", "records")), FAIL),
        (LEDGER, tagged(Unknown("why", AT)), UNKNOWN),
        (LEDGER, tagged(Unknown("why", AT), tag("Purpose", "records")), PASS),
        (LEDGER, bucket(tags=Unknown("denied", AT)), UNKNOWN),
        (LEDGER, bucket(tags=Unset((), AT)), FAIL),
        (Matcher(names=("shop-*",), paths=("elsewhere",)), bucket(), FAIL),
        (Matcher(names=("logs",), tags=LEDGER.tags), bucket(tags=Unknown("denied", AT)), FAIL),
    ],
)
def test_which_resources_are_meant(match: Matcher, resource: Any, expected: Status) -> None:
    assert intent.is_about(match, resource).status is expected


def entry(line: int, names: str = "*", **more: Any) -> Expectation:
    return Expectation(
        at=Location(".s3audit.toml", line=line, column=1), match=Matcher(names=(names,)), **more
    )


def estate(*entries: Expectation) -> Estate:
    made = Estate()
    made.expectations = entries
    return made


def test_the_last_entry_counts() -> None:
    there = estate(entry(1, public=True), entry(5, public=False), entry(9, "logs", public=True))
    assert intent.said(bucket(), there, lambda one: one.public) == Known(False, there.expectations[1].at)
    assert intent.said(bucket(), there, lambda one: one.versioned) == Unset(None, NOWHERE)
    assert intent.said(bucket(), estate(), lambda one: one.public) == Unset(None, NOWHERE)


def test_an_entry_that_may_be_about_it_leaves_it_open() -> None:
    partly = bucket(name=Known(text("shop-", ENV), AT))
    there = estate(entry(1, public=True), entry(5, "shop-prod", public=False))
    assert intent.said(partly, there, lambda one: one.public) == Unknown(
        "whether the entry at .s3audit.toml:5:1 is about Orders", there.expectations[1].at
    )
    later = estate(there.expectations[1], entry(9, public=True))
    assert intent.said(partly, later, lambda one: one.public) == Known(True, later.expectations[1].at)
    told = estate(entry(1, roles=("worm",)), entry(5, "shop-prod", roles=("website",)))
    assert intent.is_for(partly, told, "worm").status is PASS
    assert intent.is_for(partly, told, "website").status is UNKNOWN


def test_lists_are_joined() -> None:
    there = estate(
        entry(1, trust=Trust(accounts=("111122223333",))),
        entry(5, trust=Trust(accounts=("444455556666",))),
        entry(9, trust=Trust(organizations=("o-1",))),
    )
    found = intent.listed(bucket(), there, lambda one: one.trust.accounts)
    assert found == Known(frozenset({"111122223333", "444455556666"}), there.expectations[1].at)
    assert intent.listed(bucket(), there, lambda one: one.trust.vpcs) == Unset(None, NOWHERE)
    nobody = estate(entry(1, trust=Trust(accounts=())))
    assert intent.listed(bucket(), nobody, lambda one: one.trust.accounts) == Known(
        frozenset(), nobody.expectations[0].at
    )


def test_what_it_is_for_and_what_it_holds_is_said_with_the_place() -> None:
    there = estate(entry(4, roles=("website", "worm"), data=("confidential",)))
    found = intent.is_for(bucket(), there, "records", "worm")
    assert found.status is PASS
    assert [(e.at.line, e.note) for e in found.evidence] == [(4, "it is said to be for worm")]
    assert intent.is_for(bucket(), there, "records").status is FAIL
    assert [e.note for e in intent.holds(bucket(), there, "confidential").evidence] == [
        "it is said to hold confidential"
    ]
    assert intent.holds(bucket(), estate(), "confidential").status is FAIL
