"""AWS Backup."""

from s3audit.collectors.documents.shape import Shape, flag, listed, number, text
from s3audit.model.backup import BackupCondition, BackupPlan, BackupRule, BackupSelection

_CONDITION = Shape(BackupCondition, {"key": text("ConditionKey"), "value": text("ConditionValue")})
_SELECTION = "BackupSelection."

TABLES = {
    "AWS::Backup::BackupPlan": Shape(
        BackupPlan,
        {
            "name": text("BackupPlan.BackupPlanName"),
            "rules": listed(
                "BackupPlan.BackupPlanRule",
                Shape(
                    BackupRule,
                    {
                        "name": text("RuleName"),
                        "vault": text("TargetBackupVault"),
                        "schedule": text("ScheduleExpression"),
                        "continuous": flag("EnableContinuousBackup"),
                        "delete_after_days": number("Lifecycle.DeleteAfterDays"),
                    },
                ),
            ),
        },
    ),
    "AWS::Backup::BackupSelection": Shape(
        BackupSelection,
        {
            "plan": text("BackupPlanId"),
            "name": text(_SELECTION + "SelectionName"),
            "role": text(_SELECTION + "IamRoleArn"),
            "resources": listed(_SELECTION + "Resources", text("")),
            "not_resources": listed(_SELECTION + "NotResources", text("")),
            "tagged": listed(_SELECTION + "ListOfTags", _CONDITION),
            "equals": listed(_SELECTION + "Conditions.StringEquals", _CONDITION),
            "not_equals": listed(_SELECTION + "Conditions.StringNotEquals", _CONDITION),
            "like": listed(_SELECTION + "Conditions.StringLike", _CONDITION),
            "not_like": listed(_SELECTION + "Conditions.StringNotLike", _CONDITION),
        },
    ),
}
