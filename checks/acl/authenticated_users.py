from s3audit.check import ACCOUNT, ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

from ._grants import SIGNED_IN, names_group, where_public_counts


@check(
    severity=HIGH,
    severity_rule="high: whoever has an AWS account, and anybody can open one, can list the bucket or write to it",
    needs=(BUCKETS, ACCOUNT),
    sources=ALL,
    yields_to=("access-public-read", "access-public-write"),
    peers={
        "checkov": ("CKV2_AWS_43",),
        "trivy": ("AVD-AWS-0092",),
        "kics": (
            (
                "S3 Bucket ACL Allows Read to Any Authenticated User"
                " (terraform 57b9893d-33b1-4419-bcea-a717ea87e139)"
            ),
            (
                "S3 Bucket ACL Allows Read to Any Authenticated User"
                " (cloudformation 835d5497-a526-4aea-a23f-98a9afd1635f)"
            ),
        ),
        "scoutsuite": ("s3-bucket-world-acl",),
        "terrascan": ("AC_AWS_0211", "AC_AWS_0215"),
        "custodian": ("global-grants",),
        "steampipe": ("s3_bucket_not_accessible_to_all_authenticated_user",),
    },
    fix=Fix(
        cloudformation="""
            AccessControl: !Ref AWS::NoValue
            OwnershipControls:
              Rules:
                - ObjectOwnership: BucketOwnerEnforced
            """,
        terraform="""
            # Instead of aws_s3_bucket_acl.
            resource "aws_s3_bucket_ownership_controls" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                object_ownership = "BucketOwnerEnforced"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-acl --bucket BUCKET --acl private
            aws s3api put-bucket-ownership-controls --bucket BUCKET \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            """,
        note="Accounts that need access get a statement in the bucket policy that names them.",
    ),
    passes=(
        """
        # ACLs are on, and give nothing away.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: Private
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
        """,
        """
        # The grant does not count where ACLs are off, nor where public ones are ignored.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: AuthenticatedRead
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: AuthenticatedRead
              OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
              PublicAccessBlockConfiguration: {IgnorePublicAcls: true}
        """,
    ),
    fails=(
        """
        # The customers of AWS are meant by it, not those of the shop.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: AuthenticatedRead # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: false
        """,
        """
        # The group is named in a grant of its own, for which there is no canned ACL: to write.
        data "aws_canonical_user_id" "current" {}
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_ownership_controls" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            object_ownership = "BucketOwnerPreferred"
          }
        }
        resource "aws_s3_bucket_acl" "orders" {
          bucket = aws_s3_bucket.orders.id
          access_control_policy {
            owner {
              id = data.aws_canonical_user_id.current.id
            }
            grant {
              permission = "WRITE"
              grantee {
                type = "Group"
                uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" # <-
              }
            }
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
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
        """,
        """
        # The grant is there; whether it is ignored is for whoever deploys it.
        Parameters:
          Ignore: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: AuthenticatedRead
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: !Ref Ignore # <-
        """,
    ),
)
def authenticated_users(bucket: Bucket, estate: Estate) -> Verdict:
    """No bucket ACL grant names every AWS account.

    The group is called AuthenticatedUsers, and many read it as their own users. It is everybody who has
    signed in to any AWS account in the world, so the bucket is as good as public.
    """
    everybody = names_group(bucket.acl, SIGNED_IN, "authenticated-read")
    return where_public_counts(bucket, estate, ~everybody)
