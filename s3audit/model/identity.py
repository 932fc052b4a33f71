"""IAM: roles, users, groups and what they may do."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class NamedPolicy(Section, frozen=True, kw_only=True):
    """An inline policy."""

    name: Setting[Text] = NOT_COLLECTED
    document: Setting[Value | None] = NOT_COLLECTED


class AccessKey(Section, frozen=True, kw_only=True):
    id: Setting[Text | None] = NOT_COLLECTED
    status: Setting[str] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED


class Role(Resource, frozen=True, kw_only=True, tag="role"):
    name: Setting[Text] = NOT_COLLECTED
    path: Setting[Text] = NOT_COLLECTED
    id: Setting[Text | None] = NOT_COLLECTED
    """The unique id: `AROA...`."""
    assume_role_policy: Setting[Value | None] = NOT_COLLECTED
    policies: Listed[NamedPolicy] = NOT_COLLECTED
    attached_policies: Listed[Text] = NOT_COLLECTED
    """ARNs of managed policies."""
    permissions_boundary: Setting[Text | None] = NOT_COLLECTED
    max_session_duration: Setting[int] = NOT_COLLECTED
    """In seconds."""


class User(Resource, frozen=True, kw_only=True, tag="user"):
    name: Setting[Text] = NOT_COLLECTED
    path: Setting[Text] = NOT_COLLECTED
    id: Setting[Text | None] = NOT_COLLECTED
    """The unique id: `AIDA...`."""
    policies: Listed[NamedPolicy] = NOT_COLLECTED
    attached_policies: Listed[Text] = NOT_COLLECTED
    groups: Listed[Text] = NOT_COLLECTED
    """Names."""
    permissions_boundary: Setting[Text | None] = NOT_COLLECTED
    access_keys: Listed[AccessKey] = NOT_COLLECTED


class Group(Resource, frozen=True, kw_only=True, tag="group"):
    name: Setting[Text] = NOT_COLLECTED
    path: Setting[Text] = NOT_COLLECTED
    policies: Listed[NamedPolicy] = NOT_COLLECTED
    attached_policies: Listed[Text] = NOT_COLLECTED


class ManagedPolicy(Resource, frozen=True, kw_only=True, tag="managed-policy"):
    name: Setting[Text] = NOT_COLLECTED
    path: Setting[Text] = NOT_COLLECTED
    document: Setting[Value | None] = NOT_COLLECTED
    """Of the default version."""
    roles: Listed[Text] = NOT_COLLECTED
    """Names of those that its own declaration attaches it to."""
    users: Listed[Text] = NOT_COLLECTED
    groups: Listed[Text] = NOT_COLLECTED
