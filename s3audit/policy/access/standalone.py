"""Whom a policy lets in that stands for itself: of a function, of an Object Lambda access point."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from s3audit.location import NOWHERE
from s3audit.model.base import Resource
from s3audit.policy import keys
from s3audit.policy.actions import READ, Action
from s3audit.policy.callers import account_of, named
from s3audit.policy.globs import literal
from s3audit.policy.language import Policy
from s3audit.policy.placed import Placed, placed
from s3audit.policy.questions import strangers
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import Caller
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.setting import Known, Unknown
from s3audit.text import text
from s3audit.verdict import Verdict, failed, passed, unknown

_OF_ACCOUNTS = ("aws", "canonical", "federated", "open")


def lets_in_strangers(policy: Policy, of: Resource, actions: Sequence[str], *, signed: bool) -> Verdict:
    """Whether it lets anybody do one of these whom no fixed value keeps out; `signed`: nobody without credentials."""
    here = _here(policy, of)
    if here is None:
        return unknown(policy.at, "what its statements say is not known")
    context = msgspec.structs.replace(here.context, access_point=signed)
    them = strangers(here.rules, context)
    extent = Extent(
        bucket=context.arn, owner=context.owner, callers=them.callers, known=them.known, actions=_of(actions)
    )
    asked = Policies(here.rules, extent)
    answer = asked.granted(lambda space: [them.among(space, asked.told)])
    if answer.verdict == PROVEN:
        return failed(policy.at, "it lets in nobody but those whom it means")
    return _let_in(answer, "any AWS account" if signed else "anybody", policy)


def lets_in_others(
    policy: Policy,
    of: Resource,
    actions: Sequence[str],
    accounts: Collection[str],
    organizations: Collection[str],
) -> Verdict:
    """Whether it lets in somebody by name who is of another account than its own, these, and these organizations."""
    here = _here(policy, of)
    if here is None:
        return unknown(policy.at, "what its statements say is not known")
    if isinstance(of.account, Unknown):
        return unknown(policy.at, f"its own account is not known: {of.account.why}")
    inside = {here.context.owner, *accounts}
    told = {account for account in named(tuple(here.rules)).told if account not in inside}
    known = {keys.ORGANIZATION: tuple(map(literal, sorted(organizations)))} if organizations else {}
    extent = Extent(
        bucket=here.context.arn,
        owner=here.context.owner,
        accounts=tuple(sorted(told)),
        known=known,
        actions=_of(actions),
    )

    def query(space: Space) -> Iterable[Box]:
        box = space.who(lambda one: _is_outside(one, told))
        if organizations:
            box = both(box, space.where(keys.ORGANIZATION, lambda held: held not in organizations))
        yield box

    answer = Policies(here.rules, extent).granted(query)
    if answer.verdict == PROVEN:
        return failed(policy.at, "it lets in nobody else by name")
    who = "somebody" if answer.request is None else f"the account {answer.request.caller.account}"
    doubt = "" if here.owner_is_told else ", if that is not its own account"
    return _let_in(answer, who, policy, doubt)


def _here(policy: Policy, of: Resource) -> Placed | None:
    here = placed(policy, Known(text("xqz"), NOWHERE), of.region, of.account)
    if here is None:
        return None
    # Whatever they name as their resource: the policy is of this one.
    rules = tuple(msgspec.structs.replace(rule, resources=None, not_resources=None) for rule in here.rules)
    return msgspec.structs.replace(here, rules=rules)


def _of(actions: Sequence[str]) -> tuple[Action, ...]:
    return tuple(Action(name, READ, of_objects=False) for name in actions)


def _is_outside(caller: Caller, told: Collection[str]) -> bool:
    if caller.kind == "open":
        return not caller.account or caller.account in told
    if caller.kind == "canonical":
        return True
    account = account_of(caller.name) if caller.kind == "federated" else caller.account
    return caller.kind in _OF_ACCOUNTS and account in told


def _let_in(answer: Answer, who: str, policy: Policy, doubt: str = "") -> Verdict:
    at = answer.decision.by[0].at if answer.decision is not None and answer.decision.by else policy.at
    if answer.verdict == WITNESS and answer.request is not None:
        if answer.request.caller.kind == "open":
            return unknown(at, f"which account {answer.request.caller} is of is not known")
        return passed(at, f"it lets {who} do {answer.request.action}{doubt}")
    for reason in answer.reasons:
        return unknown(policy.at if reason.rule is None else reason.rule.at, reason.why)
    return unknown(policy.at, "whom the policy lets in is not known")
