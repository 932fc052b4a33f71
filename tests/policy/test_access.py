"""Who has access to a bucket, once its policy, its ACL and Block Public Access are taken together."""

from pathlib import Path

import pytest

from s3audit import api
from s3audit.model.bucket import Bucket
from s3audit.policy.access import ANY_ACCOUNT, ANYBODY, OWN, Access, accesses

OPEN = "{RestrictPublicBuckets: false, BlockPublicPolicy: false, BlockPublicAcls: false, IgnorePublicAcls: false}"
BUCKET = """
Parameters: {Who: {Type: String}}
Resources:
  Reader: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Identity:
    Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
    Properties: {CloudFrontOriginAccessIdentityConfig: {Comment: x}}
  Shop:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: BLOCK
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Shop
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: WHO
            Action: ACTION
            Resource: [!GetAtt Shop.Arn, !Sub "${Shop.Arn}/*"]
            Condition: CONDITION
"""
LISTED = """
Resources:
  Old:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: CANNED
      OwnershipControls: {Rules: [{ObjectOwnership: OWNERSHIP}]}
      PublicAccessBlockConfiguration: BLOCK
"""


def found(tmp_path: Path, template: str, **parts: str) -> list[Access]:
    for name, part in parts.items():
        template = template.replace(name, part)
    path = tmp_path / "template.yaml"
    path.write_text(template)
    worlds, problems = api.worlds([str(path)], parameters={}, variables={})
    assert problems == []
    [world] = worlds
    [bucket] = world.estate.all(Bucket)
    return accesses(bucket, world.estate)


def by_policy(
    tmp_path: Path, who: str, action: str = "s3:GetObject", condition: str = "{}", block: str = OPEN
) -> list[Access]:
    return found(tmp_path, BUCKET, WHO=who, ACTION=action, CONDITION=condition, BLOCK=block)


def told(those: list[Access]) -> dict[str, tuple[str, ...]]:
    assert all(not one.open for one in those)
    return {one.who: one.can for one in those}


def test_everybody(tmp_path: Path) -> None:
    assert told(by_policy(tmp_path, '"*"')) == {
        ANYBODY: ("read",),
        ANY_ACCOUNT: ("read",),
        OWN: ("read",),
        "any service": ("read",),
    }


@pytest.mark.parametrize(
    ("who", "called"),
    [
        ('{AWS: "444455556666"}', "the account 444455556666"),
        ('{AWS: "111122223333"}', "the account 111122223333"),
        ('{AWS: "arn:aws:iam::444455556666:root"}', "the account 444455556666"),
        ('{AWS: "arn:aws:iam::444455556666:role/etl"}', "arn:aws:iam::444455556666:role/etl"),
        ("{AWS: !GetAtt Reader.Arn}", "the role Reader"),
        ('{AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}', OWN),
        ("{Service: cloudtrail.amazonaws.com}", "the service cloudtrail.amazonaws.com"),
        ("{CanonicalUser: !GetAtt Identity.S3CanonicalUserId}", "the origin access identity Identity"),
        (
            '{AWS: !Sub "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${Identity}"}',
            "the origin access identity Identity",
        ),
        ("{Federated: accounts.google.com}", "whoever signs in with accounts.google.com"),
    ],
)
def test_whom_a_statement_names(who: str, called: str, tmp_path: Path) -> None:
    [one, *more] = by_policy(tmp_path, who, "[s3:PutObject, s3:ListBucket]")
    assert (one.who, one.can, one.how, one.open) == (called, ("list", "write"), "the bucket policy", "")
    assert one.at.line == 19  # the statement
    # An account's own role is one of its identities.
    assert {other.who for other in more} <= {"the role Reader"}


def test_what_a_request_has_to_carry(tmp_path: Path) -> None:
    those = by_policy(tmp_path, '"*"', condition="{StringEquals: {aws:PrincipalOrgID: o-1}}")
    assert {(one.who, one.where) for one in those} == {
        (ANY_ACCOUNT, "aws:PrincipalOrgID o-1"),
        (OWN, "aws:PrincipalOrgID o-1"),
    }


def test_an_account_that_nobody_tells_is_its_own(tmp_path: Path) -> None:
    condition = "{StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}"
    [one] = by_policy(tmp_path, "{Service: logging.s3.amazonaws.com}", "s3:PutObject", condition)
    assert one.where == "aws:SourceAccount its own account"


def test_a_public_policy_is_restricted(tmp_path: Path) -> None:
    block = OPEN.replace("RestrictPublicBuckets: false", "RestrictPublicBuckets: true")
    assert set(told(by_policy(tmp_path, '"*"', block=block))) == {OWN, "any service"}
    # One that is not public is not touched.
    assert set(told(by_policy(tmp_path, '{AWS: "444455556666"}', block=block))) == {
        "the account 444455556666"
    }


def test_whether_it_is_restricted_may_be_open(tmp_path: Path) -> None:
    those = by_policy(tmp_path, '"*"', block="{RestrictPublicBuckets: !Ref Who}")
    assert {one.who for one in those if one.open} == {ANYBODY, ANY_ACCOUNT}
    assert {one.open for one in those if one.open} == {
        "whether Block Public Access restricts the policy is not known"
    }


def test_what_takes_too_much_work_is_open(tmp_path: Path) -> None:
    wild = ", ".join(f'"*{one}*{other}*"' for one in range(8) for other in range(8) if one != other)
    those = by_policy(tmp_path, '"*"', condition=f"{{StringLike: {{aws:PrincipalAccount: [{wild}]}}}}")
    assert [(one.who, one.open) for one in those] == [
        ("somebody whom the policy names", "budget: too many ways to match its patterns of accounts")
    ]


def test_a_principal_that_nobody_tells(tmp_path: Path) -> None:
    [one] = by_policy(tmp_path, "{AWS: !Ref Who}")
    assert (one.who, one.can) == ("somebody whom the policy names", ("read",))
    assert one.open == "a principal is ${Who}, which the input does not tell"


@pytest.mark.parametrize(
    ("canned", "told_of"),
    [
        ("PublicRead", {(ANYBODY, ("list",))}),
        ("PublicReadWrite", {(ANYBODY, ("list",)), (ANYBODY, ("write",))}),
        ("AuthenticatedRead", {(ANY_ACCOUNT, ("list",))}),
        (
            "LogDeliveryWrite",
            {("the delivery of access logs", ("write",)), ("the delivery of access logs", ("read",))},
        ),
        ("Private", set()),
    ],
)
def test_an_acl(canned: str, told_of: set[tuple[str, tuple[str, ...]]], tmp_path: Path) -> None:
    those = found(tmp_path, LISTED, CANNED=canned, OWNERSHIP="ObjectWriter", BLOCK=OPEN)
    assert {(one.who, one.can) for one in those} == told_of
    assert {one.how for one in those} <= {"the ACL of the bucket"}


def test_an_acl_that_does_not_count(tmp_path: Path) -> None:
    assert found(tmp_path, LISTED, CANNED="PublicRead", OWNERSHIP="BucketOwnerEnforced", BLOCK=OPEN) == []
    ignored = OPEN.replace("IgnorePublicAcls: false", "IgnorePublicAcls: true")
    assert found(tmp_path, LISTED, CANNED="PublicRead", OWNERSHIP="ObjectWriter", BLOCK=ignored) == []
    logs = found(tmp_path, LISTED, CANNED="LogDeliveryWrite", OWNERSHIP="ObjectWriter", BLOCK=ignored)
    assert {one.who for one in logs} == {"the delivery of access logs"}
