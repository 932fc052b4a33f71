"""Other doors to a bucket: access points, multi-Region access points, Object Lambda."""

from __future__ import annotations

from s3audit.model.base import Duplicate, Resource, Section
from s3audit.model.bucket import PolicyStatus, PublicAccessBlock
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class AccessPointPublicAccessBlock(PublicAccessBlock, frozen=True, kw_only=True):
    """The block of an access point: all four are on where it is not written; it is fixed at creation."""


class AccessPointScope(Section, frozen=True, kw_only=True):
    """What an access point of a directory bucket is limited to."""

    prefixes: Listed[Text] = NOT_COLLECTED
    permissions: Listed[str] = NOT_COLLECTED


class AccessPoint(Resource, frozen=True, kw_only=True, tag="access-point"):
    """An access point of a general purpose, directory or Outposts bucket, or of an FSx volume."""

    type: str = "general"
    """general, directory or outposts."""
    name: Setting[Text] = NOT_COLLECTED
    alias: Setting[Text | None] = NOT_COLLECTED
    bucket: Setting[Text] = NOT_COLLECTED
    """The name of the bucket; an ARN for Outposts."""
    bucket_account: Setting[Text | None] = NOT_COLLECTED
    """Where it differs from the access point's own."""
    vpc: Setting[Text | None] = NOT_COLLECTED
    """The id of the one VPC that requests may come from; without it they may come from the internet."""
    policy: Setting[Value | None] = NOT_COLLECTED
    policy_status: Setting[PolicyStatus | None] = NOT_COLLECTED
    public_access_block: AccessPointPublicAccessBlock = AccessPointPublicAccessBlock()
    scope: Setting[AccessPointScope | None] = NOT_COLLECTED
    data_source_type: Setting[str | None] = NOT_COLLECTED
    """As a live answer tells it: FSX_... for a volume that is no bucket."""
    data_source: Setting[Text | None] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED
    duplicates: Listed[Duplicate] = NOT_COLLECTED
    """Configurations of it that more than one declaration sets."""


class MultiRegionBucket(Section, frozen=True, kw_only=True):
    """One member of a multi-Region access point."""

    bucket: Setting[Text] = NOT_COLLECTED
    bucket_account: Setting[Text | None] = NOT_COLLECTED
    region: Setting[Text | None] = NOT_COLLECTED
    traffic: Setting[int | None] = NOT_COLLECTED
    """The traffic dial: 0 is passive, 100 active."""


class MultiRegionAccessPoint(Resource, frozen=True, kw_only=True, tag="multi-region-access-point"):
    name: Setting[Text] = NOT_COLLECTED
    alias: Setting[Text | None] = NOT_COLLECTED
    buckets: Listed[MultiRegionBucket] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    policy_status: Setting[PolicyStatus | None] = NOT_COLLECTED
    public_access_block: AccessPointPublicAccessBlock = AccessPointPublicAccessBlock()
    status: Setting[str | None] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED


class ObjectTransformation(Section, frozen=True, kw_only=True):
    actions: Listed[str] = NOT_COLLECTED
    function: Setting[Text | None] = NOT_COLLECTED
    """An ARN, with version or alias."""
    payload: Setting[Text | None] = NOT_COLLECTED


class ObjectLambdaAccessPoint(Resource, frozen=True, kw_only=True, tag="object-lambda-access-point"):
    """Objects pass through a function on their way to the reader."""

    name: Setting[Text] = NOT_COLLECTED
    alias: Setting[Text | None] = NOT_COLLECTED
    supporting_access_point: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    allowed_features: Listed[str] = NOT_COLLECTED
    cloudwatch_metrics: Setting[bool] = NOT_COLLECTED
    transformations: Listed[ObjectTransformation] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    policy_status: Setting[PolicyStatus | None] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED
