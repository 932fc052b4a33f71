"""Where the parts of a policy stand that is written as text."""

import json
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.documents.policy import PolicyReader
from s3audit.collectors.documents.resolved import Resolved, Undecided
from s3audit.collectors.documents.tree import NO_LINES, Node
from s3audit.collectors.terraform.language.values import Primitive
from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.policy.language import Statement
from s3audit.setting import Known, Unknown
from tests.terraform.folder import Folder
from tests.terraform.policies import (
    Place,
    document_of,
    only,
    place,
    policy_of,
    statements_of,
    value_of,
    words,
)

BEFORE = 'variable "open" { type = string }\nvariable "told" { default = "b" }\n'


def written(text: str, **files: str) -> Folder:
    """A module with a local value, from line 3 on."""
    return Folder({"main.tf": f"{BEFORE}locals {{\n  policy = {text}\n}}\n", **files})


def places(found: Folder, expression: str = "local.policy") -> dict[str, Place]:
    """The places of the elements of the only statement."""
    read = only(found, expression)
    (action,), (resource,) = value_of(read.actions), value_of(read.resources)
    assert isinstance(action, Known)
    assert isinstance(resource, Known)
    return {
        "statement": place(found, read.at),
        "action": place(found, action.at),
        "resource": place(found, resource.at),
    }


QUOTED = (
    r'"{\"Statement\": [{\"Sid\": \"\u00e9\U0001F600\\n\", \"Action\": \"$${a}\",\n\t'
    r'\"Resource\": \"${var.told}/%%{*\"}]}"'
)


def test_a_text_in_quotes() -> None:
    found = written(QUOTED)
    assert places(found) == {
        "statement": Place(4, 31, r"\"Sid\""),
        "action": Place(4, 77, r"\"$${a}\""),
        "resource": Place(4, 105, r"\"${var.told}/%%{*\""),
    }
    read = only(found, "local.policy")
    assert words(read.actions) == ["${a}"]
    assert words(read.resources) == ["b/%{*"]
    # The same without anything to evaluate.
    assert places(written(QUOTED.replace("${var.told}", "b")))["resource"] == Place(4, 105, r"\"b/%%{*\"")


