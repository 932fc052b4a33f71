"""What Block Public Access keeps out, for certain or perhaps."""

from __future__ import annotations

from s3audit.model.bucket import Bucket
from s3audit.model.effective import blocked
from s3audit.model.estate import Estate
from s3audit.setting import Unset
from s3audit.verdict import Status, Verdict, unknown

_UNSAID = "Block Public Access is not set: a new bucket has it on, one from before {} may have it off"


def block(bucket: Bucket, estate: Estate, setting: str) -> Verdict:
    """Whether it is on: open where nobody has set it, as that hangs on the age of the bucket."""
    found = blocked(bucket, estate, setting)
    why = unsaid(bucket, setting)
    return unknown(getattr(bucket.public_access_block, setting).at, why) if _is_open(found, why) else found


def unsaid(bucket: Bucket, setting: str) -> str:
    """Why it is open although the input is complete; empty where it is set, or not by default."""
    own = getattr(bucket.public_access_block, setting)
    return _UNSAID.format(own.since) if isinstance(own, Unset) and own.default is True and own.since else ""


def _is_open(found: Verdict, why: str) -> bool:
    return bool(why) and found.status is Status.FAIL
