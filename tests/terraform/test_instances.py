# ruff: noqa: E501 - the modules are laid out as people write them
"""Resources that are repeated by `count` and `for_each`: how many there are, and which belongs to which."""

from pathlib import Path

import pytest

from tests.terraform.pieces import OFF, ON, bucket, variable, versioning
from tests.terraform.scans import problems, report, statuses, verdicts

EACH = "aws_s3_bucket.b[each.key].id"
INDEX = "aws_s3_bucket.b[count.index].id"


def unset(address: str, line: int = 1) -> str:
    return f"fail {address} main.tf:{line}:1-29: Versioning is not set, so it is Unversioned."


class TestCount:
    def test_none(self, tmp_path: Path) -> None:
        assert verdicts(tmp_path, {"main.tf": bucket(count="0") + bucket("c", count="1 - 1")}) == []

    def test_some(self, tmp_path: Path) -> None:
        status = f"count.index == 0 ? {ON} : {OFF}"
        files = {
            "main.tf": bucket(count="2", bucket='"b-${count.index}"') + versioning(INDEX, status, count="2")
        }
        assert verdicts(tmp_path, files) == [
            "pass aws_s3_bucket.b[0] main.tf:9:33-42: Versioning is Enabled.",
            "fail aws_s3_bucket.b[1] main.tf:9:45-56: Versioning is Suspended.",
        ]

    @pytest.mark.parametrize(
        "of",
        [
            INDEX,
            "aws_s3_bucket.b.*.id[count.index]",
            "(aws_s3_bucket.b[*].bucket)[count.index]",
            "element(aws_s3_bucket.b[*].id, count.index)",
            "element(aws_s3_bucket.b.*.id, count.index + 2)",
            "[for one in aws_s3_bucket.b : one.id][count.index]",
            'values({ for i, one in aws_s3_bucket.b : "k${i}" => one.id })[count.index]',
        ],
    )
    @pytest.mark.parametrize("name", ["", 'bucket = "b-${count.index}"'])
    def test_each_is_joined_to_its_own(self, of: str, name: str, tmp_path: Path) -> None:
        text = f'resource "aws_s3_bucket" "b" {{\n  count = 2\n  {name}\n}}\n'
        status = f"count.index == 0 ? {ON} : {OFF}"
        files = {"main.tf": text + versioning(of, status, count="length(aws_s3_bucket.b)")}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[0]": "pass", "aws_s3_bucket.b[1]": "fail"}

    @pytest.mark.parametrize(
        "of",
        [
            "aws_s3_bucket.b[0].id",
            'aws_s3_bucket.b["0"].id',
            "aws_s3_bucket.b.0.id",
            "one(aws_s3_bucket.b[*].id)",
            'join("", aws_s3_bucket.b.*.id)',
            'try(aws_s3_bucket.b[0].id, "")',
            'try(aws_s3_bucket.b[1].id, aws_s3_bucket.b[0].id, "")',
            'element(concat(aws_s3_bucket.b.*.id, [""]), 0)',
            'coalesce(one(aws_s3_bucket.b[*].id), "none")',
            'length(aws_s3_bucket.b) > 0 ? aws_s3_bucket.b[0].id : ""',
        ],
    )
    @pytest.mark.parametrize("condition", ["true", "var.told", "var.open"])
    def test_there_is_one_or_none(self, of: str, condition: str, tmp_path: Path) -> None:
        variables = variable("told", default="true") + variable("open", type="bool")
        repeated = {"count": f"{condition} ? 1 : 0"}
        files = {"main.tf": bucket(**repeated) + versioning(of, **repeated), "variables.tf": variables}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[0]": "pass"}

    def test_a_part_that_is_there_on_a_condition(self, tmp_path: Path) -> None:
        files = {"main.tf": bucket() + versioning(count="var.on ? 1 : 0")}
        for default, status in (("true", "pass"), ("false", "fail")):
            files["variables.tf"] = variable("on", type="bool", default=default)
            assert statuses(tmp_path, files) == {"aws_s3_bucket.b": status}
        files["variables.tf"] = variable("on", type="bool")
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b main.tf:1:1-29: Versioning is not set, so it is Unversioned, when on is false."
        ]

    def test_a_default_that_decides_is_named(self, tmp_path: Path) -> None:
        files = {"main.tf": bucket(count="var.on ? 1 : 0") + variable("on", default="true")}
        assert verdicts(tmp_path, files) == [
            (
                "fail aws_s3_bucket.b[0] main.tf:1:1-29: Versioning is not set, so it is Unversioned;"
                " aws_s3_bucket.b[0] is there with the default of on."
            )
        ]

    def test_a_number_that_nobody_tells(self, tmp_path: Path) -> None:
        """One stands for all of them, and each belongs to the one of its own number."""
        number = variable("n", type="number")
        files = {"main.tf": bucket(count="var.n") + versioning(INDEX, count="var.n"), "variables.tf": number}
        assert verdicts(tmp_path, files) == [
            "pass aws_s3_bucket.b[count.index] main.tf:8:14-23: Versioning is Enabled."
        ]
        files["main.tf"] = bucket(count="var.n") + versioning(INDEX, count="var.n - 1")
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[count.index]": "unknown"}
        status = f"count.index == 0 ? {ON} : {OFF}"
        files["main.tf"] = bucket(count="var.n") + versioning(INDEX, status, count="var.n")
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[count.index]": "unknown"}

    def test_one_of_two_numbers(self, tmp_path: Path) -> None:
        number = variable("n", type="number") + "locals {\n  two = var.n > 1 ? 2 : 0\n}\n"
        files = {
            "main.tf": bucket(count="local.two") + versioning(INDEX, count="local.two"),
            "variables.tf": number,
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[0]": "pass", "aws_s3_bucket.b[1]": "pass"}
        files["main.tf"] = bucket(count="local.two") + versioning(
            "aws_s3_bucket.b[0].id", count="var.n > 5 ? 1 : 0"
        )
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[0]": "unknown", "aws_s3_bucket.b[1]": "fail"}

    @pytest.mark.parametrize("count", ['"two"', "null", "[1]", "-1", "local.none"])
    def test_no_number(self, count: str, tmp_path: Path) -> None:
        assert "pass" not in statuses(tmp_path, {"main.tf": bucket() + versioning(count=count)}).values()

    def test_both(self, tmp_path: Path) -> None:
        files = {"main.tf": bucket(count="1", for_each='toset(["a"])')}
        found = report(tmp_path, files, "versioning-enabled")
        assert problems(found) == [
            (
                "partial main.tf:3:3-11: This block has count and for_each, and Terraform allows only one of them, so how"
                " many there are is not known. Remove one."
            )
        ]

    def test_it_refers_to_itself(self, tmp_path: Path) -> None:
        files = {"main.tf": bucket(count="length(aws_s3_bucket.b)") + versioning("aws_s3_bucket.b[0].id")}
        assert "pass" not in statuses(tmp_path, files).values()


class TestForEach:
    @pytest.mark.parametrize(
        "each",
        [
            'toset(["eu", "us"])',
            '{ eu = "x", us = "y" }',
            '{ for name in ["eu", "us"] : name => upper(name) }',
            "var.sites",
            "local.sites",
            "aws_s3_bucket.other",
        ],
    )
    @pytest.mark.parametrize(
        "of", [EACH, 'aws_s3_bucket.b["${each.key}"].id', "lookup(aws_s3_bucket.b, each.key, null).id"]
    )
    def test_each_is_joined_to_its_own(self, each: str, of: str, tmp_path: Path) -> None:
        others = (
            variable("sites", default="{ eu = 1, us = 2 }")
            + "locals {\n  sites = { for k, v in var.sites : k => v }\n}\n"
            + bucket("other", for_each="var.sites")
        )
        status = f'each.key == "eu" ? {ON} : {OFF}'
        files = {
            "main.tf": bucket(for_each=each) + versioning(of, status, for_each=each),
            "others.tf": others,
        }
        found = statuses(tmp_path, files)
        assert found['aws_s3_bucket.b["eu"]'] == "pass"
        assert found['aws_s3_bucket.b["us"]'] == "fail"

    def test_over_another_resource(self, tmp_path: Path) -> None:
        buckets = bucket(for_each='{ eu = "one", us = "two" }', bucket="each.value")
        files = {"main.tf": buckets + versioning("each.value.id", for_each="aws_s3_bucket.b")}
        assert verdicts(tmp_path, files) == [
            'pass aws_s3_bucket.b["eu"] main.tf:9:14-23: Versioning is Enabled.',
            'pass aws_s3_bucket.b["us"] main.tf:9:14-23: Versioning is Enabled.',
        ]
        some = '{ for k, one in aws_s3_bucket.b : k => one.id if one.bucket == "two" }'
        assert verdicts(tmp_path, {"main.tf": buckets + versioning("each.value", for_each=some)}) == [
            unset('aws_s3_bucket.b["eu"]'),
            'pass aws_s3_bucket.b["us"] main.tf:9:14-23: Versioning is Enabled.',
        ]

    def test_values_that_are_objects(self, tmp_path: Path) -> None:
        sites = '{ eu = { name = "x", status = "Enabled" }, us = { name = "y" } }'
        kind = 'map(object({ name = string, status = optional(string, "Suspended") }))'
        text = bucket(for_each="var.sites", bucket="each.value.name")
        files = {
            "main.tf": text + versioning('"${each.value.name}"', "each.value.status", for_each="var.sites"),
            "variables.tf": variable("sites", type=kind, default=sites),
        }
        assert verdicts(tmp_path, files) == [
            'pass aws_s3_bucket.b["eu"] main.tf:9:14-31: Versioning is Enabled with the default of sites.',
            (
                'fail aws_s3_bucket.b["us"] main.tf:9:14-31: Versioning is Suspended with the default of sites;'
                ' aws_s3_bucket.b["us"] is there with the default of sites.'
            ),
        ]

    @pytest.mark.parametrize(
        "each", ["toset(var.names)", "var.sites", "{ for name in var.names : name => 1 }"]
    )
    def test_keys_that_nobody_tells(self, each: str, tmp_path: Path) -> None:
        """One stands for all of them, and each belongs to the one of its own key."""
        variables = variable("names", type="list(string)") + variable("sites", type="map(string)")
        files = {
            "main.tf": bucket(for_each=each) + versioning(EACH, for_each=each),
            "variables.tf": variables,
        }
        assert verdicts(tmp_path, files) == [
            "pass aws_s3_bucket.b[each.key] main.tf:8:14-23: Versioning is Enabled."
        ]
        files["main.tf"] = bucket(for_each=each) + versioning("each.value.id", for_each="aws_s3_bucket.b")
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[each.key]": "pass"}
        files["main.tf"] = bucket(for_each=each)
        assert verdicts(tmp_path, files) == [unset("aws_s3_bucket.b[each.key]")]

    def test_other_keys_are_other_buckets(self, tmp_path: Path) -> None:
        """Also where the two expressions are long, and differ in their last word only."""
        long = "{{ for name, site in var.all_of_the_sites_of_this_project : name => site if site.is_{} }}"
        variables = variable("all_of_the_sites_of_this_project", type="map(any)")
        files = {
            "main.tf": bucket(for_each=long.format("here")) + versioning(EACH, for_each=long.format("there")),
            "variables.tf": variables,
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[each.key]": "unknown"}
        files["main.tf"] = bucket(for_each=long.format("here")) + versioning('aws_s3_bucket.b["x"].id')
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b[each.key]": "unknown"}

    def test_a_key_that_is_known_in_part(self, tmp_path: Path) -> None:
        each = 'toset(["a-${var.env}", "b-${var.env}"])'
        files = {
            "main.tf": bucket(for_each=each) + versioning(EACH, for_each='toset(["a-${var.env}"])'),
            "variables.tf": variable("env", type="string"),
        }
        assert statuses(tmp_path, files) == {
            'aws_s3_bucket.b["a-${var.env}"]': "pass",
            'aws_s3_bucket.b["b-${var.env}"]': "fail",
        }

    @pytest.mark.parametrize("each", ['["a", "b"]', "null", '"text"', "3", "toset([null])"])
    def test_what_terraform_refuses(self, each: str, tmp_path: Path) -> None:
        assert statuses(tmp_path, {"main.tf": bucket() + versioning(for_each=each)}) == {
            "aws_s3_bucket.b": "unknown"
        }

    def test_none(self, tmp_path: Path) -> None:
        assert (
            verdicts(tmp_path, {"main.tf": bucket(for_each="{}") + bucket("c", for_each="toset([])")}) == []
        )

    def test_a_filter_that_nobody_can_decide(self, tmp_path: Path) -> None:
        each = "{ for k, v in { eu = 1, us = 2 } : k => v if k != var.out }"
        files = {
            "main.tf": bucket() + versioning(for_each=each),
            "variables.tf": variable("out", type="string"),
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}


class TestEither:
    """Conditions that nobody can decide, between keys or numbers that are known: each is judged where it is there."""

    @pytest.mark.parametrize(
        ("each", "keys"),
        [
            ('var.on ? toset(["x", "y"]) : []', "xy"),
            ("var.on ? { x = 1, y = 2 } : { x = 1 }", "xy"),
            ("local.sites", "x"),
            ('toset(var.on ? ["x"] : [])', "x"),
            ("var.on ? (var.more ? { a = 1 } : { b = 1 }) : { c = 1 }", "abc"),
            ('var.env == "prod" ? { a = 1, b = 2 } : { a = 3 }', "ab"),
        ],
    )
    def test_keys(self, each: str, keys: str, tmp_path: Path) -> None:
        variables = (
            variable("on", type="bool")
            + variable("more", type="bool")
            + variable("env", type="string")
            + "locals {\n  sites = var.on ? { x = 1 } : {}\n}\n"
        )
        files = {
            "main.tf": bucket(for_each=each) + versioning(EACH, for_each=each),
            "variables.tf": variables,
        }
        assert statuses(tmp_path, files) == {f'aws_s3_bucket.b["{key}"]': "pass" for key in keys}
        files["main.tf"] = bucket(for_each=each)
        assert set(statuses(tmp_path, files).values()) == {"fail"}

    def test_a_value_that_differs(self, tmp_path: Path) -> None:
        each = f"var.on ? {{ x = {ON}, y = {ON} }} : {{ x = {OFF} }}"
        files = {
            "main.tf": bucket(for_each=each) + versioning(EACH, "each.value", for_each=each),
            "variables.tf": variable("on", type="bool"),
        }
        assert verdicts(tmp_path, files) == [
            'fail aws_s3_bucket.b["x"] main.tf:8:14-24: Versioning is Suspended, when on is false.',
            'pass aws_s3_bucket.b["y"] main.tf:8:14-24: Versioning is Enabled.',
        ]

    @pytest.mark.parametrize(
        "each",
        [
            "{ for k, v in { x = true, y = var.on } : k => v if v }",
            "merge({ x = 1 }, var.on ? { y = 2 } : {})",
        ],
    )
    def test_keys_that_are_known_only_when_it_is_decided(self, each: str, tmp_path: Path) -> None:
        """Then one stands for all, as where nothing is known: it is not passed over."""
        files = {"main.tf": bucket(for_each=each), "variables.tf": variable("on", type="bool")}
        assert verdicts(tmp_path, files) == [unset("aws_s3_bucket.b[each.key]")]

    def test_numbers(self, tmp_path: Path) -> None:
        count = "var.on ? (var.more ? 3 : 2) : 1"
        files = {
            "main.tf": bucket(count=count) + versioning(INDEX, count=f"({count}) - 1"),
            "variables.tf": variable("on", type="bool") + variable("more", type="bool"),
        }
        assert verdicts(tmp_path, files) == [
            "fail aws_s3_bucket.b[0] main.tf:1:1-29: Versioning is not set, so it is Unversioned, when on is false.",
            "fail aws_s3_bucket.b[1] main.tf:1:1-29: Versioning is not set, so it is Unversioned, when more is false.",
            unset("aws_s3_bucket.b[2]"),
        ]


class TestNumbers:
    def test_what_depends_on_how_many_there_are_says_by_which_default(self, tmp_path: Path) -> None:
        """Whichever of the two is written first, or is in the file that is read first."""
        status = f"length(aws_s3_bucket.b) > 1 ? {OFF} : {ON}"
        one, two = bucket(count="var.n"), versioning("aws_s3_bucket.b[0].id", status)
        for files in ({"a.tf": one, "b.tf": two}, {"a.tf": two, "b.tf": one}):
            files["variables.tf"] = variable("n", default="1")
            [found] = verdicts(tmp_path, files)
            assert found.endswith("Versioning is Enabled with the default of n.")

    def test_too_many(self, tmp_path: Path) -> None:
        files = {"main.tf": bucket(count="30000", bucket='"b-${count.index}"')}
        found = report(tmp_path, files, "versioning-enabled")
        assert problems(found) == [
            (
                "partial main.tf:1:1-29: aws_s3_bucket.b has 30,000 instances, and only 1,000 are looked at: no more than"
                " 1,000 of one block are."
            )
        ]
        assert {one.status for one in found.findings} == {"fail"}

    def test_too_many_of_what_may_speak_of_any_bucket(self, tmp_path: Path) -> None:
        many = versioning('"other-${count.index}"', count="1001")
        assert statuses(tmp_path, {"main.tf": bucket(bucket='"b"') + many})["aws_s3_bucket.b"] == "unknown"
