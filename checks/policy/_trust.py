"""What the owner says about whom to trust."""

from s3audit.intent import Trusted, is_for, said, trusted
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

__all__ = ["Trusted", "is_public", "trusted"]


def is_public(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether the owner says that everybody may read it."""
    flag = said(bucket, estate, lambda one: one.public)
    return is_for(bucket, estate, "website", "public-data") | flag.satisfies(bool, "it is said to be public")
