"""Names at the edges of what S3 takes, wholly known and in parts."""

import pytest

from s3audit.config import ConfigError, parsed
from s3audit.location import Location
from s3audit.model.access_point import AccessPoint
from s3audit.model.base import Resource
from s3audit.model.bucket import Acceleration, Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.table_bucket import TableBucket
from s3audit.model.vector_bucket import VectorBucket
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("here", "name")
ACCOUNT, REGION = Opaque("AWS::AccountId", given=True), Opaque("AWS::Region", given=True)
ENV = Opaque("Env", given=True)
MADE_UP = Opaque("Orders", resource="Resources.Orders", generated=True)
COMMON: Setting[str] = Unset("global", AT)
OWN: Setting[str] = Known("account-regional", AT)


NOWHERE: Setting[Text | None] = Unset(None, AT)


def directory(name: str) -> Bucket:
    return Bucket(address="b", at=AT, type="directory", name=Known(text(name), AT), location_name=NOWHERE)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("abc", Status.PASS),
        ("ab", Status.FAIL),
        ("a" * 63, Status.PASS),
        ("a" * 64, Status.FAIL),
        ("", Status.FAIL),
        ("a.b-c.9", Status.PASS),
        ("a..b", Status.FAIL),
        ("-abc", Status.FAIL),
        ("abc.", Status.FAIL),
        (".abc", Status.FAIL),
        ("a b", Status.FAIL),
        ("äbc", Status.FAIL),
        ("abc\n", Status.FAIL),
        ("192.168.5.4", Status.FAIL),
        ("192.168.5.a", Status.PASS),
        ("xn--shop", Status.FAIL),
        ("xn-shop", Status.PASS),
        ("sthree-shop", Status.FAIL),
        ("amzn-s3-demo-shop", Status.FAIL),
        ("shop-s3alias", Status.FAIL),
        ("shop--ol-s3", Status.FAIL),
        ("shop.mrap", Status.FAIL),
        ("shop--x-s3", Status.FAIL),
        ("shop--table-s3", Status.FAIL),
        ("shop-an", Status.FAIL),
        ("shop-plan", Status.PASS),
        ("shopan", Status.PASS),
    ],
)
def test_whole_names(name: str, status: Status) -> None:
    assert valid(text(name)).status is status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (text("shop-", ENV), Status.UNKNOWN),
        (text("Shop-", ENV), Status.FAIL),
        (text(ENV, "_shop"), Status.FAIL),
        (text(ENV, "-shop-"), Status.FAIL),
        (text(ENV, "-s3alias"), Status.FAIL),
        (text("xn--", ENV), Status.FAIL),
        (text("a" * 60, ENV, "bcde"), Status.FAIL),
        (text("shop-", ACCOUNT), Status.PASS),
        (text(ACCOUNT, "-shop"), Status.PASS),
        (text("-", ACCOUNT), Status.FAIL),
        (text("a" * 50, ACCOUNT), Status.PASS),
        (text("a" * 52, ACCOUNT), Status.FAIL),
        # Names of Regions are of several lengths.
        (text("a" * 50, REGION), Status.UNKNOWN),
        (text(REGION, ENV), Status.UNKNOWN),
        (text(MADE_UP), Status.NOT_APPLICABLE),
    ],
)
def test_names_of_which_parts_are_known(name: Text, status: Status) -> None:
    assert valid(name).status is status


@pytest.mark.parametrize(
    ("name", "namespace", "status"),
    [
        (text("shop-111122223333-eu-west-1-an"), OWN, Status.PASS),
        (text("shop-111122223333-eu-west-1-an"), COMMON, Status.FAIL),
        (text("shop-111122223333-us-gov-west-1-an"), OWN, Status.PASS),
        (text("shop-", ACCOUNT, "-", REGION, "-an"), OWN, Status.PASS),
        (text("shop-", ACCOUNT, "-an"), OWN, Status.FAIL),
        (text("shop-11112222333-eu-west-1-an"), OWN, Status.FAIL),
        (text("shop-", ENV, "-an"), OWN, Status.UNKNOWN),
        (text("shop-", ENV, "-an"), COMMON, Status.FAIL),
        (text("shop-", ENV), OWN, Status.UNKNOWN),
        (text(ENV, "-shop"), OWN, Status.FAIL),
        (text("shop"), Unknown("nobody tells", AT), Status.UNKNOWN),
        (text("Shop"), Unknown("nobody tells", AT), Status.FAIL),
    ],
)
def test_names_of_the_namespaces(name: Text, namespace: Setting[str], status: Status) -> None:
    assert valid(name, namespace=namespace).status is status


