from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.lifecycle import LifecycleRule, NoncurrentTransition, Transition
from s3audit.setting import Known, Setting, every_of, when_set
from s3audit.verdict import Status, Verdict, not_applicable, unless

from ._moments import some_days
from ._rules import fulfils, of_every_rule

_LEAST = 30
_NONE = "nothing moves to Standard-IA or One Zone-IA"


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
                - Id: rarely-read
                  Status: Enabled
                  Transitions:
                    - StorageClass: STANDARD_IA
                      TransitionInDays: 30
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "rarely-read"
                status = "Enabled"
                filter {}
                transition {
                  days          = 30
                  storage_class = "STANDARD_IA"
                }
              }
            }
            """,
        note="INTELLIGENT_TIERING may start on day 0, and finds out by itself what is rarely read.",
    ),
    passes=(
        """
        # From day 30 on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionInDays: 30}
                    NoncurrentVersionTransitions:
                      - {StorageClass: ONEZONE_IA, TransitionInDays: 60}
        """,
        """
        # The other classes may start at once; a date is no number of days.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionDate: "2027-01-01T00:00:00Z"}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: INTELLIGENT_TIERING, TransitionInDays: 0}
                  - Status: Enabled
                    Prefix: old/
                    NoncurrentVersionTransitions:
                      - {StorageClass: GLACIER_IR, TransitionInDays: 1}
        """,
    ),
    fails=(
        """
        # After a week.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - StorageClass: STANDARD_IA
                        TransitionInDays: 7 # <-
        """,
        """
        # Old versions wait as long, and CloudFormation's word for a single transition is no other.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transition:
                      StorageClass: ONEZONE_IA
                      TransitionInDays: 29 # <-
                    NoncurrentVersionTransition:
                      StorageClass: STANDARD_IA
                      TransitionInDays: 1 # <-
        """,
    ),
    unsure=(
        """
        # After how many days is for whoever deploys it.
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
                      - StorageClass: STANDARD_IA
                        TransitionInDays: !Ref Days # <-
        """,
    ),
)
def ia_minimum_days(bucket: Bucket) -> Verdict:
    """No transition to Standard-IA or One Zone-IA before day 30.

    S3 keeps objects for thirty days before it moves them to these two classes, and refuses a configuration that
    says otherwise: the deployment fails, and none of its rules is ever there.
    """
    return of_every_rule(bucket, _is_late, "nothing moves there before day 30")


def _is_late(rule: LifecycleRule) -> Verdict:
    none = not_applicable(rule.at, _NONE)
    return every_of(rule.transitions, _waits, none) & every_of(
        rule.noncurrent_transitions, _waits_as_version, none
    )


def _waits(one: Transition) -> Verdict:
    has_date = when_set(one.date, lambda _: Verdict(Status.PASS), Verdict(Status.FAIL), what="the date")
    return _if_rare(one.storage_class, has_date | _in_days(one.days))


def _waits_as_version(one: NoncurrentTransition) -> Verdict:
    return _if_rare(one.storage_class, _in_days(one.days))


def _if_rare(storage_class: Setting[str], judged: Verdict) -> Verdict:
    is_rare = storage_class.is_in("STANDARD_IA", "ONEZONE_IA", what="the storage class")
    return unless(~is_rare, _NONE, judged)


def _in_days(days: Setting[int | None]) -> Verdict:
    """Where nothing is said Terraform sends 0, and S3 has nothing to go by."""
    told = days.value if isinstance(days, Known) else None
    note = f"objects move after {some_days(told or 0)}, and S3 moves none there before day {_LEAST}"
    return fulfils(days, lambda after: (after or 0) >= _LEAST, note, "when objects move")
