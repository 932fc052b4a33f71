"""One scan, from paths to a report: what the command line and Python callers both use."""

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from s3audit import __version__
from s3audit.check import Check
from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.collectors.documents.sniff import sniff
from s3audit.discover import Source, discover
from s3audit.engine import Into, judge_into
from s3audit.finding import Finding, FindingStatus, Input, Report
from s3audit.location import Location
from s3audit.model.expectation import Expectation
from s3audit.model.world import World
from s3audit.problem import Problem
from s3audit.suppress import Accepting
from s3audit.verdict import Severity

if TYPE_CHECKING:
    from s3audit.config import Config
    from s3audit.findings import ManyFindings
    from s3audit.frameworks.framework import Framework
    from s3audit.library import Library

MAX_SIZE = 10_000_000
MAX_RECORD = 1_000_000_000
"""Bytes of a plan or a state: they grow with what they tell of, and are not parsed as a whole."""
STORED = "snapshot"
"""The kind of what was seen at some time and kept."""
_RECORDS = ("terraform-plan", "terraform-state", STORED)
_MANY = 64
"""Resources of one input of which not all findings are at hand at the same time."""
_SELDOM = 10_000
"""Objects that are made before Python looks for garbage among them; it does so at 700 by itself."""
DEFAULT_SHOW: tuple[FindingStatus, ...] = ("fail", "error")

# What the bytes of a file look like -> the package that reads it.
_COLLECTORS = {
    "cloudformation": "s3audit.collectors.cloudformation",
    "cdk": "s3audit.collectors.cloudformation",
    "terraform": "s3audit.collectors.terraform",
    "terraform-values": "s3audit.collectors.terraform",
    "terraform-plan": "s3audit.collectors.terraform",
    "terraform-state": "s3audit.collectors.terraform",
    "snapshot": "s3audit.collectors.live.store.replay",
}

# What can't be judged by itself, and the way out.
_NOT_ALONE = {
    "terraform-binary": "This is a saved plan in Terraform's own format. Write it as JSON and scan that:"
    " `terraform show -json {path} > plan.json`, or `tofu show` with OpenTofu.",
    "terraform-configuration": "This is an outline of the source, without the values of its expressions. Scan the"
    " folder of the source itself, or a plan: `tofu show -json PLAN > plan.json`.",
    "terraform-log": "These are the messages of a run, with `-json`, and not the plan. Keep that and scan it as JSON:"
    " `terraform plan -out PLAN`, then `terraform show -json PLAN > plan.json`.",
    "terraform-variables": "This file gives values to variables and declares nothing. Scan the folder of the module,"
    " with `--var-file {path}` where Terraform does not read the file by itself.",
}


_NO_TEMPLATE = (
    "This file names S3 resource types and does not read as a template, so it is not judged: a template is a mapping"
    " with a section Resources, in YAML or in JSON without comments."
)


class UsageError(Exception):
    """Something that was asked for does not exist; the message names it and the way out."""


