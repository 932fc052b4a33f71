"""The requests that a policy can tell apart: for each thing that it looks at, one value of every kind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import FUTURE, Action
from s3audit.policy.axes import (
    Axis,
    Mask,
    kind_of_key,
    met_at,
    of_actions,
    of_callers,
    of_key,
    of_only,
    of_resources,
)
from s3audit.policy.callers import named
from s3audit.policy.evaluate import acts, met_by, reaches, speaks_of
from s3audit.policy.globs import MANY, Glob
from s3audit.policy.request import OF_CALLER, Caller, Held, Request
from s3audit.policy.rules import Pattern, Rule, Test
from s3audit.policy.solve import Box

CALLER, ACTION, RESOURCE = range(3)
_FIRST = 3
"""Dimension of a key."""


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What requests are looked at."""

    bucket: str
    """Its ARN, or that of an access point."""
    owner: str
    """The account that it belongs to."""
    known: Mapping[str, tuple[Glob, ...]] = {}
    """By key: values that a question tells apart, besides what the policy does."""
    kinds: Mapping[str, str] = {}
    """By key: what its values are told apart as."""
    bounds: Mapping[str, tuple[Test, ...]] = {}
    """All conditions on keys of which bounds tell the values apart: they make few, and the same for every part."""
    accounts: tuple[str, ...] = ()
    """Further ones that a question tells apart."""
    outside: str = ""
    """An account that nobody names."""
    callers: tuple[Caller, ...] = ()
    """Callers that a question is about."""
    only: tuple[Caller, ...] = ()
    """If any: nobody else asks."""
    actions: tuple[Action, ...] = ()
    """If any: nothing else is asked for."""
    prefixes: tuple[str, ...] = ()
    """What the keys of objects begin with that a question tells apart."""

    @property
    def objects(self) -> str:
        """What the ARNs of its objects begin with."""
        return f"{self.bucket}/object/" if ":accesspoint/" in self.bucket else f"{self.bucket}/"


