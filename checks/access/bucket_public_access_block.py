from s3audit.check import ACCOUNT, ALL, BUCKETS, HIGH, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import BLOCKS, acls_in_force, blocked, of_type
from s3audit.model.estate import Estate
from s3audit.verdict import Severity, Status, Verdict, unless


@check(
    severity=HIGH,
    severity_rule=(
        "high where a setting is off and nothing above the bucket covers it; medium where that opens nothing"
        " yet: only the two Block settings are off, or those about ACLs on a bucket where ACLs do not count;"
        " low where a template says nothing, because new buckets have all four on"
    ),
    needs=(BUCKETS, ACCOUNT),
    sources=ALL,
    yields_to=("access-public-read", "access-public-write"),
    peers={
        "checkov": ("CKV2_AWS_6", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"),
        "trivy": ("AVD-AWS-0094", "AVD-AWS-0086", "AVD-AWS-0087", "AVD-AWS-0091", "AVD-AWS-0093"),
        "prowler": ("s3_bucket_level_public_access_block",),
        "guard": ("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",),
        "terrascan": ("AC_AWS_0496",),
        "config": ("s3-bucket-level-public-access-prohibited",),
        "securityhub": ("S3.8",),
        "custodian": ("check-public-block",),
        "regula": ("FG_R00229",),
        "steampipe": ("s3_public_access_block_bucket", "s3_public_access_block_bucket_account"),
        "kics": (
            "S3 Bucket Allows Public ACL (terraform d0cc8694-fcad-43ff-ac86-32331d7e867f)",
            "S3 Bucket Allows Public ACL (cloudformation 48f100d9-f499-4c6d-b2b8-deafe47ffb26)",
            "S3 Bucket Allows Public Policy (terraform 1a4bc881-9f69-4d44-8c9a-d37d08f54c50)",
            "S3 Bucket Allows Public Policy (cloudformation 860ba89b-b8de-4e72-af54-d6aee4138a69)",
            "S3 Bucket Without Ignore Public ACL (terraform 4fa66806-0dd9-4f8d-9480-3174d39c7c91)",
            "S3 Bucket Without Ignore Public ACL (cloudformation 6c8d51af-218d-4bfb-94a9-94eabaa0703a)",
            "S3 Bucket Without Restriction Of Public Bucket (terraform 1ec253ab-c220-4d63-b2de-5b40e0af9293)",
            (
                "S3 Bucket Without Restriction Of Public Bucket"
                " (cloudformation 350cd468-0e2c-44ef-9d22-cfb73a62523c)"
            ),
        ),
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
            resource "aws_s3_bucket_public_access_block" "example" {
              bucket                  = aws_s3_bucket.example.id
              block_public_acls       = true
              ignore_public_acls      = true
              block_public_policy     = true
              restrict_public_buckets = true
            }
            """,
        cli="""
            aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration \\
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
            """,
        note="A bucket that is meant to be public stops being so; let CloudFront serve it instead.",
    ),
    passes=(
        """
        # All four are on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
        """,
        """
        # As JSON, with the words that CloudFormation takes for true; directory buckets are always blocked.
        {
          "Resources": {
            "Orders": {
              "Type": "AWS::S3::Bucket",
              "Properties": {
                "PublicAccessBlockConfiguration": {
                  "BlockPublicAcls": "true",
                  "IgnorePublicAcls": "true",
                  "BlockPublicPolicy": true,
                  "RestrictPublicBuckets": true
                }
              }
            },
            "Scratch": {
              "Type": "AWS::S3Express::DirectoryBucket",
              "Properties": {"LocationName": "euw1-az1", "DataRedundancy": "SingleAvailabilityZone"}
            }
          }
        }
        """,
    ),
    fails=(
        """
        # High: public policies are let in, and take effect.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: false # <-
                RestrictPublicBuckets: false # <-
        """,
        """
        # High: what a declared block leaves out is off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: # <-
                BlockPublicAcls: true
                BlockPublicPolicy: true
        """,
        """
        # Medium: public ACLs and policies can be written, but have no effect.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: false # <-
                IgnorePublicAcls: true
                BlockPublicPolicy: false # <-
                RestrictPublicBuckets: true
        """,
        """
        # Medium: ACLs do not count on this bucket, so there is nothing to ignore.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerEnforced
              PublicAccessBlockConfiguration: # <-
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
        """,
        """
        # Low: nothing is said. A new bucket has all four on, an older one may have none.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # One that is off decides, whatever the other is.
        Parameters:
          Restrict: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: false # <-
                RestrictPublicBuckets: !Ref Restrict
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides about one of the four.
        Parameters:
          Restrict: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: !Ref Restrict # <-
        """,
        """
        # Whether the account of the bucket is the one that blocks it is not known.
        provider "aws" {
          alias = "audit"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/audit"
          }
        }
        resource "aws_s3_account_public_access_block" "audit" { # <-
          provider                = aws.audit
          block_public_acls       = true
          block_public_policy     = true
          ignore_public_acls      = true
          restrict_public_buckets = true
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_public_access_block" "orders" {
          bucket            = aws_s3_bucket.orders.id
          block_public_acls = true
        }
        """,
        """
        # The whole block comes from elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://templates/block.yaml}
        """,
    ),
)
def bucket_public_access_block(bucket: Bucket, estate: Estate) -> Verdict:
    """All four settings of Block Public Access are on for the bucket.

    Block Public Access stands above policies and ACLs: with it one careless statement does not open the data
    to the world. It counts whether it is set on the bucket, on its account or by the organization.
    """
    verdict = blocked(bucket, estate, *BLOCKS)
    if verdict.status is Status.FAIL and verdict.severity is None:
        verdict = verdict.at_severity(_severity(bucket, estate))
    return unless(of_type(bucket, "directory", "outposts"), "it is never public", verdict)


def _severity(bucket: Bucket, estate: Estate) -> Severity:
    off = {name for name in BLOCKS if blocked(bucket, estate, name).status is not Status.PASS}
    acts_on_nothing = {"block_public_acls", "block_public_policy"}
    if acls_in_force(bucket).status is Status.FAIL:
        acts_on_nothing.add("ignore_public_acls")
    return MEDIUM if off <= acts_on_nothing else HIGH
