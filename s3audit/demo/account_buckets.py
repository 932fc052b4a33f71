"""The buckets of the demo account: how each was made, and what was put to it since."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

ACCOUNT = "123456789012"
PARTNER = "444455556666"
MAIN, SECOND = "eu-west-1", "us-east-1"
KEY = f"arn:aws:kms:{MAIN}:{ACCOUNT}:key/5f1c2a7e-90d4-4b63-8a52-1d0e7c9b3f46"
DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E2HAZELWICKWEB"
TRAIL = f"arn:aws:cloudtrail:{MAIN}:{ACCOUNT}:trail/hazelwick"
REPLICATION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/hazelwick-replication"
THUMBNAILS = f"arn:aws:lambda:{MAIN}:{ACCOUNT}:function:hazelwick-thumbnails"


class Made(msgspec.Struct, frozen=True):
    region: str
    created: str
    puts: Mapping[str, Mapping[str, Any]] = {}
    is_old: bool = False


def _policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)}


def _both(bucket: str) -> list[str]:
    return [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


def _https_only(bucket: str) -> dict[str, Any]:
    return {
        "Sid": "HttpsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": _both(bucket),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _service(bucket: str, service: str, action: str, under: str, source: str) -> dict[str, Any]:
    """A service of AWS may do one thing on behalf of one resource."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}{under}",
        "Condition": {"StringEquals": {"aws:SourceArn": source}},
    }


def _tags(**tags: str) -> dict[str, Any]:
    return {"Tagging": {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}}


def _versioning(status: str) -> dict[str, Any]:
    return {"VersioningConfiguration": {"Status": status}}


def _logs_to(bucket: str, prefix: str) -> dict[str, Any]:
    return {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": prefix}}}


def _kms(key: str) -> dict[str, Any]:
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def _expires(days: int, **more: Any) -> dict[str, Any]:
    rule = {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}
    return {"LifecycleConfiguration": {"Rules": [{**rule, **more}]}}


_OPEN = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)
_ABORT = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}

_WEB, _PRESS, _LOGS = "hazelwick-web", "hazelwick-press-2019", "hazelwick-access-logs"
_LAKE, _ORDERS, _REPLICA = "hazelwick-data-lake", "hazelwick-orders", "hazelwick-orders-replica"
_BACKUPS, _STATE, _AUDIT = "hazelwick-backups", "hazelwick-terraform-state", "hazelwick-cloudtrail"
_UPLOADS, _EXCHANGE, _PAYROLL = "hazelwick-uploads", "hazelwick-partner-exchange", "hazelwick-payroll"

