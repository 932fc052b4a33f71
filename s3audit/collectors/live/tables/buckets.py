"""A bucket, from the answers of all calls about it."""

from s3audit.collectors.documents.shape import (
    Field,
    Shape,
    always,
    document,
    flag,
    listed,
    number,
    optional,
    otherwise,
    section,
    text,
    word,
)
from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Tag
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
    PolicyStatus,
    PublicAccessBlock,
    RequestPayment,
    Versioning,
)
from s3audit.model.lifecycle import (
    Lifecycle,
    LifecycleRule,
    MultipartUpload,
    NoncurrentTransition,
    Transition,
)
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

TAG = Shape(Tag, {"key": text("Key"), "value": text("Value")})
PUBLIC_ACCESS_BLOCK = {
    "block_public_acls": flag("BlockPublicAcls"),
    "ignore_public_acls": flag("IgnorePublicAcls"),
    "block_public_policy": flag("BlockPublicPolicy"),
    "restrict_public_buckets": flag("RestrictPublicBuckets"),
}

GRANT = Shape(
    Grant,
    {
        "type": word("Grantee.Type"),
        "id": text("Grantee.ID"),
        "uri": text("Grantee.URI"),
        "email": text("Grantee.EmailAddress"),
        "display_name": text("Grantee.DisplayName"),
        "permission": word("Permission"),
    },
)

_RULE = "GetBucketEncryption.ServerSideEncryptionConfiguration.Rules[0]"
_ENCRYPTION = Shape(
    Encryption,
    {
        "algorithm": word("ApplyServerSideEncryptionByDefault.SSEAlgorithm"),
        "kms_key": text("ApplyServerSideEncryptionByDefault.KMSMasterKeyID"),
        "bucket_key": flag("BucketKeyEnabled"),
        # Since S3 blocks a type by itself, it says so here: what names none blocks none.
        "blocked_types": otherwise(listed("BlockedEncryptionTypes.EncryptionType", word("")), ()),
    },
)

_LOCK = "GetObjectLockConfiguration.ObjectLockConfiguration"
_LOCKED = flag("ObjectLockEnabled")
_RETENTION = "Rule.DefaultRetention."
_OBJECT_LOCK = Shape(
    ObjectLock,
    {
        "enabled": _LOCKED,
        "at_creation": _LOCKED,
        "mode": word(_RETENTION + "Mode"),
        "days": number(_RETENTION + "Days"),
        "years": number(_RETENTION + "Years"),
        "event_hold_days": number(_RETENTION + "DefaultEventHold.Days"),
        "event_hold_years": number(_RETENTION + "DefaultEventHold.Years"),
    },
)

_LOGGING = Shape(
    Logging,
    {
        "target": text("TargetBucket"),
        "prefix": text("TargetPrefix"),
        "grants": listed("TargetGrants", GRANT),
        "partitioned": flag("TargetObjectKeyFormat.PartitionedPrefix#present"),
        "partition_date_source": word("TargetObjectKeyFormat.PartitionedPrefix.PartitionDateSource"),
    },
)

_CORS = Shape(
    Cors,
    {
        "rules": listed(
            "CORSRules",
            Shape(
                CorsRule,
                {
                    "id": text("ID"),
                    "allowed_origins": listed("AllowedOrigins", text("")),
                    "allowed_methods": listed("AllowedMethods", word("")),
                    "allowed_headers": listed("AllowedHeaders", text("")),
                    "exposed_headers": listed("ExposeHeaders", text("")),
                    "max_age": number("MaxAgeSeconds"),
                },
            ),
        )
    },
)

