"""The stacks under examples/ get the same findings in Terraform as in CloudFormation."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import s3audit
from s3audit.finding import Finding, Report
from s3audit.location import Location

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
FILES = sorted((EXAMPLES / "terraform").rglob("*.tf"))

FIXED = {
    "ProductImages": "aws_s3_bucket.product_images",
    "Marketing": "aws_s3_bucket.marketing",
    "ShopCdn": "aws_cloudfront_distribution.shop",
    "CustomerUploads": "aws_s3_bucket.customer_uploads",
    "OrderData": "aws_s3_bucket.order_data",
    "Invoices": "aws_s3_bucket.invoices",
    "LedgerExports": "aws_s3_bucket.ledger_exports",
    "Backups": "aws_s3_bucket.backups",
    "BackupsCopy": "aws_s3_bucket.backups_copy",
    "AccessLogs": "aws_s3_bucket.access_logs",
    "Deployments": "aws_s3_bucket.deployments",
    "ReplicationRole": "aws_iam_role.replication",
    "ResizeRole": "aws_iam_role.resize",
}
SHOP = {**FIXED, "AuditLogs": "aws_s3_bucket.audit_logs"}
NESTED = {"Logs": "aws_s3_bucket.logs", "PriceLists": "module.storage.aws_s3_bucket.price_lists"}
SAM = {"DeliveryNotes": "aws_s3_bucket.delivery_notes", "ScanFunctionRole": "aws_iam_role.scan"}

# What a template leaves open and the module tells: SAM's policy templates, and with which keys copies are encrypted.
LESS_TOLD = {
    ("access-abac-tag-conditions-effective", "aws_s3_bucket.delivery_notes"),
    ("access-iam-broad-s3", "aws_iam_role.scan"),
    ("notification-recursion", "aws_s3_bucket.delivery_notes"),
    ("replication-role-least-privilege", "aws_s3_bucket.backups"),
    ("replication-role-least-privilege", "aws_s3_bucket.order_data"),
}
# What both leave open, each in words of its own: the module spells a Region that the template makes up.
OTHER_WORDS = {("replication-kms-destination-encrypt", "aws_s3_bucket.order_data")}
# The words of the one source for those of the other.
PARAMETERS = {"Environment": "environment", "LandingZone": "var.landing_zone", "Stage": "stage"}
_VIA = re.compile(r" (?:with the default of \w+ in samconfig\.toml|with \w+ from \S+\.tfvars)")

PRODUCTION: dict[str, Any] = {
    "parameters": {"Environment": "production"},
    "variables": {"environment": "production"},
}
DEVELOPMENT: dict[str, Any] = {"parameters": {"Stage": "dev"}, "variables": {"stage": "dev"}}

each_way = pytest.mark.parametrize(
    ("name", "addresses", "given"),
    [
        pytest.param("shop", SHOP, {}, id="shop"),
        pytest.param("shop", SHOP, {"all_scenarios": True}, id="shop in all scenarios"),
        pytest.param("shop", SHOP, PRODUCTION, id="shop in production"),
        pytest.param("fixed", FIXED, {}, id="fixed"),
        pytest.param("fixed", FIXED, {"all_scenarios": True}, id="fixed in all scenarios"),
        pytest.param("nested", NESTED, {}, id="nested"),
        pytest.param("sam", SAM, {}, id="sam"),
        pytest.param("sam", SAM, DEVELOPMENT, id="sam in development"),
    ],
)

Key = tuple[str, str]


class Said(NamedTuple):
    """What a finding says, apart from where."""

    status: str
    severity: str
    when: tuple[str, ...]
    notes: frozenset[str]


def scan(name: str, **given: Any) -> Report:
    return s3audit.scan([EXAMPLES / name], severity="info", **given)


def of_both(report: Report) -> list[Finding]:
    """The findings of the checks that either source can answer."""
    asked = {check.id for check in report.checks if {"cloudformation", "terraform"} <= set(check.sources)}
    return [finding for finding in report.findings if finding.check in asked]


def said(findings: list[Finding], names: Mapping[str, str]) -> dict[Key, Said]:
    """Each finding by its check and subject, with these names for those of the source."""
    words = re.compile(rf"\b(?:{'|'.join(sorted(names, key=len, reverse=True))})\b") if names else None

    def translated(text: str) -> str:
        return words.sub(lambda match: names[match[0]], text) if words else text

    def notes(finding: Finding) -> frozenset[str]:
        # What follows a colon is said once, after whichever note comes first.
        told = [translated(_VIA.sub("", evidence.note)) for evidence in finding.evidence]
        return frozenset(part for note in told for part in note.split(": "))

    found = {}
    for finding in findings:
        key = finding.check, names.get(finding.subject.name, finding.subject.address)
        assert key not in found
        when = tuple(map(translated, finding.when))
        # How a thing is called and what is written stands in each source's own words where nothing is wrong.
        is_open = finding.status in ("fail", "error", "unknown")
        found[key] = Said(
            finding.status, finding.severity.name, when, notes(finding) if is_open else frozenset()
        )
    return found


@each_way
def test_the_findings_are_the_same(name: str, addresses: dict[str, str], given: dict[str, Any]) -> None:
    template = scan(name, **_only(given, "parameters", "all_scenarios"))
    module = scan(f"terraform/{name}", **_only(given, "variables", "all_scenarios"))
    expected = said(of_both(template), {**addresses, **PARAMETERS})
    assert {address for _, address in expected} == set(addresses.values())
    assert not module.problems
    found = said(of_both(module), {})
    for key in LESS_TOLD & expected.keys():
        assert (expected.pop(key).status, found.pop(key).status) == ("unknown", "pass")
    for key in OTHER_WORDS & expected.keys():
        assert (expected.pop(key).status, found.pop(key).status) == ("unknown", "unknown")
    assert found == expected


def _only(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in names}


def test_scenarios_are_told_in_the_words_of_the_module() -> None:
    report = scan("terraform/shop", all_scenarios=True)
    assert {(f.check, f.subject.address, f.when) for f in of_both(report) if f.when} == {
        ("replication-source-versioning", "aws_s3_bucket.order_data", ("environment is staging",)),
    }


SEEN = {
    ("access-bucket-public-access-block", "backups"): {'<resource "aws_s3_bucket" "backups"> {'},
    ("acl-disabled", "customer_uploads"): {'object_ownership = <"BucketOwnerPreferred">'},
    ("acl-disabled", "marketing"): {'object_ownership = <"ObjectWriter">'},
    ("access-public-read", "marketing"): {'acl = <"public-read">'},
    ("cloudfront-oac", "shop"): {
        "<origin> {",
        "origin_access_identity = <aws_cloudfront_origin_access_identity.images.cloudfront_access_identity_path>",
    },
    ("cors-wildcard-origin", "customer_uploads"): {'allowed_origins = [<"*">]'},
    ("encryption-kms", "backups"): {'sse_algorithm = <"AES256">'},
    ("logging-loop", "access_logs"): {
        "target_bucket = <aws_s3_bucket.audit_logs.id>",
        'target_bucket = <"${local.prefix}-access-logs">',
    },
    ("logging-target-encryption", "order_data"): {
        "target_bucket = <aws_s3_bucket.audit_logs.id>",
        'sse_algorithm = <"aws:kms">',
    },
    ("object-lock-default-retention", "invoices"): {"object_lock_enabled = <true>"},
    ("object-lock-versioning", "ledger_exports"): {'status = <"Suspended">'},
    ("replication-destination-versioning", "backups"): {
        "bucket = <aws_s3_bucket.backups_copy.arn>",
        '<resource "aws_s3_bucket" "backups_copy"> {',
    },
    ("replication-source-versioning", "order_data"): {
        'status = local.is_production ? "Enabled" : <"Suspended">'
    },
    ("transport-tls-required", "ledger_exports"): {'Resource = <"${aws_s3_bucket.ledger_exports.arn}/*">'},
    ("transport-tls-required", "product_images"): {
        "<policy> = data.aws_iam_policy_document.product_images.json"
    },
}


def test_the_faults_are_shown_where_they_are_written() -> None:
    found: dict[Key, set[str]] = {}
    for finding in scan("terraform/shop").findings:
        key = finding.check, finding.subject.address.rpartition(".")[2]
        if finding.status == "fail" and key in SEEN:
            found[key] = {marked(evidence.at) for evidence in finding.evidence}
    assert found == SEEN


def marked(at: Location) -> str:
    """The line of a place, with marks around it."""
    line = Path(at.source).read_text(encoding="utf-8").splitlines()[at.line - 1]
    assert at.end_line == at.line
    start, end = at.column - 1, at.end_column - 1
    return " ".join(f"{line[:start]}<{line[start:end]}>{line[end:]}".split())


MFA_DELETE = {
    "shop": {"audit_logs": "unknown", "deployments": "unknown", "invoices": "unknown"},
    "fixed": {
        "deployments": "unknown",
        "invoices": "pass",
        "ledger_exports": "pass",
        "marketing": "unknown",
        "order_data": "unknown",
    },
    "nested": {"logs": "unknown", "price_lists": "unknown"},
    "sam": {},
}
"""Where it is asked for: not beside lifecycle rules, nor where there are no versions."""


@pytest.mark.parametrize("name", MFA_DELETE)
def test_only_terraform_has_a_word_for_mfa_delete(name: str) -> None:
    template, module = scan(name), scan(f"terraform/{name}")
    asked = {"versioning-mfa-delete", "versioning-mfa-delete-prerequisite"}
    assert {f.status for f in template.findings if f.check in asked} == {"not_applicable"}
    assert {
        f.subject.address.rpartition(".")[2]: f.status
        for f in module.findings
        if f.check in asked and f.status != "not_applicable"
    } == MFA_DELETE[name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_no_real_account_is_named(path: Path) -> None:
    assert set(re.findall(r"\b\d{12}\b", path.read_text(encoding="utf-8"))) <= {"111122223333"}


def test_terraform_would_format_it_no_other_way() -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not on the PATH, and nothing else knows its format")
    run = subprocess.run(
        [terraform, "fmt", "-check", "-diff", "-recursive", EXAMPLES / "terraform"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr
