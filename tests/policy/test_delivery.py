"""S3 delivers access logs: what is said of the policy of a log bucket holds of every request that it may send."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.location import Location
from s3audit.model.bucket import Bucket, Logging
from s3audit.policy import delivered
from s3audit.policy.delivery import Delivery, admits_delivery, denies_delivery
from s3audit.policy.language import Policy, read
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict
from tests.policy import oracle
from tests.policy.documents import document
from tests.profile import examples

PASS, FAIL, OPEN = Status.PASS, Status.FAIL, Status.UNKNOWN
AT = Location("account", "logs")
ACCOUNT = "111122223333"
GAP = Unknown("it was not told", AT)
SERVICE = {"Service": "logging.s3.amazonaws.com"}
LOGS = "arn:aws:s3:::logs/*"
SHOP = "arn:aws:s3:::shop"
OWN_ACCOUNT = Opaque("AWS::AccountId", given=True)
SHOP_NAME = Opaque("Shop", resource="Resources.Shop", generated=True)
OTHER_NAME = Opaque("Other", resource="Resources.Other", generated=True)
Statement = dict[str, Any]


def known(value: str | Text) -> Setting[Text]:
    return Known(value if isinstance(value, Text) else text(value), AT)


def bucket(name: Setting[Text], account: Setting[Text]) -> Bucket:
    return Bucket(address=str(name), at=AT, name=name, account=account, region=known("eu-west-1"))


def delivery(
    prefix: str | Text = "shop/",
    name: str | Text = "shop",
    account: str | Text = ACCOUNT,
    partitioned: bool = False,
    target: str | Text = "logs",
) -> Delivery:
    logging = Logging(at=AT, target=known(target), prefix=known(prefix), partitioned=Known(partitioned, AT))
    return Delivery(bucket(known(name), known(account)), logging, bucket(known(target), known(account)))


def policy(*statements: Statement) -> Policy:
    return read(document({"Version": "2012-10-17", "Statement": list(statements)}))


def statement(effect: str, condition: Statement | None = None, **changed: Any) -> Statement:
    whole = {"Effect": effect, "Principal": SERVICE, "Action": "s3:PutObject", "Resource": LOGS}
    return {**whole, **({} if condition is None else {"Condition": condition}), **changed}


def allow(condition: Statement | None = None, **changed: Any) -> Statement:
    return statement("Allow", condition, **changed)


def deny(condition: Statement | None = None, **changed: Any) -> Statement:
    return statement("Deny", condition, **{"Principal": "*", **changed})


@pytest.mark.parametrize(
    ("one", "status"),
    [
        (allow(), PASS),
        (allow(Principal="*"), PASS),
        (allow(Principal={"Service": "cloudtrail.amazonaws.com"}), FAIL),
        (allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), FAIL),
        (allow(Action="s3:GetObject"), FAIL),
        (allow(Resource="arn:aws:s3:::logs"), FAIL),
        (allow(Resource="arn:aws:s3:::logs/shop/*"), PASS),
        (allow(Resource="arn:aws:s3:::logs/shop/2*"), PASS),
        (allow(Resource="arn:aws:s3:::logs/shop/access/*"), FAIL),
        (allow(Resource="arn:aws:s3:::logs/shop/2031-*"), OPEN),
        (allow(Resource="arn:aws:s3:::other/*"), FAIL),
        (allow({"StringEquals": {"aws:SourceAccount": ACCOUNT}}), PASS),
        (allow({"StringEquals": {"aws:SourceAccount": "444455556666"}}), FAIL),
        (allow({"ArnLike": {"aws:SourceArn": SHOP}}), PASS),
        (allow({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::sh*"}}), PASS),
        (allow({"ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::x", SHOP]}}), PASS),
        (allow({"StringEquals": {"aws:SourceArn": "arn:aws:s3:::sh*"}}), FAIL),
        (allow({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::stock"}}), FAIL),
        (allow({"ArnNotLike": {"aws:SourceArn": SHOP}}), FAIL),
        (allow({"Bool": {"aws:SecureTransport": "true"}}), PASS),
        (allow({"Bool": {"aws:SecureTransport": "false"}}), FAIL),
        (allow({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), FAIL),
        (allow({"StringEquals": {"aws:SourceVpce": "vpce-1"}}), FAIL),
        (allow({"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}), OPEN),
        (allow({"StringEquals": {"aws:SourceOrgID": "o-1"}}), OPEN),
        (allow({"Bool": {"aws:PrincipalIsAWSService": "true"}}, Principal="*"), PASS),
        (allow({"Strange": {"aws:SourceArn": SHOP}}), OPEN),
    ],
    ids=str,
)
def test_what_lets_the_logs_in(one: Statement, status: Status) -> None:
    assert admits_delivery(policy(one), delivery()).status is status


@pytest.mark.parametrize(
    ("one", "status"),
    [
        (deny(), PASS),
        (deny(Principal=SERVICE), PASS),
        (deny(Principal={"Service": "cloudtrail.amazonaws.com"}), FAIL),
        (deny(Action="s3:DeleteObject"), FAIL),
        (deny(Resource="arn:aws:s3:::logs/stock/*"), FAIL),
        (deny(Resource="arn:aws:s3:::logs/shop/*"), PASS),
        (deny({"Bool": {"aws:SecureTransport": "false"}}), FAIL),
        (deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}}), FAIL),
        (deny({"NumericLessThan": {"s3:TlsVersion": "1.3"}}), OPEN),
        (deny({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}), PASS),
        (deny({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}), PASS),
        (deny({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}), PASS),
        (deny({"Null": {"s3:x-amz-server-side-encryption": "true"}}), PASS),
        (deny({"Null": {"s3:x-amz-server-side-encryption": "false"}}), FAIL),
        (deny({"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}), FAIL),
        (deny({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), PASS),
        (deny({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), FAIL),
        (deny({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), PASS),
        (deny({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}), PASS),
        (deny({"Bool": {"aws:MultiFactorAuthPresent": "false"}}), FAIL),
        (deny({"StringNotLike": {"aws:userId": f"{ACCOUNT}:*"}}), PASS),
        (deny({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}}), PASS),
        (
            deny(
                {
                    "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                    "Bool": {"aws:PrincipalIsAWSService": "false"},
                }
            ),
            FAIL,
        ),
        (
            deny(
                {
                    "StringNotEquals": {
                        "aws:PrincipalOrgID": "o-1",
                        "aws:PrincipalServiceName": "logging.s3.amazonaws.com",
                    }
                }
            ),
            FAIL,
        ),
        (deny({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), FAIL),
        (deny({"StringNotEquals": {"aws:SourceAccount": "444455556666"}}), PASS),
        (deny({"ArnNotEquals": {"aws:SourceArn": SHOP}}), FAIL),
        (deny({"Null": {"aws:SourceArn": "true"}}), FAIL),
        (deny({"StringNotEquals": {"aws:SourceOrgID": "o-1"}}), OPEN),
        (deny({"StringNotEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}), OPEN),
        ({"Effect": "Deny", "NotPrincipal": SERVICE, "Action": "s3:*", "Resource": LOGS}, FAIL),
    ],
    ids=str,
)
def test_what_keeps_the_logs_out(one: Statement, status: Status) -> None:
    assert denies_delivery(policy(one), delivery()).status is status


def test_a_denial_shows_the_request() -> None:
    guard = deny({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, Sid="Perimeter")
    [evidence] = denies_delivery(policy(allow(), guard), delivery()).evidence
    assert evidence.note.startswith(
        "the statement Perimeter denies s3:PutObject on arn:aws:s3:::logs/shop/20"
    )
    assert evidence.note.endswith(" by logging.s3.amazonaws.com, which has no aws:PrincipalOrgID")


def test_a_gap_names_the_condition() -> None:
    [evidence] = admits_delivery(
        policy(allow({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::stock"}})), delivery()
    ).evidence
    assert evidence.note == f"the statement's ArnLike does not hold where aws:SourceArn is {SHOP}"


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        (f"arn:aws:s3:::logs/{ACCOUNT}/eu-west-1/shop/*", PASS),
        (f"arn:aws:s3:::logs/{ACCOUNT}/*", PASS),
        ("arn:aws:s3:::logs/444455556666/*", FAIL),
        (f"arn:aws:s3:::logs/{ACCOUNT}/eu-north-1/*", FAIL),
        ("arn:aws:s3:::logs/2*", FAIL),
    ],
)
def test_partitioned_keys_begin_with_whose_they_are(resource: str, status: Status) -> None:
    found = admits_delivery(policy(allow(Resource=resource)), delivery(prefix="", partitioned=True))
    assert found.status is status


def arn(*name: str | Opaque) -> Text:
    return text("arn:", Opaque("AWS::Partition", given=True), ":s3:::", *name)


@pytest.mark.parametrize(
    ("condition", "admits", "denies"),
    [
        ({"ArnLike": {"aws:SourceArn": arn(SHOP_NAME)}}, PASS, PASS),
        ({"ArnLike": {"aws:SourceArn": arn(OTHER_NAME)}}, FAIL, FAIL),
        ({"ArnLike": {"aws:SourceArn": arn("*")}}, PASS, PASS),
        ({"ArnLike": {"aws:SourceArn": arn("stack-", "*")}}, OPEN, OPEN),
        ({"ArnNotLike": {"aws:SourceArn": arn(OTHER_NAME)}}, PASS, PASS),
        ({"StringEquals": {"aws:SourceAccount": text(OWN_ACCOUNT)}}, PASS, PASS),
        ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, OPEN, OPEN),
        ({"StringNotEquals": {"aws:SourceAccount": text(OWN_ACCOUNT)}}, FAIL, FAIL),
        ({"StringEquals": {"aws:SourceAccount": GAP}}, OPEN, OPEN),
    ],
    ids=str,
)
def test_names_that_nobody_knows_yet(condition: Statement, admits: Status, denies: Status) -> None:
    sent = delivery(name=text(SHOP_NAME), account=text(OWN_ACCOUNT))
    assert admits_delivery(policy(allow(condition)), sent).status is admits
    assert denies_delivery(policy(deny(condition)), sent).status is denies


@pytest.mark.parametrize(
    ("prefix", "resource", "status"),
    [
        (text(Opaque("P")), text("arn:aws:s3:::logs/", Opaque("P"), "*"), PASS),
        (text(Opaque("P"), "/"), text("arn:aws:s3:::logs/", Opaque("P"), "/*"), PASS),
        (text(Opaque("P")), text("arn:aws:s3:::logs/*"), PASS),
        (text(Opaque("P")), text("arn:aws:s3:::logs/shop/*"), OPEN),
        (text("a/", Opaque("P")), text("arn:aws:s3:::logs/b/*"), FAIL),
        (text("a/", Opaque("P")), text("arn:aws:s3:::logs/a/*"), PASS),
    ],
    ids=str,
)
def test_a_prefix_that_is_not_told_in_full(prefix: Text, resource: Text, status: Status) -> None:
    assert admits_delivery(policy(allow(Resource=resource)), delivery(prefix=prefix)).status is status


@pytest.mark.parametrize("field", ["name", "account"])
def test_without_the_source_its_conditions_are_open(field: str) -> None:
    sent = delivery()
    changed = {"name": known("shop"), "account": known(ACCOUNT), field: GAP}
    source = bucket(changed["name"], changed["account"])
    unseen = Delivery(source, sent.logging, sent.target)
    key = {"name": "aws:SourceArn", "account": "aws:SourceAccount"}[field]
    for value in (SHOP, ACCOUNT):
        assert admits_delivery(policy(allow({"StringEquals": {key: value}})), unseen).status is OPEN
    assert admits_delivery(policy(allow()), unseen).status is PASS


def test_a_bucket_without_a_prefix_may_write_anywhere() -> None:
    sent = delivery()
    whole = Delivery(
        sent.source, Logging(at=AT, prefix=Unset(Text(), AT), partitioned=Unset(False, AT)), sent.target
    )
    assert admits_delivery(policy(allow()), whole).status is PASS
    assert admits_delivery(policy(allow(Resource="arn:aws:s3:::logs/shop/*")), whole).status is FAIL


# Against every request that there may be, by another reading of the semantics

CONDITIONS: list[Statement | None] = [
    None,
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    {"StringNotEquals": {"aws:SourceAccount": "444455556666"}},
    {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::stock", "arn:aws:s3:::s*p"]}},
    {"ArnNotEquals": {"aws:SourceArn": SHOP}},
    {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
    {"StringNotEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
    {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
    {"Null": {"s3:x-amz-server-side-encryption": "true"}},
    {"StringEquals": {"aws:SourceOrgID": "o-1"}},
    {"Null": {"aws:SourceOrgID": "true"}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
]
RESOURCES = [LOGS, "arn:aws:s3:::logs/shop/*", "arn:aws:s3:::logs/stock/*", "arn:aws:s3:::logs", "*"]
STATEMENTS = st.builds(
    statement,
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(CONDITIONS),
    Principal=st.sampled_from(["*", SERVICE, {"AWS": "*"}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}]),
    Action=st.sampled_from(["s3:PutObject", "s3:*", "s3:Get*"]),
    Resource=st.sampled_from(RESOURCES),
)


def requests() -> Iterator[dict[str, Any]]:
    acls = (None, "bucket-owner-full-control", "private")
    organizations = (None, "o-1", "o-2")
    for acl, organization, year in product(acls, organizations, ("2026", "2099")):
        context = {
            "aws:securetransport": "true",
            "aws:sourcearn": SHOP,
            "aws:sourceaccount": ACCOUNT,
            **({} if acl is None else {"s3:x-amz-acl": acl}),
            **({} if organization is None else {"aws:sourceorgid": organization}),
        }
        yield {
            "kind": "service",
            "name": "logging.s3.amazonaws.com",
            "account": "",
            "arn": "",
            "session": "",
            "action": "s3:PutObject",
            "resource": f"arn:aws:s3:::logs/shop/{year}-11-21-10-15-00-0123456789ABCDEF",
            "ctx": context,
        }


ASKED = list(requests())


def _agrees(found: Verdict, decisions: set[str], wanted: str) -> None:
    if found.status is PASS:
        assert decisions == {wanted}
    elif found.status is FAIL:
        assert wanted not in decisions
    else:
        assert len(decisions) > 1


@given(some=st.lists(STATEMENTS, min_size=1, max_size=4))
@settings(max_examples=examples(150), deadline=None)
def test_every_request_is_decided_alike(some: list[Statement]) -> None:
    allowing = {"Statement": [one for one in some if one["Effect"] == "Allow"]}
    denying = {"Statement": [one for one in some if one["Effect"] == "Deny"]}
    written, sent = policy(*some), delivery()
    admits, denies = admits_delivery(written, sent), denies_delivery(written, sent)
    _agrees(admits, {oracle.decide(allowing, ask) for ask in ASKED}, oracle.ALLOW)
    _agrees(denies, {oracle.decide(denying, ask) for ask in ASKED}, oracle.DENY)
    # What the shape shows at once is what is proven.
    assert delivered.admitted(written, sent).status is admits.status
    assert delivered.denied(written, sent).status is denies.status
