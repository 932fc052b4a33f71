from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import LifecycleRule
from s3audit.model.lifetimes import expires, expiry_deletes, has_versions, is_on
from s3audit.model.locks import retained_days, retains_by_default
from s3audit.setting import Known, Setting, every_of, when_set
from s3audit.verdict import Status, Verdict, passed

from ._moments import some_days
from ._rules import NOTHING, WHAT, fulfils, quiet

_YES = Verdict(Status.PASS)
_NO = Verdict(Status.FAIL)


@check(
    severity=HIGH,
    severity_rule="high: records are deleted by themselves, and nobody gets them back; whoever holds data to ransom"
    " uses such a rule, too",
    needs=(BUCKETS,),
    sources=ALL,
    yields_to=("logging-target-retention",),
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: old
                  Status: Enabled
                  ExpirationInDays: 3650
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "old"
                status = "Enabled"
                filter {}
                expiration {
                  days = 3650
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: leave out those that delete too early.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "old", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 3650}}]}'
            """,
        note="A rule acts within a day, so switch it off first; and let few have s3:PutLifecycleConfiguration.",
    ),
    passes=(
        """
        # They stay as long as they must.
        #: [[expect]]
        #: name = "shop-invoices"
        #: retention = { minimum = 3650 }
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 3650}
                  - {Status: Disabled, ExpirationInDays: 30}
        """,
        """
        # With versioning what expires is only hidden, and old versions stay long enough.
        #: [[expect]]
        #: name = "shop-invoices"
        #: retention = { minimum = 365 }
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30
                    NoncurrentVersionExpiration: {NoncurrentDays: 365}
        """,
        """
        # The lock keeps them; a rule may delete what has many newer versions; of others nobody asks.
        #: [[expect]]
        #: name = ["shop-invoices", "shop-orders"]
        #: retention = { minimum = 365 }
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 1}}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 30}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 30, NewerNoncurrentVersions: 10}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 30}
        """,
    ),
    fails=(
        """
        # Ten years are wanted, and after a month they are gone.
        #: [[expect]]
        #: name = "shop-invoices"
        #: retention = { minimum = 3650 }
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30 # <-
        """,
        """
        # Whatever is overwritten is gone after a month.
        #: [[expect]]
        #: name = "shop-invoices"
        #: retention = { minimum = 365 }
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 30 # <-
        """,
        """
        # A date deletes what was uploaded the day before, and goes on deleting; without new versions nothing is hidden.
        #: [[expect]]
        #: name = "shop-*"
        #: retention = { minimum = 365 }
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationDate: "2030-01-01T00:00:00Z" # <-
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Suspended}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30 # <-
        """,
    ),
    unsure=(
        """
        # When they go is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-invoices"
        #: retention = { minimum = 365 }
        Parameters:
          Days:
            Type: Number
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: !Ref Days # <-
        """,
    ),
)
def expires_critical(bucket: Bucket, estate: Estate) -> Verdict:
    """Rules do not expire data that has to be kept.

    A lifecycle rule deletes quietly, day by day, whatever somebody once thought old enough. Where data has to be kept
    for a time, nothing may delete it before.
    """
    wanted = said(bucket, estate, lambda one: None if one.retention is None else one.retention.minimum)
    return when_set(wanted, lambda least: _judge(bucket, least), "nobody says how long it is kept")


def _judge(bucket: Bucket, least: int) -> Verdict:
    found = when_set(
        bucket.lifecycle,
        lambda lifecycle: every_of(
            lifecycle.rules,
            lambda rule: _spares(rule, bucket, least),
            passed(lifecycle.at, "there are no lifecycle rules"),
        ),
        passed(bucket.lifecycle.at, NOTHING),
        what=WHAT,
    )
    if found.status is not Status.PASS:
        return found | _is_locked(bucket, least)
    return found if found.evidence else passed(bucket.lifecycle.at, "no rule deletes before it may")


def _is_locked(bucket: Bucket, least: int) -> Verdict:
    """Whether whatever is uploaded is locked as long as it has to be kept."""
    locked = retained_days(bucket.object_lock).satisfies(
        lambda days: days is not None and days >= least, "the default retention lasts as long"
    )
    found = retains_by_default(bucket) & locked
    return _NO if found.status is Status.FAIL else found


def _spares(rule: LifecycleRule, bucket: Bucket, least: int) -> Verdict:
    """Whether it deletes nothing for good before it may."""
    on = quiet(is_on(rule))
    final = quiet(expiry_deletes(bucket))
    found = ~(on & final & _too_early(rule, least)) & ~(
        on & quiet(has_versions(bucket)) & _versions_too_early(rule, least)
    )
    if found.status is Status.PASS and final.status is Status.FAIL and expires(rule).status is Status.PASS:
        return passed(rule.at, "what expires is hidden behind a delete marker, and stays")
    return found


def _too_early(rule: LifecycleRule, least: int) -> Verdict:
    at_a_date = when_set(
        rule.expiration_date,
        lambda date: passed(
            rule.expiration_date.at, f"what is there on {date} is deleted, and all that comes later"
        ),
        _NO,
        what="when objects expire",
    )
    return _after_days(rule.expiration_days, least, "objects are deleted") | at_a_date


def _versions_too_early(rule: LifecycleRule, least: int) -> Verdict:
    spares_newest = quiet(rule.noncurrent_newer_versions.satisfies(bool, "the newest old versions stay"))
    early = _after_days(rule.noncurrent_days, least, "old versions are deleted")
    return early & ~spares_newest


def _after_days(days: Setting[int | None], least: int, what: str) -> Verdict:
    told = days.value if isinstance(days, Known) else None
    found = fulfils(
        days,
        lambda after: after is not None and after < least,
        f"{what} after {some_days(told or 0)}, and have to be kept for {least:,}",
        f"when {what}",
    )
    return _NO if found.status is Status.FAIL else found
