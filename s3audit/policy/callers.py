"""Everybody whom a policy may tell apart: those that it names, and one of each kind that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, count, takewhile

import msgspec

from s3audit.policy.globs import (
    MANY,
    MANY_OF_NAME,
    MOST_STATES,
    ONE,
    ONE_OF_NAME,
    Automaton,
    BudgetError,
    Glob,
    Token,
    classes,
    fresh,
    glob,
    literal,
)
from s3audit.policy.operators import Chosen, patterns
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule, Test, Who

_STRANGERS = ("999999999999", "888888888888", "777777777777", "666666666666", "555555555555")
_NAMES = "stranger"
_OF_NAMES = {ONE: ONE_OF_NAME, MANY: MANY_OF_NAME}
_ACCOUNT = r"arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):?"
_DIGITS = 12
_COLON = ":"
_ACCOUNT_AT = 4
"""Which piece of an ARN it is."""
_SESSION = ":assumed-role/"
OTHER_SERVICE = "other-service.amazonaws.com"
OTHER_PROVIDER = "sign-in.example.com"
_SERVICES = tuple(map(glob, ("*.amazonaws.com", "*.amazonaws.com.cn")))


class Named(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """What statements tell callers apart by."""

    whos: tuple[Who, ...]
    arns: tuple[Glob, ...]
    accounts: tuple[Glob, ...]
    users: tuple[Glob, ...]
    services: tuple[Glob, ...]
    types: tuple[Glob, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """The accounts that are named, with all their digits."""
        return _accounts(self)

    @property
    def roles(self) -> tuple[str, ...]:
        """Those that are named as principals, where a session is too."""
        if not any(_SESSION in who.name for who in self.whos):
            return ()
        return tuple(who.name for who in self.whos if ":role/" in who.name)


@lru_cache(maxsize=256)
def _accounts(told: Named) -> tuple[str, ...]:
    names = (account_of(who.name) for who in told.whos)
    fixed = (one.head for one in told.accounts if one.is_fixed and _is_account(one.head))
    arns = map(_only_account, told.arns)
    return tuple(account for account in (*names, *fixed, *arns) if account is not None)


@lru_cache(maxsize=256)
def named(rules: tuple[Rule, ...]) -> Named:
    whos: dict[Who, None] = {}
    found: dict[str, dict[Glob, None]] = {}
    for rule in rules:
        for who in (*(rule.principals or ()), *(rule.not_principals or ())):
            if isinstance(who, Who) and who.name != "*":  # which tells nobody from anybody
                whos[who] = None
        for test in rule.tests:
            if isinstance(test, Test) and test.key in _TELLING:
                found.setdefault(_TELLING[test.key], {}).update(dict.fromkeys(_globs(test)))
    return Named(tuple(whos), **{name: tuple(found.get(name, ())) for name in set(_TELLING.values())})


_TELLING = {
    "aws:principalarn": "arns",
    "aws:principalaccount": "accounts",
    "aws:username": "users",
    "aws:principaltype": "types",
    "aws:principalservicename": "services",
    "aws:principalservicenameslist": "services",
}


def _globs(test: Test) -> list[Glob]:
    if test.operator is None:
        return []
    shapes = (patterns(test.operator, value) for value in test.values if isinstance(value, Chosen))
    return [shape for shape in shapes if shape is not None]


@lru_cache(maxsize=4096)
def account_of(name: str) -> str | None:
    """That of an account's number or of an ARN."""
    if _is_account(name):
        return name
    found = re.match(_ACCOUNT, name, re.ASCII)
    return None if found is None else found[1]


@lru_cache(maxsize=4096)
def _only_account(arn: Glob) -> str | None:
    """That of all ARNs that fit, where it is one."""
    pieces: list[list[Token]] = [[]]
    for token in arn.tokens:
        if token == _COLON:
            pieces.append([])
        elif len(pieces) <= _ACCOUNT_AT and token in (ONE, MANY):
            break  # it may stand for colons
        else:
            pieces[-1].append(token)
    # Nothing but a colon follows twelve digits.
    digits = takewhile(
        lambda token: isinstance(token, str), pieces[_ACCOUNT_AT] if len(pieces) > _ACCOUNT_AT else ()
    )
    account = "".join(map(str, digits))
    return account if _is_account(account) else None


