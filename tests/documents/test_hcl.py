"""Files of HCL: blocks, attributes, their places, and what is kept of a file with mistakes in it."""

import gc
import subprocess
import sys

import pytest

from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.hcl.syntax import Block, Body
from s3audit.collectors.documents.tree import location
from tests.documents.hcl import body, place, problem, shown, value

FILE = """\
# The bucket.
resource "aws_s3_bucket" "logs" { // of the access logs
  bucket = "logs"

  lifecycle_rule {
    enabled = true
    expiration { days = 30 }
  }
  tags = {
    Name = "é"
  }
}

locals { count = 1 }
/* nothing */ moved {} # yet
x = 1
"""


def outline(found: Body) -> list[object]:
    """Names with the texts of their values, and blocks with what they hold."""
    return [
        *(f"{name} = {shown(written.value)}" for name, written in found.attributes.items()),
        *((block.type, *block.labels, outline(block.body)) for block in found.blocks),
    ]


def test_a_file() -> None:
    found = body(FILE)
    assert outline(found) == [
        "x = 1",
        (
            "resource",
            "aws_s3_bucket",
            "logs",
            [
                "bucket = 'logs'",
                "tags = {'Name': 'é'}",
                ("lifecycle_rule", ["enabled = true", ("expiration", ["days = 30"])]),
            ],
        ),
        ("locals", ["count = 1"]),
        ("moved", []),
    ]


def test_places() -> None:
    found = body(FILE)
    resource, _, moved = found.blocks
    [rule] = resource.body.blocks
    [expiration] = rule.body.blocks
    blocks = [(at.line, at.column, at.end_line, at.end_column) for at in (resource, rule, expiration, moved)]
    assert blocks == [(2, 1, 2, 32), (5, 3, 5, 17), (7, 5, 7, 15), (15, 15, 15, 20)]
    bucket = resource.body.attributes["bucket"]
    assert (bucket.key.line, bucket.key.column, bucket.key.end_column) == (3, 3, 9)
    assert (bucket.value.line, bucket.value.column, bucket.value.end_column) == (3, 12, 18)
    assert str(location(bucket.value, "elsewhere")) == "t:3:12"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_and_line_breaks_do_not_move_places(mark: bytes, newline: str) -> None:
    found, problems = read_hcl(mark + FILE.replace("\n", newline).encode(), "t")
    assert problems == []
    assert outline(found) == outline(body(FILE))
    resource = found.blocks[0]
    tags = resource.body.attributes["tags"].value
    assert (resource.line, resource.column, tags.line, tags.column, tags.end_line) == (2, 1, 9, 10, 11)


