"""SARIF 2.1.0 for code scanning: one run, one category, the rules of every check, narrow regions."""

from collections.abc import Sequence
from typing import Any

from s3audit.finding import Finding, FindingStatus, Report, Sheet
from s3audit.problem import Problem
from s3audit.renderers import summary
from s3audit.renderers.clean import clean
from s3audit.renderers.encode import encode
from s3audit.renderers.sarif_places import Places
from s3audit.renderers.sarif_rules import LEVELS, NOTIFICATIONS, notifications, rules
from s3audit.verdict import Evidence

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
CATEGORY = "s3audit/iac/"
MOST_RESULTS = 5000
"""GitHub keeps no more of a run."""
_MOST_RELATED = 50
_MOST_LINKS = 5

_KINDS: dict[FindingStatus, str] = {"unknown": "open", "pass": "pass", "not_applicable": "notApplicable"}


def render(report: Report, sheet: Sheet) -> str:
    places = Places(sheet)
    table = rules(report.checks)
    index = {rule["id"]: place for place, rule in enumerate(table)}
    together = _together([f for f in report.shown if f.status != "error"], places)
    kept = sorted(together, key=lambda same: -same[0].severity)[:MOST_RESULTS]
    if len(kept) == len(together):
        kept = together
    return encode(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "s3audit",
                            "version": report.tool_version,
                            "semanticVersion": report.tool_version,
                            "rules": table,
                            "notifications": notifications(),
                        }
                    },
                    "automationDetails": {"id": CATEGORY},
                    "columnKind": "utf16CodeUnits",
                    "invocations": [_invocation(report, places, index, len(together) - len(kept))],
                    "results": _Results(report, places, index).of(kept),
                }
            ],
        }
    )


def _together(findings: Sequence[Finding], places: Places) -> list[list[Finding]]:
    """Findings of one check at one place, such as the instances of a loop: GitHub has one alert for them."""
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in findings:
        at = summary.place(finding)
        own = () if at.line else (finding.subject,)
        key = (finding.check, finding.status, finding.severity, at.source, at.line, at.column, *own)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


class _Results:
    def __init__(self, report: Report, places: Places, index: dict[str, int]) -> None:
        self.checks = summary.by_id(report)
        self.places = places
        self.index = index
        self.suppressions = any(f.status == "suppressed" for f in report.shown)
        self.hashes: set[tuple[str, str, str]] = set()

    def of(self, groups: Sequence[Sequence[Finding]]) -> list[dict[str, Any]]:
        return [self._result(group) for group in groups]

    def _result(self, same: Sequence[Finding]) -> dict[str, Any]:
        first = same[0]
        at = summary.place(first)
        related = [e for e in _evidence(same) if e.at.source and e.at != at][:_MOST_RELATED]
        fails = first.status in ("fail", "suppressed")
        physical = self.places.physical(at)
        result: dict[str, Any] = {
            "ruleId": first.check,
            **({"ruleIndex": self.index[first.check]} if first.check in self.index else {}),
            **({} if fails else {"kind": _KINDS[first.status]}),
            "level": LEVELS[first.severity] if fails else "none",
            "message": {"text": self._text(same, related)},
            "locations": [
                {"physicalLocation": physical, "logicalLocations": [_logical(finding) for finding in same]}
            ],
        }
        if related:
            result["relatedLocations"] = [
                {
                    "id": number,
                    "physicalLocation": self.places.physical(evidence.at),
                    "message": {"text": clean(evidence.note or str(evidence.at))},
                }
                for number, evidence in enumerate(related, 1)
            ]
        result["partialFingerprints"] = {
            "primaryLocationLineHash": self._line_hash(first, physical["artifactLocation"]["uri"]),
            "s3audit/v1": first.fingerprint,
        }
        if self.suppressions:
            result["suppressions"] = [self._suppression(first)] if first.status == "suppressed" else []
        result["properties"] = {"severity": first.severity.label, **_properties(same)}
        return result

    def _suppression(self, finding: Finding) -> dict[str, Any]:
        """By whom it is accepted: beside the code, or elsewhere."""
        accepted = finding.accepted
        if accepted is None:
            return {"kind": "external", "status": "accepted"}
        return {
            "kind": "inSource",
            "status": "accepted",
            **({"justification": clean(accepted.reason)} if accepted.reason else {}),
            "location": {"physicalLocation": self.places.physical(accepted.at)},
        }

    def _text(self, same: Sequence[Finding], related: Sequence[Evidence]) -> str:
        first = same[0]
        said = summary.message(first, self.checks)
        who = "" if summary.says(said, first.subject.name) else f"{first.subject.name}: "
        scenario = f" ({when})" if (when := summary.when(first)) else ""
        notes = [e.note for e in first.evidence[:1] if not summary.says(said, e.note)]
        text = _sentence(": ".join([f"{who}{said.rstrip('.')}{scenario}", *notes]))
        if len(same) > 1:
            text += " " + _sentence(f"The same holds for {', '.join(f.subject.name for f in same[1:])}")
        links = [
            f"[{_bracketed(clean(evidence.note or str(evidence.at)))}]({number})"
            for number, evidence in enumerate(related[:_MOST_LINKS], 1)
        ]
        return f"{text} See {', '.join(links)}." if links else text

    def _line_hash(self, finding: Finding, uri: str) -> str:
        """GitHub's hash of the line; where it would make one alert of two, a hash of our own."""
        line_hash = self.places.line_hash(summary.place(finding))
        if line_hash is None or (finding.check, uri, line_hash) in self.hashes:
            return f"{finding.fingerprint[:16]}:1"
        self.hashes.add((finding.check, uri, line_hash))
        return line_hash


