"""What access points of every sort let in: their policy and that of the bucket both have to allow it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from s3audit.location import NOWHERE
from s3audit.model.access_point import AccessPoint
from s3audit.model.estate import Estate
from s3audit.policy.access import ANY_ACCOUNT, ANYBODY, OWN, accesses
from s3audit.setting import Known
from s3audit.text import text
from tests.policy.buckets import ALL, OPEN, SHOP, SHUT, access, allow, deny, policy, read, sure

PARTNER = '{AWS: "444455556666"}'
THROUGH = ("the account 444455556666", "the access point Point")
DELEGATED = allow(
    '"*"', '"*"', ALL, "Condition: {StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}}"
)


def point(
    *statements: str,
    block: str = OPEN,
    more: str = "",
    name: str = "Point",
    kind: str = "AWS::S3::AccessPoint",
) -> str:
    written = "".join(f"          - {{{one}}}\n" for one in statements)
    return f"""
  {name}:
    Type: {kind}
    Properties:
      Bucket: !Ref Shop
      {more}
      PublicAccessBlockConfiguration: {block}
      Policy:
        Version: "2012-10-17"
        Statement:
{written}"""


def reads(who: str = PARTNER, action: str = "s3:GetObject", of: str = "Point", more: str = "") -> str:
    return allow(who, action, f'!Sub "${{{of}.Arn}}/object/*"', more)


def test_both_policies_have_to_allow_it(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads()))
    assert sure(those) == {THROUGH: ("read",)}
    [one] = those
    assert one.at.line == 26  # the statement of the access point
    assert [(step.at.line, step.note) for step in one.steps] == [(15, "the bucket policy lets it through")]


def test_without_delegation_it_gives_nothing(tmp_path: Path) -> None:
    assert access(tmp_path, SHOP, point(reads())) == []
    others = policy(allow('{AWS: "777788889999"}', "s3:PutObject"))
    assert sure(access(tmp_path, SHOP, others, point(reads()))) == {
        ("the account 777788889999", "the bucket policy"): ("write",)
    }


def test_a_delegation_alone_lets_nobody_in(tmp_path: Path) -> None:
    # Nor is it a statement for everybody, as it reads without its condition.
    assert access(tmp_path, SHOP, policy(DELEGATED)) == []


def test_the_bucket_policy_may_name_them_itself(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(allow(PARTNER)), point(reads()))
    assert sure(those) == {
        ("the account 444455556666", "the bucket policy"): ("read",),
        THROUGH: ("read",),
    }


def test_what_both_allow_is_what_either_does(tmp_path: Path) -> None:
    narrow = DELEGATED.replace('Action: "*"', "Action: [s3:GetObject, s3:ListBucket]")
    wide = allow(PARTNER, '"s3:*"', '[!GetAtt Point.Arn, !Sub "${Point.Arn}/object/*"]')
    assert sure(access(tmp_path, SHOP, policy(narrow), point(wide))) == {THROUGH: ("read", "list")}


def test_other_objects_than_those_of_the_bucket_policy(tmp_path: Path) -> None:
    only = DELEGATED.replace(ALL, '!Sub "${Shop.Arn}/open/*"')
    shut = allow(PARTNER, "s3:GetObject", '!Sub "${Point.Arn}/object/shut/*"')
    assert access(tmp_path, SHOP, policy(only), point(shut)) == []
    opened = allow(PARTNER, "s3:GetObject", '!Sub "${Point.Arn}/object/open/a*"')
    assert sure(access(tmp_path, SHOP, policy(only), point(opened))) == {THROUGH: ("read",)}


def test_what_an_access_point_has_no_operation_for(tmp_path: Path) -> None:
    wide = allow(PARTNER, '"s3:*"', '[!GetAtt Point.Arn, !Sub "${Point.Arn}/object/*"]')
    [one] = access(tmp_path, SHOP, policy(DELEGATED), point(wide))
    # Neither PutBucketTagging nor PutBucketPolicy, but tags and ACLs of objects.
    assert one.can == ("read", "list", "write", "tagging", "permissions")
    policies = allow(PARTNER, "[s3:PutBucketPolicy, s3:PutBucketAcl, s3:DeleteBucket]", "!GetAtt Point.Arn")
    assert access(tmp_path, SHOP, policy(DELEGATED), point(policies)) == []


@pytest.mark.parametrize("statement", [deny('"*"', '"s3:*"'), deny(PARTNER)])
def test_a_deny_of_the_bucket_policy_wins(statement: str, tmp_path: Path) -> None:
    assert access(tmp_path, SHOP, policy(DELEGATED, statement), point(reads())) == []


def test_a_deny_of_the_access_point_wins_there(tmp_path: Path) -> None:
    refused = reads().replace("Allow", "Deny", 1)
    those = access(tmp_path, SHOP, policy(allow(PARTNER)), point(reads(), refused))
    assert sure(those) == {("the account 444455556666", "the bucket policy"): ("read",)}


def test_a_bucket_that_is_reached_by_its_access_points_alone(tmp_path: Path) -> None:
    alone = deny(
        '"*"', '"s3:*"', more="Condition: {StringNotEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}}"
    )
    those = access(tmp_path, SHOP, policy(allow(PARTNER), alone), point(reads()))
    assert sure(those) == {THROUGH: ("read",)}
    by_name = alone.replace(
        "DataAccessPointAccount: !Ref AWS::AccountId", "DataAccessPointArn: !GetAtt Point.Arn"
    )
    assert sure(access(tmp_path, SHOP, policy(allow(PARTNER), by_name), point(reads()))) == {
        THROUGH: ("read",)
    }
    others = point(reads(of="Second"), name="Second")
    nobody = "\n  Point: {Type: AWS::S3::AccessPoint, Properties: {Bucket: !Ref Shop}}\n"
    assert access(tmp_path, SHOP, policy(allow(PARTNER), by_name), nobody, others) == []


def test_plain_http_and_anybody_are_none_of_its_requests(tmp_path: Path) -> None:
    plain = reads(more='Condition: {Bool: {aws:SecureTransport: "false"}}')
    assert access(tmp_path, SHOP, policy(DELEGATED), point(plain)) == []
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads('"*"')))
    assert {one.who for one in those} == {ANY_ACCOUNT, OWN, "any service"}
    assert ANYBODY not in {one.who for one in those}


@pytest.mark.parametrize(
    ("bucket", "block"), [(OPEN, SHUT), (SHUT, OPEN), (OPEN, "{RestrictPublicBuckets: true}")]
)
def test_a_block_of_either_keeps_the_public_out(bucket: str, block: str, tmp_path: Path) -> None:
    shop = SHOP.replace(OPEN, bucket)
    those = access(tmp_path, shop, policy(DELEGATED), point(reads('"*"'), block=block))
    assert {one.who for one in those} == {OWN, "any service"}
    # Whom a policy names that is not public is not touched.
    assert sure(access(tmp_path, shop, policy(DELEGATED), point(reads(), block=block))) == {
        THROUGH: ("read",)
    }


def test_a_public_policy_takes_those_that_it_names_along(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads('"*"'), reads(), block=SHUT))
    assert {one.who for one in those} == {OWN, "any service"}


def test_the_block_of_the_point_is_about_its_own_policy(tmp_path: Path) -> None:
    everybody = allow('"*"', "s3:ListBucket")
    those = access(tmp_path, SHOP, policy(DELEGATED, everybody), point(reads(), block=SHUT))
    assert THROUGH in sure(those)
    # That of the bucket is about both.
    shut = SHOP.replace(OPEN, SHUT)
    those = access(tmp_path, shut, policy(DELEGATED, everybody), point(reads(), block=OPEN))
    assert {one.who for one in those} == {OWN, "any service"}


def test_its_vpc_is_said(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads(), more="VpcConfiguration: {VpcId: vpc-1}"))
    assert sure(those) == {
        ("the account 444455556666", "the access point Point, from the VPC vpc-1 alone"): ("read",)
    }
    # What asks for the internet is not met.
    internet = DELEGATED.replace(
        "s3:DataAccessPointAccount: !Ref AWS::AccountId", "s3:AccessPointNetworkOrigin: Internet"
    )
    those = access(tmp_path, SHOP, policy(internet), point(reads(), more="VpcConfiguration: {VpcId: vpc-1}"))
    assert "the access point" not in " ".join(one.how for one in those)


def test_one_of_another_bucket_says_nothing(tmp_path: Path) -> None:
    other = "\n  Other: {Type: AWS::S3::Bucket}\n"
    elsewhere = point(reads()).replace("!Ref Shop", "!Ref Other")
    assert access(tmp_path, SHOP, other, policy(DELEGATED), elsewhere) == []


def test_what_the_input_does_not_tell_is_open(tmp_path: Path) -> None:
    [one] = access(
        tmp_path,
        SHOP,
        policy(DELEGATED),
        point(reads("{AWS: !Ref Who}")),
        parameters="Parameters: {Who: {Type: String}}",
    )
    assert (one.can, one.how) == (("read",), "the access point Point")
    assert one.open == "a principal is ${Who}, which the input does not tell"


def test_whether_an_account_that_is_written_out_is_its_own_is_open(tmp_path: Path) -> None:
    literal = DELEGATED.replace("!Ref AWS::AccountId", '"777788889999"')
    those = access(tmp_path, SHOP, policy(literal), point(reads()))
    assert [(one.who, one.how, one.open) for one in those] == [
        (*THROUGH, "whether 777788889999 is where this access point is, nobody tells"),
        ("whoever the access points of the account 777788889999 let in", "the bucket policy", ""),
    ]


def test_a_name_that_is_written_out_may_be_its_own(tmp_path: Path) -> None:
    by_name = allow(
        PARTNER,
        "s3:GetObject",
        '!Sub "arn:aws:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/shop/object/*"',
    )
    [one] = access(tmp_path, SHOP, policy(DELEGATED), point(by_name, more="Name: shop"))
    assert (one.who, one.open) == ("the account 444455556666", "")
    assert access(tmp_path, SHOP, policy(DELEGATED), point(by_name, more="Name: other")) == []
    [one] = access(
        tmp_path,
        SHOP,
        policy(DELEGATED),
        point(by_name.replace("${AWS::Region}", "eu-west-1"), more="Name: shop"),
    )
    assert one.open.endswith("is about this access point is not known")


def test_what_is_left_to_another_account(tmp_path: Path) -> None:
    left = DELEGATED.replace("!Ref AWS::AccountId", '"444455556666"').replace(
        'Action: "*"', "Action: s3:GetObject"
    )
    assert sure(access(tmp_path, SHOP, policy(left))) == {
        ("whoever the access points of the account 444455556666 let in", "the bucket policy"): ("read",)
    }
    by_arn = left.replace(
        'StringEquals: {s3:DataAccessPointAccount: "444455556666"}',
        'StringLike: {s3:DataAccessPointArn: "arn:aws:s3:*:444455556666:accesspoint/*"}',
    )
    assert sure(access(tmp_path, SHOP, policy(by_arn))) == {
        ("whoever the access points of the account 444455556666 let in", "the bucket policy"): ("read",)
    }


def test_those_that_get_in_anyway_are_not_said_again(tmp_path: Path) -> None:
    left = DELEGATED.replace("!Ref AWS::AccountId", '"777788889999"').replace(
        'Action: "*"', "Action: s3:PutObject"
    )
    assert sure(access(tmp_path, SHOP, policy(allow(PARTNER), left))) == {
        ("the account 444455556666", "the bucket policy"): ("read",),
        ("whoever the access points of the account 777788889999 let in", "the bucket policy"): ("write",),
    }


def test_what_one_account_may_do_by_its_own_access_points(tmp_path: Path) -> None:
    left = allow(PARTNER, more='Condition: {StringEquals: {s3:DataAccessPointAccount: "444455556666"}}')
    assert sure(access(tmp_path, SHOP, policy(left))) == {
        (
            "the account 444455556666",
            "the bucket policy, through access points of the account 444455556666",
        ): ("read",)
    }


def test_what_is_left_to_any_account(tmp_path: Path) -> None:
    anywhere = DELEGATED.replace(
        "s3:DataAccessPointAccount: !Ref AWS::AccountId", "s3:AccessPointNetworkOrigin: VPC"
    )
    those = access(tmp_path, SHOP, policy(anywhere.replace('Action: "*"', "Action: s3:GetObject")))
    assert sure(those) == {
        ("any AWS account, through an access point of its own", "the bucket policy"): ("read",)
    }
    assert access(tmp_path, SHOP.replace(OPEN, SHUT), policy(anywhere)) == []


def test_one_of_another_account(tmp_path: Path) -> None:
    bucket, estate = read(tmp_path, SHOP, policy(DELEGATED), point(reads()))
    account, other = (Known(text(one), NOWHERE) for one in ("111122223333", "777788889999"))
    own = replace(bucket, account=account)
    [made] = estate.all(AccessPoint)
    theirs = replace(made, account=other, bucket_account=account)
    assert accesses(own, Estate([own, theirs])) == []
    left = policy(DELEGATED.replace("!Ref AWS::AccountId", '"777788889999"'))
    own = replace(read(tmp_path, SHOP, left)[0], account=account)
    assert sure(accesses(own, Estate([own, theirs])))[THROUGH] == ("read",)
    # That of a bucket of the same name elsewhere is no door to this one.
    assert THROUGH not in sure(accesses(own, Estate([own, replace(theirs, bucket_account=other)])))


MULTI = """
  Multi:
    Type: AWS::S3::MultiRegionAccessPoint
    Properties:
      Name: multi
      PublicAccessBlockConfiguration: BLOCK
      Regions: [{Bucket: !Ref Shop}]
  MultiPolicy:
    Type: AWS::S3::MultiRegionAccessPointPolicy
    Properties:
      MrapName: multi
      Policy:
        Statement:
          - {Effect: Allow, Principal: WHO, Action: s3:GetObject,
             Resource: !Sub "arn:aws:s3::${AWS::AccountId}:accesspoint/${Multi.Alias}/object/*"}
