"""What the policy of a VPC endpoint lets through, put to the reasoner."""

from collections.abc import Iterable

from s3audit.location import NOWHERE
from s3audit.model.network import VpcEndpoint
from s3audit.policy.actions import LIST, Action
from s3audit.policy.globs import Glob, literal
from s3audit.policy.language import Policy
from s3audit.policy.placed import ground
from s3audit.policy.questions import Context, policies
from s3audit.policy.reason import PROVEN, WITNESS, both
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.policy.told import is_matched, values_of
from s3audit.setting import Known
from s3audit.text import text
from s3audit.verdict import Verdict, failed, passed, unknown

_STRANGER = "271828182845"
_BUCKET = "xqz-of-a-stranger"
_OF_ACCOUNT = ("aws:resourceaccount", "s3:resourceaccount")
_ORGANIZATIONS = ("aws:resourceorgid", "aws:resourceorgpaths")
_ANYTHING = (_STRANGER, f"o-{_STRANGER}")
_OPEN = "what the policy lets through is not known"


def lets_reach_others(policy: Policy, endpoint: VpcEndpoint) -> Verdict:
    """Whether data gets through to a bucket that nobody names, in an account and an organization that nobody names."""
    here = ground(Known(text(_BUCKET), NOWHERE), endpoint.region, endpoint.account, lambda _: None)
    if here is None or not here.holds(policy):
        return unknown(policy.at, _OPEN)
    rules = here.rules(policy)
    context = Context(bucket=_BUCKET, owner=_STRANGER, partition=here.partition)
    named = {key: _fixed(values_of(rules, key)) for key in _ORGANIZATIONS}
    known = {key: (literal(_STRANGER),) for key in _OF_ACCOUNT}

    def query(space: Space) -> Iterable[Box]:
        box = space.doing(_moves_data)
        for key in _OF_ACCOUNT:
            box = both(box, space.where(key, lambda held: held == _STRANGER))
        for key, globs in named.items():
            box = both(box, space.where(key, lambda held, globs=globs: not is_matched(held, globs)))  # type: ignore[misc]
        yield box

    answer = policies(rules, context, known=known).granted(query)
    if answer.verdict == PROVEN:
        return failed(policy.at, "the policy lets nothing reach buckets that it does not name")
    if answer.verdict == WITNESS and answer.decision is not None and answer.request is not None:
        at = answer.decision.by[0].at
        return passed(at, f"the policy lets {answer.request.action} reach buckets of any account")
    reason = next((one for one in answer.reasons if one.rule is not None), None)
    if reason is None or reason.rule is None:
        return unknown(policy.at, _OPEN)
    return unknown(reason.rule.at, reason.why)


def _fixed(globs: Iterable[Glob]) -> list[Glob]:
    """Those that do not take in every organization."""
    return [one for one in globs if not any(map(one.matches, _ANYTHING))]


def _moves_data(action: Action) -> bool:
    return action.of_objects or action.level == LIST
