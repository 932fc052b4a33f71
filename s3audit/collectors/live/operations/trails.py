"""The calls that tell what is recorded and who is told."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages


def _trail(name: str, tells: str, **more: Any) -> Operation:
    return Operation(
        service="cloudtrail",
        name=name,
        action=f"cloudtrail:{name}",
        tells=tells,
        **more,
    )


_NO_TRAIL = ("TrailNotFoundException",)

TRAILS = _trail("DescribeTrails", "the trails", has=("trailList",))
TRAIL_STATUS = _trail("GetTrailStatus", "whether the trail records", has=("IsLogging",), gone=_NO_TRAIL)
EVENT_SELECTORS = _trail(
    "GetEventSelectors", "which events the trail records", has=("TrailARN",), gone=_NO_TRAIL
)
INSIGHT_SELECTORS = _trail(
    "GetInsightSelectors",
    "which unusual activity the trail looks for",
    has=("TrailARN",),
    absent=("InsightNotEnabledException",),
    gone=_NO_TRAIL,
)
EVENT_DATA_STORES = _trail(
    "ListEventDataStores",
    "the event data stores of CloudTrail Lake",
    has=("EventDataStores",),
    pages=Pages(("EventDataStores",), "NextToken", "NextToken"),
)
EVENT_DATA_STORE = _trail(
    "GetEventDataStore",
    "which events an event data store keeps",
    has=("EventDataStoreArn",),
    gone=("EventDataStoreNotFoundException",),
)

METRIC_FILTERS = Operation(
    service="logs",
    name="DescribeMetricFilters",
    action="logs:DescribeMetricFilters",
    tells="metric filters",
    has=("metricFilters",),
    pages=Pages(("metricFilters",), "nextToken", "nextToken"),
)
ALARMS = Operation(
    service="cloudwatch",
    name="DescribeAlarms",
    action="cloudwatch:DescribeAlarms",
    tells="alarms",
    has=("MetricAlarms",),
    pages=Pages(("MetricAlarms", "CompositeAlarms"), "NextToken", "NextToken", ("MaxRecords", 100)),
)
EVENT_BUSES = Operation(
    service="events",
    name="ListEventBuses",
    action="events:ListEventBuses",
    tells="the event buses of EventBridge",
    has=("EventBuses",),
    pages=Pages(("EventBuses",), "NextToken", "NextToken", ("Limit", 100)),
)
EVENT_RULES = Operation(
    service="events",
    name="ListRules",
    action="events:ListRules",
    tells="the rules of an event bus",
    has=("Rules",),
    gone=("ResourceNotFoundException",),
    pages=Pages(("Rules",), "NextToken", "NextToken", ("Limit", 100)),
)
RULE_TARGETS = Operation(
    service="events",
    name="ListTargetsByRule",
    action="events:ListTargetsByRule",
    tells="whom a rule tells",
    has=("Targets",),
    gone=("ResourceNotFoundException",),
    pages=Pages(("Targets",), "NextToken", "NextToken", ("Limit", 100)),
)

OF_TRAILS: tuple[Operation, ...] = (
    TRAILS,
    TRAIL_STATUS,
    EVENT_SELECTORS,
    INSIGHT_SELECTORS,
    EVENT_DATA_STORES,
    EVENT_DATA_STORE,
    METRIC_FILTERS,
    ALARMS,
    EVENT_BUSES,
    EVENT_RULES,
    RULE_TARGETS,
)
