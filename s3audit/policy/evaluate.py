"""Decides one request the way IAM does, and says which statement decided and why the others did not."""

from collections.abc import Iterator, Sequence

import msgspec

from s3audit.policy.keys import spelled
from s3audit.policy.operators import Open, every, holds, some
from s3audit.policy.request import OF_CALLER, Caller, Request
from s3audit.policy.rules import Pattern, Rule, Test, Who

ALLOWED, DENIED, NEITHER, OPEN = "allowed", "denied", "neither", "open"


class Match(msgspec.Struct, frozen=True):
    """Whether a statement is about a request."""

    rule: Rule
    matches: bool | None
    element: str = ""
    """The first that does not match, or of which that is not known."""
    why: str = ""


class Decision(msgspec.Struct, frozen=True):
    """What one policy says of a request."""

    effect: str
    """`allowed`, `denied`, `neither`, or `open` where what is not known decides."""
    by: tuple[Rule, ...]
    """The statements that decided."""
    others: tuple[Match, ...]
    unsure: tuple[Rule, ...] = ()
    """Those of which it is not known whether they match, or what for."""


def evaluate(rules: Sequence[Rule], request: Request) -> Decision:
    """A Deny that matches decides; without one, an Allow that does."""
    found = [match(rule, request) for rule in rules]
    denied = tuple(one.rule for one in found if one.matches and one.rule.effect == "Deny")
    allowed = tuple(one.rule for one in found if one.matches and one.rule.effect == "Allow")
    unsure = tuple(one.rule for one in found if one.matches is None or (one.matches and not one.rule.effect))
    if denied:
        return Decision(DENIED, denied, _but(found, denied), unsure)
    # Another Allow changes nothing where there is one, and a Deny nothing where there is none.
    if any(rule.effect != ("Allow" if allowed else "Deny") for rule in unsure):
        return Decision(OPEN, unsure, _but(found, unsure), unsure)
    if allowed:
        return Decision(ALLOWED, allowed, _but(found, allowed), unsure)
    return Decision(NEITHER, (), tuple(found), unsure)


def _but(found: Sequence[Match], deciding: Sequence[Rule]) -> tuple[Match, ...]:
    numbers = {rule.number for rule in deciding}
    return tuple(one for one in found if one.rule.number not in numbers)


def match(rule: Rule, request: Request) -> Match:
    """Whether a statement is about a request; the first element that is not decides, then what is not known."""
    if rule.why:
        return Match(rule, None, "", rule.why)
    unsure: Match | None = None
    for element, answer, test in _elements(rule, request):
        if answer is True or (answer is None and unsure is not None):
            continue
        why = _why_not(element, test, request)
        if answer is False:
            return Match(rule, False, element, why)
        unsure = Match(
            rule, None, element, why if isinstance(test, Open) else f"whether {why}, nobody can tell"
        )
    return unsure or Match(rule, True)


def matches(rule: Rule, request: Request) -> bool | None:
    """The same without a word about why."""
    if rule.why:
        return None
    return every(answer for _, answer, _ in _elements(rule, request))


def _elements(rule: Rule, request: Request) -> Iterator[tuple[str, bool | None, Test | Open | None]]:
    yield "Principal", speaks_of(rule, request.caller), None
    yield "Action", acts(rule, request.action), None
    yield "Resource", reaches(rule, request.resource), None
    for test in rule.tests:
        yield "Condition", None if isinstance(test, Open) else met(test, request), test


def _why_not(element: str, test: Test | Open | None, request: Request) -> str:
    match test:
        case Open(why):
            return why
        case Test():
            held = request.held(test.key)
            shown = "absent" if held is None else _shown(held)
            return f"{test.written} does not hold where {spelled(test.key)} is {shown}"
        case None if element == "Principal":
            return f"it does not name {request.caller}"
        case None if element == "Action":
            return f"it does not take in {request.action}"
        case None:
            return f"it does not match {request.resource}"


def _shown(held: str | frozenset[str]) -> str:
    return held if isinstance(held, str) else " and ".join(sorted(held)) or "empty"


def met(test: Test, request: Request) -> bool | None:
    if test.key in OF_CALLER:
        return met_by(test, request.caller)
    return None if test.operator is None else holds(test.operator, test.values, request.context.get(test.key))


