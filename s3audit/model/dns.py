"""Names on the internet that lead to a bucket."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class DnsRecord(Resource, frozen=True, kw_only=True, tag="dns-record"):
    name: Setting[Text] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    zone: Setting[Text | None] = NOT_COLLECTED
    """The id or the name of the hosted zone."""
    alias: Setting[Text | None] = NOT_COLLECTED
    alias_zone: Setting[Text | None] = NOT_COLLECTED
    values: Listed[Text] = NOT_COLLECTED
