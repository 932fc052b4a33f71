"""Which other accounts a bucket's policy lets in, by name; imported where a statement may let one in."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from s3audit.model.bucket import Bucket
from s3audit.model.distribution import OriginAccessIdentity
from s3audit.model.estate import Estate
from s3audit.policy import keys
from s3audit.policy.actions import Action
from s3audit.policy.callers import account_of, named
from s3audit.policy.globs import literal
from s3audit.policy.language import Policy
from s3audit.policy.neighbours import canonical_of
from s3audit.policy.operators import Open
from s3audit.policy.placed import Ground, Placed, ground
from s3audit.policy.questions import Context, not_public, policies
from s3audit.policy.reason import PROVEN, WITNESS, Answer, both
from s3audit.policy.request import Caller, Held
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.policy.told import asked_for
from s3audit.setting import Unknown
from s3audit.verdict import Evidence, Verdict, passed, unknown

from ._statements import account_in, known, statements
from ._witness import phrase

_PATHS = "aws:principalorgpaths"
SOMEBODY = ""
Doing = Callable[[str, Action], bool]
"""Whether it matters that an account may do this."""


class Trust(NamedTuple):
    """Who counts as one's own."""

    accounts: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    canonical_ids: frozenset[str] = frozenset()


NOBODY = Trust()


def granted(
    policy: Policy, bucket: Bucket, estate: Estate, doing: Doing, trust: Trust = NOBODY
) -> Iterator[tuple[str, Verdict]]:
    """By account, what it is let do: PASS with a request, UNKNOWN where that is open; `SOMEBODY` is not known.

    A statement that lets in strangers is left out: it lets in everybody.
    """
    own: set[str] = set()

    def find(address: str) -> OriginAccessIdentity | None:
        found = None if address == bucket.address else estate.at(address, OriginAccessIdentity)
        own.update(() if found is None else (canonical_of(found),))
        return found

    here = ground(bucket.name, bucket.region, bucket.account, find)
    if here is None or not here.holds(policy):
        yield SOMEBODY, unknown(policy.at, "whether its statements are about this bucket is not known")
        return
    rules = here.rules(policy)
    context = Context(bucket=here.bucket, owner=here.owner, partition=here.partition)
    is_open = not_public(rules, context).verdict != PROVEN
    others = tuple(rule for rule in rules if rule.effect != "Allow")
    for rule in rules:
        if rule.effect == "Deny":
            continue
        if is_open:
            alone = not_public((rule,), context)
            if alone.verdict == WITNESS:
                continue
            if rule.principals is None or _is_for_all(rule):
                yield from _open(alone, rule)
        those = (rule, *(one for one in others if one is not rule))
        yield from _Asking(bucket, policy, here, context, those, rule, doing, trust).found(own)


def _is_for_all(rule: Rule) -> bool:
    return any(not isinstance(who, Open) and who.name == "*" for who in rule.principals or ())


def _open(answer: Answer, rule: Rule) -> Iterator[tuple[str, Verdict]]:
    if answer.verdict not in (PROVEN, WITNESS):
        why = answer.reasons[0].why if answer.reasons else "whom the statement lets in is not known"
        yield SOMEBODY, unknown(rule.at, why)


class _Asking(NamedTuple):
    """What is asked of one statement, with those that may take back what it allows."""

    bucket: Bucket
    policy: Policy
    here: Ground
    context: Context
    rules: tuple[Rule, ...]
    rule: Rule
    doing: Doing
    trust: Trust

    def found(self, own: set[str]) -> Iterator[tuple[str, Verdict]]:
        trust = self.trust
        told = named((self.rule,))
        for account in dict.fromkeys(told.told):
            if account not in (self.here.owner, *trust.accounts):
                yield from self._ask(account, f"the account {account}", _is_of(account))
        for who in told.whos:
            if who.kind == "canonicaluser" and who.name not in own | trust.canonical_ids:
                yield from self._ask(who.name, f"the canonical user {who.name}", _is_canonical(who.name))
            elif "${" in who.name and account_of(who.name) is None:
                open_ = f"which account {who.name} is of is not known"
                yield from self._ask(SOMEBODY, who.name, _is_open(who.name), open_=open_)
        if any(isinstance(who, Open) for who in self.rule.principals or ()) or not self.rule.effect:
            yield from self._ask(SOMEBODY, "somebody", _is_nobodys)
        for organization in self._organizations():
            who_ = f"any account of the organization {organization}"
            yield from self._ask(organization, who_, _is_nobodys, organization=organization)

    def _organizations(self) -> list[str]:
        """Those that it lets in, whatever the account."""
        if not _is_for_all(self.rule):
            return []
        told = asked_for(self.rule, keys.ORGANIZATION)
        return [one for one in told if one not in self.trust.organizations]

    def _ask(
        self,
        account: str,
        who: str,
        is_it: Callable[[Caller], bool],
        *,
        open_: str = "",
        organization: str = "",
    ) -> Iterator[tuple[str, Verdict]]:
        told = {*self.trust.organizations, *filter(None, (organization,))}
        more = {keys.ORGANIZATION: tuple(map(literal, sorted(told)))} if told else {}
        asked = policies(self.rules, self.context, known=more)

        def query(space: Space) -> Iterable[Box]:
            box = both(space.who(is_it), space.doing(lambda action: self.doing(account, action)))
            if organization:
                yield both(box, space.where(keys.ORGANIZATION, lambda held: held == organization))
                return
            for key in (keys.ORGANIZATION, _PATHS) if self.trust.organizations else ():
                box = both(box, space.where(key, self._is_elsewhere))
            yield box

        answer = asked.granted(query)
        if answer.verdict == WITNESS and answer.request is not None:
            note = phrase(answer.request, self._placed(), self.bucket, who=who)
            at = self._named_at(account)
            if open_:
                yield account, unknown(at.at, open_)
            elif isinstance(self.bucket.account, Unknown):
                yield (
                    account,
                    unknown(at.at, f"its own account is not known: {self.bucket.account.why}"),
                )
            elif self.here.owner_is_told or organization:
                yield account, passed(at.at, note)
            else:
                yield account, passed(at.at, f"{note}, if that is not its own account")
        elif answer.verdict != PROVEN:
            yield from _open(answer, answer.reasons[0].rule or self.rule if answer.reasons else self.rule)

    def _is_elsewhere(self, held: Held | None) -> bool:
        values = (held,) if isinstance(held, str) else held or ()
        return not any(value.partition("/")[0] in self.trust.organizations for value in values)

    def _placed(self) -> Placed:
        return Placed(self.rules, self.context, self.here.shown, self.here.owner_is_told)

    def _named_at(self, account: str) -> Evidence:
        """The place of the principal that is meant; of the statement where a condition names it."""
        for statement in statements(self.policy):
            if statement.at != self.rule.at:
                continue
            for item in known(statement.principals):
                name = item.value.name
                told = account_in(name)
                if account and account in ((told or name).literal, name.literal):
                    return Evidence(item.at, "")
        return Evidence(self.rule.at, "")


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
