"""What is proven of a policy, or a request that shows that it is not so, in the words of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from s3audit.location import NOWHERE
from s3audit.policy import keys
from s3audit.policy.actions import ACTIONS, READ, Action, words
from s3audit.policy.callers import in_words
from s3audit.policy.elements import elements, listed, value_of
from s3audit.policy.evaluate import DENIED, Decision, met
from s3audit.policy.globs import MANY, literal
from s3audit.policy.language import Condition, Policy
from s3audit.policy.operators import Open
from s3audit.policy.placed import Placed, placed
from s3audit.policy.proofs import refused_by_s3, shown, spared
from s3audit.policy.questions import Context, policies, tls_only
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import ANONYMOUS, OF_CALLER, Caller, Held, Request
from s3audit.policy.rules import Pattern, Rule, Test, Who, element_as_written
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, every, failed, passed

_MOST_KEYS = 2
"""That a phrase says the values of."""
_KEY = "arn:aws:kms:eu-west-1:111122223333:key/asked"
"""Stands for the key that a policy is of."""


class Claim(msgspec.Struct, frozen=True):
    """That requests of a kind are all denied."""

    how: str
    """What they have in common: `over plain HTTP`."""
    what: str
    ask: Callable[[Sequence[Rule], Context], Answer]
    keys: frozenset[str]
    """By which they are known."""


def _retained(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether an upload that asks for no retention is not denied."""
    found = policies(rules, context, known=dict.fromkeys(_RETENTION, ()))

    def query(space: Space) -> Iterable[Box]:
        box = space.doing(lambda action: action.name == "s3:PutObject")
        for name in _RETENTION:
            box = both(box, space.where(name, lambda held: held is None))
        yield box

    return found.not_denied(query)


_RETENTION = (
    "s3:object-lock-mode",
    "s3:object-lock-retain-until-date",
    "s3:object-lock-remaining-retention-days",
)
OVER_HTTP = Claim("over plain HTTP", "plain HTTP", tls_only, frozenset({keys.TLS, keys.TLS_VERSION}))
WITHOUT_RETENTION = Claim("without retention", "uploads without retention", _retained, frozenset(_RETENTION))


def all_denied(
    found: Verdict, policy: Policy, name: Setting[Text], region: Setting[Text], claim: Claim
) -> Verdict:
    """What the shape of the statements tells, with a request that gets through; or what is proven instead."""
    refused = refused_by_s3(policy)
    if refused is not None:
        # What such a policy leaves open, none at all leaves open too.
        return found if found.status is Status.FAIL else refused
    here = placed(policy, name, region)
    if here is None:
        return found
    answer = claim.ask(here.rules, here.context)
    if answer.verdict == PROVEN:
        return passed(policy.at, f"its statements together deny all {claim.what}")
    if answer.verdict != WITNESS or answer.request is None or answer.decision is None:
        return found
    witness = _phrase(answer.request, answer.decision, claim, here, name)
    if found.status is Status.FAIL:
        return found.noting(witness)
    return every([failed(policy.at, witness), *_missed(answer.decision, claim, here)])


def _phrase(request: Request, decision: Decision, claim: Claim, here: Placed, name: Setting[Text]) -> str:
    start = f"arn:{here.context.partition}:s3:::"
    resource = start + shown(name) + request.resource.removeprefix(here.context.arn)
    who = here.shown.get(request.caller.arn) or _who(request.caller, here)
    where = _where(request, decision, _telling(decision, request, claim))
    return _hidden(spared(words(request.action), resource, claim.how, who, where), here)


def _who(caller: Caller, here: Placed) -> str:
    if caller.kind == ANONYMOUS:
        return "anybody"
    return in_words(caller, here.context.owner, owner_is_told=here.owner_is_told)


def _hidden(said: str, here: Placed) -> str:
    """Without the account that only stands in."""
    return said if here.owner_is_told else said.replace(here.context.owner, "its own account")


def _telling(decision: Decision, request: Request, claim: Claim) -> list[str]:
    """The keys but for which a Deny would take it: the first of each."""
    found: dict[str, None] = {}
    for one in decision.others:
        if one.rule.effect == "Deny" and one.element == "Condition":
            missed = (t for t in one.rule.tests if isinstance(t, Test) and met(t, request) is False)
            test = next(missed, None)
            if test is not None and test.key not in claim.keys and test.key not in OF_CALLER:
                found[test.key] = None
    return list(found)


def _where(request: Request, decision: Decision, names: Sequence[str]) -> str:
    told = [
        f"without {decision.shown(name)}"
        if held is None
        else f"where {decision.shown(name)} is {_value(held)}"
        for name in names[:_MOST_KEYS]
        for held in [request.held(name)]
    ]
    return f" {' and '.join(told)}" if told else ""


