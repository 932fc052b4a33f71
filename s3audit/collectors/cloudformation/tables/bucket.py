"""AWS::S3::Bucket, its policy, and the directory bucket."""

from s3audit.collectors.cloudformation.tables.common import (
    BUCKET_POLICY,
    CANNED_ACLS,
    PUBLIC_ACCESS_BLOCK,
    STORAGE_CLASSES,
    TAG,
    TAGS,
    attached,
    part,
)
from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    absent,
    always,
    flag,
    listed,
    number,
    optional,
    section,
    text,
    word,
)
from s3audit.model.acl import Acl
from s3audit.model.bucket import (
    Abac,
    Acceleration,
    Bucket,
    Cors,
    CorsRule,
    Encryption,
    Logging,
    ObjectLock,
    Ownership,
    PublicAccessBlock,
    Removal,
    RequestPayment,
    Versioning,
)
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, NoncurrentTransition, Transition
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.replication import Replication, ReplicationDestination, ReplicationFilter, ReplicationRule
from s3audit.model.reports import (
    AnalyticsConfiguration,
    IntelligentTieringConfiguration,
    InventoryConfiguration,
    Metadata,
    MetadataTable,
    MetadataV1,
    MetricsConfiguration,
    ReportDestination,
    Tiering,
)
from s3audit.model.website import RedirectAll, RoutingRule, Website

_RULE = "ServerSideEncryptionConfiguration[0]."
_ENCRYPTION = {
    "algorithm": word(_RULE + "ServerSideEncryptionByDefault.SSEAlgorithm"),
    "kms_key": text(_RULE + "ServerSideEncryptionByDefault.KMSMasterKeyID"),
    "bucket_key": flag(_RULE + "BucketKeyEnabled"),
    "blocked_types": listed(_RULE + "BlockedEncryptionTypes.EncryptionType", word("")),
}

_LOCKED = flag("ObjectLockEnabled|ObjectLockConfiguration.ObjectLockEnabled")
_OBJECT_LOCK = Shape(
    ObjectLock,
    {
        "enabled": _LOCKED,
        "at_creation": _LOCKED,
        "mode": word("ObjectLockConfiguration.Rule.DefaultRetention.Mode"),
        "days": number("ObjectLockConfiguration.Rule.DefaultRetention.Days"),
        "years": number("ObjectLockConfiguration.Rule.DefaultRetention.Years"),
        "event_hold_days": number("ObjectLockConfiguration.Rule.DefaultRetention.DefaultEventHold.Days"),
        "event_hold_years": number("ObjectLockConfiguration.Rule.DefaultRetention.DefaultEventHold.Years"),
    },
)

_LOGGING = Shape(
    Logging,
    {
        "target": text("DestinationBucketName"),
        "prefix": text("LogFilePrefix"),
        "grants": absent(),
        "partitioned": flag("TargetObjectKeyFormat.PartitionedPrefix#present"),
        "partition_date_source": word("TargetObjectKeyFormat.PartitionedPrefix.PartitionDateSource"),
    },
)

_CORS_RULE = Shape(
    CorsRule,
    {
        "id": text("Id"),
        "allowed_origins": listed("AllowedOrigins", text("")),
        "allowed_methods": listed("AllowedMethods", word("")),
        "allowed_headers": listed("AllowedHeaders", text("")),
        "exposed_headers": listed("ExposedHeaders", text("")),
        "max_age": number("MaxAge"),
    },
)

_TRANSITION = Shape(
    Transition,
    {
        "storage_class": word("StorageClass", STORAGE_CLASSES),
        "days": number("TransitionInDays"),
        "date": text("TransitionDate"),
    },
)
_NONCURRENT_TRANSITION = Shape(
    NoncurrentTransition,
    {
        "storage_class": word("StorageClass", STORAGE_CLASSES),
        "days": number("TransitionInDays"),
        "newer_versions": number("NewerNoncurrentVersions"),
    },
)
LIFECYCLE_RULE = Shape(
    LifecycleRule,
    {
        "id": text("Id"),
        "status": word("Status"),
        "prefix": text("Prefix"),
        "tags": listed("TagFilters", TAG),
        "size_greater_than": number("ObjectSizeGreaterThan"),
        "size_less_than": number("ObjectSizeLessThan"),
        "expiration_days": number("ExpirationInDays"),
        "expiration_date": text("ExpirationDate"),
        "expired_delete_marker": flag("ExpiredObjectDeleteMarker"),
        "noncurrent_days": number(
            "NoncurrentVersionExpiration.NoncurrentDays|NoncurrentVersionExpirationInDays"
        ),
        "noncurrent_newer_versions": number("NoncurrentVersionExpiration.NewerNoncurrentVersions"),
        "transitions": listed("Transitions|Transition", _TRANSITION),
        "noncurrent_transitions": listed(
            "NoncurrentVersionTransitions|NoncurrentVersionTransition", _NONCURRENT_TRANSITION
        ),
        "abort_multipart_days": number("AbortIncompleteMultipartUpload.DaysAfterInitiation"),
    },
)
_LIFECYCLE = Shape(
    Lifecycle,
    {
        "rules": listed("Rules", LIFECYCLE_RULE),
        "transition_minimum_size": word("TransitionDefaultMinimumObjectSize"),
    },
)

