"""Which keys maintenance may use, what tables take from their bucket, and how long records stay."""

from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.finding import Finding
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Matcher, Retention, Trust
from s3audit.model.table_bucket import (
    Compaction,
    RecordExpiration,
    SnapshotManagement,
    Table,
    TableBucket,
    TableEncryption,
)
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import text
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS

TEMPLATE = """
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Principal: {principal}
            Action: {action}
            Resource: "*"
            Condition: {condition}
          {more}
  Sales:
    Type: AWS::S3Tables::TableBucket
    Properties:
      TableBucketName: sales
      EncryptionConfiguration: {{SSEAlgorithm: aws:kms, KMSKeyArn: !GetAtt Key.Arn}}
"""
SERVICE = "{Service: maintenance.s3tables.amazonaws.com}"
BOTH = "[kms:GenerateDataKey, kms:Decrypt]"
CONTEXT = "kms:EncryptionContext:aws:s3:arn"
DENY = '- {Effect: Deny, Principal: "*", Action: "kms:*", Resource: "*"}'


def judged(folder: Path, text_: str, said: str = "") -> Finding:
    file, config = folder / "stack.yaml", folder / ".s3audit.toml"
    file.write_text(text_, "utf-8")
    config.write_text(said, "utf-8")
    report = s3audit.scan([file], select=["tables-protected"], severity="info", config=config)
    assert not report.problems
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize(
    ("principal", "action", "condition", "more", "status"),
    [
        (SERVICE, BOTH, "{}", "", "pass"),
        (SERVICE, "kms:*", "{}", "", "pass"),
        ('"*"', "kms:*", "{}", "", "pass"),
        (SERVICE, "kms:Decrypt", "{}", "", "fail"),
        ("{Service: s3tables.amazonaws.com}", BOTH, "{}", "", "fail"),
        ('{AWS: "arn:aws:iam::111122223333:root"}', "kms:*", "{}", "", "fail"),
        (SERVICE, BOTH, '{StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}', "", "pass"),
        (SERVICE, BOTH, f'{{StringLike: {{"{CONTEXT}": !Sub "${{Sales.TableBucketARN}}/*"}}}}', "", "pass"),
        (
            SERVICE,
            BOTH,
            f'{{StringLike: {{"{CONTEXT}": "arn:aws:s3tables:*:*:bucket/sales/*"}}}}',
            "",
            "pass",
        ),
        (
            SERVICE,
            BOTH,
            f'{{StringLike: {{"{CONTEXT}": "arn:aws:s3tables:*:*:bucket/other/*"}}}}',
            "",
            "fail",
        ),
        (SERVICE, BOTH, '{Bool: {"aws:SecureTransport": "true"}}', "", "unknown"),
        (SERVICE, BOTH, "{}", DENY, "unknown"),
    ],
)
def test_which_keys_maintenance_may_use(
    tmp_path: Path, principal: str, action: str, condition: str, more: str, status: str
) -> None:
    written = TEMPLATE.format(principal=principal, action=action, condition=condition, more=more)
    assert judged(tmp_path, written).status == status


@pytest.mark.parametrize(
    ("trust", "account", "condition", "status"),
    [
        ('trusted_accounts = ["444455556666"]', "444455556666", "{}", "pass"),
        ('trusted_accounts = ["444455556666"]', "777788889999", "{}", "fail"),
        ('organization = "o-a1b2c3d4e5"', "777788889999", "{}", "fail"),
        (
            'organization = "o-a1b2c3d4e5"',
            "777788889999",
            '{StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}',
            "pass",
        ),
        ('encryption = "AES256"', "777788889999", "{}", "pass"),
    ],
)
def test_whom_the_policy_may_let_in(
    tmp_path: Path, trust: str, account: str, condition: str, status: str
) -> None:
    written = f"""
Resources:
  Sales: {{Type: AWS::S3Tables::TableBucket, Properties: {{TableBucketName: sales}}}}
  SalesPolicy:
    Type: AWS::S3Tables::TableBucketPolicy
    Properties:
      TableBucketARN: !Ref Sales
      ResourcePolicy:
        Statement:
          - Effect: Allow
            Principal: {{AWS: "{account}"}}
            Action: s3tables:GetTableData
            Resource: "*"
            Condition: {condition}
"""
    found = judged(tmp_path, written, f'[[expect]]\nkind = "table-bucket"\n{trust}\n')
    assert found.status == status
    if status == "fail":
        assert [one.note for one in found.evidence] == [
            f"its policy lets the account {account} do s3tables:GetTableData"
        ]


