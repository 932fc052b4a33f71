from s3audit.check import ACCOUNT, ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

from ._grants import EVERYONE, names_group, where_public_counts


@check(
    severity=HIGH,
    severity_rule="high: whoever knows the name of the bucket can list it, or write to it",
    needs=(BUCKETS, ACCOUNT),
    sources=ALL,
    yields_to=("access-public-read", "access-public-write"),
    peers={
        "checkov": ("CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_375"),
        "trivy": ("AVD-AWS-0092",),
        "prowler": ("s3_bucket_public_list_acl", "s3_bucket_public_write_acl"),
        "kics": (
            (
                "S3 Bucket ACL Allows Read Or Write to All Users"
                " (terraform 38c5ee0d-7f22-4260-ab72-5073048df100)"
            ),
            (
                "S3 Bucket ACL Allows Read Or Write to All Users"
                " (cloudformation 07dda8de-d90d-469e-9b37-1aca53526ced)"
            ),
            "S3 Bucket ACL Allows Read to All Users (cloudformation 219f4c95-aa50-44e0-97de-cf71f4641170)",
        ),
        "guard": ("S3_BUCKET_PUBLIC_READ_ACL", "S3_BUCKET_NO_PUBLIC_RW_ACL"),
        "cfn_nag": ("W31", "F14"),
        "scoutsuite": ("s3-bucket-world-acl",),
        "terrascan": ("AC_AWS_0210", "AC_AWS_0212", "AC_AWS_0213"),
        "custodian": ("global-grants",),
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
        note="Whoever has access by an ACL today needs a statement in the bucket policy first.",
    ),
    passes=(
        """
        # ACLs are on, and this one names the log delivery only.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
        """,
        """
        # A public ACL does not count where ACLs are off, nor where public ones are ignored.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead
              OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
              PublicAccessBlockConfiguration: {IgnorePublicAcls: true}
        """,
    ),
    fails=(
        """
        # Everyone may list the bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: false
        """,
        """
        # A new bucket refuses this ACL, so it is meant for one that has ACLs on: everyone may write to it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicReadWrite # <-
        """,
        """
        # Public where Env is dev.
        Parameters:
          Env: {Type: String, AllowedValues: [dev, prod]}
        Conditions:
          IsDev: !Equals [!Ref Env, dev]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: !If [IsDev, PublicRead, Private] # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
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
        # The ACL is public; whether it counts is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead
              OwnershipControls:
                Rules:
                  - ObjectOwnership: !ImportValue ownership # <-
        """,
        """
        # The ACL is public; whether that is ignored is for whoever deploys it.
        Parameters:
          Ignore: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: !Ref Ignore # <-
        """,
    ),
)
def everyone(bucket: Bucket, estate: Estate) -> Verdict:
    """No bucket ACL grant names Everyone.

    A grant to Everyone lets strangers list what the bucket holds, or put something into it, without signing
    in. It stands in no policy, so it is easily missed.
    """
    public = names_group(bucket.acl, EVERYONE, "public-read", "public-read-write")
    return where_public_counts(bucket, estate, ~public)
