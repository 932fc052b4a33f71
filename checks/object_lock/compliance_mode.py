from s3audit.check import ALL, BUCKETS, HIGH, LOW, Fix, check
from s3audit.intent import is_for, said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.locks import is_locked
from s3audit.setting import Known, Setting, Unknown, when_set
from s3audit.verdict import Verdict, failed, passed, unknown, unless


@check(
    severity=LOW,
    severity_rule="low: GOVERNANCE is right for many; high where COMPLIANCE is expected in so many words",
    needs=(BUCKETS,),
    sources=ALL,
    peers={"config": ("s3-bucket-default-lock-enabled",), "custodian": ("lock-configuration",)},
    fix=Fix(
        cloudformation="""
            ObjectLockConfiguration:
              ObjectLockEnabled: Enabled
              Rule:
                DefaultRetention:
                  Mode: COMPLIANCE
            """,
        terraform="""
            resource "aws_s3_bucket_object_lock_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                default_retention {
                  mode  = "COMPLIANCE"
                  years = 7
                }
              }
            }
            """,
        cli="""
            aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration \\
              '{"ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}}}'
            """,
        note="What is locked so nobody can delete before its time, not even the root user or AWS.",
    ),
    passes=(
        """
        # Nobody can shorten what the records are kept for.
        #: [[expect]]
        #: name = "shop-ledger"
        #: role = "records"
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 7}}
        """,
        """
        # GOVERNANCE is right where nobody expects more, or where just that is expected.
        #: [[expect]]
        #: name = "shop-ledger"
        #: role = "worm"
        #:
        #: [[expect]]
        #: name = "shop-backups"
        #: role = "worm"
        #: retention = { mode = "GOVERNANCE" }
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 7}}
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-backups
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 30}}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 30}}
        """,
    ),
    fails=(
        """
        # High: COMPLIANCE is what is expected.
        #: [[expect]]
        #: name = "shop-ledger"
        #: retention = { mode = "COMPLIANCE" }
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention:
                    Mode: GOVERNANCE # <-
                    Years: 7
        """,
        """
        # Low: these are records, and nothing is said about how they are locked.
        #: [[expect]]
        #: name = "shop-ledger"
        #: role = "records"
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention:
                    Mode: GOVERNANCE # <-
                    Years: 7
        """,
    ),
    unsure=(
        """
        # The mode is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-ledger"
        #: retention = { mode = "COMPLIANCE" }
        Parameters:
          Mode:
            Type: String
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention:
                    Mode: !Ref Mode # <-
                    Years: 7
        """,
    ),
)
def compliance_mode(bucket: Bucket, estate: Estate) -> Verdict:
    """Regulated buckets use COMPLIANCE mode.

    In GOVERNANCE mode whoever has one more permission can still delete what is locked. Rules for records ask
    that nobody can. It is asked of buckets for `worm` or `records`, and where that mode is expected.
    """
    return unless(
        ~is_locked(bucket), "nothing is locked", lambda: _of_mode(bucket, _said_mode(bucket, estate), estate)
    )


def _said_mode(bucket: Bucket, estate: Estate) -> Setting[str | None]:
    """The mode that is expected."""
    return said(bucket, estate, lambda one: None if one.retention is None else one.retention.mode)


def _of_mode(bucket: Bucket, expected: Setting[str | None], estate: Estate) -> Verdict:
    mode = bucket.object_lock.mode
    judged = when_set(
        mode,
        lambda _: mode.is_in("COMPLIANCE", what="the mode of the default retention"),
        "there is no default retention",
        what="the mode of the default retention",
    )
    match expected:
        case Known("COMPLIANCE"):
            return judged.at_severity(HIGH)
        case Known("GOVERNANCE", at):
            return unless(passed(at, "GOVERNANCE is expected"), "it is enough", judged)
        case Unknown(why, at):
            return unless(unknown(at, why), "", judged)
        case _:
            regulated = is_for(bucket, estate, "worm", "records") | failed(bucket.at, "nothing is said of it")
            return unless(~regulated, "nobody says that it needs COMPLIANCE", judged)
