from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.access_point import MultiRegionAccessPoint
from s3audit.model.estate import Estate
from s3audit.model.points import buckets_of
from s3audit.verdict import Verdict

from ._blocks import all_on, graded


@check(
    severity=HIGH,
    severity_rule=(
        "high: what is off when it is made stays off; medium where every bucket behind it, or its account, blocks the"
        " same anyway"
    ),
    needs=(ACCESS_POINTS, BUCKETS, ACCOUNT),
    sources=ALL,
    peers={
        "prowler": ("s3_multi_region_access_point_public_access_block",),
        "securityhub": ("S3.24",),
        "steampipe": ("s3_multi_region_access_point_public_access_blocked",),
    },
    fix=Fix(
        cloudformation="""
            PublicAccessBlockConfiguration:
              BlockPublicAcls: true
              IgnorePublicAcls: true
              BlockPublicPolicy: true
              RestrictPublicBuckets: true
            """,
        terraform="""
            # Without public_access_block all four are on.
            resource "aws_s3control_multi_region_access_point" "example" {
              details {
                name = "orders"
                public_access_block {
                  block_public_acls       = true
                  ignore_public_acls      = true
                  block_public_policy     = true
                  restrict_public_buckets = true
                }
                region {
                  bucket = aws_s3_bucket.orders.id
                }
              }
            }
            """,
        cli="""
            # Made anew, all four settings are on.
            aws s3control delete-multi-region-access-point --account-id ACCOUNT_ID --client-token TOKEN \\
              --details Name=NAME
            aws s3control create-multi-region-access-point --account-id ACCOUNT_ID --client-token OTHER_TOKEN \\
              --details 'Name=NAME,Regions=[{Bucket=BUCKET},{Bucket=OTHER_BUCKET}]'
            """,
        note="It is made anew and gets another alias, as these settings can't be changed later.",
    ),
    passes=(
        """
        # Where nothing is written all four are on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Regions: [{Bucket: !Ref Orders}]
        """,
        """
        # All four are written.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Regions: [{Bucket: !Ref Orders}]
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
        """,
    ),
    fails=(
        """
        # A public policy has effect here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Regions: [{Bucket: !Ref Orders}]
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: false # <-
        """,
        """
        # Medium: the bucket behind it blocks the same.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Regions: [{Bucket: !Ref Orders}]
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: false # <-
        """,
    ),
    unsure=(
        """
        # Whether it restricts public policies is for whoever deploys it.
        Parameters:
          Restrict: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Regions: [{Bucket: !Ref Orders}]
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: !Ref Restrict # <-
        """,
    ),
)
def mrap_public_block(point: MultiRegionAccessPoint, estate: Estate) -> Verdict:
    """Multi-Region Access Points keep all four settings of Block Public Access.

    They are chosen when it is made and can't be changed later. Where one is off, a policy that is written in a hurry
    may open buckets in several Regions at once.
    """
    block = point.public_access_block
    return graded(all_on(block), block, buckets_of(point, estate), estate)
