"""Who reads objects of a bucket without going through the function of an Object Lambda access point."""

from collections.abc import Iterator

import msgspec

from s3audit.location import NOWHERE
from s3audit.model.access_point import AccessPoint
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.policy.access.behind import ways_through
from s3audit.policy.access.direct import by_policy
from s3audit.policy.access.doors import Door, asked, direct
from s3audit.policy.access.identities import by_identities, gaps
from s3audit.policy.access.place import Place
from s3audit.policy.access.points import VIA_LAMBDA, by_point, entrances
from s3audit.policy.access.ways import doing
from s3audit.policy.access.words import Access
from s3audit.policy.actions import Action
from s3audit.policy.language import Condition, Policy, Principal, Statement
from s3audit.policy.placed import literal_of
from s3audit.policy.reason import PROVEN
from s3audit.policy.rules import Rule, rules_of
from s3audit.setting import Known, Listed, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Verdict, every, failed, passed, unknown

_READS = ("s3:GetObject", "s3:GetObjectVersion")


def only_by_function(point: AccessPoint, estate: Estate) -> Verdict:
    """PASS where nobody reads objects of the bucket behind an access point but as Object Lambda asks for them."""
    return every(
        unknown(one.at, one.why) if isinstance(one, Unknown) else _of_bucket(one.place)
        for one in ways_through(point, estate)
    )


def _of_bucket(there: Place) -> Verdict:
    # As if whatever comes through a function were denied: what is left goes round it.
    place = msgspec.structs.replace(there, rules=(*there.rules, _rule("Deny", via_function=True)))
    found = every(_said(one, place) for one in _reads_past(place))
    if found.evidence:
        return found
    if _is_all_denied(place):
        return passed(there.at, "whoever does not come through the function is denied to read")
    gap = there.estate.unlisted(Role, literal_of(there.bucket.account))
    why = gap.why if gap is not None else next(iter(gaps(there)), "")
    if why:
        return unknown(there.at, f"whether somebody reads by policies of their own is not known: {why}")
    return passed(there.at, "no policy lets anybody read past the function")


def _reads_past(place: Place) -> Iterator[Access]:
    yield from by_policy(place, _reads)
    for entrance in entrances(place):
        yield from by_point(place, entrance, _reads)
    yield from by_identities(place, _reads)


def _said(one: Access, place: Place) -> Verdict:
    if one.open:
        return unknown(one.at, one.open)
    return failed(one.at, f"{place.ground.show(one.who)} may read objects past the function, by {one.how}")


def _is_all_denied(place: Place) -> bool:
    """Whether even somebody who is allowed everything is denied to read."""
    anything = (_rule("Allow"),)
    ground = place.ground
    doors = [
        msgspec.structs.replace(
            direct(ground.arn, ground.owner, ()), allowing=(anything,), denying=(place.rules,)
        ),
        *(
            msgspec.structs.replace(
                entrance.way.door, allowing=(anything,), denying=(entrance.rules, place.rules)
            )
            for entrance in entrances(place)
        ),
    ]
    return all(_is_denied(door) for door in doors)


def _is_denied(door: Door) -> bool:
    return asked(door, doing(_reads, lambda caller: caller.kind == "aws")).verdict == PROVEN


def _reads(action: Action) -> bool:
    return action.name in _READS


def _rule(effect: str, *, via_function: bool = False) -> Rule:
    """For everybody and everything."""
    everything = _one(text("*"))
    condition = Condition("ForAnyValue:StringEquals", "aws:CalledVia", _one(text(VIA_LAMBDA)), NOWHERE)
    conditions: Listed[Condition] = Known((Known(condition, NOWHERE),), NOWHERE)
    nothing: Listed[Text] = Unset((), NOWHERE)
    statement = Statement(
        at=NOWHERE,
        sid=Unset(None, NOWHERE),
        effect=Known(effect, NOWHERE),
        principals=Known((Known(Principal("*", text("*")), NOWHERE),), NOWHERE),
        not_principals=Unset((), NOWHERE),
        actions=everything,
        not_actions=nothing,
        resources=everything,
        not_resources=nothing,
        conditions=conditions if via_function else Unset((), NOWHERE),
    )
    policy = Policy(NOWHERE, Unset(None, NOWHERE), Known((Known(statement, NOWHERE),), NOWHERE))
    [rule] = rules_of(policy)
    return rule


def _one(value: Text) -> Listed[Text]:
    return Known((Known(value, NOWHERE),), NOWHERE)
