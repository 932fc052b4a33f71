"""S3 Files: file systems over buckets, how they are mounted and through which access points."""

from s3audit.collectors.live.operations import files as calls
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.files import ACCESS_POINT, FILE_SYSTEM, MOUNT_TARGET

NEED = "file systems"
_SYSTEM = {"fileSystemId": "item.fileSystemId"}
_WITHIN = {"fileSystemId": "above.item.fileSystemId"}

FILES_READER = Reading(
    need=NEED,
    scope="region",
    shape=FILE_SYSTEM,
    listing=calls.FILE_SYSTEMS,
    items="fileSystems",
    address="{item.fileSystemArn}",
    title="{item.fileSystemId}",
    details=(
        Detail(operation=calls.FILE_SYSTEM, parameters=_SYSTEM),
        Detail(operation=calls.FILE_SYSTEM_POLICY, parameters=_SYSTEM),
    ),
    below=(
        Reading(
            need=NEED,
            scope="region",
            shape=MOUNT_TARGET,
            listing=calls.MOUNT_TARGETS,
            parameters=_WITHIN,
            items="mountTargets",
            address="{above.item.fileSystemArn}/mount-target/{item.mountTargetId}",
            title="{item.mountTargetId}",
            adds=_WITHIN,
            details=(
                Detail(operation=calls.MOUNT_TARGET, parameters={"mountTargetId": "item.mountTargetId"}),
            ),
        ),
        Reading(
            need=NEED,
            scope="region",
            shape=ACCESS_POINT,
            listing=calls.FILE_ACCESS_POINTS,
            parameters=_WITHIN,
            items="accessPoints",
            address="{item.accessPointArn}",
            title="{item.accessPointId}",
            details=(
                Detail(
                    operation=calls.FILE_ACCESS_POINT,
                    parameters={"accessPointId": "item.accessPointId"},
                ),
            ),
        ),
    ),
)
