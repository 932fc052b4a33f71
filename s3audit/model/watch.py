"""Services that watch S3: GuardDuty, Macie, IAM Access Analyzer."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Detector(Resource, frozen=True, kw_only=True, tag="detector"):
    """GuardDuty in one Region."""

    id: Setting[Text | None] = NOT_COLLECTED
    enabled: Setting[bool] = NOT_COLLECTED
    s3_data_events: Setting[str | None] = NOT_COLLECTED
    """The feature S3_DATA_EVENTS: ENABLED or DISABLED; None where it is not mentioned."""
    s3_logs: Setting[bool | None] = NOT_COLLECTED
    """The older DataSources.S3Logs."""


class MalwareProtectionPlan(Resource, frozen=True, kw_only=True, tag="malware-protection-plan"):
    bucket: Setting[Text] = NOT_COLLECTED
    prefixes: Listed[Text] = NOT_COLLECTED
    role: Setting[Text] = NOT_COLLECTED
    tagging: Setting[str | None] = NOT_COLLECTED
    status: Setting[str | None] = NOT_COLLECTED


class MacieJob(Section, frozen=True, kw_only=True):
    """A classification job and the buckets that it reads."""

    id: Setting[Text] = NOT_COLLECTED
    status: Setting[str] = NOT_COLLECTED
    buckets: Listed[Text] = NOT_COLLECTED


class MacieSession(Resource, frozen=True, kw_only=True, tag="macie-session"):
    """Macie in one Region."""

    status: Setting[str] = NOT_COLLECTED
    """ENABLED or PAUSED."""
    automated_discovery: Setting[str | None] = NOT_COLLECTED
    jobs: Listed[MacieJob] = NOT_COLLECTED


class Analyzer(Resource, frozen=True, kw_only=True, tag="analyzer"):
    """IAM Access Analyzer in one Region."""

    name: Setting[Text | None] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    """ACCOUNT, ORGANIZATION, ACCOUNT_UNUSED_ACCESS, ..."""
    status: Setting[str | None] = NOT_COLLECTED
