"""Proves a claim about a policy, or finds a request that breaks it; every such request is replayed first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

import msgspec

from s3audit.policy.callers import named, stranger
from s3audit.policy.evaluate import ALLOWED, DENIED, NEITHER, Decision, evaluate, match, matches, met
from s3audit.policy.globs import BudgetError
from s3audit.policy.operators import Open, unread
from s3audit.policy.request import Request
from s3audit.policy.rules import Rule, Test
from s3audit.policy.solve import Box, Items, Search, cut
from s3audit.policy.space import Extent, Frame, Space

PROVEN, WITNESS, UNKNOWN = "PROVEN", "WITNESS", "UNKNOWN"
Query = Callable[[Space], Iterable[Box]]
"""The requests that would break the claim, if the policy is as the mode says."""


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why nobody can tell."""

    why: str
    rule: Rule | None = None
    element: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    verdict: str
    request: Request | None = None
    """A request that breaks the claim."""
    decision: Decision | None = None
    """What the policy says of it."""
    reasons: tuple[Reason, ...] = ()
    accounts: tuple[str, ...] = ()
    """Who has access, where that is asked."""


class Found(msgspec.Struct, frozen=True, gc=False):
    request: Request
    decision: Decision


class Policies:
    """The statements of a policy, and the requests that are looked at."""

    def __init__(self, rules: Sequence[Rule], extent: Extent, *, eager: bool = False) -> None:
        self.rules = tuple(rules)
        self.eager = eager
        """All statements at once, instead of as few as decide."""
        # The keys of every statement: that one is absent may matter to another. And nobody's account is nobody's.
        names = named(self.rules)
        self.told = frozenset((extent.owner, *extent.accounts, *names.told))
        self.extent = msgspec.structs.replace(extent, outside=stranger(self.told), roles=names.roles)
        self._frame = Frame(self.rules, self.extent)
        self._search = Search()
        self._is_open = not all(rule.effect for rule in self.rules)
        """Whether anything was met that is not known: if not, the worst is the best."""

    def everybody(self) -> Space:
        """With all callers whom the statements tell apart."""
        return Space(self.rules, self.extent, frame=self._frame)

    def granted(self, query: Query) -> Answer:
        """Whether it allows any of these."""
        return _answer(lambda widely: next(self._granted(lambda: query, widely=widely), None), _is_allowed)

    def all_granted(self, query: Callable[[], Query]) -> Iterator[Answer]:
        """Every witness in turn, the query asked anew after each; the last answer says that there is no more."""
        try:
            for found in self._granted(query, widely=False):
                if not _is_allowed(found.decision):
                    self._is_open = True
                    break
                yield Answer(verdict=WITNESS, request=found.request, decision=found.decision)
        except BudgetError as error:
            yield _exhausted(error)
            return
        yield self.granted(query()) if self._is_open else Answer(verdict=PROVEN)

    def not_denied(self, query: Query) -> Answer:
        """Whether it leaves any of these to whoever else may allow it."""
        return _answer(lambda widely: self._spared(query, _Part((), self._frame), widely=widely), _is_spared)

    def denied(self, query: Query, by: Callable[[Rule], bool]) -> Answer:
        """Whether one of these statements denies any of these."""
        return _answer(
            lambda widely: self._denied(query, by, widely=widely),
            lambda decision: decision.effect == DENIED and any(map(by, decision.by)),
        )

    def refused(self, query: Query) -> Answer:
        """Whether it denies any of these, or does not allow one."""
        return _answer(lambda widely: self._refused(query, widely=widely), _is_refused)

    def _granted(self, query: Callable[[], Query], *, widely: bool) -> Iterator[Found]:
        for rule in self.rules:
            if rule.effect == "Allow" or (widely and rule.effect != "Deny"):
                part = _Part((rule,), self._frame)
                while (found := self._spared(query(), part, widely=widely)) is not None:
                    yield found

    def _spared(self, query: Query, part: _Part, *, widely: bool) -> Found | None:
        """A request that these allow and nothing denies; the Denies are looked at as they turn out to matter."""
        denying = [rule for rule in self.rules if rule.effect == "Deny" or (not widely and not rule.effect)]
        if self.eager and not part.beside:
            part.look_at(denying)
        for more in count(1):
            request = self._first(part, query, widely=widely)
            if request is None:
                return None
            known = set(map(id, part.beside))  # statements of several policies may have one number
            killers = [
                rule
                for rule in denying
                if id(rule) not in known and self._hits(rule, request, widely=not widely)
            ]
            if not killers:
                return Found(request, evaluate(self.rules, request))
            # The more often it takes, the more of them at once.
            part.look_at(sorted(killers, key=_narrowness)[:more])
        raise AssertionError("it counts for ever")

    def _denied(self, query: Query, by: Callable[[Rule], bool], *, widely: bool) -> Found | None:
        for rule in self.rules:
            if not by(rule) or not (rule.effect == "Deny" or (widely and not rule.effect)):
                continue
            request = self._first(_Part((rule,), self._frame), query, widely=widely)
            if request is not None:
                return Found(request, evaluate(self.rules, request))
        return None

    def _refused(self, query: Query, *, widely: bool) -> Found | None:
        found = self._denied(query, lambda _: True, widely=widely)
        if found is not None:
            return found
        part = _Part((), self._frame)
        part.look_at(
            rule for rule in self.rules if rule.effect == "Allow" or (not widely and not rule.effect)
        )
        part.space = self.everybody()
        request = self._first(part, query, widely=widely)
        return None if request is None else Found(request, evaluate(self.rules, request))

    def _hits(self, rule: Rule, request: Request, *, widely: bool) -> bool:
        found = matches(rule, request)
        self._is_open |= found is None
        return found is True or (widely and found is None)

    def _first(self, part: _Part, query: Query, *, widely: bool) -> Request | None:
        space = part.space
        for box in query(space) if space.has_any else ():
            narrowed = part.narrowed(box, widely=widely)
            point = None
            if narrowed is not None:
                point = self._search.first(space.full, narrowed, part.forbidden(widely=widely))
            self._is_open |= space.is_open
            if point is not None:
                return space.request(point)
        return None


