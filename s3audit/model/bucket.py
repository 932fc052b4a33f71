"""A bucket: one section per configuration that S3 has."""

from s3audit.model.base import Resource, Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Versioning(Section, frozen=True, kw_only=True):
    status: Setting[str] = NOT_COLLECTED
    """Enabled, Suspended or Unversioned."""
    mfa_delete: Setting[str] = NOT_COLLECTED


class Encryption(Section, frozen=True, kw_only=True):
    """Default encryption of new objects."""

    algorithm: Setting[str] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    bucket_key: Setting[bool] = NOT_COLLECTED
    blocked_types: Listed[str] = NOT_COLLECTED


class PublicAccessBlock(Section, frozen=True, kw_only=True):
    block_public_acls: Setting[bool] = NOT_COLLECTED
    ignore_public_acls: Setting[bool] = NOT_COLLECTED
    block_public_policy: Setting[bool] = NOT_COLLECTED
    restrict_public_buckets: Setting[bool] = NOT_COLLECTED


class Logging(Section, frozen=True, kw_only=True):
    """Server access logging."""

    target: Setting[Text] = NOT_COLLECTED
    """The name of the bucket that receives the logs."""
    prefix: Setting[Text] = NOT_COLLECTED


class CorsRule(Section, frozen=True, kw_only=True):
    id: Setting[Text | None] = NOT_COLLECTED
    allowed_origins: Listed[Text] = NOT_COLLECTED
    allowed_methods: Listed[str] = NOT_COLLECTED
    allowed_headers: Listed[Text] = NOT_COLLECTED
    exposed_headers: Listed[Text] = NOT_COLLECTED
    max_age: Setting[int | None] = NOT_COLLECTED


class Cors(Section, frozen=True, kw_only=True):
    rules: Listed[CorsRule] = NOT_COLLECTED


class Bucket(Resource, frozen=True, kw_only=True):
    """A general purpose or directory bucket."""

    type: str = "general"
    """general, directory or outposts."""
    name: Setting[Text] = NOT_COLLECTED
    versioning: Versioning = Versioning()
    encryption: Encryption = Encryption()
    public_access_block: PublicAccessBlock = PublicAccessBlock()
    logging: Setting[Logging | None] = NOT_COLLECTED
    cors: Setting[Cors | None] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
