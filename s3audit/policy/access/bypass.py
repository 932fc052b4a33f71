"""Who may take back what Object Lock keeps in GOVERNANCE mode."""

from collections.abc import Callable, Collection, Iterator

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.policy.access.all_points import by_points
from s3audit.policy.access.direct import by_policy
from s3audit.policy.access.identities import by_identities, caller_of, own_policies
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.words import PUBLIC, Access
from s3audit.policy.actions import Action
from s3audit.policy.globs import glob
from s3audit.policy.placed import literal_of
from s3audit.policy.questions import policies
from s3audit.policy.reason import PROVEN, both
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule, Who
from s3audit.setting import Unknown
from s3audit.verdict import Severity, Status, Verdict, every, failed, passed, unknown

_OF_ACCOUNTS = ("aws", "canonical", "federated")
_ACTION = "s3:BypassGovernanceRetention"
Spared = Callable[[Caller], bool]


def kept_from_others(bucket: Bucket, estate: Estate, administrators: Collection[str]) -> Verdict:
    """PASS where nobody of whom anything is known may, but for these; FAIL where somebody does."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    spared = _one_of(administrators, place)
    if _is_denied_to_others(place, spared):
        return passed(place.at, f"the bucket policy denies {_ACTION} to everybody else")
    found = every(_by_each(place, spared), passed(bucket.at, f"nobody is seen to have {_ACTION}"))
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


def _by_each(place: Place, spared: Spared) -> Iterator[Verdict]:
    direct = list(by_policy(_without_delegation(place), _is_it))
    for one in (*direct, *by_points(place, direct, _is_it), *by_identities(place, _is_it)):
        if not one.callers or not all(map(spared, one.callers)):
            yield _said(one, place)
    those: list[Role | User] = [*place.estate.all(Role), *place.estate.all(User)]
    for identity in those:
        if not spared(caller_of(identity, place)):
            for why in own_policies(identity, place).gaps:
                yield unknown(identity.at, f"what else {identity.title or identity.address} may do: {why}")


def _is_it(action: Action) -> bool:
    return action.name == _ACTION


def _is_denied_to_others(place: Place, spared: Spared) -> bool:
    answer = policies(place.rules, place.context).not_denied(
        lambda space: [both(space.who(lambda caller: not spared(caller)), space.doing(_is_it))]
    )
    return answer.verdict == PROVEN


def _one_of(administrators: Collection[str], place: Place) -> Spared:
    """Where nobody tells the account, a role of any is meant."""
    patterns = [glob(one if place.ground.owner_is_told else _of_any_account(one)) for one in administrators]
    return lambda caller: any(
        arn and one.matches(arn) for one in patterns for arn in (caller.arn, caller.session)
    )


def _of_any_account(arn: str) -> str:
    head, _, rest = arn.partition("::")
    return f"{head}::*:{rest.partition(':')[2]}" if rest else arn


def _without_delegation(place: Place) -> Place:
    """A statement for the bucket's own account leaves it to the policies of its identities."""
    return msgspec.structs.replace(place, rules=tuple(_delegating_nothing(place)))


def _delegating_nothing(place: Place) -> Iterator[Rule]:
    own = {place.ground.owner, f"arn:{place.ground.partition}:iam::{place.ground.owner}:root"}
    for rule in place.rules:
        if rule.effect != "Allow" or rule.principals is None:
            yield rule
            continue
        others = tuple(one for one in rule.principals if not (isinstance(one, Who) and one.name in own))
        if others:
            yield msgspec.structs.replace(rule, principals=others)


def _said(one: Access, place: Place) -> Verdict:
    if one.open:
        return unknown(one.at, one.open)
    found = failed(one.at, f"{one.who} may bypass the lock, by {one.how}")
    here = place.ground
    is_outside = here.owner_is_told and any(
        caller.kind in _OF_ACCOUNTS and caller.account != here.owner for caller in one.callers
    )
    return found.at_severity(Severity.HIGH) if is_outside or one.who in PUBLIC else found
