from collections.abc import Callable, Iterator

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Retention
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.log_keys import Logger, by_target, meet, starts, unseen
from s3audit.model.uses import receives_access_logs
from s3audit.setting import Known, Unknown, every_of, some_of, when_set
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown, unless

_NO_LOGS = "there are no access logs in it"


@check(
    severity=LOW,
    severity_rule=(
        "low: logs pile up without end; medium where the configuration says how long they are kept, and a rule"
        " deletes them before"
    ),
    needs=(BUCKETS,),
    about="lifecycle",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: expire-logs
                  Status: Enabled
                  ExpirationInDays: 400
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "expire-logs"
                status = "Enabled"
                filter {}
                expiration {
                  days = 400
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-lifecycle-configuration --bucket LOG_BUCKET --lifecycle-configuration '{"Rules": [
              {"ID": "expire-logs", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}
            ]}'
            """,
        note="What is older is deleted soon after; keep the rules that there are beside this one.",
    ),
    passes=(
        """
        # All of it is deleted after a while.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 400
        """,
        """
        # The logs of each bucket are archived by a rule of their own.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: access/orders/}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: access/invoices/}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: access/orders/
                    Transitions: [{StorageClass: GLACIER, TransitionInDays: 90}]
                  - Status: Enabled
                    Prefix: access/inv
                    ExpirationInDays: 400
        """,
        """
        # They are kept as long as they should be.
        #: [[expect]]
        #: name = "shop-logs"
        #: log_retention = { minimum = 365 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 400
                  - Status: Enabled
                    Prefix: reports/
                    ExpirationInDays: 7
        """,
    ),
    fails=(
        """
        # What the rule deletes is something else.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: orders/ # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    Prefix: reports/
                    ExpirationInDays: 400
        """,
        """
        # Unfinished uploads are no logs, and logs have no tags.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: # <-
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
                  - Status: Enabled
                    TagFilters: [{Key: Temporary, Value: "yes"}]
                    ExpirationInDays: 30
                  - Status: Disabled
                    ExpirationInDays: 400
        """,
        """
        # Medium: a year is wanted, and after a month they are gone.
        #: [[expect]]
        #: name = "shop-logs"
        #: log_retention = { minimum = 365 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30 # <-
        """,
    ),
    unsure=(
        """
        # Whether the rule is on is for whoever deploys it.
        Parameters:
          Status: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: !Ref Status # <-
                    ExpirationInDays: 400
        """,
        """
        # So is the prefix of the logs.
        Parameters:
          Prefix: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: !Ref Prefix
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: orders/ # <-
                    ExpirationInDays: 400
        """,
    ),
)
def target_retention(bucket: Bucket, estate: Estate) -> Verdict:
    """Log targets expire or archive old logs.

    Logs come without end, and what nobody deletes is paid for every month. Rules that were made for something else
    in the bucket leave them where they are, or delete them before they are needed.
    """
    return when_set(
        bucket.lifecycle,
        lambda found: unless(
            ~some_of(found.rules, _is_on),
            "no rule is on",
            lambda: unless(~_receives(bucket, estate), _NO_LOGS, lambda: _kept(bucket, found, estate)),
        ),
        "it has no lifecycle rules",
        what="the lifecycle configuration",
    )


def _receives(bucket: Bucket, estate: Estate) -> Verdict:
    found = receives_access_logs(bucket, estate)
    return found if found.evidence else failed(bucket.at, "nothing is seen to log to it")


def _is_on(rule: LifecycleRule) -> Verdict:
    return _quiet(rule.status.is_in("Enabled", what="the status of a rule"))


def _kept(bucket: Bucket, lifecycle: Lifecycle, estate: Estate) -> Verdict:
    return _is_moved(bucket, lifecycle, estate) & when_set(
        said(bucket, estate, lambda one: one.log_retention),
        lambda wanted: _long_enough(bucket, lifecycle, wanted, estate),
        Verdict(Status.PASS),
    )


def _is_moved(bucket: Bucket, lifecycle: Lifecycle, estate: Estate) -> Verdict:
    everything = some_of(lifecycle.rules, lambda rule: _covers(rule, Text()))
    if everything.status is Status.PASS:
        return passed(lifecycle.at, "a rule deletes or moves all that is in it")

    def moved(one: Logger) -> Verdict:
        found = some_of(lifecycle.rules, lambda rule: _covers(rule, one.keys))
        if found.status is not Status.FAIL:
            return found
        told = failed(one.at, f"{one.label} logs {one.below}")
        return told.noting(f"no rule deletes or moves all that {one.label} logs", lifecycle.at)

    return every(
        (*_each(bucket, estate, moved), *unseen(bucket, Known(bucket, bucket.at), bucket.at, estate)),
    )


def _each(bucket: Bucket, estate: Estate, judge: Callable[[Logger], Verdict]) -> Iterator[Verdict]:
    """Of all that log to it; where that is not sure a failure is none."""
    if isinstance(bucket.name, Unknown):
        yield unknown(bucket.name.at, bucket.name.why)
        return
    name = bucket.name.value if isinstance(bucket.name, Known) else bucket.name.default
    for those in estate.once(by_target).meant_by(name):
        is_here = Status.UNKNOWN if those.target is None else same(those.target, name)
        for one in those.all if is_here is not Status.FAIL else ():
            if one.address == bucket.address:
                continue
            found = judge(one)
            is_sure = is_here is Status.PASS and one.is_there.status is Status.PASS
            if found.status is Status.FAIL and not is_sure:
                found = unknown(one.at, f"whether {one.label} logs to it is not known")
            yield found


def _covers(rule: LifecycleRule, keys: Text) -> Verdict:
    """Whether it surely is about every object whose key begins like this, and deletes or moves it."""
    return _is_on(rule) & _is_about(rule, lambda prefix: starts(prefix, keys)) & _acts(rule)


def _is_about(rule: LifecycleRule, fits: Callable[[Text], Status]) -> Verdict:
    """Of those that have such keys; logs have no tags."""

    def judge(prefix: Text) -> Verdict:
        found = fits(prefix)
        if found is Status.UNKNOWN:
            return unknown(rule.prefix.at, f"whether a rule for {prefix} is about the logs is not known")
        return Verdict(found)

    sizes = (rule.size_greater_than, rule.size_less_than)
    return (
        when_set(rule.prefix, judge, Verdict(Status.PASS))
        & ~some_of(rule.tags, lambda _: Verdict(Status.PASS))
        & every(_quiet(size.satisfies(lambda most: not most, "a rule is for some sizes")) for size in sizes)
    )


def _acts(rule: LifecycleRule) -> Verdict:
    return (
        _quiet(rule.expiration_days.satisfies(lambda days: days is not None, "a rule deletes"))
        | _quiet(rule.expiration_date.satisfies(lambda date: date is not None, "a rule deletes"))
        | some_of(rule.transitions, lambda _: Verdict(Status.PASS))
    )


def _long_enough(bucket: Bucket, lifecycle: Lifecycle, wanted: Retention, estate: Estate) -> Verdict:
    least = wanted.minimum
    if least is None:
        return Verdict(Status.PASS)

    def kept(one: Logger) -> Verdict:
        return every_of(lifecycle.rules, lambda rule: _spares(rule, one.keys, least))

    return every(_each(bucket, estate, kept)).at_severity(MEDIUM)


def _spares(rule: LifecycleRule, keys: Text, least: int) -> Verdict:
    """Whether it deletes no log before that many days."""
    soon = rule.expiration_days.satisfies(
        lambda days: days is not None and days < least,
        f"a rule deletes before the {least} days that are wanted",
    )
    found = _is_on(rule) & _is_about(rule, lambda prefix: meet(prefix, keys)) & soon
    return ~found if found.status is not Status.FAIL else Verdict(Status.PASS)


def _quiet(found: Verdict) -> Verdict:
    """What decides is said elsewhere."""
    return found if found.status is Status.UNKNOWN else Verdict(found.status)
