"""Vaults and their locks, AWS Backup, and the services that watch."""

import json

import pytest

from s3audit.model.vault import Vault
from s3audit.model.watch import Detector
from tests.terraform.filling import UNKNOWN, filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "glacier:DeleteArchive"}]}
WRITTEN = json.dumps(POLICY)


def test_a_vault_with_its_lock() -> None:
    (vault,) = joined(
        Vault,
        (
            "aws_glacier_vault",
            {
                "name": "records",
                "access_policy": WRITTEN,
                "notification": [{"sns_topic": "arn:topic", "events": ["ArchiveRetrievalCompleted"]}],
                "tags": {"a": "b"},
            },
        ),
        (
            "aws_glacier_vault_lock",
            {"vault_name": "records", "policy": WRITTEN, "complete_lock": True},
        ),
    )
    assert told(vault) == {
        "name": "records",
        "policy": POLICY,
        "lock_policy": POLICY,
        "lock_state": "Locked",
        "notification_topic": "arn:topic",
        "tags": [{"key": "a", "value": "b"}],
    }


@pytest.mark.parametrize("written", [{"complete_lock": False}, {"complete_lock": None}, {}])
def test_a_lock_that_nobody_completes(written: dict[str, object]) -> None:
    (vault,) = joined(
        Vault,
        ("aws_glacier_vault", {"name": "records"}),
        ("aws_glacier_vault_lock", {"vault_name": "records", "policy": WRITTEN, **written}),
    )
    assert plain(vault.lock_state) == "InProgress"


def test_a_vault_without_a_lock() -> None:
    assert unwritten(filled("aws_glacier_vault", {"name": "records", "notification": []})) == {
        "policy": None,
        "lock_policy": None,
        "lock_state": None,
        "notification_topic": None,
        "tags": [],
    }


def test_a_backup_plan() -> None:
    plan = filled(
        "aws_backup_plan",
        {
            "name": "daily",
            "rule": [
                {
                    "rule_name": "all",
                    "target_vault_name": "vault",
                    "schedule": "cron(0 5 * * ? *)",
                    "enable_continuous_backup": True,
                    "lifecycle": [{"delete_after": 35}],
                },
                {"rule_name": "rest", "target_vault_name": "vault", "lifecycle": []},
                {"rule_name": "kept", "target_vault_name": "vault", "lifecycle": [{"delete_after": 0}]},
            ],
            "tags": {"a": "b"},
        },
    )
    assert told(plan) == {
        "name": "daily",
        "rules": [
            {
                "name": "all",
                "vault": "vault",
                "schedule": "cron(0 5 * * ? *)",
                "continuous": True,
                "delete_after_days": 35,
            },
            {"name": "rest", "vault": "vault"},
            {"name": "kept", "vault": "vault"},
        ],
        "tags": [{"key": "a", "value": "b"}],
    }
    for rule in plan.rules.value[1:]:
        assert unwritten(rule.value) == {"schedule": None, "continuous": False, "delete_after_days": None}


def test_what_a_plan_selects() -> None:
    def condition(value: str) -> list[dict[str, str]]:
        return [{"key": "aws:ResourceTag/backup", "value": value}]

    selection = filled(
        "aws_backup_selection",
        {
            "plan_id": "plan",
            "name": "buckets",
            "iam_role_arn": "arn:role",
            "resources": ["arn:aws:s3:::*"],
            "not_resources": ["arn:aws:s3:::scratch"],
            "selection_tag": [{"type": "STRINGEQUALS", "key": "backup", "value": "yes"}],
            "condition": [
                {
                    "string_equals": condition("a"),
                    "string_not_equals": condition("b"),
                    "string_like": condition("c*"),
                    "string_not_like": condition("d*"),
                }
            ],
        },
    )
    assert told(selection) == {
        "plan": "plan",
        "name": "buckets",
        "role": "arn:role",
        "resources": ["arn:aws:s3:::*"],
        "not_resources": ["arn:aws:s3:::scratch"],
        "tagged": [{"key": "backup", "value": "yes"}],
        "equals": condition("a"),
        "not_equals": condition("b"),
        "like": condition("c*"),
        "not_like": condition("d*"),
    }
    assert unwritten(filled("aws_backup_selection", {"condition": []})) == {
        "resources": [],
        "not_resources": [],
        "tagged": [],
        "equals": [],
        "not_equals": [],
        "like": [],
        "not_like": [],
    }


def test_a_detector() -> None:
    detector = filled(
        "aws_guardduty_detector",
        {"enable": False, "datasources": [{"s3_logs": [{"enable": True}]}], "tags": {"a": "b"}},
    )
    assert told(detector) == {"enabled": False, "s3_logs": True, "tags": [{"key": "a", "value": "b"}]}
    assert unwritten(filled("aws_guardduty_detector", {"datasources": []})) == {
        "enabled": True,
        "s3_data_events": None,
        "s3_logs": None,
        "tags": [],
    }


def test_only_one_feature_of_a_detector_is_about_s3() -> None:
    feature = {"detector_id": "1", "status": "ENABLED"}
    assert told(filled("aws_guardduty_detector_feature", {**feature, "name": "S3_DATA_EVENTS"})) == {
        "kind": "detector",
        "field": "s3_data_events",
        "targets": ["1"],
        "value": "ENABLED",
    }
    (detector,) = joined(
        Detector,
        ("aws_guardduty_detector", {}),
        ("aws_guardduty_detector_feature", {**feature, "name": "EKS_AUDIT_LOGS"}),
    )
    assert plain(detector.s3_data_events) is None
    (detector,) = joined(
        Detector,
        ("aws_guardduty_detector", {}),
        ("aws_guardduty_detector_feature", {**feature, "name": "S3_DATA_EVENTS"}),
    )
    assert plain(detector.s3_data_events) == UNKNOWN


def test_malware_protection() -> None:
    plan = filled(
        "aws_guardduty_malware_protection_plan",
        {
            "role": "arn:role",
            "protected_resource": [{"s3_bucket": [{"bucket_name": "in", "object_prefixes": ["up/"]}]}],
            "actions": [{"tagging": [{"status": "ENABLED"}]}],
            "tags": {"a": "b"},
        },
    )
    assert told(plan) == {
        "bucket": "in",
        "prefixes": ["up/"],
        "role": "arn:role",
        "tagging": "ENABLED",
        "tags": [{"key": "a", "value": "b"}],
    }
    assert plain(filled("aws_guardduty_malware_protection_plan", {"actions": []}).tagging) is None


def test_macie_and_access_analyzer() -> None:
    assert told(filled("aws_macie2_account", {"status": "PAUSED"})) == {"status": "PAUSED"}
    assert plain(filled("aws_macie2_account", {}).status) == "ENABLED"
    analyzer = filled(
        "aws_accessanalyzer_analyzer", {"analyzer_name": "a", "type": "ORGANIZATION", "tags": {"a": "b"}}
    )
    assert told(analyzer) == {
        "name": "a",
        "type": "ORGANIZATION",
        "tags": [{"key": "a", "value": "b"}],
    }
    assert plain(filled("aws_accessanalyzer_analyzer", {}).type) == "ACCOUNT"
