"""Finds the checks: every `checks/<topic>/<name>.py`, known by its place."""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

import s3audit.checks
from s3audit.check import BadCheckError, Check
from s3audit.packed import File, checks


def load() -> tuple[Check, ...]:
    """Every check with all that is said about it, sorted by id."""
    return _sorted(_load(topic, name) for topic, name in places())


def lean() -> tuple[Check, ...]:
    """Every check without its examples: what a scan needs."""
    return _lean(tuple(files()))


@lru_cache(maxsize=1)
def _lean(found: tuple[File, ...]) -> tuple[Check, ...]:
    try:
        kept = checks(found, s3audit.checks.__path__[-1])
    except Exception:  # noqa: BLE001 - a check that is broken is told by the one who imports it
        kept = None
    return load() if kept is None else _sorted(kept)


def places() -> list[tuple[str, str]]:
    """The (topic, name) of every check file."""
    return [(one.topic, one.name) for one in files() if not one.name.startswith("_")]


def files() -> list[File]:
    """Every module below the folders of checks, the helpers of topics among them."""
    found: dict[tuple[str, str], File] = {}
    for root in s3audit.checks.__path__:
        if not os.path.isdir(root):
            continue
        with os.scandir(root) as topics:
            for topic in topics:
                if topic.name.isidentifier() and not topic.name.startswith("_") and topic.is_dir():
                    found.update(((topic.name, one.name), one) for one in _files_of(topic.name, topic.path))
    return [found[place] for place in sorted(found)]


def _files_of(topic: str, folder: str) -> Iterable[File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py") and not entry.name.startswith("__"):
                told = entry.stat()
                yield File(topic, entry.name[:-3], entry.path, told.st_mtime_ns, told.st_size)


def _sorted(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(sorted(checks, key=lambda made: made.id))


def _load(topic: str, name: str) -> Check:
    try:
        module = import_module(f"s3audit.checks.{topic}.{name}")
    except Exception as error:
        said = str(error) if isinstance(error, BadCheckError) else f"{type(error).__name__}: {error}"
        raise BadCheckError(f"checks/{topic}/{name}.py can't be loaded: {said}") from error
    return _only(topic, name, vars(module))


def _only(topic: str, name: str, held: Mapping[str, Any]) -> Check:
    made = [value for value in held.values() if isinstance(value, Check)]
    if len(made) != 1:
        raise BadCheckError(
            f"checks/{topic}/{name}.py holds {len(made)} checks; a check file holds exactly one"
        )
    return made[0]
