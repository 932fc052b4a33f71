"""What several renderers say in the same words: counts, places, scenarios, fixes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from s3audit.check import CLOUDFORMATION, LIVE, TERRAFORM, Check, Fix
from s3audit.finding import Finding, FindingStatus, Report, Subject
from s3audit.location import NOWHERE, Location
from s3audit.problem import Problem
from s3audit.verdict import Severity

NO_RESOURCES = "No S3 resources found"

STATUS_WORDS: dict[FindingStatus, str] = {
    "fail": "failed",
    "error": "error",
    "unknown": "unknown",
    "suppressed": "suppressed",
    "pass": "passed",
    "not_applicable": "not applicable",
}

LANGUAGES = {CLOUDFORMATION: "CloudFormation", TERRAFORM: "Terraform", LIVE: "AWS CLI"}


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many of each severity, the highest first."""
    counted = Counter(f.severity for f in findings)
    return {severity: counted[severity] for severity in sorted(Severity, reverse=True)}


def below(report: Report) -> int:
    """How many failing findings the threshold keeps from being shown."""
    return report.tally()["fail"] - failing(report)


def failing(report: Report) -> int:
    """How many make the run fail."""
    return sum(report.severities("fail", report.threshold).values())


def counts(report: Report) -> list[str]:
    """Every status in words: `14 findings (1 critical, 13 high)`, `3 below medium hidden`, `4 unknown`..."""
    tally = report.tally()
    levels = ", ".join(
        f"{n:,} {s.label}" for s, n in report.severities("fail", report.threshold).items() if n
    )
    parts = [plural(failing(report), "finding") + (f" ({levels})" if levels else "")]
    if hidden := below(report):
        parts.append(f"{hidden:,} below {report.threshold.label} hidden")
    parts += [
        f"{tally['unknown']:,} unknown",
        f"{tally['pass']:,} passed",
        f"{tally['not_applicable']:,} not applicable",
        f"{tally['suppressed']:,} suppressed",
        plural(tally["error"], "error"),
    ]
    return parts


def resources(report: Report) -> int:
    return sum(i.resources for i in report.inputs)


def inputs(report: Report) -> str:
    """`2 files`, or `3 inputs` where some are none."""
    files = all(i.kind != LIVE and not i.source.startswith("arn:") for i in report.inputs)
    return plural(len(report.inputs), "file" if files else "input")


def unlisted_unknowns(report: Report) -> int:
    """How many open questions reach the threshold and are counted only, because nobody asked to see them."""
    if "unknown" in report.show:
        return 0
    return sum(report.severities("unknown", report.threshold).values())


def listed(report: Report) -> Iterator[Finding]:
    """What is shown, one after the other."""
    return (finding for finding in report.having(report.show) if report.counts(finding))


def listed_count(report: Report) -> int:
    """How many are shown."""
    return sum(
        count
        for (_, status, severity), count in report.counted.items()
        if status in report.show and (status == "error" or severity >= report.threshold)
    )


def untold(report: Report, findings: Iterable[Finding]) -> list[Problem]:
    """The problems, but for the crashes that these findings tell."""
    told = {f.message for f in findings if f.status == "error"}
    return [p for p in report.problems if p.kind != "crash" or p.message not in told]


def problems(report: Report) -> list[Problem]:
    """What could not be seen, but for what the findings that are shown tell."""
    return untold(report, report.having({"error"}) if "error" in report.show else ())


def by_id(report: Report) -> dict[str, Check]:
    return {check.id: check for check in report.checks}


def message(finding: Finding, checks: dict[str, Check]) -> str:
    """What is the case; where the finding does not say it, what the check asks for."""
    if finding.message:
        return finding.message
    return checks[finding.check].title if finding.check in checks else finding.check


def place(finding: Finding) -> Location:
    """The place to show; without evidence, what was judged."""
    for evidence in finding.evidence:
        if evidence.at.source:
            return evidence.at
    subject = finding.subject
    return Location(subject.source, subject.address) if subject.source else NOWHERE


def says(text: str, note: str) -> bool:
    """Whether the text holds the note, whatever the case of its letters."""
    return note.casefold() in text.casefold()


def when(finding: Finding) -> str:
    """`when Env is dev or Env is test`; nothing if it always holds, or if the message says it."""
    if all(says(finding.message, scenario) for scenario in finding.when):
        return ""
    return f"when {' or '.join(finding.when)}"


def subject_name(subject: Subject) -> str:
    """`Bucket Logs (Resources.Logs)`."""
    name = " ".join(filter(None, (subject.type, subject.name))) or subject.source
    address = f" ({subject.address})" if subject.address and subject.address != subject.name else ""
    return f"{name[:1].upper()}{name[1:]}{address}"


def languages(report: Report) -> dict[str, str]:
    """The language in which each input would be changed."""
    return {i.source: language_of(i.source, i.kind) for i in report.inputs}


def language_of(source: str, kind: str = "") -> str:
    """The language in which a source would be changed."""
    if kind == LIVE or source.startswith("arn:"):
        return LIVE
    if kind.startswith((TERRAFORM, "opentofu")) or source.endswith(
        (".tf", ".tofu", ".tf.json", ".tofu.json")
    ):
        return TERRAFORM
    return CLOUDFORMATION


def language_for(subject: Subject, languages: dict[str, str]) -> str:
    """The language in which a subject would be changed."""
    if subject.origin in LANGUAGES:
        return subject.origin
    return languages.get(subject.source) or language_of(subject.source)


def fix_languages(findings: Sequence[Finding], languages: dict[str, str]) -> dict[str, dict[str, int]]:
    """For each failing check, the languages its fix is needed in, and how many findings each has."""
    needed: dict[str, dict[str, int]] = {}
    for finding in findings:
        if finding.status == "fail":
            language = language_for(finding.subject, languages)
            found = needed.setdefault(finding.check, {})
            found[language] = found.get(language, 0) + 1
    return needed


def fix_text(fix: Fix, language: str) -> tuple[str, str]:
    """The language and the text of a fix: in the language asked for, or in another if it has no way there."""
    for choice in (language, LIVE, CLOUDFORMATION, TERRAFORM):
        if text := fix_in(fix, choice):
            return LANGUAGES[choice], text
    return "", ""


def fix_in(fix: Fix, language: str) -> str:
    """The text of a fix in one language, if it has a way there."""
    return _dedent({CLOUDFORMATION: fix.cloudformation, TERRAFORM: fix.terraform, LIVE: fix.cli}[language])


def is_code(text: str) -> bool:
    """Whether a fix is something to paste; else it is a sentence."""
    return "\n" in text or text.startswith("aws ")


def _dedent(text: str) -> str:
    """Without the indentation that all lines share, and without empty lines around."""
    lines = text.expandtabs(2).rstrip().splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines).strip("\n")
