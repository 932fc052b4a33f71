from collections.abc import Iterator

from s3audit.check import ALL, BACKUPS, BUCKETS, LIVE, LOW, Fix, check
from s3audit.intent import holds, is_for, said
from s3audit.model.backup import BackupSelection
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type, versioning
from s3audit.model.estate import Estate
from s3audit.model.uses import if_there, or_unseen
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Severity, Status, Verdict, failed, not_applicable, some, unknown, unless

from ._selections import selects


@check(
    severity=LOW,
    severity_rule=(
        "low: it is missed on the day on which something is lost; medium where the configuration says that it keeps"
        " records, the only copy, or what nobody can do without"
    ),
    needs=(BUCKETS, BACKUPS),
    sources=ALL,
    peers={
        "config": (
            "s3-resources-protected-by-backup-plan",
            "s3-last-backup-recovery-point-created",
            "s3-resources-in-logically-air-gapped-vault",
            "s3-meets-restore-time-target",
        ),
    },
    fix=Fix(
        cloudformation="""
            VersioningConfiguration:
              Status: Enabled
            Plan:
              Type: AWS::Backup::BackupPlan
              Properties:
                BackupPlan:
                  BackupPlanName: daily
                  BackupPlanRule:
                    - RuleName: daily
                      TargetBackupVault: Default
                      ScheduleExpression: cron(0 5 * * ? *)
                      Lifecycle: {DeleteAfterDays: 35}
            Selection:
              Type: AWS::Backup::BackupSelection
              Properties:
                BackupPlanId: !Ref Plan
                BackupSelection:
                  SelectionName: buckets
                  IamRoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/backup
                  Resources: [!GetAtt Bucket.Arn]
            """,
        terraform="""
            resource "aws_s3_bucket_versioning" "example" {
              bucket = aws_s3_bucket.example.id
              versioning_configuration {
                status = "Enabled"
              }
            }

            resource "aws_backup_plan" "example" {
              name = "daily"
              rule {
                rule_name         = "daily"
                target_vault_name = "Default"
                schedule          = "cron(0 5 * * ? *)"
                lifecycle {
                  delete_after = 35
                }
              }
            }

            resource "aws_backup_selection" "example" {
              name         = "buckets"
              plan_id      = aws_backup_plan.example.id
              iam_role_arn = aws_iam_role.example.arn
              resources    = [aws_s3_bucket.example.arn]
            }
            """,
        cli="""
            aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
            aws backup create-backup-selection --backup-plan-id PLAN --backup-selection \\
              '{"SelectionName": "buckets", "IamRoleArn": "ROLE_ARN", "Resources": ["arn:aws:s3:::BUCKET"]}'
            """,
        note="The role is one that AWS Backup may take, with AWSBackupServiceRolePolicyForS3Backup.",
    ),
    passes=(
        """
        # One by its ARN, one by its tag; the log bucket is not meant to have a backup.
        #: [[expect]]
        #: name = ["orders", "invoices"]
        #: backed_up = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders
              VersioningConfiguration: {Status: Enabled}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: invoices
              VersioningConfiguration: {Status: Enabled}
              Tags: [{Key: Backup, Value: daily}]
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: logs
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule: [{RuleName: daily, TargetBackupVault: Default}]
          Selection:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: !Ref Plan
              BackupSelection:
                SelectionName: buckets
                IamRoleArn: arn:aws:iam::111122223333:role/backup
                Resources: ["arn:aws:s3:::ord*"]
                ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: daily}]
        """,
    ),
    fails=(
        """
        # Everything is selected, but AWS Backup takes no bucket without versions.
        #: [[expect]]
        #: name = "orders"
        #: backed_up = true
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule: [{RuleName: daily, TargetBackupVault: Default}]
          Everything:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: !Ref Plan
              BackupSelection:
                SelectionName: everything
                IamRoleArn: arn:aws:iam::111122223333:role/backup
                Resources: ["*"]
        """,
        """
        # Medium: records that the plans of this stack leave out, one for its name and one for its tag.
        #: [[expect]]
        #: role = "records"
        #: backed_up = true
        #: backup_plans_here = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders
              VersioningConfiguration: {Status: Enabled}
              Tags: [{Key: Backup, Value: daily}]
          Invoices: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: invoices
              VersioningConfiguration: {Status: Enabled}
              Tags: [{Key: Backup, Value: never}]
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule: [{RuleName: daily, TargetBackupVault: Default}]
          Selection:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: !Ref Plan
              BackupSelection:
                SelectionName: buckets
                IamRoleArn: arn:aws:iam::111122223333:role/backup
                Resources: ["arn:aws:s3:::*"]
                NotResources: ["arn:aws:s3:::orders"] # <-
                Conditions:
                  StringEquals: [{ConditionKey: "aws:ResourceTag/Backup", ConditionValue: daily}]
        """,
    ),
    unsure=(
        """
        # Which buckets are selected is for whoever deploys it to say.
        #: [[expect]]
        #: backed_up = true
        Parameters:
          Pattern: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders
              VersioningConfiguration: {Status: Enabled}
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule: [{RuleName: daily, TargetBackupVault: Default}]
          Selection: # <-
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: !Ref Plan
              BackupSelection:
                SelectionName: buckets
                IamRoleArn: arn:aws:iam::111122223333:role/backup
                Resources: [!Ref Pattern]
        """,
    ),
)
def covered(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets selected for backup are covered by AWS Backup.

    A plan backs up what its selections take in, and nothing says so when a bucket is in none of them: a new name or a
    lost tag is enough. Without versioning AWS Backup leaves a bucket out, too.
    """
    wanted = said(bucket, estate, lambda one: one.backed_up)
    days = said(bucket, estate, lambda one: one.backup_days)
    asked = wanted.satisfies(lambda is_so: is_so is True, "it is said to have a backup")
    asked |= days.satisfies(lambda number: number is not None, "it is said how old its backup may be")

    def judged() -> Verdict:
        found = _versioned(bucket) & _selected(bucket, estate) & _recent(bucket, days)
        is_grave = is_for(bucket, estate, "critical", "records", "only-copy") | holds(
            bucket, estate, "critical"
        )
        return found.at_severity(Severity.MEDIUM) if is_grave.status is Status.PASS else found

    found = unless(~asked, "nobody said that it needs a backup", judged)
    return unless(of_type(bucket, "directory", "outposts"), "AWS Backup does not take it", found)


def _versioned(bucket: Bucket) -> Verdict:
    found = versioning(bucket).is_in("Enabled", what="versioning")
    if found.status is not Status.FAIL:
        return found
    (evidence,) = found.evidence
    return failed(evidence.at, f"{evidence.note}, and AWS Backup refuses such a bucket")


def _selected(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether a selection covers it; in a template plans may be declared elsewhere."""
    found = some(_selections(bucket, estate))
    found = or_unseen(found, BackupSelection, bucket, estate, "a backup selection covers it")
    if found.status is not Status.FAIL:
        return found
    if not found.evidence:
        found = failed(bucket.at, "no backup selection covers it")
    if bucket.origin == LIVE:
        return found
    match said(bucket, estate, lambda one: one.backup_plans_here):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(True):
            return found
        case _:
            return unknown(bucket.at, "no backup selection of this input covers it, and there may be others")


def _selections(bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    return (if_there(one, selects(one, bucket)) for one in estate.all(BackupSelection))


def _recent(bucket: Bucket, days: Setting[int | None]) -> Verdict:
    """Whether it has a backup that is new enough, where an account was asked."""
    if bucket.origin != LIVE:
        return not_applicable(bucket.at, "what is declared has no backups yet")
    wanted = days.satisfies(lambda number: number is not None, "it is said how old its backup may be")
    return unless(~wanted, "nobody said how old its backup may be", lambda: _has_one(bucket))


def _has_one(bucket: Bucket) -> Verdict:
    match bucket.last_backup:
        case Known(None) | Unset(None):
            return failed(bucket.at, "it has no recovery point")
        case Known(when) | Unset(when):
            return unknown(
                bucket.at, f"whether its newest recovery point, of {when}, is new enough is not known"
            )
        case Unknown(why):
            return unknown(bucket.at, f"when AWS Backup made its newest recovery point is not known: {why}")
