"""The calls about S3 Vectors; those that read vectors are not among them."""

from typing import Any

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages


def _of_vectors(name: str, tells: str, *has: str, **more: Any) -> Operation:
    return Operation(service="s3vectors", name=name, action=f"s3vectors:{name}", tells=tells, has=has, **more)


_NONE = ("NotFoundException",)
_PAGES = ("nextToken", "nextToken", ("maxResults", 500))

BUCKETS = _of_vectors(
    "ListVectorBuckets",
    "the vector buckets",
    "vectorBuckets",
    pages=Pages(("vectorBuckets",), *_PAGES),
    no_such=(NOT_OFFERED,),
)
BUCKET = _of_vectors("GetVectorBucket", "the encryption of a vector bucket", "vectorBucket", gone=_NONE)
BUCKET_POLICY = _of_vectors("GetVectorBucketPolicy", "the policy of a vector bucket", "policy", absent=_NONE)
INDEXES = _of_vectors(
    "ListIndexes",
    "the indexes of a vector bucket",
    "indexes",
    pages=Pages(("indexes",), *_PAGES),
    gone=_NONE,
)
INDEX = _of_vectors("GetIndex", "the encryption and the form of a vector index", "index", gone=_NONE)
TAGS = _of_vectors("ListTagsForResource", "the tags of vector buckets and indexes", "tags")

OF_VECTORS: tuple[Operation, ...] = (BUCKETS, BUCKET, BUCKET_POLICY, INDEXES, INDEX, TAGS)
