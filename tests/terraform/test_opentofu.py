"""What OpenTofu reads otherwise than Terraform: its own files, sources from variables, repeated providers, encryption.

https://opentofu.org/docs/language/files/, /docs/language/modules/sources/, /docs/language/providers/configuration/
"""

import json
from pathlib import Path

import pytest

from tests.terraform.pieces import bucket, call, output, variable, versioning
from tests.terraform.scans import problems, report, statuses, verdicts

NOT_SET = "Versioning is not set, so it is Unversioned"


SEALED = {"meta": {"key_provider.pbkdf2.k": "e30="}, "encrypted_data": "Qw==", "encryption_version": "v0"}
RESOURCE = {
    "address": "aws_s3_bucket.b",
    "mode": "managed",
    "type": "aws_s3_bucket",
    "name": "b",
    "schema_version": 0,
}


class TestFiles:
    def test_a_file_of_its_own_stands_for_its_namesake(self, tmp_path: Path) -> None:
        files = {"main.tf": bucket("old"), "main.tofu": bucket("new"), "other.tf": bucket("other")}
        assert sorted(statuses(tmp_path, files)) == ["aws_s3_bucket.new", "aws_s3_bucket.other"]

    @pytest.mark.parametrize("named", ["main.tf", "main.tofu"])
    def test_whichever_of_them_is_named(self, named: str, tmp_path: Path) -> None:
        files = {"main.tf": bucket("old"), "main.tofu": bucket("new")}
        found = report(tmp_path, files, "versioning-enabled", [named])
        assert [one.subject.address for one in found.findings] == ["aws_s3_bucket.new"]

    def test_a_namesake_in_json_is_another_file(self, tmp_path: Path) -> None:
        text = json.dumps({"resource": {"aws_s3_bucket": {"json": {}}}})
        files = {"main.tofu": bucket("hcl"), "main.tf.json": text}
        assert sorted(statuses(tmp_path, files)) == ["aws_s3_bucket.hcl", "aws_s3_bucket.json"]
        files["main.tofu.json"] = text.replace("json", "own")
        assert sorted(statuses(tmp_path, files)) == ["aws_s3_bucket.hcl", "aws_s3_bucket.own"]

    @pytest.mark.parametrize(
        "name",
        ["override.tofu", "x_override.tofu", "override.tf", "override.tofu.json", "x_override.tofu.json"],
    )
    def test_override_files(self, name: str, tmp_path: Path) -> None:
        over = bucket(bucket='"over"')
        if name.endswith(".json"):
            over = json.dumps({"resource": {"aws_s3_bucket": {"b": {"bucket": "over"}}}})
        files = {"main.tofu": bucket(bucket='"base"') + versioning('"over"'), name: over}
        found = report(tmp_path, files, "versioning-enabled")
        assert [(one.subject.address, one.status) for one in found.findings] == [("aws_s3_bucket.b", "pass")]
        assert found.problems == ()

    def test_an_override_file_of_its_own_stands_for_its_namesake(self, tmp_path: Path) -> None:
        over = [bucket(bucket=f'"{name}"') for name in ("terraform", "tofu")]
        files = {
            "main.tf": bucket() + versioning('"tofu"'),
            "a_override.tf": over[0],
            "a_override.tofu": over[1],
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}

    def test_later_ones_count_more_whatever_their_ending(self, tmp_path: Path) -> None:
        files = {
            "main.tf": bucket() + versioning('"last"'),
            "b_override.tf": bucket(bucket='"last"'),
            "a_override.tofu": bucket(bucket='"first"'),
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}

    def test_values_stand_in_the_same_files(self, tmp_path: Path) -> None:
        files = {
            "main.tofu": bucket() + versioning(status="var.v") + variable("v"),
            "terraform.tfvars": 'v = "Enabled"\n',
            "terraform.tofuvars": 'v = "Suspended"\n',
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}


INNER = bucket() + output("id", "aws_s3_bucket.b.id")


def module(source: str, more: str = "") -> str:
    return f'module "m" {{\n  source = {source}\n{more}}}\n'


