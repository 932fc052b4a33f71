"""Whom the policy of a vault, a table bucket, a vector bucket or a file system lets in."""

from collections.abc import Iterable, Iterator

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.policy import keys
from s3audit.policy.actions import READ, Action
from s3audit.policy.globs import literal
from s3audit.policy.language import Policy
from s3audit.policy.operators import Open
from s3audit.policy.placed import Ground, ground
from s3audit.policy.questions import Context, strangers
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.rules import Pattern, Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.setting import Known
from s3audit.text import text
from s3audit.verdict import Verdict, failed, passed, unknown

_NAME = Known(text("xqz-itself"), NOWHERE)
_NAMED: tuple[type[Resource], ...] = (Role, User)
"""Whose attributes a policy may have for a principal."""
_MOST = 10
"""Accounts that one finding names."""


class Asked(msgspec.Struct, frozen=True):
    """A policy and what it is of."""

    policy: Policy
    of: Resource
    arn: str
    """One for all of these; the policy of a resource is about nothing else."""
    actions: tuple[str, ...]
    """Those of the service that are asked about, beside those that the policy writes out."""


def lets_in_anybody(asked: Asked, estate: Estate) -> Verdict:
    """Whether whoever has an AWS account may do something: PASS, with the statement and the action."""
    here, rules = _read(asked, estate)
    # None of these services answers a request without credentials.
    context = Context(
        bucket=asked.arn, owner=here.account_of(asked.of), partition=here.partition, access_point=True
    )
    them = strangers(rules, context)
    extent = Extent(
        bucket=context.arn,
        owner=context.owner,
        callers=them.callers,
        known={**them.known, keys.TLS: ()},
        actions=_actions(asked, rules),
    )
    policies = Policies(rules, extent)
    told = policies.told

    def query(space: Space) -> Iterable[Box]:
        box = both(them.among(space, told), space.where(keys.TLS, lambda held: held == "true"))
        yield both(box, space.who(lambda caller: caller.kind == "aws"))

    answer = policies.granted(query)
    if answer.verdict == PROVEN:
        return failed(asked.policy.at, "its policy lets in none but those whom it names")
    if answer.verdict == WITNESS and answer.request is not None and answer.decision is not None:
        return passed(_place(answer, asked), f"its policy lets any AWS account do {answer.request.action}")
    return unknown(asked.policy.at, f"whether its policy lets in any account is not known{_why(answer)}")


def lets_in_others(
    asked: Asked, estate: Estate, accounts: frozenset[str], organizations: frozenset[str]
) -> Iterator[Verdict]:
    """Each account that may do something and is none of these, nor in one of these organizations."""
    here, rules = _read(asked, estate)
    owner = here.account_of(asked.of)
    extent = Extent(
        bucket=asked.arn,
        owner=owner,
        accounts=tuple(sorted(accounts)),
        known={keys.ORGANIZATION: tuple(map(literal, sorted(organizations))), keys.TLS: ()},
        actions=_actions(asked, rules),
    )
    policies = Policies(rules, extent)
    known = {owner, *accounts}
    for _ in range(_MOST):

        def query(space: Space, inside: frozenset[str] = frozenset(known)) -> Iterable[Box]:
            box = space.who(
                lambda one: one.kind == "aws" and one.account not in inside and not one.is_nobodys
            )
            box = both(box, space.where(keys.TLS, lambda held: held == "true"))
            yield both(box, space.where(keys.ORGANIZATION, lambda held: held not in organizations))

        answer = policies.granted(query)
        if answer.verdict == PROVEN:
            return
        if answer.verdict != WITNESS or answer.request is None or answer.decision is None:
            yield unknown(asked.policy.at, f"which accounts its policy lets in is not known{_why(answer)}")
            return
        account = answer.request.caller.account
        known.add(account)
        note = f"its policy lets the account {account} do {answer.request.action}"
        yield passed(_place(answer, asked), note)


def _read(asked: Asked, estate: Estate) -> tuple[Ground, tuple[Rule, ...]]:
    def find(address: str) -> Resource | None:
        found = (estate.at(address, kind) for kind in _NAMED)
        return next((one for one in found if one is not None), None)

    here = ground(_NAME, asked.of.region, asked.of.account, find)
    assert here is not None  # noqa: S101 - its name is known
    return here, tuple(_of_itself(rule) for rule in here.rules(asked.policy, here.here))


def _of_itself(rule: Rule) -> Rule:
    """AWS takes no policy whose Resource is another than what it is of."""
    if rule.not_resources is None:
        return msgspec.structs.replace(rule, resources=None)
    gap = Open("what its NotResource leaves is not known")
    return msgspec.structs.replace(rule, resources=(gap,), not_resources=None)


def _actions(asked: Asked, rules: Iterable[Rule]) -> tuple[Action, ...]:
    service = asked.actions[0].partition(":")[0]
    written = (
        one.shown
        for rule in rules
        for one in (*(rule.actions or ()), *(rule.not_actions or ()))
        if isinstance(one, Pattern) and one.glob.is_fixed and one.shown.lower().startswith(f"{service}:")
    )
    return tuple(Action(name, READ, of_objects=False) for name in dict.fromkeys((*asked.actions, *written)))


def _place(answer: Answer, asked: Asked) -> Location:
    assert answer.decision is not None  # noqa: S101
    return answer.decision.by[0].at if answer.decision.by else asked.policy.at


def _why(answer: Answer) -> str:
    return f": {answer.reasons[0].why}" if answer.reasons else ""