class _Part:
    """Statements of a policy that requests lie within, and those of which they lie in none."""

    def __init__(
        self,
        within: tuple[Rule, ...],
        frame: Frame,
        beside: Iterable[Rule] = (),
        space: Space | None = None,
    ) -> None:
        self.within = within
        self.beside = tuple(beside)
        self._frame = frame
        self._forbidden: list[Items] | None = None
        self.space = space or self._told_apart()

    def _told_apart(self) -> Space:
        frame = self._frame
        return Space((*self.within, *self.beside), frame.extent, within=self.within, frame=frame)

    def look_at(self, more: Iterable[Rule]) -> None:
        """Requests that these are about are none of them either."""
        self.beside += tuple(more)
        self._forbidden = None
        self.space = self._told_apart()

    def narrowed(self, box: Box, *, widely: bool) -> Box | None:
        """What of a box lies within them; None for nothing."""
        for rule in self.within:
            inside = self.space.box(rule, widely=widely)
            if inside is None:
                return None
            box = both(box, inside)
        return box if all(box.values()) else None

    def forbidden(self, *, widely: bool) -> list[Items]:
        """A part is looked at either widely or not."""
        if self._forbidden is None:
            space = self.space
            taken = (space.box(rule, widely=not widely) for rule in self.beside)
            self._forbidden = cut([*space.impossible(), *(box for box in taken if box is not None)])
        return self._forbidden


def both(one: Box, other: Box) -> Box:
    """What lies in both."""
    found = dict(one)
    for index, mask in other.items():
        found[index] = found[index] & mask if index in found else mask
    return found


def _narrowness(rule: Rule) -> tuple[int, int]:
    """The fewer conditions and resources, the more it takes away at once."""
    return (len(rule.tests), len(rule.resources or ()) + len(rule.actions or ()))


def _is_spared(decision: Decision) -> bool:
    """Surely: what is not known is no more than what an Allow takes in."""
    return decision.effect != DENIED and all(rule.effect == "Allow" for rule in decision.unsure)


def _is_allowed(decision: Decision) -> bool:
    return decision.effect == ALLOWED


def _is_refused(decision: Decision) -> bool:
    return decision.effect in (DENIED, NEITHER)


def _answer(search: Callable[[bool], Found | None], is_sure: Callable[[Decision], bool]) -> Answer:
    """Proven if nothing is found with all that is open taken for the worst; a witness if one is with the best."""
    try:
        widest = search(True)
        if widest is None:
            return Answer(verdict=PROVEN)
        surest = widest if is_sure(widest.decision) else search(False)
    except BudgetError as error:
        return _exhausted(error)
    if surest is not None and is_sure(surest.decision):
        return Answer(verdict=WITNESS, request=surest.request, decision=surest.decision)
    return Answer(verdict=UNKNOWN, request=widest.request, reasons=tuple(_open(widest)))


def _exhausted(error: BudgetError) -> Answer:
    return Answer(verdict=UNKNOWN, reasons=(Reason(f"budget: {error}"),))


def _open(found: Found) -> Iterable[Reason]:
    """What would have to be known."""
    told: dict[Reason, None] = {}
    for rule in (*found.decision.by, *(one.rule for one in found.decision.others)):
        seen = match(rule, found.request)
        if seen.matches and not rule.effect:
            told[Reason(rule.no_effect or "its Effect is not known", rule, "Effect")] = None
        if seen.matches is None:
            told[Reason(_why(rule, seen.element, found.request) or seen.why, rule, seen.element)] = None
    return told or [
        Reason("a key is compared as texts and as something else, and what fits both is not looked for")
    ]


def _why(rule: Rule, element: str, request: Request) -> str:
    """What is open in an element."""
    holders = {
        "Principal": (*(rule.principals or ()), *(rule.not_principals or ())),
        "Action": (*(rule.actions or ()), *(rule.not_actions or ())),
        "Resource": (*(rule.resources or ()), *(rule.not_resources or ())),
    }.get(element, ())
    for item in holders:
        if isinstance(item, Open):
            return item.why
        if item.open:
            return item.open
    for test in rule.tests if element == "Condition" else ():
        if isinstance(test, Test) and met(test, request) is not None:
            continue
        if isinstance(test, Open):
            return test.why
        if test.operator is None:
            return f"there is no operator {test.written}"
        for value in test.values:
            if isinstance(value, Open):
                return value.why
            if value.open:
                return value.open
            if why := unread(test.operator, value):
                return why
    return rule.why
