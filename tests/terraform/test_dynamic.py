# ruff: noqa: E501 - the modules are laid out as people write them
"""`dynamic` blocks: how many there are, and what each of them says; attributes that are written for blocks."""

from pathlib import Path

import pytest

from tests.terraform.pieces import bucket, variable
from tests.terraform.scans import ACL, statuses, verdicts

EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"


def versioned(for_each: str, enabled: str, more: str = "") -> str:
    """`enabled` stands in line 6, column 17."""
    return (
        'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  dynamic "versioning" {\n'
        f"    for_each = {for_each}\n    content {{\n      enabled = {enabled}\n    }}\n{more}  }}\n}}\n"
    )


UNSET = "fail aws_s3_bucket.b main.tf:1:1-29: Versioning is not set, so it is Unversioned{}."


class TestHowMany:
    @pytest.mark.parametrize("for_each", ["[]", "{}", "toset([])", "var.none[*]", "var.no ? [1] : []"])
    def test_none(self, for_each: str, tmp_path: Path) -> None:
        variables = variable("none", default="null") + variable("no", default="false")
        files = {"main.tf": versioned(for_each, "true"), "variables.tf": variables}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "fail"}

    @pytest.mark.parametrize(
        ("for_each", "enabled"),
        [
            ("[1]", "true"),
            ("[true]", "versioning.value"),
            ("{ on = true }", "versioning.value"),
            ('{ true = "x" }', "versioning.key"),
            ('toset(["true"])', "versioning.value"),
            ("[{ on = true }]", "versioning.value.on"),
            ("[{ off = 1 }]", 'lookup(versioning.value, "on", true)'),
            ("var.on[*]", "versioning.value.enabled"),
            ('[for key, value in var.all : value if key == "b"]', "versioning.value"),
            ("local.rules", "versioning.value[0]"),
        ],
    )
    def test_one(self, for_each: str, enabled: str, tmp_path: Path) -> None:
        others = (
            variable("on", default="{ enabled = true }")
            + variable("all", default="{ a = false, b = true }")
            + "locals {\n  rules = { a = [true] }\n}\n"
        )
        [found] = verdicts(tmp_path, {"main.tf": versioned(for_each, enabled), "others.tf": others})
        assert found.startswith("pass aws_s3_bucket.b main.tf:6:")

    def test_one_by_default(self, tmp_path: Path) -> None:
        files = {"main.tf": versioned("var.on ? [1] : []", "false"), "v.tf": variable("on", default="true")}
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:6:17-22: Versioning is Unversioned with the default of on."
        ]

    def test_one_or_none(self, tmp_path: Path) -> None:
        files = {
            "main.tf": versioned("var.on ? [1] : []", "true"),
            "variables.tf": variable("on", type="bool"),
        }
        assert verdicts(tmp_path, files) == [UNSET.format(", when on is false")]

    def test_nobody_knows(self, tmp_path: Path) -> None:
        files = {
            "main.tf": versioned("var.all", "true"),
            "variables.tf": variable("all", type="list(string)"),
        }
        assert verdicts(tmp_path, files) == [
            (
                "unknown aws_s3_bucket.b main.tf:3:3-23: Versioning is not known: how many versioning blocks there are can't"
                " be told: variable `all` has no default; pass --var-file."
            )
        ]

    @pytest.mark.parametrize("for_each", ["null", "3", '"text"', "local.none", "aws_none.x"])
    def test_what_terraform_refuses(self, for_each: str, tmp_path: Path) -> None:
        assert statuses(tmp_path, {"main.tf": versioned(for_each, "true")}) == {"aws_s3_bucket.b": "unknown"}

    @pytest.mark.parametrize("left_out", ["for_each = [1]", "content {\n      enabled = true\n    }"])
    def test_a_part_is_missing(self, left_out: str, tmp_path: Path) -> None:
        text = versioned("[1]", "true").replace(left_out, "")
        assert statuses(tmp_path, {"main.tf": text}) == {"aws_s3_bucket.b": "unknown"}


