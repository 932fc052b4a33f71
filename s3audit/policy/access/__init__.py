"""Who has access to a bucket, by whatever way, as S3 takes its policies and settings together."""

from __future__ import annotations

from typing import TypeVar

from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.document import Value
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.model.replication import Replication
from s3audit.policy.access.acl import by_acl
from s3audit.policy.access.words import ANY_ACCOUNT, ANYBODY, BY_POLICY, LEVELS, NAMED, OWN, Access
from s3audit.policy.actions import LIST, PERMISSIONS, READ, TAGGING, WRITE
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Verdict, failed, unknown

__all__ = [
    "ANYBODY",
    "ANY_ACCOUNT",
    "LEVELS",
    "OWN",
    "Access",
    "accesses",
    "granted_outside",
    "not_listed",
    "public_but_for_blocks",
    "public_list",
    "public_permissions",
    "public_read",
    "public_through",
    "public_write",
]

T = TypeVar("T")

_NOBODY = "neither a policy nor an ACL lets the public in"
_OTHERS = "policies of directory buckets and of buckets on Outposts are not reasoned about"


def accesses(bucket: Bucket, estate: Estate) -> list[Access]:
    """Who may do what, and how."""
    by_lists = list(by_acl(bucket, estate))
    if not _has_more(bucket, estate) and not by_lists:
        return []
    if bucket.type != "general":
        open_ = Access(who=NAMED, can=LEVELS, how=BY_POLICY, at=bucket.policy.at, open=_OTHERS)
        return [] if _is_none(bucket.policy) else [open_]
    # The reasoner is for those that have something to reason about.
    from s3audit.policy.access.all_points import by_points
    from s3audit.policy.access.direct import by_policy
    from s3audit.policy.access.distributions import by_distributions
    from s3audit.policy.access.identities import by_identities
    from s3audit.policy.access.keys import with_keys
    from s3audit.policy.access.place import place_of
    from s3audit.policy.access.replication import by_replication

    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        gap = Access(who=NAMED, can=LEVELS, how=BY_POLICY, at=place.at, open=place.why)
        return with_keys([gap, *by_lists], bucket, estate, None)
    direct = list(by_policy(place))
    found = [*direct, *by_points(place, direct), *by_distributions(place), *by_lists, *by_identities(place)]
    return [*with_keys(found, bucket, estate, place), *by_replication(place)]


def public_read(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether anybody, or any AWS account, reads objects or settings now: PASS, with the request that shows it."""
    return _public(bucket, estate, READ)


def public_list(bucket: Bucket, estate: Estate) -> Verdict:
    """The same for what is in it."""
    return _public(bucket, estate, LIST)


def public_write(bucket: Bucket, estate: Estate) -> Verdict:
    """The same for writing and deleting, tags included."""
    return _public(bucket, estate, WRITE, TAGGING)


def public_permissions(bucket: Bucket, estate: Estate) -> Verdict:
    """The same for changing who has access."""
    return _public(bucket, estate, PERMISSIONS)


def public_but_for_blocks(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether the public could do anything if Block Public Access were off everywhere."""
    return _public(bucket, estate, *LEVELS, blocks=False)


def public_through(
    point: AccessPoint | MultiRegionAccessPoint, estate: Estate, *, blocks: bool = True
) -> Verdict:
    """Whether any AWS account can do anything through an access point; without `blocks` as if none were on."""
    if isinstance(point, AccessPoint) and point.type != "general":
        return failed(point.at, _NOBODY)
    if _is_none(point.policy):
        return failed(point.at, "it has no policy")
    from s3audit.policy.access.public import publicly_through

    return publicly_through(point, estate, blocks=blocks)


def granted_outside(bucket: Bucket, estate: Estate, *actions: str) -> dict[str, Verdict]:
    """Which other accounts were given access: PASS where one has it, UNKNOWN where that is open.

    By their numbers, or their canonical ids; `*` is any account, and an empty one somebody who is not known.
    Services, origin access identities and the groups of ACLs are no accounts. With `actions`: to any of these, by
    policies.
    """
    if not _may_let_in(bucket, estate):
        return {}
    if bucket.type != "general":
        return {"": unknown(bucket.policy.at, _OTHERS)}
    from s3audit.policy.access.public import outside

    return outside(bucket, estate, actions)


def not_listed(bucket: Bucket, estate: Estate) -> list[str]:
    """Who else may have access by policies that are not here to be read."""
    account = "" if isinstance(bucket.account, Unknown) else _value(bucket.account).literal or ""
    gap = estate.unlisted(Role, account)
    if gap is not None:
        return [f"identities of its own account, by policies of their own: {gap.why}"]
    found = ["identities of its own account that are declared elsewhere, by policies of their own"]
    if bucket.type == "general" and _some(estate, Role, User):
        from s3audit.policy.access.identities import gaps
        from s3audit.policy.access.place import place_of

        place = place_of(bucket, estate)
        found += () if isinstance(place, Unknown) else gaps(place)
    return found


def _public(bucket: Bucket, estate: Estate, *levels: str, blocks: bool = True) -> Verdict:
    if not _may_let_in(bucket, estate):
        return failed(bucket.at, _NOBODY)
    if bucket.type != "general":
        # Of these S3 blocks all public access, always.
        return failed(bucket.at, _NOBODY)
    from s3audit.policy.access.public import publicly

    return publicly(bucket, estate, levels, blocks=blocks)


def _may_let_in(bucket: Bucket, estate: Estate) -> bool:
    """Whether there is a policy or an ACL that others might get in by; an access point needs the policy, too."""
    return not _is_none(bucket.policy) or any(True for _ in by_acl(bucket, estate, blocks=False))


def _has_more(bucket: Bucket, estate: Estate) -> bool:
    """Whether there is anything beside an ACL that may let somebody in."""
    if not _is_none(bucket.policy) or not _is_none(bucket.replication):
        return True
    return _some(estate, AccessPoint, MultiRegionAccessPoint, Role, User)


def _some(estate: Estate, *kinds: type[Resource]) -> bool:
    return any(estate.all(kind) for kind in kinds)


def _is_none(setting: Setting[Value | None] | Setting[Replication | None]) -> bool:
    match setting:
        case Known(None) | Unset(None):
            return True
        case _:
            return False


def _value(setting: Known[T] | Unset[T]) -> T:
    return setting.value if isinstance(setting, Known) else setting.default
