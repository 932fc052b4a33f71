"""Whether the public has access in effect, and which accounts have."""

import subprocess
import sys
from pathlib import Path

import pytest

from s3audit.model.access_point import AccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, Unlisted
from s3audit.policy.access import (
    granted_outside,
    public_but_for_blocks,
    public_list,
    public_permissions,
    public_read,
    public_through,
    public_write,
)
from s3audit.verdict import Status
from tests.policy.buckets import ALL, OPEN, SHOP, SHUT, allow, deny, policy, read
from tests.policy.test_access_points import DELEGATED, MULTI, point, reads

PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN
UNSET = "\n  Shop: {Type: AWS::S3::Bucket}\n"
EVERYBODY = policy(allow('"*"'))


def test_a_request_shows_it(tmp_path: Path) -> None:
    found = public_read(*read(tmp_path, SHOP, EVERYBODY))
    assert found.status is PASS
    assert [(one.at.line, one.note) for one in found.evidence] == [
        (15, "the bucket policy lets anybody do s3:GetObject on arn:aws:s3:::${Shop}/x"),
        (6, "RestrictPublicBuckets is off, unless the account blocks it"),
    ]


@pytest.mark.parametrize(
    ("action", "answers"),
    [
        ("s3:GetObject", (PASS, FAIL, FAIL, FAIL)),
        ("s3:ListBucket", (FAIL, PASS, FAIL, FAIL)),
        ("s3:DeleteObject", (FAIL, FAIL, PASS, FAIL)),
        ("s3:PutObjectTagging", (FAIL, FAIL, PASS, FAIL)),
        ("s3:PutObjectAcl", (FAIL, FAIL, FAIL, PASS)),
        ('"s3:*"', (PASS, PASS, PASS, PASS)),
    ],
)
def test_what_the_public_can_do(action: str, answers: tuple[Status, ...], tmp_path: Path) -> None:
    bucket, estate = read(tmp_path, SHOP, policy(allow('"*"', action)))
    asked = (public_read, public_list, public_write, public_permissions)
    assert tuple(one(bucket, estate).status for one in asked) == answers


@pytest.mark.parametrize(
    "statement",
    [
        allow('{AWS: "444455556666"}'),
        allow('"*"', more="Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}"),
        allow('"*"', more="Condition: {IpAddress: {aws:SourceIp: 203.0.113.0/24}}"),
        allow("{Service: cloudtrail.amazonaws.com}"),
        DELEGATED,
    ],
)
def test_who_is_not_the_public(statement: str, tmp_path: Path) -> None:
    assert public_read(*read(tmp_path, SHOP, policy(statement))).status is FAIL


@pytest.mark.parametrize(
    "statement",
    [
        allow("{Federated: accounts.google.com}"),
        allow('"*"', more='Condition: {StringLike: {aws:PrincipalOrgID: "*"}}'),
        allow('"*"', more="Condition: {IpAddress: {aws:SourceIp: 0.0.0.0/1}}"),
        DELEGATED.replace(
            "s3:DataAccessPointAccount: !Ref AWS::AccountId", "s3:AccessPointNetworkOrigin: VPC"
        ),
    ],
)
def test_who_is(statement: str, tmp_path: Path) -> None:
    assert public_read(*read(tmp_path, SHOP, policy(statement))).status is PASS


def test_a_deny_closes_it(tmp_path: Path) -> None:
    found = public_read(*read(tmp_path, SHOP, policy(allow('"*"'), deny('"*"'))))
    assert (found.status, found.evidence[0].note) == (FAIL, "nobody of the public can")


def test_the_block_decides(tmp_path: Path) -> None:
    shut = SHOP.replace(OPEN, SHUT)
    found = public_read(*read(tmp_path, shut, EVERYBODY))
    assert (found.status, found.evidence[0].note) == (FAIL, "RestrictPublicBuckets is on")
    found = public_read(*read(tmp_path, UNSET, EVERYBODY))
    assert (found.status, found.evidence[0].note) == (
        UNKNOWN,
        "Block Public Access is not set: a new bucket has it on, one from before 2023-04 may have it off",
    )


def test_a_policy_that_nobody_tells(tmp_path: Path) -> None:
    given = "{Bucket: !Ref Shop, PolicyDocument: !ImportValue p}"
    unseen = f"\n  Policy: {{Type: AWS::S3::BucketPolicy, Properties: {given}}}\n"
    assert public_read(*read(tmp_path, SHOP, unseen)).status is UNKNOWN
    assert public_read(*read(tmp_path, SHOP.replace(OPEN, SHUT), unseen)).status is FAIL


def acl(canned: str, block: str = OPEN, ownership: str = "ObjectWriter") -> str:
    return f"""
  Shop:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: {canned}
      OwnershipControls: {{Rules: [{{ObjectOwnership: {ownership}}}]}}
      PublicAccessBlockConfiguration: {block}
"""


