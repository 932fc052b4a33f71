"""Grants as live accounts tell them: with the owner's own among them, and without a canned ACL."""

import pytest
from msgspec.structs import replace

from s3audit.location import Location
from s3audit.model.account import Account, AccountPublicAccessBlock
from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Ownership, PublicAccessBlock
from s3audit.model.effective import BLOCKS
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Trust
from s3audit.model.s3object import S3Object
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("account", "orders")
GAP = Unknown("the call was denied", AT)
OWNER, PARTNER, STRANGER = "1" * 64, "2" * 64, "3" * 64
CLOUDFRONT = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"
CLOUDFRONT_CHINA = "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56"
EC2 = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"
GROUPS = "http://acs.amazonaws.com/groups/"
EVERYONE = f"{GROUPS}global/AllUsers"
LOG_DELIVERY = f"{GROUPS}s3/LogDelivery"
OPEN, CLOSED = "ObjectWriter", "BucketOwnerEnforced"


def named(value: str | Text | None) -> Known[Text | None]:
    return Known(text(value) if isinstance(value, str) else value, AT)


def grant(who: str | Text, permission: str | Unknown) -> Grant:
    is_group = isinstance(who, str) and who.startswith("http")
    return Grant(
        at=AT,
        type=Known("Group" if is_group else "CanonicalUser", AT),
        id=named(None if is_group else who),
        uri=named(who if is_group else None),
        email=named(None),
        permission=permission if isinstance(permission, Unknown) else Known(permission, AT),
    )


def acl(*grants: Grant, owner: Setting[Text | None] | None = None) -> Acl:
    given = (grant(OWNER, "FULL_CONTROL"), *grants)
    return Acl(
        at=AT,
        canned=Known(None, AT),
        grants=Known(tuple(Known(one, AT) for one in given), AT),
        owner=named(OWNER) if owner is None else owner,
    )


def bucket(lists: Acl, ownership: str = OPEN) -> Bucket:
    return Bucket(
        address="orders",
        at=AT,
        origin="live",
        account=Known(text("111122223333"), AT),
        name=Known(text("orders"), AT),
        region=Known(text("eu-west-1"), AT),
        ownership=Ownership(object_ownership=Known(ownership, AT)),
        public_access_block=replace(PublicAccessBlock(), **dict.fromkeys(BLOCKS, Known(False, AT))),
        acl=lists,
        policy=Known(None, AT),
        logging=Known(None, AT),
    )


def account(*, blocks: bool = False) -> Account:
    block = replace(AccountPublicAccessBlock(), **dict.fromkeys(BLOCKS, Known(blocks, AT)))
    number = Known(text("111122223333"), AT)
    return Account(address="111122223333", at=AT, account=number, public_access_block=block)


def judge(
    check: str, subject: Resource, *others: Resource, trusted: tuple[str, ...] | None = None
) -> Verdict:
    estate = Estate([subject, *others])
    if trusted is not None:
        estate.expectations = (Expectation(at=AT, trust=Trust(canonical_ids=trusted)),)
    made = CHECKS[check]
    return made.judge(subject, estate) if made.wants_estate else made.judge(subject)


@pytest.mark.parametrize(
    ("given", "status", "severity"),
    [
        ((), Status.PASS, None),
        ((grant(PARTNER, "WRITE_ACP"),), Status.FAIL, Severity.HIGH),
        ((grant(PARTNER, "FULL_CONTROL"),), Status.FAIL, Severity.HIGH),
        ((grant(PARTNER, "READ_ACP"),), Status.FAIL, Severity.MEDIUM),
        ((grant(PARTNER, "READ_ACP"), grant(STRANGER, "WRITE_ACP")), Status.FAIL, Severity.HIGH),
        ((grant(PARTNER, "READ"), grant(PARTNER, "WRITE")), Status.PASS, None),
        ((grant(CLOUDFRONT, "FULL_CONTROL"),), Status.PASS, None),
        ((grant(CLOUDFRONT_CHINA, "FULL_CONTROL"),), Status.PASS, None),
        ((grant(CLOUDFRONT, "WRITE_ACP"),), Status.FAIL, Severity.HIGH),
        ((grant(LOG_DELIVERY, "READ_ACP"),), Status.PASS, None),
        ((grant(LOG_DELIVERY, "WRITE_ACP"),), Status.FAIL, Severity.HIGH),
        # What the public may do is told by the checks about the public.
        ((grant(EVERYONE, "WRITE_ACP"),), Status.PASS, None),
        ((grant(PARTNER, GAP),), Status.UNKNOWN, None),
        ((grant(PARTNER, GAP), grant(STRANGER, "WRITE_ACP")), Status.FAIL, Severity.HIGH),
    ],
)
def test_who_may_write_the_acl(given: tuple[Grant, ...], status: Status, severity: Severity | None) -> None:
    verdict = judge("acl-write-acp", bucket(acl(*given)))
    assert verdict.status is status
    assert verdict.severity is severity


