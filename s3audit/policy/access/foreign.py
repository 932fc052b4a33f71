"""Whom the policy of an access point lets in of other accounts, and whether the bucket policy does so too."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from s3audit.location import Location
from s3audit.model.estate import Estate
from s3audit.policy import keys
from s3audit.policy.access.behind import Through, by_itself, ways_through
from s3audit.policy.access.doors import Door, Told, asked
from s3audit.policy.access.points import Point
from s3audit.policy.access.words import ANY_ACCOUNT
from s3audit.policy.callers import account_of, named
from s3audit.policy.globs import literal
from s3audit.policy.operators import Open
from s3audit.policy.reason import PROVEN, WITNESS, both
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.setting import Unknown
from s3audit.verdict import Status, Verdict, failed, passed, unknown


class Foreigner(NamedTuple):
    """Somebody whom a statement of an access point lets in, as far as that policy goes."""

    who: str
    at: Location
    """The statement."""
    own: Verdict
    """Whether the policy of the access point lets them in: PASS with the request, or UNKNOWN."""
    through: Verdict
    """Whether the bucket policy behind it does so too."""


class _Asked(NamedTuple):
    who: str
    is_it: Callable[[Caller], bool]
    open: str = ""
    """Why it is not known whose account it is."""


def foreigners(
    point: Point,
    estate: Estate,
    *,
    accounts: Iterable[str] = (),
    organizations: Iterable[str] = (),
    everybody: bool = False,
) -> Iterator[Foreigner]:
    """All but those of the account of the bucket, of these accounts and of these organizations.

    Statements that are for everybody are left out, unless with `everybody`.
    """
    gap: Unknown | None = None
    for one in ways_through(point, estate):
        if isinstance(one, Unknown):
            gap = one
        else:
            yield from _through(one, set(accounts), tuple(organizations), everybody=everybody, gap=None)
    if gap is None:
        return
    alone = by_itself(point, estate)
    if isinstance(alone, Unknown):
        yield Foreigner("somebody", alone.at, unknown(alone.at, alone.why), unknown(alone.at, alone.why))
        return
    yield from _through(alone, set(accounts), tuple(organizations), everybody=everybody, gap=gap)


def _through(
    one: Through, spared: set[str], organizations: tuple[str, ...], *, everybody: bool, gap: Unknown | None
) -> Iterator[Foreigner]:
    rules = one.entrance.rules
    others = tuple(rule for rule in rules if rule.effect != "Allow")
    door = one.entrance.way.door
    spared = spared | {one.place.ground.owner}
    for rule in rules:
        if rule.effect == "Deny" or (_is_for_all(rule) and not everybody):
            continue
        those = (rule, *(each for each in others if each is not rule))
        own = msgspec.structs.replace(door, allowing=(those,))
        through = msgspec.structs.replace(door, allowing=(those, one.place.rules))
        for who in _whos(rule, spared):
            let_in = _said(_ask(own, who, organizations), who, one, rule.at)
            if let_in.status is Status.FAIL:
                continue
            if gap is not None:
                behind = unknown(rule.at, gap.why)
            elif not one.place.rules:
                behind = failed(rule.at, f"no bucket policy lets {who.who} through")
            else:
                behind = _said(_ask(through, who, organizations), who, one, rule.at)
            yield Foreigner(who.who, rule.at, let_in, behind)


def _is_for_all(rule: Rule) -> bool:
    if rule.principals is None:
        return not rule.why
    return any(not isinstance(who, Open) and who.name == "*" for who in rule.principals)


def _whos(rule: Rule, spared: set[str]) -> Iterator[_Asked]:
    told = named((rule,))
    for account in dict.fromkeys(told.told):
        if account not in spared:
            yield _Asked(f"the account {account}", _is_of(account))
    for who in told.whos:
        if who.kind == "canonicaluser":
            yield _Asked(f"the canonical user {who.name}", _is_canonical(who.name))
        elif "${" in who.name and account_of(who.name) is None:
            yield _Asked(who.name, _is_open(who.name), f"which account {who.name} is of is not known")
    if any(isinstance(who, Open) for who in rule.principals or ()) or rule.why or not rule.effect:
        yield _Asked("somebody", _is_nobodys, "whom the statement lets in is not known")
    if _is_for_all(rule):
        yield _Asked(ANY_ACCOUNT, _is_nobodys)


def _ask(door: Door, who: _Asked, organizations: tuple[str, ...]) -> Told:
    known = {keys.ORGANIZATION: tuple(map(literal, sorted(organizations)))} if organizations else {}

    def query(space: Space) -> Iterable[Box]:
        box = space.who(who.is_it)
        if organizations:
            box = both(box, space.where(keys.ORGANIZATION, lambda held: held not in organizations))
        yield box

    return asked(door, query, known=known)


def _said(told: Told, who: _Asked, one: Through, at: Location) -> Verdict:
    if told.verdict == PROVEN:
        return failed(at, f"the bucket policy does not let {who.who} through")
    if told.verdict != WITNESS or told.request is None:
        return unknown(at, told.why)
    if who.open:
        return unknown(at, who.open)
    for owner in (one.place.bucket.account, one.entrance.point.account):
        if isinstance(owner, Unknown) and who.who != ANY_ACCOUNT:
            return unknown(at, f"its own account is not known: {owner.why}")
    ground = one.place.ground
    name = str(ground.bucket_name)
    resource = told.request.resource.replace(ground.arn, f"arn:{ground.partition}:s3:::{name}", 1)
    note = f"{who.who} may do {told.request.action} on {ground.show(resource)}"
    doubt = "" if ground.owner_is_told or who.who == ANY_ACCOUNT else ", if that is not its own account"
    return passed(at, f"{note}{doubt}")


def _is_of(account: str) -> Callable[[Caller], bool]:
    """Somebody of an account, or who signs in with a provider of it."""

    def is_of(one: Caller) -> bool:
        if one.kind == "federated":
            return account_of(one.name) == account
        return one.account == account and one.kind in ("aws", "open")

    return is_of


def _is_canonical(name: str) -> Callable[[Caller], bool]:
    return lambda one: one.kind == "canonical" and one.name == name


def _is_open(name: str) -> Callable[[Caller], bool]:
    return lambda one: one.kind == "open" and one.arn == name


def _is_nobodys(one: Caller) -> bool:
    return one.kind == "aws" and one.is_nobodys
