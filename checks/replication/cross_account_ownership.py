from s3audit.check import BUCKETS, LIVE, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.owner import belongs_to, is_one_of
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of
from s3audit.model.replication import ReplicationRule
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown, unless

from ._rules import of_every_rule


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: the account that was copied still has the copies in its hands, against the loss of which they are"
        " made"
    ),
    needs=(BUCKETS,),
    about="replication",
    sources=(TERRAFORM, LIVE),
    yields_to=("replication-destination-exists",),
    fix=Fix(
        terraform="""
            resource "aws_s3_bucket_replication_configuration" "example" {
              provider = aws.shop
              bucket   = aws_s3_bucket.example.id
              role     = aws_iam_role.example.arn
              rule {
                status = "Enabled"
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket  = aws_s3_bucket.copy.arn
                  account = "444455556666"
                  access_control_translation {
                    owner = "Destination"
                  }
                }
              }
            }
            """,
        cli="""
            # As the owner of the destination.
            aws s3api put-bucket-ownership-controls --bucket DESTINATION \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            """,
        note=(
            "AccessControlTranslation takes s3:ObjectOwnerOverrideToBucketOwner, in the role and in the policy of"
            " the destination; copies that are there keep their owner."
        ),
    ),
    passes=(
        """
        # The copies are given to the account of the destination.
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
        resource "aws_s3_bucket_ownership_controls" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666"
              access_control_translation {
                owner = "Destination"
              }
            }
          }
        }
        """,
        """
        # A new bucket owns all that is put into it; and within one account there is one owner.
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
        resource "aws_s3_bucket" "archive" {
          provider = aws.shop
          bucket   = "shop-archive"
        }
        resource "aws_s3_bucket_ownership_controls" "archive" {
          provider = aws.shop
          bucket   = aws_s3_bucket.archive.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status   = "Enabled"
            priority = 1
            filter {
              prefix = "paid/"
            }
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
          rule {
            status   = "Enabled"
            priority = 2
            filter {
              prefix = "sent/"
            }
            destination {
              bucket = aws_s3_bucket.archive.arn
            }
          }
        }
        """,
    ),
    fails=(
        """
        # Whoever writes an object to the destination owns it, and so does the source of a copy.
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
        resource "aws_s3_bucket_ownership_controls" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          rule {
            object_ownership = "BucketOwnerPreferred" # <-
          }
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination { # <-
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666"
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # Who owns what is put into the destination is not told here.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = "arn:aws:s3:::company-copy" # <-
              account = "444455556666"
            }
          }
        }
        """,
        """
        # Whether the destination is in another account depends on who deploys it.
        provider "aws" {
          alias   = "backup"
          profile = "backup"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_ownership_controls" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn # <-
            }
          }
        }
        """,
    ),
)
def cross_account_ownership(bucket: Bucket, estate: Estate) -> Verdict:
    """Cross-account replicas are owned by the destination account.

    A copy in another account is to be there when one's own is lost. Unless the configuration says otherwise, the
    account that was copied owns the copies too, and whoever takes it over decides about both.
    """
    return of_every_rule(bucket, lambda rule: _judge(rule, bucket, estate))


def _judge(rule: ReplicationRule, bucket: Bucket, estate: Estate) -> Verdict:
    to = rule.destination
    named = to.account
    given = to.owner_override.is_in("Destination", what="the owner of the copies") & when_set(
        named,
        lambda _: passed(named.at, "the rule names the account of the destination"),
        failed(named.at, "the rule does not name the account of the destination (Account)"),
        what="the account of the destination",
    )
    told = when_set(
        named,
        lambda _: is_one_of(named, bucket, frozenset()),
        unknown(to.bucket.at, "to which account the destination belongs is not known"),
    )
    match destination_of(rule, estate):
        case Known(None, at) | Unset(None, at):
            is_right = given.status is Status.PASS and told.status is Status.FAIL
            return given if is_right else not_applicable(at, "the destination does not exist")
        case Known(Bucket() as target) | Unset(Bucket() as target):
            # What the rule says of the account counts whichever bucket it is.
            is_foreign = told.status is Status.FAIL
            at_home = told if is_foreign else belongs_to(target, bucket.account, to.bucket.at)
            enforced = target.ownership.object_ownership.is_in(
                "BucketOwnerEnforced", what=f"ownership in {label(target)}"
            )
        case Unknown(why, at):
            at_home, enforced = told, unknown(at, why)
        case _:
            return unknown(to.bucket.at, "which bucket is the destination is not known")
    found = given | enforced
    if at_home.status is Status.UNKNOWN and found.status is Status.PASS:
        return at_home
    return unless(at_home, "both have the same owner", found)
