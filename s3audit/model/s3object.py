"""Objects: those that a configuration declares, and those that a live scan sampled."""

from __future__ import annotations

from s3audit.model.acl import Acl
from s3audit.model.base import Resource
from s3audit.model.bucket import Removal
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class S3Object(Resource, frozen=True, kw_only=True, tag="object"):
    bucket: Setting[Text] = NOT_COLLECTED
    key: Setting[Text] = NOT_COLLECTED
    acl: Acl = Acl()
    encryption: Setting[str | None] = NOT_COLLECTED
    """AES256, aws:kms or aws:kms:dsse; None takes the default of the bucket."""
    kms_key: Setting[Text | None] = NOT_COLLECTED
    bucket_key: Setting[bool | None] = NOT_COLLECTED
    storage_class: Setting[str | None] = NOT_COLLECTED
    lock_mode: Setting[str | None] = NOT_COLLECTED
    lock_until: Setting[Text | None] = NOT_COLLECTED
    legal_hold: Setting[str | None] = NOT_COLLECTED
    redirect: Setting[Text | None] = NOT_COLLECTED
    sampled: Setting[bool] = NOT_COLLECTED
    """One of a sample of a live bucket, not the declaration of an object."""
    removal: Removal = Removal()
