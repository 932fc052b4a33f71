"""A source beside a plan that was changed after it: what the plan states counts, and the source is not asked."""

import json
from pathlib import Path
from typing import Any

import pytest

import s3audit
from tests.terraform.plans import Json, change, constant, plan, read_later, refers

BUCKET, POLICY, VERSIONING = "aws_s3_bucket.b", "aws_s3_bucket_policy.b", "aws_s3_bucket_versioning.b"
DOCUMENT = "data.aws_iam_policy_document.p"
SOURCE = """\
variable "status" {
  type = string
}

resource "aws_s3_bucket" "b" {
  bucket_prefix = "shop"
  tags = {
    Team = "orders"
  }
}

resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = var.status
  }
}

data "aws_iam_policy_document" "p" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = "${data.aws_iam_policy_document.p.json}"
}
"""


def planned(secure: str = "false", *, is_shown: bool = True) -> Json:
    """The plan of that source, with another value of its condition."""
    conditions = {"test": "Bool", "variable": "aws:SecureTransport", "values": [secure]}
    statement = {
        "effect": "Deny",
        "actions": ["s3:*"],
        "principals": [{"type": "*", "identifiers": ["*"]}],
        "condition": [conditions],
        "sid": None,
    }
    unknown = {"resources": [True, True], "condition": [{"values": [False]}]}
    words = {name: constant(value) for name, value in conditions.items()}
    shown = {
        "effect": constant("Deny"),
        "actions": constant(["s3:*"]),
        "resources": refers(f"{BUCKET}.arn", f"{BUCKET}.arn"),
        "principals": [{"type": constant("*"), "identifiers": constant(["*"])}],
        "condition": [words],
    }
    written: dict[str, Json] = {
        BUCKET: {"bucket_prefix": constant("shop"), "tags": constant({"Team": "orders"})},
        VERSIONING: {
            "bucket": refers(f"{BUCKET}.id"),
            "versioning_configuration": [{"status": {"references": ["var.status"]}}],
        },
        DOCUMENT: {"statement": [shown]},
        POLICY: {"bucket": refers(f"{BUCKET}.id"), "policy": refers(f"{DOCUMENT}.json")},
    }
    return plan(
        change(
            BUCKET,
            {"bucket_prefix": "shop", "tags": {"Team": "orders"}},
            {"id": True, "bucket": True, "arn": True},
        ),
        change(VERSIONING, {"versioning_configuration": [{"status": "Enabled"}]}, {"bucket": True}),
        read_later(DOCUMENT, {"statement": [statement]}, {"id": True, "json": True, "statement": [unknown]}),
        change(POLICY, {}, {"bucket": True, "policy": True}),
        written=written if is_shown else None,
        variables={"status": {"value": "Enabled"}},
    )


def scan(folder: Path, source: str, document: Json) -> tuple[str, list[str]]:
    """The verdict on TLS, and the problems."""
    (folder / "main.tf").write_text(source, encoding="utf-8")
    (folder / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    report = s3audit.scan([folder / "plan.json"], severity="info")
    (status,) = {one.status for one in report.findings if one.check == "transport-tls-required"}
    return status, [f"{one.kind}: {one.message}" for one in report.problems]


def other(what: str) -> list[str]:
    return [
        (
            f"partial: The source beside this plan is another one: it has not what the plan has of {what}. Nothing that"
            " the plan leaves open is taken from it, and lines may be others. Plan again, or name the folder that this"
            " plan was made from with --source-dir."
        )
    ]


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_source_that_says_what_the_plan_says_fills_it(tmp_path: Path, is_shown: bool) -> None:
    assert scan(tmp_path, SOURCE, planned(is_shown=is_shown)) == ("pass", [])


@pytest.mark.parametrize(("is_shown", "status"), [(True, "fail"), (False, "unknown")])
def test_what_the_plan_states_counts(tmp_path: Path, is_shown: bool, status: str) -> None:
    """The plan was made with a condition that denies the wrong requests; it was corrected afterwards."""
    found = scan(tmp_path, SOURCE, planned("true", is_shown=is_shown))
    assert found == (status, other(f"{DOCUMENT}.statement[0].condition[0].values"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"shop"', '"store"', f"{BUCKET}.bucket_prefix"),
        ('Team = "orders"', 'Team = "sales"', f"{BUCKET}.tags"),
        ('  bucket_prefix = "shop"\n', "", f"{BUCKET}.bucket_prefix"),
        ('"shop"\n', '"shop"\n  force_destroy = true\n', f"{BUCKET}.force_destroy"),
        ("= var.status", '= "Suspended"', f"{VERSIONING}.versioning_configuration[0].status"),
        ('["s3:*"]', '["s3:Get*"]', f"{DOCUMENT}.statement[0].actions"),
        ('"Bool"', '"BoolIfExists"', f"{DOCUMENT}.statement[0].condition[0].test"),
        ("  statement {", "  statement {}\n  statement {", f"{DOCUMENT}.statement"),
    ],
)
def test_each_difference_makes_it_another_source(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in SOURCE
    _, problems = scan(tmp_path, SOURCE.replace(old, new, 1), planned())
    assert problems == other(what)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["s3:*"]', 'toset(["s3:*", "s3:*"])'),
        ('"shop"', 'join("", ["sh", "op"])'),
        ('"shop"\n', '"shop"\n  acl = null\n'),
        ('"shop"\n', '"shop"\n  lifecycle {\n    prevent_destroy = true\n  }\n'),
        ('"orders"', "var.status"),
        ('resource "aws_s3_bucket" "b"', '# a comment\nresource "aws_s3_bucket" "b"'),
    ],
)
def test_what_comes_to_the_same_does_not(tmp_path: Path, old: str, new: str) -> None:
    document: Any = planned()
    text = json.dumps(document).replace('"orders"', '"Enabled"') if new == "var.status" else None
    made = document if text is None else json.loads(text)
    assert scan(tmp_path, SOURCE.replace(old, new, 1), made) == ("pass", [])


def test_of_what_was_there_only_constants_are_compared(tmp_path: Path) -> None:
    """A provider keeps what it was given in its own words, and what others changed where that is ignored."""
    document = planned()
    bucket, versioning = document["resource_changes"][:2]
    for one in (bucket, versioning):
        one["change"]["actions"] = ["no-op"]
    bucket["change"]["after"] |= {"tags": {"Team": "others"}}
    versioning["change"]["after"] = {"versioning_configuration": [{"status": "Suspended"}]}
    assert scan(tmp_path, SOURCE, document) == ("pass", [])