class TestSources:
    """Variables and local values in the source of a module."""

    @pytest.mark.parametrize(
        ("source", "note"),
        [
            ("var.path", "with the default of path"),
            ('"./modules/${var.name}"', "with the default of name"),
            ('"./${local.folder}/site"', ""),
            ('"${local.here}/${var.name}"', "with the default of name"),
            ('var.name == "site" ? "./modules/site" : "./none"', "with the default of name"),
            ('join("/", [".", "modules", "site"])', ""),
        ],
    )
    def test_what_defaults_and_local_values_say_is_read(self, source: str, note: str, tmp_path: Path) -> None:
        files = {
            "main.tf": module(source, "  version = var.version\n") + versioning("module.m.id"),
            "variables.tf": variable("path", default='"./modules/site"')
            + variable("name", default='"site"')
            + variable("version", const="true", deprecated='"no more"')
            + 'locals {\n  folder = "modules"\n  here   = "./${local.folder}"\n}\n',
            "modules/site/main.tf": INNER,
        }
        found = report(tmp_path, files, "versioning-enabled")
        assert [(one.subject.address, one.status) for one in found.findings] == [
            ("module.m.aws_s3_bucket.b", "pass")
        ]
        assert found.problems == ()
        files["main.tf"] = module(source)
        (said,) = verdicts(tmp_path, files)
        because = f"; module.m.aws_s3_bucket.b is there {note}" if note else ""
        assert said == f"fail module.m.aws_s3_bucket.b modules/site/main.tf:1:1-29: {NOT_SET}{because}."

    def test_what_is_given_counts_more(self, tmp_path: Path) -> None:
        files = {
            "main.tf": module("var.path"),
            "variables.tf": variable("path", default='"./a"'),
            "a/main.tf": bucket("a"),
            "b/main.tf": bucket("b"),
        }
        assert sorted(statuses(tmp_path, files)) == ["aws_s3_bucket.b", "module.m.aws_s3_bucket.a"]
        found = statuses(tmp_path, files, variables={"path": "./b"})
        assert sorted(found) == ["aws_s3_bucket.a", "module.m.aws_s3_bucket.b"]

    def test_a_module_between_passes_it_on(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call("outer", "./outer", path='"../inner"'),
            "outer/main.tf": module("var.path") + variable("path"),
            "inner/main.tf": INNER,
        }
        assert statuses(tmp_path, files) == {"module.outer.module.m.aws_s3_bucket.b": "fail"}

    def test_one_that_calls_back_does_not_take_both_away(self, tmp_path: Path) -> None:
        files = {
            "a/main.tf": module("var.path") + variable("path", default='"../b"') + bucket("a"),
            "b/main.tf": module("var.path") + variable("path", default='"../a"') + bucket("b"),
        }
        assert sorted(statuses(tmp_path, files)) == ["aws_s3_bucket.b", "module.m.aws_s3_bucket.a"]

    def test_one_that_is_not_known_is_said(self, tmp_path: Path) -> None:
        files = {"main.tf": module("var.path") + variable("path") + bucket(), "m/main.tf": INNER}
        assert problems(report(tmp_path, files)) == [
            (
                "partial main.tf:2:12-20: The module m has a source that is not known (variable `path` has no default;"
                " pass --var-file) and is not installed here. Run `terraform init` in .; what it declares is not"
                " judged."
            )
        ]
        files["main.tf"] = 'module "m" {\n}\n' + bucket()
        assert problems(report(tmp_path, files)) == [
            (
                "partial main.tf:1:1-11: The module m has a source that is not known (none is written) and is not"
                " installed here. Run `terraform init` in .; what it declares is not judged."
            )
        ]

    def test_one_that_is_installed_is_read_whatever_its_source(self, tmp_path: Path) -> None:
        index = {"Modules": [{"Key": "m", "Source": "", "Dir": ".terraform/modules/m"}]}
        files = {
            "main.tf": module("var.path") + variable("path"),
            ".terraform/modules/m/main.tf": INNER,
            ".terraform/modules/modules.json": json.dumps(index),
        }
        assert statuses(tmp_path, files) == {"module.m.aws_s3_bucket.b": "fail"}

    def test_in_json(self, tmp_path: Path) -> None:
        text = '{"module": {"m": {"source": "./${local.m}"}}, "locals": {"m": "m"}}'
        found = statuses(tmp_path, {"main.tofu.json": text, "m/main.tf": INNER})
        assert found == {"module.m.aws_s3_bucket.b": "fail"}


