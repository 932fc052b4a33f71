"""Storage Lens."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import Shape, flag, listed, optional, text, word
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
_CONFIGURATION = "StorageLensConfiguration."

TABLES = {
    "AWS::S3::StorageLens": Shape(
        StorageLens,
        {
            "id": text(_CONFIGURATION + "Id"),
            "enabled": flag(_CONFIGURATION + "IsEnabled"),
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
            "tags": TAGS,
        },
    ),
    "AWS::S3::StorageLensGroup": Shape(StorageLensGroup, {"name": text("Name"), "tags": TAGS}),
}
