"""What only live accounts tell: the policy of an Access Grants instance, and roles that something limits."""

import pytest
from msgspec.structs import replace

from s3audit.location import Location
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from s3audit.model.base import Resource
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate, Unlisted
from s3audit.model.expectation import Expectation, Trust
from s3audit.model.identity import NamedPolicy, Role
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("arn:aws:iam::111122223333:root", "grants")
GAP = Unknown("the call was denied", AT)
NUMBER, PARTNER = "111122223333", "444455556666"
ARN = f"arn:aws:s3:eu-west-1:{NUMBER}:access-grants/default"
HERE = {"account": Known(text(NUMBER), AT), "region": Known(text("eu-west-1"), AT)}


def document(value: object) -> Value:
    match value:
        case dict():
            return Object(tuple(Member(name, document(one), AT) for name, one in value.items()), AT)
        case list():
            return Array(tuple(map(document, value)), AT)
        case _:
            return Leaf(text(str(value)), AT)


def policy(*statements: dict[str, object]) -> Known[Value | None]:
    return Known(document({"Version": "2012-10-17", "Statement": list(statements)}), AT)


def letting(principal: object, **changed: object) -> Known[Value | None]:
    made = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetDataAccess", "Resource": ARN}
    return policy(made | changed)


def instance(written: Setting[Value | None]) -> AccessGrantsInstance:
    return AccessGrantsInstance(address=ARN, at=AT, origin="live", policy=written, **HERE)  # type: ignore[arg-type]


def grant(who: str, kind: str = "IAM") -> AccessGrant:
    return AccessGrant(
        address=f"{ARN}/grant/1",
        at=AT,
        origin="live",
        grantee_type=Known(kind, AT),
        grantee=Known(text(who), AT),
        **HERE,  # type: ignore[arg-type]
    )


def trusting(*accounts: str, organizations: tuple[str, ...] = ()) -> Expectation:
    return Expectation(at=AT, trust=Trust(accounts=accounts, organizations=organizations))


def judge(check: str, subject: Resource, *others: Resource, said: tuple[Expectation, ...] = ()) -> Verdict:
    estate = Estate([subject, *others])
    estate.expectations = said
    return CHECKS[check].judge(subject, estate)


def in_organization(name: str) -> dict[str, object]:
    return {"StringEquals": {"aws:PrincipalOrgID": name}}


@pytest.mark.parametrize(
    ("written", "said", "status", "severity"),
    [
        (Known(None, AT), (), Status.PASS, None),
        (letting({"AWS": NUMBER}), (), Status.PASS, None),
        # Who they are is told all the same.
        (letting({"AWS": PARTNER}), (), Status.NOT_APPLICABLE, None),
        (letting({"AWS": PARTNER}), (trusting(PARTNER),), Status.PASS, None),
        (letting({"AWS": PARTNER}), (trusting(),), Status.FAIL, None),
        (letting({"AWS": f"arn:aws:iam::{PARTNER}:role/reader"}), (trusting(),), Status.FAIL, None),
        (letting("*"), (), Status.FAIL, Severity.CRITICAL),
        (letting({"AWS": "*"}), (trusting(PARTNER),), Status.FAIL, Severity.CRITICAL),
        (
            letting({"AWS": "*"}, Condition=in_organization("o-1")),
            (trusting(organizations=("o-1",)),),
            Status.PASS,
            None,
        ),
        (
            letting({"AWS": "*"}, Condition=in_organization("o-2")),
            (trusting(organizations=("o-1",)),),
            Status.FAIL,
            None,
        ),
        (letting({"AWS": PARTNER}, Effect="Deny"), (trusting(),), Status.PASS, None),
        (GAP, (trusting(),), Status.UNKNOWN, None),
    ],
)
def test_whom_the_policy_of_an_instance_lets_in(
    written: Setting[Value | None],
    said: tuple[Expectation, ...],
    status: Status,
    severity: Severity | None,
) -> None:
    found = judge("access-grants-cross-account", instance(written), said=said)
    assert found.status is status
    assert found.severity is severity