class TestNames:
    def test_an_iterator(self, tmp_path: Path) -> None:
        files = {"main.tf": versioned("[false]", "each_one.value", "    iterator = each_one\n")}
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:6:17-31: Versioning is Unversioned."
        ]
        files = {"main.tf": versioned("[false]", "versioning.value", "    iterator = each_one\n")}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}

    def test_each_is_that_of_the_resource(self, tmp_path: Path) -> None:
        text = versioned("each.value", 'versioning.value && each.key == "eu"').replace(
            '  bucket = "b"\n', "  for_each = { eu = [true], us = [true], none = [] }\n"
        )
        assert statuses(tmp_path, {"main.tf": text}) == {
            'aws_s3_bucket.b["eu"]': "pass",
            'aws_s3_bucket.b["none"]': "fail",
            'aws_s3_bucket.b["us"]': "fail",
        }


def granted(grantees: str, uri: str) -> str:
    """`uri` stands in line 13, column 19."""
    return (
        'resource "aws_s3_bucket_acl" "b" {\n  bucket = aws_s3_bucket.b.id\n  access_control_policy {\n'
        '    dynamic "grant" {\n      for_each = var.grants\n      content {\n        permission = grant.value.may\n'
        f'        dynamic "grantee" {{\n          for_each = {grantees}\n          iterator = who\n'
        f'          content {{\n            type = "Group"\n            uri = {uri}\n          }}\n        }}\n'
        "      }\n    }\n  }\n}\n" + bucket()
    )


class TestNested:
    def test_names_of_both_are_seen_inside(self, tmp_path: Path) -> None:
        grants = f'[{{ may = "READ", to = ["{EVERYONE}"] }}]'
        files = {
            "main.tf": granted("grant.value.to", "who.value"),
            "variables.tf": variable("grants", default=grants),
        }
        assert verdicts(tmp_path, files, ACL) == [
            f"fail aws_s3_bucket.b main.tf:13:19-28: A grant names {EVERYONE}."
        ]

    def test_a_part_that_nobody_knows(self, tmp_path: Path) -> None:
        grants = variable("grants", default='[{ may = "READ", to = [] }]') + variable(
            "to", type="list(string)"
        )
        files = {"main.tf": granted("var.to", "who.value"), "variables.tf": grants}
        assert statuses(tmp_path, files, ACL) == {"aws_s3_bucket.b": "unknown"}
        files["variables.tf"] = variable("grants", type="list(any)")
        files["main.tf"] = granted("grant.value.to", "who.value")
        assert statuses(tmp_path, files, ACL) == {"aws_s3_bucket.b": "unknown"}

    def test_beside_blocks_that_are_written_out(self, tmp_path: Path) -> None:
        """What is known decides, whatever else there may be."""
        text = granted("var.to", "who.value").replace(
            '    dynamic "grant" {',
            f'    grant {{\n      permission = "READ"\n      grantee {{\n        type = "Group"\n        uri = "{EVERYONE}"\n'
            '      }\n    }\n    dynamic "grant" {',
        )
        variables = variable("grants", type="list(any)") + variable("to", type="list(string)")
        [found] = verdicts(tmp_path, {"main.tf": text, "variables.tf": variables}, ACL)
        assert found.startswith(f"fail aws_s3_bucket.b main.tf:8:15-{17 + len(EVERYONE)}: A grant names")


class TestBlocksAsAttributes:
    @pytest.mark.parametrize(
        ("written", "status"),
        [
            ("[{ enabled = true }]", "pass"),
            ("{ enabled = true }", "pass"),
            ('[{ enabled = "true" }]', "pass"),
            ("[{ enabled = var.on }]", "pass"),
            ("[for on in [false, true] : { enabled = on } if on]", "pass"),
            ("[{ enabled = false }]", "fail"),
            ("[]", "fail"),
            ("null", "fail"),
            ("var.open", "unknown"),
            ("[var.open]", "unknown"),
            ("[{ enabled = var.open }]", "unknown"),
        ],
    )
    def test_versioning(self, written: str, status: str, tmp_path: Path) -> None:
        files = {
            "main.tf": f'resource "aws_s3_bucket" "b" {{\n  versioning = {written}\n}}\n',
            "variables.tf": variable("on", default="true") + variable("open", type="any"),
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": status}

    @pytest.mark.parametrize(
        ("written", "status"),
        [("true", "pass"), ('"true"', "pass"), ('"false"', "fail")],
    )
    def test_booleans_in_quotes(self, written: str, status: str, tmp_path: Path) -> None:
        text = f'resource "aws_s3_bucket" "b" {{\n  versioning {{\n    enabled = {written}\n  }}\n}}\n'
        assert statuses(tmp_path, {"main.tf": text}) == {"aws_s3_bucket.b": status}
