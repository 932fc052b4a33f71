"""What Terraform itself makes of expressions: many of them in one run, without network or providers.

`outcomes/*.jsonl` holds what it said: each line has an expression and its outcome, of which `record` writes all but
the expression anew. `open` marks those that are left undecided here.

    python -m tests.terraform.console
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from tests.terraform.calls import FILES

FOLDER = Path(__file__).parent / "outcomes"
RECORDED_WITH = "1.11."

Kind: TypeAlias = Any
"""A type as Terraform's state spells it: "string", ["list", "string"], ["object", {"a": "number"}]."""

_BUILT_IN = """
terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
"""


class Outcome(NamedTuple):
    """The value of an expression and its type; `type` is None where Terraform refuses the expression."""

    type: Kind
    value: Any


class Row(NamedTuple):
    expression: str
    outcome: Outcome
    open: bool


AT_ONCE = 50

REFUSED = Outcome(None, None)
UNKNOWN = Outcome("unknown", None)
"""Terraform itself does not know, even after it has applied all."""


def terraform() -> str:
    """Where it is; skips a test where it is not, or is another than the one whose outcomes are recorded."""
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("terraform is not on the PATH, so nothing can be compared with it")
    said = json.loads(_run([found, "version", "-json"], Path.cwd()))["terraform_version"]
    if not said.startswith(RECORDED_WITH):
        pytest.skip(f"the outcomes are those of Terraform {RECORDED_WITH}x, and this is {said}")
    return found


def _run(command: Sequence[str], folder: Path) -> str:
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def signatures() -> dict[str, Any]:
    """The functions that Terraform has, by name."""
    said = json.loads(_run([terraform(), "metadata", "functions", "-json"], Path.cwd()))
    found: dict[str, Any] = said["function_signatures"]
    return found


def ask(expressions: Sequence[str], files: Mapping[str, bytes] = FILES) -> list[Outcome]:
    """The outcome of each expression, in a folder that holds these files: one run for all of them."""
    command = terraform()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        outputs = "".join(
            _output(start, expressions[start : start + AT_ONCE])
            for start in range(0, len(expressions), AT_ONCE)
        )
        has_provider = "provider::terraform" in outputs
        (folder / "main.tf").write_text((_BUILT_IN if has_provider else "") + outputs, encoding="utf-8")
        if has_provider:
            _run([command, "init", "-backend=false", "-input=false", "-no-color"], folder)
        _run([command, "apply", "-auto-approve", "-lock=false", "-input=false", "-no-color"], folder)
        state = json.loads((folder / "terraform.tfstate").read_text(encoding="utf-8"), parse_float=str)
    found: list[Outcome] = []
    for start in range(0, len(expressions), AT_ONCE):
        output = state["outputs"][f"r{start}"]
        found += map(_outcome, output["type"][1], output["value"])
    return found


def _output(start: int, expressions: Sequence[str]) -> str:
    # Each output takes its time, whatever is in it.
    values = "".join(f'    try({{ value = {expression} }}, "refused"),\n' for expression in expressions)
    return f'output "r{start}" {{\n  sensitive = true\n  value = [\n{values}  ]\n}}\n'


def _outcome(kind: Kind, value: Any) -> Outcome:
    if value == "refused":
        return REFUSED
    return UNKNOWN if kind == "dynamic" else Outcome(kind[1]["value"], value["value"])


@cache
def recorded(topic: str) -> list[Row]:
    """The expressions of a table, and what Terraform said."""
    lines = (FOLDER / f"{topic}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line, parse_float=str) for line in lines]
    return [Row(row["expression"], Outcome(row.get("type"), row.get("value")), "open" in row) for row in rows]


def _record() -> None:
    topics = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
    rows = {topic: recorded(topic) for topic in topics}
    answers = iter(ask([row.expression for topic in topics for row in rows[topic]]))
    for topic in topics:
        lines = [_line(row._replace(outcome=next(answers))) for row in rows[topic]]
        (FOLDER / f"{topic}.jsonl").write_text("".join(lines), encoding="utf-8")


def _line(row: Row) -> str:
    made: dict[str, Any] = {"expression": row.expression}
    if row.outcome.type is not None:
        made |= {"type": row.outcome.type, "value": row.outcome.value}
    if row.open:
        made["open"] = True
    return json.dumps(made, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    _record()
