"""What expressions and modules come to here is what Terraform itself makes of them.

Skipped where the program `terraform` is not installed. It needs no network and no provider but its built-in one.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence
from s3audit.collectors.terraform.language.values import Failed, Value
from tests.terraform import programs
from tests.terraform.agreement import is_open, is_said
from tests.terraform.console import REFUSED, UNKNOWN, ask
from tests.terraform.folder import Folder
from tests.terraform.phrases import LOCALS, phrases
from tests.terraform.planned import apply, compared, ours
from tests.terraform.scans import write

FUZZING = settings.get_current_profile_name() == "fuzz"

# Each example is a run of Terraform, so there are few of them, and they hold much.
few = settings(
    max_examples=100 if FUZZING else 3,
    phases=[Phase.generate, Phase.shrink] if FUZZING else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)

BY_HAND = [
    "true ? toset([2, 1]) : []",
    "true ? {a = 1, b = []} : tomap({})",
    "true ? {a = 1, b = []} : {}",
    'true ? 1 : "%{ for x in 5 }${x}%{ endfor }"',
    'false ? "x" : [1]',
    "(true ? local.nums : local.list)[0]",
    'try(local.set["0"], "none")',
    'try({ a = local.obj.nope, b = 1 }.b, "none")',
    'try([for x in local.objs : x.nope if x.id == "b"][0], "none")',
    'try(local.objs[*].nope[0], "none")',
    "try(local.mixed || true, false)",
    "-local.nums[1] - 1 / 3",
    "-12345678901234567890.12345678901234567890123456789",
    "{ for v in local.list : jsonencode([]) => v... }",
    '"${local.n}${true}${1.50}"',
]


def disagreements(expressions: list[str]) -> list[str]:
    """Where Terraform says something else; what it knows may be open here, but for good reasons only."""
    folder = Folder({"locals.tf": LOCALS})
    outcomes = ask(expressions, {"locals.tf": LOCALS.encode()})
    found = []
    for expression, outcome in zip(expressions, outcomes, strict=True):
        value = folder.value(expression)
        if outcome == UNKNOWN:
            continue
        if outcome == REFUSED:
            # No configuration has what Terraform refuses, unless a `try` around it makes another value of it.
            is_right = FUZZING or has_failed(value) or is_open(value)
        else:
            is_right = is_open(value) or is_said(value, outcome.type, outcome.value)
        if not is_right:
            found.append(f"{expression}\n  Terraform: {outcome}")
    return found


def has_failed(value: Value) -> bool:
    match value:
        case Failed():
            return True
        case Sequence(items=items):
            return any(map(has_failed, items))
        case Mapping(entries=entries):
            return any(has_failed(entry.value) for entry in entries.values())
        case _:
            return False


class TestExpressions:
    def test_by_hand(self) -> None:
        assert disagreements(BY_HAND) == []
        folder = Folder({"locals.tf": LOCALS})
        assert [one for one in BY_HAND if type(folder.value(one)) is Undecided] == []

    @given(st.lists(phrases(), min_size=100, max_size=100))
    @few
    def test_of_any_kind(self, expressions: list[str]) -> None:
        assert disagreements(expressions) == []


WHOLE_MODULES = {
    "language": (programs.LANGUAGE, ["output.id", "terraform_data.one.ws"]),
    "modules": (programs.MODULES, ["output.end.wholemod", "terraform_data.end.wholemod"]),
    "otherwise": (programs.WRITTEN_OTHERWISE, ["output.all[1].x", "output.all[1].y"]),
}
"""With the places that are left open: what Terraform makes up, and objects that are shown as a whole."""


class TestModules:
    @pytest.mark.parametrize("name", WHOLE_MODULES)
    def test_by_hand(self, name: str, tmp_path: Path) -> None:
        files, left_open = WHOLE_MODULES[name]
        write(tmp_path, files)
        assert compared(ours(tmp_path), apply(tmp_path)) == left_open

    def test_values_given_by_hand(self, tmp_path: Path) -> None:
        write(tmp_path, {**programs.MODULES, "other.tfvars": 'auto = "file"\nsize = 1\n'})
        made = apply(tmp_path, ["-var=on=false", "-var-file=other.tfvars", '-var=list=["x"]'])
        told = ours(
            tmp_path,
            variables={"on": "false", "list": '["x"]'},
            variable_files=[str(tmp_path / "other.tfvars")],
        )
        assert compared(told, made) == WHOLE_MODULES["modules"][1]
        assert made.inputs["terraform_data.end"]["auto"] == "file"

    @given(files=programs.programs())
    @few
    def test_of_any_kind(self, files: programs.Files, tmp_path_factory: pytest.TempPathFactory) -> None:
        folder = tmp_path_factory.mktemp("module")
        write(folder, files)
        compared(ours(folder), apply(folder))
