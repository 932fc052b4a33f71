from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, passed, unknown

from ._targets import of_target


@check(
    severity=HIGH,
    severity_rule="high: S3 refuses it or never delivers, so that logging is on by its looks only",
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    fix=Fix(
        terraform="""
            # The log bucket is made by the same provider, in the same Region and account.
            resource "aws_s3_bucket" "logs" {
              bucket_prefix = "shop-access-logs-"
            }
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.logs.id
              target_prefix = "example/"
            }
            """,
        cli="""
            # LOG_BUCKET is in the same Region and account.
            aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "BUCKET/"}}'
            """,
        note="Each Region and each account needs a log bucket of its own; from there logs can be replicated.",
    ),
    passes=(
        """
        # What one stack makes is in one Region and one account.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # Each Region has a log bucket.
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
          region = "eu-north-1"
        }
        resource "aws_s3_bucket_logging" "orders" {
          region        = "eu-north-1"
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id
          target_prefix = "orders/"
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
          region = "eu-north-1"
        }
        """,
    ),
    fails=(
        """
        # The log bucket is in another Region.
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id # <-
          target_prefix = "orders/"
        }
        resource "aws_s3_bucket" "logs" { # <-
          provider = aws.us
          bucket   = "shop-logs"
        }
        """,
        """
        # The log bucket belongs to another account.
        provider "aws" {
          alias  = "shop"
          region = "eu-west-1"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias  = "audit"
          region = "eu-west-1"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          provider      = aws.shop
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id # <-
          target_prefix = "orders/"
        }
        resource "aws_s3_bucket" "logs" { # <-
          provider = aws.audit
          bucket   = "audit-logs"
        }
        """,
    ),
    unsure=(
        """
        # The log bucket is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs # <-
        """,
        """
        # Which Region the log bucket is in is for whoever deploys it.
        variable "log_region" {
          type = string
        }
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id # <-
          target_prefix = "orders/"
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
          region = var.log_region # <-
        }
        """,
    ),
)
def target_region_account(bucket: Bucket, estate: Estate) -> Verdict:
    """The log target is in the same Region and account.

    S3 delivers access logs within one Region and one account only. Logging then reads as if it were on, and no log
    ever arrives.
    """
    return of_target(bucket, estate, lambda target: _is_near(bucket, target, estate))


def _is_near(bucket: Bucket, target: Bucket, estate: Estate) -> Verdict:
    account = _alike(bucket.account, target.account, "account", target)
    if account.status is Status.UNKNOWN and _is_elsewhere(bucket, target, estate):
        account = failed(target.at, f"{label(target)} is none of the buckets of the account")
    return account & _alike(bucket.region, target.region, "Region", target)


def _is_elsewhere(bucket: Bucket, target: Bucket, estate: Estate) -> bool:
    """Whether all buckets of the account were listed, and it is none of them."""
    account = _literal(bucket.account)
    if not account or not estate.listings or target.is_declared:
        return False
    return estate.unread_buckets(account, _literal(target.region)) is None


def _alike(own: Setting[Text], other: Setting[Text], what: str, target: Bucket) -> Verdict:
    match own, other:
        case (Unknown(why), _) | (_, Unknown(why)):
            return unknown(other.at, f"whether {label(target)} is in the same {what} is not known: {why}")
        case ((Known(a) | Unset(a)), (Known(b, at) | Unset(b, at))):
            match same(a, b):
                case Status.PASS:
                    return passed(at, f"{label(target)} is in the same {what}")
                case Status.FAIL:
                    return failed(at, f"the {what} of {label(target)} is {b}, and that of the bucket is {a}")
                case _:
                    return unknown(at, f"whether {b} and {a} are the same {what} is not known")


def _literal(setting: Setting[Text]) -> str:
    match setting:
        case Known(name) | Unset(name):
            return name.literal or ""
        case Unknown():
            return ""
