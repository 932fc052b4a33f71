from s3audit.check import ALL, BUCKETS, INFO, MEDIUM, Fix, check
from s3audit.intent import holds
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import is_on
from s3audit.model.locks import retained_days, retains_by_default
from s3audit.setting import Setting, every_of, when_set
from s3audit.verdict import Status, Verdict, not_applicable, unless


@check(
    severity=INFO,
    severity_rule="info: what is locked stays until the lock ends, and then the rule removes it; medium for"
    " personal data, of which somebody may have promised that it goes earlier",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: old-versions
                  Status: Enabled
                  NoncurrentVersionExpiration:
                    NoncurrentDays: 3650
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "old-versions"
                status = "Enabled"
                filter {}
                noncurrent_version_expiration {
                  noncurrent_days = 3650
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "old-versions", "Status": "Enabled", "Filter": {},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 3650}}]}'
            """,
        note="Or make the default retention shorter: that is for new versions only.",
    ),
    passes=(
        """
        # Old versions go when their lock has ended.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 1}}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 365
                    NoncurrentVersionExpiration: {NoncurrentDays: 365}
        """,
        """
        # Nothing is asked without a lock, without expiry, or of a rule that is switched off.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Days: 30}}
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 90}}
                  - {Status: Disabled, NoncurrentVersionExpiration: {NoncurrentDays: 7}}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 7}
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Days: 30}}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
        """,
    ),
    fails=(
        """
        # The rule says 30 days, the lock a year: it will be a year.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 1}}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 30 # <-
        """,
        """
        # What expires is hidden behind a delete marker, and nothing is deleted.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 90}}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30 # <-
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
        """,
        """
        # Medium: personal data is kept longer than the rule says.
        #: [[expect]]
        #: name = "shop-orders"
        #: data = "personal"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 1}}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 30 # <-
        """,
    ),
    unsure=(
        """
        # How long the lock lasts is for whoever deploys it.
        Parameters:
          Period:
            Type: Number
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention:
                    Mode: COMPLIANCE
                    Days: !Ref Period # <-
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 30}
        """,
    ),
)
def lifecycle_conflict(bucket: Bucket, estate: Estate) -> Verdict:
    """Lifecycle expiry does not run before the lock ends.

    A lifecycle rule deletes no version that is locked: it waits until the lock ends. Whoever reads the rule, or
    made a promise by it, believes that the data is gone long before.
    """
    found = unless(
        ~retains_by_default(bucket),
        "nothing is locked by default",
        lambda: when_set(
            bucket.lifecycle,
            lambda lifecycle: _judge(lifecycle, retained_days(bucket.object_lock)),
            "it has no lifecycle configuration",
            what="the lifecycle configuration",
        ),
    )
    if found.status is Status.FAIL and holds(bucket, estate, "personal").status is Status.PASS:
        return found.at_severity(MEDIUM)
    return found


def _judge(lifecycle: Lifecycle, period: Setting[int | None]) -> Verdict:
    empty = not_applicable(lifecycle.at, "there are no lifecycle rules")
    return every_of(lifecycle.rules, lambda rule: _waits(rule, period), empty)


def _waits(rule: LifecycleRule, period: Setting[int | None]) -> Verdict:
    return unless(
        ~is_on(rule),
        "the rule does nothing",
        lambda: (
            _lasts(
                rule.noncurrent_days, period, "old versions are to go after {} days, and are locked for {}"
            )
            & _lasts(
                rule.expiration_days,
                period,
                "objects expire after {} days, which hides them and does not delete them: they are locked for {}",
            )
        ),
    )


def _lasts(days: Setting[int | None], period: Setting[int | None], note: str) -> Verdict:
    """Whether nothing is to go while it is still locked."""
    return when_set(
        days,
        lambda after: when_set(
            period,
            lambda locked: days.satisfies(
                lambda _: after >= locked, note.format(f"{after:,}", f"{locked:,}")
            ),
            "there is no default retention",
            what="how long it is locked",
        ),
        "the rule ends nothing",
        what="when the rule ends objects",
    )