class Scan(msgspec.Struct, frozen=True):
    """A report, and what is needed to show it and to end with the right exit code."""

    report: Report
    lines: Callable[[str], Sequence[str] | None]
    unread: bool
    """A path that was named could not be read."""
    interrupted: bool
    frameworks: "tuple[Framework, ...]" = ()
    """What the report is arranged by, if that was asked for."""


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    parameters: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    variable_files: Sequence[str | os.PathLike[str]] = (),
    source_dir: str | os.PathLike[str] = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    severity: Severity | str = Severity.MEDIUM,
    show: Iterable[FindingStatus] = DEFAULT_SHOW,
    all_scenarios: bool = False,
    max_size: int = MAX_SIZE,
    config: str | os.PathLike[str] = "",
    frameworks: Sequence[str] = (),
    checks: Sequence[str | os.PathLike[str]] = (),
    honor_foreign: bool = False,
) -> Report:
    """Read files and folders, run the checks, and return the report.

    `report.findings` holds every finding whatever its status; `report.shown` those that `show` and `severity`
    let through; `report.failing` those that would make the command fail. `select` and `ignore` are check ids,
    topics, globs, or names that other tools have. `config` is a file that says what buckets are for; none is looked
    for. With `frameworks`, names or files, only the checks run that these name. `checks` are folders of checks of one's
    own, which are run like any Python. `honor_foreign` takes the inline suppressions of other tools for ours. Raises
    `UsageError` for what is asked for and does not exist; bad input never raises, it is a `Problem` in the report.
    """
    with _seldom_collecting():
        return run(
            [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)],
            parameters=parameters or {},
            variables=variables or {},
            variable_files=[os.fspath(file) for file in variable_files],
            source_dir=os.fspath(source_dir),
            select=select,
            ignore=ignore,
            severity=severity_of(severity),
            show=show,
            all_scenarios=all_scenarios,
            max_size=max_size,
            config=os.fspath(config),
            frameworks=frameworks,
            checks_in=[os.fspath(folder) for folder in checks],
            honor_foreign=honor_foreign,
        ).report


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """What a scan makes lives until its end: to look for garbage among it often costs up to a sixth of the time.

    Whoever turned it off keeps it off; and where another scan has made it rare, that one undoes it.
    """
    before = gc.get_threshold()
    if not 0 < before[0] < _SELDOM:
        yield
        return
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def run(
    paths: Sequence[str],
    *,
    parameters: Mapping[str, str],
    select: Sequence[str],
    ignore: Sequence[str],
    severity: Severity,
    show: Iterable[FindingStatus],
    all_scenarios: bool,
    max_size: int,
    variables: Mapping[str, str] | None = None,
    variable_files: Sequence[str] = (),
    source_dir: str = "",
    config: str = "",
    frameworks: Sequence[str] = (),
    config_found: bool = False,
    checks_in: Sequence[str] = (),
    honor_foreign: bool = False,
    known: "Library | None" = None,
    today: str = "",
) -> Scan:
    """One scan, with all that the command line needs of it.

    `config_found` tells that nobody named the configuration: no code is run because of it. `known` are the checks
    there are, where they are loaded already. `today` is a day such as 2026-12-31, for suppressions that end.
    """
    from s3audit.library import library

    said = configured(config)
    expectations = () if said is None else said.expectations
    _are_there(variable_files, source_dir)
    known = library(checks_in, said, config_found) if known is None else known
    every = known.checks
    checks: Sequence[Check] = known.selected(select, ignore)
    asking = frameworks_of(frameworks, every)
    if asking:
        every = checks = asked_by(asking, checks)
    sources, problems = discover(paths)
    problems.extend(known.problems)
    files: dict[str, File] = {}
    missed = {problem.at.source for problem in problems}
    findings: list[Finding] = []
    stored: list[ManyFindings] = []
    accepting = Accepting(
        files,
        known.checks,
        honor_foreign=honor_foreign or (said is not None and said.honor_foreign),
        require_reason=said is None or said.require_reason,
        today=(lambda: today) if today else None,
        source_dir=source_dir,
    )
    inputs: dict[tuple[str, str], int] = {}
    interrupted = False
    try:
        by_collector = _sorted_out(sources, max_size, files, problems)
        inside = _Inside([*paths, *variable_files, *([source_dir] if source_dir else [])])
        options = Options(
            parameters,
            all_scenarios,
            max_size,
            _fetcher(inside, files, max_size),
            inside.names,
            variables or {},
            variable_files,
            source_dir,
        )
        for package in tuple(by_collector):
            # Whoever still needs the files has them: nobody else holds a plan of many megabytes.
            collected = _collected(import_module(package).collect, by_collector.pop(package), options)
            problems.extend(collected.problems)
            if package == _COLLECTORS[STORED]:  # no file that was named holds all of it
                missed |= _unreadable(collected)
            for world in collected.worlds:
                try:
                    broken, counts = _judged(world, checks, findings, stored, expectations, accepting)
                    for file, count in counts.items():
                        inputs[file, world.kind] = inputs.get((file, world.kind), 0) + count
                except Exception as error:  # noqa: BLE001 - one broken input must not take the others with it
                    problems.append(_broken(world.source, error))
                    continue
                problems.extend((*broken, *world.problems, *world.estate.problems))
    except KeyboardInterrupt:
        interrupted = True
        problems.append(
            Problem(Location(""), "partial", "The scan was interrupted; this is what was done so far.")
        )
    named = {source.path for source in sources if source.named}
    unread = {p.at.source for p in problems if p.kind == "unreadable"}
    ran = frozenset(check.id for check in checks)
    if not interrupted:
        asked = [one.path for one in sources if one.path in files and one.path not in unread]
        problems.extend(accepting.problems(asked, ran))
    report = Report(
        tool_version=__version__,
        checks=every,
        inputs=tuple(Input(file, kind, count) for (file, kind), count in sorted(inputs.items())),
        problems=tuple(
            sorted(set(problems), key=lambda p: (p.at.source, p.at.line, p.at.column, p.kind, p.message))
        ),
        findings=_all(findings, stored),
        threshold=severity,
        show=frozenset(show),
        ran=ran,
    )
    is_unread = known.is_broken or bool(unread & (named | missed))
    return Scan(report, _lines_of(files), is_unread, interrupted, asking)


