"""Roles and users that have access by policies of their own, and where objects are copied to."""

from pathlib import Path

import pytest

from s3audit.policy.access import Access, not_listed
from tests.policy.buckets import ALL, SHOP, access, deny, policy, read, sure
from tests.policy.test_access_points import DELEGATED, point, reads

OWN = "policies of its own"
READS = f"Effect: Allow, Action: s3:GetObject, Resource: {ALL}"


def role(*statements: str, more: str = "", name: str = "Reader", kind: str = "Role") -> str:
    written = "".join(f"              - {{{one}}}\n" for one in statements)
    trust = "AssumeRolePolicyDocument: {Statement: []}" if kind == "Role" else ""
    inline = (
        f"Policies:\n        - PolicyName: x\n          PolicyDocument:\n            Statement:\n{written}"
    )
    return f"""
  {name}:
    Type: AWS::IAM::{kind}
    Properties:
      {trust}
      {more}
      {inline if statements else ""}
"""


def test_a_role_that_names_the_bucket(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, role(READS))
    assert sure(those) == {("the role Reader", OWN): ("read",)}
    assert (those[0].at.line, those[0].at.column) == (17, 18)


@pytest.mark.parametrize(
    "resource", ['"*"', '"arn:aws:s3:::*"', '!Sub "arn:${AWS::Partition}:s3:::${Shop}/a/*"']
)
def test_or_all_buckets_or_a_part_of_it(resource: str, tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, role(READS.replace(ALL, resource), kind="User", name="Ann"))
    assert sure(those) == {("the user Ann", OWN): ("read",)}


def test_one_that_names_another_is_none(tmp_path: Path) -> None:
    assert access(tmp_path, SHOP, role(READS.replace(ALL, '"arn:aws:s3:::another/*"'))) == []
    assert access(tmp_path, SHOP, role()) == []


def test_a_deny_of_either_wins(tmp_path: Path) -> None:
    refused = READS.replace("Allow", "Deny")
    assert access(tmp_path, SHOP, role(READS, refused)) == []
    assert access(tmp_path, SHOP, policy(deny('"*"', '"s3:*"')), role(READS)) == []
    others = deny(
        '"*"', '"s3:*"', more="Condition: {StringNotEquals: {aws:PrincipalArn: !GetAtt Reader.Arn}}"
    )
    assert sure(access(tmp_path, SHOP, policy(others), role(READS))) == {("the role Reader", OWN): ("read",)}


def test_what_a_policy_asks_is_shown(tmp_path: Path) -> None:
    [one] = access(tmp_path, SHOP, role(READS + ", Condition: {StringEquals: {aws:SourceVpc: vpc-1}}"))
    assert one.where == "aws:SourceVpc vpc-1"


MANAGED = f"""
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: ROLES
      PolicyDocument: {{Statement: [{{{READS}}}]}}
"""


@pytest.mark.parametrize(
    ("attached", "roles"), [("ManagedPolicyArns: [!Ref Managed]", "[]"), ("", "[!Ref Reader]")]
)
def test_a_managed_policy(attached: str, roles: str, tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, MANAGED.replace("ROLES", roles), role(more=attached))
    assert sure(those) == {("the role Reader", OWN): ("read",)}
    assert access(tmp_path, SHOP, MANAGED.replace("ROLES", "[]"), role()) == []


def test_those_of_a_group(tmp_path: Path) -> None:
    group = role(READS, name="Readers", kind="Group")
    user = role(name="Ann", kind="User", more="Groups: [!Ref Readers]")
    assert sure(access(tmp_path, SHOP, group, user)) == {("the user Ann", OWN): ("read",)}


def test_policies_of_aws(tmp_path: Path) -> None:
    full = "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']"
    [one] = access(tmp_path, SHOP, role(more=full))
    assert one.can == ("read", "list", "write", "tagging", "permissions")
    reader = "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']"
    [one] = access(tmp_path, SHOP, role(more=reader))
    assert one.can == ("read", "list")


def test_a_policy_of_which_nothing_is_known(tmp_path: Path) -> None:
    other = "ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole']"
    bucket, estate = read(tmp_path, SHOP, role(more=other))
    assert not_listed(bucket, estate) == [
        "identities of its own account that are declared elsewhere, by policies of their own",
        "what else the role Reader may do: what the policy AWSLambdaKinesisExecutionRole allows is not known",
    ]


def test_its_boundary_is_the_most_that_it_may(tmp_path: Path) -> None:
    bounded = "PermissionsBoundary: !Ref Managed"
    boundary = MANAGED.replace("ROLES", "[]")
    everything = READS.replace("s3:GetObject", '"s3:*"')
    assert sure(access(tmp_path, SHOP, boundary, role(everything, more=bounded))) == {
        ("the role Reader", OWN): ("read",)
    }
    unknown = "PermissionsBoundary: 'arn:aws:iam::111122223333:policy/most'"
    [one] = access(tmp_path, SHOP, role(READS, more=unknown))
    assert one.open == "its permissions boundary is not known: what the policy most allows is not known"


