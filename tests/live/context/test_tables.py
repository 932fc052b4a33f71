"""S3 Tables: table buckets, and what is in each."""

from typing import Any

import pytest

from s3audit.collectors.live.context.tables import TABLES_READER
from s3audit.demo.faults import other_document, refused
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.table_bucket import Table, TableBucket, TableNamespace
from s3audit.setting import Known
from tests.live.context.scene import Scene, listed, only, value, values, why

ARN = f"arn:aws:s3tables:{REGION}:{ACCOUNT}:bucket/lake"
TABLE = f"{ARN}/table/1234"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/replication"
COPY = f"arn:aws:s3tables:us-east-1:{ACCOUNT}:bucket/copy"
MADE = "2025-01-02T03:04:05Z"
POLICY = '{"Version": "2012-10-17", "Statement": []}'
EVERY = ("table-bucket", "table-namespace", "table")
BUCKET = {"arn": ARN, "name": "lake", "ownerAccountId": ACCOUNT, "createdAt": MADE, "type": "customer"}
NAMESPACE = {"namespace": ["sales"], "createdAt": MADE, "createdBy": ACCOUNT, "ownerAccountId": ACCOUNT}
LISTED = {
    "namespace": ["sales"],
    "name": "orders",
    "type": "customer",
    "tableARN": TABLE,
    "createdAt": MADE,
    "modifiedAt": MADE,
}
OF_BUCKET = {"tableBucketARN": ARN}
OF_TABLE = {**OF_BUCKET, "namespace": "sales", "name": "orders"}
REPLICATION = {"role": ROLE, "rules": [{"destinations": [{"destinationTableBucketARN": COPY}]}]}


def told(scene: Scene) -> None:
    def tell(operation: str, document: dict[str, Any], when: dict[str, str] | None = None) -> None:
        scene.world.tell(f"s3tables:{operation}", document, when)

    tell("ListTableBuckets", {"tableBuckets": [BUCKET]})
    tell("GetTableBucket", BUCKET, OF_BUCKET)
    tell("GetTableBucketPolicy", {"resourcePolicy": POLICY}, OF_BUCKET)
    tell(
        "GetTableBucketEncryption",
        {"encryptionConfiguration": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY}},
        OF_BUCKET,
    )
    removal = "icebergUnreferencedFileRemoval"
    tell(
        "GetTableBucketMaintenanceConfiguration",
        {
            **OF_BUCKET,
            "configuration": {
                removal: {
                    "status": "enabled",
                    "settings": {removal: {"unreferencedDays": 4, "nonCurrentDays": 12}},
                }
            },
        },
        OF_BUCKET,
    )
    tell("GetTableBucketMetricsConfiguration", {**OF_BUCKET, "id": "m-1"}, OF_BUCKET)
    storage = {"storageClassConfiguration": {"storageClass": "INTELLIGENT_TIERING"}}
    tell("GetTableBucketStorageClass", storage, OF_BUCKET)
    tell("GetTableBucketReplication", {"versionToken": "1", "configuration": REPLICATION}, OF_BUCKET)
    tell("ListTagsForResource", {"tags": {"team": "data"}})
    tell("ListNamespaces", {"namespaces": [NAMESPACE]}, OF_BUCKET)
    tell("ListTables", {"tables": [LISTED]}, OF_BUCKET)
    more = {"versionToken": "1", "createdBy": "a", "modifiedBy": "a", "ownerAccountId": ACCOUNT}
    tell("GetTable", {**LISTED, **more, "warehouseLocation": "s3://x", "format": "ICEBERG"}, OF_TABLE)
    tell("GetTablePolicy", {"resourcePolicy": POLICY}, OF_TABLE)
    tell("GetTableEncryption", {"encryptionConfiguration": {"sseAlgorithm": "AES256"}}, OF_TABLE)
    tell(
        "GetTableMaintenanceConfiguration",
        {
            "tableARN": TABLE,
            "configuration": {
                "icebergCompaction": {
                    "status": "disabled",
                    "settings": {"icebergCompaction": {"targetFileSizeMB": 256, "strategy": "sort"}},
                },
                "icebergSnapshotManagement": {
                    "status": "enabled",
                    "settings": {
                        "icebergSnapshotManagement": {"minSnapshotsToKeep": 3, "maxSnapshotAgeHours": 120}
                    },
                },
            },
        },
        OF_TABLE,
    )
    tell("GetTableStorageClass", {"storageClassConfiguration": {"storageClass": "STANDARD"}}, OF_TABLE)
    tell("GetTableReplication", {"versionToken": "1", "configuration": REPLICATION}, {"tableArn": TABLE})
    expires = {"configuration": {"status": "enabled", "settings": {"days": 30}}}
    tell("GetTableRecordExpirationConfiguration", expires, {"tableArn": TABLE})


