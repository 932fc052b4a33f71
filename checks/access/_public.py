"""Whether the public may get in at all, and whether it is meant to."""

from s3audit.intent import is_for, said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Status, Verdict, every


def is_meant_public(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether the owner says that everybody may read it."""
    flag = said(bucket, estate, lambda one: one.public)
    return is_for(bucket, estate, "website", "public-data") | flag.satisfies(bool, "it is said to be public")


def lets_nobody_in(bucket: Bucket) -> bool:
    """Whether it has neither a policy nor a grant, so that nobody has to be asked who gets in."""
    acl = bucket.acl
    nothing = (
        bucket.policy.satisfies(lambda policy: policy is None, ""),
        acl.canned.is_in("private", None, what="the ACL"),
        acl.grants.satisfies(lambda grants: not grants, ""),
    )
    return every(nothing).status is Status.PASS
