"""Which values undecided parameters are given, and that these are all that can matter."""

import re
from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.scenarios import (
    Read,
    Scenario,
    Unbounded,
    reads,
    scenarios,
    through,
)
from s3audit.collectors.cloudformation.template import Template
from s3audit.text import Opaque
from s3audit.verdict import Status
from tests.cloudformation.stacks import parsed, shown, template_of

HEAD = """
Parameters:
  Env: {Type: String}
  Tier: {Type: String, AllowedValues: [gold, silver, bronze, tin]}
  Size: {Type: Number, Default: 1}
  Mode: {Type: String, Default: on-off, AllowedValues: [on-off, always]}
  Names: {Type: CommaDelimitedList}
  Secret: {Type: String, NoEcho: true, AllowedValues: [a, b]}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: [a, b]}
Mappings:
  Regions:
    eu-west-1: {name: ireland, zone: a}
    us-east-1: {name: virginia}
  Tiers:
    gold: {days: 1}
    silver: {days: 2}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [dev, !Ref Env]
  Either: !Or [!Condition IsProd, Condition: IsDev]
  IsGold: !Equals [!Ref Tier, gold]
  IsBig: !Equals [!Ref Size, 9]
  IsEmpty: !Equals [!Ref Env, '']
  InIreland: !Equals [!Ref AWS::Region, eu-west-1]
  Loop: !Not [!Condition Loop]
Resources:
  Logs: {Type: AWS::S3::Bucket, Condition: IsProd, Properties: {BucketName: !Sub 'logs-${Tier}'}}
  Plain: {Type: AWS::S3::Bucket, Properties: {BucketName: plain}}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Env: !Ref Env}}}
  It: {Type: AWS::S3::Bucket, Properties: {It: """


def of(expression: str, extra: str = "") -> Template:
    return template_of(f"{HEAD}{expression}}}}}\n{extra}")


def read(expression: str) -> set[Read]:
    template = of(expression)
    return set(reads(template, template.resources["It"].node))


def ways(
    expression: str, limit: int = 64, *, all_scenarios: bool = False, extra: str = "", **known: str
) -> list[Scenario] | Unbounded:
    template = of(expression, extra)
    found = reads(template, template.resources["It"].node)
    given = {name.replace("__", "::"): value for name, value in known.items()}
    return scenarios(template, Parameters(given), found, all_scenarios=all_scenarios, limit=limit)


def when(
    expression: str, *, all_scenarios: bool = False, extra: str = "", **known: str
) -> list[tuple[str, ...]]:
    found = ways(expression, 64, all_scenarios=all_scenarios, extra=extra, **known)
    assert not isinstance(found, Unbounded)
    return [scenario.when for scenario in found]


