"""Resources that are folded up small until somebody looks at one: a scan of an account has thousands of them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, reduce
from operator import eq, or_
from sys import intern
from typing import Any, overload

import msgspec

from s3audit.folds import Folds
from s3audit.model.base import Resource, account_of, kind_of
from s3audit.model.kinds import KINDS

_SURROGATE = re.compile("[\ud800-\udfff]")
_AT_HAND = 16
"""Resources that stay as they are after somebody looked at them."""


def line_of(value: msgspec.Struct) -> bytes:
    """A resource as a line of JSON, the same bytes for the same resource."""
    try:
        return _encoder().encode(value)
    except UnicodeEncodeError:
        return _encoder().encode(_mended(msgspec.to_builtins(value)))


def _mended(value: Any) -> Any:
    """The same with a sign in the place of each half of a pair of surrogates, which can't be written anywhere."""
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case dict():
            return {_mended(key): _mended(one) for key, one in value.items()}
        case list() | tuple():
            return [*map(_mended, value)]
        case _:
            return value


def resource_of(line: bytes) -> Resource:
    """The resource of a line; raises what msgspec does where it is none."""
    return _decoder().decode(line)


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder(order="deterministic")


@cache
def _decoder() -> msgspec.json.Decoder[Resource]:
    return msgspec.json.Decoder(reduce(or_, KINDS.values()))


class Folded(Sequence[Resource]):
    """Some resources, each made anew from what was folded up whenever it is asked for."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self.keys: list[tuple[str, str]] = []
        """Kind and address of each."""
        self.accounts: list[str] = []
        """That of each; empty where it has no id."""
        self._folds = Folds()
        self.extend(resources)

    def extend(self, resources: Iterable[Resource]) -> None:
        for resource in resources:
            line = line_of(resource)
            # Half a pair of surrogates is told as a sign, in what it is found by too.
            address = resource.address if resource.address.isascii() else resource_of(line).address
            self.keys.append((kind_of(type(resource)), address))
            self.accounts.append(intern(account_of(resource)))
            self._folds.append(line)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folded) and self.keys == other.keys and all(map(eq, self.lines, other.lines))

    __hash__ = None  # type: ignore[assignment]

    @property
    def lines(self) -> Iterator[bytes]:
        """Each as the line that it is in a snapshot."""
        return (self._folds[place] for place in range(len(self)))

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Resource: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Resource]: ...
    def __getitem__(self, place: int | slice) -> Resource | Sequence[Resource]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return resource_of(self._folds[place])


class Shelf(Sequence[Resource]):
    """Resources of one kind out of several folds, by their place and by their address."""

    def __init__(self, places: Mapping[str, tuple[Folded, int]]) -> None:
        self._places = places
        self._addresses = tuple(places)
        self._made = lru_cache(_AT_HAND)(self._make)

    @property
    def accounts(self) -> Iterator[str]:
        """That of each, without a look at it."""
        return (fold.accounts[place] for fold, place in self._places.values())

    def at(self, address: str) -> Resource | None:
        """The resource of this address."""
        return self._made(address) if address in self._places else None

    def _make(self, address: str) -> Resource:
        fold, place = self._places[address]
        return fold[place]

    def __len__(self) -> int:
        return len(self._addresses)

    def __iter__(self) -> Iterator[Resource]:
        return map(self._made, self._addresses)

    @overload
    def __getitem__(self, place: int) -> Resource: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Resource]: ...
    def __getitem__(self, place: int | slice) -> Resource | Sequence[Resource]:
        if isinstance(place, slice):
            return [self._made(address) for address in self._addresses[place]]
        return self._made(self._addresses[place])
