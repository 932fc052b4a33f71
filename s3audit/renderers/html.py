"""One page for people who were not there: nothing in it runs, and nothing is loaded from elsewhere."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from os import path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from s3audit.check import Check
from s3audit.finding import Finding, FindingStatus, Report, Sheet, Subject
from s3audit.renderers import summary
from s3audit.renderers.clean import clean, encodable
from s3audit.renderers.excerpt import Row, excerpt
from s3audit.reports import templates
from s3audit.verdict import Evidence, Severity

_TOLD: dict[FindingStatus, tuple[str, str]] = {
    "fail": ("Findings", "What is not as it should be, by what was judged."),
    "error": ("Checks that broke", "These checks gave no answer. Nothing else is affected."),
    "unknown": (
        "Could not be decided",
        "What was read does not tell. This is no pass and no finding: the reason says what would settle it.",
    ),
    "suppressed": ("Suppressed", "Findings that someone has accepted."),
    "pass": ("Passed", "What is as it should be."),
    "not_applicable": ("Not applicable", "Questions that do not arise."),
}
"""What is listed, in this order, with a heading and a sentence."""
_AS_TABLE: frozenset[FindingStatus] = frozenset({"pass", "not_applicable"})


class Place(NamedTuple):
    where: str
    note: str
    rows: Sequence[Row]


class Card(NamedTuple):
    """A finding, ready to be shown."""

    finding: Finding
    fingerprint: str
    message: str
    when: str
    where: str
    check: Check | None
    places: Sequence[Place]
    language: str
    fix: str


class Group(NamedTuple):
    """What is said about one subject, and how many findings of each severity."""

    subject: Subject
    name: str
    cards: Sequence[Card]
    severities: dict[Severity, int]


class Share(NamedTuple):
    """A part of the bar over the whole report, in percent."""

    kind: str
    label: str
    start: float
    width: float


class Part(NamedTuple):
    """All findings of one status."""

    status: FindingStatus
    title: str
    about: str
    as_table: bool
    groups: Sequence[Group]


def render(report: Report, sheet: Sheet, *, sections: Sequence[Any] = (), headline: str = "") -> str:
    """The page; `sections` are what `matrix_html` makes of frameworks."""
    folder = templates()
    with open(path.join(folder, "report.css"), encoding="utf-8") as file:
        style = f"\n{file.read()}"
    page = _environment(folder).get_template("report.html.j2")
    text = page.render(
        report=report,
        problems=summary.untold(report, report.shown),
        style=Markup(style),  # noqa: S704 (ours, and the hash in the policy is of these very characters)
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        headline=headline or summary.plural(summary.failing(report), "finding"),
        inputs=summary.inputs(report),
        resources=summary.resources(report),
        no_resources=summary.NO_RESOURCES,
        below=summary.below(report),
        tally=report.tally(),
        severities=report.severities("fail", report.threshold),
        words=summary.STATUS_WORDS,
        shares=list(_shares(report)),
        parts=list(_parts(report, sheet)),
        checked=_checked(report),
        unlisted=summary.unlisted_unknowns(report),
        **_by_requirement(sections),
    )
    return encodable(text)


def _by_requirement(sections: Sequence[Any]) -> dict[str, Any]:
    if not sections:
        return {"sections": ()}
    from s3audit.renderers import matrix_words

    return {"sections": sections, "words_of_answers": matrix_words.WORDS, "about": matrix_words.ABOUT}


@cache
def _environment(folder: str) -> Environment:
    """Every value is made visible, then escaped, wherever a template writes it."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["is_code"] = summary.is_code
    return environment


def _visible(value: Any) -> str:
    return value if isinstance(value, Markup) else clean(str(value))


def _parts(report: Report, sheet: Sheet) -> Iterable[Part]:
    checks = summary.by_id(report)
    languages = summary.languages(report)
    for status, (title, about) in _TOLD.items():
        listed = [finding for finding in report.shown if finding.status == status]
        if listed:
            groups = list(_groups(listed, checks, languages, sheet))
            yield Part(status, title, about, status in _AS_TABLE, groups)


def _groups(
    findings: Sequence[Finding], checks: dict[str, Check], languages: dict[str, str], sheet: Sheet
) -> Iterable[Group]:
    by_subject: dict[Subject, list[Finding]] = {}
    for finding in findings:
        by_subject.setdefault(finding.subject, []).append(finding)
    worst_first = sorted(by_subject.items(), key=lambda item: [*sorted(-f.severity for f in item[1]), 1])
    for subject, found in worst_first:
        cards = [
            _card(finding, checks, summary.language_for(subject, languages), sheet)
            for finding in sorted(found, key=lambda f: (-f.severity, f.check))
        ]
        yield Group(subject, summary.subject_name(subject), cards, summary.by_severity(found))


def _card(finding: Finding, checks: dict[str, Check], language: str, sheet: Sheet) -> Card:
    check = checks.get(finding.check)
    said = summary.message(finding, checks)
    written = ("", "")
    if check is not None and finding.status == "fail":
        written = summary.fix_text(check.fix, language or summary.language_of(finding.subject.source))
    return Card(
        finding,
        finding.fingerprint,
        said,
        summary.when(finding),
        str(summary.place(finding)),
        check,
        [] if finding.status in _AS_TABLE else _places(finding, said, sheet),
        *written,
    )


def _places(finding: Finding, said: str, sheet: Sheet) -> list[Place]:
    """Where its evidence is, each place once: one answer of a live account may tell several of the settings."""
    places = [_place(evidence, said, sheet) for evidence in finding.evidence]
    return list({(place.where, place.note): place for place in places}.values())


def _place(evidence: Evidence, said: str, sheet: Sheet) -> Place:
    lines = sheet.lines(evidence.at.source) if evidence.at.line else None
    note = "" if summary.says(said, evidence.note) else evidence.note
    return Place(str(evidence.at) if evidence.at.source else "", note, excerpt(lines, evidence.at))


def _shares(report: Report) -> Iterable[Share]:
    fails = report.severities("fail")
    counted = [(severity.label, f"{count} {severity.label}", count) for severity, count in fails.items()]
    tally = report.tally()
    for status in ("error", "unknown", "suppressed", "pass", "not_applicable"):
        count = tally[status]
        counted.append((status, f"{count} {summary.STATUS_WORDS[status]}", count))
    start = 0
    for kind, label, count in counted:
        if count:
            total = len(report.findings)
            yield Share(kind, label, round(100 * start / total, 3), round(100 * count / total, 3))
            start += count


def _checked(report: Report) -> list[tuple[Check, dict[str, int]]]:
    """Each check with how often it gave which answer; the counts are of all findings, shown or not."""
    counted: dict[str, dict[str, int]] = {check.id: dict.fromkeys(_TOLD, 0) for check in report.checks}
    for (check, status, _), count in report.counted.items():
        if check in counted:
            counted[check][status] += count
    return [(one, counted[one.id]) for one in sorted(report.checks, key=lambda c: c.id)]
