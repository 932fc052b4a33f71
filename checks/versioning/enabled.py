from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type, versioning
from s3audit.verdict import Verdict, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: without versions there is no way back from an overwrite or a delete",
    needs=(BUCKETS,),
    yields_to=("object-lock-versioning", "replication-source-versioning"),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_21",),
        "trivy": ("AVD-AWS-0090",),
        "prowler": ("s3_bucket_object_versioning",),
        "kics": (
            "S3 Bucket Without Versioning (terraform 568a4d22-3517-44a6-a7ad-6a7eed88722c)",
            "S3 Bucket Without Versioning (cloudformation a227ec01-f97a-4084-91a4-47b350c1db54)",
        ),
        "guard": ("S3_BUCKET_VERSIONING_ENABLED",),
        "scoutsuite": ("s3-bucket-no-versioning",),
        "terrascan": ("AC_AWS_0214",),
        "config": ("s3-bucket-versioning-enabled",),
        "securityhub": ("S3.14",),
        "regula": ("FG_R00101",),
        "steampipe": ("s3_bucket_versioning_enabled",),
    },
    fix=Fix(
        cloudformation="""
            VersioningConfiguration:
              Status: Enabled
            """,
        terraform="""
            resource "aws_s3_bucket_versioning" "example" {
              bucket = aws_s3_bucket.example.id
              versioning_configuration {
                status = "Enabled"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
            """,
        note="Old versions are kept and paid for until a lifecycle rule expires them.",
    ),
    passes=(
        """
        # Versioning is on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: Enabled
        """,
        """
        # A bucket made with Object Lock has versioning on without a word about it.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
        """,
        """
        # A directory bucket has no versioning, so nothing is asked of it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: euw1-az1
              DataRedundancy: SingleAvailabilityZone
        """,
    ),
    fails=(
        """
        # Nothing is said about versioning.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # Versioning was on once and is suspended: what is written now has no versions.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: Suspended # <-
        """,
        """
        # The key is there, the word that counts is not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {} # <-
        """,
        """
        # Off where Env is dev, which is one of the two environments that this template is for.
        Parameters:
          Env:
            Type: String
            AllowedValues: [dev, prod]
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: !If [IsProd, Enabled, Suspended] # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys this chooses, and no default says what.
        Parameters:
          Versioning:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: !Ref Versioning # <-
        """,
        """
        # Another stack decides.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: !ImportValue storage-versioning # <-
        """,
    ),
)
def enabled(bucket: Bucket) -> Verdict:
    """Versioning is enabled.

    With versions an overwritten or deleted object can be brought back, whether a person, a faulty program or
    ransomware did it. Without them the last write is all there is.
    """
    return unless(
        of_type(bucket, "directory"),
        "it can't have versions",
        versioning(bucket).is_in("Enabled", what="versioning"),
    )
