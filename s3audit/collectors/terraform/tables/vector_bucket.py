"""S3 Vectors."""

from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    listed,
    number,
    otherwise,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import REMOVAL, TAGS, policy_of
from s3audit.model.vector_bucket import VectorBucket, VectorEncryption, VectorIndex

_ENCRYPTION = section(
    "encryption_configuration[0]",
    Shape(
        VectorEncryption,
        {"algorithm": otherwise(word("sse_type"), "AES256"), "kms_key": text("kms_key_arn")},
    ),
)

TABLES = {
    "aws_s3vectors_vector_bucket": Shape(
        VectorBucket,
        {
            "name": text("vector_bucket_name"),
            "policy": absent(),
            "encryption": _ENCRYPTION,
            "removal": section("", REMOVAL),
            "tags": TAGS,
        },
    ),
    "aws_s3vectors_vector_bucket_policy": policy_of("vector-bucket", "vector_bucket_arn"),
    "aws_s3vectors_index": Shape(
        VectorIndex,
        {
            "name": text("index_name"),
            "vector_bucket": text("vector_bucket_name"),
            "encryption": _ENCRYPTION,
            "data_type": word("data_type"),
            "dimension": number("dimension"),
            "distance_metric": word("distance_metric"),
            "non_filterable_keys": listed("metadata_configuration[0].non_filterable_metadata_keys", text("")),
            "tags": TAGS,
        },
    ),
}
