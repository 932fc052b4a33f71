"""Names that are taken out of ARNs, elements chosen by name, what is secret, and what is null."""

from pathlib import Path

import pytest

import s3audit
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.terraform.language.convert import text_of
from s3audit.collectors.terraform.language.values import Failed, Primitive
from tests.terraform.folder import Folder

DECLARED = """
variable "v" {}
variable "l" { type = list(string) }
data "aws_partition" "here" {}
data "aws_caller_identity" "me" {}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket" "named" { bucket = "logs" }
resource "aws_s3_bucket" "varied" { bucket = "logs-${var.v}" }
resource "aws_s3_bucket" "told" { bucket = var.l[0] }
resource "aws_s3_bucket" "begun" { bucket_prefix = "logs-" }
resource "aws_s3_bucket" "each" {
  for_each = toset(["x"])
}
resource "aws_s3_directory_bucket" "d" {
  location { name = "usw2-az1" }
}
resource "aws_sqs_queue" "q" {}
module "m" { source = "./m" }
"""
MODULE = """
resource "aws_s3_bucket" "b" {}
output "arn" { value = aws_s3_bucket.b.arn }
"""


@pytest.fixture(scope="module")
def folder() -> Folder:
    return Folder({"main.tf": DECLARED, "m/main.tf": MODULE})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('split(":::", aws_s3_bucket.b.arn)[1]', "terraform-${aws_s3_bucket.b.id}"),
        ('split(":", aws_s3_bucket.b.arn)[5]', "terraform-${aws_s3_bucket.b.id}"),
        ('split(":", aws_s3_bucket.b.arn)[1]', "${AWS::Partition}"),
        ('reverse(split(":", aws_s3_bucket.b.arn))[0]', "terraform-${aws_s3_bucket.b.id}"),
        ('element(split(":", aws_s3_bucket.b.arn), 5)', "terraform-${aws_s3_bucket.b.id}"),
        ('split("/", "${aws_s3_bucket.b.arn}/a/*")[1]', "a"),
        ('split(":", aws_s3_bucket.each["x"].arn)[5]', 'terraform-${aws_s3_bucket.each["x"].id}'),
        ('split(":", module.m.arn)[5]', "terraform-${module.m.aws_s3_bucket.b.id}"),
        ('split("/", aws_s3_directory_bucket.d.arn)[1]', "terraform-${aws_s3_directory_bucket.d.id}"),
        ('split(":", aws_s3_directory_bucket.d.arn)[4]', "${AWS::AccountId}"),
        ('split(":", aws_s3_bucket.named.arn)[5]', "logs"),
        ('split("-", aws_s3_bucket.named.id)[0]', "logs"),
        ("provider::aws::arn_parse(aws_s3_bucket.b.arn).resource", "terraform-${aws_s3_bucket.b.id}"),
        ("provider::aws::arn_parse(aws_s3_bucket.b.arn).partition", "${AWS::Partition}"),
        ("provider::aws::arn_parse(aws_s3_bucket.b.arn).region", ""),
        ("provider::aws::arn_parse(aws_s3_bucket.varied.arn).resource", "logs-${var.v}"),
        ('provider::aws::arn_parse("arn:aws:s3:::${var.v}:x").resource', "${var.v}:x"),
        (
            'trimprefix(aws_s3_bucket.b.arn, "arn:${data.aws_partition.here.partition}:s3:::")',
            "terraform-${aws_s3_bucket.b.id}",
        ),
        (
            'trimprefix(aws_s3_bucket.b.arn, "arn:${data.aws_partition.here.id}")',
            ":s3:::terraform-${aws_s3_bucket.b.id}",
        ),
        ('split(":", aws_s3_bucket.told.arn)[5]', "${aws_s3_bucket.told.id}"),
        ('split(":", aws_s3_bucket.begun.arn)[5]', "logs-${aws_s3_bucket.begun.id}"),
        (
            'trimprefix("${var.v}-x", "${var.v}-y")',
            '${trimprefix("${var.v}-x", "${var.v}-y")}',
        ),
        (
            'trimprefix(aws_s3_bucket.named.arn, "arn:aws:s3:::")',
            '${trimprefix("arn:${AWS::Partition}:s3:::logs", "arn:aws:s3:::")}',
        ),
        (
            'replace(aws_s3_bucket.named.bucket_domain_name, ".s3.amazonaws.com", "")',
            '${replace("logs.s3.${AWS::URLSuffix}", ".s3.amazonaws.com", "")}',
        ),
        ('aws_s3_bucket.b["id"]', "terraform-${aws_s3_bucket.b.id}"),
        ('aws_s3_bucket.b["arn"]', "arn:${AWS::Partition}:s3:::terraform-${aws_s3_bucket.b.id}"),
        ('aws_s3_bucket.each["x"]["id"]', 'terraform-${aws_s3_bucket.each["x"].id}'),
        ('data.aws_caller_identity.me["account_id"]', "${AWS::AccountId}"),
        ('module.m["arn"]', "arn:${AWS::Partition}:s3:::terraform-${module.m.aws_s3_bucket.b.id}"),
    ],
)  # fmt: skip
def test_a_name_is_known_by_whose_it_is(folder: Folder, expression: str, expected: str) -> None:
    assert str(text_of(folder.value(expression))) == expected


