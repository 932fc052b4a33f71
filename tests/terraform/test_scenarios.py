# ruff: noqa: E501 - the modules are laid out as people write them
"""Variables that nobody gives a value: what they decide is tried in every way, and nothing else is."""

from pathlib import Path

import pytest

from tests.terraform.pieces import OFF, ON, block, bucket, call, output, variable, versioning
from tests.terraform.scans import TLS, VERSIONING, problems, report, statuses, verdicts

BUCKET = bucket(bucket='"b"')


def module(status: str, variables: str, **others: str) -> dict[str, str]:
    """The versioning of a bucket: its status stands in line 7, column 14."""
    return {"main.tf": BUCKET + versioning(status=status), "variables.tf": variables, **others}


def validated(name: str, condition: str, **arguments: str) -> str:
    lines = "".join(f"  {argument} = {value}\n" for argument, value in arguments.items())
    return f'variable "{name}" {{\n{lines}  validation {{\n    condition = {condition}\n    error_message = "x"\n  }}\n}}\n'


SUSPENDED = "fail aws_s3_bucket.b main.tf:7:{}: Versioning is Suspended{}."


class TestWhichValues:
    def test_a_bool(self, tmp_path: Path) -> None:
        files = module(f"var.on ? {ON} : {OFF}", variable("on", type="bool"))
        assert verdicts(tmp_path, files) == [SUSPENDED.format("35-46", ", when on is false")]

    def test_one_that_is_compared(self, tmp_path: Path) -> None:
        files = module(f'var.env == "prod" ? {ON} : {OFF}', variable("env", type="string"))
        assert verdicts(tmp_path, files) == [SUSPENDED.format("46-57", ", when env is not prod")]

    def test_one_that_is_compared_with_several(self, tmp_path: Path) -> None:
        status = f'var.env == "prod" || contains(["live", "hot"], var.env) ? {ON} : {OFF}'
        files = module(status, variable("env", type="string"))
        assert verdicts(tmp_path, files) == [
            SUSPENDED.format("84-95", ", when env is none of hot, live, prod")
        ]

    def test_one_that_chooses_from_a_map(self, tmp_path: Path) -> None:
        for status in ("local.by_env[var.env]", 'lookup(local.by_env, var.env, "Suspended")'):
            files = module(status, variable("env", type="string"), others="")
            files["locals.tf"] = f"locals {{\n  by_env = {{ prod = {ON}, dev = {OFF} }}\n}}\n"
            [found] = verdicts(tmp_path, files)
            assert found.startswith("fail aws_s3_bucket.b ")
            assert "Versioning is Suspended, when env is dev" in found

    @pytest.mark.parametrize(
        "condition",
        [
            'contains(["dev", "prod"], var.env)',
            'var.env == "dev" || var.env == "prod"',
            'contains(["dev", "prod", "test"], var.env) && var.env != "test"',
        ],
    )
    def test_one_that_is_validated(self, condition: str, tmp_path: Path) -> None:
        files = module(f'var.env == "prod" ? {ON} : {OFF}', validated("env", condition, type="string"))
        [found] = verdicts(tmp_path, files)
        assert found.startswith(
            "fail aws_s3_bucket.b main.tf:7:46-57: Versioning is Suspended, when env is dev"
        )
        files = module(f'var.env == "other" ? {OFF} : {ON}', validated("env", condition, type="string"))
        if "!=" not in condition:
            assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}

    def test_what_holds_in_all_of_them_needs_no_condition(self, tmp_path: Path) -> None:
        files = module(f'var.env == "prod" ? {OFF} : "Suspended"', variable("env", type="string"))
        [found] = verdicts(tmp_path, files)
        assert found.endswith("Versioning is Suspended.")

    def test_one_that_only_names_something(self, tmp_path: Path) -> None:
        """It decides nothing, so there is nothing to try."""
        name = '"logs-${var.env}"'
        files = {
            "main.tf": bucket(bucket=name) + versioning(name, OFF),
            "variables.tf": variable("env", type="string"),
        }
        assert verdicts(tmp_path, files) == [SUSPENDED.format("14-25", "")]

    @pytest.mark.parametrize(
        ("kind", "condition"),
        [
            ("number", "var.x > 3"),
            ("object({ on = bool })", "var.x.on"),
            ("list(string)", 'contains(var.x, "on")'),
            ("string", 'startswith(var.x, "prod-")'),
        ],
    )
    def test_what_can_not_be_listed_stays_unknown(self, kind: str, condition: str, tmp_path: Path) -> None:
        files = module(f"{condition} ? {ON} : {OFF}", variable("x", type=kind))
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}


