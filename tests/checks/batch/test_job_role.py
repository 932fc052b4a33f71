"""Batch jobs whose roles are told by other policies, and whose reports go elsewhere."""

from collections.abc import Sequence

from s3audit.accounts import judge_seen
from s3audit.check import Check
from s3audit.collectors.live.gather import Gathered
from s3audit.exam import collected
from s3audit.finding import Finding
from s3audit.model.estate import Estate, Unlisted
from tests.checks.examples import CHECKS

JOB, BROAD = CHECKS["batch-job-role"], CHECKS["access-iam-broad-s3"]
ACCOUNT = """
Account:
  Buckets:
    - Name: shop-orders
    - {{Name: partner-reports, Owner: "444455556666"}}
  Roles:
    - RoleName: tagging
      AttachedPolicies: [{attached}]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{statement}]
  Jobs:
    - JobId: job-1
      Status: {status}
      RoleArn: arn:aws:iam::123456789012:role/tagging
      Report: {report}
  Denied: [{denied}]
"""
NARROW = '{Effect: Allow, Action: "s3:PutObjectTagging", Resource: "arn:aws:s3:::shop-orders/*"}'
NONE = "{Enabled: false}"


def estate_of(
    checks: Sequence[Check] = (JOB,),
    *,
    statement: str = NARROW,
    attached: str = "",
    status: str = "Active",
    report: str = NONE,
    denied: str = "",
) -> Estate:
    text = ACCOUNT.format(statement=statement, attached=attached, status=status, report=report, denied=denied)
    return collected(text, {need for one in checks for need in one.needs})


def findings(checks: Sequence[Check], **given: str) -> list[Finding]:
    return judged(estate_of(checks, **given), checks)


def judged(estate: Estate, checks: Sequence[Check]) -> list[Finding]:
    found: list[Finding] = []
    assert judge_seen(Gathered(estate, (), {"123456789012": 1}, False), checks, found) == []
    return found


def said(**given: str) -> tuple[str, str]:
    """The status, and the first evidence."""
    [finding] = findings([JOB], **given)
    return finding.status, finding.evidence[0].note if finding.evidence else ""


def test_what_is_said_of_the_role_is_not_said_again_of_the_job() -> None:
    statement = '{Effect: Allow, Action: "s3:*", Resource: "*"}'
    found = {one.check: one.status for one in findings([JOB, BROAD], statement=statement)}
    assert found == {"access-iam-broad-s3": "fail", "batch-job-role": "not_applicable"}
    assert said(statement=statement)[1] == "access-iam-broad-s3 speaks of the role"


def test_a_policy_that_aws_has_made_is_said_of_the_job() -> None:
    document = '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}'
    attached = f"{{PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess', PolicyDocument: {document}}}"
    found = {one.check: one.status for one in findings([JOB, BROAD], attached=attached)}
    assert found == {"access-iam-broad-s3": "pass", "batch-job-role": "fail"}


def test_rights_in_the_buckets_of_the_account_are_no_rights_in_every_bucket() -> None:
    condition = 'Condition: {StringEquals: {"aws:ResourceAccount": "123456789012"}}'
    own = f'{{Effect: Allow, Action: "s3:PutObject", Resource: "*", {condition}}}'
    assert said(statement=own) == ("pass", "tagging may write to no more than some buckets")


def test_a_job_that_is_over_needs_its_role_no_more() -> None:
    every = '{Effect: Allow, Action: "s3:PutObject", Resource: "*"}'
    assert said(statement=every, status="Paused")[0] == "fail"
    assert said(statement=every, status="Cancelling")[0] == "fail"
    assert said(statement=every, status="Cancelled")[0] == "not_applicable"


def test_a_report_is_held_by_the_owner_that_is_expected() -> None:
    report = '{Enabled: true, Bucket: "arn:aws:s3:::partner-reports", ExpectedBucketOwner: "%s"}'
    status, note = said(report=report % "444455556666", status="Complete")
    assert (status, note) == (
        "fail",
        "the bucket partner-reports of the report belongs to the account 444455556666",
    )
    # S3 writes nothing to a bucket of another one.
    assert said(report=report % "123456789012", status="Complete")[0] == "pass"


def test_where_the_buckets_are_not_listed_a_report_may_be_at_home() -> None:
    report = '{Enabled: true, Bucket: "arn:aws:s3:::partner-reports"}'
    assert said(report=report, status="Complete")[0] == "fail"
    seen = estate_of(report=report, status="Complete")
    gap = Unlisted("bucket", "123456789012", "", "s3:ListBuckets was denied")
    [finding] = judged(Estate(seen.resources, not_listed=[gap]), [JOB])
    assert (finding.status, finding.evidence[0].note) == (
        "unknown",
        "whether the bucket partner-reports of the report is its own is not known: s3:ListBuckets was denied",
    )


def test_of_a_role_that_nobody_may_read_nothing_is_known() -> None:
    assert said(denied="iam:GetRole")[0] == "unknown"
