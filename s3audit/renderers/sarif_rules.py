"""What SARIF says in every run, whatever was found: one rule a check, and the kinds of notification."""

from collections.abc import Iterable
from typing import Any

from s3audit.check import CLOUDFORMATION, LIVE, TERRAFORM, Check, Fix
from s3audit.renderers.summary import LANGUAGES, fix_in, is_code
from s3audit.verdict import Severity

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}

# GitHub reads bands out of these: above 9.0 is critical, 0.0 is none.
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.5"}
_PROBLEM_SEVERITIES = {"error": "error", "warning": "warning", "note": "recommendation"}
_FENCES = {CLOUDFORMATION: "yaml", TERRAFORM: "hcl", LIVE: "sh"}
_LONGEST = 1024

NOTIFICATIONS = {
    "unreadable": ("error", "An input could not be read at all"),
    "partial": ("warning", "Some of an input could not be read or resolved"),
    "ambiguous": ("warning", "An input says two things at once"),
    "crash": ("error", "A check or a reader broke"),
    "empty": ("note", "Nothing about S3 was found"),
    "limit": ("warning", "There are more results than GitHub keeps"),
    "suppression": ("warning", "A suppression does not count, or nothing needs it"),
}
"""Id -> level and meaning: the kinds of problem, and that this report is not whole."""


def rules(checks: Iterable[Check]) -> list[dict[str, Any]]:
    return [_rule(check) for check in sorted(checks, key=lambda check: check.id)]


def notifications() -> list[dict[str, Any]]:
    return [
        {
            "id": kind,
            "name": kind.title(),
            "shortDescription": {"text": f"{meaning}."},
            "fullDescription": {
                "text": f"{meaning}. What is said elsewhere in this report holds without it."
            },
            "help": {"text": "The message names the place, what was expected and the way out."},
            "defaultConfiguration": {"level": level},
        }
        for kind, (level, meaning) in NOTIFICATIONS.items()
    ]


def _rule(check: Check) -> dict[str, Any]:
    level = LEVELS[check.severity]
    score = {"security-severity": _SCORES[check.severity]} if check.severity in _SCORES else {}
    return {
        "id": check.id,
        "name": "".join(word.capitalize() for word in check.id.split("-")),
        "shortDescription": {"text": _cut(f"{check.title}.")},
        "fullDescription": {"text": _cut(" ".join(check.why.split()))},
        "help": {"text": _help(check, markdown=False), "markdown": _help(check, markdown=True)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["security", "s3", check.topic],
            "precision": "very-high",
            "problem.severity": _PROBLEM_SEVERITIES[level],
            **score,
        },
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _help(check: Check, *, markdown: bool) -> str:
    exceptions = f" ({check.severity_rule})" if check.severity_rule else ""
    parts = [
        f"**{check.title}.**" if markdown else f"{check.title}.",
        check.why,
        f"Severity: {check.severity.label}{exceptions}.",
        *_fixes(check.fix, markdown),
        f"`s3audit explain {check.id}` shows what passes and what fails.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _fixes(fix: Fix, markdown: bool) -> Iterable[str]:
    yield "### How to fix" if markdown else "How to fix"
    for language, title in LANGUAGES.items():
        if text := fix_in(fix, language):
            yield f"**{title}**" if markdown else f"{title}:"
            yield f"```{_FENCES[language]}\n{text}\n```" if markdown and is_code(text) else text
    if fix.note:
        yield fix.note