PROD = Read("Env", ("prod",))
DEV = Read("Env", ("dev",))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("plain", set()),
        ("!Ref Env", {Read("Env")}),
        ("{Ref: Env}", {Read("Env")}),
        ("[{a: [!Ref Env]}]", {Read("Env")}),
        ("!Sub 'x-${Env}-${AWS::Region}-${!Tier}'", {Read("Env"), Read("AWS::Region")}),
        ("!Sub ['${Env}${Tier}', {Tier: !Ref Size}]", {Read("Env"), Read("Size")}),
        (
            "{'Fn::Sub': ['${Env}', {'Fn::If': [IsGold, {Env: x}, {}]}]}",
            {Read("Env"), Read("Tier", ("gold",))},
        ),
        ("!If [IsProd, a, b]", {PROD}),
        ("{'Fn::If': [IsProd, !Ref Tier, b]}", {PROD, Read("Tier")}),
        ("!If [Either, a, b]", {PROD, DEV}),
        ("!If [Loop, a, b]", set()),
        ("!If [Nowhere, a, b]", set()),
        ("!Ref Logs", {Read("Tier")}),
        ("!GetAtt Logs.Arn", {Read("Tier")}),
        ("!GetAtt [Logs, Arn]", {Read("Tier")}),
        ("!Sub '${Logs}/${Logs.Arn}/${Plain}'", {Read("Tier")}),
        ("!GetAtt Inner.Outputs.Name", {Read("Env")}),
        (
            "!FindInMap [Regions, !Ref AWS::Region, name]",
            {Read("AWS::Region", ("eu-west-1", "us-east-1"), closed=True)},
        ),
        (
            "!FindInMap [Regions, !Ref AWS::Region, name, {DefaultValue: !Ref Tier}]",
            {Read("AWS::Region", ("eu-west-1", "us-east-1")), Read("Tier")},
        ),
        ("!If [IsProd, !FindInMap [Tiers, !Ref Tier, days], 1]", {PROD, Read("Tier", ("gold", "silver"))}),
        ("!FindInMap [Regions, eu-west-1, !Ref Env]", {Read("Env", ("name", "zone"), closed=True)}),
        (
            "!FindInMap [Regions, !Ref Tier, !Sub '${Env}']",
            {
                Read("Tier", ("eu-west-1", "us-east-1"), closed=True),
                Read("Env", ("name", "zone"), closed=True),
            },
        ),
        ("!FindInMap [!Ref Env, a, b]", {Read("Env")}),
        ("!FindInMap [Tiers, !Sub 'x${Env}', days]", {Read("Env")}),
        ("!Join ['', [!Ref Env, !Select [0, !Ref Names]]]", {Read("Env"), Read("Names")}),
        ("!Equals [!Ref Env, !Ref Tier]", {Read("Env"), Read("Tier")}),
        ("!Equals [!Sub '${Env}-x', prod-x]", {Read("Env")}),
        ("!Contains [[a, b], !Ref Env]", {Read("Env", ("a", "b"))}),
        ("!Base64 {'Fn::Sub': '${Env}'}", {Read("Env")}),
        ("{Statement: [{Condition: {StringEquals: {a: !Ref Env}}}]}", {Read("Env")}),
        ("{Condition: {StringEquals: !Ref Env}}", {Read("Env")}),
        ("!Unheard [!Ref Env]", {Read("Env")}),
    ],
)
def test_what_an_expression_reads(expression: str, expected: set[Read]) -> None:
    assert read(expression) == expected


def test_a_resource_reads_what_its_condition_reads() -> None:
    template = of("x")
    assert reads(template, template.resources["Logs"].node) == {PROD, Read("Tier")}
    assert reads(template, template.resources["Plain"].node) == frozenset()