@pytest.mark.parametrize(
    ("header", "labels", "end"),
    [
        ("a {}", (), 2),
        ('a "b" {}', ("b",), 6),
        ('a b "c"{}', ("b", "c"), 8),
        ('a "b\\"c" "\\u0041" {}', ('b"c', "A"), 18),
        ('a "$${b}" "50%" {}', ("${b}", "50%"), 16),
        ('a /* "x" */ "b" /* c */ {}', ("b",), 16),
        ('a "" {}', ("",), 5),
    ],
)
def test_headers(header: str, labels: tuple[str, ...], end: int) -> None:
    [block] = body(header).blocks
    assert (block.type, block.labels, block.column, block.end_column) == ("a", labels, 1, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# a",
        "//a",
        "/* a */",
        "#\r\n",
        "a = 1",
        "a=1",
        "a\t=\t1\r\n",
        "a /* b */ = 1",
        "a { }",
        "a {\n}\n\n\n",
        "a { /* b */\n b = 1\n}",
        "a { b = [\n1\n] }",
        "a { # b\n}",
        "a {} /*\n*/",
        "a-b = 1\n_a = 1\n\u00e9 = 1\n\u0915\u093e = 1\nx\u203f = 1\n",
        "for = 1\nif = 2\nnull = 3\n",
    ],
)
def test_what_terraform_takes(text: str) -> None:
    assert body(text).is_whole


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a", (1, 2), "Expected '=' or '{' after 'a', but the file ends."),
        ("a\n= 1", (1, 2), "Expected '=' or '{' after 'a', but the line ends."),
        ("a.b = 1", (1, 2), "Expected '=' or '{' after 'a', but found '.'."),
        ("a[0] = 1", (1, 2), "Expected '=' or '{' after 'a', but found '['."),
        ("a : 1", (1, 3), "Expected '=' or '{' after 'a', but found ':'."),
        ("a b c", (1, 1), "Expected labels and '{' after 'a', all on this line."),
        ('a "b"\n{}', (1, 1), "Expected labels and '{' after 'a', all on this line."),
        ("a 'b' {}", (1, 1), "Expected labels and '{' after 'a', all on this line."),
        (
            'a "${b}" {}',
            (1, 3),
            "A label can't hold ${...} or %{...}: write $${ for the characters themselves.",
        ),
        ('"a" = 1', (1, 1), "The name of an attribute stands without quotes: remove them."),
        ("1a = 1", (1, 1), "Expected an attribute or a block, but found '1a'."),
        ("x\u00b2 = 1", (1, 1), "Expected an attribute or a block, but found 'x²'."),
        ("\u2026 = 1", (1, 1), "Expected an attribute or a block, but found '…'."),
        ("/* a", (1, 1), "The comment that begins here is never closed: add */."),
        ("%PDF-1.4", (1, 1), "Expected an attribute or a block, but found '%'."),
        ('{"a": 1}', (1, 1), "Expected an attribute or a block, but found '{'."),
    ],
)
def test_a_file_that_is_something_else(text: str, where: tuple[int, int], message: str) -> None:
    found, [problem] = read_hcl(text.encode(), "t")
    assert (found.attributes, found.blocks, found.is_whole) == ({}, [], False)
    assert (place(problem), problem.kind, problem.message) == (
        where,
        "unreadable",
        f"This is not HCL. {message}",
    )


@pytest.mark.parametrize(
    ("text", "where", "message", "kept"),
    [
        ("a = 1,\nb = 2", (1, 6), "No comma can stand after an attribute: remove it.", ["a = 1", "b = 2"]),
        (
            "a {\n b = 1 }\nc = 2",
            (2, 8),
            "Terraform wants a line break before this '}': add it.",
            ["c = 2", ("a", ["b = 1"])],
        ),
        (
            "a {\n b {\n }}\nc = 2",
            (3, 2),
            "Terraform wants a line break after this '}': add it.",
            ["c = 2", ("a", [("b", [])])],
        ),
        ("a {} b {}", (1, 4), "Terraform wants a line break after this '}': add it.", [("a", []), ("b", [])]),
        ("a = 1\n}\nb = 2", (2, 1), "This '}' closes nothing: remove it.", ["a = 1", "b = 2"]),
        (
            "a { b = 1\n}",
            (1, 10),
            "A block on one line holds a single attribute: write each on a line of its own.",
            [("a", ["b = 1"])],
        ),
        (
            "a { b {} }",
            (1, 5),
            "A block on one line holds a single attribute: write each on a line of its own.",
            [("a", [("b", [])])],
        ),
    ],
)
def test_what_can_only_mean_one_thing_is_kept(
    text: str, where: tuple[int, int], message: str, kept: list[object]
) -> None:
    found, problems = read_hcl(text.encode(), "t")
    assert outline(found) == kept
    assert (place(problems[0]), problems[0].kind, problems[0].message) == (where, "partial", message)


WRONG = "!it is written in a way that can't be read"
TWICE = "!it is written twice, with different values"


