from s3audit.check import BUCKETS, CLOUDFORMATION, HIGH, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import versioning as effective_versioning
from s3audit.verdict import Verdict, unless


@check(
    severity=HIGH,
    severity_rule="high: without versioning the deployment fails, or the lock is not there",
    needs=(BUCKETS,),
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            ObjectLockEnabled: true
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
    ),
    passes=(
        """
        # Both are declared.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              VersioningConfiguration:
                Status: Enabled
        """,
        """
        # S3 switches versioning on for a bucket that is made with Object Lock.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
        """,
        """
        # Nothing is asked of a bucket without Object Lock.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              VersioningConfiguration: {Status: Enabled}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Suspended}
        """,
    ),
    fails=(
        """
        # S3 refuses to suspend versioning on a bucket with Object Lock.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              VersioningConfiguration:
                Status: Suspended # <-
        """,
        """
        # It is the same in a bucket whose lock is named in its configuration only.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention: {Mode: COMPLIANCE, Years: 7}
              VersioningConfiguration:
                Status: Suspended # <-
        """,
        """
        # The lock is there wherever versioning is off.
        Parameters:
          Cheap:
            Type: String
            AllowedValues: ["true", "false"]
        Conditions:
          IsCheap: !Equals [!Ref Cheap, "true"]
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              VersioningConfiguration:
                Status: !If [IsCheap, Suspended, Enabled] # <-
        """,
    ),
    unsure=(
        """
        # Whether there is a lock is for whoever deploys it.
        Parameters:
          Lock:
            Type: String
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: !Ref Lock # <-
              VersioningConfiguration:
                Status: Suspended
        """,
        """
        # There is a lock, and versioning is for another stack to say.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              VersioningConfiguration:
                Status: !ImportValue storage-versioning # <-
        """,
    ),
)
def versioning(bucket: Bucket) -> Verdict:
    """Object Lock is declared together with enabled versioning.

    A lock protects versions, so it needs versioning. Where a declaration switches versioning off, S3 refuses
    it and the deployment stops half way, or the bucket is there without the lock that everybody relies on.
    """
    return unless(
        ~bucket.object_lock.enabled.is_in(True, what="Object Lock"),
        "nothing depends on versioning",
        effective_versioning(bucket).is_in("Enabled", what="versioning, which Object Lock needs,"),
    )
