"""Who has access to a bucket: its policy, its ACL and Block Public Access taken together, the way S3 does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from s3audit.location import Location
from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import OriginAccessIdentity
from s3audit.model.effective import acls_in_force, blocked
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.policy.actions import LIST, PERMISSIONS, READ, TAGGING, WRITE
from s3audit.policy.keys import spelled
from s3audit.policy.language import Policy, policy_of
from s3audit.policy.placed import Placed, literal_of, placed
from s3audit.policy.questions import not_public, policies
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Answer, Query, both
from s3audit.policy.request import ANONYMOUS, Caller
from s3audit.policy.rules import Test, Who
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict

LEVELS = (READ, LIST, WRITE, TAGGING, PERMISSIONS)
ANYBODY, ANY_ACCOUNT, OWN = (
    "anybody, without credentials",
    "any AWS account",
    "identities of the bucket's own account",
)
_POLICY, _NAMED = "the bucket policy", "somebody whom the policy names"
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_GROUPS = {_ALL_USERS: ANYBODY, _SIGNED_IN: ANY_ACCOUNT, _LOG_DELIVERY: "the delivery of access logs"}
_PUBLIC = frozenset({ANYBODY, ANY_ACCOUNT})
_CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "public-read": ((ANYBODY, "READ"),),
    "public-read-write": ((ANYBODY, "READ"), (ANYBODY, "WRITE")),
    "authenticated-read": ((ANY_ACCOUNT, "READ"),),
    "log-delivery-write": ((_GROUPS[_LOG_DELIVERY], "WRITE"), (_GROUPS[_LOG_DELIVERY], "READ_ACP")),
    "aws-exec-read": (("Amazon EC2", "READ"),),
}
_OF_ACL: Mapping[str, tuple[str, ...]] = {
    "READ": (LIST,),
    "WRITE": (WRITE,),
    "READ_ACP": (READ,),
    "WRITE_ACP": (PERMISSIONS,),
    "FULL_CONTROL": (READ, LIST, WRITE, PERMISSIONS),
}
"""What a grant on a bucket, not on an object, lets its grantee do."""


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may do, and what lets them."""

    who: str
    can: tuple[str, ...]
    """Of LEVELS."""
    how: str
    at: Location
    where: str = ""
    """What a request has to carry, such as `aws:principalorgid o-1`; of several ways in, one."""
    open: str = ""
    """Why it is not certain."""


def accesses(bucket: Bucket, estate: Estate) -> list[Access]:
    """Who may do what, besides what the identity policies of the bucket's own account allow."""
    return [*_by_policy(bucket, estate), *_by_acl(bucket, estate)]


# The bucket policy


def _by_policy(bucket: Bucket, estate: Estate) -> Iterator[Access]:
    match policy_of(bucket.policy):
        case Unknown(why, at):
            yield Access(who=_NAMED, can=LEVELS, how=_POLICY, at=at, open=why)
        case Known(Policy() as policy) | Unset(Policy() as policy):
            yield from _of_policy(policy, bucket, estate)
        case _:
            pass


def _of_policy(policy: Policy, bucket: Bucket, estate: Estate) -> Iterator[Access]:
    identities = (*estate.all(Role), *estate.all(User), *estate.all(OriginAccessIdentity))
    here = placed(policy, bucket.name, bucket.region, bucket.account, identities)
    if here is None:
        why = "whether its statements are about this bucket is not known"
        yield Access(who=_NAMED, can=LEVELS, how=_POLICY, at=policy.at, open=why)
        return
    everybody = policies(here.rules, here.context).everybody()
    restricted = blocked(bucket, estate, "restrict_public_buckets")
    public = not_public(here.rules, here.context).verdict
    anyone: dict[str, list[str]] = {}
    for who, callers in _callers(everybody, here).items():
        cut = _cut(callers[0], public, restricted, here.context.owner)
        if cut is None:
            continue
        # A part of the policy tells fewer of them apart: they are named.
        of_them = policies(here.rules, here.context, callers=tuple(callers))
        sure: dict[str, list[str]] = {}
        unsure: dict[str, list[str]] = {}
        at, where = bucket.policy.at, ""
        for level in LEVELS:
            answer = of_them.granted(_doing(level, callers))
            if answer.verdict == WITNESS and answer.decision is not None:
                if not sure:
                    at, where = answer.decision.by[0].at, _where(answer, here)
                sure.setdefault(cut, []).append(level)
            elif answer.verdict == UNKNOWN and answer.reasons[0].element == "Principal":
                levels = anyone.setdefault(answer.reasons[0].why, [])
                levels += [level] if level not in levels else []
            elif answer.verdict == UNKNOWN:
                unsure.setdefault(answer.reasons[0].why, []).append(level)
        for why, levels in (*sure.items(), *unsure.items()):
            yield Access(who=who, can=tuple(levels), how=_POLICY, at=at, where=where, open=why)
    for why, levels in anyone.items():
        yield Access(who=_NAMED, can=tuple(levels), how=_POLICY, at=bucket.policy.at, open=why)


