"""Terraform's JSON syntax, read as the bodies that HCL would give; compared with HCL, and exact places."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.hcl.syntax import Block, Body, Expression, Object
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.modules.json_syntax import read_json_body, read_json_values


def body(document: object) -> Body:
    """The body of a document without problems."""
    text = document if isinstance(document, str) else json.dumps(document)
    found, problems = read_json_body(text.encode(), "a.tf.json", limit=100_000)
    assert problems == []
    assert found.is_whole
    return found


def resource(arguments: object) -> Body:
    [block] = body({"resource": {"aws_s3_bucket": {"a": arguments}}}).blocks
    return block.body


def problem(text: str) -> tuple[str, str]:
    """The place and the message of the only problem, of a file that may hold more."""
    found, [said] = read_json_body(text.encode(), "a.tf.json", limit=100_000)
    assert not found.is_whole
    assert said.message.endswith(".")
    return f"{said.at} {said.kind}", said.message


def shape(part: object) -> object:
    """A body or an expression without its places."""
    if isinstance(part, Body):
        attributes = {name: shape(written.value) for name, written in part.attributes.items()}
        return attributes, [(block.type, block.labels, shape(block.body)) for block in part.blocks]
    if isinstance(part, Expression):
        fields = sorted(part.__struct_fields__[len(Expression.__struct_fields__) :])
        return type(part).__name__, *(shape(getattr(part, name)) for name in fields)
    return [shape(item) for item in part] if isinstance(part, tuple) else part


def same(document: object, hcl: str) -> None:
    """That both say the same."""
    written, problems = read_hcl(hcl.encode(), "a.tf")
    assert problems == []
    assert shape(body(document)) == shape(written)


def place(node: Node) -> tuple[int, int, int, int]:
    assert node.lines.source == "a.tf.json"
    return node.line, node.column, node.end_line, node.end_column


class TestBodies:
    def test_resources(self) -> None:
        same(
            {
                "resource": {
                    "aws_s3_bucket": {"a": {"bucket": "x", "force_destroy": True}, "b": {"count": 2}},
                    "aws_kms_key": {"k": {"rotation": None, "days": 1.5}},
                },
                "data": {"aws_region": {"r": {}}},
            },
            """\
resource "aws_s3_bucket" "a" {
  bucket        = "x"
  force_destroy = true
}
resource "aws_s3_bucket" "b" {
  count = 2
}
resource "aws_kms_key" "k" {
  rotation = null
  days     = 1.5
}
data "aws_region" "r" {}
""",
        )

    def test_lists_of_objects_are_several_blocks_at_every_level(self) -> None:
        found = body(
            {
                "resource": [
                    {"aws_s3_bucket": [{"a": {}}, {"b": [{"bucket": "x"}]}]},
                    {"aws_s3_bucket": {"c": None}},
                ],
                "provider": {"aws": [{"region": "x"}, {"alias": "y"}]},
                "locals": [{"a": 1}, {"b": 2}],
            }
        )
        assert [(block.type, block.labels) for block in found.blocks] == [
            ("resource", ("aws_s3_bucket", "a")),
            ("resource", ("aws_s3_bucket", "b")),
            ("provider", ("aws",)),
            ("provider", ("aws",)),
            ("locals", ()),
            ("locals", ()),
        ]

    def test_a_list_at_the_root(self) -> None:
        assert [block.type for block in body([{"locals": {}}, {"locals": {}, "terraform": {}}]).blocks] == [
            "locals",
            "locals",
            "terraform",
        ]

    def test_comments_are_left_out_of_bodies_and_kept_in_values(self) -> None:
        found = body(
            {
                "//": {"metadata": 1},
                "resource": {"aws_s3_bucket": {"//": "x", "a": {"//": "y", "tags": {"//": "z"}}}},
            }
        )
        [block] = found.blocks
        assert block.labels == ("aws_s3_bucket", "a")
        assert list(block.body.attributes) == ["tags"]
        assert shape(block.body.attributes["tags"].value) == (
            "Object",
            [[("Literal", "//"), ("Literal", "z")]],
        )

    def test_everything_beside_resources(self) -> None:
        same(
            {
                "terraform": {"required_version": ">= 1", "backend": {"s3": {"bucket": "x"}}},
                "variable": {
                    "v": {
                        "type": 'map(object({ a = optional(string, "x") }))',
                        "default": {"k": {}},
                        "validation": [{"condition": "${var.v != null}", "error_message": "no"}],
                    }
                },
                "output": {"o": {"value": "${aws_s3_bucket.a.id}", "depends_on": ["aws_s3_bucket.a"]}},
                "module": {
                    "m": {
                        "source": "./m",
                        "providers": {"aws": "aws.west"},
                        "depends_on": ["module.n"],
                        "a": "b",
                    }
                },
                "moved": [{"from": "a.b", "to": "a.c"}],
            },
            """\
