"""Finds the checks: every `checks/<topic>/<name>.py`, known by its place."""

import os
from importlib import import_module

import s3audit.checks
from s3audit.check import BadCheckError, Check


def load() -> tuple[Check, ...]:
    """Every check, sorted by id."""
    return tuple(sorted(map(_load, places()), key=lambda made: made.id))


def places() -> list[tuple[str, str]]:
    """The (topic, name) of every check file."""
    found: set[tuple[str, str]] = set()
    for root in s3audit.checks.__path__:
        if not os.path.isdir(root):
            continue
        with os.scandir(root) as topics:
            for topic in topics:
                if topic.is_dir() and topic.name.isidentifier() and not topic.name.startswith("_"):
                    found.update(
                        (topic.name, file[:-3])
                        for file in os.listdir(topic.path)
                        if file.endswith(".py") and not file.startswith("_")
                    )
    return sorted(found)


def _load(place: tuple[str, str]) -> Check:
    topic, name = place
    try:
        module = import_module(f"s3audit.checks.{topic}.{name}")
    except Exception as error:
        said = str(error) if isinstance(error, BadCheckError) else f"{type(error).__name__}: {error}"
        raise BadCheckError(f"checks/{topic}/{name}.py can't be loaded: {said}") from error
    made = [value for value in vars(module).values() if isinstance(value, Check)]
    if len(made) != 1:
        raise BadCheckError(
            f"checks/{topic}/{name}.py holds {len(made)} checks; a check file holds exactly one"
        )
    return made[0]
