"""What is special about a bucket that is read live: its type, what nobody asked for, what follows."""

from typing import Any

import pytest

from s3audit.collectors.live.buckets import ListedBucket, collect_bucket
from s3audit.collectors.live.place import Place
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.bucket import Bucket
from s3audit.setting import Known
from tests.live.context.scene import PLACE, Scene, value, values, why

HOT = "hot--euw1-az1--x-s3"
HOT_ARN = f"arn:aws:s3express:{REGION}:{ACCOUNT}:bucket/{HOT}"
BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def general(scene: Scene, place: Place = PLACE, *, is_old: bool = False) -> Bucket:
    scene.world.bucket("data", is_old=is_old)
    bucket = collect_bucket(ListedBucket("data", REGION), place, scene.asker)
    assert bucket is not None
    return bucket


def directory(scene: Scene) -> Bucket:
    scene.world.bucket(HOT, is_directory=True)
    bucket = collect_bucket(ListedBucket(HOT, REGION, "", "directory"), PLACE, scene.asker)
    assert bucket is not None
    return bucket


def test_a_directory_bucket_is_asked_what_it_has(scene: Scene) -> None:
    tags = {"Tags": [{"Key": "team", "Value": "data"}]}
    scene.world.tell("s3control:ListTagsForResource", tags, {"ResourceArn": HOT_ARN})
    bucket = directory(scene)
    assert (bucket.address, bucket.type, value(bucket.location_name)) == (HOT_ARN, "directory", "euw1-az1")
    assert set(values(bucket.public_access_block, *BLOCKS).values()) == {True}
    assert value(bucket.ownership.object_ownership) == "BucketOwnerEnforced"
    assert [value(tag.key) for tag in value(bucket.tags)] == ["team"]
    assert bucket.tags.at.call == "s3control:ListTagsForResource"
    assert scene.world.requests == {
        "s3:GetBucketPolicy": 1,
        "s3:GetBucketEncryption": 1,
        "s3:GetBucketLifecycleConfiguration": 1,
        "s3:ListBucketInventoryConfigurations": 1,
        "s3:ListBucketMetricsConfigurations": 1,
        "s3control:ListTagsForResource": 1,
    }
    assert scene.asker.unseen == []


def test_a_directory_bucket_is_not_asked_for_its_owner(scene: Scene) -> None:
    for operation in ("GetBucketPolicy", "GetBucketEncryption", "ListBucketInventoryConfigurations"):
        owner = {"ExpectedBucketOwner": ACCOUNT}
        scene.world.refuse(f"s3:{operation}", "NotImplemented", status=501, when=owner)
    directory(scene)
    assert scene.asker.unseen == []


@pytest.mark.parametrize(
    ("operation", "action", "field"),
    [
        ("s3:GetBucketPolicy", "s3express:GetBucketPolicy", "policy"),
        ("s3:GetBucketEncryption", "s3express:GetEncryptionConfiguration", "encryption.algorithm"),
        ("s3:GetBucketLifecycleConfiguration", "s3express:GetLifecycleConfiguration", "lifecycle"),
        ("s3:ListBucketInventoryConfigurations", "s3express:GetInventoryConfiguration", "inventory"),
        ("s3:ListBucketMetricsConfigurations", "s3express:GetMetricsConfiguration", "metrics"),
        ("s3control:ListTagsForResource", "s3express:ListTagsForResource", "tags"),
    ],
)
def test_of_a_directory_bucket_the_permission_is_another(
    scene: Scene, operation: str, action: str, field: str
) -> None:
    scene.deny(operation)
    setting: Any = directory(scene)
    for name in field.split("."):
        setting = getattr(setting, name)
    assert why(setting) == f"{operation} was denied, it needs the permission {action}"


def test_an_old_bucket_that_names_no_blocked_encryption_blocks_none(scene: Scene) -> None:
    bucket = general(scene, is_old=True)
    assert value(bucket.encryption.blocked_types) == []


def test_uploads_are_not_known_unless_somebody_asked(scene: Scene) -> None:
    assert why(general(scene).multipart_uploads) == "nobody asked for it"
    assert scene.world.requests["s3:ListMultipartUploads"] == 0


