"""The reasoner against requests that are tried one by one, decided by a reading of the semantics of their own."""

from collections import Counter
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.policy.evaluate import ALLOWED, DENIED, NEITHER, evaluate
from s3audit.policy.questions import Context
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS
from s3audit.policy.request import Caller, Request
from tests.policy import oracle, small
from tests.policy.asking import QUESTIONS, plain, rules
from tests.policy.claims import CLAIMS, CONTEXT, public_literally
from tests.profile import examples

_TRIES = 150
_EFFECTS = {ALLOWED: oracle.ALLOW, DENIED: oracle.DENY, NEITHER: oracle.NEITHER}


def keys_of(policy: small.Policy) -> set[str]:
    return {
        key.lower()
        for one in oracle.statements(policy)
        for tests in one.get("Condition", {}).values()
        for key in tests
    }


def judge(policy: small.Policy, random: Random) -> Counter[str]:
    """Every question; says how often which verdict came."""
    told: Counter[str] = Counter()
    context = Context(**CONTEXT)
    for name, (breaks, own) in CLAIMS.items():
        answer = QUESTIONS[name](rules(policy), context)
        told[answer.verdict] += 1
        if answer.verdict == WITNESS:
            assert answer.request is not None
            assert breaks(policy, plain(answer.request)), (name, "no witness", answer.request, policy)
        if answer.verdict == PROVEN:
            about = sorted(keys_of(policy) | set(own))
            for _ in range(_TRIES):
                ask = small.request(random, about)
                assert not breaks(policy, ask), (name, "not proven", ask, policy)
        if answer.verdict == UNKNOWN:
            assert answer.reasons
            told[answer.reasons[0].why] += 1
    return told


@given(st.integers(0, 2**48))
@settings(max_examples=examples(60))
def test_questions(seed: int) -> None:
    random = Random(seed)
    judge(small.policy(random), random)


_TELLING = [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:SourceVpce",
    "aws:PrincipalOrgID",
    "aws:SourceIp",
]


@given(st.integers(0, 2**48))
@settings(max_examples=examples(80))
def test_what_is_public_by_the_letter(seed: int) -> None:
    random = Random(seed)
    policy = small.policy(random, _TELLING)
    answer = QUESTIONS["Q1"](rules(policy), Context(**CONTEXT, literally=True))
    semantic = QUESTIONS["Q1"](rules(policy), Context(**CONTEXT))
    # The letter is never milder.
    assert (answer.verdict, semantic.verdict) != (PROVEN, WITNESS)
    if answer.verdict == WITNESS:
        assert answer.request is not None
        assert public_literally(policy, plain(answer.request)), (answer.request, policy)
    if answer.verdict == PROVEN:
        about = sorted(keys_of(policy))
        for _ in range(_TRIES):
            ask = small.request(random, about)
            assert not public_literally(policy, ask), (ask, policy)


@given(st.integers(0, 2**48))
@settings(max_examples=examples(100))
def test_the_evaluator(seed: int) -> None:
    random = Random(seed)
    policy = small.policy(random)
    for _ in range(20):
        ask = small.request(random, sorted(keys_of(policy)))
        decision = evaluate(rules(policy), as_request(ask))
        # Variables and patterns that are none of ARNs leave it open.
        if not decision.unsure:
            assert _EFFECTS[decision.effect] == oracle.decide(policy, ask)


def as_request(ask: Any) -> Request:
    who = {name: ask[name] for name in ("kind", "account", "arn", "session", "name")}
    return Request(Caller(**who), ask["action"], ask["resource"], ask["ctx"])