@pytest.mark.parametrize(
    ("given", "said", "status"),
    [
        (grant(f"arn:aws:iam::{NUMBER}:role/reports"), (trusting(),), Status.PASS),
        (grant(f"arn:aws:iam::{PARTNER}:role/reports"), (trusting(),), Status.FAIL),
        (grant(f"arn:aws:iam::{PARTNER}:role/reports"), (trusting(PARTNER),), Status.PASS),
        (grant(f"arn:aws:iam::{PARTNER}:role/reports"), (), Status.NOT_APPLICABLE),
        (grant("83d43802-00b1", "DIRECTORY_USER"), (trusting(),), Status.PASS),
        (
            replace(grant(f"arn:aws:iam::{PARTNER}:role/reports"), region=Known(text("us-east-1"), AT)),
            (trusting(),),
            Status.PASS,
        ),
    ],
    ids=["own", "foreign", "trusted", "nothing said", "a person", "of another Region"],
)
def test_grantees(given: AccessGrant, said: tuple[Expectation, ...], status: Status) -> None:
    found = judge("access-grants-cross-account", instance(Known(None, AT)), given, said=said)
    assert found.status is status


def test_grants_that_could_not_be_listed_leave_it_open() -> None:
    subject = instance(Known(None, AT))
    unlisted = Unlisted("access-grant", NUMBER, "eu-west-1", "the call was denied")
    estate = Estate([subject], not_listed=(unlisted,))
    assert CHECKS["access-grants-cross-account"].judge(subject, estate).status is Status.UNKNOWN


