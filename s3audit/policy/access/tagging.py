"""Who may change the tags of a bucket, where these decide who gets in."""

from collections.abc import Callable, Collection, Iterator

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.policy.access.direct import by_policy
from s3audit.policy.access.identities import by_identities, caller_of, own_policies
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.spared import Spared, spared, without_delegation
from s3audit.policy.access.words import Access
from s3audit.policy.actions import Action
from s3audit.policy.placed import literal_of
from s3audit.policy.questions import policies
from s3audit.policy.reason import PROVEN, both
from s3audit.policy.request import Caller
from s3audit.setting import Unknown
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown

_ACTIONS = frozenset({"s3:TagResource", "s3:UntagResource"})


def tagged_by_few(bucket: Bucket, estate: Estate, administrators: Collection[str] | None) -> Verdict:
    """PASS where nobody may change the tags but these; without them, nobody of another account."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    if administrators is None:
        owner = place.ground.owner
        return every(_by_policy(place, lambda caller: caller.account != owner), _nobody(bucket))
    those = spared(administrators, place)
    if _is_denied_to_others(place, those):
        return passed(place.at, "the bucket policy keeps everybody else from its tags")
    others = _by_policy(place, lambda caller: not those.has(caller))
    found = every((*others, *_by_identities(place, those)), _nobody(bucket))
    return found if found.status is not Status.PASS else found & _seen(bucket, estate)


def _nobody(bucket: Bucket) -> Verdict:
    return passed(bucket.at, "nobody else is seen to change its tags")


def _by_policy(place: Place, by: Callable[[Caller], bool]) -> Iterator[Verdict]:
    yield from map(_said, by_policy(without_delegation(place), _is_tagging, by))


def _by_identities(place: Place, those: Spared) -> Iterator[Verdict]:
    identities: list[Role | User] = [*place.estate.all(Role), *place.estate.all(User)]
    others = {caller: one for one in identities if not those.has(caller := caller_of(one, place))}
    gaps = {caller: list(_gaps(one, caller, place, those)) for caller, one in others.items()}
    for access in by_identities(place, _is_tagging) if others else ():
        if any(caller in gaps and not gaps[caller] for caller in access.callers):
            yield _said(access)
    for caller, one in others.items():
        for why in gaps[caller]:
            yield unknown(one.at, f"what {one.title or one.address} may do with its tags: {why}")


def _gaps(one: Role | User, caller: Caller, place: Place, those: Spared) -> Iterator[str]:
    """Why nobody can tell whether it may."""
    if those.may_have(caller):
        yield "whether it is one of the administrators is not known"
    if isinstance(one.permissions_boundary, Unknown):
        yield "its permissions boundary is not known"
    yield from own_policies(one, place).gaps


def _is_tagging(action: Action) -> bool:
    return action.name in _ACTIONS


def _is_denied_to_others(place: Place, those: Spared) -> bool:
    answer = policies(place.rules, place.context).not_denied(
        lambda space: [both(space.who(lambda caller: not those.has(caller)), space.doing(_is_tagging))]
    )
    return answer.verdict == PROVEN


def _said(one: Access) -> Verdict:
    if one.open:
        return unknown(one.at, one.open)
    return failed(one.at, f"{one.who} may change the tags of the bucket, by {one.how}")


def _seen(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether all identities of its account are known."""
    account = "" if isinstance(bucket.account, Unknown) else literal_of(bucket.account)
    for kind in (Role, User):
        gap = estate.unlisted(kind, account)
        if gap is not None:
            return unknown(bucket.at, f"who may tag it by policies of their own is not known: {gap.why}")
    return Verdict(Status.PASS)