def test_the_beginning_of_a_name_that_is_made_up() -> None:
    name = text("xn--shop-", MADE_UP)
    found = valid(name, name_prefix=Known(text("xn--shop-"), AT))
    assert (found.status, found.evidence[0].note) == (
        Status.FAIL,
        "the name begins with xn--, which is kept for other things",
    )
    assert valid(text("s-", MADE_UP), name_prefix=Known(text("s-"), AT)).status is Status.PASS
    assert valid(name, name_prefix=Unknown("nobody tells", AT)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        (directory("a--usw2-az1--x-s3"), Status.PASS),
        (directory("a--usw2-lax1-az1--x-s3"), Status.PASS),
        (directory("a.b--usw2-az1--x-s3"), Status.FAIL),
        (directory("--usw2-az1--x-s3"), Status.FAIL),
        (directory("a---usw2-az1--x-s3"), Status.FAIL),
        (Bucket(address="b", at=AT, name=Known(text("Shop"), AT)), Status.NOT_APPLICABLE),
        (AccessPoint(address="p", at=AT, name=Known(text("a" * 50), AT)), Status.PASS),
        (AccessPoint(address="p", at=AT, name=Known(text("a" * 51), AT)), Status.FAIL),
        (AccessPoint(address="p", at=AT, name=Known(text("a.b"), AT)), Status.FAIL),
        (AccessPoint(address="p", at=AT, type="directory", name=Known(text("abc"), AT)), Status.FAIL),
        (
            AccessPoint(address="p", at=AT, type="directory", name=Known(text("abc--usw2-az1--xa-s3"), AT)),
            Status.PASS,
        ),
        (
            AccessPoint(address="p", at=AT, type="directory", name=Known(text("ab--usw2-az1--xa-s3"), AT)),
            Status.FAIL,
        ),
        (TableBucket(address="t", at=AT, name=Known(text("aws"), AT)), Status.FAIL),
        (TableBucket(address="t", at=AT, name=Known(text("my-aws--table-s3"), AT)), Status.FAIL),
        (VectorBucket(address="v", at=AT, name=Known(text("aws-s3alias"), AT)), Status.PASS),
        (VectorBucket(address="v", at=AT, name=Known(text("Vectors"), AT)), Status.FAIL),
    ],
)
def test_names_of_the_other_kinds(resource: Resource, status: Status) -> None:
    assert judged("naming-directory", resource).status is status


@pytest.mark.parametrize("origin", ["cloudformation", "terraform"])
def test_of_an_access_point_of_terraform_it_has_to_be_known_of_what_it_is(origin: str) -> None:
    """CloudFormation has a type of its own for those of directory buckets."""
    point = AccessPoint(
        address="p", at=AT, origin=origin, name=Known(text("shop"), AT), bucket=Known(text(ENV), AT)
    )
    wanted = Status.UNKNOWN if origin == "terraform" else Status.PASS
    assert judged("naming-directory", point).status is wanted


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("card-4111111111111111", True),
        ("card-4111111111111112", False),
        ("card-41111111111111111", False),
        ("amex-378282246310005", True),
        ("backup-20260102030405", False),
        ("orders-111122223333", False),
        ("akiaiosfodnn7example", True),
        ("xakiaiosfodnn7example", False),
        ("akiaiosfodnn7examplex", False),
        ("jane-at-gmail.com", True),
        ("mail.gmail.com", False),
    ],
)
def test_what_looks_like_a_secret(name: str, told: bool) -> None:
    found = judged("naming-sensitive", bucket(text(name)))
    assert found.status is (Status.FAIL if told else Status.PASS)


def test_what_the_configuration_forbids_is_looked_for_in_names_that_are_made_up() -> None:
    said = Expectation(at=AT, forbidden_names=("acme", "^stack-"))
    of_acme = bucket(text(Opaque("AcmeOrders", resource="Resources.Orders", generated=True)))
    assert judged("naming-sensitive", of_acme, said).status is Status.FAIL
    assert judged("naming-sensitive", of_acme).status is Status.PASS


def test_a_pattern_that_is_none_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"forbidden_names takes regular expressions, and '\(' is none"):
        parsed(b'[[expect]]\nforbidden_names = "("\n', "s.toml")


def test_dots_of_an_accelerated_bucket_are_told_once() -> None:
    fast = bucket(text("a.b"), acceleration=Acceleration(status=Known("Enabled", AT)))
    assert judged("naming-dots", fast).status is Status.NOT_APPLICABLE
    assert judged("naming-acceleration-dots", fast).status is Status.FAIL


def test_a_region_without_the_namespace() -> None:
    said = Expectation(at=AT, account_regional_name=True)
    here = bucket(text("shop"), region=Known(text("me-south-1"), AT))
    assert judged("naming-account-regional", here, said).status is Status.NOT_APPLICABLE
    there = bucket(text("shop"), region=Known(text("eu-west-1"), AT))
    assert judged("naming-account-regional", there, said).status is Status.FAIL


def valid(name: Text, **more: object) -> Verdict:
    return judged("naming-valid", bucket(name, **more))


def bucket(name: Text, **more: object) -> Bucket:
    made: dict[str, object] = {
        "name": Known(name, AT),
        "name_prefix": Unset(None, AT),
        "namespace": COMMON,
        "website": Unset(None, AT),
        "acceleration": Acceleration(status=Unset(None, AT)),
    }
    return Bucket(address="Resources.Orders", at=AT, origin="cloudformation", **{**made, **more})  # type: ignore[arg-type]


def judged(check: str, resource: Resource, *said: Expectation) -> Verdict:
    estate = Estate([resource])
    estate.expectations = said
    asked = CHECKS[check]
    return asked.judge(resource, estate) if asked.wants_estate else asked.judge(resource)


def test_a_prefix_tells_as_much_as_a_name() -> None:
    said = Expectation(at=AT, forbidden_names=("acme",))
    own = Opaque("Orders", resource="Resources.Orders")
    assert judged("naming-sensitive", bucket(text("acme-", own)), said).status is Status.FAIL
    assert judged("naming-sensitive", bucket(text("shop-", own)), said).status is Status.PASS
    # The whole name is one that the input does not tell.
    assert judged("naming-sensitive", bucket(text(own)), said).status is Status.UNKNOWN
