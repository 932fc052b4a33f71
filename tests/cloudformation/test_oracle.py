"""cfn-lint reads the same templates: where both tell a whole value, it is the same one."""

from collections.abc import Iterator
from itertools import product
from json import loads
from textwrap import dedent
from typing import Any

import pytest

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.produced import canonical
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence, is_null
from tests.cloudformation.stacks import template_of

pytest.importorskip(
    "cfnlint", reason="cfn-lint is the oracle of this test; it comes with the development extra"
)

PSEUDO: dict[str, str] = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "teststack",
    "AWS::URLSuffix": "amazonaws.com",
}

# Each with the values that its parameters take in turn, and how many expressions both then tell.
TEMPLATES: dict[str, tuple[str, dict[str, list[str]], int]] = {
    "sub": (
        """
        Parameters:
          Env: {Type: String}
          Size: {Type: Number, Default: 12}
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub 'logs-${Env}-${AWS::Region}'
              Tags:
                - {Key: literal, Value: !Sub 'a ${!Env} b'}
                - {Key: map, Value: !Sub ['${X}-${Env}-${Y}', {X: one, Y: !Ref Size}]}
                - Key: long
                  Value:
                    Fn::Sub:
                      - '${Who}@${AWS::AccountId}'
                      - Who: {Ref: Env}
                - {Key: none, Value: !Sub 'nothing in it $ { } {x}'}
                - {Key: twice, Value: !Sub '${Env}${Env}'}
                - {Key: suffix, Value: !Sub 'x.${AWS::URLSuffix}/${AWS::Partition}'}
        """,
        {"Env": ["prod", "", "a b"]},
        7,
    ),
    "join": (
        """
        Parameters:
          Names: {Type: CommaDelimitedList, Default: 'a, b ,c'}
          Env: {Type: String}
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Join ['-', [logs, !Ref Env, 7]]
              Tags:
                - {Key: list, Value: !Join [',', !Ref Names]}
                - {Key: empty, Value: !Join ['', [a, '', b]]}
                - {Key: nested, Value: !Join ['/', [x, !Join ['.', [y, !Ref Env]]]]}
                - {Key: long, Value: {'Fn::Join': [':', [arn, {Ref: AWS::Partition}, s3, '', '', b]]}}
                - {Key: split, Value: !Join ['_', !Split ['-', 'a-b--c']]}
                - {Key: sub, Value: !Join ['', ['pre', !Sub '${Env}', 'post']]}
        """,
        {"Env": ["dev", "prod"], "Names": ["x", "x,y , z"]},
        7,
    ),
    "select and split": (
        """
        Parameters:
          Names: {Type: CommaDelimitedList, Default: 'a,b,c'}
          Index: {Type: Number, Default: 1}
          Path: {Type: String, Default: one/two/three}
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Select [0, [x, y]]
              Tags:
                - {Key: list, Value: !Select [2, !Ref Names]}
                - {Key: index, Value: !Select [!Ref Index, !Ref Names]}
                - {Key: text, Value: !Select ['1', [x, y]]}
                - {Key: split, Value: !Select [1, !Split ['/', !Ref Path]]}
                - {Key: long, Value: {'Fn::Select': ['0', {'Fn::Split': [o, {Ref: Path}]}]}}
                - {Key: region, Value: !Select [2, !Split ['-', !Ref AWS::Region]]}
                - {Key: deep, Value: !Select [0, !Split ['.', !Select [1, [a.b, c.d]]]]}
        """,
        {"Index": ["0", "2"], "Path": ["p/q/r"]},
        8,
    ),
    "conditions": (
        """
        Parameters:
          Env: {Type: String, AllowedValues: [dev, stage, prod]}
          Audit: {Type: String, Default: 'false', AllowedValues: ['true', 'false']}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
          IsDev: {'Fn::Equals': [dev, {Ref: Env}]}
          Neither: !Not [!Or [!Condition IsProd, !Condition IsDev]]
          Audited: !Or [!Condition IsProd, !Equals [!Ref Audit, 'true']]
          Both: !And [!Condition Audited, !Not [!Condition IsDev]]
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: !If [IsProd, Enabled, Suspended]}
              AccessControl: !If [Audited, LogDeliveryWrite, Private]
              BucketName: !If [IsDev, !Sub 'dev-${AWS::AccountId}', !If [Neither, stage, prod]]
              Tags: !If
                - Both
                - - {Key: both, Value: !If [IsProd, p, n]}
                - - {Key: none, Value: 'x'}
        """,
        {"Env": ["dev", "stage", "prod"], "Audit": ["true", "false"]},
        4,
    ),
    "conditions of lists": (
        """
        Parameters:
          Env: {Type: String}
        Conditions:
          Empty: !Equals [!Ref Env, '']
          Region: !Equals [!Ref AWS::Region, eu-west-1]
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !If [Empty, nothing, !Ref Env]
              AccessControl: !If [Region, Private, PublicRead]
        """,
        {"Env": ["", "x"]},
        2,
    ),
    "find in map": (
        """
        Parameters:
          Env: {Type: String, Default: dev}
        Mappings:
          Sizes:
            dev: {days: 7, class: STANDARD, list: [a, b]}
            prod: {days: 90, class: GLACIER, list: [c]}
          Regions:
            eu-west-1: {name: ireland}
            us-east-1: {name: virginia}
          Accounts:
            prod: {'123456789012': mine}
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !FindInMap [Sizes, !Ref Env, class]
              AccessControl: !FindInMap [Regions, eu-west-1, name]
              Tags:
                - {Key: number, Value: !FindInMap [Sizes, prod, days]}
                - {Key: long, Value: {'Fn::FindInMap': [Sizes, dev, class]}}
                - {Key: joined, Value: !Join ['+', !FindInMap [Sizes, !Ref Env, list]]}
                - {Key: chosen, Value: !Select [0, !FindInMap [Sizes, dev, list]]}
        """,
        {"Env": ["dev", "prod"]},
        6,
    ),
    "language extensions": (
        """
        Transform: AWS::LanguageExtensions
        Parameters:
          Env: {Type: String, Default: dev}
        Mappings:
          Sizes:
            dev: {days: 7}
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !FindInMap [Sizes, !Sub '${Env}', days]
              AccessControl: !FindInMap [Sizes, dev, !Join ['', [da, ys]]]
              Tags:
                - {Key: default, Value: !FindInMap [Sizes, nowhere, days, {DefaultValue: none}]}
                - Key: chosen
                  Value: !Select [0, !Split ['-', !Sub '${Env}-x']]
        """,
        {"Env": ["dev"]},
        4,
    ),
    "loops": (
        """
        Transform: AWS::LanguageExtensions
        Parameters:
          Names: {Type: CommaDelimitedList, Default: 'a,b'}
        Mappings:
          Days:
            a: {n: 1}
            b: {n: 2}
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - [a, b]
            - 'Bucket${Name}':
                Type: AWS::S3::Bucket
                Properties:
                  BucketName: !Sub 'logs-${Name}-${AWS::Region}'
                  AccessControl: !Ref Name
                  Tags:
                    - {Key: days, Value: !FindInMap [Days, !Ref Name, n]}
          Fn::ForEach::Outer:
            - X
            - [p, q]
            - Fn::ForEach::Inner:
                - Y
                - ['1', '2']
                - 'Nested${X}${Y}':
                    Type: AWS::S3::Bucket
                    Properties:
                      BucketName: !Sub '${X}-${Y}'
        """,
        {},
        8,
    ),
    "resources": (
        """
        Parameters:
          Env: {Type: String}
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties: {BucketName: !Sub 'logs-${Env}'}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Version: 2012-10-17
                Statement:
                  - Effect: Deny
                    Action: !If [Wide, 's3:*', 's3:Get*']
                    Principal: '*'
                    Resource: [!Sub '${Logs.Arn}/*', !GetAtt Logs.Arn, !Sub 'arn:aws:s3:::${Env}/*']
                    Condition: {Bool: {'aws:SecureTransport': false}}
        Conditions:
          Wide: !Equals [!Ref Env, wide]
        """,
        {"Env": ["wide", "narrow"]},
        3,
    ),
    "json": (
        """
        {"Parameters": {"Env": {"Type": "String"}},
         "Conditions": {"P": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Env"}, "dev"]}]}},
         "Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {
            "BucketName": {"Fn::Join": ["", ["x", {"Fn::If": ["P", "1", "2"]}]]},
            "Tags": [{"Key": "n", "Value": {"Fn::Sub": "${Env}"}}, {"Key": "i", "Value": {"Ref": "Env"}}]}}}}
        """,
        {"Env": ["dev", "prod"]},
        3,
    ),
    "to json": (
        """
        Transform: AWS::LanguageExtensions
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName:
                Fn::ToJsonString: {}
              AccessControl:
                Fn::ToJsonString: []
              Tags:
                - Key: all
                  Value:
                    Fn::ToJsonString: {a: 1, b: x, c: true, d: [1, null, 0.5], e: {f: 'g"h\\i', j: 'true'}}
        """,
        {},
        3,
    ),
    "what neither tells": (
        """
        Parameters:
          Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Ref Stored
              AccessControl: !ImportValue other
              Tags:
                - {Key: base, Value: !Base64 text}
                - {Key: cidr, Value: !Select [0, !Cidr [10.0.0.0/16, 2, 8]]}
                - {Key: dynamic, Value: '{{resolve:ssm:name:1}}'}
                - {Key: ref, Value: !Ref A}
        """,
        {},
        0,
    ),
}

