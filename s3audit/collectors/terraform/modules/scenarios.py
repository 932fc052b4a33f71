"""The values that variables without a value may have, as far as they matter to a resource."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import product
from math import prod
from typing import TypeAlias

import msgspec

from s3audit.collectors.documents.hcl.syntax import Datum
from s3audit.collectors.terraform.language.convert import NULL
from s3audit.collectors.terraform.language.scope import WORKSPACE, Condition, Trace
from s3audit.text import Opaque

MOST = 64
"""Scenarios of one resource."""

Choice: TypeAlias = "Datum | Opaque"
Assignment: TypeAlias = Mapping[str, Choice]
Compared: TypeAlias = Mapping[str, AbstractSet[Datum]]
"""Variables without a value, each with the values that it is compared with."""


class Scenario(msgspec.Struct, frozen=True, eq=False):
    """One way to choose the values, and the choice in words: `env is dev`, an entry for each variable."""

    assignment: Assignment
    when: tuple[str, ...] = ()


class Variables:
    """The variables of a root module that have no value, and what is known of the values that they may have."""

    def __init__(self, closed: Mapping[str, tuple[Datum, ...]]) -> None:
        self._closed = closed
        """All values that each may have; empty where its type and validation leave that open."""

    def scenarios(self, compared: Compared) -> list[Scenario] | None:
        """The ways in which these may turn out; None when they are too many, or there is but one."""
        axes = self._axes(compared)
        if prod(map(len, axes.values())) > MOST:
            axes = self._axes(compared, nulls=False)
        if not axes or prod(map(len, axes.values())) > MOST:
            return None
        return [
            Scenario(
                {name: value for name, (value, _) in zip(axes, chosen, strict=True)},
                tuple(when for _, when in chosen),
            )
            for chosen in product(*axes.values())
        ]

    def _axes(self, compared: Compared, *, nulls: bool = True) -> dict[str, list[tuple[Choice, str]]]:
        return {
            name: found
            for name in sorted(compared)
            if len(found := self._values(name, compared[name], nulls)) > 1
        }

    def _values(self, name: str, choices: AbstractSet[Datum], nulls: bool) -> list[tuple[Choice, str]]:
        if self._closed.get(name):
            return [(value, f"{name} is {_shown(value)}") for value in self._closed[name]]
        compared: list[Datum] = sorted((value for value in choices if value is not None), key=str)
        null: list[Datum] = [None] if nulls and None in choices else []
        if not compared and not null:
            return []
        if compared and all(isinstance(value, bool) for value in compared):
            return [(value, f"{name} is {_shown(value)}") for value in (False, True, *null)]
        found: list[tuple[Choice, str]] = [
            (value, f"{name} is {_shown(value)}") for value in (*compared, *null)
        ]
        texts = tuple(NULL if value is None else str(value) for value in (*compared, *null))
        origin = name if name == WORKSPACE else f"var.{name}"
        other = Opaque(origin, given=True, other_than=texts)
        return [*found, (other, _none_of(name, [*compared, *null]))]


def _shown(value: Datum) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    text = str(value)
    return text if text and text == text.strip() else f'"{text}"'


def _none_of(name: str, values: Sequence[Datum]) -> str:
    shown = [_shown(value) for value in values]
    if len(shown) == 1:
        return f"{name} is not {shown[0]}"
    if len(shown) == 2:
        return f"{name} is neither {shown[0]} nor {shown[1]}"
    return f"{name} is none of {', '.join(shown)}"


class Relations:
    """Which resources have to do with which: what one is made of, and what is made of it."""

    def __init__(self, traces: Mapping[str, Trace]) -> None:
        self._traces = traces
        self._from: dict[str, set[str]] = {}
        for address, trace in traces.items():
            for touched in trace.touched:
                self._from.setdefault(touched, set()).add(address)

    def around(self, address: str) -> tuple[Compared, ...]:
        """The open variables that may matter to a resource: of all around it, and of less and less of that."""
        own = self._closure({address} | self._parts(address))
        # What belongs to a neighbour says what it is like; what that is made of in turn is far away.
        near = own.union(*map(self._parts, own), self._loose)
        everything = near | self._closure(self._from.get(address, set()))
        return self._open(everything), self._open(near), self._open(own)

    def _parts(self, address: str) -> set[str]:
        """What belongs to a bucket and says nothing but about that bucket."""
        return {one for one in self._from.get(address, ()) if _is_part(one)}

    @cached_property
    def _loose(self) -> set[str]:
        """Parts of buckets that name them by texts of their own, so that they may belong to any."""
        parts = {address: trace for address, trace in self._traces.items() if _is_part(address)}
        return {address for address, trace in parts.items() if not any(map(_is_bucket, trace.touched))}

    def _closure(self, start: set[str]) -> set[str]:
        found: set[str] = set()
        left = list(start)
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                trace = self._traces.get(one)
                left.extend(trace.touched if trace else ())
        return found

    def held(self, address: str, most: int) -> Iterator[list[dict[Condition, bool]]]:
        """The ways in which the conditions around it may turn out that nothing decides, where these are not many."""
        for compared in self.around(address):
            names = sorted(name for name in compared if isinstance(name, Condition))
            if names and 1 << len(names) <= most:
                yield [
                    dict(zip(names, told, strict=True)) for told in product((True, False), repeat=len(names))
                ]

    def _open(self, addresses: set[str]) -> Compared:
        found: dict[str, set[Datum]] = {}
        for address in addresses:
            trace = self._traces.get(address)
            if trace is not None:
                for name in trace.open:
                    found.setdefault(name, set())
                for name, value in trace.compared or ():
                    found.setdefault(name, set()).add(value)
        return found


def _is_part(address: str) -> bool:
    return ".aws_s3_bucket_" in f".{address}" or "_policy." in address


def _is_bucket(address: str) -> bool:
    return ".aws_s3_bucket." in f".{address}"
