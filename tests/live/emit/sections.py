"""The configurations of a bucket as the calls that put them: one function for each section."""

from collections.abc import Callable
from typing import Any

from s3audit.model.acl import Grant
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket, CorsRule
from s3audit.model.lifecycle import LifecycleRule, NoncurrentTransition, Transition
from s3audit.model.notification import NotificationRule
from s3audit.model.website import RedirectAll, RoutingRule
from s3audit.setting import Listed, Unset
from tests.live.emit.names import Names
from tests.live.emit.replication import replication
from tests.live.emit.reports import REPORTS
from tests.live.emit.values import UntoldError, fields, items, told

Put = tuple[str, dict[str, Any]]
"""A call and its parameters, without the bucket."""


def tags_of(names: Names, tags: Listed[Tag]) -> list[dict[str, str]]:
    return items(tags, lambda tag: {"Key": names.text(tag.key), "Value": names.text(tag.value)})


def _versioning(names: Names, b: Bucket) -> list[Put]:
    status, mfa = told(b.versioning.status), told(b.versioning.mfa_delete)
    if status == "Unversioned" and mfa == "Disabled":
        return []
    if status == "Unversioned":
        raise UntoldError("MFA delete without versioning")
    return [
        (
            "PutBucketVersioning",
            {"VersioningConfiguration": {"Status": status, "MFADelete": mfa}},
        )
    ]


