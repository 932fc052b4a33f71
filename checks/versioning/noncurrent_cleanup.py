from collections.abc import Callable, Iterator
from itertools import islice

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type, versioning
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import (
    ends_versions,
    has_no_limit,
    is_for_all,
    is_for_any_key,
    is_on,
    known_rules,
    value_of,
)
from s3audit.model.locks import retains_by_default
from s3audit.setting import Known, Setting, Unknown, some_of, when_set
from s3audit.verdict import Evidence, Status, Verdict, passed, some, unless, verdict

_MOST_SHOWN = 10
"""Settings of rules, in the evidence of one finding."""


@check(
    severity=LOW,
    severity_rule="low: old versions cost money and hold what was meant to be deleted; medium where the"
    " configuration says how long data may stay",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=ALL,
    peers={
        "config": ("s3-version-lifecycle-policy-check",),
        "securityhub": ("S3.10",),
        "regula": ("FG_R00101",),
        "steampipe": ("s3_bucket_versioning_and_lifecycle_policy_enabled",),
    },
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: old-versions
                  Status: Enabled
                  NoncurrentVersionExpiration:
                    NoncurrentDays: 90
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "old-versions"
                status = "Enabled"
                filter {}
                noncurrent_version_expiration {
                  noncurrent_days = 90
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "old-versions", "Status": "Enabled", "Filter": {},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 90}}]}'
            """,
        note="The rule stands beside those that are there, and deletes what is older the day after.",
    ),
    passes=(
        """
        # Old versions go after 90 days.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
        """,
        """
        # They move to where they cost less, and stay there.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionTransitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
        """,
        """
        # Two rules for the whole bucket together: the small objects and the large ones.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ObjectSizeLessThan: "131073"
                    NoncurrentVersionExpiration: {NoncurrentDays: 7}
                  - Status: Enabled
                    ObjectSizeGreaterThan: "131072"
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
        """,
        """
        # Nothing is asked without versions, without lifecycle rules, nor where a lock says how long.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 90, NewerNoncurrentVersions: 3}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 30}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 7}}
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 3650}
        """,
    ),
    fails=(
        """
        # What expires leaves a version behind, and that stays for ever.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30
        """,
        """
        # To suspend versioning keeps the old versions; the rule that would delete them is switched off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Suspended}
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Disabled # <-
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
        """,
        """
        # Only a part of the bucket is cleaned up.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    Prefix: tmp/ # <-
                    NoncurrentVersionExpiration: {NoncurrentDays: 7}
        """,
        """
        # Medium: the data may stay a year, and the old versions stay longer.
        #: [[expect]]
        #: name = "shop-orders"
        #: retention = { maximum = 365 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 300
        """,
    ),
    unsure=(
        """
        # Whether the rule is enabled is for whoever deploys it.
        Parameters:
          Cleanup:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: !Ref Cleanup # <-
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
        """,
        """
        # Whether there are versions is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: !ImportValue storage-versioning # <-
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30
        """,
    ),
)
def noncurrent_cleanup(bucket: Bucket, estate: Estate) -> Verdict:
    """Versioned buckets limit how long noncurrent versions live.

    With versioning nothing that is overwritten or deleted goes away: the old version stays, is paid for, and
    holds what somebody meant to delete. Only a lifecycle rule for noncurrent versions ends that.
    """
    return unless(
        of_type(bucket, "directory"),
        "it can't have versions",
        lambda: unless(
            ~versioning(bucket).is_in("Enabled", "Suspended", what="versioning"),
            "there never were versions",
            lambda: when_set(
                bucket.lifecycle,
                lambda lifecycle: _judge(lifecycle, bucket, estate),
                "it has no lifecycle configuration",
                what="the lifecycle configuration",
            ),
        ),
    )


def _judge(lifecycle: Lifecycle, bucket: Bucket, estate: Estate) -> Verdict:
    return unless(
        bucket.versioning.mfa_delete.is_in("Enabled", what="MFA delete"),
        "S3 allows no lifecycle rules beside it",
        lambda: unless(
            retains_by_default(bucket),
            "the lock says how long versions stay",
            _limits(lifecycle, bucket, estate),
        ),
    )


def _limits(lifecycle: Lifecycle, bucket: Bucket, estate: Estate) -> Verdict:
    found = some_of(lifecycle.rules, lambda rule: _acts(rule) & is_for_all(rule)) | _by_size(lifecycle)
    if found.status is not Status.FAIL:
        return found
    note = "no enabled rule for the whole bucket ends or moves noncurrent versions"
    failure = verdict(Status.FAIL, Evidence(lifecycle.at, note), *islice(_short(lifecycle), _MOST_SHOWN))
    return failure.at_severity(MEDIUM) if _is_limited(bucket, estate) else failure


def _short(lifecycle: Lifecycle) -> Iterator[Evidence]:
    """What rules that would do it lack."""
    for rule in known_rules(lifecycle):
        if _cleans(rule).status is Status.PASS:
            yield from (is_on(rule) & is_for_all(rule)).evidence


def _is_limited(bucket: Bucket, estate: Estate) -> bool:
    """Whether it is said how long data may stay."""
    match said(bucket, estate, lambda one: None if one.retention is None else one.retention.maximum):
        case Known(int()):
            return True
        case _:
            return False


def _acts(rule: LifecycleRule) -> Verdict:
    return is_on(rule) & _cleans(rule)


def _cleans(rule: LifecycleRule) -> Verdict:
    return ends_versions(rule) | some_of(
        rule.noncurrent_transitions,
        lambda one: passed(one.at, "noncurrent versions cost less from then on, and stay"),
    )


def _by_size(lifecycle: Lifecycle) -> Verdict:
    """Whether one rule is for all small objects, and another for all that are not."""
    small = list(_up_to(lifecycle, lambda rule: (rule.size_less_than, rule.size_greater_than)))
    large = list(_up_to(lifecycle, lambda rule: (rule.size_greater_than, rule.size_less_than)))
    below = [size for size, sure in small if size is not None and sure.status is Status.PASS]
    above = [size for size, sure in large if size is not None and sure.status is Status.PASS]
    if below and above and max(below) > min(above):
        return passed(lifecycle.at, "rules for small and for large objects end or move noncurrent versions")
    open_ = [sure for _, sure in (*small, *large) if sure.status is Status.UNKNOWN]
    return some(open_) if small and large else Verdict(Status.FAIL)


def _up_to(
    lifecycle: Lifecycle, sides: Callable[[LifecycleRule], tuple[Setting[int | None], Setting[int | None]]]
) -> Iterator[tuple[int | None, Verdict]]:
    """The rules that act, or may, and have a limit of size on this side only."""
    for rule in known_rules(lifecycle):
        limit, other = sides(rule)
        given = limit.satisfies(lambda size: size is not None, "the rule is for objects of some sizes only")
        sure = given & has_no_limit(other) & _acts(rule) & is_for_any_key(rule)
        if sure.status is not Status.FAIL:
            yield None if isinstance(limit, Unknown) else value_of(limit), sure
