"""What AWS does when a setting is not written, with the date since when and the page that says so.

A field that may be None is None by default, and a list is empty; only what differs stands here. Classes are
named and not imported, so that asking for a default loads no room of the model.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.text import Text


class Default(msgspec.Struct, frozen=True):
    value: Any
    since: str = ""
    """For what was created since then; what is older keeps an older state."""
    source: str = ""
    """The page that says so."""


_DOCS = "https://docs.aws.amazon.com/"
_GUIDE = _DOCS + "AmazonS3/latest/userguide/"
_API = _DOCS + "AmazonS3/latest/API/API_"
_CFN = _DOCS + "AWSCloudFormation/latest/TemplateReference/aws-"
_ATTRIBUTE = _DOCS + "AWSCloudFormation/latest/UserGuide/aws-attribute-"
_TERRAFORM = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_NEW_BUCKETS = (
    "https://aws.amazon.com/blogs/aws/heads-up-amazon-s3-security-changes-are-coming-in-april-of-2023/"
)
_TABLE_MAINTENANCE = _GUIDE + "s3-tables-maintenance-overview.html"
_LOGGING = _GUIDE + "ServerLogs.html"

_FOUR_BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
_ROOT = Text(("/",))


def _cfn(value: object, page: str, since: str = "") -> Default:
    """Said on a page of CloudFormation's template reference."""
    return Default(value, since, f"{_CFN}{page}.html")


DEFAULTS: Mapping[str, Mapping[str, Default]] = {
    "Versioning": {
        "status": Default("Unversioned", source=_GUIDE + "Versioning.html"),
        "mfa_delete": Default("Disabled", source=_API + "GetBucketVersioning.html"),
    },
    "Encryption": {
        "algorithm": Default("AES256", "2023-01-05", _GUIDE + "default-encryption-faq.html"),
        "bucket_key": Default(False, source=_API + "ServerSideEncryptionRule.html"),
        "blocked_types": Default(("SSE-C",), "2026-04", _GUIDE + "default-s3-c-encryption-setting-faq.html"),
    },
    "PublicAccessBlock": dict.fromkeys(
        _FOUR_BLOCKS, Default(False, source=_TERRAFORM + "s3_bucket_public_access_block")
    ),
    "AccountPublicAccessBlock": dict.fromkeys(
        _FOUR_BLOCKS, Default(False, source=_TERRAFORM + "s3_account_public_access_block")
    ),
    "RequestPayment": {"payer": Default("BucketOwner", source=_GUIDE + "RequesterPaysBuckets.html")},
    "Abac": {"status": Default("Disabled", source=_GUIDE + "buckets-tagging-enable-abac.html")},
    "ObjectLock": dict.fromkeys(
        ("enabled", "at_creation"), Default(False, source=_GUIDE + "object-lock.html")
    ),
    "Acl": {"canned": Default("private", source=_GUIDE + "acl-overview.html")},
    "Logging": {
        "prefix": Default(Text(), source=_LOGGING),
        "partitioned": Default(False, source=_LOGGING),
    },
    "LifecycleRule": {
        "expired_delete_marker": Default(False, source=_API + "LifecycleExpiration.html"),
    },
    "Lifecycle": {
        "transition_minimum_size": Default(
            "all_storage_classes_128K",
            "2024-09",
            _GUIDE + "lifecycle-transition-general-considerations.html",
        ),
    },
    "Notification": {"event_bridge": Default(False, source=_GUIDE + "EventBridge.html")},
    "ReportDestination": {"sse_s3": Default(False, source=_API + "InventoryEncryption.html")},
    "Removal": {
        "force_destroy": Default(False, source=_TERRAFORM + "s3_bucket"),
        "deletion_policy": Default("Delete", source=_ATTRIBUTE + "deletionpolicy.html"),
        "update_replace_policy": Default("Delete", source=_ATTRIBUTE + "updatereplacepolicy.html"),
        "prevent_destroy": Default(
            False, source="https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle"
        ),
    },
    "Bucket": {"namespace": Default("global", source=_API + "CreateBucket.html")},
    "ObjectLambdaAccessPoint": {
        "cloudwatch_metrics": Default(False, source=_API + "control_ObjectLambdaConfiguration.html"),
    },
    "StorageLens": {
        "table_export": Default(False, source=_API + "control_StorageLensTableDestination.html"),
        "cloudwatch": Default(False, source=_API + "control_CloudWatchMetrics.html"),
    },
    "LensExport": {
        "sse_s3": Default(False, source=_API + "control_StorageLensDataExportEncryption.html"),
    },
    "TableBucket": {"metrics": _cfn("Disabled", "properties-s3tables-tablebucket-metricsconfiguration")},
    "FileRemoval": {"status": Default("Enabled", source=_TABLE_MAINTENANCE)},
    "Compaction": {"status": Default("Enabled", source=_TABLE_MAINTENANCE)},
    "SnapshotManagement": {"status": Default("Enabled", source=_TABLE_MAINTENANCE)},
    "OutpostsEndpoint": {"access_type": _cfn("Private", "resource-s3outposts-endpoint")},
    "Distribution": {
        "staging": Default(False, source=_DOCS + "cloudfront/latest/APIReference/API_DistributionConfig.html")
    },
    "DistributionLogging": {"cookies": _cfn(False, "properties-cloudfront-distribution-logging")},
    "ViewerCertificate": {"default": _cfn(False, "properties-cloudfront-distribution-viewercertificate")},
    "CustomOrigin": {
        "http_port": _cfn(80, "properties-cloudfront-distribution-customoriginconfig"),
        "https_port": _cfn(443, "properties-cloudfront-distribution-customoriginconfig"),
    },
    "Role": {
        "path": _cfn(_ROOT, "resource-iam-role"),
        "max_session_duration": _cfn(3600, "resource-iam-role"),
    },
    "User": {"path": _cfn(_ROOT, "resource-iam-user")},
    "Group": {"path": _cfn(_ROOT, "resource-iam-group")},
    "ManagedPolicy": {"path": _cfn(_ROOT, "resource-iam-managedpolicy")},
    "AccessKey": {"status": _cfn("Active", "resource-iam-accesskey")},
    "KmsKey": {
        "enabled": _cfn(True, "resource-kms-key"),
        "rotation": _cfn(False, "resource-kms-key"),
        "spec": _cfn("SYMMETRIC_DEFAULT", "resource-kms-key"),
        "usage": _cfn("ENCRYPT_DECRYPT", "resource-kms-key"),
        "key_origin": _cfn("AWS_KMS", "resource-kms-key"),
        "multi_region": _cfn(False, "resource-kms-key"),
    },
    "Trail": {
        "multi_region": _cfn(False, "resource-cloudtrail-trail"),
        "organization": _cfn(False, "resource-cloudtrail-trail"),
        "file_validation": _cfn(False, "resource-cloudtrail-trail"),
    },
    "EventSelector": {
        "read_write": _cfn("All", "properties-cloudtrail-trail-eventselector"),
        "management_events": _cfn(True, "properties-cloudtrail-trail-eventselector"),
    },
    "EventDataStore": {"ingestion": _cfn(True, "resource-cloudtrail-eventdatastore")},
    "Alarm": {"actions_enabled": _cfn(True, "resource-cloudwatch-alarm")},
    "EventRule": {
        "state": _cfn("ENABLED", "resource-events-rule"),
        "bus": _cfn(Text(("default",)), "resource-events-rule"),
    },
    "VpcEndpoint": {
        "type": _cfn("Gateway", "resource-ec2-vpcendpoint"),
        "private_dns": _cfn(False, "resource-ec2-vpcendpoint"),
    },
    "Topic": {"fifo": _cfn(False, "resource-sns-topic")},
    "Queue": {
        "managed_sse": _cfn(True, "resource-sqs-queue", "2022-10"),
        "fifo": _cfn(False, "resource-sqs-queue"),
    },
    "Function": {"recursive_loop": _cfn("Terminate", "resource-lambda-function")},
    "LoadBalancer": {
        "type": _cfn("application", "resource-elasticloadbalancingv2-loadbalancer"),
        "access_logs": _cfn(False, "properties-elasticloadbalancingv2-loadbalancer-loadbalancerattribute"),
        "connection_logs": _cfn(
            False, "properties-elasticloadbalancingv2-loadbalancer-loadbalancerattribute"
        ),
    },
    "BackupRule": {
        "continuous": Default(False, source=_DOCS + "aws-backup/latest/devguide/API_BackupRuleInput.html"),
    },
    "MacieSession": {"status": _cfn("ENABLED", "resource-macie-session")},
    "S3Object": {"sampled": Default(False)},
}
"""The setting is left out of a section that is written."""

