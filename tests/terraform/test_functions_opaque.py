"""What functions say of values that are not wholly known, and what they keep of values that are."""

import pytest

from s3audit.collectors.documents.resolved import Encoded
from s3audit.collectors.documents.tree import Lines, Mapping, Node, Sequence
from s3audit.collectors.terraform.language.convert import literal, text_of
from s3audit.collectors.terraform.language.functions import call
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    SetOf,
    from_file,
    mapping,
    opaque,
    sequence,
)
from s3audit.text import Opaque, Text
from tests.terraform.agreement import is_open
from tests.terraform.calls import FILES, HERE, Folder, data_of, items_of, of, outcome, refusal, told, why


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('join("/", ["arn:aws:s3:::b", name, "*"])', "arn:aws:s3:::b/${name}/*"),
        ('join(sep, ["a", "b"])', "a${sep}b"),
        ('join("", [name])', "${name}"),
        ('format("arn:aws:s3:::%s/*", name)', "arn:aws:s3:::${name}/*"),
        ('format("%s-%[1]s", "x-${name}")', "x-${name}-x-${name}"),
        ('format("%v", "a${name}")', "a${name}"),
        ('format("<%v>", name)', '<${format("%v", ${name})}>'),
        ('format("%5s", name)', '${format("%5s", ${name})}'),
        ('format("%d", name)', '${format("%d", ${name})}'),
        ("lower(name)", "${lower(${name})}"),
        ('lower("A${name}B")', "a${lower(${name})}b"),
        ('upper("a-${name}")', "A-${upper(${name})}"),
        ('indent(2, "a\\n${name}\\nb")', "a\n  ${indent(2, ${name})}\n  b"),
        ('trimprefix("ab-${name}", "ab-")', "${name}"),
        ('trimprefix("ab-${name}", "x")', "ab-${name}"),
        ('trimprefix("a${name}", "ab")', '${trimprefix("a${name}", "ab")}'),
        ('trimsuffix("${name}.s3", ".s3")', "${name}"),
        ('trimsuffix("${name}.s3", ".s4")', "${name}.s3"),
        ('trimsuffix(name, "x")', '${trimsuffix(${name}, "x")}'),
        ('trimsuffix(name, "")', "${name}"),
        ('trimspace("  a ${name} b ")', "a ${name} b"),
        ('trimspace("a ${name}")', '${trimspace("a ${name}")}'),
        ('trimspace(" ${name} b")', '${trimspace(" ${name} b")}'),
        ('chomp("${name}\\nb\\n")', "${name}\nb"),
        ('chomp("${name}\\n")', '${chomp("${name}\n")}'),
        ('trim("xx${name}xy", "x")', '${trim("xx${name}xy", "x")}'),
        ('trim("xa${name}yx", "x")', "a${name}y"),
        ('replace(name, "-", "_")', '${replace(${name}, "-", "_")}'),
        ('substr("abcdef${name}", 1, 3)', "bcd"),
        ('substr("abc${name}", 1, 2)', '${substr("abc${name}", "1", "2")}'),
        ("sha256(name)", "${sha256(${name})}"),
        ('base64encode("a\\"${name}")', '${base64encode("a\\"${name}")}'),
        ("base64gzip(name)", "${base64gzip(${name})}"),
        ('abspath("a")', '${abspath("a")}'),
        ('abspath("/a/../${name}")', '${abspath("/a/../${name}")}'),
        ('pathexpand("~/a")', '${pathexpand("~/a")}'),
        ('basename(abspath("a"))', '${basename(${abspath("a")})}'),
        ("cidrsubnet(name, 8, 1)", '${cidrsubnet(${name}, "8", "1")}'),
        ("tostring(name)", "${name}"),
        ('coalesce("", "x${name}")', "x${name}"),
        ('try("x${name}", "y")', "x${name}"),
        ("element([name], 7)", "${name}"),
        ('one(["x-${name}"])', "x-${name}"),
        ('lookup({ a = 1 }, "b${name}", "none")', "none"),
        ("nonsensitive(name)", "${name}"),
        ('sensitive("x")', "${(sensitive value)}"),
        (
            'provider::aws::arn_build("aws", "s3", "", "", "${name}/*")',
            "arn:aws:s3:::${name}/*",
        ),
        ('jsonencode({ b = "x-${name}", a = [1, true, null] })', '{"a":[1,true,null],"b":"x-${name}"}'),
        ('jsonencode("a\\"${name}<")', '"a\\"${name}\\u003c"'),
        ('yamlencode({ a = "x-${name}" })', '${yamlencode({"a":"x-${name}"})}'),
    ],
)  # fmt: skip
def test_a_text_keeps_what_is_known_of_it(expression: str, expected: str) -> None:
    assert told(outcome(expression)) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("length(name)", "the length of ${name} is not known"),
        ('split("/", "a/${name}")', "it is a/${name}"),
        ('startswith(name, "a")', "${name} is not known"),
        ('strcontains("a${name}", "b")', "a${name} is not known"),
        ("coalesce(name, 1)", "whether ${name} is empty is not known"),
        ("compact([name])", "whether ${name} is empty is not known"),
        ('contains(["a"], name)', "it is ${name}"),
        ('lookup({ ab = 1 }, "a${name}", 2)', "which element is meant by a${name} is not known"),
        ('sort(["a", name])', "it is sorted, and ${name} is not known"),
        ('toset(["a", name])', "it is ${name}"),
        ("flatten([name, [1]])", "it is ${name}"),
        ("concat(name, [1])", "it is ${name}"),
        ('regex("a", name)', "it is ${name}"),
        ('jsondecode("{${name}}")', "it is {${name}}"),
        ("timestamp()", "timestamp() has a new value at each run"),
        ("uuid()", "uuid() has a new value at each run"),
        ('bcrypt("a")', "bcrypt() has a new value at each run"),
        ('issensitive("a")', "what is sensitive is not traced"),
        ("merge({ a = 1 }, unknown)", "nobody knows"),
        ('join("-", ["a", unknown])', "nobody knows"),
        ('format("%s", unknown)', "nobody knows"),
        ("can(unknown)", "nobody knows"),
        ("try(unknown, 1)", "nobody knows"),
        ("can([1, unknown])", "nobody knows"),
    ],
)
def test_what_hangs_on_an_opaque_part_is_not_told(expression: str, reason: str) -> None:
    assert why(outcome(expression)) == reason


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('startswith("a${name}", "a")', True),
        ('startswith("b${name}", "a")', False),
        ('endswith("${name}/*", "/*")', True),
        ('endswith("${name}/*", "?")', False),
        ('strcontains("a/${name}", "/")', True),
        ('contains(["a${name}", unknown, "b"], "b")', True),
        ('contains(["a${name}"], "b")', False),
        ("anytrue([unknown, true])", True),
        ("alltrue([unknown, false])", False),
        ("can({ a = name })", True),
        ("can([[1], [2][5]])", False),
    ],
)
def test_what_is_known_decides_where_it_can(expression: str, expected: bool) -> None:
    value = outcome(expression)
    assert isinstance(value, Primitive)
    assert value.data is expected