def test_a_table_bucket_is_read_whole(scene: Scene) -> None:
    told(scene)
    read = scene.read(TABLES_READER)
    bucket = only(read, TableBucket)
    assert (bucket.address, bucket.title, value(bucket.region)) == (ARN, "lake", REGION)
    assert values(bucket, "name", "type", "metrics", "storage_class", "created") == {
        "name": "lake",
        "type": "customer",
        "metrics": "Enabled",
        "storage_class": "INTELLIGENT_TIERING",
        "created": MADE,
    }
    assert values(bucket.encryption, "algorithm", "kms_key") == {"algorithm": "aws:kms", "kms_key": KEY}
    assert values(bucket.file_removal, "status", "unreferenced_days", "noncurrent_days") == {
        "status": "Enabled",
        "unreferenced_days": 4,
        "noncurrent_days": 12,
    }
    replication = value(bucket.replication)
    assert values(replication, "role", "destinations") == {"role": ROLE, "destinations": [COPY]}
    assert [(value(tag.key), value(tag.value)) for tag in value(bucket.tags)] == [("team", "data")]
    assert isinstance(bucket.policy, Known)
    calls = {
        "s3tables:ListTableBuckets": bucket.name,
        "s3tables:GetTableBucketPolicy": bucket.policy,
        "s3tables:GetTableBucketEncryption": bucket.encryption.algorithm,
        "s3tables:GetTableBucketMaintenanceConfiguration": bucket.file_removal.status,
        "s3tables:GetTableBucketMetricsConfiguration": bucket.metrics,
        "s3tables:GetTableBucketStorageClass": bucket.storage_class,
        "s3tables:GetTableBucketReplication": bucket.replication,
        "s3tables:ListTagsForResource": bucket.tags,
    }
    assert {call: setting.at.call for call, setting in calls.items()} == {call: call for call in calls}
    assert listed(read) == {(kind, REGION): "" for kind in EVERY}


def test_what_is_in_it_is_read_whole(scene: Scene) -> None:
    told(scene)
    read = scene.read(TABLES_READER)
    namespace = only(read, TableNamespace)
    assert (namespace.address, namespace.title) == (f"{ARN}/namespace/sales", "sales")
    assert values(namespace, "name", "table_bucket") == {"name": "sales", "table_bucket": ARN}
    table = only(read, Table)
    assert (table.address, table.title) == (TABLE, "orders")
    assert values(
        table, "name", "namespace", "table_bucket", "format", "type", "storage_class", "created"
    ) == {
        "name": "orders",
        "namespace": "sales",
        "table_bucket": ARN,
        "format": "ICEBERG",
        "type": "customer",
        "storage_class": "STANDARD",
        "created": MADE,
    }
    assert values(table.encryption, "algorithm", "kms_key") == {"algorithm": "AES256", "kms_key": None}
    assert values(table.compaction, "status", "target_file_size_mb", "strategy") == {
        "status": "Disabled",
        "target_file_size_mb": 256,
        "strategy": "sort",
    }
    assert values(table.snapshots, "status", "minimum_snapshots", "maximum_age_hours") == {
        "status": "Enabled",
        "minimum_snapshots": 3,
        "maximum_age_hours": 120,
    }
    assert values(value(table.record_expiration), "status", "days") == {"status": "Enabled", "days": 30}
    assert value(value(table.replication).destinations) == [COPY]
    assert isinstance(table.policy, Known)
    assert table.policy.at.call == "s3tables:GetTablePolicy"
    assert table.format.at.call == "s3tables:GetTable"


