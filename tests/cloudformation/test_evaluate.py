"""Every intrinsic function, in both of its forms, with the place of what it gives."""

import pytest

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.documents.resolved import Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Scalar, Sequence
from s3audit.text import Opaque, Text
from tests.cloudformation.stacks import evaluator_of, output, parsed, place, shown, template_of, value

HEAD = """
Parameters:
  Env: {Type: String}
  Tier: {Type: String, Default: gold}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Open: {Type: CommaDelimitedList}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /path/of/it}
Mappings:
  Sizes:
    dev: {days: 7, class: STANDARD, list: [x, y], same: 1}
    prod: {days: 30, class: STANDARD, list: [z], same: 1}
    odd: {days: 90}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  Gold: !Equals [!Ref Tier, gold]
  Silver: !Equals [!Ref Tier, silver]
Resources:
  Logs: {Type: 'AWS::S3::Bucket'}
  Role: {Type: 'AWS::IAM::Role'}
Outputs:
  It:
    Value: """


VANISHES = "?an element before the one that is taken may be AWS::NoValue"


def it(expression: str, **parameters: str) -> object:
    """What an expression comes to."""
    return value(HEAD + expression + "\n", parameters)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("plain", "plain"),
        ("!Ref Env", "${Env}"),
        ("{Ref: Env}", "${Env}"),
        ("!Ref Tier", "gold"),
        ("!Ref Names", ["a", "b", "c"]),
        ("!Ref Open", "?Open has no default and no value was given"),
        ("!Ref Secret", "${Secret}"),
        ("!Ref Stored", "${Stored}"),
        ("!Ref AWS::Region", "${AWS::Region}"),
        ("!Ref AWS::NoValue", None),
        ("!Ref Logs", "${Logs}"),
        ("!Sub 'x-${Env}-${Tier}'", "x-${Env}-gold"),
        ("{'Fn::Sub': 'x-${Tier}'}", "x-gold"),
        ("!Sub ['${A}/${Tier}', {A: !Ref Env}]", "${Env}/gold"),
        ("!Sub ['${A.B}', {A.B: local}]", "local"),
        ("!Sub '${!Env} ${ Tier } ${'", "${Env} gold ${"),
        ("!Sub '${Logs}/${Logs.Arn}'", "${Logs}/arn:${AWS::Partition}:s3:::${Logs}"),
        ("!Sub '${Secret}'", "${Secret}"),
        ("!Sub '${Names}'", "${Names}"),
        ("!Sub ''", ""),
        ("!Join ['-', [a, !Ref Env, !Ref 'AWS::NoValue', b]]", "a-${Env}-b"),
        ("{'Fn::Join': ['', [{Ref: Tier}, '', 1]]}", "gold1"),
        ("!Join [',', !Ref Names]", "a,b,c"),
        ("!Join [',', []]", ""),
        ("!Join ['', ['', '', x]]", "x"),
        ("!Join [',', ['', '']]", ","),
        ("!Join [',', !Ref Open]", "?Open has no default and no value was given"),
        (
            "!Join ['', [a, !If [IsProd, b, !Ref 'AWS::NoValue']]]",
            "?the condition IsProd is open: it depends on Env",
        ),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['0', !Ref Names]", "a"),
        ("{'Fn::Select': [2, {'Fn::Split': ['-', x-y-z]}]}", "z"),
        ("!Select [0, [!Sub '${Env}']]", "${Env}"),
        ("!Select [9, [a]]", "?the list has no element 9"),
        ("!Select [!Ref Env, [a]]", "?which element is taken depends on ${Env}"),
        (
            "!Select [1, [!Ref 'AWS::NoValue', b, c]]",
            VANISHES,
        ),
        ("!Select [1, [!If [IsProd, a, b], c]]", "c"),
        ("!Select [1, [!If [IsProd, a, !Ref 'AWS::NoValue'], c]]", VANISHES),
        ("!Select [1, [!If [IsProd, a, !If [Silver, x, !Ref 'AWS::NoValue']], c]]", VANISHES),
        ("!Select [1, [!FindInMap [Sizes, !Ref Env, days], c]]", "c"),
        ("!Select [1, [!FindInMap [Sizes, !Ref Env, x, {DefaultValue: !Ref 'AWS::NoValue'}], c]]", VANISHES),
        (
            "!Select [1, [!FindInMap [Sizes, !Ref Env, days, {DefaultValue: !Ref 'AWS::NoValue'}], c]]",
            VANISHES,
        ),
        ("!Select [1, [!Select [!Ref Env, [a, b]], c]]", "c"),
        ("!Select [1, [!Select [!Ref Env, [a, !Ref 'AWS::NoValue']], c]]", VANISHES),
        ("!Select [1, [!Select [0, !Split [',', !Ref Env]], c]]", "c"),
        ("!Select [1, [!Select [0, !If [IsProd, [a], [b]]], c]]", VANISHES),
        ("!Select [1, [!Transform {Name: Mine}, c]]", VANISHES),
        ("!Select [1, [!GetAZs '', c]]", "c"),
        ("!Join ['-', [a, !If [IsProd, b, c]]]", "a-${Fn::If ['IsProd', 'b', 'c']}"),
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("!Split [',', !Ref Env]", "?${Env} may hold ',', at which it is split"),
        ("!Split [':', !GetAtt Logs.Arn]", ["arn", "${AWS::Partition}", "s3", "", "", "${Logs}"]),
        ("!Select [5, !Split [':', !GetAtt Logs.Arn]]", "${Logs}"),
        ("!Split ['-', !Ref AWS::Region]", "?${AWS::Region} may hold '-', at which it is split"),
        ("!If [Gold, yes, 'no']", "true"),
        ("!If [Gold, x, y]", "x"),
        ("{'Fn::If': [Silver, x, {Ref: Env}]}", "${Env}"),
        ("!If [Silver, x, !Ref 'AWS::NoValue']", None),
        ("!If [IsProd, x, y]", "?the condition IsProd is open: it depends on Env"),
        ("!If [IsProd, same, same]", "same"),
        ("!If [IsProd, !Ref Env, !Sub '${Env}']", "${Env}"),
        ("!If [Nowhere, x, y]", "?there is no condition Nowhere"),
        ("!If [Gold, !If [Silver, a, b], c]", "b"),
        ("!FindInMap [Sizes, dev, days]", "7"),
        (
            "{'Fn::FindInMap': [Sizes, prod, {Ref: Nothing}]}",
            "?Nothing is neither a parameter nor a resource of this template",
        ),
        ("!FindInMap [Sizes, dev, list]", ["x", "y"]),
        ("!FindInMap [Sizes, !Ref Env, days]", "?which value of the map Sizes applies depends on Env"),
        ("!FindInMap [Sizes, !Ref Env, same]", "1"),
        (
            "!FindInMap [Sizes, !Ref Env, same, {DefaultValue: 2}]",
            "?which value of the map Sizes applies depends on Env",
        ),
        ("!FindInMap [Sizes, !Ref Env, same, {DefaultValue: '1'}]", "1"),
        ("!FindInMap [Sizes, test, days]", "?there is no Sizes.test.days in the Mappings"),
        ("!FindInMap [Sizes, test, days, {DefaultValue: 5}]", "5"),
        ("!FindInMap [Sizes, dev, days, {DefaultValue: 5}]", "7"),
        ("!FindInMap [Sizes, test, days, {DefaultValue: !Ref 'AWS::NoValue'}]", None),
        ("!FindInMap [Sizes, test, days, {DefaultValue: !Ref Names}]", ["a", "b", "c"]),
        ("!FindInMap [!Ref Env, dev, days, {DefaultValue: 5}]", "?which map is asked depends on ${Env}"),
        ("!ImportValue shared-logs", "${Fn::ImportValue shared-logs}"),
        ("{'Fn::ImportValue': {'Fn::Sub': '${Env}-logs'}}", "${Fn::ImportValue ${Env}-logs}"),
        ("!Base64 text", "dGV4dA=="),
        ("{'Fn::Base64': {Ref: Tier}}", "Z29sZA=="),
        ("!Base64 {'Fn::Sub': 'a${Env}'}", "${Fn::Base64 Fn::Sub 'a${Env}'}"),
        ("!Base64 ''", ""),
        ("!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        ("{'Fn::Cidr': [192.168.0.0/24, '6', '5']}", [f"192.168.0.{n}/27" for n in range(0, 192, 32)]),
        ("!Cidr [10.0.0.0/24, 2, 9]", "?Fn::Cidr can't cut these blocks"),
        ("!Cidr [!Ref Env, 2, 9]", "?it depends on ${Env}"),
        ("!GetAZs ''", "?the Availability Zones of a region are told by AWS only"),
        ("!Length [a, !Ref 'AWS::NoValue', b]", "2"),
        ("{'Fn::Length': {Ref: Names}}", "3"),
        ("!Length {Ref: Open}", "?Open has no default and no value was given"),
        (
            "!ToJsonString {a: 1, b: [true, 'true', !Ref Env], c: !Ref 'AWS::NoValue'}",
            '{"a":1,"b":[true,"true","${Env}"]}',
        ),
        ("{'Fn::ToJsonString': {k: !Sub 'say \"${Tier}\"'}}", '{"k":"say \\"gold\\""}'),
        ("{'Fn::ToJsonString': [!If [IsProd, 1, 2]]}", "?the condition IsProd is open: it depends on Env"),
        ("!Transform {Name: Mine}", "?a macro rewrites it"),
        (
            "{'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: x}}, Other: 1}",
            "?a macro rewrites it",
        ),
        (
            "{'Fn::If': [Gold, 1, 2], Other: 1}",
            "?Fn::If stands beside other keys, where CloudFormation does not allow it",
        ),
        ("'{{resolve:ssm:/a/b:1}}'", "${resolve:ssm:/a/b:1}"),
        ("'x{{resolve:secretsmanager:s:SecretString:p}}y'", "x${resolve:secretsmanager:s:SecretString:p}y"),
        ("!Sub '{{resolve:ssm:/${Tier}/${Env}}}!'", "${resolve:ssm:/gold/${Env}}!"),
        ("!Join ['', ['{{resolve:', 'ssm:a}}']]", "${resolve:ssm:a}"),
        ("'{{resolve:never closed'", "{{resolve:never closed"),
        ("!Unheard [of]", "?!Unheard is no function that is understood here"),
        ("{'Fn::Unheard': of}", "?Fn::Unheard is no function that is understood here"),
        (
            "!Equals [a, a]",
            "?a function of conditions and rules stands here, where CloudFormation does not allow it",
        ),
        (
            "!GetStackOutput {StackName: s, OutputName: o}",
            "${Fn::GetStackOutput {StackName: 's', OutputName: 'o'}}",
        ),
        ("!Sub '${X}-x'", "${X}-x"),
        (
            "!Sub ['${A}', {A: !Select [0, !Split [',', !Ref Env]]}]",
            "${Fn::Select ['0', Fn::Split [',', Env]]}",
        ),
    ],
)
def test_what_a_function_gives(expression: str, expected: object) -> None:
    assert it(expression) == expected


