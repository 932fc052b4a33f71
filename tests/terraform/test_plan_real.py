"""What Terraform itself writes for plans and states, read: the shape that the other tests write by hand."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from s3audit.collectors.terraform.records.plan import read_plan
from s3audit.collectors.terraform.records.state import read_state
from tests.terraform.plans import Reading

MAIN = """\
variable "secret" {
  default   = "s3cr3t"
  sensitive = true
}

resource "terraform_data" "there" {
  input = { name = "there", fraction = 0.1000000000000000055, none = null, list = ["a", 1, true] }
}

resource "terraform_data" "secret" {
  input = { text = var.secret, list = [var.secret, "x"] }
}

resource "terraform_data" "many" {
  for_each = { "a" = 1, "b.c[0]\\"d\\" $${x}" = 2 }
  input    = each.value
}

resource "terraform_data" "chained" {
  for_each = terraform_data.many
  input    = { id = each.value.id, key = each.key }
}

resource "terraform_data" "counted" {
  count = 2
  input = terraform_data.many["a"].id
}

resource "terraform_data" "indexed" {
  count = 2
  input = terraform_data.counted[count.index].id
}

resource "terraform_data" "set" {
  input = toset(["k", terraform_data.many["a"].id, "${terraform_data.many["a"].id}/*"])
}

resource "terraform_data" "local" {
  input = local.id
}

resource "terraform_data" "output" {
  input = module.outer.made
}

locals {
  id = terraform_data.many["a"].id
}

module "outer" {
  source = "./outer"
  id     = terraform_data.there.id
  new    = terraform_data.many["a"].id
}
"""
OUTER = """\
variable "id" {}
variable "new" {}

module "inner" {
  source   = "../inner"
  for_each = toset(["k"])
  of       = var.new
}

output "made" {
  value = module.inner["k"].made
}
"""
INNER = """\
variable "of" {}

resource "terraform_data" "it" {
  input = var.of
}

