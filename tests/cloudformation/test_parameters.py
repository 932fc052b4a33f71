"""Parameters: their declarations, the values given, and parameter files."""

import pytest

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters, load_parameter_file
from tests.cloudformation.stacks import evaluator_of, output, shown, template_of, value

PARAMETERS = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, 'prod', yes]}
  Size: {Type: Number, Default: 5, MinValue: 1, MaxValue: 10}
  Short: {Type: String, MinLength: 1, MaxLength: 3, Default: abc}
  Names: {Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a'}
  Vpcs: {Type: 'List<AWS::EC2::VPC::Id>'}
  Flag: {Type: String, Default: true}
  Empty: {Type: String, Default: ''}
  Null: {Type: String, Default: }
  Listed: {Type: CommaDelimitedList, Default: [x, y]}
  Secret: {Type: String, NoEcho: 'true', AllowedValues: [hidden]}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}
  StoredList: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /a}
  Name: {Type: 'AWS::SSM::Parameter::Name', Default: /a/b}
  Key: {Type: 'AWS::EC2::KeyPair::KeyName', Default: mine}
  Untyped: {Default: x}
  Dynamic: {Type: String, Default: '{{resolve:ssm:x}}'}
Resources: {}
Outputs: {It: {Value: """


def it(name: str, **given: str) -> object:
    return value(f"{PARAMETERS}!Ref {name}}}}}\n", given)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Env", "${Env}"),
        ("Size", "5"),
        ("Names", ["a"]),
        ("Vpcs", "?Vpcs has no default and no value was given"),
        ("Flag", "true"),
        ("Empty", ""),
        ("'Null'", "${Null}"),
        ("Listed", ["x", "y"]),
        ("Secret", "${Secret}"),
        ("Stored", "${Stored}"),
        ("StoredList", "?StoredList is looked up in the parameter store"),
        ("Name", "/a/b"),
        ("Key", "mine"),
        ("Untyped", "x"),
        ("Dynamic", "${resolve:ssm:x}"),
    ],
)
def test_without_a_value_the_default_counts(name: str, expected: object) -> None:
    assert it(name) == expected


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("Env", "prod", "prod"),
        ("Env", "", ""),
        ("Size", "7", "7"),
        ("Names", " a , b", ["a", "b"]),
        ("Names", "", [""]),
        ("Vpcs", "vpc-1,vpc-2", ["vpc-1", "vpc-2"]),
        ("Secret", "hidden", "${Secret}"),
        ("Stored", "/b", "${Stored}"),
        ("Name", "/b", "/b"),
        ("Env", "{{resolve:ssm:y}}", "${resolve:ssm:y}"),
    ],
)
def test_a_given_value_goes_before_the_default(name: str, given: str, expected: object) -> None:
    assert it(name, **{name: given}) == expected


@pytest.mark.parametrize(
    ("name", "given", "accepted"),
    [
        ("Env", "dev", True),
        ("Env", "true", True),
        ("Env", "yes", False),
        ("Env", "stage", False),
        ("Size", "10", True),
        ("Size", "1.5", True),
        ("Size", "11", False),
        ("Size", "many", False),
        ("Short", "", False),
        ("Short", "abcd", False),
        ("Names", "b,a", True),
        ("Names", "a,c", False),
        ("Vpcs", "anything", True),
    ],
)
def test_values_that_cloudformation_refuses_are_problems(name: str, given: str, accepted: bool) -> None:
    template = template_of(f"{PARAMETERS}x}}}}\n")
    problems = Parameters({name: given}).refused_by(template)
    assert bool(problems) is not accepted
    for problem in problems:
        assert problem.at.address == f"Parameters.{name}"
        assert problem.at.line == list(template.parameters).index(name) + 2
        assert repr(given) in problem.message


def test_a_secret_is_never_shown() -> None:
    template = template_of(f"{PARAMETERS}!Sub 'x${{Secret}}'}}}}\n")
    parameters = Parameters({"Secret": "hunter2"})
    [problem] = parameters.refused_by(template)
    evaluator = Evaluator(template, parameters)
    resolved = output(evaluator, "It")
    head, via = resolved.node, resolved.via
    told = f"{problem} {shown(evaluator, head)} {via}"
    assert "hunter2" not in told
    assert "hidden" not in told
    assert problem.message == "The value given for Secret is none of its AllowedValues."


def test_values_that_no_template_knows() -> None:
    one = template_of("Parameters: {A: {Type: String}}\nResources: {}\n")
    two = template_of("Parameters: {B: {Type: String}}\nResources: {}\n")
    parameters = Parameters({"A": "1", "B": "2", "D": "3", "C": "4", "AWS::Region": "eu-west-1"})
    assert parameters.unknown_to([one, two]) == ["C", "D"]
    assert parameters.unknown_to([one]) == ["B", "C", "D"]
    assert parameters.refused_by(one) == []


@pytest.mark.parametrize("no_echo", ["true", "'true'", "True", "!Ref x", "maybe"])
def test_what_may_be_a_secret_is_one(no_echo: str) -> None:
    text = f"Parameters: {{P: {{Type: String, NoEcho: {no_echo}, Default: hunter2}}}}\nResources: {{}}\n"
    assert value(text + "Outputs: {It: {Value: !Ref P}}\n") == "${P}"


PARENT = """
Parameters:
  Env: {Type: String}
  Tier: {Type: String, Default: gold}
Conditions: {Gold: !Equals [!Ref Tier, gold], Open: !Equals [!Ref Env, x]}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: inner.yaml
      Parameters: """
CHILD = """
Parameters:
  Name: {Type: String, Default: own}
  Names: {Type: CommaDelimitedList, Default: 'own'}
  Other: {Type: String, Default: other}
Resources: {}
Outputs:
  Name: {Value: !Ref Name}
  Names: {Value: !Ref Names}
  Other: {Value: !Ref Other}
  Region: {Value: !Sub '${AWS::Region}/${AWS::StackName}'}
"""


def nested(passed: str, given: dict[str, str] | None = None, **assumed: str) -> tuple[dict[str, object], str]:
    """What the parameters of a nested stack are, and how its Name came about."""
    assignment = {name.replace("__", "::"): text for name, text in assumed.items()}
    parent = evaluator_of(PARENT + passed + "\n", given, assignment)
    child = template_of(CHILD)
    parameters = parent.parameters.within(parent.template.resources["Inner"], parent)
    evaluator = Evaluator(child, parameters)
    found = {name: shown(evaluator, output(evaluator, name).node) for name in child.outputs}
    return found, output(evaluator, "Name").via


def test_a_nested_stack_has_what_its_parent_passes() -> None:
    found, via = nested("{Name: !Sub 'x-${Tier}', Names: 'a,b'}")
    assert found == {
        "Name": "x-gold",
        "Names": ["a", "b"],
        "Other": "other",
        "Region": "${AWS::Region}/${AWS::StackName}",
    }
    assert via == "with the default of Tier"


@pytest.mark.parametrize(
    ("passed", "name", "names"),
    [
        ("{Name: !Ref Env}", "${Env}", ["own"]),
        ("{Name: !Ref AWS::NoValue}", "own", ["own"]),
        ("{Name: !If [Open, a, b]}", "?the condition Open is open: it depends on Env", ["own"]),
        ("{Name: [a]}", "?a stack passes texts to the stacks in it, and this is none", ["own"]),
        ("{Names: !Ref Env}", "own", "?it is ${Env}, which the input does not tell"),
        ("!If [Gold, {Name: a}, {}]", "a", ["own"]),
        ("!If [Open, {Name: a}, {}]", *["?the condition Open is open: it depends on Env"] * 2),
        ("null", "own", ["own"]),
    ],
)
def test_what_a_parent_may_pass(passed: str, name: str, names: object) -> None:
    found, _ = nested(passed)
    assert (found["Name"], found["Names"]) == (name, names)


def test_a_nested_stack_is_in_the_region_of_its_parent() -> None:
    given = {"AWS::Region": "eu-west-1", "AWS::StackName": "outer"}
    assert nested("{}", given)[0]["Region"] == "eu-west-1/${AWS::StackName}"
    assert nested("{}", AWS__Region="us-east-1")[0]["Region"] == "us-east-1/${AWS::StackName}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"ParameterKey": "A", "ParameterValue": "x"}]', {"A": "x"}),
        ('[{"ParameterKey": "A", "ParameterValue": ""}]', {"A": ""}),
        ('[{"ParameterKey": "A", "UsePreviousValue": true}]', {}),
        (
            '{"Parameters": {"A": "x", "B": 1, "C": true}, "Tags": {"t": "u"}}',
            {"A": "x", "B": "1", "C": "true"},
        ),
        ('{"Parameters": {"A": ["a", "b"]}}', {"A": "a,b"}),
        ('{"A": "x"}', {"A": "x"}),
        ('["A=x", "B=y=z"]', {"A": "x", "B": "y=z"}),
        ("Parameters:\n  A: x\n", {"A": "x"}),
        ("[]", {}),
    ],
)
def test_parameter_files(text: str, expected: dict[str, str]) -> None:
    assert load_parameter_file(text.encode(), "p.json") == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected", "place", "kind"),
    [
        ('[{"ParameterKey": "A", "ParameterValue": "x"}, {"Key": "B"}]', {"A": "x"}, (1, 48), "partial"),
        ('["nothing"]', {}, (1, 2), "partial"),
        ('{"A": {"b": 1}, "C": "x"}', {"C": "x"}, (1, 2), "partial"),
        ('{"A": null}', {}, (1, 2), "partial"),
        ('"text"', {}, (1, 1), "unreadable"),
        ('{"A": ', {}, (1, 7), "unreadable"),
        ("", {}, (0, 0), "unreadable"),
    ],
)
def test_what_a_parameter_file_can_not_say(
    text: str, expected: dict[str, str], place: tuple[int, int], kind: str
) -> None:
    values, [problem] = load_parameter_file(text.encode(), "p.json")
    assert values == expected
    assert (problem.at.source, problem.at.line, problem.at.column, problem.kind) == ("p.json", *place, kind)
