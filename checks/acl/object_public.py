from s3audit.check import ACCOUNT, BUCKETS, HIGH, LIVE, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force, blocked
from s3audit.model.estate import Estate
from s3audit.model.s3object import S3Object
from s3audit.setting import Known, Setting, Unknown, Unset, some_of, when_set
from s3audit.verdict import Status, Verdict

from ._grants import EVERYONE, SIGNED_IN, is_group


@check(
    severity=HIGH,
    severity_rule="high: whoever has the address of the object can read it, and a private bucket does not show it",
    needs=(BUCKETS, ACCOUNT),
    sources=(TERRAFORM, LIVE),
    peers={
        "prowler": ("s3_bucket_object_public",),
        "tflint": ("aws_s3_bucket_object_invalid_acl",),
    },
    fix=Fix(
        terraform="""
            # Better, switch ACLs off for the whole bucket.
            acl = "private"
            """,
        cli="""
            aws s3api put-object-acl --bucket BUCKET --key KEY --acl private
            """,
        note="What is meant to be public is better served by CloudFront, from a bucket that has ACLs off.",
    ),
    passes=(
        """
        # An object has a private ACL unless it asks for another one.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_object" "logo" {
          bucket = aws_s3_bucket.photos.id
          key    = "logo.png"
        }
        resource "aws_s3_object" "poster" {
          bucket = aws_s3_bucket.photos.id
          key    = "poster.png"
          acl    = "bucket-owner-full-control"
        }
        """,
        """
        # A public ACL does not count where ACLs are off, nor where public ones are ignored.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_ownership_controls" "photos" {
          bucket = aws_s3_bucket.photos.id
          rule {
            object_ownership = "BucketOwnerEnforced"
          }
        }
        resource "aws_s3_object" "logo" {
          bucket = aws_s3_bucket.photos.id
          key    = "logo.png"
          acl    = "public-read"
        }
        resource "aws_s3_bucket" "posters" {
          bucket = "shop-posters"
        }
        resource "aws_s3_bucket_ownership_controls" "posters" {
          bucket = aws_s3_bucket.posters.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_public_access_block" "posters" {
          bucket             = aws_s3_bucket.posters.id
          ignore_public_acls = true
        }
        resource "aws_s3_object" "poster" {
          bucket = aws_s3_bucket.posters.id
          key    = "poster.png"
          acl    = "public-read"
        }
        resource "aws_s3_object" "price_list" {
          bucket = "shop-elsewhere"
          key    = "prices.csv"
        }
        """,
    ),
    fails=(
        """
        # Everybody can read it, though the bucket itself is private.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_ownership_controls" "photos" {
          bucket = aws_s3_bucket.photos.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_bucket_public_access_block" "photos" {
          bucket             = aws_s3_bucket.photos.id
          block_public_acls  = false
          ignore_public_acls = false
        }
        resource "aws_s3_object" "logo" {
          bucket = aws_s3_bucket.photos.id
          key    = "logo.png"
          acl    = "public-read" # <-
        }
        """,
        """
        # A copy is given to everybody who has an AWS account.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_ownership_controls" "photos" {
          bucket = aws_s3_bucket.photos.id
          rule {
            object_ownership = "BucketOwnerPreferred"
          }
        }
        resource "aws_s3_object_copy" "logo" {
          bucket = aws_s3_bucket.photos.id
          key    = "logo.png"
          source = "shop-drafts/logo.png"
          grant {
            type        = "Group"
            permissions = ["READ"]
            uri         = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" # <-
          }
        }
        """,
        """
        # A new bucket refuses this ACL, so it is meant for one that has ACLs on.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_object" "logo" {
          bucket = aws_s3_bucket.photos.id
          key    = "logo.png"
          acl    = "public-read" # <-
        }
        """,
    ),
    unsure=(
        """
        # Whether ACLs count is for whoever declares the bucket.
        resource "aws_s3_object" "logo" {
          bucket = "shop-photos" # <-
          key    = "logo.png"
          acl    = "public-read"
        }
        """,
        """
        # Whoever deploys it decides about the ACL.
        variable "acl" {
          type = string
        }
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_bucket_ownership_controls" "photos" {
          bucket = aws_s3_bucket.photos.id
          rule {
            object_ownership = "ObjectWriter"
          }
        }
        resource "aws_s3_object" "logo" {
          bucket = aws_s3_bucket.photos.id
          key    = "logo.png"
          acl    = var.acl # <-
        }
        """,
    ),
)
def object_public(thing: S3Object, estate: Estate) -> Verdict:
    """No object has a public ACL that counts.

    Each object has an ACL of its own. One that is public opens that object to the world, and neither the policy
    nor the ACL of the bucket shows it.
    """
    acl = thing.acl
    public = acl.canned.is_in(
        "public-read", "public-read-write", "authenticated-read", what="the ACL"
    ) | some_of(acl.grants, lambda grant: is_group(grant, EVERYONE, SIGNED_IN))
    # Where the ACL is not public, nobody needs to know the bucket.
    verdict = ~public if public.status is Status.FAIL else ~(public & _counts(thing, estate))
    if verdict.status is Status.FAIL:
        return ~public
    if verdict.status is Status.PASS and thing.sampled.is_in(True, what="it").status is Status.PASS:
        return verdict.noting("it is one of a sample, and says nothing of others", thing.at)
    return verdict


def _counts(thing: S3Object, estate: Estate) -> Verdict:
    """Whether a public ACL has an effect on the object."""
    return when_set(
        _bucket_of(thing, estate),
        lambda bucket: _in_force(bucket) & ~blocked(bucket, estate, "ignore_public_acls"),
        Verdict(Status.FAIL),
        what="whether the ACL counts",
    )


def _bucket_of(thing: S3Object, estate: Estate) -> Setting[Bucket | None]:
    match thing.bucket:
        case Known(name, at) | Unset(name, at):
            return estate.bucket_named(name, at)
        case Unknown() as gap:
            return gap


def _in_force(bucket: Bucket) -> Verdict:
    if isinstance(bucket.ownership.object_ownership, Unset):
        # A new bucket refuses the object, so the ACL can only be meant for one that has ACLs on.
        return Verdict(Status.PASS)
    return acls_in_force(bucket)