def _where(answer: Answer, here: Placed) -> str:
    """The keys that the statement asks for, as the request has them."""
    if answer.request is None or answer.decision is None:
        return ""
    tests = [test for test in answer.decision.by[0].tests if isinstance(test, Test)]
    told = {test.key: answer.request.held(test.key) for test in tests}
    said = ", ".join(f"{spelled(key)} {held}" for key, held in told.items() if isinstance(held, str))
    return said if here.owner_is_told else said.replace(here.context.owner, "its own account")


def _doing(level: str, callers: Sequence[Caller]) -> Query:
    """Anything of a level, by one of these."""

    def query(space: Space) -> Iterable[Box]:
        yield both(space.who(lambda one: one in callers), space.doing(lambda action: action.level == level))

    return query


def _cut(caller: Caller, public: str, restricted: Verdict, owner: str) -> str | None:
    """Why it is open whether Block Public Access lets them in; None where it does not."""
    is_inside = caller.kind == "service" or caller.account == owner
    if is_inside or public == PROVEN or restricted.status is Status.FAIL:
        return ""
    if restricted.status is Status.PASS and public == WITNESS:
        return None
    return "whether Block Public Access restricts the policy is not known"


def _callers(space: Space, here: Placed) -> dict[str, list[Caller]]:
    """All whom the policy tells apart, by what to call them."""
    named = {
        who.name
        for rule in here.rules
        for who in (*(rule.principals or ()), *(rule.not_principals or ()))
        if isinstance(who, Who)
    }
    found: dict[str, list[Caller]] = {}
    for caller in space.callers:
        found.setdefault(_called(caller, space.outside, named, here), []).append(caller)
    return found


def _called(caller: Caller, outside: str, named: AbstractSet[str], here: Placed) -> str:
    if caller.kind == ANONYMOUS:
        return ANYBODY
    if caller.kind == "service" and caller.name not in named:
        return "any service"
    if caller.kind in ("oai", "canonical"):
        return next(
            (said for name, said in here.shown.items() if name in (caller.arn or caller.name)), str(caller)
        )
    if caller.kind != "aws" or caller.account == outside:
        return ANY_ACCOUNT if caller.kind == "aws" else str(caller)
    if caller.arn in here.shown:
        return here.shown[caller.arn]
    if named.isdisjoint((caller.arn, caller.session)) or caller.arn.endswith(":root"):
        return OWN if caller.account == here.context.owner else f"the account {caller.account}"
    return caller.arn


# The ACL


def _by_acl(bucket: Bucket, estate: Estate) -> Iterator[Access]:
    in_force = acls_in_force(bucket)
    if in_force.status is Status.FAIL:
        return
    gap = "" if in_force.status is Status.PASS else "whether ACLs count on the bucket is not known"
    ignored = blocked(bucket, estate, "ignore_public_acls")
    for who, permission, at, why in _granted(bucket):
        if who in _PUBLIC and ignored.status is Status.PASS:
            continue
        is_open = ignored.status is Status.UNKNOWN and who in _PUBLIC
        open_ = gap or why or ("whether public ACLs are ignored is not known" if is_open else "")
        yield Access(
            who=who, can=_OF_ACL.get(permission, LEVELS), how="the ACL of the bucket", at=at, open=open_
        )


def _granted(bucket: Bucket) -> Iterator[tuple[str, str, Location, str]]:
    """The grantee, the permission, where it stands, and why it is open."""
    acl = bucket.acl
    match acl.canned:
        case Known(str() as canned, at) | Unset(str() as canned, at):
            for who, permission in _CANNED.get(canned, ()):
                yield who, permission, at, ""
        case Unknown(why, at):
            yield "whoever the ACL names", "", at, why
        case _:
            pass
    match acl.grants:
        case Unknown(why, at):
            yield "whoever the ACL names", "", at, why
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Unknown(why, at):
                        yield "whoever the ACL names", "", at, why
                    case Known(Grant() as grant) | Unset(Grant() as grant):
                        if literal_of(grant.id) != literal_of(acl.owner) or not literal_of(grant.id):
                            yield _grantee(grant), _permission(grant), grant.at, _open(grant)


def _grantee(grant: Grant) -> str:
    group = literal_of(grant.uri)
    if group:
        return _GROUPS.get(group, f"the group {group}")
    named = literal_of(grant.id) or literal_of(grant.email)
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