def test_a_map_that_is_asked_on_a_condition_is_not_always_asked() -> None:
    template = template_of("""
        Parameters: {Env: {Type: String}, Tier: {Type: String}}
        Mappings: {M: {gold: {n: 1}}}
        Conditions: {IsProd: !Equals [!Ref Env, prod]}
        Resources:
          A: {Type: T, Condition: IsProd, Properties: {N: !FindInMap [M, !Ref Tier, n]}}
          B: {Type: T, Properties: {N: !FindInMap [M, !Ref Tier, n]}}
        """)
    assert Read("Tier", ("gold",)) in reads(template, template.resources["A"].node)
    assert Read("Tier", ("gold",), closed=True) in reads(template, template.resources["B"].node)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("plain", [()]),
        ("!Ref Env", [()]),
        ("!If [IsProd, a, b]", [("Env is prod",), ("Env is not prod",)]),
        ("!If [Either, a, b]", [("Env is dev",), ("Env is prod",), ("Env is neither dev nor prod",)]),
        ("!If [IsEmpty, a, b]", [("Env is empty",), ("Env is not empty",)]),
        (
            "[!If [IsEmpty, a, b], !If [IsProd, a, b]]",
            [("Env is empty",), ("Env is prod",), ('Env is neither "" nor prod',)],
        ),
        ("!Ref Tier", [("Tier is gold",), ("Tier is silver",), ("Tier is bronze",), ("Tier is tin",)]),
        ("!If [IsGold, a, b]", [("Tier is gold",), ("Tier is silver, bronze or tin",)]),
        (
            "!If [IsGold, !Ref Tier, b]",
            [("Tier is gold",), ("Tier is silver",), ("Tier is bronze",), ("Tier is tin",)],
        ),
        ("!FindInMap [Tiers, !Ref Tier, days]", [("Tier is gold",), ("Tier is silver",)]),
        (
            "!FindInMap [Tiers, !Ref Tier, days, {DefaultValue: 0}]",
            [("Tier is gold",), ("Tier is silver",), ("Tier is bronze or tin",)],
        ),
        (
            "!FindInMap [Regions, !Ref AWS::Region, name]",
            [("AWS::Region is eu-west-1",), ("AWS::Region is us-east-1",)],
        ),
        ("!If [InIreland, a, b]", [("AWS::Region is eu-west-1",), ("AWS::Region is not eu-west-1",)]),
        ("!If [IsBig, a, b]", [()]),
        ("!Ref Mode", [()]),
        ("!Ref Secret", [()]),
        ("!Ref Stored", [()]),
        ("!Ref Names", [()]),
        ("!Sub '${AWS::Region}'", [()]),
        (
            "!If [IsProd, !If [InIreland, a, b], c]",
            [
                ("Env is prod", "AWS::Region is eu-west-1"),
                ("Env is prod", "AWS::Region is not eu-west-1"),
                ("Env is not prod", "AWS::Region is eu-west-1"),
                ("Env is not prod", "AWS::Region is not eu-west-1"),
            ],
        ),
    ],
)
def test_which_values_are_tried(expression: str, expected: list[tuple[str, ...]]) -> None:
    assert when(expression) == expected


def test_the_values_go_by_name() -> None:
    found = ways("[!If [Either, a, b], !If [IsGold, a, b]]")
    assert not isinstance(found, Unbounded)
    other = Opaque("Env", given=True, other_than=("dev", "prod"))
    rest = Opaque("Tier", given=True, other_than=("gold",))
    assert [scenario.assignment for scenario in found] == [
        {"Env": env, "Tier": tier} for env in ("dev", "prod", other) for tier in ("gold", rest)
    ]


def test_a_value_that_is_given_is_not_varied() -> None:
    assert when("!If [IsProd, !Ref Tier, b]", Env="x", Tier="gold") == [()]
    assert when("!If [InIreland, a, b]", AWS__Region="us-east-1") == [()]


def test_defaults_are_varied_when_all_are_asked_for() -> None:
    assert when("!If [IsBig, a, b]", all_scenarios=True) == [("Size is 9",), ("Size is not 9",)]
    assert when("!Ref Mode", all_scenarios=True) == [("Mode is on-off",), ("Mode is always",)]
    assert when("!Ref Mode", all_scenarios=True, Mode="always") == [()]


def test_values_that_the_declaration_refuses_are_not_tried() -> None:
    template = template_of(
        """
        Parameters:
          Name: {Type: String, MinLength: 1}
          Count: {Type: Number, MaxValue: 5}
        Conditions: {A: !Equals [!Ref Name, ''], B: !Equals [!Ref Count, 9], C: !Equals [!Ref Count, 2]}
        Resources: {It: {Type: T, Properties: [!If [A, 1, 2], !If [B, 1, 2], !If [C, 1, 2]]}}
        """.replace("Properties: [", "Metadata: [")
    )
    found = scenarios(
        template, Parameters(), reads(template, template.resources["It"].node), all_scenarios=False
    )
    assert not isinstance(found, Unbounded)
    assert [scenario.when for scenario in found] == [("Count is 2",), ("Count is not 2",)]


