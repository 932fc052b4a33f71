"""Finds frameworks: ours by their names, others by their paths; and tells which requirements a check answers."""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import s3audit.checks
from s3audit.check import Check
from s3audit.frameworks.framework import Framework, FrameworkError, Requirement
from s3audit.frameworks.reading import parsed

_ENDING = ".yaml"
_ENDINGS = (_ENDING, ".yml", ".json")


class Asked(NamedTuple):
    """A requirement that a check answers, and the framework it stands in."""

    framework: Framework
    requirement: Requirement
    how: str
    """`in part`, `supporting`, or empty for the whole."""


def names() -> list[str]:
    """The ids of the frameworks that s3audit has, sorted."""
    return sorted(_files())


@cache
def _files() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for root in s3audit.checks.__path__:
        folder = os.path.join(root, "frameworks")
        if os.path.isdir(folder):
            for file in os.listdir(folder):
                if file.endswith(_ENDING):
                    found.setdefault(file.removesuffix(_ENDING), os.path.join(folder, file))
    return found


def load(name: str) -> Framework:
    """One of ours by its id; what its checks are called is held by a test."""
    with open(_files()[name], "rb") as handle:
        return parsed(handle.read(), f"{name}{_ENDING}")


def every() -> list[Framework]:
    """All of ours."""
    return [load(name) for name in names()]


def find(asked: str, checks: Sequence[Check]) -> Framework:
    """One of ours by its id, or one of your own by the path of its file; raises FrameworkError."""
    if asked in _files():
        return load(asked)
    if not (asked.endswith(_ENDINGS) or os.sep in asked or os.path.isfile(asked)):
        raise FrameworkError(f"there is no framework {asked!r}{_near(asked)}")
    try:
        with open(asked, "rb") as handle:
            data = handle.read()
    except OSError as error:
        raise FrameworkError(f"the framework {asked} can't be read: {error.strerror or error}") from None
    return parsed(data, asked, {name: check.id for check in checks for name in (check.id, *check.aliases)})


def found(asked: Iterable[str], checks: Sequence[Check]) -> tuple[Framework, ...]:
    """Each that is asked for, once; raises FrameworkError."""
    by_id: dict[str, Framework] = {}
    for name in dict.fromkeys(asked):
        one = find(name, checks)
        if by_id.setdefault(one.id, one) != one:
            raise FrameworkError(f"two frameworks have the id {one.id!r}: give the one in {name} another")
    return tuple(by_id.values())


def asking() -> Mapping[str, Sequence[Asked]]:
    """For each check, the requirements of ours that it answers."""
    found: dict[str, list[Asked]] = {}
    for framework in every():
        for requirement in framework.requirements:
            for check in requirement.checks:
                how = "in part" if requirement.partial else ""
                found.setdefault(check, []).append(Asked(framework, requirement, how))
            for check in requirement.supporting:
                found.setdefault(check, []).append(Asked(framework, requirement, "supporting"))
    return found


def told(asked: Iterable[Asked]) -> list[tuple[str, str]]:
    """By framework, the requirements in a line: `2.1.1, 3.4 (in part)`."""
    found: dict[str, list[str]] = {}
    for one in asked:
        how = f" ({one.how})" if one.how else ""
        found.setdefault(one.framework.name, []).append(f"{one.requirement.id}{how}")
    return [(name, _gathered(ids)) for name, ids in found.items()]


_IN_PART = " (in part)"


def _gathered(ids: Sequence[str]) -> str:
    """Where a check answers all of them in part, that is said once."""
    if len(ids) > 1 and all(one.endswith(_IN_PART) for one in ids):
        return f"{', '.join(one.removesuffix(_IN_PART) for one in ids)} (each in part)"
    return ", ".join(ids)


def labels(asked: Iterable[Asked]) -> str:
    """What people call the frameworks, whatever the version: `CIS, FSBP, NIST 800-53`."""
    return ", ".join(sorted({one.framework.label for one in asked}))


def _near(asked: str) -> str:
    from difflib import get_close_matches

    beginning = [name for name in names() if name.startswith(asked.lower())]
    near = beginning or get_close_matches(asked.lower(), names(), n=1, cutoff=0.5)
    if not near:
        return "; `s3audit frameworks` lists them, and one of your own is named by the path of its file"
    *others, last = map(repr, near)
    said = f"{', '.join(others)} or {last}" if others else last
    return f", did you mean {said}"