def _is_account(name: str) -> bool:
    return len(name) == _DIGITS and name.isascii() and name.isdigit()


def stranger(taken: Iterable[str]) -> str:
    """An account that nobody named."""
    known = frozenset(taken)
    for account in _STRANGERS:
        if account not in known:
            return account
    return next(account for account in map("{:012}".format, count(1)) if account not in known)


@lru_cache(maxsize=256)
def callers(
    told: Named, accounts: tuple[str, ...], outside: str, partition: str, roles: tuple[str, ...]
) -> tuple[Caller, ...]:
    """Anybody first, then whom nobody named, then those that are named.

    `roles` are named anywhere in the policy: a session of that name is one of them, whatever its path.
    """
    start = f"arn:{partition}:iam::"
    found: dict[Caller, None] = {Caller(): None}
    arns = [*told.arns, *(_user(one) for one in told.users)]
    known = tuple(dict.fromkeys([outside, *accounts, *told.told]))
    session = _session(told)
    names: dict[str, list[str]] = {}
    for who in told.whos:
        if who.name.startswith(start):
            names.setdefault(who.name[len(start) :].partition(":")[0], []).append(who.name)
    wild = bool(told.types) or any(not one.is_fixed for one in told.arns)
    for account in (*known, *_unnamed(told, known, start)):
        is_nobodys = account == outside or account not in known
        if arns or wild or account in names:
            own = [*arns, *map(literal, names.get(account, ()))]
            some: Iterable[Caller] = _of_account(account, own, partition, session, is_nobodys, wild)
        else:
            some = _of_any_account(account, partition, session, is_nobodys)
        found.update(dict.fromkeys(some))
    for who in told.whos:
        found.update(dict.fromkeys(_named(who, arns, roles)))
    for name in _services(told):
        found[Caller(kind="service", name=name)] = None
    return tuple(found)


def in_words(caller: Caller, owner: str, *, owner_is_told: bool = True) -> str:
    """Somebody of an account that nobody told, by what they are; anybody else by their name."""
    if caller.kind != "aws":
        return str(caller)
    is_anybodys = caller.is_nobodys and caller.account in _STRANGERS
    is_own = caller.account == owner
    name = caller.arn.rpartition("/")[2]
    is_invented = name == _NAMES or (is_anybodys and name == fresh(()))
    if not (is_anybodys or is_invented or (is_own and not owner_is_told)):
        return str(caller)
    whose = "another account" if is_anybodys else f"the account {caller.account}"
    whose = "the bucket's own account" if is_own else whose
    sort = caller.arn.split(":", 5)[-1].partition("/")[0]
    if sort == "root":
        return f"the root user of {whose}"
    kind = {"role": "role", "federated-user": "federated user"}.get(sort, "user")
    return f"a {kind} of {whose}" if is_invented else f"the {kind} {name} of {whose}"


def _user(one: Glob) -> Glob:
    """The ARNs of the users whose names fit."""
    tokens = (token if isinstance(token, str) else _OF_NAMES[token] for token in one.tokens)
    return Glob((MANY, "/", *tokens), one.any_case)


def _unnamed(told: Named, known: Sequence[str], start: str) -> Iterable[str]:
    """An account for each way to fit patterns with wildcards among its digits that none of these stands for."""
    arns = [one for one in told.arns if _only_account(one) is None]
    wild = [one for one in told.accounts if not one.is_fixed]
    if not arns and not wild:
        return ()
    # The named ones are told apart, lest one of them stand for others.
    of_arns = Automaton(arns)
    of_accounts = Automaton([*wild, *(literal(one) for one in known)])
    begun = of_arns.run(of_arns.start, start)
    level = {(begun, of_accounts.start): ""}
    for _ in range(_DIGITS):
        following: dict[tuple[int, int], str] = {}
        for (one, other), text in level.items():
            for digit in "4901235678":
                reached = (of_arns.step(one, digit), of_accounts.step(other, digit))
                following.setdefault(reached, text + digit)
        if len(following) > MOST_STATES // _DIGITS:
            raise BudgetError("too many ways to match its patterns of accounts")
        level = following
    return [text for text in level.values() if text not in known]


@lru_cache(maxsize=1024)
def _of_any_account(account: str, partition: str, session: str, is_nobodys: bool) -> tuple[Caller, ...]:
    """Where no pattern tells those that it has apart."""
    return tuple(_of_account(account, (), partition, session, is_nobodys, has_federated=False))


