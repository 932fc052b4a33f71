"""CloudTrail, metric filters, alarms, event rules."""

from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    document,
    flag,
    listed,
    number,
    otherwise,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import TAGS, attached, part
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
    "event_selector",
    Shape(
        EventSelector,
        {
            "read_write": word("read_write_type"),
            "management_events": flag("include_management_events"),
            "excluded_sources": listed("exclude_management_event_sources", text("")),
            "data_resources": listed(
                "data_resource",
                Shape(DataResource, {"type": word("type"), "values": listed("values", text(""))}),
            ),
        },
    ),
)
_ADVANCED_SELECTORS = listed(
    "advanced_event_selector",
    Shape(
        AdvancedEventSelector,
        {
            "name": text("name"),
            "fields": listed(
                "field_selector",
                Shape(
                    FieldSelector,
                    {
                        "field": word("field"),
                        "equals": listed("equals", text("")),
                        "not_equals": listed("not_equals", text("")),
                        "starts_with": listed("starts_with", text("")),
                        "not_starts_with": listed("not_starts_with", text("")),
                        "ends_with": listed("ends_with", text("")),
                        "not_ends_with": listed("not_ends_with", text("")),
                    },
                ),
            ),
        },
    ),
)
_INGESTS = {"true": "false", "false": "true"}
"""For the argument says whether ingestion is suspended."""

TABLES = {
    "aws_cloudtrail": Shape(
        Trail,
        {
            "region": text("region|home_region"),
            "name": text("name"),
            "bucket": text("s3_bucket_name"),
            "prefix": text("s3_key_prefix"),
            "logging": otherwise(flag("enable_logging"), True),
            "multi_region": flag("is_multi_region_trail"),
            "organization": flag("is_organization_trail"),
            "global_events": otherwise(flag("include_global_service_events"), True),
            "file_validation": flag("enable_log_file_validation"),
            "kms_key": text("kms_key_id"),
            "log_group": text("cloud_watch_logs_group_arn"),
            "log_role": text("cloud_watch_logs_role_arn"),
            "topic": text("sns_topic_name"),
            "selectors": _SELECTORS,
            "advanced_selectors": _ADVANCED_SELECTORS,
            "insights": listed("insight_selector", word("insight_type")),
            "tags": TAGS,
        },
    ),
    "aws_cloudtrail_event_data_store": Shape(
        EventDataStore,
        {
            "region": text("region"),
            "name": text("name"),
            "ingestion": flag("suspend", _INGESTS),
            "multi_region": otherwise(flag("multi_region_enabled"), True),
            "organization": otherwise(flag("organization_enabled"), False),
            "kms_key": text("kms_key_id"),
            "retention_days": otherwise(number("retention_period"), 2555),
            "advanced_selectors": _ADVANCED_SELECTORS,
            "tags": TAGS,
        },
    ),
    "aws_cloudwatch_log_group": Shape(LogGroup, {"name": text("name"), "tags": TAGS}),
    "aws_cloudwatch_log_metric_filter": Shape(
        MetricFilter,
        {
            "name": text("name"),
            "log_group": text("log_group_name"),
            "pattern": text("pattern"),
            "metrics": listed(
                "metric_transformation",
                Shape(FilteredMetric, {"name": text("name"), "namespace": text("namespace")}),
            ),
        },
    ),
    "aws_cloudwatch_metric_alarm": Shape(
        Alarm,
        {
            "name": text("alarm_name"),
            "metric": text("metric_name"),
            "namespace": text("namespace"),
            "actions": listed("alarm_actions", text("")),
            "actions_enabled": flag("actions_enabled"),
            "tags": TAGS,
        },
    ),
    "aws_cloudwatch_event_rule": Shape(
        EventRule,
        {
            "name": text("name"),
            "bus": text("event_bus_name"),
            "state": word("state|is_enabled", {"true": "ENABLED", "false": "DISABLED"}),
            "pattern": document("event_pattern"),
            "targets": absent(),
            "tags": TAGS,
        },
    ),
    "aws_cloudwatch_event_target": attached(
        "event-rule",
        "targets",
        "rule",
        part(Shape(EventTarget, {"id": text("target_id"), "target": text("arn"), "role": text("role_arn")})),
    ),
}