WRONG = """
!Ref [a]
!Ref {a: b}
!GetAtt Logs
!GetAtt [Logs]
!GetAtt {a: b}
!GetAtt [Logs, [Arn]]
!Sub [a]
!Sub [a, b]
!Sub [[], {}]
!Sub {a: b}
!Join a
!Join [a]
!Join [a, b]
!Join [[], [a]]
!Select a
!Select [a, [b]]
!Select [-1, [b]]
!Select [0, b]
!Split a
!Split ['', b]
!Split [a, [b]]
!Split [[], b]
!If a
!If [Gold, b]
!If [[a], b, c]
!FindInMap a
!FindInMap [a, b]
!FindInMap [[], b, c]
!FindInMap [No, b, c]
!ImportValue [a]
!Base64 [a]
!Cidr a
!Cidr [a, b, c]
!Cidr [10.0.0.0/16, 0, 8]
!Cidr [10.0.0.0/16, 900, 8]
!Cidr ['::/64', 2, 8]
!Length a
!Length {a: b}
!Ref
!Condition Gold
!Ref Nowhere
"""


@pytest.mark.parametrize("expression", WRONG.strip().splitlines())
def test_a_wrong_argument_is_undecided_and_says_why(expression: str) -> None:
    evaluator = parsed_evaluator(HEAD + expression + "\n")
    head = output(evaluator, "It").node
    assert isinstance(head, Undecided)
    assert head.why


