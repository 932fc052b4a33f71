"""The stacks under examples/: what is wrong with each, and nothing else."""

import json
import re
from pathlib import Path

import pytest
import yaml

import s3audit
from s3audit.finding import FindingStatus, Report

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
TEMPLATES = sorted(EXAMPLES.rglob("*.yaml"))

Pairs = set[tuple[str, str]]

SHOP: Pairs = {
    ("acl-disabled", "CustomerUploads"),
    ("acl-disabled", "Marketing"),
    ("access-public-read", "Marketing"),
    ("cloudfront-oac", "ShopCdn"),
    ("logging-enabled", "Marketing"),
    ("logging-loop", "AccessLogs"),
    ("logging-loop", "AuditLogs"),
    ("logging-target-encryption", "AccessLogs"),
    ("logging-target-encryption", "OrderData"),
    ("object-lock-default-retention", "Invoices"),
    ("object-lock-versioning", "LedgerExports"),
    ("replication-destination-versioning", "Backups"),
    ("transport-tls-required", "LedgerExports"),
    ("transport-tls-required", "Marketing"),
    ("transport-tls-required", "ProductImages"),
    ("versioning-enabled", "BackupsCopy"),
    ("versioning-enabled", "Marketing"),
}
# The switch on Environment leaves staging without versions, and replication needs them.
STAGING: Pairs = {("replication-source-versioning", "OrderData")}
BELOW_MEDIUM: Pairs = {
    ("access-bucket-public-access-block", "Backups"),
    ("cors-wildcard-origin", "CustomerUploads"),
    ("encryption-kms", "Backups"),
    ("encryption-kms", "BackupsCopy"),
    ("encryption-kms", "CustomerUploads"),
    ("encryption-kms", "LedgerExports"),
    ("encryption-kms", "Marketing"),
    ("encryption-bucket-key", "AuditLogs"),
    ("encryption-kms-customer-key", "AuditLogs"),
    ("encryption-kms-customer-key", "Deployments"),
    ("lifecycle-abort-multipart", "AccessLogs"),
    ("lifecycle-abort-multipart", "Backups"),
    ("lifecycle-abort-multipart", "CustomerUploads"),
    ("lifecycle-abort-multipart", "ProductImages"),
    ("lifecycle-configured", "AuditLogs"),
    ("lifecycle-configured", "BackupsCopy"),
    ("lifecycle-configured", "Deployments"),
    ("lifecycle-configured", "Invoices"),
    ("lifecycle-configured", "LedgerExports"),
    ("lifecycle-configured", "Marketing"),
    ("lifecycle-configured", "OrderData"),
    ("lifecycle-delete-markers", "ProductImages"),
    ("replication-failure-visible", "Backups"),
    ("replication-failure-visible", "OrderData"),
    ("versioning-noncurrent-cleanup", "Backups"),
    ("versioning-noncurrent-cleanup", "CustomerUploads"),
}
# Where the orders are copied to and what the landing zone logs to, no template here says; nor whose account this is.
ELSEWHERE: Pairs = {
    ("encryption-aws-managed-key-shared", "OrderData"),
    ("logging-loop", "LedgerExports"),
    ("logging-target-deny-blocks-delivery", "LedgerExports"),
    ("logging-target-encryption", "LedgerExports"),
    ("logging-target-exists", "LedgerExports"),
    ("logging-target-object-lock", "LedgerExports"),
    ("logging-target-permission", "LedgerExports"),
    ("logging-target-region-account", "LedgerExports"),
    ("replication-chain", "OrderData"),
    ("replication-destination-protection", "OrderData"),
    ("replication-destination-versioning", "OrderData"),
    ("replication-kms-destination-encrypt", "OrderData"),
    ("replication-kms-destination-key", "OrderData"),
    ("replication-role-least-privilege", "Backups"),
    ("replication-role-least-privilege", "OrderData"),
    ("replication-two-way-metadata", "OrderData"),
}


def scan(name: str, **parameters: str) -> Report:
    return s3audit.scan([EXAMPLES / name], parameters=parameters)


def failing(report: Report) -> Pairs:
    """At or above the default severity."""
    return {(f.check, f.subject.name) for f in report.failing}