def _value(held: Held) -> str:
    return (held if isinstance(held, str) else " and ".join(sorted(held))) or "empty"


def _missed(decision: Decision, claim: Claim, here: Placed) -> Iterable[Verdict]:
    """For each Deny that is about them, the first element that does not take the request in."""
    for one in decision.others:
        tests = [test for test in one.rule.tests if isinstance(test, Test)]
        if one.rule.effect == "Deny" and one.matches is False and any(t.key in claim.keys for t in tests):
            caller = decision.request.caller
            why = one.why.removeprefix("it ").replace(str(caller), _who(caller, here))
            element = "" if one.element == "Condition" else f"{element_as_written(one.rule, one.element)} "
            yield failed(one.rule.at, _hidden(f"the statement's {element}{why}", here))


# Services that are let in


def admitted(
    found: Verdict, policy: Policy, service: str, action: str, name: Setting[Text], region: Setting[Text]
) -> Verdict:
    """Whether a statement that names a service allows it an action on the bucket or on an object."""
    here = placed(policy, name, region)
    if here is None:
        return found
    asked = next(one for one in ACTIONS if one.name == action)
    caller = Caller(kind="service", name=service)
    extent = Extent(bucket=here.context.arn, owner=here.context.owner, only=(caller,), actions=(asked,))
    naming = [rule for rule in here.rules if rule.effect != "Allow" or _may_name(rule, service)]
    answer = Policies(naming, extent).granted(lambda _: [{}])
    if answer.verdict == PROVEN:
        return failed(policy.at, f"the policy does not allow {action} to {service}")
    if answer.verdict == WITNESS and answer.decision is not None:
        return passed(answer.decision.by[0].at, f"the policy allows {action} to {service}")
    return found


def _may_name(rule: Rule, service: str) -> bool:
    return bool(rule.why) or any(
        isinstance(who, Open) or who == Who("service", service) for who in rule.principals or ()
    )


def surely_admitted(
    found: Verdict, policy: Policy, service: str, action: str, account: Setting[Text]
) -> Verdict:
    """Whether the policy of a key allows an action to a service in all that it does for an account over HTTPS."""
    here = placed(policy, Known(text("key"), NOWHERE), account=account)
    if here is None:
        return found
    owner = here.context.owner
    rules = [_of_key(rule) for rule in here.rules]
    extent = Extent(
        bucket=_KEY,
        owner=owner,
        only=(Caller(kind="service", name=service),),
        actions=(Action(action, READ, of_objects=False),),
        known={keys.SOURCE_ACCOUNT: (literal(owner),), keys.TLS: ()},
    )
    if not here.owner_is_told and _names_accounts(policy):
        return found
    is_told = not isinstance(account, Unknown)

    def query(space: Space) -> Iterable[Box]:
        box = space.where(keys.TLS, lambda held: held == "true")
        yield both(box, space.where(keys.SOURCE_ACCOUNT, lambda held: held == owner)) if is_told else box

    answer = Policies(rules, extent).refused(query)
    if answer.verdict == PROVEN:
        return passed(policy.at, f"the policy of the key allows {action} to {service}")
    if not is_told or answer.verdict != WITNESS or answer.request is None or answer.decision is None:
        return found
    names = [name for name in answer.request.context if name not in (keys.TLS, keys.SOURCE_ACCOUNT)]
    where = _where(answer.request, answer.decision, names)
    verb = "denies" if answer.decision.effect == DENIED else "does not allow"
    return failed(policy.at, f"the policy of the key {verb} {action} to {service}{where}")


def _of_key(rule: Rule) -> Rule:
    """In the policy of a key `*` is the key; of any other ARN it is not known whether it is that of the key."""
    everything = any(isinstance(one, Pattern) and one.glob.tokens == (MANY,) for one in rule.resources or ())
    if everything or (rule.resources is None and rule.not_resources is None):
        return msgspec.structs.replace(rule, resources=None)
    gap = Open("whether this is the ARN of the key is not known")
    return msgspec.structs.replace(rule, resources=(gap,), not_resources=None)


def _names_accounts(policy: Policy) -> bool:
    """Whether it tells accounts apart, any of which may be the one that nobody tells."""
    for statement in map(value_of, listed(policy)):
        for condition in elements(statement.conditions) if statement is not None else ():
            if condition is not None and _tells_accounts(condition):
                return True
    return False


def _tells_accounts(condition: Condition) -> bool:
    if not condition.is_about(keys.SOURCE_ACCOUNT) or condition.operator.lower() == "null":
        return False
    return any(value is None or value.literal is not None for value in elements(condition.values))
