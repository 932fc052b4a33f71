"""Who gets through a door, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from s3audit.location import Location
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.identity import Role, User
from s3audit.policy.access.doors import Door, Told, asked, callers_at
from s3audit.policy.access.place import Place, called, carried, named_in
from s3audit.policy.access.words import LEVELS, NAMED, Access
from s3audit.policy.actions import Action
from s3audit.policy.globs import BudgetError
from s3audit.policy.reason import UNKNOWN, WITNESS, Query, both
from s3audit.policy.request import Caller
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.verdict import Evidence

Wanted = Callable[[Action], bool]
Cut = Callable[[Caller], str | None]
"""Why it is open whether Block Public Access lets them in; None where it does not."""


Limited = Callable[[Door, Sequence[Caller]], Door]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    door: Door
    how: str
    at: Location
    """Where no statement is known that lets them in."""
    open: str = ""
    """Why the whole way is not certain."""
    behind: Sequence[str] = ()
    """What the policies behind the first one are called."""
    limited: Limited = lambda door, _: door
    """With what else limits these."""


class _Let(msgspec.Struct, frozen=True):
    """The statement that lets somebody in, and what it asks for."""

    at: Location
    where: str


def limits(place: Place, point: AccessPoint | MultiRegionAccessPoint | None = None) -> Limited:
    """What limits the roles and users that are declared beside the bucket, at it or at an access point."""
    if not any(place.estate.all(kind) for kind in (Role, User)):
        return lambda door, _: door
    # What their own policies say is looked at only where there are any.
    from s3audit.policy.access.identities import limited

    return lambda door, callers: limited(door, callers, place, point)


def through(
    way: Way, place: Place, cut: Cut, wanted: Callable[[Caller], bool], to: Wanted | None = None
) -> Iterator[Access]:
    """Everybody who gets through, by what to call them; `to` is for what, if not for anything."""
    anyone: dict[str, tuple[Location, list[str], dict[Caller, None]]] = {}
    try:
        found, outside = callers_at(way.door)
    except BudgetError as error:
        yield Access(who=NAMED, can=LEVELS, how=way.how, at=way.at, open=f"budget: {error}")
        return
    named = named_in(way.door.rules)
    groups: dict[str, list[Caller]] = {}
    for caller in found:
        if wanted(caller):
            groups.setdefault(called(caller, outside, named, place.ground), []).append(caller)
    for who, callers in groups.items():
        blocked = cut(callers[0])
        if blocked is None:
            continue
        door = way.limited(way.door, callers)
        sure: dict[_Let, tuple[Told, list[str]]] = {}
        unsure: dict[str, tuple[Location, list[str]]] = {}
        for level in LEVELS:
            # A part of a policy tells fewer of them apart: they are named.
            told = asked(door, _doing(level, callers, to), callers=tuple(callers))
            if told.verdict == WITNESS:
                let = _Let(way.at if told.rule is None else told.rule.at, _where(way, place, told))
                sure.setdefault(let, (told, []))[1].append(level)
            elif told.verdict == UNKNOWN and told.element == "Principal":
                at = way.at if told.doubtful is None else told.doubtful.at
                _, levels, those = anyone.setdefault(told.why, (at, [], {}))
                levels += [level] if level not in levels else []
                those.update((one, None) for one in callers if one.kind == "open")
            elif told.verdict == UNKNOWN:
                at = way.at if told.doubtful is None else told.doubtful.at
                unsure.setdefault(told.why, (at, []))[1].append(level)
        for let, (told, levels) in sure.items():
            yield Access(
                who=who,
                can=tuple(levels),
                how=way.how,
                at=let.at,
                where=let.where,
                open=way.open or blocked,
                steps=tuple(_steps(way, told)),
                callers=tuple(callers),
            )
        for why, (at, levels) in unsure.items():
            yield Access(who=who, can=tuple(levels), how=way.how, at=at, open=why, callers=tuple(callers))
    for why, (at, levels, those) in anyone.items():
        yield Access(who=NAMED, can=tuple(levels), how=way.how, at=at, open=why, callers=tuple(those))


def _where(way: Way, place: Place, told: Told) -> str:
    rules = [decision.by[0] for decision in told.decisions if decision.by]
    return carried(told.request, rules, place.ground, but=way.door.carries)


def _steps(way: Way, told: Told) -> Iterable[Evidence]:
    for what, decision in zip(way.behind, told.decisions[1:], strict=False):
        if decision.by:
            yield Evidence(decision.by[0].at, what)


def doing(wanted: Wanted, callers: Callable[[Caller], bool]) -> Query:
    """Anything of a kind, by one of these."""

    def query(space: Space) -> Iterable[Box]:
        yield both(space.who(callers), space.doing(wanted))

    return query


def _doing(level: str, callers: Sequence[Caller], to: Wanted | None) -> Query:
    return doing(of_level(level, to), lambda one: one in callers)


def of_level(level: str, to: Wanted | None = None) -> Wanted:
    return lambda action: action.level == level and (to is None or to(action))
