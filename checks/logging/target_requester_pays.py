from s3audit.check import BUCKETS, LIVE, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.verdict import Verdict

from ._targets import of_target


@check(
    severity=MEDIUM,
    severity_rule="medium: no log is delivered, and few buckets are set up so",
    needs=(BUCKETS,),
    about="logging",
    sources=(TERRAFORM, LIVE),
    fix=Fix(
        terraform="""
            # The log bucket.
            resource "aws_s3_bucket_request_payment_configuration" "logs" {
              bucket = aws_s3_bucket.logs.id
              payer  = "BucketOwner"
            }
            """,
        cli="""
            aws s3api put-bucket-request-payment --bucket LOG_BUCKET \\
              --request-payment-configuration Payer=BucketOwner
            """,
    ),
    passes=(
        """
        # Nothing is said, so the owner of the log bucket pays.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id
          target_prefix = "orders/"
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        """,
        """
        # Who pays for requests to the logged bucket does not matter.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_request_payment_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          payer  = "Requester"
        }
        resource "aws_s3_bucket_logging" "orders" {
          bucket        = aws_s3_bucket.orders.id
          target_bucket = aws_s3_bucket.logs.id
          target_prefix = "orders/"
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        """,
    ),
    fails="""
        # Whoever sends a request to the log bucket has to pay, and S3 does not.
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
        }
        resource "aws_s3_bucket_request_payment_configuration" "logs" {
          bucket = aws_s3_bucket.logs.id
          payer  = "Requester" # <-
        }
        """,
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
        }
        """,
        """
        # Who pays is for whoever deploys it.
        variable "payer" {
          type = string
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
        }
        resource "aws_s3_bucket_request_payment_configuration" "logs" {
          bucket = aws_s3_bucket.logs.id
          payer  = var.payer # <-
        }
        """,
    ),
)
def target_requester_pays(bucket: Bucket, estate: Estate) -> Verdict:
    """The log target does not use Requester Pays.

    S3 delivers no access logs to a bucket whose requesters pay. Logging reads as if it were on, and nothing says
    that the logs are missing.
    """
    return of_target(
        bucket,
        estate,
        lambda target: ~target.request_payment.payer.is_in("Requester", what=f"the payer of {label(target)}"),
    )
