# ruff: noqa: E501 - the modules are laid out as people write them
"""What a setting comes to from variables and local values, with the place and the reason that a reader sees."""

from pathlib import Path

import pytest

from tests.terraform.pieces import OFF, ON, bucket, variable, versioning
from tests.terraform.scans import VERSIONING, lines, problems, report, statuses, verdicts

BUCKET = bucket(bucket='"b"')
"""Three lines."""


def module(status: str, **others: str) -> dict[str, str]:
    """The versioning of a bucket: its status stands in line 7, column 14."""
    return {
        "main.tf": BUCKET + versioning(status=status),
        **{f"{name}.tf": text for name, text in others.items()},
    }


class TestVariables:
    def test_a_default(self, tmp_path: Path) -> None:
        files = module("var.status", variables=variable("status", default=OFF))
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:7:14-24: Versioning is Suspended with the default of status."
        ]

    def test_a_default_that_decides(self, tmp_path: Path) -> None:
        files = module(f'var.env == "prod" ? {ON} : {OFF}', variables=variable("env", default='"prod"'))
        assert verdicts(tmp_path, files) == [
            "pass aws_s3_bucket.b main.tf:7:34-43: Versioning is Enabled with the default of env."
        ]

    @pytest.mark.parametrize("name", ["terraform.tfvars", "x.auto.tfvars"])
    def test_a_file_that_terraform_reads_by_itself(self, name: str, tmp_path: Path) -> None:
        files = module("var.status", variables=variable("status", default=OFF))
        assert verdicts(tmp_path, {**files, name: f"status = {ON}\n"}) == [
            f"pass aws_s3_bucket.b main.tf:7:14-24: Versioning is Enabled with status from {name}."
        ]

    @pytest.mark.parametrize("name", ["terraform.tfvars", "m/x.auto.tfvars", "m/terraform.tfvars.json"])
    @pytest.mark.parametrize("beside", [[], ["main.tf"]])
    def test_one_of_these_stands_for_its_module(self, name: str, beside: list[str], tmp_path: Path) -> None:
        folder = name.rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        files = {
            f"{prefix}{file}": text
            for file, text in module("var.status", variables=variable("status", default=OFF)).items()
        }
        files[name] = f'{{"status": {ON}}}' if name.endswith(".json") else f"status = {ON}\n"
        paths = [name, *(prefix + file for file in beside)]
        found = report(tmp_path, files, VERSIONING, paths)
        assert lines(found) == [
            f"pass aws_s3_bucket.b {prefix}main.tf:7:14-24: Versioning is Enabled with status from {name}."
        ]
        assert found.problems == ()

    def test_one_without_a_module_says_so(self, tmp_path: Path) -> None:
        files = {"prod/terraform.tfvars": "a = 1\n", "main.tf": ""}
        assert problems(report(tmp_path, files, paths=["prod/terraform.tfvars"])) == [
            (
                "partial prod/terraform.tfvars: This file gives values to the variables of a module, and there is none in its"
                " folder. Scan the folder of the module, with `--var-file prod/terraform.tfvars`."
            )
        ]
        assert problems(report(tmp_path, {"x/terraform.tfvars.json": "{}"})) == []

    def test_a_file_that_somebody_names(self, tmp_path: Path) -> None:
        files = module("var.status", variables=variable("status", default=OFF))
        files["prod.tfvars"] = f"status = {ON}\n"
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:7:14-24: Versioning is Suspended with the default of status."
        ]
        assert verdicts(tmp_path, files, variable_files=["prod.tfvars"]) == [
            "pass aws_s3_bucket.b main.tf:7:14-24: Versioning is Enabled with status from prod.tfvars."
        ]
        assert verdicts(
            tmp_path, files, variable_files=["prod.tfvars"], variables={"status": "Suspended"}
        ) == ["fail aws_s3_bucket.b main.tf:7:14-24: Versioning is Suspended."]

    def test_none_at_all(self, tmp_path: Path) -> None:
        files = module("var.status", variables=variable("status", type="string"))
        assert verdicts(tmp_path, files) == [
            (
                "unknown aws_s3_bucket.b main.tf:7:14-24: Versioning is not known: it is ${var.status}, which the input"
                " does not tell: variable `status` has no default; pass --var-file."
            )
        ]

    def test_one_whose_value_does_not_fit(self, tmp_path: Path) -> None:
        files = module(f"var.on ? {ON} : {OFF}", variables=variable("on", type="bool", default='"maybe"'))
        assert verdicts(tmp_path, files) == [
            "unknown aws_s3_bucket.b main.tf:7:14-46: Versioning is not known: a bool is required here, not 'maybe'."
        ]

    def test_one_that_is_not_declared(self, tmp_path: Path) -> None:
        assert verdicts(tmp_path, module("var.status")) == [
            "unknown aws_s3_bucket.b main.tf:7:14-24: Versioning is not known: there is no variable status."
        ]

    def test_null_is_not_written(self, tmp_path: Path) -> None:
        files = module("var.status", variables=variable("status", default="null"))
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:6:3-27: Versioning is not set, so it is Unversioned with the default of status."
        ]

    def test_optional_attributes_take_their_defaults(self, tmp_path: Path) -> None:
        kind = 'object({ status = optional(string, "Suspended"), other = optional(string) })'
        files = module("var.of.status", variables=variable("of", type=kind, default='{ other = "x" }'))
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:7:14-27: Versioning is Suspended with the default of of."
        ]