def worlds(
    paths: Sequence[str], *, parameters: Mapping[str, str], variables: Mapping[str, str]
) -> tuple[list[World], list[Problem]]:
    """What files and folders declare, for whoever has other questions than the checks."""
    sources, problems = discover(paths)
    files: dict[str, File] = {}
    by_collector = _sorted_out(sources, MAX_SIZE, files, problems)
    inside = _Inside(paths)
    fetch = _fetcher(inside, files, MAX_SIZE)
    options = Options(parameters, False, MAX_SIZE, fetch, inside.names, variables)
    found: list[World] = []
    for package, given in by_collector.items():
        collected = _collected(import_module(package).collect, given, options)
        problems.extend(collected.problems)
        found.extend(collected.worlds)
    return found, [*problems, *(said for world in found for said in world.problems)]


def _judged(
    world: World,
    checks: Sequence[Check],
    findings: list[Finding],
    stored: list["ManyFindings"],
    expectations: tuple[Expectation, ...],
    accepting: Accepting,
) -> tuple[Sequence[Problem], Mapping[str, int]]:
    """Add the findings to those that there are; what broke, and how many resources there are of each input."""
    into: Into = findings
    if world.kind == STORED or len(world.estate) > _MANY:
        from s3audit.findings import ManyFindings

        if not stored:
            stored.append(ManyFindings())
        into = stored[0]
    if world.kind == STORED:
        from s3audit.accounts import judge_stored

        return judge_stored(world, checks, into, expectations)
    broken = judge_into(accepting.between(world, into), world, checks, expectations=expectations)
    counts = world.estate.sources
    if len(counts) < 2:  # then those that are known by their policy only count too
        counts = {next(iter(counts), world.source): len(world.estate)}
    return broken, counts


def _all(findings: Sequence[Finding], stored: Sequence["ManyFindings"]) -> Sequence[Finding]:
    """All of a scan in their order; those of a large input are too many to have at hand."""
    if not stored:
        return tuple(sorted(findings, key=_place))
    for _, those in groupby(sorted(findings, key=lambda one: one.subject), key=lambda one: one.subject):
        stored[0].extend(those)
    return stored[0]


def _unreadable(collected: Collected) -> set[str]:
    problems = [*collected.problems, *(said for world in collected.worlds for said in world.problems)]
    return {said.at.source for said in problems if said.kind == "unreadable"}


def _collected(
    collect: Callable[[Sequence[File], Options], Collected], given: Sequence[File], options: Options
) -> Collected:
    """What a collector makes of its files; where it breaks, of each of them by itself."""
    try:
        return collect(given, options)
    except Exception as error:  # noqa: BLE001 - one broken input must not take the others with it
        if len(given) == 1:
            return Collected((), (_broken(given[0].source, error),))
    parts = [_collected(collect, [file], options) for file in given]
    return Collected(
        [world for part in parts for world in part.worlds], [said for part in parts for said in part.problems]
    )


