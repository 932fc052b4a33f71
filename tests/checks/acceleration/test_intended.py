"""Whose word counts, and which policies leave nothing that could be accelerated."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding
from s3audit.verdict import Severity

TEMPLATE = """
Parameters:
  Status: {{Type: String}}
  Endpoint: {{Type: String}}
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders
      AccelerateConfiguration: {{AccelerationStatus: {status}}}
  OrdersPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Orders
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: {effect}
            Principal: "*"
            Action: {action}
            Resource: ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"]
            Condition: {condition}
"""
BY_ENDPOINT = "{StringNotEquals: {aws:SourceVpce: vpce-1}}"
ADMIN = "{aws:PrincipalArn: 'arn:aws:iam::111122223333:role/admin'}"
BUT_ADMIN = f"{{StringNotEquals: {{aws:SourceVpce: vpce-1}}, ArnNotLike: {ADMIN}}}"


def judged(
    folder: Path,
    *said: str,
    status: str = "Enabled",
    effect: str = "Deny",
    action: str = "s3:*",
    condition: str = BY_ENDPOINT,
) -> Finding:
    file, config = folder / "stack.yaml", folder / ".s3audit.toml"
    text = TEMPLATE.format(status=status, effect=effect, action=action, condition=condition)
    file.write_text(text, "utf-8")
    config.write_text("\n".join(["[[expect]]", *said]) if said else "", "utf-8")
    report = s3audit.scan([file], select=["acceleration-intended"], severity="info", config=config)
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (BY_ENDPOINT, "fail"),
        ("{StringNotEquals: {aws:SourceVpc: vpc-1}}", "fail"),
        ("{StringNotEqualsIfExists: {aws:SourceVpce: [vpce-1, vpce-2]}}", "fail"),
        ('{"Null": {aws:SourceVpce: "true"}}', "fail"),
        # Everybody but the administrators, who may well be elsewhere.
        (
            BUT_ADMIN,
            "not_applicable",
        ),
        # Only where there is an endpoint, and it is another one.
        (
            '{StringNotEquals: {aws:SourceVpce: vpce-1}, "Null": {aws:SourceVpce: "false"}}',
            "not_applicable",
        ),
        ("{StringEquals: {aws:SourceVpce: vpce-1}}", "not_applicable"),
        ('{Bool: {aws:SecureTransport: "false"}}', "not_applicable"),
        ("{StringNotEquals: {aws:SourceVpce: !Ref Endpoint}}", "fail"),
    ],
)
def test_a_policy_for_endpoints_leaves_nothing_to_accelerate(
    tmp_path: Path, condition: str, status: str
) -> None:
    assert judged(tmp_path, condition=condition).status == status


def test_a_deny_of_less_leaves_something(tmp_path: Path) -> None:
    assert judged(tmp_path, action="s3:DeleteObject").status == "not_applicable"
    assert judged(tmp_path, effect="Allow").status == "not_applicable"
    assert judged(tmp_path, status="Suspended").status == "not_applicable"


def test_that_it_is_wanted_does_not_make_it_useful(tmp_path: Path) -> None:
    found = judged(tmp_path, "accelerated = true")
    assert (found.status, found.severity) == ("fail", Severity.INFO)
    assert [one.note for one in found.evidence] == [
        "transfer acceleration is Enabled",
        "the policy denies whoever comes through no VPC endpoint",
    ]
    assert judged(tmp_path, "accelerated = true", effect="Allow").status == "pass"


def test_who_wants_it_in_so_many_words_has_it(tmp_path: Path) -> None:
    said = ('network = "private"', "accelerated = true")
    assert judged(tmp_path, *said, effect="Allow").status == "pass"
    found = judged(tmp_path, said[0], effect="Allow")
    assert (found.status, found.severity) == ("fail", Severity.MEDIUM)
    assert [one.note for one in found.evidence] == [
        "transfer acceleration is Enabled, and it is said to be for private networks"
    ]


def test_what_is_not_known_matters_only_where_something_speaks_against_it(tmp_path: Path) -> None:
    assert judged(tmp_path, status="!Ref Status", effect="Allow").status == "not_applicable"
    assert judged(tmp_path, "accelerated = true", status="!Ref Status", effect="Allow").status == "pass"
    assert judged(tmp_path, "accelerated = false", status="!Ref Status", effect="Allow").status == "unknown"
    assert judged(tmp_path, status="!Ref Status").status == "unknown"
