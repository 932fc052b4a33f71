"""The block of a live account: where it has no buckets, and where the organization has the say."""

import pytest
from msgspec.structs import replace

from s3audit.location import Location
from s3audit.model.account import Account, AccountPublicAccessBlock
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.effective import BLOCKS
from s3audit.model.estate import Estate, Listing, Unlisted, Unread
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("arn:aws:iam::111122223333:root", "111122223333")
NUMBER = "111122223333"
BUCKETS = Listing("bucket", NUMBER, "")


def account(flag: bool | Unknown, by: str | None = None) -> Account:
    told: Setting[bool] = flag if isinstance(flag, Unknown) else Known(flag, AT)
    block = replace(AccountPublicAccessBlock(), **dict.fromkeys(BLOCKS, told), by_organization=Known(by, AT))
    return Account(
        address=NUMBER, at=AT, origin="live", account=Known(text(NUMBER), AT), public_access_block=block
    )


def bucket(number: str) -> Bucket:
    return Bucket(address="orders", at=AT, origin="live", account=Known(text(number), AT))


def judge(subject: Account, *others: Resource, **seen: tuple[Listing | Unlisted | Unread, ...]) -> Verdict:
    estate = Estate([subject, *others], **(seen or {"listings": (BUCKETS,)}))  # type: ignore[arg-type]
    return CHECKS["account-public-access-block"].judge(subject, estate)


@pytest.mark.parametrize(
    ("others", "seen", "severity"),
    [
        ((), {"listings": (BUCKETS,)}, Severity.MEDIUM),
        ((bucket("444455556666"),), {"listings": (BUCKETS,)}, Severity.MEDIUM),
        ((bucket(NUMBER),), {"listings": (BUCKETS,)}, None),
        ((), {"not_listed": (Unlisted("bucket", NUMBER, "", "the call was denied"),)}, None),
        (
            (),
            {
                "listings": (BUCKETS,),
                "not_read": (Unread("orders", NUMBER, "eu-west-1", "the call was denied"),),
            },
            None,
        ),
    ],
    ids=["none", "of another account", "one", "not listed", "not read"],
)
def test_an_account_without_buckets_has_nothing_to_block(
    others: tuple[Resource, ...],
    seen: dict[str, tuple[Listing | Unlisted | Unread, ...]],
    severity: Severity | None,
) -> None:
    found = judge(account(flag=False), *others, **seen)
    assert found.status is Status.FAIL
    assert found.severity is severity


def test_where_the_organization_has_the_say() -> None:
    notes = [one.note for one in judge(account(flag=False, by="none")).evidence]
    assert "an S3 policy of the organization says none, so it is changed there" in notes
    assert judge(account(flag=True, by="all")).status is Status.PASS


def test_a_call_that_is_denied_leaves_it_open() -> None:
    assert judge(account(Unknown("the call was denied", AT))).status is Status.UNKNOWN
