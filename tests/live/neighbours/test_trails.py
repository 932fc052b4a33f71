"""CloudTrail, and who is told."""

from typing import Any

import pytest
from msgspec.structs import replace

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.trails import (
    ALARMS,
    EVENT_DATA_STORES,
    EVENT_RULES,
    METRIC_FILTERS,
    TRAILS,
)
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.base import Resource
from s3audit.model.estate import Listing, Unlisted
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, only, own, plain, whose

TRAIL = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/main"
SHARED = "arn:aws:cloudtrail:us-east-1:999999999999:trail/all"
STORE = "arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/1"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:told"
FIELDS = [
    {"Field": "eventCategory", "Equals": ["Data"]},
    {
        "Field": "resources.ARN",
        "StartsWith": ["arn:aws:s3:::logs/"],
        "NotStartsWith": ["a"],
        "EndsWith": ["b"],
        "NotEndsWith": ["c"],
        "NotEquals": ["d"],
    },
]
SEEN_FIELDS = [
    {
        "field": "eventCategory",
        "equals": ["Data"],
        "not_equals": [],
        "starts_with": [],
        "not_starts_with": [],
        "ends_with": [],
        "not_ends_with": [],
    },
    {
        "field": "resources.ARN",
        "equals": [],
        "not_equals": ["d"],
        "starts_with": ["arn:aws:s3:::logs/"],
        "not_starts_with": ["a"],
        "ends_with": ["b"],
        "not_ends_with": ["c"],
    },
]


def item(arn: str, **more: Any) -> dict[str, Any]:
    made = {
        "Name": arn.rpartition("/")[2],
        "S3BucketName": "trail-logs",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": arn.split(":")[3],
        "TrailARN": arn,
        "LogFileValidationEnabled": False,
        "HasCustomEventSelectors": True,
        "HasInsightSelectors": False,
        "IsOrganizationTrail": False,
    }
    return made | more


def test_every_setting_of_a_trail_is_told_with_its_call(server: Server, look: Look) -> None:
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"
    role = "arn:aws:iam::123456789012:role/trail"
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    more = {
        "S3KeyPrefix": "trail",
        "SnsTopicName": TOPIC,
        "SnsTopicARN": TOPIC,
        "CloudWatchLogsLogGroupArn": group,
        "CloudWatchLogsRoleArn": role,
        "KmsKeyId": key,
        "HasInsightSelectors": True,
    }
    server.world.tell("cloudtrail:DescribeTrails", {"trailList": [item(TRAIL, **more)]})
    server.world.tell("cloudtrail:GetTrailStatus", {"IsLogging": True}, {"Name": TRAIL})
    selectors = [
        {
            "ReadWriteType": "WriteOnly",
            "IncludeManagementEvents": False,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            "ExcludeManagementEventSources": ["kms.amazonaws.com"],
        }
    ]
    advanced = [{"Name": "objects", "FieldSelectors": FIELDS}]
    told = {"TrailARN": TRAIL, "EventSelectors": selectors, "AdvancedEventSelectors": advanced}
    server.world.tell("cloudtrail:GetEventSelectors", told, {"TrailName": TRAIL})
    insights = {"TrailARN": TRAIL, "InsightSelectors": [{"InsightType": "ApiErrorRateInsight"}]}
    server.world.tell("cloudtrail:GetInsightSelectors", insights, {"TrailName": TRAIL})
    found = look(TRAILS)
    trail = only(found.resources)
    assert found.listings == (Listing("trail", "123456789012", "eu-west-1"),)
    assert whose(trail) == (TRAIL, "123456789012", "eu-west-1")
    assert own(trail) == {
        "name": "main",
        "bucket": "trail-logs",
        "prefix": "trail",
        "logging": True,
        "multi_region": True,
        "home_region": "eu-west-1",
        "organization": False,
        "global_events": True,
        "file_validation": False,
        "kms_key": key,
        "log_group": group,
        "log_role": role,
        "topic": TOPIC,
        "selectors": [
            {
                "read_write": "WriteOnly",
                "management_events": False,
                "excluded_sources": ["kms.amazonaws.com"],
                "data_resources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
            }
        ],
        "advanced_selectors": [{"name": "objects", "fields": SEEN_FIELDS}],
        "insights": ["ApiErrorRateInsight"],
    }
    assert calls(trail) == {
        **dict.fromkeys(own(trail), "cloudtrail:DescribeTrails"),
        "logging": "cloudtrail:GetTrailStatus",
        "selectors": "cloudtrail:GetEventSelectors",
        "advanced_selectors": "cloudtrail:GetEventSelectors",
        "insights": "cloudtrail:GetInsightSelectors",
    }


