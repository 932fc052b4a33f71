"""The values of variables: given by hand, from files, from the call of a module, or the default."""

import posixpath
from collections.abc import Callable, Iterator
from collections.abc import Sequence as List
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.hcl.reader import read_expression, read_hcl
from s3audit.collectors.documents.hcl.syntax import Body, Expression, Written
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence, location
from s3audit.collectors.terraform.language.convert import NULL, with_values
from s3audit.collectors.terraform.language.effort import TOO_MUCH
from s3audit.collectors.terraform.language.types import convert, read_type
from s3audit.collectors.terraform.language.values import (
    OpenSequence,
    Primitive,
    SetOf,
    Value,
    concealed_text,
    failed,
    is_null,
    partial,
    sequence,
    undecided,
)
from s3audit.collectors.terraform.modules.module import Module, ModuleCall, Variable
from s3audit.collectors.terraform.modules.validation import allowed
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.scope import Scope
    from s3audit.collectors.terraform.modules.instances import ModuleInstance

Values: TypeAlias = "Callable[[ModuleInstance, str], Value | None]"
"""The value of a variable in a module."""

_BY_DEFAULT = ("terraform.tfvars", "terraform.tfvars.json")
_AUTOMATIC = (".auto.tfvars", ".auto.tfvars.json")

_NO_FILE = "There is no such file of variables. A relative path starts from the current folder."
_OUT_OF_REACH = (
    "Terraform takes values from this file, and it can't be read: it is no file, or one outside of the scanned tree."
    " Put it there, or give the values by --var-file."
)
_BLOCK = "A file of variables gives values, `name = value`, and has no blocks, so this one is not read."


class _Given(msgspec.Struct, frozen=True, eq=False):
    """A value for a variable, of which nobody has looked at the type yet."""

    via: str
    written: Written | None = None
    """In a file."""
    typed: str = ""
    """On the command line."""
    lost: str = ""
    """Why there may be another."""
    is_automatic: bool = False
    """In a file that Terraform takes by itself."""


class Inputs:
    """What the user gives for the variables of root modules; the environment is not looked at."""

    def __init__(self, options: Options) -> None:
        self.problems: list[Problem] = []
        self._options = options
        self._by_hand: list[tuple[str, Body]] | None = None
        self._by_folder: dict[str, dict[str, _Given]] = {}

    def of(self, module: Module) -> Values:
        """The values of the variables of a root module."""
        if module.folder not in self._by_folder:
            self._by_folder[module.folder] = self._given(module)
        given = self._by_folder[module.folder]

        def value(instance: "ModuleInstance", name: str) -> Value:
            variable = module.variables[name]
            evaluator = instance.evaluator
            found = given.get(name)
            tries = self._options.all_scenarios and bool(allowed(variable))
            if found is not None and not (tries and found.is_automatic):
                if found.lost:
                    return undecided(variable.block, found.lost)
                if found.via:
                    evaluator.assume([found.via])
                if found.written is None:
                    return admitted(instance, variable, _by_hand(instance, variable, found.typed))
                return admitted(instance, variable, evaluator.evaluate(found.written.value, instance.scope))
            default = variable.default
            if default is None or tries:
                return _not_given(instance, variable)
            evaluator.assume([f"with the default of {name}"])
            return admitted(instance, variable, evaluator.evaluate(default, instance.scope))

        return value

    def unused(self, modules: List[Module], *, beside_records: bool = False) -> list[Problem]:
        """What to say about values that were given by hand for variables that no root module has."""
        known = {name for module in modules for name in module.variables}
        left = sorted(self._options.variables.keys() - known)
        if not left:
            return []
        from difflib import get_close_matches

        found = []
        for name in left:
            near = get_close_matches(name, sorted(known), n=1)
            meant = f", did you mean {near[0]!r}" if near else ""
            said = f"No scanned root module has a variable {name!r}{meant}; its value is not used."
            if beside_records and not modules:
                said = f"The value of {name!r} is not used: a plan or a state has the values that it was made with."
            found.append(Problem(Location(""), "partial", said))
        return found

    def _given(self, module: Module) -> dict[str, _Given]:
        given: dict[str, _Given] = {}
        automatic = [(source, body, True) for source, body in self._of_folder(module.folder)]
        by_hand = [(source, body, False) for source, body in self._of_hand()]
        for source, body, is_automatic in (*automatic, *by_hand):
            if not body.is_whole:
                lost = _Given("", lost=f"{source} can't be read, and it may give a value")
                given.update(dict.fromkeys(module.variables, lost))
            for name, item in body.attributes.items():
                given[name] = _Given(f"with {name} from {source}", item, is_automatic=is_automatic)
        for name, typed in self._options.variables.items():
            given[name] = _Given("", typed=typed)
        return given

    def _of_folder(self, folder: str) -> Iterator[tuple[str, Body]]:
        """The files of values that Terraform takes by itself; a later one counts more."""
        names = self._options.names(folder)
        automatic = sorted(name for name in names if name.endswith(_AUTOMATIC))
        for name in (*_BY_DEFAULT, *automatic):
            if name not in names:
                continue
            path = posixpath.normpath(posixpath.join(folder, name))
            file = self._options.fetch(path)
            if file is None:
                self.problems.append(Problem(Location(path), "unreadable", _OUT_OF_REACH))
                yield path, Body({}, [], False)
            else:
                yield file.source, self._body(file)

    def _of_hand(self) -> list[tuple[str, Body]]:
        if self._by_hand is None:
            self._by_hand = []
            for path in self._options.variable_files:
                file = self._options.fetch(path)
                if file is None:
                    self.problems.append(Problem(Location(path), "unreadable", _NO_FILE))
                    self._by_hand.append((path, Body({}, [], False)))
                else:
                    self._by_hand.append((file.source, self._body(file)))
        return self._by_hand

    def _body(self, file: File) -> Body:
        if file.source.endswith(".json"):
            from s3audit.collectors.terraform.modules.json_syntax import read_json_values

            body, problems = read_json_values(file.data, file.source, limit=self._options.max_size)
        else:
            body, problems = read_hcl(file.data, file.source, limit=self._options.max_size)
        self.problems += problems
        for block in body.blocks:
            self.problems.append(Problem(location(block, file.source), "partial", _BLOCK))
        return body


