"""Where an expression stands: its module, and the names that loops and repetition give a value there."""

from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl.syntax import Expression
from s3audit.collectors.documents.resolved import Resolved
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.language.values import Value

if TYPE_CHECKING:
    from s3audit.collectors.terraform.modules.instances import ModuleInstance

ITEM = "*"
"""The name of the element in a splat."""


class Trace:
    """What a value was made of, as far as it matters to others."""

    __slots__ = ("notes", "open", "touched")

    def __init__(self) -> None:
        self.notes: dict[str, None] = {}
        """What was assumed: `with the default of env`."""
        self.open: dict[str, None] = {}
        """Variables of the root module that have no value."""
        self.touched: dict[str, None] = {}
        """Addresses of resources and data sources."""

    def follow(self, other: "Trace") -> None:
        if other.notes:
            self.notes.update(other.notes)
        if other.open:
            self.open.update(other.open)
        if other.touched:
            self.touched.update(other.touched)

    @property
    def via(self) -> str:
        return " and ".join(self.notes) if self.notes else ""


class Scope:
    __slots__ = ("each", "module", "names", "owner")

    def __init__(
        self,
        module: "ModuleInstance",
        names: dict[str, Value],
        owner: str = "",
        each: Trace | None = None,
    ) -> None:
        self.module = module
        self.names = names
        """`each`, `count`, the iterators of dynamic blocks, the names of `for`."""
        self.owner = owner
        """The address of the resource whose arguments are worked out here."""
        self.each = each
        """What `each` is made of."""

    def within(self, names: dict[str, Value], owner: str = "", each: Trace | None = None) -> "Scope":
        return Scope(self.module, {**self.names, **names}, owner or self.owner, each or self.each)


class Lazy(Node):
    """A node that is worked out when somebody asks for it."""

    __slots__ = ()

    def resolve(self) -> Resolved:
        raise TypeError(f"{type(self).__name__} has nothing to work out")


class Bound(Lazy):
    """An expression in its scope, evaluated when first asked for."""

    __slots__ = ("_done", "expression", "scope")

    def __init__(self, expression: Expression, scope: Scope) -> None:
        self.start = expression.start
        self.end = expression.end
        self.lines = expression.lines
        self.tag = ""
        self.expression = expression
        self.scope = scope
        self._done: Resolved | None = None

    def resolve(self) -> Resolved:
        if self._done is None:
            self._done = self.scope.module.evaluator.resolved(self.expression, self.scope)
        return self._done