def test_a_mistake_costs_its_own_attribute() -> None:
    found, [first, second] = read_hcl(b"a {\n  b = 1 +\n  c = 2\n}\nd {\n  e = [1 2]\n}\nf = 1\n", "t")
    assert outline(found) == ["f = 1", ("a", [f"b = {WRONG}", "c = 2"]), ("d", [f"e = {WRONG}"])]
    assert (place(first), place(second)) == ((2, 10), (6, 10))
    first_body, second_body = (block.body for block in found.blocks)
    assert (found.is_whole, first_body.is_whole, second_body.is_whole) == (True, False, False)


def test_a_bracket_that_is_not_closed_ends_with_its_block() -> None:
    text = 'resource "a" "b" {\n  c = f("x"\n  tags = {\n    d = 1\n  }\n}\nresource "e" "f" {\n  g = 1\n}\n'
    found, [problem] = read_hcl(text.encode(), "t")
    assert outline(found) == [("resource", "a", "b", [f"c = {WRONG}"]), ("resource", "e", "f", ["g = 1"])]
    assert [block.body.is_whole for block in found.blocks] == [False, True]
    assert place(problem) == (3, 3)
    assert problem.message == "Expected ',' or ')' for the '(' of line 2, column 8, but found 'tags'."


def test_braces_that_are_not_closed_end_before_the_next_header() -> None:
    text = 'resource "a" "b" {\n  c = f({\n    d = [\n\nresource "e" "f" {\n  g = 1\n}\n'
    found, problems = read_hcl(text.encode(), "t")
    assert outline(found) == [("resource", "a", "b", [f"c = {WRONG}"]), ("resource", "e", "f", ["g = 1"])]
    assert [place(problem) for problem in problems] == [(5, 10), (1, 1)]
    assert problems[1].message == "The block that begins here is never closed: add '}' behind its last line."


def test_a_block_that_is_not_closed_ends_before_the_next() -> None:
    text = 'resource "a" "b" {\n  c {\n    d = 1\n\nvariable "e" {\n  f = 1\n}\n\nlocals {\n  g = 1\n'
    found, problems = read_hcl(text.encode(), "t")
    assert outline(found) == [
        ("resource", "a", "b", [("c", ["d = 1"])]),
        ("variable", "e", ["f = 1"]),
        ("locals", ["g = 1"]),
    ]
    assert [block.body.is_whole for block in found.blocks] == [False, True, False]
    assert [(place(problem), problem.at.end_column) for problem in problems] == [((2, 3), 6), ((9, 1), 9)]


def test_a_block_in_a_check_may_begin_its_line() -> None:
    assert outline(body('check "a" {\ndata "b" "c" {\n}\n}\n')) == [("check", "a", [("data", "b", "c", [])])]


def test_a_heredoc_that_is_not_closed_ends_before_the_next_header() -> None:
    text = 'resource "a" "b" {\n  c = <<EOT\n  { d = 1 }\n}\n\nresource "e" "f" {\n}\n'
    found, problems = read_hcl(text.encode(), "t")
    assert outline(found) == [("resource", "a", "b", [f"c = {WRONG}"]), ("resource", "e", "f", [])]
    assert place(problems[0]) == (2, 7)
    assert (
        problems[0].message
        == "The text that begins here is never closed: EOT stands on no line of its own after it."
    )


def test_what_is_not_closed_at_the_end_of_the_file() -> None:
    found, [problem] = read_hcl(b"a = f(\nb = 1\nc = 2\n", "t")
    assert outline(found) == [f"a = {WRONG}", "b = 1", "c = 2"]
    assert (place(problem), found.is_whole) == ((2, 3), False)


def test_a_merge_that_was_not_finished() -> None:
    text = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> branch\n"
    found, problems = read_hcl(text.encode(), "t")
    assert outline(found) == [f"a = {TWICE}"]
    said = "This is a marker of a merge that was not finished: keep one of the two sides."
    assert [(place(problem), problem.message == said) for problem in problems] == [
        ((1, 1), True),
        ((3, 1), True),
        ((4, 1), False),
        ((5, 1), True),
    ]


