"""What the CDK writes: each stack of an assembly once, where it is deployed, with its construct paths."""

import json
from typing import Any

import pytest

from s3audit.model.bucket import Bucket
from s3audit.setting import Known
from tests.cloudformation.projects import Project, only, place, said, statuses

NOWHERE = "aws://unknown-account/unknown-region"
MISSING = "is missing or in no scanned folder. Scan the folder of both"
AGAIN = "Synthesize it again"


def bucket(path: str, **properties: object) -> dict[str, Any]:
    return {
        "Type": "AWS::S3::Bucket",
        "Properties": properties,
        "Metadata": {"aws:cdk:path": f"{path}/Resource"},
    }


def template(**resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources}, indent=1)


def stack(file: str, environment: str = NOWHERE, **more: object) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": file, **more},
        "displayName": "Shop/Main",
    }


def manifest(artifacts: dict[str, Any], **more: object) -> str:
    return json.dumps({"version": "48.0.0", "artifacts": artifacts, **more}, indent=1)


def nested(file: str, *, told: bool = True, **parameters: object) -> dict[str, Any]:
    """A nested stack as the CDK writes it; the CDK's own command tells its local path."""
    url: list[object] = ["https://s3.", {"Ref": "AWS::Region"}, ".amazonaws.com/assets/0123abcd.json"]
    local = {"aws:asset:path": file, "aws:asset:property": "TemplateURL"}
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Join": ["", url]}, "Parameters": parameters},
        "Metadata": {"aws:cdk:path": "Shop/Inner.NestedStack/Inner.NestedStackResource"}
        | (local if told else {}),
    }


# --- Stacks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paths", [(".",), ("cdk.out",), ("cdk.out/manifest.json",)])
def test_each_stack_is_judged_once(project: Project, paths: tuple[str, ...]) -> None:
    project.write(
        {
            "cdk.out/manifest.json": manifest({"Main": stack("Main.template.json")}),
            "cdk.out/Main.template.json": template(Data1A2B=bucket("Main/Data")),
        }
    )
    report = project.scan(*paths)
    assert statuses(report) == {"Resources.Data1A2B": "fail"}
    assert [(one.source, one.resources) for one in report.inputs] == [("cdk.out/Main.template.json", 1)]
    assert said(report) == []


def test_a_finding_names_the_construct(project: Project) -> None:
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json")}),
            "Main.template.json": template(Data1A2B=bucket("Main/Data")),
        }
    )
    finding = only(project.scan())
    assert finding.subject.name == "Main/Data"
    assert finding.subject.source == "Main.template.json"
    assert place(finding.evidence[0].at) == ("Main.template.json", 3, 3, 3, 13)


def test_a_template_alone_is_judged_without_its_manifest(project: Project) -> None:
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json")}),
            "Main.template.json": template(Data1A2B=bucket("Main/Data")),
        }
    )
    assert only(project.scan("Main.template.json")).subject.name == "Main/Data"


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ("aws://123456789012/eu-west-1", "123456789012-eu-west-1"),
        ("aws://123456789012/unknown-region", "123456789012-${AWS::Region}"),
        ("aws://unknown-account/eu-west-1", "${AWS::AccountId}-eu-west-1"),
        (NOWHERE, "${AWS::AccountId}-${AWS::Region}"),
        ("nonsense", "${AWS::AccountId}-${AWS::Region}"),
    ],
)
def test_the_account_and_region_are_those_of_the_stack(project: Project, environment: str, name: str) -> None:
    named = bucket("Main/Data", BucketName={"Fn::Sub": "${AWS::AccountId}-${AWS::Region}"})
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json", environment)}),
            "Main.template.json": template(Data=named),
        }
    )
    estate = project.estates("manifest.json")["Main.template.json"]
    (data,) = estate.all(Bucket)
    assert isinstance(data.name, Known)
    assert str(data.name.value) == name


def test_a_value_given_by_hand_goes_before_that_of_the_manifest(project: Project) -> None:
    given = {"Status": "Suspended", "Other": "x"}
    document = {
        "Parameters": {"Status": {"Type": "String"}},
        "Resources": {"Data": bucket("Main/Data", VersioningConfiguration={"Status": {"Ref": "Status"}})},
    }
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json", parameters=given)}),
            "Main.template.json": json.dumps(document),
        }
    )
    assert only(project.scan()).status == "fail"
    assert only(project.scan(parameters={"Status": "Enabled"})).status == "pass"


def test_two_stacks_are_two_inputs(project: Project) -> None:
    project.write(
        {
            "manifest.json": manifest({"One": stack("One.template.json"), "Two": stack("Two.template.json")}),
            "One.template.json": template(Data=bucket("One/Data")),
            "Two.template.json": template(Data=bucket("Two/Data")),
        }
    )
    report = project.scan()
    assert [one.source for one in report.inputs] == ["One.template.json", "Two.template.json"]
    assert {finding.subject.name for finding in report.findings} == {"One/Data", "Two/Data"}


# --- Assemblies and stacks in one another -------------------------------------------------------------------


