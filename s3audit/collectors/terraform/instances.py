"""What a module declares, repeated by `count` and `for_each`, and how its expressions reach it."""

from collections.abc import Callable
from collections.abc import Sequence as List
from typing import TYPE_CHECKING, Protocol

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.syntax import Body, Expression
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Node, Sequence, location
from s3audit.collectors.terraform import convert
from s3audit.collectors.terraform.module import Declaration, Module, ModuleCall, ResourceBlock
from s3audit.collectors.terraform.objects import data_attribute, resource_attribute
from s3audit.collectors.terraform.scope import Scope, Trace
from s3audit.collectors.terraform.values import (
    Primitive,
    Value,
    failed,
    is_null,
    mapping,
    opaque,
    partial,
    sequence,
    undecided,
)
from s3audit.location import NOWHERE
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.evaluate import Evaluator
    from s3audit.collectors.terraform.functions import Context

Key = str | int | Text | None
"""Of an instance: Text where it is not known, None where there is only one."""

MOST_INSTANCES = 10_000
"""Of one block; more need a reader that has other things to do than to wait."""

_THERE: Setting[bool] = Known(True, NOWHERE)


class Instance(Node):
    """One of what a block declares; as a value it is an object whose attributes are worked out when asked for."""

    __slots__ = ("address", "block", "exists", "inner", "key", "scope")

    def __init__(
        self, block: Declaration, address: str, key: Key, scope: Scope, exists: Setting[bool]
    ) -> None:
        self.start = block.block.start
        self.end = block.block.end
        self.lines = block.block.lines
        self.tag = ""
        self.block = block
        self.address = address
        self.key = key
        self.scope = scope
        """That of its arguments: with `each` and `count`."""
        self.exists = exists
        self.inner: ModuleInstance | None = None
        """What a `module` block makes of the module that it calls, where that is at hand."""


class Declarations(Node):
    """All that a block declares, as a value."""

    __slots__ = ("instances", "mode", "open", "trace")

    def __init__(
        self, at: Node, mode: str, instances: list[Instance], why: str = "", trace: Trace | None = None
    ) -> None:
        self.start = at.start
        self.end = at.end
        self.lines = at.lines
        self.tag = ""
        self.mode = mode
        """one, count or for_each."""
        self.instances = instances
        self.open = why
        """Why there may be others, or less; empty when they are all."""
        self.trace = Trace() if trace is None else trace
        """What their number and keys are made of."""

    def whole(self) -> Value:
        """As a list or map of its instances."""
        if self.mode == "one":
            return self.instances[0]
        if self.open:
            return undecided(self, self.open)
        if self.mode == "count":
            return sequence(self, self.instances)
        if any(not isinstance(one.key, str) for one in self.instances):
            return undecided(self, "some of its keys are not known")
        return mapping(self, {str(one.key): one for one in self.instances})


def indexed(of: Declarations, key: Value, at: Node) -> Value:
    """The instance of a key."""
    if of.mode == "one":
        return failed(at, "it is not repeated, so it has no instances to choose from")
    wanted: Key
    match key:
        case Primitive(data=int() as number) if of.mode == "count" and not isinstance(number, bool):
            wanted = number
        case Primitive(value=name) if not is_null(key):
            wanted = int(name) if of.mode == "count" and name.isdigit() else name
        case Partial(text=known):
            wanted = known
        case _:
            return undecided(at, "which instance is meant is not known")
    for one in of.instances:
        if one.key == wanted:
            return one
    if isinstance(wanted, Text) or of.open or any(isinstance(one.key, Text) for one in of.instances):
        why = of.open or f"which instance is meant by {wanted} is not known"
        return undecided(at, why)
    return failed(at, f"there is no instance {wanted!r}")


