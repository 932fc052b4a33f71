"""What S3 reports about a bucket: a resource for each configuration."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.model.reports import (
    AnalyticsConfiguration,
    IntelligentTieringConfiguration,
    InventoryConfiguration,
    Metadata,
    MetadataTable,
    MetricsConfiguration,
    ReportDestination,
    Tiering,
)
from s3audit.setting import Known, Listed, Setting, Unknown
from s3audit.text import Text
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, one, written
from tests.terraform.emit.names import ELSEWHERE, UnexpressedError
from tests.terraform.emit.writer import Writer

T = TypeVar("T")


def _each(
    writer: Writer,
    b: Bucket,
    kind: str,
    listed: Listed[T],
    read: Callable[[Writer, T], Arguments],
    name: Argument,
) -> None:
    """A resource for each element; the name that S3 knows it by is unknown where the element is."""
    match listed:
        case Unknown(why) if why != ELSEWHERE:
            raise UnexpressedError(f"how many of {kind} a bucket has is not told")
        case Known(items):
            for item in items:
                _one(writer, b, kind, item, read, name)
        case _:
            pass


def _one(
    writer: Writer,
    b: Bucket,
    kind: str,
    item: Setting[T],
    read: Callable[[Writer, T], Arguments],
    name: Argument,
) -> None:
    match item:
        case Unknown(why) if why != ELSEWHERE:
            raise UnexpressedError(f"a whole {kind} is not told")
        case Known(value):
            writer.block(f"aws_s3_bucket_{kind}", writer.name(b), {"bucket": name, **read(writer, value)})
        case _:
            pass


def _scope(
    writer: Writer, prefix: Setting[Text | None], tags: Listed[Tag] | None, more: Arguments | None = None
) -> Blocks | None:
    marks = None if tags is None else writer.tags(tags)
    return one({"prefix": writer.text(prefix), "tags": marks, **(more or {})})


def _analytics(writer: Writer, found: AnalyticsConfiguration) -> Arguments:
    arguments: Arguments = {
        "name": writer.text(found.id),
        "filter": _scope(writer, found.prefix, found.tags),
    }
    match found.export:
        case Known(ReportDestination() as to):
            bucket: Arguments = {
                "bucket_arn": writer.text(to.bucket),
                "bucket_account_id": writer.text(to.account),
                "format": writer.word(to.format),
                "prefix": writer.text(to.prefix),
            }
            export: Arguments = {
                "output_schema_version": writer.word(found.export_version),
                "destination": Blocks(({"s3_bucket_destination": Blocks((written(bucket),))},)),
            }
            arguments["storage_class_analysis"] = Blocks(({"data_export": Blocks((written(export),))},))
        case Unknown():
            arguments["storage_class_analysis"] = Untold("blocks")
        case _:
            pass
    return arguments


def _inventory(writer: Writer, found: InventoryConfiguration) -> Arguments:
    to = found.destination
    encryption: Argument = None
    if isinstance(to.kms_key, Known):
        key = one({"key_id": writer.text(to.kms_key)})
        encryption = Blocks(({"sse_kms": key},)) if key else None
    elif isinstance(to.sse_s3, Known) and to.sse_s3.value:
        encryption = Blocks(({"sse_s3": Blocks(({},))},))
    bucket: Arguments = {
        "bucket_arn": writer.text(to.bucket),
        "account_id": writer.text(to.account),
        "format": writer.word(to.format),
        "prefix": writer.text(to.prefix),
        "encryption": encryption,
    }
    return {
        "name": writer.text(found.id),
        "enabled": writer.flag(found.enabled),
        "included_object_versions": writer.word(found.included_versions),
        "optional_fields": writer.words(found.optional_fields),
        "filter": _scope(writer, found.prefix, None),
        "schedule": one({"frequency": writer.word(found.frequency)}),
        "destination": Blocks(({"bucket": Blocks((written(bucket),))},)),
    }


def _metrics(writer: Writer, found: MetricsConfiguration) -> Arguments:
    point: Arguments = {"access_point": writer.text(found.access_point)}
    return {"name": writer.text(found.id), "filter": _scope(writer, found.prefix, found.tags, point)}


def _tiering(writer: Writer, found: IntelligentTieringConfiguration) -> Arguments:
    def tier(step: Tiering) -> Arguments:
        return {"access_tier": writer.word(step.access_tier), "days": writer.number(step.days)}

    return {
        "name": writer.text(found.id),
        "status": writer.word(found.status),
        "filter": _scope(writer, found.prefix, found.tags),
        "tiering": writer.blocks_of(found.tierings, tier),
    }


def analytics(writer: Writer, b: Bucket, name: Argument) -> None:
    _each(writer, b, "analytics_configuration", b.analytics, _analytics, name)


def inventory(writer: Writer, b: Bucket, name: Argument) -> None:
    _each(writer, b, "inventory", b.inventory, _inventory, name)


def metrics(writer: Writer, b: Bucket, name: Argument) -> None:
    _each(writer, b, "metric", b.metrics, _metrics, name)


def tiering(writer: Writer, b: Bucket, name: Argument) -> None:
    _each(writer, b, "intelligent_tiering_configuration", b.intelligent_tiering, _tiering, name)


def metadata(writer: Writer, b: Bucket, name: Argument) -> None:
    if isinstance(b.metadata_v1, Known) and b.metadata_v1.value is not None:
        raise UnexpressedError("S3 Metadata in its first form")
    match b.metadata:
        case Known(Metadata() as found):
            if isinstance(found.annotation, Known):
                raise UnexpressedError("the annotation table of S3 Metadata")
            tables = {
                "journal_table_configuration": _journal(writer, found.journal),
                "inventory_table_configuration": _table(writer, found.inventory),
            }
            arguments: Arguments = {"bucket": name, "metadata_configuration": Blocks((written(tables),))}
            writer.block("aws_s3_bucket_metadata_configuration", writer.name(b), arguments)
        case Unknown(why) if why != ELSEWHERE:
            arguments = {"bucket": name, "metadata_configuration": Untold("blocks")}
            writer.block("aws_s3_bucket_metadata_configuration", writer.name(b), arguments).counted = True
        case _:
            pass


def _encrypted(writer: Writer, table: MetadataTable) -> Blocks | None:
    return one({"sse_algorithm": writer.word(table.algorithm), "kms_key_arn": writer.text(table.kms_key)})


def _journal(writer: Writer, setting: Setting[MetadataTable | None]) -> Argument:
    match setting:
        case Known(MetadataTable() as table):
            expiration = {
                "expiration": writer.word(table.expiration),
                "days": writer.number(table.expiration_days),
            }
            arguments = {
                "record_expiration": one(expiration),
                "encryption_configuration": _encrypted(writer, table),
            }
            return Blocks((written(arguments),))
        case _:
            return None


def _table(writer: Writer, setting: Setting[MetadataTable | None]) -> Argument:
    match setting:
        case Known(MetadataTable() as table):
            arguments = {
                "configuration_state": writer.word(table.state),
                "encryption_configuration": _encrypted(writer, table),
            }
            return Blocks((written(arguments),))
        case _:
            return None


REPORTS: Mapping[str, Callable[[Writer, Bucket, Argument], None]] = {
    "analytics": analytics,
    "intelligent_tiering": tiering,
    "inventory": inventory,
    "metadata": metadata,
    "metrics": metrics,
}
