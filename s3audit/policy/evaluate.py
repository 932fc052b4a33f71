"""Decides one request the way IAM does, and says which statement decided and why the others did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

import msgspec

from s3audit.policy.actions import words
from s3audit.policy.keys import spelled
from s3audit.policy.operators import Open, holds
from s3audit.policy.request import OF_CALLER, Caller, Request
from s3audit.policy.rules import Pattern, Rule, Test, Who, element_as_written

ALLOWED, DENIED, NEITHER, OPEN = "allowed", "denied", "neither", "open"


class Match(msgspec.Struct, frozen=True, gc=False):
    """Whether a statement is about a request."""

    rule: Rule
    matches: bool | None
    element: str = ""
    """The first that does not match, or of which that is not known."""
    why: str = ""


class Decision(msgspec.Struct, frozen=True, dict=True):
    """What one policy says of a request."""

    effect: str
    """`allowed`, `denied`, `neither`, or `open` where what is not known decides."""
    by: tuple[Rule, ...]
    """The statements that decided."""
    rest: tuple[Rule, ...]
    """Those that did not."""
    request: Request
    unsure: tuple[Rule, ...] = ()
    """Those of which it is not known whether they match, or what for."""

    @cached_property
    def others(self) -> tuple[Match, ...]:
        """Why the others did not decide."""
        return tuple(match(rule, self.request) for rule in self.rest)

    def shown(self, key: str) -> str:
        """A key as AWS writes it, or as the statements do."""
        tests = (test for rule in (*self.by, *self.rest) for test in rule.tests if isinstance(test, Test))
        return next((test.shown for test in tests if test.key == key), spelled(key))


def evaluate(rules: Sequence[Rule], request: Request) -> Decision:
    """A Deny that matches decides; without one, an Allow that does."""
    denied: tuple[Rule, ...] = ()
    allowed: tuple[Rule, ...] = ()
    unsure: tuple[Rule, ...] = ()
    for rule in rules:
        answer = matches(rule, request)
        if answer is None or (answer and not rule.effect):
            unsure += (rule,)
        elif answer and rule.effect == "Deny":
            denied += (rule,)
        elif answer and rule.effect == "Allow":
            allowed += (rule,)
    if denied:
        effect, by = DENIED, denied
    # Another Allow changes nothing where there is one, and a Deny nothing where there is none.
    elif any(rule.effect != ("Allow" if allowed else "Deny") for rule in unsure):
        effect, by = OPEN, unsure
    else:
        effect, by = ALLOWED if allowed else NEITHER, allowed
    named = set(map(id, by))
    return Decision(effect, by, tuple(rule for rule in rules if id(rule) not in named), request, unsure)


def match(rule: Rule, request: Request) -> Match:
    """Whether a statement is about a request; the first element that is not decides, then what is not known."""
    if rule.why:
        return Match(rule, None, "", rule.why)
    unsure: Match | None = None
    for element, answer, test in _elements(rule, request):
        if answer is True or (answer is None and unsure is not None):
            continue
        why = _why_not(element_as_written(rule, element), test, request)
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
    found = speaks_of(rule, request.caller)
    if found is False:
        return False
    answer = acts(rule, request.action)
    if answer is False:
        return False
    found = found and answer
    answer = reaches(rule, request.resource)
    if answer is False:
        return False
    found = found and answer
    for test in rule.tests:
        answer = None if isinstance(test, Open) else met(test, request)
        if answer is False:
            return False
        found = found and answer
    return found


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
            return f"{test.written} does not hold where {test.shown} is {shown}"
        case None:
            return _said_of(element, request)


def _said_of(element: str, request: Request) -> str:
    """Why an element does not take a request in."""
    match element:
        case "Principal":
            return f"it does not name {request.caller}"
        case "NotPrincipal":
            return f"it names {request.caller}"
        case "Action":
            return f"it does not take in {words(request.action)}"
        case "NotAction":
            return f"it takes in {words(request.action)}"
        case "NotResource":
            return f"it matches {request.resource}"
        case _:
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


def speaks_of_all(rule: Rule) -> bool:
    """Whether it surely speaks of everybody."""
    if rule.principals is None:
        return rule.not_principals is None
    return rule.not_principals is None and any(
        isinstance(who, Who) and who.name == "*" and who.kind in ("*", "aws") for who in rule.principals
    )


def speaks_of(rule: Rule, caller: Caller) -> bool | None:
    """An identity's own policy names nobody: it is about whoever has it."""
    if rule.not_principals is not None:
        named = _some_is_meant(rule.not_principals, caller)
        if rule.effect == "Deny" and named is not None:
            return _spared(rule, caller, is_named=named)
        return _not(named)
    if rule.principals is None:
        return True
    return _some_is_meant(rule.principals, caller)