def parsed_evaluator(text: str) -> Evaluator:
    template, _ = parsed(text)
    return Evaluator(template, Parameters())


@pytest.mark.parametrize(
    ("expression", "via"),
    [
        ("plain", ""),
        ("!Ref Env", ""),
        ("!Ref Tier", "with the default of Tier"),
        ("!Ref Names", "with the default of Names"),
        ("!Sub '${Tier}${Env}'", "with the default of Tier"),
        ("!Sub '${Tier} ${X}'", "with the default of Tier"),
        ("!Join [!Ref Tier, !Ref Names]", "with the defaults of Names and Tier"),
        ("!If [Gold, x, y]", "with the default of Tier"),
        ("!If [Gold, !Join ['', !Ref Names], y]", "with the defaults of Names and Tier"),
        ("!Sub ['${A}', {A: !If [Gold, !Select [0, !Ref Names], y]}]", "with the defaults of Names and Tier"),
        ("!FindInMap [Sizes, dev, days]", ""),
        ("!FindInMap [Sizes, !Ref Tier, days, {DefaultValue: 1}]", "with the default of Tier"),
        ("!Base64 {Ref: Tier}", "with the default of Tier"),
        ("!ToJsonString [!Ref Tier, !Join ['', !Ref Names]]", "with the defaults of Names and Tier"),
        ("!Length {Ref: Names}", "with the default of Names"),
        ("!Ref Secret", ""),
    ],
)
def test_defaults_are_told(expression: str, via: str) -> None:
    assert output(evaluator_of(HEAD + expression + "\n"), "It").via == via


