"""Why something is not known: what would settle it, and in whose words."""

from pathlib import Path

import pytest

from tests.terraform.pieces import ON, bucket, variable, versioning
from tests.terraform.scans import verdicts

LOCK = "object-lock-versioning"
BLOCK = "access-bucket-public-access-block"


class TestWhoKnows:
    @pytest.mark.parametrize(
        ("test", "why"),
        [
            ('path.cwd == "/"', "only a run knows path.cwd"),
            ('data.aws_region.r.name == "eu-west-1"', "only AWS tells data.aws_region.r.name"),
            ('data.aws_ssm_parameter.p.value == "x"', "only AWS tells data.aws_ssm_parameter.p.value"),
        ],
    )
    def test_in_a_condition(self, test: str, why: str, tmp_path: Path) -> None:
        text = bucket() + versioning(status=f'{test} ? {ON} : "Suspended"')
        data = 'data "aws_region" "r" {}\ndata "aws_ssm_parameter" "p" {\n  name = "p"\n}\n'
        [found] = verdicts(tmp_path, {"main.tf": text + data})
        assert found.startswith("unknown aws_s3_bucket.b main.tf:6:14-")
        assert found.endswith(f": {why}.")
        assert "AWS::" not in found


class TestJoins:
    @pytest.mark.parametrize(("of", "shown"), [("var.n", "${var.n}"), ('"a-${var.n}"', "a-${var.n}")])
    def test_what_settles_whose_it_is(self, of: str, shown: str, tmp_path: Path) -> None:
        files = {"main.tf": bucket(bucket='"a-b"') + versioning(of) + variable("n")}
        assert verdicts(tmp_path, files) == [
            (
                "unknown aws_s3_bucket.b main.tf:4:1-40: Versioning is not known: whether it has"
                f" aws_s3_bucket_versioning.b can't be told: it is for {shown}: variable `n` has"
                " no default; pass --var-file."
            )
        ]

    def test_for_each_over_names_that_are_not_known(self, tmp_path: Path) -> None:
        files = {
            "main.tf": bucket(bucket='"b"')
            + versioning("each.key", for_each="toset(var.names)")
            + variable("names", type="list(string)")
        }
        assert verdicts(tmp_path, files) == [
            (
                "unknown aws_s3_bucket.b main.tf:4:1-40: Versioning is not known: whether it has"
                " aws_s3_bucket_versioning.b[each.key] can't be told: it is for ${each.key of toset(var.names)}:"
                " variable `names` has no default; pass --var-file."
            )
        ]

    def test_each_of_several_has_its_own(self, tmp_path: Path) -> None:
        files = {
            "main.tf": bucket(count="2")
            + versioning(name="attribute")
            + versioning("aws_s3_bucket.other.id", name="other")
        }
        assert verdicts(tmp_path, files)[0] == (
            "unknown aws_s3_bucket.b[0] main.tf:4:1-48: Versioning is not known: whether it has"
            " aws_s3_bucket_versioning.attribute (aws_s3_bucket.b has no attribute id) or"
            " aws_s3_bucket_versioning.other (aws_s3_bucket.other is not declared) can't be told."
        )


def test_what_is_met_in_a_policy_that_is_no_json(tmp_path: Path) -> None:
    policy = (
        'resource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n  policy = "{ ${var.p}"\n}\n'
    )
    [found] = verdicts(tmp_path, {"main.tf": bucket() + policy + variable("p")}, "transport-tls-required")
    assert found == (
        "unknown aws_s3_bucket.b main.tf:5:12-24: The bucket policy is not known: it is text that can't be read as"
        " JSON: Expected a key in double quotes, but found '${var.p}'."
    )


class TestBooleans:
    @pytest.mark.parametrize("written", ["true", '"true"', '"1"'])
    def test_those_that_terraform_takes(self, written: str, tmp_path: Path) -> None:
        assert verdicts(tmp_path, {"main.tf": blocking(written)}, BLOCK) == [
            (
                f"pass aws_s3_bucket.b main.tf:5:{TRUE}-{TRUE + len(written)}: BlockPublicAcls is on;"
                " BlockPublicPolicy is on; IgnorePublicAcls is on; RestrictPublicBuckets is on."
            )
        ]

    @pytest.mark.parametrize("written", ['"false"', '"0"', "false"])
    def test_those_that_are_false(self, written: str, tmp_path: Path) -> None:
        [found] = verdicts(tmp_path, {"main.tf": blocking(written)}, BLOCK)
        assert found.startswith(f"fail aws_s3_bucket.b main.tf:5:{TRUE}-")

    @pytest.mark.parametrize("written", ['"TRUE"', '"True"', "1", '"yes"', '"Enabled"', '"FALSE"', "0"])
    def test_those_that_it_refuses(self, written: str, tmp_path: Path) -> None:
        shown = written.strip('"')
        assert verdicts(tmp_path, {"main.tf": blocking(written)}, BLOCK) == [
            (
                f"unknown aws_s3_bucket.b main.tf:5:{TRUE}-{TRUE + len(written)}: BlockPublicAcls is not known:"
                f" true or false was expected here, and {shown!r} found."
            )
        ]

    @pytest.mark.parametrize("written", ['"TRUE"', "1"])
    def test_one_that_becomes_a_word(self, written: str, tmp_path: Path) -> None:
        text = bucket().replace("}", f"  versioning {{\n    enabled = {written}\n  }}\n}}")
        [found] = verdicts(tmp_path, {"main.tf": text})
        shown = written.strip('"')
        assert found.startswith("unknown aws_s3_bucket.b main.tf:3:15-")
        assert found.endswith(
            f"Versioning is not known: true or false was expected here, and {shown!r} found."
        )


TRUE = 23
"""The column of the first of the four."""


def blocking(acls: str) -> str:
    return bucket() + (
        'resource "aws_s3_bucket_public_access_block" "b" {\n  bucket = aws_s3_bucket.b.id\n'
        f"  block_public_acls = {acls}\n  block_public_policy = true\n  ignore_public_acls = true\n"
        "  restrict_public_buckets = true\n}\n"
    )


class TestObjectLock:
    """Words of Terraform for what never was on say nothing, and a bucket with Object Lock has versioning."""

    ON = "Versioning, which Object Lock needs, is not set, so it is Enabled because Object Lock is on."

    def test_disabled_beside_the_bucket(self, tmp_path: Path) -> None:
        text = bucket(object_lock_enabled="true") + versioning(status='"Disabled"')
        assert verdicts(tmp_path, {"main.tf": text}, LOCK) == [
            f"pass aws_s3_bucket.b main.tf:7:14-24: {self.ON}"
        ]

    def test_not_enabled_inside_the_bucket(self, tmp_path: Path) -> None:
        lock = '  object_lock_configuration {\n    object_lock_enabled = "Enabled"\n  }\n'
        text = bucket().replace("}", f"{lock}  versioning {{\n    enabled = false\n  }}\n}}")
        assert verdicts(tmp_path, {"main.tf": text}, LOCK) == [
            f"pass aws_s3_bucket.b main.tf:6:15-20: {self.ON}"
        ]

    def test_suspended_is_something_else(self, tmp_path: Path) -> None:
        text = bucket(object_lock_enabled="true") + versioning(status='"Suspended"')
        assert verdicts(tmp_path, {"main.tf": text}, LOCK) == [
            "fail aws_s3_bucket.b main.tf:7:14-25: Versioning, which Object Lock needs, is Suspended."
        ]
