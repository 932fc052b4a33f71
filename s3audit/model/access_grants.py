"""S3 Access Grants: who gets which prefix, through whose role."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class AccessGrantsInstance(Resource, frozen=True, kw_only=True, tag="access-grants-instance"):
    id: Setting[Text | None] = NOT_COLLECTED
    identity_center: Setting[Text | None] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED


class AccessGrantsLocation(Resource, frozen=True, kw_only=True, tag="access-grants-location"):
    id: Setting[Text | None] = NOT_COLLECTED
    scope: Setting[Text] = NOT_COLLECTED
    """`s3://`, `s3://bucket` or `s3://bucket/prefix*`."""
    role: Setting[Text] = NOT_COLLECTED
    """An ARN."""


class AccessGrant(Resource, frozen=True, kw_only=True, tag="access-grant"):
    id: Setting[Text | None] = NOT_COLLECTED
    location: Setting[Text] = NOT_COLLECTED
    """The id of the location."""
    sub_prefix: Setting[Text | None] = NOT_COLLECTED
    prefix_type: Setting[str | None] = NOT_COLLECTED
    scope: Setting[Text | None] = NOT_COLLECTED
    grantee_type: Setting[str] = NOT_COLLECTED
    """IAM, DIRECTORY_USER or DIRECTORY_GROUP."""
    grantee: Setting[Text] = NOT_COLLECTED
    permission: Setting[str] = NOT_COLLECTED
    """READ, WRITE or READWRITE."""
    application: Setting[Text | None] = NOT_COLLECTED
