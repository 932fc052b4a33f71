"""KMS keys and aliases."""

import json
from datetime import UTC, datetime

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.keys import KEY_READERS
from s3audit.collectors.live.named import read_named
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.base import Resource
from s3audit.model.estate import Listing
from tests.live.neighbours.conftest import REGION, Look
from tests.live.neighbours.seen import calls, only, own, plain, whose

KEY = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1"
PRIMARY = "arn:aws:kms:us-east-1:123456789012:key/mrk-1"
FOREIGN = "arn:aws:kms:eu-west-1:999999999999:key/theirs"
ALIAS = "arn:aws:kms:eu-west-1:123456789012:alias/shop"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*"}]}
META = {
    "AWSAccountId": "123456789012",
    "KeyId": "mrk-1",
    "Arn": KEY,
    "CreationDate": datetime(2025, 1, 2, tzinfo=UTC),
    "Enabled": False,
    "KeyUsage": "ENCRYPT_DECRYPT",
    "KeyState": "PendingReplicaDeletion",
    "DeletionDate": datetime(2025, 6, 2, 8, 30, tzinfo=UTC),
    "Origin": "EXTERNAL",
    "KeyManager": "CUSTOMER",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
    "MultiRegion": True,
    "MultiRegionConfiguration": {
        "MultiRegionKeyType": "REPLICA",
        "PrimaryKey": {"Arn": PRIMARY, "Region": "us-east-1"},
        "ReplicaKeys": [{"Arn": KEY, "Region": "eu-west-1"}],
    },
    "PendingDeletionWindowInDays": 7,
}


@pytest.fixture
def _told(server: Server) -> None:
    server.world.tell("kms:DescribeKey", {"KeyMetadata": META}, {"KeyId": KEY})
    server.world.tell("kms:DescribeKey", {"KeyMetadata": META}, {"KeyId": ALIAS})
    server.world.tell("kms:GetKeyPolicy", {"Policy": json.dumps(POLICY)}, {"KeyId": KEY})
    server.world.tell(
        "kms:GetKeyRotationStatus", {"KeyRotationEnabled": True, "RotationPeriodInDays": 180}, {"KeyId": KEY}
    )


def key(asker: Asker, place: Place, arn: str = KEY) -> Resource:
    return only(read_named(asker, place, REGION, [("kms-key", arn)]).resources)


@pytest.mark.usefixtures("_told")
def test_every_setting_of_a_key_is_told_with_its_call(asker: Asker, place: Place) -> None:
    found = key(asker, place)
    assert whose(found) == (KEY, "123456789012", "eu-west-1")
    assert plain(found.exists) is True
    assert found.title == "mrk-1"
    assert own(found) == {
        "id": "mrk-1",
        "policy": POLICY,
        "enabled": False,
        "state": "PendingReplicaDeletion",
        "manager": "CUSTOMER",
        "rotation": True,
        "rotation_days": 180,
        "spec": "SYMMETRIC_DEFAULT",
        "usage": "ENCRYPT_DECRYPT",
        "key_origin": "EXTERNAL",
        "multi_region": True,
        "primary": PRIMARY,
        "pending_window_days": 7,
        "deletion_date": "2025-06-02T08:30:00Z",
    }
    told = calls(found)
    assert told["policy"] == "kms:GetKeyPolicy"
    assert told["rotation"] == told["rotation_days"] == "kms:GetKeyRotationStatus"
    assert set(told.values()) == {"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"}


@pytest.mark.usefixtures("_told")
def test_an_alias_and_its_key_are_one_key(server: Server, asker: Asker, place: Place) -> None:
    found = read_named(asker, place, REGION, [("kms-key", KEY), ("kms-key", ALIAS)])
    assert [one.address for one in found.resources] == [KEY]
    assert server.world.requests["kms:DescribeKey"] == 2


