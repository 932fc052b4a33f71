"""S3 Batch Operations."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class BatchJob(Resource, frozen=True, kw_only=True, tag="batch-job"):
    id: Setting[Text] = NOT_COLLECTED
    status: Setting[str] = NOT_COLLECTED
    operation: Setting[str | None] = NOT_COLLECTED
    role: Setting[Text | None] = NOT_COLLECTED
    manifest_bucket: Setting[Text | None] = NOT_COLLECTED
    """An ARN."""
    report: Setting[bool] = NOT_COLLECTED
    report_bucket: Setting[Text | None] = NOT_COLLECTED
    """An ARN."""
    report_prefix: Setting[Text | None] = NOT_COLLECTED
    report_bucket_owner: Setting[Text | None] = NOT_COLLECTED
    """ExpectedBucketOwner."""
    created: Setting[Text | None] = NOT_COLLECTED
