"""The functions: which there are, what they take, and how much they make."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.tree import Lines, Node, Sequence
from s3audit.collectors.terraform.language.convert import to_set
from s3audit.collectors.terraform.language.functions import TOPICS, call
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    Value,
    failed,
    mapping,
    partial,
    sequence,
    undecided,
)
from s3audit.text import Opaque, text
from tests.profile import examples
from tests.terraform import opentofu
from tests.terraform.agreement import is_open, is_said
from tests.terraform.calls import HERE, Folder, items_of, of, outcome, read, refusal, told, why, worked_out
from tests.terraform.console import REFUSED, UNKNOWN, ask, recorded, signatures

NAMES = sorted(name for names in TOPICS.values() for name in names.split())


def call_of(expression: str) -> syntax.Call:
    parsed = read([expression])[0]
    assert isinstance(parsed, syntax.Call)
    return parsed


def test_no_function_of_terraform_is_missing() -> None:
    theirs = {name for name in signatures() if not name.startswith("core::")}
    assert theirs == {name for name in NAMES if not name.startswith("provider::")} - opentofu.FUNCTIONS


def test_functions_take_as_many_arguments_as_terraform_says_and_null_where_it_says() -> None:
    unknown = undecided(HERE, "nobody knows")
    for name, signature in signatures().items():
        parameters: list[Any] = signature.get("parameters", [])
        rest = signature.get("variadic_parameter")
        count = len(parameters)
        if count:
            assert isinstance(call(name, [unknown] * (count - 1), HERE, Folder()), Failed), name
        if rest is None:
            assert isinstance(call(name, [unknown] * (count + 1), HERE, Folder()), Failed), name
        for index, parameter in enumerate(parameters):
            if not parameter.get("is_nullable") and name.removeprefix("core::") != "can":
                arguments = [of(None) if place == index else unknown for place in range(count)]
                if rest is not None:
                    arguments.append(unknown)
                assert isinstance(call(name, arguments, HERE, Folder()), Failed), (
                    f"{name}: {parameter['name']}"
                )


def test_a_function_may_be_called_by_its_whole_name() -> None:
    assert told(outcome('core::upper("a")')) == "A"
    assert why(outcome('core::core::upper("a")')) == "the function core::core::upper is not known here"


def test_what_is_no_function_is_not_told() -> None:
    assert why(outcome("nothing(1)")) == "the function nothing is not known here"


def test_refusals_say_what_was_expected() -> None:
    assert refusal(outcome("upper()")) == "upper() takes 1 arguments, not 0"
    assert refusal(outcome("range(1, 2, 3, 4)")) == "range() takes 1 to 3 arguments, not 4"
    assert refusal(outcome('join(",")')) == "join() takes 2 or more arguments, not 1"
    assert refusal(outcome("upper(null)")) == "upper() does not take null here"
    assert refusal(outcome("keys([1])")) == "keys(): a map is required here, not a list"
    assert refusal(outcome('lookup({ a = 1 }, "b")')) == "lookup(): there is no element b"


@pytest.mark.parametrize("name", NAMES)
def test_an_argument_that_fails_fails_the_call(name: str) -> None:
    broken = failed(HERE, "there is no such element")
    row = next(
        (row for topic in TOPICS for row in recorded(topic) if row.expression.startswith(f"{name}(")), None
    )
    if row is None or name in ("try", "can"):
        return
    arguments = [worked_out(argument) for argument in call_of(row.expression).arguments]
    for index in range(len(arguments)):
        made = call(name, [*arguments[:index], broken, *arguments[index + 1 :]], HERE, Folder())
        assert isinstance(made, Failed)


PROBES = (
    "null", '""', '"\u00e9"', '"1"', '"true"', "-1", "0", "1.5", "true", "[]", '["b", "a", "b"]', "[1, null]",
    '[[1], ["a"]]', "{}", '{ b = ["x"], a = ["y", "x"] }', 'toset(["b", "a"])', 'tomap({ a = "x" })',
)  # fmt: skip

# Their outcomes are infinite, made up anew or need a context, or whether they are told hangs on the type of null.
UNPROBED = {"bcrypt", "can", "coalesce", "log", "merge", "pow", "rsadecrypt", "templatefile", "try"}


def probes() -> list[str]:
    """One call of each function, with each of its arguments replaced by anything."""
    made: list[str] = []
    for name in NAMES:
        rows = [row for topic in TOPICS for row in recorded(topic) if row.expression.startswith(f"{name}(")]
        row = next((row for row in rows if row.outcome not in (REFUSED, UNKNOWN) and not row.open), None)
        if row is None or name in UNPROBED or name.startswith("provider::"):
            continue
        line = f"r0 = {row.expression}\n"
        given = [line[one.start : one.end] for one in call_of(row.expression).arguments]
        for index in range(len(given) + 1):
            made += [f"{name}({', '.join([*given[:index], probe, *given[index + 1 :]])})" for probe in PROBES]
    return made


def test_any_argument_is_taken_or_refused_as_terraform_does() -> None:
    expressions = probes()
    wrong: list[str] = []
    left_open = 0
    for expression, said, parsed in zip(expressions, ask(expressions), read(expressions), strict=True):
        value = worked_out(parsed)
        if is_open(value) or said == UNKNOWN:
            left_open += 1
        elif not (isinstance(value, Failed) if said == REFUSED else is_said(value, *said)):
            wrong.append(f"{expression}: {said}")
    assert wrong == []
    assert left_open < len(expressions) / 50


def doubled(times: int) -> Value:
    """A small value that stands for a very large one."""
    value = of("x")
    for _ in range(times):
        value = sequence(HERE, [value, value])
    return value


LETTERS = "abcdefghijklmopqrstuvwxz"
DOUBLED = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise(LETTERS))
"""As small, and as large, in YAML."""

LONG = of("x" * 900_000)
MANY = sequence(HERE, [of(str(index)) for index in range(60_000)])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("concat", [MANY, MANY]),
        ("setproduct", [MANY, MANY]),
        ("setproduct", [sequence(HERE, [of(1), of(2)])] * 40),
        ("flatten", [doubled(40)]),
        ("flatten", [sequence(HERE, [doubled(0), doubled(40)])]),
        ("jsonencode", [doubled(40)]),
        ("yamlencode", [doubled(40)]),
        ("format", [of("%v"), doubled(40)]),
        ("sensitive", [doubled(40)]),
        ("distinct", [sequence(HERE, [doubled(40), doubled(40)])]),
        ("tolist", [sequence(HERE, [doubled(40), doubled(40)])]),
        ("contains", [sequence(HERE, [doubled(40)]), doubled(40)]),
        ("can", [doubled(40)]),
        ("join", [LONG, sequence(HERE, [of(1)] * 3)]),
        ("join", [of(","), sequence(HERE, [LONG, LONG])]),
        ("replace", [LONG, of("x"), of("xx")]),
        ("replace", [LONG, of("/x/"), of("xx")]),
        ("format", [of("%1000001d"), of(1)]),
        ("format", [of("%.1000001f"), of(1)]),
        ("format", [of("%99999999999999999999d"), of(1)]),
        ("format", [of("%s%s"), LONG, LONG]),
        ("indent", [of(1_000_000), of("\n\n")]),
        ("base64encode", [LONG]),
        ("regexall", [of("x*?y"), LONG]),
        ("regexall", [of("(a{1,100}){1,100}"), LONG]),
        ("regex", [of("(" * 5000), of("")]),
        ("jsondecode", [of("[" * 100_000)]),
        ("jsondecode", [of("[" * 500 + "]" * 500)]),
        ("yamldecode", [of("[" * 500 + "]" * 500)]),
        ("yamldecode", [of(DOUBLED)]),
        ("split", [of("x"), LONG]),
        ("tonumber", [of("1e100000")]),
        ("tonumber", [of("9" * 5000)]),
        ("parseint", [of("9" * 5000), of(10)]),
        ("pow", [of(10), of(400)]),
        ("strrev", [of("\u00e9" * 1_000_001)]),
    ],
)  # fmt: skip
def test_what_is_too_large_is_not_worked_out(name: str, arguments: list[Value]) -> None:
    assert is_open(call(name, arguments, HERE, Folder()))


def test_ranges_are_as_long_as_terraform_lets_them_be() -> None:
    assert len(items_of(outcome("range(1024)"))) == 1024
    assert isinstance(outcome("range(1025)"), Failed)
    assert isinstance(outcome("range(0, 1e100, 1e-100)"), Failed)


ANY = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
        st.text(max_size=8),
        st.sampled_from(
            ["%s", "%5d", "/a*/", "(?P<x>a)", "a: [b]", '{"a":1}', "10.0.0.0/8", "1h", "2020-01-01T00:00:00Z"]
        ),
    ).map(of)
    | st.just(undecided(HERE, "nobody knows"))
    | st.text(max_size=3).map(lambda head: partial(HERE, text(head, Opaque("x")))),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: sequence(HERE, items))
        | st.lists(inner, max_size=3).map(lambda items: to_set(HERE, items))
        | st.dictionaries(st.text(max_size=2), inner, max_size=3).map(lambda entries: mapping(HERE, entries))
    ),
    max_leaves=6,
)


@settings(max_examples=examples(250), deadline=None, database=None)
@given(st.sampled_from(NAMES), st.lists(ANY, max_size=4))
def test_nothing_that_is_given_raises(name: str, arguments: list[Value]) -> None:
    assert isinstance(call(name, arguments, HERE, Folder()), Node)


def test_what_is_computed_has_the_place_of_the_call_and_elements_keep_their_own() -> None:
    lines = Lines('x = split(",", "a,b")\n', "main.tf")
    at = Node(4, 21, lines)
    made = call("split", [of(","), of("a,b")], at, Folder())
    assert isinstance(made, Sequence)
    assert [(one.start, one.end, one.lines) for one in (made, *made.items)] == [(4, 21, lines)] * 3
    inner = Primitive.of(Node(1, 2, lines), "a")
    kept = call("concat", [sequence(HERE, [inner])], at, Folder())
    assert isinstance(kept, Sequence)
    assert kept.items[0] is inner