def test_two_attributes_count_where_they_say_the_same() -> None:
    found, [problem] = read_hcl(b"a {\n  b = 1\n  c = 2\n  b = 3\n}\n", "t")
    assert outline(found) == [("a", [f"b = {TWICE}", "c = 2"])]
    assert found.blocks[0].body.is_whole
    assert (place(problem), problem.at.end_column, problem.kind) == ((4, 3), 4, "ambiguous")
    assert problem.message == (
        "The attribute 'b' stands here and on line 2, column 3 too, which Terraform refuses. "
        "Where they differ, nothing is known; remove the others."
    )


def test_a_file_full_of_mistakes() -> None:
    found, problems = read_hcl(b"a = 1\n" + b"b = [1 2]\n" * 1000, "t")
    assert len(problems) == 101
    assert problems[100].message == "This file has more than 100 such problems; the rest is not named."
    assert not found.is_whole
    assert shown(found.attributes["a"].value) == "1"


@pytest.mark.parametrize(
    ("data", "where", "byte"),
    [
        (b"a = 1\nb = \xff\n", (2, 5), "0xFF"),
        ("é = \x01".encode("utf-16"), (1, 1), "0xFF"),
        ("é = 1".encode("latin-1"), (1, 1), "0xE9"),
        (b"a = \xed\xa0\x80", (1, 5), "0xED"),
    ],
)
def test_what_is_no_utf_8(data: bytes, where: tuple[int, int], byte: str) -> None:
    found, [problem] = read_hcl(data, "t")
    assert not found.is_whole
    assert (place(problem), problem.kind) == (where, "unreadable")
    assert problem.message == f"The byte {byte} is no UTF-8: save the file as UTF-8."


def test_a_file_that_is_too_large() -> None:
    found, [problem] = read_hcl(b"a = 1\n", "t", limit=5)
    assert not found.is_whole
    assert (problem.at.line, problem.kind) == (0, "unreadable")
    assert problem.message == "The file has 6 bytes, more than the 5 that are read. To read it: --max-size 6."
    assert read_hcl(b"a = 1\n", "t", limit=6)[1] == []


NESTED = {
    "parentheses": ("(", "1", ")"),
    "lists": ("[", "1", "]"),
    "objects": ("{a = ", "1", "}"),
    "calls": ("f(", "1", ")"),
    "texts": ('"${', "1", '}"'),
    "signs": ("-", "1", ""),
    "sums": ("", "1", " + 1"),
    "names": ("", "a", ".b"),
    "indices": ("", "a", "[0]"),
    "keys": ("a[", "0", "]"),
    "splats": ("", "a", "[*]"),
    "conditions": ("a ? b : ", "1", ""),
    "tests": ("(", "a", ") ? b : c"),
    "loops": ("[for a in ", "b", " : a]"),
    "results": ("{for a in b : a => ", "b", "}"),
    "directives": ('"%{ if a }${', "b", '}%{ endif }"'),
    "ranks": ("a || b && c == d < e + f * (", "g", ")"),
    "keys of objects": ("{(", "1", ") = 1}"),
}


@pytest.mark.parametrize("form", NESTED)
@pytest.mark.parametrize("levels", [5_000, 20_000])
def test_expressions_are_read_to_some_depth(form: str, levels: int) -> None:
    before, core, after = NESTED[form]
    fine = 12
    value(before * fine + core + after * fine)
    text = f"x = {before * levels}{core}{after * levels}\ny = 1\n"
    found, [problem] = read_hcl(text.encode(), "t")
    assert outline(found) == ["x = !it is nested too deeply", "y = 1"]
    assert found.is_whole
    assert (problem.at.line, problem.kind) == (1, "partial")
    assert problem.message.startswith("This expression is nested deeper than 100 levels here")


def test_as_many_levels_as_may_be() -> None:
    value("[" * 100 + "]" * 100)
    assert problem("x = " + "[" * 101 + "]" * 101).message.startswith("This expression is nested deeper")
    value("1" + " + 1" * 100)
    assert problem("x = 1" + " + 1" * 101).message.startswith("This expression is nested deeper")


