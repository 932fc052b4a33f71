from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import is_for_any_size, is_on
from s3audit.setting import Setting, every_of, some_of
from s3audit.verdict import Status, Verdict, failed, unless

from ._rules import of_lifecycle, quiet

_NOTHING = "nothing is moved to another storage class"
_YES = Verdict(Status.PASS)


@check(
    severity=INFO,
    severity_rule="info: it concerns objects below 128 KB only, each of which is charged for 40 KB more in Glacier"
    " Flexible Retrieval and Deep Archive",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              TransitionDefaultMinimumObjectSize: all_storage_classes_128K
              Rules:
                - Id: archive
                  Status: Enabled
                  Transitions:
                    - StorageClass: GLACIER
                      TransitionInDays: 90
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket                                 = aws_s3_bucket.example.id
              transition_default_minimum_object_size = "all_storage_classes_128K"
              rule {
                id     = "archive"
                status = "Enabled"
                filter {}
                transition {
                  days          = 90
                  storage_class = "GLACIER"
                }
              }
            }
            """,
        cli="""
            # rules.json holds the rules that are there, as get-bucket-lifecycle-configuration shows them.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration file://rules.json \\
              --transition-default-minimum-object-size all_storage_classes_128K
            """,
        note="What is already archived stays there; a filter on the size of objects overrides the default for a rule.",
    ),
    passes=(
        """
        # As it is by default.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 90}
        """,
        """
        # A size is a choice somebody made; to the other classes no small object moves in any case.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                TransitionDefaultMinimumObjectSize: varies_by_storage_class
                Rules:
                  - Status: Enabled
                    ObjectSizeGreaterThan: "131072"
                    Transitions:
                      - {StorageClass: GLACIER, TransitionInDays: 90}
                  - Status: Enabled
                    Prefix: photos/
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionInDays: 30}
                  - Status: Disabled
                    Transitions:
                      - {StorageClass: DEEP_ARCHIVE, TransitionInDays: 180}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                TransitionDefaultMinimumObjectSize: varies_by_storage_class
                Rules:
                  - {Status: Enabled, ExpirationInDays: 30}
        """,
    ),
    fails=(
        """
        # Of objects and of old versions.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                TransitionDefaultMinimumObjectSize: varies_by_storage_class # <-
                Rules:
                  - Status: Enabled
                    Transitions:
                      - StorageClass: GLACIER # <-
                        TransitionInDays: 90
                    NoncurrentVersionTransitions:
                      - StorageClass: DEEP_ARCHIVE # <-
                        TransitionInDays: 30
        """,
    ),
    unsure=(
        """
        # Which class it is, is for whoever deploys it.
        Parameters:
          Class:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                TransitionDefaultMinimumObjectSize: varies_by_storage_class
                Rules:
                  - Status: Enabled
                    Transitions:
                      - StorageClass: !Ref Class # <-
                        TransitionInDays: 90
        """,
    ),
)
def small_objects(bucket: Bucket) -> Verdict:
    """Small objects are not archived at a loss.

    In Glacier Flexible Retrieval and Deep Archive every object is charged for 40 KB more than it has. Small ones cost
    more there than where they were, so S3 leaves them out unless a configuration asks for its old behaviour.
    """
    return unless(
        of_type(bucket, "directory"),
        "its objects have one storage class",
        lambda: of_lifecycle(bucket, _judge),
    )


def _judge(lifecycle: Lifecycle) -> Verdict:
    varies = lifecycle.transition_minimum_size.is_in(
        "varies_by_storage_class", what="the least size of what is moved"
    )
    return unless(
        ~some_of(lifecycle.rules, _moves, failed(lifecycle.at, _NOTHING)),
        "the question does not arise",
        lambda: ~varies | every_of(lifecycle.rules, _spares),
    )


def _moves(rule: LifecycleRule) -> Verdict:
    found = some_of(rule.transitions, lambda _: _YES) | some_of(rule.noncurrent_transitions, lambda _: _YES)
    return failed(rule.at, _NOTHING) if found.status is Status.FAIL else found


def _spares(rule: LifecycleRule) -> Verdict:
    """Whether it does not archive objects whatever their size."""
    archives = some_of(rule.transitions, lambda one: _is_archive(one.storage_class)) | some_of(
        rule.noncurrent_transitions, lambda one: _is_archive(one.storage_class)
    )
    return ~(archives & quiet(is_on(rule)) & quiet(is_for_any_size(rule)))


def _is_archive(storage_class: Setting[str]) -> Verdict:
    return storage_class.is_in("GLACIER", "DEEP_ARCHIVE", what="the storage class that objects move to")
