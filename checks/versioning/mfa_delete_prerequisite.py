from s3audit.check import BUCKETS, LIVE, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import versioning
from s3audit.model.lifecycle import Lifecycle
from s3audit.setting import Unset, some_of, when_set
from s3audit.verdict import Status, Verdict, passed, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: the change is refused, or the protection does not exist",
    needs=(BUCKETS,),
    sources=(TERRAFORM, LIVE),
    fix=Fix(
        terraform="""
            resource "aws_s3_bucket_versioning" "example" {
              bucket = aws_s3_bucket.example.id
              mfa    = "SERIAL CODE"
              versioning_configuration {
                status     = "Enabled"
                mfa_delete = "Enabled"
              }
            }
            """,
        cli="""
            aws s3api delete-bucket-lifecycle --bucket BUCKET
            """,
        note="Enable versioning, and then choose one of the two: MFA delete or lifecycle rules.",
    ),
    passes=(
        """
        # Versioning is on, and no lifecycle rule deletes anything.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Enabled"
          }
        }
        """,
        """
        # Where nobody asks for MFA delete, it needs nothing.
        resource "aws_s3_bucket" "uploads" {
          bucket = "shop-uploads"
        }
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
          versioning {
            enabled    = true
            mfa_delete = true
          }
        }
        """,
    ),
    fails=(
        """
        # There are no versions whose deletion could need a device.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Suspended" # <-
            mfa_delete = "Enabled"
          }
        }
        """,
        """
        # S3 allows no lifecycle rules on a bucket with MFA delete.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Enabled"
          }
        }
        resource "aws_s3_bucket_lifecycle_configuration" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          rule {
            id     = "old-versions"
            status = "Enabled" # <-
            filter {}
            noncurrent_version_expiration {
              noncurrent_days = 30
            }
          }
        }
        """,
        """
        # A rule that is not enabled is refused, too.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Enabled"
          }
        }
        resource "aws_s3_bucket_lifecycle_configuration" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          rule {
            id     = "old-versions"
            status = "Disabled" # <-
            filter {}
            noncurrent_version_expiration {
              noncurrent_days = 30
            }
          }
        }
        """,
        """
        # The arguments of old provider versions, inside the bucket.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
          versioning {
            enabled    = false # <-
            mfa_delete = true
          }
        }
        """,
    ),
    unsure=(
        """
        # A variable without a default decides.
        variable "mfa_delete" {
          type = string
        }
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Suspended"
            mfa_delete = var.mfa_delete # <-
          }
        }
        """,
    ),
)
def mfa_delete_prerequisite(bucket: Bucket) -> Verdict:
    """MFA delete is not declared without versioning or together with lifecycle rules.

    S3 takes MFA delete only for a bucket with versioning, and no lifecycle rules beside it. Otherwise the change
    is refused, and a protection that everybody believes in is not there.
    """
    setting = bucket.versioning.mfa_delete
    declared = (
        Verdict(Status.FAIL) if isinstance(setting, Unset) else setting.is_in("Enabled", what="MFA delete")
    )
    versions = versioning(bucket).is_in("Enabled", what="versioning, which MFA delete needs,")
    rules = when_set(bucket.lifecycle, _has_rules, Verdict(Status.FAIL), what="the lifecycle configuration")
    return unless(~declared, "nobody declares MFA delete", versions & ~rules)


def _has_rules(lifecycle: Lifecycle) -> Verdict:
    """Whether there are rules: S3 takes no lifecycle configuration beside MFA delete, enabled or not."""
    note = "there is a lifecycle rule beside MFA delete"
    return some_of(lifecycle.rules, lambda rule: passed(rule.status.at, note))
