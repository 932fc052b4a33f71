"""What an HCL file says, as written: bodies of attributes and blocks, and expressions that nobody has evaluated."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

import msgspec

from s3audit.collectors.documents.tree import Node, Scalar

Datum: TypeAlias = str | int | Decimal | bool | None


class Expression(Node):
    """One of the classes below."""


class Literal(Expression):
    """`"text"` without anything to evaluate in it, `12`, `true`, `null`."""

    value: Datum


class Template(Expression):
    """A text with parts to evaluate. One that is nothing but `${...}` is that value itself, whatever its type."""

    parts: tuple["TemplatePart", ...]
    """Known text with its escapes undone, indentation and `~` taken care of; expressions; directives.

    An empty text stands beside a lone `${...}` from which `~` has taken all that was there: that one is a text.
    """

    @property
    def is_one_value(self) -> bool:
        """Whether it is nothing but `${...}`."""
        return len(self.parts) == 1 and not isinstance(self.parts[0], str | TemplateIf | TemplateFor)


class TemplateIf(Expression):
    """`%{ if test }...%{ else }...%{ endif }`"""

    test: Expression
    yes: tuple["TemplatePart", ...]
    no: tuple["TemplatePart", ...]


class TemplateFor(Expression):
    """`%{ for key, value in collection }...%{ endfor }`"""

    key: str
    """Empty when there is only one name."""
    value: str
    collection: Expression
    body: tuple["TemplatePart", ...]


TemplatePart: TypeAlias = str | Expression


class Name(Expression):
    """The first word of a reference: `var`, `aws_s3_bucket`, the name of a loop."""

    name: str


class Attribute(Expression):
    """`of.name`"""

    of: Expression
    name: str


class Index(Expression):
    """`of[key]`, and `of.0` of old."""

    of: Expression
    key: Expression


class Splat(Expression):
    """`of[*].rest` and `of.*.rest`: the rest of each element."""

    of: Expression
    each: Expression
    """The rest as an expression over `EachItem`; that alone where nothing follows."""


class EachItem(Expression):
    """The element in a splat."""


class Call(Expression):
    """`name(arguments)`; `expand` when the last argument is followed by `...`."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool


class Conditional(Expression):
    test: Expression
    yes: Expression
    no: Expression


class Binary(Expression):
    operator: str
    left: Expression
    right: Expression


class Unary(Expression):
    operator: str
    operand: Expression


class Tuple(Expression):
    items: tuple[Expression, ...]


class Object(Expression):
    items: tuple[tuple[Expression, Expression], ...]
    """A bare word as a key is a `Literal` text; `(key)` is the expression in the brackets."""


class For(Expression):
    """`[for key, value in collection : result if condition]` and `{for ... : name => result...}`."""

    key: str
    """Empty when there is only one name."""
    value: str
    collection: Expression
    name: Expression | None
    """What stands before `=>`; None in a list."""
    result: Expression
    condition: Expression | None
    grouped: bool


class Invalid(Expression):
    """Something is written here that can't be read, and a Problem says so."""

    why: str


class Written(msgspec.Struct, eq=False):
    """An attribute of a body: `name = expression`."""

    key: Scalar
    _read: Callable[[], Expression]
    _value: Expression | None = None

    @property
    def value(self) -> Expression:
        """Read when first asked for: most of what a file says is not for us."""
        if self._value is None:
            self._value = self._read()
        return self._value


class Body(msgspec.Struct, eq=False):
    """What stands between the brackets of a block, or in a file."""

    attributes: dict[str, Written]
    blocks: "list[Block]"
    is_whole: bool = True
    """False where a part of it could not be read, so that nothing is known to be absent."""


class Block(Node):
    """`type "label" "label" { body }`; its place is the header, from the type to the last label."""

    type: str
    labels: tuple[str, ...]
    _read: Callable[[], Body]
    _body: Body | None = None

    @property
    def body(self) -> Body:
        """Read when first asked for."""
        if self._body is None:
            self._body = self._read()
        return self._body
