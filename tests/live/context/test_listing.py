"""Which buckets there are, of which type and where."""

from typing import Any

from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.listing import Buckets, list_buckets
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import other_document
from s3audit.demo.world import ACCOUNT, CREATED
from s3audit.model.estate import Listing, Unlisted
from tests.live.context.scene import PLACE, Scene

REGIONS = ("eu-west-1", "us-east-1")


def names(found: Buckets) -> list[tuple[str, str, str]]:
    return [(one.name, one.region, one.type) for one in found.buckets]


def test_buckets_of_both_types_come_with_their_regions(scene: Scene) -> None:
    scene.world.bucket("logs", "us-east-1")
    scene.world.bucket("data", "eu-west-1")
    scene.world.bucket("hot--use1-az4--x-s3", "us-east-1", is_directory=True)
    found = list_buckets(scene.asker, PLACE, REGIONS)
    assert found.buckets == (
        ListedBucket("data", "eu-west-1", CREATED, "general"),
        ListedBucket("hot--use1-az4--x-s3", "us-east-1", CREATED, "directory"),
        ListedBucket("logs", "us-east-1", CREATED, "general"),
    )
    assert found.listings == (
        Listing("bucket", ACCOUNT, ""),
        Listing("bucket", ACCOUNT, "eu-west-1"),
        Listing("bucket", ACCOUNT, "us-east-1"),
    )
    assert found.unlisted == ()
    calls = {"s3:ListBuckets": 1, "s3:ListDirectoryBuckets": 2}
    assert scene.world.requests == calls


def test_without_regions_those_of_the_account_are_asked(scene: Scene) -> None:
    scene.world.tell("account:ListRegions", {"Regions": [{"RegionName": "eu-north-1"}]})
    scene.world.bucket("hot--eun1-az1--x-s3", "eu-north-1", is_directory=True)
    found = list_buckets(scene.asker, PLACE)
    assert names(found) == [("hot--eun1-az1--x-s3", "eu-north-1", "directory")]


def test_without_the_regions_of_the_account_those_of_its_buckets_are_asked(scene: Scene) -> None:
    scene.deny("account:ListRegions")
    scene.deny("ec2:DescribeRegions")
    scene.world.bucket("data", "eu-west-1")
    found = list_buckets(scene.asker, PLACE)
    # Of directory buckets elsewhere nothing is claimed.
    assert found.listings == (Listing("bucket", ACCOUNT, ""), Listing("bucket", ACCOUNT, "eu-west-1"))
    assert [about for _, about, _ in scene.asker.unseen] == [f"{ACCOUNT}/us-east-1"] * 2


def test_all_pages_are_listed(scene: Scene) -> None:
    scene.world.tell("s3:ListBuckets", located(*(f"bucket-{number}" for number in range(5))), page=2)
    hot = located(*(f"hot-{number}--euw1-az1--x-s3" for number in range(5)))
    scene.world.tell("s3:ListDirectoryBuckets", hot, page=2)
    found = list_buckets(scene.asker, PLACE, ["eu-west-1"])
    assert [one.name for one in found.buckets] == [
        *(f"bucket-{number}" for number in range(5)),
        *(f"hot-{number}--euw1-az1--x-s3" for number in range(5)),
    ]
    assert scene.world.requests == {"s3:ListBuckets": 3, "s3:ListDirectoryBuckets": 3}


def test_a_denied_listing_closes_nothing(scene: Scene) -> None:
    scene.world.bucket("hot--euw1-az1--x-s3", is_directory=True)
    scene.deny("s3:ListBuckets")
    found = list_buckets(scene.asker, PLACE, ["eu-west-1"])
    assert names(found) == [("hot--euw1-az1--x-s3", "eu-west-1", "directory")]
    said = "s3:ListBuckets was denied, it needs the permission s3:ListAllMyBuckets"
    assert found.unlisted == (Unlisted("bucket", ACCOUNT, "", said),)
    assert found.listings == (Listing("bucket", ACCOUNT, "eu-west-1"),)


