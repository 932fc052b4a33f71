"""The vaults of the older Glacier."""

import json

import pytest

from s3audit.collectors.live.context.vaults import VAULT_READER
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.base import Resource
from s3audit.model.estate import Listing
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, own, whose

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "glacier:*"}]}
TOPIC = "arn:aws:sns:eu-west-1:123456789012:jobs"
HERE = ("123456789012", "eu-west-1")


def arn(name: str) -> str:
    return f"arn:aws:glacier:eu-west-1:123456789012:vaults/{name}"


@pytest.fixture
def _told(server: Server) -> None:
    listed = [
        {"VaultARN": arn(name), "VaultName": name, "CreationDate": "2015-03-01T00:00:00.000Z"}
        for name in ("locked", "locking", "plain")
    ]
    server.world.tell("glacier:ListVaults", {"VaultList": listed}, page=2)
    locked = {"Policy": json.dumps(POLICY), "State": "Locked", "CreationDate": "2016-01-01T00:00:00.000Z"}
    server.world.tell("glacier:GetVaultLock", locked, {"vaultName": "locked"})
    locking = locked | {"State": "InProgress", "ExpirationDate": "2016-01-02T00:00:00.000Z"}
    server.world.tell("glacier:GetVaultLock", locking, {"vaultName": "locking"})
    access = {"policy": {"Policy": json.dumps(POLICY)}}
    server.world.tell("glacier:GetVaultAccessPolicy", access, {"vaultName": "locked"})
    told = {"vaultNotificationConfig": {"SNSTopic": TOPIC, "Events": ["ArchiveRetrievalCompleted"]}}
    server.world.tell("glacier:GetVaultNotifications", told, {"vaultName": "locked"})


def vaults(look: Look) -> tuple[Resource, ...]:
    found = look(VAULT_READER)
    assert found.listings == (Listing("vault", *HERE),)
    return found.resources


@pytest.mark.usefixtures("_told")
def test_every_setting_of_a_vault_is_told_with_its_call(server: Server, look: Look) -> None:
    locked, locking, bare = vaults(look)
    assert whose(locked) == (arn("locked"), *HERE)
    assert own(locked) == {
        "name": "locked",
        "policy": POLICY,
        "lock_policy": POLICY,
        "lock_state": "Locked",
        "lock_expires": None,
        "notification_topic": TOPIC,
        "created": "2015-03-01T00:00:00.000Z",
    }
    assert calls(locked) == {
        "name": "glacier:ListVaults",
        "created": "glacier:ListVaults",
        "policy": "glacier:GetVaultAccessPolicy",
        "lock_policy": "glacier:GetVaultLock",
        "lock_state": "glacier:GetVaultLock",
        "lock_expires": "glacier:GetVaultLock",
        "notification_topic": "glacier:GetVaultNotifications",
    }
    assert own(locking)["lock_state"] == "InProgress"
    assert own(locking)["lock_expires"] == "2016-01-02T00:00:00.000Z"
    assert own(bare) == {
        "name": "plain",
        "policy": None,
        "lock_policy": None,
        "lock_state": None,
        "lock_expires": None,
        "notification_topic": None,
        "created": "2015-03-01T00:00:00.000Z",
    }
    assert server.world.requests["glacier:ListVaults"] == 2


@pytest.mark.usefixtures("_told")
def test_a_lock_that_is_denied_is_unknown(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "glacier:GetVaultLock", about="plain")
    bare = own(vaults(look)[2])
    why = "? glacier:GetVaultLock was denied, it needs the permission glacier:GetVaultLock"
    assert bare["lock_policy"] == bare["lock_state"] == bare["lock_expires"] == why
    assert bare["policy"] is None


def test_an_account_that_is_no_customer_has_no_vaults(server: Server, look: Look) -> None:
    server.world.refuse("glacier:ListVaults", "NoLongerSupportedException")
    assert vaults(look) == ()
