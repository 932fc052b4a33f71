"""S3 Tables: table buckets, and the namespaces and tables in each."""

from s3audit.collectors.live.operations import tables as calls
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.tables import NAMESPACE, TABLE, TABLE_BUCKET

NEED = "table buckets"
_BUCKET = {"tableBucketARN": "item.arn"}
_WITHIN = {"tableBucketARN": "above.item.arn"}
_TABLE = {**_WITHIN, "namespace": "item.namespace.0", "name": "item.name"}
_BY_ARN = {"tableArn": "item.tableARN"}

TABLES_READER = Reading(
    need=NEED,
    scope="region",
    shape=TABLE_BUCKET,
    listing=calls.BUCKETS,
    items="tableBuckets",
    address="{item.arn}",
    title="{item.name}",
    details=(
        Detail(operation=calls.BUCKET, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_POLICY, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_ENCRYPTION, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_MAINTENANCE, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_METRICS, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_STORAGE_CLASS, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_REPLICATION, parameters=_BUCKET),
        Detail(operation=calls.TAGS, parameters={"resourceArn": "item.arn"}),
    ),
    below=(
        Reading(
            need=NEED,
            scope="region",
            shape=NAMESPACE,
            listing=calls.NAMESPACES,
            parameters=_WITHIN,
            items="namespaces",
            address="{above.item.arn}/namespace/{item.namespace.0}",
            title="{item.namespace.0}",
            adds=_WITHIN,
        ),
        Reading(
            need=NEED,
            scope="region",
            shape=TABLE,
            listing=calls.TABLES,
            parameters=_WITHIN,
            items="tables",
            address="{item.tableARN}",
            title="{item.name}",
            adds=_WITHIN,
            details=(
                Detail(operation=calls.TABLE, parameters=_TABLE),
                Detail(operation=calls.TABLE_POLICY, parameters=_TABLE),
                Detail(operation=calls.TABLE_ENCRYPTION, parameters=_TABLE),
                Detail(operation=calls.TABLE_MAINTENANCE, parameters=_TABLE),
                Detail(operation=calls.TABLE_STORAGE_CLASS, parameters=_TABLE),
                Detail(operation=calls.TABLE_REPLICATION, parameters=_BY_ARN),
                Detail(operation=calls.TABLE_RECORD_EXPIRATION, parameters=_BY_ARN),
                Detail(operation=calls.TAGS, parameters={"resourceArn": "item.tableARN"}),
            ),
        ),
    ),
)
