from collections.abc import Callable, Iterator

from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.lifecycle import LifecycleRule
from s3audit.model.lifetimes import expiry_deletes, has_versions
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, unknown, unless

from ._moments import Moment, some_days
from ._rules import if_on, of_every_rule
from ._steps import (
    END,
    Step,
    current_steps,
    expiry,
    noncurrent_steps,
    pairs,
    refusal,
    version_expiry,
)

_LEAST = {"STANDARD_IA": 30, "ONEZONE_IA": 30, "GLACIER_IR": 90, "GLACIER": 90, "DEEP_ARCHIVE": 180}
"""Days that are charged for in any case."""
_YES = Verdict(Status.PASS)


@check(
    severity=LOW,
    severity_rule="low: what leaves earlier is charged for the rest of 30 days of IA, 90 of Glacier Instant and"
    " Flexible Retrieval, 180 of Deep Archive",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: archive
                  Status: Enabled
                  Transitions:
                    - StorageClass: GLACIER
                      TransitionInDays: 30
                  ExpirationInDays: 120
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "archive"
                status = "Enabled"
                filter {}
                transition {
                  days          = 30
                  storage_class = "GLACIER"
                }
                expiration {
                  days = 120
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "archive", "Status": "Enabled", "Filter": {},
                "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}], "Expiration": {"Days": 120}}]}'
            """,
        note="Or leave the transition out: what is deleted soon is cheapest where it is.",
    ),
    passes=(
        """
        # Each class has its time.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionInDays: 30}
                      - {StorageClass: GLACIER, TransitionInDays: 60}
                      - {StorageClass: DEEP_ARCHIVE, TransitionInDays: 150}
                    ExpirationInDays: 330
        """,
        """
        # With versioning the end is later: what expired is deleted 60 days after that.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
                    ExpirationInDays: 60
                    NoncurrentVersionExpiration: {NoncurrentDays: 60}
        """,
        """
        # Nothing is asked where nothing comes after a transition, nor of INTELLIGENT_TIERING, which has no least time.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: INTELLIGENT_TIERING, TransitionInDays: 0}
                      - {StorageClass: GLACIER, TransitionInDays: 10}
                  - Status: Disabled
                    Prefix: old/
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 0}
                    ExpirationInDays: 1
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
                    ExpirationInDays: 31
        """,
    ),
    fails=(
        """
        # Thirty days in GLACIER, and ninety are paid for.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
                    ExpirationInDays: 60 # <-
        """,
        """
        # A month in GLACIER_IR, and then on to DEEP_ARCHIVE.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER_IR, TransitionInDays: 30}
                      - StorageClass: DEEP_ARCHIVE
                        TransitionInDays: 60 # <-
        """,
        """
        # Old versions are paid for just so.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionTransitions:
                      - {StorageClass: DEEP_ARCHIVE, TransitionInDays: 1}
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 90 # <-
        """,
    ),
    unsure=(
        """
        # When objects expire is for whoever deploys it.
        Parameters:
          Days:
            Type: Number
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
                    ExpirationInDays: !Ref Days # <-
        """,
    ),
)
def minimum_storage_charge(bucket: Bucket) -> Verdict:
    """Objects are not expired before the minimum storage time of their class.

    The cheaper classes are paid for by the month, or by the half-year: what is deleted or moved on earlier is charged
    for the rest of it. So a rule that was made to save money may cost more than none.
    """
    fine = "what is moved stays as long as is charged for"
    return of_every_rule(bucket, lambda rule: if_on(rule, lambda: _judge(rule, bucket)), fine)


def _judge(rule: LifecycleRule, bucket: Bucket) -> Verdict:
    return _long_enough(rule, current_steps(rule), lambda: _deletion(rule, bucket)) & _of_versions(
        rule, bucket
    )


def _of_versions(rule: LifecycleRule, bucket: Bucket) -> Verdict:
    found = _long_enough(rule, noncurrent_steps(rule), lambda: _deletion_of_versions(rule))
    if found.status is Status.NOT_APPLICABLE:
        return found
    return unless(~has_versions(bucket), "there never were versions", found)


def _long_enough(
    rule: LifecycleRule, steps: tuple[Step, ...] | Unknown, deletion: Callable[[], Step | None]
) -> Verdict:
    if isinstance(steps, Unknown):
        return unknown(steps.at, steps.why)
    if not steps:
        return not_applicable(rule.at, "the rule moves nothing")
    end = deletion()
    those = steps if end is None else (*steps, end)
    none = not_applicable(rule.at, "nothing leaves a class that has a least time")
    return every(_left_late(those), none)


def _left_late(steps: tuple[Step, ...]) -> Iterator[Verdict]:
    """Of every two of them: whether the later one is late enough, or S3 refuses them both anyway."""
    for step in steps:
        if step.storage_class is step.when:
            yield unknown(step.when.at, "a transition of the rule is not known")
    for one, other in pairs(steps):
        match one.storage_class, other.storage_class:
            case (Unknown(why, at), _) | (_, Unknown(why, at)):
                yield unknown(at, why)
            case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
                if _LEAST.get(a) or _LEAST.get(b):
                    yield _apart(one, other, a, b)


def _apart(one: Step, other: Step, a: str, b: str) -> Verdict:
    match one.when, other.when:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(x) | Unset(x)), (Known(y) | Unset(y))):
            if x.is_date != y.is_date:
                return _YES
            if y.day < x.day:
                one, other, a, b, x, y = other, one, b, a, y, x
            days, least = y.day - x.day, _LEAST.get(a, 0)
            is_refused = a == END or not days or (b != END and refusal(a, b, days))
            if days >= least or is_refused:
                return _YES
            what = "deleted" if b == END else f"moved to {b}"
            note = f"what went to {a} is {what} after {some_days(days)}, and {least} are charged for"
            return failed(other.when.at, note)


def _deletion(rule: LifecycleRule, bucket: Bucket) -> Step | None:
    """When objects are gone for good; None where nothing says when."""
    end = expiry(rule)
    if end is None:
        return None
    is_final = expiry_deletes(bucket)
    if is_final.status is Status.PASS:
        return end
    later = _deletion_of_versions(rule)
    if is_final.status is Status.FAIL:
        return None if later is None else end._replace(when=_after(end.when, later.when))
    gap = Unknown("whether there are versions is not known", bucket.versioning.status.at)
    return end._replace(when=gap)


def _after(first: Setting[Moment], then: Setting[Moment]) -> Setting[Moment]:
    match first, then:
        case (Unknown() as gap, _) | (_, Unknown() as gap):
            return gap
        case ((Known(one) | Unset(one)), (Known(other, at) | Unset(other, at))):
            return Known(Moment(one.day + other.day, one.is_date), at)


def _deletion_of_versions(rule: LifecycleRule) -> Step | None:
    """When noncurrent versions are deleted; None where the newest of them stay, however old."""
    end = version_expiry(rule)
    if end is None:
        return None
    match rule.noncurrent_newer_versions:
        case Unknown() as gap:
            return end._replace(when=gap)
        case Known(number) | Unset(number):
            return None if number else end
