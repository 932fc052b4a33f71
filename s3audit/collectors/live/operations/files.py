"""The calls about S3 Files: buckets as file systems."""

from typing import Any

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages


def _of_files(name: str, tells: str, *has: str, **more: Any) -> Operation:
    return Operation(service="s3files", name=name, action=f"s3files:{name}", tells=tells, has=has, **more)


def _listing(name: str, tells: str, items: str, **more: Any) -> Operation:
    pages = Pages((items,), "nextToken", "nextToken", ("maxResults", 100))
    return _of_files(name, tells, items, pages=pages, **more)


_NONE = ("ResourceNotFoundException",)

FILE_SYSTEMS = _listing(
    "ListFileSystems", "the file systems over buckets", "fileSystems", no_such=(NOT_OFFERED,)
)
# One code says that the file system is gone and that it has no policy; whether it is there is asked first.
FILE_SYSTEM = _of_files(
    "GetFileSystem", "the bucket, the role and the key of a file system", "fileSystemId", gone=_NONE
)
FILE_SYSTEM_POLICY = _of_files("GetFileSystemPolicy", "the policy of a file system", "policy", absent=_NONE)
MOUNT_TARGETS = _listing("ListMountTargets", "where a file system can be mounted", "mountTargets", gone=_NONE)
MOUNT_TARGET = _of_files(
    "GetMountTarget", "the security groups of a mount target", "mountTargetId", gone=_NONE
)
FILE_ACCESS_POINTS = _listing(
    "ListAccessPoints", "the access points of a file system", "accessPoints", gone=_NONE
)
FILE_ACCESS_POINT = _of_files(
    "GetAccessPoint", "the tags of an access point of a file system", "accessPointId", gone=_NONE
)

OF_FILES: tuple[Operation, ...] = (
    FILE_SYSTEMS,
    FILE_SYSTEM,
    FILE_SYSTEM_POLICY,
    MOUNT_TARGETS,
    MOUNT_TARGET,
    FILE_ACCESS_POINTS,
    FILE_ACCESS_POINT,
)