def test_equal_calls_of_opaque_texts_are_equal_and_others_are_not() -> None:
    one, same, other = (text_of(outcome(f"sha256({argument})")) for argument in ("name", "name", "names"))
    assert one == same != other


def test_a_call_of_what_is_given_is_given() -> None:
    known = opaque(HERE, "var.x", given=True)
    made = text_of(call("lower", [known], HERE, Folder()))
    assert made == Text((Opaque("lower(${var.x})", given=True),))


def test_names_of_different_resources_make_a_set() -> None:
    names = [
        opaque(HERE, f"aws_s3_bucket.{name}.id", resource=f"aws_s3_bucket.{name}") for name in ("b", "a", "b")
    ]
    made = call("toset", [sequence(HERE, names)], HERE, Folder())
    assert isinstance(made, SetOf)
    assert sorted(map(told, made.items)) == ["${aws_s3_bucket.a.id}", "${aws_s3_bucket.b.id}"]
    assert is_open(call("tolist", [made], HERE, Folder()))  # in which order they come is not known
    assert told(call("coalesce", [names[0], of("x")], HERE, Folder())) == "${aws_s3_bucket.b.id}"
    assert len(items_of(call("compact", [sequence(HERE, names)], HERE, Folder()))) == 3


def test_unknown_elements_stay_where_the_rest_can_be_told() -> None:
    made = outcome('concat(["a", unknown], ["b"])')
    assert isinstance(made, Sequence)
    assert [getattr(item, "data", "?") for item in made.items] == ["a", "?", "b"]
    rows = outcome('formatlist("%s-%s", ["a", "b"], unknown)')
    assert isinstance(rows, Sequence)
    assert list(map(why, rows.items)) == ["nobody knows"] * 2
    found = outcome("merge({ a = unknown, b = 1 }, { a = 2 })")
    assert isinstance(found, Mapping)
    assert {name: getattr(entry.value, "data", "?") for name, entry in found.entries.items()} == {
        "a": 2,
        "b": 1,
    }


# What only a list or only a tuple does stays open, since they are not told apart.


def test_numbers_beside_texts_are_left_open_where_lists_would_turn_them() -> None:
    made = outcome('concat([1], ["a"], [true])')
    assert isinstance(made, Sequence)
    assert [is_open(item) for item in made.items] == [True, False, True]
    mixed = outcome('concat([1, "b"], ["a"])')  # the first can only be a tuple
    assert isinstance(mixed, Sequence)
    assert not is_open(mixed)


def test_a_default_keeps_its_type() -> None:
    # A map of texts would make "2" of it: there it is used as a text anyway.
    made = outcome('lookup(tomap({ a = "1" }), "b", 2)')
    assert isinstance(made, Primitive)
    assert made.data == 2


# Encodings.


