"""A root module of files that are texts, without a scan around it."""

from collections.abc import Mapping, Sequence
from typing import Any

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.hcl.reader import read_expression
from s3audit.collectors.terraform.language.evaluate import Evaluator
from s3audit.collectors.terraform.language.values import Value
from s3audit.collectors.terraform.modules.instances import ModuleInstance
from s3audit.collectors.terraform.modules.module import Module, ModuleCall, load
from s3audit.collectors.terraform.modules.sandbox import Sandbox
from s3audit.collectors.terraform.modules.variables import Inputs
from s3audit.problem import Problem

_OF_MODULES = (".tf", ".tofu", ".json")


class Folder:
    """Files by their path from where the scan runs; those with no slash are the root module."""

    def __init__(self, files: Mapping[str, str], **given: Any) -> None:
        self.texts = files
        self.options = Options(
            {}, given.pop("all_scenarios", False), 1_000_000, self.file, self.names, **given
        )
        self.inputs = Inputs(self.options)
        self.module, self.problems = self.load("")
        self.evaluator = Evaluator()
        sandbox = Sandbox("", self.options, self.evaluator)
        self.root = ModuleInstance(
            self.evaluator, self.module, sandbox, self.callee, self.inputs.of(self.module)
        )
        sandbox.root = self.root

    def load(self, folder: str) -> tuple[Module, list[Problem]]:
        inside = [self.file(f"{folder}/{name}" if folder else name) for name in self.names(folder)]
        files = [
            file
            for file in inside
            if file and "tfvars" not in file.source and file.source.endswith(_OF_MODULES)
        ]
        return load(folder, files, 1_000_000)

    def file(self, path: str) -> File | None:
        text = self.texts.get(path)
        return None if text is None else File(path, text.encode(), path)

    def names(self, folder: str) -> Sequence[str]:
        return sorted(
            path.rpartition("/")[2]
            for path in self.texts
            if path.rpartition("/")[0] == folder.removeprefix("./")
        )

    def callee(self, caller: ModuleInstance, call: ModuleCall) -> Module | None:
        assert call.source is not None
        return self.load(call.source.removeprefix("./"))[0]

    def value(self, expression: str) -> Value:
        """What an expression in the root module comes to."""
        return self.told(expression)[0]

    def variable(self, name: str) -> Value:
        """The value of a variable of the root module, with the place where it is written."""
        return self.root.variable(name, self.module.variables[name].block)

    def told(self, expression: str) -> tuple[Value, str]:
        """What an expression in the root module comes to, and by which assumptions."""
        parsed, problems = read_expression(expression, "test")
        assert problems == []
        value, trace = self.evaluator.watched(lambda: self.evaluator.evaluate(parsed, self.root.scope))
        return value, trace.via
