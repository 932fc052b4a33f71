"""What Ref and Fn::GetAtt of resources come to."""

import pytest

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.physical import name_of
from s3audit.collectors.documents.resolved import Partial, Resolved
from s3audit.collectors.documents.tree import Node
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status
from tests.cloudformation.stacks import evaluator_of, output, parsed, shown, template_of, value

ARN = "arn:${{AWS::Partition}}:{}:${{AWS::Region}}:${{AWS::AccountId}}:bucket/${{Logs}}"

BUCKET = """
Parameters: {{Env: {{Type: String}}, Name: {{Type: String, Default: given}}}}
Conditions: {{Named: !Equals [!Ref Env, prod]}}
Resources:
  Logs: {{Type: {kind}, Properties: {properties}}}
Outputs:
  It: {{Value: {expression}}}
"""


def it(expression: str, properties: str = "{}", kind: str = "AWS::S3::Bucket", **parameters: str) -> object:
    given = {name.replace("__", "::"): text for name, text in parameters.items()}
    return value(BUCKET.format(kind=kind, properties=properties, expression=expression), given)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Logs", "NAME"),
        ("!GetAtt Logs.Arn", "arn:${AWS::Partition}:s3:::NAME"),
        ("!GetAtt [Logs, Arn]", "arn:${AWS::Partition}:s3:::NAME"),
        ("{'Fn::GetAtt': Logs.Arn}", "arn:${AWS::Partition}:s3:::NAME"),
        ("{'Fn::GetAtt': [!Sub Logs, !Sub 'Arn']}", "arn:${AWS::Partition}:s3:::NAME"),
        ("!Sub '${Logs.Arn}/*'", "arn:${AWS::Partition}:s3:::NAME/*"),
        ("!GetAtt Logs.DomainName", "NAME.s3.${AWS::URLSuffix}"),
        ("!GetAtt Logs.RegionalDomainName", "NAME.s3.${AWS::Region}.${AWS::URLSuffix}"),
        ("!GetAtt Logs.DualStackDomainName", "NAME.s3.dualstack.${AWS::Region}.${AWS::URLSuffix}"),
        ("!GetAtt Logs.WebsiteURL", "http://NAME.s3-website${Logs.WebsiteURL}"),
        (
            "!GetAtt Logs.MetadataConfiguration.Destination.Arn",
            "${Logs.MetadataConfiguration.Destination.Arn}",
        ),
    ],
)
@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ("{}", "${Logs}"),
        ("{BucketName: logs}", "logs"),
        ("{BucketName: !Sub 'logs-${Env}'}", "logs-${Env}"),
        ("{BucketName: !Ref Name}", "given"),
        ("{BucketName: !Ref AWS::NoValue}", "${Logs}"),
        ("{BucketName: !If [Named, a, b]}", "${Logs}"),
        ("{BucketName: !If [Named, same, same]}", "same"),
        ("{BucketName: ''}", ""),
        ("{BucketName: [a]}", "${Logs}"),
        ("{BucketName: !Ref Logs}", "${Logs}"),
        ("!If [Named, {BucketName: a}, {}]", "${Logs}"),
    ],
)
def test_a_bucket_is_named_as_far_as_it_is_written(
    expression: str, expected: str, properties: str, name: str
) -> None:
    assert it(expression, properties) == expected.replace("NAME", name)


def test_an_attribute_that_can_not_be_told_is_undecided() -> None:
    text = BUCKET.format(kind="AWS::S3::Bucket", properties="{}", expression="!GetAtt [Logs, !Sub 'A${X}']")
    evaluator = Evaluator(parsed(text)[0], Parameters())
    assert (
        shown(evaluator, output(evaluator, "It").node) == "?which attribute Fn::GetAtt asks for can't be told"
    )


def test_a_known_region_goes_into_the_domain_names() -> None:
    for region, website in [("us-east-1", "-us-east-1"), ("eu-central-1", ".eu-central-1")]:
        known = {"AWS__Region": region}
        assert (
            it("!GetAtt Logs.WebsiteURL", "{BucketName: x}", **known)
            == f"http://x.s3-website{website}.amazonaws.com"
        )
        assert (
            it("!GetAtt Logs.RegionalDomainName", "{BucketName: x}", **known)
            == f"x.s3.{region}.amazonaws.com"
        )
        assert it("!GetAtt Logs.Arn", "{BucketName: x}", **known) == "arn:aws:s3:::x"


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("AWS::S3Express::DirectoryBucket", "!Ref Logs", "${Logs}"),
        ("AWS::S3Express::DirectoryBucket", "!GetAtt Logs.Arn", ARN.format("s3express")),
        ("AWS::S3Tables::TableBucket", "!Ref Logs", ARN.format("s3tables")),
        ("AWS::S3Tables::TableBucket", "!GetAtt Logs.TableBucketARN", ARN.format("s3tables")),
        ("AWS::S3Vectors::VectorBucket", "!GetAtt Logs.VectorBucketArn", ARN.format("s3vectors")),
        ("AWS::S3Outposts::Bucket", "!Ref Logs", "${Logs}"),
    ],
)  # fmt: skip
def test_the_other_kinds_of_buckets(kind: str, expression: str, expected: str) -> None:
    assert it(expression, kind=kind) == expected


def text_of(expression: str, properties: str = "{}", kind: str = "AWS::S3::Bucket") -> Text:
    evaluator = evaluator_of(BUCKET.format(kind=kind, properties=properties, expression=expression))
    head = output(evaluator, "It").node
    assert isinstance(head, Partial)
    return head.text


