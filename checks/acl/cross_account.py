from s3audit.check import BUCKETS, HIGH, LIVE, TERRAFORM, Fix, check
from s3audit.intent import listed
from s3audit.model.acl import Acl, Grant
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset, every_of, when_set
from s3audit.text import text
from s3audit.verdict import Status, Verdict, failed, not_applicable, verdict

from ._grants import MACHINE_IMAGES, grantee, is_cloudfront, is_owner, is_user, where_acls_count


@check(
    severity=HIGH,
    severity_rule="high: whoever looks through the policies does not see this way in",
    needs=(BUCKETS,),
    sources=(TERRAFORM, LIVE),
    peers={"custodian": ("cross-account",)},
    fix=Fix(
        terraform="""
            removed {
              from = aws_s3_bucket_acl.example
            }
            resource "aws_s3_bucket_ownership_controls" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                object_ownership = "BucketOwnerEnforced"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-acl --bucket BUCKET --acl private
            aws s3api put-bucket-ownership-controls --bucket BUCKET \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            """,
        note=(
            "If the account is one of yours, add its id to trusted_canonical_ids; better, name the account in the"
            " bucket policy and switch ACLs off."
        ),
    ),
    passes=(
        """
        # The account that may list the bucket is a known one.
        #: [[expect]]
        #: trusted_canonical_ids = ["2222222222222222222222222222222222222222222222222222222222222222"]
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_ownership_controls" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_acl" "orders" {
          bucket = aws_s3_bucket.orders.id
          access_control_policy {
            owner {
              id = "1111111111111111111111111111111111111111111111111111111111111111"
            }
            grant {
              permission = "READ"
              grantee {
                type = "CanonicalUser"
                id   = "2222222222222222222222222222222222222222222222222222222222222222"
              }
            }
          }
        }
        """,
        """
        # CloudFront and the delivery of access logs are no strangers, nor is Amazon EC2 (aws-exec-read).
        #: [[expect]]
        #: trusted_canonical_ids = []
        data "aws_canonical_user_id" "current" {}
        data "aws_cloudfront_log_delivery_canonical_user_id" "cloudfront" {}
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
          grant {
            type        = "CanonicalUser"
            permissions = ["FULL_CONTROL"]
            id          = data.aws_canonical_user_id.current.id
          }
          grant {
            type        = "CanonicalUser"
            permissions = ["READ", "WRITE"]
            id          = data.aws_cloudfront_log_delivery_canonical_user_id.cloudfront.id
          }
          grant {
            type        = "CanonicalUser"
            permissions = ["READ"]
            id          = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"
          }
          grant {
            type        = "Group"
            permissions = ["WRITE"]
            uri         = "http://acs.amazonaws.com/groups/s3/LogDelivery"
          }
        }
        """,
    ),
    fails=(
        """
        # One account is known; the other, which may write, is not.
        #: [[expect]]
        #: trusted_canonical_ids = ["2222222222222222222222222222222222222222222222222222222222222222"]
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_ownership_controls" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_acl" "orders" {
          bucket = aws_s3_bucket.orders.id
          access_control_policy {
            owner {
              id = "1111111111111111111111111111111111111111111111111111111111111111"
            }
            grant {
              permission = "READ"
              grantee {
                type = "CanonicalUser"
                id   = "2222222222222222222222222222222222222222222222222222222222222222"
              }
            }
            grant {
              permission = "WRITE"
              grantee {
                type = "CanonicalUser"
                id   = "3333333333333333333333333333333333333333333333333333333333333333" # <-
              }
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # Who it is, is for whoever deploys it.
        #: [[expect]]
        #: trusted_canonical_ids = ["2222222222222222222222222222222222222222222222222222222222222222"]
        variable "partner" {
          type = string
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_ownership_controls" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_acl" "orders" {
          bucket = aws_s3_bucket.orders.id
          access_control_policy {
            owner {
              id = "1111111111111111111111111111111111111111111111111111111111111111"
            }
            grant {
              permission = "READ"
              grantee {
                type = "CanonicalUser"
                id   = var.partner # <-
              }
            }
          }
        }
        """,
    ),
)
def cross_account(bucket: Bucket, estate: Estate) -> Verdict:
    """Every account that an ACL lets in is a known one.

    An ACL names other accounts by ids that nobody can read, and no policy shows them. So an account that was
    let in years ago keeps its access unseen.
    """

    def judged() -> Verdict:
        return when_set(
            listed(bucket, estate, lambda one: one.trust.canonical_ids),
            lambda trusted: every_of(bucket.acl.grants, lambda grant: _judge(grant, bucket.acl, trusted)),
            _nothing_said(bucket),
            what="which accounts are trusted",
        )

    return where_acls_count(bucket, judged())


def _judge(grant: Grant, acl: Acl, trusted: frozenset[str]) -> Verdict:
    known = (
        ~_names_account(grant)
        | is_owner(grant, acl)
        | is_user(grant, *MACHINE_IMAGES, *map(text, sorted(trusted)))
        | is_cloudfront(grant)
        # What it lets them do with the ACL itself is for acl-write-acp to say.
        | grant.permission.is_in("FULL_CONTROL", "WRITE_ACP", "READ_ACP", what="the permission")
    )
    if known.status is not Status.FAIL:
        return known
    return failed(grant.id.at, f"{grantee(grant)}, who is not said to be trusted, has {_word(grant)}")


def _names_account(grant: Grant) -> Verdict:
    return when_set(grant.id, lambda _: Verdict(Status.PASS), Verdict(Status.FAIL))


def _word(grant: Grant) -> str:
    match grant.permission:
        case Known(word) | Unset(word):
            return word
        case Unknown():
            return "access"


def _nothing_said(bucket: Bucket) -> Verdict:
    """Without a list of those who are trusted nobody is a stranger; they are told all the same."""
    said = not_applicable(bucket.acl.at, "the configuration does not say which accounts are trusted")
    match bucket.acl.grants:
        case Known(items) | Unset(items):
            grants = (item.value for item in items if isinstance(item, Known))
            others = [
                one
                for one in grants
                if _names_account(one).status is Status.PASS
                and is_owner(one, bucket.acl).status is not Status.PASS
            ]
            inventory = [
                not_applicable(one.id.at, f"{grantee(one)} has {_word(one)}").evidence[0] for one in others
            ]
            return verdict(Status.NOT_APPLICABLE, *said.evidence, *inventory)
        case Unknown():
            return said
