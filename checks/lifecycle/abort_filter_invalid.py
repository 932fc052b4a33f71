from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.lifecycle import LifecycleRule
from s3audit.model.lifetimes import aborts, expires, removes_markers
from s3audit.setting import some_of
from s3audit.verdict import Status, Verdict, every, not_applicable, passed, unless

from ._rules import fulfils, of_every_rule


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses the whole configuration, so that nothing is ever cleaned up",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # Each action in a rule whose filter it can have: none, or a prefix.
            LifecycleConfiguration:
              Rules:
                - Id: old
                  Status: Enabled
                  ObjectSizeGreaterThan: "1000"
                  ExpirationInDays: 30
                - Id: abort-uploads
                  Status: Enabled
                  AbortIncompleteMultipartUpload:
                    DaysAfterInitiation: 7
            """,
        terraform="""
            # Each action in a rule whose filter it can have: none, or a prefix.
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "old"
                status = "Enabled"
                filter {
                  object_size_greater_than = 1000
                }
                expiration {
                  days = 30
                }
              }
              rule {
                id     = "abort-uploads"
                status = "Enabled"
                filter {}
                abort_incomplete_multipart_upload {
                  days_after_initiation = 7
                }
              }
            }
            """,
        note="Uploads and delete markers have neither tags nor a size, so a rule for them can only have a prefix.",
    ),
    passes=(
        """
        # A prefix is fine; tags and sizes are for rules about objects.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: tmp/
                    ExpirationInDays: 30
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
                  - Status: Enabled
                    ObjectSizeGreaterThan: "1000"
                    TagFilters: [{Key: Temporary, Value: "yes"}]
                    ExpirationInDays: 7
                  - Status: Enabled
                    ExpiredObjectDeleteMarker: true
                    NoncurrentVersionExpiration: {NoncurrentDays: 30}
        """,
        """
        # Nothing is asked without such actions.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpiredObjectDeleteMarker: false
                    ExpirationInDays: 30
                    ObjectSizeLessThan: "1000"
          Invoices:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Unfinished uploads have no size.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ObjectSizeGreaterThan: "1000" # <-
                    ExpirationInDays: 30
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
        """,
        """
        # Nor have they tags, and a rule that is switched off is refused, too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Disabled
                    TagFilters:
                      - Key: Temporary # <-
                        Value: "yes"
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
        """,
        """
        # Who lets objects expire after some days removes delete markers, too: S3 takes only one of the two.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30 # <-
                    ExpiredObjectDeleteMarker: true # <-
        """,
    ),
    unsure=(
        """
        # The size is for whoever deploys it: 0 would be none.
        Parameters:
          Size:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ObjectSizeGreaterThan: !Ref Size # <-
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
        """,
    ),
)
def abort_filter_invalid(bucket: Bucket) -> Verdict:
    """Abort rules do not use filters that S3 refuses.

    A rule that aborts uploads or removes delete markers can't be limited to tags or sizes. S3 refuses the whole
    configuration for it: the deployment fails, and no rule of it is ever there.
    """
    return unless(
        of_type(bucket, "directory"),
        "what S3 refuses of its rules is not documented",
        lambda: of_every_rule(bucket, _is_taken, "no such rule is for tags or sizes"),
    )


def _is_taken(rule: LifecycleRule) -> Verdict:
    removes = removes_markers(rule)
    acts = aborts(rule) | removes
    if acts.status is Status.FAIL:
        return not_applicable(rule.at, "the rule neither aborts uploads nor removes delete markers")
    what = "the rule removes delete markers" if removes.status is Status.PASS else "the rule aborts uploads"
    return unless(~acts, what, lambda: _is_unfiltered(rule, what) & ~(removes & expires(rule)))


def _is_unfiltered(rule: LifecycleRule, what: str) -> Verdict:
    tagged = some_of(rule.tags, lambda tag: passed(tag.at, f"{what}, and is for tagged objects only"))
    return ~tagged & every(
        fulfils(
            size,
            lambda bytes_: not bytes_,
            f"{what}, and is for objects of some sizes only",
            "the size of the objects that a rule is for",
        )
        for size in (rule.size_greater_than, rule.size_less_than)
    )