def test_settings_may_be_made_of_anything(tmp_path: Path) -> None:
    text = """\
terraform {
  required_version = ">= 1.11"
  backend "s3" {
    bucket = var.state
    key    = "${local.key}/state"
  }
  encryption {
    key_provider "pbkdf2" "mine" {
      passphrase = var.state
    }
    method "aes_gcm" "it" {
      keys = key_provider.pbkdf2.mine
    }
    state {
      method   = method.aes_gcm.it
      enforced = true
      fallback {}
    }
  }
}
"""
    files = {"main.tofu": text + bucket() + variable("state", default='"s"', ephemeral="true")}
    found = report(tmp_path, files, "versioning-enabled")
    assert (len(found.findings), found.problems) == (1, ())


class TestProviders:
    """One provider repeated by `for_each`: each of them may be another account."""

    CHECK = "access-bucket-public-access-block"
    REGIONS = 'toset(["eu", "us"])'
    PROVIDER = (
        f'provider "aws" {{\n  alias    = "by_region"\n  for_each = {REGIONS}\n  region   = each.key\n'
        "  profile  = each.key\n}\n"
    )

    def blocked(self, key: str, **arguments: str) -> str:
        flags = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        lines = "".join(f"  {name} = {value}\n" for name, value in arguments.items())
        return (
            f'resource "aws_s3_account_public_access_block" "all" {{\n{lines}  provider = aws.by_region[{key}]\n'
            + "".join(f"  {flag} = true\n" for flag in flags)
            + "}\n"
        )

    def test_resources_with_the_same_key_have_the_same_one(self, tmp_path: Path) -> None:
        repeated = {"for_each": self.REGIONS}
        text = (
            self.PROVIDER
            + self.blocked("each.key", **repeated)
            + bucket(**repeated, provider="aws.by_region[each.key]")
        )
        found = report(tmp_path, {"main.tofu": text}, self.CHECK)
        assert {one.subject.address: one.status for one in found.findings} == {
            'aws_s3_bucket.b["eu"]': "pass",
            'aws_s3_bucket.b["us"]': "pass",
        }
        assert found.problems == ()

    def test_another_key_is_another_one(self, tmp_path: Path) -> None:
        text = (
            self.PROVIDER
            + self.blocked('"eu"')
            + bucket("eu", provider='aws.by_region["e${local.u}"]')
            + bucket("us", provider='aws.by_region["us"]')
            + 'locals {\n  u = "u"\n}\n'
        )
        assert statuses(tmp_path, {"main.tofu": text}, self.CHECK) == {
            "aws_s3_bucket.eu": "pass",
            "aws_s3_bucket.us": "unknown",
        }

    def test_one_of_a_key_that_is_not_known_is_no_other(self, tmp_path: Path) -> None:
        text = self.PROVIDER + self.blocked("var.k") + bucket(provider="aws.by_region[var.k]") + variable("k")
        assert statuses(tmp_path, {"main.tofu": text}, self.CHECK) == {"aws_s3_bucket.b": "unknown"}

    def test_a_module_for_each_of_them(self, tmp_path: Path) -> None:
        calls = call(
            "m", "./m", for_each=self.REGIONS, providers="{\n    aws = aws.by_region[each.value]\n  }"
        )
        inner = self.blocked("0").replace("  provider = aws.by_region[0]\n", "") + bucket()
        found = report(tmp_path, {"main.tofu": self.PROVIDER + calls, "m/main.tf": inner}, self.CHECK)
        assert {one.subject.address: one.status for one in found.findings} == {
            'module.m["eu"].aws_s3_bucket.b': "pass",
            'module.m["us"].aws_s3_bucket.b': "pass",
        }
        assert found.problems == ()
        files = {"main.tofu": self.PROVIDER + calls + self.blocked('"eu"'), "m/main.tf": bucket()}
        assert statuses(tmp_path, files, self.CHECK) == {
            'module.m["eu"].aws_s3_bucket.b': "pass",
            'module.m["us"].aws_s3_bucket.b': "unknown",
        }

    def test_in_json(self, tmp_path: Path) -> None:
        document = {
            "provider": {"aws": [{"alias": "by_region", "for_each": '${toset(["eu"])}', "region": "${each.key}"}]},
            "resource": {
                "aws_s3_bucket": {"b": {"provider": 'aws.by_region["eu"]'}},
                "aws_s3_account_public_access_block": {
                    "all": {
                        "provider": 'aws.by_region["eu"]',
                        **dict.fromkeys(
                            (
                                "block_public_acls",
                                "block_public_policy",
                                "ignore_public_acls",
                                "restrict_public_buckets",
                            ),
                            True,
                        ),
                    }
                },
            },
        }  # fmt: skip
        found = statuses(tmp_path, {"main.tofu.json": json.dumps(document)}, self.CHECK)
        assert found == {"aws_s3_bucket.b": "pass"}


