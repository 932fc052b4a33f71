"""What needs itself: said once, at its first place, and every value that is made of it is not known."""

from pathlib import Path

import pytest

from tests.terraform.hostile import ASKED, BUCKET, asked, said
from tests.terraform.scans import problems, report

REFUSED = "Terraform refuses local values that need themselves:"


def circles(folder: Path, text: str, check: str = "versioning-enabled") -> list[str]:
    """What is said of local values that nobody asks for."""
    return problems(report(folder, {"main.tf": f"locals {{\n{text}}}\n{BUCKET}"}, check))


class TestLocalValues:
    @pytest.mark.parametrize(
        ("text", "place", "circle"),
        [
            ("  a = local.a\n", "2:3-4", "local.a -> local.a"),
            ('  a = local.b\n  b = "x-${local.a}"\n', "2:3-4", "local.a -> local.b -> local.a"),
            (
                "  z = local.m\n  a = local.z\n  m = local.a\n",
                "2:3-4",
                "local.z -> local.m -> local.a -> local.z",
            ),
            ("  x = local.b\n  a = local.b\n  b = local.a\n", "3:3-4", "local.a -> local.b -> local.a"),
            ("  a = [for x in local.a : x]\n", "2:3-4", "local.a -> local.a"),
            ("  a = { for k, v in {} : k => local.a[k] }\n", "2:3-4", "local.a -> local.a"),
            ("  a = { b = local.a.c, c = 1 }\n", "2:3-4", "local.a -> local.a"),
            ("  a = { (local.a) = 1 }\n", "2:3-4", "local.a -> local.a"),
            ("  a = false ? local.a : 1\n", "2:3-4", "local.a -> local.a"),
            ("  a = try(local.a, 1)\n", "2:3-4", "local.a -> local.a"),
            ("  a = local.b[*].c\n  b = [local.a[0]]\n", "2:3-4", "local.a -> local.b -> local.a"),
            ('  a = "%{ if local.a }%{ endif }"\n', "2:3-4", "local.a -> local.a"),
            ('  a = "%{ for x in [1] }${local.a}%{ endfor }"\n', "2:3-4", "local.a -> local.a"),
            ("  a = <<-EOT\n    ${local.a}\n  EOT\n", "2:3-4", "local.a -> local.a"),
            ("  a = -(!local.a)\n", "2:3-4", "local.a -> local.a"),
        ],
    )
    def test_a_circle_has_the_place_of_its_first(
        self, text: str, place: str, circle: str, tmp_path: Path
    ) -> None:
        assert circles(tmp_path, text) == [f"partial main.tf:{place}: {REFUSED} {circle}. Break the circle."]

    @pytest.mark.parametrize(
        "text",
        [
            "  a = local.b\n  b = local.c\n  c = 1\n",
            "  c = 1\n  a = [local.b, local.b]\n  b = local.c\n",
            "  a = [for local in [{ a = 1 }] : local.a]\n",
            '  a = "%{ for local in [{ a = 1 }] }${local.a}%{ endfor }"\n',
            '  a = "$${local.a}"\n',
            '  a = "local.a"\n',
            "  a = { local = 1 }\n  b = local.a.local\n",
            "  a = other.local.a\n",
            "  a = local.nobody\n",
        ],
    )
    def test_what_is_none(self, text: str, tmp_path: Path) -> None:
        assert circles(tmp_path, text) == []

    def test_each_is_told(self, tmp_path: Path) -> None:
        text = "  a = [local.a, local.b, local.c]\n  b = local.a\n  c = local.d\n  d = local.c\n"
        assert circles(tmp_path, text) == [
            f"partial main.tf:2:3-4: {REFUSED} local.a -> local.a. Break the circle.",
            f"partial main.tf:2:3-4: {REFUSED} local.a -> local.b -> local.a. Break the circle.",
            f"partial main.tf:4:3-4: {REFUSED} local.c -> local.d -> local.c. Break the circle.",
        ]

    def test_a_long_one_is_not_told_in_full(self, tmp_path: Path) -> None:
        text = "".join(f"  a{number} = local.a{(number + 1) % 5_000}\n" for number in range(5_000))
        names = " -> ".join(f"local.a{number}" for number in range(9))
        assert circles(tmp_path, text) == [
            f"partial main.tf:2:3-5: {REFUSED} {names} -> 4,991 more -> local.a0. Break the circle."
        ]

    def test_very_many_do_not_fill_the_report(self, tmp_path: Path) -> None:
        told = circles(tmp_path, "".join(f"  a{number} = local.a{number}\n" for number in range(1_000)))
        assert len(told) == 101
        assert told[100] == (
            "partial main.tf:102:3-7: This module has more than 100 circles of local values; the rest is not named."
        )

    def test_what_is_made_of_one_is_not_known(self, tmp_path: Path) -> None:
        before = 'locals {\n  a = local.b\n  b = "x-${local.a}"\n}\n'
        assert said(tmp_path, before + ASKED % '"${local.b}"') == [
            f"partial b.tf:2:3-4: {REFUSED} local.a -> local.b -> local.a. Break the circle.",
            "unknown aws_s3_bucket.b b.tf:11:14-26: Versioning is not known: local.b refers to itself.",
        ]

    def test_in_json(self, tmp_path: Path) -> None:
        text = '{\n  "locals": {\n    "a": "${local.b}",\n    "b": ["${local\\u002ea}"]\n  }\n}\n'
        assert said(tmp_path, BUCKET, {"x.tf.json": text})[0] == (
            f"partial x.tf.json:3:5-8: {REFUSED} local.a -> local.b -> local.a. Break the circle."
        )

    def test_a_module_says_it_once_however_often_it_is_called(self, tmp_path: Path) -> None:
        calls = 'module "a" {\n  source = "./m"\n  count  = 3\n}\nmodule "b" {\n  source = "./m"\n}\n'
        inner = "locals {\n  a = local.a\n}\n" + ASKED % "local.a"
        told = said(tmp_path, calls, {"m/main.tf": inner})
        assert told[0] == f"partial m/main.tf:2:3-4: {REFUSED} local.a -> local.a. Break the circle."
        why = "Versioning is not known: local.a refers to itself."
        assert told[1:] == [
            f"unknown module.{name}.aws_s3_bucket.b m/main.tf:10:14-21: {why}"
            for name in ("a[0]", "a[1]", "a[2]", "b")
        ]


