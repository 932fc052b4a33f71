"""Whom the policy of an Access Grants instance lets in."""

from collections.abc import Collection, Iterable

import msgspec

from s3audit.location import NOWHERE
from s3audit.model.access_grants import AccessGrantsInstance
from s3audit.policy.actions import READ, Action
from s3audit.policy.language import Policy
from s3audit.policy.placed import placed
from s3audit.policy.questions import strangers
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import Caller
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.setting import Known
from s3audit.text import text
from s3audit.verdict import Severity, Verdict, failed, passed, unknown

_ACTIONS = tuple(
    Action(f"s3:{name}", READ, of_objects=False)
    for name in (
        "GetDataAccess",
        "GetAccessGrantsInstanceForPrefix",
        "ListCallerAccessGrants",
        "ListAccessGrants",
        "ListAccessGrantsLocations",
        "CreateAccessGrant",
    )
)
_ORGANIZATION = "aws:principalorgid"
_OF_ACCOUNTS = ("aws", "canonical", "federated", "open")


def lets_in_only(
    policy: Policy, instance: AccessGrantsInstance, accounts: Collection[str], organizations: Collection[str]
) -> Verdict:
    """Whether it lets in its own account, these, and these organizations only; critical where it is anybody."""
    here = placed(policy, Known(text("instance"), NOWHERE), instance.region, instance.account)
    if here is None:
        return unknown(policy.at, "what the policy of the instance says is not known")
    # Whatever they name as their resource: the policy is that of the instance.
    rules = tuple(msgspec.structs.replace(rule, resources=None, not_resources=None) for rule in here.rules)
    context = here.context
    them = strangers(rules, context)
    public = Policies(
        rules,
        Extent(
            bucket=context.arn, owner=context.owner, callers=them.callers, known=them.known, actions=_ACTIONS
        ),
    )
    everybody = public.granted(lambda space: [them.among(space, public.told)])
    if everybody.verdict == WITNESS:
        return _said(everybody, "anybody", policy, Severity.CRITICAL)
    inside = {context.owner, *accounts}
    found = Policies(
        rules,
        Extent(bucket=context.arn, owner=context.owner, accounts=tuple(sorted(accounts)), actions=_ACTIONS),
    )

    def query(space: Space) -> Iterable[Box]:
        box = space.who(lambda one: _is_outside(one, inside))
        yield both(box, space.where(_ORGANIZATION, lambda held: held not in organizations))

    answer = found.granted(query)
    if answer.verdict == WITNESS and answer.request is not None:
        who = answer.request.caller.account or str(answer.request.caller)
        return _said(answer, f"{who}, which is not said to be trusted,", policy)
    if answer.verdict == PROVEN and everybody.verdict == PROVEN:
        return passed(policy.at, "the policy of the instance lets in trusted accounts only")
    reasons = (*everybody.reasons, *answer.reasons)
    return unknown(policy.at, reasons[0].why if reasons else "whom the policy lets in is not known")


def _is_outside(caller: Caller, inside: Collection[str]) -> bool:
    return caller.kind in _OF_ACCOUNTS and caller.account not in inside


def _said(answer: Answer, who: str, policy: Policy, severity: Severity | None = None) -> Verdict:
    at = answer.decision.by[0].at if answer.decision is not None and answer.decision.by else policy.at
    action = answer.request.action if answer.request is not None else "something"
    return failed(at, f"the policy of the instance lets {who} do {action}", severity)
