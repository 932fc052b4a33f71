"""Who reads through CloudFront: whoever may reach a distribution whose identity or control the bucket lets in."""

from pathlib import Path

import pytest

from s3audit.policy.access import Access
from tests.policy.buckets import OPEN, SHOP, SHUT, access, allow, deny, policy

CONTROL = """
  Control:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        {Name: x, OriginAccessControlOriginType: s3, SigningBehavior: SIGNS, SigningProtocol: sigv4}
  Identity:
    Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
    Properties: {CloudFrontOriginAccessIdentityConfig: {Comment: x}}
"""
BY_CONTROL = "OriginAccessControlId: !GetAtt Control.Id, S3OriginConfig: {}"
BY_IDENTITY = 'S3OriginConfig: {OriginAccessIdentity: !Sub "origin-access-identity/cloudfront/${Identity}"}'
SERVICE = "{Service: cloudfront.amazonaws.com}"
THIS = 'Condition: {StringEquals: {AWS:SourceArn: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Cdn}"}}'
LETS = allow(SERVICE, more=THIS)


def cdn(origin: str = BY_CONTROL, behavior: str = "", more: str = "", enabled: str = "true") -> str:
    return f"""
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: {enabled}
        Origins:
          - {{Id: shop, DomainName: !GetAtt Shop.RegionalDomainName, {origin}}}
        DefaultCacheBehavior: {{TargetOriginId: shop, ViewerProtocolPolicy: https-only{behavior and ", "}{behavior}}}
        {more}
"""


def through(tmp_path: Path, *parts: str, signs: str = "always") -> list[Access]:
    those = access(tmp_path, SHOP, CONTROL.replace("SIGNS", signs), *parts)
    return [one for one in those if one.how.startswith("the distribution")]


def test_by_an_origin_access_control(tmp_path: Path) -> None:
    [one] = through(tmp_path, policy(LETS), cdn())
    assert (one.who, one.can, one.open) == ("whoever may reach the distribution Cdn", ("read",), "")
    assert one.how == "the distribution Cdn, which reads as origin access control Control"
    assert [step.note for step in one.steps] == ["the origin of the distribution Cdn"]


@pytest.mark.parametrize(
    "statement",
    [
        LETS.replace("${Cdn}", "E1234567890ABC"),
        LETS.replace("${AWS::AccountId}", "444455556666"),
        allow('{AWS: "444455556666"}'),
        LETS.replace("s3:GetObject", "s3:GetBucketLocation"),
    ],
)
def test_one_that_the_policy_does_not_let_in_is_no_way(statement: str, tmp_path: Path) -> None:
    assert through(tmp_path, policy(statement), cdn()) == []


def test_a_deny_closes_it(tmp_path: Path) -> None:
    assert through(tmp_path, policy(LETS, deny('"*"')), cdn()) == []


def test_one_that_is_off_or_signs_nothing(tmp_path: Path) -> None:
    assert through(tmp_path, policy(LETS), cdn(enabled="false")) == []
    assert through(tmp_path, policy(LETS), cdn(), signs="never") == []
    assert through(tmp_path, policy(LETS), cdn(origin="S3OriginConfig: {}")) == []


def test_a_source_account_will_do(tmp_path: Path) -> None:
    by_account = LETS.replace(THIS, "Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}")
    assert [one.can for one in through(tmp_path, policy(by_account), cdn())] == [("read",)]


@pytest.mark.parametrize(
    "who",
    [
        "{CanonicalUser: !GetAtt Identity.S3CanonicalUserId}",
        '{AWS: !Sub "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${Identity}"}',
    ],
)
def test_by_an_origin_access_identity(who: str, tmp_path: Path) -> None:
    [one] = through(tmp_path, policy(allow(who, "[s3:GetObject, s3:ListBucket]")), cdn(BY_IDENTITY))
    assert (one.can, one.open) == (("read", "list"), "")
    assert one.how == "the distribution Cdn, which reads as the origin access identity Identity"
    assert through(tmp_path, policy(allow('{AWS: "444455556666"}')), cdn(BY_IDENTITY)) == []


def test_viewers_may_have_to_sign(tmp_path: Path) -> None:
    signed = "TrustedKeyGroups: [group]"
    [one] = through(tmp_path, policy(LETS), cdn(behavior=signed))
    assert (
        one.who
        == "whoever may reach the distribution Cdn, with a URL or cookies signed by those that it trusts"
    )
    more = "CacheBehaviors: [{PathPattern: /open/*, TargetOriginId: shop, ViewerProtocolPolicy: https-only}]"
    [one] = through(tmp_path, policy(LETS), cdn(behavior=signed, more=more))
    assert one.who.endswith(", some paths only with a URL or cookies signed by those that it trusts")


def test_it_writes_only_where_it_takes_such_requests(tmp_path: Path) -> None:
    both = policy(LETS.replace("s3:GetObject", "[s3:GetObject, s3:PutObject]"))
    assert [one.can for one in through(tmp_path, both, cdn())] == [("read",)]
    methods = "AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]"
    assert [one.can for one in through(tmp_path, both, cdn(behavior=methods))] == [("read", "write")]


def test_an_origin_that_nothing_is_sent_to(tmp_path: Path) -> None:
    elsewhere = cdn().replace("TargetOriginId: shop", "TargetOriginId: other")
    assert through(tmp_path, policy(LETS), elsewhere) == []
    grouped = cdn(
        more="OriginGroups: {Quantity: 1, Items: [{Id: both,"
        " FailoverCriteria: {StatusCodes: {Quantity: 1, Items: [500]}},"
        " Members: {Quantity: 1, Items: [{OriginId: shop}]}}]}"
    ).replace("TargetOriginId: shop", "TargetOriginId: both")
    assert [one.can for one in through(tmp_path, policy(LETS), grouped)] == [("read",)]


def test_a_public_policy_that_is_restricted_spares_the_service(tmp_path: Path) -> None:
    shop = SHOP.replace(OPEN, SHUT)
    those = access(tmp_path, shop, CONTROL.replace("SIGNS", "always"), policy(LETS, allow('"*"')), cdn())
    assert [one.can for one in those if one.how.startswith("the distribution")] == [("read",)]


def test_a_condition_that_nobody_tells(tmp_path: Path) -> None:
    unsure = policy(LETS.replace("${Cdn}", "${Env}"))
    path_parameters = "Parameters: {Env: {Type: String}}"
    those = access(
        tmp_path, SHOP, CONTROL.replace("SIGNS", "always"), unsure, cdn(), parameters=path_parameters
    )
    [one] = [one for one in those if one.how.startswith("the distribution")]
    assert one.open == "${Env} is not told by the input"
