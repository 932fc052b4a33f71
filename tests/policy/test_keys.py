"""How condition keys are shown."""

import pytest

from s3audit.policy.asking import question_of
from s3audit.policy.keys import KEYS, OF_ENDPOINTS, OF_LISTINGS, OF_MEMBERS, OF_SERVICES, OF_UPLOADS, spelled
from s3audit.policy.tell import as_json, told
from tests.policy.asking import ask, statements
from tests.policy.small import BUCKET


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AWS:SECURETRANSPORT", "aws:SecureTransport"),
        ("aws:Referer", "aws:referer"),
        ("aws:UserId", "aws:userid"),
        ("S3:SignatureVersion", "s3:signatureversion"),
        ("s3:X-Amz-ACL", "s3:x-amz-acl"),
        ("aws:principaltag/CostCenter", "aws:PrincipalTag/CostCenter"),
        ("S3:EXISTINGOBJECTTAG/a/B", "s3:ExistingObjectTag/a/B"),
        ("aws:PrincipalTag", "aws:PrincipalTag"),
        ("Acme:Team/Red", "Acme:Team/Red"),
        ("s3:unheardOf", "s3:unheardOf"),
    ],
)
def test_a_key_is_shown_as_aws_writes_it_or_as_it_is_written(written: str, shown: str) -> None:
    assert spelled(written) == shown


@pytest.mark.parametrize(
    "name", sorted({*KEYS, *OF_ENDPOINTS, *OF_LISTINGS, *OF_MEMBERS, *OF_SERVICES, *OF_UPLOADS})
)
def test_every_key_that_we_know_has_a_spelling(name: str) -> None:
    shown = spelled(name.upper())
    assert shown.lower() == name
    assert shown != name.upper()


def test_an_answer_shows_keys_as_the_policy_writes_them() -> None:
    condition = {
        "StringEquals": {"S3:UnheardOf": "a", "AWS:principaltag/CostCenter": "b"},
        "Bool": {"AWS:secureTRANSPORT": "true"},
    }
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
    deny = {**allow, "Effect": "Deny", "Condition": {"StringEquals": {"aws:UnheardOf": "c"}}}
    question = question_of("Q1")
    assert question is not None
    answer = ask("Q1", statements({**allow, "Condition": condition}, deny))
    keys = {"S3:UnheardOf", "aws:PrincipalTag/CostCenter", "aws:SecureTransport"}
    lines = {name for name, _ in told(question, answer).request} - {"who", "action", "resource"}
    assert lines - {"aws:UnheardOf"} == keys
    witness = as_json(question, answer)["witness"]
    assert isinstance(witness, dict)
    assert set(witness["ctx"]) == lines


def test_what_misses_shows_the_key_as_it_is_written() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    written = {**deny, "Condition": {"StringEquals": {"Acme:Team": "red"}}}
    question = question_of("Q2")
    assert question is not None
    why = told(question, ask("Q2", statements(written))).why
    assert why[0] == "statement 1 does not deny it: StringEquals does not hold where Acme:Team is x."
