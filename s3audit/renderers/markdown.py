"""For a step summary or a pull request: a table, the fixes folded below it, and no markup but our own."""

import re
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from s3audit.check import CLOUDFORMATION, LIVE, TERRAFORM, Check
from s3audit.finding import STATUSES, Finding, Report, Sheet
from s3audit.renderers import summary
from s3audit.renderers.clean import clean, encodable
from s3audit.reports import templates

MOST_ROWS = 100
"""A comment on a pull request takes 65,536 characters, a step summary a megabyte."""

_MARKS = re.compile(r"[&<>\\`*_\[\]#|~$]|:(?=\S)|(?<=\bwww)\.", re.IGNORECASE)
_PLAIN_CODE = re.compile(r"[^`|\\]+")
_FENCES = {
    summary.LANGUAGES[CLOUDFORMATION]: "yaml",
    summary.LANGUAGES[TERRAFORM]: "hcl",
    summary.LANGUAGES[LIVE]: "sh",
}


class Markdown(str):
    """Text that is Markdown already; everything else is escaped where a template writes it."""

    __slots__ = ()


class Row(NamedTuple):
    word: str
    check: str
    subject: str
    where: str
    message: str
    when: str


class Advice(NamedTuple):
    """What to do about a check that failed."""

    check: Check
    times: int
    fixes: list[tuple[str, str]]


def render(report: Report, _: Sheet) -> str:
    checks = summary.by_id(report)
    listed = sorted(report.shown, key=_order)
    page = environment().get_template("report.md.j2")
    text = page.render(
        report=report,
        problems=summary.untold(report, listed),
        rows=[_row(finding, checks) for finding in listed[:MOST_ROWS]],
        left_out=max(0, len(listed) - MOST_ROWS),
        counts=summary.counts(report),
        inputs=summary.inputs(report),
        resources=summary.plural(summary.resources(report), "resource"),
        nothing="" if summary.resources(report) else summary.NO_RESOURCES,
        unlisted=summary.unlisted_unknowns(report),
        advice=_advice(report, listed, checks),
    )
    return encodable(text)


@cache
def environment() -> Environment:
    """Every value is escaped for Markdown where a template writes it."""
    environment = Environment(  # noqa: S701 (it writes no HTML: `finalize` escapes every value for Markdown)
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        finalize=_escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["is_code"] = summary.is_code
    environment.filters["code"] = code
    environment.filters["fenced"] = _fenced
    return environment


def _escaped(value: Any) -> str:
    return value if isinstance(value, Markdown) else prose(str(value))


def prose(text: str) -> str:
    """The text as one line; what stands between backticks is code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(code(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces))


def escape(text: str) -> str:
    """The text as one line in which nothing is markup, a link, or a mention."""
    shown = _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", clean(text))
    return shown.replace("@", "&#64;&#8203;")


def code(text: str) -> Markdown:
    """The text as code, in which nothing is markup either."""
    shown = clean(text).strip()
    if _PLAIN_CODE.fullmatch(shown):
        return Markdown(f"`{shown}`")
    return Markdown(f"<code>{escape(shown)}</code>" if shown else "")


def _fenced(text: str, language: str) -> Markdown:
    """Lines to paste, in a fence that they can't close."""
    lines = [clean(line) if line.strip() else "" for line in text.split("\n")]
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown("\n".join([f"{fence}{_FENCES[language]}", *lines, fence]))


def _order(finding: Finding) -> tuple[int, int]:
    """The worst first; else in the order of the report."""
    return STATUSES.index(finding.status), -finding.severity


def _row(finding: Finding, checks: dict[str, Check]) -> Row:
    fails = finding.status == "fail"
    return Row(
        finding.severity.label if fails else summary.STATUS_WORDS[finding.status],
        finding.check,
        " ".join(filter(None, (finding.subject.type, finding.subject.name))),
        str(summary.place(finding)),
        summary.message(finding, checks),
        summary.when(finding),
    )


def _advice(report: Report, listed: list[Finding], checks: dict[str, Check]) -> list[Advice]:
    needed = summary.fix_languages(listed, summary.languages(report))
    known = sorted((checks[check] for check in needed if check in checks), key=lambda c: (-c.severity, c.id))
    return [
        Advice(
            check,
            sum(needed[check.id].values()),
            list(dict.fromkeys(summary.fix_text(check.fix, language) for language in needed[check.id])),
        )
        for check in known
    ]
