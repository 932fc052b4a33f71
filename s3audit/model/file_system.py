"""S3 Files: a bucket as a file system."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class FileSystem(Resource, frozen=True, kw_only=True, tag="file-system"):
    id: Setting[Text | None] = NOT_COLLECTED
    bucket: Setting[Text] = NOT_COLLECTED
    """An ARN or a name."""
    prefix: Setting[Text | None] = NOT_COLLECTED
    role: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    kms_key: Setting[Text | None] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    status: Setting[str | None] = NOT_COLLECTED


class FileSystemAccessPoint(Resource, frozen=True, kw_only=True, tag="file-system-access-point"):
    id: Setting[Text | None] = NOT_COLLECTED
    file_system: Setting[Text] = NOT_COLLECTED
    """The id of the file system."""
    root_path: Setting[Text | None] = NOT_COLLECTED
    user_id: Setting[Text | None] = NOT_COLLECTED
    group_id: Setting[Text | None] = NOT_COLLECTED


class MountTarget(Resource, frozen=True, kw_only=True, tag="mount-target"):
    id: Setting[Text | None] = NOT_COLLECTED
    file_system: Setting[Text] = NOT_COLLECTED
    """The id of the file system."""
    subnet: Setting[Text] = NOT_COLLECTED
    vpc: Setting[Text | None] = NOT_COLLECTED
    security_groups: Listed[Text] = NOT_COLLECTED
    """Without any, the default one of the VPC."""
