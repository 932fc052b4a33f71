"""What the examples of the checks of access points do not show: live accounts, severities, other kinds of points."""

from pathlib import Path

import msgspec
import pytest

from s3audit.location import Location
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, MultiRegionBucket
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Versioning
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.network import Vpc
from s3audit.setting import Known, Unset
from s3audit.text import literal
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS, EXAMPLES, Example, expectations, run

AT = Location("here")
OWN, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
VPCS = Listing("vpc", OWN, REGION)

POINT = AccessPoint(
    address="point",
    at=AT,
    origin="live",
    title="point",
    account=Known(literal(OWN), AT),
    region=Known(literal(REGION), AT),
    name=Known(literal("point"), AT),
    bucket=Known(literal("orders"), AT),
    bucket_account=Unset(None, AT),
    vpc=Known(literal("vpc-1"), AT),
    data_source_type=Unset(None, AT),
)


def judge(check: str, subject: Resource, *others: Resource, said: str = "", **seen: object) -> Verdict:
    estate = Estate([subject, *others], **seen)  # type: ignore[arg-type]
    estate.expectations = expectations("\n".join(f"#: {line}" for line in said.splitlines()))
    return CHECKS[check].judge(subject, estate)


def said_of(check: str, text: str, folder: Path) -> list[tuple[str, str]]:
    return [(one.status, one.subject.name) for one in run(Example(check, "fails", 9, text), folder).findings]


@pytest.mark.parametrize(
    ("name", "severities"),
    [
        ("access-point-public-access-block-fails-1", ["high"]),
        ("access-point-public-access-block-fails-2", ["medium"]),
        ("access-point-mrap-public-block-fails-2", ["medium"]),
        ("access-point-delegation-scope-fails-1", ["high"]),
        ("access-point-delegation-scope-fails-3", ["medium"]),
        ("access-point-mrap-replication-fails-1", ["medium"]),
    ],
)
def test_how_bad_it_is(name: str, severities: list[str], tmp_path: Path) -> None:
    found = [one for one in run(EXAMPLES[name], tmp_path).findings if one.status == "fail"]
    assert [one.severity.label for one in found] == severities


def test_what_a_block_leaves_out_is_not_known(tmp_path: Path) -> None:
    text = """
Resources:
  Point:
    Type: AWS::S3::AccessPoint
    Properties: {Bucket: orders, PublicAccessBlockConfiguration: {BlockPublicPolicy: true}}
"""
    assert said_of("access-point-public-access-block", text, tmp_path) == [("unknown", "Point")]