def _of_account(
    account: str, own: Sequence[Glob], partition: str, session: str, is_nobodys: bool, has_federated: bool
) -> Iterable[Caller]:
    start = f"arn:{partition}:iam::{account}:"
    for kind in ("user", "role"):
        for arn in _all_of(own, f"{start}{kind}/"):
            yield _caller(arn, session, is_nobodys=is_nobodys)
    federated = f"arn:{partition}:sts::{account}:federated-user/"
    if has_federated or any(one.head.startswith(federated) for one in own):
        for arn in _all_of(own, federated):
            yield _caller(arn, session, is_nobodys=is_nobodys)
    yield Caller(kind="aws", account=account, arn=f"{start}root", is_nobodys=is_nobodys)


def _all_of(globs: Sequence[Glob], start: str) -> Iterable[str]:
    if not globs:
        return (start + _NAMES,)
    if not any(one.may_go_on(start) for one in globs):
        return (start + fresh(()),)
    # A path has no empty names, and its last one is that of the user or the role.
    found = classes(globs, start, may_be_empty=False)
    return [arn for arn in found if not arn.endswith("/")]


def _session(told: Named) -> str:
    """The name of a session that nobody named."""
    taken = {who.name.rpartition("/")[2] for who in told.whos if _SESSION in who.name}
    return next(name for name in chain(("session",), map("session-{}".format, count(2))) if name not in taken)


def _caller(arn: str, session: str, *, is_nobodys: bool = False) -> Caller:
    _, partition, _, _, account, rest = arn.split(":", 5)
    if not rest.startswith("role/"):
        return Caller(kind="aws", account=account, arn=arn, is_nobodys=is_nobodys)
    name = rest.rpartition("/")[2]
    return Caller(
        kind="aws",
        account=account,
        arn=arn,
        session=f"arn:{partition}:sts::{account}:assumed-role/{name}/{session}",
        is_nobodys=is_nobodys,
    )


def _named(who: Who, arns: Sequence[Glob], roles: Sequence[str]) -> Iterable[Caller]:
    name = who.name
    match who.kind:
        case "service" if name != "*":
            yield Caller(kind="service", name=name)
        case "federated" if name != "*":
            yield Caller(kind="federated", name=name)
        case "canonicaluser" if name != "*":
            yield Caller(kind="canonical", name=name)
        case "aws" if ":iam::cloudfront:user/" in name:
            yield Caller(kind="oai", arn=name)
        case "aws" if who.open:
            yield Caller(kind="open", account=account_of(name) or "", arn=name)
        case "aws" if name.startswith("arn:") and account_of(name) is not None:
            pieces = name.split(":", 5)
            if not pieces[5].startswith("assumed-role/"):
                yield _caller(name, "session")
                return
            account = pieces[4]
            role = pieces[5].removeprefix("assumed-role/").partition("/")[0]
            start = f"arn:{pieces[1]}:iam::{account}:role/"
            for arn in _roles_of(role, start, arns, roles):
                yield Caller(kind="aws", account=account, arn=arn, session=name)


def _roles_of(name: str, start: str, arns: Sequence[Glob], roles: Sequence[str]) -> Iterable[str]:
    """The roles that a session may be of: its ARN tells the name, which an account has once, and not the path."""
    own = [arn for arn in roles if arn.startswith(start) and arn.endswith(f"/{name}")]
    if own or not arns:
        return own or (start + name,)
    ends = [literal(start + name), Glob((*start, ONE_OF_NAME, MANY, *f"/{name}"))]
    found = classes([*arns, *ends], start, may_be_empty=False)
    return [arn for arn in found if arn.endswith(f"/{name}") and "//" not in arn]


def _services(told: Named) -> Iterable[str]:
    yield from (one.head for one in told.services if one.is_fixed)
    if any(not one.is_fixed for one in told.services):
        found = classes([*told.services, *_SERVICES, literal(OTHER_SERVICE)])
        yield from (name for name in found if any(one.matches(name) for one in _SERVICES))
    else:
        taken = {who.name for who in told.whos} | {one.head for one in told.services}
        others = map("other-service-{}.amazonaws.com".format, count(2))
        yield next(name for name in chain((OTHER_SERVICE,), others) if name not in taken)