def test_an_encoding_keeps_its_value_and_the_places_in_it() -> None:
    lines = Lines('policy = jsonencode({ Action = "s3:*" })\n', "main.tf")
    action = Primitive.of(Node(31, 37, lines), "s3:*")
    made = call("jsonencode", [mapping(Node(20, 39, lines), {"Action": action})], HERE, Folder())
    assert isinstance(made, Encoded)
    assert literal(made) == '{"Action":"s3:*"}'
    back = call("jsondecode", [made], HERE, Folder())
    assert isinstance(back, Mapping)
    assert back.entries["Action"].value is action


def test_an_encoding_of_what_is_not_told_is_like_no_other() -> None:
    one, other = (outcome('jsonencode({ a = unknown, b = "x" })') for _ in range(2))
    assert isinstance(one, Encoded)
    assert isinstance(other, Encoded)
    assert told(one) == '{"a":${nobody knows},"b":"x"}'
    assert one.text == one.text != other.text
    assert why(call("md5", [one], HERE, Folder())) == "nobody knows"
    assert why(call("join", [of(""), sequence(HERE, [one])], HERE, Folder())) == "nobody knows"
    assert isinstance(call("jsondecode", [one], HERE, Folder()), Mapping)
    assert not is_open(call("nonsensitive", [of(1)], HERE, Folder()))
    assert told(outcome("yamlencode({ a = unknown })")) == "${nobody knows}"


def test_decoding_makes_a_list_of_a_set() -> None:
    made = outcome('jsondecode(jsonencode({ a = toset(["b", "a"]) }))')
    assert isinstance(made, Mapping)
    inner = made.entries["a"].value
    assert type(inner) is Sequence
    assert [literal(item) for item in inner.items] == ["a", "b"]


def test_pieces_of_a_document_are_kept_through_join_and_format() -> None:
    document = from_file(HERE, '{"Version": 1}', "policy.json")
    for made in (
        call("join", [of("\n"), sequence(HERE, [document])], HERE, Folder()),
        call("format", [of("%s\n"), document], HERE, Folder()),
    ):
        assert document in made.pieces  # type: ignore[attr-defined]


# Secrets.


def test_secrets_are_hidden_and_like_no_other() -> None:
    hidden = outcome('sensitive({ a = "x", b = ["x", 1], c = toset(["x"]) })')
    assert isinstance(hidden, Mapping)
    first, second = hidden.entries["a"].value, hidden.entries["b"].value
    assert isinstance(second, Sequence)
    assert told(first) == told(second.items[0]) == "${(sensitive value)}"
    assert text_of(first) != text_of(second.items[0])
    assert data_of(second.items[1]) == 1
    assert isinstance(hidden.entries["c"].value, SetOf)
    assert data_of(outcome('issensitive(sensitive("x"))')) is True


# Files.


def test_files_are_read_through_the_context() -> None:
    assert told(outcome('file("hello.txt")')) == "hello"
    assert told(outcome('filemd5("hello.txt")')) == "5d41402abc4b2a76b9719d911017c592"
    assert refusal(outcome('file("none")')) == "file(): there is no file none"
    made = outcome('fileset(".", "*.t*")')
    assert isinstance(made, SetOf)
    assert list(map(literal, made.items)) == ["hello.txt", "page.tftpl"]
    assert why(outcome('fileset("elsewhere", "*")')) == "elsewhere is outside of what is scanned"
    assert why(outcome("file(name)")) == "it is ${name}"


def test_templates_are_rendered_by_the_context_with_these_variables_and_no_others() -> None:
    context = Folder()
    variables = mapping(HERE, {"x": of(1)})
    assert told(call("templatefile", [of("page.tftpl"), variables], HERE, context)) == "rendered"
    assert told(call("templatestring", [of("a"), variables], HERE, context)) == "rendered"
    given_first, given_second = context.rendered
    assert given_first[:2] == (FILES["page.tftpl"].decode(), "page.tftpl")
    assert given_second[:2] == ("a", "")
    assert list(given_first[2]) == ["x"]
    bad = mapping(HERE, {"a b": of(1)})
    assert "can't be the name" in refusal(call("templatefile", [of("page.tftpl"), bad], HERE, context))


# The functions of the AWS provider, which need it to be compared.


def test_arns_are_taken_apart_and_put_together() -> None:
    parsed = outcome('provider::aws::arn_parse("arn:aws:iam::123456789012:role/a/b:c")')
    assert isinstance(parsed, Mapping)
    assert {name: literal(entry.value) for name, entry in parsed.entries.items()} == {
        "partition": "aws",
        "service": "iam",
        "region": "",
        "account_id": "123456789012",
        "resource": "role/a/b:c",
    }
    assert told(outcome('provider::aws::arn_build("aws", "s3", "", "", "b/*")')) == "arn:aws:s3:::b/*"
    trimmed = outcome('provider::aws::trim_iam_role_path("arn:aws:iam::123456789012:role/a/b/c")')
    assert told(trimmed) == "arn:aws:iam::123456789012:role/c"
    for wrong in ('arn_parse("arn:aws:s3")', 'arn_parse("x")', 'trim_iam_role_path("arn:aws:s3:::role/x")'):
        assert isinstance(outcome(f"provider::aws::{wrong}"), Failed)