ABSENT: Mapping[str, Mapping[str, Default]] = {
    "PublicAccessBlock": dict.fromkeys(_FOUR_BLOCKS, Default(True, "2023-04", _NEW_BUCKETS)),
    "AccessPointPublicAccessBlock": dict.fromkeys(
        _FOUR_BLOCKS, Default(True, source=_GUIDE + "access-points-bpa-settings.html")
    ),
    "Ownership": {
        "object_ownership": Default("BucketOwnerEnforced", "2023-04", _GUIDE + "about-object-ownership.html")
    },
    "ViewerCertificate": {"default": _cfn(True, "properties-cloudfront-distribution-viewercertificate")},
}
"""The section is not written at all; where nothing stands here, DEFAULTS holds."""

_NONE = Default(None)
_NO_ELEMENT = Default(())


def default_of(cls: type[Any], field: str, section_written: bool = True) -> Default | None:
    """What AWS does when this field is not written.

    None where there is no default: it must be written, AWS makes it up, or no documentation tells.
    """
    name = cls.__name__
    if not section_written and (found := ABSENT.get(name, {}).get(field)) is not None:
        return found
    if (found := DEFAULTS.get(name, {}).get(field)) is not None:
        return found
    declared = _annotation(cls, field)
    if declared.startswith("Listed["):
        return _NO_ELEMENT
    return _NONE if declared.endswith("| None]") else None


def _annotation(cls: type[Any], field: str) -> str:
    """As the model writes it: it keeps its annotations as text."""
    return next(str(found) for c in cls.__mro__ if (found := getattr(c, "__annotations__", {}).get(field)))
