"""What a module declares, repeated by `count` and `for_each`, and how its expressions reach it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from s3audit.collectors.documents.hcl.syntax import Body, Expression
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Node, location
from s3audit.collectors.terraform.language.declarations import Declarations, Member
from s3audit.collectors.terraform.language.scope import WORKSPACE, Scope, Trace
from s3audit.collectors.terraform.language.values import (
    Primitive,
    Value,
    failed,
    opaque,
    undecided,
)
from s3audit.collectors.terraform.modules.module import Declaration, Module, ModuleCall, ResourceBlock
from s3audit.collectors.terraform.modules.objects import data_attribute, resource_attribute
from s3audit.collectors.terraform.modules.repetition import (
    One,
    Repetition,
    counted,
    each,
    keyed,
    unknown_count,
    unknown_each,
    written,
)
from s3audit.location import NOWHERE
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator
    from s3audit.collectors.terraform.language.functions import Context

MOST_INSTANCES = 1_000
"""Of one block; more need a reader that has other things to do than to wait."""
MOST_IN_ALL = 10_000
"""Of all blocks of a root module and of those that it calls."""

_THERE: Setting[bool] = Known(True, NOWHERE)
_BOTH = "it has count and for_each, and Terraform allows only one of them"
_ENABLED_TOO = "it has enabled beside count or for_each, and OpenTofu allows only one of them"


class Instance(Member):
    """One of what a block declares, with the scope of its arguments."""

    block: Declaration
    label: str
    """The key as it stands in the address."""
    scope: Scope
    """That of its arguments: with `each` and `count`."""
    exists: Setting[bool]
    cause: str
    """What decides about it where that is not known: what has the same cause is there together with it."""
    inner: "ModuleInstance | None" = None
    """What a `module` block makes of the module that it calls, where that is at hand."""

    def attribute(self, name: str, at: Node) -> Value | None:
        block = self.block
        if isinstance(block, ModuleCall):
            return self.inner.output(name, at) if self.inner else opaque(at, f"{self.address}.{name}")
        if isinstance(block, ResourceBlock):
            self.scope.module.evaluator.touch(self.address)
            read = data_attribute if block.address.startswith("data.") else resource_attribute
            return read(self, name, at)
        return None


def _same_keys(of: Declarations[Instance], at: Expression) -> Repetition:
    """As many with the same keys, known or not, that are there together with these."""
    ones = [
        One(one.key, one.label, keyed(one.key, one, at).names, one.cause)
        for one in of.instances
        if isinstance(one.key, str | Text)
    ]
    return Repetition(ones, of.open, len(ones))


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
        cause: str = "",
        around: "ModuleInstance | None" = None,
        call: ModuleCall | None = None,
        outer: Scope | None = None,
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
        self.cause = cause
        self.around = around
        """The module that calls it."""
        self.call = call
        self.outer = outer
        """That of the arguments of the call."""
        self.root: ModuleInstance = self if around is None else around.root
        self.modules = 0
        """That were called so far, where this is the root."""
        self.left = MOST_IN_ALL
        """Instances that may still be made, where this is the root."""
        self.scope = Scope(self, {})
        self._inputs = inputs
        self._known: dict[str, tuple[Value, Trace] | None] = {}
        self._declared: dict[str, Declarations[Instance]] = {}

    def once(self, key: str, at: Node, work: Callable[[], Value]) -> Value:
        """A value that is worked out once, wherever it is asked for."""
        if key in self._known:
            done = self._known[key]
            if done is None:
                return undecided(at, f"{key} refers to itself")
        else:
            self._known[key] = None
            done = self._known[key] = self.evaluator.apart(work)
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

    def gives(self, name: str) -> bool:
        """Whether a call of this module has an argument for the variable."""
        return self.call is not None and name in self.call.arguments

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
                if name == "workspace":
                    self.evaluator.ask(WORKSPACE)
                return opaque(at, f"terraform.{name}", f"only a run knows {root}.{name}", given=True)
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
                return opaque(at, f"path.{name}", f"only a run knows path.{name}", given=True)

    def instances(self, block: ResourceBlock) -> Declarations[Instance]:
        """The instances of a resource or data source."""
        if block.address not in self._declared:
            self._declared[block.address] = self._expand(block, block.address, block.body)
        return self._declared[block.address]

    def calls(self, call: ModuleCall) -> Declarations[Instance]:
        """The instances of a module, each with what it makes of its arguments."""
        address = f"module.{call.name}"
        if address not in self._declared:
            found = self._declared[address] = self._expand(call, address, call.body)
            module = self.callee(self, call) if found.instances else None
            if module is not None:
                source = call.argument("source")
                trace = Trace() if source is None or call.source else self.source(source)[1]
                for one in found.instances:
                    if source is not None and trace.notes and not isinstance(one.exists, Unknown):
                        trace.follow(found.trace)
                        one.exists = self._exists(source, trace)
                    one.inner = self._inner(module, call, one)
        return self._declared[address]

    def source(self, written: Expression) -> tuple[Value, Trace]:
        """Where a module lies; OpenTofu lets variables and local values say it."""
        return self.evaluator.apart(lambda: self.evaluator.evaluate(written, self.scope))

    def _inner(self, module: Module, call: ModuleCall, one: Instance) -> "ModuleInstance":
        from s3audit.collectors.terraform.modules.variables import passed

        return ModuleInstance(
            self.evaluator,
            module,
            self.context,
            self.callee,
            passed(call, one.scope),
            prefix=f"{one.address}.",
            path=(*self.path, call.name),
            exists=one.exists,
            cause=one.cause,
            around=self,
            call=call,
            outer=one.scope,
        )

    def _expand(self, block: Declaration, name: str, body: Body) -> Declarations[Instance]:
        address = self.prefix + name
        count, for_each = body.attributes.get("count"), body.attributes.get("for_each")
        enabled = block.enabled
        if count is None and for_each is None:
            if enabled is not None:
                return self._if_enabled(block, name, address, enabled.value)
            one = self._made(block, address, One(None, "", {}), self.exists, Trace(), self.cause)
            return Declarations.of(block.block, "one", [one])
        # An expression that leads back here finds nothing to choose from.
        self._declared[name] = Declarations.of(block.block, "for_each", [], f"{address} refers to itself")
        try:
            if enabled is not None and (repeated := count or for_each) is not None:
                found = (unknown_each if count is None else unknown_count)(self, repeated.value, _ENABLED_TOO)
                return self._repeated("for_each", block, address, repeated.value, found, Trace())
            if for_each is None:
                assert count is not None  # noqa: S101 - one of the two is written
                return self._counted(block, address, count.value)
            if count is None:
                return self._each(block, address, for_each.value)
            found = unknown_each(self, for_each.value, _BOTH)
            return self._repeated("for_each", block, address, for_each.value, found, Trace())
        finally:
            del self._declared[name]

    def _if_enabled(
        self, block: Declaration, name: str, address: str, at: Expression
    ) -> Declarations[Instance]:
        """One or none, as OpenTofu has it: without a key, and null where there is none."""
        self._declared[name] = Declarations.of(block.block, "one", [], f"{address} refers to itself")
        try:
            value, trace = self.evaluator.apart(
                lambda: self.evaluator.deciding(self.evaluator.evaluate(at, self.scope), (True, False))
            )
        finally:
            del self._declared[name]
        answer = self.evaluator.truth(value)
        if answer is False:
            return Declarations.of(block.block, "one", [], trace=trace)
        why, exists, cause = "", self._exists(at, trace), self.cause
        if isinstance(answer, Undecided):
            why, cause = answer.why, f"{self.prefix}{written(at)}"
            exists = Unknown(why, location(at, "", address))
        one = self._made(block, address, One(None, "", {}), exists, trace, cause)
        return Declarations.of(block.block, "one", [one], why, trace)

    def _counted(self, block: Declaration, address: str, at: Expression) -> Declarations[Instance]:
        value, trace = self.evaluator.apart(lambda: self.evaluator.evaluate(at, self.scope))
        return self._repeated("count", block, address, at, counted(self, at, value), trace)

    def _each(self, block: Declaration, address: str, at: Expression) -> Declarations[Instance]:
        value, trace = self.evaluator.apart(lambda: self.evaluator.reach(at, self.scope))
        if isinstance(value, Declarations):
            trace.follow(value.trace)
            if value.open and not value.instances:
                found = unknown_each(self, at, value.open)
            else:
                found = _same_keys(value, at) if value.mode == "for_each" else each(self, at, value.whole())
        else:
            found = each(self, at, value)
        return self._repeated("for_each", block, address, at, found, trace)

    def _repeated(
        self, mode: str, block: Declaration, address: str, at: Expression, found: Repetition, trace: Trace
    ) -> Declarations[Instance]:
        exists = Unknown(found.open, location(at, "", address)) if found.open else self._exists(at, trace)
        # An expression that can't be told decides alike wherever it stands in a module.
        decides = f"{self.prefix}{written(at)}" if found.open else ""
        instances = [
            self._made(
                block,
                f"{address}[{one.label}]",
                one,
                exists,
                trace,
                one.cause or (f"{decides}[{one.label}]" if decides else self.cause),
            )
            for one in found.ones
        ]
        made = Declarations.of(block.block, mode, instances, found.open, trace)
        made.cut(
            address.removeprefix(self.prefix),
            found.total,
            f"no more than {MOST_INSTANCES:,} of one block are"
            if len(instances) == MOST_INSTANCES
            else f"no more than {MOST_IN_ALL:,} of a whole configuration are",
        )
        return made

    def may_make(self, number: int) -> int:
        """How many of so many are made."""
        return max(0, min(number, MOST_INSTANCES, self.root.left))

    def _made(
        self,
        block: Declaration,
        address: str,
        one: One,
        exists: Setting[bool],
        trace: Trace,
        cause: str,
    ) -> Instance:
        """An instance that is there because of what is traced."""
        self.root.left -= 1
        self.evaluator.effort.earn()
        made_of = self.evaluator.trace_of(address)
        made_of.follow(trace)
        if self.prefix:
            made_of.touched[self.prefix.removesuffix(".")] = None
        scope = self.scope.within(one.names, address, trace)
        at = block.block
        return Instance(at.start, at.end, at.lines, address, one.key, block, one.label, scope, exists, cause)

    def _exists(self, at: Expression, trace: Trace) -> Setting[bool]:
        """That there are so many is sure, if it is sure that the module is there."""
        if isinstance(self.exists, Unknown) or not trace.notes:
            return self.exists
        return Known(True, location(at, "", self.prefix), trace.via)
