"""Static website hosting."""

from __future__ import annotations

from s3audit.model.base import Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class RedirectAll(Section, frozen=True, kw_only=True):
    """Every request goes to another host."""

    host: Setting[Text] = NOT_COLLECTED
    protocol: Setting[str | None] = NOT_COLLECTED


class RoutingRule(Section, frozen=True, kw_only=True):
    """A condition (error code, key prefix), and where the request goes then."""

    error_code: Setting[Text | None] = NOT_COLLECTED
    key_prefix: Setting[Text | None] = NOT_COLLECTED
    host: Setting[Text | None] = NOT_COLLECTED
    protocol: Setting[str | None] = NOT_COLLECTED
    redirect_code: Setting[Text | None] = NOT_COLLECTED
    replace_key: Setting[Text | None] = NOT_COLLECTED
    replace_key_prefix: Setting[Text | None] = NOT_COLLECTED


class Website(Section, frozen=True, kw_only=True):
    index_document: Setting[Text | None] = NOT_COLLECTED
    error_document: Setting[Text | None] = NOT_COLLECTED
    redirect_all: Setting[RedirectAll | None] = NOT_COLLECTED
    routing_rules: Listed[RoutingRule] = NOT_COLLECTED