class TestWhatIsOnlyCompared:
    """That a value is compared with something does not say that somebody will give it that one."""

    NOT_TOLD = (
        "unknown aws_s3_bucket.b main.tf:7:14-22: Versioning is not known: it is ${var.mode}, which the input does not"
        " tell: variable `mode` has no default; pass --var-file."
    )

    @pytest.mark.parametrize(
        "others",
        [
            "",
            'resource "aws_sqs_queue" "q" {\n  count = var.mode == "x" ? 0 : 1\n}\n',
            bucket("c", count='var.mode == "" ? 0 : 1'),
            bucket("c", count='contains(["x", "y"], var.mode) ? 0 : 1'),
        ],
    )
    def test_elsewhere(self, others: str, tmp_path: Path) -> None:
        files = module("var.mode", variable("mode"), **{"others.tf": others})
        assert verdicts(tmp_path, files)[0] == self.NOT_TOLD

    def test_by_the_bucket_itself(self, tmp_path: Path) -> None:
        files = module("var.mode", variable("mode"))
        files["main.tf"] = files["main.tf"].replace('"b"\n}', 'var.mode == "x" ? "b" : "c"\n}')
        assert verdicts(tmp_path, files) == [self.NOT_TOLD]

    def test_in_a_text(self, tmp_path: Path) -> None:
        files = module(f'var.mode == "x" ? {ON} : "${{var.mode}}ed"', variable("mode"))
        assert verdicts(tmp_path, files) == [
            (
                "unknown aws_s3_bucket.b main.tf:7:44-59: Versioning is not known: it is ${var.mode}ed, which the input does"
                " not tell: variable `mode` has no default; pass --var-file, when mode is not x."
            )
        ]

    def test_what_is_allowed_will_be_given(self, tmp_path: Path) -> None:
        files = module("var.mode", validated("mode", f"contains([{ON}, {OFF}], var.mode)"))
        assert verdicts(tmp_path, files) == [SUSPENDED.format("14-22", ", when mode is Suspended")]

    def test_only_what_the_resource_itself_compares_is_tried(self, tmp_path: Path) -> None:
        """A hundred values that others are compared with would be too many."""
        files = module(f'var.env == "prod" ? {ON} : {OFF}', variable("env", type="string"))
        files["others.tf"] = "".join(
            bucket(f"o{index}", force_destroy=f'var.env == "e{index}"') for index in range(100)
        )
        assert verdicts(tmp_path, files)[0] == SUSPENDED.format("46-57", ", when env is not prod")