@pytest.mark.parametrize("paths", [(".",), ("cdk.out/manifest.json",)])
def test_an_assembly_in_an_assembly_is_read_once(project: Project, paths: tuple[str, ...]) -> None:
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    inner = manifest({"ProdMain": stack("ProdMain.template.json", "aws://123456789012/eu-west-1")})
    project.write(
        {
            "cdk.out/manifest.json": manifest({"assembly-Prod": stage, "Main": stack("Main.template.json")}),
            "cdk.out/Main.template.json": template(Data=bucket("Main/Data")),
            "cdk.out/assembly-Prod/manifest.json": inner,
            "cdk.out/assembly-Prod/ProdMain.template.json": template(Data=bucket("Prod/Main/Data")),
        }
    )
    report = project.scan(*paths)
    assert [finding.subject.name for finding in report.findings] == ["Main/Data", "Prod/Main/Data"]
    assert said(report) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_nested_stack_is_found_by_its_local_path_or_among_the_assets(project: Project, told: bool) -> None:
    child = {
        "Parameters": {"referencetoMainStatus": {"Type": "String"}},
        "Resources": {
            "Data": bucket(
                "Shop/Inner/Data", VersioningConfiguration={"Status": {"Ref": "referencetoMainStatus"}}
            )
        },
    }
    assets = {
        "version": "48.0.0",
        "files": {
            "0123abcd": {
                "source": {"path": "Inner.nested.template.json", "packaging": "file"},
                "destinations": {"current": {"bucketName": "assets", "objectKey": "0123abcd.json"}},
            }
        },
    }
    listed = {"type": "cdk:asset-manifest", "properties": {"file": "Main.assets.json"}}
    inner = nested("Inner.nested.template.json", told=told, referencetoMainStatus="Enabled")
    project.write(
        {
            "manifest.json": manifest({"Main.assets": listed, "Main": stack("Main.template.json")}),
            "Main.assets.json": json.dumps(assets),
            "Main.template.json": template(Inner=inner),
            "Inner.nested.template.json": json.dumps(child),
        }
    )
    report = project.scan()
    assert statuses(report) == {"Resources.Inner.Resources.Data": "pass"}
    assert only(report).subject.name == "Shop/Inner/Data"
    assert said(report) == []


def test_a_nested_stack_that_is_not_among_the_assets_is_a_problem(project: Project) -> None:
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json", "aws://1/eu-west-1")}),
            "Main.template.json": template(Inner=nested("x", told=False)),
        }
    )
    (problem,) = project.scan().problems
    assert (problem.at.source, problem.at.line, problem.at.column) == ("Main.template.json", 6, 5)
    assert problem.message == (
        "The nested stack Inner has its template at https://s3.eu-west-1.amazonaws.com/assets/0123abcd.json, "
        "where a scan of files can't look; what it declares is not judged."
    )


# --- What is wrong with an assembly -------------------------------------------------------------------------


def test_a_missing_template_keeps_no_other_from_being_judged(project: Project) -> None:
    artifacts = {"Gone": stack("Gone.template.json"), "Main": stack("Main.template.json")}
    project.write(
        {
            "manifest.json": manifest(artifacts),
            "Main.template.json": template(Data=bucket("Main/Data")),
        }
    )
    report = project.scan()
    assert len(report.findings) == 1
    assert said(report) == [
        f"manifest.json:8:21: The template of the stack Shop/Main, Gone.template.json, {MISSING}."
    ]


@pytest.mark.parametrize(
    ("artifacts", "expected"),
    [
        (
            {"In": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-In"}}},
            f"manifest.json:7:22: The assembly In, assembly-In, {MISSING}.",
        ),
        (
            {"In": {"type": "cdk:cloud-assembly"}},
            f"manifest.json:4:3: The assembly In is not named by a directoryName. {AGAIN}.",
        ),
        (
            {"Main": {"type": "aws:cloudformation:stack", "properties": 1}},
            f"manifest.json:4:3: The template of the stack Main is not named by a templateFile. {AGAIN}.",
        ),
        (
            {"Main": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "list.json"}}},
            f"manifest.json:4:3: The template of the stack Main is none. {AGAIN}.",
        ),
        (
            ["aws:cloudformation:stack"],
            f"manifest.json:3:15: The artifacts of this manifest are no mapping. {AGAIN}.",
        ),
        ({"Main": 1, "Tree": {"type": "cdk:tree"}, "aws:cloudformation:stack": {}}, None),
    ],
)
def test_what_a_manifest_lacks_is_a_problem(project: Project, artifacts: Any, expected: str | None) -> None:
    project.write({"manifest.json": manifest(artifacts), "list.json": "[]"})
    assert said(project.scan("manifest.json")) == ([] if expected is None else [expected])


def test_a_broken_manifest_leaves_its_templates_to_themselves(project: Project) -> None:
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json")})[:-4],
            "Main.template.json": template(Data=bucket("Main/Data")),
        }
    )
    report = project.scan()
    assert [finding.subject.name for finding in report.findings] == ["Main/Data"]
    assert [(problem.kind, problem.at.source) for problem in report.problems] == [
        ("unreadable", "manifest.json")
    ]


def test_placeholders_in_the_templates_are_a_problem(project: Project) -> None:
    missing = [{"key": "vpc-provider:account=1", "provider": "vpc-provider"}]
    project.write(
        {
            "manifest.json": manifest({"Main": stack("Main.template.json")}, missing=missing),
            "Main.template.json": template(Data=bucket("Main/Data")),
        }
    )
    (problem,) = project.scan().problems
    assert place(problem.at) == ("manifest.json", 13, 2, 13, 11)
    assert problem.message == (
        "This was synthesized without values that are looked up in the account, so its templates hold"
        " placeholders. Run `cdk synth` where the account can be reached."
    )


def test_an_assembly_that_names_itself_comes_to_an_end(project: Project) -> None:
    itself = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    project.write(
        {
            "manifest.json": manifest({"Again": itself, "Main": stack("Main.template.json")}),
            "Main.template.json": template(Data=bucket("Main/Data")),
        }
    )
    report = project.scan()
    assert len(report.findings) == 1
    assert said(report) == []
