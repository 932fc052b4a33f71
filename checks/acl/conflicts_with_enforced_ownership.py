from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.setting import some_of
from s3audit.verdict import Verdict, passed, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: the deployment fails, on the day on which somebody needs the bucket",
    needs=(BUCKETS,),
    sources=(CLOUDFORMATION, TERRAFORM),
    yields_to=("acl-everyone", "acl-authenticated-users"),
    peers={"cfn_lint": ("E3045",)},
    fix=Fix(
        cloudformation="""
            AccessControl: !Ref AWS::NoValue
            OwnershipControls:
              Rules:
                - ObjectOwnership: BucketOwnerEnforced
            """,
        terraform="""
            removed {
              from = aws_s3_bucket_acl.example
            }
            """,
        note=(
            "Where the ACL is wanted, such as on the log bucket of CloudFront (legacy), set ObjectOwnership to"
            " BucketOwnerPreferred instead."
        ),
    ),
    passes=(
        """
        # ACLs are off, and nobody sets one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerEnforced
        """,
        """
        # ACLs are on where one is set; what the last two ask for is the owner's in any case.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: Private
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: BucketOwnerFullControl
        """,
        """
        # A private ACL in the bucket itself is not sent.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
          acl    = "private"
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
        resource "aws_s3_bucket_acl" "photos" {
          bucket = aws_s3_bucket.photos.id
          acl    = "private"
        }
        """,
    ),
    fails=(
        """
        # S3 refuses the ACL, as this bucket has none.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerEnforced # <-
        """,
        """
        # A new bucket has ACLs off by itself.
        Resources:
          Logs: # <-
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite # <-
        """,
        """
        # This one is refused even though it gives nothing away.
        resource "aws_s3_bucket" "orders" { # <-
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_acl" "orders" { # <-
          bucket = aws_s3_bucket.orders.id
          acl    = "private"
        }
        """,
        """
        # Grants in the bucket itself are refused, too.
        resource "aws_s3_bucket" "orders" { # <-
          bucket = "shop-orders"
          grant {
            type        = "CanonicalUser"
            permissions = ["READ"] # <-
            id          = "2222222222222222222222222222222222222222222222222222222222222222"
          }
        }
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides about the ACL.
        Parameters:
          Acl: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: !Ref Acl # <-
        """,
        """
        # Whether ACLs are on is for another stack to say.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite
              OwnershipControls:
                Rules:
                  - ObjectOwnership: !ImportValue ownership # <-
        """,
    ),
)
def conflicts_with_enforced_ownership(bucket: Bucket) -> Verdict:
    """No ACL is set on a bucket whose ownership disables ACLs.

    S3 refuses such an ACL, so the bucket is not created or the update is rolled back. Buckets that say nothing
    about ownership disable ACLs too, if they are made after April 2023.
    """
    enforced = bucket.ownership.object_ownership.is_in("BucketOwnerEnforced", what="ownership")
    verdict = ~(enforced & _sets_acl(bucket))
    return unless(of_type(bucket, "directory", "outposts"), "it has no ACLs", verdict)


def _sets_acl(bucket: Bucket) -> Verdict:
    """Whether it is asked for an ACL that S3 would have to set."""
    acl = bucket.acl
    if "aws_s3_bucket_acl." in acl.at.address:
        return passed(acl.at, "an ACL is set")
    # In the bucket itself these are none of its grants: nothing is asked of S3.
    owners = ("private", "bucket-owner-read", "bucket-owner-full-control", None)
    return ~acl.canned.is_in(*owners, what="the ACL") | some_of(
        acl.grants,
        lambda grant: grant.permission.satisfies(lambda _: True, "the ACL has grants"),
    )
