"""S3 Vectors: vector buckets and their indexes."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Removal
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class VectorEncryption(Section, frozen=True, kw_only=True):
    algorithm: Setting[str | None] = NOT_COLLECTED
    """AES256 or aws:kms; None for an index that has none of its own."""
    kms_key: Setting[Text | None] = NOT_COLLECTED


class VectorBucket(Resource, frozen=True, kw_only=True, tag="vector-bucket"):
    name: Setting[Text] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    encryption: VectorEncryption = VectorEncryption()
    removal: Removal = Removal()
    created: Setting[Text | None] = NOT_COLLECTED


class VectorIndex(Resource, frozen=True, kw_only=True, tag="vector-index"):
    name: Setting[Text] = NOT_COLLECTED
    vector_bucket: Setting[Text] = NOT_COLLECTED
    """A name or an ARN."""
    encryption: VectorEncryption = VectorEncryption()
    data_type: Setting[str] = NOT_COLLECTED
    dimension: Setting[int] = NOT_COLLECTED
    distance_metric: Setting[str] = NOT_COLLECTED
    non_filterable_keys: Listed[Text] = NOT_COLLECTED
    created: Setting[Text | None] = NOT_COLLECTED