def test_a_given_value_is_no_default() -> None:
    evaluator = evaluator_of(HEAD + "!Sub '${Tier}-${Env}'\n", {"Tier": "silver", "Env": "prod"})
    resolved = output(evaluator, "It")
    head, via = resolved.node, resolved.via
    assert isinstance(head, Scalar)
    assert (head.value, via) == ("silver-prod", "")


def test_what_comes_out_stands_where_the_expression_stands() -> None:
    evaluator = evaluator_of("""
        Parameters:
          Tier: {Type: String, Default: gold}
          Names: {Type: CommaDelimitedList, Default: 'a,b'}
        Mappings:
          Sizes:
            dev: {days: 7, list: [x]}
        Conditions:
          Gold: !Equals [!Ref Tier, gold]
        Resources: {}
        Outputs:
          Ref:
            Value: !Ref Tier
          Long:
            Value:
              Ref: Tier
          List:
            Value: !Ref Names
          If:
            Value: !If [Gold, !Ref Tier, nothing]
          Branch:
            Value: !If
              - Gold
              - Status: Enabled
              - !Ref AWS::NoValue
          Map:
            Value: !FindInMap [Sizes, dev, days]
          Listed:
            Value: !FindInMap [Sizes, dev, list]
          Select:
            Value: !Select [1, [a, bee]]
          Sub:
            Value: !Sub
              - ${A}
              - {A: 1}
        """)
    assert place(output(evaluator, "Ref").node) == (12, 12, 12, 21)
    assert place(output(evaluator, "Long").node) == (15, 7, 15, 16)
    assert place(output(evaluator, "List").node) == (17, 12, 17, 22)
    assert place(output(evaluator, "If").node) == (19, 23, 19, 32)
    assert place(output(evaluator, "Branch").node)[:2] == (23, 9)
    assert place(output(evaluator, "Map").node) == (26, 12, 26, 41)
    assert place(output(evaluator, "Listed").node) == (28, 12, 28, 41)
    assert place(output(evaluator, "Select").node) == (30, 28, 30, 31)
    assert place(output(evaluator, "Sub").node)[:2] == (32, 12)
    listed = output(evaluator, "Listed").node
    assert isinstance(listed, Sequence)
    assert place(listed.items[0]) == (6, 27, 6, 28)


def test_a_literal_resolves_to_itself() -> None:
    evaluator = evaluator_of("Resources: {}\nOutputs: {It: {Value: text}, List: {Value: [a]}}\n")
    for name in ("It", "List"):
        node = evaluator.template.outputs[name].get("Value")
        assert node is not None
        assert evaluator.resolve(node).node is node


