# ruff: noqa: E501 - the modules are laid out as people write them
"""Modules that call each other: what goes in, what comes out, which instances there are, and which module is meant."""

import json
from pathlib import Path

import pytest

from tests.terraform.pieces import OFF, ON, bucket, call, output, variable, versioning
from tests.terraform.scans import VERSIONING, problems, report, statuses, verdicts

STORE = (
    variable("name", type="string")
    + variable("status", default=ON)
    + bucket("this", bucket="var.name")
    + versioning("aws_s3_bucket.this.id", "var.status", "this")
    + output("id", "aws_s3_bucket.this.id")
    + output("bucket", "aws_s3_bucket.this")
    + output("asked", "var.status")
)
"""Its bucket begins in line 7, and the status of its versioning stands in line 13."""
BARE = (
    variable("name", default="null")
    + bucket("this", bucket="var.name")
    + output("id", "aws_s3_bucket.this.id")
)
VERSIONED = variable("of") + versioning("var.of", name="of")
"""The status stands in line 6."""


class TestInstances:
    def test_each_call_is_judged(self, tmp_path: Path) -> None:
        calls = call("a", "./store", name='"a"') + call("b", "./store", name='"b"', status=OFF)
        assert verdicts(tmp_path, {"main.tf": calls, "store/main.tf": STORE}) == [
            "pass module.a.aws_s3_bucket.this store/main.tf:13:14-24: Versioning is Enabled.",
            "fail module.b.aws_s3_bucket.this store/main.tf:13:14-24: Versioning is Suspended with status from module.b.",
        ]

    def test_a_module_is_judged_alone_only_if_nobody_calls_it(self, tmp_path: Path) -> None:
        files = {"main.tf": call("a", "./store", name='"a"'), "store/main.tf": STORE, "other/main.tf": STORE}
        found = report(tmp_path, files, VERSIONING)
        assert {one.subject.address for one in found.findings} == {
            "module.a.aws_s3_bucket.this",
            "aws_s3_bucket.this",
        }
        assert {one.evidence[0].at.source for one in found.findings} == {"store/main.tf", "other/main.tf"}
        assert [(one.source, one.resources) for one in found.inputs] == [
            ("other/main.tf", 1),
            ("store/main.tf", 1),
        ]

    def test_named_by_itself_it_is_a_root(self, tmp_path: Path) -> None:
        files = {"main.tf": call("a", "./store", name='"a"', status=OFF), "store/main.tf": STORE}
        assert verdicts(tmp_path, files, paths=["store"]) == [
            "pass aws_s3_bucket.this store/main.tf:13:14-24: Versioning is Enabled with the default of status."
        ]

    def test_count_and_for_each(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call(
                "n", "./store", count="2", name='"n${count.index}"', status=f"count.index == 0 ? {ON} : {OFF}"
            )
            + call(
                "k",
                "./store",
                for_each='{ "a.b" = true, c = false }',
                name="each.key",
                status=f"each.value ? {ON} : {OFF}",
            )
            + call("none", "./store", count="0", name='"none"'),
            "store/main.tf": STORE,
        }
        assert statuses(tmp_path, files) == {
            "module.n[0].aws_s3_bucket.this": "pass",
            "module.n[1].aws_s3_bucket.this": "fail",
            'module.k["a.b"].aws_s3_bucket.this': "pass",
            'module.k["c"].aws_s3_bucket.this': "fail",
        }

    @pytest.mark.parametrize(
        "repeated", [{"count": "var.on ? 1 : 0"}, {"for_each": 'var.on ? toset(["x.y"]) : []'}]
    )
    def test_one_that_is_there_on_a_condition(self, repeated: dict[str, str], tmp_path: Path) -> None:
        """What is declared in it is judged in the case in which it is there."""
        files = {
            "main.tf": call("a", "./store", name='"a"', status=f"var.on ? {OFF} : {ON}", **repeated)
            + variable("on", type="bool"),
            "store/main.tf": STORE,
        }
        [found] = verdicts(tmp_path, files)
        module = "module.a[0]" if "count" in repeated else 'module.a["x.y"]'
        assert found == (
            f"fail {module}.aws_s3_bucket.this store/main.tf:13:14-24: Versioning is Suspended with status from {module}."
        )

    def test_keys_that_nobody_tells(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call("b", "./bare", for_each="var.all", name="each.key")
            + call("v", "./versioned", for_each="var.all", of="module.b[each.key].id")
            + variable("all", type="map(string)"),
            "bare/main.tf": BARE,
            "versioned/main.tf": VERSIONED,
        }
        assert verdicts(tmp_path, files) == [
            "pass module.b[each.key].aws_s3_bucket.this versioned/main.tf:6:14-23: Versioning is Enabled."
        ]
        files["main.tf"] = files["main.tf"].replace("module.b[each.key].id", 'module.b["one"].id')
        assert statuses(tmp_path, files) == {"module.b[each.key].aws_s3_bucket.this": "unknown"}


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "argument", "used"),
        [
            ("any", "aws_s3_bucket.b", "var.of.id"),
            ("object({ id = string, arn = string })", "aws_s3_bucket.b", "var.of.id"),
            ("object({ id = string })", "module.bare", "var.of.id"),
            ("map(any)", "{ x = aws_s3_bucket.b }", "var.of.x.id"),
            ("map(object({ bucket = string }))", "{ x = aws_s3_bucket.b }", 'var.of["x"].bucket'),
            ("list(string)", "[aws_s3_bucket.b.id]", "var.of[0]"),
            ("string", "module.bare.id", "var.of"),
            ("set(string)", "[aws_s3_bucket.b.id]", "one(var.of)"),
            ("any", "values(module.several)[0]", "var.of.id"),
            ("any", "module.several", 'var.of["x"].id'),
            ("any", "[for key, one in module.several : one.id]", "var.of[0]"),
        ],
    )
    def test_whatever_is_passed(self, kind: str, argument: str, used: str, tmp_path: Path) -> None:
        buckets = bucket() + call("bare", "./bare") + call("several", "./bare", for_each='toset(["x"])')
        files = {
            "main.tf": buckets + call("v", "./versioned", of=argument),
            "bare/main.tf": BARE,
            "versioned/main.tf": variable("of", type=kind) + versioning(used),
        }
        found = statuses(tmp_path, files)
        assert sorted(found.values()) == ["fail", "fail", "pass"], found

    def test_outputs_flow_through_three_levels_and_back_into_another_module(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call("a", "./a") + call("v", "./versioned", for_each="module.a.all", of="each.value"),
            "a/main.tf": call("b", "../b")
            + output("all", "{ for key, one in module.b.all : key => one.id }"),
            "b/main.tf": call("c", "../c", for_each='toset(["x", "y"])', name="each.key")
            + output("all", "{ for key, one in module.c : key => one.bucket }"),
            "c/main.tf": STORE.replace('name="this"', 'name="none"').replace(ON, OFF),
            "versioned/main.tf": VERSIONED,
        }
        files["c/main.tf"] = (
            variable("name") + bucket("this", bucket="var.name") + output("bucket", "aws_s3_bucket.this")
        )
        assert verdicts(tmp_path, files) == [
            f'pass module.a.module.b.module.c["{key}"].aws_s3_bucket.this versioned/main.tf:6:14-23: Versioning is Enabled.'
            for key in ("x", "y")
        ]

    def test_modules_that_give_each_other_values(self, tmp_path: Path) -> None:
        both = variable("one") + variable("two") + output("one", "var.one") + output("two", "var.two")
        files = {
            "main.tf": call("a", "./both", one="module.b.two", two=ON)
            + call("b", "./both", one="module.a.one", two="module.a.two")
            + bucket()
            + versioning(status="module.b.one"),
            "both/main.tf": both,
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}

    def test_a_circle(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call("a", "./both", one="module.b.one")
            + call("b", "./both", one="module.a.one")
            + bucket()
            + versioning(status="module.b.one"),
            "both/main.tf": variable("one") + output("one", "var.one"),
        }
        [found] = verdicts(tmp_path, files)
        assert found.startswith("unknown aws_s3_bucket.b main.tf:14:14-26: Versioning is not known: ")
        assert found.endswith("refers to itself.")

    @pytest.mark.parametrize(
        "status", ["module.store.nothing", "module.other.asked", "module.store[0].asked"]
    )
    def test_what_is_not_there(self, status: str, tmp_path: Path) -> None:
        files = {
            "main.tf": call("store", "./store", name='"x"') + bucket() + versioning(status=status),
            "store/main.tf": STORE,
        }
        assert statuses(tmp_path, files)["aws_s3_bucket.b"] == "unknown"

    def test_defaults_of_a_called_module_are_no_assumption(self, tmp_path: Path) -> None:
        """The caller leaves the value to the module: nobody who calls the caller can change it."""
        files = {"main.tf": call("a", "./store", name='"a"'), "store/main.tf": STORE.replace(ON, OFF)}
        [found] = verdicts(tmp_path, files)
        assert found.endswith("Versioning is Suspended.")

    def test_null_takes_the_default_where_the_variable_says_so(self, tmp_path: Path) -> None:
        given = {"main.tf": call("a", "./store", name='"a"', status="null"), "store/main.tf": STORE}
        assert statuses(tmp_path, given) == {"module.a.aws_s3_bucket.this": "fail"}
        given["store/main.tf"] = STORE.replace(
            'default = "Enabled"', 'default = "Enabled"\n  nullable = false'
        )
        assert statuses(tmp_path, given) == {"module.a.aws_s3_bucket.this": "pass"}


