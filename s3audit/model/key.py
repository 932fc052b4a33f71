"""KMS keys and their aliases."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class KmsKey(Resource, frozen=True, kw_only=True, tag="kms-key"):
    id: Setting[Text | None] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    enabled: Setting[bool] = NOT_COLLECTED
    state: Setting[str | None] = NOT_COLLECTED
    """As a live answer tells it: Enabled, Disabled, PendingDeletion, ..."""
    manager: Setting[str] = NOT_COLLECTED
    """CUSTOMER or AWS."""
    rotation: Setting[bool] = NOT_COLLECTED
    rotation_days: Setting[int | None] = NOT_COLLECTED
    spec: Setting[str] = NOT_COLLECTED
    usage: Setting[str] = NOT_COLLECTED
    key_origin: Setting[str] = NOT_COLLECTED
    """Of the key material: AWS_KMS, EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE."""
    multi_region: Setting[bool] = NOT_COLLECTED
    primary: Setting[Text | None] = NOT_COLLECTED
    """The ARN of the primary key, for a replica."""
    pending_window_days: Setting[int | None] = NOT_COLLECTED
    deletion_date: Setting[Text | None] = NOT_COLLECTED


class KmsAlias(Resource, frozen=True, kw_only=True, tag="kms-alias"):
    name: Setting[Text] = NOT_COLLECTED
    """`alias/...`."""
    key: Setting[Text] = NOT_COLLECTED
    """The id or ARN of the key."""
