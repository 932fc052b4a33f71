"""Fn::ForEach, written out."""

import pytest

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.template import Template
from s3audit.verdict import Status
from tests.cloudformation.stacks import parsed, shown, template_of

HEAD = """Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a,b'}, Open: {Type: CommaDelimitedList}}
"""


def names(template: Template) -> list[str]:
    return list(template.resources)


def properties(template: Template, name: str) -> object:
    node = template.resources[name].properties
    assert node is not None
    return shown(Evaluator(template, Parameters()), node)


def test_resources_are_repeated_in_their_place() -> None:
    template = template_of(
        HEAD
        + """
Resources:
  First: {Type: AWS::SNS::Topic}
  Fn::ForEach::Buckets:
    - Name
    - [Logs, Data]
    - 'Bucket${Name}':
        Type: AWS::S3::Bucket
        Properties:
          BucketName: !Sub 'x-${Name}-${AWS::Region}'
          Tags: [{Key: !Ref Name, Value: {Ref: Name}}]
          LoggingConfiguration: {DestinationBucketName: !Ref 'Bucket${Name}'}
          Literal: '${Name}'
          Kept: !Sub '${!Name}'
  Last: {Type: AWS::SNS::Topic}
"""
    )
    assert names(template) == ["First", "BucketLogs", "BucketData", "Last"]
    assert properties(template, "BucketLogs") == {
        "BucketName": "x-Logs-${AWS::Region}",
        "Tags": [{"Key": "Logs", "Value": "Logs"}],
        "LoggingConfiguration": {"DestinationBucketName": "x-Logs-${AWS::Region}"},
        "Literal": "Logs",
        "Kept": "${Name}",
    }


def test_everything_keeps_its_place() -> None:
    template = template_of("""
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - [Logs, Data]
            - 'Bucket${Name}':
                Type: AWS::S3::Bucket
                Properties:
                  BucketName: !Ref Name
                  AccessControl: Private
        """)
    one, other = template.resources["BucketLogs"], template.resources["BucketData"]
    for resource in (one, other):
        assert (resource.key.line, resource.key.column) == (6, 7)
        head = Evaluator(template, Parameters()).property(resource, "BucketName").node
        assert (head.line, head.column, head.end_column) == (9, 23, 32)
    evaluator = Evaluator(template, Parameters())
    # What has nothing to replace is not copied.
    assert evaluator.property(one, "AccessControl").node is evaluator.property(other, "AccessControl").node


def test_the_ampersand_form_drops_what_is_not_alphanumeric() -> None:
    template = template_of(
        HEAD
        + """
Resources:
  Fn::ForEach::Buckets:
    - Zone
    - ['a.example.com', b-1_é]
    - 'Bucket&{Zone}':
        Type: AWS::S3::Bucket
        Properties: {BucketName: !Sub '${Zone}/&{Zone}'}
"""
    )
    assert names(template) == ["Bucketaexamplecom", "Bucketb1"]
    assert properties(template, "Bucketaexamplecom") == {"BucketName": "a.example.com/aexamplecom"}


def test_loops_in_loops() -> None:
    template = template_of(
        HEAD
        + """
Resources:
  Fn::ForEach::Outer:
    - X
    - [p, q]
    - 'Key${X}': {Type: AWS::KMS::Key}
      Fn::ForEach::Inner:
        - Y
        - !Ref Names
        - '${X}${Y}': {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${X}-${Y}'}}
"""
    )
    assert names(template) == ["Keyp", "pa", "pb", "Keyq", "qa", "qb"]
    assert properties(template, "qb") == {"BucketName": "q-b"}


def test_conditions_outputs_and_properties_repeat_too() -> None:
    template = template_of(
        HEAD
        + """
Conditions:
  Fn::ForEach::Conditions:
    - X
    - [a, b]
    - 'Is${X}': !Equals [!Ref X, a]
Resources:
  Fn::ForEach::Buckets:
    - X
    - [a, b]
    - 'Bucket${X}':
        Type: AWS::S3::Bucket
        Condition: 'Is${X}'
        Properties:
          Fn::ForEach::Flags:
            - Flag
            - [Acls, Policy]
            - 'Block${Flag}': !If ['Is${X}', !Ref Flag, 'no']
          Other: 1
Outputs:
  Fn::ForEach::Outputs:
    - X
    - [a, b]
    - 'Arn${X}': {Value: !GetAtt 'Bucket${X}.Arn'}
      'Name${X}': {Value: !GetAtt [!Sub 'Bucket${X}', Arn]}
"""
    )
    evaluator = Evaluator(template, Parameters())
    assert [evaluator.exists(resource).status for resource in template.resources.values()] == [
        Status.PASS,
        Status.FAIL,
    ]
    assert properties(template, "Bucketa") == {"BlockAcls": "Acls", "BlockPolicy": "Policy", "Other": "1"}
    assert properties(template, "Bucketb") == {"BlockAcls": "no", "BlockPolicy": "no", "Other": "1"}
    assert list(template.outputs) == ["Arna", "Namea", "Arnb", "Nameb"]
    for name in ("Arnb", "Nameb"):
        value = template.outputs[name].get("Value")
        assert value is not None
        assert shown(evaluator, value) == "arn:${AWS::Partition}:s3:::${Bucketb}"


