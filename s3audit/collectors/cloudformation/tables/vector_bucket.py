"""S3 Vectors."""

from s3audit.collectors.cloudformation.tables.common import NEVER_EMPTIED, TAGS, policy_of
from s3audit.collectors.documents.shape import Shape, absent, listed, number, section, text, word
from s3audit.model.vector_bucket import VectorBucket, VectorEncryption, VectorIndex

_ENCRYPTION = section(
    "EncryptionConfiguration",
    Shape(VectorEncryption, {"algorithm": word("SseType"), "kms_key": text("KmsKeyArn")}),
)

TABLES = {
    "AWS::S3Vectors::VectorBucket": Shape(
        VectorBucket,
        {
            "name": text("VectorBucketName"),
            "policy": absent(),
            "encryption": _ENCRYPTION,
            "removal": section("", NEVER_EMPTIED),
            "tags": TAGS,
        },
    ),
    "AWS::S3Vectors::VectorBucketPolicy": policy_of(
        "vector-bucket", "VectorBucketArn|VectorBucketName", "Policy"
    ),
    "AWS::S3Vectors::Index": Shape(
        VectorIndex,
        {
            "name": text("IndexName"),
            "vector_bucket": text("VectorBucketArn|VectorBucketName"),
            "encryption": _ENCRYPTION,
            "data_type": word("DataType"),
            "dimension": number("Dimension"),
            "distance_metric": word("DistanceMetric"),
            "non_filterable_keys": listed("MetadataConfiguration.NonFilterableMetadataKeys", text("")),
            "tags": TAGS,
        },
    ),
}
