"""The role of a replication: how grave a missing right is, and what an account that is written out leaves open."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding

TEMPLATE = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-orders
      VersioningConfiguration: {Status: Enabled}
      ReplicationConfiguration:
        Role: ROLE_ARN
        Rules:
          - Status: Enabled
            Priority: 1
            Filter: {Prefix: ""}
            DeleteMarkerReplication: {Status: Disabled}
            Destination: {Bucket: "arn:aws:s3:::shop-copy"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: replication
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: PRINCIPAL
            Action: sts:AssumeRole
            Condition: CONDITION
      Policies:
        - PolicyName: replication
          PolicyDocument:
            Version: "2012-10-17"
            Statement: STATEMENT
"""
S3 = "{Service: s3.amazonaws.com}"
ON_BUCKET = (
    "{Effect: Allow, Action: [s3:GetReplicationConfiguration, s3:ListBucket],"
    " Resource: 'arn:aws:s3:::shop-orders'}"
)


def judged(
    check: str,
    folder: Path,
    *statements: str,
    role: str = "!GetAtt Role.Arn",
    principal: str = S3,
    condition: str = "{}",
) -> Finding:
    text = TEMPLATE.replace("ROLE_ARN", role).replace("PRINCIPAL", principal).replace("CONDITION", condition)
    file = folder / "stack.yaml"
    file.write_text(text.replace("STATEMENT", f"[{', '.join(statements)}]"), encoding="utf-8")
    report = s3audit.scan([file], select=[f"replication-{check}"], severity="info")
    assert not report.problems
    [finding] = report.findings
    return finding


def on_objects(*actions: str, bucket: str = "shop-orders") -> str:
    return f"{{Effect: Allow, Action: [{', '.join(actions)}], Resource: 'arn:aws:s3:::{bucket}/*'}}"


@pytest.mark.parametrize(
    ("actions", "status", "severity"),
    [
        (["s3:GetObjectVersion*"], "pass", None),
        (["s3:GetObjectVersion", "s3:GetObjectVersionAcl"], "fail", "LOW"),
        (["s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"], "fail", "HIGH"),
        (["s3:GetObjectVersionForReplication"], "fail", "HIGH"),
    ],
)
def test_only_tags_are_of_little_weight(
    tmp_path: Path, actions: list[str], status: str, severity: str | None
) -> None:
    found = judged("role-source-permissions", tmp_path, ON_BUCKET, on_objects(*actions))
    assert found.status == status
    if severity is not None:
        assert found.severity.name == severity


def test_each_missing_action_is_named_once(tmp_path: Path) -> None:
    found = judged("role-source-permissions", tmp_path, on_objects("s3:GetObjectVersion*"))
    assert [one.note for one in found.evidence] == [
        "Role may not s3:GetReplicationConfiguration on arn:aws:s3:::shop-orders",
        "Role may not s3:ListBucket on arn:aws:s3:::shop-orders",
    ]


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("{StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}", "pass"),
        ("{StringEquals: {aws:SourceAccount: '111122223333'}}", "unknown"),
        ("{ArnEquals: {aws:SourceArn: 'arn:aws:s3:::shop-orders'}}", "pass"),
        ("{ArnEquals: {aws:SourceArn: 'arn:aws:s3:::shop-invoices'}}", "fail"),
        ("{StringEquals: {sts:ExternalId: orders}}", "unknown"),
    ],
)
def test_what_the_trust_policy_asks_for(tmp_path: Path, condition: str, status: str) -> None:
    assert judged("role-trust", tmp_path, ON_BUCKET, condition=condition).status == status


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("!Sub arn:aws:iam::${AWS::AccountId}:role/replication", "pass"),
        ("arn:aws:iam::111122223333:role/replication", "unknown"),
        ("!Sub arn:aws:iam::${AWS::AccountId}:role/another", "unknown"),
    ],
)
def test_a_role_by_its_arn(tmp_path: Path, role: str, status: str) -> None:
    """One of another account has the same name, and one of another name is declared elsewhere."""
    assert judged("role-trust", tmp_path, ON_BUCKET, role=role).status == status


@pytest.mark.parametrize(
    ("statement", "principal", "status", "severity"),
    [
        (on_objects("s3:GetObjectVersion", bucket="shop-*"), S3, "fail", "LOW"),
        ("{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::shop-orders/*'}", S3, "fail", "LOW"),
        ("{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::*'}", S3, "fail", "HIGH"),
        ("{Effect: Allow, Action: 's3:Get*', Resource: '*'}", S3, "fail", "LOW"),
        ("{Effect: Allow, NotAction: 'iam:*', Resource: 'arn:aws:s3:::shop-orders'}", S3, "fail", "LOW"),
        (ON_BUCKET, "{AWS: !Ref AWS::AccountId}", "fail", "HIGH"),
        (on_objects("s3:ReplicateObject", bucket="shop-copy"), S3, "pass", None),
        ("{Effect: Deny, Action: '*', Resource: '*'}", S3, "pass", None),
    ],
)
def test_how_much_is_too_much(
    tmp_path: Path, statement: str, principal: str, status: str, severity: str | None
) -> None:
    found = judged("role-least-privilege", tmp_path, statement, principal=principal)
    assert found.status == status
    if severity is not None:
        assert found.severity.name == severity
