"""The worked cases: what each question says of a policy, and that every witness is one."""

import json
from collections.abc import Mapping
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

import pytest

from s3audit.location import NOWHERE
from s3audit.policy.evaluate import ALLOWED, DENIED, NEITHER, evaluate
from s3audit.policy.language import read
from s3audit.policy.questions import Context
from s3audit.policy.reason import UNKNOWN, WITNESS, Answer
from s3audit.policy.replication import Replication, role_can_replicate
from s3audit.policy.request import Request
from s3audit.policy.rules import Meaning, Rule, rules_of
from s3audit.setting import Unknown
from tests.policy.asking import QUESTIONS
from tests.policy.documents import document

Case = Mapping[str, Any]
CASES: list[Case] = json.loads(Path(__file__).with_name("cases.json").read_text())
_EFFECTS = {
    "Q1": {ALLOWED},
    "Q3": {ALLOWED},
    "Q6": {ALLOWED},
    "Q4b": {DENIED},
    "Q5": {DENIED, NEITHER},
}


def resolved(value: Any) -> Any:
    """With references to what the input does not tell as gaps."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
            return Unknown(f"it is {next(iter(value.values()))}, which the input does not tell", NOWHERE)
        return {name: resolved(one) for name, one in value.items()}
    return [resolved(one) for one in value] if isinstance(value, list) else value


def rules(policy: Any, owner: str) -> tuple[Rule, ...]:
    variables = {"aws:resourceaccount": owner}
    return rules_of(read(document(resolved(policy))), Meaning(variables=variables)) if policy else ()


def asked(case: Case) -> Answer:
    told = dict(case["context"])
    if case["question"] == "Q5":
        return role_can_replicate(rules(case["policy"], told["owner"]), replication(told))
    if "mode" in told:
        told["literally"] = told.pop("mode") != "semantic"
    if default := told.pop("default_encryption", None):
        told |= {"default_encryption": default["alg"], "default_key": default.get("key", "")}
    fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
    context = Context(**fields)
    return QUESTIONS[case["question"]](rules(case["policy"], context.owner), context)


def replication(told: Mapping[str, Any]) -> Replication:
    # Keys that delegate to the account are those that no policy is given of.
    assert told.get("key_policies", "delegate-to-account") == "delegate-to-account"
    same = ("role", "owner", "destination_owner", "source_key", "destination_key", "bucket_keys")
    return Replication(
        source=f"arn:aws:s3:::{told['source']}",
        destination=f"arn:aws:s3:::{told['destination']}",
        replicate=tuple(told["replicate"]),
        prefix=told["rule_prefix"],
        destination_policy=rules(told.get("destination_policy"), told["owner"]),
        **{name: told[name] for name in same if name in told},
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: Case) -> None:
    answer, expected = asked(case), case["expected"]
    assert answer.verdict in (expected["verdict"], *expected.get("acceptable", ())), case["why"]
    assert set(answer.accounts) == set(expected.get("accounts", answer.accounts))
    assert set(answer.accounts) >= set(expected.get("accounts_include", ()))
    assert answer.reasons or answer.verdict != UNKNOWN
    if "reason" in expected:
        whys = [reason.why for reason in answer.reasons if reason.element == expected["reason"].split()[-1]]
        assert any("shared-param" in why or "ReaderParam" in why for why in whys)
    if answer.verdict == WITNESS:
        assert answer.request is not None
        if expected["verdict"] == WITNESS:
            fits(answer.request, expected.get("witness", {}), case["context"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_witness_is_replayed(case: Case) -> None:
    answer = asked(case)
    if answer.verdict != WITNESS:
        return
    assert answer.request is not None
    assert answer.decision is not None
    # What refuses a replica may be the policy of the other side.
    decision = (
        answer.decision
        if case["question"] == "Q5"
        else evaluate(rules(case["policy"], case["context"]["owner"]), answer.request)
    )
    if case["question"] in _EFFECTS:
        assert decision.effect in _EFFECTS[case["question"]]
    else:
        assert decision.effect != DENIED
        assert all(rule.effect == "Allow" for rule in decision.unsure)


def fits(request: Request, hints: Mapping[str, Any], context: Mapping[str, Any]) -> None:
    """Whether a request is as the case describes it."""
    for hint, wanted in hints.items():
        match hint:
            case "action":
                assert request.action == wanted
            case "resource":
                assert request.resource == wanted
            case "resource_prefix":
                assert request.resource.startswith(wanted)
            case "resource_not_prefix":
                assert not request.resource.startswith(wanted)
            case "ctx":
                assert {name: request.held(name.lower()) for name in wanted} == wanted
            case "ctx_any":
                assert any(holds(request, name, one, context) for name, one in alternatives(wanted))
            case "key":
                assert wanted.lower() in request.context
            case "principal_any":
                assert any(is_one(request, who, context) for who in wanted)
            case _:
                raise AssertionError(f"nothing checks {hint}")


def alternatives(wanted: Any) -> list[tuple[str, Any]]:
    if isinstance(wanted, dict):
        return [(name, one) for name, values in wanted.items() for one in values]
    return [("", one) for one in wanted]


def holds(request: Request, name: str, wanted: str, context: Mapping[str, Any]) -> bool:
    address, endpoint = request.held("aws:sourceip"), request.held("aws:sourcevpce")
    match wanted:
        case "ipv6 aws:SourceIp":
            return isinstance(address, str) and ":" in address and bool(IPv6Address(address))
        case "aws:SourceIp absent with another aws:SourceVpce":
            return address is None and endpoint is not None and endpoint not in context["vpce"]
        case _:
            return request.held(name.lower()) == wanted


def is_one(request: Request, who: str, context: Mapping[str, Any]) -> bool:
    caller = request.caller
    unnamed = caller.kind == "aws" and caller.account not in json.dumps(context)
    match who:
        case "anonymous":
            return caller.kind == "anonymous"
        case "unnamed-account":
            return unnamed
        case "unnamed-account-without-organisation":
            return unnamed and request.held("aws:principalorgid") is None
        case "owner-account":
            return bool(caller.account == context["owner"])
        case _:
            raise AssertionError(f"nobody knows {who}")
