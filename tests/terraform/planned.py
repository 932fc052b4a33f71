"""What Terraform itself plans and makes of a module of `terraform_data`, and what is said of the module before."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Mapping as MapNode
from s3audit.collectors.documents.tree import Sequence as ListNode
from s3audit.collectors.terraform.language.evaluate import Evaluator
from s3audit.collectors.terraform.language.values import Encoded, Failed, Primitive, SetOf, Value
from s3audit.collectors.terraform.modules.instances import ModuleInstance
from s3audit.collectors.terraform.modules.library import Library, local_folder
from s3audit.collectors.terraform.modules.module import Module, ModuleCall
from s3audit.collectors.terraform.modules.sandbox import Sandbox
from s3audit.collectors.terraform.modules.variables import Inputs
from tests.terraform.console import terraform

_LIMIT = 10_000_000
_INPUT = "input"


class Told(NamedTuple):
    """The input of each `terraform_data`, by its address, and the outputs of the root module."""

    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


def apply(folder: Path, given: Sequence[str] = ()) -> Told:
    """What Terraform makes of the module in a folder; `given` are arguments such as `-var=name=value`."""
    program = terraform()
    away = {
        **os.environ,
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [program, *command],
            cwd=folder,
            env=away,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("init", "-backend=false", "-input=false", "-no-color")
    run("plan", "-input=false", "-no-color", "-lock=false", "-out=plan", *given)
    planned = json.loads(run("show", "-json", "plan")).get("resource_changes", ())
    run("apply", "-input=false", "-no-color", "-lock=false", "plan")
    values = json.loads(run("show", "-json"), parse_float=Decimal).get("values", {})
    outputs = {name: output.get("value") for name, output in values.get("outputs", {}).items()}
    inputs = dict(_inputs(values.get("root_module", {})))
    assert {change["address"] for change in planned} == inputs.keys()
    return Told(inputs, outputs)


def _inputs(module: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for resource in module.get("resources", ()):
        if resource["type"] == "terraform_data":
            yield resource["address"], resource["values"].get(_INPUT)
    for child in module.get("child_modules", ()):
        yield from _inputs(child)


def ours(folder: Path, **given: Any) -> Told:
    """The same from the files alone."""
    options = Options({}, False, _LIMIT, _fetch, _names, **given)
    library = Library([], options)
    module = library.module(str(folder))
    assert module is not None
    evaluator = Evaluator()
    sandbox = Sandbox(str(folder), options, evaluator)

    def callee(caller: ModuleInstance, call: ModuleCall) -> Module | None:
        target = local_folder(caller.module.folder, call)
        assert target is not None
        return library.module(target)

    root = ModuleInstance(evaluator, module, sandbox, callee, Inputs(options).of(module))
    sandbox.root = root
    outputs = {name: root.output(name, output.block) for name, output in module.outputs.items()}
    assert not library.problems
    return Told(dict(_given(root)), outputs)


def _given(module: ModuleInstance) -> Iterator[tuple[str, Value]]:
    evaluator = module.evaluator
    for block in module.module.resources.values():
        for one in module.instances(block).instances:
            written = block.body.attributes.get(_INPUT)
            if written is not None:
                yield one.address, evaluator.evaluate(written.value, one.scope)
    for call in module.module.calls.values():
        for one in module.calls(call).instances:
            assert one.inner is not None
            yield from _given(one.inner)


def _fetch(path: str) -> File | None:
    return File(path, Path(path).read_bytes(), path) if os.path.isfile(path) else None


def _names(folder: str) -> Sequence[str]:
    try:
        entries = sorted(Path(folder).iterdir())
    except OSError:
        return ()
    return [f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries]


def left_open(told: Value, made: Any, at: str) -> Iterator[str]:
    """Where the value is not known from the files; what is known must be what Terraform made."""
    match told:
        case Failed(why=why):
            raise AssertionError(f"{at}: Terraform makes {made!r}, and not: {why}")
        case Undecided():
            yield at
        case Encoded():
            yield from left_open(told.value, json.loads(made, parse_float=Decimal), at)
        case Primitive(data=data):
            assert type(data) is type(made) or not isinstance(data, str | bool | None), (
                f"{at}: {data!r}, {made!r}"
            )
            assert data == made, f"{at}: {data!r} is not {made!r}"
        case SetOf(items=items):
            assert isinstance(made, list), f"{at}: a set is not {made!r}"
            opened = [
                path for item, other in zip(items, made, strict=True) for path in left_open(item, other, at)
            ]
            yield from opened
        case ListNode(items=items):
            assert isinstance(made, list), f"{at}: a list is not {made!r}"
            assert len(items) == len(made), f"{at}: {len(items)} elements, and not {len(made)}"
            for index, (item, other) in enumerate(zip(items, made, strict=True)):
                yield from left_open(item, other, f"{at}[{index}]")
        case MapNode(entries=entries):
            assert isinstance(made, dict), f"{at}: a map is not {made!r}"
            assert entries.keys() == made.keys(), f"{at}: {sorted(entries)} is not {sorted(made)}"
            for name, entry in entries.items():
                yield from left_open(entry.value, made[name], f"{at}.{name}")
        case _:
            yield at


def compared(told: Told, made: Told) -> list[str]:
    """The places that are left open, once all others are found to be as Terraform makes them."""
    opened = [address for address in told.inputs if _stands_for_all(address)]
    assert told.inputs.keys() - opened <= made.inputs.keys()
    if not opened:
        assert told.inputs.keys() == made.inputs.keys()
    for address in told.inputs.keys() - opened:
        opened += left_open(told.inputs[address], made.inputs[address], address)
    for name, value in told.outputs.items():
        # Terraform keeps no output that is null.
        opened += left_open(value, made.outputs.get(name), f"output.{name}")
    return sorted(opened)


def _stands_for_all(address: str) -> bool:
    return "[count.index]" in address or "[each.key]" in address
