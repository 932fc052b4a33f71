from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import is_for, said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.locks import is_locked
from s3audit.model.uses import receives_access_logs
from s3audit.setting import Known, Unknown
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule="medium for a bucket that is said to need it; a lock on every bucket would do harm",
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_143",),
        "prowler": ("s3_bucket_object_lock",),
        "guard": ("S3_BUCKET_DEFAULT_LOCK_ENABLED",),
        "config": ("s3-bucket-default-lock-enabled",),
        "securityhub": ("S3.15",),
        "custodian": ("lock-configuration",),
        "steampipe": ("s3_bucket_object_lock_enabled",),
    },
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
            resource "aws_s3_bucket_object_lock_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                default_retention {
                  mode = "GOVERNANCE"
                  days = 30
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
            aws s3api put-object-lock-configuration --bucket BUCKET \\
              --object-lock-configuration ObjectLockEnabled=Enabled
            """,
        note="It can't be switched off again, nor can versioning; CloudFormation replaces a bucket that has none.",
    ),
    passes=(
        """
        # The ledger is said to be write-once, and is.
        #: [[expect]]
        #: name = "shop-ledger"
        #: role = "worm"
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
        """,
        """
        # Nothing is asked of a bucket of which nothing is said, nor of a target of access logs.
        #: [[expect]]
        #: name = "shop-ledger"
        #: object_lock = true
        #:
        #: [[expect]]
        #: name = "shop-logs"
        #: role = ["records", "log-target"]
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
        """,
    ),
    fails=(
        """
        # Said to be write-once, and it is not.
        #: [[expect]]
        #: name = "shop-ledger"
        #: role = "worm"
        Resources:
          Ledger: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
        """,
        """
        # Every bucket of records needs it; the photos are said to do without.
        #: [[expect]]
        #: name = "shop-*"
        #: role = "records"
        #:
        #: [[expect]]
        #: name = "shop-photos"
        #: object_lock = false
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: false # <-
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        #: [[expect]]
        #: name = "shop-ledger"
        #: role = "worm"
        Parameters:
          Lock:
            Type: String
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: !Ref Lock # <-
        """,
    ),
)
def enabled(bucket: Bucket, estate: Estate) -> Verdict:
    """Object Lock is enabled on buckets for write-once data.

    Without it whoever may delete versions can destroy records and backups, and so can ransomware with stolen
    keys. It is asked of buckets for `worm`, `records` or `backup-target`, and where `object_lock` is expected.
    """

    def asked() -> Verdict:
        return unless(
            ~_is_wanted(bucket, estate), "nobody says that it needs a lock", lambda: _judge(bucket, estate)
        )

    return unless(of_type(bucket, "directory", "outposts"), "it can't have Object Lock", asked)


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    found = is_locked(bucket)
    if found.status is not Status.FAIL:
        return found
    return unless(
        receives_access_logs(bucket, estate), "S3 delivers no access logs to a locked bucket", found
    )


def _is_wanted(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it is said to need one; what is said of the lock itself counts first."""
    match said(bucket, estate, lambda one: one.object_lock):
        case Known(bool() as wanted, at):
            note = "Object Lock is expected" if wanted else "no Object Lock is expected"
            return passed(at, note) if wanted else failed(at, note)
        case Unknown(why, at):
            return unknown(at, why)
        case _:
            return is_for(bucket, estate, "worm", "records", "backup-target")
