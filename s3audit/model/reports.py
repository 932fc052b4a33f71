"""What S3 reports about a bucket: inventory, analytics, metrics, metadata tables; and intelligent tiering."""

from __future__ import annotations

from s3audit.model.base import Section, Tag
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class ReportDestination(Section, frozen=True, kw_only=True):
    """The bucket that receives an inventory or an analytics export."""

    bucket: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    account: Setting[Text | None] = NOT_COLLECTED
    """The owner that is expected; without it the owner is not checked."""
    format: Setting[str] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    sse_s3: Setting[bool] = NOT_COLLECTED
    """The report asks for SSE-S3; neither this nor a key means what the destination does by default."""
    kms_key: Setting[Text | None] = NOT_COLLECTED


class InventoryConfiguration(Section, frozen=True, kw_only=True):
    id: Setting[Text] = NOT_COLLECTED
    enabled: Setting[bool] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    included_versions: Setting[str] = NOT_COLLECTED
    optional_fields: Listed[str] = NOT_COLLECTED
    frequency: Setting[str] = NOT_COLLECTED
    destination: ReportDestination = ReportDestination()


class AnalyticsConfiguration(Section, frozen=True, kw_only=True):
    id: Setting[Text] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    tags: Listed[Tag] = NOT_COLLECTED
    export_version: Setting[str | None] = NOT_COLLECTED
    export: Setting[ReportDestination | None] = NOT_COLLECTED


class MetricsConfiguration(Section, frozen=True, kw_only=True):
    """Without prefix, tags and access point it counts every request."""

    id: Setting[Text] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    tags: Listed[Tag] = NOT_COLLECTED
    access_point: Setting[Text | None] = NOT_COLLECTED


class Tiering(Section, frozen=True, kw_only=True):
    access_tier: Setting[str] = NOT_COLLECTED
    days: Setting[int] = NOT_COLLECTED


class IntelligentTieringConfiguration(Section, frozen=True, kw_only=True):
    id: Setting[Text] = NOT_COLLECTED
    status: Setting[str] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    tags: Listed[Tag] = NOT_COLLECTED
    tierings: Listed[Tiering] = NOT_COLLECTED


class MetadataTable(Section, frozen=True, kw_only=True):
    """One table of S3 Metadata: the journal, the inventory or the annotations."""

    state: Setting[str | None] = NOT_COLLECTED
    """ENABLED or DISABLED; the journal has none, it is always on."""
    name: Setting[Text | None] = NOT_COLLECTED
    table: Setting[Text | None] = NOT_COLLECTED
    """An ARN."""
    status: Setting[str | None] = NOT_COLLECTED
    """As a live answer tells it: CREATING, BACKFILLING, ACTIVE, FAILED."""
    error_code: Setting[Text | None] = NOT_COLLECTED
    error_message: Setting[Text | None] = NOT_COLLECTED
    algorithm: Setting[str | None] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    expiration: Setting[str | None] = NOT_COLLECTED
    """Whether records of the journal expire: ENABLED or DISABLED."""
    expiration_days: Setting[int | None] = NOT_COLLECTED
    role: Setting[Text | None] = NOT_COLLECTED
    """The role of the annotation table."""


class Metadata(Section, frozen=True, kw_only=True):
    """S3 Metadata: live tables about the objects of a bucket."""

    table_bucket_type: Setting[str | None] = NOT_COLLECTED
    table_bucket: Setting[Text | None] = NOT_COLLECTED
    """An ARN."""
    namespace: Setting[Text | None] = NOT_COLLECTED
    journal: Setting[MetadataTable | None] = NOT_COLLECTED
    inventory: Setting[MetadataTable | None] = NOT_COLLECTED
    annotation: Setting[MetadataTable | None] = NOT_COLLECTED


class MetadataV1(Section, frozen=True, kw_only=True):
    """S3 Metadata in its first form: one table of changes."""

    table_bucket: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    table_name: Setting[Text] = NOT_COLLECTED
    table: Setting[Text | None] = NOT_COLLECTED
    namespace: Setting[Text | None] = NOT_COLLECTED
    status: Setting[str | None] = NOT_COLLECTED
    error_code: Setting[Text | None] = NOT_COLLECTED
    error_message: Setting[Text | None] = NOT_COLLECTED
