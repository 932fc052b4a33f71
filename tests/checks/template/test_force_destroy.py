"""What takes something off the severity, and what a stateful bucket needs beside."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding
from s3audit.verdict import Severity

MODULE = """
resource "aws_s3_bucket" "orders" {{
  bucket        = "orders"
  force_destroy = true
  tags          = {tags}
}}
"""
TEMPLATE = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    {attributes}
    Properties:
      BucketName: orders
"""
EMPTIED = """
  Emptied:
    Type: Custom::S3AutoDeleteObjects
    Properties:
      ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:empty
      BucketName: !Ref Orders
"""
STATEFUL = '[[expect]]\nname = "orders"\nstateful = true\n'


def judged(folder: Path, name: str, text: str, said: str = "") -> Finding:
    (folder / name).write_text(text, "utf-8")
    config = folder / ".s3audit.toml"
    config.write_text(said, "utf-8")
    report = s3audit.scan([folder / name], select=["template-force-destroy"], severity="info", config=config)
    assert not report.problems
    (finding,) = (one for one in report.findings if one.subject.name.lower().endswith("orders"))
    return finding


@pytest.mark.parametrize(
    ("tags", "severity"),
    [
        ("{}", Severity.MEDIUM),
        ('{ Environment = "prod" }', Severity.MEDIUM),
        ('{ Environment = "Test" }', Severity.LOW),
        ('{ env = "dev" }', Severity.LOW),
        ('{ Owner = "test" }', Severity.MEDIUM),
        ("{ env = data.aws_ssm_parameter.env.value }", Severity.MEDIUM),
    ],
)
def test_a_tag_for_trials_makes_it_low(tmp_path: Path, tags: str, severity: Severity) -> None:
    found = judged(tmp_path, "main.tf", MODULE.format(tags=tags))
    assert (found.status, found.severity) == ("fail", severity)


@pytest.mark.parametrize(
    ("attributes", "notes"),
    [
        (
            "",
            [
                "the DeletionPolicy is not set, so it is Delete",
                "the UpdateReplacePolicy is not set, so it is Delete",
            ],
        ),
        (
            "DeletionPolicy: Retain",
            ["the UpdateReplacePolicy is not set, so it is Delete"],
        ),
        (
            "DeletionPolicy: Retain\n    UpdateReplacePolicy: Snapshot",
            ["the UpdateReplacePolicy is Snapshot"],
        ),
        ("DeletionPolicy: RetainExceptOnCreate\n    UpdateReplacePolicy: Retain", []),
    ],
)
def test_a_stateful_bucket_outlives_its_stack(tmp_path: Path, attributes: str, notes: list[str]) -> None:
    text = TEMPLATE.format(attributes=attributes)
    found = judged(tmp_path, "stack.yaml", text, STATEFUL)
    assert found.status == ("fail" if notes else "pass")
    if notes:
        assert [one.note for one in found.evidence] == notes
        assert found.severity is Severity.LOW
    assert judged(tmp_path, "stack.yaml", text).status == "pass"


def test_what_is_emptied_stays_the_graver_finding(tmp_path: Path) -> None:
    text = TEMPLATE.format(attributes="DeletionPolicy: Delete") + EMPTIED
    found = judged(tmp_path, "stack.yaml", text, STATEFUL)
    assert (found.status, found.severity) == ("fail", Severity.MEDIUM)
    assert {(one.note, one.at.line) for one in found.evidence} >= {
        ("the DeletionPolicy is Delete", 5),
        ("emptying it before it is deleted is on", 9),
    }


def test_only_the_bucket_that_is_named_is_emptied(tmp_path: Path) -> None:
    text = TEMPLATE.format(attributes="") + EMPTIED.replace("!Ref Orders", "photos")
    assert judged(tmp_path, "stack.yaml", text).status == "pass"
