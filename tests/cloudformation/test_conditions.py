"""Conditions in three values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.cloudformation.conditions import Answer
from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.verdict import Status
from tests.cloudformation.stacks import evaluator_of, parsed, template_of

HEAD = """
Parameters:
  Env: {Type: String}
  Region: {Type: String}
  Tier: {Type: String, Default: gold}
  Size: {Type: Number, Default: 1}
  Names: {Type: CommaDelimitedList, Default: 'a,b'}
  Open: {Type: CommaDelimitedList}
Resources: {}
Conditions:
  True: !Equals [a, a]
  False: !Equals [a, b]
  Unknown: !Equals [!Ref Env, prod]
  It: """


def answer(expression: str, **parameters: str) -> Answer:
    return evaluator_of(HEAD + expression + "\n", parameters).conditions.holds("It")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Equals [a, a]", "pass"),
        ("!Equals [a, b]", "fail"),
        ("{'Fn::Equals': [a, {Ref: Env}]}", "unknown"),
        ("!Equals [!Ref Env, !Ref Env]", "pass"),
        ("!Equals [!Ref Env, !Sub '${Env}']", "pass"),
        ("!Equals [!Sub 'x-${Env}', 'y-z']", "fail"),
        ("!Equals [!Sub 'x-${Env}', !Sub 'x-${Region}']", "unknown"),
        ("!Equals [true, 'true']", "pass"),
        ("!Equals [yes, 'true']", "pass"),
        ("!Equals ['yes', 'true']", "fail"),
        ("!Equals [1, '1']", "pass"),
        ("!Equals [!Ref Size, 1]", "pass"),
        ("!Equals [1, 1.0]", "fail"),
        ("!Equals [!Ref Names, [a, b]]", "pass"),
        ("!Equals [!Ref Names, [a]]", "fail"),
        ("!Equals [[a, !Ref Env], [b, c]]", "fail"),
        ("!Equals [[!Ref Env], [c]]", "unknown"),
        ("!Equals [[a, !If [Unknown, b, !Ref 'AWS::NoValue']], [a]]", "unknown"),
        ("!Equals [[a, !Ref 'AWS::NoValue'], [a]]", "pass"),
        ("!Equals [!Ref Open, [a]]", "unknown"),
        ("!Equals [{a: 1, b: [x]}, {b: [x], a: '1'}]", "pass"),
        ("!Equals [{a: 1}, {b: 1}]", "fail"),
        ("!Equals [{a: !Ref Env}, {a: 1}]", "unknown"),
        ("!Equals [a, [a]]", "unknown"),
        ("!Equals [!Ref 'AWS::NoValue', a]", "unknown"),
        ("!Equals [a]", "unknown"),
        ("!Equals a", "unknown"),
        ("!And [!Condition True, !Condition True]", "pass"),
        ("!And [!Condition True, !Condition False]", "fail"),
        ("!And [!Condition Unknown, !Condition False]", "fail"),
        ("!And [!Condition Unknown, {Condition: True}]", "unknown"),
        ("!Or [!Condition False, {Condition: 'True'}]", "pass"),
        ("!Or [!Condition Unknown, !Condition True]", "pass"),
        ("!Or [!Condition Unknown, !Condition False]", "unknown"),
        ("!Or [!Condition False, !Condition False]", "fail"),
        ("!Not [!Condition False]", "pass"),
        ("!Not [!Condition Unknown]", "unknown"),
        ("{'Fn::Not': [{'Fn::Or': [{Condition: 'True'}, {Condition: Unknown}]}]}", "fail"),
        ("!Not [a, b]", "unknown"),
        ("!And []", "unknown"),
        ("!Or x", "unknown"),
        ("!Condition True", "pass"),
        ("!Condition [x]", "unknown"),
        ("!Condition It", "unknown"),
        ("!And [!Condition It, !Condition False]", "fail"),
        ("plain", "unknown"),
        ("'true'", "unknown"),
        ("!Sub 'true'", "unknown"),
        ("!If [True, a, b]", "unknown"),
        ("[a]", "unknown"),
        ("!Contains [[a, b], b]", "pass"),
        ("!Contains [[a, b], c]", "fail"),
        ("!Contains [[a, !Ref Env], c]", "unknown"),
        ("!Contains [!Ref Names, a]", "pass"),
        ("!Contains [!Ref Open, a]", "unknown"),
        ("!Contains [a]", "unknown"),
        ("!EachMemberEquals [[a, a], a]", "pass"),
        ("!EachMemberEquals [!Ref Names, a]", "fail"),
        ("!EachMemberEquals [!Ref Open, a]", "unknown"),
        ("!EachMemberEquals a", "unknown"),
        ("!EachMemberIn [!Ref Names, [a, b, c]]", "pass"),
        ("!EachMemberIn [[a, x], [a, b, c]]", "fail"),
        ("!EachMemberIn [!ValueOfAll ['AWS::EC2::VPC::Id', Tags.x], !RefAll 'AWS::EC2::VPC::Id']", "unknown"),
        ("!EachMemberIn a", "unknown"),
    ],
)
def test_what_a_condition_comes_to(expression: str, expected: str) -> None:
    found = answer(expression)
    assert found.status is Status(expected)
    assert bool(found.why) is (expected == "unknown")


def test_the_names_of_conditions_are_words_as_they_are_written() -> None:
    assert answer("!Condition True").status is Status.PASS


@pytest.mark.parametrize(
    ("expression", "via"),
    [
        ("!Equals [!Ref Tier, gold]", "with the default of Tier"),
        ("!And [!Equals [!Ref Tier, gold], !Equals [!Ref Size, 1]]", "with the defaults of Size and Tier"),
        ("!And [!Equals [!Ref Tier, gold], !Equals [!Ref Size, 2]]", "with the default of Size"),
        ("!Or [!Equals [!Ref Tier, x], !Equals [!Ref Size, 1]]", "with the default of Size"),
        ("!And [!Condition False, !Equals [!Ref Tier, gold]]", ""),
        ("!Not [!Equals [!Ref Names, [a]]]", "with the default of Names"),
        ("!Contains [!Ref Names, !Ref Size]", "with the defaults of Names and Size"),
        ("!Condition Unknown", ""),
    ],
)
def test_what_decides_is_told(expression: str, via: str) -> None:
    assert answer(expression).via == via


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("!Equals [!Ref Env, prod]", "the condition It is open: it depends on Env"),
        ("!Condition Unknown", "the condition It is open: Unknown is open: it depends on Env"),
        ("!Equals [!Sub '${Env}-${Region}', prod]", "the condition It is open: it depends on Env and Region"),
        ("!Condition It", "the condition It is open: It refers to itself"),
        ("!Equals [!Ref Open, [a]]", "the condition It is open: Open has no default and no value was given"),
    ],
)
def test_what_leaves_it_open_is_told(expression: str, why: str) -> None:
    assert answer(expression).why == why


def test_a_condition_that_is_not_there_is_a_problem() -> None:
    template, _ = parsed("""
        Conditions: {Both: !And [!Condition Nowhere, !Condition Nowhere]}
        Resources:
          A: {Type: T, Condition: Nothing}
        Outputs:
          It: {Value: !If [None, a, b]}
        """)
    evaluator = Evaluator(template, Parameters())
    assert evaluator.exists(template.resources["A"]).why == "there is no condition Nothing"
    assert evaluator.conditions.holds("Both").status is Status.UNKNOWN
    value = template.outputs["It"].get("Value")
    assert value is not None
    evaluator.resolve(value)
    assert [(problem.at.line, problem.at.column, problem.message) for problem in evaluator.problems] == [
        (3, 27, "There is no condition Nothing."),
        (1, 26, "There is no condition Nowhere."),
        (1, 46, "There is no condition Nowhere."),
        (5, 20, "There is no condition None."),
    ]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Yes", "pass"),
        ("No", "fail"),
        ("Open", "unknown"),
        ("!Condition Yes", "pass"),
        ("!FindInMap [Wanted, here, {Ref: Tier}, {DefaultValue: !Ref 'AWS::NoValue'}]", "fail"),
        ("!FindInMap [Wanted, here, nowhere, {DefaultValue: !Ref 'AWS::NoValue'}]", "pass"),
        ("!FindInMap [Wanted, here, !Ref Env]", "unknown"),
        ("[x]", "unknown"),
    ],
)
def test_whether_a_resource_is_created(condition: str, expected: str) -> None:
    template = template_of(f"""
        Transform: AWS::LanguageExtensions
        Parameters: {{Env: {{Type: String}}, Tier: {{Type: String, Default: gold}}}}
        Mappings: {{Wanted: {{here: {{gold: 'No', silver: 'Yes'}}}}}}
        Conditions: {{'Yes': !Equals [a, a], 'No': !Equals [a, b], Open: !Equals [!Ref Env, x]}}
        Resources:
          A: {{Type: T, Condition: {condition if condition[0] in "![" else repr(condition)}}}
          B: {{Type: T}}
        """)
    evaluator = Evaluator(template, Parameters())
    assert evaluator.exists(template.resources["A"]).status is Status(expected)
    assert evaluator.exists(template.resources["B"]) == Answer(Status.PASS)


VALUES = ["dev", "prod", "test"]
NAMES = ["A", "B", "C"]


def _expressions() -> st.SearchStrategy[str]:
    words = st.one_of(
        st.sampled_from(VALUES), st.sampled_from([f"!Ref {name}" for name in NAMES]), st.just("!Sub '${A}x'")
    )
    equals = st.tuples(words, words).map(lambda pair: f"!Equals [{pair[0]}, {pair[1]}]")
    return st.recursive(
        st.one_of(equals, st.just("!Condition Other")),
        lambda inner: st.one_of(
            inner.map(lambda one: f"!Not [{one}]"),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: f"!And [{', '.join(items)}]"),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: f"!Or [{', '.join(items)}]"),
        ),
        max_leaves=6,
    )


@given(
    expression=_expressions(),
    other=_expressions(),
    known=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)),
    rest=st.lists(st.sampled_from(VALUES), min_size=3, max_size=3),
)
def test_more_knowledge_never_changes_an_answer(
    expression: str, other: str, known: dict[str, str], rest: list[str]
) -> None:
    declared = "".join(f"  {name}: {{Type: String}}\n" for name in NAMES)
    text = f"Parameters:\n{declared}Resources: {{}}\nConditions:\n  It: {expression}\n  Other: {other}\n"
    template = template_of(text)
    before = Evaluator(template, Parameters(known)).conditions.holds("It").status
    after = Evaluator(
        template, Parameters({**dict(zip(NAMES, rest, strict=True)), **known})
    ).conditions.holds("It")
    assert before in (Status.UNKNOWN, after.status)
    assert after.status is not Status.UNKNOWN or "Other" in after.why
