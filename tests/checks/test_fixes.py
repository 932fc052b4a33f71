"""The fix of every check makes its failing example pass, and its commands are some that the AWS CLI takes."""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from s3audit.check import CLOUDFORMATION, LIVE, TERRAFORM, Check, Fix
from s3audit.renderers.summary import fix_in, is_code
from tests.checks.examples import CHECKS
from tests.checks.fixes import failing, hidden_code, mended, objection, refusal, to_prove

every_fix = pytest.mark.parametrize(("check_id", "language"), to_prove())
every_check = pytest.mark.parametrize("check_id", CHECKS)


@every_fix
def test_with_the_fix_the_failing_example_passes(check_id: str, language: str, tmp_path: Path) -> None:
    wrong = objection(CHECKS[check_id], language, tmp_path)
    assert not wrong, wrong


@cache
def _rules() -> Any:
    """Of cfn-lint, which otherwise reads them for every template."""
    core = pytest.importorskip("cfnlint.core", reason="cfn-lint comes with the development extra")
    return core.get_rules([], [], [])


@pytest.mark.parametrize("check_id", [name for name, language in to_prove() if language == CLOUDFORMATION])
def test_cloudformation_knows_what_the_fix_adds(check_id: str, tmp_path: Path) -> None:
    """Whatever the check itself does not look at is spelled right, too."""
    example = failing(CHECKS[check_id], CLOUDFORMATION, tmp_path)
    text = mended(CHECKS[check_id], CLOUDFORMATION, example)

    found = errors(text)
    new = found - errors(example.text) if found else found
    assert not new, f"{check_id}: {'; '.join(sorted(new))}\n\n{text}"


def errors(template: str) -> set[str]:
    """What cfn-lint says that CloudFormation would refuse."""
    rules = _rules()
    lint = importlib.import_module("cfnlint.api").lint
    return {match.message for match in lint(template, rules) if match.rule.id.startswith("E")}


def test_a_property_that_does_not_exist_is_found() -> None:
    bucket = "Resources: {Orders: {Type: AWS::S3::Bucket, Properties: {%s: shop-orders}}}"
    assert errors(bucket % "BucketName") == set()
    [said] = errors(bucket % "BucketNames")
    assert "BucketNames" in said


@every_check
def test_the_cli_takes_the_commands(check_id: str) -> None:
    wrong = refusal(CHECKS[check_id])
    assert not wrong, wrong


@every_check
@pytest.mark.parametrize("language", [CLOUDFORMATION, TERRAFORM, LIVE])
def test_a_fix_in_words_has_a_note(check_id: str, language: str) -> None:
    check = CHECKS[check_id]
    text = fix_in(check.fix, language)
    assert not hidden_code(text, language), (
        f"{check_id}: one line of code is shown as a sentence; a comment above it makes it code: {text}"
    )
    if text and not is_code(text):
        assert check.fix.note, (
            f"{check_id}: nothing proves a fix in words. Write it as code, or say in note= why that can't be:"
            f" {text}"
        )


@pytest.mark.parametrize(
    ("language", "fix", "said"),
    [
        (
            CLOUDFORMATION,
            Fix(cloudformation="VersioningConfiguration:\n  Status: Suspended"),
            (
                "versioning-enabled: with the fix for CloudFormation it does not pass:\nfail Orders: Versioning is"
                " Suspended. (line 6)\n\nResources:\n  Orders:\n    Type: AWS::S3::Bucket\n    Properties:\n"
                "      VersioningConfiguration:\n        Status: Suspended\n"
            ),
        ),
        (
            TERRAFORM,
            Fix(terraform='resource "aws_s3_bucket" "example" {\n  force_destroy = false\n}'),
            (
                "versioning-enabled: with the fix for Terraform it does not pass:\nfail aws_s3_bucket.orders:"
                " Versioning is not set, so it is Unversioned. (line 1)\n\n"
                'resource "aws_s3_bucket" "orders" {\n  force_destroy = false\n}\n'
            ),
        ),
        (
            CLOUDFORMATION,
            Fix(cloudformation="Enable versioning,\nof course."),
            (
                "versioning-enabled, CloudFormation: it is no YAML mapping: properties of the judged resource, or"
                " resources with a Type\n\nThe fix:\nEnable versioning,\nof course."
            ),
        ),
    ],
)
def test_a_fix_that_does_not_help_is_told_with_what_came_of_it(
    language: str, fix: Fix, said: str, tmp_path: Path
) -> None:
    check: Check = msgspec.structs.replace(CHECKS["versioning-enabled"], fix=fix)
    assert objection(check, language, tmp_path) == said


def test_what_does_not_apply_any_more_needs_a_note(tmp_path: Path) -> None:
    check = CHECKS["acl-everyone"]
    assert objection(check, CLOUDFORMATION, tmp_path) == ""
    bare = msgspec.structs.replace(check, fix=msgspec.structs.replace(check.fix, note=""))
    assert "not_applicable Orders: Ownership is BucketOwnerEnforced" in objection(
        bare, CLOUDFORMATION, tmp_path
    )


@pytest.mark.parametrize(
    ("text", "language", "hidden"),
    [
        ("BucketName: shop-orders", CLOUDFORMATION, True),
        ("Choose another name: hyphens are fine.", CLOUDFORMATION, False),
        ('bucket = "shop-orders"', TERRAFORM, True),
        ("versioning {}", TERRAFORM, True),
        ("Choose another bucket.", TERRAFORM, False),
        ("# Without dots.\nBucketName: shop-orders", CLOUDFORMATION, False),
    ],
)
def test_a_line_of_code_is_told_from_a_sentence(text: str, language: str, hidden: bool) -> None:
    assert hidden_code(text, language) is hidden
