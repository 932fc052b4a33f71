"""Policies in every form that IAM takes, and in forms that it does not."""

from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.location import NOWHERE, Location
from s3audit.model.document import Array, Leaf, Member, Object
from s3audit.policy.language import Policy, Principal, Statement, policy_of, read
from s3audit.setting import Known, Listed, Unknown, Unset
from s3audit.text import Opaque, Text, text
from tests.policy.documents import document

T = TypeVar("T")
GAP = Unknown("it is told elsewhere", NOWHERE)


def only(policy: Policy) -> Statement:
    [statement] = values(policy.statements)
    return statement


def values(listed: Listed[T]) -> list[T]:
    assert isinstance(listed, Known)
    return [item.value for item in listed.value if isinstance(item, Known)]


def test_one_statement_or_a_list_of_them() -> None:
    one = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    assert only(read(document({"Statement": one}))) == only(read(document({"Statement": [one]})))
    assert len(values(read(document({"Statement": [one, one]})).statements)) == 2


def test_element_names_ignore_case() -> None:
    statement = only(read(document({"statement": {"EFFECT": "Allow", "action": "s3:*"}})))
    assert statement.effect == Known("Allow", NOWHERE)
    assert values(statement.actions) == [text("s3:*")]


def test_what_is_not_written_is_unset_and_empty() -> None:
    statement = only(read(document({"Statement": {"Effect": "Allow"}})))
    assert statement.not_actions == statement.not_principals == statement.not_resources == Unset((), NOWHERE)
    assert statement.conditions == Unset((), NOWHERE)
    assert statement.sid == Unset(None, NOWHERE)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("*", [("*", "*")]),
        ({"AWS": "*"}, [("AWS", "*")]),
        ({"AWS": ["111122223333", "*"]}, [("AWS", "111122223333"), ("AWS", "*")]),
        ({"Service": "s3.amazonaws.com", "AWS": []}, [("Service", "s3.amazonaws.com")]),
        ([], []),
        ({}, []),
    ],
)
def test_principals(written: object, meant: list[tuple[str, str]]) -> None:
    statement = only(read(document({"Statement": {"Effect": "Allow", "Principal": written}})))
    assert values(statement.principals) == [Principal(kind, text(name)) for kind, name in meant]


@pytest.mark.parametrize("written", [False, "false", [False], ["false"]])
def test_a_boolean_is_a_text(written: object) -> None:
    block = {"Bool": {"aws:SecureTransport": written}}
    [condition] = values(only(read(document({"Statement": {"Condition": block}}))).conditions)
    assert (condition.operator, condition.key) == ("Bool", "aws:SecureTransport")
    assert values(condition.values) == [text("false")]
    assert condition.is_about("aws:securetransport")


def test_a_number_is_a_text() -> None:
    block = {"NumericLessThan": {"s3:max-keys": 10}}
    [condition] = values(only(read(document({"Statement": {"Condition": block}}))).conditions)
    assert values(condition.values) == [text("10")]


def test_what_is_partly_known_stays_so() -> None:
    partly = text("arn:aws:s3:::", Opaque("Name"), "/*")
    statement = only(read(document({"Statement": {"Resource": ["*", partly, GAP]}})))
    gap = Unknown(f"a part of the statement's Resource is not known: {GAP.why}", GAP.at)
    assert statement.resources == Known((Known(text("*"), NOWHERE), Known(partly, NOWHERE), gap), NOWHERE)


@pytest.mark.parametrize(
    ("policy", "part"),
    [
        (GAP, "statements"),
        ({"Statement": GAP}, "statements"),
        ("a text", "statements"),
        ([], "statements"),
        (None, "statements"),
    ],
)
def test_an_unreadable_policy_is_unknown(policy: object, part: str) -> None:
    assert isinstance(getattr(read(document(policy)), part), Unknown)


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ({}, "effect"),
        ({"Effect": text(Opaque("Effect"))}, "effect"),
        ({"Effect": ["Allow"]}, "effect"),
        ({"Action": GAP}, "actions"),
        ({"Principal": GAP}, "principals"),
        ({"Condition": GAP}, "conditions"),
        ({"Condition": ["a"]}, "conditions"),
    ],
)
def test_an_unreadable_element_is_unknown(statement: object, part: str) -> None:
    assert isinstance(getattr(only(read(document({"Statement": statement}))), part), Unknown)


@pytest.mark.parametrize("item", [GAP, "a text", 3, None, []])
def test_an_unreadable_statement_is_unknown_and_the_others_are_read(item: object) -> None:
    statements = read(document({"Statement": [item, {"Effect": "Deny"}]})).statements
    assert isinstance(statements, Known)
    assert isinstance(statements.value[0], Unknown)
    assert isinstance(statements.value[1], Known)


def test_each_part_keeps_its_place() -> None:
    def at(line: int) -> Location:
        return Location("policy.json", "", line, 1)

    resource = Array((Leaf(text("*"), at(5)),), at(4))
    statement = Object(
        (Member("Effect", Leaf(text("Deny"), at(3)), at(3)), Member("Resource", resource, at(4))), at(2)
    )
    policy = read(Object((Member("Statement", Array((statement,), at(1)), at(1)),), at(1)))
    found = only(policy)
    assert (policy.at, found.at, found.effect.at, found.resources.at) == (at(1), at(2), at(3), at(4))
    assert isinstance(found.resources, Known)
    assert found.resources.value[0].at == at(5)
    assert found.actions.at == at(2)


def test_a_resource_without_a_policy_has_none() -> None:
    assert policy_of(Unset(None, NOWHERE)) == Unset(None, NOWHERE)
    assert policy_of(Known(None, NOWHERE)) == Known(None, NOWHERE)
    assert policy_of(GAP) == GAP
    assert isinstance(policy_of(Known(document({}), NOWHERE, "with the default of Env")), Known)


NAMES = ("Version", "Statement", "Effect", "Principal", "Action", "Resource", "Condition", "AWS", "Bool", "x")
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.just(GAP)
    | st.sampled_from(["Deny", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=20,
)


@given(anything)
def test_nothing_makes_it_fail(value: object) -> None:
    for policy in (read(document(value)), read(document({"Statement": value}))):
        assert isinstance(policy.statements, Known | Unset | Unknown)
        if isinstance(policy.statements, Known):
            assert all(isinstance(item, Known | Unknown) for item in policy.statements.value)


def test_a_text_that_was_emptied_is_a_text() -> None:
    assert values(only(read(document({"Statement": {"Action": ""}}))).actions) == [Text()]
