"""Runs regular expressions: in time that the expression and the text bound, and with the priorities of Go."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.regular import (
    LONGEST_PROGRAM,
    Choice,
    Empty,
    Group,
    Letters,
    One,
    Part,
    Pattern,
    Reader,
    Repeat,
    Row,
)

MOST_STEPS = 100_000

Spans = tuple[tuple[int, int] | None, ...]
"""Where the whole match, then each group, begins and ends."""


class Step(NamedTuple):
    kind: str
    """letter, split, save, place or match."""
    next: int
    other: int = 0
    letters: Letters | None = None
    place: str = ""


class Program(NamedTuple):
    steps: tuple[Step, ...]
    start: int
    names: tuple[str, ...]


class _Compiler:
    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, step: Step) -> int:
        self.steps.append(step)
        if len(self.steps) > LONGEST_PROGRAM:
            raise NotKnown("the regular expression is too large to be worked out")
        return len(self.steps) - 1

    def part(self, part: Part, then: int) -> int:
        """Where the steps begin that match this and go on with `then`."""
        match part:
            case Empty(place=""):
                return then
            case Empty(place=place):
                return self.add(Step("place", then, place=place))
            case One(letters=letters):
                return self.add(Step("letter", then, letters=letters))
            case Row(parts=parts):
                for inner in reversed(parts):
                    then = self.part(inner, then)
                return then
            case Choice(branches=branches):
                *others, start = [self.part(branch, then) for branch in branches]
                for other in reversed(others):
                    start = self.add(Step("split", other, start))
                return start
            case Group(part=inner, number=number):
                end = self.add(Step("save", then, 2 * number + 1))
                return self.add(Step("save", self.part(inner, end), 2 * number))
            case Repeat():
                return self.repeat(part, then)

    def repeat(self, repeat: Repeat, then: int) -> int:
        part, least, most, greedy = repeat
        if most is None:
            if not least and may_be_empty(part):
                return self.branch(self.more(part, then, greedy=greedy), then, greedy=greedy)
            if not least:
                loop = self.add(Step("split", 0))
                self.steps[loop] = self.either(self.part(part, loop), then, greedy=greedy)
                return loop
            start = self.more(part, then, greedy=greedy)
            least -= 1
        else:
            start = then
            for _ in range(most - least):
                start = self.branch(self.part(part, start), then, greedy=greedy)
        for _ in range(least):
            start = self.part(part, start)
        return start

    def more(self, part: Part, then: int, *, greedy: bool) -> int:
        """Once or more often."""
        loop = self.add(Step("split", 0))
        start = self.part(part, loop)
        self.steps[loop] = self.either(start, then, greedy=greedy)
        return start

    def branch(self, one: int, other: int, *, greedy: bool) -> int:
        return self.add(self.either(one, other, greedy=greedy))

    def either(self, one: int, other: int, *, greedy: bool) -> Step:
        return Step("split", one, other) if greedy else Step("split", other, one)


def may_be_empty(part: Part) -> bool:
    match part:
        case One():
            return False
        case Empty():
            return True
        case Row(parts=parts):
            return all(map(may_be_empty, parts))
        case Choice(branches=branches):
            return any(map(may_be_empty, branches))
        case Group(part=inner):
            return may_be_empty(inner)
        case Repeat(part=inner, least=least):
            return not least or may_be_empty(inner)


@lru_cache(maxsize=64)
def compiled(text: str) -> Program:
    pattern: Pattern = Reader(text).read()
    compiler = _Compiler()
    end = compiler.add(Step("match", 0))
    end = compiler.add(Step("save", end, 1))
    start = compiler.add(Step("save", compiler.part(pattern.part, end), 0))
    return Program(tuple(compiler.steps), start, pattern.names)


class Machine:
    """Looks for an expression in one text."""

    def __init__(self, program: Program, text: str) -> None:
        self.program = program
        self.text = text
        self.left = MOST_STEPS

    def search(self, start: int) -> Spans | None:
        """The first match from a place on."""
        seen: set[int] = set()
        for place in range(start, len(self.text) + 1):
            if (found := self.match(place, seen)) is not None:
                return found
        return None

    def match(self, start: int, seen: set[int]) -> Spans | None:
        """The match that begins at a place; `seen` are the steps that have led nowhere."""
        steps, text, width = self.program.steps, self.text, len(self.text) + 1
        saved: list[int] = [-1] * (2 * len(self.program.names) + 2)
        stack: list[tuple[int, int]] = [(self.program.start, start)]
        while stack:
            index, place = stack.pop()
            if index < 0:  # a group that led nowhere gets its old place back
                saved[-index - 1] = place
                continue
            while True:
                key = index * width + place
                if key in seen:
                    break
                seen.add(key)
                self.left -= 1
                if self.left < 0:
                    raise NotKnown("the regular expression takes too long to be worked out")
                kind, following, other, letters, where = steps[index]
                if kind == "letter":
                    if place >= len(text) or letters is None or not letters.has(text[place]):
                        break
                    place += 1
                elif kind == "split":
                    stack.append((other, place))
                elif kind == "save":
                    stack.append((-other - 1, saved[other]))
                    saved[other] = place
                elif kind == "place":
                    if not self.is_at(where, place):
                        break
                else:
                    return tuple(
                        (saved[i], saved[i + 1]) if saved[i] >= 0 and saved[i + 1] >= 0 else None
                        for i in range(0, len(saved), 2)
                    )
                index = following
        return None

    def is_at(self, where: str, place: int) -> bool:
        text = self.text
        match where:
            case "start":
                return place == 0
            case "end":
                return place == len(text)
            case "line start":
                return place == 0 or text[place - 1] == "\n"
            case "line end":
                return place == len(text) or text[place] == "\n"
            case _:
                before = place > 0 and _is_word(text[place - 1])
                after = place < len(text) and _is_word(text[place])
                return (before is not after) is (where == "word edge")

    def each(self) -> Iterator[Spans]:
        """All matches; an empty one right behind another does not count."""
        place, last = 0, -1
        while place <= len(self.text):
            found = self.search(place)
            if found is None or found[0] is None:
                return
            start, end = found[0]
            accepted = True
            if end == place:
                accepted = start != last
                place += 1
            else:
                place = end
            last = end
            if accepted:
                yield found


def _is_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")