@pytest.mark.parametrize(
    ("collection", "expected"),
    [
        ("!Ref Names", ["Ba", "Bb"]),
        ("{Ref: Names}", ["Ba", "Bb"]),
        ("[x, !Ref AWS::NoValue, !Select [0, !Ref Names]]", ["Bx", "Ba"]),
        ("!Split ['/', x/y]", ["Bx", "By"]),
        ("[]", []),
        ("[1, true]", ["B1", "Btrue"]),
        ("[x, x]", ["Bx"]),
    ],
)
def test_collections(collection: str, expected: list[str]) -> None:
    loop = f"Resources: {{'Fn::ForEach::L': [X, {collection}, {{'B${{X}}': {{Type: T}}}}]}}\n"
    assert names(template_of(HEAD + loop)) == expected


def test_a_parameter_that_is_given_makes_the_collection() -> None:
    loop = "Resources: {'Fn::ForEach::L': [X, !Ref Open, {'B${X}': {Type: T}}]}\n"
    assert names(template_of(HEAD + loop, {"Open": "u, v"})) == ["Bu", "Bv"]


def test_an_unknown_collection_leaves_one_instance_of_which_there_may_be_any_number() -> None:
    template, [problem] = parsed(
        HEAD
        + """
Resources:
  Fn::ForEach::Buckets:
    - X
    - !Ref Open
    - 'Bucket${X}':
        Type: AWS::S3::Bucket
        Condition: Mine
        Properties: {BucketName: !Sub 'logs-${X}', Tag: !Ref X}
"""
    )
    assert (problem.at.line, problem.at.column) == (5, 3)
    said = "ow often Fn::ForEach::Buckets repeats can't be told: Open has no default and no value was given"
    assert problem.message == f"H{said}."
    assert names(template) == ["Bucket${X}"]
    evaluator = Evaluator(template, Parameters())
    answer = evaluator.exists(template.resources["Bucket${X}"])
    assert (answer.status, answer.why) == (Status.UNKNOWN, f"h{said}")
    assert properties(template, "Bucket${X}") == {"BucketName": "logs-${X}", "Tag": "${X}"}
    assert not evaluator.problems
    assert template.hidden == (f"h{said}",)
    assert not template.is_closed


def test_an_unknown_collection_in_properties_or_conditions() -> None:
    template, problems = parsed(
        HEAD
        + """
Conditions:
  Fn::ForEach::Conditions: [X, !Ref Open, {'Is${X}': !Equals [!Ref X, a]}]
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: x
      Deep: {Fn::ForEach::Flags: [X, !Ref Open, {'Block${X}': true}], Other: 1}
      Alone: {Fn::ForEach::Flags: [X, !Ref Open, {'Block${X}': true}]}
"""
    )
    assert len(problems) == 3
    assert properties(template, "Logs") == {
        "BucketName": "x",
        "Deep": "?Fn::ForEach::Flags can't be written out",
        "Alone": "?Fn::ForEach::Flags can't be written out",
    }
    assert template.hidden == ("Fn::ForEach::Conditions in the section Conditions can't be written out",)


@pytest.mark.parametrize("argument", ["x", "[X]", "[X, [a]]", "[X, [a], x]", "[[X], [a], {}]", "{a: b}"])
def test_a_malformed_loop_is_a_problem(argument: str) -> None:
    template, [problem] = parsed(f"{HEAD}Resources:\n  Good: {{Type: T}}\n  Fn::ForEach::L: {argument}\n")
    assert (problem.at.line, problem.at.column) == (5, 3)
    assert problem.message == "Fn::ForEach::L takes an identifier, a collection and a mapping."
    assert names(template) == ["Good"]
    assert not template.is_closed


def test_a_key_without_the_identifier_is_made_once() -> None:
    template, [problem] = parsed(
        HEAD + "Resources: {'Fn::ForEach::L': [X, [a, b], {Same: {Type: !Ref X}}]}\n"
    )
    assert problem.kind == "ambiguous"
    assert (
        problem.message
        == "The loop makes the key Same again; the first one counts. Use its identifier in the key."
    )
    assert template.resources["Same"].type == "a"


def test_a_loop_without_the_transform_is_written_out_all_the_same() -> None:
    template, [problem] = parsed("Resources: {'Fn::ForEach::L': [X, [a], {'B${X}': {Type: T}}]}\n")
    assert names(template) == ["Ba"]
    assert problem.message.startswith("Fn::ForEach::L needs `Transform: AWS::LanguageExtensions`")


def test_loops_without_end_are_cut_short() -> None:
    digits = "['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']"
    body = "{'B${V0}${V1}${V2}${V3}${V4}${V5}': {Type: T}}"
    for level in reversed(range(6)):
        body = f"{{'Fn::ForEach::L{level}': [V{level}, {digits}, {body}]}}"
    template, [problem] = parsed(
        f"{HEAD}Resources: {body}\nOutputs: {{'Fn::ForEach::O': [X, [a], {{'${{X}}': {{Value: 1}}}}]}}\n"
    )
    assert names(template) == []
    assert (
        problem.message == "The loops of Resources make more than 100,000 nodes, so they are not written out."
    )
    assert list(template.outputs) == ["a"]
    assert not template.is_closed


def test_many_empty_rounds_are_cut_short_too() -> None:
    many = ",".join(map(str, range(1000)))
    values = f"!Split [',', '{many}']"
    loop = f"'Fn::ForEach::A': [X, {values}, {{'Fn::ForEach::B': [Y, {values}, {{}}]}}]"
    _, [problem] = parsed(f"{HEAD}Resources: {{{loop}}}\n")
    assert "make more than 100,000 nodes" in problem.message
