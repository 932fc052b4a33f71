"""Our own suppressions in Terraform: where a comment may stand, and what it is about there."""

import json
from pathlib import Path

import pytest

from tests.suppress.scans import one, said, scan, suppressed
from tests.terraform.plans import change, plan

BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "acme-logs"\n}\n'
IGNORE = 's3audit: ignore[logging-enabled] reason="it is a log target"'
LOGGING = {"select": ["logging-enabled"]}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"# {IGNORE}\n{BUCKET}", 1),
        (f"// {IGNORE}\n{BUCKET}", 1),
        (f"/* {IGNORE} */\n{BUCKET}", 1),
        (f"/*\n  {IGNORE}\n*/\n{BUCKET}", 1),
        (f"# {IGNORE}\n\n# The logs.\n\n{BUCKET}", 1),
        (BUCKET.replace("{\n", f"{{ # {IGNORE}\n"), 1),
        (BUCKET.replace("{\n", f"{{\n  # {IGNORE}\n"), 2),
        (BUCKET.replace("\n}", f"\n  # {IGNORE}\n}}"), 3),
        (BUCKET.replace("{\n", f"{{\n  tags = {{\n    # {IGNORE}\n    a = 1\n  }}\n"), 3),
        (f'resource "aws_s3_bucket" "logs" {{ bucket = "acme-logs" }} # {IGNORE}\n', 1),
        (f"\ufeff# {IGNORE}\r\n{BUCKET}".replace("\n", "\r\n"), 1),
    ],
)
def test_it_stands_above_or_inside_the_block(text: str, line: int, tmp_path: Path) -> None:
    report = scan(tmp_path, {"main.tf": text}, **LOGGING)
    assert suppressed(report) == {"logging-enabled": [("aws_s3_bucket.logs", line)]}
    assert said(report) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{BUCKET}# {IGNORE}\n",
        f'# {IGNORE}\nvariable "a" {{}}\n{BUCKET}',
        BUCKET.replace('acme-logs"', f'acme-logs" # {IGNORE}'),
    ],
)
def test_it_stands_elsewhere(text: str, tmp_path: Path) -> None:
    report = scan(tmp_path, {"main.tf": text}, **LOGGING)
    assert suppressed(report) == {}
    ((_, message),) = said(report)
    assert (
        message == "Nothing here fails logging-enabled: this is not needed, or it stands in the wrong place."
    )


PLAIN = "s3audit: ignore[logging-enabled] it is a log target"


@pytest.mark.parametrize(
    "value",
    [
        f'"# {PLAIN}"',
        f'"${{join("", ["# {PLAIN}"])}}"',
        f"<<EOT\n# {PLAIN}\nEOT",
        f"<<-EOT\n    }}\n    # {PLAIN}\n  EOT",
        f'"\\"# {PLAIN}"',
        f'"$${{"\n  other = "# {PLAIN}"',
    ],
)
def test_what_stands_in_a_text_is_no_comment(value: str, tmp_path: Path) -> None:
    text = BUCKET.replace("\n}", f"\n  tags = {{ a = {value} }}\n}}").replace(
        "tags = { a = <<", "tags = {\n a = <<"
    )
    if "<<" in value:
        text = text.replace("EOT }", "EOT\n }")
    report = scan(tmp_path, {"main.tf": text}, **LOGGING)
    assert suppressed(report) == {}
    assert one(report, "logging-enabled").status == "fail"


POLICY = """\
resource "aws_s3_bucket" "site" {
  bucket = "acme-site"
}

resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.site.arn}/*" },
      { Effect = "Allow", Principal = "*", Action = "s3:GetObjectTagging", Resource = "${aws_s3_bucket.site.arn}/*" },
    ]
  })
}
"""
PUBLIC = "s3audit: ignore[policy-wildcard-principal] the site is public"
PRINCIPAL = {"select": ["policy-wildcard-principal"]}


NOT_ALL = (
    "This is not all: policy-wildcard-principal tells of line 11 too. Say it there as well, or above the whole"
    " block."
)


def test_on_a_line_it_accepts_what_is_on_that_line(tmp_path: Path) -> None:
    lines = POLICY.splitlines()
    lines[9] += f" # {PUBLIC}"
    report = scan(tmp_path, {"main.tf": "\n".join(lines)}, **PRINCIPAL)
    assert suppressed(report) == {}
    assert said(report) == [
        (
            10,
            NOT_ALL,
        )
    ]
    lines[10] += f" # {PUBLIC}"
    report = scan(tmp_path, {"main.tf": "\n".join(lines)}, **PRINCIPAL)
    assert suppressed(report) == {"policy-wildcard-principal": [("aws_s3_bucket.site", 10)]}
    assert [line for line, _ in said(report)] == []


