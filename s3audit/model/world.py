"""One input with all the ways it may turn out: an estate, and the scenarios in which a resource may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import msgspec

from s3audit.model.estate import Estate
from s3audit.problem import Problem


class Case(msgspec.Struct, frozen=True):
    """One scenario: what is assumed, in words, and the estate as it then is."""

    when: tuple[str, ...]
    """One entry for each parameter, in the same order in every case of a resource: `Env is dev`."""
    estate: Estate
    tries: Callable[[], Iterable[Estate]] | None = None
    """Where conditions are open of which nobody may say that they can turn out in each way: the estates of all ways.

    What a check says of all of them is so; that it says it of one is no finding.
    """


class World(Protocol):
    """What a collector makes of one input."""

    @property
    def source(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def estate(self) -> Estate:
        """With what can't be decided left open."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What could not be looked at, so far."""

    def cases(self, address: str) -> Sequence[Case]:
        """The scenarios that matter to a resource and to what it refers to; at least one."""


class Plain:
    """A world that can turn out in one way only."""

    def __init__(self, source: str, kind: str, estate: Estate) -> None:
        self.source = source
        self.kind = kind
        self.estate = estate
        self.problems: Sequence[Problem] = ()

    def cases(self, address: str) -> Sequence[Case]:
        return (Case((), self.estate),)