def test_by_its_acl(tmp_path: Path) -> None:
    found = public_list(*read(tmp_path, acl("PublicRead")))
    assert (found.status, found.evidence[0].note) == (PASS, "its ACL lets anybody, without credentials, list")
    assert public_read(*read(tmp_path, acl("PublicRead"))).status is FAIL
    assert public_write(*read(tmp_path, acl("PublicReadWrite"))).status is PASS
    assert public_list(*read(tmp_path, acl("AuthenticatedRead"))).status is PASS
    assert public_list(*read(tmp_path, acl("PublicRead", SHUT))).status is FAIL
    assert public_list(*read(tmp_path, acl("PublicRead", ownership="BucketOwnerEnforced"))).status is FAIL
    assert public_write(*read(tmp_path, acl("LogDeliveryWrite"))).status is FAIL


def test_through_an_access_point(tmp_path: Path) -> None:
    found = public_read(*read(tmp_path, SHOP, policy(DELEGATED), point(reads('"*"'))))
    assert found.status is PASS
    shown = "the access point Point lets any AWS account do s3:GetObject on arn:aws:s3:::${Shop}/x"
    assert shown in [one.note for one in found.evidence]


@pytest.mark.parametrize(
    "parts",
    [
        (policy(DELEGATED), point(reads('"*"'), block=SHUT)),
        (policy(DELEGATED), point(reads('"*"'), more="VpcConfiguration: {VpcId: vpc-1}")),
        (policy(DELEGATED), point(reads('"*"', more="Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}"))),
        (policy(DELEGATED), point(reads())),
        (policy(allow('{AWS: "444455556666"}')), point(reads('"*"'))),
        (policy(DELEGATED, deny('"*"')), point(reads('"*"'))),
        (point(reads('"*"')),),
    ],
)
def test_not_through_an_access_point(parts: tuple[str, ...], tmp_path: Path) -> None:
    assert public_read(*read(tmp_path, SHOP, *parts)).status is FAIL


def test_an_access_point_of_an_account_that_may_be_ones_own(tmp_path: Path) -> None:
    named = policy(DELEGATED.replace("!Ref AWS::AccountId", '"111122223333"'))
    assert public_read(*read(tmp_path, SHOP, named, point(reads('"*"')))).status is UNKNOWN
    assert public_read(*read(tmp_path, SHOP, named, point(reads('"*"'), block=SHUT))).status is FAIL
    assert public_read(*read(tmp_path, SHOP, named, point(reads()))).status is FAIL
    _, estate = read(tmp_path, SHOP, named, point(reads('"*"')))
    [one] = estate.all(AccessPoint)
    assert public_through(one, estate).status is UNKNOWN


def test_access_points_that_nobody_was_allowed_to_list(tmp_path: Path) -> None:
    def asked(*parts: str) -> Status:
        bucket, estate = read(tmp_path, SHOP, *parts)
        gap = Unlisted("access-point", "", "", "the call was denied")
        return public_read(bucket, Estate([*estate.all(Bucket)], not_listed=(gap,))).status

    assert asked(policy(DELEGATED)) is UNKNOWN
    assert asked(policy(DELEGATED.replace('Action: "*"', "Action: s3:PutObject"))) is FAIL
    assert asked(policy(allow('{AWS: "444455556666"}'))) is FAIL


def test_what_is_for_strangers_and_what_is_for_friends_is_not_mixed(tmp_path: Path) -> None:
    open_ = allow('"*"', "s3:GetObject", '!Sub "${Point.Arn}/object/open/*"')
    friends = allow(
        '"*"',
        "s3:GetObject",
        '!Sub "${Point.Arn}/object/ours/*"',
        "Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}",
    )
    ours = DELEGATED.replace(ALL, '!Sub "${Shop.Arn}/ours/*"')
    assert public_read(*read(tmp_path, SHOP, policy(ours), point(open_, friends))).status is FAIL


def test_through_a_multi_region_access_point(tmp_path: Path) -> None:
    public = MULTI.replace("WHO", '"*"')
    assert public_read(*read(tmp_path, SHOP, policy(DELEGATED), public.replace("BLOCK", OPEN))).status is PASS
    assert public_read(*read(tmp_path, SHOP, policy(DELEGATED), public.replace("BLOCK", SHUT))).status is FAIL


def test_what_only_the_block_keeps_shut(tmp_path: Path) -> None:
    shut = SHOP.replace(OPEN, SHUT)
    assert public_but_for_blocks(*read(tmp_path, shut, EVERYBODY)).status is PASS
    assert public_but_for_blocks(*read(tmp_path, acl("PublicRead", SHUT))).status is PASS
    assert public_but_for_blocks(*read(tmp_path, UNSET, EVERYBODY)).status is PASS
    point_shut = point(reads('"*"'), block=SHUT)
    assert public_but_for_blocks(*read(tmp_path, shut, policy(DELEGATED), point_shut)).status is PASS
    for nothing in (
        policy(allow('{AWS: "444455556666"}')),
        policy(allow('"*"'), deny('"*"')),
        policy(DELEGATED),
    ):
        assert public_but_for_blocks(*read(tmp_path, shut, nothing)).status is FAIL


