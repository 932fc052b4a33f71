"""Which services a policy lets in, at a look and after a proof."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.location import NOWHERE
from s3audit.policy import proofs, services, witnesses
from s3audit.policy.language import Policy, read
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict, unknown
from tests.policy.documents import document
from tests.profile import examples

PASS, FAIL, OPEN = Status.PASS, Status.FAIL, Status.UNKNOWN
GAP = Unknown("it is told elsewhere", NOWHERE)
LOGGING = "logging.s3.amazonaws.com"
ACCOUNT = text("111122223333")
NAME = Known(text("logs"), NOWHERE)
EUROPE = Known(text("eu-west-1"), NOWHERE)
OWN = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
OTHER = {"StringEquals": {"aws:SourceAccount": "444455556666"}}
FROM = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::orders"}}
TLS = {"Bool": {"aws:SecureTransport": "true"}}
HTTP = {"Bool": {"aws:SecureTransport": "false"}}
Statement = dict[str, Any]
WRITES: Statement = {
    "Effect": "Allow",
    "Principal": {"Service": LOGGING},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::logs/*",
}
SHUT: Statement = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
}


def policy(*statements: object) -> Policy:
    return read(document({"Version": "2012-10-17", "Statement": list(statements)}))


# Into a bucket


def let_in(*statements: object, name: Setting[Text] = NAME) -> tuple[Status, Status]:
    """At a look, and in the end."""
    asked = policy(*statements)
    shape = services.admits_service(asked, LOGGING, "s3:PutObject", name, NOT_COLLECTED)
    return shape.status, proofs.admits_service(asked, LOGGING, "s3:PutObject", name).status


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Action": "s3:*"},
        {"Condition": OWN | FROM},
        {"Condition": {"StringEquals": {"s3:x-amz-acl": "log-delivery-write"}}},
        {"Principal": {"Service": ["a.amazonaws.com", LOGGING]}},
        {"Resource": "*"},
        {"Resource": "arn:aws:s3:::lo*/from/orders/*"},
        {"Resource": ["arn:aws:s3:::bank/*", "arn:aws:s3:::logs/a"]},
    ],
    ids=str,
)
def test_a_service_is_let_in(changed: Statement) -> None:
    assert let_in(WRITES | changed) == (PASS, PASS)
    assert let_in(WRITES | changed, SHUT | {"Condition": HTTP}) == (PASS, PASS)


@pytest.mark.parametrize(
    "statement",
    [
        WRITES | {"Principal": "*"},
        WRITES | {"Principal": {"AWS": LOGGING}},
        WRITES | {"Principal": {"Service": "delivery.logs.amazonaws.com"}},
        WRITES | {"Effect": "Deny"},
        WRITES | {"Action": "s3:GetObject"},
    ],
    ids=str,
)
def test_it_is_not_where_nothing_says_so(statement: Statement) -> None:
    assert let_in(statement) == (FAIL, FAIL)


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        ([WRITES | {"Condition": {"NumericLessThan": {"s3:signatureAge": "5"}}}], PASS),
        ([WRITES | {"Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::a", "x"]}} | OWN}], PASS),
        ([WRITES | {"Condition": OWN | {"StringLike": {"aws:SourceAccount": "4*"}}}], FAIL),
        ([WRITES, SHUT | {"Condition": TLS}], PASS),
        ([WRITES | {"Condition": TLS}, SHUT | {"Condition": TLS}], FAIL),
        ([WRITES, SHUT], FAIL),
        ([WRITES, SHUT | {"Condition": {"StringNotEquals": OWN["StringEquals"]}}], PASS),
        ([WRITES | {"Condition": OTHER}, SHUT | {"Condition": {"StringNotEquals": OWN["StringEquals"]}}], FAIL),
        ([WRITES | {"Resource": "arn:aws:s3:::logs"}], FAIL),
        ([WRITES | {"Resource": "arn:aws:s3:::logs/"}], FAIL),
        ([WRITES | {"Resource": "arn:aws:s3:::bank/*"}], FAIL),
        ([WRITES | {"Resource": "arn:aws:s3:::logs/${aws:username}"}], OPEN),
        ([WRITES | {"Resource": text("arn:aws:s3:::", Opaque("Prefix"), "/*")}], OPEN),
        ([WRITES | {"Principal": GAP}], OPEN),
        ([WRITES | {"Principal": GAP}, WRITES], PASS),
        ([GAP, SHUT], FAIL),
        ([WRITES, GAP], OPEN),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_look_leaves_open_is_proven(statements: list[object], status: Status) -> None:
    assert let_in(*statements)[1] is status


def test_a_look_does_not_take_anything_for_an_arn() -> None:
    assert let_in(WRITES | {"Condition": {"ArnLike": {"aws:SourceArn": "orders"}}}) == (OPEN, OPEN)


def test_the_partition_is_that_of_the_region() -> None:
    china = policy(WRITES | {"Resource": "arn:aws-cn:s3:::logs/*"})
    asked = proofs.admits_service(china, LOGGING, "s3:PutObject", NAME, EUROPE)
    assert asked.status is FAIL
    assert proofs.admits_service(china, LOGGING, "s3:PutObject", NAME).status is OPEN


def test_a_bucket_without_a_known_name() -> None:
    assert let_in(WRITES, name=GAP) == (OPEN, OPEN)
    assert let_in(WRITES | {"Resource": "*"}, name=GAP) == (PASS, PASS)


def test_the_statement_that_lets_it_in_is_shown() -> None:
    conditions = WRITES | {"Condition": {"NumericLessThan": {"s3:signatureAge": "5"}}}
    for statement in (WRITES, conditions):
        found = proofs.admits_service(policy(statement), LOGGING, "s3:PutObject", NAME)
        assert [one.note for one in found.evidence] == [f"the policy allows s3:PutObject to {LOGGING}"]


# To a key


ALLOW: Statement = {
    "Effect": "Allow",
    "Principal": {"Service": LOGGING},
    "Action": "kms:*",
    "Resource": "*",
}
ANYONE = ALLOW | {"Principal": "*"}
DENY = ALLOW | {"Effect": "Deny"}


def surely(*statements: object, account: Setting[Text] = Known(ACCOUNT, NOWHERE)) -> Verdict:  # noqa: B008
    return proofs.surely_admits_service(policy(*statements), LOGGING, "kms:Decrypt", account)


@pytest.mark.parametrize(
    "statements",
    [
        [ALLOW],
        [ANYONE],
        [ALLOW | {"Condition": OWN}],
        [ANYONE | {"Condition": OWN}],
        [ALLOW | {"Condition": OWN | TLS}],
        [ALLOW | {"Condition": FROM}, ALLOW | {"Condition": {"ArnNotLike": FROM["ArnLike"]}}],
        [ALLOW, DENY | {"Action": "kms:Encrypt"}],
        [ALLOW, DENY | {"Principal": {"AWS": "111122223333"}}],
        [ALLOW, DENY | {"Condition": OTHER}],
        [ALLOW, DENY | {"Condition": HTTP}],
    ],
    ids=str,
)
def test_a_service_is_surely_let_in(statements: list[object]) -> None:
    assert surely(*statements).status is PASS


def test_it_is_where_only_others_are_spared() -> None:
    spared = {name: value for name, value in ALLOW.items() if name != "Principal"}
    assert surely(spared | {"NotPrincipal": {"AWS": "111122223333"}}).status is PASS


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ([], "does not allow kms:Decrypt to"),
        ([ALLOW | {"Principal": {"AWS": "111122223333"}}], "does not allow kms:Decrypt to"),
        ([ALLOW | {"Condition": OTHER}], "does not allow kms:Decrypt to"),
        ([ALLOW | {"Condition": {"StringNotEquals": OWN["StringEquals"]}}], "does not allow kms:Decrypt to"),
        ([ANYONE, DENY], "denies kms:Decrypt to"),
        ([ALLOW, ANYONE | {"Effect": "Deny"}], "denies kms:Decrypt to"),
        ([ALLOW, DENY | {"Condition": OWN}], "denies kms:Decrypt to"),
    ],
    ids=str,
)
def test_it_is_not(statements: list[object], why: str) -> None:
    found = surely(*statements)
    assert found.status is FAIL
    assert [one.note for one in found.evidence] == [f"the policy of the key {why} {LOGGING}"]


def test_what_is_refused_is_told() -> None:
    found = surely(ALLOW | {"Condition": FROM})
    assert found.status is FAIL
    [note] = [one.note for one in found.evidence]
    start = f"the policy of the key does not allow kms:Decrypt to {LOGGING} where aws:SourceArn is "
    assert note.startswith(start)
    assert note != f"{start}arn:aws:s3:::orders"


@pytest.mark.parametrize(
    "statements",
    [
        [ALLOW, ALLOW | {"Effect": GAP}],
        [ALLOW, GAP],
        [ALLOW | {"Principal": GAP}],
        [ALLOW | {"Resource": "arn:aws:kms:eu-west-1:111122223333:key/1"}],
        [ALLOW, DENY | {"Resource": "arn:aws:kms:eu-west-1:111122223333:key/1"}],
    ],
    ids=str,
)
def test_what_is_not_known_stays_open(statements: list[object]) -> None:
    assert surely(*statements).status is OPEN


def test_the_account_may_be_any() -> None:
    own = text(Opaque("AWS::AccountId"))
    told = {"StringEquals": {"aws:SourceAccount": own}}
    for account in (Known(own, NOWHERE), Known(text(Opaque("Account")), NOWHERE), GAP):
        assert surely(ALLOW, account=account).status is PASS
        # It may be the very account that is written.
        assert surely(ALLOW | {"Condition": OWN}, account=account).status is OPEN
        assert surely(ALLOW, DENY | {"Condition": OTHER}, account=account).status is OPEN
    assert surely(ALLOW | {"Condition": told | TLS}, account=Known(own, NOWHERE)).status is PASS
    assert surely(ALLOW | {"Condition": told | TLS}, account=GAP).status is OPEN
    assert surely(ALLOW, DENY | {"Condition": told | TLS}, account=Known(own, NOWHERE)).status is FAIL


# A look is right


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


CONDITIONS = one_of(
    {},
    {},
    OWN,
    OTHER,
    FROM,
    OWN | FROM,
    TLS,
    HTTP,
    {"StringNotEquals": OWN["StringEquals"]},
    {"ArnNotLike": FROM["ArnLike"]},
    OWN | {"StringLike": {"aws:SourceAccount": "4*"}},
    {"Null": {"aws:SourceAccount": "true"}},
    {"BoolIfExists": {"aws:SecureTransport": ["true", "false"]}},
    {"StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}},
)
WHO = one_of(
    *[{"Principal": {"Service": LOGGING}}] * 4,
    {"Principal": "*"},
    {"Principal": {"AWS": "*"}},
    {"Principal": {"Service": "*"}},
    {"Principal": {"Service": [LOGGING, "cloudfront.amazonaws.com"]}},
    {"Principal": {"AWS": "111122223333"}},
    {"NotPrincipal": {"Service": LOGGING}},
    {"NotPrincipal": {"AWS": "111122223333"}},
)
EFFECT = one_of({"Effect": "Allow"}, {"Effect": "Allow"}, {"Effect": "Deny"})


def statements_of(what: st.SearchStrategy[Any], where: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def joined(parts: tuple[Any, ...]) -> Statement:
        *whole, condition = parts
        return {name: value for part in whole for name, value in part.items()} | {"Condition": condition}

    return st.lists(st.tuples(EFFECT, WHO, what, where, CONDITIONS).map(joined), min_size=1, max_size=3)


INTO_BUCKETS = statements_of(
    one_of(
        *({"Action": one} for one in ("s3:PutObject", "s3:*", "*")),
        *({"NotAction": one} for one in ("s3:Get*", "s3:Put*")),
    ),
    one_of(
        *[{"Resource": "arn:aws:s3:::logs/*"}] * 3,
        {"Resource": "arn:aws:s3:::logs/from/*"},
        {"Resource": "arn:aws:s3:::logs"},
        {"Resource": "arn:aws:s3:::l*"},
        {"Resource": "arn:aws:s3:::bank/*"},
        {"NotResource": "arn:aws:s3:::logs/from/*"},
        {"NotResource": "arn:aws:s3:::*"},
    ),
)  # fmt: skip
TO_KEYS = statements_of(
    one_of({"Action": "kms:Decrypt"}, {"Action": "kms:*"}, {"Action": "kms:Encrypt"}, {"NotAction": "kms:De*"}),
    one_of({"Resource": "*"}, {"Resource": ["*", "arn:aws:kms:::key/x"]}),
)  # fmt: skip


@given(INTO_BUCKETS)
@settings(max_examples=examples(200))
def test_a_look_into_a_bucket_is_right(statements: list[Statement]) -> None:
    asked = policy(*statements)
    look = services.admits_service(asked, LOGGING, "s3:PutObject", NAME, EUROPE).status
    proof = witnesses.admitted(unknown(NOWHERE, "open"), asked, LOGGING, "s3:PutObject", NAME, EUROPE).status
    assert look in (OPEN, proof)


@given(TO_KEYS)
@settings(max_examples=examples(200))
def test_a_look_at_a_key_is_right(statements: list[Statement]) -> None:
    asked, account = policy(*statements), Known(ACCOUNT, NOWHERE)
    look = services.surely_admits_service(asked, LOGGING, "kms:Decrypt", account).status
    proof = witnesses.surely_admitted(unknown(NOWHERE, "open"), asked, LOGGING, "kms:Decrypt", account).status
    assert look in (OPEN, proof)
