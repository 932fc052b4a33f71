"""Regular expressions as Terraform writes them (RE2): read into the program of a small machine."""

import unicodedata
from typing import NamedTuple, TypeAlias

from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.common import Refused

MOST_REPEATS = 1000
LONGEST_PROGRAM = 10_000

Range: TypeAlias = tuple[int, int]

_LAST = 0x10FFFF
_PERL: dict[str, tuple[Range, ...]] = {
    "d": ((48, 57),),
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_POSIX: dict[str, tuple[Range, ...]] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ESCAPES = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_CATEGORIES = frozenset(
    [
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cs",
        "L",
        "Ll",
        "Lm",
        "Lo",
        "Lt",
        "Lu",
        "M",
        "Mc",
        "Me",
        "Mn",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Pe",
        "Pf",
        "Pi",
        "Po",
        "Ps",
        "S",
        "Sc",
        "Sk",
        "Sm",
        "So",
        "Z",
        "Zl",
        "Zp",
        "Zs",
    ]
)


class Letters:
    """Some characters, or all but these."""

    __slots__ = ("_ascii", "categories", "negated", "ranges")

    def __init__(
        self,
        ranges: tuple[Range, ...],
        categories: tuple[tuple[str, bool], ...] = (),
        *,
        negated: bool = False,
    ) -> None:
        self.ranges = ranges
        self.categories = categories
        self.negated = negated
        self._ascii: dict[str, bool] = {}

    def has(self, character: str) -> bool:
        known = self._ascii.get(character)
        if known is None:
            known = self._ascii[character] = self._among(character) is not self.negated
        return known

    def _among(self, character: str) -> bool:
        code = ord(character)
        if any(first <= code <= last for first, last in self.ranges):
            return True
        if not self.categories:
            return False
        category = unicodedata.category(character)
        return any(category.startswith(wanted) is not negated for wanted, negated in self.categories)


class Empty(NamedTuple):
    """Nothing, or a place such as the start of the text."""

    place: str = ""


class One(NamedTuple):
    letters: Letters


class Row(NamedTuple):
    parts: "tuple[Part, ...]"


class Choice(NamedTuple):
    branches: "tuple[Part, ...]"


class Repeat(NamedTuple):
    part: "Part"
    least: int
    most: int | None
    greedy: bool


class Group(NamedTuple):
    part: "Part"
    number: int


Part: TypeAlias = Empty | One | Row | Choice | Repeat | Group


class Pattern(NamedTuple):
    part: Part
    names: tuple[str, ...]
    """Of its groups; empty for those without a name."""


class _Flags(NamedTuple):
    i: bool = False
    m: bool = False
    s: bool = False
    U: bool = False


class Reader:
    """Reads an expression; refuses what RE2 does not know."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.flags = _Flags()
        self.names: list[str] = []

    def read(self) -> Pattern:
        part = self.choice()
        if self.place < len(self.text):
            raise Refused("a closing parenthesis has none to close")
        return Pattern(part, tuple(self.names))

    def choice(self) -> Part:
        branches = [self.row()]
        while self.take("|"):
            branches.append(self.row())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def row(self) -> Part:
        parts: list[Part] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            if self.take("\\Q"):
                end = self.text.find("\\E", self.place)
                quoted = self.text[self.place :] if end < 0 else self.text[self.place : end]
                parts += [One(self.folded(((ord(letter), ord(letter)),))) for letter in quoted]
                self.place = len(self.text) if end < 0 else end + 2
            elif (part := self.single()) is not None:
                parts.append(part)
            if (repeat := self.repeat()) is not None:
                # Flags that stand alone, (?i), leave nothing to repeat either.
                if not parts:
                    raise Refused("a repetition has nothing to repeat")
                parts[-1] = Repeat(parts[-1], *repeat)
                if self.repeat() is not None:
                    raise Refused("a repetition is repeated")
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def take(self, what: str) -> bool:
        if self.text.startswith(what, self.place):
            self.place += len(what)
            return True
        return False

    def repeat(self) -> tuple[int, int | None, bool] | None:
        """How often, and whether as often as possible."""
        least, most = 0, None
        if self.take("*"):
            pass
        elif self.take("+"):
            least = 1
        elif self.take("?"):
            most = 1
        elif (counted := self.counted()) is not None:
            least, most = counted
        else:
            return None
        return least, most, self.take("?") is self.flags.U

    def counted(self) -> tuple[int, int | None] | None:
        """{2}, {2,} or {2,3}; anything else in such brackets is text."""
        end = self.text.find("}", self.place)
        if end < 0 or self.text[self.place : self.place + 1] != "{":
            return None
        low, comma, high = self.text[self.place + 1 : end].partition(",")
        words = [low, high] if comma and high else [low]
        if not all(word.isdecimal() and word.isascii() and (word == "0" or word[0] != "0") for word in words):
            return None
        self.place = end + 1
        if any(len(word) > 4 or int(word) > MOST_REPEATS for word in words):
            raise Refused(f"a repetition of more than {MOST_REPEATS} times")
        least = int(low)
        most = int(high) if high else None if comma else least
        if most is not None and most < least:
            raise Refused("a repetition that ends before it begins")
        return least, most

    def single(self) -> Part | None:
        letter = self.text[self.place]
        if letter == "(":
            return self.group()
        if letter == "[":
            return One(self.brackets())
        if letter == "\\":
            return self.escape()
        if letter in "*+?":
            raise Refused("a repetition has nothing to repeat")
        self.place += 1
        match letter:
            case ".":
                return One(Letters(() if self.flags.s else ((10, 10),), negated=True))
            case "^":
                return Empty("line start" if self.flags.m else "start")
            case "$":
                return Empty("line end" if self.flags.m else "end")
            case _:
                return One(self.folded(((ord(letter), ord(letter)),)))

    def group(self) -> Part | None:
        self.place += 1
        before = self.flags
        number = 0
        if self.take("?P<") or (self.take("?<") and self.text[self.place : self.place + 1] not in ("=", "!")):
            number = self.named()
        elif self.text.startswith("?", self.place):
            self.place += 1
            if not self.flagged():
                return None  # for the rest of this group
        else:
            self.names.append("")
            number = len(self.names)
        part = self.choice()
        if not self.take(")"):
            raise Refused("a parenthesis is never closed")
        self.flags = before
        return Group(part, number) if number else part

    def named(self) -> int:
        end = self.text.find(">", self.place)
        name = self.text[self.place : end]
        if end < 0 or not name.replace("_", "a").isalnum() or not name.isascii():
            raise Refused("a group has a name that is none")
        self.place = end + 1
        self.names.append(name)
        return len(self.names)

    def flagged(self) -> bool:
        """Read the flags; whether a group follows, for which alone they are."""
        flags, on, any_yet = self.flags._asdict(), True, False
        while self.place < len(self.text):
            letter = self.text[self.place]
            self.place += 1
            if letter in flags:
                flags[letter] = on
                any_yet = True
            elif letter == "-" and on:
                on, any_yet = False, False
            elif letter in ":)" and (any_yet or on):
                self.flags = _Flags(**flags)
                return letter == ":"
            else:
                break
        raise Refused("a group begins in a way that RE2 does not know")

    def escape(self) -> Part:
        following = self.text[self.place + 1 : self.place + 2]
        places = {"A": "start", "z": "end", "b": "word edge", "B": "no word edge"}
        if following in places and following:
            self.place += 2
            return Empty(places[following])
        if (known := self.known_class()) is not None:
            ranges, categories, negated = known
            return One(self.checked(ranges, categories, negated=negated))
        code = self.code()
        return One(self.folded(((code, code),)))

    def known_class(self) -> tuple[tuple[Range, ...], tuple[tuple[str, bool], ...], bool] | None:
        r"""\d, \pL and their like."""
        following = self.text[self.place + 1 : self.place + 2]
        if following and following.lower() in _PERL:
            self.place += 2
            return _PERL[following.lower()], (), following.isupper()
        if following not in ("p", "P") or not following:
            return None
        negated = following == "P"
        self.place += 2
        name = self.text[self.place : self.place + 1]
        if name == "{":
            end = self.text.find("}", self.place)
            if end < 0:
                raise Refused("the name of a class of characters never ends")
            name = self.text[self.place + 1 : end]
            self.place = end + 1
        else:
            self.place += 1
        if name.startswith("^"):
            name, negated = name[1:], not negated
        if self.flags.i or name not in _CATEGORIES:
            if name == "Any":
                return ((0, _LAST),), (), negated
            raise NotKnown(f"the class of characters {name[:30]!r} is not worked out")
        return (), ((name, negated),), False

    def code(self) -> int:
        """The one character that an escape stands for."""
        following = self.text[self.place + 1 : self.place + 2]
        self.place += 2
        if following in _ESCAPES:
            return _ESCAPES[following]
        if following and following.isascii() and not following.isalnum():
            return ord(following)
        if following in ("0", "1", "2", "3", "4", "5", "6", "7") and following:
            digits = following
            while len(digits) < 3 and self.text[self.place : self.place + 1] in tuple("01234567"):
                digits += self.text[self.place]
                self.place += 1
            if following != "0" and len(digits) == 1:
                raise Refused("RE2 has no references back")
            return int(digits, 8)
        if following == "x":
            return self.hexadecimal()
        raise Refused(f"an escape that RE2 does not know: \\{following}")

    def hexadecimal(self) -> int:
        if self.take("{"):
            end = self.text.find("}", self.place)
            digits = self.text[self.place : end] if end > 0 else ""
            self.place = end + 1
        else:
            digits = self.text[self.place : self.place + 2]
            self.place += 2
            if len(digits) < 2:
                digits = ""
        if not digits or len(digits) > 8 or not all(d in "0123456789abcdefABCDEF" for d in digits):
            raise Refused("an escape whose number is none")
        code = int(digits, 16)
        if code > _LAST:
            raise Refused("an escape for a character that does not exist")
        return code

    def brackets(self) -> Letters:
        self.place += 1
        negated = self.take("^")
        ranges: list[Range] = []
        categories: list[tuple[str, bool]] = []
        first = True
        while first or not self.text.startswith("]", self.place):
            if self.place >= len(self.text):
                raise Refused("a bracket is never closed")
            first = False
            if (posix := self.posix()) is not None:
                ranges += posix
                continue
            if self.text[self.place] == "\\" and (known := self.known_class()) is not None:
                more, wanted, inverted = known
                ranges += inverse(more) if inverted else more
                categories += wanted
                continue
            ranges.append(self.span())
        self.place += 1
        return self.checked(tuple(ranges), tuple(categories), negated=negated)

    def span(self) -> Range:
        low = self.letter()
        rest = self.text[self.place : self.place + 2]
        if len(rest) < 2 or rest[0] != "-" or rest[1] == "]":
            return low, low
        self.place += 1
        high = self.letter()
        if high < low:
            raise Refused("a range of characters ends before it begins")
        return low, high

    def letter(self) -> int:
        if self.text[self.place] == "\\":
            return self.code()
        self.place += 1
        return ord(self.text[self.place - 1])

    def posix(self) -> tuple[Range, ...] | None:
        end = self.text.find(":]", self.place + 2)
        if end < 0 or not self.text.startswith("[:", self.place):
            return None
        name = self.text[self.place + 2 : end]
        ranges = _POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise Refused("a class of characters that RE2 does not know")
        self.place = end + 2
        return inverse(ranges) if name.startswith("^") else ranges

    def folded(self, ranges: tuple[Range, ...]) -> Letters:
        return self.checked(ranges, ())

    def checked(
        self, ranges: tuple[Range, ...], categories: tuple[tuple[str, bool], ...], *, negated: bool = False
    ) -> Letters:
        return Letters(without_case(ranges) if self.flags.i else ranges, categories, negated=negated)


def inverse(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    made: list[Range] = []
    start = 0
    for first, last in sorted(ranges):
        if first > start:
            made.append((start, first - 1))
        start = last + 1
    return (*made, (start, _LAST))


def without_case(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """With the other case of each letter."""
    made = list(ranges)
    for first, last in ranges:
        if last > 127 and last != _LAST:
            raise NotKnown("upper and lower case of other than English letters are not worked out")
        for low, high, by in ((65, 90, 32), (97, 122, -32)):
            start, end = max(first, low), min(last, high)
            if start <= end:
                made.append((start + by, end + by))
        # The signs for kelvin and the long s are letters of the same kind.
        made += [(0x212A, 0x212A)] * any(first <= code <= last for code in (75, 107))
        made += [(0x17F, 0x17F)] * any(first <= code <= last for code in (83, 115))
    return tuple(made)
