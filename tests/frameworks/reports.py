"""Reports and frameworks made by hand."""

from collections.abc import Iterable, Mapping

from s3audit.check import Check, Fix
from s3audit.finding import Finding, FindingStatus, Input, Report, Subject
from s3audit.frameworks.framework import Framework, Requirement
from s3audit.frameworks.matrix import Matrix, matrices
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.verdict import Evidence, Severity
from tests.renderers.samples import check

Said = Mapping[tuple[str, str], FindingStatus]
"""What a check says of a bucket."""


def _check(name: str) -> Check:
    return check("on", name, f"{name.upper()} is on", Severity.MEDIUM, "So it is.", Fix(cli="aws on"))


CHECKS = tuple(map(_check, "abcd"))
NAMES = tuple(one.id for one in CHECKS)


def finding(
    check_id: str,
    bucket: str,
    status: FindingStatus,
    gave_way: FindingStatus | None = None,
    origin: str = "",
) -> Finding:
    subject = Subject("shop.yaml", f"Resources.{bucket}", "bucket", bucket, origin)
    at = Location("shop.yaml", subject.address, 1 + len(bucket), 3)
    evidence = (Evidence(at, f"{check_id} of {bucket}"),)
    said = "See on-x." if gave_way else ""
    return Finding(check_id, status, Severity.MEDIUM, subject, evidence, said=said, gave_way=gave_way)


def report(
    said: Said | Iterable[Finding],
    *,
    ran: Iterable[str] | None = None,
    problems: Iterable[Problem] = (),
    checks: Iterable[Check] = CHECKS,
) -> Report:
    findings = (
        [finding(check, bucket, status) for (check, bucket), status in said.items()]
        if isinstance(said, Mapping)
        else said
    )
    return Report(
        tool_version="0.1.0",
        checks=tuple(checks),
        inputs=(Input("shop.yaml", "cloudformation", 3),),
        problems=tuple(problems),
        findings=tuple(findings),
        threshold=Severity.INFO,
        show=frozenset({"fail", "error", "unknown", "suppressed"}),
        ran=None if ran is None else frozenset(ran),
    )


def framework(*requirements: Requirement) -> Framework:
    return Framework(id="acme", title="Acme rules", version="v1", requirements=requirements)


def matrix(given: Report, *requirements: Requirement) -> Matrix:
    [found] = matrices([framework(*requirements)], given)
    return found
