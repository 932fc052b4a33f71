"""Values of the model as what an API takes; what is not known can't be said."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset

T = TypeVar("T")


class UntoldError(Exception):
    """The model does not tell what has to be put, or a live account has no way to have it."""


def told(setting: Setting[T]) -> T:
    """The value, written or not."""
    match setting:
        case Known(value) | Unset(value):
            return value
        case Unknown(why):
            raise UntoldError(why)


def items(listed: Listed[T], each: Callable[[T], Any] = lambda item: item) -> list[Any]:
    """The elements of a list, each of which has to be known."""
    return [each(told(item)) for item in told(listed)]


def fields(**given: Any) -> dict[str, Any]:
    """What is there of it: None and empty lists are not written."""
    return {name: value for name, value in given.items() if value is not None and value != []}


def is_untold(section: object) -> bool:
    """Whether nothing at all is known of a configuration that may be there."""
    match section:
        case Unknown():
            return section.why != NOT_COLLECTED.why
        case msgspec.Struct() if not isinstance(section, Known | Unset):
            inner = [getattr(section, name) for name in section.__struct_fields__ if name != "at"]
            gaps = [one for one in inner if isinstance(one, Unknown)]
            return len(gaps) == len(inner) and any(one.why != NOT_COLLECTED.why for one in gaps)
        case _:
            return False