def test_one_access_point(tmp_path: Path) -> None:
    def asked(*parts: str, blocks: bool = True) -> Status:
        _, estate = read(tmp_path, SHOP, *parts)
        [one] = estate.all(AccessPoint)
        return public_through(one, estate, blocks=blocks).status

    assert asked(policy(DELEGATED), point(reads('"*"'))) is PASS
    assert asked(policy(DELEGATED), point(reads('"*"'), block=SHUT)) is FAIL
    assert asked(policy(DELEGATED), point(reads('"*"'), block=SHUT), blocks=False) is PASS
    assert asked(policy(DELEGATED), point(reads())) is FAIL
    assert asked(point(reads('"*"'))) is FAIL
    elsewhere = point(reads('"*"')).replace("!Ref Shop", "elsewhere")
    assert asked(policy(DELEGATED), elsewhere) is UNKNOWN


def test_by_account_and_action(tmp_path: Path) -> None:
    statements = (
        allow('{AWS: "444455556666"}', '"s3:Get*"'),
        allow('{AWS: "777788889999"}', "s3:PutBucketAcl"),
    )
    bucket, estate = read(tmp_path, SHOP, policy(*statements))
    assert set(granted_outside(bucket, estate, "s3:PutBucketAcl", "s3:PutBucketPolicy")) == {"777788889999"}
    assert set(granted_outside(bucket, estate, "s3:GetObject")) == {"444455556666"}
    assert granted_outside(bucket, estate, "s3:DeleteBucket") == {}


def test_by_account(tmp_path: Path) -> None:
    statements = (
        allow('{AWS: ["444455556666", "arn:aws:iam::777788889999:role/etl"]}'),
        allow("{CanonicalUser: " + "a" * 64 + "}"),
        allow("{Service: cloudtrail.amazonaws.com}"),
        allow('{AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}'),
    )
    found = granted_outside(*read(tmp_path, SHOP, policy(*statements)))
    assert {account: verdict.status for account, verdict in found.items()} == dict.fromkeys(
        ("444455556666", "777788889999", "a" * 64), PASS
    )
    assert [one.note for one in found["777788889999"].evidence] == [
        "arn:aws:iam::777788889999:role/etl: read, by the bucket policy",
    ]


def test_any_account_may_be_one_of_an_organization(tmp_path: Path) -> None:
    members = allow('"*"', more="Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}")
    assert set(granted_outside(*read(tmp_path, SHOP, policy(members)))) == {"*"}


def test_by_account_through_an_access_point(tmp_path: Path) -> None:
    left = DELEGATED.replace("!Ref AWS::AccountId", '"777788889999"')
    found = granted_outside(*read(tmp_path, SHOP, policy(DELEGATED, left), point(reads())))
    assert set(found) == {"444455556666", "777788889999"}
    assert granted_outside(*read(tmp_path, SHOP, point(reads()))) == {}


def test_somebody_who_is_not_known(tmp_path: Path) -> None:
    named = policy(allow("{AWS: !Ref Who}"))
    bucket, estate = read(tmp_path, SHOP, named, parameters="Parameters: {Who: {Type: String}}")
    found = granted_outside(bucket, estate)
    assert {account: verdict.status for account, verdict in found.items()} == {"": UNKNOWN}


def test_of_somebody_the_account_may_be_known(tmp_path: Path) -> None:
    role = '{AWS: !Sub "arn:aws:iam::ACCOUNT:role/${Env}-reader"}'
    bucket, estate = read(
        tmp_path,
        SHOP,
        policy(
            allow(role.replace("ACCOUNT", "444455556666")),
            allow(role.replace("ACCOUNT", "${AWS::AccountId}")),
        ),
        parameters="Parameters: {Env: {Type: String}}",
    )
    found = granted_outside(bucket, estate)
    assert {account: verdict.status for account, verdict in found.items()} == {"444455556666": UNKNOWN}


def test_a_bucket_that_lets_nobody_in_costs_no_reasoner(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {Shop: {Type: AWS::S3::Bucket}}")
    code = """
import sys
from s3audit import api
from s3audit.model.bucket import Bucket
from s3audit.policy.access import accesses, granted_outside, public_read
[world] = api.worlds(["template.yaml"], parameters={}, variables={})[0]
[bucket] = world.estate.all(Bucket)
assert accesses(bucket, world.estate) == []
assert public_read(bucket, world.estate).status.name == "FAIL"
assert granted_outside(bucket, world.estate) == {}
print("s3audit.policy.reason" in sys.modules)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