def test_all_uploads_are_listed_also_those_of_one_key(scene: Scene) -> None:
    scene.world.bucket("data")
    upload = {"Key": "a", "StorageClass": "STANDARD", "Initiated": "2025-01-02T03:04:05Z"}
    first = {"Bucket": "data"}
    pages: list[tuple[dict[str, str], dict[str, str]]] = [
        (first, {"NextKeyMarker": "0", "NextUploadIdMarker": "1"}),
        ({"KeyMarker": "0", "UploadIdMarker": "1"}, {"NextKeyMarker": "0", "NextUploadIdMarker": "2"}),
        ({"KeyMarker": "0", "UploadIdMarker": "2"}, {"NextKeyMarker": "", "NextUploadIdMarker": ""}),
    ]
    for when, then in pages:
        scene.world.tell("s3:ListMultipartUploads", {"Uploads": [upload], **then}, when)
    place = Place(ACCOUNT, optional=frozenset({"uploads"}))
    bucket = collect_bucket(ListedBucket("data", REGION), place, scene.asker)
    assert bucket is not None
    uploads = value(bucket.multipart_uploads)
    assert [values(one, "key", "initiated") for one in uploads] == [
        {"key": "a", "initiated": "2025-01-02T03:04:05Z"}
    ] * 3
    assert scene.world.requests["s3:ListMultipartUploads"] == 3


V1 = {
    "GetBucketMetadataTableConfigurationResult": {
        "MetadataTableConfigurationResult": {
            "S3TablesDestinationResult": {
                "TableBucketArn": "arn:aws:s3tables:eu-west-1:123456789012:bucket/meta",
                "TableName": "changes",
                "TableArn": "arn:aws:s3tables:eu-west-1:123456789012:bucket/meta/table/1",
                "TableNamespace": "aws_s3_metadata",
            }
        },
        "Status": "FAILED",
        "Error": {"ErrorCode": "AccessDenied", "ErrorMessage": "no"},
    }
}
V2 = {
    "GetBucketMetadataConfigurationResult": {
        "MetadataConfigurationResult": {"DestinationResult": {"TableBucketType": "customer"}}
    }
}


def test_metadata_in_its_first_form_is_read(scene: Scene) -> None:
    scene.world.bucket("data")
    scene.world.tell("s3:GetBucketMetadataConfiguration", V2)
    scene.world.tell("s3:GetBucketMetadataTableConfiguration", V1)
    bucket = collect_bucket(ListedBucket("data", REGION), PLACE, scene.asker)
    assert bucket is not None
    metadata = value(bucket.metadata_v1)
    fields = ("table_bucket", "table_name", "table", "namespace", "status", "error_code", "error_message")
    assert values(metadata, *fields) == {
        "table_bucket": "arn:aws:s3tables:eu-west-1:123456789012:bucket/meta",
        "table_name": "changes",
        "table": "arn:aws:s3tables:eu-west-1:123456789012:bucket/meta/table/1",
        "namespace": "aws_s3_metadata",
        "status": "FAILED",
        "error_code": "AccessDenied",
        "error_message": "no",
    }
    assert metadata.table_name.at.call == "s3:GetBucketMetadataTableConfiguration"


def test_metadata_of_the_second_form_is_none_of_the_first(scene: Scene) -> None:
    scene.world.bucket("data")
    scene.world.tell("s3:GetBucketMetadataConfiguration", V2)
    scene.world.refuse("s3:GetBucketMetadataTableConfiguration", "MethodNotAllowed", status=405)
    bucket = collect_bucket(ListedBucket("data", REGION), PLACE, scene.asker)
    assert bucket is not None
    assert (isinstance(bucket.metadata, Known), value(bucket.metadata_v1)) == (True, None)


def test_without_metadata_the_first_form_is_not_asked_for(scene: Scene) -> None:
    bucket = general(scene)
    assert values(bucket, "metadata", "metadata_v1") == {"metadata": None, "metadata_v1": None}
    assert scene.world.requests["s3:GetBucketMetadataTableConfiguration"] == 0
