"""Lists of which only some elements are known: what functions keep of them, and what the checks make of it."""

from pathlib import Path

import pytest

import s3audit
from s3audit.collectors.documents.resolved import Encoded, Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence
from s3audit.collectors.terraform.language.convert import text_of
from s3audit.collectors.terraform.language.values import Failed, OpenSequence, Value
from tests.terraform.calls import outcome
from tests.terraform.folder import Folder

OTHERS = 'variable "o" { type = list(string) }\nvariable "any" {}\n'
WHY = "variable `o` has no default; pass --var-file"


def spelled(value: Value) -> str:
    return "?" if isinstance(value, Undecided) else str(text_of(value))


def known(value: Value) -> list[str]:
    """The elements of a list that is not wholly known, `?` for any number of others."""
    assert isinstance(value, OpenSequence), value
    return [spelled(item) for item in value.items]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('concat(["*"], unknown)', ["*", "?"]),
        ('concat(unknown, ["*"])', ["?", "*"]),
        ('concat(["*"], name)', ["*", "?"]),
        ('concat(["a"], concat(["b"], unknown), ["c"])', ["a", "b", "?", "c"]),
        ('distinct(concat(["*"], unknown))', ["*", "?"]),
        ('flatten([["*"], unknown])', ["*", "?"]),
        ('flatten([["*"], name, "b"])', ["*", "?", "b"]),
        ('flatten([concat(["a"], unknown), [["b"]]])', ["a", "?", "b"]),
        ('flatten(concat([["a"]], unknown))', ["a", "?"]),
        ('setunion(["b"], unknown, ["a"])', ["?", "b", "a"]),
        ('setunion(concat(["b"], unknown), ["a"])', ["?", "b", "a"]),
        ('compact(concat(["*", ""], unknown))', ["*", "?"]),
        ('compact(["*", name])', ["*", "?"]),
        ('tolist(concat(["*"], unknown))', ["*", "?"]),
        ('toset(concat(["*"], unknown))', ["?", "*"]),
        ('sort(concat(["*"], unknown))', ["?", "*"]),
        ('reverse(concat(["a", "b"], unknown))', ["?", "b", "a"]),
    ],
)
def test_what_is_known_of_a_list_is_kept(expression: str, expected: list[str]) -> None:
    assert known(outcome(expression)) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "concat(unknown, unknown)",
        "concat([unknown], unknown)",
        "flatten([unknown])",
        "setunion(unknown, [])",
        'length(concat(["*"], unknown))',
        'element(concat(["*"], unknown), 0)',
        'contains(concat(["*"], unknown), "x")',
        'join(",", concat(["*"], unknown))',
        'tostring(concat(["*"], unknown))',
        'slice(concat(["*"], unknown), 0, 1)',
        'one(concat(["*"], unknown))',
        'try(concat(["*"], unknown), [])',
        'coalesce(concat(["*"], unknown))',
        'sensitive(concat(["*"], unknown))',
        'merge({ a = "b" }, concat(["*"], unknown))',
        'zipmap(concat(["*"], unknown), ["b"])',
        'alltrue(concat(["true"], unknown))',
    ],
)
def test_for_all_others_nothing_is_known_of_it(expression: str) -> None:
    value = outcome(expression)
    assert isinstance(value, Undecided)
    assert not isinstance(value, OpenSequence | Failed)


def test_what_is_refused_stays_refused() -> None:
    assert isinstance(outcome('concat(["*"], unknown, "x")'), Failed)
    assert isinstance(outcome('flatten([["*"], unknown, [1][1]])'), Failed)


@pytest.mark.parametrize(
    "expression",
    [
        'concat(["*"], var.o)[0]',
        'concat(["*"], var.o).0',
        'concat(["*"], var.o)[*]',
        'concat([["*"]], var.o)[0]',
        '[for one in concat(["*"], var.o) : one]',
        'concat(["*"], var.o) == ["*"]',
        '"${concat(["*"], var.o)}-x"',
        "max(concat([1], var.o)...)",
        'concat(["*"], var.o) == null',
        "-concat([1], var.o)",
    ],
)  # fmt: skip
def test_no_operator_takes_the_known_part_for_the_whole(expression: str) -> None:
    value = Folder({"main.tf": OTHERS}).value(expression)
    assert isinstance(value, Undecided)
    assert not isinstance(value, OpenSequence | Failed)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("local.all", ["*", "?"]),
        ("{ a = local.all }.a", ["*", "?"]),
        ("concat([local.all, var.o]...)", ["*", "?", "?"]),
        ('concat(["*"], var.any...)', ["*", "?"]),
        ('concat(concat([["*"]], var.o)...)', ["*", "?"]),
        ("true ? local.all : []", ["*", "?"]),
        ("module.m.listed", ["1", "?"]),
        ("module.m.untyped", ["*", "?"]),
        ("module.m.set", ["?", "*"]),
    ],
)
def test_it_is_handed_on(expression: str, expected: list[str]) -> None:
    module = """
      variable "listed" { type = list(string) }
      variable "untyped" {}
      variable "set" { type = set(string) }
      variable "objects" { type = list(object({ a = optional(string, "b") })) }
      variable "wrong" { type = list(number) }
      variable "word" { type = string }
      output "listed" { value = var.listed }
      output "untyped" { value = var.untyped }
      output "set" { value = var.set }
      output "objects" { value = var.objects }
      output "wrong" { value = var.wrong }
      output "word" { value = var.word }
    """
    main = """
      locals { all = concat(["*"], var.o) }
      module "m" {
        source  = "./m"
        listed  = concat([1], var.o)
        untyped = local.all
        set     = local.all
        objects = concat([{}], var.o)
        wrong   = local.all
        word    = local.all
      }
    """
    folder = Folder({"main.tf": OTHERS + main, "m/main.tf": module})
    assert known(folder.value(expression)) == expected
    objects = folder.value("module.m.objects")
    assert isinstance(objects, OpenSequence)
    assert isinstance(objects.items[0], Mapping)
    assert spelled(objects.items[0].entries["a"].value) == "b"
    assert isinstance(folder.value("module.m.wrong"), Failed)
    assert type(folder.value("module.m.word")) is Undecided


