"""Patterns of the policy language as automata: what they match, and one text for each way to match several."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, lru_cache

import msgspec

MOST_STATES = 20_000
LONGEST = 400
"""Characters of a text that stands for its class."""

ONE, MANY, ONE_OF_SEGMENT, MANY_OF_SEGMENT, ONE_OF_NAME, MANY_OF_NAME = range(6)
"""What `?` and `*` stand for; in the first five segments of an ARN they stop at its colons, in a name at a slash."""
Token = str | int

_WILD = {"?": ONE, "*": MANY}
_SEGMENTED = {ONE: ONE_OF_SEGMENT, MANY: MANY_OF_SEGMENT}
_REGEX = {
    ONE: ".",
    MANY: ".",
    ONE_OF_SEGMENT: "[^:]",
    MANY_OF_SEGMENT: "[^:]",
    ONE_OF_NAME: "[^/]",
    MANY_OF_NAME: "[^/]",
}
_STOPS = ((ONE, MANY, ""), (ONE_OF_SEGMENT, MANY_OF_SEGMENT, ":"), (ONE_OF_NAME, MANY_OF_NAME, "/"))
_COLONS = 5


class BudgetError(Exception):
    """It would take more work than is put into it; the text says what of."""


class Glob(msgspec.Struct, frozen=True, cache_hash=True, dict=True):
    """A pattern as tokens."""

    tokens: tuple[Token, ...]
    any_case: bool = False

    @cached_property
    def matches(self) -> Callable[[str], bool]:
        """Whether a text fits it."""
        head, tokens = self.head, self.tokens
        if not self.any_case and self.is_fixed:
            return head.__eq__
        if not self.any_case and tokens[len(head) :] == (MANY,):
            return lambda text: text.startswith(head)
        regex = re.compile(_regex(tokens), re.DOTALL | (re.IGNORECASE if self.any_case else 0))
        return lambda text: regex.fullmatch(text) is not None

    def may_go_on(self, start: str) -> bool:
        """Whether it may match what begins so."""
        return self.any_case or start.startswith(self.head) or self.head.startswith(start)

    @cached_property
    def is_fixed(self) -> bool:
        """Without a wildcard."""
        return len(self.head) == len(self.tokens)

    @cached_property
    def head(self) -> str:
        """What stands before its first wildcard."""
        tokens = self.tokens
        first = next((index for index, token in enumerate(tokens) if token.__class__ is int), len(tokens))
        return "".join(tokens[:first])  # type: ignore[arg-type]


def _regex(tokens: Sequence[Token]) -> str:
    """A star takes as little as it can, once and for all, but for the last one: the time grows with the text only."""
    pieces: list[tuple[str, str]] = [("", "")]
    for token in tokens:
        if isinstance(token, int) and token % 2:
            pieces.append((f"{_REGEX[token]}*", ""))
        else:
            star, rest = pieces[-1]
            pieces[-1] = (star, rest + (re.escape(token) if isinstance(token, str) else _REGEX[token]))
    first, *between = pieces
    if not between:
        return first[1]
    last = between.pop()
    return first[1] + "".join(f"(?>{star}?{rest})" for star, rest in between) + last[0] + last[1]


@lru_cache(maxsize=4096)
def glob(pattern: str) -> Glob:
    """With `*` and `?`."""
    return Glob(joined([_WILD.get(char, char) for char in pattern]))


@lru_cache(maxsize=4096)
def literal(text: str, *, any_case: bool = False) -> Glob:
    return Glob(tuple(text), any_case)


def arn_glob(tokens: Sequence[Token]) -> Glob | None:
    """As ArnLike has it, segment by segment; None where these are not the six of an ARN."""
    colons = 0
    found: list[Token] = []
    for one in tokens:
        if one == ":":
            colons += 1
        found.append(_SEGMENTED[one] if isinstance(one, int) and colons < _COLONS else one)
    return Glob(joined(found)) if colons >= _COLONS else None


def joined(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Two stars in a row are one."""
    if tokens.count(MANY) + tokens.count(MANY_OF_SEGMENT) + tokens.count(MANY_OF_NAME) < 2:
        return tuple(tokens)
    return tuple(
        token
        for index, token in enumerate(tokens)
        if not (isinstance(token, int) and token % 2 and index and tokens[index - 1] == token)
    )


class Automaton:
    """Many patterns side by side, read at once: a state is the set of places that reading has come to, as bits."""

    def __init__(self, globs: Sequence[Glob]) -> None:
        self._ends: list[int] = []
        self._exact: dict[str, int] = {}
        places = [0] * len(_REGEX)
        start = at = 0
        for one in globs:
            start |= 1 << at
            for token in one.tokens:
                if isinstance(token, int):
                    places[token] |= 1 << at
                else:
                    for char in {token, token.lower(), token.upper()} if one.any_case else (token,):
                        if len(char) == 1:
                            self._exact[char] = self._exact.get(char, 0) | 1 << at
                at += 1
            self._ends.append(1 << at)
            at += 1
        self._wild = [
            (places[one], places[many], stop) for one, many, stop in _STOPS if places[one] | places[many]
        ]
        for _, _, stop in self._wild:
            if stop:
                self._exact.setdefault(stop, 0)
        self._stars = places[MANY] | places[MANY_OF_SEGMENT] | places[MANY_OF_NAME]
        self._stops = {stop for _, _, stop in self._wild if stop}
        self._known = sorted(self._exact)
        self._other = fresh(self._known)
        self.start = self._closed(start)

    def _closed(self, state: int) -> int:
        """With what is reached by letting a star stand for nothing."""
        while True:
            wider = state | ((state & self._stars) << 1)
            if wider == state:
                return state
            state = wider

    def step(self, state: int, char: str) -> int:
        one, loop = self._exact.get(char, 0), 0
        for ones, many, stop in self._wild:
            if char != stop:
                one |= ones
                loop |= many
        return self._closed(((state & one) << 1) | (state & loop))

    def run(self, state: int, text: str) -> int:
        for char in text:
            state = self.step(state, char)
        return state

    def accepted(self, state: int) -> int:
        """The patterns that match what was read, as bits."""
        found = 0
        for index, end in enumerate(self._ends):
            if state & end:
                found |= 1 << index
        return found

    def letters(self, state: int) -> list[str]:
        """Those that make a difference from here on, after one that stands for all others."""
        return [
            self._other,
            *(char for char in self._known if state & self._exact[char] or char in self._stops),
        ]


