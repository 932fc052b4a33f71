"""What a live account tells of distributions and no template can."""

from pathlib import Path

import pytest

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import CacheBehavior, Distribution, Origin
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.setting import Known, Unknown
from s3audit.text import Opaque, Text, literal, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS, EXAMPLES, Example, run

AT = Location("here")
OWN, OTHER = "111122223333", "444455556666"
PHOTOS = "photos.s3.eu-west-1.amazonaws.com"
BUCKETS = [Listing("bucket", "", "")]
BEHAVIOR = CacheBehavior()
IDENTITY = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity "


@pytest.mark.parametrize("domain", [PHOTOS, "photos.s3-website-eu-west-1.amazonaws.com"])
def test_a_bucket_that_is_gone(domain: str) -> None:
    found = judge("cloudfront-dangling-bucket-origin", distribution(domain), listings=BUCKETS)
    assert found.status is Status.FAIL
    assert found.severity is Severity.CRITICAL
    assert [one.note for one in found.evidence] == ["the origin photos leads to a bucket that does not exist"]


def test_a_bucket_of_its_own_account_is_there() -> None:
    own = Bucket(address="photos", at=AT, origin="live", name=Known(literal("photos"), AT))
    found = judge("cloudfront-dangling-bucket-origin", distribution(PHOTOS), own, listings=BUCKETS)
    assert found.status is Status.PASS


def test_a_bucket_of_somebody_may_be_in_wrong_hands() -> None:
    theirs = Bucket(
        address="photos", at=AT, origin="live", is_declared=False, name=Known(literal("photos"), AT)
    )
    found = judge("cloudfront-dangling-bucket-origin", distribution(PHOTOS), theirs, listings=BUCKETS)
    assert found.status is Status.UNKNOWN


def test_without_a_listing_nothing_is_gone() -> None:
    assert judge("cloudfront-dangling-bucket-origin", distribution(PHOTOS)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("arn", "status"),
    [
        (f"arn:aws:cloudfront::{OWN}:distribution/EHERE", Status.PASS),
        (f"arn:aws:cloudfront::{OWN}:distribution/EGONE", Status.FAIL),
        (f"arn:aws:cloudfront::{OTHER}:distribution/EGONE", Status.UNKNOWN),
        (f"arn:aws:cloudfront::{OWN}:distribution/E*", Status.NOT_APPLICABLE),
        (f"arn:aws:cloudfront::{OWN}:function/EGONE", Status.FAIL),
        (f"arn:aws:s3::{OWN}:distribution/EHERE", Status.FAIL),
        (text("arn:aws:cloudfront::", Opaque("X"), ":distribution/EGONE"), Status.UNKNOWN),
        (text(Opaque("X")), Status.UNKNOWN),
    ],
    ids=str,
)
def test_a_distribution_that_is_named(arn: str | Text, status: Status) -> None:
    listings = [Listing("distribution", OWN, "")]
    policy = allowing({"Service": "cloudfront.amazonaws.com"}, arn)
    assert named(policy, listings).status is status


@pytest.mark.parametrize("operator", ["StringNotEquals", "ArnNotLike", "Null"])
def test_what_is_kept_out_need_not_exist(operator: str) -> None:
    arn = f"arn:aws:cloudfront::{OWN}:distribution/EGONE"
    policy = allowing({"Service": "cloudfront.amazonaws.com"}, arn, operator)
    assert named(policy, [Listing("distribution", OWN, "")]).status is Status.NOT_APPLICABLE


def test_a_listing_that_was_denied_leaves_it_open() -> None:
    policy = allowing(
        {"Service": "cloudfront.amazonaws.com"}, f"arn:aws:cloudfront::{OWN}:distribution/EGONE"
    )
    assert named(policy, [], [Unlisted("distribution", OWN, "", "it was denied")]).status is Status.UNKNOWN


def test_a_deny_names_nobody_who_is_let_in() -> None:
    arn = f"arn:aws:cloudfront::{OWN}:distribution/EGONE"
    policy = allowing({"Service": "cloudfront.amazonaws.com"}, arn, effect="Deny")
    assert named(policy, [Listing("distribution", OWN, "")]).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("cloudfront-website-endpoint-origin-fails-1", "medium"),
        ("cloudfront-website-endpoint-origin-fails-3", "low"),
        ("cloudfront-website-endpoint-origin-fails-4", "low"),
        ("cloudfront-log-bucket-acl-fails-1", "medium"),
        ("cloudfront-log-bucket-acl-fails-2", "low"),
        ("cloudfront-bucket-only-via-distribution-fails-1", "medium"),
        ("cloudfront-bucket-only-via-distribution-fails-2", "critical"),
    ],
)
def test_how_bad_it_is(name: str, severity: str, tmp_path: Path) -> None:
    found = [one for one in run(EXAMPLES[name], tmp_path).findings if one.status == "fail"]
    assert [one.severity.label for one in found] == [severity]