def test_whoever_reads_the_whole_sees_the_known_elements() -> None:
    folder = Folder({"main.tf": OTHERS})
    resolve = folder.evaluator.resolve
    listed = resolve(folder.value('concat(["*"], var.o)')).node
    assert isinstance(listed, Sequence)
    assert [spelled(item) for item in listed.items] == ["*", "?"]
    assert [getattr(item, "why", "") for item in listed.items] == ["", WHY]
    encoded = folder.value('jsonencode({ a = concat(["*"], var.o) })')
    assert isinstance(encoded, Encoded)
    assert str(encoded.text) == f'{{"a":${{{WHY}}}}}'
    assert isinstance(encoded.value, Mapping)
    assert isinstance(resolve(encoded.value.entries["a"].value).node, Sequence)


def test_it_is_as_much_work_as_its_elements() -> None:
    chain = "".join(f"l{n + 1} = concat(local.l{n}, local.l{n})\n" for n in range(40))
    folder = Folder({"main.tf": f'{OTHERS}locals {{\nl0 = concat(["*"], var.o)\n{chain}}}\n'})
    value = folder.value("local.l40")
    assert isinstance(value, Undecided)
    assert not isinstance(value, OpenSequence)


BUCKET = """
resource "aws_s3_bucket" "b" {}
"""
DENIED = """{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }"""


def statuses(folder: Path, text: str, check: str) -> list[tuple[str, str]]:
    (folder / "main.tf").write_text(OTHERS + BUCKET + text, encoding="utf-8")
    report = s3audit.scan([folder], select=[check])
    return [(one.status, one.message) for one in report.findings]


@pytest.mark.parametrize(
    ("origins", "status"),
    [
        ('concat(["*"], var.o)', "fail"),
        ('distinct(concat(var.o, ["*"]))', "fail"),
        ('flatten([["*"], var.o])', "fail"),
        ('setunion(["*"], var.o)', "fail"),
        ('toset(concat(["*"], var.o))', "fail"),
        ('concat(["https://example.com"], var.o)', "unknown"),
        ("var.o", "unknown"),
    ],
)
def test_a_known_origin_decides(tmp_path: Path, origins: str, status: str) -> None:
    rule = f"""
    resource "aws_s3_bucket_cors_configuration" "b" {{
      bucket = aws_s3_bucket.b.id
      cors_rule {{
        allowed_methods = ["GET"]
        allowed_origins = {origins}
      }}
    }}
    """
    ((found, message),) = statuses(tmp_path, rule, "cors-wildcard-origin")
    assert found == status
    assert message == ("The origin * is admitted." if status == "fail" else f"V{WHY[1:]}.")


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        (f"concat([{DENIED}], var.any)", "pass"),
        (f"concat(var.any, [{DENIED}])", "pass"),
        (f"flatten([{DENIED}, var.any])", "pass"),
        ("concat([{ Effect = var.any }], var.any)", "unknown"),
        (f"[for one in concat([{DENIED}], var.any) : one]", "unknown"),
        (f"length(var.o) > 0 ? concat([{DENIED}], var.any) : []", "unknown"),
    ],
)
def test_a_statement_more_does_not_undo_what_is_denied(tmp_path: Path, statements: str, status: str) -> None:
    policy = f"""
    resource "aws_s3_bucket_policy" "b" {{
      bucket = aws_s3_bucket.b.id
      policy = jsonencode({{ Version = "2012-10-17", Statement = {statements} }})
    }}
    """
    found = {status for status, _ in statuses(tmp_path, policy, "transport-tls-required")}
    assert found == {status}


@pytest.mark.parametrize(
    "text",
    [
        """
        resource "aws_s3_bucket_versioning" "b" {
          for_each = toset(concat(["a"], var.o))
          bucket   = aws_s3_bucket.b.id
          versioning_configuration { status = "Enabled" }
        }
        """,
        """
        resource "aws_s3_bucket_versioning" "b" {
          count  = length(concat(["a"], var.o))
          bucket = aws_s3_bucket.b.id
          versioning_configuration { status = "Enabled" }
        }
        """,
        """
        resource "aws_s3_bucket_versioning" "b" {
          bucket = aws_s3_bucket.b.id
          versioning_configuration { status = concat(["Enabled"], var.o)[0] }
        }
        """,
        """
        resource "aws_s3_bucket_versioning" "b" {
          bucket = aws_s3_bucket.b.id
          dynamic "versioning_configuration" {
            for_each = concat(["Enabled"], var.o)
            content { status = versioning_configuration.value }
          }
        }
        """,
    ],
    ids=["for_each", "count", "index", "dynamic"],
)
def test_it_passes_nothing_that_all_of_the_list_decides(tmp_path: Path, text: str) -> None:
    assert [status for status, _ in statuses(tmp_path, text, "versioning-enabled")] == ["unknown"]
