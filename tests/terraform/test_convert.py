"""What Terraform makes of a value where another type is expected, and when two values are equal."""

from decimal import Decimal
from itertools import product

import pytest

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import NO_LINES, Lines, Node, Sequence
from s3audit.collectors.terraform.language.convert import (
    NotKnown,
    Unlike,
    alike,
    as_bool,
    as_number,
    as_text,
    elements,
    equal,
    from_plain,
    is_ordered,
    kind,
    may_be_anything,
    to_plain,
    to_set,
    unified,
    unify,
)
from s3audit.collectors.terraform.language.values import (
    Failed,
    Named,
    Plain,
    Primitive,
    SetData,
    SetOf,
    mapping,
    opaque,
    partial,
    sequence,
    undecided,
)
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status
from tests.terraform.agreement import is_open, is_said
from tests.terraform.calls import HERE, data_of, of, outcome, read, refusal, told, why, worked_out
from tests.terraform.console import REFUSED, ask

X = opaque(HERE, "var.x", "pass --var-file")
UNKNOWN = undecided(HERE, "nobody knows")


class Other(Node):
    """A value of a kind that only its own module knows."""


OTHER = Other(0, 0, NO_LINES)


def test_what_is_a_text_stays_the_very_same_value() -> None:
    named = Named.of(HERE, "logs")
    for value in (of("a"), named, X, outcome("jsonencode(1)"), UNKNOWN):
        assert as_text(value) is value


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (12, "12"),
        (-0, "0"),
        (True, "true"),
        (False, "false"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1e22"), "10000000000000000000000"),
        (Decimal("1e-7"), "0.0000001"),
    ],
)
def test_numbers_and_bools_become_texts_in_their_own_place(data: int | Decimal | bool, expected: str) -> None:
    lines = Lines("x = 12\n")
    made = as_text(Primitive.of(Node(4, 6, lines), data))
    assert data_of(made) == expected
    assert (made.start, made.end, made.lines) == (4, 6, lines)


def test_what_is_no_text_is_refused_and_what_is_not_known_is_not() -> None:
    assert refusal(as_text(of(None))) == "a string is required here, not null"
    assert refusal(as_text(sequence(HERE, []))) == "a string is required here, not a list"
    assert refusal(as_text(to_set(HERE, []))) == "a string is required here, not a set"
    assert refusal(as_text(mapping(HERE, {}))) == "a string is required here, not a map"
    assert why(as_text(OTHER)) == "it is a whole object, of which the source does not tell all"
    assert why(as_text(of(Decimal("1e5000")))) == "a number with so many digits is too large to be worked out"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0", 0),
        ("007", 7),
        ("+5", 5),
        ("-.5", Decimal("-0.5")),
        ("5.", 5),
        ("1e3", 1000),
        ("1.5E-1", Decimal("0.15")),
        ("1p5", 32),
        ("3p-1", Decimal("1.5")),
        ("12345678901234567890123", 12345678901234567890123),
    ],
)
def test_texts_that_are_written_like_numbers_are_numbers(written: str, expected: int | Decimal) -> None:
    made = as_number(of(written))
    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize(
    "written", ["", " 1", "1 ", "0x10", "1_000", "1e", ".", "-", "\u0661", "true", "NaN", "++1"]
)
def test_other_texts_are_no_numbers(written: str) -> None:
    assert refusal(as_number(of(written))) == f"a number is required here, not {written!r}"


def test_numbers_keep_as_many_digits_as_terraform_keeps() -> None:
    many = "0." + "1" * 200
    assert told(outcome(f'tostring(tonumber("{many}"))')) == str(as_number(of(many)))
    assert len(str(as_number(of(many)))) < 160
    whole = as_number(of(Decimal("3.0")))
    assert (whole, type(whole)) == (3, int)
    assert str(as_number(of(Decimal("-0")))) == "-0"


