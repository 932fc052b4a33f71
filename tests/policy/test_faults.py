"""What is wrong with a policy as a text, at its place."""

import pytest

from s3audit.location import NOWHERE
from s3audit.policy.faults import Fault, faults
from s3audit.setting import Unknown
from s3audit.text import Opaque, text
from tests.policy.documents import document

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}


def said(value: object) -> list[tuple[str, str]]:
    return [(one.kind, one.message) for one in faults(document(value))]


def statement(**changed: object) -> dict[str, object]:
    whole = {name: value for name, value in {**ALLOW, **changed}.items() if value is not None}
    return {"Version": "2012-10-17", "Statement": whole}


@pytest.mark.parametrize(
    "value",
    [
        statement(),
        statement(Action="*", Resource="*"),
        statement(Action="S3:getobject"),
        statement(Action=["s3:*", "s3:Get*", "kms:Decrypt", "s3:ListAllMyBuckets"]),
        statement(Action="s3:ListBucket", Resource="arn:aws:s3:::shop*"),
        statement(Action="s3:ListBucket", Resource=["arn:aws:s3:::shop/*", "arn:aws:s3:::shop"]),
        statement(Action="s3:ListBucket", Resource="arn:aws:s3:eu-west-1:111122223333:accesspoint/one"),
        statement(
            Action="s3:GetObject", Resource="arn:aws:s3:eu-west-1:111122223333:accesspoint/one/object/*"
        ),
        statement(Action="s3:GetObject", Resource=text("arn:aws:s3:::", Opaque("Name"))),
        statement(Action="s3:ListBucket", Resource=text(Opaque("Arn"))),
        statement(Action=Unknown("told elsewhere", NOWHERE)),
        statement(Action=None, NotAction="s3:Gett*"),
        statement(Principal=None),
        statement(
            Condition={"ForAllValues:stringlikeifexists": {"aws:TagKeys": "a"}, "Null": {"aws:x": "true"}}
        ),
        {"id": "x", "STATEMENT": [ALLOW, ALLOW]},
        Unknown("told elsewhere", NOWHERE),
    ],
    ids=str,
)
def test_nothing(value: object) -> None:
    assert said(value) == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ([], ("form", "A policy is an object with statements.")),
        ({}, ("form", "The policy has no Statement.")),
        ({"Statement": ["x"]}, ("form", "A statement is an object.")),
        ({"Statements": [], "Statement": []}, ("element", "There is no element Statements in a policy.")),
        (
            {"Version": "2012-10-18", "Statement": []},
            ("form", "There is no version 2012-10-18 of the language; 2012-10-17 is the newest."),
        ),
        (statement(Actions="s3:*"), ("element", "There is no element Actions in a statement.")),
        (statement(effect="Deny"), ("element", "Effect stands twice in a statement.")),
        (
            statement(Effect="allow"),
            ("effect", "There is no Effect allow; it is Allow or Deny, in these letters."),
        ),
        (statement(Effect=None), ("effect", "The statement has no Effect.")),
        (statement(Action=None), ("form", "The statement has neither Action nor NotAction.")),
        (
            statement(NotResource="*"),
            ("form", "The statement has Resource and NotResource; it can have one of them."),
        ),
        (statement(Condition=[]), ("form", "A Condition is an object of operators.")),
        (
            statement(Condition={"StringEqual": {"aws:x": "1"}}),
            ("operator", "There is no operator StringEqual."),
        ),
        (statement(Condition={"Bool": "true"}), ("form", "Bool is an object of keys.")),
        (statement(Action="s3:GetObjects"), ("action", "There is no action s3:GetObjects.")),
        (statement(Action="s3:Gett*"), ("action", "There is no action s3:Gett*.")),
        (
            statement(Action="GetObject"),
            ("action", "GetObject is no action; one is written service:Name, such as s3:GetObject."),
        ),
        (
            statement(Action="s3:ListBucket"),
            ("never", "s3:ListBucket is about buckets, and no Resource of the statement is one."),
        ),
        (
            statement(Resource="arn:aws:s3:::shop"),
            ("never", "s3:GetObject is about objects, and no Resource of the statement is one."),
        ),
    ],
    ids=str,
)
def test_one(value: object, fault: tuple[str, str]) -> None:
    assert said(value) == [fault]


def test_they_sort_by_their_place() -> None:
    found = faults(document(statement(Actions="s3:*", Effect="allow")))
    assert all(isinstance(one, Fault) for one in sorted(found))
    assert len(found) == 2


def test_only_the_policy_of_an_identity_names_nobody() -> None:
    nobodys = statement(Principal=None)
    message = "The statement has neither Principal nor NotPrincipal; S3 refuses such a policy."
    assert [one.message for one in faults(document(nobodys), of_identity=False)] == [message]
    assert faults(document(nobodys)) == []
    assert faults(document(statement(Principal=Unknown("told elsewhere", NOWHERE))), of_identity=False) == []


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("who", ["arn:aws:iam::*:root", "arn:aws:iam::444455556666:role/app-?"])
def test_a_principal_is_no_pattern(element: str, who: str) -> None:
    written = statement(**{"Principal": None, element: {"AWS": ["444455556666", who]}})
    message = f"{who} has a wildcard; a Principal is one whole ARN, an account or *."
    assert said(written) == [("form", message)]
    assert (
        said(statement(**{"Principal": None, element: {"AWS": "*", "Service": "logs.amazonaws.com"}})) == []
    )
