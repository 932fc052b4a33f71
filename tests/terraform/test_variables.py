"""The values of variables, by where they come from."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence, location
from s3audit.collectors.terraform.language.convert import to_plain
from s3audit.collectors.terraform.language.values import Failed, Value
from s3audit.collectors.terraform.modules.module import load
from s3audit.collectors.terraform.modules.validation import allowed
from tests.terraform.folder import Folder


def variable(type_: str = "", default: str = "", more: str = "") -> dict[str, str]:
    """A module with the variable `v`."""
    arguments = [f"  type = {type_}" if type_ else "", f"  default = {default}" if default else "", more]
    return {"main.tf": "\n".join(['variable "v" {', *filter(None, arguments), "}\n"])}


def place(value: Value) -> str:
    return str(location(value, "?"))


# What Terraform itself is asked, too.
SEVERAL = {
    "main.tf": "".join(f'variable "v{index}" {{\n  default = "default"\n}}\n' for index in range(8)),
    "terraform.tfvars": "".join(f'v{index} = "terraform.tfvars"\n' for index in range(1, 8)),
    "terraform.tfvars.json": json.dumps({f"v{index}": "terraform.tfvars.json" for index in range(2, 8)}),
    "a.auto.tfvars.json": json.dumps({f"v{index}": "a.auto.tfvars.json" for index in range(3, 8)}),
    "b.auto.tfvars": "".join(f'v{index} = "b.auto.tfvars"\n' for index in range(4, 8)),
    "c.tfvars": "".join(f'v{index} = "c.tfvars"\n' for index in range(5, 8)),
    "d.tfvars.json": json.dumps({"v6": "d.tfvars.json", "v7": "d.tfvars.json", "other": 1}),
    "e.tfvars": 'v0 = "not read"',
}
ORDER = [
    "default",
    "terraform.tfvars",
    "terraform.tfvars.json",
    "a.auto.tfvars.json",
    "b.auto.tfvars",
    "c.tfvars",
    "d.tfvars.json",
    "by hand",
]


class TestOrder:
    def test_what_counts_more(self) -> None:
        folder = Folder(SEVERAL, variables={"v7": "by hand"}, variable_files=["c.tfvars", "d.tfvars.json"])
        told = [folder.told(f"var.v{index}") for index in range(8)]
        assert [to_plain(value) for value, _ in told] == ORDER
        assert [via for _, via in told] == [
            "with the default of v0",
            *(f"with v{index} from {name}" for index, name in enumerate(ORDER[1:7], 1)),
            "",
        ]
        assert folder.inputs.problems == []

    def test_as_terraform_has_it(self, tmp_path: Path) -> None:
        terraform = shutil.which("terraform")
        if terraform is None:
            pytest.skip("terraform is not on the PATH, so nothing can be compared with it")
        for name, text in SEVERAL.items():
            (tmp_path / name).write_text(text)
        run = subprocess.run(
            [terraform, "console", "-var-file=c.tfvars", "-var-file=d.tfvars.json", "-var=v7=by hand"],
            cwd=tmp_path,
            env={**os.environ, "CHECKPOINT_DISABLE": "1"},
            input=f"[{', '.join(f'var.v{index}' for index in range(8))}]",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        told = [line.strip(' ",') for line in run.stdout.splitlines()]
        assert [name for name in told if name in ORDER] == ORDER, run.stdout + run.stderr

    def test_values_have_the_place_where_they_are_written(self) -> None:
        files = {**variable("map(string)", "{}"), "x.auto.tfvars": 'a = 1\nv = {\n  k = "x"\n}\n'}
        made = Folder(files).variable("v")
        assert isinstance(made, Mapping)
        assert place(made) == "x.auto.tfvars:2:5"
        assert place(made.entries["k"].value) == "x.auto.tfvars:3:7"

    def test_files_of_other_folders_are_not_looked_at(self) -> None:
        files = {**variable("", '"x"'), "m/terraform.tfvars": 'v = "y"'}
        assert to_plain(Folder(files).value("var.v")) == "x"


class TestByHand:
    @pytest.mark.parametrize(
        ("type_", "typed", "value"),
        [
            ("", "x", "x"),
            ("", "[1]", "[1]"),
            ("", "null", "null"),
            ("string", '"x"', '"x"'),
            ("number", "12", 12),
            ("bool", "true", True),
            ("any", "[1]", [1]),
            ("any", '"x"', "x"),
            ("list(string)", '["a", 1]', ["a", "1"]),
            ("map(string)", "{ a = 1 }", {"a": "1"}),
            ('object({ a = optional(string, "x") })', "{}", {"a": "x"}),
            ("list(string)", "[\n  1,\n]", ["1"]),
            ("list(string)", "null", None),
        ],
    )
    def test_texts_are_taken_as_the_type_wants_them(self, type_: str, typed: str, value: object) -> None:
        folder = Folder(variable(type_), variables={"v": typed})
        made, via = folder.told("var.v")
        assert to_plain(made) == value
        assert type(to_plain(made)) is type(value)
        assert via == ""
        assert place(folder.variable("v")) == "main.tf:1:1"

    @pytest.mark.parametrize(
        ("type_", "typed"), [("number", "x"), ("list(string)", "["), ("list(string)", "a b"), ("bool", "yes")]
    )
    def test_what_the_type_does_not_allow(self, type_: str, typed: str) -> None:
        made = Folder(variable(type_, "null"), variables={"v": typed}).variable("v")
        assert isinstance(made, Failed)
        assert place(made) == "main.tf:1:1"

    def test_a_name_that_no_module_has(self) -> None:
        folder = Folder(variable(), variables={"v": "x", "vv": "y", "region": "z"})
        near, far = sorted(folder.inputs.unused([folder.module]), key=lambda said: "vv" not in said.message)
        assert (
            near.message
            == "No scanned root module has a variable 'vv', did you mean 'v'; its value is not used."
        )
        assert far.message == "No scanned root module has a variable 'region'; its value is not used."
        assert near.kind == "partial"
        (said,) = Folder(variable(), variables={"v": "x"}).inputs.unused([], beside_records=True)
        assert (
            said.message
            == "The value of 'v' is not used: a plan or a state has the values that it was made with."
        )
        assert folder.inputs.unused([folder.module, load("x", [], 10)[0]]) == folder.inputs.unused(
            [folder.module]
        )
        assert Folder(variable(), variables={"v": "x"}).inputs.unused([folder.module]) == []


class TestNoValue:
    WHY = "variable `v` has no default; pass --var-file"

    @pytest.mark.parametrize("type_", ["", "any", "string"])
    def test_a_text_is_known_by_its_name(self, type_: str) -> None:
        made = Folder(variable(type_)).variable("v")
        assert isinstance(made, Partial)
        assert (str(made.text), made.why) == ("${var.v}", self.WHY)
        assert Folder(variable(type_)).told("var.v")[1] == ""
        assert made.text.opaque[0].given
        assert place(made) == "main.tf:1:1"

    @pytest.mark.parametrize(
        "type_", ["number", "bool", "list(string)", "map(any)", "object({})", "tuple([])"]
    )
    def test_anything_else_is_not_known(self, type_: str) -> None:
        made = Folder(variable(type_)).value("var.v")
        assert isinstance(made, Undecided)
        assert not isinstance(made, Failed)
        assert made.why == self.WHY

    def test_who_asks_for_it_is_told(self) -> None:
        folder = Folder(variable("bool"))
        assert folder.evaluator.asked == {}
        folder.value("var.v")
        assert folder.evaluator.asked == {"v": (True, False)}

    def test_a_default_is_left_aside_for_all_scenarios(self) -> None:
        files = {
            "main.tf": 'variable "a" {\n  type = bool\n  default = true\n}\nvariable "b" {\n  default = "x"\n}\n'
        }
        folder = Folder(files, all_scenarios=True)
        assert isinstance(folder.value("var.a"), Undecided)
        assert to_plain(folder.value("var.b")) == "x"
        assert folder.evaluator.asked == {"a": (True, False)}
        assert to_plain(Folder(files).value("var.a")) is True


class TestAllowed:
    @pytest.mark.parametrize(
        ("type_", "condition", "values"),
        [
            ("string", 'contains(["dev", "prod"], var.v)', ("dev", "prod")),
            ("string", 'contains(toset(["dev"]), var.v)', ("dev",)),
            ("string", 'var.v == "a" || "b" == var.v', ("a", "b")),
            ("string", 'contains(["a", "b"], var.v) && var.v != "a"', ("a", "b")),
            ("string", 'contains(["a", "b"], var.v) && contains(["b", "c"], var.v)', ("b",)),
            ("number", "contains([1, 2], var.v)", (1, 2)),
            ("bool", "var.v != null", (True, False)),
            ("bool", "var.v == true", (True,)),
            ("string", 'var.v == "a" || length(var.v) > 3', ()),
            ("string", 'contains(["a"], lower(var.v))', ()),
            ("string", 'contains(["a"], var.w)', ()),
            ("string", 'contains(["a", local.b], var.v)', ()),
            ("string", 'var.v != "a"', ()),
            ("string", 'can(regex("a|b", var.v))', ()),
            ("string", "true", ()),
        ],
    )
    def test_what_a_validation_leaves(self, type_: str, condition: str, values: tuple[object, ...]) -> None:
        files = variable(type_, "", f"  validation {{\n    condition = {condition}\n  }}")
        assert allowed(Folder(files).module.variables["v"]) == values

    def test_every_validation_counts(self) -> None:
        two = "".join(
            f"  validation {{\n    condition = contains([{listed}], var.v)\n  }}\n"
            for listed in ('"a", "b", "c"', '"c", "b"')
        )
        assert allowed(Folder(variable("string", "", two)).module.variables["v"]) == ("b", "c")
        assert allowed(Folder(variable("string")).module.variables["v"]) == ()


class TestNull:
    @pytest.mark.parametrize(("nullable", "value"), [("true", None), ("false", "x")])
    def test_a_default_may_stand_for_it(self, nullable: str, value: object) -> None:
        files = {**variable("string", '"x"', f"  nullable = {nullable}"), "terraform.tfvars": "v = null"}
        assert to_plain(Folder(files).value("var.v")) == value

    def test_where_none_is_allowed(self) -> None:
        made = Folder({**variable("", "", "  nullable = false"), "terraform.tfvars": "v = null"}).variable(
            "v"
        )
        assert isinstance(made, Failed)
        assert (made.why, place(made)) == ("the variable v can't be null", "terraform.tfvars:1:5")


class TestSensitive:
    def test_texts_are_not_shown(self) -> None:
        default = '{ a = "secret", b = ["x", "y"], c = 1, d = true }'
        folder = Folder(variable("any", default, "  sensitive = true"))
        made = folder.value("var.v")
        assert isinstance(made, Mapping)
        assert "secret" not in str(vars_of(made))
        assert vars_of(made) == {
            "a": "${var.v.a}",
            "b": ["${var.v.b[0]}", "${var.v.b[1]}"],
            "c": 1,
            "d": True,
        }

    def test_equal_ones_stay_equal_and_others_do_not_become_so(self) -> None:
        files = {
            "main.tf": 'variable "a" {\n  default = "x"\n  sensitive = true\n}\n'
            'variable "b" {\n  default = "y"\n  sensitive = true\n}\n'
        }
        folder = Folder(files)
        assert to_plain(folder.value("var.a == var.a")) is True
        assert isinstance(folder.value("var.a == var.b"), Undecided)

    def test_a_set_is_not_told(self) -> None:
        made = Folder(variable("set(string)", '["a"]', "  sensitive = true")).value("var.v")
        assert isinstance(made, Undecided)
        assert made.why == "it is sensitive"


def vars_of(value: Value) -> object:
    match value:
        case Mapping(entries=entries):
            return {name: vars_of(entry.value) for name, entry in entries.items()}
        case Partial(text=text):
            return str(text)
        case Sequence(items=items):
            return [vars_of(item) for item in items]
        case _:
            return to_plain(value)


class TestProblems:
    def test_a_file_with_mistakes(self) -> None:
        files = {**variable("", '"x"'), "terraform.tfvars": 'v = "y"\nw = [\n'}
        folder = Folder(files)
        [said] = folder.inputs.problems
        assert (said.at.source, said.kind) == ("terraform.tfvars", "partial")
        assert to_plain(folder.value("var.v")) == "y"

    def test_each_file_is_read_once(self) -> None:
        folder = Folder({**variable("", '"x"'), "terraform.tfvars": "w = [\n"})
        folder.inputs.of(folder.module)
        assert len(folder.inputs.problems) == 1

    def test_a_file_with_mistakes_may_give_any_value(self) -> None:
        files = {**variable("", '"x"'), "a.auto.tfvars": "w = [\n"}
        made = Folder(files).value("var.v")
        assert isinstance(made, Undecided)
        assert made.why == "a.auto.tfvars can't be read, and it may give a value"
        assert to_plain(Folder({**files, "b.auto.tfvars": 'v = "z"'}).value("var.v")) == "z"

    def test_a_file_with_blocks(self) -> None:
        folder = Folder({**variable("", '"x"'), "terraform.tfvars": "\nv {\n}\n"})
        [said] = folder.inputs.problems
        assert (str(said.at), said.kind) == ("terraform.tfvars:2:1", "partial")
        assert "has no blocks" in said.message

    def test_a_file_that_is_not_there(self) -> None:
        folder = Folder(variable("", '"x"'), variable_files=["prod.tfvars"])
        [said] = folder.inputs.problems
        assert (str(said.at), said.kind) == ("prod.tfvars", "unreadable")
        made = folder.value("var.v")
        assert isinstance(made, Undecided)


class TestCalls:
    MODULE = """\
