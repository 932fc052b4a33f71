"""Where an expression stands: its module, and the names that loops and repetition give a value there."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

import msgspec

from s3audit.collectors.documents.hcl.syntax import Datum, Expression
from s3audit.collectors.documents.resolved import Resolved
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.language.values import Value

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator
    from s3audit.collectors.terraform.language.functions import Context

    class Surroundings(Protocol):
        """A module in its place, as far as what stands in it asks for anything."""

        evaluator: Evaluator
        context: Context
        prefix: str

        def gives(self, name: str) -> bool: ...

        def named(self, root: str, name: str, at: Node) -> Value: ...

        def declared(self, is_data: bool, kind: str, name: str, at: Node) -> Value: ...

        def once(self, key: str, at: Node, work: Callable[[], Value]) -> Value: ...


class Condition(str):
    """A condition that nothing decides, as it is written, among the variables without a value."""

    __slots__ = ()


WORKSPACE = "terraform.workspace"
"""Among the variables without a value: the workspace, which is chosen like one."""

ITEM = "*"
"""The name of the element in a splat."""


class Trace(msgspec.Struct, eq=False):
    """What a value was made of, as far as it matters to others."""

    notes: dict[str, None] = {}
    """What was assumed: `with the default of env`."""
    open: dict[str, None] = {}
    """Variables of the root module that have no value, and conditions that nothing decides."""
    touched: dict[str, None] = {}
    """Addresses of resources and data sources."""
    compared: dict[tuple[str, Datum], None] | None = None
    """Variables of the root module that have no value, each with a value that it was compared with."""

    def follow(self, other: "Trace") -> None:
        if other.notes:
            self.notes.update(other.notes)
        if other.open:
            self.open.update(other.open)
        if other.touched:
            self.touched.update(other.touched)
        if other.compared:
            self.compare(other.compared)

    def compare(self, found: Iterable[tuple[str, Datum]]) -> None:
        """Such variables were compared with such values."""
        if self.compared is None:
            self.compared = {}
        self.compared.update(dict.fromkeys(found))

    @property
    def via(self) -> str:
        return " and ".join(self.notes) if self.notes else ""


class Scope(msgspec.Struct, eq=False):
    module: "Surroundings"
    names: dict[str, Value]
    """`each`, `count`, the iterators of dynamic blocks, the names of `for`."""
    owner: str = ""
    """The address of the resource whose arguments are worked out here."""
    each: Trace | None = None
    """What `each` is made of."""

    def within(self, names: dict[str, Value], owner: str = "", each: Trace | None = None) -> "Scope":
        return Scope(self.module, {**self.names, **names}, owner or self.owner, each or self.each)


class Lazy(Node):
    """A node that is worked out when somebody asks for it."""

    def resolve(self) -> Resolved:
        raise TypeError(f"{type(self).__name__} has nothing to work out")


class Bound(Lazy):
    """An expression in its scope, evaluated when first asked for."""

    expression: Expression
    scope: Scope
    _done: Resolved | None = None

    def resolve(self) -> Resolved:
        if self._done is None:
            self._done = self.scope.module.evaluator.resolved(self.expression, self.scope)
        return self._done
