from collections.abc import Iterator

from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket, ObjectLock
from s3audit.model.estate import Estate
from s3audit.model.locks import retained_days, retains_by_default
from s3audit.setting import Known, Setting, Unknown, Unset, when_set
from s3audit.verdict import Evidence, Status, Verdict, every, not_applicable, unknown, unless, verdict

_LONGEST_DAYS, _LONGEST_YEARS = 36_500, 100


@check(
    severity=MEDIUM,
    severity_rule="medium: too short leaves no time to notice, and what is too long in COMPLIANCE can't be undone",
    needs=(BUCKETS,),
    sources=ALL,
    peers={"custodian": ("lock-configuration",)},
    fix=Fix(
        cloudformation="""
            ObjectLockConfiguration:
              ObjectLockEnabled: Enabled
              Rule:
                DefaultRetention:
                  Mode: COMPLIANCE
                  Years: 10
            """,
        terraform="""
            resource "aws_s3_bucket_object_lock_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                default_retention {
                  mode  = "COMPLIANCE"
                  years = 10
                }
              }
            }
            """,
        cli="""
            aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration \\
              '{"ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 10}}}'
            """,
        note="Days or Years, not both, and as your rules for records say; older versions keep the date they have.",
    ),
    passes=(
        """
        # Ten years are expected, and ten years it is.
        #: [[expect]]
        #: name = "shop-ledger"
        #: retention = { minimum = 3650, maximum = 4000 }
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 10}}
        """,
        """
        # Nothing is asked where nothing is expected, or where there is no default retention.
        #: [[expect]]
        #: name = ["shop-ledger", "shop-orders"]
        #: retention = { minimum = 30 }
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-ledger
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Days: 30}}
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-backups
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 1}}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
    ),
    fails=(
        """
        # Ten years are expected, and it is seven.
        #: [[expect]]
        #: name = "shop-ledger"
        #: retention = { minimum = 3650 }
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
                    Mode: COMPLIANCE
                    Years: 7 # <-
        """,
        """
        # A year is the most that is expected.
        #: [[expect]]
        #: name = "shop-ledger"
        #: retention = { maximum = 365 }
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
                    Mode: COMPLIANCE
                    Days: 3650 # <-
        """,
        """
        # S3 takes one of the two.
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
                    Days: 365 # <-
                    Years: 1 # <-
        """,
        """
        # A hundred years is the most that S3 takes.
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
                    Years: 365 # <-
        """,
    ),
    unsure=(
        """
        # How long is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-ledger"
        #: retention = { minimum = 3650 }
        Parameters:
          Period:
            Type: Number
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
                    Mode: COMPLIANCE
                    Days: !Ref Period # <-
        """,
    ),
)
def retention_range(bucket: Bucket, estate: Estate) -> Verdict:
    """Default retention is between the configured minimum and maximum.

    A lock that ends too soon leaves no time to notice that something was destroyed. One that lasts too long
    can't be undone in COMPLIANCE mode, and every byte is paid for until it ends.
    """
    return unless(
        ~retains_by_default(bucket), "there is no default retention", lambda: _judge(bucket, estate)
    )


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    lock = bucket.object_lock
    formed, within = _well_formed(lock), _within(lock, bucket, estate)
    return within if formed.status is Status.PASS else formed & within


def _well_formed(lock: ObjectLock) -> Verdict:
    """Whether S3 takes it at all."""
    return (
        _is_one(lock)
        & _is_up_to(lock.days, _LONGEST_DAYS, "the default retention in days")
        & _is_up_to(lock.years, _LONGEST_YEARS, "the default retention in years")
    )


def _is_one(lock: ObjectLock) -> Verdict:
    days = lock.days.satisfies(lambda value: value is not None, "the default retention is in days")
    years = lock.years.satisfies(lambda value: value is not None, "the default retention is in years")
    return ~(days & years)


def _is_up_to(period: Setting[int | None], longest: int, what: str) -> Verdict:
    return when_set(
        period,
        lambda value: period.satisfies(
            lambda _: 1 <= value <= longest, f"{what} is {value:,}, and S3 takes 1 to {longest:,}"
        ),
        Verdict(Status.PASS),
        what=what,
    )


def _within(lock: ObjectLock, bucket: Bucket, estate: Estate) -> Verdict:
    period = retained_days(lock)
    return every(
        _bounds(period, bucket, estate),
        empty=not_applicable(lock.at, "nobody says how long it should be"),
    )


def _bounds(period: Setting[int | None], bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    least = said(bucket, estate, lambda one: None if one.retention is None else one.retention.minimum)
    most = said(bucket, estate, lambda one: None if one.retention is None else one.retention.maximum)
    for expected, is_least in ((least, True), (most, False)):
        match expected, period:
            case (Unknown(why, at), _) | (Known(int()), Unknown(why, at)):
                yield unknown(at, why)
            case (Known(int() as bound), (Known(int() as days, at) | Unset(int() as days, at))):
                words = "at least" if is_least else "at most"
                note = f"the default retention is {days:,} days, and {words} {bound:,} are expected"
                fits = days >= bound if is_least else days <= bound
                yield verdict(Status.PASS if fits else Status.FAIL, Evidence(at, note))
            case _:
                continue