_REPLICATION_RULE = Shape(
    ReplicationRule,
    {
        "id": text("Id"),
        "status": word("Status"),
        "priority": number("Priority"),
        "prefix": text("Prefix"),
        "filter": optional(
            "Filter",
            Shape(
                ReplicationFilter,
                {
                    "prefix": text("And.Prefix|Prefix"),
                    "tags": listed("And.TagFilters|TagFilter", TAG),
                },
            ),
        ),
        "delete_markers": word("DeleteMarkerReplication.Status"),
        "existing_objects": absent(),
        "kms_objects": word("SourceSelectionCriteria.SseKmsEncryptedObjects.Status"),
        "replica_modifications": word("SourceSelectionCriteria.ReplicaModifications.Status"),
        "destination": section(
            "Destination",
            Shape(
                ReplicationDestination,
                {
                    "bucket": text("Bucket"),
                    "account": text("Account"),
                    "storage_class": word("StorageClass", STORAGE_CLASSES),
                    "owner_override": word("AccessControlTranslation.Owner"),
                    "kms_key": text("EncryptionConfiguration.ReplicaKmsKeyID"),
                    "replication_time": word("ReplicationTime.Status"),
                    "replication_time_minutes": number("ReplicationTime.Time.Minutes"),
                    "metrics": word("Metrics.Status"),
                    "metrics_minutes": number("Metrics.EventThreshold.Minutes"),
                },
            ),
        ),
    },
)
_REPLICATION = Shape(Replication, {"role": text("Role"), "rules": listed("Rules", _REPLICATION_RULE)})

_WEBSITE = Shape(
    Website,
    {
        "index_document": text("IndexDocument"),
        "error_document": text("ErrorDocument"),
        "redirect_all": optional(
            "RedirectAllRequestsTo",
            Shape(RedirectAll, {"host": text("HostName"), "protocol": word("Protocol")}),
        ),
        "routing_rules": listed(
            "RoutingRules",
            Shape(
                RoutingRule,
                {
                    "error_code": text("RoutingRuleCondition.HttpErrorCodeReturnedEquals"),
                    "key_prefix": text("RoutingRuleCondition.KeyPrefixEquals"),
                    "host": text("RedirectRule.HostName"),
                    "protocol": word("RedirectRule.Protocol"),
                    "redirect_code": text("RedirectRule.HttpRedirectCode"),
                    "replace_key": text("RedirectRule.ReplaceKeyWith"),
                    "replace_key_prefix": text("RedirectRule.ReplaceKeyPrefixWith"),
                },
            ),
        ),
    },
)


def _notified(target: str) -> Shape:
    return Shape(
        NotificationRule,
        {
            "id": absent(),
            "target": text(target),
            "events": listed("Event", word("")),
            "prefix": text("Filter.S3Key.Rules[Name=prefix].Value"),
            "suffix": text("Filter.S3Key.Rules[Name=suffix].Value"),
        },
    )


_NOTIFICATION = Shape(
    Notification,
    {
        "topics": listed("TopicConfigurations", _notified("Topic")),
        "queues": listed("QueueConfigurations", _notified("Queue")),
        "functions": listed("LambdaConfigurations", _notified("Function")),
        "event_bridge": flag("EventBridgeConfiguration.EventBridgeEnabled"),
    },
)

