"""What must be found, what must be left open, and what must not take long."""

import time
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.location import NOWHERE
from s3audit.policy.questions import Context
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Answer, Policies
from s3audit.policy.rules import Rule
from s3audit.policy.space import Extent
from s3audit.setting import Unknown
from s3audit.text import Opaque, Text, text
from tests.policy import oracle, small
from tests.policy.asking import QUESTIONS, ask, plain, rules, statements
from tests.policy.claims import CLAIMS, CONTEXT
from tests.policy.small import BUCKET, FRIEND, NOBODY, OTHER, OWNER
from tests.profile import examples

EVERYTHING = {"Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"]}
OVER_HTTP = {"Bool": {"aws:SecureTransport": "false"}}
_ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": f"{BUCKET}/*",
}


def allow(**condition: Any) -> dict[str, Any]:
    return {**_ALLOW, "Condition": condition}


def deny(**condition: Any) -> dict[str, Any]:
    return {"Effect": "Deny", **EVERYTHING, "Condition": condition}


# As few statements as decide say the same as all of them


@given(st.integers(0, 2**48))
@settings(max_examples=examples(40))
def test_slices_say_the_same(seed: int) -> None:
    compare_slices(seed)


def compare_slices(seed: int) -> None:
    policy = small.policy(Random(seed))
    one, other = (
        Policies(rules(policy), Extent(bucket=BUCKET, owner=OWNER), eager=eager) for eager in (False, True)
    )
    assert alike(one.not_denied(lambda _: [{}]).verdict, other.not_denied(lambda _: [{}]).verdict), policy
    for kind in ("anonymous", "aws", "service"):
        assert alike(granted_to(kind, one), granted_to(kind, other)), (kind, policy)


def test_a_session_is_of_the_role_of_its_name_that_is_named_whatever_patterns_there_are() -> None:
    start = f"arn:aws:iam::{OTHER}:role/"
    session = {**_ALLOW, "Principal": {"AWS": f"arn:aws:sts::{OTHER}:assumed-role/etl/s"}}
    wild = {**deny(ArnLike={"aws:PrincipalArn": f"{start}*"}), "Principal": {"Service": "s3.amazonaws.com"}}

    def asked(*statements: dict[str, Any], eager: bool) -> str:
        policies = Policies(
            rules({"Version": "2012-10-17", "Statement": [*statements]}),
            Extent(bucket=BUCKET, owner=OWNER),
            eager=eager,
        )
        return granted_to("aws", policies)

    for eager in (False, True):
        for role, verdict in (("etl", PROVEN), ("batch/etl", PROVEN), ("batch/other", WITNESS)):
            named = {"Effect": "Deny", **EVERYTHING, "Principal": {"AWS": f"{start}{role}"}}
            assert asked(session, wild, named, eager=eager) == verdict
            assert asked(session, named, eager=eager) == verdict


def alike(one: str, other: str) -> bool:
    """Where values are not told apart, one part of a policy may show what all of it leaves open."""
    return one == other or {one, other} == {WITNESS, UNKNOWN}


def granted_to(kind: str, policies: Policies) -> str:
    return policies.granted(lambda space: [space.who(lambda who: who.kind == kind)]).verdict


# What is not known


GAP = Unknown("it is told elsewhere", NOWHERE)


def blurred(random: Random, policy: small.Policy) -> tuple[Any, list[small.Policy]]:
    """The policy with one part that is not told, and policies that it may be."""
    found = [dict(one) for one in policy["Statement"]]
    which = random.randrange(len(found))
    one, other = dict(found[which]), dict(found[which])
    spare = small.statement(random, random.sample(small.NAMES, 2))
    part = random.choice(
        ["Effect", "Principal", "Action", "Resource", "Condition", "value", "text", "statement"]
    )
    if part == "statement":
        return _with(policy, which, GAP), [policy, _with(policy, which, spare)]
    if part == "text" and "Resource" in one:
        one["Resource"] = text(f"{BUCKET}/", Opaque("Prefix"))
        ends = random.sample(["", "a", "a/*", "*", "x?"], 2)
        return _with(policy, which, one), [
            _with(policy, which, {**other, "Resource": f"{BUCKET}/{end}"}) for end in ends
        ]
    if part == "value" and one.get("Condition"):
        operator, tests = random.choice(list(one["Condition"].items()))
        key = random.choice(list(tests))
        table = {name.lower(): values for name, (_, values, _) in small.KEYS.items()}
        drawn = [True, False] if operator == "Null" else random.choice([tests[key], table[key.lower()]])
        one["Condition"] = {**one["Condition"], operator: {**tests, key: GAP}}
        other["Condition"] = {**one["Condition"], operator: {**tests, key: drawn}}
    elif part in one:
        one[part] = GAP
        if part in spare:
            other[part] = spare[part]
    return _with(policy, which, one), [policy, _with(policy, which, other)]


def _with(policy: small.Policy, which: int, statement: Any) -> small.Policy:
    found = list(policy["Statement"])
    found[which] = statement
    return {**policy, "Statement": found}


@given(st.integers(0, 2**48))
@settings(max_examples=examples(40))
def test_what_is_not_known_decides_nothing(seed: int) -> None:
    compare_completions(seed)


def compare_completions(seed: int) -> None:
    random = Random(seed)
    policy = {**small.policy(random), "Version": "2008-10-17"}
    partly, completions = blurred(random, policy)
    context = Context(**CONTEXT)
    # What is public hangs on the fixed values of all statements, and is not monotone in them.
    for name in [name for name in CLAIMS if name != "Q1"]:
        told = QUESTIONS[name](rules(partly), context).verdict
        for one in completions:
            whole = QUESTIONS[name](rules(one), context).verdict
            assert {told, whole} != {PROVEN, WITNESS}, (name, told, whole, one, partly)


ACCOUNT = Opaque("Account")
IN_PART = [
    (text("arn:aws:iam::", ACCOUNT, ":root"), "arn:aws:iam::{}:root"),
    (text("arn:aws:iam::", ACCOUNT, ":role/etl"), "arn:aws:iam::{}:role/etl"),
    (text("arn:aws:iam::", ACCOUNT, ":user/ann"), "arn:aws:iam::{}:user/ann"),
    (text("arn:aws:sts::", ACCOUNT, ":assumed-role/etl/s"), "arn:aws:sts::{}:assumed-role/etl/s"),
]
"""Principals of which a part is not told, and what they may be."""


@given(st.integers(0, 2**48))
@settings(max_examples=examples(60))
def test_an_account_that_is_not_told_decides_nothing(seed: int) -> None:
    """Neither may it be taken for another one than the named, nor for one of them."""
    random = Random(seed)
    policy = small.policy(random)
    which, (partly, whole) = random.randrange(len(policy["Statement"])), random.choice(IN_PART)
    element = "NotPrincipal" if "NotPrincipal" in policy["Statement"][which] else "Principal"

    def named(name: object) -> tuple[Rule, ...]:
        return rules(_with(policy, which, {**policy["Statement"][which], element: {"AWS": name}}))

    context = Context(**CONTEXT)
    for name in CLAIMS:
        told = QUESTIONS[name](named(partly), context).verdict
        for account in (OWNER, FRIEND, OTHER, NOBODY, "999999999999"):
            found = QUESTIONS[name](named(whole.format(account)), context).verdict
            assert {told, found} != {PROVEN, WITNESS}, (name, told, found, account, partly, policy)


@pytest.mark.parametrize(
    "name",
    [
        *(partly for partly, _ in IN_PART),
        text(f"arn:aws:iam::{FRIEND}:role/", Opaque("Name")),
        text("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ", Opaque("Identity")),
    ],
    ids=str,
)
def test_an_arn_of_which_a_part_is_not_told_is_not_everybody(name: Text) -> None:
    known = {**_ALLOW, "Principal": {"AWS": name}}
    assert ask("Q1", statements(known)).verdict == PROVEN
    assert ask("Q1", statements(known, _ALLOW)).verdict == WITNESS
    if "cloudfront" in str(name):
        assert ask("Q6", statements(known)).verdict == PROVEN
        return
    answer = ask("Q6", statements(known))
    assert answer.verdict == UNKNOWN
    assert [one.why for one in answer.reasons] == [f"a principal is {name}, which the input does not tell"]
    # Nor is a Deny for it one for everybody.
    shut = {"Effect": "Deny", **EVERYTHING, "Principal": {"AWS": name}}
    assert ask("Q2", statements(shut)).verdict == WITNESS
    assert ask("Q1", statements(_ALLOW, shut)).verdict == WITNESS
    assert ask("Q1", statements(allow(StringLike={"aws:PrincipalAccount": "4*"}), shut)).verdict == WITNESS


def test_a_principal_that_is_not_told_may_be_everybody() -> None:
    for name in (text(ACCOUNT), text("arn:", ACCOUNT), text("arn:aws:iam::", ACCOUNT), text(ACCOUNT, "/x")):
        assert ask("Q1", statements({**_ALLOW, "Principal": {"AWS": name}})).verdict == UNKNOWN


def test_the_own_account_is_not_outside_whatever_its_role_is_called() -> None:
    name = text("arn:aws:iam::111111111111:role/", Opaque("Name"))
    role = {**_ALLOW, "Principal": {"AWS": name}}
    assert ask("Q6", statements(role)).verdict == PROVEN
    shut = {"Effect": "Deny", **EVERYTHING, "Principal": {"AWS": FRIEND}}
    root = {**_ALLOW, "Principal": {"AWS": f"arn:aws:iam::{FRIEND}:root"}}
    friend = {**role, "Principal": {"AWS": text(f"arn:aws:iam::{FRIEND}:role/", Opaque("Name"))}}
    assert ask("Q6", statements(friend, shut)).verdict == PROVEN
    assert ask("Q6", statements(root, {**shut, "Principal": friend["Principal"]})).verdict == WITNESS


def test_an_open_part_next_to_a_hole() -> None:
    gap = Text((Opaque("Bucket.Arn"),))
    public = {**_ALLOW, "Resource": [f"{BUCKET}/*", gap]}
    assert ask("Q1", statements(public, {**_ALLOW, "Principal": GAP})).verdict == WITNESS
    assert (
        ask("Q1", statements(public, {"Effect": "Deny", **EVERYTHING, "Principal": GAP})).verdict == UNKNOWN
    )
    assert ask("Q1", statements({**_ALLOW, "Effect": GAP})).verdict == UNKNOWN
    assert (
        ask("Q1", statements({**_ALLOW, "Effect": GAP}, {"Effect": "Deny", **EVERYTHING})).verdict == PROVEN
    )
    assert (
        ask("Q2", statements(deny(**OVER_HTTP), {"Effect": "Allow", **EVERYTHING, "Principal": GAP})).verdict
        == PROVEN
    )
    assert ask("Q2", statements(GAP)).verdict == UNKNOWN
    assert ask("Q2", GAP).verdict == UNKNOWN


# Holes that look like fences


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
        {"StringLike": {"aws:SourceVpce": "vpce-*"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/1"]}},
        {"IpAddress": {"aws:SourceIp": "::/0"}},
        {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringLike": {"aws:PrincipalAccount": "4444*"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::4*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
        {"StringEquals": {"aws:username": "ann"}},
        {"StringLike": {"aws:username": "a?n*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:federated-user/*"}},
        {"StringEquals": {"aws:PrincipalType": "FederatedUser"}},
        {"StringEqualsIgnoreCase": {"aws:Referer": "ÄÖ"}},
        {"StringLike": {"aws:Referer": "ключ*"}},
        {"StringLike": {"aws:mixed": "5*"}, "NumericGreaterThan": {"s3:unheardOf": "5"}},
        {"Null": {"aws:PrincipalOrgID": "true"}},
        {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAnyValue:StringLike": {"aws:TagKeys": "b*"}},
        {"DateGreaterThan": {"aws:EpochTime": "2020-01-01T00:00:00Z"}},
        {
            "NumericLessThan": {"aws:EpochTime": "1767225600"},
            "DateGreaterThan": {"aws:EpochTime": "2020-01-01T00:00:00Z"},
        },
        {
            "StringEquals": {"aws:PrincipalOrgID": ""},
            "Null": {"aws:PrincipalOrgID": "true"},
            "Bool": {"aws:x": "no"},
        },
    ],
)
def test_what_lets_strangers_in(condition: dict[str, Any]) -> None:
    if "aws:x" in str(condition):
        assert ask("Q1", statements(allow(**condition))).verdict == PROVEN
    else:
        answer = ask("Q1", statements(allow(**condition)))
        assert answer.verdict == WITNESS, answer
        assert answer.request is not None
        policy = statements(allow(**condition))
        assert "Date" in str(condition) or oracle.decide(policy, plain(answer.request)) == oracle.ALLOW


@pytest.mark.parametrize(
    "statement",
    [
        {**_ALLOW, "Action": "S3:GETOBJECT"},
        {"Effect": "Allow", "NotPrincipal": {"AWS": OWNER}, "Action": "s3:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "NotAction": "s3:Put*", "Resource": f"{BUCKET}/*"},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "NotResource": f"{BUCKET}/*"},
        {
            **_ALLOW,
            "Action": "s3:Replicate*",
            "Condition": {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}},
        },
        {**_ALLOW, "Resource": f"{BUCKET}/${{*}}/x"},
        {"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "s3:*", "Resource": "*"},
    ],
)  # fmt: skip
def test_statements_for_everybody(statement: dict[str, Any]) -> None:
    assert ask("Q1", statements(statement)).verdict == WITNESS


@pytest.mark.parametrize(
    ("name", "fence"),
    [
        ("Q2", {"BoolIfExists": {"aws:SecureTransport": "true"}}),
        ("Q2", {**OVER_HTTP, "StringNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/x"}}),
        ("Q2", {**OVER_HTTP, "StringEquals": {"aws:username": "ann"}}),
        ("Q2", {**OVER_HTTP, "ForAnyValue:StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
        ("Q2", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        ("Q2", {**OVER_HTTP, "StringLike": {"aws:SourceIp": "10.*"}}),
        ("Q8", {"StringNotLike": {"aws:SourceVpce": "vpce-*"}}),
        (
            "Q8",
            {"StringNotEquals": {"aws:SourceVpce": "VPCE-1"}, "NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        ),
        ("Q8", {"ForAnyValue:StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        ("Q8", {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}),
        ("Q7", {"NumericGreaterThan": {"s3:signatureAge": "600001"}}),
    ],
)
def test_fences_with_a_gap(name: str, fence: dict[str, Any]) -> None:
    answer = ask(name, statements(deny(**fence)), vpce=("vpce-1",), max_age_ms=600_000)
    assert answer.verdict == WITNESS


def test_a_fence_for_each_case_is_whole() -> None:
    known = {"Null": {"aws:userid": "true"}}
    fences = [{**OVER_HTTP, "StringLike": {"aws:userid": one}} for one in ("*x*", "")]
    fences += [{**OVER_HTTP, "StringNotLike": {"aws:userid": "*x*"}}, {**OVER_HTTP, **known}]
    assert ask("Q2", statements(*[deny(**one) for one in fences])).verdict == PROVEN
    assert ask("Q2", statements(*[deny(**one) for one in fences[:2]])).verdict == WITNESS


# Values of statements that are not looked at yet


def test_a_value_that_another_statement_fixes_does_not_hide_a_stranger() -> None:
    """The shortest text for `vpc-?` may be the one that a Deny names."""
    policy = statements(
        allow(StringLike={"aws:SourceVpc": "vpc-?"}), deny(StringEquals={"aws:SourceVpc": ["vpc-x", "vpc-q"]})
    )
    assert ask("Q1", policy).verdict == WITNESS
    shut = {"IpAddress": {"aws:SourceIp": ["202.0.0.0/32", "203.0.113.7/32"]}}
    assert (
        ask("Q1", statements(allow(IpAddress={"aws:SourceIp": "202.0.0.0/7"}), deny(**shut))).verdict
        == WITNESS
    )


@pytest.mark.parametrize("taken", [("999999999999",), ("999999999999", "888888888888", "777777777777")])
def test_the_account_of_strangers_is_named_nowhere(taken: tuple[str, ...]) -> None:
    named = [f"arn:aws:iam::{one}:user/stranger" for one in taken] + list(taken)
    shut = {"Effect": "Deny", **EVERYTHING, "Principal": {"AWS": named}}
    signed = {"Bool": {"aws:PrincipalIsAWSService": "false"}}
    assert ask("Q1", statements({**_ALLOW, "Condition": signed}, shut)).verdict == WITNESS
    answer = ask("Q6", statements({**_ALLOW, "Condition": signed}, shut))
    assert not set(taken) & set(answer.accounts)


@pytest.mark.parametrize(
    ("operator", "pattern", "verdict"),
    [
        ("ArnLike", f"arn:*:iam::{FRIEND}:role/*", PROVEN),
        ("StringLike", f"arn:aws:iam::{FRIEND}*", PROVEN),
        ("StringLike", f"arn:aws:iam::{FRIEND}:*", PROVEN),
        ("ArnLike", f"arn:aws:iam::{FRIEND[:-1]}?:role/*", WITNESS),
        ("StringLike", f"*{FRIEND}:role/*", WITNESS),
        ("StringLike", f"arn:aws:iam::*:role/{FRIEND}", WITNESS),
    ],
)
def test_a_fixed_account_is_no_stranger(operator: str, pattern: str, verdict: str) -> None:
    """A role of the stranger's may have the account of another in its name, but not in its place."""
    policy = statements(allow(**{operator: {"aws:PrincipalArn": pattern}}))
    assert ask("Q1", policy).verdict == verdict
    assert ask("Q6", policy).verdict == WITNESS


@pytest.mark.parametrize(
    ("account", "semantic", "literal"),
    [(OWNER, PROVEN, PROVEN), (FRIEND, PROVEN, WITNESS), ("*", WITNESS, WITNESS)],
)
def test_by_the_letter_a_pattern_names_nobody(account: str, semantic: str, literal: str) -> None:
    fits = allow(ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{account}:role/etl-*"})
    assert ask("Q1", statements(fits)).verdict == semantic
    assert ask("Q1", statements(fits), literally=True).verdict == literal
    # Where the statement names somebody, it lets in none but them.
    named = {**fits, "Principal": {"AWS": FRIEND}}
    assert ask("Q1", statements(named), literally=True).verdict == PROVEN


def test_one_account_is_not_the_others_that_fit() -> None:
    both = {
        "StringLike": {"aws:PrincipalAccount": ["4*"]},
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*7:role/a"},
    }
    answer = ask("Q6", statements(allow(**both)))
    assert answer.request is not None
    assert answer.request.caller.account[0] + answer.request.caller.account[-1] == "47"


def test_whom_a_name_stands_for_is_told_apart_from_the_named() -> None:
    """The user that stands for all others is not the one that a Deny names."""
    named = f"arn:aws:iam::{FRIEND}:user/"
    shut = [
        {"Effect": "Deny", **EVERYTHING, "Principal": {"AWS": f"{named}{one}"}}
        for one in ("stranger", "x", "q")
    ]
    shut.append(deny(StringNotLike={"aws:PrincipalArn": f"{named}*"}))
    assert ask("Q6", statements({**_ALLOW, "Principal": {"AWS": FRIEND}}, *shut)).verdict == WITNESS


def test_a_session_is_not_the_others_of_its_role() -> None:
    role = f"arn:aws:iam::{FRIEND}:role/etl"
    shut = {"Effect": "Deny", **EVERYTHING}
    for name in ("session", "session-2", "s"):
        named = {**shut, "Principal": {"AWS": f"arn:aws:sts::{FRIEND}:assumed-role/etl/{name}"}}
        answer = ask("Q6", statements({**_ALLOW, "Principal": {"AWS": role}}, named))
        assert answer.verdict == WITNESS
        assert answer.request is not None
        assert answer.request.caller.session.rpartition("/")[2] != name
    assert (
        ask(
            "Q6", statements({**_ALLOW, "Principal": {"AWS": role}}, {**shut, "Principal": {"AWS": role}})
        ).verdict
        == PROVEN
    )
    # Its role may have a path that the ARN of the session does not tell.
    session = {**_ALLOW, "Principal": {"AWS": f"arn:aws:sts::{FRIEND}:assumed-role/etl/s"}}
    below = deny(StringNotLike={"aws:PrincipalArn": f"arn:aws:iam::{FRIEND}:role/jobs/*"})
    assert ask("Q6", statements(session, below)).verdict == WITNESS


def test_a_canonical_user_may_be_any_account() -> None:
    known = {**_ALLOW, "Principal": {"CanonicalUser": "a1b2"}}
    assert ask("Q6", statements(known)).accounts == ("a1b2",)
    shut = deny(StringNotEquals={"aws:PrincipalAccount": FRIEND})
    assert ask("Q6", statements(known, shut)).verdict == UNKNOWN
    member = {**known, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
    assert ask("Q6", statements(member)).verdict == WITNESS


def test_other_partitions() -> None:
    bucket = "arn:aws-cn:s3:::data"
    condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws-cn:iam::{FRIEND}:role/*"}}
    policy = statements({**_ALLOW, "Resource": f"{bucket}/*", "Condition": condition})
    answer = ask("Q6", policy, partition="aws-cn")
    assert answer.accounts == (FRIEND,)
    assert ask("Q1", policy, partition="aws-cn").verdict == PROVEN


def test_the_names_of_a_service_are_more_than_one() -> None:
    one = {**_ALLOW, "Principal": {"Service": "logs.amazonaws.com"}, "Action": "s3:*"}
    names = {"aws:PrincipalServiceNamesList": "logs.amazonaws.com"}
    for each, verdict in (("ForAnyValue", UNKNOWN), ("ForAllValues", UNKNOWN)):
        shut = {"Effect": "Deny", **EVERYTHING, "Condition": {f"{each}:StringNotEquals": names, **OVER_HTTP}}
        assert ask("Q2", statements(one, shut)).verdict in (verdict, WITNESS)


def test_an_access_point_has_objects_of_its_own() -> None:
    point = f"arn:aws:s3:eu-west-1:{OWNER}:accesspoint/ap"
    shut = {**deny(**OVER_HTTP), "Resource": [point, f"{point}/object/*"]}
    assert ask("Q2", statements(shut), bucket=point, access_point=True).verdict == PROVEN


def test_sets_of_which_one_value_is_compared_are_open() -> None:
    plain_one = deny(**OVER_HTTP, StringNotEquals={"aws:PrincipalOrgPaths": "o-1/a/"})
    known = deny(**OVER_HTTP, StringEquals={"aws:PrincipalOrgPaths": "o-1/a/"})
    assert ask("Q2", statements(plain_one, known)).verdict == UNKNOWN


def test_texts_among_numbers_and_addresses() -> None:
    """What fits a pattern of texts and a range is not looked for: nothing is proven by it."""
    fence = [
        {**OVER_HTTP, "StringLike": {"aws:SourceIp": "10.*"}},
        {**OVER_HTTP, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {**OVER_HTTP, "Null": {"aws:SourceIp": "true"}},
    ]
    assert ask("Q2", statements(*map(_denied, fence))).verdict == UNKNOWN
    several = (
        {**OVER_HTTP, "StringLike": {"aws:mixed": "5*"}},
        {**OVER_HTTP, "NumericLessThan": {"aws:mixed": "50"}},
    )
    both = allow(StringLike={"aws:mixed": "5*"}, NumericGreaterThan={"aws:mixed": "100"})
    assert ask("Q2", statements(*map(_denied, several))).verdict == WITNESS
    assert ask("Q1", statements(both)).verdict == UNKNOWN
    listed = {**_ALLOW, "Action": "s3:ListBucket", "Resource": BUCKET}
    shut = [deny(StringLike={"s3:max-keys": "1*"}), deny(Null={"s3:max-keys": "true"})]
    assert ask("Q6", statements(listed, *shut)).verdict == UNKNOWN


def _denied(condition: dict[str, Any]) -> dict[str, Any]:
    return deny(**condition)


# What would take too long


def _quick(call: Any) -> Answer:
    start = time.process_time()
    found: Answer = call()
    assert time.process_time() - start < 20
    return found


def _solution(count: int, clauses: list[list[tuple[int, bool]]]) -> bool:
    return any(
        all(any(values[index] is sign for index, sign in clause) for clause in clauses)
        for values in product([False, True], repeat=count)
    )


@pytest.mark.parametrize("seed", range(6))
def test_satisfiability_as_statements(seed: int) -> None:
    """Each clause a Deny of those who break it; who is left over satisfies all."""
    random = Random(seed)
    count = 8
    clauses = [
        [(index, random.random() < 0.5) for index in random.sample(range(count), 3)] for _ in range(36 + seed)
    ]
    shut = [
        deny(
            StringNotEquals={f"aws:PrincipalTag/v{index}": "1" for index, sign in clause if sign},
            StringEquals={f"aws:PrincipalTag/v{index}": "1" for index, sign in clause if not sign},
        )
        for clause in clauses
    ]
    answer = _quick(lambda: ask("Q2", statements(*shut)))
    assert answer.verdict == (WITNESS if _solution(count, clauses) else PROVEN)


def test_hard_satisfiability_gives_up() -> None:
    random = Random(1)
    count = 60
    shut = []
    for _ in range(256):
        picked = {
            f"aws:RequestTag/v{index}": random.random() < 0.5 for index in random.sample(range(count), 3)
        }
        shut.append(
            deny(
                StringNotEquals={key: "1" for key, sign in picked.items() if sign},
                StringEquals={key: "1" for key, sign in picked.items() if not sign},
            )
        )
    answer = _quick(lambda: ask("Q2", statements(*shut)))
    assert answer.verdict == UNKNOWN
    assert answer.reasons[0].why.startswith("budget: ")


def test_many_infixes_give_up() -> None:
    patterns = [f"{BUCKET}/*{chr(97 + n % 26)}{chr(97 + n // 26)}*" for n in range(50)]
    inside = {**deny(**OVER_HTTP), "Resource": [BUCKET, *patterns]}
    beside = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": patterns}
    answer = _quick(lambda: ask("Q2", statements(inside, beside)))
    assert answer.verdict == UNKNOWN
    assert answer.reasons[0].why.startswith("budget: ")


def test_a_pattern_of_many_stars_is_matched_at_once() -> None:
    stars = f"{BUCKET}/" + "*a" * 40 + "*b"
    policy = statements(
        {**_ALLOW, "Resource": stars}, {"Effect": "Deny", **EVERYTHING, "Resource": f"{BUCKET}/{'a' * 380}*"}
    )
    assert _quick(lambda: ask("Q1", policy)).verdict in (WITNESS, UNKNOWN)


def test_numbers_and_dates_that_are_none() -> None:
    for value in ("inf", "nan", "1e999", "1_000", "", "x", "9" * 400, "1e300"):
        odd = allow(NumericLessThan={"s3:unheardOf": value}, NumericGreaterThan={"aws:EpochTime": value})
        assert ask("Q1", statements(odd)).verdict in (UNKNOWN, WITNESS, PROVEN)
        date = allow(DateLessThan={"aws:CurrentTime": value}, DateGreaterThan={"aws:TokenIssueTime": value})
        assert ask("Q1", statements(date)).verdict in (UNKNOWN, WITNESS, PROVEN)
    ends = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
    for end in ends:
        assert ask("Q1", statements(allow(DateLessThan={"aws:CurrentTime": end}))).verdict in (
            WITNESS,
            PROVEN,
        )


def test_every_letter_is_taken() -> None:
    letters = "".join(map(chr, [*range(97, 123), *range(48, 58), *range(0x0430, 0x0530)]))
    shut = {**deny(**OVER_HTTP), "Resource": [BUCKET, *(f"{BUCKET}/{letter}*" for letter in letters)]}
    assert ask("Q2", statements(shut)).verdict == WITNESS
