"""Trails, event data stores, metric filters, alarms and event rules, from the answers about them."""

from s3audit.collectors.documents.shape import Field, Shape, document, flag, listed, number, text, word
from s3audit.model.trail import (
    AdvancedEventSelector,
    Alarm,
    DataResource,
    EventDataStore,
    EventRule,
    EventSelector,
    EventTarget,
    FieldSelector,
    FilteredMetric,
    MetricFilter,
    Trail,
)

_SELECTOR = Shape(
    EventSelector,
    {
        "read_write": word("ReadWriteType"),
        "management_events": flag("IncludeManagementEvents"),
        "excluded_sources": listed("ExcludeManagementEventSources", text("")),
        "data_resources": listed(
            "DataResources",
            Shape(DataResource, {"type": word("Type"), "values": listed("Values", text(""))}),
        ),
    },
)
_FIELD_SELECTOR = Shape(
    FieldSelector,
    {
        "field": word("Field"),
        "equals": listed("Equals", text("")),
        "not_equals": listed("NotEquals", text("")),
        "starts_with": listed("StartsWith", text("")),
        "not_starts_with": listed("NotStartsWith", text("")),
        "ends_with": listed("EndsWith", text("")),
        "not_ends_with": listed("NotEndsWith", text("")),
    },
)
_ADVANCED = Shape(
    AdvancedEventSelector, {"name": text("Name"), "fields": listed("FieldSelectors", _FIELD_SELECTOR)}
)


def _advanced(call: str) -> Field:
    return listed(f"{call}.AdvancedEventSelectors", _ADVANCED)


TRAIL = Shape(
    Trail,
    {
        "account": text("item.Account"),
        "name": text("item.Name"),
        "bucket": text("item.S3BucketName"),
        "prefix": text("item.S3KeyPrefix"),
        "logging": flag("GetTrailStatus.IsLogging"),
        "multi_region": flag("item.IsMultiRegionTrail"),
        "home_region": text("item.HomeRegion"),
        "organization": flag("item.IsOrganizationTrail"),
        "global_events": flag("item.IncludeGlobalServiceEvents"),
        "file_validation": flag("item.LogFileValidationEnabled"),
        "kms_key": text("item.KmsKeyId"),
        "log_group": text("item.CloudWatchLogsLogGroupArn"),
        "log_role": text("item.CloudWatchLogsRoleArn"),
        "topic": text("item.SnsTopicARN|item.SnsTopicName"),
        "selectors": listed("GetEventSelectors.EventSelectors", _SELECTOR),
        "advanced_selectors": _advanced("GetEventSelectors"),
        "insights": listed("GetInsightSelectors.InsightSelectors", word("InsightType")),
    },
)

_STORE = "GetEventDataStore."
# Of one that is being made it is not known yet.
_INGESTS = {
    "ENABLED": "true",
    "STARTING_INGESTION": "true",
    "STOPPING_INGESTION": "false",
    "STOPPED_INGESTION": "false",
    "PENDING_DELETION": "false",
}
EVENT_DATA_STORE = Shape(
    EventDataStore,
    {
        "name": text(_STORE + "Name"),
        "ingestion": flag(_STORE + "Status", _INGESTS),
        "status": word(_STORE + "Status"),
        "multi_region": flag(_STORE + "MultiRegionEnabled"),
        "organization": flag(_STORE + "OrganizationEnabled"),
        "kms_key": text(_STORE + "KmsKeyId"),
        "retention_days": number(_STORE + "RetentionPeriod"),
        "advanced_selectors": _advanced("GetEventDataStore"),
    },
)
METRIC_FILTER = Shape(
    MetricFilter,
    {
        "name": text("item.filterName"),
        "log_group": text("item.logGroupName"),
        "pattern": text("item.filterPattern"),
        "metrics": listed(
            "item.metricTransformations",
            Shape(FilteredMetric, {"name": text("metricName"), "namespace": text("metricNamespace")}),
        ),
    },
)
ALARM = Shape(
    Alarm,
    {
        "name": text("item.AlarmName"),
        "metric": text("item.MetricName"),
        "namespace": text("item.Namespace"),
        "actions": listed("item.AlarmActions", text("")),
        "actions_enabled": flag("item.ActionsEnabled"),
    },
)
EVENT_RULE = Shape(
    EventRule,
    {
        "name": text("item.Name"),
        "bus": text("item.EventBusName"),
        "state": word("item.State"),
        "pattern": document("item.EventPattern"),
        "targets": listed(
            "ListTargetsByRule.Targets",
            Shape(EventTarget, {"id": text("Id"), "target": text("Arn"), "role": text("RoleArn")}),
        ),
    },
)
