"""CloudTrail, metric filters, alarms, event rules."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import Shape, document, flag, listed, number, text, word
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
    LogGroup,
    MetricFilter,
    Trail,
)

_SELECTORS = listed(
    "EventSelectors",
    Shape(
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
    ),
)
_ADVANCED_SELECTORS = listed(
    "AdvancedEventSelectors",
    Shape(
        AdvancedEventSelector,
        {
            "name": text("Name"),
            "fields": listed(
                "FieldSelectors",
                Shape(
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
                ),
            ),
        },
    ),
)

TABLES = {
    "AWS::CloudTrail::Trail": Shape(
        Trail,
        {
            "name": text("TrailName"),
            "bucket": text("S3BucketName"),
            "prefix": text("S3KeyPrefix"),
            "logging": flag("IsLogging"),
            "multi_region": flag("IsMultiRegionTrail"),
            "organization": flag("IsOrganizationTrail"),
            "global_events": flag("IncludeGlobalServiceEvents"),
            "file_validation": flag("EnableLogFileValidation"),
            "kms_key": text("KMSKeyId"),
            "log_group": text("CloudWatchLogsLogGroupArn"),
            "log_role": text("CloudWatchLogsRoleArn"),
            "topic": text("SnsTopicName"),
            "selectors": _SELECTORS,
            "advanced_selectors": _ADVANCED_SELECTORS,
            "insights": listed("InsightSelectors", word("InsightType")),
            "tags": TAGS,
        },
    ),
    "AWS::CloudTrail::EventDataStore": Shape(
        EventDataStore,
        {
            "name": text("Name"),
            "ingestion": flag("IngestionEnabled"),
            "multi_region": flag("MultiRegionEnabled"),
            "organization": flag("OrganizationEnabled"),
            "kms_key": text("KmsKeyId"),
            "retention_days": number("RetentionPeriod"),
            "advanced_selectors": _ADVANCED_SELECTORS,
            "tags": TAGS,
        },
    ),
    "AWS::Logs::LogGroup": Shape(LogGroup, {"name": text("LogGroupName"), "tags": TAGS}),
    "AWS::Logs::MetricFilter": Shape(
        MetricFilter,
        {
            "name": text("FilterName"),
            "log_group": text("LogGroupName"),
            "pattern": text("FilterPattern"),
            "metrics": listed(
                "MetricTransformations",
                Shape(FilteredMetric, {"name": text("MetricName"), "namespace": text("MetricNamespace")}),
            ),
        },
    ),
    "AWS::CloudWatch::Alarm": Shape(
        Alarm,
        {
            "name": text("AlarmName"),
            "metric": text("MetricName"),
            "namespace": text("Namespace"),
            "actions": listed("AlarmActions", text("")),
            "actions_enabled": flag("ActionsEnabled"),
            "tags": TAGS,
        },
    ),
    "AWS::Events::Rule": Shape(
        EventRule,
        {
            "name": text("Name"),
            "bus": text("EventBusName"),
            "state": word("State"),
            "pattern": document("EventPattern"),
            "targets": listed(
                "Targets",
                Shape(EventTarget, {"id": text("Id"), "target": text("Arn"), "role": text("RoleArn")}),
            ),
            "tags": TAGS,
        },
    ),
}
