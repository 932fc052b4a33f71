"""The requests that a policy can tell apart: for each thing that it looks at, one value of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import Action, is_future
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
from s3audit.policy.evaluate import acts, met_by, reaches, speaks_of, speaks_of_all
from s3audit.policy.globs import MANY, Glob, literal
from s3audit.policy.operators import TEXTS
from s3audit.policy.request import OF_CALLER, Caller, Held, Request
from s3audit.policy.rules import Pattern, Rule, Test
from s3audit.policy.solve import Box

CALLER, ACTION, RESOURCE = range(3)
_FIRST = 3
"""Dimension of a key."""


class Extent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What requests are looked at."""

    bucket: str
    """Its ARN, or that of an access point."""
    owner: str
    """The account that it belongs to."""
    known: Mapping[str, tuple[Glob, ...]] = {}
    """By key: values that a question tells apart, besides what the policy does."""
    accounts: tuple[str, ...] = ()
    """Further ones that a question tells apart."""
    outside: str = ""
    """An account that nobody names."""
    roles: tuple[str, ...] = ()
    """Those that any statement names as principals."""
    callers: tuple[Caller, ...] = ()
    """Callers that a question is about."""
    only: tuple[Caller, ...] = ()
    """If any: nobody else asks."""
    actions: tuple[Action, ...] = ()
    """If any: nothing else is asked for."""
    prefixes: tuple[str, ...] = ()
    """What the keys of objects begin with that a question tells apart."""
    patterns: tuple[Glob, ...] = ()
    """The same, as patterns of their ARNs."""

    @property
    def objects(self) -> str:
        """What the ARNs of its objects begin with."""
        return f"{self.bucket}/object/" if ":accesspoint/" in self.bucket else f"{self.bucket}/"


class Frame:
    """What all parts of a policy have in common."""

    def __init__(self, rules: tuple[Rule, ...], extent: Extent) -> None:
        tests = tested(rules)
        names = {*tests, *(name for name in extent.known if name not in OF_CALLER)}
        self.extent = extent
        self.keys, self.at = _keys(frozenset(names))
        self._kinds = {name: kind_of_key(name, tests.get(name, ())) for name in self.keys}
        # All conditions of which bounds tell the values apart: they make few.
        self._bounds = {name: some for name, some in tests.items() if self._kinds[name] != TEXTS}
        self._axes: dict[str, Axis[Held | None]] = {}

    def axis(self, name: str, tests: Sequence[Test]) -> Axis[Held | None]:
        """The values of a key that these conditions tell apart."""
        if tests and name not in self._bounds:
            return self._axis(name, tests)
        if name not in self._axes:
            self._axes[name] = self._axis(name, self._bounds.get(name, ()))
        return self._axes[name]

    def _axis(self, name: str, tests: Sequence[Test]) -> Axis[Held | None]:
        asked = () if name in OF_CALLER else self.extent.known.get(name, ())
        if name == keys.USER_ID:
            asked = (*asked, literal(keys.ANONYMOUS_ID))
        return of_key(name, self._kinds[name], tuple(tests), asked)

    def met(self, axis: Axis[Held | None], test: Test) -> Mask:
        return met_at(axis, self._kinds[test.key], test)