def _broken(source: str, error: Exception) -> Problem:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    message = f"s3audit broke on this file ({said}), so it is not judged; please report this. The others are."
    return Problem(Location(source), "unreadable", message)


def expected(config: str) -> tuple[Expectation, ...]:
    """What a configuration says the storage is for, if there is one."""
    said = configured(config)
    return () if said is None else said.expectations


def configured(config: str) -> "Config | None":
    """What a configuration says, if there is one."""
    if not config:
        return None
    from s3audit.config import ConfigError, load

    try:
        return load(config)
    except ConfigError as error:
        raise UsageError(str(error)) from None


def frameworks_of(names: Sequence[str], checks: Sequence[Check]) -> "tuple[Framework, ...]":
    """The frameworks that are asked for, if any."""
    if not names:
        return ()
    from s3audit.frameworks.framework import FrameworkError
    from s3audit.frameworks.library import found

    try:
        return found(names, checks)
    except FrameworkError as error:
        raise UsageError(str(error)) from None


def asked_by(frameworks: "Sequence[Framework]", checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks that frameworks name, none of which gives way: each requirement asks by itself."""
    named = {check for one in frameworks for check in one.checks}
    left = tuple(msgspec.structs.replace(check, yields_to=()) for check in checks if check.id in named)
    if not left:
        raise UsageError("no check is left of what the framework names")
    return left


def severity_of(name: Severity | str) -> Severity:
    """The severity of this name."""
    if isinstance(name, Severity):
        return name
    try:
        return Severity[name.upper()]
    except KeyError:
        expected = ", ".join(s.label for s in Severity)
        raise UsageError(f"there is no severity {name!r}; expected one of {expected}") from None


def selected(checks: Sequence[Check], select: Sequence[str], ignore: Sequence[str]) -> list[Check]:
    """The checks that the patterns leave; each pattern has to name at least one."""
    chosen = {c.id for p in select for c in _matching(checks, p)} if select else {c.id for c in checks}
    left_out = {c.id for p in ignore for c in _matching(checks, p)}
    left = [check for check in checks if check.id in chosen - left_out]
    if not left:
        raise UsageError("no check is left of what --select names and --ignore leaves out")
    return left


def _matching(checks: Sequence[Check], pattern: str) -> list[Check]:
    found = [
        check
        for check in checks
        if pattern == check.topic or pattern in check.aliases or fnmatchcase(check.id, pattern)
    ]
    if not found:
        from s3audit.peers import named

        found = named(checks, pattern)
    if not found:
        raise UsageError(
            f"there is no check {pattern!r}{_suggestion(checks, pattern)}; `s3audit checks` lists them"
        )
    return found


def _suggestion(checks: Sequence[Check], pattern: str) -> str:
    from difflib import get_close_matches

    from s3audit.peers import every_name

    names = {name.casefold(): name for name in (*every_name(checks), *(check.id for check in checks))}
    near = get_close_matches(pattern.casefold(), names, n=1)
    return f", did you mean {names[near[0]]!r}" if near else ""


def _sorted_out(
    sources: Sequence[Source], max_size: int, files: dict[str, File], problems: list[Problem]
) -> dict[str, list[File]]:
    """Read every source and sort it by who can make something of it."""
    found: dict[str, list[File]] = {}
    for source in sources:
        data = _read(source, max_size, problems)
        if data is None:
            continue
        kind = sniff(data, source.path, named=source.named)
        if kind in _RECORDS and len(data) > max_size == MAX_SIZE and source.file != "-":
            data = _read(source, MAX_RECORD, problems) or data
        if kind in _NOT_ALONE:
            if source.named:
                said = _NOT_ALONE[kind].format(path=source.path)
                problems.append(Problem(Location(source.path), "unreadable", said))
            continue
        if kind is None or (kind == "terraform-values" and not source.named):
            if source.named and b"AWS::S3" in data:
                problems.append(Problem(Location(source.path), "partial", _NO_TEMPLATE))
            continue
        file = File(source.path, data, source.file if source.file != "-" else "")
        if kind not in _RECORDS:  # nobody points to a line of one, and it may be very large
            files[source.path] = file
        found.setdefault(_COLLECTORS[kind], []).append(file)
    return found


def _read(source: Source, max_size: int, problems: list[Problem]) -> bytes | None:
    """The bytes of a source, one more than allowed at most, so that the reader sees that it is too long."""
    try:
        if source.file == "-":
            if sys.stdin is None:
                raise OSError("standard input is closed")
            return sys.stdin.buffer.read(max_size + 1)
        with open(source.file, "rb") as handle:
            return handle.read(max_size + 1)
    except OSError as error:
        said = f"{source.path} can't be read: {error.strerror or error}."
        problems.append(Problem(Location(source.path), "unreadable", said))
        return None


def _are_there(variable_files: Sequence[str], source_dir: str) -> None:
    """What is named to read a Terraform module with has to be there: without it, another module would be judged."""
    for file in variable_files:
        if not os.path.isfile(file):
            raise UsageError(f"the file of variables {file} is not there; a relative path starts from here")
    if source_dir and not os.path.isdir(source_dir):
        raise UsageError(f"the folder {source_dir}, where the source of a plan should lie, is not there")


def _repository(folder: str) -> str:
    """The top of the repository that a folder is in; the folder itself where it is in none."""
    top = folder
    while not os.path.exists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return folder
        top = above
    return top


class _Inside:
    """The scanned tree: the folders that are named, those of named files, and the repositories that they are in."""

    def __init__(self, paths: Sequence[str]) -> None:
        named = {
            os.path.realpath(path if os.path.isdir(path) else os.path.dirname(path) or os.curdir)
            for path in paths
            if path != "-"
        }
        self._roots = named | {_repository(folder) for folder in named}
        self._names: dict[str, Sequence[str]] = {}

    def holds(self, real: str) -> bool:
        return any(real == root or real.startswith(os.path.join(root, "")) for root in self._roots)

    def names(self, folder: str) -> Sequence[str]:
        """What is in a folder, folders with a slash at their end."""
        if folder not in self._names:
            self._names[folder] = self._listed(os.path.realpath(folder))
        return self._names[folder]

    def _listed(self, real: str) -> Sequence[str]:
        if not self.holds(real):
            return ()
        try:
            with os.scandir(real) as entries:
                return sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries)
        except OSError:
            return ()


def _fetcher(inside: _Inside, files: dict[str, File], max_size: int) -> Callable[[str], File | None]:
    """Reads a file that another one refers to, if it is in the scanned tree."""

    def fetch(path: str) -> File | None:
        real = os.path.realpath(path)
        if not inside.holds(real) or not os.path.isfile(real):
            return None
        known, _ = discover([path])
        ignored: list[Problem] = []
        data = _read(known[0], max_size, ignored) if known else None
        if data is None:
            return None
        return files.setdefault(known[0].path, File(known[0].path, data, known[0].file))

    return fetch


def _lines_of(files: Mapping[str, File]) -> Callable[[str], Sequence[str] | None]:
    split: dict[str, Sequence[str] | None] = {}

    def lines(source: str) -> Sequence[str] | None:
        if source not in split:
            file = files.get(source)
            split[source] = None if file is None else _decoded(file.data)
        return split[source]

    return lines


def _decoded(data: bytes) -> Sequence[str]:
    from s3audit.collectors.documents.reader import decode

    text = decode(data)
    if "\r" not in text:
        return text.split("\n")
    # Only what editors count as a line break, as in the places of the nodes; str.splitlines knows more.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.evidence[0].at if finding.evidence else Location(finding.subject.source)
    return (at.source, at.line, at.column, finding.subject.address, finding.check)


def iter_statuses(names: str) -> Iterator[FindingStatus]:
    """The statuses of a comma-separated list; `all` is every one."""
    from s3audit.finding import STATUSES

    for name in names.split(","):
        if name == "all":
            yield from STATUSES
            continue
        match = [status for status in STATUSES if status == name.strip().replace("-", "_")]
        if not match:
            expected = ", ".join((*STATUSES, "all"))
            raise UsageError(f"there is no status {name!r}; expected {expected}")
        yield match[0]
