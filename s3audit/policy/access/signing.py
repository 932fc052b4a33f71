"""What those may do who presign requests for a bucket: a URL carries the rights of whoever signs it."""

from collections.abc import Collection

from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, is_there
from s3audit.model.identity import AccessKey, Role, User
from s3audit.policy.access.doors import Door, Told, asked
from s3audit.policy.access.identities import Own, caller_of, own_policies
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.roles import direct
from s3audit.policy.access.spared import spared
from s3audit.policy.actions import ACTIONS, FUTURE, WRITE, Action
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.rules import Rule
from s3audit.setting import Unknown, some_of
from s3audit.verdict import Severity, Status, Verdict, every, failed, passed, unknown

_SIGNED = frozenset({"s3:GetObject", "s3:PutObject"})
_BEYOND = tuple(one for one in ACTIONS if one.name not in _SIGNED)
_ANYTHING = (Action(FUTURE, WRITE, of_objects=True),)
_OTHER = "xqz-another-bucket"


def signers_are_narrow(bucket: Bucket, estate: Estate, signers: Collection[str], at: Location) -> Verdict:
    """Whether each of them has no more than the rights to read and write objects, and no keys that last."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    meant = spared(signers, place)
    found: list[Verdict] = []
    those: list[Role | User] = [*estate.all(Role), *estate.all(User)]
    for one in those:
        there = is_there(one)
        caller = caller_of(one, place)
        if there.status is Status.FAIL:
            continue
        if meant.may_have(caller):
            found.append(unknown(one.at, f"whether {_called(one)} is one of the signers is not known"))
        elif meant.has(caller):
            is_open = meant.may_be_limited(caller)
            found.append(
                _is_narrow(one, place, may_be_limited=is_open) if there.status is Status.PASS else there
            )
    if not found:
        return unknown(at, "what the signers may do is not known: none of them is declared here")
    return every(found)


def _is_narrow(one: Role | User, place: Place, *, may_be_limited: bool) -> Verdict:
    own = own_policies(one, place)
    for gap in own.gaps:
        return _keys(one) & unknown(one.at, f"what {_called(one)} may do is not known: {gap}")
    here = place.ground
    other = f"arn:{here.partition}:s3:::{_OTHER}"
    rights = _only(one, own, here.arn, _BEYOND, place) & _only(one, own, other, (), place)
    if may_be_limited and rights.status is Status.FAIL:
        rights = unknown(one.at, f"the permissions boundary of {_called(one)} is not known")
    return _keys(one) & rights


def _keys(one: Role | User) -> Verdict:
    """Whether it signs with what ends: URLs of a session end with the session."""
    if isinstance(one, Role):
        return passed(one.at, f"{_called(one)} signs for as long as a session lasts")
    lasting = some_of(one.access_keys, lambda key: _lasts(key, one))
    if lasting.status is Status.FAIL:
        return passed(one.at, f"{_called(one)} has no access key that is active")
    return (~lasting).at_severity(Severity.HIGH)


def _lasts(key: AccessKey, one: User) -> Verdict:
    active = key.status.is_in("Active", what=f"an access key of {_called(one)}")
    if active.status is Status.PASS:
        return passed(key.at, f"{_called(one)} signs with an access key that never ends by itself")
    return active


def _only(one: Role | User, own: Own, arn: str, beyond: tuple[Action, ...], place: Place) -> Verdict:
    """Whether it may do none of these on a bucket; without any, nothing at all."""

    def answer(those: tuple[Action, ...]) -> Told:
        limit = () if own.boundary is None else (own.boundary,)
        said = place.rules if arn == place.ground.arn else ()
        allowing: tuple[Rule, ...] = (*own.rules, *direct(said))
        door = Door(
            bucket=arn,
            owner=place.ground.owner,
            allowing=(allowing, *limit),
            denying=(said,) if said else (),
            actions=those,
        )
        return asked(door, lambda _: [{}], only=(caller_of(one, place),))

    told = answer(beyond)
    if told.verdict == PROVEN:
        return passed(one.at, f"{_called(one)} may do no more than read and write objects")
    if told.verdict != WITNESS or told.request is None:
        return unknown(one.at, f"what {_called(one)} may do is not known: {told.why}")
    at = one.at if told.rule is None else told.rule.at
    whole = answer(_ANYTHING).verdict == WITNESS
    action = "s3:*" if told.request.action == FUTURE else told.request.action
    where = place.ground.show(told.request.resource) if beyond else "other buckets"
    return failed(at, f"{_called(one)} may {action} on {where}", Severity.HIGH if whole else None)


def _called(one: Role | User) -> str:
    return one.title or one.address