def test_resolving_is_shallow_and_done_once() -> None:
    evaluator = evaluator_of(HEAD + "!If [Gold, {a: !Ref Env}, x]\n")
    head = output(evaluator, "It").node
    assert output(evaluator, "It").node is head
    assert isinstance(head, Mapping)
    assert head.entries["a"].value.tag == "!Ref"


def test_items_and_entries_leave_out_what_is_no_value() -> None:
    evaluator = evaluator_of("""
        Parameters: {Tier: {Type: String, Default: gold}}
        Conditions: {Gold: !Equals [!Ref Tier, gold]}
        Resources: {}
        Outputs:
          It:
            Value: !If
              - Gold
              - [a, !Ref AWS::NoValue, !If [Gold, !Ref 'AWS::NoValue', c], !Ref Tier]
              - []
          Map:
            Value: {a: !Ref AWS::NoValue, b: !If [Gold, x, y]}
          Text:
            Value: text
        """)
    nodes = {name: output.get("Value") for name, output in evaluator.template.outputs.items()}
    it, mapping, text = (nodes[name] for name in ("It", "Map", "Text"))
    assert it is not None
    assert mapping is not None
    assert text is not None
    items = evaluator.items(it)
    assert not isinstance(items, Undecided)
    assert [(shown(evaluator, item.node), item.via) for item in items] == [
        ("a", "with the default of Tier"),
        ("gold", "with the default of Tier"),
    ]
    entries = evaluator.entries(mapping)
    assert not isinstance(entries, Undecided)
    assert list(entries) == ["b"]
    assert entries["b"].key.value == "b"
    assert shown(evaluator, entries["b"].value.node) == "x"
    for wrong in (evaluator.items(text), evaluator.entries(text)):
        assert isinstance(wrong, Undecided)


def test_opaque_parts_say_where_they_come_from() -> None:
    evaluator = evaluator_of(HEAD + "!Sub '${Env}${AWS::AccountId}${Logs}${Role.Arn}'\n")
    head = output(evaluator, "It").node
    assert isinstance(head, Partial)
    assert head.text == Text((
        Opaque("Env", given=True),
        Opaque("AWS::AccountId", given=True),
        Opaque("Logs", "Resources.Logs", generated=True),
        Opaque("Role.Arn", "Resources.Role"),
    ))  # fmt: skip


def test_equal_words_are_equal_parts_and_long_ones_are_cut() -> None:
    evaluator = evaluator_of(
        """
        Parameters: {Env: {Type: String}}
        Resources: {}
        Outputs:
          One: {Value: !Sub ['${A}', {A: !Select [0, !Split [',', !Ref Env]]}]}
          Two: {Value: !Sub ['${B}', {B: {'Fn::Select': ['0', {'Fn::Split': [',', {Ref: Env}]}]}}]}
          Three: {Value: !Sub ['${A}', {A: !Select [1, !Split [',', !Ref Env]]}]}
          Long: {Value: !Sub ['${A}', {A: !Select [0, !Split ['A_LONG_WORD', !Ref Env]]}]}
        """.replace("A_LONG_WORD", "x" * 200)
    )
    one, two, three = (shown(evaluator, output(evaluator, name).node) for name in ("One", "Two", "Three"))
    assert one == two != three
    assert len(str(shown(evaluator, output(evaluator, "Long").node))) < 130


def test_in_a_nested_template_the_parts_bear_its_address() -> None:
    template, problems = parsed(
        "Parameters: {Env: {Type: String}}\n"
        "Resources: {Logs: {Type: 'AWS::S3::Bucket'}}\n"
        "Outputs: {It: {Value: !Sub '${Env}${Logs}${AWS::Region}${AWS::StackName}'}}\n",
        prefix="Resources.Network.",
    )
    assert problems == []
    head = output(Evaluator(template, Parameters()), "It").node
    assert isinstance(head, Partial)
    assert head.text.opaque == (
        Opaque("Resources.Network.Env", given=True),
        Opaque("Logs", "Resources.Network.Resources.Logs", generated=True),
        Opaque("AWS::Region", given=True),
        Opaque("Resources.Network.AWS::StackName", given=True),
    )


def test_a_name_that_is_not_there_is_a_problem_once() -> None:
    template, _ = parsed("""
        Resources:
          A:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Ref Nowhere
              AccessControl: !Sub 'x${Nothing}'
        """)
    evaluator = Evaluator(template, Parameters())
    properties = template.resources["A"].properties
    assert properties is not None
    for _ in range(2):
        shown(evaluator, properties)
    assert [(problem.at.line, problem.at.column, problem.message) for problem in evaluator.problems] == [
        (5, 19, "Nowhere is neither a parameter nor a resource of this template."),
        (6, 22, "${Nothing} is neither a parameter nor a resource of this template."),
    ]


@pytest.mark.parametrize("transform", ["Mine", "AWS::Serverless-2016-10-31", "[AWS::Include]"])
def test_where_a_macro_may_add_a_name_it_is_no_problem(transform: str) -> None:
    evaluator = evaluator_of(f"""
        Transform: {transform}
        Resources: {{}}
        Outputs:
          It: {{Value: !Ref Api}}
          Att: {{Value: !GetAtt Api.Url}}
          Sub: {{Value: !Sub '${{Api}}/x'}}
        """)
    assert [shown(evaluator, output(evaluator, name).node) for name in ("It", "Att", "Sub")] == [
        "${Api}",
        "${Api.Url}",
        "${Api}/x",
    ]
    assert not evaluator.problems


def test_the_region_tells_the_partition() -> None:
    text = (
        "Resources: {}\nOutputs: {It: {Value: !Sub '${AWS::Partition} ${AWS::URLSuffix} ${AWS::Region}'}}\n"
    )
    assert value(text) == "${AWS::Partition} ${AWS::URLSuffix} ${AWS::Region}"
    for region, expected in [
        ("eu-west-1", "aws amazonaws.com eu-west-1"),
        ("us-gov-east-1", "aws-us-gov amazonaws.com us-gov-east-1"),
        ("cn-north-1", "aws-cn amazonaws.com.cn cn-north-1"),
        ("us-iso-east-1", "${AWS::Partition} ${AWS::URLSuffix} us-iso-east-1"),
        ("somewhere", "${AWS::Partition} ${AWS::URLSuffix} somewhere"),
    ]:
        assert value(text, {"AWS::Region": region}) == expected


def test_a_list_of_one_is_a_list() -> None:
    text = "Resources: {}\nOutputs: {It: {Value: !Ref AWS::NotificationARNs}}\n"
    assert value(text) == "?the topics of the stack are not known"
    assert value(text, {"AWS::NotificationARNs": "a, b"}) == ["a", "b"]


def test_words_become_the_strings_that_cloudformation_makes() -> None:
    words = "[yes, 'yes', Off, 010, '010', 0x1F, 1_0, 1.50, -3]"
    text = f"Resources: {{}}\nOutputs: {{It: {{Value: !Join ['|', {words}]}}}}\n"
    assert value(text) == "true|yes|false|8|010|31|10|1.50|-3"


def test_unquoted_words_that_mean_a_boolean_are_names_too() -> None:
    text = """
        Mappings: {M: {yes: {no: found, 'off': quoted}}}
        Conditions: {Yes: !Equals [a, a]}
        Resources: {On: {Type: AWS::S3::Bucket, Properties: {BucketName: x}}}
        Outputs:
          It:
            Value: [!FindInMap [M, yes, no], !FindInMap [M, 'true', 'off'], !If [Yes, 1, 2], !Ref On]
        """
    assert value(text) == ["found", "quoted", "1", "x"]


def test_missing_is_a_node_of_its_place() -> None:
    evaluator = evaluator_of(HEAD + "!If [Silver, x, !Ref 'AWS::NoValue']\n")
    head = output(evaluator, "It").node
    assert isinstance(head, Missing)
    assert (head.line, head.column) == (22, 28)


def test_json_is_read_alike() -> None:
    template = template_of("""
        {"Parameters": {"Env": {"Type": "String", "Default": "dev"}}, "Resources": {},
         "Outputs": {"It": {"Value": {"Fn::Join": ["-", [true, 1, "x", {"Ref": "Env"}]]}}}}
        """)
    evaluator = Evaluator(template, Parameters())
    assert shown(evaluator, output(evaluator, "It").node) == "true-1-x-dev"
    assert place(output(evaluator, "It").node) == (2, 30, 2, 81)