BUCKETS: dict[str, Made] = {
    # The shop front: private, and read by CloudFront alone.
    _WEB: Made(
        MAIN,
        "2024-03-11T09:12:44Z",
        {
            "PutBucketPolicy": _policy(
                _https_only(_WEB),
                {
                    "Sid": "Web",
                    **_service(_WEB, "cloudfront.amazonaws.com", "s3:GetObject", "/*", DISTRIBUTION),
                },
            ),
            "PutBucketVersioning": _versioning("Enabled"),
            "PutBucketLogging": _logs_to(_LOGS, "web/"),
            "PutBucketTagging": _tags(team="web", stage="production"),
        },
    ),
    # The old press kit, which everybody has forgotten and anybody can read.
    _PRESS: Made(
        SECOND,
        "2019-05-02T14:03:10Z",
        {
            "PutBucketAcl": {"ACL": "public-read"},
            "PutBucketPolicy": _policy(
                {
                    "Sid": "PublicRead",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": ["s3:GetObject", "s3:ListBucket"],
                    "Resource": _both(_PRESS),
                }
            ),
            "PutBucketWebsite": {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}}},
        },
        is_old=True,
    ),
    # Logs about the log bucket go to the log bucket.
    _LOGS: Made(
        MAIN,
        "2024-03-11T09:01:02Z",
        {
            "PutBucketPolicy": _policy(
                {
                    "Sid": "Delivery",
                    "Effect": "Allow",
                    "Principal": {"Service": "logging.s3.amazonaws.com"},
                    "Action": "s3:PutObject",
                    "Resource": f"arn:aws:s3:::{_LOGS}/*",
                    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                }
            ),
            "PutBucketLogging": _logs_to(_LOGS, "self/"),
            "PutBucketLifecycleConfiguration": _expires(400),
        },
    ),
    _LAKE: Made(
        MAIN,
        "2024-06-20T07:45:00Z",
        {
            "PutBucketEncryption": _kms(KEY),
            "PutBucketVersioning": _versioning("Enabled"),
            "PutBucketLogging": _logs_to(_LOGS, "data-lake/"),
            "PutBucketPolicy": _policy(_https_only(_LAKE)),
            "PutBucketLifecycleConfiguration": {
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "ID": "raw",
                            "Status": "Enabled",
                            "Filter": {"Prefix": "raw/"},
                            "Transitions": [{"Days": 90, "StorageClass": "INTELLIGENT_TIERING"}],
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                            **_ABORT,
                        }
                    ]
                }
            },
            "PutBucketInventoryConfiguration": {
                "Id": "weekly",
                "InventoryConfiguration": {
                    "Id": "weekly",
                    "IsEnabled": True,
                    "IncludedObjectVersions": "All",
                    "OptionalFields": ["Size", "StorageClass", "EncryptionStatus"],
                    "Schedule": {"Frequency": "Weekly"},
                    "Destination": {
                        "S3BucketDestination": {
                            "AccountId": ACCOUNT,
                            "Bucket": f"arn:aws:s3:::{_LOGS}",
                            "Format": "Parquet",
                            "Prefix": "inventory",
                        }
                    },
                },
            },
            "PutBucketNotificationConfiguration": {
                "NotificationConfiguration": {"EventBridgeConfiguration": {}}
            },
            "PutBucketTagging": _tags(team="data", data="confidential"),
        },
    ),
    # Copied to another region, but not what is deleted there, and not encrypted objects.
    _ORDERS: Made(
        MAIN,
        "2023-09-14T11:20:31Z",
        {
            "PutBucketVersioning": _versioning("Enabled"),
            "PutBucketLogging": _logs_to(_LOGS, "orders/"),
            "PutBucketReplication": {
                "ReplicationConfiguration": {
                    "Role": REPLICATION_ROLE,
                    "Rules": [
                        {
                            "ID": "all",
                            "Priority": 1,
                            "Status": "Enabled",
                            "Filter": {},
                            "DeleteMarkerReplication": {"Status": "Disabled"},
                            "Destination": {"Bucket": f"arn:aws:s3:::{_REPLICA}"},
                        }
                    ],
                }
            },
            "PutBucketPolicy": _policy(_https_only(_ORDERS)),
            "PutBucketTagging": _tags(team="shop", data="confidential"),
        },
    ),
    _REPLICA: Made(
        SECOND,
        "2023-09-14T11:26:12Z",
        {"PutBucketVersioning": _versioning("Enabled"), "PutBucketTagging": _tags(team="shop")},
    ),
    # Locked, in the mode that whoever has the permission can undo.
    _BACKUPS: Made(
        MAIN,
        "2024-01-08T16:40:05Z",
        {
            "PutBucketVersioning": _versioning("Enabled"),
            "PutObjectLockConfiguration": {
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 35}},
                }
            },
            "PutBucketEncryption": _kms(KEY),
            "PutBucketPolicy": _policy(_https_only(_BACKUPS)),
            "PutBucketLogging": _logs_to(_LOGS, "backups/"),
            "PutBucketTagging": _tags(team="platform"),
        },
    ),
    # Its versioning was suspended for a clean-up, years ago.
    _STATE: Made(
        MAIN,
        "2021-11-30T10:00:00Z",
        {
            "PutBucketVersioning": _versioning("Suspended"),
            "PutPublicAccessBlock": {
                "PublicAccessBlockConfiguration": {**_OPEN, "BlockPublicAcls": True, "IgnorePublicAcls": True}
            },
            "PutBucketPolicy": _policy(
                {
                    "Sid": "Contractor",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"},
                    "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                    "Resource": f"arn:aws:s3:::{_STATE}/*",
                }
            ),
        },
        is_old=True,
    ),
    _AUDIT: Made(
        MAIN,
        "2022-02-01T08:00:00Z",
        {
            "PutBucketVersioning": _versioning("Enabled"),
            "PutBucketPolicy": _policy(
                {
                    "Sid": "Check",
                    **_service(_AUDIT, "cloudtrail.amazonaws.com", "s3:GetBucketAcl", "", TRAIL),
                },
                {
                    "Sid": "Write",
                    **_service(
                        _AUDIT, "cloudtrail.amazonaws.com", "s3:PutObject", f"/AWSLogs/{ACCOUNT}/*", TRAIL
                    ),
                },
            ),
            "PutBucketTagging": _tags(team="platform"),
        },
    ),
    # Customers' pictures: any web site may send them, and what was never completed stays.
    _UPLOADS: Made(
        MAIN,
        "2024-10-02T13:37:00Z",
        {
            "PutBucketCors": {
                "CORSConfiguration": {
                    "CORSRules": [
                        {
                            "AllowedHeaders": ["*"],
                            "AllowedMethods": ["GET", "PUT", "POST", "DELETE"],
                            "AllowedOrigins": ["*"],
                            "MaxAgeSeconds": 3000,
                        }
                    ]
                }
            },
            "PutBucketNotificationConfiguration": {
                "NotificationConfiguration": {
                    "LambdaFunctionConfigurations": [
                        {
                            "Id": "thumbnails",
                            "LambdaFunctionArn": THUMBNAILS,
                            "Events": ["s3:ObjectCreated:*"],
                            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "originals/"}]}},
                        }
                    ]
                }
            },
            "PutBucketAccelerateConfiguration": {"AccelerateConfiguration": {"Status": "Enabled"}},
            "PutBucketTagging": _tags(team="web"),
        },
    ),
    # Access is left to its access point.
    _EXCHANGE: Made(
        MAIN,
        "2025-02-17T15:05:59Z",
        {
            "PutBucketPolicy": _policy(
                _https_only(_EXCHANGE),
                {
                    "Sid": "Points",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": "s3:*",
                    "Resource": _both(_EXCHANGE),
                    "Condition": {"StringEquals": {"s3:DataAccessPointAccount": ACCOUNT}},
                },
            ),
            "PutBucketVersioning": _versioning("Enabled"),
            "PutBucketLogging": _logs_to(_LOGS, "exchange/"),
        },
    ),
    # Auditors may not look at everything here.
    _PAYROLL: Made(
        MAIN,
        "2023-05-22T06:30:00Z",
        {
            "PutBucketVersioning": _versioning("Enabled"),
            "PutBucketEncryption": _kms(KEY),
            "PutBucketPolicy": _policy(
                {
                    "Sid": "OnlyPayroll",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": ["s3:GetBucketPolicy", "s3:GetEncryptionConfiguration"],
                    "Resource": f"arn:aws:s3:::{_PAYROLL}",
                    "Condition": {
                        "ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/payroll-*"}
                    },
                }
            ),
            "PutBucketTagging": _tags(team="people", data="confidential"),
        },
    ),
}
