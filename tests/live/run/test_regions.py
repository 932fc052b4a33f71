"""Regions that nobody tells, and buckets that went before their Region was known."""

import pytest

from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT
from s3audit.model.estate import Listing
from tests.live.run.seen import messages, names, only, see, wanted

HOT = "hot--euw1-az1--x-s3"
FAR = "far--use1-az4--x-s3"
UNKNOWN = f"{ACCOUNT}: partial: Which Regions are enabled is not known, so directory buckets were"
PLAIN = frozenset({"buckets"})
LISTS = ("account:ListRegions", "ec2:DescribeRegions")


@pytest.fixture
def untold(store: Server) -> Server:
    for call in LISTS:
        store.world.faults.add(faults.denied(), call)
    store.world.bucket(HOT, "eu-west-1", is_directory=True)
    store.world.bucket(FAR, "us-east-1", is_directory=True)
    return store


def test_directory_buckets_are_looked_for_where_the_other_buckets_are(untold: Server) -> None:
    untold.world.bucket("orders", region="eu-west-1")
    found = see(wanted(needs=PLAIN))
    assert sorted(names(found)) == [HOT, "orders"]
    assert only(messages(found), "directory buckets") == [
        f"{UNKNOWN} looked for only where other buckets are (eu-west-1), and in other Regions not."
    ]
    # The calls that were denied are said too, once each.
    for call in LISTS:
        assert len(only(messages(found), f"{call} was denied")) == 1
        assert untold.world.requests[call] == 1
    listings = {one for one in found.estate.listings if one.kind == "bucket"}
    assert listings == {Listing("bucket", ACCOUNT, ""), Listing("bucket", ACCOUNT, "eu-west-1")}


def test_without_other_buckets_in_none(untold: Server) -> None:
    found = see(wanted(needs=PLAIN))
    assert names(found) == []
    assert only(messages(found), "directory buckets") == [f"{UNKNOWN} not looked for in any."]


def test_those_that_are_named_need_no_list(untold: Server) -> None:
    found = see(wanted(needs=PLAIN, regions=("us-east-1",)))
    assert names(found) == [FAR]
    assert only(messages(found), "Regions") == []


def test_one_list_is_enough(untold: Server) -> None:
    untold.world.faults.clear()
    untold.world.faults.add(faults.denied(), "account:ListRegions")
    found = see(wanted(needs=PLAIN))
    assert names(found) == [HOT, FAR]
    assert only(messages(found), "directory buckets") == []


def without_regions(store: Server, *buckets: str) -> None:
    """A store that says of none where it is."""
    listed = [{"Name": name, "CreationDate": "2025-06-02T08:30:00Z"} for name in buckets]
    store.world.tell("s3:ListBuckets", {"Buckets": listed})


def test_a_bucket_that_went_before_its_region_was_known_is_counted(store: Server) -> None:
    for name in ("a", "b"):
        store.world.bucket(name)
    without_regions(store, "a", "b", "went-1", "went-2")
    store.world.faults.add(faults.gone(), "s3:GetBucketVersioning", about="b")
    found = see(wanted(needs=PLAIN))
    assert names(found) == ["a"]
    assert messages(found) == [
        f"{ACCOUNT}: empty: 3 buckets (b, went-1 and went-2) went while the scan was on."
    ]


def test_one_that_was_not_asked_for_is_not(store: Server) -> None:
    store.world.bucket("a")
    without_regions(store, "a", "went")
    found = see(wanted(needs=PLAIN, exclude=("went",)))
    assert messages(found) == []


def test_it_is_no_name_that_was_never_there(store: Server) -> None:
    store.world.bucket("a")
    without_regions(store, "a", "went")
    found = see(wanted(needs=PLAIN, buckets=("a", "went")))
    assert messages(found) == [f"{ACCOUNT}: empty: 1 bucket (went) went while the scan was on."]
