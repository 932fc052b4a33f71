"""Replication as it is put."""

from typing import Any

from s3audit.model.bucket import Bucket
from s3audit.model.replication import ReplicationDestination, ReplicationFilter, ReplicationRule
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told


def replication(names: Names, b: Bucket) -> list[tuple[str, dict[str, Any]]]:
    section = told(b.replication)
    if section is None:
        return []
    made = {
        "Role": names.text(section.role),
        "Rules": items(section.rules, lambda rule: _rule(names, rule)),
    }
    return [("PutBucketReplication", {"ReplicationConfiguration": made})]


def _rule(names: Names, rule: ReplicationRule) -> dict[str, Any]:
    chosen = told(rule.filter)
    criteria = fields(
        SseKmsEncryptedObjects=_status(told(rule.kms_objects)),
        ReplicaModifications=_status(told(rule.replica_modifications)),
    )
    return fields(
        ID=names.text(rule.id),
        Status=told(rule.status),
        Priority=told(rule.priority),
        Prefix=names.text(rule.prefix),
        Filter=None if chosen is None else _filter(names, chosen),
        DeleteMarkerReplication=_status(told(rule.delete_markers)),
        ExistingObjectReplication=_status(told(rule.existing_objects)),
        SourceSelectionCriteria=criteria or None,
        Destination=_destination(names, rule.destination),
    )


def _status(status: str | None) -> dict[str, str] | None:
    return None if status is None else {"Status": status}


def _filter(names: Names, chosen: ReplicationFilter) -> dict[str, Any]:
    prefix = names.text(chosen.prefix)
    tags = items(chosen.tags, lambda tag: {"Key": names.text(tag.key), "Value": names.text(tag.value)})
    if len(tags) > 1 or (tags and prefix is not None):
        return {"And": fields(Prefix=prefix, Tags=tags)}
    return {"Tag": tags[0]} if tags else fields(Prefix=prefix)


def _destination(names: Names, destination: ReplicationDestination) -> dict[str, Any]:
    owner, key = told(destination.owner_override), names.text(destination.kms_key)
    time, metrics = told(destination.replication_time), told(destination.metrics)
    return fields(
        Bucket=names.text(destination.bucket),
        Account=names.text(destination.account),
        StorageClass=told(destination.storage_class),
        AccessControlTranslation=None if owner is None else {"Owner": owner},
        EncryptionConfiguration=None if key is None else {"ReplicaKmsKeyID": key},
        ReplicationTime=None
        if time is None
        else fields(Status=time, Time=_minutes(told(destination.replication_time_minutes))),
        Metrics=None
        if metrics is None
        else fields(Status=metrics, EventThreshold=_minutes(told(destination.metrics_minutes))),
    )


def _minutes(minutes: int | None) -> dict[str, int] | None:
    return None if minutes is None else {"Minutes": minutes}
