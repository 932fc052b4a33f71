"""Reports made by hand, small enough to be shown whole."""

from collections.abc import Mapping, Sequence

import msgspec

from s3audit.check import ALL, BUCKETS, Check, Fix
from s3audit.finding import STATUSES, Finding, FindingStatus, Input, Report, Sheet, Subject
from s3audit.location import NOWHERE, Location
from s3audit.model.bucket import Bucket
from s3audit.problem import Problem
from s3audit.verdict import Evidence, Severity, Verdict, passed

SHOP = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      LoggingConfiguration: {}
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      VersioningConfiguration:
        Status: !Ref Versions
"""


def _judge(bucket: Bucket) -> Verdict:
    return passed(bucket.at, "")


def check(topic: str, name: str, title: str, severity: Severity, why: str, fix: Fix) -> Check:
    return Check(
        id=f"{topic}-{name}",
        topic=topic,
        name=name,
        title=title,
        why=why,
        severity=severity,
        severity_rule="",
        needs=(BUCKETS,),
        sources=ALL,
        yields_to=(),
        peers={},
        aliases=(),
        fix=fix,
        passes=("Resources: {}",),
        fails=("Resources: {}",),
        unsure=(),
        kinds=("bucket",),
        judge=_judge,
        wants_estate=False,
    )


CHECKS = (
    check(
        "access",
        "public-read",
        "No stranger can read the bucket",
        Severity.CRITICAL,
        "What is in a public bucket is found within hours.",
        Fix(cloudformation="Remove AccessControl.", cli="aws s3api put-bucket-acl --acl private"),
    ),
    check(
        "logging",
        "loop",
        "Access logs do not come back to the bucket they describe",
        Severity.HIGH,
        "Each delivery is itself a request.\n\nSo the bucket grows for ever, and the bill with it.",
        Fix(
            cloudformation="LoggingConfiguration:\n  DestinationBucketName: !Ref AccessLogs",
            terraform="Point `target_bucket` to another bucket.",
            note="The other bucket must not log here.",
        ),
    ),
    check(
        "versioning",
        "enabled",
        "Versioning is enabled",
        Severity.MEDIUM,
        "Without it nothing brings an object back.",
        Fix(cloudformation="VersioningConfiguration:\n  Status: Enabled"),
    ),
    check(
        "encryption",
        "kms",
        "Objects are encrypted with a key of yours",
        Severity.LOW,
        "Who may use the key may read the objects.",
        Fix(cloudformation="Name a KMS key."),
    ),
)

LOGS = Subject("shop.yaml", "Resources.Logs", "bucket", "Logs")
PHOTOS = Subject("shop.yaml", "Resources.Photos", "bucket", "Photos")


def at(line: int, column: int, end_column: int, address: str = "", source: str = "shop.yaml") -> Location:
    return Location(source, address, line, column, line, end_column)


AT_LOGS = at(3, 3, 7, "Resources.Logs")
AT_LOGGING = at(6, 7, 27, "Resources.Logs.Properties.LoggingConfiguration")
AT_PHOTOS = at(7, 3, 9, "Resources.Photos")
AT_ACL = at(10, 22, 32, "Resources.Photos.Properties.AccessControl")
AT_STATUS = at(12, 17, 30, "Resources.Photos.Properties.VersioningConfiguration.Status")


def finding(
    name: str,
    status: FindingStatus,
    subject: Subject,
    message: str,
    *evidence: tuple[Location, str],
    when: tuple[str, ...] = (),
    severity: Severity | None = None,
) -> Finding:
    own = next((c.severity for c in CHECKS if c.id == name), Severity.MEDIUM)
    return Finding(
        name,
        status,
        own if severity is None else severity,
        subject,
        tuple(Evidence(place, note) for place, note in evidence),
        when,
        said=message,
    )


FINDINGS = (
    finding(
        "logging-loop",
        "fail",
        LOGS,
        "The access logs of Logs are written to Logs",
        (AT_LOGGING, "no DestinationBucketName: S3 logs to the bucket itself"),
        (AT_LOGS, "the bucket that is logged"),
    ),
    finding("versioning-enabled", "fail", LOGS, "Versioning was never enabled", (AT_LOGS, "no versioning")),
    finding("encryption-kms", "fail", LOGS, "Objects are encrypted with a key of S3", (AT_LOGS, "no key")),
    finding("access-public-read", "pass", LOGS, "Nothing opens it", (AT_LOGS, "no policy")),
    finding(
        "access-public-read",
        "fail",
        PHOTOS,
        "Everyone may read the objects of Photos",
        (AT_ACL, "grants READ to AllUsers"),
        when=("Env is dev",),
    ),
    finding(
        "versioning-enabled",
        "unknown",
        PHOTOS,
        "It is not known whether versioning is enabled",
        (AT_STATUS, "the parameter Versions has no default"),
    ),
    finding("logging-loop", "not_applicable", PHOTOS, "Photos does not log", (AT_PHOTOS, "no logging")),
)

PROBLEMS = (
    Problem(at(9, 1, 1, source="broken.yaml"), "unreadable", "no YAML: a tab where spaces are expected"),
    Problem(NOWHERE, "partial", "ap-south-2 was not asked: it is not enabled"),
)


def report(
    findings: Sequence[Finding] = FINDINGS,
    problems: Sequence[Problem] = (),
    inputs: Sequence[Input] = (Input("shop.yaml", "cloudformation", 2),),
    threshold: Severity = Severity.MEDIUM,
    show: Sequence[FindingStatus] = ("fail", "error"),
    checks: Sequence[Check] = CHECKS,
) -> Report:
    return Report(
        tool_version="0.1.0",
        checks=tuple(checks),
        inputs=tuple(inputs),
        problems=tuple(problems),
        findings=tuple(findings),
        threshold=threshold,
        show=frozenset(show),
    )


def everything(given: Report) -> Report:
    """The same report with every finding shown."""
    return msgspec.structs.replace(given, threshold=Severity.INFO, show=frozenset(STATUSES))


def sheet(sources: Mapping[str, str] | None = None, *, color: bool = False, width: int = 100) -> Sheet:
    """The texts of files by name, with `shop.yaml` among them."""
    lines = {name: text.split("\n") for name, text in {"shop.yaml": SHOP, **(sources or {})}.items()}
    return Sheet(lines.get, color, width)