def role(*statements: dict[str, object], **changed: object) -> Role:
    inline = NamedPolicy(at=AT, name=Known(text("own"), AT), document=policy(*statements))
    made: dict[str, object] = {
        "name": Known(text("grants"), AT),
        "path": Known(text("/"), AT),
        "arn": Known(text(f"arn:aws:iam::{NUMBER}:role/grants"), AT),
        "policies": Known((Known(inline, AT),), AT),
        "attached_policies": Known((), AT),
        "permissions_boundary": Known(None, AT),
        "assume_role_policy": policy(
            {"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}
        ),
        **HERE,
    }
    return Role(address="role/grants", at=AT, origin="live", **(made | changed))  # type: ignore[arg-type]


def allow(action: object, resource: object = "*", **changed: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | changed


def location(scope: str) -> AccessGrantsLocation:
    return AccessGrantsLocation(
        address=f"{ARN}/location/default",
        at=AT,
        origin="live",
        scope=Known(text(scope), AT),
        role=Known(text(f"arn:aws:iam::{NUMBER}:role/grants"), AT),
        **HERE,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("scope", "holder", "status", "severity"),
    [
        ("s3://", role(allow(["s3:GetObject", "s3:PutObject"])), Status.PASS, None),
        ("s3://", role(allow("s3:PutBucketPolicy")), Status.FAIL, Severity.HIGH),
        ("s3://", role(allow("iam:PassRole")), Status.FAIL, Severity.HIGH),
        ("s3://", role(allow("s3:BypassGovernanceRetention")), Status.FAIL, Severity.HIGH),
        (
            "s3://",
            role(allow("s3:*"), allow("s3:PutBucketPolicy", Effect="Deny")),
            Status.FAIL,
            Severity.HIGH,
        ),
        # A Deny takes it back.
        (
            "s3://",
            role(
                allow(["s3:GetObject", "s3:PutBucketPolicy"]),
                {"Effect": "Deny", "Action": "s3:PutBucketPolicy", "Resource": "*"},
            ),
            Status.PASS,
            None,
        ),
        ("s3://orders", role(allow("s3:GetObject", "arn:aws:s3:::orders/*")), Status.PASS, None),
        ("s3://orders", role(allow("s3:GetObject", "arn:aws:s3:::*")), Status.FAIL, Severity.LOW),
        ("s3://orders", role(allow("s3:GetObject", "arn:aws:s3:::photos/*")), Status.FAIL, Severity.LOW),
        ("s3://orders/a/*", role(allow("s3:GetObject", "arn:aws:s3:::orders/a/*")), Status.PASS, None),
        ("s3://orders/a/*", role(allow("s3:GetObject", "arn:aws:s3:::orders/*")), Status.FAIL, Severity.LOW),
        ("s3://orders/a/*", role(allow("s3:ListBucket", "arn:aws:s3:::orders")), Status.PASS, None),
        ("s3://", role(allow("s3:*"), attached_policies=GAP), Status.UNKNOWN, None),
        ("s3://", role(allow("s3:*"), permissions_boundary=GAP), Status.UNKNOWN, None),
        (
            "s3://",
            role(allow("s3:GetObject"), arn=Known(text("arn:aws:iam::1:role/x"), AT)),
            Status.UNKNOWN,
            None,
        ),
    ],
)
def test_what_the_role_of_a_location_may(
    scope: str, holder: Role, status: Status, severity: Severity | None
) -> None:
    found = judge("access-grants-location-scope", location(scope), holder)
    assert found.status is status
    assert found.severity is severity


def trust_of(principal: object) -> Known[Value | None]:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


@pytest.mark.parametrize(
    ("holder", "status", "severity"),
    [
        (role(allow("*")), Status.FAIL, None),
        (role(allow("s3:list*")), Status.FAIL, None),
        (role(allow("s3:GetObject*")), Status.PASS, None),
        (role(allow("s3:*", "arn:aws:s3:::orders*")), Status.PASS, None),
        (role(allow("s3:*", "arn:aws:s3:::*/*")), Status.FAIL, None),
        (role(allow("s3:*", Effect="Deny")), Status.PASS, None),
        (role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), Status.FAIL, None),
        (role({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), Status.PASS, None),
        (
            role({"Effect": "Allow", "Action": "s3:Put*", "NotResource": "arn:aws:s3:::orders/*"}),
            Status.FAIL,
            None,
        ),
        (role(allow("s3:*"), assume_role_policy=trust_of("*")), Status.FAIL, Severity.HIGH),
        (role(allow("s3:*"), assume_role_policy=trust_of({"AWS": PARTNER})), Status.FAIL, Severity.HIGH),
        (role(allow("s3:*"), assume_role_policy=trust_of({"AWS": NUMBER})), Status.FAIL, None),
        (
            role(
                allow("s3:GetObject"),
                attached_policies=Known((Known(text("arn:aws:iam::aws:policy/AmazonS3FullAccess"), AT),), AT),
            ),
            Status.PASS,
            None,
        ),
        (role(allow("s3:GetObject"), attached_policies=GAP), Status.UNKNOWN, None),
    ],
)
def test_broad_rights_of_a_role(holder: Role, status: Status, severity: Severity | None) -> None:
    found = judge("access-iam-broad-s3", holder)
    assert found.status is status
    assert found.severity is severity


def test_a_name_of_which_half_is_known_is_one_bucket() -> None:
    resource = Leaf(Text(("arn:aws:s3:::", Opaque("Bucket"), "/*")), AT)
    statement = Object(
        tuple(
            Member(name, value, AT)
            for name, value in (
                ("Effect", document("Allow")),
                ("Action", document("s3:*")),
                ("Resource", resource),
            )
        ),
        AT,
    )
    written: Known[Value | None] = Known(Object((Member("Statement", Array((statement,), AT), AT),), AT), AT)
    inline = NamedPolicy(at=AT, name=Known(text("own"), AT), document=written)
    assert judge("access-iam-broad-s3", role(policies=Known((Known(inline, AT),), AT))).status is Status.PASS
