"""One thing that requests differ in, with a value of every kind that matters, and which of them fit what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, combinations
from typing import Generic, TypeVar

from s3audit.policy import keys
from s3audit.policy.actions import ACTIONS, FUTURES, Action
from s3audit.policy.callers import Named, callers
from s3audit.policy.globs import MANY, BudgetError, Glob, classes, literal
from s3audit.policy.keys import ALWAYS, key_of
from s3audit.policy.operators import (
    ADDRESSES,
    MOMENTS,
    NUMBERS,
    TEXTS,
    Chosen,
    Operator,
    Value,
    holds,
    kind_of,
    patterns,
)
from s3audit.policy.points import addresses, moments, numbers
from s3audit.policy.request import Caller, Held
from s3audit.policy.rules import Test

T = TypeVar("T")
Mask = tuple[int, int]
"""The values that surely fit, and those that may, as bits."""
_MOST_SETS = 500
_MOST_MASKS = 5_000
"""That an axis remembers: some serve every policy of a process."""
_MOST_VALUES = 2_500
EVERY_ACTION = (*ACTIONS, *FUTURES)


class Axis(Generic[T]):
    """The same one serves every question and every part of a policy that tells no more values apart."""

    def __init__(self, values: Iterable[T], base: Axis[T] | None = None) -> None:
        """What another one has comes first; what is known of that is known of this one."""
        self._base = base
        self._own = tuple(values)
        self.values: tuple[T, ...] = self._own if base is None else (*base.values, *self._own)
        self.full = (1 << len(self.values)) - 1
        self.absent = 1 << len(self.values) - 1 if self.values and self.values[-1] is None else 0
        """Of a key: where it is not there."""
        self._masks: dict[object, Mask] = {}

    def bits(self, wanted: Callable[[T], bool], among: int = -1) -> int:
        """Those of the values among these that are wanted."""
        found = 0
        place = 1
        for value in self.values if among else ():
            if among & place and wanted(value):
                found |= place
            place <<= 1
        return found

    def mask(self, key: object, answer: Callable[[T], bool | None]) -> Mask:
        """What fits, asked once for each key."""
        known = self._masks.get(key)
        if known is None:
            surely, maybe = (0, 0) if self._base is None else self._base.mask(key, answer)
            place = self.full + 1 >> len(self._own)
            for value in self._own:
                found = answer(value)
                if found:
                    surely |= place
                elif found is None:
                    maybe |= place
                place <<= 1
            known = (surely, surely | maybe)
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            self._masks[key] = known
        return known


@lru_cache(maxsize=128)
def of_callers(
    told: Named,
    accounts: tuple[str, ...],
    outside: str,
    further: tuple[Caller, ...],
    partition: str,
    roles: tuple[str, ...],
) -> Axis[Caller]:
    if not further:
        return Axis(callers(told, accounts, outside, partition, roles))
    base = of_callers(told, accounts, outside, (), partition, roles)
    return Axis((one for one in dict.fromkeys(further) if one not in base.values), base)


@lru_cache(maxsize=64)
def of_only(them: tuple[Caller, ...]) -> Axis[Caller]:
    return Axis(them)


@lru_cache(maxsize=64)
def of_actions(them: tuple[Action, ...]) -> Axis[Action]:
    return Axis(them or EVERY_ACTION)


@lru_cache(maxsize=256)
def of_resources(bucket: str, objects: str, globs: tuple[Glob, ...]) -> Axis[str]:
    return Axis((bucket, *classes(globs, objects, may_be_empty=False)))


@lru_cache(maxsize=1024)
def of_key(name: str, kind: str, tests: tuple[Test, ...], asked: tuple[Glob, ...]) -> Axis[Held | None]:
    """What a key may hold; None, that it is absent, stands last."""
    key = key_of(name)
    singles = list(key.words) or _singles(name, kind, key.holds, tests, asked)
    found: list[Held | None] = list(singles)
    if _has_many(name, tests):
        found = list(_sets(singles, tests))
    if len(found) > _MOST_VALUES:
        raise BudgetError(f"more than {_MOST_VALUES:,} values of {name}")
    if key.present != ALWAYS:
        found.append(None)
    return Axis(found)


def met_at(axis: Axis[Held | None], kind: str, test: Test) -> Mask:
    """The values that meet a condition; open where the values of the axis are not told apart by what it compares."""
    which = test.operator
    if which is None:
        return 0, axis.full
    apart: bool | None = None

    def answer(held: Held | None) -> bool | None:
        nonlocal apart
        if apart is None:
            apart = bool(key_of(test.key).words) or _tells_apart(kind, which, test.values)
        return None if held is not None and not apart else holds(which, test.values, held)

    return axis.mask((which, test.values), answer)


@lru_cache(maxsize=1024)
def kind_of_key(name: str, tests: tuple[Test, ...]) -> str:
    """What its values are told apart as; where nobody knows the key, as the conditions have it."""
    known = {keys.ADDRESS: ADDRESSES, keys.NUMBER: NUMBERS, keys.DATE: MOMENTS}.get(key_of(name).holds)
    if known is not None:
        return known
    kinds = {kind_of(test.operator) for test in tests if test.operator is not None} - {""}
    return kinds.pop() if len(kinds) == 1 and name not in keys.KEYS else TEXTS


def _tells_apart(kind: str, which: Operator, values: Sequence[Value]) -> bool:
    compares = kind_of(which)
    if compares in ("", kind) or (kind == NUMBERS and compares == MOMENTS):
        return True
    # One text among numbers or addresses is one of them, or none; and a star is all of them.
    return compares == TEXTS and all(
        isinstance(value, Chosen)
        and (shape := patterns(which, value)) is not None
        and (shape.is_fixed or shape.tokens == (MANY,))
        for value in values
    )


def _singles(
    name: str, kind: str, holds_what: str, tests: Sequence[Test], asked: Sequence[Glob]
) -> Sequence[str]:
    chosen = [(test, value) for test in tests for value in test.values if isinstance(value, Chosen)]
    texts = [*(value.text for _, value in chosen), *(one.head for one in asked)]
    if kind == ADDRESSES:
        return addresses(texts)
    if kind == NUMBERS:
        return numbers(texts, are_counts=holds_what == keys.NUMBER)
    if kind == MOMENTS:
        # The later ones first: nobody asks in the past.
        return [_LATER, *sorted(moments(texts), key=lambda one: one < "2026")]
    shapes = [
        patterns(test.operator, value) or literal(value.text)
        for test, value in chosen
        if test.operator is not None and kind_of(test.operator)
    ]
    told = (*asked, *shapes)
    return _as_usual(keys.USUAL.get(name, ()), classes(told), told)


_LATER = "2027-01-01T00:00:00Z"


def _as_usual(usual: Sequence[str], found: Sequence[str], told: Sequence[Glob]) -> Sequence[str]:
    """With a text that requests really have in place of one that fits the same patterns."""
    if not usual:
        return found
    left = {tuple(one.matches(text) for one in told): text for text in reversed(usual)}
    return [text if not text else left.pop(tuple(one.matches(text) for one in told), text) for text in found]


def _has_many(name: str, tests: Sequence[Test]) -> bool:
    """Where nobody knows the key, it may if a condition takes it so."""
    return key_of(name).has_many or (
        not keys.is_single(name) and any(test.operator is not None and test.operator.each for test in tests)
    )


def _sets(singles: Sequence[str], tests: Sequence[Test]) -> Iterable[frozenset[str]]:
    """Sets of as many as there are conditions that look at sets; more of them can be told apart by nobody."""
    of_sets = [
        bool(test.operator.each)
        for test in tests
        if test.operator is not None and test.operator.base != "null"
    ]
    # What is meant by a condition on one value AWS leaves open where there are two.
    most = max(1, sum(of_sets), 0 if all(of_sets) else 2)
    found: list[tuple[str, ...]] = []
    for one in chain.from_iterable(combinations(singles, size) for size in range(1, most + 1)):
        found.append(one)
        if len(found) > _MOST_SETS:
            raise BudgetError(f"more than {_MOST_SETS} sets of values of a key")
    return map(frozenset, found)