def test_through_an_access_point_that_the_bucket_delegates_to(tmp_path: Path) -> None:
    door = "\n  Point: {Type: AWS::S3::AccessPoint, Properties: {Bucket: !Ref Shop}}\n"
    at_point = READS.replace(ALL, '!Sub "${Point.Arn}/object/in/*"')
    way = ("the role Reader", f"{OWN}, through the access point Point")
    assert sure(access(tmp_path, SHOP, door, policy(DELEGATED), role(at_point))) == {way: ("read",)}
    # Nobody delegates to it, or the bucket is allowed by the role's own policies as well.
    assert access(tmp_path, SHOP, door, role(at_point)) == []
    both = role(
        at_point,
        READS.replace(ALL, '!Sub "${Shop.Arn}/*", Condition: {Null: {s3:DataAccessPointArn: "false"}}'),
    )
    assert sure(access(tmp_path, SHOP, door, both)) == {way: ("read",)}
    elsewhere = READS.replace(ALL, '!Sub "${Point.Arn}/object/out/*"')
    assert access(tmp_path, SHOP, door, policy(DELEGATED.replace("/*", "/in/*")), role(elsewhere)) == []


def test_a_deny_of_the_access_point_wins_over_them(tmp_path: Path) -> None:
    at_point = READS.replace(ALL, '!Sub "${Point.Arn}/object/*"')
    refused = reads('"*"').replace("Allow", "Deny", 1)
    assert access(tmp_path, SHOP, point(refused), policy(DELEGATED), role(at_point)) == []


# Replication

COPIED = (
    SHOP.rstrip()
    + """
      VersioningConfiguration: {Status: Enabled}
      ReplicationConfiguration:
        Role: !GetAtt Copier.Arn
        Rules:
          - {Status: Enabled, Destination: {Bucket: !GetAtt Backup.Arn}}
"""
)
BACKUP = """
  Backup: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
"""
COPIES = (
    "Effect: Allow, Action: [s3:GetReplicationConfiguration, s3:ListBucket], Resource: !GetAtt Shop.Arn",
    'Effect: Allow, Action: "s3:GetObjectVersion*", Resource: !Sub "${Shop.Arn}/*"',
    'Effect: Allow, Action: s3:ReplicateObject, Resource: !Sub "${Backup.Arn}/*"',
)


def copied(tmp_path: Path, *parts: str) -> list[Access]:
    return [one for one in access(tmp_path, *parts) if one.how.startswith("replication")]


def test_objects_leave_for_the_destination(tmp_path: Path) -> None:
    [one] = copied(tmp_path, COPIED, BACKUP, role(*COPIES, name="Copier"))
    assert (one.who, one.can, one.open) == ("the bucket Backup, and whoever may read there", ("read",), "")
    assert one.at.line == 11


def test_a_role_that_may_not(tmp_path: Path) -> None:
    [one] = copied(tmp_path, COPIED, BACKUP, role(*COPIES[:2], name="Copier"))
    assert one.open.startswith("the role Copier may not s3:ReplicateObject on arn:aws:s3:::")


def test_a_role_that_is_elsewhere(tmp_path: Path) -> None:
    elsewhere = COPIED.replace("!GetAtt Copier.Arn", "arn:aws:iam::111122223333:role/copier")
    [one] = copied(tmp_path, elsewhere, BACKUP)
    assert one.open == "what the role arn:aws:iam::111122223333:role/copier may do is not known"


def test_a_bucket_of_another_account(tmp_path: Path) -> None:
    abroad = COPIED.replace("!GetAtt Backup.Arn", 'arn:aws:s3:::vault, Account: "444455556666"')
    statements = (*COPIES[:2], COPIES[2].replace('!Sub "${Backup.Arn}/*"', '"arn:aws:s3:::vault/*"'))
    [one] = copied(tmp_path, abroad, role(*statements, name="Copier"))
    assert one.who == "the bucket vault of the account 444455556666, and whoever may read there"
    assert one.open == "what the policy of arn:aws:s3:::vault lets the role Copier do is not known"


def test_whether_the_destination_denies_it(tmp_path: Path) -> None:
    refused = policy(deny('"*"', "s3:ReplicateObject", '!Sub "${Backup.Arn}/*"')).replace(
        "!Ref Shop", "!Ref Backup"
    )
    [one] = copied(tmp_path, COPIED, BACKUP, refused, role(*COPIES, name="Copier"))
    assert one.open.startswith("the role Copier may not s3:ReplicateObject on arn:aws:s3:::")
    elsewhere = COPIED.replace("!GetAtt Backup.Arn", '"arn:aws:s3:::vault"')
    statements = (*COPIES[:2], COPIES[2].replace('!Sub "${Backup.Arn}/*"', '"arn:aws:s3:::vault/*"'))
    [one] = copied(tmp_path, elsewhere, role(*statements, name="Copier"))
    assert one.open == "what the policy of arn:aws:s3:::vault lets the role Copier do is not known"


def test_a_rule_that_is_off_copies_nothing(tmp_path: Path) -> None:
    off = COPIED.replace("- {Status: Enabled", "- {Status: Disabled")
    assert copied(tmp_path, off, BACKUP, role(*COPIES, name="Copier")) == []


def test_what_it_copies(tmp_path: Path) -> None:
    some = COPIED.replace("- {Status: Enabled", "- {Prefix: logs/, Status: Enabled")
    [one] = copied(tmp_path, some, BACKUP, role(*COPIES, name="Copier"))
    assert one.how == "replication of keys that begin with logs/"
