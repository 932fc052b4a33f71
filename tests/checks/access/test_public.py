"""One public bucket is one finding; what a live account adds to what sleeps behind a block."""

from pathlib import Path

import pytest
from msgspec.structs import replace

import s3audit
from s3audit.explain import tidy
from s3audit.location import Location
from s3audit.model.account import Account, AccountPublicAccessBlock
from s3audit.model.acl import Acl
from s3audit.model.bucket import Bucket, Ownership, PublicAccessBlock
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.effective import BLOCKS
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("arn:aws:s3:::orders", "orders")
GAP = Unknown("the call was denied", AT)
NUMBER = "111122223333"
UNSEEN = "this is said of the policy only: grants that are ignored are not shown"


def document(value: object) -> Value:
    match value:
        case dict():
            return Object(tuple(Member(name, document(one), AT) for name, one in value.items()), AT)
        case list():
            return Array(tuple(map(document, value)), AT)
        case _:
            return Leaf(text(str(value)), AT)


def policy(*statements: dict[str, object]) -> Known[Value | None]:
    return Known(document({"Version": "2012-10-17", "Statement": list(statements)}), AT)


def allow(action: str, **changed: object) -> dict[str, object]:
    made = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "arn:aws:s3:::orders/*"}
    return made | changed


def bucket(
    written: Setting[Value | None], *, blocks: bool | Unknown, ownership: str = "ObjectWriter"
) -> Bucket:
    flag: Setting[bool] = blocks if isinstance(blocks, Unknown) else Known(blocks, AT)
    return Bucket(
        address="orders",
        at=AT,
        origin="live",
        account=Known(text(NUMBER), AT),
        name=Known(text("orders"), AT),
        region=Known(text("eu-west-1"), AT),
        ownership=Ownership(object_ownership=Known(ownership, AT)),
        public_access_block=replace(PublicAccessBlock(), **dict.fromkeys(BLOCKS, flag)),
        acl=Acl(at=AT, canned=Known(None, AT), grants=Known((), AT), owner=Known(None, AT)),
        policy=written,
    )


def account(*, blocks: bool, by: str | None = None) -> Account:
    block = replace(
        AccountPublicAccessBlock(),
        **dict.fromkeys(BLOCKS, Known(blocks, AT)),
        by_organization=Known(by, AT),
    )
    return Account(address=NUMBER, at=AT, account=Known(text(NUMBER), AT), public_access_block=block)


def judge(check: str, subject: Bucket, above: Account, *said: Expectation) -> Verdict:
    estate = Estate([subject, above])
    estate.expectations = said
    return CHECKS[check].judge(subject, estate)


@pytest.mark.parametrize(
    ("blocks", "above", "read", "latent"),
    [
        (False, False, Status.FAIL, Status.NOT_APPLICABLE),
        (True, False, Status.PASS, Status.FAIL),
        (False, True, Status.PASS, Status.FAIL),
        (GAP, True, Status.PASS, Status.FAIL),
        (GAP, False, Status.UNKNOWN, Status.UNKNOWN),
    ],
)
def test_a_public_policy_and_what_blocks_it(
    blocks: bool | Unknown, above: bool, read: Status, latent: Status
) -> None:
    subject = bucket(policy(allow("s3:GetObject")), blocks=blocks)
    assert judge("access-public-read", subject, account(blocks=above)).status is read
    assert judge("access-latent-public", subject, account(blocks=above)).status is latent
    assert judge("access-public-write", subject, account(blocks=above)).status is Status.PASS


@pytest.mark.parametrize(
    ("by", "severity"), [(None, Severity.MEDIUM), ("all", Severity.LOW), ("none", Severity.MEDIUM)]
)
def test_what_only_the_organization_can_open_is_low(by: str | None, severity: Severity) -> None:
    subject = bucket(policy(allow("s3:GetObject")), blocks=False)
    found = judge("access-latent-public", subject, account(blocks=True, by=by))
    assert found.status is Status.FAIL
    assert found.severity is severity


@pytest.mark.parametrize(
    ("ownership", "above", "is_hidden"),
    [("ObjectWriter", True, True), ("ObjectWriter", False, False), ("BucketOwnerEnforced", True, False)],
)
def test_a_live_acl_that_is_ignored_is_not_seen(ownership: str, above: bool, is_hidden: bool) -> None:
    subject = bucket(Known(None, AT), blocks=False, ownership=ownership)
    found = judge("access-latent-public", subject, account(blocks=above))
    assert found.status is Status.PASS
    assert (UNSEEN in {one.note for one in found.evidence}) is is_hidden


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        (Expectation(at=AT, public=True), Severity.MEDIUM),
        (Expectation(at=AT, roles=("website",)), Severity.MEDIUM),
        (Expectation(at=AT, public=False), None),
        (Expectation(at=AT, roles=("records",)), None),
    ],
)
def test_what_is_meant_to_be_public_is_less_grave_to_read(
    said: Expectation, severity: Severity | None
) -> None:
    subject = bucket(policy(allow("s3:GetObject"), allow("s3:PutObject")), blocks=False)
    assert judge("access-public-read", subject, account(blocks=False), said).severity is severity
    assert judge("access-public-write", subject, account(blocks=False), said).severity is None


@pytest.mark.parametrize(
    ("action", "check"),
    [
        ("s3:GetObject", "access-public-read"),
        ("s3:DeleteObject", "access-public-write"),
        ("s3:ReplicateObject", "access-public-write"),
        ("s3:PutObjectTagging", "access-public-write"),
        ("s3:PutObjectAcl", "access-public-write"),
        ("s3:ObjectOwnerOverrideToBucketOwner", "access-public-write"),
    ],
)
def test_each_action_is_told_by_one_of_them(action: str, check: str) -> None:
    subject = bucket(policy(allow(action)), blocks=False)
    failing = {
        one
        for one in ("access-public-read", "access-public-write")
        if judge(one, subject, account(blocks=False)).status is Status.FAIL
    }
    assert failing == {check}


BY_POLICY = """
    Resources:
      Orders:
        Type: AWS::S3::Bucket
        Properties:
          PublicAccessBlockConfiguration: {RestrictPublicBuckets: %s}
      OrdersPolicy:
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Ref Orders
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Orders.Arn}/*"}
    """
BY_ACL = """
    Resources:
      Orders:
        Type: AWS::S3::Bucket
        Properties:
          AccessControl: PublicRead
          OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
          PublicAccessBlockConfiguration: {IgnorePublicAcls: %s}
    """


@pytest.mark.parametrize(
    ("template", "blocks", "telling"),
    [
        (BY_POLICY, "false", {"access-public-read"}),
        (BY_POLICY, "true", {"policy-wildcard-principal"}),
        (BY_ACL, "false", {"access-public-read"}),
        (BY_ACL, "true", {"access-latent-public"}),
    ],
)
def test_one_public_bucket_is_one_finding(
    template: str, blocks: str, telling: set[str], tmp_path: Path
) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(tidy(template % blocks), encoding="utf-8")
    report = s3audit.scan([file], severity="info")
    about_public = {
        "access-bucket-public-access-block",
        "access-latent-public",
        "access-public-read",
        "access-public-write",
        "acl-everyone",
        "policy-weak-condition",
        "policy-wildcard-principal",
    }
    failing = {one.check for one in report.findings if one.status == "fail"} & about_public
    assert failing - {"access-bucket-public-access-block"} == telling
    assert ("access-bucket-public-access-block" in failing) is (blocks == "true")