def test_what_is_not_configured_is_known_to_be_so(scene: Scene) -> None:
    told(scene)
    for operation in (
        "GetTableBucketPolicy",
        "GetTableBucketEncryption",
        "GetTableBucketMetricsConfiguration",
        "GetTableBucketStorageClass",
        "GetTableBucketReplication",
        "GetTablePolicy",
        "GetTableEncryption",
        "GetTableStorageClass",
        "GetTableReplication",
    ):
        scene.world.refuse(f"s3tables:{operation}", "NotFoundException", status=404)
    scene.world.refuse(
        "s3tables:GetTableRecordExpirationConfiguration", "MethodNotAllowedException", status=405
    )
    read = scene.read(TABLES_READER)
    bucket = only(read, TableBucket)
    assert values(bucket, "policy", "metrics", "storage_class", "replication") == {
        "policy": None,
        "metrics": "Disabled",
        "storage_class": None,
        "replication": None,
    }
    assert values(bucket.encryption, "algorithm", "kms_key") == {"algorithm": "AES256", "kms_key": None}
    table = only(read, Table)
    assert values(table, "policy", "storage_class", "replication", "record_expiration") == {
        "policy": None,
        "storage_class": None,
        "replication": None,
        "record_expiration": None,
    }
    assert value(table.encryption.algorithm) is None


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ("GetTableBucketPolicy", "policy"),
        ("GetTableBucketEncryption", "encryption.algorithm"),
        ("GetTableBucketMaintenanceConfiguration", "file_removal.status"),
        ("GetTableBucketMetricsConfiguration", "metrics"),
        ("GetTableBucketStorageClass", "storage_class"),
        ("GetTableBucketReplication", "replication"),
        ("ListTagsForResource", "tags"),
        ("GetTable", "format"),
        ("GetTablePolicy", "policy"),
        ("GetTableEncryption", "encryption.algorithm"),
        ("GetTableMaintenanceConfiguration", "compaction.status"),
        ("GetTableStorageClass", "storage_class"),
        ("GetTableReplication", "replication"),
        ("GetTableRecordExpirationConfiguration", "record_expiration"),
    ],
)
def test_what_is_denied_is_not_known(scene: Scene, operation: str, field: str) -> None:
    told(scene)
    scene.deny(f"s3tables:{operation}")
    read = scene.read(TABLES_READER)
    kind: Any = TableBucket if "Bucket" in operation else Table
    setting: Any = only(read, kind)
    for name in field.split("."):
        setting = getattr(setting, name)
    assert why(setting) == f"s3tables:{operation} was denied, it needs the permission s3tables:{operation}"
    assert listed(read) == {(each, REGION): "" for each in EVERY}


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        ("ListTableBuckets", EVERY),
        ("ListNamespaces", ("table-namespace",)),
        ("ListTables", ("table",)),
    ],
)
def test_what_can_not_be_listed_is_a_gap_of_all_that_it_would_tell(
    scene: Scene, operation: str, kinds: tuple[str, ...]
) -> None:
    told(scene)
    scene.deny(f"s3tables:{operation}")
    read = scene.read(TABLES_READER)
    said = f"s3tables:{operation} was denied, it needs the permission s3tables:{operation}"
    assert listed(read) == {(kind, REGION): said if kind in kinds else "" for kind in EVERY}
    assert not any(kind in kinds for kind in (type(one).__struct_config__.tag for one in read.resources))


def test_all_pages_are_listed(scene: Scene) -> None:
    told(scene)
    tables = [LISTED | {"name": f"t-{n}", "tableARN": f"{ARN}/table/{n}"} for n in range(3)]
    scene.world.tell("s3tables:ListTables", {"tables": tables}, page=2)
    for table in tables:
        more = {"versionToken": "1", "createdBy": "a", "modifiedBy": "a", "ownerAccountId": ACCOUNT}
        whole = {**table, **more, "warehouseLocation": "s3://x", "format": "ICEBERG"}
        scene.world.tell("s3tables:GetTable", whole, {"name": table["name"]})
    read = scene.read(TABLES_READER)
    assert [one.title for one in read.resources if isinstance(one, Table)] == ["t-0", "t-1", "t-2"]
    assert scene.world.requests["s3tables:ListTables"] == 2


def test_a_bucket_that_is_gone_meanwhile_is_left_out_with_all_in_it(scene: Scene) -> None:
    told(scene)
    scene.world.refuse("s3tables:GetTableBucket", "NotFoundException", status=404)
    read = scene.read(TABLES_READER)
    assert (read.resources, listed(read)) == ((), {(kind, REGION): "" for kind in EVERY})
    assert scene.world.requests["s3tables:ListTables"] == 0


def test_another_answer_is_no_empty_listing(scene: Scene) -> None:
    told(scene)
    scene.world.faults.add(other_document(), "s3tables:ListTables")
    scene.world.tell("s3tables:ListNamespaces", {})
    read = scene.read(TABLES_READER)
    gaps = {one.kind: one.why for one in read.unlisted}
    assert gaps["table-namespace"] == "s3tables:ListNamespaces was answered without namespaces"
    assert gaps["table"].startswith("s3tables:ListTables ")
    assert [one.kind for one in read.listings] == ["table-bucket"]


def test_a_region_without_the_service_claims_nothing(scene: Scene) -> None:
    scene.fail(refused("UnrecognizedClientException", "The security token is invalid", 403), "s3tables:*")
    read = scene.read(TABLES_READER)
    said = "s3tables:ListTableBuckets was refused, these credentials are not accepted (UnrecognizedClientException)"
    assert listed(read) == {(kind, REGION): said for kind in EVERY}
