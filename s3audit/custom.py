"""Checks that somebody else wrote: folders of the same shape as `checks/`, which the user names.

They are Python, so they are run only where the user said so: see docs/custom-checks.md.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from traceback import walk_tb
from types import ModuleType
from typing import Any, NamedTuple
from zlib import crc32

from msgspec.structs import astuple, replace

from s3audit import check as words
from s3audit.check import ALL, BadCheckError, Check, Fix, Judge
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.verdict import Evidence, Severity, Status, Verdict

_NEEDS = frozenset(
    value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)
) - frozenset(ALL)
_FUTURE = "from __future__ import annotations"


class NoChecksError(Exception):
    """A folder in which there can't be checks; the message names it and the way out."""


class Custom(NamedTuple):
    """What was loaded, and what could not be."""

    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]
    files: Mapping[str, str]
    """The file of each check, by its id."""


class _File(NamedTuple):
    topic: str
    name: str
    path: str


def load(folders: Sequence[str], shipped: Sequence[Check]) -> Custom:
    """The checks in these folders, sorted by id; one that is broken is a problem, and the others go on."""
    taken = {name: "of s3audit" for check in shipped for name in (check.id, *check.aliases)}
    checks: list[Check] = []
    problems: list[Problem] = []
    files: dict[str, str] = {}
    with _leaving_no_traces():
        for folder in dict.fromkeys(folders):
            for made, path in _in_folder(folder, problems):
                names = (made.id, *made.aliases)
                if clash := next((name for name in names if name in taken), None):
                    said = f"There is a check {clash} {taken[clash]} already: move this one to another topic or name."
                    problems.append(Problem(Location(path, line=1, column=1), "crash", said))
                    continue
                taken.update(dict.fromkeys(names, f"in {path}"))
                files[made.id] = path
                checks.append(made)
    return Custom(tuple(sorted(checks, key=lambda one: one.id)), tuple(problems), files)


@contextmanager
def _leaving_no_traces() -> Iterator[None]:
    """A scan writes nothing beside what it reads."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _in_folder(folder: str, problems: list[Problem]) -> Iterator[tuple[Check, str]]:
    if not os.path.isdir(folder):
        raise NoChecksError(f"the folder of checks {folder} is not there; a relative path starts from here")
    found = list(_files(folder, problems))
    if not found and not any(problem.at.source.startswith(os.path.join(folder, "")) for problem in problems):
        raise NoChecksError(f"there is no check in {folder}: each is a file {folder}/<topic>/<name>.py")
    package = _package(folder, {one.topic for one in found})
    for one in found:
        try:
            made = _load(package, one)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken check must not take the others with it
            problems.append(_broken(one, package, error))
            continue
        yield made, one.path


def _files(folder: str, problems: list[Problem]) -> Iterator[_File]:
    """The files that should hold a check, by place."""
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if _is_check(name):
            said = f"A check lies in the folder of its topic: move this file to {folder}/<topic>/{name}."
            problems.append(Problem(Location(path), "crash", said))
        if name.startswith((".", "_")) or not os.path.isdir(path):
            continue
        for file in filter(_is_check, sorted(os.listdir(path))):
            for part in (name, file[:-3]):
                if not part.isidentifier():
                    said = f"{part} can't be a part of a check's id: write it with letters, digits and underscores."
                    problems.append(Problem(Location(os.path.join(path, file)), "crash", said))
                    break
            else:
                yield _File(name, file[:-3], os.path.join(path, file))


def _is_check(file: str) -> bool:
    return file.endswith(".py") and not file.startswith(("_", "."))


def _package(folder: str, topics: set[str]) -> str:
    """A package for the folder, with nothing in it of what an earlier scan loaded."""
    real = os.path.realpath(folder)
    name = f"_s3audit_checks_{crc32(os.fsencode(real)):08x}"
    for module in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[module]
    invalidate_caches()
    for module, path in (
        (name, real),
        *((f"{name}.{topic}", os.path.join(real, topic)) for topic in sorted(topics)),
    ):
        package = ModuleType(module)
        package.__path__ = [path]
        sys.modules[module] = package
    return name


def _load(package: str, one: _File) -> Check:
    module = import_module(f"{package}.{one.topic}.{one.name}")
    made = [value for value in vars(module).values() if isinstance(value, Check)]
    if len(made) != 1:
        raise BadCheckError(f"it holds {len(made)} checks; a check file holds exactly one")
    (found,) = made
    if found.judge.__module__ != module.__name__:
        raise BadCheckError("the check in it is made in another file")
    if wrong := _wrong(found):
        raise BadCheckError(wrong)
    return replace(found, judge=_guarded(found.judge))


def _wrong(check: Check) -> str:
    """What its decorator was given that it can't take, or nothing; types alone do not stop anybody."""
    severity: object = check.severity
    if not isinstance(severity, Severity):
        return f"severity is one of INFO, LOW, MEDIUM, HIGH and CRITICAL from s3audit.check, not {severity!r}"
    fix: object = check.fix
    if not isinstance(fix, Fix):
        return f"fix is Fix(...) from s3audit.check, not {fix!r}"
    for name in ("needs", "sources", "yields_to", "aliases", "passes", "fails", "unsure"):
        value = getattr(check, name)
        if not _are_texts(value):
            return f"{name} is a tuple of texts, such as (BUCKETS,), not {value!r}"
    for name, known in (("needs", _NEEDS), ("sources", frozenset(ALL))):
        if others := [one for one in getattr(check, name) if one not in known]:
            return f"{name} can't have {others[0]!r}; expected {', '.join(sorted(known))}"
    if not check.sources:
        return "sources names none; leave it out for all"
    peers: Any = check.peers
    if not isinstance(peers, Mapping) or not all(map(_are_texts, peers.values())):
        return f"peers is a mapping from tools to tuples of names, not {peers!r}"
    return ""


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


