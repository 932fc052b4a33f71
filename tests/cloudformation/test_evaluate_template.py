"""Sections and resources as they are written, and what is malformed."""

import pytest

from s3audit.collectors.cloudformation.template import read_template
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.resolved import Undecided
from tests.cloudformation.stacks import parsed, template_of


def test_a_template_needs_no_version() -> None:
    template = template_of("""
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Condition: IsProd
            DeletionPolicy: Retain
            UpdateReplacePolicy: Delete
            Metadata: {aws:cdk:path: Stack/Logs/Resource}
            Properties: {BucketName: x}
        """)
    logs = template.resources["Logs"]
    assert (logs.type, logs.address, logs.logical_id) == ("AWS::S3::Bucket", "Resources.Logs", "Logs")
    assert (logs.key.line, logs.key.column) == (2, 3)
    for node in (
        logs.properties,
        logs.condition,
        logs.metadata,
        logs.deletion_policy,
        logs.update_replace_policy,
    ):
        assert node is not None


def test_a_nested_template_has_a_prefix() -> None:
    template, problems = parsed("Resources: {Logs: {}}", prefix="Resources.Network.")
    assert template.resources["Logs"].address == "Resources.Network.Resources.Logs"
    assert [problem.at.address for problem in problems] == ["Resources.Network.Resources.Logs"]


@pytest.mark.parametrize("text", ["[a, b]", "just a text", "12"])
def test_what_is_no_mapping_is_no_template(text: str) -> None:
    documents, _ = read(text.encode(), "t.yaml")
    assert read_template(documents[0], "t.yaml") == (None, [])


EMPTY = "The Properties of A are empty. CloudFormation refuses null: remove the key or fill it."


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("Resources: null", (1, 1), "The section Resources is no mapping of names, so it is not read."),
        ("Resources: [a]", (1, 1), "The section Resources is no mapping of names, so it is not read."),
        (
            "Parameters: x\nResources: {}",
            (1, 1),
            "The section Parameters is no mapping of names, so it is not read.",
        ),
        (
            "Conditions: []\nResources: {}",
            (1, 1),
            "The section Conditions is no mapping of names, so it is not read.",
        ),
        ("Outputs: {It: x}\nResources: {}", (1, 11), "Outputs.It is no mapping, so it is not read."),
        ("Mappings: {M: [x]}\nResources: {}", (1, 12), "Mappings.M is no mapping, so it is not read."),
        ("Rules: {R: x}\nResources: {}", (1, 9), "Rules.R is no mapping, so it is not read."),
        ("Parameters: {P: x}\nResources: {}", (1, 14), "Parameters.P is no mapping, so it is not read."),
        ("Resources: {A: null}", (1, 13), "Resources.A is no mapping, so it is not read."),
        ("Resources: {A: [x]}", (1, 13), "Resources.A is no mapping, so it is not read."),
        ("Resources: {A: {Properties: {}}}", (1, 13), "The resource A has no Type, so it is not read."),
        ("Resources: {A: {Type: [x]}}", (1, 17), "The Type of A is not a text, so it is not read."),
        ("Resources: {A: {Type: !Ref x}}", (1, 17), "The Type of A is not a text, so it is not read."),
        ("Resources: {A: {Type: null}}", (1, 17), "The Type of A is not a text, so it is not read."),
        ("Resources: {A: {Type: T, Properties: null}}", (1, 26), EMPTY),
        ("Resources: {A: {Type: T, Properties: [x]}}", (1, 26), "The Properties of A are no mapping."),
        ("Description: only", (1, 1), "A template has a section Resources, and this one does not."),
    ],
)
def test_what_is_malformed_is_a_problem_in_its_place(text: str, place: tuple[int, int], message: str) -> None:
    _, [problem] = parsed(text)
    assert (problem.at.line, problem.at.column) == place
    assert problem.message == message
    assert problem.kind == "partial"


def test_the_rest_is_kept() -> None:
    template, problems = parsed("""
        Parameters: []
        Conditions: {A: !Equals [a, b]}
        Resources:
          Broken: [x]
          Good: {Type: AWS::S3::Bucket}
        """)
    assert len(problems) == 2
    assert list(template.resources) == ["Good"]
    assert list(template.conditions) == ["A"]
    assert template.hidden == ("the section Parameters can't be read",)
    assert not template.is_closed


@pytest.mark.parametrize(
    ("transform", "names", "macros", "serverless"),
    [
        ("AWS::LanguageExtensions", ("AWS::LanguageExtensions",), (), False),
        (
            "[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]",
            ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"),
            (),
            True,
        ),
        ("AWS::SecretsManager-2024-09-16", ("AWS::SecretsManager-2024-09-16",), (), False),
        (
            "[AWS::CodeDeployBlueGreen, AWS::ServiceCatalog]",
            ("AWS::CodeDeployBlueGreen", "AWS::ServiceCatalog"),
            (),
            False,
        ),
        ("Mine", ("Mine",), ("Mine",), False),
        (
            "{Name: 'AWS::Include', Parameters: {Location: s3://x}}",
            ("AWS::Include",),
            ("AWS::Include",),
            False,
        ),
        ("[Mine, {Name: Other}]", ("Mine", "Other"), ("Mine", "Other"), False),
        ("null", (), (), False),
        ("{a: b}", (), (), False),
    ],
)
def test_macros_are_the_transforms_that_may_rewrite_it(
    transform: str, names: tuple[str, ...], macros: tuple[str, ...], serverless: bool
) -> None:
    template = template_of(f"Transform: {transform}\nResources: {{}}\n")
    assert (template.transforms, template.macros, template.is_serverless) == (names, macros, serverless)
    assert template.is_closed is not (bool(macros) or serverless)


def test_a_macro_in_a_section_hides_what_it_adds() -> None:
    template = template_of("""
        Mappings:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://y}}
          Logs: {Type: AWS::S3::Bucket}
        """)
    assert list(template.resources) == ["Logs"]
    assert sorted(template.hidden) == [
        "AWS::Include adds to the section Mappings",
        "AWS::Include adds to the section Resources",
    ]
    assert template.macros == ()


def test_a_macro_of_ones_own_in_a_section_may_rewrite_its_neighbours() -> None:
    template = template_of("""
        Resources:
          Fn::Transform: {Name: Mine}
          Logs: {Type: AWS::S3::Bucket}
        """)
    assert template.macros == ("Mine",)


def test_a_macro_beside_the_type_rewrites_the_resource() -> None:
    template = template_of("""
        Resources:
          Logs: {Type: AWS::S3::Bucket, Properties: {BucketName: x}, Fn::Transform: {Name: Mine}}
        """)
    properties = template.resources["Logs"].properties
    assert isinstance(properties, Undecided)
    assert properties.why == "the macro Mine rewrites this resource"


def test_a_part_that_could_not_be_read_hides_something() -> None:
    template, problems = parsed("Resources:\n  Logs: *nowhere\n  Good: {Type: AWS::S3::Bucket}\n")
    assert len(problems) == 1
    assert list(template.resources) == ["Good"]
    assert template.hidden == ("Resources.Logs can't be read",)