def test_a_bare_name_is_a_parameter_whose_value_is_used() -> None:
    template = of("x")
    found = scenarios(template, Parameters(), ["Tier", "Env", "Nowhere"], all_scenarios=False)
    assert not isinstance(found, Unbounded)
    assert [scenario.when[0] for scenario in found] == [
        f"Tier is {tier}" for tier in ["gold", "silver", "bronze", "tin"]
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("Assertions: [{Assert: !Equals [!Ref Env, prod]}]", [("Env is prod",)]),
        (
            "Assertions: [{Assert: !Not [!Equals [!Ref Env, dev]]}]",
            [("Env is prod",), ("Env is neither dev nor prod",)],
        ),
        ("Assertions: [{Assert: !Contains [[dev, prod], !Ref Env]}]", [("Env is dev",), ("Env is prod",)]),
        (
            "Assertions: [{Assert: !Contains [!ValueOfAll [a, b], !Ref Env]}]",
            ALL := [("Env is dev",), ("Env is prod",), ("Env is neither dev nor prod",)],
        ),
        (
            "RuleCondition: !Equals [!Ref Size, 1]\n    Assertions: [{Assert: !Equals [!Ref Env, dev]}]",
            [("Env is dev",)],
        ),
        ("RuleCondition: !Equals [!Ref Size, 2]\n    Assertions: [{Assert: !Equals [!Ref Env, dev]}]", ALL),
        (
            "RuleCondition: !Equals [!Ref Env, prod]\n    Assertions: [{Assert: !Equals [!Ref Size, 2]}]",
            [("Env is dev",), ("Env is neither dev nor prod",)],
        ),
        (
            "RuleCondition: !Equals [!Ref Tier, gold]\n    Assertions: [{Assert: !Equals [!Ref Env, dev]}]",
            ALL,
        ),
        ("Assertions: {Assert: x}", ALL),
        ("Assertions: [x, {Assert: y}, {}]", ALL),
        ("Other: x", ALL),
        ("Assertions: [{Assert: !Equals [a, b]}]", [()]),
    ],
)
def test_what_the_rules_refuse_is_not_tried(rule: str, expected: list[tuple[str, ...]]) -> None:
    assert when("!If [Either, a, b]", extra=f"Rules:\n  R:\n    {rule}\n") == expected


def test_a_region_is_in_one_partition() -> None:
    text = """
        Conditions:
          China: !Equals [!Ref AWS::Partition, aws-cn]
          Ireland: !Equals [!Ref AWS::Region, eu-west-1]
        Resources: {It: {Type: T, Metadata: [!If [China, 1, 2], !If [Ireland, 1, 2]]}}
        """
    template = template_of(text)
    found = reads(template, template.resources["It"].node)
    tried = scenarios(template, Parameters(), found, all_scenarios=False)
    assert not isinstance(tried, Unbounded)
    assert [scenario.when for scenario in tried] == [
        ("AWS::Partition is aws-cn", "AWS::Region is not eu-west-1"),
        ("AWS::Partition is not aws-cn", "AWS::Region is eu-west-1"),
        ("AWS::Partition is not aws-cn", "AWS::Region is not eu-west-1"),
    ]
    known = scenarios(template, Parameters({"AWS::Region": "eu-west-1"}), found, all_scenarios=False)
    assert known == [Scenario({})]


def many(count: int) -> tuple[Template, frozenset[Read]]:
    names = [f"P{number}" for number in range(count)]
    template = template_of(
        "Parameters:\n"
        + "".join(f"  {name}: {{Type: String}}\n" for name in names)
        + "Conditions:\n"
        + "".join(f"  C{name}: !Equals [!Ref {name}, x]\n" for name in names)
        + f"Resources: {{It: {{Type: T, Metadata: [{', '.join(f'!If [C{p}, 1, 2]' for p in names)}]}}}}\n"
    )
    return template, reads(template, template.resources["It"].node)


def test_at_most_so_many_are_tried() -> None:
    template, found = many(6)
    tried = scenarios(template, Parameters(), found, all_scenarios=False)
    assert isinstance(tried, list)
    assert len(tried) == 64
    for count in (7, 40):
        template, found = many(count)
        tried = scenarios(template, Parameters(), found, all_scenarios=False)
        assert isinstance(tried, Unbounded)
        assert tried.why.startswith("it depends on P0, P1, P2, ")
        assert f"which may turn out in {2**count:,} ways; no more than 64 are tried." in tried.why
    assert isinstance(ways("!If [IsProd, a, b]", limit=1), Unbounded)


