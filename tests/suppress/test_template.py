"""Our own suppressions in templates: comments of YAML, and metadata."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.suppress.scans import one, said, scan, suppressed

IGNORE = 's3audit: ignore[logging-enabled] reason="it is a log target"'
LOGGING = {"select": ["logging-enabled"]}
BEFORE = "Resources:\n"
LOGS = "  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: acme-logs\n"
OTHER = "  Other:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: acme-other}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{BEFORE}  # {IGNORE}\n{LOGS}{OTHER}", 2),
        (f"{BEFORE}# {IGNORE}\n\n  # The logs.\n{LOGS}{OTHER}", 2),
        (f"{BEFORE}{OTHER}  # {IGNORE}\n{LOGS}", 5),
        (BEFORE + LOGS.replace("Logs:", f"Logs: # {IGNORE}") + OTHER, 2),
        (BEFORE + LOGS.replace("    Properties", f"    # {IGNORE}\n    Properties") + OTHER, 4),
        (f"{BEFORE}{LOGS}      # {IGNORE}\n{OTHER}", 6),
        (f"{BEFORE}{LOGS}    # {IGNORE}\n{OTHER}", 6),
        (f"{BEFORE}{OTHER}{LOGS}    # {IGNORE}\n", 9),
        (f"{BEFORE}{OTHER}{LOGS}    # {IGNORE}\nOutputs:\n  A: {{Value: 1}}\n", 9),
        (f"---\r\n{BEFORE}  # {IGNORE}\n{LOGS}{OTHER}".replace("\n", "\r\n").replace("\r\r", "\r"), 3),
    ],
)
def test_it_stands_above_or_inside_the_resource(text: str, line: int, tmp_path: Path) -> None:
    report = scan(tmp_path, {"t.yaml": text}, **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("Resources.Logs", line)]}
    assert [f.subject.name for f in report.findings if f.status == "fail"] == ["Other"]
    assert said(report) == []


@pytest.mark.parametrize(
    "text",
    [
        f"# {IGNORE}\n\n{BEFORE}{LOGS}",
        f"{BEFORE}{LOGS}# {IGNORE}\n",
        f"{BEFORE}{LOGS}# {IGNORE}\nOutputs:\n  A: {{Value: 1}}\n",
        f"{BEFORE}{LOGS.replace('acme-logs', f'acme-logs # {IGNORE}')}",
    ],
)
def test_it_stands_elsewhere(text: str, tmp_path: Path) -> None:
    report = scan(tmp_path, {"t.yaml": text}, **LOGGING)
    assert suppressed(report) == {}
    assert [message.partition(":")[0] for _, message in said(report)] == [
        "Nothing here fails logging-enabled"
    ]


@pytest.mark.parametrize(
    "value",
    [
        f"'# {IGNORE}'",
        f'"a # {IGNORE.replace(chr(34), "")}"',
        f"|\n        text\n        # {IGNORE}",
        f">-\n        text\n\n        # {IGNORE}\n",
        f"\n        'two\n        # {IGNORE}'",
    ],
)
def test_what_stands_in_a_text_is_no_comment(value: str, tmp_path: Path) -> None:
    text = f"{BEFORE}  Logs:\n    Type: AWS::S3::Bucket\n    Metadata:\n      Note: {value}\n"
    report = scan(tmp_path, {"t.yaml": text}, **LOGGING)
    assert one(report, "logging-enabled").status == "fail"
    assert said(report) == []


def test_behind_a_text_of_several_lines_is_a_comment(tmp_path: Path) -> None:
    text = f"{BEFORE}  Logs:\n    Type: AWS::S3::Bucket\n    Metadata:\n      Note: |\n        text\n    # {IGNORE}\n"
    report = scan(tmp_path, {"t.yaml": text}, **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("Resources.Logs", 7)]}


POLICY = """\
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-site
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: arn:aws:s3:::acme-site/*
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObjectTagging
            Resource: arn:aws:s3:::acme-site/*
"""


@pytest.mark.parametrize(("lines", "holds"), [([10], False), ([10, 14], True), ([6], True), ([9, 13], True)])
def test_on_a_line_it_accepts_what_begins_there(lines: list[int], holds: bool, tmp_path: Path) -> None:
    text = POLICY.splitlines()
    for line in lines:
        text[line - 1] += "  # s3audit: ignore[policy-wildcard-principal] the site is public"
    report = scan(tmp_path, {"t.yaml": "\n".join(text)}, select=["policy-wildcard-principal"])
    assert (one(report, "policy-wildcard-principal").status == "suppressed") is holds
    assert (said(report) == []) is holds


def test_at_a_nested_stack_it_is_about_all_of_it(tmp_path: Path) -> None:
    stack = "  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: child.yaml}\n"
    files = {"t.yaml": f"{BEFORE}  # {IGNORE}\n{stack}{OTHER}", "child.yaml": f"{BEFORE}{LOGS}"}
    report = scan(tmp_path, files, paths=["t.yaml"], **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("Resources.Child.Resources.Logs", 2)]}
    assert said(report) == []


def metadata(ignore: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Metadata": {"s3audit": {"ignore": ignore}}, **more}


@pytest.mark.parametrize(
    "ignore",
    [
        [{"check": "logging-enabled", "reason": "why"}],
        [{"check": ["versioning-enabled", "logging-enabled"], "reason": "why", "owner": "web"}],
        {"check": "logging-enabled", "reason": "why", "until": "2026-11-22"},
        {"logging-enabled": "why"},
        {"logging-enabled": {"reason": "why", "until": "2027-01-01"}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_metadata_of_a_resource_are_about_it_alone(ignore: Any, indent: int | None, tmp_path: Path) -> None:
    template = {"Resources": {"Logs": metadata(ignore), "Logs2": {"Type": "AWS::S3::Bucket"}}}
    report = scan(tmp_path, {"t.json": json.dumps(template, indent=indent)}, **LOGGING)
    assert [address for address, _ in suppressed(report)["logging-enabled"]] == ["Resources.Logs"]
    assert [f.subject.address for f in report.findings if f.status == "fail"] == ["Resources.Logs2"]
    assert said(report) == []


def test_metadata_of_a_template_are_about_all_of_it(tmp_path: Path) -> None:
    told = "Metadata:\n  s3audit:\n    ignore:\n      - check: logging-enabled\n        reason: why\n"
    report = scan(tmp_path, {"t.yaml": f"{told}{BEFORE}{LOGS}{OTHER}"}, **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("Resources.Logs", 4), ("Resources.Other", 4)]}


NO_REASON = (
    "This ignores logging-enabled without a reason, so it does not count: write"
    ' `s3audit: ignore[CHECK] reason="..."`.'
)


@pytest.mark.parametrize(
    ("ignore", "message"),
    [
        (3, "This does not count, for it names no check: write a list of entries with `check` and `reason`."),
        ([], None),
        (
            [{"reason": "why"}],
            "This does not count, for it names no check: write a list of entries with `check` and `reason`.",
        ),
        (
            [{"check": "logging-enabled", "reason": "why", "while": "x"}],
            "This does not count, for while: 'x' is nothing it takes.",
        ),
        (
            {"logging-enabled": {"reason": 3}},
            "This does not count, for reason: 3 is nothing it takes.",
        ),
        (
            [{"check": "logging-enabled", "reason": "why", "until": "soon"}],
            "This does not count, for until=soon is no day, such as 2026-12-31.",
        ),
        (
            ["logging-enabled"],
            NO_REASON,
        ),
        (["no-such-check"], "There is no check 'no-such-check' to ignore."),
    ],
)
def test_metadata_that_can_not_be_understood_do_not_count(
    ignore: Any, message: str | None, tmp_path: Path
) -> None:
    report = scan(
        tmp_path, {"t.json": json.dumps({"Resources": {"Logs": metadata(ignore)}}, indent=1)}, **LOGGING
    )
    assert suppressed(report) == {}
    assert [text for _, text in said(report)] == ([] if message is None else [message])


def test_a_template_in_utf_16_may_say_it_too(tmp_path: Path) -> None:
    report = scan(tmp_path, {"t.yaml": f"{BEFORE}  # {IGNORE}\n{LOGS}".encode("utf-16")}, **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("Resources.Logs", 2)]}


def test_above_a_loop_it_is_about_all_that_the_loop_makes(tmp_path: Path) -> None:
    text = f"""\
Transform: AWS::LanguageExtensions
Resources:
  # {IGNORE}
  Fn::ForEach::Buckets:
    - Name
    - [Audit, Trail]
    - "${{Name}}Logs":
        Type: AWS::S3::Bucket
  Other:
    Type: AWS::S3::Bucket
"""
    report = scan(tmp_path, {"t.yaml": text}, **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("Resources.AuditLogs", 3), ("Resources.TrailLogs", 3)]}
