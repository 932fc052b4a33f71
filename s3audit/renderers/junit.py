"""JUnit's XML: a suite for each file or account, a case for each check and subject, passed ones too."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from s3audit.check import Check
from s3audit.finding import Finding, FindingStatus, Report, Sheet
from s3audit.problem import Problem
from s3audit.renderers import summary
from s3audit.renderers.arn import is_account
from s3audit.renderers.clean import clean
from s3audit.renderers.sarif_rules import NOTIFICATIONS
from s3audit.renderers.sentence import of_problem, sentence
from s3audit.renderers.uri import path

_TOLD: frozenset[FindingStatus] = frozenset({"fail", "error", "unknown", "suppressed", "pass"})
"""A run of tests has them all; what the question does not arise for is no test, unless somebody asks to see it."""
_OUTCOMES: dict[FindingStatus, str] = {
    "fail": "failure",
    "error": "error",
    "unknown": "skipped",
    "suppressed": "skipped",
    "not_applicable": "skipped",
}
_PROBLEMS = "what could not be seen"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def pieces(report: Report, _: Sheet) -> Iterator[str]:
    checks = summary.by_id(report)
    problems = summary.untold(report, report.having({"error"}))
    suites = _suites(report)
    of_problems = Counter(_outcome_of(problem) for problem in problems)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites{_attributes('s3audit', sum(suites.values(), of_problems))}>\n"
    for source, findings in groupby(_cases(report), key=lambda one: one.subject.source):
        yield f"  <testsuite{_attributes(_suite(source), suites[source])}>\n"
        for finding in findings:
            yield _case(finding, checks)
        yield "  </testsuite>\n"
    if problems:
        yield f"  <testsuite{_attributes(_PROBLEMS, of_problems)}>\n"
        yield from _of_problems(problems)
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _suites(report: Report) -> dict[str, Counter[str]]:
    """For each source, how many cases have which outcome."""
    found: dict[str, Counter[str]] = {}
    for finding in _cases(report):
        found.setdefault(finding.subject.source, Counter())[_OUTCOMES.get(finding.status, "")] += 1
    return found


def _cases(report: Report) -> Iterable[Finding]:
    """What is tested, by source; what is below the threshold fails nothing, so it is left out."""
    told = (f for f in report.having(_TOLD | report.show) if report.counts(f))
    # Those of a large account are in this order already, and are not all to be at hand.
    if isinstance(report.findings, tuple):
        return sorted(told, key=lambda one: one.subject.source)
    return told


def _case(finding: Finding, checks: dict[str, Check]) -> str:
    subject, at = finding.subject, summary.place(finding)
    name = f"{finding.check} {subject.address or subject.name}"
    given = {"name": name, "classname": _suite(subject.source), **_file(at.source, at.line)}
    if finding.status == "pass":
        return f"    <testcase{_written(given)}/>\n"
    outcome = _OUTCOMES[finding.status]
    said = {"message": _message(finding, checks)}
    if outcome != "skipped":
        said["type"] = finding.severity.label if finding.status == "fail" else "crash"
    body = _escaped("\n".join(_lines(finding)))
    return f"    <testcase{_written(given)}><{outcome}{_written(said)}>{body}</{outcome}></testcase>\n"


def _message(finding: Finding, checks: dict[str, Check]) -> str:
    told = sentence(finding, checks)
    accepted = finding.accepted
    if finding.status != "suppressed" or accepted is None or not accepted.reason:
        return told if finding.status == "fail" else f"{summary.STATUS_WORDS[finding.status]}: {told}"
    return f"suppressed ({accepted.reason}): {told}"


def _lines(finding: Finding) -> Iterator[str]:
    """Each piece of evidence with its place."""
    for one in finding.evidence:
        yield clean(f"{one.at}: {one.note}" if one.at.source else one.note)


def _of_problems(problems: Sequence[Problem]) -> Iterator[str]:
    for number, problem in enumerate(problems, 1):
        at, outcome = problem.at, _outcome_of(problem)
        given = {
            "name": f"{number} {problem.kind}",
            "classname": _suite(at.source),
            **_file(at.source, at.line),
        }
        said = {"message": of_problem(problem), **({"type": problem.kind} if outcome == "error" else {})}
        yield f"    <testcase{_written(given)}><{outcome}{_written(said)}/></testcase>\n"


def _outcome_of(problem: Problem) -> str:
    return "error" if NOTIFICATIONS[problem.kind][0] == "error" else "skipped"


def _suite(source: str) -> str:
    return source or "s3audit"


def _file(source: str, line: int) -> dict[str, str]:
    if not source or source.startswith("arn:") or is_account(source):
        return {}
    return {"file": path(source), **({"line": str(line)} if line else {})}


def _attributes(name: str, outcomes: Counter[str]) -> str:
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    told = {plural: str(outcomes[one]) for plural, one in counts.items()}
    return _written({"name": name, "tests": str(outcomes.total()), **told})


def _written(given: dict[str, str]) -> str:
    return "".join(f' {name}="{_escaped(clean(value))}"' for name, value in given.items())


def _escaped(text: str) -> str:
    return "".join(_ENTITIES.get(char, char) for char in text) if _ENTITIES.keys() & set(text) else text
