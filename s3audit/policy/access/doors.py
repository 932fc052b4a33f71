"""A way to a bucket as the policies that a request has to pass there, and who gets through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product

import msgspec

from s3audit.policy.actions import Action
from s3audit.policy.evaluate import ALLOWED, DENIED, Decision, evaluate, match
from s3audit.policy.globs import BudgetError, Glob, joined, literal
from s3audit.policy.operators import Open
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Policies, Query, Reason, both
from s3audit.policy.request import Caller, Held, Request
from s3audit.policy.rules import Pattern, Rule
from s3audit.policy.solve import Box, Search
from s3audit.policy.space import Extent, Space, tested

POINT_ARN, POINT_ACCOUNT, POINT_ORIGIN = (
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
    "s3:accesspointnetworkorigin",
)
_NO_POINT: Mapping[str, Callable[[Held | None], bool]] = dict.fromkeys(
    (POINT_ARN, POINT_ACCOUNT, POINT_ORIGIN), lambda held: held is None
)


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """All in the terms of the bucket, whatever a request is addressed to."""

    bucket: str
    """Its ARN."""
    owner: str
    allowing: tuple[tuple[Rule, ...], ...]
    """Policies each of which has to allow a request."""
    denying: tuple[tuple[Rule, ...], ...] = ()
    """Policies that may deny one, and need not allow it."""
    carries: Mapping[str, Callable[[Held | None], bool]] = {}
    """What a request through it holds."""
    known: Mapping[str, tuple[Glob, ...]] = {}
    """Values of these keys that it hangs on."""
    actions: tuple[Action, ...] = ()
    """If any: nothing else may be asked for through it."""
    patterns: tuple[Glob, ...] = ()
    """Of the ARNs of objects that are told apart."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(chain(*self.allowing, *self.denying))


def direct(bucket: str, owner: str, rules: tuple[Rule, ...]) -> Door:
    """Of a bucket itself: such a request tells nothing of an access point."""
    return Door(bucket=bucket, owner=owner, allowing=(rules,), carries=_NO_POINT)


class Told(msgspec.Struct, frozen=True):
    """What the policies say together of the requests that were asked about."""

    verdict: str
    """PROVEN where nobody gets through, WITNESS where somebody does."""
    request: Request | None = None
    decisions: tuple[Decision, ...] = ()
    """Of each policy that has to allow it."""
    spared: tuple[Decision, ...] = ()
    """Of each that may not deny it."""
    why: str = ""
    element: str = ""
    doubtful: Rule | None = None
    """The statement of which that is not known."""

    @property
    def rule(self) -> Rule | None:
        """The statement that lets a request in, of the first policy."""
        return self.decisions[0].by[0] if self.decisions and self.decisions[0].by else None


def asked(
    door: Door,
    query: Query,
    *,
    callers: tuple[Caller, ...] = (),
    only: tuple[Caller, ...] = (),
    known: Mapping[str, tuple[Glob, ...]] | None = None,
) -> Told:
    """Whether any of these requests gets through."""
    policies = _policies(door, callers=callers, only=only, known=known or {})

    def within(space: Space) -> Iterable[Box]:
        carried = _carried(space, door)
        for box in query(space):
            yield both(box, carried)

    if len(door.allowing) == 1 and not door.denying:
        answer = policies.granted(within)
        decisions = () if answer.decision is None else (answer.decision,)
        reason = answer.reasons[0] if answer.reasons else Reason("")
        return Told(
            answer.verdict,
            answer.request,
            decisions,
            why=reason.why,
            element=reason.element,
            doubtful=reason.rule,
        )
    return _through_all(door, policies, within)


def callers_at(door: Door, further: tuple[Caller, ...] = ()) -> tuple[Sequence[Caller], str]:
    """All whom its policies tell apart, and the account that stands for those that nobody names."""
    space = _policies(door, callers=further).everybody()
    return space.callers, space.outside


def named_accounts(door: Door) -> frozenset[str]:
    return _policies(door).told


def _policies(
    door: Door,
    *,
    callers: tuple[Caller, ...] = (),
    only: tuple[Caller, ...] = (),
    known: Mapping[str, tuple[Glob, ...]] = {},
) -> Policies:
    rules = door.rules
    keys = tested(rules)
    hangs_on = {key: some for key, some in door.known.items() if key in keys}
    extent = Extent(
        bucket=door.bucket,
        owner=door.owner,
        callers=callers,
        only=only,
        actions=door.actions,
        known={**hangs_on, **known},
        patterns=door.patterns,
    )
    return Policies(rules, extent)


def _carried(space: Space, door: Door) -> Box:
    box: Box = {}
    for key, wanted in door.carries.items():
        box = both(box, space.where(key, wanted))
    return box


