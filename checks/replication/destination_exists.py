from s3audit.check import BUCKETS, CRITICAL, HIGH, LIVE, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.owner import belongs_to, belongs_to_one_of
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of
from s3audit.model.replication import ReplicationRule
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, failed, passed

from ._intent import trusted_accounts
from ._rules import of_every_rule


@check(
    severity=HIGH,
    severity_rule=(
        "high: whoever makes a bucket of that name first receives the data; critical when the bucket belongs to"
        " another account than the rule names"
    ),
    needs=(BUCKETS,),
    about="replication",
    sources=(TERRAFORM, LIVE),
    fix=Fix(
        terraform="""
            resource "aws_s3_bucket_replication_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              role   = aws_iam_role.example.arn
              rule {
                status = "Enabled"
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket = aws_s3_bucket.replica.arn
                }
              }
            }
            """,
        cli="""
            # Who owns the destination: this fails unless it is that account.
            aws s3api head-bucket --bucket DESTINATION --expected-bucket-owner ACCOUNT_ID
            # The whole configuration, with the right ARN and the account of its owner in each Destination.
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json
            """,
    ),
    passes=(
        """
        # The destination is in the account that the rule names.
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666"
            }
          }
        }
        """,
        """
        # It is in the account of its source, which nobody needs to name. A rule that is off leads nowhere.
        #: [[expect]]
        #: trusted_accounts = ["444455556666"]
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          bucket = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
          rule {
            status = "Disabled"
            destination {
              bucket = "arn:aws:s3:::company-copy"
            }
          }
        }
        """,
    ),
    fails=(
        """
        # Critical: the rule names another account than that of the bucket.
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "777788889999" # <-
            }
          }
        }
        """,
        """
        # The account of the destination is none of those that are trusted.
        #: [[expect]]
        #: trusted_accounts = ["777788889999"]
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn # <-
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # The destination is declared elsewhere, if it is there.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = "arn:aws:s3:::company-copy" # <-
            }
          }
        }
        """,
        """
        # Whether the bucket is in the account that is named depends on who deploys it.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          bucket = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666" # <-
            }
          }
        }
        """,
    ),
)
def destination_exists(bucket: Bucket, estate: Estate) -> Verdict:
    """Every replication destination exists and has the expected owner.

    A bucket name that nobody has is free for everyone. Whoever makes a bucket of that name, and lets the
    replication role in, receives a copy of all that is written from then on.
    """
    return of_every_rule(bucket, lambda rule: _is_right(rule, bucket, estate))


def _is_right(rule: ReplicationRule, source: Bucket, estate: Estate) -> Verdict:
    at = rule.destination.bucket.at
    return when_set(
        destination_of(rule, estate),
        lambda target: (
            passed(at, f"{label(target)} is there")
            & _is_as_named(target, rule)
            & _is_trusted(target, rule, source, estate)
        ),
        failed(at, "the destination does not exist"),
    )


def _is_as_named(target: Bucket, rule: ReplicationRule) -> Verdict:
    named = rule.destination.account
    found = when_set(named, lambda _: belongs_to(target, named, named.at), Verdict(Status.PASS))
    return found.at_severity(CRITICAL)


def _is_trusted(target: Bucket, rule: ReplicationRule, source: Bucket, estate: Estate) -> Verdict:
    return when_set(
        trusted_accounts(source, estate),
        lambda accounts: belongs_to_one_of(target, source, accounts, rule.destination.bucket.at),
        Verdict(Status.PASS),
    )
