"""What sets off a metric filter or an event rule, asked of the one change that nothing else tells of."""

import json
from typing import Any

import pytest

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate
from s3audit.model.trail import Alarm, EventRule, EventTarget, FilteredMetric, MetricFilter, Trail
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status
from tests.checks.examples import CHECKS

PASS, FAIL, OPEN = Status.PASS, Status.FAIL, Status.UNKNOWN
AT = Location("template", "resource")
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"


def known(value: str) -> Setting[Text]:
    return Known(text(value), AT)


def maybe(value: str) -> Setting[Text | None]:
    return Known(text(value), AT)


TRAIL = Trail(
    address="trail",
    at=AT,
    logging=Known(True, AT),
    log_group=maybe(GROUP),
    selectors=Unset((), AT),
    advanced_selectors=Unset((), AT),
)
METRIC = FilteredMetric(at=AT, name=known("Changes"), namespace=known("Shop"))
ALARM = Alarm(
    address="alarm",
    at=AT,
    metric=maybe("Changes"),
    namespace=maybe("Shop"),
    actions=Known((known("arn:aws:sns:eu-west-1:111122223333:security"),), AT),
    actions_enabled=Known(True, AT),
)


def document(value: Any) -> Value:
    match value:
        case dict():
            return Object(tuple(Member(name, document(inner), AT) for name, inner in value.items()), AT)
        case list():
            return Array(tuple(map(document, value)), AT)
        case str():
            return Leaf(text(value), AT)
        case _:
            return Leaf(value, AT)


def rule(pattern: Setting[Value | None], address: str = "rule") -> EventRule:
    return EventRule(
        address=address,
        at=AT,
        bus=Unset(text("default"), AT),
        state=Unset("ENABLED", AT),
        pattern=pattern,
        targets=Known((Known(EventTarget(at=AT), AT),), AT),
    )


OTHERS = rule(
    Known(document({"detail": {"eventName": [{"anything-but": ["PutBucketPolicy"]}]}}), AT), "others"
)


def judged(*resources: Resource) -> Status:
    """Whether PutBucketPolicy, which another rule leaves out, is told by these."""
    found = CHECKS["monitoring-policy-change-alarm"].judge(TRAIL, Estate([TRAIL, OTHERS, ALARM, *resources]))
    assert isinstance(found.status, Status)
    return found.status


def filtered(pattern: Text) -> Status:
    return judged(
        MetricFilter(
            address="filter",
            at=AT,
            log_group=known("trail"),
            pattern=Known(pattern, AT),
            metrics=Known((Known(METRIC, AT),), AT),
        )
    )


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("", PASS),
        ("{ $.eventName = PutBucketPolicy }", PASS),
        ('{ $.eventName = "PutBucketPolicy" }', PASS),
        ("{($.eventName=PutBucketAcl)||($.eventName=PutBucketPolicy)}", PASS),
        ("{ $.eventName = PutBucketAcl }", FAIL),
        ("{ $.eventName = Put* }", PASS),
        ("{ $.eventName = Delete* }", FAIL),
        ("{ $.eventName != PutBucketAcl }", PASS),
        ("{ $.eventSource = s3.amazonaws.com && ($.eventName = PutBucketAcl || $.eventName = Put*) }", PASS),
        ("{ $.eventSource = kms.amazonaws.com && $.eventName = PutBucketPolicy }", FAIL),
        ("{ $.errorCode NOT EXISTS }", PASS),
        ("{ $.eventName NOT EXISTS }", FAIL),
        ("{ $.errorCode = AccessDenied }", FAIL),
        ("{ $.errorCode != AccessDenied }", OPEN),
        ("{ $.readOnly IS FALSE }", PASS),
        ("{ $.readOnly IS TRUE }", FAIL),
        ("{ $.userIdentity.type = Root }", OPEN),
        ("{ $.userIdentity.type = Root && $.eventName = PutBucketAcl }", FAIL),
        ("{ $.eventName = %Put.*% }", OPEN),
        ("{ $.eventName = PutBucketPolicy", OPEN),
        ("{ eventName = PutBucketPolicy }", OPEN),
        ("{ $.eventName = }", OPEN),
        ("PutBucketPolicy", OPEN),
        ("[a, b]", OPEN),
    ],
)
def test_metric_filters(pattern: str, status: Status) -> None:
    assert filtered(text(pattern)) is status


def test_a_filter_that_is_told_in_part_decides_by_what_is_told() -> None:
    untold = Opaque("Name", given=True)
    either = Text(("{ $.eventName = ", untold, " || $.eventName = Put* }"))
    both = Text(("{ $.eventName = ", untold, " && $.eventName = Delete* }"))
    alone = Text(("{ $.eventName = ", untold, " }"))
    assert [filtered(one) for one in (either, both, alone)] == [PASS, FAIL, OPEN]


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ('{"source": ["aws.s3"]}', PASS),
        ('{"source": ["aws.ec2", "aws.s3"]}', PASS),
        ('{"source": ["aws.ec2"]}', FAIL),
        ('{"source": ["aws.s3"], "detail": {"eventName": ["PutBucketPolicy"]}}', PASS),
        ('{"source": ["aws.s3"], "detail": {"eventName": ["PutBucketAcl"]}}', FAIL),
        ('{"detail": {"eventName": [{"prefix": "PutBucket"}]}}', PASS),
        ('{"detail": {"eventName": [{"suffix": "Policy"}]}}', PASS),
        ('{"detail": {"eventName": [{"wildcard": "Put*Policy"}]}}', PASS),
        ('{"detail": {"eventName": [{"equals-ignore-case": "putbucketpolicy"}]}}', PASS),
        ('{"detail": {"eventName": [{"anything-but": ["PutBucketAcl"]}]}}', PASS),
        ('{"detail": {"eventName": [{"anything-but": "PutBucketPolicy"}]}}', FAIL),
        ('{"detail": {"eventName": [{"anything-but": {"prefix": "Put"}}]}}', FAIL),
        ('{"detail": {"errorCode": [{"exists": false}]}}', PASS),
        ('{"detail": {"errorCode": ["AccessDenied"]}}', FAIL),
        ('{"detail": {"readOnly": [false]}}', PASS),
        ('{"detail": {"userIdentity": {"type": ["Root"]}}}', OPEN),
        ('{"detail": {"userIdentity": {"type": ["Root"]}, "eventName": ["PutBucketAcl"]}}', FAIL),
        ('{"$or": [{"source": ["aws.ec2"]}, {"detail": {"eventName": ["PutBucketPolicy"]}}]}', PASS),
        ('{"detail": {"eventName": [{"numeric": [">", 1]}]}}', OPEN),
        ('{"account": ["111122223333"]}', OPEN),
    ],
)
def test_event_rules(pattern: str, status: Status) -> None:
    assert judged(rule(Known(document(json.loads(pattern)), AT))) is status


def test_a_rule_that_is_not_told_is_open_and_one_with_a_schedule_tells_nothing() -> None:
    assert judged(rule(Unknown("it is not told", AT))) is OPEN
    assert judged(rule(Known(None, AT))) is FAIL
