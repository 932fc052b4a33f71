"""AWS Backup: plans and what they select."""

from typing import Any

import pytest

from s3audit.collectors.live.context.backup import BACKUP_READER
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.backup import BackupPlan, BackupSelection
from s3audit.model.estate import Listing, Unlisted
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, own, whose

HERE = ("123456789012", "eu-west-1")
ROLE = "arn:aws:iam::123456789012:role/backup"


def arn(name: str) -> str:
    return f"arn:aws:backup:eu-west-1:123456789012:backup-plan:{name}"


@pytest.fixture
def _told(server: Server) -> None:
    plans = [
        {"BackupPlanArn": arn(name), "BackupPlanId": name, "BackupPlanName": f"plan {name}"}
        for name in ("p1", "p2", "p3")
    ]
    server.world.tell("backup:ListBackupPlans", {"BackupPlansList": plans}, page=2)
    rules: list[dict[str, Any]] = [
        {
            "RuleName": "daily",
            "TargetBackupVaultName": "vault",
            "ScheduleExpression": "cron(0 5 * * ? *)",
            "Lifecycle": {"DeleteAfterDays": 35},
            "EnableContinuousBackup": True,
        },
        {"RuleName": "bare", "TargetBackupVaultName": "vault"},
    ]
    for plan in plans:
        asked = {"BackupPlanId": plan["BackupPlanId"]}
        server.world.tell(
            "backup:GetBackupPlan",
            {"BackupPlan": {"BackupPlanName": "n", "Rules": rules}, **asked},
            asked,
        )
    selections = [
        {"SelectionId": name, "SelectionName": f"selection {name}", "BackupPlanId": "p1", "IamRoleArn": ROLE}
        for name in ("s1", "s2")
    ]
    p1 = {"BackupPlanId": "p1"}
    server.world.tell("backup:ListBackupSelections", {"BackupSelectionsList": selections}, p1, page=1)
    conditions = {
        operator: [{"ConditionKey": f"aws:ResourceTag/{operator}", "ConditionValue": "v"}]
        for operator in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")
    }
    chosen = {
        "SelectionName": "n",
        "IamRoleArn": ROLE,
        "Resources": ["arn:aws:s3:::*"],
        "NotResources": ["arn:aws:s3:::logs"],
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}],
        "Conditions": conditions,
    }
    for name in ("s1", "s2"):
        asked = {"BackupPlanId": "p1", "SelectionId": name}
        server.world.tell("backup:GetBackupSelection", {"BackupSelection": chosen}, asked)


@pytest.mark.usefixtures("_told")
def test_plans_and_their_selections_are_told(server: Server, look: Look) -> None:
    found = look(BACKUP_READER)
    plans = [one for one in found.resources if isinstance(one, BackupPlan)]
    selections = [one for one in found.resources if isinstance(one, BackupSelection)]
    assert set(found.listings) == {Listing("backup-plan", *HERE), Listing("backup-selection", *HERE)}
    assert [one.title for one in plans] == ["plan p1", "plan p2", "plan p3"]
    assert whose(plans[0]) == (arn("p1"), *HERE)
    assert own(plans[0]) == {
        "id": "p1",
        "name": "plan p1",
        "rules": [
            {
                "name": "daily",
                "vault": "vault",
                "schedule": "cron(0 5 * * ? *)",
                "continuous": True,
                "delete_after_days": 35,
            },
            {
                "name": "bare",
                "vault": "vault",
                "schedule": None,
                "continuous": False,
                "delete_after_days": None,
            },
        ],
    }
    assert calls(plans[0])["rules"] == "backup:GetBackupPlan"
    assert [one.address for one in selections] == [
        f"backup-selection:{arn('p1')}:{name}" for name in ("s1", "s2")
    ]

    def condition(key: str) -> list[dict[str, str]]:
        return [{"key": f"aws:ResourceTag/{key}", "value": "v"}]

    assert own(selections[1]) == {
        "plan": "p1",
        "name": "selection s2",
        "role": ROLE,
        "resources": ["arn:aws:s3:::*"],
        "not_resources": ["arn:aws:s3:::logs"],
        "tagged": [{"key": "backup", "value": "yes"}],
        "equals": condition("StringEquals"),
        "not_equals": condition("StringNotEquals"),
        "like": condition("StringLike"),
        "not_like": condition("StringNotLike"),
    }
    assert calls(selections[1])["resources"] == "backup:GetBackupSelection"
    assert calls(selections[1])["role"] == "backup:ListBackupSelections"
    assert server.world.requests["backup:ListBackupPlans"] == 2
    assert server.world.requests["backup:ListBackupSelections"] == 4


@pytest.mark.usefixtures("_told")
def test_selections_that_are_denied_leave_open_what_there_is(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "backup:ListBackupSelections", about="p2")
    server.world.faults.add(denied(), "backup:GetBackupSelection", about="s2")
    found = look(BACKUP_READER)
    assert found.listings == (Listing("backup-plan", *HERE),)
    why = "backup:ListBackupSelections was denied, it needs the permission backup:ListBackupSelections"
    assert found.unlisted == (Unlisted("backup-selection", *HERE, why),)
    selections = [one for one in found.resources if isinstance(one, BackupSelection)]
    assert own(selections[0])["resources"] == ["arn:aws:s3:::*"]
    assert own(selections[1])["resources"].startswith("? backup:GetBackupSelection was denied")


@pytest.mark.usefixtures("_told")
def test_a_plan_that_went_meanwhile_is_none(server: Server, look: Look) -> None:
    server.world.refuse("backup:GetBackupPlan", "ResourceNotFoundException", when={"BackupPlanId": "p1"})
    found = look(BACKUP_READER)
    assert [one.title for one in found.resources] == ["plan p2", "plan p3"]
