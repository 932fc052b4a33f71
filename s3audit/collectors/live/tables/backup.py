"""Backup plans and what they select, from the answers about them."""

from s3audit.collectors.documents.shape import Shape, flag, listed, number, text
from s3audit.model.backup import BackupCondition, BackupPlan, BackupRule, BackupSelection

_CONDITION = Shape(BackupCondition, {"key": text("ConditionKey"), "value": text("ConditionValue")})
_SELECTION = "GetBackupSelection.BackupSelection."

PLAN = Shape(
    BackupPlan,
    {
        "id": text("item.BackupPlanId"),
        "name": text("item.BackupPlanName"),
        "rules": listed(
            "GetBackupPlan.BackupPlan.Rules",
            Shape(
                BackupRule,
                {
                    "name": text("RuleName"),
                    "vault": text("TargetBackupVaultName"),
                    "schedule": text("ScheduleExpression"),
                    "continuous": flag("EnableContinuousBackup"),
                    "delete_after_days": number("Lifecycle.DeleteAfterDays"),
                },
            ),
        ),
    },
)
SELECTION = Shape(
    BackupSelection,
    {
        "plan": text("item.BackupPlanId"),
        "name": text("item.SelectionName"),
        "role": text("item.IamRoleArn"),
        "resources": listed(_SELECTION + "Resources", text("")),
        "not_resources": listed(_SELECTION + "NotResources", text("")),
        "tagged": listed(_SELECTION + "ListOfTags", _CONDITION),
        "equals": listed(_SELECTION + "Conditions.StringEquals", _CONDITION),
        "not_equals": listed(_SELECTION + "Conditions.StringNotEquals", _CONDITION),
        "like": listed(_SELECTION + "Conditions.StringLike", _CONDITION),
        "not_like": listed(_SELECTION + "Conditions.StringNotLike", _CONDITION),
    },
)
