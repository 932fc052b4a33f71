from s3audit.check import BUCKETS, LIVE, LOW, TERRAFORM, TRAILS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type, versioning
from s3audit.model.estate import Estate
from s3audit.model.uses import receives_trail_logs
from s3audit.setting import Unset
from s3audit.verdict import Evidence, Severity, Status, Verdict, passed, unknown, unless, verdict


@check(
    severity=LOW,
    severity_rule="low: only the root user can switch it on and it excludes lifecycle rules, so it suits few"
    " buckets; medium for a bucket that CloudTrail logs to",
    needs=(BUCKETS, TRAILS),
    sources=(TERRAFORM, LIVE),
    peers={
        "trivy": ("AVD-AWS-0170",),
        "prowler": ("s3_bucket_no_mfa_delete", "cloudtrail_bucket_requires_mfa_delete"),
        "kics": ("S3 Bucket Without Enabled MFA Delete (terraform c5b31ab9-0f26-4a49-b8aa-4cc064392f4d)",),
        "scoutsuite": ("s3-bucket-no-mfa-delete",),
        "config": ("s3-bucket-mfa-delete-enabled",),
        "securityhub": ("S3.20",),
        "steampipe": ("s3_bucket_mfa_delete_enabled",),
    },
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
            aws s3api put-bucket-versioning --bucket BUCKET --mfa "SERIAL CODE" \\
              --versioning-configuration Status=Enabled,MFADelete=Enabled
            """,
        note="Only the root user can do this, with its MFA device; lifecycle rules are not possible any more.",
    ),
    passes=(
        """
        # A version is deleted with the MFA device of the root user only.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          mfa    = "arn:aws:iam::111122223333:mfa/root 123456"
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Enabled"
          }
        }
        """,
        """
        # The lock keeps every version, and nobody can shorten it.
        resource "aws_s3_bucket" "ledger" {
          bucket              = "shop-ledger"
          object_lock_enabled = true
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Disabled"
          }
        }
        resource "aws_s3_bucket_object_lock_configuration" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          rule {
            default_retention {
              mode = "COMPLIANCE"
              days = 365
            }
          }
        }
        """,
        """
        # MFA delete and lifecycle rules exclude each other, so it is not asked for beside them.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
          versioning {
            enabled    = true
            mfa_delete = true
          }
        }
        resource "aws_s3_bucket" "uploads" {
          bucket = "shop-uploads"
        }
        resource "aws_s3_bucket_versioning" "uploads" {
          bucket = aws_s3_bucket.uploads.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Disabled"
          }
        }
        resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
          bucket = aws_s3_bucket.uploads.id
          rule {
            id     = "old-versions"
            status = "Enabled"
            filter {}
            noncurrent_version_expiration {
              noncurrent_days = 30
            }
          }
        }
        """,
    ),
    fails=(
        """
        # Whoever may delete versions can delete all of them.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Disabled" # <-
          }
        }
        """,
        """
        # Who covers tracks starts with the trail.
        resource "aws_s3_bucket" "trail" {
          bucket = "shop-trail"
        }
        resource "aws_s3_bucket_versioning" "trail" {
          bucket = aws_s3_bucket.trail.id
          versioning_configuration {
            status     = "Enabled"
            mfa_delete = "Disabled" # <-
          }
        }
        resource "aws_cloudtrail" "all" {
          name           = "all"
          s3_bucket_name = aws_s3_bucket.trail.id # <-
        }
        """,
    ),
    unsure=(
        """
        # Nothing is said about it: the root user may have switched it on by hand.
        resource "aws_s3_bucket" "ledger" {
          bucket = "shop-ledger"
        }
        resource "aws_s3_bucket_versioning" "ledger" {
          bucket = aws_s3_bucket.ledger.id
          versioning_configuration { # <-
            status = "Enabled"
          }
        }
        """,
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
            status     = "Enabled"
            mfa_delete = var.mfa_delete # <-
          }
        }
        """,
    ),
)
def mfa_delete(bucket: Bucket, estate: Estate) -> Verdict:
    """MFA delete is on.

    With it a version can be deleted for good, and versioning switched off, only by the root user with its MFA
    device. Stolen keys alone then can't destroy what the bucket holds.
    """
    return unless(
        of_type(bucket, "directory", "outposts"),
        "it has no MFA delete",
        lambda: unless(
            ~versioning(bucket).is_in("Enabled", what="versioning"),
            "there are no versions to protect",
            lambda: unless(
                bucket.lifecycle.satisfies(lambda rules: rules is not None, "it has lifecycle rules"),
                "S3 allows no MFA delete beside lifecycle rules",
                lambda: _protected(bucket, estate),
            ),
        ),
    )


def _protected(bucket: Bucket, estate: Estate) -> Verdict:
    found = _mfa(bucket) | _locked(bucket)
    if found.status is not Status.FAIL:
        return found
    trail = receives_trail_logs(bucket, estate)
    if trail.status is not Status.PASS:
        return found
    (first, *_) = found.evidence
    return verdict(Status.FAIL, Evidence(first.at, first.note, Severity.MEDIUM), *trail.evidence)


def _mfa(bucket: Bucket) -> Verdict:
    match bucket.versioning.mfa_delete:
        case Unset(at=at) if bucket.origin == TERRAFORM:
            return unknown(at, "mfa_delete is not set, and the root user may have switched it on by hand")
        case setting:
            return setting.is_in("Enabled", what="MFA delete")


def _locked(bucket: Bucket) -> Verdict:
    lock = bucket.object_lock
    rule = (
        lock.enabled.is_in(True, what="Object Lock")
        & lock.mode.is_in("COMPLIANCE", what="the mode of the default retention")
        & (
            lock.days.satisfies(lambda days: days is not None, "a default retention in days")
            | lock.years.satisfies(lambda years: years is not None, "a default retention in years")
        )
    )
    if rule.status is Status.PASS:
        return passed(lock.at, "Object Lock keeps every version")
    return Verdict(Status.FAIL) if rule.status is Status.FAIL else rule
