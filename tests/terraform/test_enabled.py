"""Resources and modules that OpenTofu leaves out: `lifecycle { enabled = ... }`.

https://opentofu.org/docs/language/meta-arguments/enabled/
"""

from pathlib import Path

import pytest

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.terraform.language.values import Failed, Primitive
from tests.terraform.calls import refusal, told, why
from tests.terraform.folder import Folder
from tests.terraform.pieces import bucket, call, output, variable, versioning
from tests.terraform.scans import problems, report, statuses, verdicts

HEADER = 'resource "aws_s3_bucket" "b" {\n'
NOT_SET = "Versioning is not set, so it is Unversioned"


def lifecycle(enabled: str) -> str:
    return f"  lifecycle {{\n    enabled = {enabled}\n  }}\n"


def only_if(enabled: str, block: str) -> str:
    """A block with one more in it."""
    return f"{block.rstrip().removesuffix('}')}{lifecycle(enabled)}}}\n"


ON = variable("on", type="bool")
UNKNOWN = "data.aws_region.here.opted_in"


def test_what_is_enabled_is_there_without_a_key(tmp_path: Path) -> None:
    files = {"main.tf": only_if("true", bucket()) + only_if("1 < 2", versioning())}
    assert verdicts(tmp_path, files) == ["pass aws_s3_bucket.b main.tf:9:14-23: Versioning is Enabled."]


@pytest.mark.parametrize("name", ["main.tf", "main.tofu"])
def test_what_is_not_enabled_is_not_there(name: str, tmp_path: Path) -> None:
    assert verdicts(tmp_path, {name: only_if("false", bucket())}) == []
    assert verdicts(tmp_path, {name: bucket() + only_if("false", versioning())}) == [
        f"fail aws_s3_bucket.b {name}:1:1-29: {NOT_SET}."
    ]


def test_a_default_that_decides_is_named(tmp_path: Path) -> None:
    on = variable("on", default="true")
    assert verdicts(tmp_path, {"main.tf": only_if("var.on", bucket()), "variables.tf": on}) == [
        f"fail aws_s3_bucket.b main.tf:1:1-29: {NOT_SET}; aws_s3_bucket.b is there with the default of on."
    ]


def test_a_variable_without_a_value_is_tried_both_ways(tmp_path: Path) -> None:
    files = {"main.tf": bucket() + only_if("var.on", versioning()), "variables.tf": ON}
    assert verdicts(tmp_path, files) == [f"fail aws_s3_bucket.b main.tf:1:1-29: {NOT_SET}, when on is false."]
    files["main.tf"] = only_if("var.on", bucket()) + only_if("var.on", versioning())
    assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}
    files["main.tf"] = only_if("var.on", bucket()) + only_if("!var.on", versioning())
    assert statuses(tmp_path, files)["aws_s3_bucket.b"] == "fail"


def test_what_can_not_be_told_is_open(tmp_path: Path) -> None:
    data = 'data "aws_region" "here" {}\n'
    files = {"main.tf": bucket() + only_if(UNKNOWN, versioning()), "data.tf": data}
    assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}
    files["main.tf"] = only_if(UNKNOWN, bucket()) + only_if(UNKNOWN, versioning())
    assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}


@pytest.mark.parametrize("enabled", ["null", '"maybe"', "[]", "aws_s3_bucket_versioning.b.id", "nothing"])
def test_what_open_tofu_refuses_never_passes(enabled: str, tmp_path: Path) -> None:
    files = {"main.tf": bucket() + only_if(enabled, versioning())}
    assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}


@pytest.mark.parametrize(
    "of",
    [
        'try(aws_s3_bucket.b.id, "")',
        'try(aws_s3_bucket.b["id"], "")',
        "one(aws_s3_bucket.b[*].id)",
        'join("", aws_s3_bucket.b[*].id)',
        'aws_s3_bucket.b != null ? aws_s3_bucket.b.id : ""',
        'null == aws_s3_bucket.b ? "" : aws_s3_bucket.b.id',
        'can(aws_s3_bucket.b.id) ? aws_s3_bucket.b.id : ""',
    ],
)
@pytest.mark.parametrize("enabled", ["true", "var.on"])
def test_ways_to_ask_for_what_may_not_be_there(of: str, enabled: str, tmp_path: Path) -> None:
    files = {
        "main.tf": only_if(enabled, bucket()) + only_if(enabled, versioning(of)),
        "variables.tf": ON,
    }
    assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "pass"}


class TestValues:
    def folder(self, enabled: str) -> Folder:
        return Folder(
            {
                "main.tf": only_if(enabled, bucket(bucket='"logs"')) + only_if(enabled, call("m", "./m")),
                "variables.tf": ON + variable("off", default="false") + 'data "aws_region" "here" {}\n',
                "m/main.tf": output("x", '"told"'),
            }
        )

    def test_without_being_there_it_is_null(self) -> None:
        folder = self.folder("false")
        for name in ("aws_s3_bucket.b", "module.m"):
            value = folder.value(name)
            assert isinstance(value, Primitive)
            assert value.data is None
        assert refusal(folder.value("aws_s3_bucket.b.bucket")) == "it is not enabled, so it is null"
        assert refusal(folder.value("module.m.x")) == "it is not enabled, so it is null"
        assert told(folder.value('try(module.m.x, "none")')) == "none"
        assert told(folder.value('try(aws_s3_bucket.b.bucket, "none")')) == "none"

    def test_it_is_as_any_other_where_it_is_there(self) -> None:
        folder = self.folder("true")
        assert told(folder.value("aws_s3_bucket.b.bucket")) == "logs"
        assert told(folder.value("module.m.x")) == "told"
        assert told(folder.value('module.m == null ? "none" : module.m.x')) == "told"
        assert isinstance(folder.value("aws_s3_bucket.b[0]"), Failed)

    def test_open_it_is_taken_to_be_there_but_not_by_who_asks(self) -> None:
        folder = self.folder("var.on")
        said = "variable `on` has no default; pass --var-file"
        assert told(folder.value("aws_s3_bucket.b.bucket")) == "logs"
        assert told(folder.value("module.m.x")) == "told"
        for expression in ("try(module.m.x, 1)", "module.m == null", "aws_s3_bucket.b", "one(module.m[*].x)"):
            value = folder.value(expression)
            assert isinstance(value, Undecided)
            assert why(value) == said

    def test_who_asks_is_told_what_was_assumed(self) -> None:
        folder = self.folder("var.off")
        assert folder.told('try(module.m.x, "none")')[1] == "with the default of off"
        assert folder.told("module.m == null")[1] == "with the default of off"

    def test_one_that_asks_for_itself_is_open(self) -> None:
        folder = self.folder("aws_s3_bucket.b.bucket == module.m.x")
        assert why(folder.value("aws_s3_bucket.b")).endswith("refers to itself")


