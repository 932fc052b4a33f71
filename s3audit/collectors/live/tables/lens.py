"""Storage Lens, from the answers of all calls about it."""

from s3audit.collectors.documents.shape import Shape, flag, listed, optional, text, word
from s3audit.collectors.live.tables.buckets import TAG
from s3audit.model.lens import LensExport, StorageLens, StorageLensGroup

_EXPORT = Shape(
    LensExport,
    {
        "bucket": text("Arn"),
        "account": text("AccountId"),
        "format": word("Format"),
        "prefix": text("Prefix"),
        "sse_s3": flag("Encryption.SSES3#present"),
        "kms_key": text("Encryption.SSEKMS.KeyId"),
    },
)
_CONFIGURATION = "GetStorageLensConfiguration.StorageLensConfiguration."

STORAGE_LENS = Shape(
    StorageLens,
    {
        "id": text("item.Id"),
        "enabled": flag("item.IsEnabled"),
        "organization": text(_CONFIGURATION + "AwsOrg.Arn"),
        "included_buckets": listed(_CONFIGURATION + "Include.Buckets", text("")),
        "included_regions": listed(_CONFIGURATION + "Include.Regions", text("")),
        "excluded_buckets": listed(_CONFIGURATION + "Exclude.Buckets", text("")),
        "excluded_regions": listed(_CONFIGURATION + "Exclude.Regions", text("")),
        "export": optional(_CONFIGURATION + "DataExport.S3BucketDestination", _EXPORT),
        "expanded_export": optional(
            _CONFIGURATION + "ExpandedPrefixesDataExport.S3BucketDestination", _EXPORT
        ),
        "table_export": flag(_CONFIGURATION + "DataExport.StorageLensTableDestination.IsEnabled"),
        "cloudwatch": flag(_CONFIGURATION + "DataExport.CloudWatchMetrics.IsEnabled"),
        "tags": listed("GetStorageLensConfigurationTagging.Tags", TAG),
    },
)
STORAGE_LENS_GROUP = Shape(
    StorageLensGroup, {"name": text("item.Name"), "tags": listed("ListTagsForResource.Tags", TAG)}
)
