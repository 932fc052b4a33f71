"""The configurations of a bucket as resources of their own."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket, CorsRule
from s3audit.model.lifecycle import LifecycleRule, NoncurrentTransition, Transition
from s3audit.model.notification import NotificationRule
from s3audit.model.website import RedirectAll, RoutingRule
from s3audit.setting import Known, Setting, Unknown, Unset
from tests.terraform.emit.bucket_reports import REPORTS
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, one, written
from tests.terraform.emit.names import ELSEWHERE
from tests.terraform.emit.replication import replication
from tests.terraform.emit.writer import Writer, is_written

T = TypeVar("T")


def _part(
    writer: Writer, b: Bucket, kind: str, name: Argument, arguments: Arguments, *, told: bool = True
) -> None:
    """A block about a bucket; one of which it is not told whether it is there has a `count`."""
    made = writer.block(f"aws_s3_bucket_{kind}", writer.name(b), {"bucket": name, **arguments})
    made.counted = made.counted or not told


def _optional(section: Setting[T | None]) -> tuple[T | None, bool]:
    """A configuration if there may be one, and whether it is told that there is."""
    match section:
        case Known(value) | Unset(value):
            return value, True
        case Unknown(why):
            return None, why == ELSEWHERE


def _versioning(writer: Writer, b: Bucket, name: Argument) -> None:
    versioning = one(
        {
            "status": writer.word(b.versioning.status),
            "mfa_delete": writer.word(b.versioning.mfa_delete),
        }
    )
    if versioning is not None:
        _part(writer, b, "versioning", name, {"versioning_configuration": versioning})


def encryption_rule(writer: Writer, b: Bucket) -> Blocks | None:
    encryption = b.encryption
    if b.type == "directory":
        return one({"apply_server_side_encryption_by_default": _by_default(writer, b)})
    return one(
        {
            "apply_server_side_encryption_by_default": _by_default(writer, b),
            "bucket_key_enabled": writer.flag(encryption.bucket_key),
            "blocked_encryption_types": writer.words(encryption.blocked_types),
        }
    )


def _by_default(writer: Writer, b: Bucket) -> Blocks | None:
    return one(
        {
            "sse_algorithm": writer.word(b.encryption.algorithm),
            "kms_master_key_id": writer.text(b.encryption.kms_key),
        }
    )


def _encryption(writer: Writer, b: Bucket, name: Argument) -> None:
    rule = encryption_rule(writer, b)
    if rule is not None:
        _part(writer, b, "server_side_encryption_configuration", name, {"rule": rule})


def _public_access_block(writer: Writer, b: Bucket, name: Argument) -> None:
    block = b.public_access_block
    flags = {
        field: getattr(block, field)
        for field in (
            "block_public_acls",
            "ignore_public_acls",
            "block_public_policy",
            "restrict_public_buckets",
        )
    }
    # In a block that is written, what is left out is off; without one, all are on.
    if is_written(block) or any(isinstance(flag, Unset) and not flag.default for flag in flags.values()):
        arguments = {field: writer.flag(flag) for field, flag in flags.items()}
        _part(writer, b, "public_access_block", name, arguments)


def _ownership(writer: Writer, b: Bucket, name: Argument) -> None:
    rule = one({"object_ownership": writer.word(b.ownership.object_ownership)})
    if rule is not None:
        _part(writer, b, "ownership_controls", name, {"rule": rule})


def _acl(writer: Writer, b: Bucket, name: Argument) -> None:
    canned = writer.word(b.acl.canned)
    if canned is not None:
        _part(writer, b, "acl", name, {"acl": canned})
    grants = writer.blocks_of(b.acl.grants, lambda grant: _grant(writer, grant))
    if grants is not None:
        owner = Blocks((written({"id": writer.text(b.acl.owner) or "0123456789abcdef"}),))
        _part(writer, b, "acl", name, {"access_control_policy": Blocks(({"grant": grants, "owner": owner},))})


def _grant(writer: Writer, grant: Grant) -> Arguments:
    grantee = {
        "type": writer.word(grant.type),
        "id": writer.text(grant.id),
        "uri": writer.text(grant.uri),
        "email_address": writer.text(grant.email),
    }
    return {"grantee": Blocks((written(grantee),)), "permission": writer.word(grant.permission)}


def _lock(writer: Writer, b: Bucket, name: Argument) -> None:
    rule = retention(writer, b)
    if rule is not None:
        _part(writer, b, "object_lock_configuration", name, {"object_lock_enabled": "Enabled", "rule": rule})


def retention(writer: Writer, b: Bucket) -> Blocks | None:
    lock = b.object_lock
    retention = one(
        {
            "mode": writer.word(lock.mode),
            "days": writer.number(lock.days),
            "years": writer.number(lock.years),
        }
    )
    return None if retention is None else Blocks(({"default_retention": retention},))


def _logging(writer: Writer, b: Bucket, name: Argument) -> None:
    logging, told = _optional(b.logging)
    if logging is None:
        if not told:
            _part(writer, b, "logging", name, {"target_bucket": "logs", "target_prefix": ""}, told=False)
        return
    # Terraform demands both of them; without a target CloudFormation means the bucket itself.
    arguments: Arguments = {
        "target_bucket": writer.text(logging.target) or name,
        "target_prefix": writer.text(logging.prefix) or "",
    }
    match logging.partitioned:
        case Known(True):
            source = one({"partition_date_source": writer.word(logging.partition_date_source)})
            arguments["target_object_key_format"] = Blocks(({"partitioned_prefix": source or Blocks(({},))},))
        case Unknown():
            arguments["target_object_key_format"] = Untold("blocks")
        case _:
            pass
    grants = writer.blocks_of(logging.grants, lambda grant: _grant(writer, grant))
    _part(writer, b, "logging", name, {**arguments, "target_grant": grants})


def cors_rule(writer: Writer, rule: CorsRule) -> Arguments:
    return {
        "id": writer.text(rule.id),
        "allowed_headers": writer.texts(rule.allowed_headers),
        "allowed_methods": writer.words(rule.allowed_methods),
        "allowed_origins": writer.texts(rule.allowed_origins),
        "expose_headers": writer.texts(rule.exposed_headers),
        "max_age_seconds": writer.number(rule.max_age),
    }


def _cors(writer: Writer, b: Bucket, name: Argument) -> None:
    cors, told = _optional(b.cors)
    if cors is not None:
        rules = writer.blocks_of(cors.rules, lambda rule: cors_rule(writer, rule))
        _part(writer, b, "cors_configuration", name, {"cors_rule": rules})
    elif not told:
        _part(writer, b, "cors_configuration", name, {"cors_rule": Untold("blocks")}, told=False)


def _lifecycle(writer: Writer, b: Bucket, name: Argument) -> None:
    lifecycle, told = _optional(b.lifecycle)
    if lifecycle is None:
        if not told:
            _part(writer, b, "lifecycle_configuration", name, {"rule": Untold("blocks")}, told=False)
        return
    arguments: Arguments = {
        "rule": writer.blocks_of(lifecycle.rules, lambda rule: _rule(writer, rule)),
        "transition_default_minimum_object_size": writer.word(lifecycle.transition_minimum_size),
    }
    _part(writer, b, "lifecycle_configuration", name, arguments)


def _rule(writer: Writer, rule: LifecycleRule) -> Arguments:
    return {
        "id": writer.text(rule.id),
        "status": writer.word(rule.status),
        "filter": _filter(writer, rule),
        "expiration": one(
            {
                "days": writer.number(rule.expiration_days),
                "date": writer.text(rule.expiration_date),
                "expired_object_delete_marker": writer.flag(rule.expired_delete_marker),
            }
        ),
        "noncurrent_version_expiration": one(
            {
                "noncurrent_days": writer.number(rule.noncurrent_days),
                "newer_noncurrent_versions": writer.number(rule.noncurrent_newer_versions),
            }
        ),
        "transition": writer.blocks_of(rule.transitions, lambda step: _transition(writer, step)),
        "noncurrent_version_transition": writer.blocks_of(
            rule.noncurrent_transitions, lambda step: _noncurrent(writer, step)
        ),
        "abort_incomplete_multipart_upload": one(
            {"days_after_initiation": writer.number(rule.abort_multipart_days)}
        ),
    }


def _filter(writer: Writer, rule: LifecycleRule) -> Blocks:
    """One condition stands alone, several stand in `and`, and without any the filter is empty."""
    conditions = written(
        {
            "prefix": writer.text(rule.prefix),
            "object_size_greater_than": writer.number(rule.size_greater_than),
            "object_size_less_than": writer.number(rule.size_less_than),
        }
    )
    tags = writer.tags(rule.tags)
    if tags is None and len(conditions) <= 1:
        return Blocks((conditions,))
    if isinstance(tags, dict) and len(tags) == 1 and not conditions:
        ((key, value),) = tags.items()
        return Blocks(({"tag": Blocks(({"key": key, "value": value},))},))
    return Blocks(({"and": Blocks((written({**conditions, "tags": tags}),))},))


def _transition(writer: Writer, step: Transition) -> Arguments:
    return {
        "storage_class": writer.word(step.storage_class),
        "days": writer.number(step.days),
        "date": writer.text(step.date),
    }


def _noncurrent(writer: Writer, step: NoncurrentTransition) -> Arguments:
    return {
        "storage_class": writer.word(step.storage_class),
        "noncurrent_days": writer.number(step.days),
        "newer_noncurrent_versions": writer.number(step.newer_versions),
    }


def _website(writer: Writer, b: Bucket, name: Argument) -> None:
    website, told = _optional(b.website)
    if website is None:
        if not told:
            suffix = Blocks(({"suffix": "index.html"},))
            _part(writer, b, "website_configuration", name, {"index_document": suffix}, told=False)
        return
    arguments: Arguments = {
        "index_document": one({"suffix": writer.text(website.index_document)}),
        "error_document": one({"key": writer.text(website.error_document)}),
        "redirect_all_requests_to": redirect(writer, website.redirect_all),
        "routing_rule": writer.blocks_of(website.routing_rules, lambda rule: _route(writer, rule)),
    }
    _part(writer, b, "website_configuration", name, arguments)


def redirect(writer: Writer, setting: Setting[RedirectAll | None]) -> Argument:
    match setting:
        case Known(RedirectAll() as to):
            return one({"host_name": writer.text(to.host), "protocol": writer.word(to.protocol)})
        case Unknown():
            return Untold("blocks")
        case _:
            return None


def _route(writer: Writer, rule: RoutingRule) -> Arguments:
    return {
        "condition": one(
            {
                "http_error_code_returned_equals": writer.text(rule.error_code),
                "key_prefix_equals": writer.text(rule.key_prefix),
            }
        ),
        "redirect": one(
            {
                "host_name": writer.text(rule.host),
                "protocol": writer.word(rule.protocol),
                "http_redirect_code": writer.text(rule.redirect_code),
                "replace_key_with": writer.text(rule.replace_key),
                "replace_key_prefix_with": writer.text(rule.replace_key_prefix),
            }
        ),
    }


def _policy(writer: Writer, b: Bucket, name: Argument) -> None:
    policy = writer.document(b.policy)
    if policy is not None:
        _part(writer, b, "policy", name, {"policy": policy})


def _acceleration(writer: Writer, b: Bucket, name: Argument) -> None:
    status = writer.word(b.acceleration.status)
    if status is not None:
        _part(writer, b, "accelerate_configuration", name, {"status": status})


def _payment(writer: Writer, b: Bucket, name: Argument) -> None:
    payer = writer.word(b.request_payment.payer)
    if payer is not None:
        _part(writer, b, "request_payment_configuration", name, {"payer": payer})


def _abac(writer: Writer, b: Bucket, name: Argument) -> None:
    abac = one({"status": writer.word(b.abac.status)})
    if abac is not None:
        _part(writer, b, "abac", name, {"abac_status": abac})


def _notification(writer: Writer, b: Bucket, name: Argument) -> None:
    notification, told = _optional(b.notification)
    if notification is None:
        if not told:
            _part(writer, b, "notification", name, {"eventbridge": True}, told=False)
        return

    def rules(listed: str, target: str) -> "Blocks | Untold | None":
        return writer.blocks_of(getattr(notification, listed), lambda rule: _told(writer, rule, target))

    arguments: Arguments = {
        "topic": rules("topics", "topic_arn"),
        "queue": rules("queues", "queue_arn"),
        "lambda_function": rules("functions", "lambda_function_arn"),
        "eventbridge": writer.flag(notification.event_bridge),
    }
    _part(writer, b, "notification", name, arguments)


def _told(writer: Writer, rule: NotificationRule, target: str) -> Arguments:
    return {
        "id": writer.text(rule.id),
        target: writer.text(rule.target),
        "events": writer.words(rule.events),
        "filter_prefix": writer.text(rule.prefix),
        "filter_suffix": writer.text(rule.suffix),
    }


PARTS: Mapping[str, Callable[[Writer, Bucket, Argument], None]] = {
    "abac": _abac,
    "acceleration": _acceleration,
    "acl": _acl,
    "cors": _cors,
    "encryption": _encryption,
    "lifecycle": _lifecycle,
    "logging": _logging,
    "notification": _notification,
    "object_lock": _lock,
    "ownership": _ownership,
    "policy": _policy,
    "public_access_block": _public_access_block,
    "replication": replication,
    "request_payment": _payment,
    "versioning": _versioning,
    "website": _website,
    **REPORTS,
}
"""By the field of the model."""
