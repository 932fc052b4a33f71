from s3audit.check import BUCKETS, LIVE, LOW, TERRAFORM, Fix, check
from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force
from s3audit.model.estate import Estate
from s3audit.setting import Known, Listed, Unknown, Unset, when_set
from s3audit.verdict import Verdict, failed, passed, unknown, unless

from ._targets import NOT_LOGGED, logging_of, of_target


@check(
    severity=LOW,
    severity_rule="low: S3 refuses the configuration, or those who were meant to read the logs can't",
    needs=(BUCKETS,),
    about="logging",
    sources=(TERRAFORM, LIVE),
    fix=Fix(
        terraform="""
            # Without target_grant: who reads the logs stands in the policy of the log bucket.
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.logs.id
              target_prefix = "example/"
            }
            """,
        cli="""
            aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "BUCKET/"}}'
            """,
        note="Whoever was to read the logs is let in by the policy of the log bucket instead.",
    ),
    passes="""
        # The log bucket has ACLs, so that a grant counts.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id
          target_prefix = "orders/"
          target_grant {
            permission = "READ"
            grantee {
              type = "CanonicalUser"
              id   = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
            }
          }
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        resource "aws_s3_bucket_ownership_controls" "logs" {
          bucket = aws_s3_bucket.logs.id
          rule {
            object_ownership = "BucketOwnerPreferred"
          }
        }
        """,
    fails=(
        """
        # Nothing is said about ownership, so the log bucket has no ACLs.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id # <-
          target_prefix = "orders/"
          target_grant {
            permission = "READ"
            grantee {
              type = "CanonicalUser"
              id   = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
            }
          }
        }
        resource "aws_s3_bucket" "logs" { # <-
          bucket = "shop-logs"
        }
        """,
        """
        # ACLs are switched off.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id # <-
          target_prefix = "orders/"
          target_grant {
            permission = "READ"
            grantee {
              type = "Group"
              uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
            }
          }
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        resource "aws_s3_bucket_ownership_controls" "logs" {
          bucket = aws_s3_bucket.logs.id
          rule {
            object_ownership = "BucketOwnerEnforced" # <-
          }
        }
        """,
    ),
    unsure=(
        """
        # The log bucket is declared elsewhere.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = "company-logs" # <-
          target_prefix = "orders/"
          target_grant {
            permission = "READ"
            grantee {
              type = "CanonicalUser"
              id   = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
            }
          }
        }
        """,
        """
        # Who owns what is delivered is for whoever deploys it.
        variable "ownership" {
          type = string
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id # <-
          target_prefix = "orders/"
          target_grant {
            permission = "READ"
            grantee {
              type = "CanonicalUser"
              id   = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
            }
          }
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        resource "aws_s3_bucket_ownership_controls" "logs" {
          bucket = aws_s3_bucket.logs.id
          rule {
            object_ownership = var.ownership # <-
          }
        }
        """,
    ),
)
def target_grants(bucket: Bucket, estate: Estate) -> Verdict:
    """Target grants are not used on a bucket with ACLs disabled.

    A grant is an entry in the ACL of each delivered log. Where the log bucket has ACLs switched off, S3 refuses
    such a configuration, or the grant gives nobody anything.
    """
    return when_set(
        bucket.logging,
        lambda _: unless(
            ~_has_any(logging_of(bucket).grants),
            "nobody is granted anything",
            lambda: of_target(bucket, estate, acls_in_force),
        ),
        NOT_LOGGED,
    )


def _has_any(listed: Listed[Grant]) -> Verdict:
    match listed:
        case Unknown(why, at):
            return unknown(at, f"whether there are target grants is not known: {why}")
        case Known(items, at) | Unset(items, at):
            return (
                passed(at, "there are target grants") if items else failed(at, "there are no target grants")
            )
