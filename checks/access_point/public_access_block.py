from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.access_point import AccessPoint
from s3audit.model.estate import Estate
from s3audit.model.points import buckets_of, is_always_blocked
from s3audit.verdict import Verdict, unless

from ._blocks import all_on, graded


@check(
    severity=HIGH,
    severity_rule=(
        "high: what is off when the access point is made stays off; medium where its bucket or the account blocks"
        " the same anyway"
    ),
    needs=(ACCESS_POINTS, BUCKETS, ACCOUNT),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_392",),
        "prowler": ("s3_access_point_public_access_block",),
        "config": ("s3-access-point-public-access-blocks",),
        "securityhub": ("S3.19",),
        "steampipe": ("s3_access_point_restrict_public_access",),
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
            resource "aws_s3_access_point" "example" {
              public_access_block_configuration {
                block_public_acls       = true
                ignore_public_acls      = true
                block_public_policy     = true
                restrict_public_buckets = true
              }
            }
            """,
        cli="""
            aws s3control delete-access-point --account-id ACCOUNT_ID --name ACCESS_POINT
            # All four settings are on.
            aws s3control create-access-point --account-id ACCOUNT_ID --name ACCESS_POINT --bucket BUCKET
            """,
        note="The access point is made anew, as these settings can't be changed later; its policy goes with it.",
    ),
    passes=(
        """
        # All four settings are on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
        """,
        """
        # Where nothing is written S3 turns all of them on; those of directory buckets have them on always.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
          FastPoint:
            Type: AWS::S3Express::AccessPoint
            Properties:
              Name: fast--euw1-az1--xa-s3
              Bucket: fast--euw1-az1--x-s3
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
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: false # <-
                RestrictPublicBuckets: false # <-
        """,
        """
        # Medium: the bucket behind it blocks the same.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: false # <-
                RestrictPublicBuckets: true
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
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: !Ref Restrict # <-
        """,
    ),
)
def public_access_block(point: AccessPoint, estate: Estate) -> Verdict:
    """Access points keep all four settings of Block Public Access.

    They are chosen when the access point is made and can't be changed later. Where one is off, a policy that is
    written in a hurry may open the bucket to everybody with an AWS account.
    """
    block = point.public_access_block

    def judged() -> Verdict:
        return graded(all_on(block), block, buckets_of(point, estate), estate)

    return unless(is_always_blocked(point), "all public access is blocked there always", judged)