def test_rules_count_before_the_limit() -> None:
    assert isinstance(ways("[!Ref Tier, !If [Either, a, b]]", limit=11), Unbounded)
    rule = "Rules: {R: {Assertions: [{Assert: !Contains [[dev, prod], !Ref Env]}]}}\n"
    assert isinstance(ways("[!Ref Tier, !If [Either, a, b]]", limit=11, extra=rule), list)


def test_what_a_nested_stack_reads_in_terms_of_its_parent() -> None:
    template = template_of("""
        Parameters: {Outer: {Type: String}, Tier: {Type: String}}
        Conditions: {Made: !Equals [!Ref Tier, gold]}
        Resources:
          One:
            Type: AWS::CloudFormation::Stack
            Properties: {Parameters: {Env: !Ref Outer, Name: !Sub 'x-${Tier}'}}
          Two:
            Type: AWS::CloudFormation::Stack
            Condition: Made
            Properties: {Parameters: {Env: !Ref Outer}}
          Three:
            Type: AWS::CloudFormation::Stack
            Properties: !If [Made, {Parameters: {Env: !Ref Outer}}, {}]
          Four: {Type: AWS::CloudFormation::Stack}
          Five: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Region: !Ref AWS::Region}}}
        """)
    inner = {
        Read("Env", ("prod",), closed=True),
        Read("Name"),
        Read("Region", ("x",)),
        Read("AWS::Region", ("eu-west-1",)),
        Read("AWS::StackName"),
        Read("Own"),
    }
    region = Read("AWS::Region", ("eu-west-1",))
    made = Read("Tier", ("gold",))
    found = {name: set(through(template, stack, inner)) for name, stack in template.resources.items()}
    assert found == {
        "One": {Read("Outer", ("prod",), closed=True), Read("Tier"), region},
        "Two": {Read("Outer", ("prod",)), made, region},
        "Three": {Read("Outer"), made, region},
        "Four": {region},
        "Five": {Read("AWS::Region", ("x",)), region},
    }


VALUES = ["dev", "prod", "test", ""]


def _expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(
        [
            "a",
            "b",
            "!Ref A",
            "!Ref B",
            "!Ref L",
            "!Sub '${A}-${L}'",
            "!Ref 'AWS::NoValue'",
            "!Ref Bucket",
            "!FindInMap [M, !Ref A, n]",
            "!FindInMap [M, !Ref B, n, {DefaultValue: 9}]",
            "!FindInMap [M, !Ref L, n]",
        ]
    )
    conditions = st.sampled_from(["CA", "CB", "CL", "Both", "Same"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(conditions, inner, inner).map(lambda it: f"!If [{it[0]}, {it[1]}, {it[2]}]"),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: f"!Join ['/', [{', '.join(items)}]]"),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        ),
        max_leaves=8,
    )


DECLARED = """
Transform: AWS::LanguageExtensions
Parameters:
  A: {Type: String}
  B: {Type: String}
  L: {Type: String, AllowedValues: [dev, prod, test]}
Mappings: {M: {dev: {n: 1}, prod: {n: 2}, test: {n: 3}, '': {n: 4}}}
Conditions:
  CA: !Equals [!Ref A, prod]
  CB: !Not [!Equals [dev, !Ref B]]
  CL: !Equals [!Ref L, test]
  Both: !And [!Condition CA, !Condition CL]
  Same: !Equals [!Ref A, !Ref B]
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !If [CB, !Sub 'x-${L}', y]}}
  It: {Type: T, Metadata: """


def filled(value: object, values: Mapping[str, str]) -> object:
    """With these values for the parameters that are left open in its texts."""
    match value:
        case str():
            return re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], found[0]), value)
        case list():
            return [filled(item, values) for item in value]
        case dict():
            return {name: filled(item, values) for name, item in value.items()}
        case _:
            return value


