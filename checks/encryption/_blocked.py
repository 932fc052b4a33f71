"""Which kinds of encryption a bucket refuses."""

from s3audit.model.bucket import Bucket
from s3audit.setting import Unset, some_of
from s3audit.verdict import Status, Verdict, failed, passed

SSE_C = "SSE-C"


def blocks_sse_c(bucket: Bucket) -> Verdict:
    """Whether the bucket itself refuses uploads with a key of the caller; a new one does so unless it is told."""
    types = bucket.encryption.blocked_types
    found = some_of(types, lambda one: Verdict(Status.PASS if one == SSE_C else Status.FAIL))
    match types, found.status:
        case Unset(since=since), Status.PASS:
            return passed(types.at, f"buckets made since {since} block SSE-C, which is not pinned here")
        case _, Status.PASS:
            return passed(types.at, "SSE-C is blocked")
        case _, Status.FAIL:
            return failed(types.at, "SSE-C is not blocked")
        case _:
            return found
