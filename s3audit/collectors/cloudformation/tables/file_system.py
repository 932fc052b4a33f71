"""S3 Files."""

from s3audit.collectors.cloudformation.tables.common import TAGS, policy_of
from s3audit.collectors.documents.shape import Shape, absent, listed, text
from s3audit.model.file_system import FileSystem, FileSystemAccessPoint, MountTarget

TABLES = {
    "AWS::S3Files::FileSystem": Shape(
        FileSystem,
        {
            "bucket": text("Bucket"),
            "prefix": text("Prefix"),
            "role": text("RoleArn"),
            "kms_key": text("KmsKeyId"),
            "policy": absent(),
            "tags": TAGS,
        },
    ),
    "AWS::S3Files::FileSystemPolicy": policy_of("file-system", "FileSystemId", "Policy"),
    "AWS::S3Files::AccessPoint": Shape(
        FileSystemAccessPoint,
        {
            "file_system": text("FileSystemId"),
            "root_path": text("RootDirectory.Path"),
            "user_id": text("PosixUser.Uid"),
            "group_id": text("PosixUser.Gid"),
            "tags": TAGS,
        },
    ),
    "AWS::S3Files::MountTarget": Shape(
        MountTarget,
        {
            "file_system": text("FileSystemId"),
            "subnet": text("SubnetId"),
            "security_groups": listed("SecurityGroups", text("")),
        },
    ),
}
