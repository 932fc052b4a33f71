"""Old buckets, which still take Signature Version 2, and how grave it is what a signer may do."""

from pathlib import Path

import pytest

import s3audit
from s3audit.config import parsed
from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate
from s3audit.setting import Known
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("account", "orders")
LIMIT = b'[[expect]]\nname = "orders"\npresigned_minutes = 10\n'


def known(value: str) -> Known[Text]:
    return Known(text(value), AT)


def written(value: object) -> Value:
    match value:
        case dict():
            members = (Member(name, written(one), AT) for name, one in value.items())
            return Object(tuple(members), AT)
        case list():
            return Array(tuple(map(written, value)), AT)
        case str():
            return Leaf(text(value), AT)
        case _:
            raise TypeError(value)


def denying(*conditions: dict[str, dict[str, str]]) -> Value:
    statements = [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::orders/*",
            "Condition": one,
        }
        for one in conditions
    ]
    return written({"Version": "2012-10-17", "Statement": statements})


TOO_OLD = {"NumericGreaterThan": {"s3:signatureAge": "600000"}}
BY_V2 = {"StringEquals": {"s3:signatureversion": "AWS"}}
NOT_BY_V4 = {"StringNotEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}


def judge(policy: Value | None, created: str, region: str = "eu-west-1", config: bytes = LIMIT) -> Verdict:
    made: Known[Text | None] = Known(text(created), AT)
    subject = Bucket(
        address="orders",
        at=AT,
        origin="live",
        name=known("orders"),
        account=known("111122223333"),
        region=known(region),
        created=made,
        policy=Known(policy, AT),
    )
    estate = Estate([subject])
    estate.expectations = parsed(config, ".s3audit.toml").expectations
    return CHECKS["presigned-max-age"].judge(subject, estate)


@pytest.mark.parametrize(
    ("created", "region", "status"),
    [
        ("2020-06-25T00:00:00Z", "eu-west-1", Status.PASS),
        ("2020-06-24T10:00:00Z", "eu-west-1", Status.FAIL),
        ("2015-01-01T00:00:00Z", "us-east-1", Status.FAIL),
        ("2015-01-01T00:00:00Z", "eu-central-1", Status.PASS),
    ],
)
def test_a_limit_on_the_age_binds_new_signatures_only(created: str, region: str, status: Status) -> None:
    assert judge(denying(TOO_OLD), created, region).status is status


@pytest.mark.parametrize("also", [BY_V2, NOT_BY_V4])
def test_an_old_bucket_has_to_refuse_old_signatures_too(also: dict[str, dict[str, str]]) -> None:
    assert judge(denying(TOO_OLD, also), "2015-01-01T00:00:00Z").status is Status.PASS
    assert judge(denying(also), "2015-01-01T00:00:00Z").status is Status.FAIL


def test_a_limit_is_graver_where_data_is_confidential() -> None:
    assert judge(None, "2024-01-01T00:00:00Z").severity is None
    config = LIMIT + b'data = "confidential"\n'
    assert judge(None, "2024-01-01T00:00:00Z", config=config).severity is Severity.MEDIUM


def test_a_limit_of_its_own_is_in_milliseconds() -> None:
    shorter = {"NumericGreaterThan": {"s3:signatureAge": "599999"}}
    longer = {"NumericGreaterThan": {"s3:signatureAge": "600001"}}
    reached = {"NumericGreaterThanEquals": {"s3:signatureAge": "600001"}}
    made = "2024-01-01T00:00:00Z"
    assert judge(denying(shorter), made).status is Status.PASS
    assert judge(denying(longer), made).status is Status.FAIL
    assert judge(denying(reached), made).status is Status.PASS


SIGNER = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop-orders}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: signer
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      Policies:
        - PolicyName: sign
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: ACTION, Resource: RESOURCE}]
"""


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::shop-orders/*", ("pass", "medium")),
        ("s3:PutObject", "arn:aws:s3:::shop-orders/in/*", ("pass", "medium")),
        ("s3:Get*", "arn:aws:s3:::shop-orders/*", ("fail", "medium")),
        ("s3:ListBucket", "arn:aws:s3:::shop-orders", ("fail", "medium")),
        ("s3:GetObject", "arn:aws:s3:::*", ("fail", "medium")),
        ("s3:*", "arn:aws:s3:::shop-orders/*", ("fail", "high")),
        ("s3:*", "arn:aws:s3:::shop-photos/*", ("pass", "medium")),
    ],
)
def test_what_a_signer_may_do(action: str, resource: str, expected: tuple[str, str], tmp_path: Path) -> None:
    file, config = tmp_path / "template.yaml", tmp_path / ".s3audit.toml"
    file.write_text(SIGNER.replace("ACTION", f'"{action}"').replace("RESOURCE", f'"{resource}"'))
    config.write_text('[[expect]]\nsigners = ["arn:aws:iam::111122223333:role/signer"]\n')
    report = s3audit.scan([file], select=["presigned-signer-scope"], severity="info", config=config)
    [found] = report.findings
    assert (found.status, found.severity.label) == expected


def test_a_role_that_signs_for_others_is_not_looked_at(tmp_path: Path) -> None:
    file, config = tmp_path / "template.yaml", tmp_path / ".s3audit.toml"
    file.write_text(SIGNER.replace("ACTION", '"s3:*"').replace("RESOURCE", '"*"'))
    config.write_text('[[expect]]\nsigners = ["arn:aws:iam::111122223333:role/another"]\n')
    report = s3audit.scan([file], select=["presigned-signer-scope"], severity="info", config=config)
    assert [found.status for found in report.findings] == ["unknown"]