class Space:
    """The dimensions and their values."""

    def __init__(self, rules: tuple[Rule, ...], extent: Extent) -> None:
        self.extent = extent
        told = named(rules)
        accounts = (extent.owner, *extent.accounts)
        self._who = (
            of_only(extent.only)
            if extent.only
            else of_callers(told, accounts, extent.outside, extent.callers, extent.bucket.split(":")[1])
        )
        self._what = of_actions(extent.actions)
        self._where = _resources(rules, extent)
        self._tests = tested(rules)
        asked = {name: values for name, values in extent.known.items() if name not in OF_CALLER}
        self.keys = _with_companions({*self._tests, *asked})
        self.values = [
            of_key(
                name,
                self._kind(name),
                extent.bounds.get(name) or self._tests.get(name, ()),
                asked.get(name, ()),
            )
            for name in self.keys
        ]
        self._at = {name: index for index, name in enumerate(self.keys, _FIRST)}
        self.axes: list[Axis[Any]] = [self._who, self._what, self._where, *self.values]
        self.full = [axis.full for axis in self.axes]
        self.is_open = False
        """Whether a statement came up of which it is not known what it takes in."""

    @property
    def callers(self) -> tuple[Caller, ...]:
        return self._who.values

    @property
    def outside(self) -> str:
        """The account that stands for all those that nobody names."""
        return self.extent.outside

    # What is in a part of it

    def who(self, wanted: Callable[[Caller], bool]) -> Box:
        return {CALLER: self._who.bits(wanted)}

    def doing(self, wanted: Callable[[Action], bool]) -> Box:
        return {ACTION: self._what.bits(wanted)}

    def at(self, wanted: Callable[[str], bool]) -> Box:
        return {RESOURCE: self._where.bits(wanted)}

    def where(self, key: str, wanted: Callable[[Held | None], bool]) -> Box:
        """Empty where nobody looks at the key: then it makes no difference."""
        index = self._at.get(key)
        return {} if index is None else {index: self.values[index - _FIRST].bits(wanted)}

    def request(self, point: Sequence[int]) -> Request:
        context = {
            name: value
            for name, axis, index in zip(self.keys, self.values, point[_FIRST:], strict=True)
            if (value := axis.values[index]) is not None
        }
        caller, action, resource = point[:_FIRST]
        return Request(
            self._who.values[caller],
            self._what.values[action].name,
            self._where.values[resource],
            context,
        )

    # What statements take in

    def box(self, rule: Rule, *, widely: bool) -> Box | None:
        """What a statement takes in: all that it may be about, or only what it surely is. None for nothing."""
        if rule.why:
            return {} if widely else None
        found: dict[int, int] = {}
        for index, (surely, maybe) in self._parts(rule):
            self.is_open |= surely != maybe
            mask = (maybe if widely else surely) & found.get(index, self.full[index])
            if not mask:
                return None
            if mask != self.full[index]:
                found[index] = mask
        return found

    def _parts(self, rule: Rule) -> Iterable[tuple[int, Mask]]:
        whos = (rule.principals, rule.not_principals, rule.effect)
        yield CALLER, self._who.mask(whos, lambda one: speaks_of(rule, one))
        whats = (rule.actions, rule.not_actions)
        yield ACTION, self._what.mask(whats, lambda one: acts(rule, one.name))
        wheres = (rule.resources, rule.not_resources)
        yield RESOURCE, self._where.mask(wheres, lambda one: reaches(rule, one))
        for test in rule.tests:
            if not isinstance(test, Test):
                yield CALLER, (0, self._who.full)
            elif test.key in OF_CALLER:
                yield CALLER, self._who.mask(test, lambda one, test=test: met_by(test, one))  # type: ignore[misc]
            else:
                index = self._at[test.key]
                axis = self.values[index - _FIRST]
                yield index, met_at(axis, self._kind(test.key), test)

    def _kind(self, name: str) -> str:
        return self.extent.kinds.get(name) or kind_of_key(name, self._tests.get(name, ()))

    def impossible(self) -> list[Box]:
        """Requests that there are not."""
        objects, _ = self._what.mask("of objects", lambda one: one.of_objects)
        inside, _ = self._where.mask("inside", lambda one: one != self.extent.bucket)
        found: list[Box] = [
            {ACTION: objects, RESOURCE: ~inside & self.full[RESOURCE]},
            {ACTION: ~objects & self.full[ACTION], RESOURCE: inside},
        ]
        for name in self.keys:
            there = self._there(name)
            if name in keys.OF_SERVICES:
                found.append({**self._callers("no service", lambda one: one.kind != "service"), **there})
            if name in keys.OF_MEMBERS:
                nobody = self._callers("no member", lambda one: one.kind in ("anonymous", "service"))
                found.append({**nobody, **there})
            if name in keys.OF_SIGNED:
                found.append({**self._callers("unsigned", lambda one: one.kind == "anonymous"), **there})
            if name in keys.OF_UPLOADS:
                found.append({**self._actions("no upload", lambda one: one.name not in _UPLOADING), **there})
            if name in keys.OF_LISTINGS:
                found.append(
                    {**self._actions("no listing", lambda one: not one.name.startswith(_LISTING)), **there}
                )
        found += self._of_networks()
        found += self._of_headers()
        return [box for box in found if all(box.values())]

    def _there(self, name: str) -> Box:
        index = self._at[name]
        return {index: self.values[index - _FIRST].mask("there", _is_there)[0]}

    def _absent(self, name: str) -> Box:
        index = self._at[name]
        return {index: self.values[index - _FIRST].mask("absent", _is_absent)[0]}

    def _callers(self, name: str, wanted: Callable[[Caller], bool]) -> Box:
        return {CALLER: self._who.mask(name, wanted)[0]}

    def _actions(self, name: str, wanted: Callable[[Action], bool]) -> Box:
        return {ACTION: self._what.mask(name, wanted)[0]}

    def _of_networks(self) -> list[Box]:
        """Through an endpoint there is no public address; otherwise there is one, and nothing of an endpoint."""
        found: list[Box] = []
        through = [name for name in self.keys if name in keys.OF_ENDPOINTS]
        for one, other in combinations(through, 2):
            found.append({**self._there(one), **self._absent(other)})
            found.append({**self._absent(one), **self._there(other)})
        for name in through[:1] if keys.SOURCE_IP in self._at else ():
            found.append({**self._there(name), **self._there(keys.SOURCE_IP)})
            callers = self._callers("no service", lambda one: one.kind != "service")
            found.append({**callers, **self._absent(name), **self._absent(keys.SOURCE_IP)})
        return found

    def _of_headers(self) -> list[Box]:
        found: list[Box] = []
        if keys.TLS_VERSION in self._at:
            found.append(
                {
                    **self.where(keys.TLS, lambda one: one == "false"),
                    **self._there(keys.TLS_VERSION),
                }
            )
            found.append(
                {
                    **self.where(keys.TLS, lambda one: one == "true"),
                    **self._absent(keys.TLS_VERSION),
                }
            )
        if keys.SSE_KEY in self._at:
            no_kms = self.where(keys.SSE, lambda one: one is None or not str(one).startswith("aws:kms"))
            found.append({**no_kms, **self._there(keys.SSE_KEY)})
        if keys.SSE_C in self._at and keys.SSE in self._at:
            found.append({**self._there(keys.SSE), **self._there(keys.SSE_C)})
        return found


_UPLOADING = keys.UPLOADS | {FUTURE}
_LISTING = ("s3:ListBucket", FUTURE)


def _is_there(value: Held | None) -> bool:
    return value is not None


def _is_absent(value: Held | None) -> bool:
    return value is None


@lru_cache(maxsize=256)
def tested(rules: tuple[Rule, ...]) -> Mapping[str, tuple[Test, ...]]:
    found: dict[str, dict[Test, None]] = {}
    for rule in rules:
        for test in rule.tests:
            if isinstance(test, Test) and test.key not in OF_CALLER:
                found.setdefault(test.key, {})[test] = None
    return {name: tuple(tests) for name, tests in found.items()}


def _with_companions(names: set[str]) -> list[str]:
    """With the keys that others hang on."""
    if keys.TLS_VERSION in names:
        names.add(keys.TLS)
    if keys.SSE_KEY in names:
        names.add(keys.SSE)
    return sorted(names)


def _resources(rules: tuple[Rule, ...], extent: Extent) -> Axis[str]:
    told = (Glob((*f"{extent.objects}{prefix}", MANY)) for prefix in extent.prefixes)
    return of_resources(extent.bucket, extent.objects, (*_globs(rules), *told))


@lru_cache(maxsize=256)
def _globs(rules: tuple[Rule, ...]) -> tuple[Glob, ...]:
    found = dict.fromkeys(
        pattern.glob
        for rule in rules
        for pattern in (*(rule.resources or ()), *(rule.not_resources or ()))
        if isinstance(pattern, Pattern)
    )
    return tuple(found)
