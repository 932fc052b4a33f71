"""The older Glacier: vaults."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class Vault(Resource, frozen=True, kw_only=True, tag="vault"):
    name: Setting[Text] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    """The access policy."""
    lock_policy: Setting[Value | None] = NOT_COLLECTED
    lock_state: Setting[str | None] = NOT_COLLECTED
    """Locked, InProgress, or None without a lock."""
    lock_expires: Setting[Text | None] = NOT_COLLECTED
    """When a lock in progress is dropped."""
    notification_topic: Setting[Text | None] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED
