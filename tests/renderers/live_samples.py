"""Findings of a live account, as Security Hub and a data lake want them."""

from s3audit.finding import Finding, FindingStatus, Input, Report, Sheet, Subject
from s3audit.location import Location
from tests.renderers.samples import finding
from tests.renderers.samples import report as report_of

ACCOUNT = "111122223333"
NOW = 1_767_225_600
"""Midnight of 1 January 2026 in UTC."""


def bucket(name: str = "photos", region: str = "eu-west-1", partition: str = "aws") -> Subject:
    return Subject(ACCOUNT, f"arn:{partition}:s3:::{name}", "bucket", name, "live", region)


ROOT = Subject(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "account", ACCOUNT, "live")


def seen(
    status: FindingStatus = "fail",
    subject: Subject | None = None,
    check: str = "versioning-enabled",
    message: str = "Versioning is suspended",
) -> Finding:
    who = bucket() if subject is None else subject
    place = Location(who.address, who.address, call="s3:GetBucketVersioning")
    return finding(check, status, who, message, (place, "Status is Suspended"))


def report(*findings: Finding) -> Report:
    every: tuple[FindingStatus, ...] = ("fail", "error", "unknown", "suppressed", "pass", "not_applicable")
    return report_of(findings, inputs=(Input(ACCOUNT, "live", 1),), show=every)


def sheet(now: int = NOW) -> Sheet:
    return Sheet(lambda _: None, now=now)