def _encryption(names: Names, b: Bucket) -> list[Put]:
    encryption = b.encryption
    blocked = items(encryption.blocked_types)
    if names.is_elsewhere(encryption.kms_key):
        raise UntoldError("the key is declared elsewhere")
    rule = fields(
        ApplyServerSideEncryptionByDefault=fields(
            SSEAlgorithm=told(encryption.algorithm), KMSMasterKeyID=names.text(encryption.kms_key)
        ),
        BucketKeyEnabled=told(encryption.bucket_key),
        BlockedEncryptionTypes={"EncryptionType": blocked} if blocked else None,
    )
    return [("PutBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}})]


def _public_access_block(names: Names, b: Bucket) -> list[Put]:
    block = b.public_access_block
    if is_from_before(b):
        return [("DeletePublicAccessBlock", {})]
    flags = {
        "BlockPublicAcls": told(block.block_public_acls),
        "IgnorePublicAcls": told(block.ignore_public_acls),
        "BlockPublicPolicy": told(block.block_public_policy),
        "RestrictPublicBuckets": told(block.restrict_public_buckets),
    }
    return [("PutPublicAccessBlock", {"PublicAccessBlockConfiguration": flags})]


def is_from_before(b: Bucket) -> bool:
    """Whether nobody says anything of Block Public Access: then the bucket may be older than its default."""
    block = b.public_access_block
    flags = (
        block.block_public_acls,
        block.ignore_public_acls,
        block.block_public_policy,
        block.restrict_public_buckets,
    )
    return all(isinstance(flag, Unset) and flag.since for flag in flags)


def _ownership(names: Names, b: Bucket) -> list[Put]:
    rule = {"ObjectOwnership": told(b.ownership.object_ownership)}
    return [("PutBucketOwnershipControls", {"OwnershipControls": {"Rules": [rule]}})]


def _acl(names: Names, b: Bucket) -> list[Put]:
    canned, grants = told(b.acl.canned), items(b.acl.grants, lambda grant: grant_of(names, grant))
    if grants and canned not in (None, "private"):
        raise UntoldError("a canned ACL and grants beside it")
    if grants:
        owner = names.text(b.acl.owner) or names.account
        return [("PutBucketAcl", {"AccessControlPolicy": {"Owner": {"ID": owner}, "Grants": grants}})]
    return [("PutBucketAcl", {"ACL": canned})] if canned else []


def grant_of(names: Names, grant: Grant) -> dict[str, Any]:
    grantee = fields(
        Type=told(grant.type),
        ID=names.text(grant.id),
        URI=names.text(grant.uri),
        EmailAddress=names.text(grant.email),
        DisplayName=names.text(grant.display_name),
    )
    return {"Grantee": grantee, "Permission": told(grant.permission)}


def _object_lock(names: Names, b: Bucket) -> list[Put]:
    lock = b.object_lock
    if not told(lock.enabled):
        return []
    retention = fields(
        Mode=told(lock.mode),
        Days=told(lock.days),
        Years=told(lock.years),
        DefaultEventHold=fields(Days=told(lock.event_hold_days), Years=told(lock.event_hold_years)) or None,
    )
    made = fields(ObjectLockEnabled="Enabled", Rule={"DefaultRetention": retention} if retention else None)
    return [("PutObjectLockConfiguration", {"ObjectLockConfiguration": made})]


def _acceleration(names: Names, b: Bucket) -> list[Put]:
    status = told(b.acceleration.status)
    put = ("PutBucketAccelerateConfiguration", {"AccelerateConfiguration": {"Status": status}})
    return [put] if status else []


def _request_payment(names: Names, b: Bucket) -> list[Put]:
    payer = {"Payer": told(b.request_payment.payer)}
    return [("PutBucketRequestPayment", {"RequestPaymentConfiguration": payer})]


def _abac(names: Names, b: Bucket) -> list[Put]:
    return [("PutBucketAbac", {"AbacStatus": {"Status": told(b.abac.status)}})]


def _logging(names: Names, b: Bucket) -> list[Put]:
    logging = told(b.logging)
    if logging is None:
        return []
    source = told(logging.partition_date_source)
    partitioned = (
        {"PartitionedPrefix": fields(PartitionDateSource=source)} if told(logging.partitioned) else None
    )
    made = fields(
        TargetBucket=names.text(logging.target),
        TargetPrefix=names.text(logging.prefix),
        TargetGrants=items(logging.grants, lambda grant: grant_of(names, grant)),
        TargetObjectKeyFormat=partitioned,
    )
    return [("PutBucketLogging", {"BucketLoggingStatus": {"LoggingEnabled": made}})]


def _cors(names: Names, b: Bucket) -> list[Put]:
    cors = told(b.cors)
    if cors is None:
        return []
    rules = items(cors.rules, lambda rule: _cors_rule(names, rule))
    return [("PutBucketCors", {"CORSConfiguration": {"CORSRules": rules}})]


def _cors_rule(names: Names, rule: CorsRule) -> dict[str, Any]:
    return fields(
        ID=names.text(rule.id),
        AllowedOrigins=items(rule.allowed_origins, names.said),
        AllowedMethods=items(rule.allowed_methods),
        AllowedHeaders=items(rule.allowed_headers, names.said),
        ExposeHeaders=items(rule.exposed_headers, names.said),
        MaxAgeSeconds=told(rule.max_age),
    )


def _lifecycle(names: Names, b: Bucket) -> list[Put]:
    lifecycle = told(b.lifecycle)
    if lifecycle is None:
        return []
    rules = items(lifecycle.rules, lambda rule: _lifecycle_rule(names, rule))
    size = told(lifecycle.transition_minimum_size)
    made = fields(LifecycleConfiguration={"Rules": rules}, TransitionDefaultMinimumObjectSize=size)
    return [("PutBucketLifecycleConfiguration", made)]


def _lifecycle_rule(names: Names, rule: LifecycleRule) -> dict[str, Any]:
    expiration = fields(
        Days=told(rule.expiration_days),
        Date=names.text(rule.expiration_date),
        ExpiredObjectDeleteMarker=told(rule.expired_delete_marker) or None,
    )
    noncurrent = fields(
        NoncurrentDays=told(rule.noncurrent_days),
        NewerNoncurrentVersions=told(rule.noncurrent_newer_versions),
    )
    abort = told(rule.abort_multipart_days)
    return fields(
        ID=names.text(rule.id),
        Status=told(rule.status),
        Filter=_filter(names, rule),
        Expiration=expiration or None,
        NoncurrentVersionExpiration=noncurrent or None,
        Transitions=items(rule.transitions, lambda one: _transition(names, one)),
        NoncurrentVersionTransitions=items(rule.noncurrent_transitions, _noncurrent_transition),
        AbortIncompleteMultipartUpload=None if abort is None else {"DaysAfterInitiation": abort},
    )


def _filter(names: Names, rule: LifecycleRule) -> dict[str, Any]:
    tags = tags_of(names, rule.tags)
    told_of = fields(
        Prefix=names.text(rule.prefix),
        Tags=tags,
        ObjectSizeGreaterThan=told(rule.size_greater_than),
        ObjectSizeLessThan=told(rule.size_less_than),
    )
    if len(told_of) > 1 or len(tags) > 1:
        return {"And": told_of}
    return {"Tag": tags[0]} if tags else told_of


def _transition(names: Names, one: Transition) -> dict[str, Any]:
    return fields(StorageClass=told(one.storage_class), Days=told(one.days), Date=names.text(one.date))


def _noncurrent_transition(one: NoncurrentTransition) -> dict[str, Any]:
    return fields(
        StorageClass=told(one.storage_class),
        NoncurrentDays=told(one.days),
        NewerNoncurrentVersions=told(one.newer_versions),
    )


def _website(names: Names, b: Bucket) -> list[Put]:
    website = told(b.website)
    if website is None:
        return []
    index, error = names.text(website.index_document), names.text(website.error_document)
    redirect = told(website.redirect_all)
    made = fields(
        IndexDocument=None if index is None else {"Suffix": index},
        ErrorDocument=None if error is None else {"Key": error},
        RedirectAllRequestsTo=None if redirect is None else _redirect_all(names, redirect),
        RoutingRules=items(website.routing_rules, lambda rule: _routing_rule(names, rule)),
    )
    return [("PutBucketWebsite", {"WebsiteConfiguration": made})]


def _redirect_all(names: Names, redirect: RedirectAll) -> dict[str, Any]:
    return fields(HostName=names.text(redirect.host), Protocol=told(redirect.protocol))


def _routing_rule(names: Names, rule: RoutingRule) -> dict[str, Any]:
    condition = fields(
        HttpErrorCodeReturnedEquals=names.text(rule.error_code), KeyPrefixEquals=names.text(rule.key_prefix)
    )
    redirect = fields(
        HostName=names.text(rule.host),
        Protocol=told(rule.protocol),
        HttpRedirectCode=names.text(rule.redirect_code),
        ReplaceKeyWith=names.text(rule.replace_key),
        ReplaceKeyPrefixWith=names.text(rule.replace_key_prefix),
    )
    return fields(Condition=condition or None, Redirect=redirect)


def _notification(names: Names, b: Bucket) -> list[Put]:
    notification = told(b.notification)
    if notification is None:
        return []
    kinds = (
        ("TopicConfigurations", "TopicArn", notification.topics),
        ("QueueConfigurations", "QueueArn", notification.queues),
        ("LambdaFunctionConfigurations", "LambdaFunctionArn", notification.functions),
    )
    made = fields(
        EventBridgeConfiguration={} if told(notification.event_bridge) else None,
        **{kind: [_notified(names, rule, target) for rule in items(rules)] for kind, target, rules in kinds},
    )
    return [("PutBucketNotificationConfiguration", {"NotificationConfiguration": made})]


def _notified(names: Names, rule: NotificationRule, target: str) -> dict[str, Any]:
    ends = fields(prefix=names.text(rule.prefix), suffix=names.text(rule.suffix))
    rules = [{"Name": end, "Value": value} for end, value in ends.items()]
    return fields(
        Id=names.text(rule.id),
        Events=items(rule.events),
        Filter={"Key": {"FilterRules": rules}} if rules else None,
        **{target: names.text(rule.target)},
    )


def _tags(names: Names, b: Bucket) -> list[Put]:
    tags = tags_of(names, b.tags)
    return [("PutBucketTagging", {"Tagging": {"TagSet": tags}})] if tags else []


def _policy(names: Names, b: Bucket) -> list[Put]:
    policy = names.json(b.policy)
    return [] if policy is None else [("PutBucketPolicy", {"Policy": policy})]


SECTIONS: dict[str, tuple[str, Callable[[Names, Bucket], list[Put]]]] = {
    "versioning": ("GetBucketVersioning", _versioning),
    "encryption": ("GetBucketEncryption", _encryption),
    "public_access_block": ("GetPublicAccessBlock", _public_access_block),
    "ownership": ("GetBucketOwnershipControls", _ownership),
    "acl": ("GetBucketAcl", _acl),
    "object_lock": ("GetObjectLockConfiguration", _object_lock),
    "acceleration": ("GetBucketAccelerateConfiguration", _acceleration),
    "request_payment": ("GetBucketRequestPayment", _request_payment),
    "abac": ("GetBucketAbac", _abac),
    "logging": ("GetBucketLogging", _logging),
    "cors": ("GetBucketCors", _cors),
    "lifecycle": ("GetBucketLifecycleConfiguration", _lifecycle),
    "replication": ("GetBucketReplication", replication),
    "website": ("GetBucketWebsite", _website),
    "notification": ("GetBucketNotificationConfiguration", _notification),
    "tags": ("GetBucketTagging", _tags),
    "policy": ("GetBucketPolicy", _policy),
    **REPORTS,
}
"""By field: the call that tells it, and what puts it."""
DIRECTORY = frozenset({"encryption", "lifecycle", "policy", "inventory", "metrics"})
"""Those that a directory bucket has."""
