"""When objects move to another storage class, and when they end."""

from __future__ import annotations

from s3audit.model.base import Section, Tag
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Transition(Section, frozen=True, kw_only=True):
    storage_class: Setting[str] = NOT_COLLECTED
    days: Setting[int | None] = NOT_COLLECTED
    date: Setting[Text | None] = NOT_COLLECTED


class NoncurrentTransition(Section, frozen=True, kw_only=True):
    storage_class: Setting[str] = NOT_COLLECTED
    days: Setting[int | None] = NOT_COLLECTED
    """Counted from the moment a version becomes noncurrent."""
    newer_versions: Setting[int | None] = NOT_COLLECTED
    """So many newer noncurrent versions are exempt."""


class LifecycleRule(Section, frozen=True, kw_only=True):
    """The filter is flat: what the API writes as Prefix, Filter or Filter.And is one meaning."""

    id: Setting[Text | None] = NOT_COLLECTED
    status: Setting[str] = NOT_COLLECTED
    prefix: Setting[Text | None] = NOT_COLLECTED
    tags: Listed[Tag] = NOT_COLLECTED
    size_greater_than: Setting[int | None] = NOT_COLLECTED
    size_less_than: Setting[int | None] = NOT_COLLECTED
    expiration_days: Setting[int | None] = NOT_COLLECTED
    expiration_date: Setting[Text | None] = NOT_COLLECTED
    expired_delete_marker: Setting[bool] = NOT_COLLECTED
    """Delete markers without versions behind them are removed."""
    noncurrent_days: Setting[int | None] = NOT_COLLECTED
    """Noncurrent versions are deleted so many days after they became noncurrent."""
    noncurrent_newer_versions: Setting[int | None] = NOT_COLLECTED
    transitions: Listed[Transition] = NOT_COLLECTED
    noncurrent_transitions: Listed[NoncurrentTransition] = NOT_COLLECTED
    abort_multipart_days: Setting[int | None] = NOT_COLLECTED


class Lifecycle(Section, frozen=True, kw_only=True):
    rules: Listed[LifecycleRule] = NOT_COLLECTED
    transition_minimum_size: Setting[str] = NOT_COLLECTED
    """TransitionDefaultMinimumObjectSize: all_storage_classes_128K or varies_by_storage_class."""


class MultipartUpload(Section, frozen=True, kw_only=True):
    """An upload that was begun and not completed, as a live listing shows it."""

    key: Setting[Text] = NOT_COLLECTED
    initiated: Setting[Text] = NOT_COLLECTED
    storage_class: Setting[str | None] = NOT_COLLECTED
