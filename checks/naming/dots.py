from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.uses import is_website
from s3audit.verdict import Verdict, unless

from ._names import is_accelerated, of_general, without_dots


@check(
    severity=LOW,
    severity_rule="low: clients have to ask in the old way, with the name in the path",
    needs=(BUCKETS,),
    sources=ALL,
    peers={"trivy": ("AVD-AWS-0320",)},
    fix=Fix(
        cloudformation="""
            # Another name makes another bucket: move what is in it first.
            BucketName: shop-orders
            """,
        terraform="""
            # Another name makes another bucket: move what is in it first.
            resource "aws_s3_bucket" "example" {
              bucket = "shop-orders"
            }
            """,
        cli="""
            aws s3api create-bucket --bucket NEW_BUCKET
            aws s3 sync s3://BUCKET s3://NEW_BUCKET
            """,
        note="A bucket can't be renamed; it is worth the work for a new one, and seldom for one that is in use.",
    ),
    passes=(
        """
        # Hyphens; and a name that is made up.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # A website has the name of its domain; of an accelerated bucket naming-acceleration-dots tells.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: www.example.com
              WebsiteConfiguration: {IndexDocument: index.html}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: photos.example.com
              AccelerateConfiguration: {AccelerationStatus: Enabled}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub orders-${AWS::AccountId}
        """,
    ),
    fails=(
        """
        # A dot.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders.shop # <-
        """,
        """
        # The dot is in the part that is known.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub orders.${AWS::AccountId} # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it chooses the name.
        variable "name" {
          type = string
        }
        resource "aws_s3_bucket" "orders" {
          bucket = var.name # <-
        }
        """,
    ),
)
def dots(bucket: Bucket) -> Verdict:
    """The bucket name has no dots.

    The certificate of S3 is for one word before its domain, so that a name with a dot does not fit it. Clients then
    turn off the check of certificates, or have to use the old way of addressing.
    """

    def no_website() -> Verdict:
        return unless(is_accelerated(bucket), "naming-acceleration-dots tells of it", without_dots(bucket))

    return of_general(bucket, lambda: unless(is_website(bucket), "its name is that of a domain", no_website))
