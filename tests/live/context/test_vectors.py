"""S3 Vectors: vector buckets and their indexes."""

from typing import Any

import pytest

from s3audit.collectors.live.context.vectors import VECTORS_READER
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.vector_bucket import VectorBucket, VectorIndex
from s3audit.setting import Known
from tests.live.context.scene import Scene, listed, only, value, values, why

ARN = f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/embeddings"
INDEX = f"{ARN}/index/docs"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
MADE = "2025-01-02T03:04:05Z"
EVERY = ("vector-bucket", "vector-index")
BUCKET = {"vectorBucketName": "embeddings", "vectorBucketArn": ARN, "creationTime": MADE}
LISTED = {"vectorBucketName": "embeddings", "indexName": "docs", "indexArn": INDEX, "creationTime": MADE}
FORM = {"dataType": "float32", "dimension": 1024, "distanceMetric": "cosine"}
ENCRYPTION = {"encryptionConfiguration": {"sseType": "aws:kms", "kmsKeyArn": KEY}}


def told(scene: Scene) -> None:
    scene.world.tell("s3vectors:ListVectorBuckets", {"vectorBuckets": [BUCKET]})
    of_bucket = {"vectorBucketArn": ARN}
    scene.world.tell("s3vectors:GetVectorBucket", {"vectorBucket": BUCKET | ENCRYPTION}, of_bucket)
    scene.world.tell("s3vectors:GetVectorBucketPolicy", {"policy": '{"Statement": []}'}, of_bucket)
    scene.world.tell("s3vectors:ListTagsForResource", {"tags": {"team": "data"}}, {"resourceArn": ARN})
    scene.world.tell("s3vectors:ListIndexes", {"indexes": [LISTED]}, of_bucket)
    metadata = {"metadataConfiguration": {"nonFilterableMetadataKeys": ["text"]}}
    scene.world.tell(
        "s3vectors:GetIndex", {"index": LISTED | FORM | ENCRYPTION | metadata}, {"indexArn": INDEX}
    )
    scene.world.tell("s3vectors:ListTagsForResource", {"tags": {}}, {"resourceArn": INDEX})


def test_a_vector_bucket_and_its_index_are_read_whole(scene: Scene) -> None:
    told(scene)
    read = scene.read(VECTORS_READER)
    bucket = only(read, VectorBucket)
    assert (bucket.address, bucket.title) == (ARN, "embeddings")
    assert values(bucket, "name", "region", "created") == {
        "name": "embeddings",
        "region": REGION,
        "created": MADE,
    }
    assert values(bucket.encryption, "algorithm", "kms_key") == {"algorithm": "aws:kms", "kms_key": KEY}
    assert isinstance(bucket.policy, Known)
    assert [value(tag.key) for tag in value(bucket.tags)] == ["team"]
    assert bucket.encryption.algorithm.at.call == "s3vectors:GetVectorBucket"
    assert bucket.policy.at.call == "s3vectors:GetVectorBucketPolicy"
    index = only(read, VectorIndex)
    assert (index.address, index.title) == (INDEX, "docs")
    fields = (
        "name",
        "vector_bucket",
        "data_type",
        "dimension",
        "distance_metric",
        "non_filterable_keys",
        "tags",
    )
    assert values(index, *fields, "created") == {
        "name": "docs",
        "vector_bucket": "embeddings",
        "data_type": "float32",
        "dimension": 1024,
        "distance_metric": "cosine",
        "non_filterable_keys": ["text"],
        "tags": [],
        "created": MADE,
    }
    assert value(index.encryption.kms_key) == KEY
    assert listed(read) == {(kind, REGION): "" for kind in EVERY}


def test_what_is_not_configured_is_known_to_be_so(scene: Scene) -> None:
    told(scene)
    scene.world.refuse("s3vectors:GetVectorBucketPolicy", "NotFoundException", status=404)
    scene.world.tell("s3vectors:GetIndex", {"index": LISTED | FORM})
    read = scene.read(VECTORS_READER)
    assert value(only(read, VectorBucket).policy) is None
    index = only(read, VectorIndex)
    assert (value(index.encryption.algorithm), value(index.non_filterable_keys)) == (None, [])


@pytest.mark.parametrize(
    ("operation", "kind", "field"),
    [
        ("GetVectorBucket", VectorBucket, "encryption.algorithm"),
        ("GetVectorBucketPolicy", VectorBucket, "policy"),
        ("ListTagsForResource", VectorBucket, "tags"),
        ("GetIndex", VectorIndex, "encryption.kms_key"),
        ("GetIndex", VectorIndex, "dimension"),
        ("ListTagsForResource", VectorIndex, "tags"),
    ],
)
def test_what_is_denied_is_not_known(scene: Scene, operation: str, kind: Any, field: str) -> None:
    told(scene)
    scene.deny(f"s3vectors:{operation}")
    setting: Any = only(scene.read(VECTORS_READER), kind)
    for name in field.split("."):
        setting = getattr(setting, name)
    assert why(setting) == f"s3vectors:{operation} was denied, it needs the permission s3vectors:{operation}"


@pytest.mark.parametrize(
    ("operation", "kinds"), [("ListVectorBuckets", EVERY), ("ListIndexes", ("vector-index",))]
)
def test_what_can_not_be_listed_is_a_gap(scene: Scene, operation: str, kinds: tuple[str, ...]) -> None:
    told(scene)
    scene.deny(f"s3vectors:{operation}")
    said = f"s3vectors:{operation} was denied, it needs the permission s3vectors:{operation}"
    found = listed(scene.read(VECTORS_READER))
    assert found == {(kind, REGION): said if kind in kinds else "" for kind in EVERY}


def test_all_pages_are_listed(scene: Scene) -> None:
    told(scene)
    buckets = [
        {"vectorBucketName": f"b-{n}", "vectorBucketArn": f"{ARN}-{n}", "creationTime": MADE}
        for n in range(3)
    ]
    scene.world.tell("s3vectors:ListVectorBuckets", {"vectorBuckets": buckets}, page=2)
    scene.world.tell("s3vectors:GetVectorBucket", {"vectorBucket": BUCKET})
    scene.world.tell("s3vectors:ListIndexes", {"indexes": []})
    assert [one.title for one in scene.read(VECTORS_READER).resources] == ["b-0", "b-1", "b-2"]


def test_a_bucket_that_is_gone_meanwhile_is_left_out(scene: Scene) -> None:
    told(scene)
    scene.world.refuse("s3vectors:GetVectorBucket", "NotFoundException", status=404)
    read = scene.read(VECTORS_READER)
    assert (read.resources, listed(read)) == ((), {(kind, REGION): "" for kind in EVERY})


def test_no_vector_is_asked_for(scene: Scene) -> None:
    told(scene)
    scene.read(VECTORS_READER)
    assert not {"s3vectors:GetVectors", "s3vectors:ListVectors"} & set(scene.world.requests)