# In an account

AT = Location("s3tables:arn", "sales")
ARN = "arn:aws:s3tables:eu-west-1:111122223333:bucket/sales"
NO_POLICY: Setting[Value | None] = Unset(None, AT)


def encryption(algorithm: str | None) -> TableEncryption:
    return TableEncryption(at=AT, algorithm=Known(algorithm, AT), kms_key=Unset(None, AT))


def bucket(kind: str = "customer", algorithm: str = "AES256") -> TableBucket:
    return TableBucket(
        address=ARN,
        at=AT,
        origin="live",
        name=Known(text("sales"), AT),
        type=Known(kind, AT),
        policy=NO_POLICY,
        encryption=encryption(algorithm),
    )


def table(algorithm: str | None = "AES256", **more: Any) -> Table:
    on: Setting[str] = Known("Enabled", AT)
    given: dict[str, Any] = {
        "table_bucket": Known(text(ARN), AT),
        "compaction": Compaction(at=AT, status=on),
        "snapshots": SnapshotManagement(at=AT, status=on),
    }
    return Table(
        address=f"{ARN}/table/1",
        at=AT,
        origin="live",
        name=Known(text("orders"), AT),
        type=Known("customer", AT),
        policy=NO_POLICY,
        encryption=encryption(algorithm),
        **(given | more),
    )


def asked(check: str, one: Resource, *others: Resource, **said: Any) -> Verdict:
    estate = Estate([one, *others])
    estate.expectations = (Expectation(at=AT, match=Matcher(kinds=("table-bucket",)), **said),)
    verdict: Verdict = CHECKS[check].judge(one, estate)
    return verdict


def test_what_is_said_of_a_table_bucket_holds_for_its_tables() -> None:
    kms = {"encryption": "aws:kms"}
    assert asked("tables-protected", table(), bucket(), **kms).status is Status.FAIL
    assert asked("tables-protected", table(None), bucket(), **kms).status is Status.PASS
    assert asked("tables-protected", table()).status is Status.PASS
    elsewhere = table(table_bucket=Unknown("it was not told", AT))
    assert asked("tables-protected", elsewhere, bucket(), **kms).status is Status.UNKNOWN
    assert asked("tables-protected", elsewhere, bucket(), stateful=True).status is Status.PASS
    trust = {"trust": Trust(accounts=("444455556666",))}
    assert asked("tables-protected", elsewhere, bucket(), **trust).status is Status.UNKNOWN


def test_what_aws_keeps_is_not_asked() -> None:
    for check in ("tables-protected", "tables-maintenance"):
        found = asked(check, bucket("aws"), encryption="aws:kms")
        assert found.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("days", "retention", "note"),
    [
        (30, Retention(minimum=90), "records expire after 30 days, and have to stay for 90"),
        (90, Retention(maximum=30), "records expire after 90 days, and have to be gone after 30"),
        (60, Retention(minimum=30, maximum=90), ""),
    ],
)
def test_how_long_records_stay(days: int, retention: Retention, note: str) -> None:
    rule = RecordExpiration(at=AT, status=Known("Enabled", AT), days=Known(days, AT))
    found = asked(
        "tables-maintenance", table(record_expiration=Known(rule, AT)), bucket(), retention=retention
    )
    assert [one.note for one in found.evidence if found.status is Status.FAIL] == ([note] if note else [])
    off = RecordExpiration(at=AT, status=Known("Disabled", AT), days=Known(days, AT))
    for other in (Known(off, AT), Known(None, AT)):
        found = asked("tables-maintenance", table(record_expiration=other), bucket(), retention=retention)
        assert found.status is Status.PASS
