"""What a folder of files declares: sorted, with override files merged in, and what is said about what is wrong."""

import pytest

from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.hcl.syntax import Body, Expression, Invalid, Literal, Tuple
from s3audit.collectors.terraform.modules.module import Module, counted, load, repeated_twice
from s3audit.problem import Problem


def loaded(**files: str) -> tuple[Module, list[Problem]]:
    """The module of files named as Python can name them: `main`, `main_tf_json`."""
    given = []
    for name, text in files.items():
        stem, json, _ = name.partition("__json")
        given.append(File(f"x/{stem}.tf{'.json' if json else ''}", text.encode()))
    return load("x", given, 1_000_000)


def module(**files: str) -> Module:
    made, problems = loaded(**files)
    assert problems == []
    assert made.hidden == ""
    return made


def problem(**files: str) -> tuple[str, str]:
    """The place and the message of the only problem."""
    _, [found] = loaded(**files)
    assert found.message.endswith(".")
    return f"{found.at} {found.kind}", found.message


def plain(body: Body) -> dict[str, object]:
    """The literals of a body, and its blocks in lists."""
    found: dict[str, object] = {name: literal(written.value) for name, written in body.attributes.items()}
    for block in body.blocks:
        listed = found.setdefault(" ".join((block.type, *block.labels)), [])
        assert isinstance(listed, list)
        listed.append(plain(block.body))
    return found


def literal(expression: Expression) -> object:
    if isinstance(expression, Tuple):
        return [literal(item) for item in expression.items]
    assert isinstance(expression, Literal)
    return expression.value


ALL = """\
terraform {
  required_version = ">= 1"
}

provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias = "west"
}

variable "env" {
  type    = string
  default = "dev"
  validation {
    condition = true
  }
}
variable "key" {
  nullable  = false
  sensitive = "true"
  ephemeral = true
}

locals {
  a = 1
}
locals {
  b = 2
}

module "site" {
  source   = "./site"
  for_each = {}
  env      = "prod"
}

data "aws_iam_policy_document" "p" {}
ephemeral "aws_secretsmanager_secret_version" "s" {}

  resource "aws_s3_bucket" "logs" {
    bucket = "logs"
  }

output "name" {
  value     = "logs"
  sensitive = true
}

moved {
  from = aws_s3_bucket.old
  to   = aws_s3_bucket.logs
}
check "c" {}
"""


class TestDeclarations:
    def test_everything_is_found_by_its_name(self) -> None:
        made = module(main=ALL)
        assert (made.folder, made.files) == ("x", ["x/main.tf"])
        assert list(made.providers) == ["aws", "aws.west"]
        assert list(made.variables) == ["env", "key"]
        assert list(made.locals) == ["a", "b"]
        assert list(made.calls) == ["site"]
        assert list(made.data) == ["aws_iam_policy_document.p"]
        assert list(made.ephemeral) == ["aws_secretsmanager_secret_version.s"]
        assert list(made.resources) == ["aws_s3_bucket.logs"]
        assert list(made.outputs) == ["name"]
        assert [plain(block.body) for block in made.settings] == [{"required_version": ">= 1"}]

    def test_a_resource_has_the_place_of_its_header(self) -> None:
        made = module(main=ALL)
        bucket = made.resources["aws_s3_bucket.logs"]
        assert (bucket.type, bucket.name, bucket.address) == ("aws_s3_bucket", "logs", "aws_s3_bucket.logs")
        assert bucket.file == "x/main.tf"
        assert (bucket.block.line, bucket.block.column) == (41, 3)
        assert (bucket.block.end_line, bucket.block.end_column) == (41, 34)
        assert plain(bucket.body) == {"bucket": "logs"}
        assert made.data["aws_iam_policy_document.p"].address == "data.aws_iam_policy_document.p"

    def test_what_a_variable_says_of_itself(self) -> None:
        env, key = module(main=ALL).variables.values()
        assert (env.nullable, env.sensitive, env.ephemeral, len(env.validations)) == (True, False, False, 1)
        assert env.default is not None
        assert literal(env.default) == "dev"
        assert (key.nullable, key.sensitive, key.ephemeral, key.validations) == (False, True, True, [])
        assert (key.type, key.default) == (None, None)

    def test_what_a_call_gives(self) -> None:
        call = module(main=ALL).calls["site"]
        assert call.source == "./site"
        assert {name: literal(written.value) for name, written in call.arguments.items()} == {"env": "prod"}

    def test_a_source_that_is_an_expression_is_not_told(self) -> None:
        assert module(main='module "a" {\n  source = "./${var.a}"\n}').calls["a"].source is None
        assert module(main='module "a" {}').calls["a"].source is None

    def test_the_order_is_that_of_the_files_and_lines(self) -> None:
        made = module(b="locals { c = 1 }", a="locals {\n  z = 1\n  a = 1\n}")
        assert list(made.locals) == ["z", "a", "c"]
        assert made.files == ["x/a.tf", "x/b.tf"]

    def test_an_empty_file_declares_nothing(self) -> None:
        assert module(main="").resources == {}

    def test_a_file_whose_name_says_nothing_is_known_by_its_content(self) -> None:
        hcl = File("<stdin>", b'resource "aws_s3_bucket" "a" {}')
        json = File("<stdin>", b'\n{"resource": {"aws_s3_bucket": {"a": {}}}}')
        for file in (hcl, json):
            made, problems = load("", [file], 1000)
            assert (list(made.resources), problems) == (["aws_s3_bucket.a"], [])


