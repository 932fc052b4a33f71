"""A sample of objects, where somebody asked for one."""

import pytest

from s3audit.collectors.live.access import Access, forget
from s3audit.collectors.live.buckets import ListedBucket, collect_bucket
from s3audit.collectors.live.context.objects import MOST_OBJECTS, sample_objects
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read
from s3audit.collectors.live.unit import Unit, collect
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.estate import Unlisted
from s3audit.model.s3object import S3Object
from s3audit.setting import Unknown
from tests.live.context.scene import Scene, only, value, values, why

ASKED = Place(ACCOUNT, optional=frozenset({"objects"}))
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
ACL = {
    "Owner": {"ID": "me"},
    "Grants": [{"Grantee": {"Type": "Group", "URI": EVERYBODY}, "Permission": "READ"}],
}


def sampled(scene: Scene, name: str = "old", place: Place = ASKED) -> Read:
    listed = ListedBucket(name, REGION)
    bucket = collect_bucket(listed, place, scene.asker)
    assert bucket is not None
    return sample_objects(listed, bucket, place, scene.asker)


def told(scene: Scene, *keys: str) -> None:
    scene.world.bucket("old", is_old=True)
    contents = [{"Key": key, "StorageClass": "STANDARD"} for key in keys]
    scene.world.tell("s3:ListObjectsV2", {"Contents": contents, "IsTruncated": True}, {"Bucket": "old"})
    scene.world.tell("s3:GetObjectAcl", ACL)


def test_the_acl_of_an_object_is_read(scene: Scene) -> None:
    told(scene, "in/a b.txt")
    read = sampled(scene)
    found = only(read, S3Object)
    assert (found.address, found.title) == ("arn:aws:s3:::old/in/a b.txt", "in/a b.txt")
    assert values(found, "bucket", "key", "storage_class", "sampled", "region", "account") == {
        "bucket": "old",
        "key": "in/a b.txt",
        "storage_class": "STANDARD",
        "sampled": True,
        "region": REGION,
        "account": ACCOUNT,
    }
    (grant,) = value(found.acl.grants)
    assert values(grant, "type", "uri", "permission") == {
        "type": "Group",
        "uri": EVERYBODY,
        "permission": "READ",
    }
    assert (value(found.acl.owner), found.acl.grants.at.call) == ("me", "s3:GetObjectAcl")
    # A sample closes nothing, and what would take reading the object is not known.
    assert (read.listings, read.unlisted) == ((), ())
    assert isinstance(found.encryption, Unknown)
    assert isinstance(found.lock_mode, Unknown)


def test_no_object_is_read(scene: Scene) -> None:
    told(scene, "a")
    sampled(scene)
    assert not {"s3:GetObject", "s3:HeadObject"} & set(scene.world.requests)


def test_nothing_is_asked_unless_somebody_wants_it(scene: Scene) -> None:
    told(scene, "a")
    assert sampled(scene, place=Place(ACCOUNT)) == Read()
    assert scene.world.requests["s3:ListObjectsV2"] == 0


def test_where_acls_are_off_there_is_nothing_to_ask(scene: Scene) -> None:
    scene.world.bucket("new")
    assert sampled(scene, "new") == Read()
    assert scene.world.requests["s3:ListObjectsV2"] == 0


def test_where_it_is_not_known_whether_acls_are_on_it_is_asked(scene: Scene) -> None:
    told(scene, "a")
    scene.deny("s3:GetBucketOwnershipControls")
    assert len(sampled(scene).resources) == 1


def test_it_asks_for_one_page_of_few(scene: Scene) -> None:
    told(scene)
    keys = [f"k{n:03}" for n in range(3 * MOST_OBJECTS)]
    contents = {"Contents": [{"Key": key} for key in keys]}
    scene.world.tell("s3:ListObjectsV2", contents, page=1_000)
    assert [one.title for one in sampled(scene).resources] == keys[:MOST_OBJECTS]
    assert scene.world.requests["s3:ListObjectsV2"] == 1


def test_objects_that_can_not_be_listed_are_a_gap(scene: Scene) -> None:
    told(scene)
    scene.deny("s3:ListObjectsV2")
    said = "of old: s3:ListObjectsV2 was denied, it needs the permission s3:ListBucket"
    assert sampled(scene) == Read(unlisted=(Unlisted("object", ACCOUNT, REGION, said),))


def test_an_acl_that_is_denied_is_not_known(scene: Scene) -> None:
    told(scene, "a")
    scene.deny("s3:GetObjectAcl")
    found = only(sampled(scene), S3Object)
    assert why(found.acl.grants) == "s3:GetObjectAcl was denied, it needs the permission s3:GetObjectAcl"


def test_a_unit_of_buckets_takes_its_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as server:
        for name, told_as in server.environment().items():
            monkeypatch.setenv(name, told_as)
        server.world.bucket("old", is_old=True)
        server.world.bucket("new")
        server.world.tell("s3:ListObjectsV2", {"Contents": [{"Key": "a"}]}, {"Bucket": "old"})
        server.world.tell("s3:GetObjectAcl", ACL)
        buckets = tuple(ListedBucket(name, REGION) for name in ("new", "old"))
        unit = Unit(id="1", kind="buckets", place=ASKED, region=REGION, buckets=buckets)
        part = collect(unit, Access(options=ASKED.optional))
    forget()
    kinds = [(type(one).__name__, one.title) for one in part.resources]
    assert kinds == [("Bucket", "new"), ("Bucket", "old"), ("S3Object", "a")]
    assert ("s3:GetObjectAcl told", 1) in part.tally


@pytest.mark.parametrize("code", ["NoSuchKey", "NoSuchBucket"])
def test_an_object_that_is_gone_meanwhile_is_left_out(scene: Scene, code: str) -> None:
    told(scene, "a", "b")
    scene.world.refuse("s3:GetObjectAcl", code, status=404, when={"Key": "a"})
    assert [one.title for one in sampled(scene).resources] == ["b"]
