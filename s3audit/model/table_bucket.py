"""S3 Tables: table buckets, namespaces, tables."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Removal
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class TableEncryption(Section, frozen=True, kw_only=True):
    algorithm: Setting[str | None] = NOT_COLLECTED
    """AES256 or aws:kms; None for a table that has none of its own."""
    kms_key: Setting[Text | None] = NOT_COLLECTED


class FileRemoval(Section, frozen=True, kw_only=True):
    """Files that no snapshot refers to are removed."""

    status: Setting[str] = NOT_COLLECTED
    """Enabled or Disabled."""
    unreferenced_days: Setting[int | None] = NOT_COLLECTED
    noncurrent_days: Setting[int | None] = NOT_COLLECTED


class TableReplication(Section, frozen=True, kw_only=True):
    role: Setting[Text] = NOT_COLLECTED
    destinations: Listed[Text] = NOT_COLLECTED
    """ARNs of table buckets."""


class TableBucket(Resource, frozen=True, kw_only=True, tag="table-bucket"):
    name: Setting[Text] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    """customer or aws."""
    policy: Setting[Value | None] = NOT_COLLECTED
    encryption: TableEncryption = TableEncryption()
    file_removal: FileRemoval = FileRemoval()
    metrics: Setting[str] = NOT_COLLECTED
    """Enabled or Disabled."""
    storage_class: Setting[str | None] = NOT_COLLECTED
    replication: Setting[TableReplication | None] = NOT_COLLECTED
    removal: Removal = Removal()
    created: Setting[Text | None] = NOT_COLLECTED


class TableNamespace(Resource, frozen=True, kw_only=True, tag="table-namespace"):
    name: Setting[Text] = NOT_COLLECTED
    table_bucket: Setting[Text] = NOT_COLLECTED
    """An ARN."""


class Compaction(Section, frozen=True, kw_only=True):
    status: Setting[str] = NOT_COLLECTED
    """Enabled or Disabled."""
    target_file_size_mb: Setting[int | None] = NOT_COLLECTED
    strategy: Setting[str | None] = NOT_COLLECTED


class SnapshotManagement(Section, frozen=True, kw_only=True):
    status: Setting[str] = NOT_COLLECTED
    """Enabled or Disabled."""
    minimum_snapshots: Setting[int | None] = NOT_COLLECTED
    maximum_age_hours: Setting[int | None] = NOT_COLLECTED


class RecordExpiration(Section, frozen=True, kw_only=True):
    status: Setting[str] = NOT_COLLECTED
    days: Setting[int | None] = NOT_COLLECTED


class Table(Resource, frozen=True, kw_only=True, tag="table"):
    name: Setting[Text] = NOT_COLLECTED
    namespace: Setting[Text] = NOT_COLLECTED
    table_bucket: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    format: Setting[str] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    """customer or aws."""
    policy: Setting[Value | None] = NOT_COLLECTED
    encryption: TableEncryption = TableEncryption()
    compaction: Compaction = Compaction()
    snapshots: SnapshotManagement = SnapshotManagement()
    record_expiration: Setting[RecordExpiration | None] = NOT_COLLECTED
    storage_class: Setting[str | None] = NOT_COLLECTED
    replication: Setting[TableReplication | None] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED
