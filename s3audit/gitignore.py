"""What a `.gitignore` says about a path, the way git reads it.

To git a path is bytes, so that `?` is one byte: here each byte is one Latin-1 character. Case counts. What
git tracks is not asked: a file is ignored when a pattern says so.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

# Its place in the file, whether it ignores (a negated one does not), whether it is for folders only.
_Rule = tuple[int, bool, bool]

_SPECIAL = frozenset("*?[\\")


class Patterns:
    """The patterns of one file. Most are plain names and endings, which need no regular expression."""

    __slots__ = ("_endings", "_matchers", "_names", "_paths", "_suffixes", "empty")

    def __init__(self, content: bytes) -> None:
        self._names: dict[str, list[_Rule]] = {}
        self._paths: dict[str, list[_Rule]] = {}
        self._endings: list[tuple[str, _Rule]] = []
        globs: list[tuple[bool, str, _Rule]] = []
        for order, (pattern, whole_path, ignores, directory) in enumerate(_patterns(content)):
            rule = (order, ignores, directory)
            if _SPECIAL.isdisjoint(pattern):
                (self._paths if whole_path else self._names).setdefault(pattern, []).append(rule)
            elif not whole_path and pattern[0] == "*" and _SPECIAL.isdisjoint(pattern[1:]):
                self._endings.append((pattern[1:], rule))
            elif (expression := _expression(pattern)) is not None:
                globs.append((whole_path, expression, rule))
        self._suffixes = tuple(ending for ending, _ in self._endings)
        self._matchers = [
            (of_path, *_matcher(chosen))
            for of_path in (False, True)
            if (chosen := [(expression, rule) for whole, expression, rule in globs if whole is of_path])
        ]
        self.empty = not (self._names or self._paths or self._endings or globs)

    def decide(self, path: str, is_directory: bool) -> bool | None:
        """Whether this path, relative to the file's folder, is ignored; None when no pattern is about it."""
        name = path.rpartition("/")[2]
        rules = [*self._names.get(name, ()), *self._paths.get(path, ())]
        if name.endswith(self._suffixes):
            rules += [rule for ending, rule in self._endings if name.endswith(ending)]
        if not is_directory:
            rules = [rule for rule in rules if not rule[2]]
        mark = "\0" if is_directory else ""
        for of_path, expression, globs in self._matchers:
            if found := expression.fullmatch((path if of_path else name) + mark):
                rules.append(globs[(found.lastindex or 1) - 1])
        return max(rules)[1] if rules else None


Level = tuple[Patterns, int]
"""The patterns of a file, and how many characters of a path lead to its folder."""


def is_ignored(levels: Sequence[Level], path: str, is_directory: bool) -> bool:
    """What the nearest file that says something about this path says; the nearest stands last."""
    for patterns, start in reversed(levels):
        relative = path[start:]
        if not relative.isascii():
            relative = relative.encode("utf-8", "surrogateescape").decode("latin-1")
        decision = patterns.decide(relative, is_directory)
        if decision is not None:
            return decision
    return False


def _patterns(content: bytes) -> list[tuple[str, bool, bool, bool]]:
    """Each pattern, whether it is about whole paths, whether it ignores, whether it is for folders only."""
    found = []
    for raw in content.removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n"):
        if raw.startswith("#"):
            continue
        line = _trimmed(raw.removesuffix("\r").partition("\0")[0])
        pattern = line.removeprefix("!")
        directory = pattern.endswith("/")
        pattern = pattern.removesuffix("/")
        whole_path = "/" in pattern
        if pattern := pattern.removeprefix("/"):
            found.append((pattern, whole_path, not line.startswith("!"), directory))
    return found


def _trimmed(line: str) -> str:
    """Without the spaces at its end, but for one behind a backslash."""
    kept = line.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return line[: len(kept) + 1] if backslashes % 2 else kept


def _matcher(globs: list[tuple[str, _Rule]]) -> tuple["re.Pattern[str]", list[_Rule]]:
    """One expression for all of them, the last first; the number of the group that matches is its rule's."""
    import re

    globs.reverse()
    branches = [f"({expression}{_MARK if rule[2] else _MARK + '?'})" for expression, rule in globs]
    return re.compile("|".join(branches)), [rule for _, rule in globs]


