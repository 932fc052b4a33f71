"""S3 Files, from the answers of all calls about them."""

from s3audit.collectors.documents.shape import Shape, document, listed, text, word
from s3audit.model.base import Tag
from s3audit.model.file_system import FileSystem, FileSystemAccessPoint, MountTarget

_TAG = Shape(Tag, {"key": text("key"), "value": text("value")})

FILE_SYSTEM = Shape(
    FileSystem,
    {
        "id": text("item.fileSystemId"),
        "bucket": text("item.bucket"),
        "prefix": text("GetFileSystem.prefix"),
        "role": text("item.roleArn"),
        "kms_key": text("GetFileSystem.kmsKeyId"),
        "policy": document("GetFileSystemPolicy.policy"),
        "status": word("item.status"),
        "tags": listed("GetFileSystem.tags", _TAG),
    },
)
ACCESS_POINT = Shape(
    FileSystemAccessPoint,
    {
        "id": text("item.accessPointId"),
        "file_system": text("item.fileSystemId"),
        "root_path": text("item.rootDirectory.path"),
        "user_id": text("item.posixUser.uid"),
        "group_id": text("item.posixUser.gid"),
        "tags": listed("GetAccessPoint.tags", _TAG),
    },
)
MOUNT_TARGET = Shape(
    MountTarget,
    {
        "id": text("item.mountTargetId"),
        "file_system": text("item.fileSystemId"),
        "subnet": text("item.subnetId"),
        "vpc": text("item.vpcId"),
        "security_groups": listed("GetMountTarget.securityGroups", text("")),
    },
)