@pytest.mark.parametrize(
    "expression",
    [
        'split(":", var.v)',
        'split(":", "a:${var.v}")',
        'split(":", aws_s3_bucket.varied.arn)',
        'split(":", aws_sqs_queue.q.arn)',
        'split("/", aws_sqs_queue.q.id)',
        'split("-", aws_s3_bucket.b.id)',
        'split(".", aws_s3_bucket.b.bucket_domain_name)',
        'split(":a", "x:${data.aws_partition.here.id}")',
        'split("", aws_s3_bucket.b.id)',
        "provider::aws::arn_parse(aws_sqs_queue.q.arn)",
        'provider::aws::arn_parse("arn:aws:s3:${var.v}::b")',
        "aws_s3_bucket.b[var.v]",
    ],
)  # fmt: skip
def test_what_may_hold_the_separator_is_not_cut(folder: Folder, expression: str) -> None:
    value = folder.value(expression)
    assert isinstance(value, Undecided)
    assert not isinstance(value, Failed)


@pytest.mark.parametrize(
    "expression",
    ["provider::aws::arn_parse(aws_s3_bucket.b.id)", "aws_s3_bucket.b[0]", 'aws_s3_bucket.each["id"]'],
)  # fmt: skip
def test_what_is_refused(folder: Folder, expression: str) -> None:
    assert isinstance(folder.value(expression), Failed)


@pytest.mark.parametrize(
    "name",
    [
        'split(":::", aws_s3_bucket.b.arn)[1]',
        'reverse(split(":", aws_s3_bucket.b.arn))[0]',
        "provider::aws::arn_parse(aws_s3_bucket.b.arn).resource",
        'aws_s3_bucket.b["bucket"]',
    ],
)
@pytest.mark.parametrize("bucket", ["", 'bucket = "logs"'])
def test_a_setting_joins_the_bucket_whose_name_it_takes(tmp_path: Path, name: str, bucket: str) -> None:
    text = f"""
    resource "aws_s3_bucket" "b" {{
      {bucket}
    }}
    resource "aws_s3_bucket_versioning" "b" {{
      bucket = {name}
      versioning_configuration {{ status = "Enabled" }}
    }}
    """
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    report = s3audit.scan([tmp_path], select=["versioning-enabled"])
    assert [(one.status, one.subject.address) for one in report.findings] == [("pass", "aws_s3_bucket.b")]


