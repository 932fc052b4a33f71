"""What an HCL file says, as written: bodies of attributes and blocks, and expressions that nobody has evaluated."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from s3audit.collectors.documents.tree import Lines, Node, Scalar

Datum: TypeAlias = str | int | Decimal | bool | None


class Expression(Node):
    """One of the classes below."""

    __slots__ = ()


class Literal(Expression):
    """`"text"` without anything to evaluate in it, `12`, `true`, `null`."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, lines: Lines, value: Datum) -> None:
        # The four of Node are set here: this runs for most words of a file, and a call costs as much again.
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.value = value


class Template(Expression):
    """A text with parts to evaluate. One that is nothing but `${...}` is that value itself, whatever its type."""

    __slots__ = ("parts",)
    parts: tuple["TemplatePart", ...]
    """Known text with its escapes undone, indentation and `~` taken care of; expressions; directives.

    An empty text stands beside a lone `${...}` from which `~` has taken all that was there: that one is a text.
    """

    def __init__(self, start: int, end: int, lines: Lines, parts: tuple["TemplatePart", ...]) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.parts = parts

    @property
    def is_one_value(self) -> bool:
        """Whether it is nothing but `${...}`."""
        return len(self.parts) == 1 and not isinstance(self.parts[0], str | TemplateIf | TemplateFor)


class TemplateIf(Expression):
    """`%{ if test }...%{ else }...%{ endif }`"""

    __slots__ = ("no", "test", "yes")
    test: Expression
    yes: tuple["TemplatePart", ...]
    no: tuple["TemplatePart", ...]


class TemplateFor(Expression):
    """`%{ for key, value in collection }...%{ endfor }`"""

    __slots__ = ("body", "collection", "key", "value")
    key: str
    """Empty when there is only one name."""
    value: str
    collection: Expression
    body: tuple["TemplatePart", ...]


TemplatePart: TypeAlias = str | Expression


class Name(Expression):
    """The first word of a reference: `var`, `aws_s3_bucket`, the name of a loop."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, lines: Lines, name: str) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.name = name


class Attribute(Expression):
    """`of.name`"""

    __slots__ = ("name", "of")

    def __init__(self, start: int, end: int, lines: Lines, of: Expression, name: str) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.of = of
        self.name = name


class Index(Expression):
    """`of[key]`, and `of.0` of old."""

    __slots__ = ("key", "of")

    def __init__(self, start: int, end: int, lines: Lines, of: Expression, key: Expression) -> None:
        super().__init__(start, end, lines)
        self.of = of
        self.key = key


class Splat(Expression):
    """`of[*].rest` and `of.*.rest`: the rest of each element."""

    __slots__ = ("each", "of")

    def __init__(self, start: int, end: int, lines: Lines, of: Expression, each: Expression) -> None:
        super().__init__(start, end, lines)
        self.of = of
        self.each = each
        """The rest as an expression over `EachItem`; that alone where nothing follows."""


class EachItem(Expression):
    """The element in a splat."""

    __slots__ = ()


class Call(Expression):
    """`name(arguments)`; `expand` when the last argument is followed by `...`."""

    __slots__ = ("arguments", "expand", "name")

    def __init__(
        self, start: int, end: int, lines: Lines, name: str, arguments: tuple[Expression, ...], expand: bool
    ) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.name = name
        self.arguments = arguments
        self.expand = expand


class Conditional(Expression):
    __slots__ = ("no", "test", "yes")

    def __init__(
        self, start: int, end: int, lines: Lines, test: Expression, yes: Expression, no: Expression
    ) -> None:
        super().__init__(start, end, lines)
        self.test = test
        self.yes = yes
        self.no = no


class Binary(Expression):
    __slots__ = ("left", "operator", "right")

    def __init__(
        self, start: int, end: int, lines: Lines, operator: str, left: Expression, right: Expression
    ) -> None:
        super().__init__(start, end, lines)
        self.operator = operator
        self.left = left
        self.right = right


class Unary(Expression):
    __slots__ = ("operand", "operator")

    def __init__(self, start: int, end: int, lines: Lines, operator: str, operand: Expression) -> None:
        super().__init__(start, end, lines)
        self.operator = operator
        self.operand = operand


class Tuple(Expression):
    __slots__ = ("items",)

    def __init__(self, start: int, end: int, lines: Lines, items: tuple[Expression, ...]) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.items = items


class Object(Expression):
    __slots__ = ("items",)

    def __init__(
        self, start: int, end: int, lines: Lines, items: tuple[tuple[Expression, Expression], ...]
    ) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.items = items
        """A bare word as a key is a `Literal` text; `(key)` is the expression in the brackets."""


class For(Expression):
    """`[for key, value in collection : result if condition]` and `{for ... : name => result...}`."""

    __slots__ = ("collection", "condition", "grouped", "key", "name", "result", "value")
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

    __slots__ = ("why",)

    def __init__(self, start: int, end: int, lines: Lines, why: str) -> None:
        super().__init__(start, end, lines)
        self.why = why


class Written:
    """An attribute of a body: `name = expression`."""

    __slots__ = ("_read", "_value", "key")

    def __init__(self, key: Scalar, read: Callable[[], Expression], value: Expression | None = None) -> None:
        self.key = key
        self._read = read
        self._value = value

    @property
    def value(self) -> Expression:
        """Read when first asked for: most of what a file says is not for us."""
        if self._value is None:
            self._value = self._read()
        return self._value


class Body:
    """What stands between the brackets of a block, or in a file."""

    __slots__ = ("attributes", "blocks", "is_whole")

    def __init__(self, attributes: dict[str, Written], blocks: "list[Block]", is_whole: bool = True) -> None:
        self.attributes = attributes
        self.blocks = blocks
        self.is_whole = is_whole
        """False where a part of it could not be read, so that nothing is known to be absent."""


class Block(Node):
    """`type "label" "label" { body }`; its place is the header, from the type to the last label."""

    __slots__ = ("_body", "_read", "labels", "type")

    def __init__(
        self,
        start: int,
        end: int,
        lines: Lines,
        type: str,  # noqa: A002 - it is called that
        labels: tuple[str, ...],
        read: Callable[[], Body],
        body: Body | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.lines = lines
        self.tag = ""
        self.type = type
        self.labels = labels
        self._read = read
        self._body = body

    @property
    def body(self) -> Body:
        """Read when first asked for."""
        if self._body is None:
            self._body = self._read()
        return self._body