CASES = [
    pytest.param(
        text, dict(zip(choices, values, strict=True)), wanted, id=f"{name} {'/'.join(values)}".strip()
    )
    for name, (text, choices, wanted) in TEMPLATES.items()
    for values in product(*choices.values())
]

UNTOLD = object()


class Oracle:
    """cfn-lint's reading of a template under given parameters."""

    def __init__(self, text: str, parameters: dict[str, str]) -> None:
        from cfnlint.decode.cfn_yaml import loads as decoded
        from cfnlint.jsonschema import CfnTemplateValidator
        from cfnlint.template import Template

        self.template = Template("t.yaml", decoded(text), [PSEUDO["AWS::Region"]])
        assert self.template.transform() == []
        values: dict[str, Any] = dict(PSEUDO)
        for name, declared in self.template.context.parameters.items():
            known = parameters.get(name, declared.default)
            if known is not None:
                is_list = declared.type == "CommaDelimitedList" and isinstance(known, str)
                values[name] = [piece.strip() for piece in known.split(",")] if is_list else known
        context = self.template.context.evolve(ref_values=values)
        self.validator = CfnTemplateValidator(cfn=self.template, context=context)

    def value(self, instance: Any) -> object:
        """The one whole value that an expression may have, or UNTOLD."""
        found = [value for value, _, errors in self.validator.resolve_value(instance) if not errors]
        if len(found) != 1:
            return UNTOLD
        value = found[0]
        if isinstance(value, dict):
            return _whole({key: self.value(inner) for key, inner in value.items()})
        if isinstance(value, list):
            return _whole([self.value(inner) for inner in value])
        if isinstance(value, bool):
            return str(value).lower()
        # CloudFormation's documentation writes `${!x}` as `${x}`; cfn-lint leaves the exclamation mark.
        return None if value is None else str(value).replace("${!", "${")