class TestFolders:
    def test_a_path_is_that_of_the_caller(self, tmp_path: Path) -> None:
        files = {
            "main.tf": call("a", "./modules/a"),
            "modules/a/main.tf": call("b", "../b") + call("c", "./c"),
            "modules/b/main.tf": BARE,
            "modules/a/c/main.tf": BARE,
        }
        found = report(tmp_path, files, VERSIONING)
        assert {(one.subject.address, one.evidence[0].at.source) for one in found.findings} == {
            ("module.a.module.b.aws_s3_bucket.this", "modules/b/main.tf"),
            ("module.a.module.c.aws_s3_bucket.this", "modules/a/c/main.tf"),
        }

    def test_one_beside_the_scanned_folder(self, tmp_path: Path) -> None:
        """It is read if both are in one repository."""
        files = {"live/main.tf": call("a", "../store", name='"a"'), "store/main.tf": STORE}
        found = report(tmp_path, files, VERSIONING, ["live"])
        assert found.findings == ()
        assert problems(found) == [
            (
                "partial live/main.tf:2:12-22: The module a lies in store, where the scanned tree has no files of a"
                " module. Scan the folder of both; what it declares is not judged."
            )
        ]
        files[".git/HEAD"] = "ref: refs/heads/main\n"
        assert statuses(tmp_path, files, paths=["live"]) == {"module.a.aws_s3_bucket.this": "pass"}

    def test_a_link_to_a_module_is_that_module(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("store")
        files = {"main.tf": call("a", "./link", name='"a"'), "store/main.tf": STORE}
        assert statuses(tmp_path, files) == {"module.a.aws_s3_bucket.this": "pass"}

    def test_a_module_in_json(self, tmp_path: Path) -> None:
        text = json.dumps({"module": {"a": {"source": "./store", "name": "a", "status": '${upper("x")}'}}})
        assert statuses(tmp_path, {"main.tf.json": text, "store/main.tf": STORE}) == {
            "module.a.aws_s3_bucket.this": "fail"
        }

    def test_installed_modules(self, tmp_path: Path) -> None:
        index = {
            "Modules": [
                {"Key": "", "Source": "", "Dir": "."},
                {"Key": "a", "Source": "registry.example.com/x/store/aws", "Dir": ".terraform/modules/a"},
                {
                    "Key": "a.inner",
                    "Source": "git::https://example.com/x.git//deep",
                    "Dir": ".terraform/modules/a.inner/deep",
                },
                {"Key": "a.own", "Source": "./own", "Dir": ".terraform/modules/a/own"},
            ]
        }
        files = {
            "main.tf": call("a", "x/store/aws"),
            ".terraform/modules/modules.json": json.dumps(index),
            ".terraform/modules/a/main.tf": call("inner", "git::https://example.com/x.git//deep")
            + call("own", "./own"),
            ".terraform/modules/a.inner/deep/main.tf": BARE,
            ".terraform/modules/a/own/main.tf": BARE,
        }
        found = report(tmp_path, files, VERSIONING)
        assert {(one.subject.address, one.evidence[0].at.source) for one in found.findings} == {
            ("module.a.module.inner.aws_s3_bucket.this", ".terraform/modules/a.inner/deep/main.tf"),
            ("module.a.module.own.aws_s3_bucket.this", ".terraform/modules/a/own/main.tf"),
        }
        assert problems(found) == []

    @pytest.mark.parametrize("of", ["module.reg.id", 'module.reg.buckets["a"].id', "module.reg.list[0]"])
    @pytest.mark.parametrize(
        "by", ["aws_s3_bucket.b.id", "aws_s3_bucket.b", '"b"', "[{ name = aws_s3_bucket.b.arn }]"]
    )
    def test_what_one_puts_out_that_is_not_installed_may_be_what_it_was_passed(
        self, by: str, of: str, tmp_path: Path
    ) -> None:
        files = {
            "main.tf": call("reg", "example/store/aws", of=by)
            + bucket(bucket='"b"')
            + bucket("free", bucket="null")
            + bucket("other", bucket='"other"')
            + versioning(of, ON)
        }
        assert statuses(tmp_path, files) == {
            "aws_s3_bucket.b": "unknown",
            "aws_s3_bucket.free": "fail",
            "aws_s3_bucket.other": "fail",
        }

    def test_a_module_that_calls_itself(self, tmp_path: Path) -> None:
        found = report(tmp_path, {"main.tf": bucket() + call("me", "../" + tmp_path.name)}, VERSIONING)
        assert [one.subject.address for one in found.findings] == ["aws_s3_bucket.b"]
        [said] = problems(found)
        assert said.startswith("partial main.tf:4:12-")
        assert said.endswith(
            ": The module me calls itself in the end. Break the circle; what it declares is not judged."
        )

    def test_modules_that_call_each_other(self, tmp_path: Path) -> None:
        files = {"a/main.tf": bucket() + call("b", "../b"), "b/main.tf": bucket("c") + call("a", "../a")}
        found = report(tmp_path, files, VERSIONING)
        assert {one.subject.address for one in found.findings} == {
            "aws_s3_bucket.b",
            "module.b.aws_s3_bucket.c",
        }
        assert problems(found) == [
            "partial b/main.tf:4:12-18: The module a calls itself in the end. Break the circle; what it declares is not judged."
        ]

    def test_one_too_deep(self, tmp_path: Path) -> None:
        files = {f"m{at}/main.tf": bucket() + call("m", f"../m{at + 1}") for at in range(25)}
        files["m25/main.tf"] = bucket()
        found = report(tmp_path, files, VERSIONING)
        [said] = problems(found)
        assert said == (
            "partial m20/main.tf:4:12-20: The module m is too deep: no more than 20 levels are read; what it declares is"
            " not judged."
        )
        assert len(found.findings) == 21


class TestProviders:
    """Another configuration of the provider may be another account: what the account blocks need not hold there."""

    CHECK = "access-bucket-public-access-block"
    BLOCKED = (
        'provider "aws" {\n}\nprovider "aws" {\n  alias = "west"\n  profile = "west"\n}\n'
        'resource "aws_s3_account_public_access_block" "all" {\n  block_public_acls = true\n  block_public_policy = true\n'
        "  ignore_public_acls = true\n  restrict_public_buckets = true\n}\n"
    )

    @pytest.mark.parametrize(
        ("providers", "status"),
        [
            ("", "pass"),
            ("  providers = {\n    aws = aws\n  }\n", "pass"),
            ("  providers = {\n    aws = aws.west\n  }\n", "unknown"),
            ("  providers = {\n    aws.west = aws.west\n  }\n", "pass"),
        ],
    )
    def test_a_module(self, providers: str, status: str, tmp_path: Path) -> None:
        text = self.BLOCKED + f'module "m" {{\n  source = "./m"\n{providers}}}\n'
        found = report(tmp_path, {"main.tf": text, "m/main.tf": bucket()}, self.CHECK)
        assert {one.subject.address: one.status for one in found.findings} == {
            "module.m.aws_s3_bucket.b": status
        }
        assert problems(found) == []

    @pytest.mark.parametrize(("given", "status"), [("aws.west", "unknown"), ("aws", "pass"), ("", "unknown")])
    def test_a_name_that_the_module_gives_it(self, given: str, status: str, tmp_path: Path) -> None:
        providers = f"  providers = {{\n    aws.other = {given}\n  }}\n" if given else ""
        files = {
            "main.tf": self.BLOCKED + f'module "m" {{\n  source = "./m"\n{providers}}}\n',
            "m/main.tf": call("n", "./n"),
            "m/n/main.tf": bucket(),
        }
        files["m/main.tf"] = 'module "n" {\n  source = "./n"\n  providers = {\n    aws = aws.other\n  }\n}\n'
        assert statuses(tmp_path, files, self.CHECK) == {"module.m.module.n.aws_s3_bucket.b": status}

    def test_one_of_the_module_itself(self, tmp_path: Path) -> None:
        files = {
            "main.tf": self.BLOCKED + call("m", "./m"),
            "m/main.tf": 'provider "aws" {\n  token = var.t\n}\n' + bucket(),
        }
        assert statuses(tmp_path, files, self.CHECK) == {"module.m.aws_s3_bucket.b": "unknown"}

    def test_a_resource(self, tmp_path: Path) -> None:
        files = {"main.tf": self.BLOCKED + bucket() + bucket("w", provider="aws.west")}
        assert statuses(tmp_path, files, self.CHECK) == {
            "aws_s3_bucket.b": "pass",
            "aws_s3_bucket.w": "unknown",
        }

    @pytest.mark.parametrize(
        ("usual", "west", "status"),
        [
            ("", 'region = "us-west-2"', "pass"),
            ('profile = "shop"', 'region = "us-west-2"\n  profile = "shop"', "pass"),
            ('profile = "shop"', "", "unknown"),
            ("assume_role {\n    role_arn = var.r\n  }", "assume_role {\n    role_arn = var.r\n  }", "pass"),
            (
                "assume_role {\n    role_arn = var.r\n  }",
                "assume_role {\n    role_arn = var.s\n  }",
                "unknown",
            ),
            ("", 'dynamic "assume_role" {\n    for_each = var.r\n    content {}\n  }', "unknown"),
        ],
    )
    def test_the_same_credentials_are_the_same_account(
        self, usual: str, west: str, status: str, tmp_path: Path
    ) -> None:
        blocked = self.BLOCKED.replace('provider "aws" {', f'provider "aws" {{\n  {usual}', 1).replace(
            'profile = "west"', west
        )
        text = blocked + bucket("w", provider="aws.west") + variable("r") + variable("s")
        assert statuses(tmp_path, {"main.tf": text}, self.CHECK) == {"aws_s3_bucket.w": status}