@pytest.mark.parametrize("opening", ["<<EOT", "<<-EOT"])
@pytest.mark.parametrize("name", ["${var.open}", "${ var.told }", "${var.told}${var.open}", "plain"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_heredoc(opening: str, name: str, newline: str) -> None:
    lines = [
        opening,
        "    {",
        '      "Version": "2012-10-17",',
        '      "Statement": [',
        "        {",
        f'          "Sid": "{name}", "Effect": "Deny",',
        '          "Action": "s3:$${x}*",',
        f'          "Resource":   "arn:aws:s3:::{name}/$${{aws:username}}/*"',
        "        }",
        "      ]",
        "    }",
        "  EOT",
    ]
    assert places(written(newline.join(lines))) == {
        "statement": Place(9, 11, '"Sid"'),
        "action": Place(10, 21, '"s3:$${x}*"'),
        "resource": Place(11, 25, f'"arn:aws:s3:::{name}/$${{aws:username}}/*"'),
    }


def test_what_white_space_was_taken_from() -> None:
    found = written(
        "<<-EOT\n"
        '\t{"Statement": [\n'
        '\t    %{~ if var.told == "b" ~}\n'
        '\t      {"Sid": "${~ var.open ~}  x",\n'
        "\t    %{~ else ~}\n"
        '\t      {"Sid": "not this",\n'
        "\t    %{~ endif ~}\n"
        '\n\t  "Action": "${"  "~}   a",   "Resource": "*"}\n'
        "\t]}\n"
        "EOT"
    )
    assert places(found) == {
        "statement": Place(7, 9, '"Sid"'),
        "action": Place(12, 14, '"${"  "~}   a"'),
        "resource": Place(12, 44, '"*"'),
    }
    assert words(only(found, "local.policy").actions) == ["  a"]


def test_what_is_repeated_stands_where_it_is_written_once() -> None:
    found = written(
        '<<EOT\n{"Statement": [\n%{ for name in ["a", "b"] ~}\n'
        '  {"Sid": "${name}", "Action": "s3:*", "Resource": "${name}"},\n'
        '%{ endfor ~}\n  {"Sid": "last", "Action": "x", "Resource": "y"}]}\nEOT'
    )
    read = [one for one in statements_of(policy_of(found, "local.policy")) if isinstance(one, Statement)]
    assert [words(one.resources) for one in read] == [["a"], ["b"], ["y"]]
    assert [place(found, one.at) for one in read] == [
        Place(7, 4, '"Sid"'),
        Place(7, 4, '"Sid"'),
        Place(9, 4, '"Sid"'),
    ]


STATEMENT = '{"Sid": "x", "Action": "${var.open}", "Resource": "*"}'


def test_a_text_in_a_text_is_found_in_its_own_file() -> None:
    found = Folder(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  statement = <<EOT\n\n   {"Sid": "x", "Action": "a", '
            '"Resource": "${"*"}"}\nEOT\n}\n',
            "m/main.tf": 'variable "statement" {}\n'
            'output "policy" {\n  value = "{\\"Statement\\":[${var.statement}]}"\n}\n',
        }
    )
    assert places(found, "module.m.policy") == {
        "statement": Place(5, 5, '"Sid"'),
        "action": Place(5, 27, '"a"'),
        "resource": Place(5, 44, '"${"*"}"'),
    }


def test_what_is_encoded_into_a_text_keeps_its_places() -> None:
    found = written(
        '<<EOT\n{"Statement": ${jsonencode([\n  { Sid = "x", Action = var.open, Resource = [\n    "*"] },\n])}}\nEOT'
    )
    assert places(found) == {
        "statement": Place(6, 5, "Sid"),
        "action": Place(6, 25, "var.open"),
        "resource": Place(7, 5, '"*"'),
    }


def test_what_is_encoded_inside_of_quotes_is_only_text() -> None:
    found = written(
        '<<EOT\n{"Statement": [{"Sid": "${jsonencode(1)}", "Action": "${jsonencode(true)}x", "Resource": "*"}]}\nEOT'
    )
    assert words(only(found, "local.policy").actions) == ["truex"]
    assert places(found)["action"] == Place(5, 54, '"${jsonencode(true)}x"')


def test_a_file_is_shown_and_not_its_name() -> None:
    text = '{\n  "Statement": [\n    {"Sid": "é", "Action": "a", "Resource": "*"}\n]}\n'
    found = written('file("policies/a.json")', **{"policies/a.json": text})
    assert places(found) == {
        "statement": Place(3, 6, '"Sid"', "policies/a.json"),
        "action": Place(3, 28, '"a"', "policies/a.json"),
        "resource": Place(3, 45, '"*"', "policies/a.json"),
    }


def test_a_template_file_is_shown_and_not_its_name() -> None:
    text = '{"Statement": [\n  ${statement},\n  {"Sid": "own", "Action": "${action}", "Resource": "*"}\n]}\n'
    found = written(
        'templatefile("a.tpl", {\n    action = "b"\n    statement = jsonencode({ Sid = "given" })\n  })',
        **{"a.tpl": text},
    )
    given, own = statements_of(policy_of(found, "local.policy"))
    assert isinstance(given, Statement)
    assert isinstance(own, Statement)
    assert place(found, given.at) == Place(6, 30, "Sid")
    assert place(found, own.at) == Place(3, 4, '"Sid"', "a.tpl")
    (action,) = value_of(own.actions)
    assert isinstance(action, Known)
    assert place(found, action.at) == Place(3, 28, '"${action}"', "a.tpl")


def test_a_text_in_the_json_syntax() -> None:
    policy = (
        r'"{\"Statement\": [{\"Sid\": \"\u00e9\", \"Action\": \"${var.x}\", \"Resource\": \"b/$${x}\"}]}"'
    )
    text = f'{{"variable": {{"x": {{"default": "a"}}}},\n "locals": {{"policy": {policy}}}}}'
    found = Folder({"main.tf.json": text})
    read = only(found, "local.policy")
    assert words(read.resources) == ["b/${x}"]
    (action,), (resource,) = value_of(read.actions), value_of(read.resources)
    assert isinstance(action, Known)
    assert isinstance(resource, Known)
    assert [place(found, at) for at in (read.at, action.at, resource.at)] == [
        Place(2, 42, r"\"Sid\"", "main.tf.json"),
        Place(2, 75, r"\"${var.x}\"", "main.tf.json"),
        Place(2, 103, r"\"b/$${x}\"", "main.tf.json"),
    ]


def test_what_was_changed_on_the_way_stands_where_that_happens() -> None:
    found = written(
        'replace(<<EOT\n{"Statement": [{"Sid": "x", "Action": "A", "Resource": "*"}]}\nEOT\n, "A", "a")'
    )
    assert set(places(found).values()) == {Place(4, 12, "replace(<<EOT")}


def test_a_source_without_lines_has_none() -> None:
    text = Primitive.of(Node(0, 0, NO_LINES), '{"Statement": [{"Action": "a"}]}')
    read = PolicyReader("plan.json", _Literal()).read(text, Location("plan.json", "p"))
    assert set(_leaves(read)) == {Location("plan.json", "p.Statement[0].Action")}


class _Literal:
    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


OPEN = "variable `open` has no default; pass --var-file"


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (
            '{"Statement": [{}, ${var.open}]}',
            f"it is ${{var.open}}, which the input does not tell: {OPEN}",
        ),
        (
            '{"Statement": [{}, 1${var.open}]}',
            f"it is ${{var.open}}, which the input does not tell: {OPEN}",
        ),
        (
            '{"Statement": [{}, ${length(split("a", uuid()))}]}',
            'it is ${length(split("a", uuid()))}, which the input does not tell: uuid() has a new value at each run',
        ),
        (
            '{"Statement": [{}, {"Condition": {"${var.open}": {"a": "b"}}}]}',
            "it has a key ${var.open}, which the input does not tell",
        ),
    ],
)
def test_what_is_open_in_a_text_stays_so(policy: str, why: str) -> None:
    read = document_of(written(f"<<EOT\n{policy}\nEOT"), "local.policy")
    assert [one.why for one in _gaps(read)] == [why]