@pytest.mark.parametrize("line", [5, 7])
def test_on_a_line_that_more_begins_on_it_is_about_all_of_that(line: int, tmp_path: Path) -> None:
    lines = POLICY.splitlines()
    lines[line - 1] += f" # {PUBLIC}"
    report = scan(tmp_path, {"main.tf": "\n".join(lines)}, **PRINCIPAL)
    assert suppressed(report) == {"policy-wildcard-principal": [("aws_s3_bucket.site", line)]}
    assert said(report) == []


def test_a_finding_is_suppressed_where_it_is_told_of_and_where_its_subject_is(tmp_path: Path) -> None:
    bucket, policy = POLICY.split("\n\n")
    for files in (
        {"main.tf": f"# {PUBLIC}\n{bucket}\n", "policy.tf": policy},
        {"main.tf": f"{bucket}\n", "policy.tf": f"# {PUBLIC}\n{policy}"},
    ):
        report = scan(tmp_path, files, **PRINCIPAL)
        assert suppressed(report) == {"policy-wildcard-principal": [("aws_s3_bucket.site", 1)]}
        assert said(report) == []


MODULE = 'variable "name" {}\nresource "aws_s3_bucket" "this" {\n  bucket = var.name\n}\n'
CALL = """\
module "logs" {
  source   = "./modules/bucket"
  for_each = toset(["acme-a", "acme-b"])
  name     = each.key
}
"""


def test_at_a_call_it_is_about_all_that_the_module_makes(tmp_path: Path) -> None:
    other = CALL.replace('"logs"', '"other"').replace("acme-", "acme-other-")
    files = {"main.tf": f"# {IGNORE}\n{CALL}{other}", "modules/bucket/main.tf": MODULE}
    report = scan(tmp_path, files, **LOGGING)
    assert suppressed(report) == {
        "logging-enabled": [
            ('module.logs["acme-a"].aws_s3_bucket.this', 1),
            ('module.logs["acme-b"].aws_s3_bucket.this', 1),
        ]
    }
    assert {f.subject.address for f in report.findings if f.status == "fail"} == {
        'module.other["acme-other-a"].aws_s3_bucket.this',
        'module.other["acme-other-b"].aws_s3_bucket.this',
    }
    assert said(report) == []


@pytest.mark.parametrize("file", ["main.tf", "modules/pair/main.tf"])
def test_a_call_may_be_inside_another_module(file: str, tmp_path: Path) -> None:
    inner = CALL.replace("./modules/bucket", "../bucket")
    files = {
        "main.tf": 'module "pair" {\n  source = "./modules/pair"\n}\n',
        "modules/pair/main.tf": inner,
        "modules/bucket/main.tf": MODULE,
    }
    files[file] = f"# {IGNORE}\n{files[file]}"
    report = scan(tmp_path, files, **LOGGING)
    assert {status for (status,) in [(f.status,) for f in report.findings]} == {"suppressed"}
    assert {f.accepted.at.source for f in report.findings if f.accepted} == {str(tmp_path / file)}


def test_in_a_module_it_is_about_every_instance(tmp_path: Path) -> None:
    files = {"main.tf": CALL, "modules/bucket/main.tf": MODULE.replace("{\n", f"{{\n  # {IGNORE}\n")}
    report = scan(tmp_path, files, **LOGGING)
    assert [line for _, line in suppressed(report)["logging-enabled"]] == [3, 3]


def test_a_plan_is_judged_with_the_comments_of_its_source(tmp_path: Path) -> None:
    address = 'module.logs["acme-a"].aws_s3_bucket.this'
    files = {
        "main.tf": CALL,
        "modules/bucket/main.tf": MODULE.replace("{\n", f"{{\n  # {IGNORE}\n"),
        "plan.json": json.dumps(plan(change(address, {"bucket": "acme-a"}))),
    }
    report = scan(tmp_path, files, paths=["plan.json"], **LOGGING)
    assert suppressed(report) == {"logging-enabled": [(address, 3)]}
    files |= {"main.tf": f"# {IGNORE}\n{CALL}", "modules/bucket/main.tf": MODULE}
    report = scan(tmp_path, files, paths=["plan.json"], **LOGGING)
    assert suppressed(report) == {"logging-enabled": [(address, 1)]}


def test_the_source_of_a_plan_may_lie_elsewhere(tmp_path: Path) -> None:
    address = 'module.logs["acme-a"].aws_s3_bucket.this'
    files = {
        "infra/main.tf": f"# {IGNORE}\n{CALL}",
        "infra/modules/bucket/main.tf": MODULE,
        "plans/plan.json": json.dumps(plan(change(address, {"bucket": "acme-a"}))),
    }
    asked = {"source_dir": str(tmp_path / "infra"), **LOGGING}
    report = scan(tmp_path, files, paths=["plans/plan.json", "infra"], **asked)
    assert suppressed(report) == {
        "logging-enabled": [
            (address, 1),
            (address, 1),
            ('module.logs["acme-b"].aws_s3_bucket.this', 1),
        ]
    }
