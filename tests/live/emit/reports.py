"""Inventory, analytics, metrics, tiering and metadata tables as they are put."""

from collections.abc import Callable
from typing import Any

from s3audit.model.bucket import Bucket
from s3audit.model.reports import (
    AnalyticsConfiguration,
    IntelligentTieringConfiguration,
    InventoryConfiguration,
    MetadataTable,
    MetricsConfiguration,
    ReportDestination,
    Tiering,
)
from s3audit.setting import Listed, Setting
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told

Puts = list[tuple[str, dict[str, Any]]]


def _filter(names: Names, prefix: Setting[Any], tags: Listed[Any], **more: Any) -> dict[str, Any] | None:
    chosen = items(tags, lambda tag: {"Key": names.text(tag.key), "Value": names.text(tag.value)})
    given = fields(Prefix=names.text(prefix), Tags=chosen, **more)
    if len(given) > 1 or len(chosen) > 1:
        return {"And": given}
    return {"Tag": chosen[0]} if chosen else given or None


def _each(kind: str, listed: Listed[Any], write: Callable[[Any], dict[str, Any]]) -> Puts:
    made = items(listed, write)
    return [(f"PutBucket{kind}Configuration", {"Id": one["Id"], f"{kind}Configuration": one}) for one in made]


def _inventory(names: Names, b: Bucket) -> Puts:
    def write(one: InventoryConfiguration) -> dict[str, Any]:
        prefix = names.text(one.prefix)
        return fields(
            Id=names.text(one.id),
            IsEnabled=told(one.enabled),
            IncludedObjectVersions=told(one.included_versions),
            OptionalFields=items(one.optional_fields),
            Schedule={"Frequency": told(one.frequency)},
            Filter=None if prefix is None else {"Prefix": prefix},
            Destination={"S3BucketDestination": _destination(names, one.destination, "AccountId")},
        )

    return _each("Inventory", b.inventory, write)


def _destination(names: Names, destination: ReportDestination, account: str) -> dict[str, Any]:
    key = names.text(destination.kms_key)
    encryption = fields(
        SSES3={} if told(destination.sse_s3) else None, SSEKMS=None if key is None else {"KeyId": key}
    )
    return fields(
        Bucket=names.text(destination.bucket),
        Format=told(destination.format),
        Prefix=names.text(destination.prefix),
        Encryption=encryption or None,
        **{account: names.text(destination.account)},
    )


def _analytics(names: Names, b: Bucket) -> Puts:
    def write(one: AnalyticsConfiguration) -> dict[str, Any]:
        export = told(one.export)
        told_export = None
        if export is not None:
            told_export = {
                "OutputSchemaVersion": told(one.export_version),
                "Destination": {"S3BucketDestination": _destination(names, export, "BucketAccountId")},
            }
        return fields(
            Id=names.text(one.id),
            Filter=_filter(names, one.prefix, one.tags),
            StorageClassAnalysis=fields(DataExport=told_export),
        )

    return _each("Analytics", b.analytics, write)


def _metrics(names: Names, b: Bucket) -> Puts:
    def write(one: MetricsConfiguration) -> dict[str, Any]:
        point = names.text(one.access_point)
        return fields(
            Id=names.text(one.id), Filter=_filter(names, one.prefix, one.tags, AccessPointArn=point)
        )

    return _each("Metrics", b.metrics, write)


def _intelligent_tiering(names: Names, b: Bucket) -> Puts:
    def write(one: IntelligentTieringConfiguration) -> dict[str, Any]:
        return fields(
            Id=names.text(one.id),
            Status=told(one.status),
            Filter=_filter(names, one.prefix, one.tags),
            Tierings=items(one.tierings, _tiering),
        )

    return _each("IntelligentTiering", b.intelligent_tiering, write)


def _tiering(one: Tiering) -> dict[str, Any]:
    return {"AccessTier": told(one.access_tier), "Days": told(one.days)}


def _metadata(names: Names, b: Bucket) -> Puts:
    metadata = told(b.metadata)
    if metadata is None:
        return []
    tables = {"Journal": metadata.journal, "Inventory": metadata.inventory, "Annotation": metadata.annotation}
    made = {
        f"{kind}TableConfiguration": _table(names, table)
        for kind, setting in tables.items()
        if (table := told(setting)) is not None
    }
    return [("CreateBucketMetadataConfiguration", {"MetadataConfiguration": made})]


def _table(names: Names, table: MetadataTable) -> dict[str, Any]:
    expiration, algorithm = told(table.expiration), told(table.algorithm)
    return fields(
        ConfigurationState=told(table.state),
        RecordExpiration=None
        if expiration is None
        else fields(Expiration=expiration, Days=told(table.expiration_days)),
        EncryptionConfiguration=None
        if algorithm is None
        else fields(SseAlgorithm=algorithm, KmsKeyArn=names.text(table.kms_key)),
        Role=names.text(table.role),
    )


REPORTS: dict[str, tuple[str, Callable[[Names, Bucket], Puts]]] = {
    "inventory": ("ListBucketInventoryConfigurations", _inventory),
    "analytics": ("ListBucketAnalyticsConfigurations", _analytics),
    "metrics": ("ListBucketMetricsConfigurations", _metrics),
    "intelligent_tiering": ("ListBucketIntelligentTieringConfigurations", _intelligent_tiering),
    "metadata": ("GetBucketMetadataConfiguration", _metadata),
}
