"""AWS Backup: plans and what they select."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class BackupRule(Section, frozen=True, kw_only=True):
    name: Setting[Text] = NOT_COLLECTED
    vault: Setting[Text | None] = NOT_COLLECTED
    """The name of the backup vault."""
    schedule: Setting[Text | None] = NOT_COLLECTED
    continuous: Setting[bool] = NOT_COLLECTED
    delete_after_days: Setting[int | None] = NOT_COLLECTED


class BackupPlan(Resource, frozen=True, kw_only=True, tag="backup-plan"):
    id: Setting[Text | None] = NOT_COLLECTED
    name: Setting[Text] = NOT_COLLECTED
    rules: Listed[BackupRule] = NOT_COLLECTED


class BackupCondition(Section, frozen=True, kw_only=True):
    """A tag and a value that it is compared with."""

    key: Setting[Text] = NOT_COLLECTED
    """`aws:ResourceTag/name`, or in ListOfTags the name alone."""
    value: Setting[Text] = NOT_COLLECTED


class BackupSelection(Resource, frozen=True, kw_only=True, tag="backup-selection"):
    plan: Setting[Text] = NOT_COLLECTED
    """The id of the plan."""
    name: Setting[Text] = NOT_COLLECTED
    role: Setting[Text] = NOT_COLLECTED
    resources: Listed[Text] = NOT_COLLECTED
    """ARNs, with wildcards."""
    not_resources: Listed[Text] = NOT_COLLECTED
    tagged: Listed[BackupCondition] = NOT_COLLECTED
    """ListOfTags: one of them is enough."""
    equals: Listed[BackupCondition] = NOT_COLLECTED
    """Conditions: all of them, of every operator, must hold."""
    not_equals: Listed[BackupCondition] = NOT_COLLECTED
    like: Listed[BackupCondition] = NOT_COLLECTED
    not_like: Listed[BackupCondition] = NOT_COLLECTED
