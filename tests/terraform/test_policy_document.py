"""What `data.aws_iam_policy_document` makes of its blocks, and what of it is not known."""

import json
from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.collectors.documents.resolved import Undecided
from s3audit.policy.language import Principal, Statement
from s3audit.setting import Known, Listed, Setting, Unknown
from s3audit.text import Text
from tests.terraform.folder import Folder
from tests.terraform.policies import (
    JSON,
    NAMES,
    UNKNOWN,
    Place,
    folder,
    made,
    only,
    place,
    policy_of,
    statements_of,
    text_of,
    value_of,
    words,
)


def plain(arguments: object) -> object:
    return json.loads(text_of(made(arguments)))


def statement(**arguments: object) -> object:
    """The only statement of a document, without its effect."""
    (found,) = plain({"statement": [arguments]})["Statement"]  # type: ignore[index]
    assert found.pop("Effect") == arguments.get("effect", "Allow")
    return found


def test_the_text_is_that_of_the_provider() -> None:
    arguments = {
        "policy_id": "of logs",
        "statement": [
            {
                "sid": "Read",
                "effect": "Deny",
                "actions": ["s3:GetObject", "s3:ListBucket"],
                "resources": ["arn:aws:s3:::logs"],
                "principals": [{"type": "Service", "identifiers": ["b.amazonaws.com", "c.amazonaws.com"]}],
                "condition": [
                    {"test": "StringLike", "variable": "aws:x", "values": ["<1>", "b", "\u2028\t"]}
                ],
            },
            {"not_actions": ["s3:*"], "not_resources": ["*"]},
        ],
    }
    assert text_of(made(arguments)) == (
        "{\n"
        '  "Version": "2012-10-17",\n'
        '  "Id": "of logs",\n'
        '  "Statement": [\n'
        "    {\n"
        '      "Sid": "Read",\n'
        '      "Effect": "Deny",\n'
        '      "Action": [\n'
        '        "s3:ListBucket",\n'
        '        "s3:GetObject"\n'
        "      ],\n"
        '      "Resource": "arn:aws:s3:::logs",\n'
        '      "Principal": {\n'
        '        "Service": [\n'
        '          "c.amazonaws.com",\n'
        '          "b.amazonaws.com"\n'
        "        ]\n"
        "      },\n"
        '      "Condition": {\n'
        '        "StringLike": {\n'
        '          "aws:x": [\n'
        '            "\\u003c1\\u003e",\n'
        '            "b",\n'
        '            "\\u2028\\t"\n'
        "          ]\n"
        "        }\n"
        "      }\n"
        "    },\n"
        "    {\n"
        '      "Effect": "Allow",\n'
        '      "NotAction": "s3:*",\n'
        '      "NotResource": "*"\n'
        "    }\n"
        "  ]\n"
        "}"
    )
    assert text_of(made({"statement": [{"actions": ["a", "b"]}]}, minified=True)) == (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["b","a"]}]}'
    )


def test_what_is_not_written_is_left_out() -> None:
    assert plain({}) == plain({"statement": [], "policy_id": ""}) == {"Version": "2012-10-17"}
    assert plain({"version": "2008-10-17"}) == {"Version": "2008-10-17"}
    empty: dict[str, object] = {
        "sid": "",
        "actions": [],
        "resources": None,
        "principals": [],
        "condition": None,
    }
    assert statement(**empty, not_actions=["a", "a"]) == {"NotAction": "a"}


def test_blocks_may_be_objects_that_stand_alone() -> None:
    alone = {"type": "AWS", "identifiers": ["1"]}
    assert statement(principals=alone, actions=["a"]) == statement(principals=[alone], actions=["a"])
    assert plain({"statement": {"actions": ["a"]}}) == plain({"statement": [{"actions": ["a"]}]})


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([("*", ["*"])], "*"),
        ([("*", ["*"]), ("*", ["*"])], "*"),
        ([("*", ["*", "1"])], {"*": ["1", "*"]}),
        ([("AWS", ["*"])], {"AWS": "*"}),
        ([("*", ["*"]), ("AWS", ["1"])], {"*": "*", "AWS": "1"}),
        ([("Service", ["s"]), ("AWS", ["1", "2"])], {"AWS": ["2", "1"], "Service": "s"}),
        ([("AWS", ["1"]), ("AWS", ["1"])], {"AWS": "1"}),
        ([("AWS", [])], {"AWS": []}),
        ([("AWS", ["&{aws:x}"])], {"AWS": "${aws:x}"}),
    ],
)
def test_principals(blocks: list[tuple[str, list[str]]], expected: object) -> None:
    written = [{"type": kind, "identifiers": names} for kind, names in blocks]
    assert statement(principals=written) == {"Principal": expected}
    assert statement(not_principals=written) == {"NotPrincipal": expected}


