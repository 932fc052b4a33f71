"""Names on the internet that lead to buckets, as a live account tells them; and websites."""

from typing import Any

import pytest

from s3audit.location import Location
from s3audit.model.acl import Acl
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution
from s3audit.model.dns import DnsRecord
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.expectation import Expectation
from s3audit.model.names import is_s3_host
from s3audit.model.website import RedirectAll, Website
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("here")
OWN = "111122223333"
WEBSITES = "s3-website-eu-west-1.amazonaws.com."
BUCKETS = (Listing("bucket", OWN, ""),)


@pytest.mark.parametrize(
    ("domain", "is_it"),
    [
        ("s3-website-us-east-1.amazonaws.com", True),
        ("s3-website.eu-central-1.amazonaws.com.", True),
        ("S3-Website.eu-central-1.amazonaws.com", True),
        ("www.example.com.s3-website-eu-west-1.amazonaws.com", True),
        ("www.example.com.s3.amazonaws.com", True),
        ("s3.eu-west-1.amazonaws.com", True),
        ("s3-eu-west-1.amazonaws.com", True),
        ("photos.s3.dualstack.eu-west-1.amazonaws.com", True),
        ("photos.s3.cn-north-1.amazonaws.com.cn", True),
        ("photos.s3.example.com", False),
        ("d111111abcdef8.cloudfront.net", False),
        ("bucket.vpce-1-abc.s3.eu-west-1.vpce.amazonaws.com", False),
        ("point-111122223333.s3-accesspoint.eu-west-1.amazonaws.com", False),
        ("abc.accesspoint.s3-global.amazonaws.com", False),
        ("shop-123.eu-west-1.elb.amazonaws.com", False),
        ("s3shop.execute-api.eu-west-1.amazonaws.com", False),
    ],
)
def test_hosts_that_serve_buckets(domain: str, is_it: bool) -> None:
    assert is_s3_host(text(domain)) is is_it


def test_a_bucket_that_is_gone() -> None:
    gone = bucket(is_declared=False, exists=Known(False, AT))
    found = judged("website-dns-dangling", record(), gone)
    assert (found.status, [one.note for one in found.evidence]) == (
        Status.FAIL,
        ["www.example.com leads to S3, and there is no bucket of that name"],
    )


def test_the_dot_at_the_end_of_a_name_is_none_of_the_bucket() -> None:
    assert judged("website-dns-dangling", record("www.example.com."), bucket()).status is Status.PASS


@pytest.mark.parametrize("exists", [Known(True, AT), Unknown("it was refused", AT)])
def test_a_bucket_of_somebody(exists: Setting[bool]) -> None:
    other = bucket(is_declared=False, exists=exists)
    assert judged("website-dns-dangling", record(), other).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("alias", "status"),
    [
        (text(Opaque("aws_s3_bucket_website_configuration.site.website_domain")), Status.FAIL),
        (text("s3-website-", Opaque("AWS::Region", given=True), ".amazonaws.com"), Status.FAIL),
        (text(Opaque("Cdn.DomainName")), Status.NOT_APPLICABLE),
        (text(Opaque("Target", given=True)), Status.UNKNOWN),
    ],
)
def test_targets_of_which_parts_are_known(alias: Text, status: Status) -> None:
    assert judged("website-dns-dangling", record("*.example.com", alias=Known(alias, AT))).status is status


def test_records_of_another_type_lead_nowhere() -> None:
    mail = record(
        type=Known("TXT", AT), alias=Unset(None, AT), values=Known((Known(text("s3.amazonaws.com"), AT),), AT)
    )
    assert judged("website-dns-dangling", mail).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        ({"listings": (Listing("distribution", OWN, ""),)}, Status.FAIL),
        ({"not_listed": (Unlisted("distribution", OWN, "", "denied"),)}, Status.UNKNOWN),
    ],
)
def test_in_an_account_it_is_known_whether_there_is_a_distribution(
    seen: dict[str, Any], status: Status
) -> None:
    site = bucket(website=Known(Website(at=AT, redirect_all=Unset(None, AT)), AT))
    assert judged("website-without-cdn", site, **seen).status is status


def test_what_only_sends_on_over_http_is_no_excuse() -> None:
    to = RedirectAll(at=AT, host=Known(text("example.com"), AT), protocol=Known("http", AT))
    site = bucket(website=Known(Website(at=AT, redirect_all=Known(to, AT)), AT))
    listings = (Listing("distribution", OWN, ""),)
    assert judged("website-without-cdn", site, listings=listings).status is Status.FAIL


@pytest.mark.parametrize(
    ("acl", "severity"),
    [
        (Acl(), Severity.MEDIUM),
        (Acl(canned=Unset(None, AT), grants=Unset((), AT)), Severity.LOW),
    ],
)
def test_a_website_is_as_grave_as_it_may_be_public(acl: Acl, severity: Severity) -> None:
    site = bucket(website=Known(Website(at=AT), AT), policy=Unset(None, AT), acl=acl)
    found = judged("website-hosting", site, said=())
    assert (found.status, found.severity) == (Status.FAIL, severity)


def record(name: str = "www.example.com", **more: object) -> DnsRecord:
    made: dict[str, object] = {
        "name": Known(text(name), AT),
        "type": Known("A", AT),
        "alias": Known(text(WEBSITES), AT),
        "values": Unset((), AT),
    }
    return DnsRecord(address=f"record/{name}", at=AT, origin="live", **{**made, **more})  # type: ignore[arg-type]


def bucket(**more: object) -> Bucket:
    made: dict[str, object] = {"name": Known(text("www.example.com"), AT), "account": Known(text(OWN), AT)}
    return Bucket(
        address="arn:aws:s3:::www.example.com",
        at=AT,
        origin="live",
        title="www.example.com",
        **{**made, **more},  # type: ignore[arg-type]
    )


def judged(
    check: str,
    resource: Resource,
    *others: Resource,
    said: tuple[Expectation, ...] = (Expectation(at=AT, roles=("website",)),),
    **seen: Any,
) -> Verdict:
    kinds = {"kinds": ("distribution",)} if any(isinstance(one, Distribution) for one in others) else {}
    estate = Estate([resource, *others], **(seen or {"listings": BUCKETS}), **kinds)  # type: ignore[arg-type]
    estate.expectations = said
    asked = CHECKS[check]
    return asked.judge(resource, estate) if asked.wants_estate else asked.judge(resource)
