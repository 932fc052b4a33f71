"""What a live account tells of Object Lambda access points and no template can."""

import pytest

from s3audit.location import Location
from s3audit.model.access_point import AccessPoint, ObjectLambdaAccessPoint, ObjectTransformation
from s3audit.model.base import Resource
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.target import Function
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import literal
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("here")
OWN, REGION = "111122223333", "eu-west-1"
REDACT = f"arn:aws:lambda:{REGION}:{OWN}:function:redact"
THERE = Known(True, AT)
SUPPORT = f"arn:aws:s3:{REGION}:{OWN}:accesspoint/orders"


def point(function: str = REDACT, support: str = SUPPORT) -> ObjectLambdaAccessPoint:
    transformation = ObjectTransformation(at=AT, function=Known(literal(function), AT))
    return ObjectLambdaAccessPoint(
        address="redacted",
        at=AT,
        origin="live",
        title="redacted",
        account=Known(literal(OWN), AT),
        region=Known(literal(REGION), AT),
        supporting_access_point=Known(literal(support), AT),
        transformations=Known((Known(transformation, AT),), AT),
    )


def function(arn: str = REDACT, policy: Value | None = None, exists: Setting[bool] = THERE) -> Function:
    return Function(
        address=arn,
        at=AT,
        origin="live",
        title="redact",
        exists=exists,
        arn=Known(literal(arn), AT),
        account=Known(literal(OWN), AT),
        region=Known(literal(REGION), AT),
        policy=Known(policy, AT),
        permissions=Unset((), AT),
    )


def statement(who: str, **condition: str) -> Value:
    """A policy of one statement."""
    told = {"Effect": "Allow", "Principal": who, "Action": "lambda:InvokeFunction", "Resource": REDACT}
    members = [Member(name, Leaf(literal(value), AT), AT) for name, value in told.items()]
    if condition:
        keys = tuple(Member(f"aws:{key}", Leaf(literal(value), AT), AT) for key, value in condition.items())
        members.append(Member("Condition", Object((Member("StringEquals", Object(keys, AT), AT),), AT), AT))
    whole = Member("Statement", Array((Object(tuple(members), AT),), AT), AT)
    return Object((Member("Version", Leaf(literal("2012-10-17"), AT), AT), whole), AT)


def judge(check: str, subject: ObjectLambdaAccessPoint, *others: Resource, **seen: object) -> Verdict:
    estate = Estate([subject, *others], **seen)  # type: ignore[arg-type]
    return CHECKS[check].judge(subject, estate)


@pytest.mark.parametrize(
    ("arn", "there", "status"),
    [
        (REDACT, function(), Status.PASS),
        (f"{REDACT}:live", function(f"{REDACT}:live"), Status.PASS),
        (REDACT, function(exists=Known(False, AT)), Status.FAIL),
        (REDACT, function(exists=Unknown("it was denied", AT)), Status.UNKNOWN),
        (f"{REDACT}:live", function(), Status.UNKNOWN),
        (REDACT.replace(REGION, "us-east-1"), function(), Status.FAIL),
        (REDACT.replace(OWN, "444455556666"), function(), Status.FAIL),
    ],
)
def test_the_function(arn: str, there: Function, status: Status) -> None:
    assert judge("object-lambda-function", point(arn), there).status is status


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (statement("*"), Status.FAIL),
        (statement("*", SourceAccount=OWN), Status.PASS),
        (statement("*", PrincipalOrgID="o-a1b2c3d4e5"), Status.PASS),
        (statement("*", SourceArn="arn:aws:s3:::orders"), Status.PASS),
        (Unknown("it was denied", AT), Status.UNKNOWN),
    ],
)
def test_the_policy_of_the_function(policy: Value, status: Status) -> None:
    there = function(policy=policy)
    assert judge("object-lambda-function", point(), there).status is status


SUPPORTING = AccessPoint(
    address=SUPPORT,
    at=AT,
    origin="live",
    title="orders",
    account=Known(literal(OWN), AT),
    region=Known(literal(REGION), AT),
    name=Known(literal("orders"), AT),
)
LISTED = Listing("access-point", OWN, REGION)


@pytest.mark.parametrize(
    ("support", "status"),
    [
        (SUPPORT, Status.PASS),
        (SUPPORT.replace("orders", "photos"), Status.FAIL),
        (SUPPORT.replace(REGION, "us-east-1"), Status.FAIL),
        (SUPPORT.replace(OWN, "444455556666"), Status.UNKNOWN),
        (SUPPORT.replace(":s3:", ":s3-object-lambda:"), Status.FAIL),
        (f"arn:aws:s3::{OWN}:accesspoint/m1a2b3c4d5e6f.mrap", Status.FAIL),
        ("arn:aws:s3:::orders", Status.FAIL),
        ("orders", Status.FAIL),
    ],
)
def test_the_supporting_access_point(support: str, status: Status) -> None:
    found = judge(
        "object-lambda-supporting-access-point", point(support=support), SUPPORTING, listings=[LISTED]
    )
    assert found.status is status


def test_access_points_that_nobody_may_list() -> None:
    gap = Unlisted("access-point", OWN, REGION, "it was denied")
    found = judge("object-lambda-supporting-access-point", point(), not_listed=[gap])
    assert found.status is Status.UNKNOWN
