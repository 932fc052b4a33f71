"""Requests that there are not let nobody in; beside each, one that there is."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.policy.actions import ACTIONS, is_future
from s3audit.policy.evaluate import ALLOWED, NEITHER, evaluate
from s3audit.policy.questions import Context
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.request import Caller, Request
from tests.policy import oracle, small
from tests.policy.asking import QUESTIONS, ask, plain, rules, statements
from tests.policy.claims import CONTEXT, SSE, SSE_C, SSE_KEY
from tests.policy.small import BUCKET, FRIEND
from tests.profile import examples

ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [BUCKET, f"{BUCKET}/*"],
}
NOBODY = {"StringEquals": {"aws:PrincipalType": "Anonymous"}}
SIGNED = {"StringEquals": {"aws:PrincipalType": "User"}}
SERVICE = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
PEOPLE = {"Bool": {"aws:PrincipalIsAWSService": "false"}}


def there(*names: str) -> dict[str, Any]:
    return {"Null": dict.fromkeys(names, "false")}


def absent(*names: str) -> dict[str, Any]:
    return {"Null": dict.fromkeys(names, "true")}


def mixed(here: str, missing: str) -> dict[str, Any]:
    return {"Null": {here: "false", missing: "true"}}


VPC, VPCE, ADDRESS, INSIDE = "aws:SourceVpc", "aws:SourceVpce", "aws:SourceIp", "aws:VpcSourceIp"
VPC_ARN = "aws:SourceVpcArn"
TLS, VERSION = "aws:SecureTransport", "s3:TlsVersion"
HTTP, HTTPS = {"Bool": {TLS: "false"}}, {"Bool": {TLS: "true"}}
READS, LISTS, WRITES = "s3:GetObject", "s3:ListBucket", "s3:PutObject"
PAIRS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    # What there is not, and what there is.
    ({"Action": READS, "Resource": BUCKET}, {"Action": READS}),
    ({"Action": LISTS, "Resource": f"{BUCKET}/*"}, {"Action": LISTS}),
    *(
        ({"Condition": {**there(key), **PEOPLE}}, {"Condition": PEOPLE})
        for key in ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths")
    ),
    *(
        ({"Condition": {**there(key), **NOBODY}}, {"Condition": {**there(key), **SIGNED}})
        for key in ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "s3:authType", "s3:signatureAge")
    ),
    *(
        ({"Condition": {**there(key), **NOBODY}}, {"Condition": {**there(key), **SIGNED}})
        for key in ("s3:signatureversion", "aws:MultiFactorAuthPresent", "aws:TokenIssueTime")
    ),
    *(
        ({"Condition": {**there(key), **NOBODY}}, {"Condition": {**there(key), **SIGNED}})
        for key in ("aws:PrincipalTag/team", "aws:SourceIdentity", "aws:FederatedProvider", "aws:CalledVia")
    ),
    *(
        ({"Condition": {**there(key), **SERVICE}}, {"Condition": {**there(key), **PEOPLE}})
        for key in ("aws:PrincipalTag/team", "aws:SourceIdentity", "aws:FederatedProvider", "aws:PrincipalOrgID")
    ),
    (
        {"Condition": {"Bool": {"aws:ViaAWSService": "true"}, **NOBODY}},
        {"Condition": {"Bool": {"aws:ViaAWSService": "true"}, **SIGNED}},
    ),
    (
        {"Condition": {"StringNotEquals": {"aws:userid": "anonymous"}, **there("aws:userid"), **NOBODY}},
        {"Condition": {"StringNotEquals": {"aws:userid": "anonymous"}, **there("aws:userid"), **SIGNED}},
    ),
    (
        {"Condition": {"StringEquals": {"aws:userid": "anonymous", "aws:PrincipalType": "User"}}},
        {"Condition": {**there("aws:userid"), **NOBODY}},
    ),
    *(
        ({"Condition": there(key), "Action": READS}, {"Condition": there(key), "Action": WRITES})
        for key in (SSE, SSE_KEY, SSE_C)
    ),
    ({"Condition": there(SSE), "Action": "s3:DeleteObject"}, {"Condition": there(SSE), "Action": "s3:ReplicateObject"}),
    *(
        ({"Condition": there(key), "Action": READS}, {"Condition": there(key), "Action": "s3:ListBucketVersions"})
        for key in ("s3:prefix", "s3:delimiter", "s3:max-keys")
    ),
    ({"Condition": mixed(VPC, VPCE)}, {"Condition": there(VPC, VPCE)}),
    ({"Condition": mixed(VPCE, VPC)}, {"Condition": absent(VPCE, VPC)}),
    ({"Condition": mixed(VPCE, INSIDE)}, {"Condition": there(VPCE, INSIDE)}),
    ({"Condition": mixed(VPCE, VPC_ARN)}, {"Condition": there(VPCE, VPC_ARN)}),
    ({"Condition": there(VPC_ARN, ADDRESS)}, {"Condition": mixed(VPC_ARN, ADDRESS)}),
    ({"Condition": there(VPC, ADDRESS)}, {"Condition": mixed(VPC, ADDRESS)}),
    ({"Condition": {**absent(VPCE, ADDRESS), **PEOPLE}}, {"Condition": mixed(ADDRESS, VPCE)}),
    ({"Condition": {**there(VERSION), **HTTP}}, {"Condition": {**there(VERSION), **HTTPS}}),
    ({"Condition": {**absent(VERSION), **HTTPS}}, {"Condition": {**absent(VERSION), **HTTP}}),
    (
        {"Condition": {**there(SSE_KEY), "StringEquals": {SSE: "AES256"}}},
        {"Condition": {**there(SSE_KEY), "StringEquals": {SSE: "aws:kms:dsse"}}},
    ),
    ({"Condition": mixed(SSE_KEY, SSE)}, {"Condition": mixed(SSE, SSE_KEY)}),
    ({"Condition": there(SSE_C, SSE)}, {"Condition": mixed(SSE_C, SSE)}),
    ({"Condition": there(SSE_C, SSE_KEY)}, {"Condition": mixed(SSE_C, SSE_KEY)}),
    *(
        ({"Condition": absent(key)}, {"Condition": there(key)})
        for key in (TLS, "aws:ViaAWSService", "aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("never", "sometimes"), PAIRS, ids=str)
def test_what_there_is_not_lets_nobody_in(never: dict[str, Any], sometimes: dict[str, Any]) -> None:
    assert ask("Q1", statements({**ALLOW, **never})).verdict == PROVEN
    answer = ask("Q1", statements({**ALLOW, **sometimes}))
    assert answer.verdict == WITNESS
    assert answer.request is not None
    assert can_be(plain(answer.request))


def test_a_service_is_no_member_and_may_have_no_address() -> None:
    def reads(condition: dict[str, Any]) -> str:
        return ask("Q3", statements({**ALLOW, "Condition": {**SERVICE, **condition}})).verdict

    assert reads(there("aws:PrincipalOrgID")) == PROVEN
    assert reads(there("aws:SourceArn")) == WITNESS
    assert reads(absent(VPCE, ADDRESS)) == WITNESS


# What a witness carries could be seen


def can_be(ask: oracle.Ask) -> bool:
    """Whether such a request may come, as far as the keys say that it has."""
    held, kind, action = set(ask["ctx"]), ask["kind"], ask["action"]
    is_future = action.endswith("OfTheFuture")
    for_objects = ask["resource"] != BUCKET
    uploads = action in ("s3:PutObject", "s3:ReplicateObject") or is_future
    header = ask["ctx"].get(SSE, "")
    through = held & {"aws:sourcevpc", "aws:sourcevpce"}
    return all(
        (
            is_future or for_objects == (action in _OF_OBJECTS),
            kind == "service" or not held & {"aws:sourcearn", "aws:sourceaccount"},
            kind not in ("anonymous", "service") or "aws:principalorgid" not in held,
            kind != "anonymous" or not held & {"s3:authtype", "s3:signatureage", "s3:signatureversion"},
            uploads or not held & {SSE, SSE_KEY, SSE_C},
            action.startswith("s3:ListBucket") or is_future or not held & {"s3:prefix", "s3:max-keys"},
            not (through and "aws:sourceip" in held),
            "s3:tlsversion" not in held or ask["ctx"]["aws:securetransport"] == "true",
            SSE_KEY not in held or header.startswith("aws:kms"),
            not {SSE, SSE_C} <= held,
        )
    )


_OF_OBJECTS = {one for one in small.OF_OBJECTS if one != "s3:Future"}
_OF_OBJECTS |= {
    f"s3:{verb}Object{rest}" for verb in ("Get", "Put", "Delete") for rest in ("Tagging", "Version")
}


@given(st.integers(0, 2**48))
@settings(max_examples=examples(60))
def test_a_witness_could_be_seen(seed: int) -> None:
    policy = small.policy(Random(seed))
    # Of these actions it is known here what they are for.
    for one in policy["Statement"]:
        one.pop("NotAction", None)
        one["Action"] = small.some(
            Random(seed), ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"]
        )
    for question in ("Q1", "Q3", "Q6"):
        answer = QUESTIONS[question](rules(policy), Context(**CONTEXT))
        if answer.verdict == WITNESS:
            assert answer.request is not None
            assert can_be(plain(answer.request)), (question, answer.request, policy)


# Values: none, an empty one, one of a set


@pytest.mark.parametrize("key", ["aws:referer", "aws:PrincipalTag/team", "s3:x-amz-acl"])
def test_an_empty_value_is_one(key: str) -> None:
    for condition in (
        {"StringEquals": {key: ""}},
        {"StringLike": {key: ""}},
        {"StringLike": {key: "*"}, "StringNotLike": {key: "?*"}},
        {**there(key), "StringNotLike": {key: "?*"}},
        {
            "StringEqualsIgnoreCase": {key: ["", "a"]},
            "StringNotEquals": {key: "a"},
            "StringNotLike": {key: "A"},
        },
    ):
        answer = ask("Q1", statements({**ALLOW, "Condition": condition}))
        assert answer.verdict == WITNESS
        assert answer.request is not None
        assert answer.request.held(key.lower()) == ""
    whole = {"StringLike": {key: "*"}, "StringNotLike": {key: ["?*", ""]}}
    assert ask("Q1", statements({**ALLOW, "Condition": whole})).verdict == PROVEN


def test_an_empty_key_is_no_object() -> None:
    assert ask("Q1", statements({**ALLOW, "Resource": f"{BUCKET}/"})).verdict == PROVEN
    shut = {**ALLOW, "Effect": "Deny", "Resource": [BUCKET, f"{BUCKET}/?*"]}
    assert ask("Q1", statements(ALLOW, shut)).verdict == PROVEN


@pytest.mark.parametrize("key", ["aws:referer", "aws:PrincipalTag/team", "s3:prefix"])
def test_a_key_with_one_value_has_not_two(key: str) -> None:
    both = {"ForAnyValue:StringEquals": {key: "a"}, "ForAnyValue:StringLike": {key: "b*"}}
    assert ask("Q1", statements({**ALLOW, "Condition": both})).verdict == PROVEN
    assert ask("Q1", statements({**ALLOW, "Condition": _of_tag_keys(both, key)})).verdict == WITNESS


def _of_tag_keys(condition: dict[str, Any], key: str) -> dict[str, Any]:
    return {operator: {"aws:TagKeys": tests[key]} for operator, tests in condition.items()}


@pytest.mark.parametrize("key", ["aws:referer", "aws:TagKeys", "aws:unheardOf"])
@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        # Of one value any is that value, and so are all.
        ({"ForAnyValue:StringEquals": "ab", "ForAllValues:StringEquals": "ab"}, WITNESS),
        ({"ForAnyValue:StringEquals": "ab", "ForAllValues:StringEquals": "a"}, PROVEN),
        ({"ForAnyValue:StringLike": "a*", "ForAllValues:StringNotEquals": "ab"}, WITNESS),
        ({"ForAnyValue:StringEquals": "ab", "ForAllValues:StringNotEquals": "ab"}, PROVEN),
        ({"ForAnyValue:StringNotLike": "*", "Null": "false"}, PROVEN),
        ({"ForAllValues:StringNotLike": "*", "Null": "false"}, PROVEN),
        ({"ForAllValues:StringNotLike": "*"}, WITNESS),
        ({"ForAnyValue:StringNotLike": "*"}, PROVEN),
        ({"ForAnyValue:StringLike": "*", "Null": "true"}, PROVEN),
        ({"ForAllValues:StringLike": "x", "Null": "true"}, WITNESS),
        ({"ForAnyValue:StringEqualsIfExists": "x", "Null": "true"}, WITNESS),
        ({"ForAllValues:StringEqualsIfExists": "ab", "Null": "false"}, WITNESS),
    ],
    ids=str,
)
def test_sets_of_one_value(key: str, condition: dict[str, str], verdict: str) -> None:
    named = {operator: {key: value} for operator, value in condition.items()}
    assert ask("Q1", statements({**ALLOW, "Condition": named})).verdict == verdict


# Sessions


def test_a_session_has_the_name_of_its_role_alone() -> None:
    role = f"arn:aws:iam::{FRIEND}:role/jobs/nightly/etl"
    session = f"arn:aws:sts::{FRIEND}:assumed-role/etl/s"
    by_role = ask("Q6", statements({**ALLOW, "Principal": {"AWS": role}}))
    assert by_role.request is not None
    assert by_role.request.caller.arn == role
    assert by_role.request.caller.session.startswith(f"arn:aws:sts::{FRIEND}:assumed-role/etl/")
    by_session = ask("Q6", statements({**ALLOW, "Principal": {"AWS": session}}))
    assert by_session.request is not None
    assert (by_session.request.caller.session, str(by_session.request.caller)) == (session, session)
    # A condition on aws:PrincipalArn sees the role.
    arn = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{FRIEND}:role/etl"}}
    assert (
        ask("Q6", statements({**ALLOW, "Principal": {"AWS": session}, "Condition": arn})).verdict == WITNESS
    )
    arn = {"ArnEquals": {"aws:PrincipalArn": session}}
    assert ask("Q6", statements({**ALLOW, "Principal": {"AWS": session}, "Condition": arn})).verdict == PROVEN


@pytest.mark.parametrize("taken", [("session",), ("session", "session-2", "s"), ("stranger",)])
def test_all_sessions_but_some_are_left(taken: tuple[str, ...]) -> None:
    start = f"arn:aws:sts::{FRIEND}:assumed-role/etl"
    shut = {**ALLOW, "Effect": "Deny", "Principal": {"AWS": [f"{start}/{one}" for one in taken]}}
    role = {**ALLOW, "Principal": {"AWS": f"arn:aws:iam::{FRIEND}:role/etl"}}
    for allowed in (role, {**ALLOW, "Principal": {"AWS": FRIEND}, "Condition": _ROLES}):
        answer = ask("Q6", statements(allowed, shut))
        assert answer.request is not None
        assert answer.request.caller.session not in ("", *(f"{start}/{one}" for one in taken))
    # Those that are named are told apart from each other.
    only = {**ALLOW, "Principal": {"AWS": [f"{start}/{one}" for one in (*taken, "left")]}}
    answer = ask("Q6", statements(only, shut))
    assert answer.request is not None
    assert answer.request.caller.session == f"{start}/left"


_ROLES = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{FRIEND}:role/*"}}


@pytest.mark.parametrize("key", [SSE, SSE_C, "s3:prefix", "s3:max-keys"])
def test_what_actions_to_come_carry_nobody_knows(key: str) -> None:
    # Neither is it told by what they are called.
    today = {**ALLOW, "Effect": "Deny", "Action": [*(one.name for one in ACTIONS), "s3:List*", "s3:Put*"]}
    answer = ask("Q1", statements({**ALLOW, "Condition": there(key)}, today))
    assert answer.verdict == WITNESS
    assert answer.request is not None
    assert is_future(answer.request.action)


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_a_set_of_nothing_is_as_good_as_absent(operator: str, met: bool) -> None:
    policy = rules(statements({**ALLOW, "Condition": {operator: {"aws:TagKeys": "a"}}}))
    for held in ({}, {"aws:tagkeys": frozenset[str]()}):
        request = Request(Caller(), "s3:GetObject", f"{BUCKET}/a", held)
        assert evaluate(policy, request).effect == (ALLOWED if met else NEITHER)


def test_whom_a_deny_spares_is_looked_at() -> None:
    user = f"arn:aws:iam::{FRIEND}:user/ann"
    spared = {**ALLOW, "Effect": "Deny", "NotPrincipal": {"AWS": [FRIEND, user]}}
    del spared["Principal"]
    answer = ask("Q2", statements(spared))
    assert answer.verdict == WITNESS
    assert answer.request is not None
    assert answer.request.caller.arn in (user, f"arn:aws:iam::{FRIEND}:root")
    root = {
        **ALLOW,
        "Effect": "Deny",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{FRIEND}:root"}},
    }
    answer = ask("Q2", statements(spared, root))
    assert answer.request is not None
    assert answer.request.caller.arn == user


@pytest.mark.parametrize(
    "ranges",
    [
        ["128.0.0.0/1", "::/0"],
        ["0.0.0.0/1", "::/0"],
        ["0.0.0.0/0", "2000::/3", "4000::/2", "8000::/1"],
        ["0.0.0.0/0", "::/1", "8000::/2"],
        ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/4", "::/0"],
    ],
    ids=str,
)
def test_the_addresses_that_ranges_leave_are_found(ranges: list[str]) -> None:
    left = {**there(ADDRESS), "NotIpAddress": {ADDRESS: ranges}}
    answer = ask("Q1", statements({**ALLOW, "Condition": left}))
    assert answer.verdict == WITNESS
    assert answer.request is not None
    address = str(answer.request.held(ADDRESS.lower()))
    assert not any(oracle.compare("ipaddress", one, address) for one in ranges)
    none = {**there(ADDRESS), "NotIpAddress": {ADDRESS: ["0.0.0.0/0", "::/0"]}}
    assert ask("Q1", statements({**ALLOW, "Condition": none})).verdict == PROVEN
