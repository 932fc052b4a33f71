"""Which selections take in which buckets, and what counts as covered where."""

from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.check import CLOUDFORMATION, LIVE
from s3audit.location import NOWHERE, Location
from s3audit.model.backup import BackupCondition, BackupSelection
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket, Versioning
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.expectation import Expectation
from s3audit.setting import Known, Listed, Setting, Unset
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

CHECK = CHECKS["backup-covered"]
TEMPLATE = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders
      VersioningConfiguration: {{Status: Enabled}}
      Tags: [{{Key: Backup, Value: daily}}, {{Key: Stage, Value: prod}}]
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: plan
      BackupSelection:
        SelectionName: buckets
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        {body}
"""


def selected(folder: Path, body: str, said: str = "backed_up = true\nbackup_plans_here = true") -> str:
    file, config = folder / "stack.yaml", folder / ".s3audit.toml"
    file.write_text(TEMPLATE.format(body=body), "utf-8")
    config.write_text(f"[[expect]]\n{said}\n", "utf-8")
    report = s3audit.scan([file], select=[CHECK.id], severity="info", config=config)
    (finding,) = report.findings
    return finding.status


def condition(operator: str, value: str, key: str = "Backup") -> str:
    return (
        f'Conditions: {{{operator}: [{{ConditionKey: "aws:ResourceTag/{key}", ConditionValue: "{value}"}}]}}'
    )


STAGE = "{ConditionType: STRINGEQUALS, ConditionKey: aws:ResourceTag/Stage, ConditionValue: prod}"
NAMED_OR_TAGGED = f'Resources: ["arn:aws:s3:::invoices"]\n        ListOfTags: [{STAGE}]'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('Resources: ["arn:aws:s3:::orders"]', "pass"),
        ("Resources: [!GetAtt Orders.Arn]", "pass"),
        ('Resources: ["arn:aws:s3:::*"]', "pass"),
        ('Resources: ["*"]', "pass"),
        ('Resources: ["arn:aws:s3:::invoices", "arn:aws:dynamodb:*:*:table/*"]', "fail"),
        ('Resources: ["*"]\n        NotResources: ["arn:aws:s3:::ord*"]', "fail"),
        ('Resources: ["*"]\n        NotResources: ["arn:aws:ec2:*:*:volume/*"]', "pass"),
        # Without anything it is of everything.
        ("NotResources: []", "pass"),
        # One of the tags, or a name, is enough.
        ("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: daily}]", "pass"),
        (
            NAMED_OR_TAGGED,
            "pass",
        ),
        ("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: d*}]", "fail"),
        # Of conditions all have to hold, beside the name.
        (condition("StringEquals", "daily"), "pass"),
        ('Resources: ["arn:aws:s3:::invoices"]\n        ' + condition("StringEquals", "daily"), "fail"),
        (condition("StringEquals", "weekly"), "fail"),
        (condition("StringLike", "da*"), "pass"),
        (condition("StringNotLike", "da*"), "fail"),
        (condition("StringNotEquals", "never"), "pass"),
        (condition("StringNotEquals", "daily"), "fail"),
        # AWS does not say what becomes of a bucket without the tag.
        (condition("StringNotEquals", "never", "Skip"), "unknown"),
        (condition("StringEquals", "never", "Skip"), "fail"),
    ],
)
def test_which_selections_take_it_in(tmp_path: Path, body: str, status: str) -> None:
    assert selected(tmp_path, body) == status


def test_a_template_need_not_have_the_plans(tmp_path: Path) -> None:
    elsewhere = 'Resources: ["arn:aws:s3:::invoices"]'
    assert selected(tmp_path, elsewhere) == "fail"
    assert selected(tmp_path, elsewhere, "backed_up = true") == "unknown"
    assert selected(tmp_path, elsewhere, "backed_up = false") == "not_applicable"


# In an account

AT = Location("s3:arn:aws:s3:::orders", "orders")
HERE = Known(text("111122223333"), NOWHERE)
EVERYTHING: Listed[Text] = Known((Known(text("*"), NOWHERE),), NOWHERE)


def known(value: str) -> Known[Text]:
    return Known(text(value), NOWHERE)


def bucket(*, origin: str = LIVE, versioning: str = "Enabled", last_backup: str = "") -> Bucket:
    return Bucket(
        address="orders",
        at=AT,
        origin=origin,
        name=known("orders"),
        account=HERE,
        region=known("eu-west-1"),
        versioning=Versioning(at=AT, status=Known(versioning, AT)),
        tags=Known[tuple[Setting[Tag], ...]]((), AT),
        last_backup=Known(text(last_backup) if last_backup else None, AT),
    )


def selection(region: str = "eu-west-1", account: Known[Text] = HERE) -> BackupSelection:
    none: Listed[BackupCondition] = Unset((), AT)
    return BackupSelection(
        address="everything",
        at=AT,
        account=account,
        region=known(region),
        resources=EVERYTHING,
        not_resources=Unset((), AT),
        tagged=none,
        equals=none,
        not_equals=none,
        like=none,
        not_like=none,
    )


LISTED = Listing("backup-selection", "111122223333", "eu-west-1")


def judged(one: Bucket, *selections: BackupSelection, unlisted: bool = False, **said: Any) -> Verdict:
    gap = Unlisted("backup-selection", "111122223333", "eu-west-1", "AccessDenied")
    estate = Estate([one, *selections], listings=[LISTED], not_listed=[gap] if unlisted else [])
    estate.expectations = (Expectation(at=NOWHERE, **({"backed_up": True} | said)),)
    verdict: Verdict = CHECK.judge(one, estate)
    return verdict


def test_a_selection_is_of_one_region_and_account() -> None:
    assert judged(bucket(), selection()).status is Status.PASS
    for other in (selection("us-east-1"), selection(account=known("444455556666"))):
        found = judged(bucket(), other)
        assert found.status is Status.FAIL
        assert [one.note for one in found.evidence] == ["no backup selection covers it"]


def test_what_was_not_listed_may_cover_it() -> None:
    found = judged(bucket(), unlisted=True)
    assert found.status is Status.UNKNOWN
    assert [one.note for one in found.evidence] == [
        "whether a backup selection covers it is not known: AccessDenied"
    ]
    assert judged(bucket(), selection(), unlisted=True).status is Status.PASS


def test_versions_are_needed_wherever_the_plans_are() -> None:
    found = judged(bucket(origin=CLOUDFORMATION, versioning="Suspended"))
    assert (found.status, found.severity) == (Status.FAIL, None)
    assert [one.note for one in found.evidence] == [
        "versioning is Suspended, and AWS Backup refuses such a bucket"
    ]


def test_records_make_it_graver() -> None:
    found = judged(bucket(), roles=("records",))
    assert (found.status, found.severity) == (Status.FAIL, Severity.MEDIUM)


def test_how_old_a_backup_is_matters_only_where_somebody_says_so() -> None:
    assert judged(bucket(last_backup="2026-01-01T00:00:00Z"), selection()).status is Status.PASS
    days: dict[str, Any] = {"backed_up": None, "backup_days": 7}
    found = judged(bucket(), selection(), **days)
    assert found.status is Status.FAIL
    assert [one.note for one in found.evidence] == ["it has no recovery point"]
    found = judged(bucket(last_backup="2026-01-01T00:00:00Z"), selection(), **days)
    assert found.status is Status.UNKNOWN
