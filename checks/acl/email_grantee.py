from s3audit.check import BUCKETS, LOW, TERRAFORM, Fix, check
from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket, Logging
from s3audit.setting import every_of, when_set
from s3audit.verdict import Status, Verdict, passed

from ._grants import is_email, where_acls_count


@check(
    severity=LOW,
    severity_rule="low: nothing is given away by mistake, but the deployment fails",
    needs=(BUCKETS,),
    sources=(TERRAFORM,),
    fix=Fix(
        terraform="""
            # With the canonical id of the account instead of its e-mail address.
            resource "aws_s3_bucket_acl" "example" {
              bucket = aws_s3_bucket.example.id
              access_control_policy {
                owner {
                  id = data.aws_canonical_user_id.current.id
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
        note="Better, name the account in the bucket policy and switch ACLs off.",
    ),
    passes=(
        """
        # The account is named by its canonical id.
        data "aws_canonical_user_id" "current" {}
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
              id = data.aws_canonical_user_id.current.id
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
    ),
    fails=(
        """
        # S3 answers 405 to this.
        data "aws_canonical_user_id" "current" {}
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
              id = data.aws_canonical_user_id.current.id
            }
            grant {
              permission = "READ"
              grantee {
                type          = "AmazonCustomerByEmail" # <-
                email_address = "partner@example.com"
              }
            }
          }
        }
        """,
        """
        # So it does where the grant is for those who may read the delivered access logs.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = "shop-logs"
          target_prefix = "orders/"
          target_grant {
            permission = "READ"
            grantee {
              type          = "AmazonCustomerByEmail" # <-
              email_address = "partner@example.com"
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # What kind of grantee it is, is for whoever deploys it.
        variable "kind" {
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
                type = var.kind # <-
                id   = "2222222222222222222222222222222222222222222222222222222222222222"
              }
            }
          }
        }
        """,
    ),
)
def email_grantee(bucket: Bucket) -> Verdict:
    """No grant names its grantee by an e-mail address.

    S3 refuses such grants since October 2025, so the declaration can't be deployed any more.
    """
    of_acl = where_acls_count(bucket, every_of(bucket.acl.grants, _judge))
    return of_acl & when_set(
        bucket.logging,
        _of_logs,
        Verdict(Status.NOT_APPLICABLE),
        what="access logging",
    )


def _of_logs(logging: Logging) -> Verdict:
    none = passed(logging.at, "nobody is named who may read the logs")
    return every_of(logging.grants, _judge, empty=none)


def _judge(grant: Grant) -> Verdict:
    return ~is_email(grant)
