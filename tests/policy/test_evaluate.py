"""What a policy says of one request: operators, principals, variables, case, and the reason why not."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from s3audit.policy.evaluate import ALLOWED, DENIED, NEITHER, OPEN, Decision, evaluate, speaks_of
from s3audit.policy.operators import Chosen, Open, holds, operator
from s3audit.policy.request import Caller, Held, Request
from s3audit.policy.rules import Test as Condition
from s3audit.text import Opaque, text
from tests.policy.asking import rules, statements

OWNER, OTHER = "111122223333", "444455556666"
OBJECT = "arn:aws:s3:::data/a"
USER = Caller(kind="aws", account=OTHER, arn=f"arn:aws:iam::{OTHER}:user/ann")
ROOT = Caller(kind="aws", account=OTHER, arn=f"arn:aws:iam::{OTHER}:root")
SESSION = Caller(
    kind="aws",
    account=OTHER,
    arn=f"arn:aws:iam::{OTHER}:role/path/etl",
    session=f"arn:aws:sts::{OTHER}:assumed-role/etl/one",
)
CLOUDFRONT = Caller(kind="service", name="cloudfront.amazonaws.com")
IDENTITY = Caller(kind="oai", arn="arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1")
CANONICAL = Caller(kind="canonical", name="79a5")
SIGNED_IN = Caller(kind="federated", name="accounts.google.com")
EVERYBODY = (Caller(), USER, ROOT, SESSION, CLOUDFRONT, IDENTITY, CANONICAL, SIGNED_IN)


def request(
    caller: Caller = USER, at: str = OBJECT, held: Mapping[str, Held] = MappingProxyType({})
) -> Request:
    return Request(caller, "s3:GetObject", at, held)


def said(statement: dict[str, Any], asked: Request, version: str = "2012-10-17") -> str:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", **statement}
    if "NotPrincipal" in statement:
        del whole["Principal"]
    if "NotAction" in statement:
        del whole["Action"]
    if "NotResource" in statement:
        del whole["Resource"]
    return evaluate(rules({"Version": version, "Statement": whole}), asked).effect


# Operators


def outcome(name: str, values: list[Any], held: Held | None) -> bool | None:
    """By way of a document, as every condition is read."""
    [rule] = rules(statements({"Effect": "Deny", "Condition": {name: {"aws:x": values}}}))
    [test] = rule.tests
    assert isinstance(test, Condition)
    assert test.operator is not None
    return holds(test.operator, test.values, held)


KINDS = {
    # Base and its values, one that fits and one that does not.
    "StringEquals": (["a", "b"], "a", "A"),
    "StringEqualsIgnoreCase": (["aB"], "Ab", "a"),
    "StringLike": (["a*c", "?"], "a:/c", "ab"),
    "NumericEquals": (["10"], "10.0", "11"),
    "DateEquals": (["2026-01-01T00:00:00Z"], "1767225600", "2026-01-01T00:00:01Z"),
    "IpAddress": (["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", "11.0.0.0"),
    "ArnLike": (["arn:aws:*:*:1:d/*"], "arn:aws:x:y:1:d/e:f", "arn:aws:x:y:z:1:d/e"),
    "ArnEquals": (["arn:aws:*:*:1:d/*"], "arn:aws:x:y:1:d/e:f", "arn:aws:x:y:z:1:d/e"),
}
ONLY_POSITIVE = {
    "Bool": (["True"], "true", "false"),
    "NumericLessThan": (["10"], "9.9", "10"),
    "NumericLessThanEquals": (["10"], "10", "10.1"),
    "NumericGreaterThan": (["10"], "11", "10"),
    "NumericGreaterThanEquals": (["10"], "10", "9"),
    "DateLessThan": (["2026-01-01T00:00:00Z"], "2025-12-31T23:59:59Z", "2026-01-01"),
    "DateLessThanEquals": (["2026-01-01"], "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
    "DateGreaterThan": (["2026-01-01T00:00:00Z"], "2026-01-01T00:00:01Z", "1767225600"),
    "DateGreaterThanEquals": (["1767225600"], "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
}


def negation(name: str) -> str:
    if name == "IpAddress":
        return "NotIpAddress"
    kind = next(one for one in ("String", "Numeric", "Date", "Arn") if name.startswith(one))
    return f"{kind}Not{name.removeprefix(kind)}"


@pytest.mark.parametrize(("name", "told"), [*KINDS.items(), *ONLY_POSITIVE.items()])
def test_positive_operators(name: str, told: tuple[list[str], str, str]) -> None:
    values, listed, other = told
    assert [outcome(name, values, held) for held in (None, listed, other)] == [False, True, False]
    assert [outcome(f"{name}IfExists", values, held) for held in (None, listed, other)] == [True, True, False]
    for held in (None, frozenset[str]()):
        assert outcome(f"ForAllValues:{name}", values, held) is True
        assert outcome(f"ForAnyValue:{name}", values, held) is False
    one, both = frozenset({listed}), frozenset({listed, other})
    assert [outcome(f"ForAllValues:{name}", values, held) for held in (one, both)] == [True, False]
    assert outcome(f"ForAllValues:{name}", values, frozenset({other})) is False
    assert [outcome(f"ForAnyValue:{name}", values, held) for held in (one, both)] == [True, True]
    assert outcome(f"ForAnyValue:{name}", values, frozenset({other})) is False


@pytest.mark.parametrize(("name", "told"), KINDS.items())
def test_negated_operators(name: str, told: tuple[list[str], str, str]) -> None:
    values, listed, other = told
    name = negation(name)
    assert [outcome(name, values, held) for held in (None, listed, other)] == [True, False, True]
    assert [outcome(f"{name}IfExists", values, held) for held in (None, listed, other)] == [True, False, True]
    one, both = frozenset({listed}), frozenset({listed, other})
    for held in (None, frozenset[str]()):
        assert outcome(f"ForAllValues:{name}", values, held) is True
        assert outcome(f"ForAnyValue:{name}", values, held) is False
    assert [outcome(f"ForAllValues:{name}", values, held) for held in (one, both)] == [False, False]
    assert outcome(f"ForAllValues:{name}", values, frozenset({other})) is True
    assert [outcome(f"ForAnyValue:{name}", values, held) for held in (one, both)] == [False, True]


@pytest.mark.parametrize("value", ["true", True, ["TRUE"]])
def test_null(value: Any) -> None:
    values = value if isinstance(value, list) else [value]
    assert [outcome("Null", values, held) for held in (None, "", "x")] == [True, False, False]
    assert [outcome("null", ["false"], held) for held in (None, "x", frozenset("x"))] == [False, True, True]
    # A set of nothing counts as absent.
    assert outcome("Null", ["true"], frozenset()) is True


@pytest.mark.parametrize(
    "name",
    ["NullIfExists", "ForAllValues:Null", "StringMatches", "NotBool", "NumericNotLessThan", "", "BoolNot"],
)
def test_operators_that_there_are_not(name: str) -> None:
    assert operator(name) is None
    assert said({"Effect": "Deny", "Condition": {name: {"aws:x": "a"}}}, request()) == NEITHER
    assert said({"Condition": {name: {"aws:x": "a"}}}, request()) == OPEN


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("BinaryEquals", "YQ==", "a"),
        ("ArnLike", "arn:aws:s3", "arn:aws:s3:::b"),
        ("ArnEquals", "*", "arn:aws:s3:::b"),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1"),
        ("NumericLessThan", "nan", "1"),
        ("NumericLessThan", "1", "one"),
        ("DateLessThan", "tomorrow", "2026-01-01"),
        ("Null", "maybe", "x"),
        ("StringEquals", "a", frozenset({"a", "b"})),
    ],
)
def test_what_nobody_can_tell(name: str, value: str, held: Held) -> None:
    assert outcome(name, [value], held) is None


def test_a_value_that_fits_needs_no_other() -> None:
    which = operator("StringEquals")
    assert which is not None
    values = (Chosen("a", tuple("a")), Open("it is told elsewhere"))
    assert [holds(which, values, held) for held in ("a", "b", None)] == [True, None, False]


def test_conditions_hold_together() -> None:
    both = {"Condition": {"StringEquals": {"aws:x": "a", "AWS:Y": ["b", "c"]}, "Bool": {"aws:z": False}}}
    held: dict[str, Held] = {"aws:x": "a", "aws:y": "c", "aws:z": "false"}
    assert said(both, request(held=held)) == ALLOWED
    for key in held:
        assert said(both, request(held={**held, key: "other"})) == NEITHER


def test_literal_stars() -> None:
    assert outcome("StringEquals", ["a*"], "ab") is False
    assert outcome("StringEquals", ["a*"], "a*") is True
    assert outcome("StringLike", ["${*}a${?}${$}"], "*a?$") is True
    assert outcome("StringLike", ["${*}a"], "xa") is False


# Principals


@pytest.mark.parametrize(
    ("principal", "named"),
    [
        ("*", EVERYBODY),
        ({"AWS": "*"}, EVERYBODY),
        ({"AWS": OTHER}, (USER, ROOT, SESSION)),
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, (USER, ROOT, SESSION)),
        ({"AWS": USER.arn}, (USER,)),
        ({"AWS": SESSION.arn}, (SESSION,)),
        ({"AWS": SESSION.session}, (SESSION,)),
        ({"AWS": f"{SESSION.session}x"}, ()),
        ({"AWS": [OWNER, USER.arn]}, (USER,)),
        ({"aws": [OWNER, USER.arn], "Service": "cloudfront.amazonaws.com"}, (USER, CLOUDFRONT)),
        ({"Service": "logs.amazonaws.com"}, ()),
        ({"Federated": "accounts.google.com"}, (SIGNED_IN,)),
        ({"CanonicalUser": "79a5"}, (CANONICAL,)),
        ({"AWS": IDENTITY.arn}, (IDENTITY,)),
        ({"AWS": []}, ()),
    ],
)
def test_principals(principal: Any, named: tuple[Caller, ...]) -> None:
    answers = {caller: said({"Principal": principal}, request(caller)) for caller in EVERYBODY}
    # A canonical user is an account by another name.
    assert [caller for caller, answer in answers.items() if answer == ALLOWED] == list(named)
    open_ones = [caller for caller, answer in answers.items() if answer == OPEN]
    assert open_ones in ([], [CANONICAL])


def test_a_principal_of_an_unknown_kind_is_open() -> None:
    assert said({"Principal": {"Group": "x"}}, request()) == OPEN
    assert said({"Principal": "someone"}, request()) == OPEN


@pytest.mark.parametrize(
    "name", [f"arn:aws:iam::{OTHER}:user/*", "arn:aws:iam::*:root", "arn:aws:iam::?:root"]
)
def test_a_principal_with_a_wildcard_is_open(name: str) -> None:
    assert {said({"Principal": {"AWS": name}}, request(caller)) for caller in EVERYBODY} == {OPEN}


def test_without_a_principal_it_is_about_whoever_has_it() -> None:
    policy = statements({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    assert evaluate(rules(policy), request()).effect == ALLOWED


def test_not_principal_with_allow_lets_in_everybody_else() -> None:
    spared = {"NotPrincipal": {"AWS": [USER.arn, f"arn:aws:iam::{OWNER}:root"]}}
    assert [said(spared, request(one)) for one in (Caller(), ROOT, SESSION, CLOUDFRONT, USER)] == [
        ALLOWED
    ] * 4 + [NEITHER]


@pytest.mark.parametrize(
    ("listed", "caller", "effect"),
    [
        # Both the account and who it is are named: spared.
        ([OTHER, USER.arn], USER, NEITHER),
        ([f"arn:aws:iam::{OTHER}:root", SESSION.arn], SESSION, NEITHER),
        ([OTHER, SESSION.arn, SESSION.session], SESSION, NEITHER),
        ([OTHER], ROOT, NEITHER),
        ([OTHER, USER.arn], Caller(), DENIED),
        ([OTHER, USER.arn], CLOUDFRONT, DENIED),
        ([OWNER], USER, DENIED),
    ],
)
def test_not_principal_with_deny(listed: list[str], caller: Caller, effect: str) -> None:
    assert said({"Effect": "Deny", "NotPrincipal": {"AWS": listed}}, request(caller)) == effect


@pytest.mark.parametrize(
    ("listed", "caller"),
    [([OTHER], USER), ([USER.arn], USER), ([USER.arn], ROOT), ([OTHER, SESSION.session], SESSION)],
)
def test_not_principal_with_deny_that_names_half(listed: list[str], caller: Caller) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": listed}, "Action": "s3:*", "Resource": "*"}
    assert evaluate(rules(statements(allow, deny)), request(caller)).effect == OPEN


@pytest.mark.parametrize(
    ("caller", "key", "value"),
    [
        (Caller(), "aws:PrincipalAccount", "anonymous"),
        (Caller(), "aws:PrincipalType", "Anonymous"),
        (USER, "aws:PrincipalArn", USER.arn),
        (USER, "aws:username", "ann"),
        (USER, "aws:PrincipalType", "User"),
        (ROOT, "aws:PrincipalType", "Account"),
        (SESSION, "aws:PrincipalArn", SESSION.arn),
        (SESSION, "aws:PrincipalType", "AssumedRole"),
        (USER, "aws:PrincipalIsAWSService", "false"),
        (CLOUDFRONT, "aws:PrincipalIsAWSService", "true"),
        (CLOUDFRONT, "aws:PrincipalServiceName", "cloudfront.amazonaws.com"),
    ],
)
def test_what_follows_from_the_caller(caller: Caller, key: str, value: str) -> None:
    assert said({"Condition": {"StringEquals": {key: value}}}, request(caller)) == ALLOWED


@pytest.mark.parametrize(
    "key", ["aws:PrincipalArn", "aws:username", "aws:PrincipalIsAWSService", "aws:PrincipalOrgID"]
)
def test_what_nobody_without_credentials_has(key: str) -> None:
    assert said({"Condition": {"Null": {key: "true"}}}, request(Caller())) == ALLOWED


def test_a_role_whose_path_looks_like_a_user_has_no_user_name() -> None:
    role = Caller(kind="aws", account=OTHER, arn=f"arn:aws:iam::{OTHER}:role/:user/ann", session="s")
    assert said({"Condition": {"Null": {"aws:username": "true"}}}, request(role)) == ALLOWED
    assert (
        said({"Condition": {"StringEquals": {"aws:PrincipalType": "AssumedRole"}}}, request(role)) == ALLOWED
    )


def test_who_is_behind_a_canonical_user_is_open() -> None:
    for caller in (CANONICAL, IDENTITY):
        assert said({"Condition": {"StringEquals": {"aws:PrincipalAccount": OTHER}}}, request(caller)) == OPEN


# Versions and variables


@pytest.mark.parametrize("written", ["${aws:username}", "${*}", "${?}", "${$}"])
def test_a_value_that_is_all_variable_is_text_in_an_older_policy(written: str) -> None:
    statement = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": written}}}
    for held, effect in ((written, ALLOWED), ("*", NEITHER), ("$", NEITHER), ("ann", NEITHER)):
        asked = request(held={"aws:principaltag/team": held})
        assert said(statement, asked, "2008-10-17") == effect


@pytest.mark.parametrize("version", ["2008-10-17", ""])
def test_only_the_newer_language_has_variables(version: str) -> None:
    statement = {"Resource": "arn:aws:s3:::data/${aws:username}"}
    assert said(statement, request(at="arn:aws:s3:::data/${aws:username}"), version) == ALLOWED
    assert said(statement, request(at="arn:aws:s3:::data/ann"), version) == NEITHER
    assert said(statement, request(at="arn:aws:s3:::data/ann")) == OPEN
    assert said(statement, request(at="arn:aws:s3:::other/ann")) == NEITHER


def test_a_missing_version_is_the_older_one() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::data/${*}"}
    assert evaluate(rules({"Statement": statement}), request(at="arn:aws:s3:::data/${x}")).effect == ALLOWED
    assert evaluate(rules(statements(statement)), request(at="arn:aws:s3:::data/*")).effect == ALLOWED
    assert evaluate(rules(statements(statement)), request(at="arn:aws:s3:::data/x")).effect == NEITHER


@pytest.mark.parametrize(
    "name", ["StringEquals", "StringNotEquals", "StringLike", "ArnLike", "Bool", "NumericEquals"]
)
def test_a_variable_is_another_text_for_each_request(name: str) -> None:
    value = (
        "arn:aws:s3:::${aws:PrincipalTag/team, 'x'}" if name == "ArnLike" else "${aws:PrincipalTag/team, 'x'}"
    )
    held = "arn:aws:s3:::b" if name == "ArnLike" else "1"
    answer = said({"Condition": {name: {"aws:x": value}}}, request(held={"aws:x": held}))
    assert answer == OPEN


# Case


def test_what_ignores_case() -> None:
    assert said({"Action": "S3:getOBJECT"}, request()) == ALLOWED
    assert said({"Condition": {"STRINGEQUALS": {"AWS:X": "a"}}}, request(held={"aws:x": "a"})) == ALLOWED
    plain = request(held={"aws:securetransport": "false"})
    assert said({"Condition": {"bool": {"aws:SecureTransport": False}}}, plain) == ALLOWED
    assert said({"Condition": {"Bool": {"aws:x": "FALSE"}}}, request(held={"aws:x": "false"})) == ALLOWED


def test_what_does_not_ignore_case() -> None:
    assert said({"Resource": "arn:aws:s3:::data/A"}, request()) == NEITHER
    assert said({"Condition": {"StringLike": {"aws:x": "A*"}}}, request(held={"aws:x": "a"})) == NEITHER
    assert said({"Principal": {"AWS": USER.arn.upper()}}, request()) == NEITHER


# Elements


@pytest.mark.parametrize(
    ("statement", "effect"),
    [
        ({"Action": "s3:?etObject"}, ALLOWED),
        ({"Action": ["s3:Put*", "*"]}, ALLOWED),
        ({"Action": "s3:GetObject?"}, NEITHER),
        ({"NotAction": "s3:Put*"}, ALLOWED),
        ({"NotAction": "s3:Get*"}, NEITHER),
        ({"NotResource": "arn:aws:s3:::data/b*"}, ALLOWED),
        ({"NotResource": "arn:aws:s3:::data*"}, NEITHER),
        ({"Resource": "arn:aws:s3:::data"}, NEITHER),
        ({"Resource": "arn:aws:s3:::*/a"}, ALLOWED),
        ({"Resource": "arn*a"}, ALLOWED),
    ],
)
def test_elements(statement: dict[str, Any], effect: str) -> None:
    assert said(statement, request()) == effect


def test_a_deny_anywhere_wins() -> None:
    allow = {"Sid": "all", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    deny = {**allow, "Sid": "none", "Effect": "Deny"}
    decision = evaluate(rules(statements(allow, deny, allow)), request())
    assert (decision.effect, [rule.name for rule in decision.by]) == (DENIED, ["the statement none"])


# Why not


ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    ("changed", "element", "why"),
    [
        ({"Principal": {"AWS": OWNER}}, "Principal", f"it does not name {USER.arn}"),
        ({"Action": "s3:Put*", "Resource": "x"}, "Action", "it does not take in s3:GetObject"),
        ({"Resource": "arn:aws:s3:::data"}, "Resource", f"it does not match {OBJECT}"),
        (
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            "Condition",
            "Bool does not hold where aws:SecureTransport is true",
        ),
        (
            {"Condition": {"StringEquals": {"aws:SourceVpce": "v"}}},
            "Condition",
            "StringEquals does not hold where aws:SourceVpce is absent",
        ),
    ],
)
def test_the_first_element_that_fails_is_told(changed: dict[str, Any], element: str, why: str) -> None:
    deny = {**ALLOW, "Effect": "Deny", **changed}
    decision = evaluate(rules(statements(ALLOW, deny)), request(held={"aws:securetransport": "true"}))
    assert decision.effect == ALLOWED
    assert [(one.rule.number, one.element, one.why) for one in decision.others] == [(2, element, why)]


def test_what_is_open_is_told_after_what_fails() -> None:
    """That a later element fails decides, whatever an earlier one is."""
    deny = {**ALLOW, "Effect": "Deny", "Principal": {"Group": "x"}, "Resource": "arn:aws:s3:::other"}
    decision = evaluate(rules(statements(ALLOW, deny)), request())
    assert (decision.effect, decision.others[0].element, decision.others[0].matches) == (
        ALLOWED,
        "Resource",
        False,
    )
    assert decision.unsure == ()


def test_an_open_deny_leaves_it_open_only_where_something_is_allowed() -> None:
    deny = {**ALLOW, "Effect": "Deny", "Principal": {"Group": "x"}}

    def of(*them: Any) -> Decision:
        return evaluate(rules(statements(*them)), request())

    assert of(deny).effect == NEITHER
    assert of(ALLOW, deny).effect == OPEN
    assert of({**ALLOW, "Principal": {"Group": "x"}}, ALLOW).effect == ALLOWED
    assert of({**ALLOW, "Principal": {"Group": "x"}}).effect == OPEN
    assert [rule.number for rule in of(deny).unsure] == [1]


# Of whom a part is not told


def in_part(arn: str) -> Caller:
    account = arn.split(":")[4]
    return Caller(kind="open", account="" if "$" in account else account, arn=arn)


ANY_ROOT, ANY_ROLE = in_part("arn:aws:iam::${A}:root"), in_part("arn:aws:iam::${A}:role/x")
OWN_ROLE = in_part(f"arn:aws:iam::{OTHER}:role/${{N}}")
STRANGER = Caller(kind="aws", account="999999999999", arn="arn:aws:iam::999999999999:user/x", is_nobodys=True)
OAI = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity "


@pytest.mark.parametrize(
    ("name", "caller", "is_meant"),
    [
        ("*", ANY_ROOT, True),
        (text("arn:aws:iam::", Opaque("A"), ":root"), ANY_ROOT, None),
        (text("arn:aws:iam::", Opaque("A"), ":root"), USER, None),
        (text("arn:aws:iam::", Opaque("A"), ":root"), STRANGER, False),
        (text("arn:aws:iam::", Opaque("A"), ":root"), Caller(), False),
        (text("arn:aws:iam::", Opaque("A"), ":root"), CLOUDFRONT, False),
        (text("arn:aws:iam::", Opaque("A"), ":root"), Caller(kind="canonical", name="a1"), None),
        (text("arn:aws:iam::", Opaque("A"), ":role/x"), USER, False),
        (text("arn:aws:iam::", Opaque("A"), ":user/ann"), USER, None),
        (text(f"arn:aws:iam::{OTHER}:user/", Opaque("N")), USER, None),
        (text(f"arn:aws:iam::{OWNER}:user/", Opaque("N")), USER, False),
        (text(f"{OAI}", Opaque("Id")), Caller(kind="oai", arn=f"{OAI}E1"), None),
        (text(f"{OAI}", Opaque("Id")), USER, False),
        (f"{OAI}E1", Caller(kind="oai", arn=f"{OAI}${{Id}}"), None),
        (f"arn:aws:iam::{OTHER}:role/x", ANY_ROOT, None),
        (f"arn:aws:iam::{OTHER}:role/x", ANY_ROLE, None),
        (f"arn:aws:iam::{OTHER}:user/x", ANY_ROLE, False),
        (f"arn:aws:iam::{OTHER}:role/x", OWN_ROLE, None),
        (f"arn:aws:iam::{OWNER}:role/x", OWN_ROLE, False),
        (OTHER, OWN_ROLE, True),
        (OWNER, OWN_ROLE, False),
        (OTHER, ANY_ROLE, None),
    ],
    ids=str,
)
def test_whom_a_part_of_an_arn_leaves_open(name: object, caller: Caller, is_meant: bool | None) -> None:
    [rule] = rules(
        statements({"Effect": "Allow", "Principal": {"AWS": name}, "Action": "*", "Resource": "*"})
    )
    assert speaks_of(rule, caller) is is_meant


def test_whether_a_deny_spares_them_is_open() -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": OTHER}, "Action": "s3:*", "Resource": "*"}
    for caller, effect in ((OWN_ROLE, OPEN), (ANY_ROOT, OPEN), (STRANGER, DENIED)):
        assert evaluate(rules(statements(allow, deny)), request(caller)).effect == effect