class TestWhoIsConcerned:
    def test_an_unrelated_variable_changes_nothing(self, tmp_path: Path) -> None:
        files = module(ON, "".join(variable(f"v{index}", type="bool") for index in range(9)))
        files["others.tf"] = "".join(
            bucket(f"o{index}", count=f"var.v{index} ? 1 : 0")
            + versioning(
                f"aws_s3_bucket.o{index}[0].id",
                f"var.v{index} ? {ON} : {OFF}",
                f"o{index}",
                count=f"var.v{index} ? 1 : 0",
            )
            for index in range(9)
        )
        found = statuses(tmp_path, files)
        assert set(found.values()) == {"pass"}
        assert len(found) == 10
        assert report(tmp_path, files).problems == ()

    def test_a_neighbour_that_decides(self, tmp_path: Path) -> None:
        """Whether a bucket that is replicated to is versioned depends on a variable that it does not read itself."""
        replication = (
            'resource "aws_s3_bucket_replication_configuration" "r" {\n  bucket = aws_s3_bucket.b.id\n  role = "arn:aws:iam::111122223333:role/r"\n'
            '  rule {\n    status = "Enabled"\n    destination {\n      bucket = aws_s3_bucket.copy.arn\n    }\n  }\n}\n'
        )
        files = module(ON, variable("on", type="bool"))
        files["copy.tf"] = (
            replication
            + bucket("copy")
            + versioning("aws_s3_bucket.copy.id", f"var.on ? {ON} : {OFF}", "copy")
        )
        found = report(tmp_path, files, "replication-destination-versioning")
        [failing] = [one for one in found.findings if one.status == "fail"]
        assert failing.subject.address == "aws_s3_bucket.b"
        assert failing.when == ("on is false",)

    def test_a_part_that_names_its_bucket_itself(self, tmp_path: Path) -> None:
        files = {
            "main.tf": BUCKET + versioning('"b"', f"var.on ? {ON} : {OFF}"),
            "variables.tf": variable("on", type="bool"),
        }
        assert verdicts(tmp_path, files) == [SUSPENDED.format("35-46", ", when on is false")]

    def test_it_comes_from_far(self, tmp_path: Path) -> None:
        """Through the argument of a module, an output, a local value and a key with dots in it."""
        files = {
            "main.tf": call("a", "./a", for_each='{ "x.y" = local.on }', on="each.value")
            + variable("on", type="bool")
            + "locals {\n  on = !module.not.out\n}\n"
            + call("not", "./not", of="var.on"),
            "not/main.tf": variable("of") + output("out", "!var.of"),
            "a/main.tf": variable("on") + call("b", "./b", count="1", status=f"var.on ? {ON} : {OFF}"),
            "a/b/main.tf": variable("status") + BUCKET + versioning(status="var.status"),
        }
        assert verdicts(tmp_path, files) == [
            (
                'fail module.a["x.y"].module.b[0].aws_s3_bucket.b a/b/main.tf:9:14-24: Versioning is Suspended'
                ' with status from module.a["x.y"].module.b[0], when on is false.'
            )
        ]

    def test_a_module_that_is_there_on_a_condition(self, tmp_path: Path) -> None:
        files = {
            "main.tf": variable("on", type="bool")
            + BUCKET
            + call("v", "./v", for_each='toset(var.on ? ["a.b"] : [])', of="aws_s3_bucket.b.id"),
            "v/main.tf": variable("of") + versioning("var.of"),
        }
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:4:1-29: Versioning is not set, so it is Unversioned, when on is false."
        ]

    def test_a_bucket_is_left_out_where_it_is_not_there(self, tmp_path: Path) -> None:
        files = {
            "main.tf": bucket(count="var.on ? 1 : 0")
            + versioning("aws_s3_bucket.b[0].id", count="var.on ? 1 : 0"),
            "variables.tf": variable("on", type="bool"),
        }
        assert verdicts(tmp_path, files) == [
            "pass aws_s3_bucket.b[0] main.tf:8:14-23: Versioning is Enabled."
        ]

    def test_a_policy_in_one_case(self, tmp_path: Path) -> None:
        statement = (
            '{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"],'
            ' Condition = { Bool = { "aws:SecureTransport" = "false" } } }'
        )
        policy = block(
            "resource",
            "aws_s3_bucket_policy",
            "b",
            count="var.strict ? 1 : 0",
            bucket="aws_s3_bucket.b.id",
            policy=f"jsonencode({{ Statement = [{statement}] }})",
        )
        files = {"main.tf": BUCKET + policy, "variables.tf": variable("strict", type="bool")}
        assert verdicts(tmp_path, files, TLS) == [
            "fail aws_s3_bucket.b main.tf:1:1-29: There is no bucket policy that denies plain HTTP, when strict is false."
        ]
        files["variables.tf"] = variable("strict", default="true")
        assert statuses(tmp_path, files, TLS) == {"aws_s3_bucket.b": "pass"}