LIFECYCLE = Shape(
    Lifecycle,
    {
        "rules": listed(
            "Rules",
            Shape(
                LifecycleRule,
                {
                    "id": text("ID"),
                    "status": word("Status"),
                    "prefix": text("Filter.And.Prefix|Filter.Prefix|Prefix"),
                    "tags": listed("Filter.And.Tags|Filter.Tag", TAG),
                    "size_greater_than": number(
                        "Filter.And.ObjectSizeGreaterThan|Filter.ObjectSizeGreaterThan"
                    ),
                    "size_less_than": number("Filter.And.ObjectSizeLessThan|Filter.ObjectSizeLessThan"),
                    "expiration_days": number("Expiration.Days"),
                    "expiration_date": text("Expiration.Date"),
                    "expired_delete_marker": flag("Expiration.ExpiredObjectDeleteMarker"),
                    "noncurrent_days": number("NoncurrentVersionExpiration.NoncurrentDays"),
                    "noncurrent_newer_versions": number(
                        "NoncurrentVersionExpiration.NewerNoncurrentVersions"
                    ),
                    "transitions": listed(
                        "Transitions",
                        Shape(
                            Transition,
                            {
                                "storage_class": word("StorageClass"),
                                "days": number("Days"),
                                "date": text("Date"),
                            },
                        ),
                    ),
                    "noncurrent_transitions": listed(
                        "NoncurrentVersionTransitions",
                        Shape(
                            NoncurrentTransition,
                            {
                                "storage_class": word("StorageClass"),
                                "days": number("NoncurrentDays"),
                                "newer_versions": number("NewerNoncurrentVersions"),
                            },
                        ),
                    ),
                    "abort_multipart_days": number("AbortIncompleteMultipartUpload.DaysAfterInitiation"),
                },
            ),
        ),
        "transition_minimum_size": word("TransitionDefaultMinimumObjectSize"),
    },
)

