"""Answers about the last few objects that were asked about."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 8


class Recent(Generic[T]):
    """Many checks ask the same about one subject, one after the other: it is worked out for the first of them.

    Known by what it is, not by what it is equal to; an object that was made anew is another one.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[object, T]] = {}

    def of(self, one: object, make: Callable[[], T]) -> T:
        kept = self._kept.get(id(one))
        if kept is not None:  # and kept alive, so that no other has its identity
            return kept[1]
        if len(self._kept) >= _MOST:
            self._kept.clear()
        made = make()
        self._kept[id(one)] = (one, made)
        return made
