"""S3 Tables."""

from s3audit.collectors.cloudformation.tables.common import NEVER_EMPTIED, TAGS, policy_of
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    always,
    listed,
    number,
    optional,
    section,
    text,
    word,
)
from s3audit.model.table_bucket import (
    Compaction,
    FileRemoval,
    SnapshotManagement,
    Table,
    TableBucket,
    TableEncryption,
    TableNamespace,
    TableReplication,
)

_STATUS = {"enabled": "Enabled", "disabled": "Disabled"}

TABLES = {
    "AWS::S3Tables::TableBucket": Shape(
        TableBucket,
        {
            "name": text("TableBucketName"),
            "type": always("customer"),
            "policy": absent(),
            "encryption": section(
                "EncryptionConfiguration",
                Shape(TableEncryption, {"algorithm": word("SSEAlgorithm"), "kms_key": text("KMSKeyArn")}),
            ),
            "file_removal": section(
                "UnreferencedFileRemoval",
                Shape(
                    FileRemoval,
                    {
                        "status": word("Status"),
                        "unreferenced_days": number("UnreferencedDays"),
                        "noncurrent_days": number("NoncurrentDays"),
                    },
                ),
            ),
            "metrics": word("MetricsConfiguration.Status"),
            "storage_class": word("StorageClassConfiguration.StorageClass"),
            "replication": optional(
                "ReplicationConfiguration",
                Shape(
                    TableReplication,
                    {
                        "role": text("Role"),
                        "destinations": listed("Rules[0].Destinations", text("DestinationTableBucketARN")),
                    },
                ),
            ),
            "removal": section("", NEVER_EMPTIED),
            "tags": TAGS,
        },
    ),
    "AWS::S3Tables::TableBucketPolicy": policy_of("table-bucket", "TableBucketARN", "ResourcePolicy"),
    "AWS::S3Tables::Namespace": Shape(
        TableNamespace, {"name": text("Namespace"), "table_bucket": text("TableBucketARN")}
    ),
    "AWS::S3Tables::Table": Shape(
        Table,
        {
            "name": text("TableName"),
            "namespace": text("Namespace"),
            "table_bucket": text("TableBucketARN"),
            "format": word("OpenTableFormat"),
            "type": always("customer"),
            "policy": absent(),
            "encryption": section("", Shape(TableEncryption, {"algorithm": absent(), "kms_key": absent()})),
            "compaction": section(
                "Compaction",
                Shape(
                    Compaction,
                    {
                        "status": word("Status", _STATUS),
                        "target_file_size_mb": number("TargetFileSizeMB"),
                        "strategy": absent(),
                    },
                ),
            ),
            "snapshots": section(
                "SnapshotManagement",
                Shape(
                    SnapshotManagement,
                    {
                        "status": word("Status", _STATUS),
                        "minimum_snapshots": number("MinSnapshotsToKeep"),
                        "maximum_age_hours": number("MaxSnapshotAgeHours"),
                    },
                ),
            ),
            "record_expiration": absent(),
            "storage_class": word("StorageClassConfiguration.StorageClass"),
            "replication": absent(),
            "tags": TAGS,
        },
    ),
    "AWS::S3Tables::TablePolicy": policy_of("table", "TableARN", "ResourcePolicy"),
}
