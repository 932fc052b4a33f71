from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import (
    ends_versions,
    expires,
    has_versions,
    is_on,
    removes_markers,
    takes_in,
)
from s3audit.setting import every_of, some_of, when_set
from s3audit.verdict import Status, Verdict, passed, unless

from ._rules import NOTHING, WHAT, quiet


@check(
    severity=INFO,
    severity_rule="info: listings become slow, and their requests cost money",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: old-versions
                  Status: Enabled
                  NoncurrentVersionExpiration:
                    NoncurrentDays: 90
                  ExpiredObjectDeleteMarker: true
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
                expiration {
                  expired_object_delete_marker = true
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "old-versions", "Status": "Enabled", "Filter": {},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                "Expiration": {"ExpiredObjectDeleteMarker": true}}]}'
            """,
        note="It removes markers behind which no version is left, and nothing else.",
    ),
    passes=(
        """
        # Old versions go, and the markers after them.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
                    ExpiredObjectDeleteMarker: true
        """,
        """
        # A rule for more than these objects does it, and so does one by which objects expire.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Suspended}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: logs/2026/
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
                  - Status: Enabled
                    Prefix: logs/
                    ExpirationInDays: 365
                  - Status: Disabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 7}
        """,
        """
        # Nothing is asked without versions, and nothing is left where old versions stay.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 90}}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    fails=(
        """
        # The versions go, and the markers stay for ever.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 90 # <-
        """,
        """
        # The rule for markers is for a part of them only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 90 # <-
                  - Status: Enabled
                    Prefix: tmp/
                    ExpiredObjectDeleteMarker: true
        """,
    ),
    unsure=(
        """
        # Whether the markers go is for whoever deploys it.
        Parameters:
          Markers:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration: {NoncurrentDays: 90}
                    ExpiredObjectDeleteMarker: !Ref Markers # <-
        """,
    ),
)
def delete_markers(bucket: Bucket) -> Verdict:
    """Expired delete markers are removed on versioned buckets.

    Whoever deletes an object in a versioned bucket leaves a marker there. When its versions are gone the marker stays,
    and millions of them make every listing slow and expensive.
    """
    return unless(
        ~has_versions(bucket),
        "there never were versions",
        lambda: when_set(bucket.lifecycle, _judge, passed(bucket.lifecycle.at, NOTHING), what=WHAT),
    )


def _judge(lifecycle: Lifecycle) -> Verdict:
    empty = passed(lifecycle.at, "there are no lifecycle rules")
    return every_of(lifecycle.rules, lambda rule: _is_followed(rule, lifecycle), empty)


def _is_followed(rule: LifecycleRule, lifecycle: Lifecycle) -> Verdict:
    """Whether the markers of all whose versions it deletes are removed, too."""
    acts = quiet(is_on(rule)) & ends_versions(rule)
    if acts.status is Status.FAIL:
        return passed(rule.at, "the rule deletes no old versions")
    removed = some_of(lifecycle.rules, lambda other: _removes(other) & takes_in(other, rule))
    if removed.status is Status.FAIL and acts.status is Status.PASS:
        return ~passed(
            rule.noncurrent_days.at, "old versions are deleted, and the delete markers over them stay"
        )
    return ~acts | removed


def _removes(rule: LifecycleRule) -> Verdict:
    return quiet(is_on(rule)) & (removes_markers(rule) | expires(rule))
