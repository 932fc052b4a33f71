"""S3 Tables, from the answers of all calls about them."""

from s3audit.collectors.documents.shape import (
    Shape,
    document,
    listed,
    number,
    optional,
    pairs,
    section,
    text,
    word,
)
from s3audit.model.base import Tag
from s3audit.model.table_bucket import (
    Compaction,
    FileRemoval,
    RecordExpiration,
    SnapshotManagement,
    Table,
    TableBucket,
    TableEncryption,
    TableNamespace,
    TableReplication,
)

_STATUS = {"enabled": "Enabled", "disabled": "Disabled"}
_TAGS = pairs("ListTagsForResource.tags", Shape(Tag, {"key": text("key"), "value": text("value")}))
_ENCRYPTION = Shape(TableEncryption, {"algorithm": word("sseAlgorithm"), "kms_key": text("kmsKeyArn")})
_REPLICATION = Shape(
    TableReplication,
    {
        "role": text("role"),
        "destinations": listed("rules[0].destinations", text("destinationTableBucketARN")),
    },
)

TABLE_BUCKET = Shape(
    TableBucket,
    {
        "name": text("item.name"),
        "type": word("item.type"),
        "policy": document("GetTableBucketPolicy.resourcePolicy"),
        "encryption": section("GetTableBucketEncryption.encryptionConfiguration", _ENCRYPTION),
        "file_removal": section(
            "GetTableBucketMaintenanceConfiguration.configuration.icebergUnreferencedFileRemoval",
            Shape(
                FileRemoval,
                {
                    "status": word("status", _STATUS),
                    "unreferenced_days": number("settings.icebergUnreferencedFileRemoval.unreferencedDays"),
                    "noncurrent_days": number("settings.icebergUnreferencedFileRemoval.nonCurrentDays"),
                },
            ),
        ),
        "metrics": word(
            "GetTableBucketMetricsConfiguration.id#present", {"true": "Enabled", "false": "Disabled"}
        ),
        "storage_class": word("GetTableBucketStorageClass.storageClassConfiguration.storageClass"),
        "replication": optional("GetTableBucketReplication.configuration", _REPLICATION),
        "created": text("item.createdAt"),
        "tags": _TAGS,
    },
)
NAMESPACE = Shape(
    TableNamespace, {"name": text("item.namespace[0]"), "table_bucket": text("item.tableBucketARN")}
)
_MAINTENANCE = "GetTableMaintenanceConfiguration.configuration."
TABLE = Shape(
    Table,
    {
        "name": text("item.name"),
        "namespace": text("item.namespace[0]"),
        "table_bucket": text("item.tableBucketARN"),
        "format": word("GetTable.format"),
        "type": word("item.type"),
        "policy": document("GetTablePolicy.resourcePolicy"),
        "encryption": section("GetTableEncryption.encryptionConfiguration", _ENCRYPTION),
        "compaction": section(
            _MAINTENANCE + "icebergCompaction",
            Shape(
                Compaction,
                {
                    "status": word("status", _STATUS),
                    "target_file_size_mb": number("settings.icebergCompaction.targetFileSizeMB"),
                    "strategy": word("settings.icebergCompaction.strategy"),
                },
            ),
        ),
        "snapshots": section(
            _MAINTENANCE + "icebergSnapshotManagement",
            Shape(
                SnapshotManagement,
                {
                    "status": word("status", _STATUS),
                    "minimum_snapshots": number("settings.icebergSnapshotManagement.minSnapshotsToKeep"),
                    "maximum_age_hours": number("settings.icebergSnapshotManagement.maxSnapshotAgeHours"),
                },
            ),
        ),
        "record_expiration": optional(
            "GetTableRecordExpirationConfiguration.configuration",
            Shape(RecordExpiration, {"status": word("status", _STATUS), "days": number("settings.days")}),
        ),
        "storage_class": word("GetTableStorageClass.storageClassConfiguration.storageClass"),
        "replication": optional("GetTableReplication.configuration", _REPLICATION),
        "created": text("item.createdAt"),
        "tags": _TAGS,
    },
)