_REPLICATION = Shape(
    Replication,
    {
        "role": text("Role"),
        "rules": listed(
            "Rules",
            Shape(
                ReplicationRule,
                {
                    "id": text("ID"),
                    "status": word("Status"),
                    "priority": number("Priority"),
                    "prefix": text("Prefix"),
                    "filter": optional(
                        "Filter",
                        Shape(
                            ReplicationFilter,
                            {"prefix": text("And.Prefix|Prefix"), "tags": listed("And.Tags|Tag", TAG)},
                        ),
                    ),
                    "delete_markers": word("DeleteMarkerReplication.Status"),
                    "existing_objects": word("ExistingObjectReplication.Status"),
                    "kms_objects": word("SourceSelectionCriteria.SseKmsEncryptedObjects.Status"),
                    "replica_modifications": word("SourceSelectionCriteria.ReplicaModifications.Status"),
                    "destination": section(
                        "Destination",
                        Shape(
                            ReplicationDestination,
                            {
                                "bucket": text("Bucket"),
                                "account": text("Account"),
                                "storage_class": word("StorageClass"),
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
            ),
        ),
    },
)

_WEBSITE = Shape(
    Website,
    {
        "index_document": text("IndexDocument.Suffix"),
        "error_document": text("ErrorDocument.Key"),
        "redirect_all": optional(
            "RedirectAllRequestsTo",
            Shape(RedirectAll, {"host": text("HostName"), "protocol": word("Protocol")}),
        ),
        "routing_rules": listed(
            "RoutingRules",
            Shape(
                RoutingRule,
                {
                    "error_code": text("Condition.HttpErrorCodeReturnedEquals"),
                    "key_prefix": text("Condition.KeyPrefixEquals"),
                    "host": text("Redirect.HostName"),
                    "protocol": word("Redirect.Protocol"),
                    "redirect_code": text("Redirect.HttpRedirectCode"),
                    "replace_key": text("Redirect.ReplaceKeyWith"),
                    "replace_key_prefix": text("Redirect.ReplaceKeyPrefixWith"),
                },
            ),
        ),
    },
)


def _notified(target: str) -> Shape:
    return Shape(
        NotificationRule,
        {
            "id": text("Id"),
            "target": text(target),
            "events": listed("Events", word("")),
            "prefix": text("Filter.Key.FilterRules[Name=prefix].Value"),
            "suffix": text("Filter.Key.FilterRules[Name=suffix].Value"),
        },
    )


_NOTIFICATION = Shape(
    Notification,
    {
        "topics": listed("TopicConfigurations", _notified("TopicArn")),
        "queues": listed("QueueConfigurations", _notified("QueueArn")),
        "functions": listed("LambdaFunctionConfigurations", _notified("LambdaFunctionArn")),
        "event_bridge": flag("EventBridgeConfiguration#present"),
    },
)


def _destination(account: str, **encryption: Field) -> Shape:
    return Shape(
        ReportDestination,
        {
            "bucket": text("Bucket"),
            "account": text(account),
            "format": word("Format"),
            "prefix": text("Prefix"),
            **encryption,
        },
    )


_INVENTORY = Shape(
    InventoryConfiguration,
    {
        "id": text("Id"),
        "enabled": flag("IsEnabled"),
        "prefix": text("Filter.Prefix"),
        "included_versions": word("IncludedObjectVersions"),
        "optional_fields": listed("OptionalFields", word("")),
        "frequency": word("Schedule.Frequency"),
        "destination": section(
            "Destination.S3BucketDestination",
            _destination(
                "AccountId", sse_s3=flag("Encryption.SSES3#present"), kms_key=text("Encryption.SSEKMS.KeyId")
            ),
        ),
    },
)
_EXPORT = "StorageClassAnalysis.DataExport."
_ANALYTICS = Shape(
    AnalyticsConfiguration,
    {
        "id": text("Id"),
        "prefix": text("Filter.And.Prefix|Filter.Prefix"),
        "tags": listed("Filter.And.Tags|Filter.Tag", TAG),
        "export_version": word(_EXPORT + "OutputSchemaVersion"),
        "export": optional(
            _EXPORT + "Destination.S3BucketDestination",
            _destination("BucketAccountId", sse_s3=always(False), kms_key=always(None)),
        ),
    },
)
_METRICS = Shape(
    MetricsConfiguration,
    {
        "id": text("Id"),
        "prefix": text("Filter.And.Prefix|Filter.Prefix"),
        "tags": listed("Filter.And.Tags|Filter.Tag", TAG),
        "access_point": text("Filter.And.AccessPointArn|Filter.AccessPointArn"),
    },
)
_INTELLIGENT_TIERING = Shape(
    IntelligentTieringConfiguration,
    {
        "id": text("Id"),
        "status": word("Status"),
        "prefix": text("Filter.And.Prefix|Filter.Prefix"),
        "tags": listed("Filter.And.Tags|Filter.Tag", TAG),
        "tierings": listed(
            "Tierings", Shape(Tiering, {"access_tier": word("AccessTier"), "days": number("Days")})
        ),
    },
)


def _metadata_table(state: Field, **more: Field) -> Shape:
    return Shape(
        MetadataTable,
        {
            "state": state,
            "name": text("TableName"),
            "table": text("TableArn"),
            "status": word("TableStatus"),
            "error_code": text("Error.ErrorCode"),
            "error_message": text("Error.ErrorMessage"),
            "expiration": word("RecordExpiration.Expiration"),
            "expiration_days": number("RecordExpiration.Days"),
            "role": text("Role"),
            **more,
        },
    )


_METADATA = Shape(
    Metadata,
    {
        "table_bucket_type": word("DestinationResult.TableBucketType"),
        "table_bucket": text("DestinationResult.TableBucketArn"),
        "namespace": text("DestinationResult.TableNamespace"),
        "journal": optional("JournalTableConfigurationResult", _metadata_table(always(None))),
        "inventory": optional(
            "InventoryTableConfigurationResult", _metadata_table(word("ConfigurationState"))
        ),
        "annotation": optional(
            "AnnotationTableConfigurationResult", _metadata_table(word("ConfigurationState"))
        ),
    },
)

_V1 = "MetadataTableConfigurationResult.S3TablesDestinationResult."
_METADATA_V1 = Shape(
    MetadataV1,
    {
        "table_bucket": text(_V1 + "TableBucketArn"),
        "table_name": text(_V1 + "TableName"),
        "table": text(_V1 + "TableArn"),
        "namespace": text(_V1 + "TableNamespace"),
        "status": word("Status"),
        "error_code": text("Error.ErrorCode"),
        "error_message": text("Error.ErrorMessage"),
    },
)

ACL = Shape(
    Acl,
    {
        "canned": always(None),
        "grants": listed("Grants", GRANT),
        "owner": text("Owner.ID"),
        "owner_display_name": text("Owner.DisplayName"),
    },
)

_UPLOAD = Shape(
    MultipartUpload,
    {"key": text("Key"), "initiated": text("Initiated"), "storage_class": word("StorageClass")},
)

BUCKET = Shape(
    Bucket,
    {
        "name": text("item.Name"),
        "region": text("item.BucketRegion"),
        "created": text("item.CreationDate"),
        "location_name": text("item.LocationName"),
        # Those of a directory bucket are told by another service.
        "tags": listed("GetBucketTagging.TagSet|ListTagsForResource.Tags", TAG),
        "versioning": section(
            "GetBucketVersioning",
            Shape(Versioning, {"status": word("Status"), "mfa_delete": word("MFADelete")}),
        ),
        "encryption": section(_RULE, _ENCRYPTION),
        "public_access_block": section(
            "GetPublicAccessBlock.PublicAccessBlockConfiguration",
            Shape(PublicAccessBlock, PUBLIC_ACCESS_BLOCK),
        ),
        "ownership": section(
            "GetBucketOwnershipControls.OwnershipControls",
            Shape(Ownership, {"object_ownership": word("Rules[0].ObjectOwnership")}),
        ),
        "acl": section("GetBucketAcl", ACL),
        "object_lock": section(_LOCK, _OBJECT_LOCK),
        "acceleration": section(
            "GetBucketAccelerateConfiguration", Shape(Acceleration, {"status": word("Status")})
        ),
        "request_payment": section(
            "GetBucketRequestPayment", Shape(RequestPayment, {"payer": word("Payer")})
        ),
        "abac": section("GetBucketAbac.AbacStatus", Shape(Abac, {"status": word("Status")})),
        "logging": optional("GetBucketLogging.LoggingEnabled", _LOGGING),
        "cors": optional("GetBucketCors.CORSConfiguration", _CORS),
        "lifecycle": optional("GetBucketLifecycleConfiguration.LifecycleConfiguration", LIFECYCLE),
        "replication": optional("GetBucketReplication.ReplicationConfiguration", _REPLICATION),
        "website": optional("GetBucketWebsite.WebsiteConfiguration", _WEBSITE),
        "notification": optional(
            "GetBucketNotificationConfiguration.NotificationConfiguration", _NOTIFICATION
        ),
        "metadata": optional(
            "GetBucketMetadataConfiguration.GetBucketMetadataConfigurationResult.MetadataConfigurationResult",
            _METADATA,
        ),
        "metadata_v1": optional(
            "GetBucketMetadataTableConfiguration.GetBucketMetadataTableConfigurationResult", _METADATA_V1
        ),
        "policy": document("GetBucketPolicy.Policy"),
        "policy_status": optional(
            "GetBucketPolicyStatus.PolicyStatus", Shape(PolicyStatus, {"is_public": flag("IsPublic")})
        ),
        "analytics": listed("ListBucketAnalyticsConfigurations.AnalyticsConfigurationList", _ANALYTICS),
        "inventory": listed("ListBucketInventoryConfigurations.InventoryConfigurationList", _INVENTORY),
        "metrics": listed("ListBucketMetricsConfigurations.MetricsConfigurationList", _METRICS),
        "intelligent_tiering": listed(
            "ListBucketIntelligentTieringConfigurations.IntelligentTieringConfigurationList",
            _INTELLIGENT_TIERING,
        ),
        "multipart_uploads": listed("ListMultipartUploads.Uploads", _UPLOAD),
    },
)