def having(report: Report, status: FindingStatus) -> Pairs:
    """Whatever the severity."""
    return {(f.check, f.subject.name) for f in report.findings if f.status == status}


def test_every_fault_of_the_shop_is_found_and_no_other() -> None:
    report = scan("shop")
    assert failing(report) == SHOP | STAGING
    assert having(report, "fail") == SHOP | STAGING | BELOW_MEDIUM
    assert having(report, "unknown") == ELSEWHERE
    assert not having(report, "error")
    assert not report.problems


def test_in_production_the_switch_is_on() -> None:
    assert failing(scan("shop", Environment="production")) == SHOP


def test_all_scenarios_say_where_it_is_off() -> None:
    report = s3audit.scan([EXAMPLES / "shop"], all_scenarios=True)
    assert failing(report) == SHOP | STAGING
    for finding in report.failing:
        expected = ("Environment is staging",) if (finding.check, finding.subject.name) in STAGING else ()
        assert finding.when == expected, finding


@pytest.mark.parametrize("all_scenarios", [False, True])
def test_the_shop_put_right_is_clean(all_scenarios: bool) -> None:
    report = s3audit.scan([EXAMPLES / "fixed"], all_scenarios=all_scenarios)
    assert not report.failing
    assert having(report, "unknown") == ELSEWHERE
    assert not report.problems


def test_the_shop_shows_many_checks_and_not_one_that_nothing_fails() -> None:
    """AWS encrypts every object, so only an algorithm that does not exist fails `encryption-default`."""
    report = scan("shop")
    found = {f.check for f in report.findings if f.status == "fail"}
    first = {check for check, _ in SHOP | STAGING | BELOW_MEDIUM}
    assert "encryption-default" not in found
    assert first <= found
    assert len(first) == 22


def test_the_sam_bucket_logs_to_itself() -> None:
    report = scan("sam")
    assert {check for check, _ in failing(report)} == {"logging-loop", "transport-tls-required"}
    assert {check for check, _ in having(report, "fail") - failing(report)} == {
        "cors-wildcard-origin",
        "encryption-kms",
        "lifecycle-abort-multipart",
        "versioning-noncurrent-cleanup",
    }


def test_samconfig_says_which_stage_it_is() -> None:
    suspended = ("versioning-enabled", "DeliveryNotes")
    assert suspended in having(scan("sam"), "pass")
    assert suspended in failing(scan("sam", Stage="dev"))


def test_the_parent_decides_what_the_nested_template_leaves_open() -> None:
    report = scan("nested")
    assert failing(report) == {("logging-target-encryption", "PriceLists")}


def test_the_shop_as_json_gets_the_same_verdicts(tmp_path: Path) -> None:
    written = yaml.load((EXAMPLES / "shop" / "template.yaml").read_text(encoding="utf-8"), LongForm)
    file = tmp_path / "template.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    assert verdicts(s3audit.scan([file])) == verdicts(scan("shop"))


def verdicts(report: Report) -> set[tuple[str, str, str, str]]:
    return {(f.check, f.subject.address, f.status, f.message) for f in report.findings}


class LongForm(yaml.SafeLoader):
    """Reads `!Sub x` as `{Fn::Sub: x}`."""


def long_form(loader: LongForm, suffix: str, node: yaml.Node) -> dict[str, object]:
    value: object
    match node:
        case yaml.ScalarNode():
            value = node.value.split(".", 1) if suffix == "GetAtt" else node.value
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case _:
            raise AssertionError(node)
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


LongForm.add_multi_constructor("!", long_form)


each_template = pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(EXAMPLES).as_posix()
)


@each_template
def test_no_real_account_is_named(path: Path) -> None:
    assert set(re.findall(r"\b\d{12}\b", path.read_text(encoding="utf-8"))) <= {"111122223333"}


@each_template
def test_cfn_lint_finds_no_error(path: Path) -> None:
    """Whoever copies from an example gets a template that CloudFormation knows; a warning may be meant."""
    from cfnlint.api import lint_file

    said = [
        f"{match.linenumber}: {match.message}" for match in lint_file(path) if match.rule.id.startswith("E")
    ]
    assert not said
