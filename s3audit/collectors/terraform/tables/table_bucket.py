"""S3 Tables."""

from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    absent,
    always,
    listed,
    number,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import REMOVAL, TAGS, attached, part, policy_of
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
_ENCRYPTION = section(
    "encryption_configuration",
    Shape(TableEncryption, {"algorithm": word("sse_algorithm"), "kms_key": text("kms_key_arn")}),
)
_REPLICATION = part(
    Shape(
        TableReplication,
        {
            "role": text("role"),
            "destinations": listed("rule[0].destination", text("destination_table_bucket_arn")),
        },
    )
)


def _maintenance(name: str, shape: Shape) -> Field:
    return section(f"maintenance_configuration.{name}", shape)


TABLES = {
    "aws_s3tables_table_bucket": Shape(
        TableBucket,
        {
            "name": text("name"),
            "type": always("customer"),
            "policy": absent(),
            "encryption": _ENCRYPTION,
            "file_removal": _maintenance(
                "iceberg_unreferenced_file_removal",
                Shape(
                    FileRemoval,
                    {
                        "status": word("status", _STATUS),
                        "unreferenced_days": number("settings.unreferenced_days"),
                        "noncurrent_days": number("settings.non_current_days"),
                    },
                ),
            ),
            "metrics": absent(),
            "storage_class": absent(),
            "replication": absent(),
            "removal": section("", REMOVAL),
            "tags": TAGS,
        },
    ),
    "aws_s3tables_table_bucket_policy": policy_of("table-bucket", "table_bucket_arn", "resource_policy"),
    "aws_s3tables_table_bucket_replication": attached(
        "table-bucket", "replication", "table_bucket_arn", _REPLICATION
    ),
    "aws_s3tables_namespace": Shape(
        TableNamespace, {"name": text("namespace"), "table_bucket": text("table_bucket_arn")}
    ),
    "aws_s3tables_table": Shape(
        Table,
        {
            "name": text("name"),
            "namespace": text("namespace"),
            "table_bucket": text("table_bucket_arn"),
            "format": word("format"),
            "type": always("customer"),
            "policy": absent(),
            "encryption": _ENCRYPTION,
            "compaction": _maintenance(
                "iceberg_compaction",
                Shape(
                    Compaction,
                    {
                        "status": word("status", _STATUS),
                        "target_file_size_mb": number("settings.target_file_size_mb"),
                        "strategy": absent(),
                    },
                ),
            ),
            "snapshots": _maintenance(
                "iceberg_snapshot_management",
                Shape(
                    SnapshotManagement,
                    {
                        "status": word("status", _STATUS),
                        "minimum_snapshots": number("settings.min_snapshots_to_keep"),
                        "maximum_age_hours": number("settings.max_snapshot_age_hours"),
                    },
                ),
            ),
            "record_expiration": absent(),
            "storage_class": absent(),
            "replication": absent(),
            "tags": TAGS,
        },
    ),
    "aws_s3tables_table_policy": policy_of("table", "name", "resource_policy"),
    "aws_s3tables_table_replication": attached("table", "replication", "table_arn", _REPLICATION),
}