variable "name" {
  type = string
}
variable "rules" {
  type    = list(object({ id = string, days = optional(number, 30) }))
  default = []
}
variable "open" {
  type     = bool
  default  = false
  nullable = false
}
output "all" {
  value = { name = var.name, rules = var.rules, open = var.open }
}
output "open" {
  value = var.open
}
"""

    def call(self, arguments: str, more: str = "") -> Folder:
        main = f'module "m" {{\n  source = "./m"\n{arguments}\n}}\n{more}'
        return Folder({"main.tf": main, "m/main.tf": self.MODULE})

    def test_arguments_are_those_of_the_caller(self) -> None:
        folder = self.call(
            '  name = "${var.env}-x"\n  rules = [{ id = 1 }]\n  open = null',
            'variable "env" {\n  default = "dev"\n}',
        )
        value, via = folder.told("module.m.all")
        assert to_plain(value) == {"name": "dev-x", "rules": [{"id": "1", "days": 30}], "open": False}
        assert via == "with the default of env"

    def test_the_default_of_a_module_is_no_assumption(self) -> None:
        assert self.call('  name = "x"').told("module.m.open")[1] == ""

    def test_a_value_that_is_missing(self) -> None:
        made = self.call("").value("module.m.all")
        assert isinstance(made, Mapping)
        name = made.entries["name"].value
        assert isinstance(name, Failed)
        assert name.why == "the module m is given no value for its variable name"

    def test_the_same_module_called_twice(self) -> None:
        main = "".join(
            f'module "{name}" {{\n  source = "./m"\n  name = "{name}"\n}}\n' for name in ("a", "b")
        )
        folder = Folder({"main.tf": main, "m/main.tf": self.MODULE})
        assert to_plain(folder.value("[module.a.all.name, module.b.all.name]")) == ["a", "b"]

    def test_a_sensitive_variable_is_known_by_its_module(self) -> None:
        folder = Folder(
            {
                "main.tf": 'module "m" {\n  source = "./m"\n  key = "x"\n}',
                "m/main.tf": 'variable "key" {\n  sensitive = true\n}\noutput "key" {\n  value = var.key\n}',
            }
        )
        made = folder.value("module.m.key")
        assert isinstance(made, Partial)
        assert str(made.text) == "${module.m.var.key}"
