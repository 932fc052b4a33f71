"""Who may bypass a lock, where the account of the bucket is known."""

import json

import pytest

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, ObjectLock, PublicAccessBlock
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate, Listing
from s3audit.model.expectation import Expectation, Trust
from s3audit.model.identity import NamedPolicy, User
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import literal
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("here")
OWN, OTHER = "111122223333", "444455556666"
ALL: dict[str, object] = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::backups/*"}
DENY: dict[str, object] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "arn:aws:s3:::backups/*",
}
SEEN = [Listing(kind, OWN, "") for kind in ("role", "user")]


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        (f"arn:aws:iam::{OTHER}:role/restore", Severity.HIGH),
        (f"arn:aws:iam::{OTHER}:root", Severity.HIGH),
        (f"arn:aws:iam::{OWN}:role/restore", None),
    ],
)
def test_another_account_is_worse(principal: str, severity: Severity | None) -> None:
    found = judge([ALL | {"Principal": {"AWS": principal}}])
    assert found.status is Status.FAIL
    assert found.severity is severity
    assert found.evidence[0].note.endswith("may bypass the lock, by the bucket policy")


@pytest.mark.parametrize("principal", [OWN, f"arn:aws:iam::{OWN}:root"])
def test_what_is_left_to_its_own_account_is_given_to_nobody(principal: str) -> None:
    assert judge([ALL | {"Principal": {"AWS": principal}}]).status is Status.PASS


def test_administrators_are_no_ordinary_principals() -> None:
    policy = [ALL | {"Principal": {"AWS": f"arn:aws:iam::{OWN}:role/admin"}}]
    mine = Expectation(at=AT, trust=Trust(administrators=(f"arn:aws:iam::{OWN}:role/ad*",)))
    theirs = Expectation(at=AT, trust=Trust(administrators=(f"arn:aws:iam::{OTHER}:role/ad*",)))
    assert judge(policy, said=(mine,)).status is Status.PASS
    assert judge(policy, said=(theirs,)).status is Status.FAIL


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("s3:*", Status.FAIL),
        ("s3:BypassGovernanceRetention", Status.FAIL),
        ("s3:Bypass?overnanceRetention", Status.FAIL),
        ("s3:Put*", Status.PASS),
    ],
)
def test_a_policy_of_its_own(action: str, status: Status) -> None:
    assert judge([], user(action)).status is status


def test_a_deny_of_the_bucket_comes_before_a_policy_of_its_own() -> None:
    assert judge([DENY], user("s3:*")).status is Status.PASS


def test_who_was_not_listed_may_have_it() -> None:
    assert judge([], listings=SEEN[:1]).status is Status.UNKNOWN
    assert judge([DENY], listings=SEEN[:1]).status is Status.PASS
    assert judge([ALL | {"Principal": {"AWS": OTHER}}], listings=SEEN[:1]).status is Status.FAIL


def test_a_policy_that_was_not_read_may_give_it() -> None:
    assert judge(None).status is Status.UNKNOWN


def user(action: str) -> User:
    document = read({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})
    own = NamedPolicy(at=AT, name=Known(literal("own"), AT), document=Known(document, AT))
    return User(
        address="restore",
        at=AT,
        account=Known(literal(OWN), AT),
        arn=Known(literal(f"arn:aws:iam::{OWN}:user/restore"), AT),
        name=Known(literal("restore"), AT),
        path=Known(literal("/"), AT),
        policies=Known((Known(own, AT),), AT),
        attached_policies=Known((), AT),
        groups=Known((), AT),
        permissions_boundary=Unset(None, AT),
    )


def judge(
    policy: list[dict[str, object]] | None,
    *others: Resource,
    said: tuple[Expectation, ...] = (),
    listings: list[Listing] = SEEN,
) -> Verdict:
    off = Known(False, AT)
    bucket = Bucket(
        address="backups",
        at=AT,
        name=Known(literal("backups"), AT),
        account=Known(literal(OWN), AT),
        region=Known(literal("eu-west-1"), AT),
        object_lock=ObjectLock(at=AT, enabled=Known(True, AT), mode=Known("GOVERNANCE", AT)),
        public_access_block=PublicAccessBlock(
            block_public_acls=off,
            ignore_public_acls=off,
            block_public_policy=off,
            restrict_public_buckets=off,
        ),
        policy=Unknown("it was denied", AT)
        if policy is None
        else Known(read({"Statement": policy}) if policy else None, AT),
    )
    estate = Estate([bucket, *others], listings=listings)
    estate.expectations = said
    return CHECKS["object-lock-governance-bypass"].judge(bucket, estate)


def read(value: object) -> Value:
    match value:
        case dict():
            return Object(tuple(Member(name, read(inner), AT) for name, inner in value.items()), AT)
        case list():
            return Array(tuple(map(read, value)), AT)
        case str():
            return Leaf(literal(value), AT)
        case _:
            raise TypeError(json.dumps(value))
