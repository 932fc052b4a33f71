from s3audit.check import BUCKETS, INFO, LIVE, LOW, TERRAFORM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.uses import is_website, receives_access_logs
from s3audit.setting import Setting, when_set
from s3audit.verdict import Status, Verdict, passed, unless


@check(
    severity=INFO,
    severity_rule="info: who pays is for the owner to choose; low for a website or a bucket that is said to be public,"
    " whose readers are turned away",
    needs=(BUCKETS,),
    sources=(TERRAFORM, LIVE),
    peers={"tflint": ("aws_s3_bucket_invalid_request_payer",)},
    fix=Fix(
        terraform="""
            resource "aws_s3_bucket_request_payment_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              payer  = "BucketOwner"
            }
            """,
        cli="""
            aws s3api put-bucket-request-payment --bucket BUCKET \\
              --request-payment-configuration Payer=BucketOwner
            """,
        note="Where it is meant, an entry in the configuration with requester_pays = true says so.",
    ),
    passes=(
        """
        # Nothing is said, so the owner pays.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        """,
        """
        # It is meant so.
        #: [[expect]]
        #: name = "shop-statistics"
        #: requester_pays = true
        resource "aws_s3_bucket" "statistics" {
          bucket = "shop-statistics"
        }
        resource "aws_s3_bucket_request_payment_configuration" "statistics" {
          bucket = aws_s3_bucket.statistics.id
          payer  = "Requester"
        }
        """,
        """
        # A bucket that access logs go to is judged elsewhere.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_logging" "photos" {
          bucket        = aws_s3_bucket.photos.id
          target_bucket = aws_s3_bucket.logs.id
          target_prefix = "photos/"
        }
        resource "aws_s3_bucket" "logs" {
          bucket = "shop-logs"
        }
        resource "aws_s3_bucket_request_payment_configuration" "logs" {
          bucket = aws_s3_bucket.logs.id
          payer  = "Requester"
        }
        """,
    ),
    fails=(
        """
        # Nobody has said that requesters are to pay.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_request_payment_configuration" "photos" {
          bucket = aws_s3_bucket.photos.id
          payer  = "Requester" # <-
        }
        """,
        """
        # Low: the visitors of a website can't pay, so they see nothing.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_website_configuration" "photos" { # <-
          bucket = aws_s3_bucket.photos.id
          index_document {
            suffix = "index.html"
          }
        }
        resource "aws_s3_bucket_request_payment_configuration" "photos" {
          bucket = aws_s3_bucket.photos.id
          payer  = "Requester" # <-
        }
        """,
        """
        # Low: everybody is to read it, and whoever does not sign in is turned away.
        #: [[expect]]
        #: name = "shop-photos"
        #: public = true
        #: requester_pays = true
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_request_payment_configuration" "photos" {
          bucket = aws_s3_bucket.photos.id
          payer  = "Requester" # <-
        }
        """,
    ),
    unsure="""
        # Who pays is for whoever deploys it.
        variable "payer" {
          type = string
        }
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_request_payment_configuration" "photos" {
          bucket = aws_s3_bucket.photos.id
          payer  = var.payer # <-
        }
        """,
)
def requester_pays(bucket: Bucket, estate: Estate) -> Verdict:
    """Requester Pays is on only where intended.

    With it every request has to be signed, and has to say that its sender pays. Whoever does not know that is turned
    away: visitors of a website, services that deliver, and programs that used to work.
    """
    return unless(
        of_type(bucket, "directory", "outposts"), "its owner always pays", lambda: _judged(bucket, estate)
    )


def _judged(bucket: Bucket, estate: Estate) -> Verdict:
    off = ~bucket.request_payment.payer.is_in("Requester", what="the payer")
    if off.status is Status.PASS:
        return off
    turned_away = is_website(bucket) | _is_said(said(bucket, estate, lambda one: one.public), "")
    meant = _is_said(said(bucket, estate, lambda one: one.requester_pays), "it is said that requesters pay")
    found = off | (meant & ~turned_away)
    if found.status is not Status.FAIL:
        return found
    if turned_away.status is Status.PASS:
        found = (off & ~turned_away).at_severity(LOW)
        if not turned_away.evidence:
            found = found.noting("the configuration says that it is public")
    return unless(receives_access_logs(bucket, estate), "see logging-target-requester-pays", found)


def _is_said(wanted: Setting[bool | None], note: str) -> Verdict:
    no = Verdict(Status.FAIL)
    return when_set(wanted, lambda yes: (passed(wanted.at, note) if note else ~no) if yes else no, no)
