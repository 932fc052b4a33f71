from collections.abc import Iterator
from itertools import islice

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, MultipartUpload
from s3audit.model.lifetimes import aborts, is_for_all, is_on, known_rules, value_of
from s3audit.setting import Known, Setting, Unknown, Unset, some_of, when_set
from s3audit.verdict import Evidence, Status, Verdict, failed, verdict

from ._moments import day_of, some_days
from ._rules import NOTHING, WHAT, if_allowed

_LIMIT = 7
"""Days, where nobody says otherwise."""
_MOST_SHOWN = 10


@check(
    severity=LOW,
    severity_rule="low: storage that no listing shows is paid for; one step higher where a live account has uploads"
    " that are older than they may be",
    needs=(BUCKETS,),
    sources=ALL,
    yields_to=("lifecycle-configured", "lifecycle-directory-bucket"),
    peers={"checkov": ("CKV_AWS_300",)},
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: abort-uploads
                  Status: Enabled
                  AbortIncompleteMultipartUpload:
                    DaysAfterInitiation: 7
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
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
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "abort-uploads", "Status": "Enabled", "Filter": {},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}'
            """,
        note="The rule stands beside those that are there; uploads that take longer than seven days need more.",
    ),
    passes=(
        """
        # A rule of its own.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}
        """,
        """
        # An empty prefix is none; a directory bucket has such rules, too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: ""
                    ExpirationInDays: 365
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}
          Cache:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-cache--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 3}
        """,
        """
        # The configuration says that thirty days are fine.
        #: [[expect]]
        #: name = "shop-videos"
        #: abort_multipart_days = 30
        Resources:
          Videos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-videos
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 30}
        """,
    ),
    fails=(
        """
        # Objects end, the parts of broken uploads do not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 365
        """,
        """
        # One rule takes its time, the others are for a part of the bucket, or switched off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration: # <-
                Rules:
                  - Status: Enabled
                    AbortIncompleteMultipartUpload:
                      DaysAfterInitiation: 90 # <-
                  - Status: Enabled
                    Prefix: tmp/ # <-
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}
                  - Status: Disabled # <-
                    AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}
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
                    AbortIncompleteMultipartUpload:
                      DaysAfterInitiation: !Ref Days # <-
        """,
    ),
)
def abort_multipart(bucket: Bucket, estate: Estate) -> Verdict:
    """Incomplete multipart uploads are aborted.

    Large files are uploaded in parts. When an upload breaks off, its parts stay: no listing of objects shows them,
    and they are paid for every month until somebody aborts the upload.
    """
    limit = said(bucket, estate, lambda one: one.abort_multipart_days).map(
        lambda days: _LIMIT if days is None else days
    )
    absent = failed(bucket.lifecycle.at, NOTHING)
    found = when_set(bucket.lifecycle, lambda lifecycle: _judge(lifecycle, limit), absent, what=WHAT)
    return if_allowed(bucket, _with_uploads(found, bucket, limit))


def _judge(lifecycle: Lifecycle, limit: Setting[int]) -> Verdict:
    found = some_of(lifecycle.rules, lambda rule: _does(rule, limit))
    if found.status is not Status.FAIL:
        return found
    note = "no enabled rule for the whole bucket aborts uploads in time"
    return verdict(Status.FAIL, Evidence(lifecycle.at, note), *islice(_short(lifecycle, limit), _MOST_SHOWN))


def _does(rule: LifecycleRule, limit: Setting[int]) -> Verdict:
    return aborts(rule) & is_on(rule) & is_for_all(rule) & _in_time(rule.abort_multipart_days, limit)


def _short(lifecycle: Lifecycle, limit: Setting[int]) -> Iterator[Evidence]:
    """What rules that abort uploads lack."""
    for rule in known_rules(lifecycle):
        match rule.abort_multipart_days:
            case Known(int()) | Unset(int()):
                found = _does(rule, limit)
                yield from found.evidence if found.status is Status.FAIL else ()
            case _:
                continue


def _in_time(days: Setting[int | None], limit: Setting[int]) -> Verdict:
    match limit:
        case Unknown(why, at):
            return verdict(Status.UNKNOWN, Evidence(at, why))
        case Known(most) | Unset(most):
            return when_set(
                days,
                lambda after: days.satisfies(
                    lambda _: after <= most,
                    f"uploads are aborted after {some_days(after)}, and {most:,} are allowed",
                ),
                Verdict(Status.FAIL),
                what="when uploads are aborted",
            )


def _with_uploads(found: Verdict, bucket: Bucket, limit: Setting[int]) -> Verdict:
    """A failure with the uploads that were seen."""
    uploads = sorted(_seen(bucket), key=lambda one: one[0])
    if found.status is not Status.FAIL or not uploads:
        return found
    (oldest, first), *_, (newest, _) = *uploads, uploads[-1]
    many = f"{len(uploads):,} uploads were" if len(uploads) > 1 else "an upload was"
    note = f"{many} never completed, the oldest {_begun(first)}"
    told = found.noting(note, first.at)
    most = _LIMIT if isinstance(limit, Unknown) else value_of(limit)
    # Nobody knows what day it is; as old as the time between two of them an upload is in any case.
    return told.at_severity(MEDIUM) if newest - oldest > most else told


def _begun(upload: MultipartUpload) -> str:
    match upload.key, upload.initiated:
        case ((Known(key) | Unset(key)), (Known(when) | Unset(when))):
            return f"of {str(key)[:60]}, begun on {str(when)[:10]}"
        case _:
            return "of a key that is not known"


def _seen(bucket: Bucket) -> Iterator[tuple[int, MultipartUpload]]:
    """Each upload with the day on which it was begun."""
    match bucket.multipart_uploads:
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Known(MultipartUpload(initiated=Known(when)) as upload):
                        day = day_of(when)
                        if day is not None:
                            yield day, upload
                    case _:
                        continue
        case Unknown():
            return