def attribute_of(value: Value, name: str, at: Node) -> Value | None:
    """An attribute of a resource, a data source or a module; None where there is none to be had."""
    if isinstance(value, Declarations):
        if value.mode != "one":
            return None
        value = value.instances[0]
    if not isinstance(value, Instance):
        return None
    block = value.block
    if isinstance(block, ModuleCall):
        return value.inner.output(name, at) if value.inner else opaque(at, f"{value.address}.{name}")
    if isinstance(block, ResourceBlock):
        value.scope.module.evaluator.touch(value.address)
        read = data_attribute if block.address.startswith("data.") else resource_attribute
        return read(value, name, at)
    return None


class Callee(Protocol):
    """Finds the module that a call names."""

    def __call__(self, caller: "ModuleInstance", call: ModuleCall) -> Module | None: ...


class ModuleInstance:
    """A module in its place: the root, or one instance of a call, with the values of its variables."""

    def __init__(
        self,
        evaluator: "Evaluator",
        module: Module,
        context: "Context",
        callee: Callee,
        inputs: Callable[["ModuleInstance", str], Value | None],
        *,
        prefix: str = "",
        path: tuple[str, ...] = (),
        exists: Setting[bool] = _THERE,
        around: "ModuleInstance | None" = None,
    ) -> None:
        self.evaluator = evaluator
        self.module = module
        self.context = context
        self.callee = callee
        self.prefix = prefix
        """What its addresses begin with: `module.site["eu"].`."""
        self.path = path
        """The names of the calls that lead here, as the index of installed modules spells them."""
        self.exists = exists
        self.around = around
        """The module that calls it."""
        self.root: ModuleInstance = self if around is None else around.root
        self.scope = Scope(self, {})
        self._inputs = inputs
        self._known: dict[str, tuple[Value, Trace] | None] = {}
        self._declared: dict[str, Declarations] = {}

    def once(self, key: str, at: Node, work: Callable[[], Value]) -> Value:
        """A value that is worked out once, wherever it is asked for."""
        if key in self._known:
            done = self._known[key]
            if done is None:
                return undecided(at, f"{key} refers to itself")
        else:
            self._known[key] = None
            done = self._known[key] = self.evaluator.watched(work)
        self.evaluator.follow(done[1])
        return done[0]

    def calls_itself(self, module: Module) -> bool:
        """Whether this module or one around it is that very one."""
        return self.module is module or (self.around is not None and self.around.calls_itself(module))

    def variable(self, name: str, at: Node) -> Value:
        if name not in self.module.variables:
            if self.module.hidden:
                return undecided(at, f"var.{name} is not seen: {self.module.hidden}")
            return failed(at, f"there is no variable {name}")

        def work() -> Value:
            value = self._inputs(self, name)
            return opaque(at, f"{self.prefix}var.{name}", given=True) if value is None else value

        return self.once(f"var.{name}", at, work)

    def local(self, name: str, at: Node) -> Value:
        written = self.module.locals.get(name)
        if written is None:
            if self.module.hidden:
                return undecided(at, f"local.{name} is not seen: {self.module.hidden}")
            return failed(at, f"there is no local value {name}")
        return self.once(f"local.{name}", at, lambda: self.evaluator.evaluate(written.value, self.scope))

    def output(self, name: str, at: Node) -> Value:
        output = self.module.outputs.get(name)
        if output is None or output.value is None:
            return undecided(at, f"the module has no output {name}")
        expression = output.value
        return self.once(f"output.{name}", at, lambda: self.evaluator.evaluate(expression, self.scope))

    def named(self, root: str, name: str, at: Node) -> Value:
        """What the two words at the start of a reference mean."""
        match root:
            case "var":
                return self.variable(name, at)
            case "local":
                return self.local(name, at)
            case "module":
                call = self.module.calls.get(name)
                return failed(at, f"there is no module {name}") if call is None else self.calls(call)
            case "path":
                return self._path(name, at)
            case "terraform" | "tofu":
                return opaque(at, f"terraform.{name}", given=True)
            case "each" | "count" | "self":
                return failed(at, f"there is no {root}.{name} here")
            case _:
                return self.declared(False, root, name, at)

    def declared(self, is_data: bool, kind: str, name: str, at: Node) -> Value:
        """The resource or data source of a type and name."""
        blocks = self.module.data if is_data else self.module.resources
        block = blocks.get(f"{kind}.{name}")
        if block is not None:
            return self.instances(block)
        address = f"{'data.' if is_data else ''}{kind}.{name}"
        if self.module.hidden:
            return undecided(at, f"{address} is not seen: {self.module.hidden}")
        return failed(at, f"{address} is not declared")

    def _path(self, name: str, at: Node) -> Value:
        match name:
            case "module":
                import os

                return Primitive.of(at, os.path.relpath(self.module.folder, self.root.module.folder or "."))
            case "root":
                return Primitive.of(at, ".")
            case _:
                return opaque(at, f"path.{name}", given=True)

    def instances(self, block: ResourceBlock) -> Declarations:
        """The instances of a resource or data source."""
        if block.address not in self._declared:
            self._declared[block.address] = self._expand(block, block.address, block.body)
        return self._declared[block.address]

    def calls(self, call: ModuleCall) -> Declarations:
        """The instances of a module, each with what it makes of its arguments."""
        address = f"module.{call.name}"
        if address not in self._declared:
            found = self._declared[address] = self._expand(call, address, call.body)
            module = self.callee(self, call)
            for one in found.instances:
                if module is not None:
                    one.inner = self._inner(module, call, one)
        return self._declared[address]

    def _inner(self, module: Module, call: ModuleCall, one: Instance) -> "ModuleInstance":
        from s3audit.collectors.terraform.variables import passed

        return ModuleInstance(
            self.evaluator,
            module,
            self.context,
            self.callee,
            passed(call, one.scope),
            prefix=f"{one.address}.",
            path=(*self.path, call.name),
            exists=one.exists,
            around=self,
        )

    def _expand(self, block: Declaration, name: str, body: Body) -> Declarations:
        address = self.prefix + name
        count, for_each = body.attributes.get("count"), body.attributes.get("for_each")
        if count is None and for_each is None:
            return Declarations(block.block, "one", [Instance(block, address, None, self.scope, self.exists)])
        # An expression that leads back here finds nothing to choose from.
        self._declared[name] = Declarations(block.block, "for_each", [], f"{address} refers to itself")
        try:
            if count is not None and for_each is not None:
                why = "it has count and for_each, and Terraform allows only one of them"
                return self._unknown_each(block, address, for_each.value, why, Trace())
            if count is not None:
                return self._counted(block, address, count.value)
            assert for_each is not None  # noqa: S101 - one of the two is written
            return self._each(block, address, for_each.value)
        finally:
            del self._declared[name]

    def _counted(self, block: Declaration, address: str, expression: Expression) -> Declarations:
        value, trace = self.evaluator.watched(lambda: self.evaluator.evaluate(expression, self.scope))
        number = convert.as_number(value)
        exists = self._exists(expression, trace)
        why = ""
        if isinstance(number, Undecided):
            why = number.why
            most = self._most(expression)
            exists = Unknown(why, location(expression, "", address))
            number = 1 if most is None else most
        if number > MOST_INSTANCES:
            why = f"there are {number:,} of them, and no more than {MOST_INSTANCES:,} are looked at"
            number = MOST_INSTANCES
        instances = [
            self._made(block, f"{address}[{index}]", index, self._count(index, expression), exists, trace)
            for index in range(int(number))
        ]
        return Declarations(block.block, "count", instances, why)

    def _count(self, index: int, at: Node) -> dict[str, Value]:
        return {"count": mapping(at, {"index": Primitive.of(at, index)})}

    def _made(
        self,
        block: Declaration,
        address: str,
        key: Key,
        names: dict[str, Value],
        exists: Setting[bool],
        trace: Trace,
    ) -> Instance:
        """An instance that is there because of what is traced."""
        self.evaluator.trace_of(address).follow(trace)
        return Instance(block, address, key, self.scope.within(names, address), exists)

    def _most(self, expression: Expression) -> int | None:
        """How many there are at most, where a condition that can't be decided chooses between two numbers."""
        if not isinstance(expression, syntax.Conditional):
            return None
        found = [
            convert.as_number(self.evaluator.evaluate(branch, self.scope))
            for branch in (expression.yes, expression.no)
        ]
        numbers = [int(number) for number in found if not isinstance(number, Undecided)]
        return min(max(numbers), MOST_INSTANCES) if len(numbers) == len(found) else None

    def _exists(self, at: Expression, trace: Trace) -> Setting[bool]:
        """That there are so many is sure, if it is sure that the module is there."""
        if isinstance(self.exists, Unknown) or not trace.notes:
            return self.exists
        return Known(True, location(at, "", self.prefix), trace.via)

    def _each(self, block: Declaration, address: str, expression: Expression) -> Declarations:
        value, trace = self.evaluator.watched(lambda: self.evaluator.reach(expression, self.scope))
        if isinstance(value, Declarations) and value.mode == "for_each":
            # One for each of another block's: they have the same keys, known or not.
            pairs = [(one.key, one) for one in value.instances]
            return self._with_keys(block, address, expression, pairs, value.open, trace)
        members = convert.elements(value.whole() if isinstance(value, Declarations) else value)
        if isinstance(members, Undecided):
            return self._unknown_each(block, address, expression, members.why, trace)
        if isinstance(value, Sequence) and type(value) is Sequence:
            why = "for_each takes a map or a set of texts, and this is a list: toset() makes a set of it"
            return self._unknown_each(block, address, expression, why, trace)
        why = ""
        if len(members) > MOST_INSTANCES:
            why = f"there are {len(members):,} of them, and no more than {MOST_INSTANCES:,} are looked at"
            members = members[:MOST_INSTANCES]
        found: list[tuple[Key, Value]] = []
        for key, element in members:
            match convert.as_text(key):
                case Primitive(value=name):
                    found.append((name, element))
                case Partial(text=known):
                    found.append((known, element))
                case other:
                    said = other.why if isinstance(other, Undecided) else "one of its keys is not known"
                    return self._unknown_each(block, address, expression, said, trace)
        return self._with_keys(block, address, expression, found, why, trace)

    def _with_keys(
        self,
        block: Declaration,
        address: str,
        at: Expression,
        pairs: List[tuple[Key, Value]],
        why: str,
        trace: Trace,
    ) -> Declarations:
        exists = Unknown(why, location(at, "", address)) if why else self._exists(at, trace)
        instances: list[Instance] = []
        for key, value in pairs:
            shown: Value = partial(at, key) if isinstance(key, Text) else Primitive.of(at, key)
            names: dict[str, Value] = {"each": mapping(at, {"key": shown, "value": value})}
            instances.append(self._made(block, f"{address}[{_spelled(key)}]", key, names, exists, trace))
        return Declarations(block.block, "for_each", instances, why)

    def _unknown_each(
        self, block: Declaration, address: str, expression: Expression, why: str, trace: Trace
    ) -> Declarations:
        """One instance stands for all, whose key is known by where it comes from."""
        written = expression.lines.text[expression.start : expression.end]
        of = f"of {' '.join(written.split())}"  # all of it: equal ones have equal keys, and others need not
        key = Text((Opaque(f"{self.prefix}each.key {of}", given=True),))
        is_set = isinstance(expression, syntax.Call) and expression.name == "toset"
        shown = partial(expression, key, why)
        value = shown if is_set else opaque(expression, f"{self.prefix}each.value {of}", why)
        names: dict[str, Value] = {
            "each": mapping(expression, {"key": shown, "value": value})
        }
        exists = Unknown(why, location(expression, "", address))
        one = self._made(block, f"{address}[each.key]", key, names, exists, trace)
        return Declarations(block.block, "for_each", [one], why)


def _spelled(key: Key) -> str:
    if isinstance(key, int) or key is None:
        return str(key)
    escaped = str(key).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