TWO = """
Resources:
  Photos:
    Type: AWS::S3::Bucket
  PhotosPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: "PRINCIPAL"}
            Action: s3:GetObject
            Resource: !Sub ${Photos.Arn}/*
  Identity:
    Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
    Properties:
      CloudFrontOriginAccessIdentityConfig: {Comment: of another distribution}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: ENABLED
        Origins:
          - Id: photos
            DomainName: !GetAtt Photos.RegionalDomainName
            S3OriginConfig: {OriginAccessIdentity: origin-access-identity/cloudfront/E1A2B3C4D5E6F7}
        DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
"""


@pytest.mark.parametrize(
    ("principal", "enabled", "status"),
    [
        (f"{IDENTITY}E1A2B3C4D5E6F7", "true", "pass"),
        (f"{IDENTITY}E1A2B3C4D5E6F7", "false", "pass"),
        (f"{IDENTITY}E9Z8Y7X6W5V4U3", "true", "fail"),
        (f"arn:aws:iam::{OTHER}:root", "true", "fail"),
    ],
)
def test_who_stands_in_front(principal: str, enabled: str, status: str, tmp_path: Path) -> None:
    written = TWO.replace("PRINCIPAL", principal).replace("ENABLED", enabled)
    example = Example("cloudfront-bucket-only-via-distribution", "fails", 9, written)
    assert [one.status for one in run(example, tmp_path).findings] == [status]


@pytest.mark.parametrize(
    ("origin", "policy", "status"),
    [
        ("photos", "allow-all", Status.FAIL),
        ("photos", "https-only", Status.PASS),
        ("other", "allow-all", Status.NOT_APPLICABLE),
        ("other", "https-only", Status.NOT_APPLICABLE),
    ],
)
def test_a_behavior_of_another_origin_shows_no_bucket(origin: str, policy: str, status: Status) -> None:
    one = distribution(
        PHOTOS, CacheBehavior(origin=Known(literal(origin), AT), viewer_protocol_policy=Known(policy, AT))
    )
    assert judge("cloudfront-viewer-https", one).status is status


def distribution(domain: str, behavior: CacheBehavior = BEHAVIOR) -> Distribution:
    origin = Origin(
        at=AT,
        id=Known(literal("photos"), AT),
        domain_name=Known(literal(domain), AT),
        custom=Known(None, AT),
        vpc_origin=Known(None, AT),
    )
    return Distribution(
        address="cdn",
        at=AT,
        origin="live",
        title="cdn",
        account=Known(literal(OWN), AT),
        id=Known(literal("EHERE"), AT),
        origins=Known((Known(origin, AT),), AT),
        origin_groups=Known((), AT),
        behaviors=Known((), AT),
        default_behavior=behavior,
    )


def judge(
    check: str, subject: Distribution, *others: Resource, listings: list[Listing] | None = None
) -> Verdict:
    estate = Estate([subject, *others], listings=listings or [])
    return CHECKS[check].judge(subject, estate)


def named(policy: Value, listings: list[Listing], gaps: list[Unlisted] | None = None) -> Verdict:
    bucket = Bucket(address="photos", at=AT, origin="live", policy=Known(policy, AT))
    estate = Estate([bucket, distribution(PHOTOS)], listings=listings, not_listed=gaps or [])
    return CHECKS["cloudfront-oac-dangling-arn"].judge(bucket, estate)


def allowing(
    principal: dict[str, str], arn: str | Text, operator: str = "StringEquals", effect: str = "Allow"
) -> Value:
    value = arn if isinstance(arn, Text) else literal(arn)
    condition = _object({operator: _object({"aws:SourceArn": Leaf(value, AT)})})
    statement = _object(
        {
            "Effect": Leaf(literal(effect), AT),
            "Principal": _object({kind: Leaf(literal(name), AT) for kind, name in principal.items()}),
            "Action": Leaf(literal("s3:GetObject"), AT),
            "Resource": Leaf(literal("arn:aws:s3:::photos/*"), AT),
            "Condition": condition,
        }
    )
    return _object({"Statement": Array((statement,), AT)})


def _object(members: dict[str, Value]) -> Object:
    return Object(tuple(Member(name, value, AT) for name, value in members.items()), AT)


def test_a_policy_that_was_not_read() -> None:
    assert named(Unknown("it was denied", AT), []).status is Status.UNKNOWN
