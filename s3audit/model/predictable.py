"""Names of buckets that anybody can work out who knows the id of an account."""

from __future__ import annotations

from s3audit.model.base import Resource
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text

OWN, FOREIGN, FREE = "own", "foreign", "free"


class PredictableName(Resource, frozen=True, kw_only=True, tag="predictable-name"):
    """A name that a service or a tool gives its bucket in an account and Region, whether there is one or not."""

    name: Setting[Text] = NOT_COLLECTED
    service: Setting[Text] = NOT_COLLECTED
    """Who uses it: `AWS Glue`."""
    holder: Setting[str] = NOT_COLLECTED
    """own, foreign, or free where no bucket has it."""
