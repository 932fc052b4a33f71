"""The configurations of a bucket: by which calls each is put, got and deleted, and what S3 says where there is none."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Configuration(NamedTuple):
    put: str
    member: str
    """Of the request: what is kept. Where the answer has a member of this name too, it stands there again."""
    delete: str = ""
    absent: str = ""
    """The error where there is none; without one, the answer has nothing in it."""
    message: str = ""
    header: str = ""
    """A parameter beside it that is kept too."""
    default: Mapping[str, Any] = {}


class Listed(NamedTuple):
    """A configuration of which there are several, each with an id."""

    put: str
    member: str
    delete: str
    listing: str
    absent: str = "NoSuchConfiguration"


SINGLE: dict[str, Configuration] = {
    "GetBucketAbac": Configuration("PutBucketAbac", "AbacStatus", default={"Status": "Disabled"}),
    "GetBucketAccelerateConfiguration": Configuration(
        "PutBucketAccelerateConfiguration", "AccelerateConfiguration"
    ),
    "GetBucketCors": Configuration(
        "PutBucketCors",
        "CORSConfiguration",
        "DeleteBucketCors",
        "NoSuchCORSConfiguration",
        "The CORS configuration does not exist",
    ),
    "GetBucketEncryption": Configuration(
        "PutBucketEncryption",
        "ServerSideEncryptionConfiguration",
        "DeleteBucketEncryption",
        "ServerSideEncryptionConfigurationNotFoundError",
        "The server side encryption configuration was not found",
    ),
    "GetBucketLifecycleConfiguration": Configuration(
        "PutBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        "DeleteBucketLifecycle",
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
        header="TransitionDefaultMinimumObjectSize",
    ),
    "GetBucketLogging": Configuration("PutBucketLogging", "BucketLoggingStatus"),
    "GetBucketNotificationConfiguration": Configuration(
        "PutBucketNotificationConfiguration", "NotificationConfiguration"
    ),
    "GetBucketOwnershipControls": Configuration(
        "PutBucketOwnershipControls",
        "OwnershipControls",
        "DeleteBucketOwnershipControls",
        "OwnershipControlsNotFoundError",
        "The bucket ownership controls were not found",
    ),
    "GetBucketPolicy": Configuration(
        "PutBucketPolicy",
        "Policy",
        "DeleteBucketPolicy",
        "NoSuchBucketPolicy",
        "The bucket policy does not exist",
    ),
    "GetBucketReplication": Configuration(
        "PutBucketReplication",
        "ReplicationConfiguration",
        "DeleteBucketReplication",
        "ReplicationConfigurationNotFoundError",
        "The replication configuration was not found",
    ),
    "GetBucketRequestPayment": Configuration(
        "PutBucketRequestPayment", "RequestPaymentConfiguration", default={"Payer": "BucketOwner"}
    ),
    "GetBucketTagging": Configuration(
        "PutBucketTagging", "Tagging", "DeleteBucketTagging", "NoSuchTagSet", "The TagSet does not exist"
    ),
    "GetBucketVersioning": Configuration("PutBucketVersioning", "VersioningConfiguration"),
    "GetBucketWebsite": Configuration(
        "PutBucketWebsite",
        "WebsiteConfiguration",
        "DeleteBucketWebsite",
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
    ),
    "GetObjectLockConfiguration": Configuration(
        "PutObjectLockConfiguration",
        "ObjectLockConfiguration",
        absent="ObjectLockConfigurationNotFoundError",
        message="Object Lock configuration does not exist for this bucket",
    ),
    "GetPublicAccessBlock": Configuration(
        "PutPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        "DeletePublicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
    ),
}
"""By the call that gets it."""

LISTED: dict[str, Listed] = {
    f"GetBucket{name}Configuration": Listed(
        f"PutBucket{name}Configuration",
        f"{name}Configuration",
        f"DeleteBucket{name}Configuration",
        f"ListBucket{name}Configurations",
    )
    for name in ("Analytics", "IntelligentTiering", "Inventory", "Metrics")
}
"""By the call that gets one of them."""

DIRECTORY = frozenset(
    {
        "GetBucketEncryption",
        "GetBucketInventoryConfiguration",
        "GetBucketLifecycleConfiguration",
        "GetBucketMetricsConfiguration",
        "GetBucketPolicy",
    }
)
"""What a directory bucket has too."""
