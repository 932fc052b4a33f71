"""What the checks of presigned requests ask of a bucket and its policy."""

from collections.abc import Callable

from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Known, Unknown, Unset, some_of, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless

_LAST_DAY = "2020-06-24"
"""S3 refuses Signature Version 2 for buckets that were created after it."""
_TAKING_BOTH = frozenset(
    {
        *("us-east-1", "us-west-1", "us-west-2", "eu-west-1", "sa-east-1", "us-gov-west-1"),
        *("ap-northeast-1", "ap-southeast-1", "ap-southeast-2"),
    }
)
"""The Regions in which S3 takes Signature Version 2; in the newer ones it never did."""


def of_general(bucket: Bucket, judged: Callable[[], Verdict]) -> Verdict:
    return unless(~of_type(bucket, "general"), "requests for it are signed for a session", judged)


def denied(bucket: Bucket, what: str, judge: Callable[[Policy], Verdict]) -> Verdict:
    """The judgement of its policy; one that denies nothing denies none of these."""

    def judged(policy: Policy) -> Verdict:
        denying = some_of(policy.statements, lambda one: has_effect(one, "Deny"))
        if denying.status is Status.FAIL:
            return failed(policy.at, f"no statement denies {what}")
        return judge(policy)

    none = failed(bucket.policy.at, f"there is no bucket policy that denies {what}")
    return when_set(policy_of(bucket.policy), judged, none, what="the bucket policy")


def takes_version_two(bucket: Bucket) -> Verdict:
    """Whether S3 takes Signature Version 2 for it."""
    region, day = _region(bucket), _created(bucket)
    if region and region not in _TAKING_BOTH:
        return failed(bucket.at, f"S3 takes no Signature Version 2 in {region}")
    if bucket.origin != "live" and bucket.is_declared:
        return failed(bucket.at, "S3 takes no Signature Version 2 for a bucket that is created now")
    if day > _LAST_DAY:
        return failed(bucket.at, f"S3 takes no Signature Version 2 for a bucket that was created on {day}")
    if day and region:
        return passed(
            bucket.at, f"S3 takes Signature Version 2 for a bucket in {region} that was created on {day}"
        )
    return unknown(
        bucket.at, "whether S3 takes Signature Version 2 for the bucket hangs on its age and Region"
    )


def _region(bucket: Bucket) -> str:
    match bucket.region:
        case Known(region) | Unset(region):
            return region.literal or ""
        case Unknown():
            return ""


def _created(bucket: Bucket) -> str:
    """The day, as `2020-06-24`."""
    match bucket.created:
        case Known(Text() as when) | Unset(Text() as when):
            return (when.literal or "")[: len(_LAST_DAY)]
        case _:
            return ""
