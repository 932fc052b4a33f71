"""Expressions of HCL. Terraform 1.11 was asked about each form that is refused or read in an unexpected way here."""

from decimal import Decimal

import pytest

from s3audit.collectors.documents.hcl.reader import read_expression, read_hcl
from s3audit.collectors.documents.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Expression,
    For,
    Invalid,
    Literal,
    Object,
    Splat,
    Tuple,
)
from s3audit.collectors.documents.tree import Lines, Node, Scalar
from tests.documents.hcl import place, problem, shown, tree, value


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1", 1),
        ("0123", 123),
        ("1.50", Decimal("1.5")),
        ("1.0", 1),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("1.5e-7", Decimal("1.5e-7")),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("100000000000000000000.5", Decimal("100000000000000000000.5")),
        ("true", True),
        ("false", False),
        ("null", None),
        ('""', ""),
        ('"a b"', "a b"),
        ('"e\u0301"', "\xe9"),
    ],
)
def test_literals(text: str, known: object) -> None:
    found = value(text)
    assert isinstance(found, Literal)
    assert found.value == known
    assert type(found.value) is type(known)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a || b && c", "(a || (b && c))"),
        ("a && b || c", "((a && b) || c)"),
        ("a == b && c != d", "((a == b) && (c != d))"),
        ("a < b == c >= d", "((a < b) == (c >= d))"),
        ("a + b > c - d", "((a + b) > (c - d))"),
        ("a + b * c % d", "(a + ((b * c) % d))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("a == b == c", "((a == b) == c)"),
        ("1 + 2 * 3 == 7 && a || b < c", "((((1 + (2 * 3)) == 7) && a) || (b < c))"),
        ("(a + b) * c", "((a + b) * c)"),
        ("-a.b", "(-a.b)"),
        ("!a == b", "((!a) == b)"),
        ("!!a", "(!(!a))"),
        ("- - 1 - -1", "((-(-1)) - (-1))"),
        ("a-b", "a-b"),
        ("a - b", "(a - b)"),
        ("a -b", "(a - b)"),
        ("1-2", "(1 - 2)"),
        ("5%2", "(5 % 2)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a || b ? c + 1 : d == e", "((a || b) ? (c + 1) : (d == e))"),
        ("true?1:2", "(true ? 1 : 2)"),
        ("trueish", "trueish"),
        ("a1_-b", "a1_-b"),
        ("\xe9t\xe9", "\xe9t\xe9"),
        ("\u0915\u093e", "\u0915\u093e"),
    ],
)
def test_operators(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b.c", "a.b.c"),
        ("a . b", "a.b"),
        ('a["b"].c', "a['b'].c"),
        ("a[0][b.c]", "a[0][b.c]"),
        ("a [0]", "a[0]"),
        ("a[b + 1]", "a[(b + 1)]"),
        ("a.0.b", "a[0].b"),
        ("a.b.0", "a.b[0]"),
        ("a.*.b.c[0].d", "each(a: @.b.c)[0].d"),
        ("a.*.0.b", "each(a: @[0].b)"),
        ("a.*", "each(a: @)"),
        ("a.*[0]", "each(a: @)[0]"),
        ("a[*].b[0].c", "each(a: @.b[0].c)"),
        ("a[*]", "each(a: @)"),
        ("a[ * ].0", "each(a: @[0])"),
        ("a[*].b[*].c", "each(a: each(@.b: @.c))"),
        ("a[*].b.*.c[0]", "each(a: each(@.b: @.c)[0])"),
        ("a.*.b[*].c", "each(each(a: @.b): @.c)"),
        ("f(a)[0].b", "f(a)[0].b"),
        ("[1, 2][0]", "[1, 2][0]"),
        ("{a = 1}.a", "{'a': 1}.a"),
        ('"a".b', "'a'.b"),
        ("(a).b", "a.b"),
        ("null.b", "null.b"),
        ("a.for", "a.for"),
        ("in.if", "in.if"),
        ("f()", "f()"),
        ("f(a, b,)", "f(a, b)"),
        ("f (a...)", "f(a...)"),
        ("f(a, [b]...)", "f(a, [b]...)"),
        ("provider::aws::arn_parse(a)", "provider::aws::arn_parse(a)"),
        ("core :: f (a)", "core::f(a)"),
        ("true()", "true()"),
        ("a[*].b == c", "(each(a: @.b) == c)"),
        ("a.*.b == c", "(each(a: @.b) == c)"),
        ("!a.0 != b", "((!a[0]) != b)"),
    ],
)
def test_references_and_calls(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "[]"),
        ("[a, [b],]", "[a, [b]]"),
        ("{}", "{}"),
        ("{a = 1, b : 2}", "{'a': 1, 'b': 2}"),
        ('{"a": 1,"b":[{"c":null}]}', "{'a': 1, 'b': [{'c': null}]}"),
        ("{\n\na = 1\n\nb = 2,\n\nc = 3 }", "{'a': 1, 'b': 2, 'c': 3}"),
        ("{a = [\n1\n]\n b = {c = 1\n}\n}", "{'a': [1], 'b': {'c': 1}}"),
        ("{(a) = 1, (a.b) = 2, (a).b = 3}", "{a: 1, a.b: 2, a.b: 3}"),
        ('{"${a}" = 1, "${a}b" = 2}', "{<a>: 1, <a 'b'>: 2}"),
        ("{true = 1, null = 2, if = 3, a-b = 4}", "{'true': 1, 'null': 2, 'if': 3, 'a-b': 4}"),
        ("{1 = 2, 1.50 = 3, 1 + 1 = 4}", "{1: 2, 1.50: 3, (1 + 1): 4}"),
        ("{a ? b : c : 1}", "{(a ? b : c): 1}"),
        ("{a = b ? c : d, e = 1}", "{'a': (b ? c : d), 'e': 1}"),
        ("{f(a) = 1, [a][0] = 2, -a = 3}", "{f(a): 1, [a][0]: 2, (-a): 3}"),
        (
            '{a = 1, "for" = 2, for = 3, fort = 4, for-x = 5}',
            "{'a': 1, 'for': 2, 'for': 3, 'fort': 4, 'for-x': 5}",
        ),
        ("{fort = 1}", "{'fort': 1}"),
        ("{\xe9 = 1}", "{'\xe9': 1}"),
        ("[for a in b : a.c]", "(for a in b : a.c)"),
        ("[for i, a in b : a if i > 0]", "(for i, a in b : a if (i > 0))"),
        ("{for a in b : a => c}", "(for a in b : a => c)"),
        ("{for k, a in b : k => a... if a}", "(for k, a in b : k => a... if a)"),
        ("[for a in b ? c : d : a]", "(for a in (b ? c : d) : a)"),
        ("[for for in b : for]", "(for for in b : for)"),
        ("[for if in b : if if if > 0]", "(for if in b : if if (if > 0))"),
        ("[for in in b : in]", "(for in in b : in)"),
        ("[\nfor\na\nin\nb\n:\na\n]", "(for a in b : a)"),
        ("{\nfor a in b\n:\na\n=>\nc\n...\nif\nd\n}", "(for a in b : a => c... if d)"),
        ("[fort]", "[fort]"),
    ],
)
def test_collections(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 # a", "1"),
        ("1 // a", "1"),
        ("1 /* a */", "1"),
        ("/* a */ 1 /* b\n */ + /**/ 2", "(1 + 2)"),
        ("[1, # a ]\n2 // b ]\n, /* ] */ 3]", "[1, 2, 3]"),
        ("{a = 1 # }\n b = 2 // }\n /* } */ c = 3}", "{'a': 1, 'b': 2, 'c': 3}"),
        ("{ # a\n a /* = */ = /* b */ 1 }", "{'a': 1}"),
        ("(\n1\n+ # a\n2\n)", "(1 + 2)"),
        ("(a\n.b\n[0]\n.*\n.c)", "each(a.b[0]: @.c)"),
        ("f(\n\na\n,\nb\n)", "f(a, b)"),
        ("(a\n? b\n: c)", "(a ? b : c)"),
        ("a[\n0\n]", "a[0]"),
        ("[\r\n1,\r\n# a\r\n2\r\n]", "[1, 2]"),
        ("{\r\na = 1\r\nb = 2 # c\r\n}", "{'a': 1, 'b': 2}"),
        ("[\t1\t]", "[1]"),
        ("a / b // c", "(a / b)"),
        ("[a /* b */ / c]", "[(a / c)]"),
        ('"# a // b /* c"', "'# a // b /* c'"),
    ],
)
def test_comments_and_line_breaks(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("1 +", 8, "a value"),
        ("true ?", 11, "a value"),
        ("a ? b", 10, "':' and the value for the case that the condition is false"),
        ("()", 6, "a value"),
        ("(1, 2)", 7, "')'"),
        ("[1 2]", 8, "',' or ']'"),
        ("[1,, 2]", 8, "a value"),
        ("[,]", 6, "a value"),
        ("[1...]", 7, "',' or ']'"),
        ("f(a b)", 9, "',' or ')'"),
        ("f(a..., b)", 11, "')'"),
        ("f(...)", 7, "a value"),
        ("f::(a)", 8, "the name of a function"),
        ("f::g", 9, "'(' and the arguments of the function"),
        ("{a}", 7, "'=' after the key"),
        ("{a = 1 b = 2}", 12, "',', a line break or '}'"),
        ("{a == 1}", 12, "'=' after the key"),
        ("{a => 1}", 8, "'=' after the key"),
        ("{a = 1,, b = 2}", 12, "a value"),
        ("{a =\n1}", 9, "a value"),
        ("[for a, in b : c]", 16, "'in' and the collection to loop over"),
        ("[for a in b]", 16, "':' and the value of each element"),
        ("{for a in b : c}", 20, "'=>' and the value for this key"),
        ("[for a in b : c...]", 20, "']'"),
        ('[for "a" in b : c]', 10, "a name for each element"),
        ("a.", 7, "the name of an attribute"),
        ("a.(b)", 7, "the name of an attribute"),
        ("a..b", 6, "the end of the line after this value"),
        ("a[]", 7, "a value"),
        ("a[*", 8, "']'"),
        ("1 2", 7, "the end of the line after this value"),
        ("a = b", 7, "the end of the line after this value"),
        ("1 => 2", 7, "the end of the line after this value"),
        ("1 & 2", 7, "the end of the line after this value"),
        ("0x10", 6, "the end of the line after this value"),
        ("1e", 6, "the end of the line after this value"),
        ("~1", 5, "a value"),
        (".5", 5, "a value"),
        ("1..2", 6, "the end of the line after this value"),
        ("1.", 7, "the name of an attribute"),
        ("'a'", 5, "a value"),
        ("\u201ca\u201d", 5, "a name or a value"),
        ("a\xa0", 6, "a name or a value"),
        ("a;", 6, "the end of the line after this value"),
        ("[1] # a\n[0]", 0, ""),
    ],
)
def test_what_terraform_refuses(text: str, column: int, expected: str) -> None:
    body, problems = read_hcl(f"x = {text}\ny = 1\n".encode(), "t")
    assert not body.is_whole
    if not expected:
        assert shown(body.attributes["x"].value) == "[1]"
        assert [place(found) for found in problems] == [(2, 1)]
        return
    assert isinstance(body.attributes["x"].value, Invalid)
    assert shown(body.attributes["y"].value) == "1"
    [found] = problems
    assert place(found) == (1, column)
    assert found.kind == "partial"
    assert found.message.startswith(f"Expected {expected}, but ")


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("1.2.3", 5, "'1.2.3' is no number."),
        ("a.0.1", 7, "Terraform takes no two indices after dots: write [0][1]."),
        ("a.*.b.*.c", 11, "A second '.*' can't follow the first: write [*] for both."),
        ("[for a in b : c => d]", 21, "Only a 'for' in braces has keys: write { instead of [."),
        ("1e4001", 5, "The number '1e4001' is too long to be read."),
        ("1e999999999999999999999", 5, "The number '1e999999999999999999999' is too long to be read."),
        ("1 /* a", 7, "The comment that begins here is never closed: add */."),
        ("'a'", 5, 'Expected a value, but found "\'": texts stand in double quotes.'),
    ],
)
def test_what_is_said(text: str, column: int, message: str) -> None:
    found = problem(f"x = {text}\n")
    assert (place(found), found.message) == ((1, column), message)