def test_an_alias_of_another_account_is_told_with_its_key(server: Server, asker: Asker, place: Place) -> None:
    alias = "arn:aws:kms:eu-west-1:999999999999:alias/theirs"
    meta = META | {"Arn": FOREIGN, "KeyId": "theirs"}
    server.world.tell("kms:DescribeKey", {"KeyMetadata": meta}, {"KeyId": alias})
    server.world.faults.add(denied(), "kms:GetKey*")
    named, made = read_named(asker, place, REGION, [("kms-key", alias)]).resources
    assert (whose(named), own(named)) == (
        (alias, "999999999999", "eu-west-1"),
        {"name": "alias/theirs", "key": FOREIGN},
    )
    assert whose(made) == (FOREIGN, "999999999999", "eu-west-1")
    assert own(made)["policy"] == "? kms:GetKeyPolicy was denied, it needs the permission kms:GetKeyPolicy"


@pytest.mark.usefixtures("_told")
def test_the_primary_of_a_primary_is_none(server: Server, asker: Asker, place: Place) -> None:
    of_primary = {"MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Arn": KEY, "Region": "eu-west-1"}}
    meta = {**META, "MultiRegionConfiguration": of_primary}
    server.world.tell("kms:DescribeKey", {"KeyMetadata": meta}, {"KeyId": KEY})
    assert own(key(asker, place))["primary"] is None


@pytest.mark.usefixtures("_told")
def test_a_key_that_can_not_rotate_does_not(server: Server, asker: Asker, place: Place) -> None:
    server.world.refuse("kms:GetKeyRotationStatus", "UnsupportedOperationException", when={"KeyId": KEY})
    found = own(key(asker, place))
    assert (found["rotation"], found["rotation_days"]) == (False, None)


def test_a_key_that_is_not_there_is_known_not_to_be(server: Server, asker: Asker, place: Place) -> None:
    server.world.refuse("kms:DescribeKey", "NotFoundException")
    found = key(asker, place)
    assert plain(found.exists) is False
    assert found.exists.at.call == "kms:DescribeKey"
    assert whose(found) == (KEY, "123456789012", "eu-west-1")
    assert server.world.requests["kms:GetKeyPolicy"] == 0


def test_of_a_key_that_nobody_may_look_at_nothing_is_known(
    server: Server, asker: Asker, place: Place
) -> None:
    server.world.faults.add(denied("resource"), "kms:*")
    found = key(asker, place, FOREIGN)
    why = "an explicit deny in a resource-based policy forbids"
    assert plain(found.exists) == f"? kms:DescribeKey was denied, {why} kms:DescribeKey"
    assert whose(found) == (FOREIGN, "999999999999", "eu-west-1")
    assert own(found)["enabled"] == f"? kms:DescribeKey was denied, {why} kms:DescribeKey"
    assert own(found)["rotation"] == f"? kms:GetKeyRotationStatus was denied, {why} kms:GetKeyRotationStatus"
    assert all(text.startswith("? kms:") for text in own(found).values())


def test_of_an_alias_that_nobody_may_look_at_no_more_is_asked(
    server: Server, asker: Asker, place: Place
) -> None:
    server.world.faults.add(denied(), "kms:*")
    found = key(asker, place, ALIAS)
    assert own(found)["policy"] == "? kms:DescribeKey was denied, it needs the permission kms:DescribeKey"
    assert server.world.requests["kms:GetKeyPolicy"] == 0


def test_aliases_come_in_pages(server: Server, look: Look) -> None:
    names = [f"alias/{number}" for number in range(3)]
    listed = [
        {
            "AliasName": name,
            "AliasArn": f"arn:aws:kms:eu-west-1:123456789012:{name}",
            "TargetKeyId": "mrk-1",
        }
        for name in names
    ]
    server.world.tell("kms:ListAliases", {"Aliases": listed}, page=2)
    found = look(KEY_READERS[0])
    assert [own(one) for one in found.resources] == [{"name": name, "key": "mrk-1"} for name in names]
    assert calls(found.resources[0]) == {"name": "kms:ListAliases", "key": "kms:ListAliases"}
    assert found.listings == (Listing("kms-alias", "123456789012", "eu-west-1"),)
    assert server.world.requests["kms:ListAliases"] == 2