def test_a_word_that_can_not_be_told_leaves_the_others() -> None:
    found = written('<<EOT\n{"Statement": [{"Sid": "x", "Action": "a${uuid()}b", "Resource": "*"}]}\nEOT')
    assert words(only(found, "local.policy").actions) == ["a${uuid()}b"]
    assert places(found)["action"] == Place(5, 39, '"a${uuid()}b"')
    refused = policy_of(written('<<EOT\n{"Statement": [{"Sid": "${[]}"}]}\nEOT'), "local.policy")
    assert isinstance(refused.statements, Unknown)


@pytest.mark.parametrize("call", ["trimspace", "chomp"])
def test_white_space_around_a_document_is_no_part_of_it(call: str) -> None:
    assert isinstance(written(f"{call}()").value("local.policy"), Undecided)
    document = '<<-EOT\n\n    {"Statement": [{"Sid": "x", "Action": "a", "Resource": "NAME"}]}\n  EOT\n'
    for name in ("${var.open}", "plain"):
        found = written(f"{call}({document.replace('NAME', name)})")
        assert places(found)["resource"] == Place(6, 60, f'"{name}"')


def test_a_policy_that_is_not_known_at_all() -> None:
    found = written('"${var.open}"')
    statements = policy_of(found, "local.policy").statements
    assert isinstance(statements, Unknown)
    assert statements.why == (
        "it is ${var.open}, which the input does not tell: variable `open` has no default; pass --var-file"
    )


def test_an_error_names_what_stands_there() -> None:
    statements = policy_of(written('<<EOT\n{"Statement" ${var.open}}\nEOT'), "local.policy").statements
    assert isinstance(statements, Unknown)
    assert "found" in statements.why
    assert "\U000f0000" not in statements.why


def _gaps(value: Value) -> list[Unknown]:
    match value:
        case Unknown():
            return [value]
        case Object(members=members):
            return [gap for member in members for gap in _gaps(member.value)]
        case Array(items=items):
            return [gap for item in items for gap in _gaps(item)]
        case Leaf():
            return []


def _leaves(value: Value) -> dict[Location, object]:
    """Each word of a document by its place."""
    match value:
        case Object(members=members):
            return {at: leaf for member in members for at, leaf in _leaves(member.value).items()}
        case Array(items=items):
            return {at: leaf for item in items for at, leaf in _leaves(item).items()}
        case Leaf(value=leaf, at=at):
            return {at: leaf}
        case Unknown():
            return {}


LETTERS = st.text(string.ascii_letters + ' ${}%"\\é\U0001f600~@', max_size=8).map(
    lambda made: re.sub(r"\$+@", "@", made)
)
DOCUMENTS = st.recursive(
    LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=12,
).filter(lambda made: isinstance(made, dict))


@given(DOCUMENTS, st.sampled_from([None, 1, 4]), st.sampled_from(["quoted", "<<EOT", "<<-EOT"]))
def test_every_word_of_every_document_is_shown_as_it_is_written(
    data: object, indent: int | None, style: str
) -> None:
    """A word may hold a part to evaluate, for which there is an `@`."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    escaped = text.replace("${", "$${").replace("%{", "%%{")
    if style == "quoted":
        escaped = escaped.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = escaped.replace("@", "${var.open}")
    lines = "".join(f"      {line}\n" for line in escaped.split("\n"))
    found = written(f'"{escaped}"' if style == "quoted" else f"{style}\n{lines}  EOT")
    for at, leaf in _leaves(document_of(found, "local.policy")).items():
        shown = place(found, at).written
        if style == "quoted":
            shown = shown.replace('\\"', '"').replace("\\\\", "\\")
        assert json.loads(shown.replace("$${", "${").replace("%%{", "%{")) == str(leaf)
