"""Each level with the statement that lets somebody in, and what limits a role that the bucket policy names."""

from pathlib import Path

import pytest

from s3audit.policy.access import Access
from s3audit.policy.language import NO_PRINCIPAL
from tests.policy.buckets import ALL, SHOP, access, allow, policy, sure
from tests.policy.test_access_identities import READS, role
from tests.policy.test_access_points import DELEGATED, point

BY = "the bucket policy"
NAMED = "{AWS: !GetAtt Reader.Arn}"
ALL_OF_S3 = f"Effect: Allow, Action: 's3:*', Resource: {ALL}"
MEMBERS = "Condition: {StringEquals: {aws:PrincipalOrgID: o-abc}}"
PARTNER = '{AWS: "444455556666"}'


def lines(those: list[Access]) -> list[tuple[str, tuple[str, ...], int, str]]:
    return [(one.how, one.can, one.at.line, one.where) for one in those]


def test_each_level_has_its_own_condition_and_place(tmp_path: Path) -> None:
    those = access(
        tmp_path,
        SHOP,
        policy(
            allow(PARTNER, "s3:GetObject", more=MEMBERS),
            allow(PARTNER, "s3:PutObject"),
            allow(PARTNER, "s3:ListBucket", more=MEMBERS),
        ),
    )
    assert lines(those) == [
        (BY, ("read",), 15, "aws:PrincipalOrgID o-abc"),
        (BY, ("list",), 17, "aws:PrincipalOrgID o-abc"),
        (BY, ("write",), 16, ""),
    ]


def test_what_one_statement_lets_do_is_one_line(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(allow(PARTNER, "[s3:GetObject, s3:PutObject]", more=MEMBERS)))
    assert lines(those) == [(BY, ("read", "write"), 15, "aws:PrincipalOrgID o-abc")]


def test_so_have_policies_of_its_own(tmp_path: Path) -> None:
    writes = f"Effect: Allow, Action: s3:PutObject, Resource: {ALL}"
    those = access(tmp_path, SHOP, role(f"{READS}, {MEMBERS}", writes))
    assert lines(those) == [
        ("policies of its own", ("read",), 17, "aws:PrincipalOrgID o-abc"),
        ("policies of its own", ("write",), 18, ""),
    ]


def test_a_deny_of_its_own_wins_over_the_bucket_policy(tmp_path: Path) -> None:
    let_in = policy(allow(NAMED, "[s3:GetObject, s3:DeleteObject]"))
    kept_out = 'Effect: Deny, Action: "s3:DeleteObject", Resource: "*"'
    assert sure(access(tmp_path, SHOP, let_in, role(kept_out))) == {("the role Reader", BY): ("read",)}
    user = role(kept_out, kind="User")
    assert sure(access(tmp_path, SHOP, let_in, user)) == {("the user Reader", BY): ("read",)}
    in_part = kept_out.replace('"*"', '!Sub "${Shop.Arn}/kept/*"')
    both = {("the role Reader", BY): ("read", "write")}
    assert sure(access(tmp_path, SHOP, let_in, role(in_part))) == both


BOUNDARY = """
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: s3:GetObject, Resource: "*"}
          - {Effect: Deny, Action: s3:PutObject, Resource: "*"}
"""
LIMITED = "PermissionsBoundary: !Ref Limit"
ANYTHING = "[s3:GetObject, s3:PutObject, s3:ListBucket]"


@pytest.mark.parametrize(
    ("kind", "can"),
    [
        # What a boundary does not allow limits a role; what it denies a user, too.
        ("Role", ("read",)),
        ("User", ("read", "list")),
    ],
)
def test_a_boundary_limits_what_a_role_is_let_do_by_its_arn(
    kind: str, can: tuple[str, ...], tmp_path: Path
) -> None:
    those = access(tmp_path, SHOP, policy(allow(NAMED, ANYTHING)), role(more=LIMITED, kind=kind), BOUNDARY)
    assert sure(those) == {(f"the {kind.lower()} Reader", BY): can}


def test_a_boundary_that_is_declared_elsewhere_leaves_it_open(tmp_path: Path) -> None:
    elsewhere = "PermissionsBoundary: arn:aws:iam::111122223333:policy/Limit"
    those = access(tmp_path, SHOP, policy(allow(NAMED)), role(more=elsewhere))
    assert [(one.who, one.can, one.open) for one in those] == [
        (
            "the role Reader",
            ("read",),
            "its permissions boundary is not known: what the policy Limit allows is not known",
        )
    ]


@pytest.mark.parametrize("where", ['"*"', '!Sub "${Point.Arn}/object/*"'])
def test_a_deny_of_its_own_wins_over_an_access_point_too(where: str, tmp_path: Path) -> None:
    objects = '!Sub "${Point.Arn}/object/*"'
    lets = point(allow(NAMED, "[s3:GetObject, s3:PutObject]", objects))
    kept_out = f"Effect: Deny, Action: s3:PutObject, Resource: {where}"
    through = ("the role Reader", "the access point Point")
    assert sure(access(tmp_path, SHOP, policy(DELEGATED), lets, role(READS)))[through] == ("read", "write")
    assert sure(access(tmp_path, SHOP, policy(DELEGATED), lets, role(READS, kept_out)))[through] == ("read",)


def test_a_pattern_is_shown_as_one(tmp_path: Path) -> None:
    anywhere = 'Condition: {ArnLike: {aws:SourceArn: "arn:aws:s3:::*"}}'
    those = access(tmp_path, SHOP, policy(allow('"*"', more=anywhere)))
    assert {one.where for one in those} == {"aws:SourceArn arn:aws:s3:::*"}


def test_others_are_not_limited(tmp_path: Path) -> None:
    kept_out = 'Effect: Deny, Action: "s3:*", Resource: "*"'
    those = access(tmp_path, SHOP, policy(allow(PARTNER)), role(kept_out))
    assert sure(those) == {("the account 444455556666", BY): ("read",)}


def test_a_bucket_policy_that_names_nobody_lets_in_nobody_surely(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(allow(PARTNER), ALL_OF_S3))
    assert [one.open for one in those] == [
        f"whether the bucket can have the policy is not known: {NO_PRINCIPAL}"
    ]


def test_an_acl_of_a_bucket_lets_nobody_read_objects(tmp_path: Path) -> None:
    listed = (
        SHOP.rstrip()
        + """
      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
      AccessControl: LogDeliveryWrite
"""
    )
    [written, read] = access(tmp_path, listed)
    assert (written.said, read.said) == (("write",), ("read the ACL",))
