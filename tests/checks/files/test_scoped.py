"""What a role may reach, which security groups are open, and whom a file system lets mount it."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding
from s3audit.verdict import Severity

TEMPLATE = """
Parameters:
  Group: {{Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: elasticfilesystem.amazonaws.com}}, Action: "sts:AssumeRole"}}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement: [{statement}]
  Files:
    Type: AWS::S3Files::FileSystem
    Properties:
      Bucket: arn:aws:s3:::orders
      Prefix: in/
      RoleArn: !GetAtt Role.Arn
  FilesPolicy:
    Type: AWS::S3Files::FileSystemPolicy
    Properties:
      FileSystemId: !Ref Files
      Policy:
        Statement:
          - Effect: Allow
            Principal: {principal}
            Action: s3files:Client*
            Condition: {condition}
  Clients:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: clients
      SecurityGroupIngress: [{rule}]
  Target:
    Type: AWS::S3Files::MountTarget
    Properties:
      FileSystemId: !Ref Files
      SubnetId: subnet-1
      SecurityGroups: {groups}
"""
OWN = '{Effect: Allow, Action: "s3:*", Resource: ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"]}'


def judged(
    folder: Path,
    *,
    statement: str = OWN,
    principal: str = '{AWS: "arn:aws:iam::111122223333:role/shop"}',
    condition: str = "{}",
    rule: str = "{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: 10.0.0.0/8}",
    groups: str = "[!Ref Clients]",
    said: str = "",
) -> Finding:
    file, config = folder / "stack.yaml", folder / ".s3audit.toml"
    file.write_text(
        TEMPLATE.format(
            statement=statement, principal=principal, condition=condition, rule=rule, groups=groups
        ),
        "utf-8",
    )
    config.write_text(said, "utf-8")
    report = s3audit.scan([file], select=["files-scoped"], severity="info", config=config)
    assert not report.problems
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (OWN, "pass"),
        ('{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*"}', "fail"),
        ('{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::ord*"}', "fail"),
        ('{Effect: Allow, Action: "s3:ListBucket", Resource: "*"}', "pass"),
        ('{Effect: Allow, Action: ["kms:*", "events:*"], Resource: "*"}', "pass"),
        ('{Effect: Allow, Action: "*", Resource: "*"}', "fail"),
        ('{Effect: Allow, Action: "s3:PutObject", Resource: !Sub "arn:aws:s3:::${Group}/*"}', "unknown"),
    ],
)
def test_what_the_role_may_reach(tmp_path: Path, statement: str, status: str) -> None:
    assert judged(tmp_path, statement=statement).status == status


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: 0.0.0.0/0}", "fail"),
        ("{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIpv6: '::/0'}", "fail"),
        ("{IpProtocol: '-1', CidrIp: 0.0.0.0/0}", "fail"),
        ("{IpProtocol: udp, FromPort: 2049, ToPort: 2049, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: tcp, FromPort: 80, ToPort: 443, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: 10.0.0.0/8}", "pass"),
        (
            "{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, SourceSecurityGroupId: sg-1}",
            "pass",
        ),
        ("{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: !Ref Group}", "unknown"),
    ],
)
def test_which_rules_are_open(tmp_path: Path, rule: str, status: str) -> None:
    found = judged(tmp_path, rule=rule)
    assert found.status == status
    if status == "fail":
        assert found.severity is Severity.LOW


def test_of_a_group_that_is_not_here_it_is_open(tmp_path: Path) -> None:
    assert judged(tmp_path, groups="[!Ref Group]").status == "unknown"
    assert judged(tmp_path, groups="[!GetAtt Clients.GroupId]").status == "pass"
    assert judged(tmp_path, groups="!Ref AWS::NoValue").status == "pass"


@pytest.mark.parametrize(
    ("principal", "condition", "status"),
    [
        ('"*"', "{}", "fail"),
        ('{AWS: "*"}', '{StringEquals: {"s3files:AccessPointArn": "arn:aws:s3files:::x"}}', "fail"),
        ('"*"', '{StringEquals: {"aws:PrincipalAccount": "111122223333"}}', "pass"),
        ('{AWS: "arn:aws:iam::777788889999:root"}', "{}", "pass"),
    ],
)
def test_whom_it_lets_mount_it(tmp_path: Path, principal: str, condition: str, status: str) -> None:
    found = judged(tmp_path, principal=principal, condition=condition)
    assert (found.status, found.severity) == (status, Severity.MEDIUM)


def test_an_account_on_no_list_is_told(tmp_path: Path) -> None:
    said = '[[expect]]\nkind = "file-system"\ntrusted_accounts = ["444455556666"]\n'
    found = judged(tmp_path, principal='{AWS: "arn:aws:iam::777788889999:root"}', said=said)
    assert (found.status, found.severity) == ("fail", Severity.MEDIUM)
    assert [one.note for one in found.evidence] == [
        "its policy lets the account 777788889999 do s3files:ClientMount"
    ]
    assert judged(tmp_path, principal='{AWS: "444455556666"}', said=said).status == "pass"