class Space:
    """The dimensions and their values; all but callers and actions are worked out once somebody looks at them."""

    def __init__(
        self,
        rules: tuple[Rule, ...],
        extent: Extent,
        *,
        within: Sequence[Rule] = (),
        frame: Frame | None = None,
    ) -> None:
        self.extent = extent
        self._frame = frame or Frame(rules, extent)
        self.keys = self._frame.keys
        self._rules = rules
        self._who = (
            of_only(extent.only)
            if extent.only
            else of_callers(
                named(rules),
                (extent.owner, *extent.accounts),
                extent.outside,
                extent.callers,
                extent.bucket.split(":", 2)[1],
                extent.roles,
            )
        )
        self._what = of_actions(extent.actions)
        self._boxes: dict[tuple[Rule, bool], Box | None] = {}
        self.is_open = False
        """Whether a statement came up of which it is not known what it takes in."""
        self._near = [self._who.full, self._what.full]
        """Who may ask, and for what: what is looked for lies within these statements."""
        for rule in within:
            if not rule.why:
                self._near[CALLER] &= self._speaks_of(rule)[1]
                self._near[ACTION] &= self._acts(rule)[1]

    @property
    def callers(self) -> tuple[Caller, ...]:
        return self._who.values

    @property
    def outside(self) -> str:
        """The account that stands for all those that nobody names."""
        return self.extent.outside

    @cached_property
    def _where(self) -> Axis[str]:
        return _resources(self._rules, self.extent)

    @cached_property
    def values(self) -> list[Axis[Held | None]]:
        """Of each key."""
        _ = self._where  # whatever is too much is said of the first dimension that is
        tests = tested(self._rules)
        return [self._frame.axis(name, tests.get(name, ())) for name in self.keys]

    @cached_property
    def full(self) -> list[int]:
        return [self._who.full, self._what.full, self._where.full, *(axis.full for axis in self.values)]

    @property
    def has_any(self) -> bool:
        """Whether anybody may ask for anything within the statements."""
        return all(self._near)

    # What is in a part of it

    def who(self, wanted: Callable[[Caller], bool]) -> Box:
        return {CALLER: self._who.bits(wanted, self._near[CALLER])}

    def doing(self, wanted: Callable[[Action], bool]) -> Box:
        return {ACTION: self._what.bits(wanted, self._near[ACTION])}

    def asking_for(self, names: frozenset[str]) -> Box:
        """Any of these actions."""
        found, _ = self._what.mask(names, lambda one: one.name in names)
        return {ACTION: found & self._near[ACTION]}

    def at(self, wanted: Callable[[str], bool]) -> Box:
        return {RESOURCE: self._where.bits(wanted)}

    def where(self, key: str, wanted: Callable[[Held | None], bool], told: object = None) -> Box:
        """Empty where nobody looks at the key: then it makes no difference. What is told of it is asked once."""
        index = self._frame.at.get(key)
        if index is None:
            return {}
        axis = self.values[index - _FIRST]
        return {index: axis.bits(wanted) if told is None else axis.mask(("told", told), wanted)[0]}

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
        known = (rule, widely)
        if known not in self._boxes:
            self._boxes[known] = self._box(rule, widely=widely)
        return self._boxes[known]

    def _box(self, rule: Rule, *, widely: bool) -> Box | None:
        if rule.why:
            return {} if widely else None
        found: dict[int, int] = {}
        for index, (surely, maybe) in self._parts(rule):
            self.is_open |= surely != maybe
            full = self.full[index]
            mask = (maybe if widely else surely) & found.get(index, full)
            if not mask:
                return None
            if mask != full:
                found[index] = mask
        return found

    def _parts(self, rule: Rule) -> Iterable[tuple[int, Mask]]:
        yield CALLER, self._speaks_of(rule)
        yield ACTION, self._acts(rule)
        wheres = (rule.resources, rule.not_resources)
        yield RESOURCE, self._where.mask(wheres, lambda one: reaches(rule, one))
        for test in rule.tests:
            if not isinstance(test, Test):
                yield CALLER, (0, self._who.full)
            elif test.key in OF_CALLER:
                yield CALLER, self._who.mask(test, lambda one, test=test: met_by(test, one))  # type: ignore[misc]
            else:
                index = self._frame.at[test.key]
                axis = self.values[index - _FIRST]
                yield index, self._frame.met(axis, test)

    def _speaks_of(self, rule: Rule) -> Mask:
        if speaks_of_all(rule):
            return self._who.full, self._who.full
        key = (rule.principals, rule.not_principals, rule.effect)
        return self._who.mask(key, lambda one: speaks_of(rule, one))

    def _acts(self, rule: Rule) -> Mask:
        return self._what.mask((rule.actions, rule.not_actions), lambda one: acts(rule, one.name))

    def impossible(self) -> list[Box]:
        """Requests that there are not."""
        objects, _ = self._what.mask("of objects", _is_of_objects)
        bucket = 1 << self._where.values.index(self.extent.bucket)
        inside = self.full[RESOURCE] & ~bucket
        # In this order a witness is about an object where it may be: people know those actions best.
        found: list[Box] = [
            {ACTION: ~objects & self._what.full, RESOURCE: inside},
            {ACTION: objects, RESOURCE: bucket},
        ]
        for index, name, wanted in _bound(self.keys):
            axis: Axis[Any] = self._who if index == CALLER else self._what
            without, _ = axis.mask(wanted, wanted)
            found.append({index: without, **self._there(name)})
        found += self._of_unsigned()
        found += self._of_networks()
        found += self._of_headers()
        return [box for box in found if all(box.values())]

    def _there(self, name: str) -> Box:
        index = self._frame.at[name]
        axis = self.values[index - _FIRST]
        return {index: axis.full & ~axis.absent}

    def _absent(self, name: str) -> Box:
        index = self._frame.at[name]
        return {index: self.values[index - _FIRST].absent}

    def _of_unsigned(self) -> list[Box]:
        """Whoever has no credentials goes by one id, and not through a service."""
        found: list[Box] = []
        unsigned, _ = self._who.mask(_is_unsigned, _is_unsigned)
        if keys.USER_ID in self._frame.at:
            of_nobody = self.where(keys.USER_ID, lambda held: held == keys.ANONYMOUS_ID)
            others = self.where(keys.USER_ID, lambda held: held != keys.ANONYMOUS_ID)
            found += [{CALLER: unsigned, **others}, {CALLER: self._who.full & ~unsigned, **of_nobody}]
        if keys.VIA_SERVICE in self._frame.at:
            via = self.where(keys.VIA_SERVICE, lambda held: held == "true")
            found.append({CALLER: unsigned, **via})
        return found

    def _of_networks(self) -> list[Box]:
        """Through an endpoint there is no public address; otherwise there is one, and nothing of an endpoint."""
        found: list[Box] = []
        through = [name for name in self.keys if name in keys.OF_ENDPOINTS]
        for one, other in combinations(through, 2):
            found.append({**self._there(one), **self._absent(other)})
            found.append({**self._absent(one), **self._there(other)})
        for name in through[:1] if keys.SOURCE_IP in self._frame.at else ():
            found.append({**self._there(name), **self._there(keys.SOURCE_IP)})
            people, _ = self._who.mask(_is_no_service, _is_no_service)
            found.append({CALLER: people, **self._absent(name), **self._absent(keys.SOURCE_IP)})
        return found

    def _of_headers(self) -> list[Box]:
        found: list[Box] = []
        if keys.TLS_VERSION in self._frame.at:
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
        if keys.SSE_KEY in self._frame.at:
            no_kms = self.where(keys.SSE, lambda one: one is None or not str(one).startswith("aws:kms"))
            found.append({**no_kms, **self._there(keys.SSE_KEY)})
        if keys.SSE_C in self._frame.at and keys.SSE in self._frame.at:
            found.append({**self._there(keys.SSE), **self._there(keys.SSE_C)})
        return found


