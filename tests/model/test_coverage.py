"""Everything that S3 tells of a bucket has its place in the model."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import botocore.session
import pytest

from s3audit.model.base import Section
from s3audit.model.bucket import Bucket

S3 = botocore.session.get_session().get_service_model("s3")

PAGING = "says how to go on with a listing"
BILLING = "says who paid for the call"

TAG = {"Key": "key", "Value": "value"}
GRANT = {
    "Grantee.DisplayName": "display_name",
    "Grantee.EmailAddress": "email",
    "Grantee.ID": "id",
    "Grantee.Type": "type",
    "Grantee.URI": "uri",
    "Permission": "permission",
}


def _below(node: str, place: str, members: dict[str, str]) -> dict[str, str]:
    """The members of a node, at a place of the model."""
    return {f"{node}.{name}": f"{place}.{field}" for name, field in members.items()}


def _filter(node: str, place: str, access_point: str = "") -> dict[str, str]:
    """Prefix, Tag or And: three ways to write one filter."""
    found = {}
    for form, tags in ((node, f"{node}.Tag"), (f"{node}.And", f"{node}.And.Tags")):
        found[f"{form}.Prefix"] = f"{place}.prefix"
        found |= _below(tags, f"{place}.tags", TAG)
        if access_point:
            found[f"{form}.AccessPointArn"] = f"{place}.{access_point}"
    return found


def _notified(node: str, target: str, place: str) -> dict[str, str]:
    return _below(
        node,
        place,
        {
            "Id": "id",
            target: "target",
            "Events": "events",
            "Filter.Key.FilterRules.Name": "prefix",
            "Filter.Key.FilterRules.Value": "suffix",
        },
    )


def _metadata_table(node: str, place: str, **more: str) -> dict[str, str]:
    members = {
        "TableStatus": "status",
        "Error.ErrorCode": "error_code",
        "Error.ErrorMessage": "error_message",
        "TableName": "name",
        "TableArn": "table",
        **more,
    }
    return _below(f"GetBucketMetadataConfigurationResult.MetadataConfigurationResult.{node}", place, members)


_V1 = "GetBucketMetadataTableConfigurationResult"
_INVENTORY = "InventoryConfiguration.Destination.S3BucketDestination"
_EXPORT = "AnalyticsConfiguration.StorageClassAnalysis.DataExport"
_ENCRYPTION = "ServerSideEncryptionConfiguration.Rules"
_LIFECYCLE = "lifecycle.rules"
_RULES = "ReplicationConfiguration.Rules"

# Each operation that reads a configuration of a bucket: where each member of its answer stands in the model.
HOMES: dict[str, dict[str, str]] = {
    "GetBucketAbac": {"AbacStatus.Status": "abac.status"},
    "GetBucketAccelerateConfiguration": {"Status": "acceleration.status"},
    "GetBucketAcl": {
        "Owner.ID": "acl.owner",
        "Owner.DisplayName": "acl.owner_display_name",
        **_below("Grants", "acl.grants", GRANT),
    },
    "GetBucketAnalyticsConfiguration": {
        "AnalyticsConfiguration.Id": "analytics.id",
        **_filter("AnalyticsConfiguration.Filter", "analytics"),
        f"{_EXPORT}.OutputSchemaVersion": "analytics.export_version",
        **_below(
            f"{_EXPORT}.Destination.S3BucketDestination",
            "analytics.export",
            {"Format": "format", "BucketAccountId": "account", "Bucket": "bucket", "Prefix": "prefix"},
        ),
    },
    "GetBucketCors": _below(
        "CORSRules",
        "cors.rules",
        {
            "ID": "id",
            "AllowedHeaders": "allowed_headers",
            "AllowedMethods": "allowed_methods",
            "AllowedOrigins": "allowed_origins",
            "ExposeHeaders": "exposed_headers",
            "MaxAgeSeconds": "max_age",
        },
    ),
    "GetBucketEncryption": {
        f"{_ENCRYPTION}.ApplyServerSideEncryptionByDefault.SSEAlgorithm": "encryption.algorithm",
        f"{_ENCRYPTION}.ApplyServerSideEncryptionByDefault.KMSMasterKeyID": "encryption.kms_key",
        f"{_ENCRYPTION}.BucketKeyEnabled": "encryption.bucket_key",
        f"{_ENCRYPTION}.BlockedEncryptionTypes.EncryptionType": "encryption.blocked_types",
    },
    "GetBucketIntelligentTieringConfiguration": {
        "IntelligentTieringConfiguration.Id": "intelligent_tiering.id",
        **_filter("IntelligentTieringConfiguration.Filter", "intelligent_tiering"),
        "IntelligentTieringConfiguration.Status": "intelligent_tiering.status",
        "IntelligentTieringConfiguration.Tierings.Days": "intelligent_tiering.tierings.days",
        "IntelligentTieringConfiguration.Tierings.AccessTier": "intelligent_tiering.tierings.access_tier",
    },
    "GetBucketInventoryConfiguration": {
        **_below(
            _INVENTORY,
            "inventory.destination",
            {
                "AccountId": "account",
                "Bucket": "bucket",
                "Format": "format",
                "Prefix": "prefix",
                "Encryption.SSES3": "sse_s3",
                "Encryption.SSEKMS.KeyId": "kms_key",
            },
        ),
        **_below(
            "InventoryConfiguration",
            "inventory",
            {
                "Id": "id",
                "IsEnabled": "enabled",
                "Filter.Prefix": "prefix",
                "IncludedObjectVersions": "included_versions",
                "OptionalFields": "optional_fields",
                "Schedule.Frequency": "frequency",
            },
        ),
    },
    "GetBucketLifecycleConfiguration": {
        **_below(
            "Rules",
            _LIFECYCLE,
            {
                "ID": "id",
                "Status": "status",
                "Prefix": "prefix",
                "Expiration.Date": "expiration_date",
                "Expiration.Days": "expiration_days",
                "Expiration.ExpiredObjectDeleteMarker": "expired_delete_marker",
                "Transitions.Date": "transitions.date",
                "Transitions.Days": "transitions.days",
                "Transitions.StorageClass": "transitions.storage_class",
                "NoncurrentVersionExpiration.NoncurrentDays": "noncurrent_days",
                "NoncurrentVersionExpiration.NewerNoncurrentVersions": "noncurrent_newer_versions",
                "AbortIncompleteMultipartUpload.DaysAfterInitiation": "abort_multipart_days",
            },
        ),
        **_below(
            "Rules.NoncurrentVersionTransitions",
            f"{_LIFECYCLE}.noncurrent_transitions",
            {
                "NoncurrentDays": "days",
                "StorageClass": "storage_class",
                "NewerNoncurrentVersions": "newer_versions",
            },
        ),
        **_filter("Rules.Filter", _LIFECYCLE),
        "Rules.Filter.ObjectSizeGreaterThan": f"{_LIFECYCLE}.size_greater_than",
        "Rules.Filter.ObjectSizeLessThan": f"{_LIFECYCLE}.size_less_than",
        "Rules.Filter.And.ObjectSizeGreaterThan": f"{_LIFECYCLE}.size_greater_than",
        "Rules.Filter.And.ObjectSizeLessThan": f"{_LIFECYCLE}.size_less_than",
        "TransitionDefaultMinimumObjectSize": "lifecycle.transition_minimum_size",
    },
    "GetBucketLogging": {
        "LoggingEnabled.TargetBucket": "logging.target",
        "LoggingEnabled.TargetPrefix": "logging.prefix",
        **_below("LoggingEnabled.TargetGrants", "logging.grants", GRANT),
        "LoggingEnabled.TargetObjectKeyFormat.SimplePrefix": "logging.partitioned",
        "LoggingEnabled.TargetObjectKeyFormat.PartitionedPrefix.PartitionDateSource": (
            "logging.partition_date_source"
        ),
    },
    "GetBucketMetadataConfiguration": {
        **_below(
            "GetBucketMetadataConfigurationResult.MetadataConfigurationResult.DestinationResult",
            "metadata",
            {
                "TableBucketType": "table_bucket_type",
                "TableBucketArn": "table_bucket",
                "TableNamespace": "namespace",
            },
        ),
        **_metadata_table(
            "JournalTableConfigurationResult",
            "metadata.journal",
            **{"RecordExpiration.Expiration": "expiration", "RecordExpiration.Days": "expiration_days"},
        ),
        **_metadata_table(
            "InventoryTableConfigurationResult", "metadata.inventory", ConfigurationState="state"
        ),
        **_metadata_table(
            "AnnotationTableConfigurationResult",
            "metadata.annotation",
            ConfigurationState="state",
            Role="role",
        ),
    },
    "GetBucketMetadataTableConfiguration": {
        **_below(
            f"{_V1}.MetadataTableConfigurationResult.S3TablesDestinationResult",
            "metadata_v1",
            {
                "TableBucketArn": "table_bucket",
                "TableName": "table_name",
                "TableArn": "table",
                "TableNamespace": "namespace",
            },
        ),
        f"{_V1}.Status": "metadata_v1.status",
        f"{_V1}.Error.ErrorCode": "metadata_v1.error_code",
        f"{_V1}.Error.ErrorMessage": "metadata_v1.error_message",
    },
    "GetBucketMetricsConfiguration": {
        "MetricsConfiguration.Id": "metrics.id",
        **_filter("MetricsConfiguration.Filter", "metrics", "access_point"),
    },
    "GetBucketNotificationConfiguration": {
        **_notified("TopicConfigurations", "TopicArn", "notification.topics"),
        **_notified("QueueConfigurations", "QueueArn", "notification.queues"),
        **_notified("LambdaFunctionConfigurations", "LambdaFunctionArn", "notification.functions"),
        "EventBridgeConfiguration": "notification.event_bridge",
    },
    "GetBucketOwnershipControls": {"OwnershipControls.Rules.ObjectOwnership": "ownership.object_ownership"},
    "GetBucketPolicy": {"Policy": "policy"},
    "GetBucketPolicyStatus": {"PolicyStatus.IsPublic": "policy_status.is_public"},
    "GetBucketReplication": {
        "ReplicationConfiguration.Role": "replication.role",
        **_filter(f"{_RULES}.Filter", "replication.rules.filter"),
        **_below(
            _RULES,
            "replication.rules",
            {
                "ID": "id",
                "Priority": "priority",
                "Prefix": "prefix",
                "Status": "status",
                "SourceSelectionCriteria.SseKmsEncryptedObjects.Status": "kms_objects",
                "SourceSelectionCriteria.ReplicaModifications.Status": "replica_modifications",
                "ExistingObjectReplication.Status": "existing_objects",
                "DeleteMarkerReplication.Status": "delete_markers",
            },
        ),
        **_below(
            f"{_RULES}.Destination",
            "replication.rules.destination",
            {
                "Bucket": "bucket",
                "Account": "account",
                "StorageClass": "storage_class",
                "AccessControlTranslation.Owner": "owner_override",
                "EncryptionConfiguration.ReplicaKmsKeyID": "kms_key",
                "ReplicationTime.Status": "replication_time",
                "ReplicationTime.Time.Minutes": "replication_time_minutes",
                "Metrics.Status": "metrics",
                "Metrics.EventThreshold.Minutes": "metrics_minutes",
            },
        ),
    },
    "GetBucketRequestPayment": {"Payer": "request_payment.payer"},
    "GetBucketTagging": _below("TagSet", "tags", TAG),
    "GetBucketVersioning": {"Status": "versioning.status", "MFADelete": "versioning.mfa_delete"},
    "GetBucketWebsite": {
        "RedirectAllRequestsTo.HostName": "website.redirect_all.host",
        "RedirectAllRequestsTo.Protocol": "website.redirect_all.protocol",
        "IndexDocument.Suffix": "website.index_document",
        "ErrorDocument.Key": "website.error_document",
        **_below(
            "RoutingRules",
            "website.routing_rules",
            {
                "Condition.HttpErrorCodeReturnedEquals": "error_code",
                "Condition.KeyPrefixEquals": "key_prefix",
                "Redirect.HostName": "host",
                "Redirect.HttpRedirectCode": "redirect_code",
                "Redirect.Protocol": "protocol",
                "Redirect.ReplaceKeyPrefixWith": "replace_key_prefix",
                "Redirect.ReplaceKeyWith": "replace_key",
            },
        ),
    },
    "GetObjectLockConfiguration": _below(
        "ObjectLockConfiguration",
        "object_lock",
        {
            "ObjectLockEnabled": "enabled",
            "Rule.DefaultRetention.Mode": "mode",
            "Rule.DefaultRetention.Days": "days",
            "Rule.DefaultRetention.Years": "years",
            "Rule.DefaultRetention.DefaultEventHold.Days": "event_hold_days",
            "Rule.DefaultRetention.DefaultEventHold.Years": "event_hold_years",
        },
    ),
    "GetPublicAccessBlock": _below(
        "PublicAccessBlockConfiguration",
        "public_access_block",
        {
            "BlockPublicAcls": "block_public_acls",
            "IgnorePublicAcls": "ignore_public_acls",
            "BlockPublicPolicy": "block_public_policy",
            "RestrictPublicBuckets": "restrict_public_buckets",
        },
    ),
    "HeadBucket": {
        "BucketArn": "arn",
        "BucketLocationType": "location_type",
        "BucketLocationName": "location_name",
        "BucketRegion": "region",
    },
    "GetBucketLocation": {"LocationConstraint": "region"},
    "ListBuckets": {
        **_below(
            "Buckets",
            "",
            {"Name": "name", "CreationDate": "created", "BucketRegion": "region", "BucketArn": "arn"},
        ),
        "Owner.ID": "acl.owner",
        "Owner.DisplayName": "acl.owner_display_name",
    },
    "ListDirectoryBuckets": _below(
        "Buckets",
        "",
        {"Name": "name", "CreationDate": "created", "BucketRegion": "region", "BucketArn": "arn"},
    ),
    "ListMultipartUploads": {
        "Uploads.Key": "multipart_uploads.key",
        "Uploads.Initiated": "multipart_uploads.initiated",
        "Uploads.StorageClass": "multipart_uploads.storage_class",
    },
}

# Operations that list what another one tells singly: the list, and the operation and its one element.
LISTS = {
    "ListBucketAnalyticsConfigurations": (
        "AnalyticsConfigurationList",
        "GetBucketAnalyticsConfiguration",
        "AnalyticsConfiguration",
    ),
    "ListBucketIntelligentTieringConfigurations": (
        "IntelligentTieringConfigurationList",
        "GetBucketIntelligentTieringConfiguration",
        "IntelligentTieringConfiguration",
    ),
    "ListBucketInventoryConfigurations": (
        "InventoryConfigurationList",
        "GetBucketInventoryConfiguration",
        "InventoryConfiguration",
    ),
    "ListBucketMetricsConfigurations": (
        "MetricsConfigurationList",
        "GetBucketMetricsConfiguration",
        "MetricsConfiguration",
    ),
}

# Members of answers without a home, by operation (`*` is every one).
HOMELESS: dict[str, dict[str, str]] = {
    "*": {
        "IsTruncated": PAGING,
        "ContinuationToken": PAGING,
        "NextContinuationToken": PAGING,
        "RequestCharged": BILLING,
    },
    "HeadBucket": {"AccessPointAlias": "whether the name that was asked for is that of an access point"},
    "ListBuckets": {"Prefix": PAGING},
    "ListMultipartUploads": {
        **dict.fromkeys(
            (
                "Bucket",
                "KeyMarker",
                "UploadIdMarker",
                "NextKeyMarker",
                "Prefix",
                "Delimiter",
                "NextUploadIdMarker",
                "MaxUploads",
                "CommonPrefixes.Prefix",
                "EncodingType",
            ),
            PAGING,
        ),
        **dict.fromkeys(
            (
                "Uploads.UploadId",
                "Uploads.Owner.DisplayName",
                "Uploads.Owner.ID",
                "Uploads.Initiator.ID",
                "Uploads.Initiator.DisplayName",
                "Uploads.ChecksumAlgorithm",
                "Uploads.ChecksumType",
                "Uploads.VersionId",
            ),
            "how long an upload waits is all that is judged",
        ),
    },
}

OLDER = "the older form of an operation that tells more"
CONTENT = "what is in the bucket, not how it is set up"

# Operations on a bucket that read or write no configuration of it.
NO_CONFIGURATION = {
    "GetBucketLifecycle": OLDER,
    "GetBucketNotification": OLDER,
    "PutBucketLifecycle": OLDER,
    "PutBucketNotification": OLDER,
    "ListObjects": CONTENT,
    "ListObjectsV2": CONTENT,
    "ListObjectVersions": CONTENT,
    "DeleteObjects": CONTENT,
    "CreateSession": "credentials for a directory bucket",
    "DeleteBucket": "ends the bucket",
    "WriteGetObjectResponse": "the answer of an Object Lambda function",
}

# Writing operations whose name does not lead to the reading one.
TWINS = {
    "CreateBucket": "HeadBucket",
    "DeleteBucketLifecycle": "GetBucketLifecycleConfiguration",
    "UpdateBucketMetadataAnnotationTableConfiguration": "GetBucketMetadataConfiguration",
    "UpdateBucketMetadataInventoryTableConfiguration": "GetBucketMetadataConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration": "GetBucketMetadataConfiguration",
}

# What CreateBucket sets, for it has no twin that would tell all of it.
CREATED = {
    "ACL": "acl.canned",
    "CreateBucketConfiguration.LocationConstraint": "region",
    "CreateBucketConfiguration.Location.Type": "location_type",
    "CreateBucketConfiguration.Location.Name": "location_name",
    "CreateBucketConfiguration.Bucket.DataRedundancy": "data_redundancy",
    "CreateBucketConfiguration.Bucket.Type": "type",
    **_below("CreateBucketConfiguration.Tags", "tags", TAG),
    "Bucket": "name",
    **dict.fromkeys(
        ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"),
        "acl.grants.permission",
    ),
    "ObjectLockEnabledForBucket": "object_lock.enabled",
    "ObjectOwnership": "ownership.object_ownership",
    "BucketNamespace": "namespace",
}

VERBS = ("Get", "List", "Head")


def _on_buckets() -> list[str]:
    """Operations on a bucket, or on all of them, and not on one of its objects."""
    found = []
    for name in S3.operation_names:
        shape = S3.operation_model(name).input_shape
        members = shape.members if shape else {}
        if "Key" not in members:
            found.append(name)
    return found


READING = [name for name in _on_buckets() if name.startswith(VERBS)]
WRITING = [name for name in _on_buckets() if not name.startswith(VERBS)]


def _members(shape: Any, path: str = "") -> Iterator[str]:
    """Each member of an answer that has no members itself, its path in dots."""
    match shape.type_name:
        case "structure" if shape.members:
            for name, below in shape.members.items():
                yield from _members(below, f"{path}.{name}" if path else name)
        case "list":
            yield from _members(shape.member, path)
        case _:
            yield path


def _homes(operation: str) -> dict[str, str]:
    if operation in LISTS:
        listing, single, element = LISTS[operation]
        return {f"{listing}{path.removeprefix(element)}": home for path, home in HOMES[single].items()}
    return HOMES[operation]


def _sections(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections(inner)


def _has(cls: type[Any], path: str) -> bool:
    name, _, rest = path.partition(".")
    annotation = get_type_hints(cls).get(name)
    if annotation is None:
        return False
    return not rest or any(_has(section, rest) for section in _sections(annotation))


@pytest.mark.parametrize("operation", READING)
def test_what_an_answer_tells_has_a_home(operation: str) -> None:
    if operation in NO_CONFIGURATION:
        return
    assert operation in HOMES or operation in LISTS, f"{operation} has no home in the model"
    homeless = {**HOMELESS["*"], **HOMELESS.get(operation, {})}
    told = set(_members(S3.operation_model(operation).output_shape))
    homes = _homes(operation)
    assert told - set(homes) - set(homeless) == set(), f"members of {operation} have no home in the model"
    assert set(homes) <= told, f"{operation} tells no such thing"
    assert set(HOMELESS.get(operation, {})) <= told - set(homes), f"reasons for {operation} are idle"
    for home in homes.values():
        assert _has(Bucket, home.lstrip(".")), f"the model has no {home}"


@pytest.mark.parametrize("operation", WRITING)
def test_what_can_be_written_can_be_read(operation: str) -> None:
    if operation in NO_CONFIGURATION:
        return
    for verb in ("Put", "Delete", "Create"):
        guess = f"Get{operation.removeprefix(verb)}"
        if operation.startswith(verb) and guess in READING:
            return
    assert operation in TWINS, f"no reading operation is known for {operation}"
    assert TWINS[operation] in READING


def test_what_a_new_bucket_is_given_has_a_home() -> None:
    assert set(_members(S3.operation_model("CreateBucket").input_shape)) == set(CREATED)
    for home in CREATED.values():
        assert _has(Bucket, home), f"the model has no {home}"


def test_no_table_names_an_operation_that_is_gone() -> None:
    assert {*HOMES, *LISTS, *NO_CONFIGURATION, *TWINS} <= set(S3.operation_names)