def _whole(value: Any) -> object:
    children = value.values() if isinstance(value, dict) else value
    return UNTOLD if any(child is UNTOLD for child in children) else value


def ours(evaluator: Evaluator, node: Node) -> object:
    """The whole value of an expression, or UNTOLD."""
    head = evaluator.resolve(node).node
    if isinstance(head, Scalar):
        return None if is_null(head) else canonical(head)
    if isinstance(head, Sequence):
        items = evaluator.items(head)
        assert not isinstance(items, Undecided)
        return _whole([ours(evaluator, item.node) for item in items])
    if isinstance(head, Mapping):
        entries = evaluator.entries(head)
        assert not isinstance(entries, Undecided)
        return _whole({name: ours(evaluator, member.value.node) for name, member in entries.items()})
    return UNTOLD


def expressions(node: Node, theirs: Any, path: str) -> Iterator[tuple[str, Node, Any]]:
    """Every value under a node, with cfn-lint's own node for it."""
    yield path, node, theirs
    if isinstance(node, Mapping) and not node.tag and isinstance(theirs, dict):
        for name, entry in node.entries.items():
            if name in theirs and not name.startswith("Fn::"):
                yield from expressions(entry.value, theirs[name], f"{path}.{name}")
    elif isinstance(node, Sequence) and not node.tag and isinstance(theirs, list):
        for index, (item, other) in enumerate(zip(node.items, theirs, strict=True)):
            yield from expressions(item, other, f"{path}[{index}]")


def comparable(value: object) -> object:
    """JSON in a text as what it says: CloudFormation writes it without spaces, cfn-lint with them."""
    return loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def is_expression(node: Node) -> bool:
    return bool(node.tag) or (
        isinstance(node, Mapping) and any(n.startswith("Fn::") or n == "Ref" for n in node.entries)
    )


@pytest.mark.parametrize(("text", "parameters", "wanted"), CASES)
def test_we_read_what_cfn_lint_reads(text: str, parameters: dict[str, str], wanted: int) -> None:
    text = dedent(text).lstrip("\n")
    template = template_of(text, parameters)
    evaluator = Evaluator(template, Parameters({**PSEUDO, **parameters}))
    oracle = Oracle(text, parameters)
    assert list(template.resources) == list(oracle.template.template["Resources"])
    agreed = 0
    for name, resource in template.resources.items():
        theirs = oracle.template.template["Resources"][name]["Properties"]
        assert resource.properties is not None
        for path, node, other in expressions(resource.properties, theirs, name):
            if not is_expression(node):
                continue
            known, expected = ours(evaluator, node), oracle.value(other)
            if known is not UNTOLD and expected is not UNTOLD:
                assert (path, comparable(known)) == (path, comparable(expected))
                agreed += 1
    assert agreed == wanted