@pytest.fixture
def _shown_everywhere(server: Server) -> None:
    server.world.tell("cloudtrail:DescribeTrails", {"trailList": [item(TRAIL), item(SHARED)]})
    server.world.tell("cloudtrail:GetTrailStatus", {"IsLogging": False}, {"Name": TRAIL}, region="eu-west-1")
    server.world.tell("cloudtrail:GetTrailStatus", {"IsLogging": True}, {"Name": SHARED}, region="us-east-1")
    for arn in (TRAIL, SHARED):
        server.world.tell("cloudtrail:GetEventSelectors", {"TrailARN": arn}, {"TrailName": arn})


def trails(asker: Asker, place: Place, region: str) -> list[str]:
    found = TRAILS.read(asker, place, region)
    assert found.listings == (Listing("trail", place.account, region),)
    return [one.address for one in found.resources]


@pytest.mark.usefixtures("_shown_everywhere")
def test_a_trail_of_several_regions_is_read_where_it_has_its_home(asker: Asker, place: Place) -> None:
    both = replace(place, regions=("eu-west-1", "us-east-1"))
    assert trails(asker, both, "eu-west-1") == [TRAIL]
    assert trails(asker, both, "us-east-1") == [SHARED]


@pytest.mark.usefixtures("_shown_everywhere")
def test_a_trail_whose_home_is_not_scanned_is_read_once_and_asked_there(asker: Asker, place: Place) -> None:
    some = replace(place, regions=("eu-central-1", "eu-west-1"))
    assert trails(asker, some, "eu-central-1") == [SHARED]
    assert trails(asker, some, "eu-west-1") == [TRAIL]
    shared = TRAILS.read(asker, some, "eu-central-1").resources[0]
    assert own(shared)["logging"] is True
    assert whose(shared) == (SHARED, "999999999999", "us-east-1")


@pytest.mark.usefixtures("_shown_everywhere")
def test_what_an_organization_does_not_tell_its_members_is_unknown(
    server: Server, asker: Asker, place: Place
) -> None:
    server.world.faults.add(denied(), "cloudtrail:GetEventSelectors", about=SHARED)
    server.world.faults.add(denied(), "cloudtrail:GetTrailStatus", about=SHARED)
    mine, shared = TRAILS.read(asker, replace(place, regions=()), "eu-west-1").resources
    why = "was denied, it needs the permission cloudtrail:"
    assert own(shared)["selectors"] == f"? cloudtrail:GetEventSelectors {why}GetEventSelectors"
    assert own(shared)["advanced_selectors"] == own(shared)["selectors"]
    assert own(shared)["logging"] == f"? cloudtrail:GetTrailStatus {why}GetTrailStatus"
    assert own(shared)["bucket"] == "trail-logs"
    assert (own(mine)["logging"], own(mine)["selectors"]) == (False, [])


@pytest.mark.usefixtures("_shown_everywhere")
def test_a_trail_without_insights_is_not_asked_for_them(server: Server, asker: Asker, place: Place) -> None:
    found = only(TRAILS.read(asker, place, "eu-west-1").resources[:1])
    assert own(found)["insights"] == []
    assert server.world.requests["cloudtrail:GetInsightSelectors"] == 0
    assert asker.tally["cloudtrail:GetInsightSelectors derived"] == 2
    server.world.refuse("cloudtrail:GetInsightSelectors", "InsightNotEnabledException")
    found = TRAILS.read(asker, replace(place, thorough=True), "eu-west-1").resources[0]
    assert own(found)["insights"] == []
    assert server.world.requests["cloudtrail:GetInsightSelectors"] == 2


