"""The checks that a run chooses from: ours, and those of folders that the user named."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from s3audit import catalog
from s3audit.api import UsageError, selected
from s3audit.check import Check
from s3audit.problem import Problem

if TYPE_CHECKING:
    from s3audit.config import Config


class Library(msgspec.Struct, frozen=True):
    """Every check there is."""

    checks: tuple[Check, ...]
    problems: tuple[Problem, ...] = ()
    is_broken: bool = False
    """Whether a check of one's own is not among them."""
    files: Mapping[str, str] = {}
    """Of each check of one's own, by its id."""

    def selected(self, select: Sequence[str], ignore: Sequence[str]) -> list[Check]:
        """As `api.selected`; what is missing may be what could not be loaded."""
        try:
            return selected(self.checks, select, ignore)
        except UsageError as error:
            if not self.is_broken:
                raise
            first = self.problems[0]
            raise UsageError(f"{error}. {first.at}: {first.message.rstrip('.')}") from None


def library(
    folders: Sequence[str], said: "Config | None" = None, config_found: bool = False, *, whole: bool = False
) -> Library:
    """Our checks and those of the folders, with or without their examples.

    What is in a repository must not be run because somebody scans it: the folders of a configuration count where the
    user named that, and not where it was found.
    """
    ours = catalog.load() if whole else catalog.lean()
    problems: list[Problem] = []
    of_config = () if said is None else said.checks
    if said is not None and of_config and config_found:
        told = (
            f"The checks in {', '.join(said.checks)} are not run, for they are code, and this configuration was found"
            f" and not named. To run them: --config {said.source}, or --checks {said.checks[0]}."
        )
        problems.append(Problem(said.checks_at, "partial", told))
    else:
        folders = [*folders, *of_config]
    if not folders:
        return Library(ours, tuple(problems))
    from s3audit.custom import NoChecksError, load

    try:
        found = load(folders, ours)
    except NoChecksError as error:
        raise UsageError(str(error)) from None
    checks = tuple(sorted((*ours, *found.checks), key=lambda one: one.id))
    return Library(checks, (*found.problems, *problems), bool(found.problems), found.files)
