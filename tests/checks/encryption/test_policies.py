"""What a bucket policy demands, where the key is told by its ARN; and which finding speaks for the others."""

from pathlib import Path

import pytest
from msgspec.structs import replace

import s3audit
from s3audit.law import worlds
from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known
from s3audit.text import text
from s3audit.verdict import Status
from tests.checks.examples import CHECKS, EXAMPLES, Example

AT = Location("account", "orders")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"

TEMPLATE = """
# Uploads that ask for KMS have to ask for a key.
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {{SSEAlgorithm: aws:kms, KMSMasterKeyID: "{key}"}}
  OrdersPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: orders
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:PutObject
            Resource: arn:aws:s3:::orders/*
            Condition:
              "Null": {{s3:x-amz-server-side-encryption: false}}
              {operator}: {{s3:x-amz-server-side-encryption-aws-kms-key-id: "{demanded}"}}
          - Effect: Deny
            Principal: "*"
            Action: s3:PutObject
            Resource: arn:aws:s3:::orders/*
            Condition:
              StringNotEquals: {{s3:x-amz-server-side-encryption: {algorithm}}}
"""


def judged(check: str, **told: str) -> Status:
    given = {"key": KEY, "operator": "StringNotEquals", "demanded": KEY, "algorithm": "aws:kms", **told}
    (world,) = worlds(Example("x", "passes", 1, TEMPLATE.format(**given)))
    (made,) = world.estate.all(Bucket)
    subject = replace(
        made, region=Known(text("eu-west-1"), AT), account=Known(text("111122223333"), AT), origin="live"
    )
    found = CHECKS[check].judge(subject, Estate([subject]))
    assert isinstance(found.status, Status)
    return found.status


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, Status.PASS),
        ({"demanded": KEY.replace("1234", "5678")}, Status.FAIL),
        ({"demanded": "1234"}, Status.FAIL),
        ({"demanded": "alias/shop"}, Status.FAIL),
        ({"operator": "StringNotLike", "demanded": "arn:aws:kms:*:111122223333:key/*"}, Status.PASS),
        ({"operator": "StringNotLike", "demanded": "arn:aws:kms:*:444455556666:key/*"}, Status.FAIL),
        ({"algorithm": "AES256"}, Status.FAIL),
        ({"key": "alias/aws/s3"}, Status.FAIL),
        ({"key": "alias/shop"}, Status.UNKNOWN),
    ],
)
def test_what_the_policy_demands_and_what_the_default_is(told: dict[str, str], status: Status) -> None:
    assert judged("encryption-policy-contradicts-default", **told) is status


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, Status.PASS),
        ({"demanded": KEY.replace("1234", "5678")}, Status.FAIL),
        ({"operator": "StringNotEqualsIfExists"}, Status.PASS),
        ({"operator": "StringNotLike", "demanded": "arn:aws:kms:*:111122223333:key/*"}, Status.FAIL),
        ({"key": "alias/shop"}, Status.UNKNOWN),
    ],
)
def test_what_the_policy_enforces(told: dict[str, str], status: Status) -> None:
    assert judged("encryption-policy-enforced", **told) is status


def test_one_cause_is_one_finding(tmp_path: Path) -> None:
    """The policy demands S3's own keys where the default has KMS: the other two would say it again."""
    file = tmp_path / "orders.yaml"
    file.write_text(EXAMPLES["encryption-policy-contradicts-default-fails-2"].text, encoding="utf-8")
    names = [f"encryption-policy-{one}" for one in ("blocks-default", "contradicts-default", "enforced")]
    alone = [s3audit.scan([file], select=[name], severity="info").findings[0].status for name in names]
    assert alone == ["fail", "fail", "fail"]
    together = s3audit.scan([file], select=names, severity="info").findings
    assert {one.check: one.status for one in together} == {
        "encryption-policy-blocks-default": "not_applicable",
        "encryption-policy-contradicts-default": "fail",
        "encryption-policy-enforced": "not_applicable",
    }