def _evidence(same: Sequence[Finding]) -> list[Evidence]:
    return list(dict.fromkeys(evidence for finding in same for evidence in finding.evidence))


def _logical(finding: Finding) -> dict[str, str]:
    subject = finding.subject
    name = {"name": clean(subject.name)} if subject.name else {}
    return {**name, "fullyQualifiedName": clean(subject.address or subject.name), "kind": "resource"}


def _properties(same: Sequence[Finding]) -> dict[str, Any]:
    first = same[0]
    address = summary.place(first).address
    return {
        **({"address": address} if address else {}),
        **({"when": list(first.when)} if first.when else {}),
        **({"instances": [finding.fingerprint for finding in same]} if len(same) > 1 else {}),
    }


def _sentence(text: str) -> str:
    """With one full stop, and nothing in it that a viewer takes for a link."""
    return clean(text).replace("](", "] (").rstrip(".") + "."


def _bracketed(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _invocation(report: Report, places: Places, index: dict[str, int], cut: int) -> dict[str, Any]:
    """What could not be seen, in the order in which it was met, and what is not in this report."""
    problems = summary.untold(report, report.having({"error"}))
    said = [_notification(problem.kind, _problem_text(problem)) for problem in problems]
    for notification, problem in zip(said, problems, strict=True):
        if problem.at.source:
            notification["locations"] = [{"physicalLocation": places.physical(problem.at)}]
    for finding in report.having({"error"}):
        text = f"{finding.check} broke on {finding.subject.name}: {finding.message}"
        rule = {"id": finding.check}
        place = {"index": index[finding.check]} if finding.check in index else {}
        said.append(
            {
                **_notification("crash", text),
                "associatedRule": {**rule, **place},
                "locations": [{"physicalLocation": places.physical(summary.place(finding))}],
            }
        )
    if cut:
        text = f"{cut:,} results of the lowest severities are left out: GitHub keeps {MOST_RESULTS:,}"
        said.append(_notification("limit", f"{text}. The JSON report has them all."))
    failed = any(notification["level"] == "error" for notification in said)
    return {"executionSuccessful": not failed, "toolExecutionNotifications": said}


def _notification(kind: str, text: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": kind, "index": list(NOTIFICATIONS).index(kind)},
        "level": NOTIFICATIONS[kind][0],
        "message": {"text": _sentence(text)},
    }


def _problem_text(problem: Problem) -> str:
    return f"{problem.at}: {problem.message}" if problem.at.source else problem.message
