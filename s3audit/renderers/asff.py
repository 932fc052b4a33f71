"""The finding format of AWS Security Hub: an array with what was found in live accounts, within its limits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from s3audit.check import LIVE, Check
from s3audit.finding import Finding, FindingStatus, Report, Sheet, Subject
from s3audit.renderers import summary
from s3audit.renderers.arn import is_account, partition_of, region_of
from s3audit.renderers.asked import NOTHING, asked
from s3audit.renderers.clean import clean
from s3audit.renderers.encode import array
from s3audit.renderers.sentence import sentence, shortened
from s3audit.verdict import Severity

GENERATOR = "s3audit/"
"""With this the generators of all findings of ours begin."""
TYPE = "Software and Configuration Checks/AWS Security Best Practices"
HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""By partition, the Region to which what is in none is told."""

_ID, _TITLE, _DESCRIPTION, _ADVICE = 512, 256, 1024, 512
_REQUIREMENTS = 32
_FIELD, _MOST_EVIDENCE = 2048, 20

_LABELS = {
    Severity.INFO: "INFORMATIONAL",
    Severity.LOW: "LOW",
    Severity.MEDIUM: "MEDIUM",
    Severity.HIGH: "HIGH",
    Severity.CRITICAL: "CRITICAL",
}
_RESULTS: dict[FindingStatus, str] = {
    "fail": "FAILED",
    "suppressed": "FAILED",
    "unknown": "WARNING",
    "pass": "PASSED",
    "error": "NOT_AVAILABLE",
    "not_applicable": "NOT_AVAILABLE",
}
OPEN: frozenset[FindingStatus] = frozenset({"fail", "unknown", "error"})
"""Nothing is to be done about any other, so it goes to the archive."""
_TYPES = {
    "access-point": "AwsS3AccessPoint",
    "account": "AwsAccount",
    "bucket": "AwsS3Bucket",
    "distribution": "AwsCloudFrontDistribution",
    "role": "AwsIamRole",
    "trail": "AwsCloudTrailTrail",
}


def pieces(report: Report, sheet: Sheet) -> Iterator[str]:
    writing = Writing(report, sheet.now)
    return array(writing.of(finding) for finding in summary.listed(report) if is_told(finding.subject))


def left_out(report: Report) -> Iterator[str]:
    lost = sum(not is_told(finding.subject) for finding in summary.listed(report))
    if lost:
        yield (
            f"ASFF is about live accounts: {summary.plural(lost, 'finding')} of no account"
            f" {'is' if lost == 1 else 'are'} left out."
        )
    if problems := summary.problems(report):
        yield f"ASFF has no place for {summary.plural(len(problems), 'problem')}; see another format."


def is_told(subject: Subject) -> bool:
    """Whether it is known where it belongs: an account and a partition."""
    return (
        subject.origin == LIVE
        and is_account(subject.source)
        and partition_of(subject.address) != ""
        and region_for(subject) != ""
    )


def region_for(subject: Subject) -> str:
    """The Region whose Security Hub is told."""
    return subject.region or region_of(subject.address) or HOME.get(partition_of(subject.address), "")


def product(partition: str, region: str, account: str) -> str:
    """What the findings of an account's own tools belong to."""
    return f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default"


def moment(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Writing:
    """The findings of one report, at one time."""

    def __init__(self, report: Report, now: int) -> None:
        self._checks = summary.by_id(report)
        self._version = report.tool_version
        self._now = moment(now)

    def of(self, finding: Finding) -> dict[str, Any]:
        subject, check = finding.subject, self._checks.get(finding.check)
        partition, region = partition_of(subject.address), region_for(subject)
        title = check.title if check else finding.check
        return {
            "SchemaVersion": "2018-10-08",
            "Id": id_of(finding),
            "ProductArn": product(partition, region, subject.source),
            "GeneratorId": _text(f"{GENERATOR}{finding.check}", _ID),
            "AwsAccountId": subject.source,
            "Region": region,
            "CreatedAt": self._now,
            "UpdatedAt": self._now,
            "LastObservedAt": self._now,
            "Title": _text(title, _TITLE),
            "Description": _text(sentence(finding, self._checks), _DESCRIPTION),
            "FindingProviderFields": {
                "Severity": {"Label": _label(finding), "Original": finding.severity.label},
                "Types": [TYPE],
            },
            "Resources": [_resource(subject, partition, region)],
            "Compliance": _compliance(finding),
            "RecordState": "ACTIVE" if finding.status in OPEN else "ARCHIVED",
            "ProductFields": self._fields(finding),
            **_remediation(finding, check),
        }

    def _fields(self, finding: Finding) -> dict[str, str]:
        told = {
            "version": self._version,
            "status": finding.status,
            "fingerprint": finding.fingerprint,
            "when": " or ".join(finding.when),
        }
        if finding.accepted is not None:
            told["accepted"] = f"{finding.accepted.at}: {finding.accepted.reason}"
        for number, one in enumerate(finding.evidence[:_MOST_EVIDENCE], 1):
            told[f"evidence/{number}"] = f"{one.at}: {one.note}" if one.at.source else one.note
        return {f"{GENERATOR}{name}": _text(value, _FIELD) for name, value in told.items() if value.strip()}


def id_of(finding: Finding) -> str:
    """The same in every run: nothing that may change about a finding is in it."""
    return f"{GENERATOR}{finding.subject.source}/{_text(finding.check, 256)}/{finding.fingerprint}"


def _text(text: str, most: int) -> str:
    """One line that is not empty."""
    return shortened(clean(text), most) if text.strip() else "-"


def _label(finding: Finding) -> str:
    """Informational means that there is nothing to do."""
    return "INFORMATIONAL" if finding.status in ("pass", "not_applicable") else _LABELS[finding.severity]


def _resource(subject: Subject, partition: str, region: str) -> dict[str, Any]:
    kind = _TYPES.get(subject.type, "Other")
    # An account has an identifier of its own in Security Hub.
    identity = f"AWS::::Account:{subject.source}" if kind == "AwsAccount" else subject.address
    told = {"Type": kind, "Id": _text(identity, _ID), "Partition": partition, "Region": region}
    if kind == "AwsS3Bucket":
        return {**told, "Details": {"AwsS3Bucket": {"Name": _text(subject.name, _ID)}}}
    if kind == "Other":
        return {**told, "Details": {"Other": {"Kind": _text(subject.type, _ID)}}}
    return told


def _compliance(finding: Finding) -> dict[str, Any]:
    asking = asked().get(finding.check, NOTHING).requirements[:_REQUIREMENTS]
    return {
        "Status": _RESULTS[finding.status],
        "SecurityControlId": _text(finding.check, _ID),
        **({"RelatedRequirements": list(asking)} if asking else {}),
    }


def _remediation(finding: Finding, check: Check | None) -> dict[str, Any]:
    if check is None or finding.status != "fail":
        return {}
    _, fix = summary.fix_text(check.fix, LIVE)
    lines = [clean(line) for line in f"{fix}\n{check.fix.note}".strip().split("\n")]
    if not any(lines):
        return {}
    return {"Remediation": {"Recommendation": {"Text": shortened("\n".join(lines), _ADVICE)}}}