# A pattern is read as a list of these three and of expressions for one character.
_STAR, _FOLDERS, _SLASH = "*", "**/", "/"

_MARK = r"\0"  # what ends the path of a folder
_ONE = r"[^/\0]"
_EVERYTHING = r"[^\0]*"
_ANY_FOLDERS = r"(?:[^/\0]*/)*?"

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r"\t ",
    "cntrl": r"\0-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def _expression(pattern: str) -> str | None:
    """The pattern as a regular expression, or None for one that never matches.

    What follows a star is taken at the first place where it fits, for good (an atomic group): no later place
    could do better, and no pattern of many stars takes exponential time.
    """
    tokens = _tokens(pattern)
    if tokens is None:
        return None
    first, *others = (_path(part) for part in _split(tokens, _FOLDERS))
    if not others:
        return first
    middle = "".join(f"(?>{_ANY_FOLDERS}{part})" for part in others[:-1])
    return f"{first}{middle}{_ANY_FOLDERS}{others[-1]}"


def _path(tokens: list[str]) -> str:
    return "/".join(_segment(part) for part in _split(tokens, _SLASH))


def _segment(tokens: list[str]) -> str:
    first, *others = ("".join(part) for part in _split(tokens, _STAR))
    if not others:
        return first
    middle = "".join(f"(?>{_ONE}*?{part})" for part in others[:-1])
    return f"{first}{middle}{_ONE}*{others[-1]}"


def _split(tokens: list[str], separator: str) -> list[list[str]]:
    ends = [place for place, token in enumerate(tokens) if token == separator]
    return [tokens[start + 1 : end] for start, end in pairwise([-1, *ends, len(tokens)])]


def _tokens(pattern: str) -> list[str] | None:
    import re

    tokens: list[str] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        place += 1
        match character:
            case "*":
                found, place = _stars(pattern, place)
                tokens += found
            case "?":
                tokens.append(_ONE)
            case "[":
                brackets = _brackets(pattern, place)
                if brackets is None:
                    return None
                expression, place = brackets
                tokens.append(expression)
            case "\\":
                if place == len(pattern):
                    return None
                tokens.append(re.escape(pattern[place]))
                place += 1
            case _:
                tokens.append(re.escape(character))
    return tokens


def _stars(pattern: str, place: int) -> tuple[list[str], int]:
    """What a row of stars stands for, and where the pattern goes on; the first star is before the place."""
    end = len(pattern) - len(pattern[place:].lstrip("*"))
    before, after = pattern[: place - 1], pattern[end:]
    # git looks only at what is left behind the plain characters: to it `foo**/` is `foo` and `**/`.
    if end == place or not (before.endswith("/") or _SPECIAL.isdisjoint(before)):
        return [_STAR], end
    if not after:
        return [_EVERYTHING], end
    if after.startswith("/"):
        return [_FOLDERS], end + 1
    # Before an escaped slash they stand for one folder at least.
    return ([_STAR, _SLASH, _FOLDERS], end + 2) if after.startswith("\\/") else ([_STAR], end)


def _brackets(pattern: str, place: int) -> tuple[str, int] | None:
    """The characters of a set, and where the pattern goes on behind it; None for a set that git refuses."""
    import re

    negated = pattern[place : place + 1] in ("!", "^")
    place += negated
    members = ""
    before = ""  # the character that a range could begin with
    start = place
    while place == start or pattern[place : place + 1] != "]":
        character = pattern[place : place + 1]
        if character == "[" and pattern[place + 1 : place + 2] == ":":
            end = pattern.find("]", place + 2)
            if end < 0:
                return None
            if end > place + 2 and pattern[end - 1] == ":":
                if (name := pattern[place + 2 : end - 1]) not in _CLASSES:
                    return None
                members += _CLASSES[name]
                before, place = "", end + 1
                continue
        is_range = character == "-" and before != "" and pattern[place + 1 : place + 2] not in ("", "]")
        place += is_range
        place += pattern[place : place + 1] == "\\"
        if not (character := pattern[place : place + 1]):
            return None
        place += 1
        if is_range:
            if before <= character:
                members += f"{re.escape(before)}-{re.escape(character)}"
            before = ""
        else:
            members += re.escape(character)
            before = character
    if not members:
        return (_ONE if negated else "(?!)"), place + 1
    return rf"(?![/\0])[{'^' if negated else ''}{members}]", place + 1