def _through_all(door: Door, policies: Policies, query: Query) -> Told:
    """Nobody, if nothing is found with all that is open taken for the best; somebody, if it is with the worst."""
    try:
        widest = _found(door, policies, query, widely=True)
        if widest is None:
            return Told(PROVEN)
        surest = widest if _is_sure(widest) else _found(door, policies, query, widely=False)
    except BudgetError as error:
        return Told(UNKNOWN, why=f"budget: {error}")
    if surest is not None and _is_sure(surest):
        return surest
    why, element, rule = _open(door, widest)
    return Told(UNKNOWN, widest.request, widest.decisions, widest.spared, why, element, rule)


def _found(door: Door, policies: Policies, query: Query, *, widely: bool) -> Told | None:
    space = Space(policies.rules, policies.extent)
    search = Search()
    forbidden = [*space.impossible()]
    for rule in policies.rules:
        if rule.effect == "Deny" or (not widely and not rule.effect):
            taken = space.box(rule, widely=not widely)
            if taken is not None:
                forbidden.append(taken)
    given = [
        [
            box
            for rule in one
            if rule.effect == "Allow" or (widely and not rule.effect)
            if (box := space.box(rule, widely=widely)) is not None
        ]
        for one in door.allowing
    ]
    for start in query(space):
        for boxes in product(*given):
            narrowed = start
            for box in boxes:
                narrowed = both(narrowed, box)
            point = search.point(space.full, narrowed, forbidden)
            if point is not None:
                request = space.request(point)
                return Told(
                    WITNESS,
                    request,
                    tuple(evaluate(one, request) for one in door.allowing),
                    tuple(evaluate(one, request) for one in door.denying),
                )
    return None


def _is_sure(told: Told) -> bool:
    return all(decision.effect == ALLOWED for decision in told.decisions) and all(
        decision.effect != DENIED and all(rule.effect == "Allow" for rule in decision.unsure)
        for decision in told.spared
    )


def _open(door: Door, told: Told) -> tuple[str, str, Rule | None]:
    """What would have to be known."""
    if told.request is None:
        return "", "", None
    for rule in door.rules:
        seen = match(rule, told.request)
        if seen.matches and not rule.effect:
            return rule.no_effect or "its Effect is not known", "Effect", rule
        if seen.matches is None:
            return _said(rule, seen.element) or seen.why, seen.element, rule
    return "its policies compare a key in ways that nothing fits together that is looked for", "", None


def _said(rule: Rule, element: str) -> str:
    """What is open in an element, in the words of the input."""
    holders = {
        "Principal": (*(rule.principals or ()), *(rule.not_principals or ())),
        "Action": (*(rule.actions or ()), *(rule.not_actions or ())),
        "Resource": (*(rule.resources or ()), *(rule.not_resources or ())),
    }
    for item in holders.get(element, ()):
        if isinstance(item, Open):
            return item.why
        if item.open:
            return item.open
    return rule.why


def moved(rules: Sequence[Rule], point: str, bucket: str) -> tuple[Rule, ...]:
    """The statements of an access point as if they were about its bucket: its objects are the bucket's."""
    return tuple(
        msgspec.structs.replace(
            rule,
            resources=_all_moved(rule.resources, point, bucket),
            not_resources=_all_moved(rule.not_resources, point, bucket),
        )
        for rule in rules
    )


def _all_moved(
    those: tuple[Pattern | Open, ...] | None, point: str, bucket: str
) -> tuple[Pattern | Open, ...] | None:
    if those is None:
        return None
    return tuple(
        found for one in those for found in ((one,) if isinstance(one, Open) else _moved(one, point, bucket))
    )


def _moved(one: Pattern, point: str, bucket: str) -> Iterator[Pattern]:
    if one.glob.matches(point):
        yield Pattern(one.shown, literal(bucket), one.open)
    for rest in after(one.glob, f"{point}/object/"):
        yield Pattern(one.shown, Glob(joined((*bucket, "/", *rest))), one.open)


def after(pattern: Glob, start: str) -> list[tuple[str | int, ...]]:
    """What may follow a text in all that a pattern matches, as patterns."""
    tokens = pattern.tokens
    places = _skipped(tokens, {0})
    for char in start:
        stay = {place for place in places if _is_star(tokens, place)}
        go = {
            place + 1
            for place in places
            if place < len(tokens) and not _is_star(tokens, place) and tokens[place] in (char, _ONE)
        }
        places = _skipped(tokens, stay | go)
    return [tokens[place:] for place in sorted(places) if not _is_star(tokens, place - 1)]


_ONE, _MANY = 0, 1


def _is_star(tokens: Sequence[str | int], place: int) -> bool:
    return 0 <= place < len(tokens) and tokens[place] == _MANY


def _skipped(tokens: Sequence[str | int], places: set[int]) -> set[int]:
    """With what is reached by letting a star stand for nothing."""
    found = set(places)
    for place in sorted(places):
        following = place
        while _is_star(tokens, following):
            following += 1
            found.add(following)
    return found
