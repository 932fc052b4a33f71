"""Policy documents of which a part is known only after apply."""

from typing import Any

from s3audit.collectors.terraform.declared import Declared
from tests.terraform.computed import (
    DATA,
    MAY,
    NAMED,
    POLICY,
    UNKNOWN,
    new_bucket,
)
from tests.terraform.plans import Json, change, constant, plan, read, read_later, refers, values

DOCUMENT = "data.aws_iam_policy_document.data"


def document(**statement: Any) -> Json:
    known = {
        "actions": ["s3:GetObject"],
        "effect": "Allow",
        "sid": None,
        "condition": [],
        "not_actions": None,
    }
    return {"policy_id": None, "statement": [{**known, **statement}], "version": None}


def policy_of(after: Json, unknown: Json, expressions: Json, *more: Json) -> Any:
    made = plan(
        *more,
        new_bucket(DATA, "data"),
        read_later(DOCUMENT, after, {"id": True, "json": True, "minified_json": True, **unknown}),
        change(POLICY, {}, {"bucket": True, "id": True, "policy": True}),
        written={
            **NAMED,
            DOCUMENT: expressions,
            POLICY: {"bucket": refers(f"{DATA}.id"), "policy": refers(f"{DOCUMENT}.json")},
        },
    )
    declared = read(made).declared[POLICY]
    node = declared.resolver.resolve(declared.node).node
    found: Any = declared.resolver.resolve(node.get("policy")).node  # type: ignore[attr-defined]
    return shown_policy(found.value, declared)


def shown_policy(node: Any, declared: Declared) -> Any:
    from tests.terraform.plans import shown

    return shown(node, declared)


def test_a_policy_document_that_is_read_later_is_known_but_for_its_resources() -> None:
    after = document(
        principals=[{"identifiers": ["*"], "type": "AWS"}],
        condition=[{"test": "Bool", "values": ["false"], "variable": "aws:SecureTransport"}],
        resources=[None, None],
    )
    statement = {
        "actions": constant(["s3:GetObject"]),
        "resources": refers(f"{DATA}.arn", f"{DATA}.arn"),
    }
    told = policy_of(after, {"statement": [{"resources": [True, True]}]}, {"statement": [statement]})
    assert told == {
        "Version": '"2012-10-17"',
        "Statement": [
            {
                "Effect": '"Allow"',
                "Action": '"s3:GetObject"',
                "Resource": [f"{UNKNOWN}, from {DATA}.arn{MAY}"] * 2,
                "Principal": {"AWS": '"*"'},
                "Condition": {"Bool": {"aws:SecureTransport": '"false"'}},
            }
        ],
    }


def test_principals_and_the_source_of_a_condition_are_references() -> None:
    role, site = "aws_iam_role.reader", "aws_cloudfront_distribution.site"
    after = document(
        principals=[{"identifiers": [None], "type": "AWS"}],
        condition=[{"test": "StringEquals", "values": [None], "variable": "AWS:SourceArn"}],
        resources=["arn:aws:s3:::data/*"],
    )
    statement = {
        "actions": constant(["s3:GetObject"]),
        "principals": [{"identifiers": refers(f"{role}.arn"), "type": constant("AWS")}],
        "condition": [
            {
                "test": constant("StringEquals"),
                "values": refers(f"{site}.arn"),
                "variable": constant("AWS:SourceArn"),
            }
        ],
    }
    unknown = {"statement": [{"principals": [{"identifiers": [True]}], "condition": [{"values": [True]}]}]}
    others = [change(one, {}, {"arn": True, "id": True, "name": True}) for one in (role, site)]
    told = policy_of(after, unknown, {"statement": [statement]}, *others)
    [only] = told["Statement"]
    assert only["Principal"] == {"AWS": f"${{{role}.arn}}"}
    assert only["Condition"] == {"StringEquals": {"AWS:SourceArn": f"${{{site}.arn}}"}}


def test_documents_that_are_merged_are_followed() -> None:
    inner = "data.aws_iam_policy_document.inner"
    first = read_later(
        inner,
        document(effect="Deny", resources=["*"], sid="Inner"),
        {"json": True, "id": True},
    )
    after = {**document(resources=["*"], sid="Outer"), "source_policy_documents": [None]}
    made = plan(
        first,
        new_bucket(DATA, "data"),
        read_later(DOCUMENT, after, {"json": True, "source_policy_documents": [True]}),
        change(POLICY, {"bucket": "data"}, {"policy": True}),
        written={
            **NAMED,
            inner: {"statement": [{"actions": constant(["s3:GetObject"])}]},
            DOCUMENT: {
                "statement": [{"actions": constant(["s3:GetObject"])}],
                "source_policy_documents": refers(f"{inner}.json"),
            },
            POLICY: {"policy": refers(f"{DOCUMENT}.json")},
        },
    )
    declared = read(made).declared[POLICY]
    node = declared.resolver.resolve(declared.node).node
    found: Any = declared.resolver.resolve(node.get("policy")).node  # type: ignore[attr-defined]
    told = shown_policy(found.value, declared)
    assert [(one["Sid"], one["Effect"]) for one in told["Statement"]] == [
        ('"Inner"', '"Deny"'),
        ('"Outer"', '"Allow"'),
    ]


def test_a_policy_that_is_put_together_in_an_expression_is_not_told() -> None:
    made = plan(
        new_bucket(DATA, "data"),
        change(POLICY, {"bucket": "data"}, {"policy": True}),
        written={**NAMED, POLICY: {"policy": refers(f"{DATA}.arn", f"{DATA}.arn", "var.account")}},
    )
    assert read(made).told(POLICY, "policy") == f"{UNKNOWN}, from {DATA}.arn{MAY}"


def test_a_document_that_was_read_already_is_in_the_plan() -> None:
    prior = [values(DOCUMENT, {**document(resources=["*"]), "json": "{}"})]
    made = plan(change(POLICY, {"bucket": "data", "policy": "{}"}), prior=prior)
    assert read(made).told(POLICY, "policy") == '"{}"'
