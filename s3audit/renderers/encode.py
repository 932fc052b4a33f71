"""JSON that any decoder takes and any terminal shows as it is."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from s3audit.renderers.clean import encodable

# What terminals and editors obey and do not show: control characters, invisible ones, changes of direction.
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def encode(value: Any) -> str:
    """Indented by two, keys in the order they are given, a newline at the end."""
    return _HIDDEN.sub(_escape, msgspec.json.format(_raw(value), indent=2).decode()) + "\n"


def in_line(value: Any) -> str:
    """The same on one line, and without a newline at the end."""
    return _HIDDEN.sub(_escape, _raw(value).decode())


def array(values: Iterable[Any]) -> Iterator[str]:
    """The pieces of an array with each of its values on a line."""
    yield "["
    between = "\n"
    for value in values:
        yield f"{between}{in_line(value)}"
        between = ",\n"
    yield "\n]\n"


def _raw(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # a file name with bytes that are no UTF-8
        return msgspec.json.encode(_encodable(msgspec.to_builtins(value)))


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def _encodable(value: Any) -> Any:
    match value:
        case str():
            return encodable(value)
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list() | tuple():
            return [_encodable(item) for item in value]
        case _:
            return value
