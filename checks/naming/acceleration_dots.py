from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.verdict import Verdict, unless

from ._names import is_accelerated, of_general, without_dots


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses to accelerate the bucket, and the deployment fails",
    needs=(BUCKETS,),
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # Or leave out the AccelerateConfiguration.
            BucketName: shop-photos
            """,
        terraform="""
            # Or leave out the aws_s3_bucket_accelerate_configuration.
            resource "aws_s3_bucket" "example" {
              bucket = "shop-photos"
            }
            """,
        note="A bucket that is there already can't be renamed: another name makes another bucket.",
    ),
    passes=(
        """
        # Hyphens in the name of the accelerated bucket; where nothing is accelerated dots do no harm of this kind.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              AccelerateConfiguration: {AccelerationStatus: Enabled}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders.shop
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: invoices.shop
              AccelerateConfiguration: {AccelerationStatus: Suspended}
        """,
        """
        # A name that is made up has no dots.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration: {AccelerationStatus: Enabled}
        """,
    ),
    fails=(
        """
        # The name of the accelerated bucket has a dot.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: photos.shop # <-
              AccelerateConfiguration: {AccelerationStatus: Enabled}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it chooses the name.
        Parameters:
          Name: {Type: String}
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Ref Name # <-
              AccelerateConfiguration: {AccelerationStatus: Enabled}
        """,
    ),
)
def acceleration_dots(bucket: Bucket) -> Verdict:
    """Accelerated buckets have no dots in their name.

    Transfer acceleration reaches a bucket by a host name that begins with the name of the bucket, and S3 refuses to
    switch it on where that has a dot.
    """
    return of_general(
        bucket,
        lambda: unless(
            ~is_accelerated(bucket), "acceleration asks nothing of the name", lambda: without_dots(bucket)
        ),
    )
