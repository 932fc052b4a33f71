"""What the words of a document mean when someone asks, and where the characters of a value stand."""

import pytest

from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.tree import (
    Budget,
    BudgetError,
    Mapping,
    Node,
    Scalar,
    as_bool,
    as_number,
    inside,
    is_null,
    plain_value,
    truth,
)


def value(written: str) -> Node:
    [document], _ = read(f"a: {written}\n".encode(), "t")
    assert isinstance(document.root, Mapping)
    return document.root.entries["a"].value


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_null(word: str) -> None:
    assert is_null(value(word))


@pytest.mark.parametrize("word", ["''", "'null'", "nULL", "none", "!Ref null", "{}", "[]", "0"])
def test_not_null(word: str) -> None:
    assert not is_null(value(word))


@pytest.mark.parametrize(
    ("word", "plainly", "generously"),
    [
        ("true", True, True),
        ("True", True, True),
        ("YES", True, True),
        ("on", True, True),
        ("false", False, False),
        ("No", False, False),
        ("off", False, False),
        ("'true'", None, True),
        ('"FALSE"', None, False),
        ("tRuE", None, True),
        ("'yes'", None, None),
        ("y", None, None),
        ("1", None, None),
        ("!Ref true", None, None),
        ("[true]", None, None),
        ("", None, None),
    ],
)
def test_booleans(word: str, plainly: bool | None, generously: bool | None) -> None:
    assert as_bool(value(word)) is plainly
    assert truth(value(word)) is generously


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("0", 0),
        ("-17", -17),
        ("+1_000", 1000),
        ("123456789012", 123456789012),
        ("012", 10),
        ("0x1F", 31),
        ("0b101", 5),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("1.5E-1", 0.15),
        ("089", None),
        ("089012345678", None),
        ("0x", None),
        ("0b_", None),
        ("1:30", None),
        ("2012-10-17", None),
        (".inf", None),
        (".nan", None),
        ("1e999", None),
        ("'1'", None),
        ("1 2", None),
        ("٣", None),
        ("", None),
        (".", None),
        ("true", None),
        ("!Ref 1", None),
        ("[1]", None),
        ("9" * 5000, None),
    ],
)
def test_numbers(word: str, number: float | None) -> None:
    found = as_number(value(word))
    assert found == number
    assert type(found) is type(number)


def test_a_walk_has_a_budget() -> None:
    tree = value("[[1, 2], {b: 3}]")
    budget = Budget(6)
    assert plain_value(tree, budget) == [[1, 2], {"b": 3}]
    assert budget.left == 0
    with pytest.raises(BudgetError):
        plain_value(tree, Budget(5))
    with pytest.raises(BudgetError):
        plain_value(tree, budget)


def test_an_empty_node_in_the_place_of_another() -> None:
    class Other(Node):
        why: str = ""

    given = value("!Ref b")
    made = Other.at(given)
    assert (type(made), made.start, made.end, made.lines, made.tag) == (
        Other,
        given.start,
        given.end,
        given.lines,
        "",
    )
    with pytest.raises(TypeError, match="Other"):
        plain_value(made)


@pytest.mark.parametrize(
    ("written", "sought", "place"),
    [
        ("abc def", "def", (1, 8)),
        ("'abc def'", "def", (1, 9)),
        ('"abc def"', "def", (1, 9)),
        ("!Sub  'é${x}'", "$", (1, 12)),
        ("&n !Sub é${x}", "$", (1, 13)),
        ("'it''s ${x}'", "$", (1, 11)),
        ('"a\\"b\\u00e9\\x41\\n$"', "$", (1, 21)),
        ('"\U0001f600$"', "$", (1, 6)),
        ("|\n  one\n    two $\n", "$", (3, 9)),
        ("|\n\n  one\n\n  two $\n", "$", (5, 7)),
        ("!Sub |-  # why\n   {\n     $\n   }\n", "$", (3, 6)),
        ("|2\n    one $\n", "$", (2, 9)),
        ("|\n  one\n  two\n", "\ntwo", (2, 6)),
    ],
)
def test_places_inside_a_value(written: str, sought: str, place: tuple[int, int]) -> None:
    scalar = value(written)
    assert isinstance(scalar, Scalar)
    assert inside(scalar, scalar.value.index(sought)) == place


@pytest.mark.parametrize(
    "written", [">\n  one\n  two $\n", "'one\n  two $'", "one\n  two $", '"one \\\n  two $"']
)
def test_inside_a_folded_text_only_its_own_place_is_known(written: str) -> None:
    scalar = value(written)
    assert isinstance(scalar, Scalar)
    assert inside(scalar, scalar.value.index("$")) == (scalar.line, scalar.column) == (1, 4)


def test_places_inside_a_json_text() -> None:
    [document], _ = read(b'{"a":\n "{\\"Version\\": \\"\\ud83d\\ude00\\", \\"x\\": 1}"}', "t")
    assert isinstance(document.root, Mapping)
    scalar = document.root.entries["a"].value
    assert isinstance(scalar, Scalar)
    assert inside(scalar, 0) == (2, 3)
    assert inside(scalar, scalar.value.index("x")) == (2, 37)
    assert inside(scalar, len(scalar.value)) == (scalar.end_line, scalar.end_column - 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_literal_block_with_any_line_end(newline: str) -> None:
    [document], _ = read(
        newline.join(["b:", "  a: |", "    one", "      two", "", "    x", ""]).encode(), "t"
    )
    assert isinstance(document.root, Mapping)
    inner = document.root.entries["b"].value
    assert isinstance(inner, Mapping)
    scalar = inner.entries["a"].value
    assert isinstance(scalar, Scalar)
    assert [inside(scalar, scalar.value.index(word)) for word in ("one", "two", "x")] == [
        (3, 5),
        (4, 7),
        (6, 5),
    ]