class TestLocals:
    def test_in_any_order_and_file(self, tmp_path: Path) -> None:
        files = module(
            "local.status",
            a="locals {\n  status = local.by_env[local.env]\n}\n",
            z='locals {\n  env = lower("PROD")\n  by_env = { prod = "Enabled", dev = "Suspended" }\n}\n',
        )
        assert verdicts(tmp_path, files) == ["pass aws_s3_bucket.b main.tf:7:14-26: Versioning is Enabled."]

    def test_assumptions_come_along(self, tmp_path: Path) -> None:
        files = module(
            "local.status",
            a=f"locals {{\n  status = var.a && var.b ? {ON} : {OFF}\n}}\n"
            + variable("a", default="true")
            + variable("b", default="false"),
        )
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:7:14-26: Versioning is Suspended with the default of a and with the default of b."
        ]

    def test_a_circle(self, tmp_path: Path) -> None:
        files = module("local.a", a="locals {\n  a = local.b\n  b = upper(local.c)\n  c = local.a\n}\n")
        assert verdicts(tmp_path, files) == [
            "unknown aws_s3_bucket.b main.tf:7:14-21: Versioning is not known: local.a refers to itself."
        ]

    def test_one_that_is_not_declared(self, tmp_path: Path) -> None:
        assert verdicts(tmp_path, module("local.status")) == [
            "unknown aws_s3_bucket.b main.tf:7:14-26: Versioning is not known: there is no local value status."
        ]

    def test_one_that_may_stand_where_nobody_can_read(self, tmp_path: Path) -> None:
        found = report(
            tmp_path, module("local.status", broken="locals {\n  other = = 1\n}\n"), "versioning-enabled"
        )
        assert [one.status for one in found.findings] == ["unknown"]
        assert problems(found) == ["partial broken.tf:2:11-11: Expected a value, but found '='."]

    @pytest.mark.parametrize("length", [20, 1000])
    def test_a_long_chain_is_followed_or_given_up(self, length: int, tmp_path: Path) -> None:
        links = "".join(f"  l{at} = local.l{at - 1}\n" for at in range(1, length))
        files = module(f"local.l{length - 1}", a=f"locals {{\n  l0 = {OFF}\n{links}}}\n")
        [found] = verdicts(tmp_path, files)
        if length < 50:
            assert found == "fail aws_s3_bucket.b main.tf:7:14-23: Versioning is Suspended."
        else:
            assert found.startswith("unknown")
            assert found.endswith("it is nested too deeply.")


class TestReferences:
    """What belongs to a bucket, however it refers to it."""

    @pytest.mark.parametrize(
        "reference",
        [
            "aws_s3_bucket.b.id",
            "aws_s3_bucket.b.bucket",
            '"${aws_s3_bucket.b.id}"',
            'aws_s3_bucket.b["id"]',
            '"b"',
            "local.names.b",
            'lookup(local.names, "b", "other")',
            "try(aws_s3_bucket.c.id, aws_s3_bucket.b.id)",
            "[for one in [aws_s3_bucket.b] : one.id][0]",
            "data.aws_s3_bucket.same.id",
            "data.aws_s3_bucket.same.bucket",
        ],
    )
    def test_one_bucket(self, reference: str, tmp_path: Path) -> None:
        files = {
            "main.tf": BUCKET + versioning(reference),
            "others.tf": "locals {\n  names = { b = aws_s3_bucket.b.id }\n}\n"
            'data "aws_s3_bucket" "same" {\n  bucket = aws_s3_bucket.b.bucket\n}\n',
        }
        assert verdicts(tmp_path, files) == ["pass aws_s3_bucket.b main.tf:7:14-23: Versioning is Enabled."]

    @pytest.mark.parametrize("name", ["", 'bucket_prefix = "b-"', 'bucket = "b-${random_id.b.hex}"'])
    def test_a_bucket_whose_name_is_made_up(self, name: str, tmp_path: Path) -> None:
        text = f'resource "aws_s3_bucket" "b" {{\n  {name}\n}}\n'
        assert statuses(tmp_path, {"main.tf": text + versioning()}) == {"aws_s3_bucket.b": "pass"}

    def test_a_name_with_an_unknown_part(self, tmp_path: Path) -> None:
        for name, status in (
            ("logs-${var.env}", "pass"),
            ("logs-prod", "unknown"),
            ("data-${var.env}", "fail"),
        ):
            files = {
                "main.tf": variable("env", type="string")
                + bucket(bucket='"logs-${var.env}"')
                + versioning(f'"{name}"')
            }
            assert statuses(tmp_path, files)["aws_s3_bucket.b"] == status

    def test_two_buckets_of_one_name(self, tmp_path: Path) -> None:
        two = bucket("b", bucket='"same"') + bucket("c", bucket='"same"')
        assert statuses(tmp_path, {"main.tf": two + versioning('"same"')}) == {
            "aws_s3_bucket.b": "unknown",
            "aws_s3_bucket.c": "unknown",
        }
        assert statuses(tmp_path, {"main.tf": two + versioning("aws_s3_bucket.b.id")}) == {
            "aws_s3_bucket.b": "pass",
            "aws_s3_bucket.c": "fail",
        }

    @pytest.mark.parametrize("name", ['"elsewhere"', "var.name", "data.aws_s3_bucket.other.id"])
    def test_a_bucket_that_is_declared_elsewhere(self, name: str, tmp_path: Path) -> None:
        other = variable("name", type="string") + 'data "aws_s3_bucket" "other" {\n  bucket = "other"\n}\n'
        assert verdicts(tmp_path, {"main.tf": versioning(name, OFF), "others.tf": other}) == [
            "fail aws_s3_bucket_versioning.b main.tf:4:14-25: Versioning is Suspended."
        ]

    @pytest.mark.parametrize(
        "name", ["data.terraform_remote_state.x.outputs.bucket", "data.aws_ssm_parameter.x.value", "var.name"]
    )
    def test_a_name_that_nobody_tells_may_be_that_of_any_bucket(self, name: str, tmp_path: Path) -> None:
        others = (
            'data "terraform_remote_state" "x" {\n  backend = "s3"\n}\ndata "aws_ssm_parameter" "x" {\n  name = "x"\n}\n'
            + variable("name", type="string")
        )
        files = {"main.tf": BUCKET + versioning(name), "others.tf": others}
        assert statuses(tmp_path, files)["aws_s3_bucket.b"] == "unknown"

    def test_an_argument_left_to_the_provider_is_not_known_to_be_null(self, tmp_path: Path) -> None:
        files = module(
            f"aws_other.x.y == null ? {ON} : {OFF}", a='resource "aws_other" "x" {\n  y = null\n}\n'
        )
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}


