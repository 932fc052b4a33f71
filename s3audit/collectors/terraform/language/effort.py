"""How much work a configuration may make: what it declares is worth some, and loops and large values take it."""

from collections.abc import Iterable

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.documents.tree import Mapping, Sequence
from s3audit.collectors.terraform.language.values import Encoded, OpenSequence, Primitive, Value

AT_FIRST = 500_000
FOR_EACH_INSTANCE = 200
IN_RESERVE = 500_000
FOR_ONE_VALUE = 2_000
"""What an argument or a named value may take of the reserve, once another one has used up all else."""

TOO_MUCH = "to work it out takes more than a configuration needs"

_LETTERS = 64
"""Of a text that are gone through as fast as one value."""
_HEAVIEST = 1 << 40

_COMPARING = frozenset(
    {"distinct", "index", "matchkeys", "setintersection", "setsubtract", "setunion", "toset", "=="}
)
"""Functions and operators that compare each element with each other one, if they are no texts."""
_MOST_COMPARED = 100_000
_SEARCHING = frozenset({"regex", "regexall", "replace"})
"""Functions that may start to search at each letter anew."""
_SEARCHED = 10_000
"""Letters, squared, that are searched as fast as one word is evaluated."""
_UNPACKING = "base64gunzip"
"""The function that may make much of little."""
MOST_UNPACKED = 250_000
"""Bytes that it makes at most, and a thousand of each: a packed text may be that small."""


class Effort:
    """The work that is left, in steps: to evaluate one word takes one."""

    __slots__ = ("_weights", "left", "reserve", "used")

    def __init__(self) -> None:
        self.left = AT_FIRST
        self.reserve = IN_RESERVE
        self.used = 0
        self._weights: dict[int, tuple[Value, int]] = {}

    def earn(self) -> None:
        """What one instance of a resource or module may take."""
        self.left += FOR_EACH_INSTANCE

    def lend(self) -> int | None:
        """Before a value of its own is worked out: so that it is worked out whatever the others took."""
        if self.left >= FOR_ONE_VALUE or self.left >= self.reserve:
            return None
        before, self.left = self.left, min(FOR_ONE_VALUE, self.reserve)
        self.reserve -= self.left
        return before

    def give_back(self, before: int) -> None:
        """After it: what was left when `lend` was asked is left again."""
        self.reserve += max(self.left, 0)
        self.left = before

    def take(self, steps: int) -> bool:
        """Whether so many are left."""
        self.left -= steps
        self.used += steps
        return self.left >= 0

    def go_through(self, values: Iterable[Value], by: str = "") -> bool:
        """Whether there is time to look at all that is in these values, once or as often as a function does."""
        steps = 0
        for value in values:
            steps += self._weight(value)
            if by in _COMPARING and isinstance(value, Sequence) and not _are_texts(value):
                steps += min(len(value.items) ** 2, _MOST_COMPARED)
            if by in _SEARCHING and isinstance(value, Primitive):
                steps += len(value.value) ** 2 // _SEARCHED
            if by == _UNPACKING and isinstance(value, Primitive):
                steps += min(len(value.value) * 1000, MOST_UNPACKED) // _LETTERS
        return self.take(steps)

    def letters(self, number: int) -> bool:
        """Whether there is time for a text of so many letters."""
        return self.take(number // _LETTERS)

    def _weight(self, value: Value) -> int:
        if isinstance(value, Primitive):
            return 1 + len(value.value) // _LETTERS
        try:
            return self._of_parts(value)
        except RecursionError:
            return _HEAVIEST

    def _of_parts(self, value: Value) -> int:
        """Parts that stand in many places are weighed once, and count in each."""
        match value:
            case Primitive(value=text):
                return 1 + len(text) // _LETTERS
            case Encoded(value=inner):
                return 1 + self._of_parts(inner)
            case Partial(text=text):
                return 1 + len(text.parts)
            case Sequence(items=items) | OpenSequence(items=items):
                parts: Iterable[Value] = items
            case Mapping(entries=entries):
                parts = (entry.value for entry in entries.values())
            case _:
                return 1
        known = self._weights.get(id(value))
        if known is None:
            found = 1
            for part in parts:
                found += self._of_parts(part)
            known = self._weights[id(value)] = (value, min(found, _HEAVIEST))
        return known[1]


def _are_texts(value: Sequence) -> bool:
    return all(isinstance(item, Primitive) for item in value.items)