terraform {
  required_version = ">= 1"
  backend "s3" {
    bucket = "x"
  }
}
variable "v" {
  type    = map(object({ a = optional(string, "x") }))
  default = { k = {} }
  validation {
    condition     = "${var.v != null}"
    error_message = "no"
  }
}
output "o" {
  value      = "${aws_s3_bucket.a.id}"
  depends_on = [aws_s3_bucket.a]
}
module "m" {
  source     = "./m"
  providers  = { aws = aws.west }
  depends_on = [module.n]
  a          = "b"
}
moved {
  from = "a.b"
  to   = "a.c"
}
""",
        )

    def test_the_blocks_of_the_language_in_a_resource(self) -> None:
        same(
            {
                "resource": {
                    "aws_s3_bucket": {
                        "a": {
                            "provider": "aws.west",
                            "depends_on": ["aws_kms_key.k"],
                            "lifecycle": {
                                "ignore_changes": ['tags["a"]'],
                                "prevent_destroy": True,
                                "precondition": {"condition": "${var.a}"},
                            },
                            "provisioner": [{"local-exec": {"command": "ls"}}],
                            "connection": {"type": "ssh"},
                        },
                        "b": {"lifecycle": [{"ignore_changes": "all"}], "provider": "${aws.west}"},
                    }
                }
            },
            """\
resource "aws_s3_bucket" "a" {
  provider   = aws.west
  depends_on = [aws_kms_key.k]
  lifecycle {
    ignore_changes  = [tags["a"]]
    prevent_destroy = true
    precondition {
      condition = "${var.a}"
    }
  }
  provisioner "local-exec" {
    command = "ls"
  }
  connection {
    type = "ssh"
  }
}
resource "aws_s3_bucket" "b" {
  provider = "${aws.west}"
  lifecycle {
    ignore_changes = all
  }
}
""",
        )

    def test_other_objects_are_attributes(self) -> None:
        found = resource(
            {"versioning": {"enabled": True}, "cors_rule": [{"a": 1}, {"a": 2}], "tags": {"a": "b"}}
        )
        assert list(found.attributes) == ["versioning", "cors_rule", "tags"]
        assert found.blocks == []

    def test_a_dynamic_block(self) -> None:
        same(
            {
                "resource": {
                    "aws_s3_bucket": {
                        "a": {
                            "dynamic": {
                                "rule": {
                                    "for_each": "${var.rules}",
                                    "iterator": "it",
                                    "content": {
                                        "id": "${it.value}",
                                        "dynamic": {"in": [{"for_each": [1], "content": {"x": "y"}}]},
                                    },
                                }
                            }
                        }
                    }
                }
            },
            """\
