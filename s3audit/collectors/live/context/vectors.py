"""S3 Vectors: vector buckets and the indexes in each."""

from s3audit.collectors.live.operations import vectors as calls
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.vectors import VECTOR_BUCKET, VECTOR_INDEX

NEED = "vector buckets"
_BUCKET = {"vectorBucketArn": "item.vectorBucketArn"}

VECTORS_READER = Reading(
    need=NEED,
    scope="region",
    shape=VECTOR_BUCKET,
    listing=calls.BUCKETS,
    items="vectorBuckets",
    address="{item.vectorBucketArn}",
    title="{item.vectorBucketName}",
    details=(
        Detail(operation=calls.BUCKET, parameters=_BUCKET),
        Detail(operation=calls.BUCKET_POLICY, parameters=_BUCKET),
        Detail(operation=calls.TAGS, parameters={"resourceArn": "item.vectorBucketArn"}),
    ),
    below=(
        Reading(
            need=NEED,
            scope="region",
            shape=VECTOR_INDEX,
            listing=calls.INDEXES,
            parameters={"vectorBucketArn": "above.item.vectorBucketArn"},
            items="indexes",
            address="{item.indexArn}",
            title="{item.indexName}",
            details=(
                Detail(operation=calls.INDEX, parameters={"indexArn": "item.indexArn"}),
                Detail(operation=calls.TAGS, parameters={"resourceArn": "item.indexArn"}),
            ),
        ),
    ),
)
