"""Which files a pattern of `fileset` means, folder by folder; `**` stands for any number of folders."""

import posixpath
import re
from collections.abc import Iterable
from itertools import product
from math import prod
from typing import TypeAlias

Segment: TypeAlias = "list[re.Pattern[str]] | None"
"""What the name of a folder or file may look like; None for `**`."""

_MOST_ALTERNATIVES = 100
_TOKEN = re.compile(
    r"\\(?P<escaped>.)|\[(?P<class>[^]\\]+)\]|(?P<star>\*+)|(?P<any>\?)|(?P<literal>[^][{}\\])|(?P<unclear>.)",
    re.DOTALL,
)


class UnclearError(ValueError):
    """A pattern that Terraform refuses, or reads in its own way."""


def fitting(names: Iterable[str], pattern: str) -> list[str]:
    """Those of these paths that a pattern means; raises UnclearError."""
    cleaned = posixpath.normpath(f"./{pattern}").lstrip("/")
    if cleaned == ".." or cleaned.startswith("../"):
        raise UnclearError("it leads out of the folder")
    segments = [None if part == "**" else _patterns(part) for part in cleaned.split("/")]
    if segments[-1] is None:  # all that is below a folder, and not the folder
        segments.append(_patterns("*"))
    return [name for name in names if _fits(name.split("/"), segments)]


def _fits(path: list[str], segments: list[Segment]) -> bool:
    reached = _passed({0}, segments)
    for name in path:
        following: set[int] = set()
        for at in reached:
            if at == len(segments):
                continue
            patterns = segments[at]
            if patterns is None:
                following.add(at)
            elif any(one.fullmatch(name) for one in patterns):
                following.add(at + 1)
        reached = _passed(following, segments)
    return len(segments) in reached


def _passed(reached: set[int], segments: list[Segment]) -> set[int]:
    """Where one may be as well, since `**` may stand for no folder at all."""
    found = set(reached)
    for start in reached:
        at = start
        while at < len(segments) and segments[at] is None:
            at += 1
            found.add(at)
    return found


def _patterns(segment: str) -> list[re.Pattern[str]]:
    pieces = re.split(r"(\{[^{}]*\})", segment)
    # Every second piece is a list of alternatives.
    choices = [piece[1:-1].split(",") if at % 2 else [piece] for at, piece in enumerate(pieces)]
    if "\\" in segment and len(pieces) > 1:
        raise UnclearError("it has alternatives and escapes")
    if prod(map(len, choices)) > _MOST_ALTERNATIVES:
        raise UnclearError("it has too many alternatives")
    return [re.compile(_expression("".join(chosen)), re.DOTALL) for chosen in product(*choices)]


def _expression(segment: str) -> str:
    runs = [""]
    for token in _TOKEN.finditer(segment):
        match token.lastgroup:
            case "star":
                runs.append("")
            case "any":
                runs[-1] += "."
            case "class":
                runs[-1] += _class(token["class"])
            case "unclear":
                raise UnclearError("it has a bracket or a backslash that stands alone")
            case _:
                runs[-1] += re.escape(token["escaped"] or token["literal"])
    first, *others = runs
    if not others:
        return first
    # What follows a star is looked for once, so that no name takes longer than it is long.
    return first + "".join(f"(?>.*?{run})" for run in others[:-1]) + f".*{others[-1]}"


def _class(inside: str) -> str:
    told = inside.removeprefix("^")
    if not re.fullmatch(r"(?:[^-]-[^-]|[^-])+", told, re.DOTALL):
        raise UnclearError("it has a class of characters with a hyphen at its end")
    ranges = re.findall(r"(.)-(.)|(.)", told, re.DOTALL)
    escaped = [
        re.escape(one) if one else f"{re.escape(a)}-{re.escape(b)}" for a, b, one in ranges if one or a <= b
    ]
    if not escaped:
        return "." if inside.startswith("^") else "(?!)"
    return f"[{'^' if inside.startswith('^') else ''}{''.join(escaped)}]"
