"""The calls about a sample of objects; no object is read, and none of this is called unless it is asked for."""

from s3audit.collectors.live.operations.base import Operation

SAMPLE = Operation(
    service="s3",
    name="ListObjectsV2",
    action="s3:ListBucket",
    tells="the keys of some objects",
    resource="arn:{partition}:s3:::*",
    root=("ListBucketResult",),
    gone=("NoSuchBucket",),
    optional="objects",
)
OBJECT_ACL = Operation(
    service="s3",
    name="GetObjectAcl",
    action="s3:GetObjectAcl",
    tells="the ACLs of some objects",
    resource="arn:{partition}:s3:::*/*",
    root=("AccessControlPolicy",),
    gone=("NoSuchBucket", "NoSuchKey"),
    optional="objects",
)

OF_OBJECTS: tuple[Operation, ...] = (SAMPLE, OBJECT_ACL)
