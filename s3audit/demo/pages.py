"""Listings, a page at a time."""

from collections.abc import Mapping
from typing import Any

from s3audit.demo.answers import Document, Refused
from s3audit.demo.xml import in_body

_TOKENS = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextContinuationToken", "ContinuationToken"),
    ("ContinuationToken", "ContinuationToken"),
    ("NextMarker", "Marker"),
    ("Marker", "Marker"),
    ("marker", "marker"),
)
"""Of an operation that botocore can't page: how its answer and its request call the token."""
_LIMITS = ("MaxResults", "maxResults", "MaxItems", "maxItems", "Limit", "limit", "MaxRecords", "MaxBuckets")
_START = "page-from-"


def page(
    told: Mapping[str, Any] | None,
    operation: Any,
    document: Document,
    parameters: Mapping[str, Any],
    most: int = 0,
) -> Document:
    """The part of a listing that a request asks for; `told` is what botocore's paginator says of it."""
    how = _how(told, operation)
    if how is None:
        return document
    lists, token_in, token_out, limit, more = how
    asked = int(parameters.get(limit) or 0) if limit else 0
    size = min(filter(None, (asked, most)), default=0)
    start = _start(parameters.get(token_in))
    longest = max((len(_found(document, path) or ()) for path in lists), default=0)
    if not size and not start:
        size = longest
    end = start + size if size else longest
    made: dict[str, Any] = _copied(document)
    for path in lists:
        items = _found(document, path)
        if items is not None:
            _put(made, path, list(items)[start:end])
    is_more = end < longest
    if is_more:
        _put(made, token_out, f"{_START}{end}")
    if more:
        _put(made, more, is_more)
    return made


def _start(token: Any) -> int:
    if not token:
        return 0
    at = str(token).removeprefix(_START)
    if not at.isdigit():
        raise Refused("InvalidArgument", "The continuation token provided is incorrect")
    return int(at)


def _how(told: Mapping[str, Any] | None, operation: Any) -> tuple[list[str], str, str, str, str] | None:
    if told is not None:
        one = {key: value[0] if isinstance(value, list) else value for key, value in told.items()}
        result = told["result_key"]
        # `NextMarker || Contents[-1].Key`: the first is what an answer has.
        token = str(one["output_token"]).partition(" ||")[0]
        lists = result if isinstance(result, list) else [result]
        return lists, one["input_token"], token, one.get("limit_key", ""), one.get("more_results", "")
    if operation.input_shape is None or operation.output_shape is None:
        return None
    asks, has = operation.input_shape.members, operation.output_shape.members
    pair = next(((out, into) for out, into in _TOKENS if out in has and into in asks), None)
    lists = [name for name, one in in_body(operation.output_shape) if one.type_name == "list"]
    if pair is None or not lists:
        return None
    limit = next((name for name in _LIMITS if name in asks), "")
    return lists, pair[1], pair[0], limit, "IsTruncated" if "IsTruncated" in has else ""


def _found(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = (document or {}).get(name)
    return document


def _copied(document: Any) -> Any:
    return {key: _copied(one) for key, one in document.items()} if isinstance(document, Mapping) else document


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for name in way:
        document = document.setdefault(name, {})
    document[last] = value
