"""Which tags count: the bucket's own, those of its stack, those of its provider, and none of AWS."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding

TEMPLATE = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders
      Tags: [{tags}]
"""
MODULE = """
variable "owner" {{
  type = string
}}
locals {{
  teams = {{ Team = "web" }}
}}
provider "aws" {{
  {defaults}
}}
provider "aws" {{
  alias = "plain"
}}
resource "aws_s3_bucket" "orders" {{
  bucket   = "orders"
  {own}
}}
"""


def judged(folder: Path, text: str, *said: str, name: str = "stack.yaml") -> Finding:
    (folder / name).write_text(text, "utf-8")
    config = folder / ".s3audit.toml"
    config.write_text("\n".join(["[[expect]]", *said]), "utf-8")
    report = s3audit.scan([folder / name], select=["tags-required"], severity="info", config=config)
    assert not report.problems
    (finding,) = report.findings
    return finding


def of_stack(folder: Path, tags: str, *said: str) -> str:
    return judged(folder, TEMPLATE.format(tags=tags), *said).status


def test_the_tags_of_a_stack_count_where_the_bucket_does_not_write_them(tmp_path: Path) -> None:
    required, given = 'required_tags = "Stage=prod"', 'stack_tags = "Stage=prod"'
    assert of_stack(tmp_path, "", required) == "fail"
    assert of_stack(tmp_path, "", required, given) == "pass"
    assert of_stack(tmp_path, "{Key: Stage, Value: dev}", required, given) == "fail"
    assert of_stack(tmp_path, "", required, 'stack_tags = "Stage=dev"') == "fail"
    assert of_stack(tmp_path, "!Ref AWS::NoValue", required, given) == "pass"


def test_the_stack_is_no_module_of_terraform(tmp_path: Path) -> None:
    text = MODULE.format(defaults="", own="")
    said = ('required_tags = "Stage"', 'stack_tags = "Stage=prod"')
    assert judged(tmp_path, text, *said, name="main.tf").status == "fail"


@pytest.mark.parametrize("key", ["aws:cloudformation:stack-name", "AWS:owner"])
def test_a_tag_of_aws_never_counts(tmp_path: Path, key: str) -> None:
    own = f'{{Key: "{key}", Value: shop}}'
    assert of_stack(tmp_path, own, f'required_tags = "{key}"') == "fail"


def test_keys_are_compared_letter_by_letter(tmp_path: Path) -> None:
    assert of_stack(tmp_path, "{Key: owner, Value: shop}", 'required_tags = "Owner"') == "fail"


def test_each_missing_tag_is_told(tmp_path: Path) -> None:
    text = TEMPLATE.format(tags="{Key: Stage, Value: dev}")
    found = judged(tmp_path, text, 'required_tags = ["Owner", "Cost", "Stage=prod", "Stage=test"]')
    assert [(e.note, e.at.line, e.at.column) for e in found.evidence] == [
        ("it has no tag Cost", 7, 7),
        ("it has no tag Owner", 7, 7),
        ("the tag Stage is dev, and not prod or test", 7, 34),
    ]


@pytest.mark.parametrize(
    ("defaults", "own", "status"),
    [
        ('default_tags { tags = { Owner = "shop" } }', "", "pass"),
        ('default_tags { tags = { Owner = "shop" } }', 'tags = { Owner = "nobody" }', "fail"),
        ('default_tags { tags = { Owner = "nobody" } }', 'tags = { Owner = "shop" }', "pass"),
        ('default_tags { tags = { Team = "shop" } }', "", "fail"),
        ("default_tags { tags = { Owner = var.owner } }", "", "unknown"),
        ("default_tags { tags = local.unknown }", "", "unknown"),
        ("default_tags { tags = local.teams }", "", "fail"),
        ('default_tags { tags = merge(local.teams, { Owner = "shop" }) }', "", "pass"),
        (
            'dynamic "default_tags" {\n for_each = [1]\n content {\n tags = { Owner = "shop" }\n }\n }',
            "",
            "pass",
        ),
        ('default_tags { tags = { Owner = "shop" } }', "provider = aws.plain", "fail"),
    ],
)
def test_the_default_tags_of_the_provider_count(tmp_path: Path, defaults: str, own: str, status: str) -> None:
    text = MODULE.format(defaults=defaults, own=own)
    assert judged(tmp_path, text, 'required_tags = "Owner=shop"', name="main.tf").status == status


def test_a_default_tag_is_shown_where_it_is_written(tmp_path: Path) -> None:
    text = MODULE.format(defaults='default_tags { tags = { Owner = "nobody" } }', own="")
    (evidence,) = judged(tmp_path, text, 'required_tags = "Owner=shop"', name="main.tf").evidence
    assert (evidence.note, evidence.at.line) == ("the tag Owner is nobody, and not shop", 9)
