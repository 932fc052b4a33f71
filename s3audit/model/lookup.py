"""Finds what may be meant by a name without comparing it with every other one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar

from s3audit.setting import Known, Setting, Unset
from s3audit.text import Opaque, Part, Text, same
from s3audit.verdict import Status

T = TypeVar("T")

_Entry: TypeAlias = tuple[Text, int]
_Groups: TypeAlias = dict[tuple[Part, ...], list[_Entry]]

_MADE_UP = Text((Opaque("made up", generated=True),))


def first_by_name(
    things: Iterable[tuple[T, Iterable[Setting[Text] | Setting[Text | None]]]],
) -> dict[Text, T]:
    """The first thing that has each name for certain: equal texts are the same string."""
    found: dict[Text, T] = {}
    for thing, names in things:
        for name in names:
            match name:
                case Known(Text() as known) | Unset(Text() as known):
                    found.setdefault(known, thing)
                case _:
                    continue
    return found


class Named(Generic[T]):
    """Things by the names they use: of those only that may be a certain one, what `same` would not rule out.

    It compares a name only with those of which the form does not tell already that they differ: two known names,
    two that are each one resource's own, two that have all in common but how they begin or how they end.
    """

    def __init__(self, things: Iterable[tuple[T, Iterable[Text | None]]]) -> None:
        """Each with its names; None stands for a name that may be any."""
        self._things: list[T] = []
        self._first: dict[Text, T | None] = {}
        self._open: list[int] = []
        self._exact: dict[Text, list[int]] = {}
        self._literal: list[_Entry] = []
        self._made_up: list[_Entry] = []
        """The known names that look as if they were made up while a resource is created."""
        self._own: dict[str, list[_Entry]] = {}
        """By the address of the resource, where the whole name is that resource's own."""
        self._chosen: list[_Entry] = []
        """Those of `_own` that may be any known name, as they are not made up."""
        self._by_start: _Groups = {}
        self._by_end: _Groups = {}
        for thing, names in things:
            place = len(self._things)
            self._things.append(thing)
            for name in dict.fromkeys(names):
                if name is None:
                    self._open.append(place)
                else:
                    self._add(name, place)

    def _add(self, name: Text, place: int) -> None:
        entry = (name, place)
        self._exact.setdefault(name, []).append(place)
        if name.literal is not None:
            self._literal.append(entry)
            if _looks_made_up(name):
                self._made_up.append(entry)
            return
        match name.parts:
            case (Opaque(resource=address, generated=generated),) if address:
                self._own.setdefault(address, []).append(entry)
                if not generated:
                    self._chosen.append(entry)
            case parts:
                self._by_start.setdefault(_without_end(parts), []).append(entry)
                self._by_end.setdefault(_without_start(parts), []).append(entry)

    @property
    def all(self) -> list[T]:
        return self._things

    def meant_by(self, name: Text) -> list[T]:
        """Those that use this name or one that may be the same, in their order."""
        if not self._things:
            return []
        found = {*self._open, *self._exact.get(name, ())}
        found.update(place for other, place in self._alike(name) if same(other, name) is not Status.FAIL)
        return [self._things[place] for place in sorted(found)]

    def first_meant_by(self, name: Text) -> T | None:
        """The first of them; many may ask for the same name, such as that of the one place for all logs."""
        if name not in self._first:
            self._first[name] = next(iter(self.meant_by(name)), None)
        return self._first[name]

    def _alike(self, name: Text) -> Iterator[_Entry]:
        """What has to be compared with it."""
        if name.literal is not None:
            if _looks_made_up(name):
                yield from self._all_own()
            else:
                yield from self._chosen
            yield from _but((), self._by_start)
            return
        match name.parts:
            case (Opaque(resource=address, generated=generated),) if address:
                yield from self._own.get(address, ())
                yield from self._made_up if generated else self._literal
                yield from _but((), self._by_start)
            case parts:
                yield from self._all_own()
                yield from self._literal
                start, end = _without_end(parts), _without_start(parts)
                if len(self._by_start.get(start, ())) > len(self._by_end.get(end, ())):
                    yield from _but(start, self._by_start)
                else:
                    yield from _but(end, self._by_end)

    def _all_own(self) -> Iterator[_Entry]:
        for entries in self._own.values():
            yield from entries


def _but(key: tuple[Part, ...], groups: _Groups) -> Iterator[_Entry]:
    """All but those of one group: of these each is the name itself or differs from it."""
    for other, entries in groups.items():
        if other != key:
            yield from entries


def _without_end(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return parts[:-1] if isinstance(parts[-1], str) else parts


def _without_start(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return parts[1:] if isinstance(parts[0], str) else parts


def _looks_made_up(name: Text) -> bool:
    return same(_MADE_UP, name) is not Status.FAIL
