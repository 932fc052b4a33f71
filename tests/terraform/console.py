"""What Terraform itself makes of expressions: many of them in one run, without network or providers."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

Kind: TypeAlias = Any
"""A type as Terraform's state spells it: "string", ["list", "string"], ["object", {"a": "number"}]."""


class Outcome(NamedTuple):
    """The value of an expression and its type; `type` is None where Terraform refuses the expression."""

    type: Kind
    value: Any


REFUSED = Outcome(None, None)


def ask(expressions: Sequence[str], files: Mapping[str, bytes] | None = None, head: str = "") -> list[Outcome]:
    """The outcome of each expression, evaluated in a folder that holds these files."""
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not on the PATH, so nothing can be compared with it")
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (files or {}).items():
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        Path(folder, "main.tf").write_text(head + "".join(map(_output, range(len(expressions)), expressions)))
        environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        for command in ([["init", "-backend=false"]] if head else []) + [["apply", "-auto-approve", "-lock=false"]]:
            run = subprocess.run(
                [terraform, *command, "-input=false", "-no-color"],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert run.returncode == 0, run.stdout + run.stderr
        state = json.loads(Path(folder, "terraform.tfstate").read_text(), parse_float=Decimal)
    return [_outcome(state["outputs"][f"r{index}"]) for index in range(len(expressions))]


def _output(index: int, expression: str) -> str:
    return (
        f'output "r{index}" {{\n  sensitive = true\n  value = try({{ value = {expression} }}, "refused")\n}}\n'
    )


def _outcome(output: dict[str, Any]) -> Outcome:
    if output["value"] == "refused":
        return REFUSED
    if not isinstance(output["type"],list): print(output); return REFUSED
    return Outcome(output["type"][1]["value"], output["value"]["value"])