class TestModules:
    INNER = bucket() + output("id", "aws_s3_bucket.b.id")

    def files(self, enabled: str) -> dict[str, str]:
        return {
            "main.tf": only_if(enabled, call("m", "./m")) + versioning("module.m.id"),
            "variables.tf": ON,
            "m/main.tf": self.INNER,
        }

    def test_it_has_no_key(self, tmp_path: Path) -> None:
        assert statuses(tmp_path, self.files("true")) == {"module.m.aws_s3_bucket.b": "pass"}
        assert statuses(tmp_path, self.files("var.on"))["module.m.aws_s3_bucket.b"] == "pass"

    def test_what_it_declares_is_not_there(self, tmp_path: Path) -> None:
        files = self.files("false")
        files["main.tf"] = only_if("false", call("m", "./m"))
        found = report(tmp_path, files)
        assert (found.findings, found.problems) == ((), ())

    def test_one_that_is_not_installed_is_not_missed(self, tmp_path: Path) -> None:
        missing = only_if("false", call("m", "example/m/aws")) + call("n", "example/n/aws", count="0")
        found = report(tmp_path, {"main.tf": bucket() + missing})
        assert problems(found) == []
        found = report(tmp_path, {"main.tf": bucket() + only_if("var.on", call("m", "example/m/aws")) + ON})
        assert [one.at.line for one in found.problems] == [4]

    @pytest.mark.parametrize("enabled", ["true", "false"])
    def test_in_json(self, enabled: str, tmp_path: Path) -> None:
        text = '{"module": {"m": {"source": "./m", "lifecycle": {"enabled": %s}}}}' % enabled  # noqa: UP031
        found = statuses(tmp_path, {"main.tofu.json": text, "m/main.tf": self.INNER})
        assert found == ({"module.m.aws_s3_bucket.b": "fail"} if enabled == "true" else {})


def test_in_json(tmp_path: Path) -> None:
    text = '{"resource": {"aws_s3_bucket": {"b": {"lifecycle": [{"enabled": "${1 > 2}"}]}}}}'
    assert verdicts(tmp_path, {"main.tf.json": text}) == []


def test_a_data_source_that_is_not_there_is_null() -> None:
    folder = Folder({"main.tf": only_if("false", 'data "aws_region" "here" {}\n'.replace("{}", "{\n}"))})
    assert told(folder.value('data.aws_region.here == null ? "none" : "one"')) == "none"


def test_an_override_file_changes_it_and_nothing_else_in_the_block(tmp_path: Path) -> None:
    main = bucket().replace("}", "  lifecycle {\n    enabled = false\n    prevent_destroy = true\n  }\n}")
    files = {"main.tofu": main, "main_override.tofu": only_if("true", bucket())}
    assert verdicts(tmp_path, files) == [f"fail aws_s3_bucket.b main.tofu:1:1-29: {NOT_SET}."]
    (block,) = Folder(files).module.resources["aws_s3_bucket.b"].body.blocks
    assert list(block.body.attributes) == ["enabled", "prevent_destroy"]


@pytest.mark.parametrize("other", ["count = 1", 'for_each = toset(["a"])'])
@pytest.mark.parametrize("enabled", ["true", "false"])
def test_beside_count_or_for_each_it_is_an_error(other: str, enabled: str, tmp_path: Path) -> None:
    name = other.partition(" ")[0]
    said = (
        f"partial main.tf:4:5-12: This block has {name} and enabled, and OpenTofu allows only one of them, so how"
        " many there are is not known. Remove one."
    )
    text = f"{HEADER}  {other}\n{lifecycle(enabled)}}}\n"
    found = report(tmp_path, {"main.tf": text})
    assert problems(found) == [said]
    key = "count.index" if name == "count" else "each.key"
    assert {one.subject.address for one in found.findings} == {f"aws_s3_bucket.b[{key}]"}
    text = f'{bucket()}module "m" {{\n  source = "./m"\n  {other}\n{lifecycle(enabled)}}}\n'
    inner = variable("of") + versioning("var.of")
    found = report(tmp_path, {"main.tf": text, "m/main.tf": inner})
    assert problems(found) == [said.replace("main.tf:4", "main.tf:7")]


def test_beside_count_or_for_each_nothing_is_sure(tmp_path: Path) -> None:
    for other in ("count = 1", 'for_each = toset(["a"])'):
        part = versioning().replace("{\n", f"{{\n  {other}\n", 1)
        files = {"main.tf": bucket() + only_if("true", part)}
        assert statuses(tmp_path, files) == {"aws_s3_bucket.b": "unknown"}
