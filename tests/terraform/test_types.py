"""What the types of variables make of values, compared with Terraform itself."""

import json
import os
import shutil
import subprocess
from decimal import Decimal
from typing import Any

import pytest

from s3audit.collectors.documents.hcl.reader import read_expression
from s3audit.collectors.documents.hcl.syntax import Expression, Literal
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Lines, Mapping, Node, Sequence
from s3audit.collectors.terraform.language.convert import to_plain
from s3audit.collectors.terraform.language.types import convert, read_type
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    Value,
    mapping,
    opaque,
    sequence,
    set_of,
    undecided,
)
from tests.terraform.console import ask
from tests.terraform.folder import Folder

TAGS = "map(string)"
RULE = "object({ id = string, days = optional(number, 30), tags = optional(map(string), {}), note = optional(string) })"
NESTED = 'object({ in = optional(object({ a = optional(string, "x"), b = optional(bool) }), {}) })'

# A type and a value that is given for it.
CASES = [
    ("any", "{ a = 1 }"),
    ("any", "null"),
    ("string", '"x"'),
    ("string", "12"),
    ("string", "1.50"),
    ("string", "true"),
    ("string", "null"),
    ("string", "[]"),
    ("string", "{}"),
    ("number", '"12"'),
    ("number", '"1.50"'),
    ("number", '"0x10"'),
    ("number", '"1e3"'),
    ("number", '"x"'),
    ("number", '""'),
    ("number", "true"),
    ("number", "[1]"),
    ("bool", '"true"'),
    ("bool", '"1"'),
    ("bool", '"0"'),
    ("bool", '"True"'),
    ("bool", "1"),
    ("bool", '""'),
    ("list", '[1, "a"]'),
    ("map", '{ a = 1, b = "a" }'),
    ("list(string)", '[1, true, "a", null]'),
    ("list(string)", "[]"),
    ("list(string)", '"a"'),
    ("list(string)", "{ a = 1 }"),
    ("list(string)", "[[1]]"),
    ("list(number)", '["1", 2]'),
    ("list(any)", '[1, "a", true]'),
    ("list(any)", '[1, "2"]'),
    ("list(any)", "[1, [2]]"),
    ("list(any)", '[{ a = 1 }, { a = "b" }]'),
    ("list(any)", '[{ a = 1 }, { b = "b" }]'),
    ("list(list(any))", '[[1], ["a"]]'),
    ("set(string)", '["b", "a", "b", 1]'),
    ("set(number)", '[2, "10", 2.0]'),
    ("set(bool)", '[true, "false", "true"]'),
    ("set(any)", '[1, "1"]'),
    ("set(object({ a = optional(number, 1) }))", "[{}, { a = 1 }, { a = 2 }]"),
    ("map(string)", '{ b = 1, a = "x", c = null }'),
    ("map(string)", '["a"]'),
    ("map(string)", "{ a = {} }"),
    ("map(any)", '{ a = 1, b = "x" }'),
    ("map(any)", '{ a = { x = 1 }, b = { x = "y" } }'),
    ("map(any)", '{ a = "x", b = ["y"] }'),
    ("map(list(string))", "{ a = [1], b = [] }"),
    ("tuple([string, number])", '[1, "2"]'),
    ("tuple([string, number])", "[1]"),
    ("tuple([])", "[]"),
    ("tuple([any])", "[{}]"),
    ("object({})", "{ a = 1 }"),
    ("object({ a = string })", "{ a = 1, b = 2 }"),
    ("object({ a = string })", "{ a = null }"),
    ("object({ a = string })", "{}"),
    ("object({ a = string })", "[]"),
    ("object({ a = string })", '"x"'),
    ("object({ a = optional(string) })", "{}"),
    ("object({ a = optional(string, 12) })", "{}"),
    ('object({ a = optional(string, "x") })', "{ a = null }"),
    ('object({ a = optional(string, "x") })', '{ a = "y" }'),
    ("object({ a = any })", "{ a = [1] }"),
    (NESTED, "{}"),
    (NESTED, "{ in = {} }"),
    (NESTED, "{ in = null }"),
    (NESTED, '{ in = { a = null, b = "true" } }'),
    (f"map({RULE})", '{ b = { id = 1 }, a = { id = "x", days = "7", tags = { k = 1 }, note = "n" } }'),
    (f"list({RULE})", '[{ id = 1, days = null }, { id = "x", tags = {} }]'),
    (f"list({RULE})", '[{ id = 1, days = "x" }]'),
    (f"list({RULE})", "[{ days = 1 }]"),
    (f"set({RULE})", "[{ id = 2 }, { id = 1 }, { id = 2, days = 30 }]"),
    ("optional(string)", '"x"'),
    ("listt(string)", "[]"),
    ("string(number)", '"x"'),
    ("list(string, string)", "[]"),
    ("set", "[]"),
    ("object({ (1) = string })", "{}"),
]


