"""What watches, as the server is told to answer: CloudTrail Lake, alarms, event rules, GuardDuty and its like."""

from collections.abc import Callable, Mapping
from typing import Any

from s3audit.demo.world import World
from s3audit.model.lens import LensExport, StorageLens
from s3audit.model.trail import (
    AdvancedEventSelector,
    Alarm,
    EventDataStore,
    EventRule,
    FieldSelector,
    LogGroup,
    MetricFilter,
)
from s3audit.model.watch import Analyzer, Detector, MacieSession
from s3audit.setting import Setting
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.values import UntoldError, fields, items, told

_MADE = "2025-06-02T08:30:00Z"
_BUS = "default"


def advanced(names: Names, one: AdvancedEventSelector) -> dict[str, Any]:
    return fields(
        Name=names.text(one.name),
        FieldSelectors=items(one.fields, lambda each: _field(names, each)),
    )


def _field(names: Names, one: FieldSelector) -> dict[str, Any]:
    return fields(
        Field=told(one.field),
        Equals=items(one.equals, names.said),
        NotEquals=items(one.not_equals, names.said),
        StartsWith=items(one.starts_with, names.said),
        NotStartsWith=items(one.not_starts_with, names.said),
        EndsWith=items(one.ends_with, names.said),
        NotEndsWith=items(one.not_ends_with, names.said),
    )


def _event_data_store(names: Names, world: World, listings: Listings, one: EventDataStore) -> None:
    arn = names.arn(one)
    store = fields(
        EventDataStoreArn=arn,
        Name=names.own[one.address],
        Status="ENABLED" if told(one.ingestion) else "STOPPED_INGESTION",
        AdvancedEventSelectors=items(one.advanced_selectors, lambda each: advanced(names, each)),
        MultiRegionEnabled=told(one.multi_region),
        OrganizationEnabled=told(one.organization),
        KmsKeyId=names.text(one.kms_key),
        RetentionPeriod=told(one.retention_days),
    )
    listings.add("cloudtrail:ListEventDataStores", {"EventDataStoreArn": arn, "Name": store["Name"]})
    world.tell("cloudtrail:GetEventDataStore", store, {"EventDataStore": arn}, region=names.region)


def _log_group(names: Names, world: World, listings: Listings, one: LogGroup) -> None:
    """Nobody asks for one."""


def _metric_filter(names: Names, world: World, listings: Listings, one: MetricFilter) -> None:
    item = fields(
        filterName=names.own[one.address],
        logGroupName=names.text(one.log_group),
        filterPattern=names.text(one.pattern),
        metricTransformations=items(
            one.metrics,
            lambda each: {
                "metricName": names.text(each.name),
                "metricNamespace": names.text(each.namespace),
                "metricValue": "1",
            },
        ),
    )
    listings.add("logs:DescribeMetricFilters", item)


def _alarm(names: Names, world: World, listings: Listings, one: Alarm) -> None:
    item = fields(
        AlarmName=names.own[one.address],
        AlarmArn=names.arn(one),
        MetricName=names.text(one.metric),
        Namespace=names.text(one.namespace),
        AlarmActions=items(one.actions, names.said),
        ActionsEnabled=told(one.actions_enabled),
    )
    listings.add("cloudwatch:DescribeAlarms", item)


def _event_rule(names: Names, world: World, listings: Listings, one: EventRule) -> None:
    name, arn = names.own[one.address], names.arn(one)
    if names.text(one.bus) not in (None, _BUS):
        raise UntoldError("an event bus of one's own")
    item = fields(
        Name=name,
        Arn=arn,
        EventBusName=_BUS,
        State=told(one.state),
        EventPattern=names.json(one.pattern),
    )
    targets = items(
        one.targets,
        lambda each: fields(
            Id=names.text(each.id), Arn=names.text(each.target), RoleArn=names.text(each.role)
        ),
    )
    world.tell("events:ListEventBuses", {"EventBuses": [{"Name": _BUS}]}, region=names.region)
    listings.add("events:ListRules", item)
    asked = {"Rule": name, "EventBusName": _BUS}
    world.tell("events:ListTargetsByRule", {"Targets": targets}, asked, region=names.region)