resource "aws_s3_bucket" "a" {
  dynamic "rule" {
    for_each = "${var.rules}"
    iterator = it
    content {
      id = "${it.value}"
      dynamic "in" {
        for_each = [1]
        content {
          x = "y"
        }
      }
    }
  }
}
""",
        )

    def test_what_holds_a_dynamic_block_is_a_block_itself(self) -> None:
        inner = {"dynamic": {"filter": {"for_each": [1], "content": {"prefix": "p"}}}}
        found = resource({"rule": [{"id": "a", **inner}, {"id": "b"}], "other": {"id": "c"}})
        assert list(found.attributes) == ["other"]
        assert [(block.type, list(block.body.attributes)) for block in found.blocks] == [
            ("rule", ["id"]),
            ("rule", ["id"]),
        ]
        [dynamic] = found.blocks[0].body.blocks
        assert (dynamic.type, dynamic.labels) == ("dynamic", ("filter",))
        found = resource({"outer": {"rule": inner}})
        [outer] = found.blocks
        assert [block.type for block in outer.body.blocks] == ["rule"]

    @pytest.mark.parametrize("value", [{"dynamic": "x"}, {"dynamic": {"a": {"b": 1}}}, {"dynamic": [1]}])
    def test_not_everything_of_that_name_is_one(self, value: object) -> None:
        assert list(resource({"tags": value}).attributes) == ["tags"]

    def test_what_is_no_object_where_one_is_needed_is_missing(self) -> None:
        found = resource({"lifecycle": "x", "bucket": "b"})
        assert (list(found.attributes), found.blocks, found.is_whole) == (["bucket"], [], False)


class TestValues:
    @staticmethod
    def value(written: str) -> tuple[Any, ...]:
        found = body(f'{{"locals": {{"a": {written}}}}}').blocks[0].body.attributes["a"].value
        told = shape(found)
        assert isinstance(told, tuple)
        return told

    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ('"x"', "x"),
            ('""', ""),
            ('"12"', "12"),
            ('"true"', "true"),
            (r'"\u0041\n\"\\"', 'A\n"\\'),
            ("true", True),
            ("false", False),
            ("null", None),
            ("12", 12),
            ("-1", -1),
            ("1.50", Decimal("1.5")),
            ("1e2", 100),
            ('"$x %y"', "$x %y"),
        ],
    )
    def test_literals(self, written: str, value: object) -> None:
        assert self.value(written) == ("Literal", value)

    def test_strings_are_templates(self) -> None:
        assert self.value('"a-${var.b}"') == ("Template", ["a-", ("Attribute", "b", ("Name", "var"))])
        assert self.value('"$${x}"') == ("Literal", "${x}")
        assert self.value('"%{ if true }a%{ endif }"')[0] == "Template"
        assert self.value('{"${var.k}": 1}') == (
            "Object",
            [[("Template", [("Attribute", "k", ("Name", "var"))]), ("Literal", 1)]],
        )
        assert self.value(r'"${\"a\"}\\n"') == ("Template", [("Literal", "a"), "\\n"])

    def test_a_template_that_is_none_is_invalid(self) -> None:
        assert self.value('"${"')[1][0][0] == "Invalid"

    @pytest.mark.parametrize("written", ["1e999999999", "1e99999999999999999999", "1" * 5000, "1e-5000"])
    def test_a_number_of_any_size(self, written: str) -> None:
        assert self.value(written) == (
            "Invalid",
            "a number with so many digits is too large to be worked out",
        )

    def test_the_defaults_of_variables_are_no_templates(self) -> None:
        [block] = body({"variable": {"v": {"default": {"${a}": ["${b}"]}}}}).blocks
        assert shape(block.body.attributes["default"].value) == (
            "Object",
            [[("Literal", "${a}"), ("Tuple", [("Literal", "${b}")])]],
        )

    def test_nor_are_files_of_values(self) -> None:
        found, problems = read_json_values(b'{"a": "${b}", "c": [1, {"d": null}], "//": 2}', "a", limit=100)
        assert problems == []
        assert shape(found) == (
            {
                "a": ("Literal", "${b}"),
                "c": ("Tuple", [("Literal", 1), ("Object", [[("Literal", "d"), ("Literal", None)]])]),
                "//": ("Literal", 2),
            },
            [],
        )


class TestPlaces:
    TEXT = """\
{
  "resource": {
    "aws_s3_bucket": {
      "logs": {
        "bucket": "${var.a}-\\u00e9",
        "tags": {"a": "b"},
        "dynamic": {"rule": {"for_each": [], "content": {}}}
      }
    }
  }
}
"""

    def test_exact_ones(self) -> None:
        [block] = body(self.TEXT).blocks
        assert place(block) == (4, 7, 4, 13)
        bucket = block.body.attributes["bucket"]
        assert place(bucket.key) == (5, 9, 5, 17)
        assert place(bucket.value) == (5, 19, 5, 36)
        tags = block.body.attributes["tags"].value
        assert isinstance(tags, Object)
        assert place(tags) == (6, 17, 6, 27)
        assert [place(part) for part in tags.items[0]] == [(6, 18, 6, 21), (6, 23, 6, 26)]
        [dynamic] = block.body.blocks
        assert place(dynamic) == (7, 21, 7, 27)
        [content] = dynamic.body.blocks
        assert place(content) == (7, 46, 7, 55)

    def test_a_block_without_labels_has_the_place_of_its_key(self) -> None:
        [block] = body('{"locals":\n {"a": 1}}').blocks
        assert place(block) == (1, 2, 1, 10)


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("", "1:1"),
            ('{"a": 1', "1:8"),
            ("[", "1:2"),
            ('{"resource": {},}', "1:16"),
            ("resource {}", "1:1"),
        ],
    )
    def test_what_is_no_json(self, text: str, place: str) -> None:
        assert problem(text)[0] == f"a.tf.json:{place} unreadable"

    @pytest.mark.parametrize(
        ("text", "place", "what"),
        [
            ('{"resource": 1}', "1:14", "resource, or a label of it,"),
            ('{"resource": {"aws_s3_bucket": "x"}}', "1:32", "resource, or a label of it,"),
            ('{"resource": {"aws_s3_bucket": {"a": [[]]}}}', "1:39", "resource, or a label of it,"),
            ("[1]", "1:2", "a file"),
            ('{"locals": true}', "1:12", "locals, or a label of it,"),
        ],
    )
    def test_what_is_no_object(self, text: str, place: str, what: str) -> None:
        at, message = problem(text)
        assert at == f"a.tf.json:{place} partial"
        assert message == f"In Terraform's JSON syntax {what} is an object, so this is not read."

    def test_a_repeated_key(self) -> None:
        at, message = problem('{"locals": {"a": 1},\n "locals": {"b": 2}}')
        assert at == "a.tf.json:2:2 partial"
        assert message.startswith("The key 'locals' stands here and on line 1, column 2 too,")

    def test_a_file_that_is_too_large(self) -> None:
        found, [said] = read_json_body(b"{ }", "a", limit=2)
        assert (found.is_whole, said.kind) == (False, "unreadable")
        assert said.message.endswith("--max-size 3.")

    def test_a_file_that_is_no_text(self) -> None:
        found, [said] = read_json_body(b'{"a": "\xff"}', "a", limit=100)
        assert (found.is_whole, said.kind) == (False, "unreadable")

    def test_nesting(self) -> None:
        deep = "[" * 200 + "]" * 200
        assert "nested deeper" in problem(f'{{"locals": {{"a": {deep}}}}}')[1]

    def test_a_file_of_values_that_is_a_list(self) -> None:
        found, [said] = read_json_values(b"[]", "a", limit=100)
        assert (found.is_whole, said.kind) == (False, "partial")


def test_a_byte_order_mark() -> None:
    found, problems = read_json_body(b'\xef\xbb\xbf{"locals": {}}', "a", limit=100)
    assert problems == []
    assert isinstance(found.blocks[0], Block)
    assert (found.blocks[0].line, found.blocks[0].column) == (1, 2)


# fmt: off
WORDS = st.sampled_from([
    "resource", "aws_s3_bucket", "a", "dynamic", "content", "for_each", "lifecycle", "ignore_changes", "//",
    "variable", "type", "default", "locals", "provider", "validation", "list(", "${", "${var.a}", "$${", "%{for",
])
# fmt: on
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_any_document_can_be_read_to_its_last_value(document: object) -> None:
    text = json.dumps(document).encode()
    for read in (read_json_body, read_json_values):
        found, problems = read(text, "a", limit=100_000)
        assert found.is_whole or problems
        shape(found)