_REPORT_DESTINATION = Shape(
    ReportDestination,
    {
        "bucket": text("BucketArn"),
        "account": text("BucketAccountId"),
        "format": word("Format"),
        "prefix": text("Prefix"),
        "sse_s3": absent(),
        "kms_key": absent(),
    },
)
_INVENTORY = Shape(
    InventoryConfiguration,
    {
        "id": text("Id"),
        "enabled": flag("Enabled"),
        "prefix": text("Prefix"),
        "included_versions": word("IncludedObjectVersions"),
        "optional_fields": listed("OptionalFields", word("")),
        "frequency": word("ScheduleFrequency"),
        "destination": section("Destination", _REPORT_DESTINATION),
    },
)
_ANALYTICS = Shape(
    AnalyticsConfiguration,
    {
        "id": text("Id"),
        "prefix": text("Prefix"),
        "tags": listed("TagFilters", TAG),
        "export_version": word("StorageClassAnalysis.DataExport.OutputSchemaVersion"),
        "export": optional("StorageClassAnalysis.DataExport.Destination", _REPORT_DESTINATION),
    },
)
_METRICS = Shape(
    MetricsConfiguration,
    {
        "id": text("Id"),
        "prefix": text("Prefix"),
        "tags": listed("TagFilters", TAG),
        "access_point": text("AccessPointArn"),
    },
)
_INTELLIGENT_TIERING = Shape(
    IntelligentTieringConfiguration,
    {
        "id": text("Id"),
        "status": word("Status"),
        "prefix": text("Prefix"),
        "tags": listed("TagFilters", TAG),
        "tierings": listed(
            "Tierings", Shape(Tiering, {"access_tier": word("AccessTier"), "days": number("Days")})
        ),
    },
)


def _metadata_table(**more: Field) -> Shape:
    return Shape(
        MetadataTable,
        {
            "name": text("TableName"),
            "table": text("TableArn"),
            "algorithm": word("EncryptionConfiguration.SseAlgorithm"),
            "kms_key": text("EncryptionConfiguration.KmsKeyArn"),
            **more,
        },
    )


_METADATA = Shape(
    Metadata,
    {
        "table_bucket_type": word("Destination.TableBucketType"),
        "table_bucket": text("Destination.TableBucketArn"),
        "namespace": text("Destination.TableNamespace"),
        "journal": optional(
            "JournalTableConfiguration",
            _metadata_table(
                state=absent(),
                expiration=word("RecordExpiration.Expiration"),
                expiration_days=number("RecordExpiration.Days"),
                role=absent(),
            ),
        ),
        "inventory": optional(
            "InventoryTableConfiguration",
            _metadata_table(
                state=word("ConfigurationState"), expiration=absent(), expiration_days=absent(), role=absent()
            ),
        ),
        "annotation": optional(
            "AnnotationTableConfiguration",
            _metadata_table(
                state=word("ConfigurationState"),
                expiration=absent(),
                expiration_days=absent(),
                role=text("Role"),
            ),
        ),
    },
)
_METADATA_V1 = Shape(
    MetadataV1,
    {
        "table_bucket": text("S3TablesDestination.TableBucketArn"),
        "table_name": text("S3TablesDestination.TableName"),
        "table": text("S3TablesDestination.TableArn"),
        "namespace": text("S3TablesDestination.TableNamespace"),
    },
)

BUCKET = Shape(
    Bucket,
    {
        "name": text("BucketName"),
        "name_prefix": text("BucketNamePrefix"),
        "namespace": word("BucketNamespace"),
        "tags": TAGS,
        "versioning": section(
            "VersioningConfiguration",
            Shape(Versioning, {"status": word("Status"), "mfa_delete": absent()}),
        ),
        "encryption": section("BucketEncryption", Shape(Encryption, _ENCRYPTION)),
        "public_access_block": section(
            "PublicAccessBlockConfiguration", Shape(PublicAccessBlock, PUBLIC_ACCESS_BLOCK)
        ),
        "ownership": section(
            "OwnershipControls", Shape(Ownership, {"object_ownership": word("Rules[0].ObjectOwnership")})
        ),
        "acl": section(
            "",
            Shape(
                Acl,
                {
                    "canned": word("AccessControl", CANNED_ACLS),
                    "grants": absent(),
                    "owner": absent(),
                    "owner_display_name": absent(),
                },
            ),
        ),
        "object_lock": section("", _OBJECT_LOCK),
        "acceleration": section(
            "AccelerateConfiguration", Shape(Acceleration, {"status": word("AccelerationStatus")})
        ),
        "request_payment": section("", Shape(RequestPayment, {"payer": absent()})),
        "abac": section("", Shape(Abac, {"status": word("AbacStatus")})),
        "logging": optional("LoggingConfiguration", _LOGGING),
        "cors": optional("CorsConfiguration", Shape(Cors, {"rules": listed("CorsRules", _CORS_RULE)})),
        "lifecycle": optional("LifecycleConfiguration", _LIFECYCLE),
        "replication": optional("ReplicationConfiguration", _REPLICATION),
        "website": optional("WebsiteConfiguration", _WEBSITE),
        "notification": optional("NotificationConfiguration", _NOTIFICATION),
        "metadata": optional("MetadataConfiguration", _METADATA),
        "metadata_v1": optional("MetadataTableConfiguration", _METADATA_V1),
        "policy": absent(),
        "analytics": listed("AnalyticsConfigurations", _ANALYTICS),
        "inventory": listed("InventoryConfigurations", _INVENTORY),
        "metrics": listed("MetricsConfigurations", _METRICS),
        "intelligent_tiering": listed("IntelligentTieringConfigurations", _INTELLIGENT_TIERING),
    },
)


