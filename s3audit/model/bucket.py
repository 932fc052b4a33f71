"""A bucket: one section per configuration that S3 has."""

from __future__ import annotations

from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Duplicate, Resource, Section
from s3audit.model.document import Value
from s3audit.model.lifecycle import Lifecycle, MultipartUpload
from s3audit.model.notification import Notification
from s3audit.model.replication import Replication
from s3audit.model.reports import (
    AnalyticsConfiguration,
    IntelligentTieringConfiguration,
    InventoryConfiguration,
    Metadata,
    MetadataV1,
    MetricsConfiguration,
)
from s3audit.model.website import Website
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Versioning(Section, frozen=True, kw_only=True):
    status: Setting[str] = NOT_COLLECTED
    """Enabled, Suspended or Unversioned."""
    mfa_delete: Setting[str] = NOT_COLLECTED
    """Enabled or Disabled."""


class Encryption(Section, frozen=True, kw_only=True):
    """Default encryption of new objects."""

    algorithm: Setting[str] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    bucket_key: Setting[bool] = NOT_COLLECTED
    blocked_types: Listed[str] = NOT_COLLECTED
    """`SSE-C`, or `NONE`: uploads with this encryption are refused."""


class PublicAccessBlock(Section, frozen=True, kw_only=True):
    block_public_acls: Setting[bool] = NOT_COLLECTED
    ignore_public_acls: Setting[bool] = NOT_COLLECTED
    block_public_policy: Setting[bool] = NOT_COLLECTED
    restrict_public_buckets: Setting[bool] = NOT_COLLECTED


class Ownership(Section, frozen=True, kw_only=True):
    object_ownership: Setting[str] = NOT_COLLECTED
    """BucketOwnerEnforced (ACLs are off), BucketOwnerPreferred or ObjectWriter."""


class Acceleration(Section, frozen=True, kw_only=True):
    """Transfer acceleration."""

    status: Setting[str | None] = NOT_COLLECTED
    """Enabled or Suspended; None where it was never enabled."""


class RequestPayment(Section, frozen=True, kw_only=True):
    payer: Setting[str] = NOT_COLLECTED
    """BucketOwner or Requester."""


class Abac(Section, frozen=True, kw_only=True):
    """Whether the tags of the bucket count in policies."""

    status: Setting[str] = NOT_COLLECTED
    """Enabled or Disabled."""


class ObjectLock(Section, frozen=True, kw_only=True):
    enabled: Setting[bool] = NOT_COLLECTED
    at_creation: Setting[bool] = NOT_COLLECTED
    """The bucket is made with it, which switches versioning on; a lock that is added later only needs it."""
    mode: Setting[str | None] = NOT_COLLECTED
    """Of the default retention: COMPLIANCE or GOVERNANCE."""
    days: Setting[int | None] = NOT_COLLECTED
    years: Setting[int | None] = NOT_COLLECTED
    event_hold_days: Setting[int | None] = NOT_COLLECTED
    event_hold_years: Setting[int | None] = NOT_COLLECTED


class Logging(Section, frozen=True, kw_only=True):
    """Server access logging."""

    target: Setting[Text] = NOT_COLLECTED
    """The name of the bucket that receives the logs."""
    prefix: Setting[Text] = NOT_COLLECTED
    grants: Listed[Grant] = NOT_COLLECTED
    """TargetGrants: who may read the delivered logs."""
    partitioned: Setting[bool] = NOT_COLLECTED
    """Keys hold account, Region, source bucket and date (TargetObjectKeyFormat.PartitionedPrefix)."""
    partition_date_source: Setting[str | None] = NOT_COLLECTED


class CorsRule(Section, frozen=True, kw_only=True):
    id: Setting[Text | None] = NOT_COLLECTED
    allowed_origins: Listed[Text] = NOT_COLLECTED
    allowed_methods: Listed[str] = NOT_COLLECTED
    allowed_headers: Listed[Text] = NOT_COLLECTED
    exposed_headers: Listed[Text] = NOT_COLLECTED
    max_age: Setting[int | None] = NOT_COLLECTED