VOLUME = """
resource "aws_s3_bucket" "orders" {}
resource "aws_fsx_s3_access_point_attachment" "volume" {
  name = "volume"
  type = "OPENZFS"
  openzfs_configuration {
    volume_id = "fsvol-0a1b2c3d4e5f60718"
    file_system_identity {
      type = "POSIX"
      posix_user {
        uid = 1
        gid = 1
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    "check",
    ["public-access-block", "policy-public", "policy-cross-account", "bucket-delegation", "bucket-owner"],
)
def test_a_volume_is_no_bucket(check: str, tmp_path: Path) -> None:
    found = said_of(f"access-point-{check}", VOLUME, tmp_path)
    assert [status for status, _ in found] == ["not_applicable"]


# The VPC of an access point


def test_a_vpc_that_the_account_does_not_have() -> None:
    found = judge("access-point-vpc-trusted", POINT, listings=[VPCS])
    assert (found.status, found.severity) == (Status.FAIL, Severity.LOW)
    listed = judge("access-point-vpc-trusted", POINT, listings=[VPCS], said='[[expect]]\nvpcs = ["vpc-2"]')
    assert (listed.status, listed.severity) == (Status.FAIL, None)


def test_a_vpc_of_another_account_that_is_shared() -> None:
    shared = Vpc(address="v", at=AT, origin="live", account=Known(literal(OTHER), AT), id=POINT.vpc)
    assert judge("access-point-vpc-trusted", POINT, shared, listings=[VPCS]).status is Status.PASS


def test_vpcs_that_nobody_may_list() -> None:
    gap = Unlisted("vpc", OWN, REGION, "it was denied")
    assert judge("access-point-vpc-trusted", POINT, not_listed=[gap]).status is Status.UNKNOWN
    trusted = '[[expect]]\nkind = "access-point"\nvpcs = ["vpc-1"]'
    assert judge("access-point-vpc-trusted", POINT, not_listed=[gap], said=trusted).status is Status.PASS


def test_an_access_point_on_the_internet_has_no_vpc() -> None:
    point = msgspec.structs.replace(POINT, vpc=Unset(None, AT))
    assert judge("access-point-vpc-trusted", point, listings=[VPCS]).status is Status.NOT_APPLICABLE


# Its bucket


def test_a_bucket_that_is_gone() -> None:
    found = judge("access-point-bucket-owner", POINT, listings=[Listing("bucket", "", "")])
    assert found.status is Status.FAIL
    assert [one.note for one in found.evidence] == ["the bucket behind it does not exist"]


@pytest.mark.parametrize(
    ("account", "said", "status"),
    [
        (OWN, "", Status.PASS),
        (OTHER, "", Status.PASS),
        (OTHER, f'[[expect]]\ntrusted_accounts = ["{OTHER}"]', Status.PASS),
        (OTHER, "[[expect]]\ntrusted_accounts = []", Status.FAIL),
    ],
)
def test_whose_bucket_it_is(account: str, said: str, status: Status) -> None:
    point = msgspec.structs.replace(POINT, bucket_account=Known(literal(account), AT))
    orders = Bucket(address="o", at=AT, origin="live", name=Known(literal("orders"), AT))
    assert judge("access-point-bucket-owner", point, orders, said=said).status is status


# Policies

SHOP = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
  OrdersPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Orders
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub ${Orders.Arn}/*
            Condition: {StringEquals: {s3:DataAccessPointAccount: OWNER}}
  Point:
    Type: AWS::S3::AccessPoint
    Properties:
      Name: orders
      Bucket: !Ref Orders
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: false}
      Policy:
        Statement:
          - Effect: Allow
            Principal: WHO
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
"""
PARTNER = "{AWS: arn:aws:iam::444455556666:role/reports}"


def shop(who: str, owner: str = "!Ref AWS::AccountId") -> str:
    return SHOP.replace("WHO", who).replace("OWNER", owner)


def test_what_is_public_is_told_of_the_bucket(tmp_path: Path) -> None:
    assert said_of("access-point-policy-public", shop('"*"'), tmp_path) == [("not_applicable", "Point")]
    assert ("fail", "Orders") in said_of("access-public-read", shop('"*"'), tmp_path)


def test_without_a_list_strangers_are_told_and_nothing_fails(tmp_path: Path) -> None:
    report = run(Example("access-point-policy-cross-account", "fails", 9, shop(PARTNER)), tmp_path)
    [found] = report.findings
    assert found.status == "not_applicable"
    [note] = [one.note for one in found.evidence]
    assert note.startswith("the account 444455556666 may do s3:GetObject on arn:aws:s3:::${Orders}/")


def test_everybody_is_no_named_stranger(tmp_path: Path) -> None:
    text = f"#: [[expect]]\n#: trusted_accounts = []\n{shop(chr(34) + '*' + chr(34))}"
    assert said_of("access-point-policy-cross-account", text, tmp_path) == [("pass", "Point")]


def test_everybody_is_from_outside(tmp_path: Path) -> None:
    assert said_of("access-point-bucket-delegation", shop('"*"'), tmp_path) == [("pass", "Point")]
    elsewhere = shop('"*"', '"222233334444"')
    assert said_of("access-point-bucket-delegation", elsewhere, tmp_path) == [("fail", "Point")]


