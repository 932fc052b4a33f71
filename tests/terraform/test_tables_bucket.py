"""Buckets, before anything that stands inside or beside them is joined."""

import json

from s3audit.collectors.terraform.tables import shape_for
from s3audit.model.bucket import Bucket
from tests.terraform.covering import unread
from tests.terraform.filling import filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}


def test_a_bucket() -> None:
    bucket = filled(
        "aws_s3_bucket",
        {
            "bucket": "b",
            "region": "eu-west-1",
            "bucket_prefix": "b-",
            "bucket_namespace": "account-regional",
            "force_destroy": True,
            "lifecycle": [{"prevent_destroy": True}],
            "object_lock_enabled": True,
            "tags": {"team": "blue"},
        },
    )
    assert told(bucket) == {
        "type": "general",
        "region": "eu-west-1",
        "name": "b",
        "name_prefix": "b-",
        "namespace": "account-regional",
        "object_lock": {"enabled": True, "at_creation": True},
        "removal": {"force_destroy": True, "prevent_destroy": True},
        "tags": [{"key": "team", "value": "blue"}],
    }
    assert unread(shape_for("aws_s3_bucket"), bucket) == []


BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
NEW = {
    "versioning": {"status": "Unversioned", "mfa_delete": "Disabled"},
    "encryption": {"algorithm": "AES256", "kms_key": None, "bucket_key": False, "blocked_types": ["SSE-C"]},
    "public_access_block": dict.fromkeys(BLOCKS, True),
    "ownership": {"object_ownership": "BucketOwnerEnforced"},
    "acl": {"canned": "private", "grants": [], "owner": None, "owner_display_name": None},
    "object_lock": {
        "enabled": False,
        "at_creation": False,
        "mode": None,
        "days": None,
        "years": None,
        "event_hold_days": None,
        "event_hold_years": None,
    },
    "acceleration": {"status": None},
    "request_payment": {"payer": "BucketOwner"},
    "abac": {"status": "Disabled"},
    "removal": {
        "force_destroy": False,
        "deletion_policy": "Delete",
        "update_replace_policy": "Delete",
        "prevent_destroy": False,
    },
    "logging": None,
    "cors": None,
    "lifecycle": None,
    "replication": None,
    "website": None,
    "notification": None,
    "metadata": None,
    "metadata_v1": None,
    "policy": None,
    "analytics": [],
    "inventory": [],
    "metrics": [],
    "intelligent_tiering": [],
}


def test_a_bucket_that_says_nothing_but_its_name() -> None:
    bucket = filled("aws_s3_bucket", {"bucket": "b", "bucket_prefix": "", "tags": None, "tags_all": {}})
    assert told(bucket) == {"type": "general", "name": "b", "tags": []}
    assert unwritten(bucket) == NEW | {"name_prefix": None, "namespace": "global"}


def test_tags_with_those_of_the_provider_go_before_the_written_ones() -> None:
    arguments = {"tags": {"a": "b"}, "tags_all": {"a": "b", "owner": "ops"}}
    assert plain(filled("aws_s3_bucket", arguments).tags) == [
        {"key": "a", "value": "b"},
        {"key": "owner", "value": "ops"},
    ]


def test_a_directory_bucket() -> None:
    bucket = filled(
        "aws_s3_directory_bucket",
        {
            "bucket": "b--euw1-az1--x-s3",
            "region": "eu-west-1",
            "location": [{"name": "euw1-az1", "type": "LocalZone"}],
            "data_redundancy": "SingleLocalZone",
            "type": "Directory",
            "force_destroy": True,
            "lifecycle": {"prevent_destroy": "false"},
            "tags": {"team": "blue"},
        },
    )
    assert told(bucket) == {
        "type": "directory",
        "region": "eu-west-1",
        "name": "b--euw1-az1--x-s3",
        "location_name": "euw1-az1",
        "location_type": "LocalZone",
        "data_redundancy": "SingleLocalZone",
        "encryption": {"bucket_key": True, "blocked_types": []},
        "public_access_block": dict.fromkeys(BLOCKS, True),
        "ownership": {"object_ownership": "BucketOwnerEnforced"},
        "removal": {"force_destroy": True, "prevent_destroy": False},
        "tags": [{"key": "team", "value": "blue"}],
    }
    assert unread(shape_for("aws_s3_directory_bucket"), bucket) == []


def test_a_directory_bucket_is_in_an_availability_zone() -> None:
    bucket = filled("aws_s3_directory_bucket", {"bucket": "b", "location": [{"name": "euw1-az1"}]})
    assert plain(bucket.location_type) == "AvailabilityZone"
    assert unwritten(bucket)["encryption"] == {"algorithm": "AES256", "kms_key": None}


def test_what_stands_beside_a_directory_bucket_leaves_what_it_always_is() -> None:
    encryption = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}
    (bucket,) = joined(
        Bucket,
        ("aws_s3_directory_bucket", {"bucket": "b", "location": [{"name": "euw1-az1"}]}),
        ("aws_s3_bucket_server_side_encryption_configuration", {"bucket": "b", "rule": [encryption]}),
    )
    assert told(bucket.encryption) == {"algorithm": "aws:kms", "bucket_key": True, "blocked_types": []}


def test_a_bucket_on_outposts() -> None:
    arn = "arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-1/bucket/b"
    bucket, *others = joined(
        Bucket,
        ("aws_s3control_bucket", {"bucket": "b", "outpost_id": "op-1", "tags": {"team": "blue"}}),
        ("aws_s3control_bucket_policy", {"bucket": arn, "policy": json.dumps(POLICY)}),
        ("aws_s3control_bucket_lifecycle_configuration", {"bucket": arn, "rule": [{"id": "one"}]}),
    )
    assert others == []
    assert bucket.type == "outposts"
    assert (plain(bucket.name), plain(bucket.outpost), plain(bucket.policy)) == ("b", "op-1", POLICY)
    assert plain(bucket.tags) == [{"key": "team", "value": "blue"}]
    assert plain(bucket.lifecycle) == {"rules": [{"id": "one"}]}
    assert told(bucket.public_access_block) == dict.fromkeys(BLOCKS, True)
    assert told(bucket.ownership) == {"object_ownership": "BucketOwnerEnforced"}
    assert unwritten(bucket.removal) == NEW["removal"]