output "made" {
  value = terraform_data.it.output
}
"""
# Changed after the first part was applied.
LATER = ('name = "there"', 'name = "renamed"')

KIND = {"terraform_data"}
UNKNOWN = "? it is known only after apply"
MAY = "; the source beside the plan (--source-dir) may tell it"
NEW = 'terraform_data.many["a"].id'
ODD = r'terraform_data.many["b.c[0]\"d\" $${x}"]'


class Written(NamedTuple):
    plan: bytes
    targeted: bytes
    destroying: bytes
    shown_state: bytes
    stored_state: bytes


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("terraform is not on the PATH, so nothing can be compared with it")
    folder = tmp_path_factory.mktemp("module")
    for name, text in (("main.tf", MAIN), ("outer/main.tf", OUTER), ("inner/main.tf", INNER)):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    run = _runner(program, folder)
    run("init", "-backend=false")
    run(
        "apply",
        "-auto-approve",
        "-refresh=false",
        "-target=terraform_data.there",
        "-target=terraform_data.secret",
    )
    main = folder / "main.tf"
    main.write_text(main.read_text().replace(*LATER))
    return Written(
        _planned(run),
        _planned(run, "-target=terraform_data.set"),
        _planned(run, "-destroy"),
        run("show", "-json"),
        (folder / "terraform.tfstate").read_bytes(),
    )


Run = Callable[..., bytes]


def _runner(program: str, folder: Path) -> Run:
    away = {
        **os.environ,
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
    }

    def run(*command: str) -> bytes:
        done = subprocess.run(
            [program, *command], cwd=folder, env=away, capture_output=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


def _planned(run: Run, *options: str) -> bytes:
    run("plan", "-input=false", "-refresh=false", "-out=it.plan", *options)
    return run("show", "-json", "it.plan")


def plan_of(data: bytes) -> Reading:
    declared, problems = read_plan(data, "plan.json", KIND)
    return Reading({one.address: one for one in declared}, problems)


def state_of(data: bytes) -> Reading:
    declared, problems = read_state(data, "terraform.tfstate", KIND)
    return Reading({one.address: one for one in declared}, problems)


def test_a_plan(written: Written) -> None:
    reading = plan_of(written.plan)
    assert reading.problems == []
    many = ['terraform_data.many["a"]', ODD]
    assert sorted(reading.declared) == sorted(
        [
            "terraform_data.there",
            "terraform_data.secret",
            *many,
            *(one.replace("many", "chained") for one in many),
            *(f"terraform_data.{name}[{index}]" for name in ("counted", "indexed") for index in (0, 1)),
            *(f"terraform_data.{name}" for name in ("set", "local", "output")),
            'module.outer.module.inner["k"].terraform_data.it',
        ]
    )
    assert reading.told("terraform_data.there", "input") == {
        "name": '"renamed"',
        "fraction": "0.1000000000000000055",
        "list": ['"a"', "1", "true"],
    }
    assert reading.told(ODD, "input") == "2"


def test_sensitive_values_of_a_plan(written: Written) -> None:
    told = plan_of(written.plan).told("terraform_data.secret", "input")
    address = "terraform_data.secret.input"
    assert told == {
        "text": f"${{(sensitive value of {address}.text)}}",
        "list": [f"${{(sensitive value of {address}.list[0])}}", '"x"'],
    }


@pytest.mark.parametrize(
    ("address", "path", "told"),
    [
        ('terraform_data.chained["a"]', ("input", "id"), f"{UNKNOWN}, from {NEW}{MAY}"),
        ('terraform_data.chained["a"]', ("input", "key"), '"a"'),
        ("terraform_data.counted[1]", ("input",), f"{UNKNOWN}, from {NEW}{MAY}"),
        ("terraform_data.indexed[1]", ("input",), f"{UNKNOWN}, from terraform_data.counted[1]{MAY}"),
        (
            "terraform_data.set",
            ("input",),
            ['"k"', f"{UNKNOWN}, from {NEW}{MAY}", f"{UNKNOWN}, from {NEW}{MAY}"],
        ),
        ("terraform_data.local", ("input",), f"{UNKNOWN}, from local.id{MAY}"),
        (
            "terraform_data.output",
            ("input",),
            f'{UNKNOWN}, from module.outer.module.inner["k"].terraform_data.it.output{MAY}',
        ),
        ('module.outer.module.inner["k"].terraform_data.it', ("input",), f"{UNKNOWN}, from {NEW}{MAY}"),
        ("terraform_data.local", ("output",), None),
    ],
)
def test_references_of_a_plan(written: Written, address: str, path: tuple[str, ...], told: object) -> None:
    assert plan_of(written.plan).told(address, *path) == told


def test_a_plan_with_a_target(written: Written) -> None:
    reading = plan_of(written.targeted)
    assert [problem.kind for problem in reading.problems] == ["partial"]
    assert "-target" in reading.said[0]
    assert set(reading.declared) == {
        "terraform_data.set",
        'terraform_data.many["a"]',
        ODD,
        "terraform_data.there",
        "terraform_data.secret",
    }
    # Not planned, so it is as it was.
    assert reading.told("terraform_data.there", "input", "name") == '"there"'
    assert reading.declared["terraform_data.there"].as_seen


def test_a_plan_that_destroys(written: Written) -> None:
    assert plan_of(written.destroying).declared == {}


def test_a_state_in_both_forms(written: Written) -> None:
    shown, stored = state_of(written.shown_state), state_of(written.stored_state)
    assert list(shown.declared) == list(stored.declared) == ["terraform_data.secret", "terraform_data.there"]
    assert shown.problems == stored.problems == []
    assert shown.told("terraform_data.there", "input", "name") == '"there"'
    # A file says of a value of any type which one it is.
    assert stored.told("terraform_data.there", "input", "value", "name") == '"there"'
    for reading in (shown, stored):
        assert "s3cr3t" not in str(reading.told("terraform_data.secret", "input"))
