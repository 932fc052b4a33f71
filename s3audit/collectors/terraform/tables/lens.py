"""Storage Lens."""

from s3audit.collectors.documents.shape import Shape, flag, listed, optional, text, word
from s3audit.collectors.terraform.tables.common import TAGS
from s3audit.model.lens import LensExport, StorageLens

_EXPORT = Shape(
    LensExport,
    {
        "bucket": text("arn"),
        "account": text("account_id"),
        "format": word("format"),
        "prefix": text("prefix"),
        "sse_s3": flag("encryption[0].sse_s3[0]#present"),
        "kms_key": text("encryption[0].sse_kms[0].key_id"),
    },
)
_CONFIGURATION = "storage_lens_configuration[0]."
_DATA = _CONFIGURATION + "data_export[0]."
_EXPANDED = _CONFIGURATION + "expanded_prefixes_data_export[0]."

TABLES = {
    "aws_s3control_storage_lens_configuration": Shape(
        StorageLens,
        {
            "id": text("config_id"),
            "enabled": flag(_CONFIGURATION + "enabled"),
            "organization": text(_CONFIGURATION + "aws_org[0].arn"),
            "included_buckets": listed(_CONFIGURATION + "include[0].buckets", text("")),
            "included_regions": listed(_CONFIGURATION + "include[0].regions", text("")),
            "excluded_buckets": listed(_CONFIGURATION + "exclude[0].buckets", text("")),
            "excluded_regions": listed(_CONFIGURATION + "exclude[0].regions", text("")),
            "export": optional(_DATA + "s3_bucket_destination[0]", _EXPORT),
            "expanded_export": optional(_EXPANDED + "s3_bucket_destination[0]", _EXPORT),
            "table_export": flag(_DATA + "storage_lens_table_destination[0].enabled"),
            "cloudwatch": flag(_DATA + "cloud_watch_metrics[0].enabled"),
            "tags": TAGS,
        },
    ),
}
