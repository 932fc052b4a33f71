from collections.abc import Iterator

from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.access_point import AccessPoint
from s3audit.model.base import Duplicate
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Listed, Unset, every_of
from s3audit.verdict import Evidence, Status, Verdict, every, passed, verdict


@check(
    severity=MEDIUM,
    severity_rule="medium: the last one to be applied wins, so the protective one may vanish with any deployment",
    needs=(BUCKETS,),
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # The only policy of the bucket, with the statements of all.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
                      Condition: {Bool: {"aws:SecureTransport": "false"}}
                    - Effect: Allow
                      Principal: {AWS: "arn:aws:iam::111122223333:role/reader"}
                      Action: s3:GetObject
                      Resource: !Sub "${Bucket.Arn}/*"
            """,
        terraform="""
            # The only one of the bucket, with the rules of all, and no lifecycle_rule in the bucket itself.
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "uploads"
                status = "Enabled"
                abort_incomplete_multipart_upload {
                  days_after_initiation = 7
                }
              }
              rule {
                id     = "versions"
                status = "Enabled"
                noncurrent_version_expiration {
                  noncurrent_days = 30
                }
              }
            }
            """,
        note="Keep one of the declarations, with all that the bucket needs in it, and remove the others.",
    ),
    passes=(
        """
        # Each configuration of the bucket stands in one place.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_versioning" "orders" {
          bucket = aws_s3_bucket.orders.id
          versioning_configuration {
            status = "Enabled"
          }
        }
        resource "aws_s3_bucket_public_access_block" "orders" {
          bucket            = aws_s3_bucket.orders.id
          block_public_acls = true
        }
        """,
        """
        # Inventories and metrics have names: two of them are two.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_metric" "all" {
          bucket = aws_s3_bucket.orders.id
          name   = "all"
        }
        resource "aws_s3_bucket_metric" "images" {
          bucket = aws_s3_bucket.orders.id
          name   = "images"
          filter {
            prefix = "images/"
          }
        }
        """,
    ),
    fails=(
        """
        # The lifecycle of the second replaces that of the first, or the other way round.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_lifecycle_configuration" "uploads" { # <-
          bucket = aws_s3_bucket.orders.id
          rule {
            id     = "uploads"
            status = "Enabled"
            abort_incomplete_multipart_upload {
              days_after_initiation = 7
            }
          }
        }
        resource "aws_s3_bucket_lifecycle_configuration" "versions" { # <-
          bucket = aws_s3_bucket.orders.id
          rule {
            id     = "versions"
            status = "Enabled"
            noncurrent_version_expiration {
              noncurrent_days = 30
            }
          }
        }
        """,
        """
        # The argument of old provider versions, and beside it the resource of new ones.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
          versioning { # <-
            enabled = true
          }
        }
        resource "aws_s3_bucket_versioning" "orders" { # <-
          bucket = aws_s3_bucket.orders.id
          versioning_configuration {
            status = "Suspended"
          }
        }
        """,
        """
        # A bucket has one policy, so one of these two is lost.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OnlyTls: # <-
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*"}]
          Readers: # <-
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}]
        """,
    ),
    unsure=(
        """
        # Whose policy the second is, is for the caller to say.
        variable "bucket" {
          type = string
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_public_access_block" "orders" {
          bucket            = aws_s3_bucket.orders.id
          block_public_acls = true
        }
        resource "aws_s3_bucket_public_access_block" "other" { # <-
          bucket            = var.bucket
          block_public_acls = false
        }
        """,
    ),
)
def duplicate_subresource(bucket: Bucket, estate: Estate) -> Verdict:
    """Each configuration of a bucket is declared once.

    Every one of these calls replaces the whole configuration. Where two declarations set it, the last one to be
    applied wins, and with each deployment that may be the other one.
    """
    found = every([_once(bucket.duplicates), *_of_access_points(bucket, estate)])
    return found if found.evidence else passed(bucket.at, "nothing of it is declared twice")


def _once(duplicates: Listed[Duplicate]) -> Verdict:
    return every_of(duplicates, _twice)


def _twice(found: Duplicate) -> Verdict:
    what = found.setting.replace("_", " ")
    note = f"{found.first} and {found.second} both set the {what} of it"
    return verdict(Status.FAIL, Evidence(found.first_at, note), Evidence(found.at, note))


def _of_access_points(bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    """What its access points have twice: a policy, a scope."""
    for point in estate.once(_points_by_bucket).get(bucket.address, ()):
        yield _once(point.duplicates)


def _points_by_bucket(estate: Estate) -> dict[str, list[AccessPoint]]:
    found: dict[str, list[AccessPoint]] = {}
    for point in estate.all(AccessPoint):
        match point.bucket:
            case Known(name) | Unset(name):
                match estate.bucket_named(name):
                    case Known(Bucket(address=address)):
                        found.setdefault(address, []).append(point)
                    case _:
                        continue
            case _:
                continue
    return found