class Cors(Section, frozen=True, kw_only=True):
    rules: Listed[CorsRule] = NOT_COLLECTED


class PolicyStatus(Section, frozen=True, kw_only=True):
    """AWS's own judgement of a policy, as a live answer gives it."""

    is_public: Setting[bool] = NOT_COLLECTED


class Removal(Section, frozen=True, kw_only=True):
    """What becomes of a resource, and of the data in it, when the declaration goes."""

    force_destroy: Setting[bool] = NOT_COLLECTED
    """The tool empties it first: Terraform's `force_destroy`, CDK's `autoDeleteObjects`."""
    deletion_policy: Setting[str] = NOT_COLLECTED
    """CloudFormation: Delete, Retain, RetainExceptOnCreate or Snapshot."""
    update_replace_policy: Setting[str] = NOT_COLLECTED
    """CloudFormation: Delete, Retain or Snapshot."""
    prevent_destroy: Setting[bool] = NOT_COLLECTED
    """Terraform's `lifecycle { prevent_destroy }`."""


class Bucket(Resource, frozen=True, kw_only=True, tag="bucket"):
    """A general purpose, directory or Outposts bucket."""

    type: str = "general"
    """general, directory or outposts."""
    is_declared: bool = True
    """False for one of which the input only has what is attached to it."""
    name: Setting[Text] = NOT_COLLECTED
    name_prefix: Setting[Text | None] = NOT_COLLECTED
    """A generated name begins with it."""
    namespace: Setting[str] = NOT_COLLECTED
    """global or account-regional."""
    created: Setting[Text | None] = NOT_COLLECTED
    location_name: Setting[Text | None] = NOT_COLLECTED
    """The zone of a directory bucket: `usw2-az1`."""
    location_type: Setting[str | None] = NOT_COLLECTED
    """AvailabilityZone or LocalZone."""
    data_redundancy: Setting[str | None] = NOT_COLLECTED
    outpost: Setting[Text | None] = NOT_COLLECTED
    versioning: Versioning = Versioning()
    encryption: Encryption = Encryption()
    public_access_block: PublicAccessBlock = PublicAccessBlock()
    ownership: Ownership = Ownership()
    acl: Acl = Acl()
    object_lock: ObjectLock = ObjectLock()
    acceleration: Acceleration = Acceleration()
    request_payment: RequestPayment = RequestPayment()
    abac: Abac = Abac()
    removal: Removal = Removal()
    logging: Setting[Logging | None] = NOT_COLLECTED
    cors: Setting[Cors | None] = NOT_COLLECTED
    lifecycle: Setting[Lifecycle | None] = NOT_COLLECTED
    replication: Setting[Replication | None] = NOT_COLLECTED
    website: Setting[Website | None] = NOT_COLLECTED
    notification: Setting[Notification | None] = NOT_COLLECTED
    metadata: Setting[Metadata | None] = NOT_COLLECTED
    metadata_v1: Setting[MetadataV1 | None] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    policy_status: Setting[PolicyStatus | None] = NOT_COLLECTED
    analytics: Listed[AnalyticsConfiguration] = NOT_COLLECTED
    inventory: Listed[InventoryConfiguration] = NOT_COLLECTED
    metrics: Listed[MetricsConfiguration] = NOT_COLLECTED
    intelligent_tiering: Listed[IntelligentTieringConfiguration] = NOT_COLLECTED
    duplicates: Listed[Duplicate] = NOT_COLLECTED
    """Configurations of it that more than one declaration sets."""
    multipart_uploads: Listed[MultipartUpload] = NOT_COLLECTED
    """Uploads that were never completed, where a live scan asked for them."""
    last_backup: Setting[Text | None] = NOT_COLLECTED
    """When AWS Backup made the newest recovery point."""