def test_only_a_name_that_cloudformation_makes_up_is_a_generated_one() -> None:
    assert text_of("!Ref Logs") == Text((Opaque("Logs", "Resources.Logs", generated=True),))
    unknown = Text((Opaque("Logs", "Resources.Logs"),))
    assert text_of("!Ref Logs", "{BucketName: !If [Named, a, b]}") == unknown
    assert text_of("!Ref Logs", "{BucketNamespace: account-regional}") == unknown
    assert text_of("!Ref Logs", "{BucketNamePrefix: app}") == Text(("app-", Opaque("Logs", "Resources.Logs")))
    assert text_of("!Ref Logs", kind="AWS::S3Express::DirectoryBucket") == unknown


@pytest.mark.parametrize(
    ("kind", "expression", "identifies"),
    [
        ("AWS::KMS::Key", "!Ref Logs", True),
        ("AWS::KMS::Key", "!GetAtt Logs.Arn", True),
        ("AWS::KMS::Key", "!GetAtt Logs.KeyId", True),
        ("AWS::IAM::Role", "!GetAtt Logs.RoleId", True),
        ("AWS::SNS::Topic", "!GetAtt Logs.TopicName", True),
        ("AWS::CloudFront::Distribution", "!GetAtt Logs.DomainName", True),
        ("AWS::CloudFront::CloudFrontOriginAccessIdentity", "!GetAtt Logs.S3CanonicalUserId", True),
        ("AWS::CloudTrail::Trail", "!GetAtt Logs.SnsTopicArn", False),
        ("AWS::EC2::Subnet", "!GetAtt Logs.VpcId", False),
        ("AWS::EC2::VPC", "!GetAtt Logs.VpcId", True),
        ("AWS::SSM::Parameter", "!GetAtt Logs.Value", False),
        ("Custom::Lookup", "!GetAtt Logs.Arn", False),
        ("AWS::CloudFormation::CustomResource", "!Ref Logs", False),
        ("AWS::S3::BucketPolicy", "!Ref Logs", False),
        ("AWS::S3::AccessPoint", "!GetAtt Logs.Arn", True),
        ("AWS::CloudFormation::Stack", "!GetAtt Logs.Outputs.Name", False),
    ],
)
def test_a_part_names_a_resource_where_it_can_be_no_other(
    kind: str, expression: str, identifies: bool
) -> None:
    (part,) = text_of(expression, kind=kind).opaque
    assert part.resource == ("Resources.Logs" if identifies else "")


def test_two_resources_are_never_the_same() -> None:
    evaluator = evaluator_of("""
        Resources:
          One: {Type: AWS::KMS::Key}
          Two: {Type: AWS::KMS::Key}
          Logs: {Type: AWS::S3::Bucket}
        Outputs:
          One: {Value: !GetAtt One.Arn}
          Again: {Value: !Sub '${One.Arn}'}
          Two: {Value: !GetAtt Two.Arn}
          Logs: {Value: !GetAtt Logs.Arn}
          Name: {Value: !Sub 'arn:${AWS::Partition}:s3:::other'}
        """)

    def text(name: str) -> Text:
        head = output(evaluator, name).node
        assert isinstance(head, Partial)
        return head.text

    assert same(text("One"), text("Again")) is Status.PASS
    assert same(text("One"), text("Two")) is Status.FAIL
    assert same(text("Logs"), text("Name")) is Status.FAIL


def test_names_that_refer_to_each_other_end() -> None:
    evaluator = evaluator_of("""
        Resources:
          A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${B}-a'}}
          B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${A}-b'}}
        Outputs: {It: {Value: !Ref A}}
        """)
    assert str(shown(evaluator, output(evaluator, "It").node)).endswith("-b-a")


def test_the_name_of_a_bucket_and_how_it_came_about() -> None:
    evaluator = evaluator_of("""
        Parameters: {Env: {Type: String, Default: dev}}
        Resources:
          A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'x-${Env}'}}
          Key: {Type: AWS::KMS::Key}
        """)
    resources = evaluator.template.resources
    assert name_of(evaluator, resources["A"]) == (Text(("x-dev",)), "with the default of Env")
    assert name_of(evaluator, resources["Key"]) is None


def test_outputs_of_nested_stacks_are_asked_for() -> None:
    text = """
        Resources:
          Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x}}
        Outputs:
          It: {Value: !GetAtt Inner.Outputs.Name}
          Sub: {Value: !Sub 'x-${Inner.Outputs.Name}'}
          Other: {Value: !GetAtt Inner.Outputs.Other}
          List: {Value: !GetAtt Inner.Outputs.List}
        """
    inner = template_of("Resources: {}\nOutputs: {Name: {Value: logs}, List: {Value: [a]}}\n")

    def outputs(logical_id: str, name: str) -> Resolved | None:
        assert logical_id == "Inner"
        found = inner.outputs.get(name)
        node: Node | None = None if found is None else found.get("Value")
        return None if node is None else Resolved(node, "with the default of Env")

    evaluator = evaluator_of(text, outputs=outputs)
    resolved = output(evaluator, "It")
    known, via = resolved.node, resolved.via
    assert (shown(evaluator, known), via) == ("logs", "with the default of Env")
    assert (known.line, known.column) == (4, 15)
    assert shown(evaluator, output(evaluator, "Sub").node) == "x-logs"
    assert shown(evaluator, output(evaluator, "Other").node) == "${Inner.Outputs.Other}"
    assert shown(evaluator, output(evaluator, "List").node) == "?a text is expected, and this is no text"
    alone = evaluator_of(text)
    assert shown(alone, output(alone, "It").node) == "${Inner.Outputs.Name}"
