"""Load balancers, as far as they write logs to a bucket."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class LoadBalancer(Resource, frozen=True, kw_only=True, tag="load-balancer"):
    name: Setting[Text | None] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    """application, network, gateway or classic."""
    access_logs: Setting[bool] = NOT_COLLECTED
    access_log_bucket: Setting[Text | None] = NOT_COLLECTED
    access_log_prefix: Setting[Text | None] = NOT_COLLECTED
    connection_logs: Setting[bool] = NOT_COLLECTED
    connection_log_bucket: Setting[Text | None] = NOT_COLLECTED
    connection_log_prefix: Setting[Text | None] = NOT_COLLECTED
