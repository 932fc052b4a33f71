"""Requests that show what a policy lets through, in the words of findings; imported where one is asked for."""

from collections.abc import Sequence

from s3audit.model.bucket import Bucket
from s3audit.policy.actions import words
from s3audit.policy.keys import spelled
from s3audit.policy.language import Policy, Statement
from s3audit.policy.placed import Placed, placed
from s3audit.policy.proofs import shown
from s3audit.policy.reason import Answer
from s3audit.policy.request import ANONYMOUS, OF_CALLER, Request
from s3audit.policy.rules import Rule, Test
from s3audit.setting import Known
from s3audit.verdict import Evidence

_MOST_KEYS = 2
_LONGEST = 190


def alone(policy: Policy, statement: Statement, bucket: Bucket) -> Placed | None:
    """A statement as if it were the whole policy."""
    only = Policy(policy.at, policy.version, Known((Known(statement, statement.at),), policy.at))
    return whole(only, bucket)


def whole(policy: Policy, bucket: Bucket) -> Placed | None:
    return placed(policy, bucket.name, bucket.region, bucket.account)


def phrase(request: Request, here: Placed, bucket: Bucket, rules: Sequence[Rule] = (), who: str = "") -> str:
    """`anybody may do s3:GetObject on arn:aws:s3:::shop/x`; with what these statements ask of a request."""
    name = f"arn:{here.context.partition}:s3:::{shown(bucket.name)}"
    resource = request.resource.replace(here.context.arn, name, 1)
    said = f"{who or caller(request, here)} may do {words(request.action)} on {resource}{_carried(request, rules)}"
    if not here.owner_is_told:
        said = said.replace(here.context.owner, "its own account")
    return said if len(said) < _LONGEST else f"{said[: _LONGEST - 3]}..."


def caller(request: Request, here: Placed) -> str:
    one = request.caller
    if one.kind == ANONYMOUS:
        return "anybody"
    if one.kind == "aws" and one.is_nobodys:
        return "any AWS account"
    return here.shown.get(one.arn) or str(one)


def _carried(request: Request, rules: Sequence[Rule]) -> str:
    names = dict.fromkeys(
        test.key
        for rule in rules
        for test in rule.tests
        if isinstance(test, Test) and test.key not in OF_CALLER
    )
    told = [(spelled(key), request.held(key)) for key in names]
    said = [f"where {key} is {held}" for key, held in told if isinstance(held, str)]
    return f" {' and '.join(said[:_MOST_KEYS])}" if said else ""


def gap(answer: Answer, policy: Policy) -> Evidence:
    """Why nobody can tell."""
    for reason in answer.reasons:
        return Evidence(policy.at if reason.rule is None else reason.rule.at, reason.why)
    return Evidence(policy.at, "what its statements say together is not known")
