"""Block Public Access of the several kinds of access points."""

from collections.abc import Iterable

from s3audit.model.access_point import AccessPointPublicAccessBlock
from s3audit.model.bucket import Bucket
from s3audit.model.effective import BLOCKS, blocked
from s3audit.model.estate import Estate
from s3audit.verdict import Severity, Status, Verdict, every


def all_on(block: AccessPointPublicAccessBlock) -> Verdict:
    """Whether all four settings are on."""
    return every(getattr(block, name).is_in(True, what=said) for name, said in BLOCKS.items())


def graded(
    found: Verdict, block: AccessPointPublicAccessBlock, buckets: Iterable[Bucket], estate: Estate
) -> Verdict:
    """The same; where each bucket behind it, or its account, has on what is off here, it is less grave."""
    if found.status is not Status.FAIL:
        return found
    off = [
        name
        for name, said in BLOCKS.items()
        if getattr(block, name).is_in(True, what=said).status is Status.FAIL
    ]
    behind = every((blocked(bucket, estate, *off) for bucket in buckets), Verdict(Status.FAIL))
    return found.at_severity(Severity.MEDIUM) if behind.status is Status.PASS else found