class TestEncryption:
    """What OpenTofu has encrypted says so, and what to give instead."""

    @pytest.mark.parametrize("paths", [["terraform.tfstate"], ["."]])
    def test_a_state(self, paths: list[str], tmp_path: Path) -> None:
        text = json.dumps({"serial": 3, "lineage": "4cd89443", **SEALED})
        found = report(tmp_path, {"terraform.tfstate": text}, paths=paths)
        assert problems(found) == [
            (
                "unreadable terraform.tfstate: This state is encrypted by OpenTofu. Give what `tofu show -json` prints,"
                " which is not."
            )
        ]

    def test_a_saved_plan(self, tmp_path: Path) -> None:
        found = report(tmp_path, {"tfplan": json.dumps(SEALED)}, paths=["tfplan"])
        assert problems(found) == [
            (
                "unreadable tfplan: This plan or state is encrypted by OpenTofu. Give what `tofu show -json FILE`"
                " prints, which is not."
            )
        ]


class TestShown:
    """What `tofu show -json` prints."""

    def test_a_state(self, tmp_path: Path) -> None:
        values = {"root_module": {"resources": [{**RESOURCE, "values": {"bucket": "logs"}}]}}
        document = {"format_version": "1.0", "terraform_version": "1.11.5", "values": values}
        found = report(tmp_path, {"state.json": json.dumps(document)}, "versioning-enabled")
        assert [one.subject.address for one in found.findings] == ["aws_s3_bucket.b"]

    def test_a_plan_with_a_resource_that_is_no_more_enabled(self, tmp_path: Path) -> None:
        gone = {
            **RESOURCE,
            "address": "aws_s3_bucket.gone",
            "name": "gone",
            "change": {
                "actions": ["delete"],
                "before": {"bucket": "gone"},
                "after": None,
                "after_unknown": {},
            },
            "action_reason": "delete_because_enabled_false",
        }
        made = {
            **RESOURCE,
            "change": {
                "actions": ["create"], "before": None, "after": {"bucket": "logs"}, "after_unknown": {"id": True}
            },
        }  # fmt: skip
        document = {
            "format_version": "1.2",
            "resource_changes": [gone, made],
            "planned_values": {"root_module": {"resources": [{**RESOURCE, "values": {"bucket": "logs"}}]}},
            "configuration": {"root_module": {"resources": [dict(RESOURCE)]}},
        }
        found = report(tmp_path, {"plan.json": json.dumps(document)}, "versioning-enabled")
        assert [one.subject.address for one in found.findings] == ["aws_s3_bucket.b"]
        assert found.problems == ()

    def test_an_outline_of_the_source_is_not_judged(self, tmp_path: Path) -> None:
        outline = {"format_version": "1.0", "root_module": {"resources": [RESOURCE], "module_calls": {}}}
        found = report(tmp_path, {"config.json": json.dumps(outline)}, paths=["config.json"])
        assert problems(found) == [
            (
                "unreadable config.json: This is an outline of the source, without the values of its expressions. Scan"
                " the folder of the source itself, or a plan: `tofu show -json PLAN > plan.json`."
            )
        ]
