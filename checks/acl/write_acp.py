from s3audit.check import BUCKETS, HIGH, LIVE, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.acl import Acl, Grant
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unset, every_of
from s3audit.verdict import Status, Verdict, failed

from ._grants import (
    EVERYONE,
    LOG_DELIVERY,
    SIGNED_IN,
    grantee,
    is_cloudfront,
    is_email,
    is_group,
    is_owner,
    where_acls_count,
)


@check(
    severity=HIGH,
    severity_rule=(
        "high: who may write the ACL can give themselves, and everybody else, all the rest; medium where they"
        " may only read it"
    ),
    needs=(BUCKETS,),
    sources=(TERRAFORM, LIVE),
    peers={
        "checkov": ("CKV_AWS_375",),
        "kics": (
            "S3 Bucket ACL Grants WRITE_ACP Permission (terraform 64a222aa-7793-4e40-915f-4b302c76e4d4)",
        ),
        "scoutsuite": ("s3-bucket-world-acl",),
    },
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
            "Whoever has access by an ACL today needs a statement in the bucket policy first; the log bucket of"
            " CloudFront (legacy) keeps its ACL, without the grant."
        ),
    ),
    passes=(
        """
        # The owner has full control, and so has CloudFront, which writes its logs here.
        data "aws_canonical_user_id" "current" {}
        data "aws_cloudfront_log_delivery_canonical_user_id" "cloudfront" {}
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        resource "aws_s3_bucket_ownership_controls" "logs" {
          bucket = aws_s3_bucket.logs.id
          rule {
            object_ownership = "BucketOwnerPreferred"
          }
        }
        resource "aws_s3_bucket_acl" "logs" {
          bucket = aws_s3_bucket.logs.id
          access_control_policy {
            owner {
              id = data.aws_canonical_user_id.current.id
            }
            grant {
              permission = "FULL_CONTROL"
              grantee {
                type = "CanonicalUser"
                id   = data.aws_canonical_user_id.current.id
              }
            }
            grant {
              permission = "FULL_CONTROL"
              grantee {
                type = "CanonicalUser"
                id   = data.aws_cloudfront_log_delivery_canonical_user_id.cloudfront.id
              }
            }
          }
        }
        """,
        """
        # The delivery of access logs reads the ACL to see whether it may write.
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        resource "aws_s3_bucket_ownership_controls" "logs" {
          bucket = aws_s3_bucket.logs.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_acl" "logs" {
          bucket = aws_s3_bucket.logs.id
          access_control_policy {
            owner {
              id = "1111111111111111111111111111111111111111111111111111111111111111"
            }
            grant {
              permission = "WRITE"
              grantee {
                type = "Group"
                uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
              }
            }
            grant {
              permission = "READ_ACP"
              grantee {
                type = "Group"
                uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
              }
            }
          }
        }
        """,
    ),
    fails=(
        """
        # High: another account may rewrite the ACL.
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
              permission = "WRITE_ACP" # <-
              grantee {
                type = "CanonicalUser"
                id   = "2222222222222222222222222222222222222222222222222222222222222222"
              }
            }
          }
        }
        """,
        """
        # Full control holds it too. These grants stand in the bucket, which names no owner.
        data "aws_canonical_user_id" "current" {}
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
          grant {
            type        = "CanonicalUser"
            permissions = ["FULL_CONTROL"]
            id          = data.aws_canonical_user_id.current.id
          }
          grant {
            type        = "CanonicalUser"
            permissions = ["READ", "FULL_CONTROL"] # <-
            id          = "2222222222222222222222222222222222222222222222222222222222222222"
          }
        }
        """,
        """
        # Medium: it can only be read, which tells a stranger who else has access.
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
              permission = "READ_ACP" # <-
              grantee {
                type = "CanonicalUser"
                id   = "2222222222222222222222222222222222222222222222222222222222222222"
              }
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # Who it is may be the owner, or somebody else.
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
              permission = "WRITE_ACP"
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
def write_acp(bucket: Bucket) -> Verdict:
    """No grant lets another account or a group read or rewrite the bucket ACL.

    Whoever may rewrite the ACL can open the bucket to themselves and to everybody else. No policy shows it,
    and it outlasts every change of the policy.
    """
    return where_acls_count(bucket, every_of(bucket.acl.grants, lambda grant: _judge(grant, bucket.acl)))


def _judge(grant: Grant, acl: Acl) -> Verdict:
    what = "the permission"
    found = (
        ~grant.permission.is_in("FULL_CONTROL", "WRITE_ACP", "READ_ACP", what=what)
        | is_owner(grant, acl)
        | is_cloudfront(grant) & grant.permission.is_in("FULL_CONTROL", what=what)
        | is_group(grant, EVERYONE, SIGNED_IN)
        | is_group(grant, LOG_DELIVERY) & grant.permission.is_in("READ_ACP", what=what)
        # S3 refuses it.
        | is_email(grant)
    )
    match grant.permission:
        case Known(word, at) | Unset(word, at) if found.status is Status.FAIL:
            return failed(at, f"{grantee(grant)} has {word}", MEDIUM if word == "READ_ACP" else HIGH)
        case _:
            return found