def met_by(test: Test, caller: Caller) -> bool | None:
    """Whether a caller meets a condition on a key that hangs on who it is."""
    if test.operator is None or (caller.is_unseen and test.key in _OF_ACCOUNT):
        return None
    found = holds(test.operator, test.values, caller.context.get(test.key))
    if test.key == _SERVICE_NAMES and caller.kind == "service" and test.operator.base != "null":
        # It goes by further names, one for each region: what one of them settles is settled.
        return found if test.operator.each and found is (test.operator.each == "any") else None
    return found


_SERVICE_NAMES = "aws:principalservicenameslist"
_OF_ACCOUNT = frozenset({"aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:username"})


def acts(rule: Rule, action: str) -> bool | None:
    asked = action.lower()
    if rule.not_actions is not None:
        return _not(_some_fit(rule.not_actions, asked))
    return False if rule.actions is None else _some_fit(rule.actions, asked)


def reaches(rule: Rule, resource: str) -> bool | None:
    if rule.not_resources is not None:
        return _not(_some_fit(rule.not_resources, resource))
    # The policy of a role's trust has none.
    return True if rule.resources is None else _some_fit(rule.resources, resource)


def speaks_of(rule: Rule, caller: Caller) -> bool | None:
    """An identity's own policy names nobody: it is about whoever has it."""
    if rule.not_principals is not None:
        named = some(tuple(_is_meant(who, caller) for who in rule.not_principals))
        if rule.effect == "Deny" and named is not None:
            return _spared(rule, caller, is_named=named)
        return _not(named)
    if rule.principals is None:
        return True
    return some(tuple(_is_meant(who, caller) for who in rule.principals))


def _spared(rule: Rule, caller: Caller, *, is_named: bool) -> bool | None:
    """A Deny that spares somebody has to name the account too; where it does not, AWS leaves it open."""
    if not is_named:
        accounts = {_account_of(who.name) for who in rule.not_principals or () if isinstance(who, Who)}
        return None if caller.kind == "aws" and caller.account in accounts and _is_whole(caller) else True
    if caller.kind != "aws" or _is_whole(caller):
        return False
    whole = [who for who in rule.not_principals or () if isinstance(who, Who) and _is_account(who.name)]
    names_account = any(_account_of(who.name) == caller.account for who in whole)
    names_self = any(
        isinstance(who, Who) and who.name in (caller.arn, caller.session) for who in rule.not_principals or ()
    )
    everybody = any(isinstance(who, Who) and who.name == "*" for who in rule.not_principals or ())
    return False if everybody or (names_account and names_self) else None


def _is_whole(caller: Caller) -> bool:
    return caller.arn.endswith(":root")


def _is_account(name: str) -> bool:
    return (name.isdigit() and len(name) == 12) or (name.startswith("arn:") and name.endswith(":root"))


def _account_of(name: str) -> str:
    if name.isdigit():
        return name
    pieces = name.split(":")
    return pieces[4] if len(pieces) > 5 else ""


_OAI = ":iam::cloudfront:user/"


def _is_meant(who: Who | Open, caller: Caller) -> bool | None:
    if isinstance(who, Open):
        return None
    name = who.name
    match who.kind:
        case "*":
            return name == "*" or None
        case "aws":
            if name == "*":
                return True
            if _OAI in name:
                return caller.kind == "oai" and caller.arn == name
            if caller.kind != "aws":
                # A canonical user is an account that goes by another name.
                return None if caller.kind == "canonical" else False
            if _is_account(name):
                return caller.account == _account_of(name)
            return name in (caller.arn, caller.session)
        case "service":
            return caller.kind == "service" and name in (caller.name, "*")
        case "federated":
            return caller.kind == "federated" and (name == caller.name or (None if name == "*" else False))
        case "canonicaluser":
            return caller.kind == "canonical" and (name == caller.name or (None if name == "*" else False))
        case _:
            return None


def _some_fit(patterns: Sequence[Pattern | Open], asked: str) -> bool | None:
    return some(tuple(None if isinstance(one, Open) else one.fits(asked) for one in patterns))


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
