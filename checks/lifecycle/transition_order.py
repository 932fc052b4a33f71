from collections.abc import Iterator

from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.lifecycle import LifecycleRule
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, unknown

from ._moments import Moment, some_days
from ._rules import of_every_rule
from ._steps import (
    END,
    Step,
    can_follow,
    current_steps,
    expiry,
    noncurrent_steps,
    pairs,
    refusal,
    version_expiry,
)

_YES = Verdict(Status.PASS)


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses the whole configuration, so that none of its rules exists",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: archive
                  Status: Enabled
                  Transitions:
                    - StorageClass: STANDARD_IA
                      TransitionInDays: 30
                    - StorageClass: GLACIER
                      TransitionInDays: 90
                  ExpirationInDays: 365
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
                  storage_class = "STANDARD_IA"
                }
                transition {
                  days          = 90
                  storage_class = "GLACIER"
                }
                expiration {
                  days = 365
                }
              }
            }
            """,
        note="Each class costs less than the one before it; what is to go the other way has to be copied.",
    ),
    passes=(
        """
        # Ever colder, with time between, and then the end.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 90}
                      - {StorageClass: STANDARD_IA, TransitionInDays: 30}
                      - {StorageClass: DEEP_ARCHIVE, TransitionInDays: 180}
                    ExpirationInDays: 3650
                    NoncurrentVersionTransitions:
                      - {StorageClass: GLACIER_IR, TransitionInDays: 1}
                      - {StorageClass: GLACIER, TransitionInDays: 2}
                    NoncurrentVersionExpiration: {NoncurrentDays: 365}
        """,
        """
        # All of it may be said in dates, and objects and versions have each a time of their own.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionDate: "2027-01-01T00:00:00Z"}
                      - {StorageClass: GLACIER, TransitionDate: "2027-04-01T00:00:00Z"}
                    ExpirationDate: "2028-01-01T00:00:00Z"
                    NoncurrentVersionExpiration: {NoncurrentDays: 30}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 30}
        """,
    ),
    fails=(
        """
        # Ten days after STANDARD_IA already GLACIER.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionInDays: 30}
                      - StorageClass: GLACIER
                        TransitionInDays: 40 # <-
                    ExpirationInDays: 365
        """,
        """
        # Nothing comes back to a class that costs more.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
                      - StorageClass: INTELLIGENT_TIERING
                        TransitionInDays: 365 # <-
        """,
        """
        # The end comes before the move.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transition: {StorageClass: Glacier, TransitionInDays: 90}
                    ExpirationInDays: 90 # <-
                    NoncurrentVersionTransition: {StorageClass: DEEP_ARCHIVE, TransitionInDays: 30}
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 7 # <-
        """,
        """
        # A class twice, and days beside a date.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 30}
                      - StorageClass: GLACIER
                        TransitionInDays: 90 # <-
                  - Status: Enabled
                    Prefix: old/
                    Transitions:
                      - {StorageClass: GLACIER_IR, TransitionInDays: 30}
                    ExpirationDate: "2027-01-01T00:00:00Z" # <-
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
def transition_order(bucket: Bucket) -> Verdict:
    """Transitions follow the storage-class order with the required gaps and end before expiry.

    S3 moves objects only to ever colder classes, wants some days between two moves, and deletes after the last of
    them. It refuses a configuration that says otherwise: the deployment fails, and none of its rules is ever there.
    """
    return of_every_rule(bucket, _is_taken, "the transitions are in an order that S3 takes")


def _is_taken(rule: LifecycleRule) -> Verdict:
    return _in_order(rule, current_steps(rule), expiry(rule)) & _in_order(
        rule, noncurrent_steps(rule), version_expiry(rule)
    )


def _in_order(rule: LifecycleRule, steps: tuple[Step, ...] | Unknown, end: Step | None) -> Verdict:
    if isinstance(steps, Unknown):
        return unknown(steps.at, steps.why)
    if not steps:
        return not_applicable(rule.at, "the rule moves nothing")
    return every(_judged(steps, end))


def _judged(steps: tuple[Step, ...], end: Step | None) -> Iterator[Verdict]:
    those = steps if end is None else (*steps, end)
    for step in those:
        yield ~step.has_both
        if step.storage_class is step.when:
            yield unknown(step.when.at, "a transition of the rule is not known")
    for one, other in pairs(those):
        yield _fit(one, other)


def _fit(one: Step, other: Step) -> Verdict:
    """Whether S3 takes a rule that has these two."""
    match one.storage_class, other.storage_class:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            if a == b:
                return failed(other.when.at, f"a second transition goes to {a}")
            if b != END and not can_follow(a, b) and not can_follow(b, a):
                return failed(other.when.at, f"S3 moves nothing from {a} to {b}, nor back")
            return _in_time(one, other, a, b)


def _in_time(one: Step, other: Step, a: str, b: str) -> Verdict:
    match one.when, other.when:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(x) | Unset(x)), (Known(y) | Unset(y))):
            if x.is_date != y.is_date:
                return failed(other.when.at, "one of two is said in days, the other as a date")
            if b == END:
                return _ends_later(x, y, other.when)
            orders = [(a, b, y.day - x.day, other.when)] if x.day <= y.day else []
            orders += [(b, a, x.day - y.day, one.when)] if y.day <= x.day else []
            found = [(refusal(first, second, days), when) for first, second, days, when in orders]
            if any(not why for why, _ in found):
                return _YES
            why, when = found[0]
            return failed(when.at, why)


def _ends_later(move: Moment, end: Moment, when: Setting[Moment]) -> Verdict:
    if end.day > move.day:
        return _YES
    if end.is_date:
        return failed(when.at, "the end is not after the date of a transition")
    return failed(
        when.at, f"the end comes after {some_days(end.day)}, a transition after {some_days(move.day)}"
    )