def test_numbers_of_many_digits() -> None:
    assert tree("1" * 4000) == "1" * 4000
    assert problem(f"x = {'1' * 4001}").message.endswith("is too long to be read.")
    assert problem(f"x = {'1' * 5000}.5").message.endswith("is too long to be read.")


def test_what_is_not_closed_is_named() -> None:
    found = problem("x = f([\n  a,\n  b\n)\n")
    assert place(found) == (4, 1)
    assert found.message == "Expected ',' or ']' for the '[' of line 1, column 7, but found ')'."


@pytest.mark.parametrize("key", ["a.b", "a[0]", 'a["b"]', "a.b[0].c", "a.0"])
def test_a_reference_as_a_key_is_ambiguous(key: str) -> None:
    body, [found] = read_hcl(f"x = {{c = 1, {key} = 2}}\n".encode(), "t")
    assert body.is_whole
    assert shown(body.attributes["x"].value) == "{'c': 1, !the key is ambiguous: 2}"
    assert (place(found), found.at.end_column) == ((1, 13), 13 + len(key))
    assert found.message.startswith("To Terraform this key is ambiguous")


def places(node: Node) -> tuple[int, int, int, int]:
    return node.line, node.column, node.end_line, node.end_column


def inner(node: Expression) -> list[Expression]:
    match node:
        case Tuple(items=items) | Call(arguments=items):
            return list(items)
        case Binary(left=left, right=right):
            return [left, right]
        case Object(items=entries):
            return [part for entry in entries for part in entry]
        case Attribute(of=of):
            return [of]
        case Splat(of=of, each=each):
            return [of, each]
        case For(collection=collection, result=result):
            return [collection, result]
        case _:
            return []


