"""A finding in one line, for where there is nothing around it that says what it is about."""

from s3audit.check import Check
from s3audit.finding import Finding
from s3audit.problem import Problem
from s3audit.renderers import summary
from s3audit.renderers.clean import clean


def sentence(finding: Finding, checks: dict[str, Check]) -> str:
    """`Logs: Versioning was never enabled (when Env is dev): no versioning.`"""
    said = summary.message(finding, checks)
    who = "" if summary.says(said, finding.subject.name) else f"{finding.subject.name}: "
    scenario = f" ({when})" if (when := summary.when(finding)) else ""
    notes = [e.note for e in finding.evidence[:1] if not summary.says(said, e.note)]
    return one_stop(": ".join([f"{who}{said.rstrip('.')}{scenario}", *notes]))


def of_problem(problem: Problem) -> str:
    at = problem.at
    return one_stop(f"{at}: {problem.message}" if at.source else problem.message)


def one_stop(text: str) -> str:
    """One line with one full stop."""
    return clean(text).rstrip(". ") + "."


def shortened(text: str, most: int) -> str:
    """No longer than this in bytes, whatever its characters; what is cut ends in three dots."""
    raw = text.encode("utf-8", "backslashreplace")
    if len(raw) <= most:
        return raw.decode()
    return raw[: most - 3].decode("utf-8", "ignore") + "..."
