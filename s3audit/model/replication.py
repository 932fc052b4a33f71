"""Which objects are copied to which other buckets, and as what."""

from __future__ import annotations

from s3audit.model.base import Section, Tag
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class ReplicationFilter(Section, frozen=True, kw_only=True):
    """Its presence makes the rule a V2 rule, even when it is empty."""

    prefix: Setting[Text | None] = NOT_COLLECTED
    tags: Listed[Tag] = NOT_COLLECTED


class ReplicationDestination(Section, frozen=True, kw_only=True):
    bucket: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    account: Setting[Text | None] = NOT_COLLECTED
    storage_class: Setting[str | None] = NOT_COLLECTED
    owner_override: Setting[str | None] = NOT_COLLECTED
    """`Destination`, when the replicas belong to the account of the destination bucket."""
    kms_key: Setting[Text | None] = NOT_COLLECTED
    replication_time: Setting[str | None] = NOT_COLLECTED
    replication_time_minutes: Setting[int | None] = NOT_COLLECTED
    metrics: Setting[str | None] = NOT_COLLECTED
    metrics_minutes: Setting[int | None] = NOT_COLLECTED


class ReplicationRule(Section, frozen=True, kw_only=True):
    id: Setting[Text | None] = NOT_COLLECTED
    status: Setting[str] = NOT_COLLECTED
    priority: Setting[int | None] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    """The rule's own prefix, of V1 rules only."""
    filter: Setting[ReplicationFilter | None] = NOT_COLLECTED
    delete_markers: Setting[str | None] = NOT_COLLECTED
    existing_objects: Setting[str | None] = NOT_COLLECTED
    kms_objects: Setting[str | None] = NOT_COLLECTED
    """SourceSelectionCriteria.SseKmsEncryptedObjects."""
    replica_modifications: Setting[str | None] = NOT_COLLECTED
    destination: ReplicationDestination = ReplicationDestination()


class Replication(Section, frozen=True, kw_only=True):
    role: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    rules: Listed[ReplicationRule] = NOT_COLLECTED