@pytest.mark.parametrize(
    ("text", "whole", "parts"),
    [
        ('"a"', "1:5-1:8", []),
        ("a.b", "1:5-1:8", ["1:5-1:6"]),
        ("f(a,\n  b)", "1:5-2:5", ["1:7-1:8", "2:3-2:4"]),
        ("(a) + b", "1:5-1:12", ["1:5-1:8", "1:11-1:12"]),
        ("[\xe9, \U0001f600a]", None, []),
        ('["\xe9", "\U0001f600", b]', "1:5-1:18", ["1:6-1:9", "1:11-1:14", "1:16-1:17"]),
        ('{\n  a = "b"\r\n  "c" = 1\n}', "1:5-4:2", ["2:3-2:4", "2:7-2:10", "3:3-3:6", "3:9-3:10"]),
        ("a[*].b", "1:5-1:11", ["1:5-1:6", "1:7-1:11"]),
        ("[for a in b : c]", "1:5-1:21", ["1:15-1:16", "1:19-1:20"]),
    ],
)
def test_places(text: str, whole: str | None, parts: list[str]) -> None:
    if whole is None:
        assert place(problem(f"x = {text}")) == (1, 9)
        return
    found = value(text)
    shown_places = ["{}:{}-{}:{}".format(*places(node)) for node in (found, *inner(found))]
    assert shown_places == [whole, *parts]


