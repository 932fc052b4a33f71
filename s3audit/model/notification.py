"""Whom a bucket tells about its events."""

from __future__ import annotations

from s3audit.model.base import Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class NotificationRule(Section, frozen=True, kw_only=True):
    """Some kinds of events, sent to one topic, queue or function."""

    id: Setting[Text | None] = NOT_COLLECTED
    target: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    events: Listed[str] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    suffix: Setting[Text | None] = NOT_COLLECTED


class Notification(Section, frozen=True, kw_only=True):
    topics: Listed[NotificationRule] = NOT_COLLECTED
    queues: Listed[NotificationRule] = NOT_COLLECTED
    functions: Listed[NotificationRule] = NOT_COLLECTED
    event_bridge: Setting[bool] = NOT_COLLECTED
