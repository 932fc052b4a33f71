"""Whether S3 may put access logs into the bucket that they go to."""

from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force
from s3audit.policy.delivery import Delivery
from s3audit.setting import some_of, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, passed, unknown

from ._targets import logging_of

_GROUP = text("http://acs.amazonaws.com/groups/s3/LogDelivery")
_NO = Verdict(Status.FAIL)


def delivery(source: Bucket, target: Bucket) -> Delivery:
    return Delivery(source, logging_of(source), target)


def by_acl(target: Bucket) -> Verdict:
    """Whether an ACL in force lets the log delivery group in."""
    granted = _canned(target) | (_granted(target, "WRITE") & _granted(target, "READ_ACP"))
    if granted.status is Status.FAIL:
        return granted
    return granted & acls_in_force(target)


def _canned(target: Bucket) -> Verdict:
    found = target.acl.canned.is_in("log-delivery-write", what="the ACL")
    return _NO if found.status is Status.FAIL else found


def _granted(target: Bucket, permission: str) -> Verdict:
    return some_of(
        target.acl.grants,
        lambda grant: _of_group(grant) & _gives(grant, permission),
        empty=_NO,
    )


def _gives(grant: Grant, permission: str) -> Verdict:
    found = grant.permission.is_in(permission, "FULL_CONTROL", what="the permission of a grant")
    return _NO if found.status is Status.FAIL else found


def _of_group(grant: Grant) -> Verdict:
    def names(uri: Text) -> Verdict:
        match same(uri, _GROUP):
            case Status.PASS:
                return passed(grant.uri.at, "a grant names the log delivery group")
            case Status.FAIL:
                return _NO
            case _:
                return unknown(
                    grant.uri.at, f"whether a grant to {uri} names the log delivery group is not known"
                )

    return when_set(grant.uri, names, _NO)
