"""Who has access by the ACL of a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from s3audit.location import Location
from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force
from s3audit.model.estate import Estate
from s3audit.policy.access.blocks import block, unsaid
from s3audit.policy.access.words import (
    ANY_ACCOUNT,
    ANYBODY,
    BY_ACL,
    GROUPS,
    LEVELS,
    LOG_DELIVERY,
    PUBLIC,
    Access,
)
from s3audit.policy.actions import LIST, PERMISSIONS, READ, WRITE
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status

FULL_CONTROL, READ_ACP, WRITE_ACP = "FULL_CONTROL", "READ_ACP", "WRITE_ACP"
_SOMEBODY = "whoever the ACL names"
_CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "public-read": ((ANYBODY, "READ"),),
    "public-read-write": ((ANYBODY, "READ"), (ANYBODY, "WRITE")),
    "authenticated-read": ((ANY_ACCOUNT, "READ"),),
    "log-delivery-write": ((GROUPS[LOG_DELIVERY], "WRITE"), (GROUPS[LOG_DELIVERY], READ_ACP)),
    "aws-exec-read": (("Amazon EC2", "READ"),),
}
_OF_ACL: Mapping[str, tuple[str, ...]] = {
    "READ": (LIST,),
    "WRITE": (WRITE,),
    READ_ACP: (READ,),
    WRITE_ACP: (PERMISSIONS,),
    FULL_CONTROL: (READ, LIST, WRITE, PERMISSIONS),
}
"""What a grant on a bucket, not on an object, lets its grantee do."""


def by_acl(bucket: Bucket, estate: Estate, *, blocks: bool = True) -> Iterator[Access]:
    """Without `blocks` as if Block Public Access were off."""
    granted = list(_granted(bucket))
    if not granted:
        return
    in_force = acls_in_force(bucket)
    if in_force.status is Status.FAIL:
        return
    gap = "" if in_force.status is Status.PASS else "whether ACLs count on the bucket is not known"
    ignored = block(bucket, estate, "ignore_public_acls")
    for who, permission, at, why in granted:
        cut = ""
        if who in PUBLIC and blocks:
            if ignored.status is Status.PASS:
                continue
            if ignored.status is Status.UNKNOWN:
                cut = unsaid(bucket, "ignore_public_acls") or "whether public ACLs are ignored is not known"
        yield Access(who=who, can=_OF_ACL.get(permission, LEVELS), how=BY_ACL, at=at, open=gap or why or cut)


def _granted(bucket: Bucket) -> Iterator[tuple[str, str, Location, str]]:
    """The grantee, the permission, where it stands, and why it is open."""
    acl = bucket.acl
    match acl.canned:
        case Known(str() as canned, at) | Unset(str() as canned, at):
            for who, permission in _CANNED.get(canned, ()):
                yield who, permission, at, ""
        case Unknown(why, at):
            yield _SOMEBODY, "", at, why
        case _:
            pass
    match acl.grants:
        case Unknown(why, at):
            yield _SOMEBODY, "", at, why
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Unknown(why, at):
                        yield _SOMEBODY, "", at, why
                    case Known(Grant() as grant) | Unset(Grant() as grant):
                        if _literal(grant.id) != _literal(acl.owner) or not _literal(grant.id):
                            yield _grantee(grant), _permission(grant), grant.at, _open(grant)


def _grantee(grant: Grant) -> str:
    group = _literal(grant.uri)
    if group:
        return GROUPS.get(group, f"the group {group}")
    named = _literal(grant.id) or _literal(grant.email)
    return f"the canonical user {named}" if named else "somebody"


def _permission(grant: Grant) -> str:
    match grant.permission:
        case Known(str() as permission) | Unset(str() as permission):
            return permission
        case _:
            return ""


def _open(grant: Grant) -> str:
    for setting in (grant.permission, grant.uri, grant.id):
        if isinstance(setting, Unknown):
            return setting.why
    return ""


def _literal(setting: Setting[Text | None]) -> str:
    match setting:
        case Known(Text() as known) | Unset(Text() as known):
            return known.literal or ""
        case _:
            return ""