@pytest.mark.parametrize("check", ["acl-write-acp", "acl-cross-account", "acl-email-grantee"])
def test_acls_that_are_off_ask_no_question(check: str) -> None:
    subject = bucket(acl(grant(STRANGER, "FULL_CONTROL")), CLOSED)
    assert judge(check, subject, trusted=()).status is Status.NOT_APPLICABLE


def test_an_owner_who_is_not_told_may_be_anybody() -> None:
    lists = acl(grant(PARTNER, "WRITE_ACP"), owner=GAP)
    assert judge("acl-write-acp", bucket(lists)).status is Status.UNKNOWN


def test_two_data_sources_leave_open_which_is_the_owner() -> None:
    ids = [Text((Opaque(f"data.aws_canonical_user_id.{name}.id", given=True),)) for name in ("a", "b")]
    given = tuple(Known(grant(one, "FULL_CONTROL"), AT) for one in ids)
    both = Acl(canned=Known(None, AT), grants=Known(given, AT), owner=Unset(None, AT))
    one = Acl(canned=Known(None, AT), grants=Known(given[:1], AT), owner=Unset(None, AT))
    assert judge("acl-write-acp", bucket(both)).status is Status.UNKNOWN
    assert judge("acl-write-acp", bucket(one)).status is Status.PASS


@pytest.mark.parametrize(
    ("given", "trusted", "status"),
    [
        (grant(PARTNER, "READ"), None, Status.NOT_APPLICABLE),
        (grant(PARTNER, "READ"), (PARTNER,), Status.PASS),
        (grant(PARTNER, "READ"), (STRANGER,), Status.FAIL),
        (grant(PARTNER, "WRITE"), (), Status.FAIL),
        # That is what acl-write-acp tells.
        (grant(PARTNER, "FULL_CONTROL"), (), Status.PASS),
        (grant(CLOUDFRONT, "FULL_CONTROL"), (), Status.PASS),
        (grant(EC2, "READ"), (), Status.PASS),
        (grant(EVERYONE, "READ"), (), Status.PASS),
        (grant(Text((Opaque("Partner"),)), "READ"), (PARTNER,), Status.UNKNOWN),
    ],
)
def test_accounts_that_an_acl_lets_in(given: Grant, trusted: tuple[str, ...] | None, status: Status) -> None:
    assert judge("acl-cross-account", bucket(acl(given)), trusted=trusted).status is status


def test_without_a_list_those_let_in_are_told_all_the_same() -> None:
    verdict = judge("acl-cross-account", bucket(acl(grant(PARTNER, "READ"))))
    assert f"the canonical user {PARTNER} has READ" in {one.note for one in verdict.evidence}
    assert not any(OWNER in one.note for one in verdict.evidence)


def sampled(lists: Acl) -> S3Object:
    return S3Object(
        address="orders/a",
        at=AT,
        origin="live",
        bucket=Known(text("orders"), AT),
        key=Known(text("a"), AT),
        acl=lists,
        sampled=Known(True, AT),
    )


@pytest.mark.parametrize(
    ("thing", "ownership", "blocks", "status"),
    [
        (acl(grant(EVERYONE, "READ")), OPEN, False, Status.FAIL),
        (acl(grant(EVERYONE, "READ")), OPEN, True, Status.PASS),
        (acl(grant(EVERYONE, "READ")), CLOSED, False, Status.PASS),
        (acl(), OPEN, False, Status.PASS),
        (Acl(canned=Known(None, AT), grants=GAP), OPEN, False, Status.UNKNOWN),
        (Acl(canned=Known(None, AT), grants=GAP), CLOSED, False, Status.PASS),
    ],
)
def test_a_sampled_object(thing: Acl, ownership: str, blocks: bool, status: Status) -> None:
    verdict = judge("acl-object-public", sampled(thing), bucket(acl(), ownership), account(blocks=blocks))
    assert verdict.status is status


def test_a_sample_says_nothing_of_other_objects() -> None:
    verdict = judge("acl-object-public", sampled(acl()), bucket(acl()), account())
    assert "it is one of a sample, and says nothing of others" in {one.note for one in verdict.evidence}


@pytest.mark.parametrize(
    ("given", "ownership", "status"),
    [
        (grant(PARTNER, "WRITE"), "ObjectWriter", Status.FAIL),
        # No policy makes them hand over what they upload.
        (grant(PARTNER, "WRITE"), "BucketOwnerPreferred", Status.FAIL),
        (grant(PARTNER, "WRITE"), "BucketOwnerEnforced", Status.PASS),
        (grant(PARTNER, "READ"), "ObjectWriter", Status.NOT_APPLICABLE),
        (grant(LOG_DELIVERY, "WRITE"), "ObjectWriter", Status.NOT_APPLICABLE),
        (grant(EVERYONE, "WRITE"), "ObjectWriter", Status.FAIL),
    ],
)
def test_uploads_by_acl(given: Grant, ownership: str, status: Status) -> None:
    subject = bucket(acl(given), ownership)
    assert judge("acl-uploader-owns-objects", subject, account()).status is status
