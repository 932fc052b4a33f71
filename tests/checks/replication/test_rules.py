"""Rules and roles as they are written: what would make bad examples."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding

_V2 = """
          - Status: Enabled
            Filter: {{Prefix: {prefix}}}
            DeleteMarkerReplication: {{Status: Disabled}}
            Destination: {{Bucket: "arn:aws:s3:::{to}"}}{priority}"""


def said(check: str, text: str, folder: Path, name: str = "template.yaml") -> Finding:
    """What a check says of Orders."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    report = s3audit.scan([file], select=[f"replication-{check}"], severity="info")
    assert not report.problems
    (found,) = [one for one in report.findings if one.subject.name.lower().endswith("orders")]
    return found


def v2(prefix: str, priority: int | None = None, to: str = "copy") -> str:
    line = "" if priority is None else f"\n            Priority: {priority}"
    return _V2.format(prefix=prefix, to=to, priority=line)


def template(*rules: str) -> str:
    return f"""Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      ReplicationConfiguration:
        Role: arn:aws:iam::111122223333:role/replication
        Rules:{"".join(rules)}
"""


@pytest.mark.parametrize(
    ("rules", "status", "lines"),
    [
        ((v2("a/"),), "pass", set()),
        ((v2("a/", 1), v2("b/")), "fail", {13, 14}),
        ((v2("a/"), v2("b/")), "fail", {8, 9, 12, 13}),
        ((v2("a/"), v2("b/", to="archive")), "fail", {8, 9, 12, 13}),
        ((v2("a/", 1), v2("b/", 2)), "pass", set()),
        ((v2("a/", 1), v2("b/", 1, "archive")), "pass", set()),
        ((v2("a/", 1), v2("b/", 2), v2("c/", 1)), "fail", {12, 22}),
        ((v2("a/"), "\n          - !If [No, {}, !Ref AWS::NoValue]"), "pass", set()),
    ],
)
def test_priorities_in_a_template(
    rules: tuple[str, ...], status: str, lines: set[int], tmp_path: Path
) -> None:
    text = "Conditions: {No: !Equals [a, b]}\n" if "NoValue" in "".join(rules) else ""
    found = said("rule-schema", text + template(*rules), tmp_path)
    assert found.status == status
    if status == "fail":
        assert {one.at.line for one in found.evidence} == lines


_HCL = """
resource "aws_s3_bucket" "orders" {
}
resource "aws_s3_bucket_replication_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  role   = "arn:aws:iam::111122223333:role/replication"
"""
_RULE = """
  rule {{
    status = "Enabled"
    filter {{
      prefix = "{}"
    }}
    delete_marker_replication {{
      status = "Disabled"
    }}
    destination {{
      bucket = "arn:aws:s3:::copy"
    }}
    {}
  }}
"""


@pytest.mark.parametrize(
    ("priorities", "status"),
    [(("", "priority = 1"), "pass"), (("", "priority = 0"), "fail"), (("", ""), "fail"), (("",), "pass")],
)
def test_terraform_writes_a_priority_of_0(priorities: tuple[str, ...], status: str, tmp_path: Path) -> None:
    rules = "".join(_RULE.format(f"{number}/", line) for number, line in enumerate(priorities))
    assert said("rule-schema", f"{_HCL}{rules}}}\n", tmp_path, "main.tf").status == status


_LOCKED = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-orders
      ObjectLockEnabled: true
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules:
          - {Status: Enabled, Prefix: !Sub "orders/", Destination: {Bucket: !GetAtt Copy.Arn}}
  Copy:
    Type: AWS::S3::Bucket
    Properties: {ObjectLockEnabled: true}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: replication
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "s3:Get*", Resource: "arn:aws:s3:::shop-orders/*"}]
"""
_DENIED = """
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Orders
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: {AWS: !GetAtt Role.Arn}
            Action: s3:GetObjectLegalHold
            Resource: arn:aws:s3:::shop-orders/orders/*
"""
_BOUNDARY = """
      PermissionsBoundary: !Ref Boundary
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{Effect: Allow, Action: "s3:GetObjectRetention", Resource: "*"}]
"""
_ATTACHED = "      ManagedPolicyArns: [arn:aws:iam::111122223333:policy/more]\n"


@pytest.mark.parametrize(
    ("more", "status", "note"),
    [
        ("", "pass", "Role may s3:GetObjectLegalHold"),
        (_DENIED, "fail", "Role may not s3:GetObjectLegalHold on arn:aws:s3:::shop-orders/orders/"),
        (_DENIED.replace("orders/orders", "orders/photos"), "pass", ""),
        (_BOUNDARY, "fail", "Role may not s3:GetObjectLegalHold on arn:aws:s3:::shop-orders/orders/"),
        (_BOUNDARY.replace("s3:GetObjectRetention", "s3:*"), "pass", ""),
        (
            _ATTACHED,
            "unknown",
            "what Role may do is not known: what the policy more allows is not known",
        ),
    ],
)
def test_what_has_a_say_in_what_the_role_may_read(more: str, status: str, note: str, tmp_path: Path) -> None:
    found = said("object-lock", _LOCKED + more.removeprefix("\n"), tmp_path)
    assert found.status == status, found.message
    assert any(one.note.startswith(note) for one in found.evidence)
