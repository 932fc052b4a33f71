"""Puts questions to policies that are written as plain Python values."""

from collections.abc import Mapping
from typing import Any

from s3audit.policy import questions
from s3audit.policy.language import read
from s3audit.policy.questions import Ask, Context
from s3audit.policy.reason import Answer
from s3audit.policy.request import Request
from s3audit.policy.rules import Meaning, Rule, rules_of
from tests.policy.documents import document
from tests.policy.oracle import Ask as Plain

QUESTIONS: Mapping[str, Ask] = {
    "Q1": questions.not_public,
    "Q2": questions.tls_only,
    "Q3": questions.only_cloudfront,
    "Q4": questions.forces_encryption,
    "Q4b": questions.default_encryption_survives,
    "Q6": questions.no_outsiders,
    "Q7": questions.presigned_limited,
    "Q8": questions.network_bound,
}


def rules(policy: object, owner: str = "") -> tuple[Rule, ...]:
    return rules_of(
        read(document(policy)), Meaning(variables={"aws:resourceaccount": owner} if owner else {})
    )


def statements(*them: object) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(them)}


def ask(name: str, policy: object, **context: Any) -> Answer:
    return QUESTIONS[name](rules(policy), Context(**{"bucket": "data", "owner": "111111111111", **context}))


def plain(request: Request) -> Plain:
    who = request.caller
    return {
        "kind": who.kind,
        "account": who.account,
        "arn": who.arn,
        "session": who.session,
        "name": who.name,
        "action": request.action,
        "resource": request.resource,
        "ctx": dict(request.context),
    }
