"""Edge cases of what is asked of bucket policies, each a policy in a template or in an account."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from s3audit.collectors import cloudformation
from s3audit.collectors.documents.files import File, Options
from s3audit.location import NOWHERE
from s3audit.model.bucket import Bucket
from s3audit.model.expectation import Expectation, Trust
from s3audit.setting import Known, Unknown
from s3audit.text import text
from s3audit.verdict import Severity, Verdict
from tests.checks.examples import CHECKS

OPTIONS = Options({}, False, 10_000_000, lambda _: None)
ARN = "arn:aws:s3:::shop-orders"
OBJECTS = f"{ARN}/*"
PARTNER = "arn:aws:iam::444455556666:root"
DELETING = {"Action": ["s3:DeleteBucket", "s3:DeleteObjectVersion"], "Resource": [ARN, OBJECTS]}
CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def judge(
    check: str,
    *statements: dict[str, Any],
    account: str | Unknown = "",
    expected: Expectation | None = None,
    parameters: tuple[str, ...] = (),
    **properties: object,
) -> Verdict:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    template = {
        "Parameters": {name: {"Type": "String"} for name in parameters},
        "Resources": {
            "Shop": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
            "Orders": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "shop-orders", **properties}},
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {"Bucket": {"Ref": "Orders"}, "PolicyDocument": document},
            },
        },
    }
    (world,) = cloudformation.collect([File("t.json", json.dumps(template).encode())], OPTIONS).worlds
    estate = world.estate
    if expected is not None:
        estate.expectations = (expected,)
    bucket = next(iter(estate.all(Bucket)))
    if account != "":
        told = account if isinstance(account, Unknown) else Known(text(account), bucket.at)
        bucket = replace(bucket, account=told)
    found = CHECKS[check]
    verdict = found.judge(bucket, estate) if found.wants_estate else found.judge(bucket)
    assert isinstance(verdict, Verdict)
    return verdict


def allow(**more: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": OBJECTS, **more}


def deny(**more: object) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [ARN, OBJECTS], **more}


def when(operator: str, key: str, value: object) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


def notes(verdict: Verdict) -> list[str]:
    return [evidence.note for evidence in verdict.evidence]


# Everybody


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (when("IpAddress", "aws:SourceIp", "0.0.0.0/0"), "fail"),
        (when("IpAddress", "aws:SourceIp", "16.0.0.0/7"), "fail"),
        (when("IpAddress", "aws:SourceIp", "17.0.0.0/8"), "pass"),
        (when("IpAddress", "aws:SourceIp", "2001:db8::/31"), "fail"),
        (when("IpAddress", "aws:SourceIp", "2001:db8::/32"), "pass"),
        (when("Bool", "aws:SecureTransport", "true"), "fail"),
        (when("StringLike", "s3:prefix", "open/*"), "fail"),
        (when("StringEquals", "aws:PrincipalOrgID", {"Ref": "Organization"}), "pass"),
        (when("StringLike", "aws:PrincipalOrgID", {"Ref": "Organization"}), "unknown"),
        (when("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}"), "unknown"),
        (when("StringLike", "aws:userid", "AROADBQP57FF2AEXAMPLE:*"), "pass"),
        (when("Null", "aws:PrincipalOrgID", "false"), "fail"),
        (when("StringEquals", "s3:ExistingObjectTag/shown", "yes"), "pass"),
    ],
)
def test_what_keeps_nobody_out(condition: dict[str, Any], wanted: str) -> None:
    statement = allow(Action=["s3:GetObject", "s3:ListBucket"], Resource=[ARN, OBJECTS], **condition)
    found = judge("policy-weak-condition", statement, parameters=("Organization",))
    assert found.status.value == wanted, notes(found)


def test_each_of_both_tells_of_its_own_statement() -> None:
    weak = allow(Sid="Weak", **when("StringLike", "aws:Referer", "https://shop.example.com/*"))
    bare = allow(Sid="Bare")
    by_weak, by_bare = (
        judge(check, weak, bare) for check in ("policy-weak-condition", "policy-wildcard-principal")
    )
    assert {e.at.address for e in by_weak.evidence} == {
        "Resources.Policy.Properties.PolicyDocument.Statement[0].Condition.StringLike.aws:Referer"
    }
    assert {e.at.address for e in by_bare.evidence} == {
        "Resources.Policy.Properties.PolicyDocument.Statement[1].Principal"
    }


def test_a_statement_about_another_bucket_lets_nobody_in() -> None:
    found = judge("policy-wildcard-principal", allow(Resource="arn:aws:s3:::shop-photos/*"))
    assert found.status.value == "pass"


def test_a_role_of_the_input_is_not_everybody() -> None:
    role = {"Fn::GetAtt": ["Shop", "Arn"]}
    assert judge("policy-wildcard-principal", allow(Principal={"AWS": role})).status.value == "pass"
    own = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}
    assert judge("policy-wildcard-principal", allow(Principal={"AWS": own})).status.value == "pass"


# Actions


@pytest.mark.parametrize(
    ("action", "resource", "wanted"),
    [
        ("s3:*", ARN, "fail"),
        ("S3:PUT*", ARN, "fail"),
        ("s3:*BucketPolicy", ARN, "fail"),
        ("s3:*", f"{ARN}*", "fail"),
        ("*", "*", "fail"),
        ("s3:PutBucketPolicy", ARN, "pass"),
        ("s3:Get*", ARN, "pass"),
        ("s3:*", OBJECTS, "pass"),
        ("s3:*", "arn:aws:s3:::shop-photos", "pass"),
    ],
)
def test_which_patterns_are_about_everything(action: str, resource: str, wanted: str) -> None:
    found = judge(
        "policy-wildcard-action", allow(Principal={"AWS": PARTNER}, Action=action, Resource=resource)
    )
    assert found.status.value == wanted, notes(found)


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        ({"AWS": PARTNER}, Severity.MEDIUM),
        ({"AWS": "arn:aws:iam::777788889999:role/shop"}, None),
        ({"AWS": [PARTNER, "777788889999"]}, None),
        ({"Service": "config.amazonaws.com"}, None),
    ],
)
def test_everything_for_the_own_account_is_less_grave(
    principal: dict[str, Any], severity: Severity | None
) -> None:
    statement = allow(Principal=principal, Action="s3:*", Resource=ARN)
    assert judge("policy-wildcard-action", statement, account="444455556666").severity is severity


@pytest.mark.parametrize(
    ("action", "resource", "wanted"),
    [
        ("s3:GetObject", ARN, "fail"),
        ("s3:listbucket", OBJECTS, "fail"),
        ("s3:GetObject", f"{ARN}*", "pass"),
        ("s3:ListBucket", f"{ARN}*", "pass"),
        ("s3:GetObject", f"{ARN}/open/${{aws:username}}/*", "pass"),
        ("s3:Get*", ARN, "pass"),
        ("s3:GetObject", "arn:aws:s3:::shop-*/*", "pass"),
        ("s3:GetObject", "arn:aws:s3:::shop-photos/*", "fail"),
        ("s3:NoSuchAction", ARN, "pass"),
        ("s3:GetObject", {"Fn::Sub": "arn:aws:s3:::${Elsewhere}/*"}, "unknown"),
        ({"Ref": "Elsewhere"}, OBJECTS, "unknown"),
        ({"Ref": "Elsewhere"}, f"{ARN}*", "pass"),
    ],
)
def test_which_actions_meet_their_resource(action: object, resource: object, wanted: str) -> None:
    statement = allow(Principal={"AWS": PARTNER}, Action=action, Resource=resource)
    found = judge("policy-action-resource-mismatch", statement, parameters=("Elsewhere",))
    assert found.status.value == wanted, notes(found)


# Who is spared


@pytest.mark.parametrize(
    ("spared", "wanted"),
    [
        (["arn:aws:iam::444455556666:role/a"], "fail"),
        (["arn:aws:iam::444455556666:role/a", PARTNER], "fail"),
        (["arn:aws:iam::444455556666:role/a", "arn:aws:sts::444455556666:assumed-role/a/x"], "fail"),
        (["arn:aws:iam::444455556666:role/a", PARTNER, "arn:aws:sts::444455556666:assumed-role/b/x"], "fail"),
        (
            [
                "arn:aws:iam::444455556666:role/p/a",
                "444455556666",
                "arn:aws:sts::444455556666:assumed-role/a/x",
            ],
            "pass",
        ),
        (["arn:aws:iam::444455556666:user/u"], "fail"),
        (["arn:aws:iam::444455556666:user/u", PARTNER], "pass"),
        ([PARTNER], "pass"),
    ],
)
def test_whom_notprincipal_spares_in_full(spared: list[str], wanted: str) -> None:
    statement = {
        key: value for key, value in deny(NotPrincipal={"AWS": spared}).items() if key != "Principal"
    }
    found = judge("policy-deny-notprincipal", statement)
    assert found.status.value == wanted, notes(found)


# Other accounts

TRUSTING = Expectation(at=NOWHERE, trust=Trust(accounts=("777788889999",), organizations=("o-a1b2c3d4e5",)))


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"Principal": {"AWS": PARTNER}}, "fail"),
        ({"Principal": {"AWS": "777788889999"}}, "pass"),
        (
            {"Principal": {"AWS": PARTNER}, **when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")},
            "pass",
        ),
        (
            {"Principal": {"AWS": PARTNER}, **when("StringEquals", "aws:PrincipalOrgID", "o-f6g7h8i9j0")},
            "fail",
        ),
        (
            {
                "Principal": "*",
                **when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*"),
            },
            "pass",
        ),
        ({"Principal": "*", **when("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d")}, "pass"),
        ({"Principal": "*"}, "pass"),
        ({"Principal": {"Federated": "arn:aws:iam::444455556666:saml-provider/x"}}, "fail"),
        (
            {
                "Principal": {
                    "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
                }
            },
            "fail",
        ),
        (
            {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1A2B3"}},
            "pass",
        ),
        ({"Principal": {"AWS": {"Ref": "Partner"}}}, "unknown"),
    ],
)
def test_which_accounts_are_trusted(more: dict[str, Any], wanted: str) -> None:
    found = judge("policy-cross-account-untrusted", allow(**more), expected=TRUSTING, parameters=("Partner",))
    assert found.status.value == wanted, notes(found)


def test_an_account_is_the_own_one_only_where_that_is_told() -> None:
    statement = allow(Principal={"AWS": PARTNER})
    check = "policy-cross-account-untrusted"
    own = judge(check, statement, expected=TRUSTING, account="444455556666")
    other = judge(check, statement, expected=TRUSTING, account="111122223333")
    gap = judge(check, statement, expected=TRUSTING, account=Unknown("the call was denied", NOWHERE))
    assert (own.status.value, other.status.value, gap.status.value) == ("pass", "fail", "unknown")
    assert notes(other) == ["the account 444455556666 may do s3:GetObject on arn:aws:s3:::shop-orders/x"]


def test_without_a_list_nobody_is_a_stranger() -> None:
    found = judge("policy-cross-account-untrusted", allow(Principal={"AWS": PARTNER}))
    assert (found.status.value, notes(found)) == ("not_applicable", ["nobody said which accounts to trust"])


@pytest.mark.parametrize(
    ("action", "resource", "expected", "severity"),
    [
        ("s3:PutBucketAcl", ARN, None, Severity.HIGH),
        ("s3:PutBucketAcl", ARN, TRUSTING, Severity.CRITICAL),
        ("s3:PutObjectAcl", OBJECTS, None, Severity.HIGH),
        ("s3:DeleteBucketPolicy", ARN, TRUSTING, Severity.LOW),
        ("s3:GetObject", OBJECTS, TRUSTING, None),
    ],
)
def test_how_grave_administration_from_outside_is(
    action: str, resource: str, expected: Expectation | None, severity: Severity | None
) -> None:
    statement = allow(Principal={"AWS": PARTNER}, Action=action, Resource=resource)
    assert judge("policy-cross-account-admin", statement, expected=expected).severity is severity


def test_a_trusted_account_that_administers_is_less_grave() -> None:
    statement = allow(Principal={"AWS": "777788889999"}, Action="s3:PutBucketAcl", Resource=ARN)
    assert judge("policy-cross-account-admin", statement, expected=TRUSTING).severity is Severity.HIGH


# Locked out

ADMIN = "arn:aws:iam::444455556666:role/admin"


@pytest.mark.parametrize(
    ("statements", "wanted"),
    [
        ([deny()], "fail, HIGH"),
        ([deny(**when("StringNotEquals", "aws:SourceVpce", "vpce-1"))], "fail, MEDIUM"),
        ([deny(**when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"))], "fail, MEDIUM"),
        ([deny(**when("NotIpAddress", "aws:SourceIp", ["0.0.0.0/0", "::/0"]))], "pass"),
        ([deny(**when("StringNotEquals", "aws:PrincipalAccount", "444455556666"))], "pass"),
        ([deny(**when("ArnNotLike", "aws:PrincipalArn", ADMIN))], "pass"),
        ([deny(**when("ArnNotLike", "aws:PrincipalArn", PARTNER))], "fail, HIGH"),
        ([deny(**when("StringNotLike", "aws:userid", "AROADBQP57FF2AEXAMPLE:*"))], "pass"),
        ([deny(**when("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"))], "pass"),
        ([deny(**when("NumericLessThan", "s3:TlsVersion", "1.2"))], "pass"),
        ([deny(Action="s3:PutBucketPolicy")], "pass"),
        ([deny(Action="s3:PutBucketPolicy"), deny(Action="s3:Delete*")], "fail, HIGH"),
        ([deny(Principal={"AWS": PARTNER})], "fail, HIGH"),
        ([deny(Principal={"AWS": ADMIN})], "pass"),
    ],
)
def test_who_can_still_repair_it(statements: list[dict[str, Any]], wanted: str) -> None:
    found = judge("policy-lockout", *statements, account="444455556666")
    severity = f", {found.severity.name}" if found.severity is not None else ""
    assert f"{found.status.value}{severity}" == wanted, notes(found)


def test_an_account_that_is_written_out_may_be_the_one_it_is_deployed_to() -> None:
    statement = deny(**when("ArnNotLike", "aws:PrincipalArn", ADMIN))
    gap = Unknown("the call was denied", NOWHERE)
    found = [judge("policy-lockout", statement, account=one) for one in ("", "777788889999", gap)]
    assert [one.status.value for one in found] == ["unknown", "fail", "unknown"]
    assert notes(found[0]) == ["whether its own account is 444455556666 is not known"]


# Services


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, "fail"),
        (when("StringEquals", "aws:SourceAccount", {"Ref": "Account"}), "pass"),
        (when("StringEquals", "aws:SourceAccount", "${aws:ResourceAccount}"), "pass"),
        (when("StringEqualsIfExists", "aws:SourceAccount", "444455556666"), "fail"),
        (when("StringNotEquals", "aws:SourceAccount", "444455556666"), "fail"),
        (when("ArnLike", "aws:SourceArn", "arn:aws:cloudtrail:*:444455556666:trail/*"), "pass"),
        (when("ArnLike", "aws:SourceArn", "arn:aws:cloudtrail:*:*:trail/main"), "fail"),
        (when("StringLike", "aws:SourceOrgID", "o-*"), "fail"),
        (when("StringEquals", "s3:x-amz-acl", "bucket-owner-full-control"), "fail"),
    ],
)
def test_what_pins_a_service(more: dict[str, Any], wanted: str) -> None:
    statement = allow(Principal=CLOUDTRAIL, Action="s3:PutObject", **more)
    found = judge("policy-service-confused-deputy", statement, parameters=("Account",))
    assert found.status.value == wanted, notes(found)


@pytest.mark.parametrize(
    ("service", "wanted"),
    [
        ({"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}, "fail"),
        ({"Ref": "Service"}, "unknown"),
        ("logdelivery.elasticloadbalancing.amazonaws.com", "not_applicable"),
    ],
)
def test_which_services_are_asked(service: object, wanted: str) -> None:
    statement = allow(Principal={"Service": service}, Action="s3:PutObject")
    found = judge("policy-service-confused-deputy", statement, parameters=("Service",))
    assert found.status.value == wanted, notes(found)


def test_a_service_that_reads_objects_is_graver() -> None:
    found = [
        judge(
            "policy-service-confused-deputy",
            allow(Principal=CLOUDTRAIL, Action=action, Resource=[ARN, OBJECTS]),
        )
        for action in ("s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:GetBucketAcl")
    ]
    assert [one.severity for one in found] == [Severity.HIGH, Severity.HIGH, None, None]


def test_without_services_there_is_no_deputy() -> None:
    found = judge("policy-service-confused-deputy", allow(Principal={"AWS": PARTNER}))
    assert found.status.value == "not_applicable"


# Guards

CRITICAL = Expectation(at=NOWHERE, roles=("critical",))


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        (deny(**DELETING), "pass"),
        (
            deny(**DELETING, **when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/breakglass-*")),
            "pass",
        ),
        (deny(**DELETING, **when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:*")), "fail"),
        (deny(**DELETING, **when("StringNotLike", "aws:userid", "AROADBQP57FF2AEXAMPLE:*")), "pass"),
        (deny(**DELETING, **when("Bool", "aws:SecureTransport", "false")), "fail"),
        (deny(Action="s3:DeleteBucket", Resource=ARN), "fail"),
        (deny(Action="s3:DeleteObject"), "fail"),
    ],
)
def test_what_guards_against_deletion(statement: dict[str, Any], wanted: str) -> None:
    found = judge("policy-delete-guard", statement, account="444455556666", expected=CRITICAL)
    assert found.status.value == wanted, notes(found)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (when("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"), "pass"),
        (when("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"), "pass"),
        (when("StringNotEquals", "aws:PrincipalOrgID", "o-f6g7h8i9j0"), "fail"),
        (when("StringNotEquals", "aws:PrincipalAccount", ["777788889999", "444455556666"]), "pass"),
        ({}, "pass"),
        (when("Bool", "aws:SecureTransport", "false"), "fail"),
        ({"Resource": ARN, **when("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")}, "fail"),
        (
            {
                "Condition": {
                    "StringNotEqualsIfExists": {
                        "aws:PrincipalOrgID": "o-a1b2c3d4e5",
                        "aws:PrincipalTag/dp:exclude": "true",
                    },
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
                }
            },
            "pass",
        ),
    ],
)
def test_what_keeps_other_organizations_out(more: dict[str, Any], wanted: str) -> None:
    found = judge("policy-data-perimeter-org", deny(**more), account="444455556666", expected=TRUSTING)
    assert found.status.value == wanted, notes(found)