def test_blocks_of_principals_of_one_type_are_one_list() -> None:
    found = folder(
        """
        statement {
          principals {
            type        = "AWS"
            identifiers = ["1"]
          }
          principals {
            type        = "AWS"
            identifiers = ["2", "3"]
          }
        }"""
    )
    principals = value_of(only(found, JSON).principals)
    assert {value_of(one) for one in principals} == {Principal("AWS", Text((name,))) for name in "123"}
    # The provider takes the blocks in an order of its own, so how the text goes is not told.
    assert text_of(found.value(JSON)) == "${data.aws_iam_policy_document.it.json}"


def test_conditions_of_one_test_are_one_and_so_are_those_of_one_variable() -> None:
    conditions = [
        {"test": "StringEquals", "variable": "b", "values": ["1", "0"]},
        {"test": "StringEquals", "variable": "a", "values": ["&{aws:x}"]},
        {"test": "Bool", "variable": "c", "values": [True]},
        {"test": "Bool", "variable": "c", "values": [True]},
        {"test": "Null", "variable": "d", "values": []},
    ]
    assert statement(condition=conditions) == {
        "Condition": {
            "Bool": {"c": "true"},
            "Null": {"d": []},
            "StringEquals": {"a": "${aws:x}", "b": ["1", "0"]},
        }
    }
    found = folder(
        """
        statement {
          dynamic "condition" {
            for_each = ["1", "2"]
            content {
              test     = "StringLike"
              variable = "aws:x"
              values   = [condition.value]
            }
          }
        }"""
    )
    (condition,) = value_of(only(found, JSON).conditions)
    assert words(value_of(condition).values) == ["1", "2"]


def test_variables_of_policies_are_written_with_an_ampersand_where_iam_knows_them() -> None:
    written = {name: ["&{aws:username}"] for name in ("actions", "resources", "not_resources")}
    assert statement(**written) == {
        "Action": "&{aws:username}",
        "Resource": "${aws:username}",
        "NotResource": "${aws:username}",
    }
    found = folder(
        'statement {\n resources = ["${var.b}/&{aws:username}/*"]\n }', 'variable "b" { type = string }\n'
    )
    assert words(only(found, JSON).resources) == ["${var.b}/${aws:username}/*"]


def unknown_in(block: str) -> Statement:
    return only(folder(f"statement {{\n{block}\n}}", UNKNOWN), JSON)


def test_what_is_not_known_stays_so_where_it_stands() -> None:
    found = unknown_in(
        'effect = var.word\n sid = var.word\n actions = var.names\n resources = ["a", var.word]\n'
        'not_resources = [upper(uuid())]\n principals {\n type = "AWS"\n identifiers = var.names\n }'
    )
    assert isinstance(found.effect, Unknown)
    assert words(found.actions) == words(found.actions) == [f"? the statement's Action is not known: {NAMES}"]
    assert words(found.resources) == ["a", "${var.word}"]
    assert words(found.not_resources) == [
        "? the statement's NotResource is not known: uuid() has a new value at each run"
    ]
    (name,) = value_of(found.principals)
    assert isinstance(name, Unknown)
    assert name.why == f"a part of the statement's Principal is not known: {NAMES}"


def element(found: Statement, block: str) -> Listed[Any]:
    """What the blocks of one type make."""
    if block == "condition":
        return found.conditions
    return found.principals if block == "principals" else found.not_principals


@pytest.mark.parametrize("block", ["condition", "principals", "not_principals"])
def test_an_unknown_number_of_blocks_leaves_the_known_ones(block: str) -> None:
    content = {
        "condition": 'test = "Bool"\n variable = "aws:x"\n values = ["{}"]',
        "principals": 'type = "AWS"\n identifiers = ["{}"]',
        "not_principals": 'type = "AWS"\n identifiers = ["{}"]',
    }[block]
    found = unknown_in(
        f"{block} {{\n{content.format('known')}\n}}\n"
        f'dynamic "{block}" {{\n for_each = var.names\n content {{\n{content.format("open")}\n }}\n }}'
    )
    listed = element(found, block)
    first, gap = value_of(listed)
    assert isinstance(first, Known)
    assert isinstance(gap, Unknown)
    assert gap.why.endswith(f"is not known: how many {block} blocks there are can't be told: {NAMES}")


@pytest.mark.parametrize("block", ["condition", "principals", "not_principals"])
def test_an_element_of_which_no_block_is_known_may_be_absent(block: str) -> None:
    found = unknown_in(f'dynamic "{block}" {{\n for_each = var.names\n content {{\n }}\n }}')
    listed = element(found, block)
    assert isinstance(listed, Unknown)
    assert listed.why.endswith(f"is not known: how many {block} blocks there are can't be told: {NAMES}")


@pytest.mark.parametrize("word", ["test", "variable"])
def test_a_condition_whose_words_are_not_known_is_no_known_condition(word: str) -> None:
    words_of = {"test": '"Bool"', "variable": '"aws:x"', word: '"${var.word}x"'}
    gap = unknown_in(
        f'condition {{\n test = {words_of["test"]}\n variable = {words_of["variable"]}\n values = ["a"]\n }}'
    ).conditions
    assert isinstance(gap, Unknown)
    why = "variable `word` has no default; pass --var-file"
    assert gap.why == f"the statement's Condition is not known: {why}"