def _detector(names: Names, world: World, listings: Listings, one: Detector) -> None:
    own = names.own[one.address]
    feature, logs = told(one.s3_data_events), told(one.s3_logs)
    # What is not mentioned starts enabled.
    on = feature == "ENABLED" if feature is not None else logs is not False
    status = "ENABLED" if on else "DISABLED"
    detector = {
        "ServiceRole": "arn:aws:iam::123456789012:role/guardduty",
        "Status": "ENABLED" if told(one.enabled) else "DISABLED",
        "DataSources": {"S3Logs": {"Status": status}},
        "Features": [{"Name": "S3_DATA_EVENTS", "Status": status}],
    }
    world.tell("guardduty:ListDetectors", {"DetectorIds": [own]}, region=names.region)
    world.tell("guardduty:GetDetector", detector, {"DetectorId": own}, region=names.region)


def _macie_session(names: Names, world: World, listings: Listings, one: MacieSession) -> None:
    place = names.region
    world.tell("macie2:GetMacieSession", {"status": told(one.status)}, region=place)
    # What a template has no word for.
    world.tell("macie2:GetAutomatedDiscoveryConfiguration", {"status": "ENABLED"}, region=place)
    world.tell("macie2:ListClassificationJobs", {"items": []}, region=place)


def _analyzer(names: Names, world: World, listings: Listings, one: Analyzer) -> None:
    item = {
        "arn": names.arn(one),
        "name": names.own[one.address],
        "type": told(one.type),
        "createdAt": _MADE,
        "status": "ACTIVE",
    }
    listings.add("accessanalyzer:ListAnalyzers", item)


def _storage_lens(names: Names, world: World, listings: Listings, one: StorageLens) -> None:
    own, arn = names.text(one.id), names.arn(one)
    organization = names.text(one.organization)
    configuration = fields(
        Id=own,
        IsEnabled=told(one.enabled),
        AwsOrg=None if organization is None else {"Arn": organization},
        AccountLevel={"BucketLevel": {}},
        DataExport=fields(
            S3BucketDestination=_export(names, one.export),
            CloudWatchMetrics={"IsEnabled": told(one.cloudwatch)},
        ),
        ExpandedPrefixesDataExport=fields(S3BucketDestination=_export(names, one.expanded_export)) or None,
        StorageLensArn=arn,
    )
    item = {"Id": own, "StorageLensArn": arn, "HomeRegion": names.region, "IsEnabled": told(one.enabled)}
    listings.add("s3control:ListStorageLensConfigurations", item)
    asked = {"ConfigId": own, "AccountId": names.account}
    answer = {"StorageLensConfiguration": configuration}
    world.tell("s3control:GetStorageLensConfiguration", answer, asked, region=names.region)
    world.tell("s3control:GetStorageLensConfigurationTagging", {"Tags": []}, asked, region=names.region)


def _export(names: Names, setting: Setting[LensExport | None]) -> dict[str, Any] | None:
    to = told(setting)
    if to is None:
        return None
    key = names.text(to.kms_key)
    encryption = fields(SSES3={} if told(to.sse_s3) else None, SSEKMS=None if key is None else {"KeyId": key})
    return fields(
        Arn=names.text(to.bucket),
        AccountId=names.text(to.account),
        Format=told(to.format),
        OutputSchemaVersion="V_1",
        Prefix=names.text(to.prefix),
        Encryption=encryption or None,
    )


WATCHERS: Mapping[str, Callable[[Names, World, Listings, Any], None]] = {
    "alarm": _alarm,
    "analyzer": _analyzer,
    "detector": _detector,
    "event-data-store": _event_data_store,
    "event-rule": _event_rule,
    "log-group": _log_group,
    "macie-session": _macie_session,
    "metric-filter": _metric_filter,
    "storage-lens": _storage_lens,
}
"""By kind."""
