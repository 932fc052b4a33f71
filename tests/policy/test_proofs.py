"""What one statement shows and what is proven of all of them agree; what the first leaves open the second decides."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.location import NOWHERE
from s3audit.policy import proofs, shapes, witnesses
from s3audit.policy.language import NO_PRINCIPAL, read
from s3audit.policy.questions import Context, tls_only
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Answer
from s3audit.policy.rules import Rule, rules_of
from s3audit.setting import Known, Setting
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict
from tests.policy.documents import document
from tests.profile import examples

ROOT = Path(__file__).parents[2]
PASS, FAIL, OPEN = Status.PASS, Status.FAIL, Status.UNKNOWN
EUROPE = Known(text("eu-west-1"), NOWHERE)
CHINA = Known(text("cn-north-1"), NOWHERE)
HTTP = {"Bool": {"aws:SecureTransport": "false"}}
SHOP = Known(text("shop"), NOWHERE)
Statement = dict[str, Any]
Rules = Sequence[Rule]
Door = Callable[..., Verdict]


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


OUTSIDE = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
INSIDE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
ELSEWHERE = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
FURTHER: list[Statement] = [
    INSIDE,
    OUTSIDE,
    ELSEWHERE,
    {"NotIpAddress": {"aws:SourceIp": []}},
    {"StringLikeIfExists": {"aws:SourceVpce": "*"}},
    {"ForAllValues:StringLike": {"aws:SourceVpce": "*"}},
    {"Null": {"aws:SourceVpce": ["true", "false"]}},
    {"Bool": {"aws:ViaAWSService": ["true", "false"]}},
    {"Bool": {"aws:ViaAWSService": "true"}},
    {"StringNotEquals": {"s3:authType": "nothing"}},
    {"StringLike": {"aws:PrincipalAccount": "*"}},
]
OVER_HTTP: list[Statement] = [
    HTTP,
    HTTP,
    {"BoolIfExists": {"aws:SecureTransport": "false"}},
    {"StringNotEquals": {"aws:SecureTransport": "true"}},
    {"ForAllValues:Bool": {"aws:SecureTransport": ["true", "false"]}},
    {"ForAnyValue:StringLike": {"aws:SecureTransport": "f*"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Null": {"aws:SecureTransport": "true"}},
    {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}},
    {"NumericNotEquals": {"s3:TlsVersion": "1.3"}, "Null": {"s3:TlsVersion": "true"}},
]
NO_MODE = {"Null": {"s3:object-lock-mode": "true"}}
WITHOUT_RETENTION: list[Statement] = [
    NO_MODE,
    NO_MODE,
    {"Null": {"s3:object-lock-retain-until-date": True, "s3:object-lock-mode": True}},
    {"StringNotEquals": {"s3:object-lock-mode": "COMPLIANCE"}},
    {"StringEqualsIfExists": {"s3:object-lock-mode": "GOVERNANCE"}},
    {"ForAllValues:StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}},
    {"ForAnyValue:StringNotEquals": {"s3:object-lock-mode": "COMPLIANCE"}},
    {"Null": {"s3:object-lock-mode": "false"}},
    {"NumericLessThan": {"s3:object-lock-remaining-retention-days": 30}},
    {"NumericLessThanIfExists": {"s3:object-lock-remaining-retention-days": 30}},
    {"DateGreaterThanIfExists": {"s3:object-lock-retain-until-date": "2030-01-01T00:00:00Z"}},
]


def statements(about: list[Statement]) -> st.SearchStrategy[list[Statement]]:
    """Up to three, with conditions about the requests in question, further ones, or none."""
    conditions = st.tuples(one_of(*about, {}), one_of({}, {}, *FURTHER)).map(_merged)
    elements = st.tuples(WHO, WHAT, WHERE).map(_merged)
    effects = one_of("Deny", "Deny", "Deny", "Allow")
    return st.lists(st.builds(_statement, effects, elements, conditions), min_size=1, max_size=3)


def _merged(parts: tuple[Statement, ...]) -> Statement:
    return {name: value for part in parts for name, value in part.items()}


def _statement(effect: str, elements: Statement, condition: Statement) -> Statement:
    return {"Effect": effect, **elements, "Condition": condition}


def element(name: str, *values: Any) -> list[Statement]:
    return [{name: value} for value in values]


WHO = one_of(
    *element("Principal", "*", "*", "*", {"AWS": "*"}, {"AWS": "111122223333"}, {"Service": "*"}),
    *element("NotPrincipal", {"AWS": "111122223333"}),
)
WHAT = one_of(
    *element("Action", "s3:*", "s3:*", "*", "s3:Put*", ["s3:GetObject", "s3:PutObject"], "s3:?utObject"),
    *element("NotAction", "s3:GetObject", "s3:Put*", "kms:*", "s?:*"),
)
WHERE = one_of(
    *element("Resource", *[["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"]] * 3),
    *element("Resource", "arn:aws:s3:::shop", "arn:aws:s3:::shop/*", "arn:aws:s3:::shop*", "*"),
    *element("Resource", "arn:aws:s3:::shop/?*", "arn:aws:s3:::shop/public/*", "arn:aws:s3:::shop/??*"),
    *element("NotResource", "arn:aws:s3:::shop/public/*", "arn:aws:s3:::bank/*", "arn:aws:s3:::shop"),
)


def agreed(found: list[Statement], look: Door, door: Door, proof: Callable[[Rules, Context], Answer]) -> None:
    """A look never says what a proof refutes; and what is asked in the end says what is proven."""
    policy = read(document({"Version": "2012-10-17", "Statement": found}))
    here = rules_of(policy)
    seen, answer = look(policy, SHOP), proof(here, Context(bucket="shop"))
    assert (seen.status, answer.verdict) not in ((PASS, WITNESS), (FAIL, PROVEN))
    asked = door(policy, SHOP, EUROPE)
    if answer.verdict != UNKNOWN:
        assert asked.status is (PASS if answer.verdict == PROVEN else FAIL)
    elif seen.status is OPEN:
        assert asked.status is OPEN


@given(statements(OVER_HTTP))
@settings(max_examples=examples(300))
def test_they_agree_on_plain_http(found: list[Statement]) -> None:
    agreed(found, shapes.denies_plain_http, proofs.denies_plain_http, tls_only)


@given(statements(WITHOUT_RETENTION))
@settings(max_examples=examples(300))
def test_they_agree_on_uploads_without_retention(found: list[Statement]) -> None:
    look, door = shapes.denies_uploads_without_retention, proofs.denies_uploads_without_retention
    agreed(found, look, door, witnesses.WITHOUT_RETENTION.ask)


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
    aside = deny(Action="s3:DeleteBucket", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})
    found = over_http(upper, SHORT, aside, name=text("shop"))
    assert found.status is FAIL
    assert [one.note for one in found.evidence] == [
        "s3:GetObject on arn:aws:s3:::shop/x over plain HTTP by anybody where aws:SourceIp is 10.0.0.0 is not denied",
        "the statement's IpAddress does not hold where aws:SourceIp is 10.0.0.0",
        "the statement's NotIpAddress does not hold where aws:SourceIp is 10.0.0.0",
    ]
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


# What a finding shows


def notes(verdict: Verdict) -> list[str]:
    return [one.note for one in verdict.evidence]


def test_a_request_is_shown_beside_the_gap() -> None:
    objects = deny(Resource="arn:aws:s3:::shop/*")
    assert notes(over_http(objects, name=text("shop"))) == [
        "s3:ListBucket on arn:aws:s3:::shop over plain HTTP by anybody is not denied",
        "the statement's Resource does not cover the bucket itself",
    ]
    endpoint = deny(Condition=either({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}))
    assert notes(over_http(endpoint, name=text("shop"))) == [
        "s3:GetObject on arn:aws:s3:::shop/x over plain HTTP by anybody where aws:SourceVpce is vpce-1 is not denied",
        "the statement's condition on aws:SourceVpce narrows it",
    ]
    inside = deny(Condition=either({"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    assert notes(over_http(inside, name=text("shop")))[0] == (
        "s3:GetObject on arn:aws:s3:::shop/x over plain HTTP by anybody"
        " where aws:SourceVpce is vpce-0aa11bb22cc33dd44 is not denied"
    )


def test_who_gets_through_is_named() -> None:
    user = "arn:aws:iam::111122223333:user/ann"
    spared = deny(Condition=either({"ArnNotEquals": {"aws:PrincipalArn": user}}))
    assert notes(over_http(spared, name=text("shop")))[0] == (
        f"s3:GetObject on arn:aws:s3:::shop/x over plain HTTP by {user} is not denied"
    )


def test_a_policy_without_a_deny_needs_no_proof() -> None:
    reads = deny(Effect="Allow", Condition={})
    china = Known(text("cn-north-1"), NOWHERE)
    assert notes(over_http(reads, name=text("shop-", Opaque("Env")), region=china)) == [
        "no statement denies plain HTTP",
        "s3:GetObject on arn:aws-cn:s3:::shop-${Env}/x over plain HTTP by anybody is not denied",
    ]


def test_an_upload_is_shown_where_a_statement_is_about_retention() -> None:
    def asked(*statements: Statement) -> list[str]:
        policy = read(document({"Version": "2012-10-17", "Statement": list(statements)}))
        return notes(proofs.denies_uploads_without_retention(policy, SHOP))

    prefix = deny(Condition=NO_MODE, Resource="arn:aws:s3:::shop/invoices/*")
    assert asked(prefix) == [
        "s3:PutObject on arn:aws:s3:::shop/x without retention by anybody is not denied",
        "the statement's Resource does not cover all objects",
    ]
    assert asked(deny()) == []


def test_a_policy_that_is_right_is_judged_without_the_reasoner() -> None:
    program = (
        "import sys, json; from s3audit.policy import proofs; from s3audit.policy.language import read\n"
        "from tests.policy.documents import document; from s3audit.setting import Known\n"
        "from s3audit.text import text; from s3audit.location import NOWHERE\n"
        "policy, shop = read(document(json.loads(sys.argv[1]))), Known(text('shop'), NOWHERE)\n"
        "print(proofs.denies_plain_http(policy, shop).status.value)\n"
        "print(*(name for name in sys.modules if name in ('s3audit.policy.reason', 's3audit.policy.rules')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps({"Statement": [deny(), deny(Effect="Allow")]})],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["pass"]


def test_a_deny_that_names_nobody_denies_nothing_surely() -> None:
    nobodys = deny(Principal=None)
    alone = proofs.denies_plain_http(read(document({"Statement": [nobodys]})), SHOP, EUROPE)
    assert (alone.status, [one.note for one in alone.evidence]) == (FAIL, ["the statement has no Principal"])
    for them in ([deny(), nobodys], [deny(), {**deny(Principal=None), "Effect": "Allow"}]):
        policy = read(document({"Version": "2012-10-17", "Statement": them}))
        found = proofs.denies_plain_http(policy, SHOP, EUROPE)
        assert found.status is OPEN
        assert [one.note for one in found.evidence] == [
            f"whether the bucket can have this policy is not known: {NO_PRINCIPAL}"
        ]
    policy = read(document({"Version": "2012-10-17", "Statement": [deny()]}))
    assert proofs.denies_plain_http(policy, SHOP, EUROPE).status is PASS


def test_the_account_that_stands_in_is_not_shown() -> None:
    own = {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}
    policy = read(
        document(
            {
                "Version": "2012-10-17",
                "Statement": [
                    deny(Condition={**HTTP, "StringNotEquals": own["StringEquals"]}),
                    deny(Condition={**HTTP, "Null": {"aws:PrincipalArn": "true"}}),
                ],
            }
        )
    )
    found = proofs.denies_plain_http(policy, SHOP, EUROPE)
    said = " ".join(one.note for one in found.evidence)
    assert "by a user of the bucket's own account" in said
    assert "314159265358" not in said
    assert "stranger" not in said