@pytest.mark.usefixtures("_shown_everywhere")
def test_a_trail_that_went_meanwhile_is_none(server: Server, asker: Asker, place: Place) -> None:
    server.world.refuse("cloudtrail:GetTrailStatus", "TrailNotFoundException", when={"Name": TRAIL})
    assert trails(asker, place, "eu-west-1") == [SHARED]


def store(server: Server, look: Look, status: str = "ENABLED") -> Resource:
    told = {
        "EventDataStoreArn": STORE,
        "Name": "lake",
        "Status": status,
        "AdvancedEventSelectors": [{"Name": "objects", "FieldSelectors": FIELDS}],
        "MultiRegionEnabled": True,
        "OrganizationEnabled": False,
        "RetentionPeriod": 366,
        "KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1",
    }
    listed = {"EventDataStores": [{"EventDataStoreArn": STORE, "Name": "lake"}]}
    server.world.tell("cloudtrail:ListEventDataStores", listed)
    server.world.tell("cloudtrail:GetEventDataStore", told, {"EventDataStore": STORE})
    found = look(EVENT_DATA_STORES)
    assert found.listings == (Listing("event-data-store", "123456789012", "eu-west-1"),)
    return only(found.resources)


def test_every_setting_of_an_event_data_store_is_told(server: Server, look: Look) -> None:
    found = store(server, look)
    assert (found.title, whose(found)) == ("lake", (STORE, "123456789012", "eu-west-1"))
    assert own(found) == {
        "name": "lake",
        "ingestion": True,
        "status": "ENABLED",
        "multi_region": True,
        "organization": False,
        "kms_key": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "retention_days": 366,
        "advanced_selectors": [{"name": "objects", "fields": SEEN_FIELDS}],
    }
    assert set(calls(found).values()) == {"cloudtrail:GetEventDataStore"}


@pytest.mark.parametrize(("status", "takes"), [("STOPPED_INGESTION", False), ("STARTING_INGESTION", True)])
def test_an_event_data_store_that_was_stopped_takes_no_events(
    server: Server, look: Look, status: str, takes: bool
) -> None:
    assert own(store(server, look, status))["ingestion"] is takes


def test_whether_one_that_is_being_made_takes_events_is_open(server: Server, look: Look) -> None:
    assert own(store(server, look, "CREATED"))["ingestion"].startswith("? ")


def test_metric_filters_come_in_pages(server: Server, look: Look) -> None:
    metrics = [{"metricName": "Denied", "metricNamespace": "Shop", "metricValue": "1"}]
    listed = [
        {
            "filterName": name,
            "logGroupName": "trail",
            "filterPattern": "{ $.eventSource = s3.amazonaws.com }",
            "metricTransformations": metrics,
        }
        for name in ("one", "two", "three")
    ]
    server.world.tell("logs:DescribeMetricFilters", {"metricFilters": listed}, page=2)
    found = look(METRIC_FILTERS)
    assert [one.title for one in found.resources] == ["one", "two", "three"]
    assert own(found.resources[2]) == {
        "name": "three",
        "log_group": "trail",
        "pattern": "{ $.eventSource = s3.amazonaws.com }",
        "metrics": [{"name": "Denied", "namespace": "Shop"}],
    }
    assert set(calls(found.resources[0]).values()) == {"logs:DescribeMetricFilters"}
    assert found.resources[0].address == "metric-filter:eu-west-1:123456789012:trail:one"
    assert server.world.requests["logs:DescribeMetricFilters"] == 2


