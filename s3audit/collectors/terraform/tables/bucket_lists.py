"""What a bucket may have many of, each declared by a resource of its own."""

from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    flag,
    listed,
    number,
    optional,
    otherwise,
    pairs,
    section,
    text,
    word,
)
from s3audit.collectors.terraform.tables.common import TAG, attached, part
from s3audit.model.reports import (
    AnalyticsConfiguration,
    IntelligentTieringConfiguration,
    InventoryConfiguration,
    MetricsConfiguration,
    ReportDestination,
    Tiering,
)

_ANALYTICS = Shape(
    AnalyticsConfiguration,
    {
        "id": text("name"),
        "prefix": text("filter[0].prefix"),
        "tags": pairs("filter[0].tags", TAG),
        "export_version": word("storage_class_analysis[0].data_export[0].output_schema_version"),
        "export": optional(
            "storage_class_analysis[0].data_export[0].destination[0].s3_bucket_destination[0]",
            Shape(
                ReportDestination,
                {
                    "bucket": text("bucket_arn"),
                    "account": text("bucket_account_id"),
                    "format": otherwise(word("format"), "CSV"),
                    "prefix": text("prefix"),
                    "sse_s3": absent(),
                    "kms_key": absent(),
                },
            ),
        ),
    },
)

_INTELLIGENT_TIERING = Shape(
    IntelligentTieringConfiguration,
    {
        "id": text("name"),
        "status": otherwise(word("status"), "Enabled"),
        "prefix": text("filter[0].prefix"),
        "tags": pairs("filter[0].tags", TAG),
        "tierings": listed(
            "tiering", Shape(Tiering, {"access_tier": word("access_tier"), "days": number("days")})
        ),
    },
)

_INVENTORY = Shape(
    InventoryConfiguration,
    {
        "id": text("name"),
        "enabled": otherwise(flag("enabled"), True),
        "prefix": text("filter[0].prefix"),
        "included_versions": word("included_object_versions"),
        "optional_fields": listed("optional_fields", word("")),
        "frequency": word("schedule[0].frequency"),
        "destination": section(
            "destination[0].bucket[0]",
            Shape(
                ReportDestination,
                {
                    "bucket": text("bucket_arn"),
                    "account": text("account_id"),
                    "format": word("format"),
                    "prefix": text("prefix"),
                    "sse_s3": flag("encryption[0].sse_s3[0]#present"),
                    "kms_key": text("encryption[0].sse_kms[0].key_id"),
                },
            ),
        ),
    },
)

_METRICS = Shape(
    MetricsConfiguration,
    {
        "id": text("name"),
        "prefix": text("filter[0].prefix"),
        "tags": pairs("filter[0].tags", TAG),
        "access_point": text("filter[0].access_point"),
    },
)

TABLES = {
    "aws_s3_bucket_analytics_configuration": attached("bucket", "analytics", "bucket", part(_ANALYTICS)),
    "aws_s3_bucket_intelligent_tiering_configuration": attached(
        "bucket", "intelligent_tiering", "bucket", part(_INTELLIGENT_TIERING)
    ),
    "aws_s3_bucket_inventory": attached("bucket", "inventory", "bucket", part(_INVENTORY)),
    "aws_s3_bucket_metric": attached("bucket", "metrics", "bucket", part(_METRICS)),
}
