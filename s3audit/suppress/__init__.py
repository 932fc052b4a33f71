"""Findings that somebody has accepted, in a comment beside what they are about or in the metadata of a template.

Most scans meet no suppression at all: what reads them is loaded with the first file that may hold one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from s3audit.check import Check
from s3audit.finding import Finding
from s3audit.model.world import World
from s3audit.problem import Problem

if TYPE_CHECKING:
    from s3audit.collectors.documents.files import File
    from s3audit.suppress.accept import Suppressions

_OURS = b"s3audit"
_THEIRS = (b"checkov", b"trivy:", b"tfsec:", b"kics-scan", b"cfn-lint")


class Into(Protocol):
    """Where findings go."""

    def extend(self, found: Iterable[Finding], /) -> None: ...


class Accepting:
    """The suppressions in the files of a scan."""

    def __init__(
        self,
        files: Mapping[str, "File"],
        checks: Sequence[Check],
        *,
        honor_foreign: bool = False,
        require_reason: bool = True,
        today: Callable[[], str] | None = None,
        source_dir: str = "",
    ) -> None:
        self._files = files
        self._checks = checks
        self._honor_foreign = honor_foreign
        self._require_reason = require_reason
        self._today = today or _today
        self._source_dir = source_dir
        self._asked: set[str] = set()
        self._found: Suppressions | None = None

    def between(self, world: World, into: Into) -> Into:
        """Into the same, with those findings of a world marked that are suppressed."""
        found = self._suppressions()
        return into if found is None else _Between(found, world, into)

    def problems(self, sources: Iterable[str], ran: Collection[str]) -> list[Problem]:
        """What is wrong with the suppressions in these files, and which of them nothing needs."""
        found = self._suppressions()
        return [] if found is None else found.problems(sources, ran)

    def _suppressions(self) -> "Suppressions | None":
        if self._found is None and self._is_there():
            from s3audit.suppress.accept import Suppressions

            self._found = Suppressions(
                self._files,
                self._checks,
                honor_foreign=self._honor_foreign,
                require_reason=self._require_reason,
                today=self._today,
                source_dir=self._source_dir,
            )
        return self._found

    def _is_there(self) -> bool:
        new = [source for source in self._files if source not in self._asked]
        self._asked.update(new)
        return any(may_suppress(self._files[source].data, self._honor_foreign) for source in new)


class _Between:
    def __init__(self, found: "Suppressions", world: World, into: Into) -> None:
        self._found = found
        self._world = world
        self._into = into

    def extend(self, found: Iterable[Finding], /) -> None:
        self._into.extend(self._found.over(found, self._world))


def may_suppress(data: bytes, honor_foreign: bool) -> bool:
    """Whether there can be a suppression in these bytes at all."""
    is_wide = b"\0" in data[:4]  # UTF-16, in which no word looks like itself
    return is_wide or _OURS in data or (honor_foreign and any(word in data for word in _THEIRS))


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()