def _is_of_objects(action: Action) -> bool:
    return action.of_objects


def _is_no_service(caller: Caller) -> bool:
    return caller.kind != "service"


def _is_no_member(caller: Caller) -> bool:
    return caller.kind in ("anonymous", "service")


def _is_unsigned(caller: Caller) -> bool:
    return caller.kind == "anonymous"


def _is_no_upload(action: Action) -> bool:
    return not (action.name in keys.UPLOADS or is_future(action.name))


def _is_no_listing(action: Action) -> bool:
    return not (action.name.startswith("s3:ListBucket") or is_future(action.name))


_BOUND: tuple[tuple[frozenset[str], int, Callable[[Any], bool]], ...] = (
    (keys.OF_SERVICES, CALLER, _is_no_service),
    (keys.OF_MEMBERS, CALLER, _is_no_member),
    (keys.OF_SIGNED, CALLER, _is_unsigned),
    (keys.OF_UPLOADS, ACTION, _is_no_upload),
    (keys.OF_LISTINGS, ACTION, _is_no_listing),
)
"""Keys that are not there in requests of some callers or for some actions."""


@lru_cache(maxsize=256)
def _bound(names: tuple[str, ...]) -> tuple[tuple[int, str, Callable[[Any], bool]], ...]:
    of_identities = ((CALLER, name, _is_no_member) for name in names if keys.is_of_identities(name))
    others = ((index, name, wanted) for name in names for those, index, wanted in _BOUND if name in those)
    return (*of_identities, *others)


@lru_cache(maxsize=256)
def tested(rules: tuple[Rule, ...]) -> Mapping[str, tuple[Test, ...]]:
    found: dict[str, dict[Test, None]] = {}
    for rule in rules:
        for test in rule.tests:
            if isinstance(test, Test) and test.key not in OF_CALLER:
                found.setdefault(test.key, {})[test] = None
    return {name: tuple(tests) for name, tests in found.items()}


@lru_cache(maxsize=256)
def _keys(names: frozenset[str]) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """With the keys that others hang on, and the dimension of each."""
    further = {keys.TLS} if keys.TLS_VERSION in names else set()
    if keys.SSE_KEY in names:
        further.add(keys.SSE)
    found = tuple(sorted(names | further))
    return found, {name: index for index, name in enumerate(found, _FIRST)}


def _resources(rules: tuple[Rule, ...], extent: Extent) -> Axis[str]:
    told = (Glob((*f"{extent.objects}{prefix}", MANY)) for prefix in extent.prefixes)
    return of_resources(extent.bucket, extent.objects, (*_globs(rules), *told, *extent.patterns))


@lru_cache(maxsize=256)
def _globs(rules: tuple[Rule, ...]) -> tuple[Glob, ...]:
    found = dict.fromkeys(
        pattern.glob
        for rule in rules
        for pattern in (*(rule.resources or ()), *(rule.not_resources or ()))
        if isinstance(pattern, Pattern)
    )
    return tuple(found)
