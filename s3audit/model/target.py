"""Whom the events of a bucket go to: topics, queues, functions."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Subscription(Section, frozen=True, kw_only=True):
    protocol: Setting[str] = NOT_COLLECTED
    endpoint: Setting[Text | None] = NOT_COLLECTED


class Topic(Resource, frozen=True, kw_only=True, tag="topic"):
    name: Setting[Text] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    fifo: Setting[bool] = NOT_COLLECTED
    subscriptions: Listed[Subscription] = NOT_COLLECTED


class Queue(Resource, frozen=True, kw_only=True, tag="queue"):
    name: Setting[Text] = NOT_COLLECTED
    url: Setting[Text | None] = NOT_COLLECTED
    policy: Setting[Value | None] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    managed_sse: Setting[bool] = NOT_COLLECTED
    """SSE-SQS, which is no KMS."""
    fifo: Setting[bool] = NOT_COLLECTED


class FunctionPermission(Section, frozen=True, kw_only=True):
    """One statement of a function's resource policy, as IaC declares it."""

    action: Setting[Text] = NOT_COLLECTED
    principal: Setting[Text] = NOT_COLLECTED
    source_arn: Setting[Text | None] = NOT_COLLECTED
    source_account: Setting[Text | None] = NOT_COLLECTED
    organization: Setting[Text | None] = NOT_COLLECTED
    qualifier: Setting[Text | None] = NOT_COLLECTED
    """The version or alias that it is for."""


class Function(Resource, frozen=True, kw_only=True, tag="function"):
    name: Setting[Text] = NOT_COLLECTED
    role: Setting[Text] = NOT_COLLECTED
    """An ARN."""
    policy: Setting[Value | None] = NOT_COLLECTED
    """The resource policy, as a live answer gives it."""
    permissions: Listed[FunctionPermission] = NOT_COLLECTED
    kms_key: Setting[Text | None] = NOT_COLLECTED
    recursive_loop: Setting[str] = NOT_COLLECTED
    """Terminate or Allow."""
    event_sources: Listed[Text] = NOT_COLLECTED
    """ARNs of the queues and streams that feed it."""
