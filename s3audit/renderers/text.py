"""For people in a terminal: each place once with what is wrong there, each fix once, and a line that counts.

The line of a finding is not broken, whatever its length, so that `grep` and editors find `file:line:column`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from s3audit.check import Check
from s3audit.finding import Finding, FindingStatus, Report, Sheet, Subject
from s3audit.location import Location
from s3audit.renderers import summary
from s3audit.renderers.clean import clean, wrap
from s3audit.renderers.frame import marked
from s3audit.verdict import Evidence, Severity

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _MAGENTA, _CYAN = "1", "2", "1;31", "32", "33", "35", "36"
_SEVERITY_COLORS = {
    Severity.CRITICAL: _RED,
    Severity.HIGH: _RED,
    Severity.MEDIUM: _YELLOW,
    Severity.LOW: _CYAN,
    Severity.INFO: _CYAN,
}
_STATUS_COLORS: dict[FindingStatus, str] = {"error": _RED, "unknown": _MAGENTA, "pass": _GREEN}
_FRAMED: frozenset[FindingStatus] = frozenset({"fail", "error", "unknown"})
_RELATED = 5
_NARROWEST = 40

_Paint = Callable[[str, str], str]
_Spot = tuple[str, int, int, str]


def render(report: Report, sheet: Sheet) -> str:
    paint = _colored if sheet.color else _plain
    page = _Page(report, sheet, paint)
    blocks = [*page.findings(), *page.fixes(), *page.problems(), page.closing()]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _plain(_: str, text: str) -> str:
    return text


def _colored(color: str, text: str) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if color else text


class _Page:
    def __init__(self, report: Report, sheet: Sheet, paint: _Paint) -> None:
        self.report = report
        self.lines = sheet.lines
        self.width = max(sheet.width, _NARROWEST)
        self.paint = paint
        self.checks = summary.by_id(report)

    def findings(self) -> Iterator[list[str]]:
        """By what was judged, in the order of its place; then by place."""
        by_subject: dict[Subject, list[Finding]] = {}
        for finding in self.report.shown:
            by_subject.setdefault(finding.subject, []).append(finding)
        sources = {i.source: index for index, i in enumerate(self.report.inputs)}

        def order(subject: Subject) -> tuple[int, str, _Spot, Subject]:
            first = min(_spot(summary.place(f)) for f in by_subject[subject])
            return sources.get(subject.source, len(sources)), subject.source, first, subject

        for subject in sorted(by_subject, key=order):
            name = summary.subject_name(subject)
            head = [self.paint(_BOLD, clean(name))] if name else []
            found = sorted(by_subject[subject], key=_order)
            for _, together in groupby(found, key=_block_of):
                yield [*head, *self._place(list(together))]
                head = []

    def _place(self, findings: list[Finding]) -> Iterator[str]:
        """One or more findings at one place, the code there, and what is known about it."""
        if findings[0].status not in _FRAMED:
            yield from map(self._headline, findings)
            return
        same = self._left_open_by_the_same(findings)
        told = {finding for others in same.values() for finding in others}
        yield from (self._headline(finding) for finding in findings if finding not in told)
        at = summary.place(findings[0])
        said = " ".join(summary.message(f, self.checks) for f in findings)
        evidence = dict.fromkeys(e for f in findings for e in f.evidence)
        elsewhere = [e for e in evidence if e.at.source and _spot(e.at) != _spot(at)]
        here = [e.note for e in evidence if e not in elsewhere and not summary.says(said, e.note)]
        gutter = " " * len(str(at.line))
        yield from self._frame(at, list(dict.fromkeys(here)), gutter)
        for related in elsewhere[:_RELATED]:
            yield from self._note(_related(related), gutter, "note: ")
        if len(elsewhere) > _RELATED:
            yield from self._note(
                f"{summary.plural(len(elsewhere) - _RELATED, 'more place')}; the JSON report has them all",
                gutter,
            )
        for first, others in same.items():
            if others:
                names = ", ".join(finding.check for finding in others)
                yield from self._note(
                    f"what leaves {first.check} open leaves these open too: {names}", gutter
                )

    def _left_open_by_the_same(self, findings: list[Finding]) -> dict[Finding, list[Finding]]:
        """Of those that are unknown for one reason, in the same words, the first and all the others."""
        by_reason: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            if finding.status == "unknown":
                reason = summary.message(finding, self.checks), summary.when(finding)
                by_reason.setdefault(reason, []).append(finding)
        return {first: others for first, *others in by_reason.values()}

    def _headline(self, finding: Finding) -> str:
        at = summary.place(finding)
        if finding.status == "fail":
            word, color = finding.severity.label, _SEVERITY_COLORS[finding.severity]
        else:
            word, color = summary.STATUS_WORDS[finding.status], _STATUS_COLORS.get(finding.status, "")
        said = clean(summary.message(finding, self.checks))
        scenario = f" ({when})" if (when := clean(summary.when(finding))) else ""
        verdict = self.paint(color, f"{word}[{clean(finding.check)}]")
        where = self.paint(_BOLD, f"{clean(str(at))}:") if at.source else ""
        return f"{where} {verdict} {said}{scenario}".lstrip()

    def _frame(self, at: Location, notes: list[str], gutter: str) -> Iterator[str]:
        lines = self.lines(at.source) if at.line else None
        if lines is None or at.line > len(lines):
            for note in notes:
                yield from self._note(note, gutter)
            return
        bar = self.paint(_DIM, f"{gutter} |")
        room = self.width - len(gutter) - 3
        several = at.end_line > at.line
        shown = marked(lines[at.line - 1], at.column, 0 if several else at.end_column, room)
        yield bar
        yield f"{self.paint(_DIM, f'{at.line} |')} {shown.text}".rstrip()
        caret = " " * shown.start + self.paint(_RED, "^" * shown.length)
        note = clean(notes[0]) if len(notes) == 1 else ""
        if note and shown.start + shown.length + 1 + len(note) <= room:
            yield f"{bar} {caret} {note}"
            return
        yield f"{bar} {caret}"
        for note in notes:
            yield from self._note(note, gutter)

    def _note(self, text: str, gutter: str, label: str = "") -> Iterator[str]:
        sign = self.paint(_DIM, f"{gutter} =")
        for line in wrap(clean(label + text), self.width - len(gutter) - 3):
            yield f"{sign} {line}"
            sign = f"{gutter}  "

    def fixes(self) -> Iterator[list[str]]:
        shown = self.report.shown
        needed = summary.fix_languages(shown, summary.languages(self.report))
        known = [self.checks[check] for check in needed if check in self.checks]
        if not known:
            return
        yield [self.paint(_BOLD, "How to fix")]
        for check in sorted(known, key=lambda c: (-c.severity, c.id)):
            yield list(self._fix(check, needed[check.id]))
        yield ["`s3audit explain ID` says why it matters, and shows what passes and what fails."]

    def _fix(self, check: Check, languages: dict[str, int]) -> Iterator[str]:
        count = sum(languages.values())
        times = f" ({count} times)" if count > 1 else ""
        yield f"{self.paint(_BOLD, check.id)}{times}: {clean(check.title)}"
        written = dict.fromkeys(summary.fix_text(check.fix, language) for language in sorted(languages))
        for language, text in written:
            if len(written) > 1 and language:
                yield f"  {language}:"
            yield from self._block(text)
        if check.fix.note:
            yield from self._block(f"Note: {check.fix.note}")

    def _block(self, text: str) -> Iterator[str]:
        lines: Iterable[str] = text.split("\n")
        if not summary.is_code(text):
            lines = wrap(text, self.width - 4)
        for line in lines:
            yield f"    {clean(line)}".rstrip()

    def problems(self) -> Iterator[list[str]]:
        problems = summary.untold(self.report, self.report.shown)
        if problems:
            lines = [self.paint(_BOLD, "What could not be seen")]
            for problem in problems:
                where = f"{clean(str(problem.at))}: " if problem.at.source else ""
                lines.append(f"{where}{self.paint(_YELLOW, problem.kind)}: {clean(problem.message)}")
            yield lines

    def closing(self) -> list[str]:
        lines = []
        found = summary.resources(self.report)
        if not found:
            lines.append(self.paint(_BOLD, f"{summary.NO_RESOURCES}."))
        if hidden := summary.unlisted_unknowns(self.report):
            lines.append(f"Add `unknown` to --show to read why {hidden:,} could not be decided.")
        color = _RED if self.report.fails else _GREEN if found else ""
        first, *others = summary.counts(self.report)
        where = f" in {summary.inputs(self.report)}, {summary.plural(found, 'resource')}"
        lines.append(" · ".join([self.paint(color, first), *others]) + where)
        return lines


def _related(evidence: Evidence) -> str:
    return f"{evidence.at}: {evidence.note}" if evidence.note else str(evidence.at)


def _spot(at: Location) -> _Spot:
    """What makes two places one, and the order in which people meet them."""
    return at.source, at.line, at.column, at.call


def _order(finding: Finding) -> tuple[bool, _Spot, int, str]:
    return finding.status not in _FRAMED, _spot(summary.place(finding)), -finding.severity, finding.check


def _block_of(finding: Finding) -> _Spot | None:
    """Findings at one place share a frame; those that have none stand together."""
    return _spot(summary.place(finding)) if finding.status in _FRAMED else None
