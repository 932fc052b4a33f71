# ruff: noqa: E501 - the modules are laid out as people write them
"""Texts that can't be told but are known by the expression that gives them, and conditions that nothing decides."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.terraform.language.convert import literal
from s3audit.collectors.terraform.language.values import Failed, SomeText, Value
from s3audit.text import Opaque, Text
from tests.terraform.folder import Folder
from tests.terraform.pieces import OFF, ON, bucket, call, variable, versioning
from tests.terraform.scans import TLS, statuses, verdicts

MAIN = """
variable "a" { type = string }
variable "b" { type = string }
variable "l" { type = list(string) }
variable "on" { type = bool }
variable "m" { type = map(string) }
locals {
  long  = length(var.l) > 1
  maybe = local.long ? "-x" : ""
}
"""

NAMED = [
    'coalesce(var.a, "x")',
    'coalesce(var.a, "y")',
    "coalesce(var.a, var.b)",
    'join("-", compact([var.a, var.b]))',
    'join("-", compact([var.b, var.a]))',
    'join("-", var.l)',
    'join("-", [for one in var.l : upper(one)])',
    'join("-", [for one in var.l : lower(one)])',
    'join("-", var.l[*])',
    'split("/", var.a)[0]',
    'element(split("/", var.a), 0)',
    '{ dev = "1", prod = "2" }[var.a]',
    '["x", "y"][length(var.l)]',
    'lookup({ dev = "1", prod = "2" }, var.a, "3")',
    'try(split("/", var.a)[1], "x")',
    'try(split("/", var.a)[1], "y")',
    'length(var.l) > 1 ? "x" : "y"',
    'length(var.l) > 1 ? "y" : "x"',
    'local.long ? var.a : "x"',
    'var.l == [] ? "none" : "some"',
    'substr(join("", var.l), 0, 1)',
    '"pre${local.maybe}"',
    '"a\\"${join("", var.l)}"',
    'abspath("x")',
    "basename(abspath(path.root))",
]  # fmt: skip


def named(value: Value) -> Text:
    assert isinstance(value, Partial), value
    assert value.text.opaque
    return value.text


@pytest.mark.parametrize("expression", NAMED)
def test_a_text_that_can_not_be_told_equals_itself(expression: str) -> None:
    folder = Folder({"main.tf": MAIN})
    assert named(folder.value(expression)) == named(folder.value(expression))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('coalesce( var.a,"x" )', '${coalesce(var.a, "x")}'),
        ('local.long && var.on ? "x" : var.a', '${local.long && var.on ? "x" : var.a}'),
        ('(var.on ? local.long : !local.long) ? "x" : "y"', '${(var.on ? local.long : !local.long) ? "x" : "y"}'),
        ('join("", [for k, v in var.m : k if v != ""])', '${join("", [for k, v in var.m : k if v != ""])}'),
        ('join("", values({ for k, v in var.m : v => k... })[0])', '${join("", values({for k, v in var.m : v => k...})[0])}'),
        ('join("a\\nb", var.l)', '${join("a\\nb", var.l)}'),
        ('"pre${local.maybe}"', "pre${local.maybe}"),
        ('join("", [for one in ["p"] : join(one, var.l)])', '${join("p", var.l)}'),
    ],
)  # fmt: skip
def test_its_name(expression: str, expected: str) -> None:
    folder = Folder({"main.tf": MAIN})
    found = str(named(folder.value(expression)))
    if expression.startswith('"pre'):
        expected = 'pre${local.long ? "-x" : ""}'
    assert found == expected


def completions() -> Iterator[dict[str, str]]:
    texts = ("", "dev", "p/q", "x")
    lists = ("[]", '["A"]', '["a/b", "dev"]')
    for a, b, many in product(texts, texts, lists):
        yield {"a": a, "b": b, "l": many, "on": "true", "m": "{}"}


def test_what_has_one_name_has_one_value_whatever_the_rest_turns_out_to_be() -> None:
    """Two of them are equal only if they are for all values; and each is a text, or Terraform refuses it."""
    folder = Folder({"main.tf": MAIN})
    names = {expression: named(folder.value(expression)) for expression in NAMED}
    broken = []
    for given in completions():
        known = Folder({"main.tf": MAIN}, variables=given)
        seen: dict[Text, str | None] = {}
        for expression, name in names.items():
            value = known.value(expression)
            if isinstance(value, Failed | Partial):
                continue
            told = literal(value)
            if told is None or seen.setdefault(name, told) != told:
                broken.append((expression, given))
    assert broken == []
    assert len(set(names.values())) == len(NAMED)


@pytest.mark.parametrize(
    "expression",
    [
        'local.long ? "x" : null',
        'local.long ? "x" : 1',
        'local.long ? ["x"] : ["y"]',
        'local.long ? "{}" : "{}x"',
        'lookup(var.m, "k", "x")',
        '{ dev = "1", prod = null }[var.a]',
        "try(var.m.k, null)",
        'try(var.m.k, "x")',
        "one(var.l)",
        "coalesce(var.on, true)",
        'uuid() == "x" ? "y" : "z"',
        'join("", [timestamp()])',
        'formatdate("YYYY", timestamp())',
        'join("", [for one in var.l : templatestring(one, {})])',
    ],
)  # fmt: skip
def test_what_may_be_null_or_something_else_has_no_name(expression: str) -> None:
    value = Folder({"main.tf": MAIN}).value(expression)
    assert isinstance(value, Undecided)
    assert not isinstance(value, Failed | SomeText)


def test_what_may_be_empty_is_a_part_of_a_text_and_no_text_that_is_written() -> None:
    value = Folder({"main.tf": MAIN}).value("local.maybe")
    assert isinstance(value, SomeText)
    assert str(value.text) == '${local.long ? "-x" : ""}'


def test_the_module_is_part_of_the_name() -> None:
    folder = Folder(
        {
            "main.tf": MAIN + 'resource "aws_s3_bucket" "r" {}\n' + call("one", "./m", l="var.l", a="var.a")
            + call("two", "./m", l="[]", a="aws_s3_bucket.r.id"),
            "m/main.tf": variable("l", type="list(string)") + variable("a", type="string")
            + 'output "o" { value = coalesce(var.a, "x") }\noutput "w" { value = terraform.workspace == "p" ? "x" : "y" }\n',
        }
    )  # fmt: skip
    assert named(folder.value("module.one.o")) == Text(
        (Opaque('coalesce(module.one.var.a, "x")', given=True),)
    )
    # The name of a bucket is not empty, so it is that one.
    assert str(named(folder.value("module.two.o"))) == "terraform-${aws_s3_bucket.r.id}"
    assert named(folder.value("module.one.w")) == named(folder.value("module.two.w"))


def test_it_is_given_only_if_all_of_it_is() -> None:
    folder = Folder({"main.tf": MAIN + 'resource "aws_s3_bucket" "r" {}\n'})
    [part] = named(folder.value('local.long ? var.a : "x"')).opaque
    assert not part.given  # a local value may be made of anything
    [part] = named(folder.value('length(var.l) > 1 ? var.a : "x"')).opaque
    assert part.given
    [part] = named(folder.value('length(var.l) > 1 ? aws_s3_bucket.r.id : "x"')).opaque
    assert not part.given


def test_each_instance_has_its_own() -> None:
    folder = Folder(
        {
            "main.tf": MAIN
            + 'resource "aws_s3_bucket" "r" {\n  for_each = toset(["p", "q"])\n  bucket = coalesce(var.a, each.key)\n}\n'
        }
    )
    found = [str(named(folder.value(f'aws_s3_bucket.r["{key}"].bucket'))) for key in ("p", "q")]
    assert found == ['${coalesce(var.a, "p")}', '${coalesce(var.a, "q")}']


class TestScans:
    @pytest.mark.parametrize("expression", NAMED)
    def test_a_bucket_is_found_by_such_a_name(self, expression: str, tmp_path: Path) -> None:
        main = MAIN + f"locals {{\n  name = {expression}\n}}\n"
        files = {"main.tf": main + bucket(bucket="local.name") + versioning("local.name")}
        assert set(statuses(tmp_path, files).values()) == {"pass"}

    @pytest.mark.parametrize("other", ['coalesce(var.a, "y")', '"x"', "var.a"])
    def test_by_another_one_it_may_be_meant(self, other: str, tmp_path: Path) -> None:
        files = {"main.tf": MAIN + bucket(bucket='coalesce(var.a, "x")') + versioning(other)}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}

    def test_a_name_that_is_made_up_is_another_one(self, tmp_path: Path) -> None:
        files = {
            "main.tf": MAIN + bucket() + bucket("c", bucket='"c"') + versioning('coalesce(var.a, "x")', OFF)
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "fail", "aws_s3_bucket.c": "unknown"}

    def test_what_is_written_only_perhaps_stays_open(self, tmp_path: Path) -> None:
        files = {"main.tf": MAIN + bucket(bucket='"b"') + versioning(status=f"local.long ? {ON} : null")}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}


DATA = 'data "external" "x" {\n  program = ["x"]\n}\n'


class TestConditions:
    @pytest.mark.parametrize("test", ['data.external.x.result.a == "1"', "length(var.l) > 1", "local.long"])
    @pytest.mark.parametrize(
        ("yes", "no", "expected"),
        [(OFF, '"Disabled"', "fail"), (ON, ON, "pass"), (ON, OFF, "unknown"), (OFF, "null", "fail")],
    )
    def test_what_holds_both_ways_holds(
        self, test: str, yes: str, no: str, expected: str, tmp_path: Path
    ) -> None:
        files = {"main.tf": MAIN + DATA + bucket() + versioning(status=f"{test} ? {yes} : {no}")}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": expected}

    def test_a_deny_of_one_action_or_another(self, tmp_path: Path) -> None:
        policy = (
            'resource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n'
            '  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = %s ? "s3:*" : %s,'
            ' Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"],'
            ' Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })\n}\n'
        )
        for test in ('terraform.workspace == "prod"', "local.long"):
            files = {"main.tf": MAIN + bucket() + policy % (test, '"*"')}
            assert statuses(tmp_path, files, TLS) == {"aws_s3_bucket.b": "pass"}
        files = {"main.tf": MAIN + bucket() + policy % ("local.long", '"s3:GetObject"')}
        assert statuses(tmp_path, files, TLS) == {"aws_s3_bucket.b": "unknown"}

    def test_two_of_them_are_tried_together(self, tmp_path: Path) -> None:
        status = f'length(var.l) > 1 ? (length(var.m) > 1 ? {OFF} : "Disabled") : {OFF}'
        files = {"main.tf": MAIN + bucket() + versioning(status=status)}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "fail"}
        files = {"main.tf": MAIN + bucket() + versioning(status=status.replace("Disabled", "Enabled"))}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}

    def test_beside_a_variable_that_is_tried(self, tmp_path: Path) -> None:
        status = f'var.on ? (length(var.l) > 1 ? {OFF} : "Disabled") : {ON}'
        files = {"main.tf": MAIN + bucket() + versioning(status=status)}
        [found] = verdicts(tmp_path, files)
        assert found.startswith("fail aws_s3_bucket.b ")
        assert found.endswith(", when on is true.")

    def test_64_ways_are_tried_and_more_are_not(self, tmp_path: Path) -> None:
        for number, expected in ((6, "fail"), (7, "unknown")):
            status = OFF
            for index in range(number):
                status = f'length(var.l) > {index} ? "Disabled" : ({status})'
            files = {"main.tf": MAIN + bucket() + versioning(status=status)}
            assert statuses(tmp_path, files) == {"aws_s3_bucket.b": expected}

    def test_one_that_differs_each_time_is_not_tried(self, tmp_path: Path) -> None:
        status = f'uuid() == "x" ? {OFF} : "Disabled"'
        files = {"main.tf": MAIN + bucket() + versioning(status=status)}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}

    def test_the_workspace_is_chosen_like_a_variable(self, tmp_path: Path) -> None:
        test = 'terraform.workspace == "prod"'
        files = {"main.tf": bucket() + versioning(status=f"{test} ? {ON} : {OFF}")}
        [found] = verdicts(tmp_path, files)
        assert found.startswith("fail aws_s3_bucket.b ")
        assert found.endswith("Versioning is Suspended, when terraform.workspace is not prod.")
        files = {
            "main.tf": bucket() + versioning(status=f"{{ prod = {ON}, dev = {OFF} }}[terraform.workspace]")
        }
        [found] = verdicts(tmp_path, files)
        assert found.endswith("Versioning is Suspended, when terraform.workspace is dev.")