def test_what_is_no_number_or_bool_is_refused_as_far_as_it_is_known() -> None:
    for value in (as_number(of(True)), as_number(of(None)), as_number(mapping(HERE, {}))):
        assert isinstance(value, Failed)
    for number in (as_number(X), as_number(partial(HERE, text("1", Opaque("x")))), as_number(of("Inf"))):
        assert isinstance(number, Undecided)
        assert not isinstance(number, Failed)
    assert isinstance(as_number(partial(HERE, text("a-", Opaque("x")))), Failed)
    assert [as_bool(of(word)) for word in ("true", "1", "false", "0", True)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    for word in ("TRUE", "yes", "", 1, None):
        assert isinstance(as_bool(of(word)), Failed)
    assert why(as_bool(X)) == "pass --var-file"
    assert isinstance(as_bool(partial(HERE, text("x", Opaque("y")))), Failed)


def test_enormous_numbers_are_not_worked_out() -> None:
    for written in ("1e4001", "1e-99999999999", "9" * 4301, "1p99999", "0." + "1" * 4001):
        assert isinstance(as_number(of(written)), Undecided)


def test_a_part_without_an_origin_is_like_no_other() -> None:
    one, other = Unlike("nobody knows"), Unlike("nobody knows")
    assert one == one != other != Opaque("nobody knows")  # noqa: PLR0124
    assert same(Text((one,)), Text((one,))) is Status.PASS
    assert same(Text(("a", one)), Text(("a", other))) is Status.UNKNOWN
    assert same(Text(("a", one)), Text(("b", other))) is Status.FAIL
    assert {id(text.parts[0]) for text in sorted([Text((one,)), Text((other,))])} == {id(one), id(other)}


def test_plain_data_comes_and_goes() -> None:
    data: Plain = {"a": ["x", 1, Decimal("1.5"), None, True], "b": SetData(["y"])}
    made = from_plain(HERE, data)
    assert to_plain(made) == data
    assert isinstance(to_plain(made)["b"], SetData)  # type: ignore[call-overload, index]
    assert to_plain(outcome("jsonencode({ a = 1 })")) == '{"a":1}'
    for value, reason in ((X, "pass --var-file"), (UNKNOWN, "nobody knows"), (OTHER, "it is a whole object")):
        with pytest.raises(NotKnown) as gap:
            to_plain(sequence(HERE, [of(1), value]))
        assert gap.value.why.startswith(reason)


def test_a_value_that_is_known_by_its_origin_may_be_anything() -> None:
    assert may_be_anything(X)
    assert not may_be_anything(opaque(HERE, "aws_s3_bucket.b.id", resource="aws_s3_bucket.b"))
    assert not may_be_anything(partial(HERE, text("a", Opaque("x"))))
    assert not may_be_anything(outcome("jsonencode(name)"))
    for value in (
        equal(X, of(None)),
        equal(X, of(1)),
        equal(X, sequence(HERE, [])),
        equal(X, to_set(HERE, [])),
    ):
        assert isinstance(value, Undecided)
    assert isinstance(elements(X), Undecided)
    assert not isinstance(elements(X), Failed)
    assert [kind(value) for value in (X, OTHER, of(1))] == ["a string", "an object", "a number"]


# Equality.

VALUES = (
    "null", '""', '"a"', '"1"', '"true"', "1", "1.0", "1.5", "0", "-0", "true", "[]", "[1]",
    '["1"]', "[1, 2]", "[null]",
    "[[1]]", "{}", "{ a = 1 }", '{ a = "1" }', "{ b = 1 }", "toset([])", "toset([1])", 'toset(["1"])', "toset([1, 2])",
    "tolist([1])", "tolist([])", "tomap({ a = 1 })", "tomap({})", 'tolist(["1"])', "[{ a = 1 }]", "toset([[1]])",
)  # fmt: skip


def test_values_are_equal_where_terraform_says_so() -> None:
    pairs = list(product(VALUES, VALUES))
    said = ask([f"({one}) == ({other})" for one, other in pairs])
    known = {written: worked_out(parsed) for written, parsed in zip(VALUES, read(list(VALUES)), strict=True)}
    wrong: list[str] = []
    left_open = 0
    for (one, other), answer in zip(pairs, said, strict=True):
        found = equal(known[one], known[other])
        if isinstance(found, Undecided):
            left_open += 1
            # Only what looks equal may turn out to be of different types.
            is_about_types = isinstance(known[one], Sequence) or alike(known[one], known[other]) is True
            if not is_about_types:
                wrong.append(f"{one} == {other}: not told")
        elif found is not answer.value:
            wrong.append(f"{one} == {other}: {answer.value}")
    assert wrong == []
    assert left_open < len(pairs) / 20


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ('"a-${name}"', '"a-${name}"', True),
        ('"a-${name}"', '"b-${name}"', False),
        ('"a-${name}"', '"a-b"', None),
        ('"a${name}"', "1", False),
        ('"a${name}"', "null", False),
        ('["x", name]', '["y", name]', False),
        ('["x", name]', '["x"]', False),
        ("{ a = unknown, b = 1 }", "{ a = 1, b = 2 }", False),
        ("{ a = unknown }", "{ b = unknown }", False),
        ("unknown", "unknown", None),
        ("[unknown]", "[1]", None),
        ('toset(["a${name}", "b"])', 'toset(["c", "b"])', False),
        ('toset(["a${name}"])', 'toset(["a${name}"])', True),
        ("jsonencode(unknown)", "jsonencode(unknown)", None),
        ("jsonencode({ a = name })", "jsonencode({ a = name })", True),
    ],
)
def test_equality_is_decided_as_soon_as_a_known_part_decides(
    one: str, other: str, expected: bool | None
) -> None:
    found = equal(outcome(one), outcome(other))
    assert (None if isinstance(found, Undecided) else found) is expected