"""


def test_a_multi_region_access_point(tmp_path: Path) -> None:
    named = MULTI.replace("WHO", PARTNER).replace("BLOCK", SHUT)
    assert sure(access(tmp_path, SHOP, policy(DELEGATED), named)) == {
        ("the account 444455556666", "the multi-Region access point Multi"): ("read",)
    }
    assert access(tmp_path, SHOP, named) == []
    public = MULTI.replace("WHO", '"*"')
    shut = access(tmp_path, SHOP, policy(DELEGATED), public.replace("BLOCK", SHUT))
    assert {one.who for one in shut} == {OWN, "any service"}
    opened = access(tmp_path, SHOP, policy(DELEGATED), public.replace("BLOCK", OPEN))
    assert {one.who for one in opened} == {ANY_ACCOUNT, OWN, "any service"}


LAMBDA = """
  Lambda:
    Type: AWS::S3ObjectLambda::AccessPoint
    Properties:
      Name: lambda
      ObjectLambdaConfiguration:
        SupportingAccessPoint: !GetAtt Point.Arn
        TransformationConfigurations: []
  LambdaPolicy:
    Type: AWS::S3ObjectLambda::AccessPointPolicy
    Properties:
      ObjectLambdaAccessPoint: !Ref Lambda
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: WHO, Action: "s3-object-lambda:Get*", Resource: !GetAtt Lambda.Arn}
"""
VIA = 'Condition: {"ForAnyValue:StringEquals": {aws:CalledVia: s3-object-lambda.amazonaws.com}}'


def test_object_lambda_reads_through_its_supporting_access_point(tmp_path: Path) -> None:
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads(more=VIA)), LAMBDA.replace("WHO", PARTNER))
    assert sure(those) == {("the account 444455556666", "the Object Lambda access point Lambda"): ("read",)}
    assert [step.note for step in those[0].steps] == [
        "its supporting access point lets it through",
        "the bucket policy lets it through",
    ]


def test_it_lets_in_nobody_whom_the_supporting_one_does_not(tmp_path: Path) -> None:
    other = LAMBDA.replace("WHO", '{AWS: "777788889999"}')
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads(more=VIA)), other)
    assert those == []
    # Its own Block Public Access is always on.
    public = LAMBDA.replace("WHO", '"*"')
    those = access(tmp_path, SHOP, policy(DELEGATED), point(reads(more=VIA)), public)
    assert those == []


def test_what_it_reads_through_may_be_open(tmp_path: Path) -> None:
    written = '"arn:aws:s3:eu-west-1:111122223333:accesspoint/NAME"'
    named = LAMBDA.replace("WHO", PARTNER).replace("!GetAtt Point.Arn", written)
    door = point(reads(more=VIA), more="Name: shop")
    [one] = access(tmp_path, SHOP, policy(DELEGATED), door, named.replace("NAME", "shop"))
    assert one.open.endswith("accesspoint/shop is about this access point is not known")
    assert access(tmp_path, SHOP, policy(DELEGATED), door, named.replace("NAME", "another")) == []


def test_policies_of_directory_buckets_are_open(tmp_path: Path) -> None:
    shop = """
  Shop:
    Type: AWS::S3Express::DirectoryBucket
    Properties: {LocationName: usw2-az1, DataRedundancy: SingleAvailabilityZone}
  Policy:
    Type: AWS::S3Express::BucketPolicy
    Properties:
      Bucket: !Ref Shop
      PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3express:CreateSession", Resource: "*"}]}
"""
    [one] = access(tmp_path, shop)
    assert one.open == "policies of directory buckets and of buckets on Outposts are not reasoned about"
    reader = "\n  Reader: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}\n"
    assert access(tmp_path, shop[: shop.index("  Policy:")], reader) == []
