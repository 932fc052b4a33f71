"""What is written twice where Terraform allows it once: a problem, and unknown as far as the two differ."""

from pathlib import Path

import pytest

from tests.terraform.pieces import OFF, ON, bucket, call, output, variable, versioning
from tests.terraform.scans import VERSIONING, problems, report, verdicts

NOT_KNOWN = "Versioning is not known: it is written twice, with different values."


def said(folder: Path, files: dict[str, str], check: str = VERSIONING) -> list[str]:
    """The problems and then the verdicts."""
    return [*problems(report(folder, files, check)), *verdicts(folder, files, check)]


def block(where: str) -> str:
    return f"This block {where}, and only one is allowed. Where they differ, nothing is known; remove the others."


def twice(one: str, other: str) -> str:
    """A bucket with two blocks, which begin in the lines 5 and 8."""
    blocks = "".join(
        f"  versioning_configuration {{\n    status = {status}\n  }}\n" for status in (one, other)
    )
    return (
        bucket() + f'resource "aws_s3_bucket_versioning" "b" {{\n  bucket = aws_s3_bucket.b.id\n{blocks}}}\n'
    )


class TestBlocks:
    @pytest.mark.parametrize(("one", "other"), [(ON, OFF), (OFF, ON)])
    def test_with_different_values(self, one: str, other: str, tmp_path: Path) -> None:
        column = 14 + len(one)
        assert said(tmp_path, {"main.tf": twice(one, other)}) == [
            f"ambiguous main.tf:8:3-27: {block('stands on line 5, column 3 too')}",
            f"unknown aws_s3_bucket.b main.tf:6:14-{column}: {NOT_KNOWN}",
        ]

    def test_with_the_same_value(self, tmp_path: Path) -> None:
        assert said(tmp_path, {"main.tf": twice(OFF, OFF)}) == [
            f"ambiguous main.tf:8:3-27: {block('stands on line 5, column 3 too')}",
            "fail aws_s3_bucket.b main.tf:6:14-25: Versioning is Suspended.",
        ]

    def test_one_of_which_says_less(self, tmp_path: Path) -> None:
        text = twice(ON, OFF).replace(f"    status = {OFF}\n", "")
        assert verdicts(tmp_path, {"main.tf": text}) == [
            f"unknown aws_s3_bucket.b main.tf:6:14-23: {NOT_KNOWN}"
        ]

    def test_by_one_that_is_dynamic(self, tmp_path: Path) -> None:
        dynamic = (
            '  dynamic "versioning" {\n    for_each = [true, false]\n    content {\n'
            "      enabled = versioning.value\n    }\n  }\n}\n"
        )
        assert said(tmp_path, {"main.tf": bucket().replace("}\n", dynamic)}) == [
            f"ambiguous main.tf:4:5-12: {block('is there twice')}",
            f"unknown aws_s3_bucket.b main.tf:5:17-33: {NOT_KNOWN}",
        ]

    def test_by_one_that_may_stand_for_none(self, tmp_path: Path) -> None:
        """Terraform would refuse any, so there is none."""
        dynamic = (
            '  dynamic "versioning" {\n    for_each = var.x\n    content {\n'
            "      enabled = false\n    }\n  }\n}\n"
        )
        text = bucket(bucket='"b"').replace("}\n", "  versioning {\n    enabled = true\n  }\n" + dynamic)
        assert said(tmp_path, {"main.tf": text + variable("x")}) == [
            "pass aws_s3_bucket.b main.tf:4:15-19: Versioning is Enabled."
        ]

    def test_below_another_one(self, tmp_path: Path) -> None:
        text = bucket() + (
            'resource "aws_s3_bucket_server_side_encryption_configuration" "b" {\n  bucket = aws_s3_bucket.b.id\n'
            '  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = "aws:kms"\n    }\n'
            '    apply_server_side_encryption_by_default {\n      sse_algorithm = "AES256"\n    }\n  }\n}\n'
        )
        assert said(tmp_path, {"main.tf": text}, "encryption-kms") == [
            f"ambiguous main.tf:9:5-44: {block('stands on line 6, column 5 too')}",
            (
                "unknown aws_s3_bucket.b main.tf:7:23-32: Default encryption is not known: it is written twice, with"
                " different values."
            ),
        ]


class TestAttributes:
    def test_with_different_values(self, tmp_path: Path) -> None:
        text = bucket() + versioning(status=f"{OFF}\n    status = {ON}")
        assert said(tmp_path, {"main.tf": text}) == [
            (
                "ambiguous main.tf:7:5-11: The attribute 'status' stands here and on line 6, column 5 too, which"
                " Terraform refuses. Where they differ, nothing is known; remove the others."
            ),
            f"unknown aws_s3_bucket.b main.tf:6:14-25: {NOT_KNOWN}",
        ]

    def test_with_the_same_value(self, tmp_path: Path) -> None:
        text = bucket() + versioning(status=f"{OFF}\n    status =   {OFF}")
        assert verdicts(tmp_path, {"main.tf": text}) == [
            "fail aws_s3_bucket.b main.tf:6:14-25: Versioning is Suspended."
        ]


class TestDeclarations:
    def test_a_resource_with_different_values(self, tmp_path: Path) -> None:
        files = {"a.tf": bucket() + versioning(), "b.tf": versioning(status=OFF)}
        assert said(tmp_path, files) == [
            (
                'ambiguous b.tf:1:1-40: resource "aws_s3_bucket_versioning" "b" is declared here and in a.tf:3:1 too,'
                " and Terraform refuses that. Where they differ, nothing is known; rename or remove the other."
            ),
            f"unknown aws_s3_bucket.b a.tf:6:14-23: {NOT_KNOWN}",
        ]

    def test_a_resource_that_says_the_same(self, tmp_path: Path) -> None:
        files = {"a.tf": bucket() + versioning(status=OFF), "b.tf": versioning(status=OFF)}
        assert verdicts(tmp_path, files) == ["fail aws_s3_bucket.b a.tf:6:14-25: Versioning is Suspended."]

    def test_a_block_in_one_of_them_only(self, tmp_path: Path) -> None:
        inline = bucket().replace("}\n", "  versioning {\n    enabled = true\n  }\n}\n")
        for files in ({"a.tf": inline, "b.tf": bucket()}, {"a.tf": bucket(), "b.tf": inline}):
            [found] = verdicts(tmp_path, files)
            assert found.startswith("unknown aws_s3_bucket.b ")
            assert found.endswith(NOT_KNOWN)

    @pytest.mark.parametrize(
        ("one", "other", "status"),
        [
            (f"locals {{\n  x = {ON}\n}}\n", f"locals {{\n  x = {OFF}\n}}\n", "local.x"),
            (variable("x", default=ON), variable("x", default=OFF), "var.x"),
            (variable("x", default=ON), variable("x"), "var.x"),
        ],
    )
    def test_what_is_named(self, one: str, other: str, status: str, tmp_path: Path) -> None:
        files = {"a.tf": one, "b.tf": other, "main.tf": bucket() + versioning(status=status)}
        [found] = verdicts(tmp_path, files)
        assert found.startswith("unknown aws_s3_bucket.b main.tf:6:14-")
        assert NOT_KNOWN.removesuffix(".") in found

    def test_an_output(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call("m", "./m") + bucket() + versioning(status="module.m.x"),
            "m/a.tf": output("x", ON),
            "m/b.tf": output("x", OFF),
        }
        [found] = verdicts(tmp_path, files)
        assert found == f"unknown aws_s3_bucket.b main.tf:9:14-24: {NOT_KNOWN}"
