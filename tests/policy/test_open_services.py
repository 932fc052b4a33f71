"""Services that a statement for everybody lets in: strangers too, but for what a fixed value keeps out."""

from typing import Any

import pytest

from s3audit.policy.reason import PROVEN, WITNESS
from tests.policy.asking import ask, statements
from tests.policy.small import BUCKET

_ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": f"{BUCKET}/*",
}
SERVICES = [
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    {"StringLike": {"aws:SourceAccount": "*"}},
    {"StringLike": {"aws:SourceAccount": "1*"}},
    {"Null": {"aws:SourceArn": "false"}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"StringLike": {"aws:PrincipalServiceName": "*.amazonaws.com"}},
]


@pytest.mark.parametrize("condition", SERVICES, ids=str)
def test_services_that_come_for_anybody_are_strangers(condition: dict[str, Any]) -> None:
    answer = ask("Q1", statements({**_ALLOW, "Condition": condition}))
    assert answer.verdict == WITNESS
    assert answer.request is not None
    assert answer.request.caller.kind == "service"
    assert ask("Q1", statements({**_ALLOW, "Condition": condition}), literally=True).verdict == WITNESS


@pytest.mark.parametrize(
    ("condition", "by_letter"),
    [
        ({"StringEquals": {"aws:SourceAccount": "444455556666"}}, PROVEN),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:444455556666:bell"}}, PROVEN),
        ({"StringEquals": {"aws:PrincipalServiceName": "logs.amazonaws.com"}}, PROVEN),
        # A fixed account, which AWS's page does not have as fixed.
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:444455556666:*"}}, WITNESS),
    ],
    ids=str,
)
def test_what_is_fixed_keeps_services_out(condition: dict[str, Any], by_letter: str) -> None:
    assert ask("Q1", statements({**_ALLOW, "Condition": condition})).verdict == PROVEN
    assert ask("Q1", statements({**_ALLOW, "Condition": condition}), literally=True).verdict == by_letter


def test_a_service_that_is_named_is_no_stranger() -> None:
    assert ask("Q1", statements({**_ALLOW, "Principal": {"Service": "logs.amazonaws.com"}})).verdict == PROVEN
    assert ask("Q1", statements({**_ALLOW, "Principal": {"Service": "*"}})).verdict == WITNESS
