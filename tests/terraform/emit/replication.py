"""Replication, beside a bucket and inside it."""

from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.model.replication import (
    Replication,
    ReplicationDestination,
    ReplicationFilter,
    ReplicationRule,
)
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, one, written
from tests.terraform.emit.names import ELSEWHERE
from tests.terraform.emit.writer import Writer

_ROLE = "arn:aws:iam::111122223333:role/replication"


def replication(writer: Writer, b: Bucket, name: Argument) -> None:
    """As a resource of its own."""
    made = writer.name(b)
    match b.replication:
        case Known(Replication() as found):
            arguments: Arguments = {
                "bucket": name,
                "role": writer.text(found.role),
                "rule": writer.blocks_of(found.rules, lambda rule: _rule(writer, rule)),
            }
            writer.block("aws_s3_bucket_replication_configuration", made, arguments)
        case Unknown(why) if why != ELSEWHERE:
            arguments = {"bucket": name, "role": _ROLE, "rule": Untold("blocks")}
            writer.block("aws_s3_bucket_replication_configuration", made, arguments).counted = True
        case _:
            pass


def _rule(writer: Writer, rule: ReplicationRule) -> Arguments:
    criteria = one(
        {
            "sse_kms_encrypted_objects": one({"status": writer.word(rule.kms_objects)}),
            "replica_modifications": one({"status": writer.word(rule.replica_modifications)}),
        }
    )
    return {
        "id": writer.text(rule.id),
        "status": writer.word(rule.status),
        "priority": writer.number(rule.priority),
        "prefix": writer.text(rule.prefix),
        "filter": _filter(writer, rule.filter),
        "delete_marker_replication": one({"status": writer.word(rule.delete_markers)}),
        "existing_object_replication": one({"status": writer.word(rule.existing_objects)}),
        "source_selection_criteria": criteria,
        "destination": Blocks((written(_destination(writer, rule.destination)),)),
    }


def _filter(writer: Writer, setting: Setting[ReplicationFilter | None]) -> "Blocks | Untold | None":
    match setting:
        case Known(ReplicationFilter() as found):
            return Blocks((written(_conditions(writer, found.prefix, found.tags)),))
        case Unknown():
            return Untold("blocks")
        case _:
            return None


def _conditions(writer: Writer, prefix: Setting[Text | None], tags: Listed[Tag]) -> Arguments:
    """One condition stands alone, several stand in `and`."""
    start, marks = writer.text(prefix), writer.tags(tags)
    if marks is None:
        return {"prefix": start}
    if start is None and isinstance(marks, dict) and len(marks) == 1:
        ((key, value),) = marks.items()
        return {"tag": Blocks(({"key": key, "value": value},))}
    return {"and": Blocks((written({"prefix": start, "tags": marks}),))}


def _destination(writer: Writer, to: ReplicationDestination) -> Arguments:
    return {
        "bucket": writer.text(to.bucket),
        "account": writer.text(to.account),
        "storage_class": writer.word(to.storage_class),
        "access_control_translation": one({"owner": writer.word(to.owner_override)}),
        "encryption_configuration": one({"replica_kms_key_id": writer.text(to.kms_key)}),
        "replication_time": one(
            {
                "status": writer.word(to.replication_time),
                "time": one({"minutes": writer.number(to.replication_time_minutes)}),
            }
        ),
        "metrics": one(
            {
                "status": writer.word(to.metrics),
                "event_threshold": one({"minutes": writer.number(to.metrics_minutes)}),
            }
        ),
    }


def replication_inside(writer: Writer, b: Bucket) -> Arguments | None:
    """As a block of the bucket."""
    match b.replication:
        case Known(Replication(rules=Known(rules)) as found):
            if not all(isinstance(rule, Known) and _fits(rule.value) for rule in rules):
                return None
            inside: Arguments = {
                "role": writer.text(found.role),
                "rules": writer.blocks_of(found.rules, lambda rule: _rule_inside(writer, rule)),
            }
            return {"replication_configuration": Blocks((written(inside),))}
        case Unknown():
            return {"replication_configuration": Untold("blocks")}
        case Known(Replication()):
            return None
        case _:
            return {}


def _fits(rule: ReplicationRule) -> bool:
    """Whether the old form has a word for all that it says."""
    return (
        all(isinstance(s, Unset) for s in (rule.existing_objects, rule.replica_modifications))
        and isinstance(rule.kms_objects, Unset)
        and not isinstance(rule.filter, Unknown)
        and isinstance(rule.delete_markers, Unset | Known)
        # With a filter the provider says Disabled where nothing is said.
        and not (isinstance(rule.delete_markers, Unset) and isinstance(rule.filter, Known))
        and not (isinstance(rule.delete_markers, Known) and rule.delete_markers.value == "Disabled")
    )


def _rule_inside(writer: Writer, rule: ReplicationRule) -> Arguments:
    to = rule.destination
    match rule.filter:
        case Known(ReplicationFilter() as found):
            tags = writer.tags(found.tags)
            chosen: Argument = Blocks((written({"prefix": writer.text(found.prefix), "tags": tags}),))
        case _:
            chosen = None
    destination: Arguments = {
        "bucket": writer.text(to.bucket),
        "account_id": writer.text(to.account),
        "storage_class": writer.word(to.storage_class),
        "replica_kms_key_id": writer.text(to.kms_key),
        "access_control_translation": one({"owner": writer.word(to.owner_override)}),
        "replication_time": one(
            {
                "status": writer.word(to.replication_time),
                "minutes": writer.number(to.replication_time_minutes),
            }
        ),
        "metrics": one({"status": writer.word(to.metrics), "minutes": writer.number(to.metrics_minutes)}),
    }
    return {
        "id": writer.text(rule.id),
        "status": writer.word(rule.status),
        "priority": writer.number(rule.priority),
        "prefix": writer.text(rule.prefix),
        "filter": chosen,
        "delete_marker_replication_status": writer.word(rule.delete_markers),
        "destination": Blocks((written(destination),)),
    }