def _less(shape: Shape, *fields: str) -> Shape:
    """The same section where some of its fields can't be written."""
    return Shape(shape.section, shape.fields | dict.fromkeys(fields, absent()))


_DIRECTORY_RULE = _less(
    LIFECYCLE_RULE,
    "tags",
    "expiration_date",
    "expired_delete_marker",
    "noncurrent_days",
    "noncurrent_newer_versions",
    "transitions",
    "noncurrent_transitions",
)

DIRECTORY_BUCKET = Shape(
    Bucket,
    {
        "name": text("BucketName"),
        "name_prefix": absent(),
        "namespace": absent(),
        "location_name": text("LocationName"),
        "location_type": word(
            "DataRedundancy",
            {"SingleAvailabilityZone": "AvailabilityZone", "SingleLocalZone": "LocalZone"},
        ),
        "data_redundancy": word("DataRedundancy"),
        "tags": TAGS,
        "versioning": section("", Shape(Versioning, {"status": absent(), "mfa_delete": absent()})),
        "encryption": section(
            "BucketEncryption",
            Shape(Encryption, _ENCRYPTION | {"bucket_key": always(True), "blocked_types": always(())}),
        ),
        "public_access_block": section(
            "", Shape(PublicAccessBlock, dict.fromkeys(PUBLIC_ACCESS_BLOCK, always(True)))
        ),
        "ownership": section("", Shape(Ownership, {"object_ownership": always("BucketOwnerEnforced")})),
        "acl": section(
            "", Shape(Acl, dict.fromkeys(("canned", "grants", "owner", "owner_display_name"), absent()))
        ),
        "object_lock": section("", Shape(ObjectLock, dict.fromkeys(_OBJECT_LOCK.fields, absent()))),
        "acceleration": section("", Shape(Acceleration, {"status": absent()})),
        "request_payment": section("", Shape(RequestPayment, {"payer": absent()})),
        "abac": section("", Shape(Abac, {"status": absent()})),
        "logging": absent(),
        "cors": absent(),
        "lifecycle": optional(
            "LifecycleConfiguration",
            Shape(
                Lifecycle,
                {"rules": listed("Rules", _DIRECTORY_RULE), "transition_minimum_size": absent()},
            ),
        ),
        "replication": absent(),
        "website": absent(),
        "notification": absent(),
        "metadata": absent(),
        "metadata_v1": absent(),
        "policy": absent(),
        "analytics": absent(),
        "inventory": listed("InventoryConfigurations", _INVENTORY),
        "metrics": listed("MetricsConfigurations", _less(_METRICS, "tags")),
        "intelligent_tiering": absent(),
    },
    {"type": "directory"},
)

TABLES = {
    "AWS::S3::Bucket": BUCKET,
    "AWS::S3::BucketPolicy": BUCKET_POLICY,
    "AWS::S3Express::DirectoryBucket": DIRECTORY_BUCKET,
    "AWS::S3Express::BucketPolicy": BUCKET_POLICY,
    # What CDK adds for autoDeleteObjects.
    "Custom::S3AutoDeleteObjects": attached(
        "bucket",
        "removal",
        "BucketName",
        part(
            Shape(
                Removal,
                {
                    "force_destroy": always(True),
                    "deletion_policy": absent(),
                    "update_replace_policy": absent(),
                    "prevent_destroy": absent(),
                },
            )
        ),
    ),
}
