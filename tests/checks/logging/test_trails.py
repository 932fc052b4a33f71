"""Trails that record their own logs: operators, places and prefixes that the examples leave out."""

import pytest

from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.trail import AdvancedEventSelector, DataResource, EventSelector, FieldSelector, Trail
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
AT = Location("account", "trail")
GAP = Unknown("the call was denied", AT)
ACCOUNT = "111122223333"
OPERATORS = ("equals", "not_equals", "starts_with", "not_starts_with", "ends_with", "not_ends_with")


def known(value: str) -> Setting[Text]:
    return Known(text(value), AT)


def field(name: str, **operators: str) -> FieldSelector:
    values = {
        operator: Known((known(operators[operator]),), AT) if operator in operators else Unset((), AT)
        for operator in OPERATORS
    }
    return FieldSelector(at=AT, field=Known(name, AT), **values)  # type: ignore[arg-type]


def objects(*further: FieldSelector, kind: str = "AWS::S3::Object") -> AdvancedEventSelector:
    fields = (field("eventCategory", equals="Data"), field("resources.type", equals=kind), *further)
    return AdvancedEventSelector(at=AT, fields=Known(tuple(Known(one, AT) for one in fields), AT))


def below(*values: str, read_write: str = "All") -> EventSelector:
    data = DataResource(
        type=Known("AWS::S3::Object", AT), values=Known(tuple(known(value) for value in values), AT)
    )
    return EventSelector(
        at=AT, read_write=Known(read_write, AT), data_resources=Known((Known(data, AT),), AT)
    )


def trail(*selectors: EventSelector | AdvancedEventSelector, **changed: object) -> Trail:
    made = {
        "account": known(ACCOUNT),
        "home_region": known("eu-west-1"),
        "bucket": known("logs"),
        "prefix": Known(None, AT),
        "logging": Known(True, AT),
        "multi_region": Known(False, AT),
        "organization": Known(False, AT),
        "selectors": Known(tuple(Known(s, AT) for s in selectors if isinstance(s, EventSelector)), AT),
        "advanced_selectors": Known(
            tuple(Known(s, AT) for s in selectors if isinstance(s, AdvancedEventSelector)), AT
        ),
        **changed,
    }
    return Trail(address="trail", at=AT, origin="live", **made)  # type: ignore[arg-type]


def logs(**changed: object) -> Bucket:
    made = {"name": known("logs"), "account": known(ACCOUNT), "region": known("eu-west-1"), **changed}
    return Bucket(address="logs", at=AT, origin="live", **made)  # type: ignore[arg-type]


def judge(one: Trail, bucket: Bucket) -> Verdict:
    return CHECKS["logging-cloudtrail-loop"].judge(one, Estate([one, bucket]))


def arns(**operators: str) -> AdvancedEventSelector:
    return objects(field("resources.ARN", **operators))


@pytest.mark.parametrize(
    ("selector", "status"),
    [
        (objects(), FAIL),
        (objects(kind="AWS::Lambda::Function"), NONE),
        (objects(field("readOnly", equals="false")), FAIL),
        (objects(field("readOnly", equals="true")), PASS),
        (objects(field("eventName", equals="PutObject")), FAIL),
        (objects(field("eventName", equals="DeleteObject")), PASS),
        (objects(field("eventName", not_equals="PutObject")), PASS),
        (objects(field("eventName", starts_with="Put")), FAIL),
        (objects(field("userIdentity.arn", starts_with="arn:aws:iam::")), OPEN),
        (objects(field("readOnly", equals="true"), field("userIdentity.arn", equals="x")), PASS),
        (arns(starts_with="arn:aws:s3:::"), FAIL),
        (arns(starts_with="arn:aws:s3:::logs/"), FAIL),
        (arns(starts_with="arn:aws:s3:::orders/"), PASS),
        (arns(starts_with="arn:aws:s3:::logs/reports/"), PASS),
        (arns(starts_with=f"arn:aws:s3:::logs/AWSLogs/{ACCOUNT}/"), FAIL),
        (arns(starts_with=f"arn:aws:s3:::logs/AWSLogs/{ACCOUNT}/CloudTrail/"), OPEN),
        (arns(not_starts_with="arn:aws:s3:::logs/"), PASS),
        (arns(not_starts_with="arn:aws:s3:::logs"), PASS),
        (arns(not_starts_with="arn:aws:s3:::logs/AWSLogs/"), PASS),
        (arns(not_starts_with="arn:aws:s3:::orders/"), FAIL),
        (arns(not_equals="arn:aws:s3:::logs"), FAIL),
        (arns(equals="arn:aws:s3:::logs/one"), PASS),
        (arns(not_ends_with=".gz"), OPEN),
        (arns(starts_with="arn:aws:s3:::orders/", not_ends_with=".gz"), PASS),
        (below("arn:aws:s3"), FAIL),
        (below("arn:aws:s3:::orders/", "arn:aws:s3:::logs/"), FAIL),
        (below("arn:aws:s3:::orders/"), PASS),
        (below("arn:aws:s3", read_write="ReadOnly"), PASS),
        (below("arn:aws:s3", read_write="WriteOnly"), FAIL),
        (below(), PASS),
    ],
)
def test_what_a_selector_takes_in(selector: EventSelector | AdvancedEventSelector, status: Status) -> None:
    assert judge(trail(selector), logs()).status is status


def test_one_selector_is_enough() -> None:
    assert judge(trail(arns(not_starts_with="arn:aws:s3:::logs/"), objects()), logs()).status is FAIL


def test_a_trail_without_data_events_has_no_loop() -> None:
    assert judge(trail(), logs()).status is NONE


@pytest.mark.parametrize(
    ("changed", "place", "status"),
    [
        ({}, {"region": known("us-east-1")}, NONE),
        ({"multi_region": Known(True, AT)}, {"region": known("us-east-1")}, FAIL),
        ({}, {"account": known("444455556666")}, NONE),
        ({"organization": Known(True, AT)}, {"account": known("444455556666")}, FAIL),
        ({}, {"account": GAP}, OPEN),
        ({"logging": Known(False, AT)}, {}, NONE),
        ({"logging": GAP}, {}, OPEN),
        ({"bucket": known("company-logs")}, {}, OPEN),
        ({"bucket": GAP}, {}, OPEN),
    ],
)
def test_where_the_logs_are(changed: dict[str, object], place: dict[str, object], status: Status) -> None:
    assert judge(trail(objects(), **changed), logs(**place)).status is status


def test_the_trail_of_an_organization_is_worse() -> None:
    assert judge(trail(objects(), organization=Known(True, AT)), logs()).severity is Severity.MEDIUM
    assert judge(trail(objects()), logs()).severity is None


@pytest.mark.parametrize(
    ("prefix", "status"),
    [(Known(text("audit"), AT), PASS), (Known(None, AT), FAIL), (GAP, OPEN)],
)
def test_the_prefix_of_the_logs(prefix: Setting[Text | None], status: Status) -> None:
    found = judge(trail(below("arn:aws:s3:::logs/AWSLogs/"), prefix=prefix), logs())
    assert found.status is status


@pytest.mark.parametrize(
    ("organization", "severity"), [(True, Severity.MEDIUM), (False, None)], ids=["organization", "account"]
)
def test_the_bucket_of_an_organization_trail_without_access_logs(
    organization: bool, severity: Severity | None
) -> None:
    bucket = logs(logging=Known(None, AT))
    estate = Estate([trail(organization=Known(organization, AT)), bucket])
    found = CHECKS["logging-cloudtrail-bucket-logged"].judge(bucket, estate)
    assert (found.status, found.severity) == (FAIL, severity)
