"""S3 Vectors, from the answers of all calls about them."""

from s3audit.collectors.documents.shape import Shape, document, listed, number, pairs, section, text, word
from s3audit.model.base import Tag
from s3audit.model.vector_bucket import VectorBucket, VectorEncryption, VectorIndex

_TAGS = pairs("ListTagsForResource.tags", Shape(Tag, {"key": text("key"), "value": text("value")}))
_ENCRYPTION = Shape(VectorEncryption, {"algorithm": word("sseType"), "kms_key": text("kmsKeyArn")})

VECTOR_BUCKET = Shape(
    VectorBucket,
    {
        "name": text("item.vectorBucketName"),
        "policy": document("GetVectorBucketPolicy.policy"),
        "encryption": section("GetVectorBucket.vectorBucket.encryptionConfiguration", _ENCRYPTION),
        "created": text("item.creationTime"),
        "tags": _TAGS,
    },
)
_INDEX = "GetIndex.index."
VECTOR_INDEX = Shape(
    VectorIndex,
    {
        "name": text("item.indexName"),
        "vector_bucket": text("item.vectorBucketName"),
        "encryption": section(_INDEX + "encryptionConfiguration", _ENCRYPTION),
        "data_type": word(_INDEX + "dataType"),
        "dimension": number(_INDEX + "dimension"),
        "distance_metric": word(_INDEX + "distanceMetric"),
        "non_filterable_keys": listed(_INDEX + "metadataConfiguration.nonFilterableMetadataKeys", text("")),
        "created": text("item.creationTime"),
        "tags": _TAGS,
    },
)