def _some_is_meant(whos: tuple[Who | Open, ...], caller: Caller) -> bool | None:
    if caller.kind == "aws" and (plain := _plain(whos)) is not None and not _is_open(caller.arn):
        accounts, names = plain
        return caller.account in accounts or caller.arn in names or caller.session in names
    found: bool | None = False
    for who in whos:
        answer = _is_meant(who, caller)
        if answer:
            return True
        if answer is None:
            found = None
    return found


def _spared(rule: Rule, caller: Caller, *, is_named: bool) -> bool | None:
    """A Deny that spares somebody has to name the account too, and of a session the role; else AWS leaves it open."""
    if not is_named:
        accounts = {_account_of(who.name) for who in rule.not_principals or () if isinstance(who, Who)}
        return None if caller.kind == "aws" and caller.account in accounts and _is_whole(caller) else True
    if caller.kind == "open":
        return None
    if caller.kind != "aws" or _is_whole(caller):
        return False
    whole = [who for who in rule.not_principals or () if isinstance(who, Who) and _is_account(who.name)]
    names_account = any(_account_of(who.name) == caller.account for who in whole)
    names_self = any(isinstance(who, Who) and who.name == caller.arn for who in rule.not_principals or ())
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


@lru_cache(maxsize=1024)
def _plain(whos: tuple[Who | Open, ...]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The accounts and the ARNs that a list names, where it names nothing else."""
    accounts: set[str] = set()
    names: set[str] = set()
    for who in whos:
        if isinstance(who, Open) or who.kind != "aws" or who.open or who.name == "*" or _OAI in who.name:
            return None
        account = _account_meant(who.name)
        (names if account is None else accounts).add(who.name if account is None else account)
    return frozenset(accounts), frozenset(names)


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
            if who.open or _is_open(caller.arn):
                return _may_be_meant(who, caller)
            if _OAI in name:
                return caller.kind == "oai" and caller.arn == name
            if caller.kind != "aws":
                # A canonical user is an account that goes by another name.
                return None if caller.kind == "canonical" else False
            if (account := _account_meant(name)) is not None:
                return caller.account == account
            return name in (caller.arn, caller.session)
        case "service":
            return caller.kind == "service" and name in (caller.name, "*")
        case "federated":
            return caller.kind == "federated" and (name == caller.name or (None if name == "*" else False))
        case "canonicaluser":
            return caller.kind == "canonical" and (name == caller.name or (None if name == "*" else False))
        case _:
            return None


@lru_cache(maxsize=4096)
def _account_meant(name: str) -> str | None:
    """That of a principal that is all of an account."""
    return _account_of(name) if _is_account(name) else None


def _may_be_meant(who: Who, caller: Caller) -> bool | None:
    """Where one of both is not told in full: whether they are surely not the same."""
    is_oai = _OAI in who.name
    if caller.kind not in (("oai",) if is_oai else ("aws", "open", "canonical")) or caller.is_nobodys:
        return False
    one, other = _account_of(who.name), _account_of(caller.arn)
    if is_oai or caller.kind == "canonical":
        return None
    # What is open under the name of an account stands for all its identities.
    stands_for_all = caller.kind == "open" and _is_whole(caller)
    if not (_is_account(who.name) or stands_for_all) and _sort_of(who.name) != _sort_of(caller.arn):
        return False
    if _is_open(one) or _is_open(other):
        return None
    if one != other:
        return False
    return True if _is_account(who.name) else None


def _sort_of(arn: str) -> str:
    """`user`, `role` or `root`; a session is one of a role."""
    return arn.split(":", 5)[-1].partition("/")[0].removeprefix("assumed-")


def _is_open(arn: str) -> bool:
    return "${" in arn


def _some_fit(patterns: Sequence[Pattern | Open], asked: str) -> bool | None:
    found: bool | None = False
    for one in patterns:
        answer = None if isinstance(one, Open) else one.fits(asked)
        if answer:
            return True
        if answer is None:
            found = None
    return found


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
