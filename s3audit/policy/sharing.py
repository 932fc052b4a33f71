"""Which other accounts may read or write the objects of a bucket."""

from collections.abc import Iterator

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access import granted_outside
from s3audit.policy.access.acl import by_acl
from s3audit.policy.access.words import GROUPS, LOG_DELIVERY, PUBLIC
from s3audit.policy.actions import WRITE
from s3audit.policy.language import policy_of
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, some, unknown, verdict

_READING, _WRITING = "s3:GetObject", "s3:PutObject"


def others_write(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether another account may write objects, by a policy or by the ACL."""
    return some(_others(bucket, estate, _WRITING).values())


def others(bucket: Bucket, estate: Estate) -> dict[str, Verdict]:
    """Which accounts may read or write objects, as `granted_outside` names them."""
    return _others(bucket, estate, _READING, _WRITING)


def _others(bucket: Bucket, estate: Estate, *actions: str) -> dict[str, Verdict]:
    gap = open_partition(bucket)
    if gap is not None:
        return {"": unknown(gap.at, gap.why)}
    found = granted_outside(bucket, estate, *actions)
    # An ACL of a bucket lets nobody read what is in it, but it may let them write.
    for who, told in _writers(bucket, estate):
        found[who] = found[who] | told if who in found else told
    return found if _literal(bucket.account) else _but_its_own(found)


def _but_its_own(found: dict[str, Verdict]) -> dict[str, Verdict]:
    """One of the accounts that a template writes out may be the one that it is deployed to."""
    named = [who for who, told in found.items() if who.isdigit() and told.status is Status.PASS]
    if len(named) != 1:
        return found
    (only,) = named
    at = found[only].evidence[0].at
    return {**found, only: unknown(at, f"whether {only} is another account is not known")}


def _writers(bucket: Bucket, estate: Estate) -> Iterator[tuple[str, Verdict]]:
    for one in by_acl(bucket, estate):
        if WRITE in one.can and one.who != GROUPS[LOG_DELIVERY]:
            gap = one.open
            if one.who not in PUBLIC and not _literal(bucket.acl.owner):
                gap = gap or f"whether {one.who} is its owner is not known"
            status = Status.UNKNOWN if gap else Status.PASS
            yield one.who, verdict(status, Evidence(one.at, gap or f"its ACL lets {one.who} write"))


def open_partition(bucket: Bucket) -> Unknown | None:
    """What may be of another partition: where the Region is not told, it leaves open what all statements mean."""
    if _literal(bucket.region):
        return None
    match policy_of(bucket.policy):
        case Known(policy) | Unset(policy) if policy is not None:
            match policy.statements:
                case Known(items) | Unset(items):
                    for item in items:
                        if isinstance(item, Unknown):
                            return item
                        one = item.value if isinstance(item, Known) else item.default
                        for listed in (one.resources, one.not_resources):
                            if isinstance(listed, Unknown):
                                return listed
                            parts = listed.value if isinstance(listed, Known) else listed.default
                            gap = next((part for part in parts if isinstance(part, Unknown)), None)
                            if gap is not None:
                                return gap
                case gap:
                    return gap
        case _:
            pass
    return None


def _literal(setting: Setting[Text] | Setting[Text | None]) -> str:
    match setting:
        case Known(Text() as told) | Unset(Text() as told):
            return told.literal or ""
        case _:
            return ""
