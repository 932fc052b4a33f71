"""AWS Backup."""

from s3audit.model.backup import BackupCondition, BackupPlan, BackupRule, BackupSelection
from tests.terraform.emit.form import Arguments, one
from tests.terraform.emit.writer import Writer


def plan(writer: Writer, p: BackupPlan) -> None:
    def rule(r: BackupRule) -> Arguments:
        return {
            "rule_name": writer.text(r.name),
            "target_vault_name": writer.text(r.vault),
            "schedule": writer.text(r.schedule),
            "enable_continuous_backup": writer.flag(r.continuous),
            "lifecycle": one({"delete_after": writer.number(r.delete_after_days)}),
        }

    arguments: Arguments = {
        "name": writer.own_name(p),
        "rule": writer.blocks_of(p.rules, rule),
        "tags": writer.tags(p.tags),
    }
    writer.block("aws_backup_plan", writer.name(p), arguments)


def selection(writer: Writer, s: BackupSelection) -> None:
    def pair(condition: BackupCondition) -> Arguments:
        return {"key": writer.text(condition.key), "value": writer.text(condition.value)}

    def tag(condition: BackupCondition) -> Arguments:
        return {"type": "STRINGEQUALS", **pair(condition)}

    arguments: Arguments = {
        "name": writer.own_name(s),
        "plan_id": writer.text(s.plan),
        "iam_role_arn": writer.text(s.role),
        "resources": writer.texts(s.resources),
        "not_resources": writer.texts(s.not_resources),
        "selection_tag": writer.blocks_of(s.tagged, tag),
        "condition": one(
            {
                "string_equals": writer.blocks_of(s.equals, pair),
                "string_not_equals": writer.blocks_of(s.not_equals, pair),
                "string_like": writer.blocks_of(s.like, pair),
                "string_not_like": writer.blocks_of(s.not_like, pair),
            }
        ),
    }
    writer.block("aws_backup_selection", writer.name(s), arguments)
