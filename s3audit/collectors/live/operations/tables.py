"""The calls about S3 Tables: table buckets, namespaces and tables."""

from typing import Any

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages


def _of_tables(name: str, tells: str, *has: str, **more: Any) -> Operation:
    return Operation(service="s3tables", name=name, action=f"s3tables:{name}", tells=tells, has=has, **more)


def _listing(name: str, tells: str, items: str, most: str, **more: Any) -> Operation:
    pages = Pages((items,), "continuationToken", "continuationToken", (most, 1_000))
    return _of_tables(name, tells, items, pages=pages, **more)


# One code says that the bucket is gone and that it has no such configuration; whether it is there is asked first.
_NONE = ("NotFoundException",)

BUCKETS = _listing(
    "ListTableBuckets", "the table buckets", "tableBuckets", "maxBuckets", no_such=(NOT_OFFERED,)
)
BUCKET = _of_tables("GetTableBucket", "whether a table bucket is still there", "arn", gone=_NONE)
BUCKET_POLICY = _of_tables(
    "GetTableBucketPolicy", "the policy of a table bucket", "resourcePolicy", absent=_NONE
)
BUCKET_ENCRYPTION = _of_tables(
    "GetTableBucketEncryption",
    "the encryption of a table bucket",
    "encryptionConfiguration",
    absent=_NONE,
    # What nobody has configured is encrypted with keys of S3.
    means={"encryptionConfiguration": {"sseAlgorithm": "AES256"}},
)
BUCKET_MAINTENANCE = _of_tables(
    "GetTableBucketMaintenanceConfiguration",
    "whether a table bucket removes files that nothing refers to",
    "configuration",
)
BUCKET_METRICS = _of_tables(
    "GetTableBucketMetricsConfiguration",
    "whether a table bucket has request metrics",
    "id",
    absent=_NONE,
)
BUCKET_STORAGE_CLASS = _of_tables(
    "GetTableBucketStorageClass",
    "the storage class of a table bucket",
    "storageClassConfiguration",
    absent=_NONE,
)
BUCKET_REPLICATION = _of_tables(
    "GetTableBucketReplication", "the replication of a table bucket", "configuration", absent=_NONE
)
TAGS = _of_tables("ListTagsForResource", "the tags of table buckets and tables", "tags")
NAMESPACES = _listing(
    "ListNamespaces", "the namespaces of a table bucket", "namespaces", "maxNamespaces", gone=_NONE
)

TABLES = _listing("ListTables", "the tables of a table bucket", "tables", "maxTables", gone=_NONE)
TABLE = _of_tables("GetTable", "the format of a table", "tableARN", gone=_NONE)
TABLE_POLICY = _of_tables("GetTablePolicy", "the policy of a table", "resourcePolicy", absent=_NONE)
TABLE_ENCRYPTION = _of_tables(
    "GetTableEncryption", "the encryption of a table", "encryptionConfiguration", absent=_NONE
)
TABLE_MAINTENANCE = _of_tables(
    "GetTableMaintenanceConfiguration", "compaction and snapshots of a table", "configuration"
)
TABLE_STORAGE_CLASS = _of_tables(
    "GetTableStorageClass", "the storage class of a table", "storageClassConfiguration", absent=_NONE
)
TABLE_REPLICATION = _of_tables(
    "GetTableReplication", "the replication of a table", "configuration", absent=_NONE
)
TABLE_RECORD_EXPIRATION = _of_tables(
    "GetTableRecordExpirationConfiguration",
    "when records of a table expire",
    "configuration",
    absent=_NONE,
    # Only the tables that AWS fills have it.
    no_such=("MethodNotAllowedException",),
)

OF_TABLES: tuple[Operation, ...] = (
    BUCKETS,
    BUCKET,
    BUCKET_POLICY,
    BUCKET_ENCRYPTION,
    BUCKET_MAINTENANCE,
    BUCKET_METRICS,
    BUCKET_STORAGE_CLASS,
    BUCKET_REPLICATION,
    TAGS,
    NAMESPACES,
    TABLES,
    TABLE,
    TABLE_POLICY,
    TABLE_ENCRYPTION,
    TABLE_MAINTENANCE,
    TABLE_STORAGE_CLASS,
    TABLE_REPLICATION,
    TABLE_RECORD_EXPIRATION,
)
