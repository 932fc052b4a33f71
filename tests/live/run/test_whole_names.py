"""Buckets that are asked for by their whole name, where the credentials may not list any."""

import pytest

from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.model.bucket import Bucket
from s3audit.setting import Known
from tests.live.run.conftest import OTHER
from tests.live.run.seen import messages, names, see, wanted


@pytest.fixture
def unlisted(store: Server) -> Server:
    for name, region in (("app-eu", "eu-west-1"), ("app-us", "us-east-1"), ("logs", "eu-west-1")):
        store.world.bucket(name, region=region)
    store.world.bucket("theirs", region="eu-west-1", account=OTHER)
    store.world.faults.add(faults.denied(), "s3:ListBuckets")
    return store


def test_they_are_read_where_they_are(unlisted: Server) -> None:
    found = see(wanted(buckets=("app-eu", "app-us", "log*")))
    assert names(found) == ["app-eu", "app-us"]
    places = [one.region for one in found.estate.all(Bucket)]
    assert [str(one.value) for one in places if isinstance(one, Known)] == ["eu-west-1", "us-east-1"]
    assert any("s3:ListAllMyBuckets" in said for said in messages(found))


@pytest.mark.parametrize("name", ["nobodys", "theirs"])
def test_what_this_account_does_not_have_is_not_read(name: str, unlisted: Server) -> None:
    assert names(see(wanted(buckets=(name, "logs")))) == ["logs"]


def test_what_is_left_out_is_not_asked_about(unlisted: Server) -> None:
    assert names(see(wanted(buckets=("app-eu", "logs"), exclude=("app-*",)))) == ["logs"]
    assert ("s3:HeadBucket", "app-eu") not in unlisted.world.requests_about


def test_where_they_are_listed_nothing_else_is_asked(store: Server) -> None:
    store.world.bucket("app-eu", region="eu-west-1")
    assert names(see(wanted(buckets=("app-eu", "nobodys")))) == ["app-eu"]
    assert store.world.requests["s3:HeadBucket"] == 0
