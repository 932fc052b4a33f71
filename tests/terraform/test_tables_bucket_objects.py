"""Objects, and the account."""

import pytest

from s3audit.collectors.terraform.tables import shape_for
from tests.terraform.covering import unread
from tests.terraform.filling import filled, plain, told, unwritten

EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"
BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")

OBJECT = {
    "bucket": "b",
    "key": "k.txt",
    "acl": "public-read",
    "server_side_encryption": "aws:kms:dsse",
    "kms_key_id": "k",
    "bucket_key_enabled": True,
    "storage_class": "ONEZONE_IA",
    "object_lock_mode": "GOVERNANCE",
    "object_lock_retain_until_date": "2030-01-01T00:00:00Z",
    "object_lock_legal_hold_status": "ON",
    "website_redirect": "https://example.com",
    "force_destroy": True,
    "lifecycle": [{"prevent_destroy": True}],
    "tags": {"a": "b"},
}
OBJECT_SAYS = {
    "bucket": "b",
    "key": "k.txt",
    "acl": {"canned": "public-read"},
    "encryption": "aws:kms:dsse",
    "kms_key": "k",
    "bucket_key": True,
    "storage_class": "ONEZONE_IA",
    "lock_mode": "GOVERNANCE",
    "lock_until": "2030-01-01T00:00:00Z",
    "legal_hold": "ON",
    "redirect": "https://example.com",
    "removal": {"force_destroy": True, "prevent_destroy": True},
    "tags": [{"key": "a", "value": "b"}],
}


@pytest.mark.parametrize("name", ["aws_s3_object", "aws_s3_bucket_object"])
def test_an_object(name: str) -> None:
    made = filled(name, OBJECT)
    assert told(made) == OBJECT_SAYS
    assert unread(shape_for(name), made) == []


def test_a_copy_of_an_object() -> None:
    grant = {"type": "AmazonCustomerByEmail", "email": "a@b.c", "permissions": ["READ", "WRITE_ACP"]}
    other = {"type": "Group", "uri": EVERYONE, "permissions": ["READ"]}
    user = {"type": "CanonicalUser", "id": "c", "permissions": ["FULL_CONTROL"]}
    made = filled("aws_s3_object_copy", OBJECT | {"source": "a/b", "grant": [grant, other, user]})
    by_email = {"type": "AmazonCustomerByEmail", "email": "a@b.c"}
    grants = [
        by_email | {"permission": "READ"},
        by_email | {"permission": "WRITE_ACP"},
        {"type": "Group", "uri": EVERYONE, "permission": "READ"},
        {"type": "CanonicalUser", "id": "c", "permission": "FULL_CONTROL"},
    ]
    assert told(made) == OBJECT_SAYS | {"acl": {"canned": "public-read", "grants": grants}}
    assert unread(shape_for("aws_s3_object_copy"), made) == []


@pytest.mark.parametrize(
    ("arguments", "encryption"),
    [
        ({}, None),
        ({"server_side_encryption": "", "kms_key_id": ""}, None),
        ({"server_side_encryption": "AES256"}, "AES256"),
        ({"kms_key_id": "k"}, "aws:kms"),
        ({"server_side_encryption": "", "kms_key_id": "k"}, "aws:kms"),
    ],
)
def test_a_key_asks_for_kms(arguments: dict[str, str], encryption: str | None) -> None:
    assert plain(filled("aws_s3_object", arguments).encryption) == encryption


def test_an_object_that_says_nothing() -> None:
    made = filled("aws_s3_object", {"bucket": "b", "key": "k"})
    assert unwritten(made) == {
        "acl": {"canned": "private", "grants": [], "owner": None, "owner_display_name": None},
        "encryption": None,
        "kms_key": None,
        "bucket_key": None,
        "storage_class": None,
        "lock_mode": None,
        "lock_until": None,
        "legal_hold": None,
        "redirect": None,
        "sampled": False,
        "removal": {
            "force_destroy": False,
            "deletion_policy": "Delete",
            "update_replace_policy": "Delete",
            "prevent_destroy": False,
        },
        "tags": [],
    }


def test_the_account() -> None:
    name = "aws_s3_account_public_access_block"
    made = filled(name, {"account_id": "111122223333", **dict.fromkeys(BLOCKS, True)})
    assert told(made) == {"account": "111122223333", "public_access_block": dict.fromkeys(BLOCKS, True)}
    assert unread(shape_for(name), made) == []
    assert unwritten(filled(name, {})) == {
        "public_access_block": {**dict.fromkeys(BLOCKS, False), "by_organization": None}
    }
