"""S3 Files."""

from s3audit.collectors.documents.shape import Shape, absent, listed, text
from s3audit.collectors.terraform.tables.common import TAGS, policy_of
from s3audit.model.file_system import FileSystem, FileSystemAccessPoint, MountTarget

TABLES = {
    "aws_s3files_file_system": Shape(
        FileSystem,
        {
            "bucket": text("bucket"),
            "prefix": text("prefix"),
            "role": text("role_arn"),
            "kms_key": text("kms_key_id"),
            "policy": absent(),
            "tags": TAGS,
        },
    ),
    "aws_s3files_file_system_policy": policy_of("file-system", "file_system_id"),
    "aws_s3files_access_point": Shape(
        FileSystemAccessPoint,
        {
            "file_system": text("file_system_id"),
            "root_path": text("root_directory[0].path"),
            "user_id": text("posix_user[0].uid"),
            "group_id": text("posix_user[0].gid"),
            "tags": TAGS,
        },
    ),
    "aws_s3files_mount_target": Shape(
        MountTarget,
        {
            "file_system": text("file_system_id"),
            "subnet": text("subnet_id"),
            "security_groups": listed("security_groups", text("")),
        },
    ),
}