class TestHowMany:
    @staticmethod
    def several(number: int) -> dict[str, str]:
        condition = " && ".join(f"var.v{index}" for index in range(number))
        return module(
            f"{condition} ? {ON} : {OFF}",
            "".join(variable(f"v{index}", type="bool") for index in range(number)),
        )

    def test_64_are_tried(self, tmp_path: Path) -> None:
        found = report(tmp_path, self.several(6), VERSIONING)
        [only] = found.findings
        assert only.status == "fail"
        assert len(only.when) == 63

    def test_more_are_not(self, tmp_path: Path) -> None:
        found = report(tmp_path, self.several(7), VERSIONING)
        assert [one.status for one in found.findings] == ["unknown"]

    def test_more_do_not_matter_where_it_is_decided(self, tmp_path: Path) -> None:
        files = self.several(7)
        files["main.tf"] = files["main.tf"].replace(OFF, ON)
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}

    def test_a_large_module_is_not_made_again_for_ever(self, tmp_path: Path) -> None:
        files = self.several(6)
        files["many.tf"] = bucket("many", count="400")
        found = report(tmp_path, files, VERSIONING)
        assert [one.status for one in found.findings if one.subject.address == "aws_s3_bucket.b"] == [
            "unknown"
        ]
        assert problems(found) == [
            "partial .: This module can turn out in so many ways that not all were tried; some verdicts are unknown."
        ]

    def test_modules_are_counted_in_each_case_anew(self, tmp_path: Path) -> None:
        """Sixty-four cases with forty modules in each are more than a configuration may have at once."""
        files = self.several(6)
        files["calls.tf"] = "".join(call(f"m{index}", "./m", name=f'"m{index}"') for index in range(40))
        files["m/main.tf"] = variable("name") + bucket(bucket="var.name") + versioning()
        found = report(tmp_path, files, VERSIONING)
        assert problems(found) == []
        assert [one.status for one in found.findings].count("pass") == 40


class TestAllScenarios:
    def test_a_default_is_one_of_several(self, tmp_path: Path) -> None:
        files = module(f"var.on ? {ON} : {OFF}", variable("on", type="bool", default="true"))
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}
        assert verdicts(tmp_path, files, all_scenarios=True) == [
            SUSPENDED.format("35-46", ", when on is false")
        ]

    def test_what_validation_allows(self, tmp_path: Path) -> None:
        variables = validated("env", 'contains(["dev", "prod"], var.env)', default='"prod"')
        files = module(f'var.env == "prod" ? {ON} : {OFF}', variables)
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}
        assert verdicts(tmp_path, files, all_scenarios=True) == [
            SUSPENDED.format("46-57", ", when env is dev")
        ]

    def test_a_value_that_is_given_is_no_scenario(self, tmp_path: Path) -> None:
        files = module(f"var.on ? {ON} : {OFF}", variable("on", type="bool", default="true"))
        assert statuses(tmp_path, files, all_scenarios=True, variables={"on": "true"}) == {
            "aws_s3_bucket.b": "pass"
        }
        files["prod.tfvars"] = "on = true\n"
        assert statuses(tmp_path, files, all_scenarios=True, variable_files=["prod.tfvars"]) == {
            "aws_s3_bucket.b": "pass"
        }
        # What Terraform reads by itself is what everybody has, as a default is.
        files["terraform.tfvars"] = "on = true\n"
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}
        assert statuses(tmp_path, files, all_scenarios=True) == {"aws_s3_bucket.b": "fail"}

    def test_a_default_of_which_nobody_knows_the_others(self, tmp_path: Path) -> None:
        files = module(f'var.env == "prod" ? {ON} : {OFF}', variable("env", default='"prod"'))
        assert statuses(tmp_path, files, all_scenarios=True) == {"aws_s3_bucket.b": "pass"}
