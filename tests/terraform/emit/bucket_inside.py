"""The configurations of a bucket as arguments and blocks of the bucket itself, as before provider 4."""

from collections.abc import Callable, Mapping

from s3audit.model.bucket import Bucket, Cors, Logging
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, NoncurrentTransition, Transition
from s3audit.model.website import Website
from s3audit.setting import Known, Unknown, Unset
from tests.terraform.emit.bucket_parts import cors_rule, encryption_rule, retention
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, one, written
from tests.terraform.emit.replication import replication_inside
from tests.terraform.emit.writer import Writer


def _versioning(writer: Writer, b: Bucket) -> Arguments | None:
    status, delete = b.versioning.status, b.versioning.mfa_delete
    match status, delete:
        case (Known("Enabled"), Known() | Unset()):
            return {"versioning": one({"enabled": True, "mfa_delete": _is_enabled(writer.word(delete))})}
        case (Unset(), Unset()):
            return {}
        case (
            _
        ):  # of a new bucket `enabled = false` says that it has no versions, and not that they are suspended
            return None


def _is_enabled(word: Argument) -> Argument:
    return None if word is None else word == "Enabled"


def _encryption(writer: Writer, b: Bucket) -> Arguments | None:
    rule = encryption_rule(writer, b)
    if not isinstance(rule, Blocks):
        return {}
    ((rules),) = rule.items
    if isinstance(rules, Untold) or "blocked_encryption_types" in rules:
        return None
    # Here the provider demands an algorithm.
    if "apply_server_side_encryption_by_default" not in rules:
        return None
    return {"server_side_encryption_configuration": Blocks(({"rule": rule},))}


def _acl(writer: Writer, b: Bucket) -> Arguments | None:
    grants = b.acl.grants.value if isinstance(b.acl.grants, Known) else ()
    return None if grants else {"acl": writer.word(b.acl.canned)}


def _lock(writer: Writer, b: Bucket) -> Arguments | None:
    rule = retention(writer, b)
    if rule is None:
        return {}
    return {"object_lock_configuration": Blocks(({"object_lock_enabled": "Enabled", "rule": rule},))}


def _logging(writer: Writer, b: Bucket) -> Arguments | None:
    match b.logging:
        case Known(Logging(partitioned=Known(False) | Unset(), grants=Unset()) as logging):
            target = writer.text(logging.target)
            if target is None:
                return None
            to = written({"target_bucket": target, "target_prefix": writer.text(logging.prefix)})
            return {"logging": Blocks((to,))}
        case Known(Logging()):
            return None
        case Unknown():
            return {"logging": Untold("blocks")}
        case _:
            return {}


def _cors(writer: Writer, b: Bucket) -> Arguments | None:
    match b.cors:
        case Known(Cors(rules=rules)):
            said = writer.blocks_of(rules, lambda rule: cors_rule(writer, rule))
            if said is None or any(
                isinstance(r, Known) and isinstance(r.value.id, Known) for r in _each(rules)
            ):
                return None
            return {"cors_rule": said}
        case Unknown():
            return {"cors_rule": Untold("blocks")}
        case _:
            return {}


def _each(listed: object) -> tuple[object, ...]:
    return listed.value if isinstance(listed, Known) else ()


def _lifecycle(writer: Writer, b: Bucket) -> Arguments | None:
    match b.lifecycle:
        case Known(Lifecycle(transition_minimum_size=Unset(), rules=Known(rules))):
            if not all(isinstance(rule, Known) and _fits(rule.value) for rule in rules):
                return None
            said = writer.blocks_of(Known(rules, b.at), lambda rule: _rule(writer, rule))
            return {"lifecycle_rule": said}
        case Unset(None) | Known(None):
            return {}
        case _:
            return None


def _fits(rule: LifecycleRule) -> bool:
    """Whether the old form has a word for all that it says."""
    newer = (rule.size_greater_than, rule.size_less_than, rule.noncurrent_newer_versions)
    later = rule.noncurrent_transitions
    steps = later.value if isinstance(later, Known) else ()
    return (
        isinstance(rule.status, Known)
        and all(isinstance(setting, Unset) for setting in newer)
        and not isinstance(later, Unknown)
        and all(isinstance(s, Known) and isinstance(s.value.newer_versions, Unset) for s in steps)
    )


def _rule(writer: Writer, rule: LifecycleRule) -> Arguments:
    status = writer.word(rule.status)
    return {
        "id": writer.text(rule.id),
        "enabled": status == "Enabled",
        "prefix": writer.text(rule.prefix),
        "tags": writer.tags(rule.tags),
        "abort_incomplete_multipart_upload_days": writer.number(rule.abort_multipart_days),
        "expiration": one(
            {
                "days": writer.number(rule.expiration_days),
                "date": writer.text(rule.expiration_date),
                "expired_object_delete_marker": writer.flag(rule.expired_delete_marker),
            }
        ),
        "noncurrent_version_expiration": one({"days": writer.number(rule.noncurrent_days)}),
        "transition": writer.blocks_of(rule.transitions, lambda step: _step(writer, step)),
        "noncurrent_version_transition": writer.blocks_of(
            rule.noncurrent_transitions, lambda step: _step(writer, step)
        ),
    }


def _step(writer: Writer, step: Transition | NoncurrentTransition) -> Arguments:
    found: Arguments = {
        "storage_class": writer.word(step.storage_class),
        "days": writer.number(step.days),
    }
    return found | {"date": writer.text(step.date)} if isinstance(step, Transition) else found


def _website(writer: Writer, b: Bucket) -> Arguments | None:
    match b.website:
        case Known(Website(redirect_all=Unset(), routing_rules=Unset()) as website):
            pages = {
                "index_document": writer.text(website.index_document),
                "error_document": writer.text(website.error_document),
            }
            return {"website": Blocks((written(pages),))}
        case Known(Website()):
            return None
        case Unknown():
            return {"website": Untold("blocks")}
        case _:
            return {}


def _policy(writer: Writer, b: Bucket) -> Arguments | None:
    return {"policy": writer.document(b.policy)}


def _acceleration(writer: Writer, b: Bucket) -> Arguments | None:
    return {"acceleration_status": writer.word(b.acceleration.status)}


def _payment(writer: Writer, b: Bucket) -> Arguments | None:
    return {"request_payer": writer.word(b.request_payment.payer)}


INSIDE: Mapping[str, Callable[[Writer, Bucket], Arguments | None]] = {
    "acceleration": _acceleration,
    "acl": _acl,
    "cors": _cors,
    "encryption": _encryption,
    "lifecycle": _lifecycle,
    "logging": _logging,
    "object_lock": _lock,
    "policy": _policy,
    "replication": replication_inside,
    "request_payment": _payment,
    "versioning": _versioning,
    "website": _website,
}
"""By the field of the model; None where the old form has no words for what it says."""
