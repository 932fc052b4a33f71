"""Which findings are suppressed, by what, and which suppressions do not count or are for nothing."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from s3audit.check import Check
from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.reader import decode
from s3audit.finding import Accepted, Finding
from s3audit.location import Location
from s3audit.model.world import World
from s3audit.peers import every_name, matching, named
from s3audit.problem import Problem
from s3audit.suppress.hcl import page as page_of
from s3audit.suppress.mark import OURS, Mark, Span
from s3audit.suppress.ours import FORM
from s3audit.suppress.page import Page
from s3audit.suppress.read import HCL, NOTHING, Written, written
from s3audit.verdict import Evidence, Severity

_STEP = re.compile(r'module\.(?P<name>[^.\[]+)(?:\[(?:"(?:\\.|[^"\\])*"|[^\]]*)\])?\.')
_TOOLS = {"checkov": "checkov", "trivy": "Trivy", "kics": "KICS", "cfn_lint": "cfn-lint"}
_ABOUT: tuple[str, ...] = ("fail", "unknown")


class Suppressions:
    """Those of all files of one scan, each file read when a finding stands in it."""

    def __init__(
        self,
        files: Mapping[str, File],
        checks: Sequence[Check],
        *,
        honor_foreign: bool,
        require_reason: bool,
        today: Callable[[], str],
        source_dir: str = "",
    ) -> None:
        self._files = files
        self._checks = checks
        self._honor_foreign = honor_foreign
        self._require_reason = require_reason
        self._today = today
        self._source_dir = source_dir
        self._written: dict[str, Written] = {}
        self._ids: dict[Mark, frozenset[str]] = {}
        self._used: set[tuple[Location, str]] = set()
        self._problems: dict[Problem, None] = {}
        self._subjects = {check.id: check.subjects for check in checks}
        self._by_check: dict[str, Mapping[str, Sequence[Span]]] = {}
        self._pages: dict[str, Page] = {}
        self._looked_at = -1
        self._called = False

    def over(self, found: Iterable[Finding], world: World) -> Iterator[Finding]:
        """The findings of one subject, those that are suppressed marked so."""
        homes: dict[str, Location | None] = {}
        for finding in found:
            status = finding.gave_way or finding.status
            if status not in _ABOUT:
                yield finding
                continue
            address = finding.subject.address
            if address not in homes:
                homes[address] = self._home(finding, world)
            judged = self._judged(finding, homes[address], world)
            # What gives way to another one needs its suppression as soon as that is put right.
            yield judged if finding.gave_way is None else finding

    def _of(self, source: str) -> Written:
        if source not in self._written:
            file = self._files.get(source)
            self._written[source] = NOTHING if file is None else written(file, self._honor_foreign)
        return self._written[source]

    def _home(self, finding: Finding, world: World) -> Location | None:
        """Where what was judged is declared."""
        for kind in self._subjects.get(finding.check, ()):
            resource = world.estate.at(finding.subject.address, kind)
            if resource is not None:
                return resource.at
        return None

    def _judged(self, finding: Finding, home: Location | None, world: World) -> Finding:
        over: list[Mark] = []
        for span in self._near(finding, home, world):
            mark = span.mark
            if not self._covers_all(span, finding):
                continue
            self._used.add((mark.at, finding.check))
            if mark.until and mark.until < self._today():
                over.append(mark)
                continue
            return _accepted(finding, mark)
        if not over:
            return finding
        gone = (
            Evidence(mark.at, f"it was accepted until {mark.until}, which is over", Severity.INFO)
            for mark in over
        )
        return replace(finding, evidence=(*finding.evidence, *gone))

    def _near(self, finding: Finding, home: Location | None, world: World) -> Iterator[Span]:
        """The suppressions that stand at what was judged, at what the finding shows, or at a call that leads there."""
        shown = finding.evidence[0].at if finding.evidence else None
        for place in dict.fromkeys(one for one in (home, shown) if one is not None and one.source):
            for span in self._about(place.source, finding.check):
                if _covers(span, place) and (span.is_whole or place == shown):
                    yield span
        inside = finding.subject.address
        for span in self._about(world.source, finding.check):
            if span.address and inside.startswith(f"{span.address}.Resources."):  # all of a nested stack
                yield span
        yield from self._calls(inside, finding.check, world)

    def _about(self, source: str, check: str) -> Sequence[Span]:
        """The suppressions of a check in a file, those that count."""
        if source not in self._by_check:
            found: dict[str, list[Span]] = {}
            for span in self._of(source).spans:
                for one in self._meant(span.mark) if self._counts(span.mark) else ():
                    found.setdefault(one, []).append(span)
            self._by_check[source] = found
        return self._by_check[source].get(check, ())

    def _calls(self, address: str, check: str, world: World) -> Iterator[Span]:
        """Those at the calls of the modules that a resource is in, from the outermost one."""
        if not self._has_calls:
            return
        folder: str | None = self._root(world)
        while folder is not None and (step := _STEP.match(address)) is not None:
            address = address[step.end() :]
            inner: str | None = None
            for source in self._in_folder(folder):
                yield from (span for span in self._about(source, check) if span.call == step["name"])
                for block in self._page(source).blocks:
                    if block.call == step["name"] and block.source.startswith(("./", "../")):
                        inner = posixpath.normpath(posixpath.join(folder, block.source))
            folder = inner

    @property
    def _has_calls(self) -> bool:
        """Whether there is a suppression at any call of a module."""
        if self._looked_at != len(self._files):
            self._looked_at = len(self._files)
            self._called = any(span.call for source in list(self._files) for span in self._of(source).spans)
        return self._called

    def _in_folder(self, folder: str) -> list[str]:
        found = (source for source in self._files if source.endswith(HCL))
        return sorted(one for one in found if posixpath.normpath(posixpath.dirname(one)) == folder)

    def _page(self, source: str) -> Page:
        """The page of a file of HCL, whether or not there is a suppression in it."""
        page = self._of(source).page
        if page is None:
            if source not in self._pages:
                self._pages[source] = page_of(decode(self._files[source].data))
            page = self._pages[source]
        return page

    def _root(self, world: World) -> str:
        """The folder of the root module."""
        folder = posixpath.normpath(world.source)
        if self._in_folder(folder):
            return folder
        # A plan or a state: the source beside it, or where the user says.
        return posixpath.normpath(self._source_dir or posixpath.dirname(world.source))

    def _covers_all(self, span: Span, finding: Finding) -> bool:
        """Whether nothing of the same block that the finding tells of is left: what is on one line is no more."""
        if span.is_whole:
            return True
        shown = finding.evidence[0].at
        held = self._of(shown.source)
        block = held.page.block_at(shown.line) if held.page is not None else None
        lines = {one.at.line for one in finding.evidence if one.at.source == shown.source and one.at.line}
        for line in sorted(lines):
            if block is None or not block.first <= line <= block.last:
                continue
            spans = self._about(shown.source, finding.check)
            about = [other.mark for other in spans if other.first <= line <= other.last]
            self._used.update((mark.at, finding.check) for mark in about)
            if not about:
                self._partly(span.mark, finding.check, line)
                return False
        return True

    def _partly(self, mark: Mark, check: str, line: int) -> None:
        self._used.add((mark.at, check))
        if mark.tool == OURS:
            said = f"This is not all: {check} tells of line {line} too. Say it there as well, or above the whole block."
            self._problems[Problem(mark.at, "suppression", said)] = None

    def _meant(self, mark: Mark) -> frozenset[str]:
        """The checks that a suppression is about."""
        if mark not in self._ids:
            found = {check.id for name in mark.names for check in self._named(mark.tool, name)}
            kept = {check.id for name in mark.but for check in self._named(mark.tool, name)}
            self._ids[mark] = frozenset(found - kept)
        return self._ids[mark]

    def _named(self, tool: str, name: str) -> Sequence[Check]:
        match tool:
            case "trivy":
                return matching(self._checks, name, tool)
            case "cfn_lint":
                return matching(self._checks, f"{name}*", tool)
            case "kics" if name == "*":
                return matching(self._checks, name, tool)
            case "kics" | "checkov":
                return named(self._checks, name, tool)
            case _:
                own = [check for check in self._checks if name == check.id or name in check.aliases]
                return own or named(self._checks, name)

    def _counts(self, mark: Mark) -> bool:
        if mark.tool != OURS:
            return True
        return not mark.wrong and bool(mark.reason or not self._require_reason)

    def problems(self, sources: Iterable[str], ran: Collection[str]) -> list[Problem]:
        """What is wrong with the suppressions in these files, and which of them are for nothing.

        `ran` are the checks that were run: of another nobody knows what it would have found.
        """
        for source in sources:
            for span in self._of(source).spans:
                if span.mark.tool == OURS:
                    said = self._wrong(span.mark) or self._unused(span.mark, ran)
                    if said:
                        self._problems[Problem(span.mark.at, "suppression", said)] = None
        return list(self._problems)

    def _wrong(self, mark: Mark) -> str:
        """Why it does not count, or in part."""
        if mark.wrong:
            return f"This does not count, for {mark.wrong}."
        for name in mark.names:
            if not self._named(OURS, name):
                return f"There is no check {name!r} to ignore{self._near_to(name)}"
        if not self._counts(mark):
            return (
                f"This ignores {', '.join(mark.names)} without a reason, so it does not count: write {FORM}."
            )
        return ""

    def _near_to(self, name: str) -> str:
        from difflib import get_close_matches

        names = {
            one.casefold(): one for one in (*every_name(self._checks), *(check.id for check in self._checks))
        }
        near = get_close_matches(name.casefold(), names, n=1)
        return f", did you mean {names[near[0]]!r}?" if near else "."

    def _unused(self, mark: Mark, ran: Collection[str]) -> str:
        for name in mark.names:
            ids = {check.id for check in self._named(OURS, name)}
            if ids <= set(ran) and not any((mark.at, one) in self._used for one in ids):
                return f"Nothing here fails {name}: this is not needed, or it stands in the wrong place."
        return ""


def _covers(span: Span, place: Location) -> bool:
    if span.address and f".{span.address}." in f".{place.address}.":
        return True
    return bool(place.line) and span.first <= place.line <= span.last


def _accepted(finding: Finding, mark: Mark) -> Finding:
    """The finding as one that somebody has accepted."""
    by = f" as {', '.join(mark.names)} of {_TOOLS[mark.tool]}" if mark.tool else ""
    until = f" until {mark.until}" if mark.until else ""
    owner = f" by {mark.owner}" if mark.owner else ""
    reason = f": {mark.reason.rstrip('.')}" if mark.reason else ""
    said = f"{finding.message} Accepted at {mark.at.source}:{mark.at.line}{by}{until}{owner}{reason}."
    accepted = Accepted(mark.at, mark.reason, mark.until, mark.owner)
    return replace(finding, status="suppressed", accepted=accepted, said=said.strip())
