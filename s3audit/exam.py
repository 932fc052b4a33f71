"""The examples of checks, each put to the check it belongs to: the verdict, and the lines it points to."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from s3audit import api
from s3audit.check import Check
from s3audit.config import parsed
from s3audit.explain import MARK, intent, is_account, is_terraform, tidy
from s3audit.finding import STATUSES, Finding, Report
from s3audit.library import Library
from s3audit.location import Location
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.verdict import Severity

if TYPE_CHECKING:
    from s3audit.collectors.live.wanted import Wanted
    from s3audit.demo.written import Written

CONFIG = ".s3audit.toml"
WANTED = {"passes": "pass", "fails": "fail", "unsure": "unknown"}
_ALLOWED = {
    "passes": {"pass", "not_applicable"},
    "fails": {"fail", "pass", "not_applicable"},
    "unsure": {"unknown", "pass", "not_applicable"},
}
_LONGEST_NOTE = 200
_WORKERS = 4


class UnreadableError(api.UsageError):
    """An account that is written down, and that nobody can make out."""


class Example(NamedTuple):
    check: str
    kind: str
    """passes, fails or unsure."""
    number: int
    text: str

    @property
    def name(self) -> str:
        return f"{self.check}-{self.kind}-{self.number}"

    @property
    def file(self) -> str:
        if is_account(self.text):
            return "account.yml"
        return "example.tf" if is_terraform(self.text) else "example.yaml"

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What its configuration says, if it has one."""
        return expectations(self.text)

    @property
    def marked(self) -> set[int]:
        """The lines that the evidence has to point to."""
        return {n for n, line in enumerate(self.text.splitlines(), 1) if line.endswith(MARK)}


def examples_of(check: Check) -> Iterator[Example]:
    for kind in WANTED:
        for number, text in enumerate(getattr(check, kind), 1):
            yield Example(check.id, kind, number, tidy(text))


def expectations(text: str) -> tuple[Expectation, ...]:
    """What the configuration in a text says, if it has one."""
    return parsed(intent(text).encode(), CONFIG).expectations if intent(text) else ()


def run(example: Example, known: Library, folder: str) -> Report:
    """What the example's own check says about it, through the door that everybody uses."""
    file, config = os.path.join(folder, example.file), os.path.join(folder, CONFIG)
    for path, text in ((file, example.text), (config, intent(example.text))):
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(text)
    if is_account(example.text):
        return _seen(example, known, config)
    done = api.run(
        [file],
        parameters={},
        select=[example.check],
        ignore=[],
        severity=Severity.INFO,
        show=STATUSES,
        all_scenarios=False,
        max_size=api.MAX_SIZE,
        config=config,
        known=known,
    )
    return done.report


def _seen(example: Example, known: Library, config: str) -> Report:
    """The same of an account that is written down: it is scanned as `s3audit live` scans one."""
    from s3audit import accounts

    with _served(example.text) as wanted:
        done = accounts.run(
            wanted,
            select=[example.check],
            ignore=[],
            severity=Severity.INFO,
            show=STATUSES,
            config=config,
            known=known,
        )
    return done.report


def collected(text: str, needs: Iterable[str]) -> Estate:
    """What a live scan for these needs makes of an account that is written down."""
    with _served(text) as wanted:
        from s3audit.collectors.live.gather import gathered
        from s3audit.collectors.live.run import look

        return gathered(look(msgspec.structs.replace(wanted, needs=frozenset(needs)))).estate


@contextmanager
def _served(text: str) -> "Iterator[Wanted]":
    """A server that plays the account, for as long as the block lasts, and what to ask of it."""
    from importlib.util import find_spec

    if find_spec("botocore") is None:
        raise api.UsageError("examples of live accounts need boto3: pip install 's3audit[live]'")
    from s3audit.collectors.live.wanted import Wanted
    from s3audit.demo.alone import alone

    with alone(_account(text).world):
        yield Wanted(workers=_WORKERS, attempts=1)


def _account(text: str) -> "Written":
    from s3audit.demo.written import WrittenError, written

    try:
        return written(text)
    except WrittenError as error:
        raise UnreadableError(f"the account can't be read: {error}") from None


def _lines_of(example: Example, places: Iterable[Location]) -> set[int]:
    """The lines that evidence points to; in an account, those that name what the calls were about."""
    if not is_account(example.text):
        return {at.line for at in places}
    named = _account(example.text).lines
    return {named.get(at.source, 0) for at in places}


def faults(example: Example, report: Report) -> Iterator[str]:
    """What the report says of the example that is not what it stands for."""
    problems = [one for one in report.problems if one.kind == "crash" or not is_account(example.text)]
    for problem in problems[:1]:
        yield problem.message if problem.kind == "crash" else f"it can't be read: {problem.message}"
        return
    wanted = WANTED[example.kind]
    found = {f.status for f in report.findings}
    if wanted not in found:
        yield f"no subject has the status {wanted}:\n{told(report.findings)}"
    elif not found <= _ALLOWED[example.kind]:
        yield f"it has others than {wanted} too:\n{told(report.findings)}"
    elif example.kind != "passes":
        lines = _lines_of(example, (e.at for f in report.findings if f.status == wanted for e in f.evidence))
        if lines != example.marked:
            yield (
                f"the evidence points to {_lines(lines)}, and `{MARK}` ends {_lines(example.marked)}:\n"
                f"{told(report.findings)}"
            )
    if example.kind != "passes":
        for finding in report.findings:
            yield from _unsaid(finding)


def _unsaid(finding: Finding) -> Iterator[str]:
    """What is wrong with how a finding is told."""
    if not finding.evidence:
        yield "a finding without evidence shows nothing"
    for evidence in finding.evidence:
        if not evidence.note:
            yield "evidence without a note"
        if evidence.note.endswith("."):
            yield f"a note is no sentence, it ends without a dot: {evidence.note}"
        if len(evidence.note) >= _LONGEST_NOTE:
            yield f"a note is short: {evidence.note}"
        if not evidence.at.source:
            yield f"evidence has a place: {evidence.note}"


def told(findings: Sequence[Finding]) -> str:
    """The findings, a line each."""
    return "\n".join(
        f"{f.status} {f.subject.name}: {f.message} ({_lines({e.at.line for e in f.evidence})})"
        for f in findings
    )


def _lines(lines: set[int]) -> str:
    if not lines:
        return "no line"
    return f"line{'s' * (len(lines) > 1)} {', '.join(map(str, sorted(lines)))}"


def examined(check: Check, known: Library) -> Iterator[tuple[Example, list[str]]]:
    """Each example of a check with what is wrong with it."""
    from s3audit.law import unsound

    known = Library(known.checks)  # what could not be loaded is no fault of an example
    for example in examples_of(check):
        try:
            with TemporaryDirectory(prefix="s3audit-") as folder:
                wrong = list(dict.fromkeys(faults(example, run(example, known, folder))))
        except UnreadableError as error:
            wrong = [str(error)]
        yield example, wrong or list(unsound(check, example))
