"""An object of a sample, from its listing and its ACL."""

from s3audit.collectors.documents.shape import Shape, always, section, text, word
from s3audit.collectors.live.tables.buckets import ACL
from s3audit.model.s3object import S3Object

OBJECT = Shape(
    S3Object,
    {
        "bucket": text("item.Bucket"),
        "key": text("item.Key"),
        "storage_class": word("item.StorageClass"),
        "acl": section("GetObjectAcl", ACL),
        "sampled": always(True),
    },
)
