"""Resource types that are no thing of their own but add something to others."""

from __future__ import annotations

from typing import Any

from s3audit.model.base import Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Attachment(Section, frozen=True, kw_only=True):
    """One value for a field of other resources: it is set, or added where the field is a list."""

    kind: str = ""
    """The tag of the kind that it belongs to."""
    field: str = ""
    """The field of that kind."""
    targets: Listed[Text] = NOT_COLLECTED
    """Names, ids, URLs or ARNs of those resources, or references to them."""
    value: Setting[Any] = NOT_COLLECTED


class IdentityPolicyAttachment(Section, frozen=True, kw_only=True):
    """An inline policy that is declared beside the roles, users and groups that it belongs to."""

    name: Setting[Text] = NOT_COLLECTED
    document: Setting[Value | None] = NOT_COLLECTED
    roles: Listed[Text] = NOT_COLLECTED
    """Names, or references."""
    users: Listed[Text] = NOT_COLLECTED
    groups: Listed[Text] = NOT_COLLECTED