def test_the_deepest_expressions_leave_room_on_the_stack() -> None:
    text = "x = " + "[a + (" * 33 + "1" + ")]" * 33
    script = (
        "import sys\n"
        "from s3audit.collectors.documents.hcl.reader import read_hcl\n"
        "def at(depth):\n"
        "    return at(depth - 1) if depth else read_hcl(sys.argv[1].encode(), 't')[1]\n"
        "assert at(200) == []\n"
        "assert 'nested' in at(960)[0].message\n"
    )
    subprocess.run([sys.executable, "-c", script, text], check=True, timeout=60)


@pytest.mark.parametrize("levels", [101, 50_000])
def test_blocks_are_read_to_some_depth(levels: int) -> None:
    found, problems = read_hcl(("a {\n" * levels + "}\n" * levels + "b {}\n").encode(), "t")
    assert [problem.message for problem in problems] == ["Blocks are nested deeper than 100 levels here."]
    assert place(problems[0]) == (101, 1)
    assert [block.type for block in found.blocks] == ["a", "b"]
    depth, inner = 0, found
    while inner.blocks:
        assert inner.is_whole
        depth, inner = depth + 1, inner.blocks[0].body
    assert (depth, inner.is_whole) == (100, False)


@pytest.mark.parametrize(
    "unit",
    [
        "a = (\n",
        "/* ",
        "a = <<E\n",
        'r "a" {\n',
        'r "a" {\n b = [1\n}\n',
        "a = 1 +\n",
        "}",
        '"',
        '"${',
        "a = 1\n",
        "<<",
    ],
)
def test_mistakes_all_over_a_large_file_take_no_time(unit: str) -> None:
    found, problems = read_hcl((unit * (300_000 // len(unit))).encode(), "t")
    assert 0 < len(problems) <= 101
    assert found.is_whole == (unit == "a = 1\n")


def test_bodies_that_are_read_later() -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []

    def later(type_: str, labels: tuple[str, ...]) -> bool:
        asked.append((type_, labels))
        return type_ == "a"

    inner = '  c = "${d["}"]}" # }\n  e = <<EOT\n}\nEOT\n  f { g = 1 }\n  c = 2\n  h = 1 +\n'
    text = f'a "b" {{\n{inner}}}\ni {{\n  j = 1\n}}\n'
    found, problems = read_hcl(text.encode(), "t", later=later)
    assert asked == [("a", ("b",)), ("i", ())]
    assert problems == []
    assert outline(found) == [
        ("a", "b", [f"c = {TWICE}", r"e = '}\n'", f"h = {WRONG}", ("f", ["g = 1"])]),
        ("i", ["j = 1"]),
    ]
    assert [(place(problem), problem.kind) for problem in problems] == [
        ((7, 3), "ambiguous"),
        ((8, 10), "partial"),
    ]
    assert not found.blocks[0].body.is_whole


@pytest.mark.parametrize(
    "text",
    [
        'a {\n  b = "c\n}\n',
        "a {\n  b = [\n}\n",
        "a {\n",
        "a {\n  b = <<E\n}\n",
        "a {\n  b = /* \n}\n",
        "a {\n b {\n}\nc {}\n",
    ],
)
def test_a_block_whose_end_is_doubtful_is_read_at_once(text: str) -> None:
    now, problems = read_hcl(text.encode(), "t")
    late, also = read_hcl(text.encode(), "t", later=lambda *_: True)
    assert problems
    assert (outline(late), also) == (outline(now), problems)


def test_a_body_is_read_once() -> None:
    found, _ = read_hcl(b"a {\n b = 1\n}\n", "t", later=lambda *_: True)
    [block] = found.blocks
    assert isinstance(block, Block)
    assert block.body is block.body


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(collecting: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        read_hcl(b"a = 1\n", "t")
        assert gc.isenabled() == collecting
    finally:
        (gc.enable if was else gc.disable)()
