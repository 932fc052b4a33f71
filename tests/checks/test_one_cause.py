"""One root cause is one finding: all that is said of a few small templates, as a colleague would in a review."""

from pathlib import Path

import pytest

from s3audit import api
from s3audit.finding import Sheet
from s3audit.renderers.text import render

BARE = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
"""
OPEN = """
      PublicAccessBlockConfiguration:
        BlockPublicAcls: false
        IgnorePublicAcls: false
        BlockPublicPolicy: false
        RestrictPublicBuckets: false
"""
PUBLIC = f"""
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:{OPEN}
  PhotosPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Photos.Arn, !Sub "${{Photos.Arn}}/*"]
"""
PUBLIC_BY_ACL = f"""
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      OwnershipControls: {{Rules: [{{ObjectOwnership: ObjectWriter}}]}}{OPEN}
"""
BROKEN_PAIR = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules:
          - Status: Enabled
            Prefix: ""
            SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
            Destination: {Bucket: !GetAtt Copy.Arn}
  Copy:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]
"""
ELSEWHERE = """
Parameters: {LogBucket: {Type: String}}
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      LoggingConfiguration: {DestinationBucketName: !Ref LogBucket, LogFilePrefix: orders/}
"""
NEVER_SET_UP = """
Orders medium transport-tls-required
Orders medium versioning-enabled
Orders low access-bucket-public-access-block
Orders low encryption-kms
Orders low lifecycle-configured
"""


def failing(template: str, tmp_path: Path) -> set[str]:
    path = tmp_path / "template.yaml"
    path.write_text(template)
    report = api.scan([str(path)])
    assert not report.problems
    found = [f for f in report.findings if f.status == "fail"]
    return {f"{f.subject.name} {f.severity.label} {f.check}" for f in found}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (BARE, f"{NEVER_SET_UP}Orders medium logging-enabled"),
        (
            PUBLIC,
            """
            Photos critical access-public-read
            Photos critical access-public-write
            Photos medium transport-tls-required
            Photos medium logging-enabled
            Photos medium versioning-enabled
            Photos low encryption-kms
            Photos low lifecycle-configured
            """,
        ),
        (
            PUBLIC_BY_ACL,
            """
            Photos critical access-public-read
            Photos medium acl-disabled
            Photos medium transport-tls-required
            Photos medium logging-enabled
            Photos medium versioning-enabled
            Photos low encryption-kms
            Photos low lifecycle-configured
            """,
        ),
        (
            BROKEN_PAIR,
            f"""
            {NEVER_SET_UP.replace("Orders", "Copy")}
            Copy medium logging-enabled
            {NEVER_SET_UP.replace("Orders medium versioning-enabled", "Orders high replication-source-versioning")}
            Orders medium logging-enabled
            Orders high replication-destination-versioning
            Orders high replication-kms-destination-key
            Orders high replication-role-trust
            Orders high replication-role-least-privilege
            Orders low replication-failure-visible
            """,
        ),
        (ELSEWHERE, NEVER_SET_UP),
    ],
    ids=["bare", "public", "public by its ACL", "a broken pair", "logs elsewhere"],
)
def test_what_is_said(template: str, expected: str, tmp_path: Path) -> None:
    assert failing(template, tmp_path) == {line.strip() for line in expected.splitlines() if line.strip()}


def test_what_leaves_many_open_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(ELSEWHERE)
    shown = render(api.scan([str(path)], show=("unknown",)), Sheet(lines=lambda _: None))
    assert shown.count("The bucket ${LogBucket} is declared elsewhere.") == 1
    assert shown.count("logging-target-permission") == 1