class TestModules:
    def test_one_that_calls_the_one_that_calls_it(self, tmp_path: Path) -> None:
        call = 'module "{0}" {{\n  source = "{1}"\n}}\n'.format
        files = {"x/main.tf": call("y", "../y") + BUCKET, "y/main.tf": call("x", "../x") + BUCKET}
        assert said(tmp_path, call("x", "./x"), files) == [
            (
                "partial y/main.tf:2:12-18: The module x calls itself in the end. Break the circle;"
                " what it declares is not judged."
            ),
            "fail module.x.aws_s3_bucket.b x/main.tf:4:1-29: Versioning is not set, so it is Unversioned.",
            "fail module.x.module.y.aws_s3_bucket.b y/main.tf:4:1-29: Versioning is not set, so it is Unversioned.",
        ]

    @pytest.mark.parametrize("source", ["./", "./.", "./x/..", "././"])
    def test_one_that_calls_itself(self, source: str, tmp_path: Path) -> None:
        end = 13 + len(source) + 1
        assert said(tmp_path, f'module "me" {{\n  source = "{source}"\n}}\n') == [
            (
                f"partial b.tf:2:12-{end}: The module me calls itself in the end. Break the circle;"
                " what it declares is not judged."
            )
        ]

    def test_two_of_which_each_calls_the_other(self, tmp_path: Path) -> None:
        call = 'module "{0}" {{\n  source = "../{0}"\n}}\n'.format
        found = report(tmp_path, {"x/a.tf": call("y") + BUCKET, "y/a.tf": call("x") + BUCKET})
        assert problems(found) == [
            (
                "partial y/a.tf:2:12-18: The module x calls itself in the end. Break the circle;"
                " what it declares is not judged."
            )
        ]
        assert {one.subject.address for one in found.findings} == {
            "aws_s3_bucket.b",
            "module.y.aws_s3_bucket.b",
        }

    MODULE = 'variable "x" {\n  default = ""\n}\noutput "y" {\n  value = "${var.x}"\n}\n'

    def test_an_output_that_is_given_to_its_own_module(self, tmp_path: Path) -> None:
        before = 'module "a" {\n  source = "./m"\n  x      = module.a.y\n}\n'
        [verdict] = said(tmp_path, before + ASKED % "module.a.y", {"m/main.tf": self.MODULE})
        assert verdict == (
            "unknown aws_s3_bucket.b b.tf:11:14-24: Versioning is not known: output.y refers to itself."
        )

    def test_outputs_that_two_modules_give_each_other(self, tmp_path: Path) -> None:
        call = 'module "{0}" {{\n  source = "./m"\n  x      = module.{1}.y\n}}\n'.format
        before = call("a", "b") + call("b", "a")
        [verdict] = said(tmp_path, before + ASKED % "module.a.y", {"m/main.tf": self.MODULE})
        assert verdict == (
            "unknown aws_s3_bucket.b b.tf:15:14-24: Versioning is not known: output.y refers to itself."
        )

    def test_a_module_that_is_repeated_by_itself(self, tmp_path: Path) -> None:
        call = 'module "a" {\n  source   = "./m"\n  for_each = module.a\n}\n'
        assert said(tmp_path, call, {"m/main.tf": BUCKET}) == [
            "fail module.a[each.key].aws_s3_bucket.b m/main.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]


class TestOthers:
    def test_the_default_of_a_variable(self, tmp_path: Path) -> None:
        before = 'variable "a" {\n  default = var.a\n}\n'
        assert asked(tmp_path, "var.a", before) == "var.a refers to itself"

    def test_a_default_and_a_local_value(self, tmp_path: Path) -> None:
        before = 'variable "a" {\n  default = local.a\n}\nlocals {\n  a = var.a\n}\n'
        assert asked(tmp_path, "var.a", before) == "var.a refers to itself"

    @pytest.mark.parametrize(
        "argument", ["for_each = aws_s3_bucket.b", "for_each = toset(keys(aws_s3_bucket.b))"]
    )
    def test_a_bucket_that_is_repeated_by_itself(self, argument: str, tmp_path: Path) -> None:
        assert said(tmp_path, f'resource "aws_s3_bucket" "b" {{\n  {argument}\n}}\n') == [
            "fail aws_s3_bucket.b[each.key] b.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_buckets_that_are_named_after_each_other(self, tmp_path: Path) -> None:
        one = 'resource "aws_s3_bucket" "{0}" {{\n  bucket = aws_s3_bucket.{1}.bucket\n}}\n'.format
        assert said(tmp_path, one("b", "c") + one("c", "b")) == [
            "fail aws_s3_bucket.b b.tf:1:1-29: Versioning is not set, so it is Unversioned.",
            "fail aws_s3_bucket.c b.tf:4:1-29: Versioning is not set, so it is Unversioned.",
        ]

    def test_a_policy_document_that_is_made_of_itself(self, tmp_path: Path) -> None:
        document = (
            'data "aws_iam_policy_document" "d" {\n'
            "  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}\n"
        )
        policy = 'resource "aws_s3_bucket_policy" "b" {\n  bucket = "b"\n'
        text = f"{BUCKET}{document}{policy}  policy = data.aws_iam_policy_document.d.json\n}}\n"
        found = report(tmp_path, {"main.tf": text}, "transport-tls-required")
        [finding] = found.findings
        assert (finding.status, problems(found)) == ("unknown", [])