class TestNothingIsGuessed:
    """Whatever an unknown value is used for, it decides nothing: each of these passes for some values only."""

    @pytest.mark.parametrize(
        "expression",
        [
            'coalesce(var.x, "Enabled")',
            'lookup(var.x, "status", "Enabled")',
            'try(var.x.status, "Enabled")',
            'try(var.x["status"], "Enabled")',
            'can(var.x.status) ? "Enabled" : "Suspended"',
            'can(var.x[0]) ? "Suspended" : "Enabled"',
            'merge(var.x, { status = "Enabled" }, var.x).status',
            'length(var.x) > 0 ? "Suspended" : "Enabled"',
            'one(var.x) == null ? "Enabled" : "Suspended"',
            'contains(var.x, "a") ? "Suspended" : "Enabled"',
            'alltrue([for v in var.x : v]) ? "Enabled" : "Suspended"',
            '[for v in toset(["b", var.x]) : v == "b" ? "Enabled" : "Suspended"][0]',
            'keys({ (var.x) = 1, b = 2 })[1] == "b" ? "Enabled" : "Suspended"',
            'length(toset([var.x, "a"])) == 2 ? "Enabled" : "Suspended"',
            'startswith(var.x, "a") ? "Suspended" : "Enabled"',
            'terraform.workspace == "a" ? "Suspended" : "Enabled"',
            'timestamp() == "2020" ? "Suspended" : "Enabled"',
            'fileexists("../x") ? "Suspended" : "Enabled"',
            'try(aws_s3_bucket.some[0].id, "none") == "none" ? "Enabled" : "Suspended"',
            'aws_s3_bucket.b.arn == var.x ? "Suspended" : "Enabled"',
            'element(["Enabled", "Suspended"], length(var.x))',
            "provider::other::status(var.x)",
            'nosuchfunction("x")',
        ],
    )
    def test_it_stays_unknown(self, expression: str, tmp_path: Path) -> None:
        some = (
            variable("x")
            + variable("n", type="list(string)")
            + bucket("some", count="length(var.n) > 0 ? 1 : 0")
        )
        files = module(expression, others=some)
        assert statuses(tmp_path, files)["aws_s3_bucket.b"] in ("unknown", "fail")
        assert "pass" not in statuses(tmp_path, files).values()

    def test_what_is_known_decides_all_the_same(self, tmp_path: Path) -> None:
        for expression in (
            'var.x == "a" || true ? "Enabled" : var.x',
            'false && var.x ? var.x : "Enabled"',
            'coalesce("Enabled", var.x)',
            '[var.x, "Enabled"][1]',
            '{ a = var.x, b = "Enabled" }.b',
            'merge({ s = "Suspended", t = var.x }, { s = "Enabled" }).s',
            'var.x ? "Enabled" : "Enabled"',
            'length([var.x, var.x]) == 2 ? "Enabled" : "Suspended"',
            'can(var.x) ? "Enabled" : "Suspended"',
        ):
            files = module(expression, others=variable("x"))
            assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}, expression
