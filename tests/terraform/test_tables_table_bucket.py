"""S3 Tables, S3 Vectors and S3 Files."""

import json

from s3audit.model.file_system import FileSystem
from s3audit.model.table_bucket import Table, TableBucket
from s3audit.model.vector_bucket import VectorBucket
from tests.terraform.filling import filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
WRITTEN = json.dumps(POLICY)
ARN = "arn:aws:s3tables:eu-west-1:111122223333:bucket/lake"
OTHER = "arn:aws:s3tables:eu-central-1:111122223333:bucket/copy"
KMS = {"sse_algorithm": "aws:kms", "kms_key_arn": "arn:key"}
REPLICATION = {
    "role": "arn:role",
    "rule": [{"destination": [{"destination_table_bucket_arn": OTHER}]}],
}
REPLICATED = {"role": "arn:role", "destinations": [OTHER]}


def test_a_table_bucket_with_what_stands_beside_it() -> None:
    (bucket,) = joined(
        TableBucket,
        (
            "aws_s3tables_table_bucket",
            {
                "name": "lake",
                "encryption_configuration": KMS,
                "maintenance_configuration": {
                    "iceberg_unreferenced_file_removal": {
                        "status": "disabled",
                        "settings": {"unreferenced_days": 3, "non_current_days": 10},
                    }
                },
                "force_destroy": True,
                "lifecycle": [{"prevent_destroy": True}],
                "tags": {"a": "b"},
            },
        ),
        ("aws_s3tables_table_bucket_policy", {"table_bucket_arn": ARN, "resource_policy": WRITTEN}),
        ("aws_s3tables_table_bucket_replication", {"table_bucket_arn": ARN, **REPLICATION}),
    )
    assert told(bucket) == {
        "name": "lake",
        "type": "customer",
        "policy": POLICY,
        "encryption": {"algorithm": "aws:kms", "kms_key": "arn:key"},
        "file_removal": {"status": "Disabled", "unreferenced_days": 3, "noncurrent_days": 10},
        "replication": REPLICATED,
        "removal": {"force_destroy": True, "prevent_destroy": True},
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_table_bucket_that_says_little() -> None:
    bucket = filled("aws_s3tables_table_bucket", {"name": "lake", "encryption_configuration": None})
    assert unwritten(bucket) == {
        "policy": None,
        "encryption": {"algorithm": None, "kms_key": None},
        "file_removal": {"status": "Enabled", "unreferenced_days": None, "noncurrent_days": None},
        "metrics": "Disabled",
        "storage_class": None,
        "replication": None,
        "removal": {
            "force_destroy": False,
            "deletion_policy": "Delete",
            "update_replace_policy": "Delete",
            "prevent_destroy": False,
        },
        "tags": [],
    }


def test_a_namespace() -> None:
    namespace = filled("aws_s3tables_namespace", {"namespace": "sales", "table_bucket_arn": ARN})
    assert told(namespace) == {"name": "sales", "table_bucket": ARN}


def test_a_table_with_what_stands_beside_it() -> None:
    (table,) = joined(
        Table,
        (
            "aws_s3tables_table",
            {
                "name": "orders",
                "namespace": "sales",
                "table_bucket_arn": ARN,
                "format": "ICEBERG",
                "encryption_configuration": KMS,
                "maintenance_configuration": {
                    "iceberg_compaction": {"status": "enabled", "settings": {"target_file_size_mb": 256}},
                    "iceberg_snapshot_management": {
                        "status": "disabled",
                        "settings": {"min_snapshots_to_keep": 2, "max_snapshot_age_hours": 48},
                    },
                },
                "tags": {"a": "b"},
            },
        ),
        (
            "aws_s3tables_table_policy",
            {"name": "orders", "namespace": "sales", "table_bucket_arn": ARN, "resource_policy": WRITTEN},
        ),
    )
    assert told(table) == {
        "name": "orders",
        "namespace": "sales",
        "table_bucket": ARN,
        "format": "ICEBERG",
        "type": "customer",
        "policy": POLICY,
        "encryption": {"algorithm": "aws:kms", "kms_key": "arn:key"},
        "compaction": {"status": "Enabled", "target_file_size_mb": 256},
        "snapshots": {"status": "Disabled", "minimum_snapshots": 2, "maximum_age_hours": 48},
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(filled("aws_s3tables_table", {})) == {
        "policy": None,
        "encryption": {"algorithm": None, "kms_key": None},
        "compaction": {"status": "Enabled", "target_file_size_mb": None, "strategy": None},
        "snapshots": {"status": "Enabled", "minimum_snapshots": None, "maximum_age_hours": None},
        "record_expiration": None,
        "storage_class": None,
        "replication": None,
        "tags": [],
    }


def test_the_replication_of_a_table() -> None:
    replication = filled("aws_s3tables_table_replication", {"table_arn": f"{ARN}/table/1", **REPLICATION})
    assert told(replication) == {
        "kind": "table",
        "field": "replication",
        "targets": [f"{ARN}/table/1"],
        "value": REPLICATED,
    }


def test_which_of_two_tables_of_one_name_a_policy_is_for_is_not_known() -> None:
    policy = {"name": "orders", "namespace": "sales", "table_bucket_arn": ARN, "resource_policy": WRITTEN}
    tables = joined(
        Table,
        ("aws_s3tables_table", {"name": "orders", "namespace": "sales"}),
        ("aws_s3tables_table", {"name": "orders", "namespace": "returns"}),
        ("aws_s3tables_table_policy", policy),
    )
    assert [plain(table.policy) for table in tables] == ["(unknown)", "(unknown)"]


def test_a_vector_bucket_with_its_policy() -> None:
    (bucket,) = joined(
        VectorBucket,
        (
            "aws_s3vectors_vector_bucket",
            {
                "vector_bucket_name": "vectors",
                "encryption_configuration": [{"sse_type": "aws:kms", "kms_key_arn": "arn:key"}],
                "force_destroy": True,
                "lifecycle": [{"prevent_destroy": True}],
                "tags": {"a": "b"},
            },
        ),
        (
            "aws_s3vectors_vector_bucket_policy",
            {
                "vector_bucket_arn": "arn:aws:s3vectors:eu-west-1:111122223333:bucket/vectors",
                "policy": WRITTEN,
            },
        ),
    )
    assert told(bucket) == {
        "name": "vectors",
        "policy": POLICY,
        "encryption": {"algorithm": "aws:kms", "kms_key": "arn:key"},
        "removal": {"force_destroy": True, "prevent_destroy": True},
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_vector_index() -> None:
    index = filled(
        "aws_s3vectors_index",
        {
            "index_name": "words",
            "vector_bucket_name": "vectors",
            "encryption_configuration": [{"sse_type": "aws:kms", "kms_key_arn": "arn:key"}],
            "data_type": "float32",
            "dimension": 1024,
            "distance_metric": "cosine",
            "metadata_configuration": [{"non_filterable_metadata_keys": ["source"]}],
            "tags": {"a": "b"},
        },
    )
    assert told(index) == {
        "name": "words",
        "vector_bucket": "vectors",
        "encryption": {"algorithm": "aws:kms", "kms_key": "arn:key"},
        "data_type": "float32",
        "dimension": 1024,
        "distance_metric": "cosine",
        "non_filterable_keys": ["source"],
        "tags": [{"key": "a", "value": "b"}],
    }


def test_an_empty_encryption_of_vectors_is_the_providers_own_default() -> None:
    assert unwritten(filled("aws_s3vectors_index", {"encryption_configuration": [{}]}))["encryption"] == {
        "algorithm": "AES256",
        "kms_key": None,
    }
    assert unwritten(filled("aws_s3vectors_index", {"encryption_configuration": []}))["encryption"] == {
        "algorithm": None,
        "kms_key": None,
    }


def test_a_file_system_with_its_policy() -> None:
    assert told(filled("aws_s3files_file_system_policy", {"file_system_id": "fs-1", "policy": WRITTEN})) == {
        "kind": "file-system",
        "field": "policy",
        "targets": ["fs-1"],
        "value": POLICY,
    }
    (system,) = joined(
        FileSystem,
        (
            "aws_s3files_file_system",
            {
                "bucket": "arn:aws:s3:::data",
                "prefix": "shared/",
                "role_arn": "arn:role",
                "kms_key_id": "arn:key",
                "tags": {"a": "b"},
            },
        ),
    )
    assert told(system) == {
        "bucket": "arn:aws:s3:::data",
        "prefix": "shared/",
        "role": "arn:role",
        "kms_key": "arn:key",
        "tags": [{"key": "a", "value": "b"}],
    }
    assert plain(system.policy) is None


def test_the_doors_to_a_file_system() -> None:
    point = filled(
        "aws_s3files_access_point",
        {
            "file_system_id": "fs-1",
            "posix_user": [{"uid": 1001, "gid": 100}],
            "root_directory": [{"path": "/in"}],
            "tags": {"a": "b"},
        },
    )
    assert told(point) == {
        "file_system": "fs-1",
        "root_path": "/in",
        "user_id": "1001",
        "group_id": "100",
        "tags": [{"key": "a", "value": "b"}],
    }
    target = filled(
        "aws_s3files_mount_target",
        {"file_system_id": "fs-1", "subnet_id": "subnet-1", "security_groups": ["sg-1"]},
    )
    assert told(target) == {"file_system": "fs-1", "subnet": "subnet-1", "security_groups": ["sg-1"]}