def test_texts_that_are_not_told_are_only_like_themselves() -> None:
    body = "statement {\n actions = var.names\n }"
    found = folder(body, f'{UNKNOWN}data "aws_iam_policy_document" "twin" {{\n {body}\n}}\n')
    twin = "data.aws_iam_policy_document.twin.json"
    assert found.value(f'{JSON} == {JSON} ? "same" : "other"').value == "same"  # type: ignore[attr-defined]
    assert isinstance(found.value(f"{JSON} == {twin}"), Undecided)


def test_the_parts_of_a_document_can_be_read_again() -> None:
    found = folder('statement {\n resources = ["a", "c", "b"]\n }')
    assert found.value(f"jsondecode({JSON}).Statement[0].Resource[0]").value == "c"  # type: ignore[attr-defined]
    written = found.value(f"length({JSON})").value  # type: ignore[attr-defined]
    assert written == str(len(text_of(found.value(JSON))))


def test_nothing_is_known_to_be_absent_where_a_part_can_not_be_read() -> None:
    found = folder('statement {\n actions = ["a"]\n =\n }')
    read = only(found, JSON)
    assert found.problems
    assert words(read.actions) == ["a"]
    why = "the statement's Resource is not known: a part of this block can't be read"
    assert words(read.resources) == [f"? {why}"]
    assert isinstance(read.principals, Unknown)
    assert isinstance(read.conditions, Unknown)
    assert place(found, read.conditions.at) == Place(2, 1, "statement")


def test_every_element_has_the_place_of_its_argument() -> None:
    found = Folder(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n}\n',
            "m/policy.tf": """data "aws_iam_policy_document" "it" {
  version = "2012-10-17"
  statement {
    sid       = "Tls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [
      "arn:aws:s3:::a",
      "arn:aws:s3:::a/*",
    ]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
output "json" {
  value = data.aws_iam_policy_document.it.json
}
""",
        }
    )
    policy = policy_of(found, "module.m.json")
    (read,) = statements_of(policy)
    assert isinstance(read, Statement)
    (condition,) = value_of(read.conditions)
    source = "m/policy.tf"

    def at(setting: Setting[Any]) -> Place:
        assert isinstance(setting, Known)
        return place(found, setting.at)

    assert at(policy.version) == Place(2, 13, '"2012-10-17"', source)
    assert place(found, read.at) == Place(3, 3, "statement", source)
    assert at(read.sid) == Place(4, 17, '"Tls"', source)
    assert at(read.effect) == Place(5, 17, '"Deny"', source)
    assert at(value_of(read.actions)[0]) == Place(6, 18, '"s3:*"', source)
    assert at(read.resources) == Place(7, 5, "resources", source)
    assert [at(one) for one in value_of(read.resources)] == [
        Place(9, 7, '"arn:aws:s3:::a/*"', source),
        Place(8, 7, '"arn:aws:s3:::a"', source),
    ]
    assert at(read.principals) == Place(11, 5, "principals", source)
    assert at(value_of(read.principals)[0]) == Place(13, 22, '"*"', source)
    assert at(condition) == Place(17, 7, "variable", source)
    assert at(value_of(value_of(condition).values)[0]) == Place(18, 19, '"false"', source)


DENY = """
  statement {
    NAME
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
"""


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        (DENY.replace("NAME", ""), "pass"),
        (DENY.replace("NAME", 'sid = "Tls"'), "pass"),
        (DENY.replace("NAME", "") + "override_policy_documents = [var.more]", "pass"),
        (DENY.replace("NAME", 'sid = "Tls"') + "override_policy_documents = [var.more]", "unknown"),
        (DENY.replace("NAME", "sid = var.more") + "override_policy_documents = [var.more]", "unknown"),
        ("source_policy_documents = [var.more]", "unknown"),
        (DENY.replace("NAME", "").replace('"Deny"', "var.more"), "unknown"),
        (DENY.replace("NAME", "").replace('["false"]', "[var.more]"), "unknown"),
        (DENY.replace("NAME", "").replace('"aws:SecureTransport"', "var.more"), "unknown"),
        (
            DENY.replace("NAME", "")
            .replace("condition {", 'dynamic "condition" {\n for_each = var.list\n content {')
            .replace('["false"]\n', '["false"]\n}\n'),
            "unknown",
        ),
        (DENY.replace("NAME", "").replace("/*", ""), "fail"),
        ("", "fail"),
    ],
)
def test_verdicts_on_what_is_not_known(tmp_path: Path, statements: str, status: str) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "more" { type = string }\nvariable "list" { type = list(string) }\n'
        'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
        f'data "aws_iam_policy_document" "b" {{\n{statements}\n}}\n'
        'resource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n'
        "  policy = data.aws_iam_policy_document.b.json\n}\n"
    )
    report = s3audit.scan([tmp_path], select=["transport-tls-required"])
    assert [finding.status for finding in report.findings] == [status]
