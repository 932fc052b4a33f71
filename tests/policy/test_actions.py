"""Actions that there are not yet: no list takes them in, a pattern takes in those that will be called so."""

from typing import Any

import pytest

from s3audit.policy.actions import ACTIONS
from s3audit.policy.asking import Question, question_of
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.tell import told
from tests.policy.asking import ask, statements
from tests.policy.small import BUCKET

EVERYTHING = {"Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"]}
OVER_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def deny(**condition: Any) -> dict[str, Any]:
    return {"Effect": "Deny", **EVERYTHING, "Condition": condition}


def listed(start: str) -> list[str]:
    """All actions of today whose names begin so."""
    return [one.name for one in ACTIONS if one.name.startswith(start)]


@pytest.mark.parametrize(
    "family", ["s3:Get", "s3:Put", "s3:List", "s3:Delete", "s3:GetObject", "s3:PutBucket"]
)
def test_a_list_of_actions_does_not_take_in_those_to_come(family: str) -> None:
    others = {**deny(**OVER_HTTP), "NotAction": f"{family}*"}
    del others["Action"]
    today = {**others, "Action": listed(family)}
    del today["NotAction"]
    answer = ask("Q2", statements(today, others))
    assert answer.verdict == WITNESS
    assert answer.request is not None
    assert answer.request.action.startswith(family)
    assert answer.request.action not in today["Action"]
    told_of = told(question("Q2"), answer)
    assert ("action", f"any {family}* action that may be added") in told_of.request
    assert told_of.closes == "Let the Action of statement 1 take in s3:* too."
    assert ask("Q2", statements(others, {**today, "Action": "s3:*"})).verdict == PROVEN


def test_families_are_not_all_actions() -> None:
    families = [f"s3:{verb}*" for verb in ("Get", "Put", "List", "Delete")]
    shut = {"Effect": "Deny", **EVERYTHING, "Action": families}
    rest = {**shut, "Action": [one.name for one in ACTIONS]}
    answer = ask("Q2", statements(shut, rest))
    assert answer.request is not None
    assert ("action", "any action that may be added") in told(question("Q2"), answer).request
    allowed = {"Effect": "Allow", **EVERYTHING, "Action": "s3:Get*"}
    assert ask("Q1", statements(allowed, rest)).verdict == WITNESS
    assert ask("Q1", statements(allowed, {**shut, "Action": "s3:G*"})).verdict == PROVEN


def question(name: str) -> Question:
    found = question_of(name)
    assert found is not None
    return found
