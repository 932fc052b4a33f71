"""What is recorded and who is told: CloudTrail, metric filters, alarms, event rules."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class DataResource(Section, frozen=True, kw_only=True):
    type: Setting[str] = NOT_COLLECTED
    """`AWS::S3::Object`."""
    values: Listed[Text] = NOT_COLLECTED


class EventSelector(Section, frozen=True, kw_only=True):
    read_write: Setting[str] = NOT_COLLECTED
    """All, ReadOnly or WriteOnly."""
    management_events: Setting[bool] = NOT_COLLECTED
    excluded_sources: Listed[Text] = NOT_COLLECTED
    data_resources: Listed[DataResource] = NOT_COLLECTED


class FieldSelector(Section, frozen=True, kw_only=True):
    field: Setting[str] = NOT_COLLECTED
    """`eventCategory`, `resources.ARN`, ..."""
    equals: Listed[Text] = NOT_COLLECTED
    not_equals: Listed[Text] = NOT_COLLECTED
    starts_with: Listed[Text] = NOT_COLLECTED
    not_starts_with: Listed[Text] = NOT_COLLECTED
    ends_with: Listed[Text] = NOT_COLLECTED
    not_ends_with: Listed[Text] = NOT_COLLECTED


class AdvancedEventSelector(Section, frozen=True, kw_only=True):
    name: Setting[Text | None] = NOT_COLLECTED
    fields: Listed[FieldSelector] = NOT_COLLECTED


class Trail(Resource, frozen=True, kw_only=True, tag="trail"):
    name: Setting[Text] = NOT_COLLECTED
    bucket: Setting[Text] = NOT_COLLECTED
    """The name of the bucket that receives the logs."""
    prefix: Setting[Text | None] = NOT_COLLECTED
    logging: Setting[bool] = NOT_COLLECTED
    multi_region: Setting[bool] = NOT_COLLECTED
    home_region: Setting[Text | None] = NOT_COLLECTED
    organization: Setting[bool] = NOT_COLLECTED
    global_events: Setting[bool] = NOT_COLLECTED
    file_validation: Setting[bool] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    log_group: Setting[Text | None] = NOT_COLLECTED
    """The ARN of the CloudWatch log group."""
    log_role: Setting[Text | None] = NOT_COLLECTED
    topic: Setting[Text | None] = NOT_COLLECTED
    selectors: Listed[EventSelector] = NOT_COLLECTED
    advanced_selectors: Listed[AdvancedEventSelector] = NOT_COLLECTED
    insights: Listed[str] = NOT_COLLECTED


class EventDataStore(Resource, frozen=True, kw_only=True, tag="event-data-store"):
    """CloudTrail Lake."""

    name: Setting[Text | None] = NOT_COLLECTED
    ingestion: Setting[bool] = NOT_COLLECTED
    status: Setting[str | None] = NOT_COLLECTED
    multi_region: Setting[bool] = NOT_COLLECTED
    organization: Setting[bool] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    retention_days: Setting[int | None] = NOT_COLLECTED
    advanced_selectors: Listed[AdvancedEventSelector] = NOT_COLLECTED


class LogGroup(Resource, frozen=True, kw_only=True, tag="log-group"):
    """CloudWatch Logs: where a trail may send its events."""

    name: Setting[Text] = NOT_COLLECTED


class FilteredMetric(Section, frozen=True, kw_only=True):
    name: Setting[Text] = NOT_COLLECTED
    namespace: Setting[Text] = NOT_COLLECTED


class MetricFilter(Resource, frozen=True, kw_only=True, tag="metric-filter"):
    name: Setting[Text | None] = NOT_COLLECTED
    log_group: Setting[Text] = NOT_COLLECTED
    """The name of the log group."""
    pattern: Setting[Text] = NOT_COLLECTED
    metrics: Listed[FilteredMetric] = NOT_COLLECTED


class Alarm(Resource, frozen=True, kw_only=True, tag="alarm"):
    name: Setting[Text | None] = NOT_COLLECTED
    metric: Setting[Text | None] = NOT_COLLECTED
    namespace: Setting[Text | None] = NOT_COLLECTED
    actions: Listed[Text] = NOT_COLLECTED
    actions_enabled: Setting[bool] = NOT_COLLECTED


class EventTarget(Section, frozen=True, kw_only=True):
    id: Setting[Text | None] = NOT_COLLECTED
    target: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    role: Setting[Text | None] = NOT_COLLECTED


class EventRule(Resource, frozen=True, kw_only=True, tag="event-rule"):
    """EventBridge."""

    name: Setting[Text | None] = NOT_COLLECTED
    bus: Setting[Text | None] = NOT_COLLECTED
    state: Setting[str] = NOT_COLLECTED
    """ENABLED, DISABLED or ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS."""
    pattern: Setting[Value | None] = NOT_COLLECTED
    targets: Listed[EventTarget] = NOT_COLLECTED
