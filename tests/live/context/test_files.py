"""S3 Files: buckets as file systems."""

from typing import Any

import pytest

from s3audit.collectors.live.context.files import FILES_READER
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.file_system import FileSystem, FileSystemAccessPoint, MountTarget
from s3audit.setting import Known
from tests.live.context.scene import Scene, listed, only, value, values, why

ARN = f"arn:aws:s3files:{REGION}:{ACCOUNT}:file-system/fs-0123456789abcdef0"
POINT = f"{ARN}/access-point/fsap-0123456789abcdef0"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/files"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
MADE = "2025-01-02T03:04:05Z"
SYSTEM_ID, POINT_ID, TARGET_ID = "fs-0123456789abcdef0", "fsap-0123456789abcdef0", "fsmt-0123456789abcdef0"
SYSTEM = {
    "creationTime": MADE,
    "fileSystemArn": ARN,
    "fileSystemId": SYSTEM_ID,
    "bucket": "arn:aws:s3:::data",
    "status": "available",
    "roleArn": ROLE,
    "ownerId": ACCOUNT,
}
TARGET = {
    "mountTargetId": TARGET_ID,
    "fileSystemId": SYSTEM_ID,
    "ownerId": ACCOUNT,
    "subnetId": "subnet-1",
    "vpcId": "vpc-1",
}
ACCESS_POINT = {
    "accessPointArn": POINT,
    "accessPointId": POINT_ID,
    "fileSystemId": SYSTEM_ID,
    "status": "available",
    "ownerId": ACCOUNT,
    "posixUser": {"uid": 1000, "gid": 0},
    "rootDirectory": {"path": "/team"},
}
TAGS = {"tags": [{"key": "team", "value": "data"}]}
EVERY = ("file-system", "mount-target", "file-system-access-point")


def told(scene: Scene) -> None:
    within = {"fileSystemId": SYSTEM_ID}
    scene.world.tell("s3files:ListFileSystems", {"fileSystems": [SYSTEM]})
    scene.world.tell("s3files:GetFileSystem", SYSTEM | TAGS | {"prefix": "in/", "kmsKeyId": KEY}, within)
    scene.world.tell("s3files:GetFileSystemPolicy", {**within, "policy": '{"Statement": []}'}, within)
    scene.world.tell("s3files:ListMountTargets", {"mountTargets": [TARGET]}, within)
    groups = {"securityGroups": ["sg-1", "sg-2"]}
    scene.world.tell("s3files:GetMountTarget", TARGET | groups, {"mountTargetId": TARGET_ID})
    scene.world.tell("s3files:ListAccessPoints", {"accessPoints": [ACCESS_POINT]}, within)
    token = {"clientToken": "1"}
    scene.world.tell("s3files:GetAccessPoint", ACCESS_POINT | TAGS | token, {"accessPointId": POINT_ID})


def test_a_file_system_is_read_whole(scene: Scene) -> None:
    told(scene)
    read = scene.read(FILES_READER)
    system = only(read, FileSystem)
    assert (system.address, system.title) == (ARN, SYSTEM_ID)
    assert values(system, "id", "bucket", "prefix", "role", "kms_key", "status", "region") == {
        "id": SYSTEM_ID,
        "bucket": "arn:aws:s3:::data",
        "prefix": "in/",
        "role": ROLE,
        "kms_key": KEY,
        "status": "available",
        "region": REGION,
    }
    assert isinstance(system.policy, Known)
    assert [value(tag.value) for tag in value(system.tags)] == ["data"]
    calls = ("s3files:ListFileSystems", "s3files:GetFileSystem", "s3files:GetFileSystemPolicy")
    assert (system.role.at.call, system.kms_key.at.call, system.policy.at.call) == calls
    target = only(read, MountTarget)
    assert target.address == f"{ARN}/mount-target/{TARGET_ID}"
    assert values(target, "id", "file_system", "subnet", "vpc", "security_groups") == {
        "id": TARGET_ID,
        "file_system": SYSTEM_ID,
        "subnet": "subnet-1",
        "vpc": "vpc-1",
        "security_groups": ["sg-1", "sg-2"],
    }
    point = only(read, FileSystemAccessPoint)
    assert (point.address, point.title) == (POINT, POINT_ID)
    assert values(point, "id", "file_system", "root_path", "user_id", "group_id") == {
        "id": POINT_ID,
        "file_system": SYSTEM_ID,
        "root_path": "/team",
        "user_id": "1000",
        "group_id": "0",
    }
    assert [value(tag.key) for tag in value(point.tags)] == ["team"]
    assert listed(read) == {(kind, REGION): "" for kind in EVERY}


def test_what_is_not_configured_is_known_to_be_so(scene: Scene) -> None:
    told(scene)
    scene.world.tell("s3files:GetFileSystem", SYSTEM)
    scene.world.refuse("s3files:GetFileSystemPolicy", "ResourceNotFoundException", status=404)
    system = only(scene.read(FILES_READER), FileSystem)
    assert values(system, "prefix", "kms_key", "policy", "tags") == {
        "prefix": None,
        "kms_key": None,
        "policy": None,
        "tags": [],
    }


@pytest.mark.parametrize(
    ("operation", "kind", "field"),
    [
        ("GetFileSystem", FileSystem, "kms_key"),
        ("GetFileSystemPolicy", FileSystem, "policy"),
        ("GetMountTarget", MountTarget, "security_groups"),
        ("GetAccessPoint", FileSystemAccessPoint, "tags"),
    ],
)
def test_what_is_denied_is_not_known(scene: Scene, operation: str, kind: Any, field: str) -> None:
    told(scene)
    scene.deny(f"s3files:{operation}")
    found: Any = only(scene.read(FILES_READER), kind)
    said = f"s3files:{operation} was denied, it needs the permission s3files:{operation}"
    assert why(getattr(found, field)) == said
    assert isinstance(found.id, Known)


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        ("ListFileSystems", EVERY),
        ("ListMountTargets", ("mount-target",)),
        ("ListAccessPoints", ("file-system-access-point",)),
    ],
)
def test_what_can_not_be_listed_is_a_gap(scene: Scene, operation: str, kinds: tuple[str, ...]) -> None:
    told(scene)
    scene.deny(f"s3files:{operation}")
    said = f"s3files:{operation} was denied, it needs the permission s3files:{operation}"
    found = listed(scene.read(FILES_READER))
    assert found == {(kind, REGION): said if kind in kinds else "" for kind in EVERY}


def test_all_pages_are_listed(scene: Scene) -> None:
    told(scene)
    targets = [TARGET | {"mountTargetId": f"fsmt-0123456789abcdef{n}"} for n in range(3)]
    scene.world.tell("s3files:ListMountTargets", {"mountTargets": targets}, page=2)
    scene.world.tell("s3files:GetMountTarget", TARGET)
    found = [one.title for one in scene.read(FILES_READER).resources if isinstance(one, MountTarget)]
    assert found == [target["mountTargetId"] for target in targets]


def test_a_file_system_that_is_gone_meanwhile_is_left_out(scene: Scene) -> None:
    told(scene)
    scene.world.refuse("s3files:GetFileSystem", "ResourceNotFoundException", status=404)
    read = scene.read(FILES_READER)
    assert (read.resources, listed(read)) == ((), {(kind, REGION): "" for kind in EVERY})
    assert scene.world.requests["s3files:ListMountTargets"] == 0