def declared(cases: list[tuple[str, str]]) -> str:
    return "".join(
        f'variable "v{index}" {{\n  type    = {type_}\n  default = {value}\n}}\n'
        for index, (type_, value) in enumerate(cases)
    )


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> set[int]:
    """The cases that Terraform does not allow."""
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not on the PATH, so nothing can be compared with it")
    folder = tmp_path_factory.mktemp("types")
    (folder / "main.tf").write_text(declared(CASES))
    run = subprocess.run(
        [terraform, "validate", "-json"],
        cwd=folder,
        env={**os.environ, "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = json.loads(run.stdout[run.stdout.index("{") :])["diagnostics"]
    assert said
    return {(error["range"]["start"]["line"] - 1) // 4 for error in said}


@pytest.fixture(scope="module")
def told(refused: set[int]) -> dict[int, Any]:
    """What Terraform makes of the others."""
    left = [index for index in range(len(CASES)) if index not in refused]
    head = declared([CASES[index] for index in left])
    outcomes = ask([f"var.v{place}" for place in range(len(left))], {"variables.tf": head.encode()})
    return {
        # A fraction comes as it is written.
        index: Decimal(outcome.value) if outcome.type == "number" and outcome.value else outcome.value
        for index, outcome in zip(left, outcomes, strict=True)
    }


@pytest.mark.parametrize("index", range(len(CASES)), ids=[f"{type_} <- {value}" for type_, value in CASES])
def test_as_terraform_does(index: int, refused: set[int], told: dict[int, Any]) -> None:
    type_, value = CASES[index]
    made = Folder({"main.tf": declared([(type_, value)])}).value("var.v0")
    if index in refused:
        assert why(made)
    else:
        assert plain(to_plain(made)) == plain(told[index])


def why(value: Value) -> str:
    """Why a value, or something in it, is refused; empty when nothing is."""
    match value:
        case Undecided():
            return value.why
        case Sequence(items=items):
            return next(filter(None, map(why, items)), "")
        case Mapping(entries=entries):
            return next(filter(None, (why(entry.value) for entry in entries.values())), "")
        case _:
            return ""


def plain(data: Any) -> Any:
    """With texts, numbers and booleans apart, and maps in no order."""
    if isinstance(data, list):
        return [plain(item) for item in data]
    if isinstance(data, dict):
        return {name: plain(item) for name, item in data.items()}
    if isinstance(data, bool) or data is None or isinstance(data, str):
        return data
    return Decimal(data)


@pytest.mark.parametrize(
    ("type_", "value", "made"),
    [('"string"', "1", "1"), ('"list"', "[1]", [1]), ('"map"', "{ a = 1 }", {"a": 1})],
)
def test_the_quoted_types_of_old(type_: str, value: str, made: object) -> None:
    folder = Folder({"main.tf": declared([(type_, value)])})
    assert to_plain(folder.value("var.v0")) == made


AT = Node(0, 0, Lines("x"))


def given(value: Value, type_: str) -> Value:
    expression, problems = read_expression(type_, "test")
    assert problems == []
    return convert(value, read_type(expression), evaluate)


def evaluate(expression: Expression) -> Value:
    assert isinstance(expression, Literal)
    return Primitive.of(expression, expression.value)


def text(value: str) -> Value:
    return Primitive.of(AT, value)


class TestWhatIsNotKnown:
    UNKNOWN = undecided(AT, "nobody knows")
    OPAQUE = opaque(AT, "var.x", "pass --var-file")

    @pytest.mark.parametrize("type_", ["any", "string", "bool", "list(string)", "object({ a = string })"])
    def test_stays_not_known(self, type_: str) -> None:
        assert given(self.UNKNOWN, type_) is self.UNKNOWN

    @pytest.mark.parametrize("type_", ["any", "string"])
    def test_a_text_that_is_partly_known_stays_one(self, type_: str) -> None:
        assert given(self.OPAQUE, type_) is self.OPAQUE

    @pytest.mark.parametrize("type_", ["number", "bool"])
    def test_it_may_be_a_number_or_a_bool(self, type_: str) -> None:
        made = given(self.OPAQUE, type_)
        assert isinstance(made, Undecided)
        assert not isinstance(made, Failed)
        assert made.why == "pass --var-file"

    @pytest.mark.parametrize(
        "type_", ["list(string)", "map(string)", "object({ a = string })", "tuple([any])"]
    )
    def test_nobody_knows_that_it_is_a_text(self, type_: str) -> None:
        made = given(self.OPAQUE, type_)
        assert isinstance(made, Undecided)
        assert not isinstance(made, Failed)
        of_resource = opaque(AT, "aws_s3_bucket.x.arn", resource="aws_s3_bucket.x")
        assert isinstance(given(of_resource, type_), Failed)

    def test_the_parts_of_a_collection(self) -> None:
        made = given(
            mapping(AT, {"a": self.UNKNOWN, "b": self.OPAQUE, "c": Primitive.of(AT, 1)}), "map(string)"
        )
        assert isinstance(made, Mapping)
        a, b, c = (entry.value for entry in made.entries.values())
        assert a is self.UNKNOWN
        assert isinstance(b, Partial)
        assert to_plain(c) == "1"

    def test_the_parts_of_an_object_beside_its_defaults(self) -> None:
        made = given(
            mapping(AT, {"a": self.UNKNOWN}),
            'object({ a = optional(string, "x"), b = optional(string, "y") })',
        )
        assert isinstance(made, Mapping)
        assert made.entries["a"].value is self.UNKNOWN
        assert to_plain(made.entries["b"].value) == "y"

    def test_the_order_of_a_set(self) -> None:
        made = given(set_of(AT, [text("b"), self.OPAQUE]), "list(string)")
        assert isinstance(made, Undecided)
        assert not isinstance(made, Failed)
        assert to_plain(given(set_of(AT, [text("a"), text("b")]), "list(string)")) == ["a", "b"]

    def test_what_is_impossible_is_said_in_its_place(self) -> None:
        here = Node(3, 4, Lines("abcdef"))
        made = given(mapping(AT, {"a": sequence(here, []), "b": text("x")}), "map(string)")
        assert isinstance(made, Mapping)
        a, b = (entry.value for entry in made.entries.values())
        assert isinstance(a, Failed)
        assert (a.start, a.end, a.why) == (3, 4, "a string is required here, not a list")
        assert to_plain(b) == "x"


def test_places_are_those_of_what_is_written() -> None:
    folder = Folder(
        {
            "main.tf": """\
variable "v" {
  type = list(object({
    a = string
    b = optional(string, "x")
    c = optional(string)
  }))
  default = [
    { a = 1 },
  ]
}
"""
        }
    )
    made = folder.value("var.v")
    assert isinstance(made, Sequence)
    [item] = made.items
    assert isinstance(item, Mapping)
    places = {name: (entry.value.line, entry.value.column) for name, entry in item.entries.items()}
    assert places == {"a": (8, 11), "b": (4, 26), "c": (8, 5)}


def test_a_resource_that_is_given_as_a_whole() -> None:
    folder = Folder(
        {
            "main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "logs"\n}\n'
            'module "m" {\n  source = "./m"\n  bucket = aws_s3_bucket.b\n}',
            "m/main.tf": 'variable "bucket" {\n  type = object({ id = string, arn = string })\n}\n'
            'output "id" {\n  value = var.bucket.id\n}\noutput "arn" {\n  value = var.bucket.arn\n}',
        }
    )
    assert to_plain(folder.value("module.m.id")) == "logs"
    arn = folder.value("module.m.arn")
    assert isinstance(arn, Partial)
    assert str(arn.text).endswith(":s3:::logs")


def test_deep_types_end_somewhere() -> None:
    kind = read_type(read_expression("list(" * 80 + "string" + ")" * 80, "test")[0])
    while kind.of is not None:
        kind = kind.of
    assert (kind.kind, kind.why) == ("unclear", "the type is nested too deeply")
