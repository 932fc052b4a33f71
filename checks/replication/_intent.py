"""What the owner says about copies: which buckets need them, and where they may be."""

from collections.abc import Callable

from s3audit.intent import is_for, listed, said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.received import receives_replicas
from s3audit.model.uses import receives_access_logs
from s3audit.setting import Setting, Unset
from s3audit.verdict import Verdict, failed


def must_replicate(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it is said that it has to be elsewhere too."""
    return _says(said(bucket, estate, lambda one: one.replicated), "it has to be replicated", bucket)


def must_leave_region(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it is said that it has to be in another Region too."""
    return _says(said(bucket, estate, lambda one: one.cross_region), "it has to be in two Regions", bucket)


def is_precious(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether its loss is said to be grave, and nobody says that it needs no copy."""
    spared = is_spared(bucket, estate, lambda one: one.replicated)
    return is_for(bucket, estate, "critical", "only-copy") & ~spared


def is_spared(bucket: Bucket, estate: Estate, read: Callable[[Expectation], bool | None]) -> Verdict:
    """Whether it is said that something is not wanted."""
    return said(bucket, estate, read).is_in(False, what="what is said of copies")


def for_recovery(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether its copy is meant for the day on which the bucket itself is lost."""
    return must_replicate(bucket, estate) | must_leave_region(bucket, estate) | is_precious(bucket, estate)


def holds_copies(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it is the second place of something, or a place for logs, of which nobody wants another one."""
    return (
        is_for(bucket, estate, "replica", "log-target")
        | receives_replicas(bucket, estate)
        | receives_access_logs(bucket, estate)
    )


def trusted_accounts(bucket: Bucket, estate: Estate) -> Setting[frozenset[str] | None]:
    """The accounts that count as one's own."""
    return listed(bucket, estate, lambda one: one.trust.accounts)


def accounts_for_copies(bucket: Bucket, estate: Estate) -> Setting[frozenset[str] | None]:
    """The accounts that it may be copied to, beside its own."""
    return listed(bucket, estate, lambda one: one.destinations)


def regions_for_copies(bucket: Bucket, estate: Estate) -> Setting[frozenset[str] | None]:
    """The Regions in which its data may be, with wildcards."""
    return listed(bucket, estate, lambda one: one.regions)


def _says(answer: Setting[bool | None], what: str, bucket: Bucket) -> Verdict:
    if isinstance(answer, Unset):
        return failed(bucket.at, f"nobody says that {what}")
    return answer.satisfies(bool, f"whether {what} is said")