def passed(call: ModuleCall, scope: "Scope") -> Values:
    """The values of the variables of a module that is called, with arguments that stand in this scope."""
    arguments = call.arguments

    def value(instance: "ModuleInstance", name: str) -> Value:
        variable = instance.module.variables[name]
        evaluator = instance.evaluator
        if (argument := arguments.get(name)) is not None:
            found = evaluator.evaluate(argument.value, scope)
        elif (default := variable.default) is not None:
            found = evaluator.evaluate(default, instance.scope)
        elif call.body.is_whole:
            found = failed(call.block, f"the module {call.name} is given no value for its variable {name}")
        else:
            found = undecided(call.block, f"a part of the call of the module {call.name} can't be read")
        return admitted(instance, variable, found)

    return value


def admitted(instance: "ModuleInstance", variable: Variable, value: Value) -> Value:
    """What a variable makes of the value that is given for it."""

    def evaluate(expression: Expression) -> Value:
        return instance.evaluator.evaluate(expression, instance.scope)

    if is_null(value) and not variable.nullable:
        default = variable.default
        if default is None:
            return failed(value, f"the variable {variable.name} can't be null")
        value = evaluate(default)
    if not instance.evaluator.effort.go_through([value]):
        return undecided(value, TOO_MUCH)
    value = convert(value, read_type(variable.type), evaluate)
    return concealed(value, _origin(instance, variable)) if variable.sensitive else value


def _by_hand(instance: "ModuleInstance", variable: Variable, typed: str) -> Value:
    """The text of the command line, taken as Terraform takes it: literally or as an expression."""
    at = variable.block
    wanted = read_type(variable.type)
    if variable.type is None or wanted.is_primitive:
        return Primitive.of(at, typed)
    expression, problems = read_expression(typed, at.lines.source, at)
    if problems:
        return failed(
            at, f"the value given for {variable.name} is no expression, as its type needs: {typed[:40]!r}"
        )
    return instance.evaluator.evaluate(expression, instance.scope)


def _not_given(instance: "ModuleInstance", variable: Variable) -> Value:
    instance.evaluator.ask(variable.name, allowed(variable))
    why = f"variable `{variable.name}` has no default; pass --var-file"
    if read_type(variable.type).kind in ("any", "string"):
        other_than = () if variable.nullable else (NULL,)
        known = Opaque(_origin(instance, variable), given=True, other_than=other_than)
        return partial(variable.block, Text((known,)), why)
    return undecided(variable.block, why)


def _origin(instance: "ModuleInstance", variable: Variable) -> str:
    return f"{instance.prefix}var.{variable.name}"


def concealed(value: Value, origin: str) -> Value:
    """A value whose texts are known by where they come from only, so that equal ones are equal and none is shown."""
    match value:
        case OpenSequence():
            return undecided(value, "it is sensitive")
        case Undecided():
            return value
        case Partial() | Primitive(data=str()):
            return concealed_text(value, Text((Opaque(origin, given=True),)), value)
        case SetOf():
            return undecided(value, "it is sensitive") if value.items else value
        case Sequence():
            return sequence(
                value, [concealed(item, f"{origin}[{at}]") for at, item in enumerate(value.items)]
            )
        case Mapping(entries=entries):
            return with_values(
                value, {name: concealed(entry.value, f"{origin}.{name}") for name, entry in entries.items()}
            )
        case _:
            return value