def test_an_expression_of_its_own() -> None:
    node, problems = read_expression('[\n  1,\n"a${b}"]\n', "var")
    assert (shown(node), problems) == ("[1, <'a' b>]", [])
    assert places(node) == (1, 1, 3, 9)
    assert node.lines.source == "var"
    node, [found] = read_expression("1 2", "var")
    assert (shown(node), found.at.source, place(found)) == (
        "!it is written in a way that can't be read",
        "var",
        (1, 3),
    )
    assert found.message == "Expected nothing after the value, but found '2'."
    node, [found] = read_expression("", "var")
    assert found.message == "Expected a value, but the file ends."


def test_an_expression_in_the_place_of_another_node() -> None:
    at = Scalar(6, 20, Lines("abc\n  some words here", "main.tf.json"), "", "", False, '"')
    node, problems = read_expression("f(a[0].b, {c = [for d in e : d]})...", "main.tf.json", at)
    assert [found.at.line for found in problems] == [2]
    assert [found.at.column for found in problems] == [3]
    node, problems = read_expression("f(a[0].b, {c = [for d in e : d if g]}, [h][*].i)", "main.tf.json", at)
    assert problems == []
    assert shown(node) == "f(a[0].b, {'c': (for d in e : d if g)}, each([h]: @.i))"
    left: list[Expression] = [node]
    seen = 0
    while left:
        part = left.pop()
        assert (part.start, part.end, part.lines) == (6, 20, at.lines)
        left.extend(inner(part))
        seen += 1
    assert seen == 13


def test_only_providers_are_named_by_references() -> None:
    body, problems = read_hcl(
        b'module "a" {\n  providers = { aws.west = aws, aws = aws.b }\n  c = { d.e = 1 }\n}\n', "t"
    )
    [module] = body.blocks
    assert shown(module.body.attributes["providers"].value) == "{aws.west: aws, 'aws': aws.b}"
    assert shown(module.body.attributes["c"].value) == "{!the key is ambiguous: 1}"
    assert [place(found) for found in problems] == [(3, 9)]
