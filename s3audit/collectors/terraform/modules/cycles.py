"""Local values that need one another in a circle: Terraform refuses them, whether anybody asks for them or not."""

from collections.abc import Iterator

from s3audit.collectors.documents.hcl.syntax import Attribute, Expression, For, Literal, Name, TemplateFor
from s3audit.collectors.documents.tree import location
from s3audit.collectors.terraform.modules.module import Module
from s3audit.problem import Problem

_ROOT = "local"
_MOST = 100
"""Circles of one module that are named."""
_MOST_NAMES = 10
"""Of one circle."""


def cycles(module: Module) -> list[Problem]:
    """What there is to say about each circle, at the first of its local values."""
    places = {name: number for number, name in enumerate(module.locals)}
    found: list[Problem] = []
    for circle in _circles(_needs(module)):
        first = circle.index(min(circle, key=places.__getitem__))
        names = circle[first:] + circle[:first]
        said = f"Terraform refuses local values that need themselves: {_shown(names)}. Break the circle."
        if len(found) == _MOST:
            said = f"This module has more than {_MOST} circles of local values; the rest is not named."
        found.append(Problem(location(module.locals[names[0]].key, module.files[0]), "partial", said))
        if len(found) > _MOST:
            break
    return found


def _shown(names: list[str]) -> str:
    words = [f"local.{name}" for name in names]
    if len(words) > _MOST_NAMES:
        words[_MOST_NAMES - 1 :] = [f"{len(words) - _MOST_NAMES + 1:,} more"]
    return " -> ".join([*words, f"local.{names[0]}"])


def _needs(module: Module) -> dict[str, list[str]]:
    """By local value, those that it names; the order is that of the files."""
    needs: dict[str, list[str]] = {}
    for name, written in module.locals.items():
        value = written.value
        if type(value) is not Literal and _may_name_one(value):
            needs[name] = [one for one in dict.fromkeys(_named(value)) if one in module.locals]
    return needs


def _may_name_one(value: Expression) -> bool:
    """Whether the word is there, or an escape of JSON that may be a part of it."""
    text = value.lines.text
    return text.find(_ROOT, value.start, value.end) >= 0 or text.find("\\", value.start, value.end) >= 0


def _named(value: Expression) -> Iterator[str]:
    left: list[object] = [value]
    while left:
        part = left.pop()
        if isinstance(part, tuple):
            left.extend(reversed(part))
        elif isinstance(part, Attribute) and isinstance(part.of, Name):
            if part.of.name == _ROOT:
                yield part.name
        elif isinstance(part, For | TemplateFor) and _ROOT in (part.key, part.value):
            left.append(part.collection)  # in the rest, the word is what the loop names so
        elif isinstance(part, Expression):
            left.extend(getattr(part, field) for field in sorted(part.__struct_fields__))


def _circles(needs: dict[str, list[str]]) -> Iterator[list[str]]:
    """Those that are met on a walk along the needs, so that each circle shares a step with one of them."""
    done: set[str] = set()
    for start, first in needs.items():
        if start in done:
            continue
        path = {start: 0}
        steps = [iter(first)]
        while steps:
            name = next(steps[-1], None)
            if name is None:
                steps.pop()
                done.add(path.popitem()[0])
            elif name in path:
                yield list(path)[path[name] :]
            elif name in needs and name not in done:
                path[name] = len(path)
                steps.append(iter(needs[name]))
