"""Which lock policies protect, which access policies are public, and what a lock in progress says of itself."""

import json
from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.finding import Finding
from s3audit.location import Location
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Matcher, Retention
from s3audit.model.vault import Vault
from s3audit.setting import Known
from s3audit.text import text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

ARN = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
AGE = "glacier:ArchiveAgeInDays"
DENY = {"Effect": "Deny", "Principal": "*", "Action": "glacier:DeleteArchive", "Resource": ARN}
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "glacier:InitiateJob", "Resource": ARN}
AT = Location("glacier:arn", "records")


def judged(folder: Path, check: str, *statements: dict[str, Any], argument: str = "policy") -> Finding:
    document = json.dumps(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    vault = f'name = "records"\n  access_policy = {document}' if argument != "policy" else 'name = "records"'
    lock = f'vault_name = "records"\n  complete_lock = true\n  policy = {document}'
    blocks = [f'resource "aws_glacier_vault" "records" {{\n  {vault}\n}}']
    if argument == "policy":
        blocks.append(f'resource "aws_glacier_vault_lock" "records" {{\n  {lock}\n}}')
    file = folder / "main.tf"
    file.write_text("\n".join(blocks), "utf-8")
    report = s3audit.scan([file], select=[check], severity="info")
    assert not report.problems
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "pass"),
        ({"Action": "glacier:*"}, "pass"),
        ({"Action": "glacier:deletearchive"}, "pass"),
        ({"Action": "glacier:DeleteVault"}, "fail"),
        ({"NotAction": "glacier:UploadArchive", "Action": None}, "pass"),
        ({"NotAction": "glacier:Delete*", "Action": None}, "fail"),
        ({"Effect": "Allow"}, "fail"),
        ({"Principal": {"AWS": "*"}}, "pass"),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, "fail"),
        ({"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/admin"}}, "fail"),
        ({"Resource": "*"}, "pass"),
        ({"Resource": ARN.replace("records", "rec*")}, "pass"),
        ({"Resource": ARN.replace("records", "photos")}, "fail"),
        ({"Condition": {"NumericLessThan": {AGE: "365"}}}, "pass"),
        ({"Condition": {"NumericLessThanEquals": {AGE: 365}}}, "pass"),
        ({"Condition": {"NumericLessThan": {AGE: "0"}}}, "fail"),
        ({"Condition": {"NumericGreaterThanEquals": {AGE: "365"}}}, "fail"),
        ({"Condition": {"NumericEquals": {AGE: "365"}}}, "fail"),
        ({"Condition": {"StringEquals": {"glacier:ResourceTag/Hold": "true"}}}, "pass"),
        ({"Condition": {"StringNotEquals": {"glacier:ResourceTag/Hold": "false"}}}, "fail"),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, "fail"),
        (
            {"Condition": {"NumericLessThan": {AGE: "365"}, "ArnNotLike": {"aws:PrincipalArn": "*admin"}}},
            "fail",
        ),
    ],
)
def test_which_lock_policies_protect(tmp_path: Path, change: dict[str, Any], status: str) -> None:
    statement = {name: value for name, value in (DENY | change).items() if value is not None}
    assert judged(tmp_path, "glacier-vault-lock-effective", statement).status == status


def test_one_statement_that_protects_is_enough(tmp_path: Path) -> None:
    weak = DENY | {"Condition": {"NumericGreaterThan": {AGE: "365"}}}
    assert judged(tmp_path, "glacier-vault-lock-effective", weak, DENY).status == "pass"
    assert judged(tmp_path, "glacier-vault-lock-effective").status == "fail"


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({}, "fail"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, "pass"),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, "fail"),
        ({"StringEquals": {"aws:PrincipalAccount": "444455556666"}}, "pass"),
        ({"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}, "fail"),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "pass"),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "pass"),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, "fail"),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}}, "pass"),
        ({"Bool": {"aws:SecureTransport": "true"}}, "fail"),
        ({"Bool": {"aws:SecureTransport": "false"}}, "pass"),
    ],
)
def test_which_conditions_keep_strangers_out(tmp_path: Path, condition: dict[str, Any], status: str) -> None:
    statement = ALLOW | ({"Condition": condition} if condition else {})
    found = judged(tmp_path, "glacier-vault-policy-public", statement, argument="access_policy")
    assert found.status == status


def test_the_request_is_shown_even_of_an_action_that_nobody_listed(tmp_path: Path) -> None:
    statement = ALLOW | {"Action": "glacier:DoSomethingNew"}
    found = judged(tmp_path, "glacier-vault-policy-public", statement, argument="access_policy")
    assert [one.note for one in found.evidence] == [
        "its policy lets any AWS account do glacier:DoSomethingNew"
    ]
    other = ALLOW | {"Action": "s3:GetObject"}
    assert judged(tmp_path, "glacier-vault-policy-public", other, argument="access_policy").status == "pass"


# In an account


def asked(check: str, state: str | None, **said: Any) -> Verdict:
    vault = Vault(
        address="records",
        at=AT,
        origin="live",
        name=Known(text("records"), AT),
        lock_state=Known(state, AT),
        lock_expires=Known(text("2026-11-23T10:00:00Z") if state == "InProgress" else None, AT),
    )
    estate = Estate([vault])
    estate.expectations = (Expectation(at=AT, match=Matcher(kinds=("vault",)), **said),)
    one = CHECKS[check]
    verdict: Verdict = one.judge(vault, estate) if one.wants_estate else one.judge(vault)
    return verdict


def test_a_lock_in_progress_says_until_when() -> None:
    found = asked("glacier-vault-lock-in-progress", "InProgress")
    assert [one.note for one in found.evidence] == [
        "the vault lock is InProgress, and is dropped at 2026-11-23T10:00:00Z"
    ]
    assert found.status is Status.FAIL
    assert asked("glacier-vault-lock-in-progress", "Locked").status is Status.PASS
    assert asked("glacier-vault-lock-in-progress", None).status is Status.NOT_APPLICABLE


def test_of_a_lock_in_progress_only_one_check_speaks() -> None:
    assert asked("glacier-vault-lock", "InProgress", roles=("records",)).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"roles": ("records",)}, None),
        ({"roles": ("worm",)}, Severity.HIGH),
        ({"roles": ("records",), "retention": Retention(minimum=30)}, None),
        ({"roles": ("records",), "retention": Retention(mode="COMPLIANCE")}, Severity.HIGH),
    ],
)
def test_how_grave_a_missing_lock_is(said: dict[str, Any], severity: Severity | None) -> None:
    found = asked("glacier-vault-lock", None, **said)
    assert (found.status, found.severity) == (Status.FAIL, severity)
    assert asked("glacier-vault-lock", "Locked", **said).status is Status.PASS


def test_other_vaults_need_no_lock() -> None:
    assert asked("glacier-vault-lock", None, roles=("backup-target",)).status is Status.NOT_APPLICABLE