def test_an_account_that_may_be_its_own(tmp_path: Path) -> None:
    text = shop(PARTNER, '"222233334444"')
    assert ("unknown", "Orders") in said_of("access-point-delegation-scope", text, tmp_path)
    listed = f"#: [[expect]]\n#: trusted_accounts = []\n{text}"
    assert ("fail", "Orders") in said_of("access-point-delegation-scope", listed, tmp_path)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("StringEquals: {s3:AccessPointNetworkOrigin: VPC}", "pass"),
        ("StringLike: {s3:DataAccessPointAccount: '*'}", "pass"),
        ("StringNotEquals: {s3:DataAccessPointAccount: '222233334444'}", "not_applicable"),
        ("ArnLike: {s3:DataAccessPointArn: 'arn:aws:s3:*:222233334444:accesspoint/*'}", "fail"),
    ],
)
def test_what_names_no_account_is_for_others_to_tell(condition: str, status: str, tmp_path: Path) -> None:
    text = shop(PARTNER).replace("StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}", condition)
    listed = f"#: [[expect]]\n#: trusted_accounts = []\n{text}"
    assert (status, "Orders") in said_of("access-point-delegation-scope", listed, tmp_path)


def test_what_a_deny_takes_back_is_left_to_nobody(tmp_path: Path) -> None:
    denying = """          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: !Sub ${Orders.Arn}/*
            Condition: {StringNotEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}}
  Point:
"""
    text = shop(PARTNER, '"222233334444"').replace("  Point:\n", denying)
    listed = f"#: [[expect]]\n#: trusted_accounts = []\n{text}"
    assert ("pass", "Orders") in said_of("access-point-delegation-scope", listed, tmp_path)


DIRECTORY = """#: [[expect]]
#: trusted_accounts = []
Resources:
  Fast:
    Type: AWS::S3Express::DirectoryBucket
    Properties: {BucketName: fast--euw1-az1--x-s3, DataRedundancy: SingleAvailabilityZone, LocationName: euw1-az1}
  Point:
    Type: AWS::S3Express::AccessPoint
    Properties:
      Name: fast--euw1-az1--xa-s3
      Bucket: BUCKET
      Policy:
        Statement: [{Effect: Allow, Principal: {AWS: "444455556666"}, Action: "s3express:*", Resource: "*"}]
"""


@pytest.mark.parametrize(("bucket", "status"), [("!Ref Fast", "pass"), ("other--euw1-az1--x-s3", "unknown")])
def test_the_bucket_policy_of_a_directory_bucket(bucket: str, status: str, tmp_path: Path) -> None:
    text = DIRECTORY.replace("BUCKET", bucket)
    assert said_of("access-point-policy-cross-account", text, tmp_path) == [(status, "Point")]


# Several Regions


def world(*traffic: int) -> Verdict:
    """Buckets of which none replicates."""
    names = [f"b{number}" for number in range(len(traffic))]
    members = tuple(
        Known(
            MultiRegionBucket(at=AT, bucket=Known(literal(name), AT), traffic=Known(share, AT)),
            AT,
        )
        for name, share in zip(names, traffic, strict=True)
    )
    point = MultiRegionAccessPoint(address="world", at=AT, origin="live", buckets=Known(members, AT))
    buckets = [
        Bucket(
            address=name,
            at=AT,
            origin="live",
            name=Known(literal(name), AT),
            versioning=Versioning(at=AT, status=Known("Enabled", AT)),
            replication=Known(None, AT),
        )
        for name in names
    ]
    return judge("access-point-mrap-replication", point, *buckets)


@pytest.mark.parametrize(
    ("traffic", "status", "severity", "pairs"),
    [
        ((100, 100), Status.FAIL, Severity.HIGH, 2),
        ((100, 0), Status.FAIL, None, 1),
        ((0, 0), Status.PASS, None, 0),
        ((100,), Status.NOT_APPLICABLE, None, 1),
    ],
)
def test_where_requests_go(
    traffic: tuple[int, ...], status: Status, severity: Severity | None, pairs: int
) -> None:
    found = world(*traffic)
    assert (found.status, found.severity, len(found.evidence)) == (status, severity, pairs)
