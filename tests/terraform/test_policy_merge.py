"""How `data.aws_iam_policy_document` joins documents, and what is left of them where one is not known."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.documents.policy import PolicyReader
from s3audit.collectors.documents.resolved import Encoded, Undecided
from s3audit.collectors.terraform.language.values import Failed
from s3audit.location import NOWHERE, Location
from s3audit.policy import language
from s3audit.policy.language import Principal
from s3audit.policy.shapes import denies_plain_http
from s3audit.setting import Known, Unknown
from s3audit.text import Text
from s3audit.verdict import Status
from tests.terraform.folder import Folder
from tests.terraform.policies import (
    GAP,
    JSON,
    NAMES,
    UNKNOWN,
    Literal,
    folder,
    made,
    only,
    policy_of,
    statements_of,
    text_of,
    value_of,
    words,
)

SHARED = """
variable "document" { type = string }
variable "names" { type = list(string) }
variable "word" { type = string }
locals {
  heredoc = <<-EOT
    {"Version": "2008-10-17", "Id": "shared", "Statement": [
      {"Sid": "Same", "Effect": "Deny", "Action": "heredoc", "Resource": "*"}
    ]}
  EOT
}
data "aws_iam_policy_document" "other" {
  statement {
    sid     = "Same"
    actions = ["other"]
  }
  statement {
    actions = ["nameless"]
  }
}
"""
SAME = 'statement {\n sid = "Same"\n actions = ["own"]\n }\n'
NAMELESS = 'statement {\n actions = ["own nameless"]\n }\n'
OTHER = "data.aws_iam_policy_document.other.json"


def actions(found: Folder) -> list[str]:
    """The actions of each statement, or that one is not known."""
    every = statements_of(policy_of(found, JSON))
    return [f"? {one}" if isinstance(one, str) else " ".join(words(one.actions)) for one in every]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (f"source_policy_documents = [{OTHER}]\n{NAMELESS}", ["other", "nameless", "own nameless"]),
        (f"source_policy_documents = [{OTHER}]\n{SAME}", ["own", "nameless"]),
        (f"source_json = {OTHER}\n{SAME}", ["own", "nameless"]),
        (f"override_policy_documents = [{OTHER}]\n{SAME}{NAMELESS}", ["other", "own nameless", "nameless"]),
        (f"override_json = {OTHER}\n{SAME}", ["other", "nameless"]),
        (f"override_policy_documents = [{OTHER}, local.heredoc]\n", ["heredoc", "nameless"]),
        (f"override_policy_documents = [local.heredoc, {OTHER}]\n", ["other", "nameless"]),
        (f"override_json = local.heredoc\noverride_policy_documents = [{OTHER}]\n", ["heredoc", "nameless"]),
        (f'source_policy_documents = ["", {OTHER}]\n', ["other", "nameless"]),
        (f"source_json = null\nsource_policy_documents = []\n{SAME}", ["own"]),
        ('source_policy_documents = [jsonencode({ Statement = [{ action = "a" }] })]\n', ["a"]),
        ('source_policy_documents = ["{\\"statement\\": [{\\"ACTION\\": \\"a\\"}]}"]\n', ["a"]),
    ],
)
def test_documents_are_joined_by_their_sids(arguments: str, expected: list[str]) -> None:
    assert actions(folder(arguments, SHARED)) == expected


def test_the_last_id_and_the_latest_version_count() -> None:
    found = folder(
        'source_policy_documents = [local.heredoc]\npolicy_id = "own"\nversion = "2008-10-17"', SHARED
    )
    assert json.loads(text_of(found.value(JSON))) == {
        "Version": "2008-10-17",
        "Id": "own",
        "Statement": [{"Sid": "Same", "Effect": "Deny", "Action": "heredoc", "Resource": "*"}],
    }
    found = folder(f'override_policy_documents = [{OTHER}, local.heredoc]\nversion = "2008-10-17"', SHARED)
    assert text_of(found.value(JSON)).startswith('{\n  "Version": "2012-10-17",\n  "Id": "shared",')


@pytest.mark.parametrize(
    "arguments",
    [
        SAME + SAME,
        f"source_policy_documents = [local.heredoc, {OTHER}]\n",
        f"source_json = local.heredoc\nsource_policy_documents = [{OTHER}]\n",
    ],
)
def test_two_statements_with_one_sid_are_refused(arguments: str) -> None:
    refused = folder(arguments, SHARED).value(JSON)
    assert isinstance(refused, Failed)
    assert refused.why == "two statements have the sid Same, which Terraform refuses"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # What is added by a document that is not known may be anything, and own statements come after it.
        ("source_policy_documents = [var.document]\n" + SAME, ["? DOCUMENT", "own"]),
        (
            f"source_policy_documents = [{OTHER}]\noverride_policy_documents = [var.document]\n{NAMELESS}",
            ["? another statement may take its place: DOCUMENT", "nameless", "own nameless", "? DOCUMENT"],
        ),
        (
            f"override_policy_documents = [var.document, {OTHER}]\n{SAME}",
            ["other", "? DOCUMENT", "nameless"],
        ),
    ],
)
def test_a_document_that_is_not_known(arguments: str, expected: list[str]) -> None:
    why = "it is ${var.document}, which the input does not tell: variable `document` has no default; pass --var-file"
    assert actions(folder(arguments, SHARED)) == [one.replace("DOCUMENT", why) for one in expected]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ('"{"', "it is text that can't be read as JSON: Expected a key in double quotes, but the file ends."),
        ('"[]"', "a policy is an object with statements"),
        ("null", "Terraform takes no null among policy documents"),
        ('jsonencode({ Statement = { Action = "a" } })', "the AWS provider takes a list of statements only"),
        ("jsonencode({ Statement = var.names })", "variable `names` has no default; pass --var-file"),
        ("jsonencode({ Statement = [1] })", "a statement is an object"),
    ],
)
def test_a_document_that_can_not_be_read(document: str, why: str) -> None:
    (found,) = statements_of(policy_of(folder(f"source_policy_documents = [{document}]", SHARED), JSON))
    assert isinstance(found, str)
    assert found.startswith(why)


def test_the_documents_as_a_whole_may_not_be_known() -> None:
    found = folder("source_policy_documents = var.names", SHARED)
    assert actions(found) == ["? variable `names` has no default; pass --var-file"]


def test_what_the_provider_makes_of_the_elements_of_a_document() -> None:
    given = """jsonencode({ Statement = [{
      sid = "", Principal = "arn:aws:iam::1:root", NotPrincipal = { "*" = ["*"] }, Unheard = 1, Resource = null,
      Condition = { Bool = { "aws:x" = true }, Null = { "aws:y" = "true" }, NumericEquals = { "s3:x" = 1.2 } }
    }] })"""
    found = only(folder(f"source_policy_documents = [{given}]"), JSON)
    assert value_of(value_of(found.principals)[0]) == Principal("*", Text(("*",)))
    assert value_of(value_of(found.not_principals)[0]) == Principal("*", Text(("*",)))
    first, second, gap = value_of(found.conditions)
    assert (value_of(first).key, words(value_of(first).values)) == ("aws:x", ["true"])
    assert (value_of(second).key, words(value_of(second).values)) == ("aws:y", ["true"])
    assert isinstance(gap, Unknown)
    why = "the AWS provider may leave out this condition, because 1.2 is no text"
    assert gap.why == f"a part of the statement's Condition is not known: {why}"


def test_statements_of_unknown_number_may_replace_those_of_sources_only() -> None:
    dynamic = 'dynamic "statement" {\n for_each = var.names\n content {\n actions = ["a"]\n }\n }\n'
    gap = f"how many statement blocks there are can't be told: {NAMES}"
    found = folder(
        f"{SAME}{dynamic}source_policy_documents = [local.other]",
        f"{UNKNOWN}locals {{\n other = <<EOT\n"
        '{"Statement": [{"Sid": "Theirs", "Action": "theirs"}, {"Action": "nameless"}]}\nEOT\n}\n',
    )
    assert actions(found) == [f"? another statement may take its place: {gap}", "nameless", "own", f"? {gap}"]


def test_a_sid_that_is_not_known_may_be_any() -> None:
    mine = 'statement {\n sid = SID\n actions = ["mine"]\n }\n'
    override = f"override_policy_documents = [{OTHER}]\n"
    maybe = "? another statement may take its place: their sids are not known"
    for sid, expected in {
        "var.word": [maybe, "other", "nameless"],
        '"Other${var.word}"': ["mine", "other", "nameless"],
        '"S${var.word}"': [maybe, "other", "nameless"],
        "uuid()": [maybe, "other", "nameless"],
    }.items():
        assert actions(folder(mine.replace("SID", sid) + override, SHARED)) == expected


def denial(sid: str | None, effect: str, conditions: dict[str, dict[str, str]]) -> dict[str, Any]:
    everything = {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    }
    return {**everything, "Condition": conditions, **({} if sid is None else {"Sid": sid})}


STATEMENTS = st.builds(
    denial,
    st.sampled_from([None, "A", "B"]),
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from([{"Bool": {"aws:SecureTransport": "false"}}, {"StringEquals": {"aws:x": "y"}}]),
)
GIVEN = st.lists(STATEMENTS, max_size=2).map(lambda found: json.dumps({"Statement": found}))
OWN = STATEMENTS.map(
    lambda found: {
        "sid": found.get("Sid"),
        "effect": found["Effect"],
        "actions": [found["Action"]],
        "resources": found["Resource"],
        "principals": [{"type": "*", "identifiers": ["*"]}],
        "condition": [
            {"test": test, "variable": variable, "values": [value]}
            for test, variables in found["Condition"].items()
            for variable, value in variables.items()
        ],
    }
)


def verdict(arguments: dict[str, list[Any]]) -> Status | None:
    """Whether plain HTTP is denied; None where Terraform refuses the documents."""
    value = made(arguments)
    if isinstance(value, Failed):
        return None
    policy = language.read(PolicyReader("x.json", Literal()).read(value, Location("x.json")))
    return denies_plain_http(policy, Known(Text(("b",)), NOWHERE)).status


@given(
    st.fixed_dictionaries(
        {
            "source_policy_documents": st.lists(GIVEN, max_size=2),
            "statement": st.lists(OWN, max_size=2),
            "override_policy_documents": st.lists(GIVEN, max_size=2),
        }
    ),
    st.data(),
)
def test_a_gap_leaves_a_verdict_open_or_as_it_is_whatever_stands_there(
    arguments: dict[str, list[Any]], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([*arguments]))
    place = data.draw(st.integers(0, len(arguments[name])))
    before, after = arguments[name][:place], arguments[name][place:]
    judged = verdict({**arguments, name: [*before, GAP, *after]})
    own = st.lists(OWN, max_size=2)
    filled: list[Any] = data.draw(own) if name == "statement" else [data.draw(GIVEN)]
    completed = verdict({**arguments, name: [*before, *filled, *after]})
    assert judged in (None, Status.UNKNOWN) or completed in (None, judged)


WORDS = [
    *("statement", "sid", "effect", "actions", "resources", "principals", "type", "identifiers", "condition"),
    *("test", "variable", "values", "version", "policy_id", "source_json", "source_policy_documents"),
    *("override_policy_documents", "Statement", "Condition", "Sid"),
]


@given(
    st.recursive(
        st.sampled_from([None, True, 1.5, "", "a", "*", GAP, "{", '{"Statement": [{"Sid": 1}]}']),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner),
    ).filter(lambda body: isinstance(body, dict))
)
def test_no_body_is_too_odd(body: object) -> None:
    value = made(body)
    assert isinstance(value, Encoded | Undecided)
    if isinstance(value, Encoded):
        assert str(value.text)
        language.read(PolicyReader("x.json", Literal()).read(value, Location("x.json")))
