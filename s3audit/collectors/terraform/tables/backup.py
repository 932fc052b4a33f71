"""AWS Backup."""

from s3audit.collectors.documents.shape import Shape, flag, listed, positive, text
from s3audit.collectors.terraform.tables.common import TAGS
from s3audit.model.backup import BackupCondition, BackupPlan, BackupRule, BackupSelection

_CONDITION = Shape(BackupCondition, {"key": text("key"), "value": text("value")})

TABLES = {
    "aws_backup_plan": Shape(
        BackupPlan,
        {
            "name": text("name"),
            "rules": listed(
                "rule",
                Shape(
                    BackupRule,
                    {
                        "name": text("rule_name"),
                        "vault": text("target_vault_name"),
                        "schedule": text("schedule"),
                        "continuous": flag("enable_continuous_backup"),
                        "delete_after_days": positive("lifecycle[0].delete_after"),
                    },
                ),
            ),
            "tags": TAGS,
        },
    ),
    "aws_backup_selection": Shape(
        BackupSelection,
        {
            "plan": text("plan_id"),
            "name": text("name"),
            "role": text("iam_role_arn"),
            "resources": listed("resources", text("")),
            "not_resources": listed("not_resources", text("")),
            "tagged": listed("selection_tag", _CONDITION),
            "equals": listed("condition[0].string_equals", _CONDITION),
            "not_equals": listed("condition[0].string_not_equals", _CONDITION),
            "like": listed("condition[0].string_like", _CONDITION),
            "not_like": listed("condition[0].string_not_like", _CONDITION),
        },
    ),
}