def test_lists_that_look_equal_may_be_of_different_types() -> None:
    one = sequence(HERE, [of("a")])
    assert alike(one, sequence(HERE, [of("a")])) is True
    assert "a list or a tuple" in why(equal(one, sequence(HERE, [of("a")])))


# What `for` meets.


def test_elements_come_in_terraforms_order_with_their_keys() -> None:
    assert pairs_of('{ b = 1, "\u00e9" = 3, a = 2 }') == [("a", 2), ("b", 1), ("\u00e9", 3)]
    assert pairs_of('["x", "y"]') == [(0, "x"), (1, "y")]
    assert pairs_of('toset(["b", "a", "b"])') == [("a", "a"), ("b", "b")]
    assert refusal(elements(of("a"))) == "a list, a set, a map or an object is required here, not a string"
    assert refusal(elements(of(None))) == "a list, a set, a map or an object is required here, not null"


def pairs_of(expression: str) -> list[tuple[object, object]]:
    found = elements(outcome(expression))
    assert isinstance(found, list)
    return [(data_of(key), data_of(value)) for key, value in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('["b", unknown, "a"]', True),
        ('toset(["b", "a"])', True),
        ("toset([10, 9, 1.5])", True),
        ("toset([unknown])", True),
        ('toset([{ a = "x" }, { a = "y" }])', True),
        ("toset([[], [true]])", False),  # as lists the longer one comes first
        ('toset(["a${name}", "b"])', False),
    ],
)
def test_whether_the_order_of_a_set_is_known(expression: str, expected: bool) -> None:
    value = outcome(expression)
    assert isinstance(value, Sequence)
    assert is_ordered(value) is expected


def test_sets_hold_each_element_once_where_that_can_be_told() -> None:
    one, other = text("a", Opaque("x")), text("b", Opaque("x"))
    made = to_set(HERE, [partial(HERE, one), partial(HERE, other), partial(HERE, one), of("c"), of("c")])
    assert isinstance(made, SetOf)
    assert sorted(map(told, made.items)) == ["a${x}", "b${x}", "c"]
    assert why(to_set(HERE, [partial(HERE, one), of("ab")])) == "it is a${x}"
    assert why(to_set(HERE, [UNKNOWN, of("ab")])) == "nobody knows"


# Types that values have in common.

BRANCHES = (
    "null", '"a"', "1", "true", "[]", "[1]", '["a"]', '[1, "a"]', '["b", true]', "{}", "{ a = 1 }", '{ a = "x" }',
    '{ a = "x", b = 2 }', "{ b = true }", "{ a = [1] }", "toset([])", 'toset(["b", "a"])',
    "toset([2, 1])", "[[1], [2]]",
    '[["a"], []]', "[{ a = 1 }]", '[{ a = "x" }, { a = 2 }]', "tolist([1])", 'tomap({ a = "1" })',
)  # fmt: skip


def test_branches_of_different_types_become_what_terraform_makes_of_them() -> None:
    pairs = list(product(BRANCHES, BRANCHES))
    said = ask([f"true ? ({one}) : ({other})" for one, other in pairs])
    wrong: list[str] = []
    for (one, other), answer in zip(pairs, said, strict=True):
        made = unified([outcome(one), outcome(other)])[0]
        if answer == REFUSED or {one[:5], other[:5]} == {"toset", "tolis"}:
            # Of a set and a tuple a set is made, which is much more usual than a list beside a set.
            continue
        if not is_open(made) and not is_said(made, *answer):
            wrong.append(f"true ? {one} : {other} is {answer.value}, of type {answer.type}")
    assert wrong == []


def test_what_is_certainly_refused_is_refused() -> None:
    for one, other in (("1", "true"), ("1", "[1]"), ('"a"', "{}"), ("[1]", "{ a = 1 }"), ("[[1]]", '["a"]')):
        made = unified([outcome(one), outcome(other)])
        assert [refusal(value) for value in made] == ["these values have no type in common"] * 2
        assert unify([outcome(one), outcome(other)]) is None
        # Unless a third one, which is not known, brings them together.
        assert unify([outcome(one), outcome(other), UNKNOWN]) is not None


def test_unknown_values_leave_the_others_as_they_are() -> None:
    values = [of(1), UNKNOWN, X, of(None)]
    assert unified(values) == values
    made = unified([of(1), X, of("a")])
    assert [getattr(value, "data", "?") for value in made] == ["1", "?", "a"]


def test_conversions_keep_places_and_opaque_parts() -> None:
    lines = Lines("[1, x]\n")
    one, other = Primitive.of(Node(1, 2, lines), 1), partial(Node(4, 5, lines), text("a", Opaque("x")))
    made = unified([one, other])
    assert data_of(made[0]) == "1"
    assert (made[0].start, made[0].end) == (1, 2)
    assert made[1] is other
    assert isinstance(made[1], Partial)
    assert made[1].text == Text(("a", Opaque("x")))
