"""S3 Tables and S3 Vectors."""

from s3audit.model.table_bucket import Table, TableBucket, TableEncryption
from s3audit.model.vector_bucket import VectorBucket, VectorEncryption, VectorIndex
from tests.terraform.emit.form import Argument, Arguments, one, written
from tests.terraform.emit.writer import Writer


def _object(arguments: Arguments) -> Argument:
    """An argument with arguments of its own, if anything is written in it."""
    kept = written(arguments)
    return dict(kept) if kept else None


def _status(writer: Writer, status: Argument) -> Argument:
    return status.lower() if isinstance(status, str) else status


def _encryption(writer: Writer, e: TableEncryption) -> Argument:
    return _object({"sse_algorithm": writer.word(e.algorithm), "kms_key_arn": writer.text(e.kms_key)})


def table_bucket(writer: Writer, b: TableBucket) -> None:
    removal = b.file_removal
    settings = _object(
        {
            "unreferenced_days": writer.number(removal.unreferenced_days),
            "non_current_days": writer.number(removal.noncurrent_days),
        }
    )
    cleaned = _object({"status": _status(writer, writer.word(removal.status)), "settings": settings})
    arguments: Arguments = {
        "name": writer.own_name(b),
        "encryption_configuration": _encryption(writer, b.encryption),
        "maintenance_configuration": _object({"iceberg_unreferenced_file_removal": cleaned}),
        "tags": writer.tags(b.tags),
    }
    writer.block("aws_s3tables_table_bucket", writer.name(b), arguments)
    policy = writer.document(b.policy)
    if policy is not None:
        own: Arguments = {"table_bucket_arn": writer.reference(b, "arn"), "resource_policy": policy}
        writer.block("aws_s3tables_table_bucket_policy", writer.name(b), own)


def table(writer: Writer, t: Table) -> None:
    compaction, snapshots = t.compaction, t.snapshots
    compacted = _object(
        {
            "status": _status(writer, writer.word(compaction.status)),
            "settings": _object({"target_file_size_mb": writer.number(compaction.target_file_size_mb)}),
        }
    )
    kept = _object(
        {
            "status": _status(writer, writer.word(snapshots.status)),
            "settings": _object(
                {
                    "min_snapshots_to_keep": writer.number(snapshots.minimum_snapshots),
                    "max_snapshot_age_hours": writer.number(snapshots.maximum_age_hours),
                }
            ),
        }
    )
    place: Arguments = {
        "table_bucket_arn": writer.text(t.table_bucket),
        "namespace": writer.text(t.namespace),
    }
    arguments: Arguments = {
        **place,
        "name": writer.own_name(t),
        "format": writer.word(t.format),
        "encryption_configuration": _encryption(writer, t.encryption),
        "maintenance_configuration": _object(
            {"iceberg_compaction": compacted, "iceberg_snapshot_management": kept}
        ),
        "tags": writer.tags(t.tags),
    }
    writer.block("aws_s3tables_table", writer.name(t), arguments)
    policy = writer.document(t.policy)
    if policy is not None:
        own: Arguments = {**place, "name": writer.reference(t, "name"), "resource_policy": policy}
        writer.block("aws_s3tables_table_policy", writer.name(t), own)


def _of_vectors(writer: Writer, e: VectorEncryption) -> Argument:
    return one({"sse_type": writer.word(e.algorithm), "kms_key_arn": writer.text(e.kms_key)})


def vector_bucket(writer: Writer, b: VectorBucket) -> None:
    arguments: Arguments = {
        "vector_bucket_name": writer.own_name(b),
        "encryption_configuration": _of_vectors(writer, b.encryption),
        "tags": writer.tags(b.tags),
    }
    writer.block("aws_s3vectors_vector_bucket", writer.name(b), arguments)
    policy = writer.document(b.policy)
    if policy is not None:
        own: Arguments = {"vector_bucket_arn": writer.reference(b, "vector_bucket_arn"), "policy": policy}
        writer.block("aws_s3vectors_vector_bucket_policy", writer.name(b), own)


def vector_index(writer: Writer, i: VectorIndex) -> None:
    arguments: Arguments = {
        "index_name": writer.own_name(i),
        "vector_bucket_name": writer.text(i.vector_bucket),
        "data_type": writer.word(i.data_type),
        "dimension": writer.number(i.dimension),
        "distance_metric": writer.word(i.distance_metric),
        "encryption_configuration": _of_vectors(writer, i.encryption),
        "metadata_configuration": one({"non_filterable_metadata_keys": writer.texts(i.non_filterable_keys)}),
        "tags": writer.tags(i.tags),
    }
    writer.block("aws_s3vectors_index", writer.name(i), arguments)
