"""A template may declare more than can be read; what that may change is then not known."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import STATUSES

BUCKETS = """
Resources:
  Passed:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop-passed}
  Kept:
    Type: AWS::S3::Bucket
"""
STACK = """
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://example.com/child.yaml
      Parameters:
        Name: VALUE
"""
CHECKS = ["logging-enabled", "transport-tls-required"]


def verdicts(tmp_path: Path, template: str) -> dict[tuple[str, str], str]:
    file = tmp_path / "template.yaml"
    file.write_text(template)
    report = s3audit.scan([file], select=CHECKS, show=STATUSES)
    return {(f.subject.name, f.check): f.status for f in report.findings}


def test_all_is_known_of_a_template_that_is_whole(tmp_path: Path) -> None:
    assert set(verdicts(tmp_path, BUCKETS).values()) == {"fail"}


@pytest.mark.parametrize(
    "value",
    ["!Ref Passed", "!GetAtt Passed.Arn", "shop-passed", "!Sub 'arn:${AWS::Partition}:s3:::${Passed}'"],
)
def test_a_stack_that_is_not_read_may_speak_of_what_it_is_given(tmp_path: Path, value: str) -> None:
    found = verdicts(tmp_path, BUCKETS + STACK.replace("VALUE", value))
    assert {status for (name, _), status in found.items() if name == "Passed"} == {"unknown"}
    assert {status for (name, _), status in found.items() if name == "Kept"} == {"fail"}


def test_a_macro_may_add_resources_that_speak_of_any_bucket(tmp_path: Path) -> None:
    macro = "  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/more.yaml}}\n"
    assert set(verdicts(tmp_path, BUCKETS + macro).values()) == {"unknown"}


def test_two_documents_of_a_file_are_two_subjects(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(BUCKETS + "---" + BUCKETS)
    findings = s3audit.scan([file], select=["versioning-enabled"]).findings
    assert len(findings) == len({finding.fingerprint for finding in findings}) == 4
    assert {finding.evidence[0].at.source for finding in findings} == {str(file)}


def test_a_bucket_known_by_its_policy_only_is_a_resource(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(
        "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n"
        "    Properties: {Bucket: elsewhere, PolicyDocument: {Statement: []}}\n"
    )
    report = s3audit.scan([file])
    assert [one.resources for one in report.inputs] == [1]
    assert [(f.check, f.subject.name) for f in report.failing] == [("transport-tls-required", "elsewhere")]


@pytest.mark.parametrize("body", ["*nope", "[]", "text", "!Ref Nobody", "&c {A: *c}"])
def test_properties_that_can_not_be_read_are_unknown(tmp_path: Path, body: str) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(f"Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: {body}\n")
    report = s3audit.scan([file], severity="info")
    decided = {f.check for f in report.findings if f.status in ("pass", "fail")}
    assert report.problems
    # That nothing is declared twice, and that nothing empties it, is a matter of the other resources.
    others = {"template-duplicate-subresource", "template-force-destroy"}
    assert decided == others or body.startswith("&c")


@pytest.mark.parametrize("kind", ["AWS::CloudFormation::StackSet", "My::S3::Thing::MODULE"])
def test_what_is_not_read_is_said(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(f"{BUCKETS}  Other: {{Type: '{kind}'}}\n")
    report = s3audit.scan([file])
    assert [problem.message.partition("Other ")[2] for problem in report.problems] == [
        "declares is not read and not judged."
    ]


def test_a_named_file_that_is_no_template_after_all_is_said(tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text('// a comment\n{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')
    (problem,) = s3audit.scan([file]).problems
    assert "does not read as a template" in problem.message
    assert s3audit.scan([tmp_path]).problems == ()


def test_the_ways_a_template_may_turn_out_are_bounded(tmp_path: Path) -> None:
    names = range(70)
    parameters = "".join(f"  P{n}: {{Type: String, AllowedValues: [a, b, c, d]}}\n" for n in names)
    conditions = "".join(f"  C{n}: !Equals [!Ref P{n}, a]\n" for n in names)
    inner = "!If [C{0}, Enabled, !If [C{1}, Enabled, !If [C{2}, Enabled, !If [C{3}, Enabled, Suspended]]]]"
    buckets = "".join(
        f"  B{n}:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration:\n        Status: "
        + inner.format(*((n + k) % 70 for k in range(4)))
        + "\n"
        for n in names
    )
    file = tmp_path / "template.yaml"
    file.write_text(f"Parameters:\n{parameters}Conditions:\n{conditions}Resources:\n{buckets}")
    report = s3audit.scan([file], select=["versioning-enabled"])
    assert {f.status for f in report.findings} == {"fail", "unknown"}
    assert [problem.kind for problem in report.problems] == ["partial"]