SECRET = """
variable "s" {
  sensitive = true
  default   = "hidden"
}
variable "m" {
  sensitive = true
  default   = { a = ["x", 1] }
}
variable "open" { sensitive = true }
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("nonsensitive(var.s)", "hidden"),
        ('"${nonsensitive(var.s)}-x"', "hidden-x"),
        ("nonsensitive(var.m).a[0]", "x"),
        ("nonsensitive(var.m.a[0])", "x"),
        ('nonsensitive(sensitive("x"))', "x"),
        ('nonsensitive("x")', "x"),
        ("nonsensitive({ a = var.s }).a", "hidden"),
        ('tolist(nonsensitive(toset([sensitive("a")])))[0]', "a"),
        ("var.s", "${var.s}"),
        ("var.m.a[0]", "${var.m.a[0]}"),
        ('"${var.s}-x"', "${var.s}-x"),
        ('nonsensitive("${var.s}-x")', "${var.s}-x"),
        ("upper(var.s)", "${upper(${var.s})}"),
        ("jsonencode([var.s])", '["${var.s}"]'),
        ("nonsensitive(var.open)", "${var.open}"),
        ('sensitive("x")', "${(sensitive value)}"),
    ],
)
def test_what_is_sensitive_is_told_by_nonsensitive_alone(expression: str, expected: str) -> None:
    value = Folder({"main.tf": SECRET}).value(expression)
    assert str(text_of(value)) == expected


def test_what_is_sensitive_stays_so_where_it_is_used() -> None:
    folder = Folder({"main.tf": SECRET})
    value = folder.value("  var.s")
    assert isinstance(value, Partial)
    assert (value.line, value.column) == (1, 3)
    assert value.why == "it is sensitive"
    sensitive = folder.value("issensitive(var.s)")
    assert isinstance(sensitive, Primitive)
    assert sensitive.data is True


ENCRYPTED = """
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = %s
    }
  }
}
"""


def judged(folder: Path, variables: str, algorithm: str, check: str) -> list[tuple[str, tuple[str, ...]]]:
    (folder / "main.tf").write_text(variables + ENCRYPTED % algorithm, encoding="utf-8")
    report = s3audit.scan([folder], select=[check])
    return [(one.status, one.when) for one in report.findings]


KEY = 'variable "key" { type = string }\n'
CHOSEN = 'var.key != null ? "aws:kms" : "AES256"'


def test_a_variable_that_is_compared_with_null_is_tried_both_ways(tmp_path: Path) -> None:
    assert judged(tmp_path, KEY, CHOSEN, "encryption-default") == [("pass", ())]
    assert judged(tmp_path, KEY, CHOSEN, "encryption-kms") == [("fail", ("key is null",))]
    turned = 'var.key == null ? "aws:kms" : "AES256"'
    assert judged(tmp_path, KEY, turned, "encryption-kms") == [("fail", ("key is not null",))]


def test_null_stands_beside_the_other_values(tmp_path: Path) -> None:
    third = 'var.key == "none" ? "AES256" : var.key == null ? "AES256" : "aws:kms"'
    assert judged(tmp_path, KEY, third, "encryption-kms") == [("fail", ("key is none", "key is null"))]
    fourth = 'var.key == "none" ? "aws:kms" : var.key == null ? "aws:kms" : "AES256"'
    assert judged(tmp_path, KEY, fourth, "encryption-kms") == [("fail", ("key is neither none nor null",))]
    flag = 'variable "key" {}\n'
    fifth = 'var.key == true ? "aws:kms" : var.key == null ? "AES256" : "aws:kms"'
    assert judged(tmp_path, flag, fifth, "encryption-kms") == [("fail", ("key is null",))]


def test_what_can_not_be_null_is_not_tried_as_null(tmp_path: Path) -> None:
    firm = 'variable "key" {\n  type = string\n  nullable = false\n}\n'
    assert judged(tmp_path, firm, CHOSEN, "encryption-kms") == [("pass", ())]


def test_what_is_not_compared_with_null_may_still_be_null() -> None:
    folder = Folder({"main.tf": KEY})
    folder.value('var.key == "x"')
    assert isinstance(folder.value("var.key == null"), Undecided)


def test_too_many_nulls_leave_the_other_values_to_be_tried(tmp_path: Path) -> None:
    names = [f"n{index}" for index in range(7)]
    variables = KEY + "".join(f'variable "{name}" {{ type = string }}\n' for name in names)
    tests = " || ".join(f"var.{name} == null" for name in names)
    chosen = f'var.key == "x" ? "AES256" : ({tests}) ? "aws:kms" : "aws:kms"'
    assert judged(tmp_path, variables, chosen, "encryption-kms") == [("fail", ("key is x",))]
