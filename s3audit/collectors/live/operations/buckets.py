"""The calls that tell about one bucket."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages

_BUCKETS = "arn:{partition}:s3:::*"
_OFF = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)


def _of_bucket(name: str, action: str, tells: str, **more: Any) -> Operation:
    return Operation(
        service="s3",
        name=name,
        action=f"s3:{action}",
        tells=tells,
        resource=_BUCKETS,
        gone=("NoSuchBucket",),
        **more,
    )


def _listing(name: str, action: str, tells: str, items: str, *root: str, directory: str = "") -> Operation:
    return _of_bucket(
        name,
        action,
        tells,
        root=root,
        directory=directory,
        pages=Pages((items,), "NextContinuationToken", "ContinuationToken"),
    )


VERSIONING = _of_bucket(
    "GetBucketVersioning",
    "GetBucketVersioning",
    "versioning and MFA delete",
    root=("VersioningConfiguration",),
)
OWNERSHIP = _of_bucket(
    "GetBucketOwnershipControls",
    "GetBucketOwnershipControls",
    "whether ACLs are off",
    root=("OwnershipControls",),
    absent=("OwnershipControlsNotFoundError",),
    # A bucket from before there were ownership controls: whoever writes an object owns it.
    means={"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
)
POLICY = _of_bucket(
    "GetBucketPolicy",
    "GetBucketPolicy",
    "the bucket policy",
    directory="s3express:GetBucketPolicy",
    in_json="Policy",
    absent=("NoSuchBucketPolicy",),
)
POLICY_STATUS = _of_bucket(
    "GetBucketPolicyStatus",
    "GetBucketPolicyStatus",
    "whether AWS takes the policy for public",
    root=("PolicyStatus",),
    absent=("NoSuchBucketPolicy",),
)
ENCRYPTION = _of_bucket(
    "GetBucketEncryption",
    "GetEncryptionConfiguration",
    "default encryption",
    directory="s3express:GetEncryptionConfiguration",
    root=("ServerSideEncryptionConfiguration",),
    absent=("ServerSideEncryptionConfigurationNotFoundError",),
    # AWS encrypts all since 2023 and answers so; a store that says this does not.
    means={
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "NONE"}}]
        }
    },
)
PUBLIC_ACCESS_BLOCK = _of_bucket(
    "GetPublicAccessBlock",
    "GetBucketPublicAccessBlock",
    "Block Public Access",
    root=("PublicAccessBlockConfiguration",),
    absent=("NoSuchPublicAccessBlockConfiguration",),
    means={"PublicAccessBlockConfiguration": _OFF},
)
ACL = _of_bucket("GetBucketAcl", "GetBucketAcl", "the ACL", root=("AccessControlPolicy",))
OBJECT_LOCK = _of_bucket(
    "GetObjectLockConfiguration",
    "GetBucketObjectLockConfiguration",
    "Object Lock",
    root=("ObjectLockConfiguration",),
    absent=("ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"),
)
LOGGING = _of_bucket(
    "GetBucketLogging", "GetBucketLogging", "server access logging", root=("BucketLoggingStatus",)
)
REPLICATION = _of_bucket(
    "GetBucketReplication",
    "GetReplicationConfiguration",
    "replication",
    root=("ReplicationConfiguration",),
    absent=("ReplicationConfigurationNotFoundError",),
)
LIFECYCLE = _of_bucket(
    "GetBucketLifecycleConfiguration",
    "GetLifecycleConfiguration",
    "lifecycle rules",
    directory="s3express:GetLifecycleConfiguration",
    root=("LifecycleConfiguration",),
    wrapped="LifecycleConfiguration",
    absent=("NoSuchLifecycleConfiguration",),
)
CORS = _of_bucket(
    "GetBucketCors",
    "GetBucketCORS",
    "CORS rules",
    root=("CORSConfiguration",),
    wrapped="CORSConfiguration",
    absent=("NoSuchCORSConfiguration",),
)
WEBSITE = _of_bucket(
    "GetBucketWebsite",
    "GetBucketWebsite",
    "website hosting",
    root=("WebsiteConfiguration",),
    wrapped="WebsiteConfiguration",
    absent=("NoSuchWebsiteConfiguration",),
)
NOTIFICATION = _of_bucket(
    "GetBucketNotificationConfiguration",
    "GetBucketNotification",
    "event notifications",
    root=("NotificationConfiguration",),
    wrapped="NotificationConfiguration",
    empty_is_absent=True,
)
ACCELERATION = _of_bucket(
    "GetBucketAccelerateConfiguration",
    "GetAccelerateConfiguration",
    "transfer acceleration",
    root=("AccelerateConfiguration",),
    no_such=("UnsupportedArgument", "MethodNotAllowed"),
)
REQUEST_PAYMENT = _of_bucket(
    "GetBucketRequestPayment",
    "GetBucketRequestPayment",
    "who pays for requests",
    root=("RequestPaymentConfiguration",),
)
TAGGING = _of_bucket(
    "GetBucketTagging",
    "GetBucketTagging",
    "tags",
    root=("Tagging",),
    absent=("NoSuchTagSet", "NoSuchTagSetError"),
)
INVENTORY = _listing(
    "ListBucketInventoryConfigurations",
    "GetInventoryConfiguration",
    "inventories",
    "InventoryConfigurationList",
    "ListInventoryConfigurationsResult",
    directory="s3express:GetInventoryConfiguration",
)
METRICS = _listing(
    "ListBucketMetricsConfigurations",
    "GetMetricsConfiguration",
    "request metrics",
    "MetricsConfigurationList",
    "ListMetricsConfigurationsResult",
    directory="s3express:GetMetricsConfiguration",
)
ANALYTICS = _listing(
    "ListBucketAnalyticsConfigurations",
    "GetAnalyticsConfiguration",
    "storage class analysis",
    "AnalyticsConfigurationList",
    "ListBucketAnalyticsConfigurationResult",
    "ListBucketAnalyticsConfigurationsResult",
)
INTELLIGENT_TIERING = _listing(
    "ListBucketIntelligentTieringConfigurations",
    "GetIntelligentTieringConfiguration",
    "Intelligent-Tiering",
    "IntelligentTieringConfigurationList",
    "ListBucketIntelligentTieringConfigurationsOutput",
    "ListBucketIntelligentTieringConfigurationsResult",
)
METADATA = _of_bucket(
    "GetBucketMetadataConfiguration",
    "GetBucketMetadataTableConfiguration",
    "S3 Metadata",
    root=("GetBucketMetadataConfigurationResult",),
    absent=("MetadataConfigurationNotFound",),
)
METADATA_V1 = _of_bucket(
    "GetBucketMetadataTableConfiguration",
    "GetBucketMetadataTableConfiguration",
    "S3 Metadata in its first form",
    root=("GetBucketMetadataTableConfigurationResult",),
    absent=("MetadataConfigurationNotFound",),
    # So it says that the configuration is of the second form.
    no_such=("MethodNotAllowed",),
)
ABAC = _of_bucket("GetBucketAbac", "GetBucketAbac", "whether tags count in policies", root=("AbacStatus",))
UPLOADS = _of_bucket(
    "ListMultipartUploads",
    "ListBucketMultipartUploads",
    "uploads that were never completed",
    root=("ListMultipartUploadsResult",),
    pages=Pages(
        ("Uploads",),
        "NextKeyMarker",
        "KeyMarker",
        ("MaxUploads", 1_000),
        (("NextUploadIdMarker", "UploadIdMarker"),),
    ),
    optional="uploads",
)

OF_BUCKETS: tuple[Operation, ...] = (
    VERSIONING,
    OWNERSHIP,
    POLICY,
    POLICY_STATUS,
    ENCRYPTION,
    PUBLIC_ACCESS_BLOCK,
    ACL,
    OBJECT_LOCK,
    LOGGING,
    REPLICATION,
    LIFECYCLE,
    CORS,
    WEBSITE,
    NOTIFICATION,
    ACCELERATION,
    REQUEST_PAYMENT,
    TAGGING,
    INVENTORY,
    METRICS,
    ANALYTICS,
    INTELLIGENT_TIERING,
    METADATA,
    METADATA_V1,
    ABAC,
)
"""In the order in which they are asked: what makes another one needless comes first."""
