"""Values as they stand in requests and answers: times, numbers, bytes."""

import base64
import json
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

QUOTED_JSON = "policyDocumentType"
"""A string of IAM that is percent-encoded; boto3 decodes it."""


def moment(value: Any) -> datetime:
    """A time that is given as boto3 gives it, as ISO text or as seconds."""
    match value:
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        case int() | float():
            return datetime.fromtimestamp(value, UTC)
        case str() if value[:1].isalpha():
            return parsedate_to_datetime(value)
        case _:
            told = datetime.fromisoformat(str(value))
            return told if told.tzinfo else told.replace(tzinfo=UTC)


def written_time(value: Any, form: str) -> str:
    """A time in one of the three forms that the protocols have."""
    at = moment(value).astimezone(UTC)
    match form:
        case "rfc822":
            return format_datetime(at, usegmt=True)
        case "unixTimestamp":
            return f"{at.timestamp():.3f}".removesuffix(".000")
        case _:
            return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def written(shape: Any, value: Any, time_form: str) -> str:
    """A scalar as text."""
    match shape.type_name:
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            return written_time(value, shape.serialization.get("timestampFormat", time_form))
        case "blob":
            return base64.b64encode(value if isinstance(value, bytes) else str(value).encode()).decode()
        case _ if isinstance(value, dict | list):
            text = json.dumps(value)
            return quote(text, safe="") if shape.name == QUOTED_JSON else text
        case _:
            return str(value)


def read(shape: Any, text: str) -> Any:
    """Text as the scalar that it stands for."""
    match shape.type_name:
        case "boolean":
            return text.strip().lower() == "true"
        case "integer" | "long":
            return int(text)
        case "float" | "double":
            return float(text)
        case "timestamp":
            return moment(float(text) if text.replace(".", "", 1).isdigit() else text)
        case "blob":
            return base64.b64decode(text)
        case _:
            return text
