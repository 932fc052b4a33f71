"""What one statement shows and what is proven of all of them agree; what the first leaves open the second decides."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.location import NOWHERE
from s3audit.policy import proofs, shapes
from s3audit.policy.language import read
from s3audit.policy.questions import Context, tls_only
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS
from s3audit.policy.rules import rules_of
from s3audit.setting import Known, Setting
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status
from tests.policy.documents import document
from tests.profile import examples

PASS, FAIL, OPEN = Status.PASS, Status.FAIL, Status.UNKNOWN
EUROPE = Known(text("eu-west-1"), NOWHERE)
CHINA = Known(text("cn-north-1"), NOWHERE)
HTTP = {"Bool": {"aws:SecureTransport": "false"}}
Statement = dict[str, Any]


def named(name: Text) -> Setting[Text]:
    return Known(name, NOWHERE)


def deny(**changed: Any) -> Statement:
    whole = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
        "Condition": HTTP,
    }
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def either(condition: Statement) -> Statement:
    return {**HTTP, **condition}


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": one_of("Deny", "Deny", "Deny", "Allow"),
        "Principal": one_of("*", "*", {"AWS": "*"}, {"AWS": "111122223333"}, {"Service": "*"}),
        "Action": one_of("s3:*", "*", "s3:*", "s3:Get*", ["s3:GetObject", "s3:PutObject"]),
        "Resource": one_of(
            ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
            ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
            "arn:aws:s3:::shop",
            "arn:aws:s3:::shop/*",
            "arn:aws:s3:::shop*",
            "arn:aws:s3:::shop/?*",
            "arn:aws:s3:::shop/public/*",
            "*",
        ),
        "Condition": one_of(
            HTTP,
            HTTP,
            {"BoolIfExists": {"aws:SecureTransport": "false"}},
            {"StringNotEquals": {"aws:SecureTransport": "true"}},
            {"Bool": {"aws:SecureTransport": "true"}},
            {"Null": {"aws:SecureTransport": "true"}},
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
            {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}},
            either({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            either({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            either({"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
            {},
        ),
    }
)


@given(st.lists(STATEMENTS, min_size=1, max_size=3))
@settings(max_examples=examples(300))
def test_they_agree(statements: list[Statement]) -> None:
    policy = read(document({"Version": "2012-10-17", "Statement": statements}))
    by_shape = shapes.denies_plain_http(policy, named(text("shop")), EUROPE).status
    proven = tls_only(rules_of(policy), Context(bucket="shop")).verdict
    assert proven != UNKNOWN
    if by_shape is not OPEN:
        assert proven == (PROVEN if by_shape is PASS else WITNESS)
    together = proofs.denies_plain_http(policy, named(text("shop")), EUROPE)
    assert together.status is (PASS if proven == PROVEN else FAIL)


PARTS = [
    deny(Condition=either({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),
    deny(Condition=either({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),
]
SHORT = deny(Condition=either({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/9"}}))


def over_http(*statements: Statement, name: Text, region: Setting[Text] = EUROPE) -> Any:
    policy = read(document({"Version": "2012-10-17", "Statement": list(statements)}))
    return proofs.denies_plain_http(policy, named(name), region)


def test_statements_that_add_up_pass() -> None:
    found = over_http(*PARTS, name=text("shop"))
    assert (found.status, [one.note for one in found.evidence]) == (
        PASS,
        ["its statements together deny all plain HTTP"],
    )


def test_a_gap_between_them_is_shown() -> None:
    upper = deny(Condition=either({"IpAddress": {"aws:SourceIp": "10.128.0.0/9"}}))
    found = over_http(upper, SHORT, name=text("shop"))
    assert found.status is FAIL
    assert found.evidence[0].note == (
        "s3:ListBucket on arn:aws:s3:::shop is not denied over plain HTTP for anybody, without credentials"
    )
    lower = deny(Condition=either({"IpAddress": {"aws:SourceIp": "10.0.0.0/9"}}))
    assert over_http(upper, lower, SHORT, name=text("shop")).status is PASS


@pytest.mark.parametrize(
    "name", [Text((Opaque("Name"),)), text("shop-", Opaque("Env")), text(Opaque("AWS::AccountId"), "-logs")]
)
def test_a_name_that_is_not_told_is_the_same_in_both(name: Text) -> None:
    arns = [
        text("arn:aws:s3:::", *name.parts),
        text("arn:", Opaque("AWS::Partition"), ":s3:::", *name.parts, "/*"),
    ]
    parts = [{**part, "Resource": arns} for part in PARTS]
    assert over_http(*parts, name=name).status is PASS
    # One statement short, it may still be so, or not, for all that a look at its shape tells; a proof says no.
    assert (
        over_http({**PARTS[0], "Resource": arns}, {**SHORT, "Resource": arns}, name=name).status is not OPEN
    )


def test_what_may_be_about_the_bucket_stays_open() -> None:
    name = text("shop-", Opaque("Env"))
    parts = [{**part, "Resource": ["arn:aws:s3:::shop-prod", "arn:aws:s3:::shop-prod/*"]} for part in PARTS]
    assert over_http(*parts, name=name).status is OPEN


def test_the_partition_is_that_of_the_region() -> None:
    arns = ["arn:aws-cn:s3:::shop", "arn:aws-cn:s3:::shop/*"]
    parts = [{**part, "Resource": arns} for part in PARTS]
    assert over_http(*parts, name=text("shop"), region=CHINA).status is PASS
    assert over_http(*parts, name=text("shop"), region=EUROPE).status is FAIL
    nowhere = proofs.denies_plain_http(
        read(document({"Version": "2012-10-17", "Statement": parts})), named(text("shop"))
    )
    assert nowhere.status is OPEN
