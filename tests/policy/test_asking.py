"""What a question is asked about where the context leaves it to the policy, and contexts that ask nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from s3audit.policy.asking import ContextError, Question, ask, meaning_of, question_of, settled
from s3audit.policy.language import NO_PRINCIPAL, read
from s3audit.policy.questions import Context
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Answer
from s3audit.policy.rules import rules_of
from s3audit.policy.tell import Owner, Told, as_json, told
from tests.policy.asking import statements
from tests.policy.documents import document

SHOP, IN_SHOP = "arn:aws:s3:::shop", "arn:aws:s3:::shop/*"
HTTP = {"Bool": {"aws:SecureTransport": "false"}}
READS = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": IN_SHOP}
SHUT = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [SHOP, IN_SHOP], "Condition": HTTP}
ROLE = {"source": "shop", "destination": "copy", "role": "arn:aws:iam::444455556666:role/copies"}


def question(name: str) -> Question:
    found = question_of(name)
    assert found is not None
    return found


def answer(name: str, *them: Any, **context: Any) -> Answer:
    def rules(policy: object) -> Any:
        return rules_of(read(document(policy)), meaning_of(context))

    return ask(question(name), rules(statements(*them)), context, rules)


def words(name: str, *them: Any, **context: Any) -> Told:
    owner = Owner(context.get("owner", "314159265358"), is_told="owner" in context)
    return told(question(name), answer(name, *them, **context), owner)


def of(resource: Any, **more: Any) -> dict[str, Any]:
    return {**READS, "Resource": resource, **more}


# The bucket


@pytest.mark.parametrize(
    "resource",
    [IN_SHOP, [SHOP, IN_SHOP], "arn:aws:s3:::shop/a/?", ["*", SHOP], [SHOP, "arn:aws:s3:::shop*"]],
)
def test_the_bucket_is_the_one_that_the_resources_name(resource: Any) -> None:
    found = answer("Q1", of(resource), of(resource, Action="s3:ListBucket"))
    assert found.verdict == WITNESS
    assert found.request is not None
    assert found.request.resource.startswith(SHOP)


def test_of_another_partition_and_an_access_point_too() -> None:
    found = answer("Q1", of("arn:aws-cn:s3:::shop/*"))
    assert found.request is not None
    assert found.request.resource.startswith("arn:aws-cn:s3:::shop/")
    point = "arn:aws:s3:eu-west-1:444455556666:accesspoint/till"
    found = answer("Q1", of(f"{point}/object/*"), access_point=True)
    assert found.request is not None
    assert found.request.resource.startswith(f"{point}/object/")


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (
            (IN_SHOP, "arn:aws:s3:::other/*"),
            "several buckets, other and shop; say with --bucket which has it",
        ),
        (("*",), "no Resource of the policy names a bucket; say with --bucket which has it"),
        (("arn:aws:s3:::shop*",), "no Resource of the policy names a bucket; say with --bucket which has it"),
        ((), "no Resource of the policy names a bucket; say with --bucket which has it"),
    ],
)
def test_which_bucket_has_to_be_said_where_that_is_open(resources: tuple[str, ...], said: str) -> None:
    with pytest.raises(ContextError, match=said):
        answer("Q1", *map(of, resources))
    if resources:
        assert answer("Q1", *map(of, resources), bucket="shop").verdict == WITNESS


@pytest.mark.parametrize("name", ["Q1", "Q2", "Q4b", "Q6", "Q8"])
def test_nothing_is_proven_of_a_bucket_that_nothing_reaches(name: str) -> None:
    found = answer(name, READS, SHUT, bucket="other")
    assert found.verdict == UNKNOWN
    assert [one.why for one in found.reasons] == [
        "no Resource of the policy reaches arn:aws:s3:::other, so that it is that of another bucket"
    ]
    assert answer(name, of("*"), bucket="other").reasons == ()


# The owner


def test_no_account_that_a_policy_names_is_the_owner_by_itself() -> None:
    let_in = {**READS, "Principal": {"AWS": "111122223333"}}
    found = answer("Q6", let_in)
    assert found.accounts == ("111122223333",)
    assert words("Q6", let_in).why[-1] == (
        "Any of them may be its own: --owner says which account the bucket is of."
    )
    assert answer("Q6", let_in, owner="111122223333").verdict == PROVEN
    taken = settled(question("Q6"), rules_of(read(document(statements(let_in)))), {})
    assert taken["owner"] == "314159265358"
    own = {**READS, "Principal": {"AWS": "314159265358"}}
    assert answer("Q6", own).accounts == ("314159265358",)


def test_any_account_is_no_account_with_a_number() -> None:
    member = {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}
    found = answer("Q6", {**READS, "Condition": member}, {**READS, "Principal": {"AWS": "444455556666"}})
    assert set(found.accounts) == {"any account (in o-abc)", "444455556666"}
    said = as_json(
        question("Q6"), answer("Q6", {**READS, "Condition": member}), Owner("314159265358", is_told=False)
    )
    assert said["accounts"] == ["any account (in o-abc)"]
    assert "999999999999" not in json.dumps(said)
    assert said["witness"]["principal"] == {"kind": "aws", "any": "a user of another account"}  # type: ignore[index]
    assert "any account" in answer("Q6", READS).accounts


def test_the_owner_that_stands_in_is_shown_in_words() -> None:
    from_outside = {**SHUT, "Condition": {**HTTP, "Bool": {"aws:PrincipalIsAWSService": "true"}}}
    own = {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}
    others = {"StringNotEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}
    them = ({**SHUT, "Condition": others}, from_outside)
    said = words("Q2", *them)
    assert said.request[0] == ("who", "a user of the bucket's own account")
    assert "314159265358" not in str(said)
    assert "stranger" not in str(said)
    said = words(
        "Q2", {**SHUT, "Condition": own}, {**SHUT, "Condition": {"Null": {"aws:PrincipalArn": "true"}}}
    )
    assert said.request[0] == ("who", "a user of another account")
    assert "999999999999" not in str(said)


# Statements that no bucket policy has


def test_a_policy_that_s3_refuses_proves_nothing() -> None:
    nobodys = {name: value for name, value in SHUT.items() if name != "Principal"}
    found = answer("Q2", nobodys)
    assert found.verdict == UNKNOWN
    assert [(one.why, one.element) for one in found.reasons] == [(NO_PRINCIPAL, "Principal")]
    assert answer("Q2", SHUT, nobodys).verdict == UNKNOWN
    assert answer("Q2", SHUT).verdict == PROVEN
    assert answer("Q5", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, **ROLE).verdict == PROVEN
    refused = answer(
        "Q5",
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        **ROLE,
        source_policy=statements(nobodys),
    )
    assert refused.verdict == UNKNOWN


@pytest.mark.parametrize("name", ["Q1", "Q6"])
def test_everybody_who_signs_in_anywhere_is_open(name: str) -> None:
    found = answer(name, {**READS, "Principal": {"Federated": "*"}})
    assert (found.verdict, found.accounts) == (UNKNOWN, ())


@pytest.mark.parametrize("who", ["arn:aws:iam::*:root", "arn:aws:iam::444455556666:role/*"])
@pytest.mark.parametrize("name", ["Q1", "Q6"])
def test_a_principal_with_a_wildcard_is_nobody_who_could_be_named(name: str, who: str) -> None:
    found = answer(name, {**READS, "Principal": {"AWS": who}})
    assert found.verdict == UNKNOWN
    assert [one.why for one in found.reasons] == [
        f"{who} has a wildcard, and AWS takes none in a principal but * alone"
    ]


@pytest.mark.parametrize(
    ("effect", "why"),
    [
        ("deny", "there is no Effect deny; it is Allow or Deny, in these letters"),
        (None, "a statement has an Effect, Allow or Deny"),
    ],
)
def test_an_effect_that_there_is_not_is_named(effect: str | None, why: str) -> None:
    found = answer("Q2", {**SHUT, "Effect": effect})
    assert found.verdict == UNKNOWN
    assert [(one.why, one.element) for one in found.reasons] == [(why, "Effect")]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"IpAddress": {"aws:SourceIp": "300.1.1.1"}}, "300.1.1.1 is no address, and no range of them"),
        ({"NumericLessThan": {"s3:max-keys": "ten"}}, "ten is no number"),
        ({"DateLessThan": {"aws:CurrentTime": "never"}}, "never is no date"),
        ({"ArnLike": {"aws:SourceArn": "*"}}, "* is no ARN, which has six parts"),
    ],
)
def test_a_value_that_is_none_is_named(condition: dict[str, Any], why: str) -> None:
    found = answer("Q1", of(SHOP, Action="s3:ListBucket", Condition=condition))
    assert [one.why for one in found.reasons] == [why]


# What is said


@pytest.mark.parametrize(
    ("changed", "missed", "closes"),
    [
        (
            {"Action": None, "NotAction": "s3:ListBucket"},
            "its NotAction takes in s3:ListBucket",
            "Write Action s3:* in place of the NotAction of statement 1.",
        ),
        (
            {"Resource": None, "NotResource": SHOP},
            f"its NotResource matches {SHOP}",
            f"Write Resource {SHOP} in place of the NotResource of statement 1.",
        ),
        (
            {"Action": "s3:Get*"},
            "its Action does not take in s3:PutObject",
            "Let the Action of statement 1 take in s3:* too.",
        ),
        (
            {"Resource": SHOP},
            f"its Resource does not match {SHOP}/x",
            f"Let the Resource of statement 1 take in {IN_SHOP} too.",
        ),
    ],
)
def test_the_element_that_is_written_is_the_one_that_is_named(
    changed: dict[str, Any], missed: str, closes: str
) -> None:
    statement = {name: value for name, value in {**SHUT, **changed}.items() if value is not None}
    said = words("Q2", statement)
    assert f"statement 1 does not deny it: {missed}." in said.why
    assert said.closes == closes


def test_a_not_principal_spares_whom_it_names() -> None:
    statement = {name: value for name, value in SHUT.items() if name != "Principal"}
    said = words("Q2", {**statement, "NotPrincipal": {"Service": "logs.amazonaws.com"}}, bucket="shop")
    assert "statement 1 does not deny it: its NotPrincipal names the service logs.amazonaws.com." in said.why


def test_a_request_that_nothing_allows_is_said_to_be_one() -> None:
    assert words("Q2", {**SHUT, "Resource": SHOP}).why[-1] == "No statement allows it; an ACL may."
    only_theirs = {**SHUT, "Condition": {**HTTP, "Null": {"aws:PrincipalArn": "true"}}}
    assert words("Q2", only_theirs).why[-1] == "No statement allows it; a policy of their own may."
    assert "No statement allows it" not in str(words("Q2", {**SHUT, "Resource": SHOP}, READS).why)
    shown = as_json(question("Q2"), answer("Q2", {**SHUT, "Resource": SHOP}))
    assert shown["witness"]["allowed"] is False  # type: ignore[index]


def test_so_is_one_that_no_statement_is_about() -> None:
    uploads = {**READS, "Action": "s3:PutObject"}
    assert words("Q2", uploads).why == ("No statement says anything about it; an ACL may allow it.",)


def test_what_a_witness_carries_looks_like_what_requests_carry() -> None:
    def held(condition: dict[str, Any], key: str) -> Any:
        found = answer("Q1", {**READS, "Condition": condition})
        assert found.request is not None
        return found.request.context[key]

    assert held({"Null": {"aws:SourceVpce": "false"}}, "aws:sourcevpce") == "vpce-0aa11bb22cc33dd44"
    assert held({"StringLike": {"aws:SourceVpce": "vpce-0*"}}, "aws:sourcevpce") == "vpce-0aa11bb22cc33dd44"
    assert held({"StringLike": {"aws:SourceVpce": "vpce-1*"}}, "aws:sourcevpce") == "vpce-1"
    assert (
        held({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, "aws:sourcearn")
        == "arn:aws:s3:::another-bucket"
    )
    assert (
        held({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, "aws:requestedregion") == "us-east-1"
    )
    since = {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    assert held(since, "aws:currenttime") == "2027-01-01T00:00:00Z"


# Contexts


@pytest.mark.parametrize(
    ("name", "context", "said"),
    [
        ("Q7", {}, "presigned-limited needs max_age_ms in the context: the limit, in milliseconds"),
        ("Q7", {"max_age_ms": -1}, "presigned-limited needs max_age_ms"),
        (
            "Q7",
            {"signature_versions": ["v4"]},
            "signature_versions in the context is a list of AWS4-HMAC-SHA256 or AWS, not 'v4'",
        ),
        ("Q7", {"signature_versions": []}, "signature_versions in the context is empty; expected some of"),
        ("Q1", {"owner": "banana"}, "owner in the context is an account of twelve digits, not 'banana'"),
        ("Q1", {"owner": "1" * 12 + "\n"}, "owner in the context is an account of twelve digits"),
        (
            "Q1",
            {"bucket": "a b/*"},
            "bucket in the context is the name of a bucket, or the ARN of an access point, not 'a b/",
        ),
        ("Q1", {"partition": "moon"}, "partition in the context is one such as aws or aws-cn, not 'moon'"),
        ("Q1", {"mode": "loose"}, "mode in the context is semantic or literal, not 'loose'"),
        (
            "Q3",
            {"distributions": ["E1"]},
            "distributions in the context is a list of ARNs of distributions, not 'E1'",
        ),
        ("Q3", {"oai": ["E1"]}, "oai in the context is a list of ARNs of origin access identities"),
        ("Q4", {"required": "KMS"}, "required in the context is AES256, aws:kms or aws:kms:dsse, not 'KMS'"),
        ("Q4", {"default_encryption": {"alg": 5}}, "default_encryption in the context is an object such as"),
        ("Q4", {"default_encryption": []}, "default_encryption in the context is an object such as"),
        (
            "Q6",
            {"trusted": ["me"]},
            "trusted in the context is a list of accounts of twelve digits, or canonical ids, not 'me'",
        ),
        (
            "Q8",
            {"cidrs": ["banana"]},
            "cidrs in the context is a list of ranges of addresses such as 192.0.2.0/24, not 'banana'",
        ),
        (
            "Q8",
            {"vpce": ["x"]},
            "vpce in the context is a list of VPC endpoints such as vpce-0aa11bb22cc33dd44, not 'x'",
        ),
        ("Q8", {"vpcs": ["vpce-1"]}, "vpcs in the context is a list of VPCs such as"),
        (
            "Q5",
            {**ROLE, "role": "x"},
            "role in the context is the ARN of a role such as arn:aws:iam::444455556666:role/replication",
        ),
        (
            "Q5",
            {**ROLE, "replicate": ["delete_markers"]},
            "replicate in the context is a list of objects, tags or delete-markers",
        ),
        ("Q5", {**ROLE, "replicate": []}, "replicate in the context is empty"),
        (
            "Q5",
            {**ROLE, "key_policies": {"k": 5}},
            "key_policies in the context is delegate-to-account, or the policies",
        ),
        (
            "Q5",
            {**ROLE, "source_policy": "x"},
            "source_policy in the context is a policy: an object with statements",
        ),
        (
            "Q5",
            {**ROLE, "destination_owner": "x"},
            "destination_owner in the context is an account of twelve digits",
        ),
    ],
)
def test_a_context_that_holds_no_such_thing(name: str, context: Mapping[str, Any], said: str) -> None:
    with pytest.raises(ContextError) as raised:
        answer(name, READS, SHUT, **context)
    assert str(raised.value).startswith(said)


def test_a_context_that_holds_what_it_may() -> None:
    networks = {"vpce": ["vpce-0a"], "vpcs": ["vpc-0a"], "cidrs": ["192.0.2.0/24", "2001:db8::/32"]}
    whom = {
        "trusted": ["444455556666", "a" * 64],
        "oai": ["a" * 64],
        "partition": "aws",
        "owner": "444455556666",
    }
    how = {
        "required": "aws:kms:dsse",
        "default_encryption": {"alg": "aws:kms", "key": "k"},
        "mode": "literal",
    }
    for name in ("Q1", "Q3", "Q4", "Q4b", "Q6", "Q7", "Q8"):
        assert answer(name, READS, SHUT, **networks, **whom, **how, max_age_ms=1, bucket="shop").verdict
    assert Context().signature_versions == ("AWS4-HMAC-SHA256",)
