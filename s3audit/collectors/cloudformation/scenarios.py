"""The values that undecided parameters may have, as far as they matter to a subject."""

from collections.abc import Iterable
from itertools import product
from math import prod

import msgspec

from s3audit.collectors.cloudformation.evaluate import Assignment, Evaluator
from s3audit.collectors.cloudformation.parameters import PSEUDO, Declared, Parameters, partition_of
from s3audit.collectors.cloudformation.reads import Read, reads, through
from s3audit.collectors.cloudformation.template import Template
from s3audit.text import Opaque

__all__ = ["Read", "Scenario", "Unbounded", "reads", "scenarios", "through"]

_MOST_TRIED = 4_096
_PSEUDO = sorted(PSEUDO - {"AWS::NotificationARNs"})


class Scenario(msgspec.Struct, frozen=True):
    """One way to choose the values, and the choice in words: `Env is dev`, an entry for each parameter."""

    assignment: Assignment
    when: tuple[str, ...] = ()


class Unbounded(msgspec.Struct, frozen=True):
    """There are too many ways."""

    why: str


class _Choice(msgspec.Struct, frozen=True):
    value: str | Opaque
    when: str


def scenarios(
    template: Template,
    parameters: Parameters,
    wanted: Iterable[Read | str],
    *,
    all_scenarios: bool,
    limit: int = 64,
) -> list[Scenario] | Unbounded:
    """The ways in which the wanted parameters may turn out, without those that the template's Rules refuse.

    A bare name stands for a parameter whose value is used. There is always at least one scenario.
    """
    by_name: dict[str, set[Read]] = {}
    for read in wanted:
        use = Read(read) if isinstance(read, str) else read
        by_name.setdefault(use.name, set()).add(use)
    axes: dict[str, list[_Choice]] = {}
    for name in (*template.parameters, *_PSEUDO):
        if name in by_name:
            choices = _choices(template, parameters, name, by_name[name], all_scenarios)
            if choices:
                axes[name] = choices
    if not axes:
        return [Scenario({})]
    count = prod(map(len, axes.values()))
    if count > max(limit, _MOST_TRIED):
        return _unbounded(axes, count, limit)
    found: list[Scenario] = []
    for combination in product(*axes.values()):
        assignment = {name: choice.value for name, choice in zip(axes, combination, strict=True)}
        if _is_consistent(assignment) and _is_allowed(template, parameters, assignment):
            # Where there is no choice, there is nothing to say about it.
            told = (
                choice.when for name, choice in zip(axes, combination, strict=True) if len(axes[name]) > 1
            )
            found.append(Scenario(assignment, tuple(told)))
    if len(found) > limit:
        return _unbounded(axes, len(found), limit)
    return found or [Scenario({})]


def _unbounded(axes: dict[str, list[_Choice]], count: int, limit: int) -> Unbounded:
    names = list(axes)
    told = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return Unbounded(
        f"it depends on {told}, which may turn out in {count:,} ways; no more than {limit} are tried. "
        "Give some of them a value: --parameter KEY=VALUE"
    )


def _choices(
    template: Template, parameters: Parameters, name: str, uses: set[Read], all_scenarios: bool
) -> list[_Choice]:
    """The values to try; none where the value is known, or where nothing tells one value from another."""
    declared = template.parameters.get(name)
    if parameters.gives(name) or _is_derived(parameters, name):
        return []
    if declared is not None:
        if declared.no_echo or declared.is_stored or declared.is_list:
            return []
        if declared.default is not None and not all_scenarios:
            return []
        if declared.allowed is not None:
            return _among(template.prefix + name, name, declared.allowed, uses)
        return _around(template.prefix + name, name, declared, uses)
    return _around(name, name, None, uses)


def _is_derived(parameters: Parameters, name: str) -> bool:
    """Whether it follows from the region that was given."""
    region = parameters.overrides.get("AWS::Region")
    return (
        name in ("AWS::Partition", "AWS::URLSuffix")
        and region is not None
        and partition_of(region) is not None
    )


def _literals(uses: Iterable[Read]) -> list[str]:
    return sorted({literal for use in uses for literal in use.literals})


def _possible(values: Iterable[str], uses: set[Read]) -> list[str]:
    """Those with which every map that is always asked has a key."""
    closed = [use.literals for use in uses if use.closed]
    return [value for value in values if all(value in keys for keys in closed)]


def _among(origin: str, name: str, allowed: tuple[str, ...], uses: set[Read]) -> list[_Choice]:
    """Each allowed value; those that nothing tells apart are one choice."""
    values = _possible(dict.fromkeys(allowed), uses)
    compared = _literals(uses)
    rest = [value for value in values if value not in compared]
    if len(rest) < 2 or not all(use.literals for use in uses):
        return [_Choice(value, _is(name, [value])) for value in values]
    choices = [_Choice(value, _is(name, [value])) for value in values if value in compared]
    when = _is(name, rest) if len(rest) < 4 else _is_none_of(name, compared)
    return [*choices, _Choice(Opaque(origin, given=True, other_than=tuple(compared)), when)]


def _around(origin: str, name: str, declared: Declared | None, uses: set[Read]) -> list[_Choice]:
    """The values it is compared with, and one that is none of them."""
    literals = _literals(uses)
    compared = [value for value in literals if declared is None or declared.accepts(value)]
    values = _possible(compared, uses)
    choices = [_Choice(value, _is(name, [value])) for value in values]
    if literals and not any(use.closed for use in uses):
        other = Opaque(origin, given=True, other_than=tuple(literals))
        choices.append(_Choice(other, _is_none_of(name, compared or literals)))
    return choices


def _shown(value: str) -> str:
    return value if value and value == value.strip() else f'"{value}"'


def _is(name: str, values: list[str]) -> str:
    if values == [""]:
        return f"{name} is empty"
    shown = [_shown(value) for value in values]
    return f"{name} is {shown[0]}" if len(shown) == 1 else f"{name} is {', '.join(shown[:-1])} or {shown[-1]}"


def _is_none_of(name: str, values: list[str]) -> str:
    if values == [""]:
        return f"{name} is not empty"
    shown = [_shown(value) for value in values]
    if len(shown) == 1:
        return f"{name} is not {shown[0]}"
    if len(shown) == 2:
        return f"{name} is neither {shown[0]} nor {shown[1]}"
    return f"{name} is none of {', '.join(shown)}"


def _is_consistent(assignment: Assignment) -> bool:
    """A region lies in one partition."""
    region = assignment.get("AWS::Region")
    derived = partition_of(region) if isinstance(region, str) else None
    if derived is None:
        return True
    for name, known in zip(("AWS::Partition", "AWS::URLSuffix"), derived, strict=True):
        chosen = assignment.get(name, known)
        if chosen != known if isinstance(chosen, str) else known in chosen.other_than:
            return False
    return True


def _is_allowed(template: Template, parameters: Parameters, assignment: Assignment) -> bool:
    if not template.rules:
        return True
    conditions = Evaluator(template, parameters, assignment).conditions
    return not any(conditions.breaks(rule) for rule in template.rules.values())
