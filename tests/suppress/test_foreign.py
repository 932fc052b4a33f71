"""The suppressions of other tools, which count only when that is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from s3audit import catalog
from s3audit.peers import every_name, known_as, matching, named
from tests.suppress.scans import one, said, scan, suppressed

HONOR: dict[str, Any] = {"honor_foreign": True}
WANTED: dict[str, Any] = {"select": ["logging-enabled", "versioning-enabled", "transport-tls-required"]}
TF = 'resource "aws_s3_bucket" "logs" {\n  bucket = "acme-logs"\n}\n'
YAML = "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: acme-logs\n"


def inside(comment: str) -> dict[str, str]:
    return {
        "main.tf": TF.replace("{\n", f"{{\n  {comment}\n"),
        "t.yaml": YAML.replace("    P", f"    {comment}\n    P"),
    }


def above(comment: str) -> dict[str, str]:
    return {"main.tf": f"{comment}\n{TF}", "t.yaml": YAML.replace("  Logs", f"  {comment}\n  Logs")}


def checks(files: dict[str, str], folder: Path, **asked: object) -> dict[str, set[str]]:
    """What is suppressed in each file."""
    report = scan(folder, files, **(WANTED | HONOR | asked))
    assert said(report) == []
    found: dict[str, set[str]] = {name: set() for name in files}
    for finding in report.findings:
        if finding.status == "suppressed":
            assert finding.accepted is not None
            found[Path(finding.accepted.at.source).name].add(finding.check)
    return found


def everywhere(*ids: str) -> dict[str, set[str]]:
    return {"main.tf": set(ids), "t.yaml": set(ids)}


def test_they_count_only_when_it_is_asked_for(tmp_path: Path) -> None:
    files = inside("# checkov:skip=CKV_AWS_18:why")
    assert checks(files, tmp_path) == everywhere("logging-enabled")
    assert checks(files, tmp_path, honor_foreign=False) == everywhere()
    config = tmp_path / ".s3audit.toml"
    config.write_text("honor_foreign = true\n")
    assert checks(files, tmp_path, honor_foreign=False, config=str(config)) == everywhere("logging-enabled")


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# checkov:skip=CKV_AWS_18:the log target", "the log target"),
        ("#checkov:skip=CKV_AWS_18", ""),
        ('# checkov:skip=CKV_AWS_18: "in quotes"', "in quotes"),
    ],
)
def test_checkov_says_it_inside_a_block(comment: str, reason: str, tmp_path: Path) -> None:
    assert checks(inside(comment), tmp_path) == everywhere("logging-enabled")
    assert checks(above(comment), tmp_path) == everywhere()
    finding = one(
        scan(tmp_path, {"main.tf": inside(comment)["main.tf"]}, **WANTED, **HONOR, paths=["main.tf"]),
        "logging-enabled",
    )
    assert finding.accepted is not None
    assert finding.accepted.reason == reason
    end = f": {reason}." if reason else "."
    assert finding.message.endswith(f"Accepted at {tmp_path}/main.tf:2 as CKV_AWS_18 of checkov{end}")


@pytest.mark.parametrize(
    ("comment", "ids"),
    [
        ("#trivy:ignore:AVD-AWS-0089", {"logging-enabled"}),
        ("# trivy:ignore:avd-aws-0089", {"logging-enabled"}),
        ("#trivy:ignore:AWS-0089", {"logging-enabled"}),
        ("#trivy:ignore:aws-s3-enable-logging", {"logging-enabled"}),
        ("#trivy:ignore:enable-logging", {"logging-enabled"}),
        ("#tfsec:ignore:aws-s3-enable-bucket-logging", {"logging-enabled"}),
        ("#tfsec:ignore:AWS002", {"logging-enabled"}),
        ("#tfsec:ignore:AWS002:exp:2026-11-22", {"logging-enabled"}),
        ("#tfsec:ignore:AWS002:exp:2026-11-21", set()),
        ("#tfsec:ignore:AWS002:exp:soon", set()),
        ("#tfsec:ignore:AWS002:ws:production", set()),
        ("#trivy:ignore:AVD-AWS-0089:ws:*", {"logging-enabled"}),
        ("#trivy:ignore:AVD-AWS-0089[bucket=acme-logs]", set()),
        ("#trivy:ignore:AVD-AWS-0089 trivy:ignore:AVD-AWS-0090", {"logging-enabled", "versioning-enabled"}),
        ("#trivy:ignore:AVD-AWS-0089 #trivy:ignore:AVD-AWS-0090", {"logging-enabled", "versioning-enabled"}),
        ("#trivy:ignore:aws-s3-enable-*", {"logging-enabled", "versioning-enabled"}),
        ("#trivy:ignore:*", {"logging-enabled", "versioning-enabled"}),  # it does not ask for TLS
        ("#trivy:ignore:AVD-AWS-9999", set()),
    ],
)
def test_trivy_says_it_above_a_block(comment: str, ids: set[str], tmp_path: Path) -> None:
    assert checks(above(comment), tmp_path) == everywhere(*ids)


def test_trivy_says_it_right_above_or_on_the_line(tmp_path: Path) -> None:
    ignore = "#trivy:ignore:AVD-AWS-0090"
    assert checks(above(f"{ignore}\n  # More.\n  #trivy:ignore:AVD-AWS-0089"), tmp_path) == everywhere(
        "logging-enabled", "versioning-enabled"
    )
    assert checks(above(f"{ignore}\n"), tmp_path) == everywhere()
    assert checks(inside(ignore), tmp_path) == everywhere()
    on = {"main.tf": TF.replace("{\n", f"{{ {ignore}\n"), "t.yaml": YAML.replace("Logs:", f"Logs: {ignore}")}
    assert checks(on, tmp_path) == everywhere("versioning-enabled")
    written = "    VersioningConfiguration:\n        Status: Suspended\n"
    text = f"{YAML}  {written}"
    for place in ("Status: Suspended", "VersioningConfiguration:"):
        assert checks(
            {"t.yaml": text.replace(place, f"{place} {ignore}")}, tmp_path / "on", paths=["t.yaml"]
        ) == {"t.yaml": {"versioning-enabled"}}
    text = text.replace("      Versioning", f"      {ignore}\n      Versioning")
    assert checks({"t.yaml": text}, tmp_path / "on", paths=["t.yaml"]) == {"t.yaml": {"versioning-enabled"}}


def test_trivy_says_it_above_a_call(tmp_path: Path) -> None:
    files = {
        "main.tf": '#trivy:ignore:aws-s3-enable-logging\nmodule "logs" {\n  source = "./m"\n}\n',
        "m/main.tf": TF,
    }
    report = scan(tmp_path, files, **WANTED, **HONOR)
    assert suppressed(report) == {"logging-enabled": [("module.logs.aws_s3_bucket.logs", 1)]}


KICS_LOGGING = {
    "main.tf": "f861041c-8c9f-4156-acfc-5e6e524f5884",
    "t.yaml": "4552b71f-0a2a-4bc4-92dd-ed7ec1b4674c",
}
OF_KICS = ("logging-enabled", "versioning-enabled", "transport-tls-required")


@pytest.mark.parametrize("command", ["ignore-line", "ignore-block", "ignore-block: why", "IGNORE-BLOCK"])
def test_kics_says_it_above_a_line_or_a_block(command: str, tmp_path: Path) -> None:
    assert checks(above(f"# kics-scan {command}"), tmp_path) == everywhere(*OF_KICS)
    assert checks(inside(f"# kics-scan {command}"), tmp_path) == everywhere()
    assert checks(above("# kics-scan"), tmp_path) == everywhere()


def test_kics_says_it_of_a_file(tmp_path: Path) -> None:
    def first(comment: str) -> dict[str, str]:
        return {"main.tf": f"# A.\n{comment}\n{TF}", "t.yaml": f"---\n{comment}\n{YAML}"}

    assert checks(first("# kics-scan ignore"), tmp_path) == everywhere(*OF_KICS)
    both = ",".join(KICS_LOGGING.values())
    assert checks(first(f"# kics-scan disable={both}"), tmp_path) == everywhere("logging-enabled")
    assert checks(first(f"# kics-scan enable={both}"), tmp_path) == everywhere(*OF_KICS[1:])
    assert checks(inside("# kics-scan ignore"), tmp_path) == everywhere()


def test_cfn_lint_and_checkov_say_it_in_metadata(tmp_path: Path) -> None:
    told = {
        "checkov": {"skip": [{"id": "CKV_AWS_18", "comment": "the log target"}]},
        "cfn-lint": {"config": {"ignore_checks": ["W3045", "E9999"]}},
    }
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
    }
    wanted = ["logging-enabled", "acl-disabled"]
    resource = {"Resources": {"Logs": {**bucket, "Metadata": told}, "Other": bucket}}
    report = scan(tmp_path, {"t.json": json.dumps(resource)}, select=wanted, **HONOR)
    assert {(f.check, f.subject.name, f.status) for f in report.findings} == {
        ("logging-enabled", "Logs", "suppressed"),
        ("logging-enabled", "Other", "fail"),
        ("acl-disabled", "Logs", "suppressed"),
        ("acl-disabled", "Other", "fail"),
    }
    whole = {"Metadata": {"cfn-lint": {"config": {"ignore_checks": ["W3"]}}}, "Resources": {"Logs": bucket}}
    report = scan(tmp_path, {"t.json": json.dumps(whole)}, select=wanted, **HONOR)
    assert {(f.check, f.status) for f in report.findings} == {
        ("logging-enabled", "fail"),
        ("acl-disabled", "suppressed"),
    }


SITE = """
resource "aws_s3_bucket" "NAME" {
  #checkov:skip=CKV_AWS_70:the site is public
  bucket = "acme-NAME"
}
resource "aws_s3_bucket_policy" "NAME" {
  bucket = "acme-NAME"
  policy = jsonencode({
    Statement = [{Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-NAME/*"}]
  })
}
"""
BLOCK = """
resource "aws_s3_bucket_public_access_block" "NAME" {
  bucket                  = "acme-NAME"
  block_public_policy     = IS
  restrict_public_buckets = IS
}
"""


def test_one_name_for_several_checks_suppresses_them_all(tmp_path: Path) -> None:
    sites = {"open": "false", "blocked": "true"}
    files = {
        "main.tf": "".join(
            (SITE + BLOCK.replace("IS", on)).replace("NAME", name) for name, on in sites.items()
        )
    }
    failing = {("access-public-read", "acme-open"), ("policy-wildcard-principal", "acme-blocked")}
    assert {check for check, _ in failing} <= {check.id for check in named(catalog.load(), "CKV_AWS_70")}
    for asked, status in (({}, "fail"), (HONOR, "suppressed")):
        report = scan(tmp_path, files, select=["CKV_AWS_70"], **asked)
        found = {(f.check, f.subject.address) for f in report.findings if f.status == status}
        assert found == {(check, f"aws_s3_bucket.{name.removeprefix('acme-')}") for check, name in failing}


def test_every_name_leads_to_the_checks_that_have_it() -> None:
    every = catalog.load()
    for check in every:
        for tool, name in known_as(check):
            assert check in named(every, name, tool)
            assert check in named(every, name)
    assert {"CKV_AWS_18", "AVD-AWS-0089", "AWS002", "S3.9", *KICS_LOGGING.values()} <= set(every_name(every))
    assert named(every, "ckv_aws_18") == []
    assert named(every, "aVd-aws-0089") == named(every, "AVD-AWS-0089") != []
    assert {check.id for check in matching(every, "*", "cfn_lint")} == {
        c.id for c in every if "cfn_lint" in c.peers
    }


def test_every_id_of_trivy_is_known_by_its_long_name_too() -> None:
    for check in catalog.load():
        for name in check.peers.get("trivy", ()):
            spellings = [spelling for tool, spelling in known_as(check) if tool == "trivy"]
            assert any(spelling.startswith("aws-") for spelling in spellings), f"{name} has no long name"
