"""KMS keys, replicas, aliases."""

import json

import pytest

from s3audit.model.key import KmsKey
from tests.terraform.filling import filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}


def test_a_key() -> None:
    key = filled(
        "aws_kms_key",
        {
            "policy": json.dumps(POLICY),
            "is_enabled": False,
            "enable_key_rotation": True,
            "rotation_period_in_days": 180,
            "customer_master_key_spec": "RSA_2048",
            "key_usage": "SIGN_VERIFY",
            "multi_region": True,
            "deletion_window_in_days": 7,
            "tags": {"a": "b"},
        },
    )
    assert told(key) == {
        "policy": POLICY,
        "enabled": False,
        "manager": "CUSTOMER",
        "rotation": True,
        "rotation_days": 180,
        "spec": "RSA_2048",
        "usage": "SIGN_VERIFY",
        "key_origin": "AWS_KMS",
        "multi_region": True,
        "pending_window_days": 7,
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_key_that_does_not_rotate_has_no_period_in_a_state() -> None:
    assert plain(filled("aws_kms_key", {"rotation_period_in_days": 0}).rotation_days) is None


def test_a_key_that_says_nothing() -> None:
    assert unwritten(filled("aws_kms_key", {"policy": ""})) == {
        "policy": None,
        "enabled": True,
        "rotation": False,
        "rotation_days": None,
        "spec": "SYMMETRIC_DEFAULT",
        "usage": "ENCRYPT_DECRYPT",
        "multi_region": False,
        "primary": None,
        "pending_window_days": None,
        "tags": [],
    }


@pytest.mark.parametrize(
    ("arguments", "origin"),
    [
        ({}, "AWS_KMS"),
        ({"custom_key_store_id": None, "xks_key_id": None}, "AWS_KMS"),
        ({"custom_key_store_id": ""}, "AWS_KMS"),
        ({"custom_key_store_id": "cks-1"}, "AWS_CLOUDHSM or EXTERNAL_KEY_STORE"),
        ({"custom_key_store_id": "cks-1", "xks_key_id": "k"}, "AWS_CLOUDHSM or EXTERNAL_KEY_STORE"),
    ],
)
def test_where_the_material_of_a_key_comes_from(arguments: dict[str, str], origin: str) -> None:
    assert plain(filled("aws_kms_key", arguments).key_origin) == origin


def test_a_key_of_imported_material() -> None:
    key = filled(
        "aws_kms_external_key",
        {
            "policy": json.dumps(POLICY),
            "enabled": True,
            "key_spec": "HMAC_256",
            "key_usage": "GENERATE_VERIFY_MAC",
            "multi_region": False,
            "deletion_window_in_days": 30,
            "tags": {"a": "b"},
        },
    )
    assert told(key) == {
        "policy": POLICY,
        "enabled": True,
        "manager": "CUSTOMER",
        "spec": "HMAC_256",
        "usage": "GENERATE_VERIFY_MAC",
        "key_origin": "EXTERNAL",
        "multi_region": False,
        "pending_window_days": 30,
        "tags": [{"key": "a", "value": "b"}],
    }
    assert plain(key.rotation) is False


@pytest.mark.parametrize(
    ("type_name", "more"),
    [("aws_kms_replica_key", {}), ("aws_kms_replica_external_key", {"key_origin": "EXTERNAL"})],
)
def test_a_replica(type_name: str, more: dict[str, str]) -> None:
    primary = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"
    arguments = {
        "policy": json.dumps(POLICY),
        "enabled": False,
        "primary_key_arn": primary,
        "deletion_window_in_days": 14,
        "tags": {"a": "b"},
    }
    assert told(filled(type_name, arguments)) == {
        "policy": POLICY,
        "enabled": False,
        "manager": "CUSTOMER",
        "multi_region": True,
        "primary": primary,
        "pending_window_days": 14,
        "tags": [{"key": "a", "value": "b"}],
        **more,
    }


def test_a_policy_beside_its_key_and_an_alias() -> None:
    policy = filled("aws_kms_key_policy", {"key_id": "1234", "policy": json.dumps(POLICY)})
    assert told(policy) == {
        "kind": "kms-key",
        "field": "policy",
        "targets": ["1234"],
        "value": POLICY,
    }
    alias = filled("aws_kms_alias", {"name": "alias/data", "target_key_id": "1234"})
    assert told(alias) == {"name": "alias/data", "key": "1234"}


def test_whose_a_policy_is_that_names_an_id_is_not_known() -> None:
    (key,) = joined(KmsKey, ("aws_kms_key", {}), ("aws_kms_key_policy", {"key_id": "1234", "policy": "{}"}))
    assert plain(key.policy) == "(unknown)"