class TestFiles:
    @staticmethod
    def names(*names: str) -> list[str]:
        return [file.source for file in counted([File(name, b"") for name in names])]

    def test_a_file_for_opentofu_stands_for_its_namesake(self) -> None:
        assert self.names("x/a.tf", "x/a.tofu", "x/b.tf") == ["x/a.tofu", "x/b.tf"]
        assert self.names("a.tf.json", "a.tofu.json", "a.tf") == ["a.tf", "a.tofu.json"]
        assert self.names("a.tofu", "a.tf.json") == ["a.tf.json", "a.tofu"]
        assert self.names("a.tf.tf", "a.tf.tofu") == ["a.tf.tofu"]

    def test_what_editors_leave_behind_is_no_part_of_it(self) -> None:
        assert self.names("x/.#a.tf", "x/a.tf~", "x/#a.tf#", "x/.b.tf", "x/a.tf") == ["x/a.tf"]


class TestOverrides:
    BASE = """\
resource "aws_s3_bucket" "a" {
  bucket = "a"
  tags   = 1
  rule {
    id = 1
  }
  rule {
    id = 2
  }
  other {
    id = 3
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = []
  }
}
"""

    def test_arguments_one_by_one_and_blocks_by_type(self) -> None:
        over = """\
resource "aws_s3_bucket" "a" {
  bucket = "b"
  acl    = "c"
  rule {
    id = 9
  }
  lifecycle {
    prevent_destroy = false
  }
}
"""
        bucket = module(main=self.BASE, override=over).resources["aws_s3_bucket.a"]
        assert plain(bucket.body) == {
            "bucket": "b",
            "tags": 1,
            "acl": "c",
            "other": [{"id": 3}],
            "rule": [{"id": 9}],
            "lifecycle": [{"prevent_destroy": False, "ignore_changes": []}],
        }
        assert (bucket.file, bucket.block.line) == ("x/main.tf", 1)
        value = bucket.body.attributes["bucket"].value
        assert (value.lines.source, value.line, value.column) == ("x/override.tf", 2, 12)

    def test_the_last_one_counts(self) -> None:
        made = module(
            main="locals {\n  a = 1\n  b = 1\n}",
            z_override="locals { a = 3 }",
            b_override="locals {\n  a = 2\n  b = 2\n}",
        )
        assert {name: literal(written.value) for name, written in made.locals.items()} == {"a": 3, "b": 2}

    def test_a_dynamic_block_counts_as_what_it_makes(self) -> None:
        over = 'resource "aws_s3_bucket" "a" {\n  dynamic "rule" {\n    for_each = []\n  }\n}'
        found = plain(module(main=self.BASE, override=over).resources["aws_s3_bucket.a"].body)
        assert "rule" not in found
        assert found["dynamic rule"] == [{"for_each": []}]
        over = 'resource "aws_s3_bucket" "a" {\n  rule {}\n}'
        base = 'resource "aws_s3_bucket" "a" {\n  dynamic "rule" {\n    for_each = []\n  }\n}'
        found = plain(module(main=base, override=over).resources["aws_s3_bucket.a"].body)
        assert found == {"rule": [{}]}

    def test_the_other_syntax(self) -> None:
        over = '{"resource": {"aws_s3_bucket": {"a": {"bucket": "j", "rule": [{"id": 7}]}}}}'
        bucket = module(main=self.BASE, override__json=over).resources["aws_s3_bucket.a"]
        assert "rule" in bucket.body.attributes
        assert [block.type for block in bucket.body.blocks] == ["other", "lifecycle"]
        bucket = module(
            main__json=over, override='resource "aws_s3_bucket" "a" {\n  rule {\n    id = 8\n  }\n}'
        ).resources["aws_s3_bucket.a"]
        assert plain(bucket.body) == {"bucket": "j", "rule": [{"id": 8}]}

    def test_what_else_can_be_overridden(self) -> None:
        made = module(
            main=ALL,
            env_override="""\
variable "env" {
  default = "prod"
}
output "name" {
  value = "x"
}
module "site" {
  source = "./other"
}
data "aws_iam_policy_document" "p" {
  a = 1
}
provider "aws" {
  region = "us-east-1"
}
provider "random" {}
""",
        )
        env = made.variables["env"]
        assert (env.type is not None, env.default and literal(env.default)) == (True, "prod")
        output = made.outputs["name"]
        assert (output.value and literal(output.value), output.sensitive) == ("x", True)
        assert (made.calls["site"].source, list(made.calls["site"].arguments)) == ("./other", ["env"])
        assert plain(made.data["aws_iam_policy_document.p"].body) == {"a": 1}
        assert plain(made.providers["aws"].body) == {"region": "us-east-1"}
        assert list(made.providers) == ["aws", "aws.west", "random"]

    @pytest.mark.parametrize(
        ("name", "is_one"), [("override", True), ("a_override", True), ("overrides", False)]
    )
    def test_which_files_override(self, name: str, is_one: bool) -> None:
        twice = 'resource "aws_s3_bucket" "a" {}'
        _, problems = loaded(**{"main": twice, name: twice})
        assert [problem.kind for problem in problems] == ([] if is_one else ["ambiguous"])

    @pytest.mark.parametrize(
        ("text", "what", "column"),
        [
            ('resource "aws_s3_bucket" "b" {}', 'resource "aws_s3_bucket" "b"', 1),
            ('variable "b" {}', 'variable "b"', 1),
            ("locals { b = 1 }", "local.b", 10),
            ('provider "aws" {\n  alias = "b"\n}', 'provider "aws"', 1),
        ],
    )
    def test_what_overrides_nothing(self, text: str, what: str, column: int) -> None:
        place, message = problem(main=self.BASE, override=text)
        assert place == f"x/override.tf:1:{column} partial"
        assert message.startswith(f"{what} is declared in an override file only")

    def test_count_goes_before_for_each_of_another_file(self) -> None:
        base = 'resource "aws_s3_bucket" "a" {\n  for_each = []\n}'
        over = 'resource "aws_s3_bucket" "a" {\n  count = 2\n}'
        for main, override in ((base, over), (over, base)):
            bucket = module(main=main, override=override).resources["aws_s3_bucket.a"]
            assert plain(bucket.body) == {"count": 2}
            assert repeated_twice(bucket) is None


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                'resource "aws_s3_bucket" {}',
                "A resource block has two labels, its type and its name, and not 1,",
            ),
            ('data "a" "b" "c" {}', "A data block has two labels, its type and its name, and not 3,"),
            ("variable {}", "A variable block has one label, its name, and not 0,"),
            ('locals "a" {}', "A locals block has no label, and not 1,"),
            ('resource "aws_s3_bucket" "a b" {}', "'a b' is no name that Terraform allows,"),
            ('resource "aws_s3_bucket" "2024" {}', "'2024' is no name that Terraform allows,"),
            ('resource "aws_s3_bucket" "" {}', "'' is no name that Terraform allows,"),
            ('resurce "aws_s3_bucket" "a" {}', "Terraform has no blocks of type 'resurce',"),
        ],
    )
    def test_a_block_that_is_none(self, text: str, message: str) -> None:
        place, said = problem(main=f"\n{text}")
        assert place == "x/main.tf:2:1 partial"
        assert said == f"{message} so this block is not read. Correct it."
        made, _ = loaded(main=text)
        assert (made.resources, made.data, made.variables) == ({}, {}, {})
        assert made.hidden == "a part of x/main.tf can't be read"

    def test_an_argument_outside_of_a_block(self) -> None:
        place, message = problem(main="\nbucket = 1\n")
        assert place == "x/main.tf:2:1 partial"
        assert "'bucket' is an argument" in message

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ('resource "aws_s3_bucket" "a" {}', 'resource "aws_s3_bucket" "a"'),
            ('data "aws_s3_bucket" "a" {}', 'data "aws_s3_bucket" "a"'),
            ('variable "a" {}', 'variable "a"'),
            ('output "a" {}', 'output "a"'),
            ('module "a" {}', 'module "a"'),
            ('provider "a" {}', 'provider "a"'),
        ],
    )
    def test_what_is_declared_twice(self, text: str, what: str) -> None:
        place, message = problem(a=f"\n{text}", b=text)
        assert place == "x/b.tf:1:1 ambiguous"
        assert message.startswith(f"{what} is declared here and in x/a.tf:2:1 too,")
        made, _ = loaded(a=text, b=text)
        assert made.hidden == ""

    def test_what_is_declared_twice_counts_where_it_says_the_same(self) -> None:
        place, message = problem(main="locals {\n  a = 1\n}\nlocals {\n  a = 2\n}")
        assert place == "x/main.tf:5:3 ambiguous"
        assert message.startswith("local.a is declared here and in x/main.tf:2:3 too,")
        made, _ = loaded(main="locals {\n  a = 1\n  b = 3\n}\nlocals {\n  a = 2\n  b = 3\n}")
        assert isinstance(made.locals["a"].value, Invalid)
        assert literal(made.locals["b"].value) == 3

    def test_a_resource_and_a_data_source_may_share_a_name(self) -> None:
        made = module(main='resource "aws_s3_bucket" "a" {}\ndata "aws_s3_bucket" "a" {}')
        assert (len(made.resources), len(made.data)) == (1, 1)

    def test_count_and_for_each(self) -> None:
        made = module(main='resource "aws_s3_bucket" "a" {\n  count = 1\n  for_each = []\n}')
        found = repeated_twice(made.resources["aws_s3_bucket.a"])
        assert found is not None
        assert (str(found.at), found.kind) == ("x/main.tf:3:3", "partial")
        assert repeated_twice(module(main='module "a" {\n  count = 1\n}').calls["a"]) is None

    def test_what_cannot_be_read_hides_something(self) -> None:
        made, problems = loaded(main='resource "aws_s3_bucket" "a" {}\nresource "aws_s3_bucket" {{\n', b="")
        assert {problem.at.source for problem in problems} == {"x/main.tf"}
        assert made.hidden == "a part of x/main.tf can't be read"

    def test_a_file_that_is_too_large_hides_something(self) -> None:
        made, [found] = load("x", [File("x/a.tf", b"#" * 100)], 99)
        assert found.kind == "unreadable"
        assert made.hidden == "a part of x/a.tf can't be read"