def test_directory_buckets_that_can_not_be_listed_are_a_gap_of_their_region(scene: Scene) -> None:
    scene.world.bucket("data")
    scene.deny("s3:ListDirectoryBuckets")
    found = list_buckets(scene.asker, PLACE, ["eu-west-1"])
    said = "s3:ListDirectoryBuckets was denied, it needs the permission s3express:ListAllMyDirectoryBuckets"
    assert found.unlisted == (Unlisted("bucket", ACCOUNT, "eu-west-1", said),)
    assert (names(found), found.listings) == (
        [("data", "eu-west-1", "general")],
        (Listing("bucket", ACCOUNT, ""),),
    )


def test_another_document_is_no_listing(scene: Scene) -> None:
    scene.world.bucket("data")
    scene.fail(other_document(), "s3:ListBuckets")
    found = list_buckets(scene.asker, PLACE, [])
    said = "s3:ListBuckets was answered with another document, ListBucketResult"
    assert (found.buckets, found.listings) == ((), ())
    assert found.unlisted == (Unlisted("bucket", ACCOUNT, "", said),)


def plain(*buckets: str) -> dict[str, Any]:
    """The listing of a store that does not say where its buckets are."""
    return {"Buckets": [{"Name": name, "CreationDate": CREATED} for name in buckets]}


def located(*buckets: str) -> dict[str, Any]:
    """The listing of one that does."""
    return {"Buckets": [one | {"BucketRegion": "eu-west-1"} for one in plain(*buckets)["Buckets"]]}


def test_only_what_has_no_region_is_looked_for(scene: Scene) -> None:
    for name, region in (("far", "us-east-1"), ("near", "eu-west-1")):
        scene.world.bucket(name, region)
    document = plain("far", "near")
    document["Buckets"][1]["BucketRegion"] = "eu-west-1"
    scene.world.tell("s3:ListBuckets", document)
    found = list_buckets(scene.asker, PLACE, [])
    assert names(found) == [("near", "eu-west-1", "general"), ("far", "us-east-1", "general")]
    assert [key for key in scene.world.requests_about if key[0] == "s3:HeadBucket"] == [
        ("s3:HeadBucket", "far")
    ]


def test_a_store_that_never_tells_a_region_is_asked_once(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        scene.world.bucket(name)
    scene.world.tell("s3:ListBuckets", plain("a", "b", "c"))
    scene.world.tell("s3:HeadBucket", {"AccessPointAlias": False})
    found = list_buckets(scene.asker, PLACE, [])
    assert names(found) == [("a", "", "general"), ("b", "", "general"), ("c", "", "general")]
    assert scene.world.requests["s3:HeadBucket"] == 1


def test_what_can_not_be_looked_for_is_still_listed(scene: Scene) -> None:
    scene.world.bucket("mine")
    scene.world.tell("s3:ListBuckets", plain("gone", "mine"))
    scene.deny("s3:HeadBucket")
    found = list_buckets(scene.asker, PLACE, [])
    assert names(found) == [("gone", "", "general"), ("mine", "", "general")]
    (_, about, answer) = scene.asker.unseen[0]
    assert (about, answer.why) == (
        "gone",
        "s3:HeadBucket was denied, it needs the permission s3:ListBucket",
    )


def test_what_is_gone_meanwhile_is_left_out(scene: Scene) -> None:
    scene.world.bucket("mine")
    scene.world.tell("s3:ListBuckets", plain("gone", "mine"))
    found = list_buckets(scene.asker, PLACE, [])
    assert names(found) == [("mine", "eu-west-1", "general")]


def test_a_store_without_accounts_has_no_directory_buckets(scene: Scene) -> None:
    scene.world.bucket("data")
    found = list_buckets(scene.asker, Place(""))
    assert names(found) == [("data", "eu-west-1", "general")]
    assert scene.world.requests == {"s3:ListBuckets": 1}