def _guarded(judge: Judge) -> Judge:
    """The same; what is no verdict is an error of this check, and of nothing after it."""

    def judged(*given: Any) -> Verdict:
        try:
            verdict: object = judge(*given)
        except SystemExit as error:
            raise RuntimeError(f"it wants to end the program with {error.code!r}") from error
        if not isinstance(verdict, Verdict):
            raise TypeError(f"it returned {verdict!r:.60}, and a check returns a Verdict")
        status: object = verdict.status
        if not isinstance(status, Status) or not all(map(_is_evidence, verdict.evidence)):
            raise TypeError("its verdict is not made of a status and Evidence(at, note)")
        return verdict

    return judged


def _is_evidence(one: object) -> bool:
    parts: tuple[object, ...] = astuple(one) if isinstance(one, Evidence) else ()
    return list(map(isinstance, parts, (Location, str, Severity | None))) == [True, True, True]


def _broken(one: _File, package: str, error: BaseException) -> Problem:
    line, column = _place(one, error)
    return Problem(
        Location(one.path, line=line, column=column),
        "crash",
        f"This check can't be loaded: {_said(one, error).replace(f'{package}.', '').rstrip('.')}.",
    )


def _said(one: _File, error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"it is no Python: {error.msg}"
    if isinstance(error, BadCheckError):
        return f"{error}{_not_at_once(one)}"
    if "check() " in str(error) or _last(error) == words.__file__:
        return f"what stands in @check(...) is not what it takes: {error}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _not_at_once(one: _File) -> str:
    """Why annotations may be there and not be seen."""
    with open(one.path, encoding="utf-8", errors="replace") as handle:
        return f"; without `{_FUTURE}`, which hides them" if _FUTURE in handle.read() else ""


def _last(error: BaseException) -> str:
    """The file in which it was raised."""
    return next((frame.f_code.co_filename for frame, _ in reversed(list(walk_tb(error.__traceback__)))), "")


def _place(one: _File, error: BaseException) -> tuple[int, int]:
    """The line of the file that led to it; the first one where none did."""
    real = os.path.realpath(one.path)
    if isinstance(error, SyntaxError) and error.filename and os.path.realpath(error.filename) == real:
        return error.lineno or 1, error.offset or 1
    lines = [
        line
        for frame, line in walk_tb(error.__traceback__)
        if os.path.realpath(frame.f_code.co_filename) == real
    ]
    return (lines[-1] if lines else 1), 1