@given(expression=_expressions(), known=st.dictionaries(st.sampled_from("ABL"), st.sampled_from(VALUES[:3])))
def test_a_scenario_is_what_its_values_would_give(expression: str, known: dict[str, str]) -> None:
    template, _ = parsed(f"{DECLARED}{expression}}}\n")
    node = template.resources["It"].metadata
    assert node is not None
    parameters = Parameters(known)
    tried = scenarios(template, parameters, reads(template, node), all_scenarios=False, limit=1000)
    assert isinstance(tried, list)
    for scenario in tried:
        literals = {name: value for name, value in scenario.assignment.items() if isinstance(value, str)}
        rest = {name: value for name, value in scenario.assignment.items() if not isinstance(value, str)}
        assumed = shown(Evaluator(template, parameters, scenario.assignment), node)
        given_by_hand = shown(Evaluator(template, Parameters({**known, **literals}), rest), node)
        # Used itself, a parameter that a condition only compares with a value is not taken to have that value.
        assert filled(assumed, literals) == given_by_hand


@given(expression=_expressions(), values=st.lists(st.sampled_from(VALUES[:3]), min_size=3, max_size=3))
def test_every_choice_of_values_is_one_of_the_scenarios(expression: str, values: list[str]) -> None:
    """Exactly one of them allows it, and what that one tells is true."""
    template, _ = parsed(f"{DECLARED}{expression}}}\n")
    node = template.resources["It"].metadata
    assert node is not None
    chosen = dict(zip("ABL", values, strict=True))
    real = shown(Evaluator(template, Parameters(chosen)), node)
    tried = scenarios(template, Parameters(), reads(template, node), all_scenarios=False, limit=1000)
    assert isinstance(tried, list)
    fitting = [
        scenario
        for scenario in tried
        if all(
            value == chosen[name] if isinstance(value, str) else chosen[name] not in value.other_than
            for name, value in scenario.assignment.items()
        )
    ]
    [scenario] = fitting
    assert agrees(shown(Evaluator(template, Parameters(), scenario.assignment), node), real)


def agrees(told: object, real: object) -> bool:
    """What is told is real, as far as it is told."""
    if isinstance(told, list) and isinstance(real, list):
        open_items = any(isinstance(item, str) and item.startswith("?") for item in told)
        return open_items or (len(told) == len(real) and all(map(agrees, told, real)))
    if isinstance(told, str) and ("${" in told or told.startswith("?")):
        return True
    return told == real


def test_an_unrelated_condition_changes_nothing() -> None:
    before = when("!If [IsProd, a, b]")
    more = "".join(f"  Other{number}: !Equals [!Ref Env, other{number}]\n" for number in range(100))
    template = template_of(HEAD.replace("Conditions:\n", f"Conditions:\n{more}") + "!If [IsProd, a, b]}}\n")
    after = scenarios(
        template, Parameters(), reads(template, template.resources["It"].node), all_scenarios=False
    )
    assert not isinstance(after, Unbounded)
    assert [scenario.when for scenario in after] == before


def test_each_scenario_decides_the_conditions_it_is_made_for() -> None:
    template = of("[!If [Either, a, b], !If [IsGold, a, b], !If [InIreland, a, b]]")
    tried = scenarios(
        template, Parameters(), reads(template, template.resources["It"].node), all_scenarios=False
    )
    assert isinstance(tried, list)
    names = ("IsDev", "IsProd", "IsGold", "InIreland")
    outcomes = []
    for scenario in tried:
        conditions = Evaluator(template, Parameters(), scenario.assignment).conditions
        outcomes.append(tuple(conditions.holds(name).status for name in names))
    yes, no = Status.PASS, Status.FAIL
    envs = [(yes, no), (no, yes), (no, no)]
    assert outcomes == [(*env, gold, here) for env, gold, here in product(envs, [yes, no], [yes, no])]