def fresh(known: Collection[Token]) -> str:
    """A letter that is none of these."""
    for char in _FRESH:
        if char not in known:
            return char
    return next(char for char in map(chr, range(0x0430, 0x110000)) if char not in known)


_FRESH = "xqzjkw0123456789bcdfghlmnprstvyaeiou"


def classes(globs: Iterable[Glob], start: str = "", *, may_be_empty: bool = True) -> tuple[str, ...]:
    """A shortest text for each set of these patterns that some text matches; each goes on from `start`."""
    return _classes(tuple(dict.fromkeys(globs)), start, may_be_empty)


@lru_cache(maxsize=512)
def _classes(globs: tuple[Glob, ...], start: str, may_be_empty: bool) -> tuple[str, ...]:
    # A text without wildcards is a class of its own: only where it stands for another one has it to be told apart.
    fixed = {
        one.head: one for one in globs if one.is_fixed and not one.any_case and one.head.startswith(start)
    }
    if not may_be_empty:
        fixed.pop(start, None)
    apart = [one for one in globs if one.any_case or not one.is_fixed]
    if not apart and (other := start + _FRESH[0]) not in fixed:
        return (other, *fixed)
    while True:
        found = _reached(apart, start, may_be_empty=may_be_empty)
        mixed = [fixed.pop(text) for text in found if text in fixed]
        if not mixed:
            return tuple(dict.fromkeys([*found, *fixed]))
        apart += mixed


def _told_at_once(globs: Sequence[Glob], start: str, other: str) -> list[str] | None:
    """What `_reached` finds, where there is one star in a pattern at most; None where it has to be looked for."""
    cut = len(start)
    whole: set[str] = set()
    begun: set[str] = set()
    framed: list[tuple[str, str]] = []
    for one in globs:
        head = one.head
        tail = one.tokens[len(head) + 1 :]
        if len(head) == len(one.tokens):
            if len(head) >= cut:
                whole.add(head[cut:])
        elif not tail:
            begun.add(head[cut:])
        elif len(head) < cut or not all(token.__class__ is str for token in tail):
            return None
        else:
            framed.append((head[cut:], "".join(tail)))  # type: ignore[arg-type]
    heads = [head for head, _ in framed]
    for head in heads:
        others = [*whole, *(begun - {head}), *heads]
        if sum(one.startswith(head) for one in others) > 1:
            return None  # there are texts that fit both
    texts = [*whole, *begun, *(head + tail for head, tail in framed)]
    sizes = [len(text) for text in texts]
    if max(sizes, default=0) + 1 >= LONGEST or 2 * (sum(sizes) + 1) >= MOST_STATES:
        return None
    # In the order in which they are reached: by length, the other letter before all that are known.
    found = [(len(text), text, text) for text in {*texts} if text]
    found += [(len(text) + 1, text + "\0", text + other) for text in whole & begun if text]
    found.sort()
    return [other, *(text for _, _, text in found), *([""] if "" in whole else ())]


def _letter_beside(rests: Iterable[Sequence[Token]]) -> str:
    """The one that stands for all that no pattern has."""
    tokens: set[Token] = set().union(*rests)
    return fresh(tokens.union(stop for one, many, stop in _STOPS if one in tokens or many in tokens))


def _reached(globs: Sequence[Glob], start: str, *, may_be_empty: bool) -> list[str]:
    live = [one for one in globs if one.may_go_on(start)]
    go_on = all(one.head.startswith(start) and not one.any_case for one in live)
    if all(not one.any_case and (one.is_fixed or one.tokens[len(one.head)] == MANY) for one in live):
        rests = [one.tokens[len(start) :] for one in live] if go_on else [one.tokens for one in globs]
        if (told := _told_at_once(live, start, _letter_beside(rests))) is not None:
            return [start + text for text in told if text or may_be_empty]
    if go_on:
        machine = Automaton([Glob(one.tokens[len(start) :]) for one in live])
        first = machine.start
    else:
        machine = Automaton(globs)
        first = machine.run(machine.start, start)
    found: dict[int, str] = {}
    seen = {first}
    level = [(first, "")]
    while level:
        following: list[tuple[int, str]] = []
        for state, text in level:
            if len(text) >= LONGEST:
                raise BudgetError(f"texts of more than {LONGEST} characters")
            for char in machine.letters(state):
                reached = machine.step(state, char)
                if reached == first:
                    found.setdefault(machine.accepted(reached), text + char)
                if reached in seen:
                    continue
                if len(seen) >= MOST_STATES:
                    raise BudgetError(f"more than {MOST_STATES:,} ways to match its patterns")
                seen.add(reached)
                found.setdefault(machine.accepted(reached), text + char)
                following.append((reached, text + char))
        level = following
    if may_be_empty:  # where another text will do, it tells a reader more
        found.setdefault(machine.accepted(first), "")
    return [start + text for text in found.values()]
