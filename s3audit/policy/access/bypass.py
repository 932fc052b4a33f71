"""Who may take back what Object Lock keeps in GOVERNANCE mode."""

from collections.abc import Collection, Iterator

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.policy.access.all_points import by_points
from s3audit.policy.access.direct import by_policy
from s3audit.policy.access.identities import by_identities, caller_of, own_policies
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.spared import Spared, spared, without_delegation
from s3audit.policy.access.words import PUBLIC, Access
from s3audit.policy.actions import Action
from s3audit.policy.placed import literal_of
from s3audit.policy.questions import policies
from s3audit.policy.reason import PROVEN, both
from s3audit.setting import Unknown
from s3audit.verdict import Severity, Status, Verdict, every, failed, passed, unknown

_OF_ACCOUNTS = ("aws", "canonical", "federated")
_ACTION = "s3:BypassGovernanceRetention"


def kept_from_others(bucket: Bucket, estate: Estate, administrators: Collection[str]) -> Verdict:
    """PASS where nobody of whom anything is known may, but for these; FAIL where somebody does."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    trust = spared(administrators, place)
    if _is_denied_to_others(place, trust):
        return passed(place.at, f"the bucket policy denies {_ACTION} to everybody else")
    found = every(_by_each(place, trust), passed(bucket.at, f"nobody is seen to have {_ACTION}"))
    return found if found.status is not Status.PASS else found & _seen(bucket, estate)


def _seen(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether all identities of its account are known."""
    account = "" if isinstance(bucket.account, Unknown) else literal_of(bucket.account)
    for kind in (Role, User):
        gap = estate.unlisted(kind, account)
        if gap is not None:
            why = f"who may bypass the lock by policies of their own is not known: {gap.why}"
            return unknown(bucket.at, why)
    return Verdict(Status.PASS)


def _by_each(place: Place, trust: Spared) -> Iterator[Verdict]:
    direct = list(by_policy(without_delegation(place), _is_it, lambda caller: not trust.has(caller)))
    for one in (*direct, *by_points(place, direct, _is_it), *by_identities(place, _is_it)):
        others = [caller for caller in one.callers if not trust.has(caller)]
        if others and all(map(trust.may_have, others)):
            yield unknown(one.at, f"whether {one.who} is an administrator is not known")
        elif others and all(map(trust.may_be_limited, others)):
            yield unknown(one.at, f"the permissions boundary of {one.who} is not known")
        elif others or not one.callers:
            yield _said(one, place)
    those: list[Role | User] = [*place.estate.all(Role), *place.estate.all(User)]
    for identity in those:
        if not trust.has(caller_of(identity, place)):
            for why in own_policies(identity, place).gaps:
                yield unknown(identity.at, f"what else {identity.title or identity.address} may do: {why}")


def _is_it(action: Action) -> bool:
    return action.name == _ACTION


def _is_denied_to_others(place: Place, trust: Spared) -> bool:
    answer = policies(place.rules, place.context).not_denied(
        lambda space: [both(space.who(lambda caller: not trust.has(caller)), space.doing(_is_it))]
    )
    return answer.verdict == PROVEN


def _said(one: Access, place: Place) -> Verdict:
    if one.open:
        return unknown(one.at, one.open)
    found = failed(one.at, f"{one.who} may bypass the lock, by {one.how}")
    here = place.ground
    is_outside = here.owner_is_told and any(
        caller.kind in _OF_ACCOUNTS and caller.account != here.owner for caller in one.callers
    )
    return found.at_severity(Severity.HIGH) if is_outside or one.who in PUBLIC else found