def alarm(name: str, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"
    return {"AlarmName": name, "AlarmArn": arn, "ActionsEnabled": True, "AlarmActions": [TOPIC]} | more


def test_alarms_of_every_kind_are_told(server: Server, look: Look) -> None:
    expression = {"Id": "e", "Expression": "m1 + m2", "ReturnData": True}
    metric = [
        alarm("plain", MetricName="Denied", Namespace="Shop", ActionsEnabled=False),
        alarm("sum", Metrics=[expression]),
    ]
    composite = [alarm("both", AlarmRule="ALARM(plain)")]
    server.world.tell(
        "cloudwatch:DescribeAlarms",
        {"MetricAlarms": metric, "CompositeAlarms": composite},
        {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]},
        page=1,
    )
    found = look(ALARMS)
    why = "? the alarm is on an expression over several metrics"
    assert [own(one) for one in found.resources] == [
        {
            "name": "plain",
            "metric": "Denied",
            "namespace": "Shop",
            "actions": [TOPIC],
            "actions_enabled": False,
        },
        {"name": "sum", "metric": why, "namespace": why, "actions": [TOPIC], "actions_enabled": True},
        {"name": "both", "metric": None, "namespace": None, "actions": [TOPIC], "actions_enabled": True},
    ]
    assert set(calls(found.resources[0]).values()) == {"cloudwatch:DescribeAlarms"}
    assert found.listings == (Listing("alarm", "123456789012", "eu-west-1"),)


RULE = "arn:aws:events:eu-west-1:123456789012:rule/objects"
PATTERN = {"source": ["aws.s3"], "detail-type": ["Object Created"]}


@pytest.fixture
def _rules(server: Server) -> None:
    buses = [{"Name": name} for name in ("default", "own")]
    server.world.tell("events:ListEventBuses", {"EventBuses": buses}, page=1)
    waits = {
        "Name": "objects",
        "Arn": RULE,
        "EventPattern": '{"source": ["aws.s3"], "detail-type": ["Object Created"]}',
        "State": "ENABLED",
        "EventBusName": "default",
    }
    nightly = {
        "Name": "nightly",
        "Arn": f"{RULE}-nightly",
        "ScheduleExpression": "rate(1 day)",
        "State": "DISABLED",
        "EventBusName": "default",
    }
    server.world.tell("events:ListRules", {"Rules": [waits, nightly]}, {"EventBusName": "default"}, page=1)
    targets = [{"Id": "1", "Arn": TOPIC}, {"Id": "2", "Arn": STORE, "RoleArn": "arn:aws:iam::1:role/r"}]
    server.world.tell("events:ListTargetsByRule", {"Targets": targets}, {"Rule": "objects"}, page=1)


@pytest.mark.usefixtures("_rules")
def test_the_rules_of_every_bus_are_told(server: Server, look: Look) -> None:
    found = look(EVENT_RULES)
    waits, nightly = found.resources
    assert whose(waits) == (RULE, "123456789012", "eu-west-1")
    assert own(waits) == {
        "name": "objects",
        "bus": "default",
        "state": "ENABLED",
        "pattern": PATTERN,
        "targets": [
            {"id": "1", "target": TOPIC, "role": None},
            {"id": "2", "target": STORE, "role": "arn:aws:iam::1:role/r"},
        ],
    }
    assert calls(waits)["targets"] == "events:ListTargetsByRule"
    assert calls(waits)["pattern"] == "events:ListRules"
    assert (own(nightly)["state"], own(nightly)["pattern"]) == ("DISABLED", None)
    assert own(nightly)["targets"].startswith("? the rule has a schedule")
    assert found.listings == (Listing("event-rule", "123456789012", "eu-west-1"),)
    assert server.world.requests["events:ListEventBuses"] == 2
    assert server.world.requests["events:ListRules"] == 3
    assert server.world.requests["events:ListTargetsByRule"] == 2


@pytest.mark.usefixtures("_rules")
def test_one_bus_that_is_denied_leaves_the_list_open(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "events:ListRules", about="own")
    found = look(EVENT_RULES)
    assert len(found.resources) == 2
    assert found.listings == ()
    why = "events:ListRules was denied, it needs the permission events:ListRules"
    assert found.unlisted == (Unlisted("event-rule", "123456789012", "eu-west-1", why),)


@pytest.mark.usefixtures("_rules")
def test_targets_that_are_denied_are_unknown(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "events:ListTargetsByRule")
    waits = look(EVENT_RULES).resources[0]
    assert plain(waits.exists) is True
    assert own(waits)["targets"].startswith("? events:ListTargetsByRule was denied")
    assert own(waits)["pattern"] == PATTERN
