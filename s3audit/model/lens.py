"""Storage Lens: dashboards, their exports, groups."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class LensExport(Section, frozen=True, kw_only=True):
    """A bucket that receives the metrics."""

    bucket: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    account: Setting[Text] = NOT_COLLECTED
    format: Setting[str] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    sse_s3: Setting[bool] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED


class StorageLens(Resource, frozen=True, kw_only=True, tag="storage-lens"):
    id: Setting[Text] = NOT_COLLECTED
    enabled: Setting[bool] = NOT_COLLECTED
    organization: Setting[Text | None] = NOT_COLLECTED
    """The ARN of the organization that it covers."""
    included_buckets: Listed[Text] = NOT_COLLECTED
    included_regions: Listed[Text] = NOT_COLLECTED
    excluded_buckets: Listed[Text] = NOT_COLLECTED
    excluded_regions: Listed[Text] = NOT_COLLECTED
    export: Setting[LensExport | None] = NOT_COLLECTED
    expanded_export: Setting[LensExport | None] = NOT_COLLECTED
    """ExpandedPrefixesDataExport."""
    table_export: Setting[bool] = NOT_COLLECTED
    """To a read-only S3 table."""
    cloudwatch: Setting[bool] = NOT_COLLECTED


class StorageLensGroup(Resource, frozen=True, kw_only=True, tag="storage-lens-group"):
    name: Setting[Text] = NOT_COLLECTED
