"""Files in Terraform's JSON syntax, as the bodies that the same files would be in HCL.

Strings are templates, but for those that name something (`depends_on`, `provider`, `ignore_changes`, types: they are
expressions) and those that Terraform takes as they are (the defaults of variables, all of a `.tfvars.json`).

Only a provider's schema tells which objects are blocks. Here the blocks are those that belong to the language:
`lifecycle`, `provisioner`, `connection`, `dynamic`, `validation` and the like, and whatever holds a `dynamic` at any
depth. All other objects and lists of them are attributes: tables read both alike.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from s3audit.collectors.documents.hcl.reader import read_expression, read_template
from s3audit.collectors.documents.hcl.syntax import (
    Block,
    Body,
    Datum,
    Expression,
    Invalid,
    Literal,
    Object,
    Tuple,
    Written,
)
from s3audit.collectors.documents.json_reader import JsonError, parse_json
from s3audit.collectors.documents.problems import Problems, shown
from s3audit.collectors.documents.reader import decode
from s3audit.collectors.documents.tree import Entry, Lines, Mapping, Node, Scalar, Sequence, is_null
from s3audit.location import Location
from s3audit.problem import Problem

COMMENT = "//"
"""A key that Terraform ignores in the object of a body."""

_MOST_DIGITS = 4000  # Python refuses to write integers of more than 4300
_TOO_LARGE = "a number with so many digits is too large to be worked out"

Read = Callable[[Node], Expression]


class _Kind(NamedTuple):
    """What is particular in the body of a block."""

    blocks: dict[str, tuple[int, str]] = {}  # noqa: RUF012 - nothing changes it
    """Which names are blocks in it, with how many labels, and the kind of their own body."""
    references: tuple[str, ...] = ()
    """Arguments that are expressions in a string."""
    literal: bool = False
    """Other strings are taken as they are."""
    open: bool = False
    """A provider says what else is a block."""


_KINDS = {
    "file": _Kind(
        {
            "data": (2, "resource"),
            "ephemeral": (2, "resource"),
            "locals": (0, ""),
            "module": (1, "module"),
            "output": (1, "output"),
            "provider": (1, ""),
            "resource": (2, "resource"),
            "terraform": (0, "terraform"),
            "variable": (1, "variable"),
        }
    ),
    "resource": _Kind(
        {
            "connection": (0, ""),
            "dynamic": (1, "dynamic"),
            "lifecycle": (0, "lifecycle"),
            "provisioner": (1, ""),
        },
        references=("depends_on", "provider"),
        open=True,
    ),
    "content": _Kind({"dynamic": (1, "dynamic")}, open=True),
    "dynamic": _Kind({"content": (0, "content")}, references=("iterator",)),
    "lifecycle": _Kind(
        {"postcondition": (0, ""), "precondition": (0, "")},
        references=("ignore_changes", "replace_triggered_by"),
    ),
    "module": _Kind({"lifecycle": (0, "lifecycle")}, references=("depends_on", "providers")),
    "output": _Kind({"precondition": (0, "")}, references=("depends_on",)),
    "terraform": _Kind(
        {"backend": (1, ""), "cloud": (0, ""), "provider_meta": (1, ""), "required_providers": (0, "")}
    ),
    "variable": _Kind({"validation": (0, "")}, references=("type",), literal=True),
    "": _Kind(),
}


def read_json_body(data: bytes, source: str, *, limit: int) -> tuple[Body, list[Problem]]:
    """What a `.tf.json` says, and what could not be read of it; never raises for bad input."""
    reader = _Reader(source)
    root = reader.root(data, limit)
    return (Body({}, [], False) if root is None else reader.file(root)), reader.found


def read_json_values(data: bytes, source: str, *, limit: int) -> tuple[Body, list[Problem]]:
    """The values that a `.tfvars.json` gives, as the attributes of a body."""
    reader = _Reader(source)
    root = reader.root(data, limit)
    if isinstance(root, Mapping):
        attributes = {name: _written(entry, _as_it_is) for name, entry in root.entries.items()}
        return Body(attributes, []), reader.found
    if root is not None:
        reader.unexpected(root, "a file of values")
    return Body({}, [], False), reader.found


class _Found(Problems):
    __slots__ = ("is_whole",)

    def __init__(self, source: str, lines: Lines) -> None:
        super().__init__(source, lines)
        self.is_whole = True

    def repeated(self, first: Scalar, again: Scalar) -> None:
        self.is_whole = False
        line, column = self.lines.place(first.start)
        self.add(
            "partial",
            again.start,
            again.end,
            f"The key {shown(again.value)} stands here and on line {line}, column {column} too, and only the last one"
            " is read. Write several blocks of one type as a list.",
        )


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: _Found | None = None
        self.found: list[Problem] = []

    def root(self, data: bytes, limit: int) -> Node | None:
        """The document, with this file as the source of its nodes."""
        if len(data) > limit:
            said = f"The file has {len(data):,} bytes, more than the {limit:,} that are read."
            self.found = [
                Problem(Location(self.source), "unreadable", f"{said} To read it: --max-size {len(data)}.")
            ]
            return None
        try:
            text = decode(data, "strict")
        except UnicodeDecodeError:
            self.found = [
                Problem(Location(self.source), "unreadable", "The file is no UTF-8: save it as UTF-8.")
            ]
            return None
        self.problems = _Found(self.source, Lines(text, self.source))
        self.found = self.problems.found
        try:
            return parse_json(text, self.problems).root
        except JsonError as error:
            self.problems.stop(error)
            return None

    def file(self, root: Node) -> Body:
        body = Body({}, [], self.problems is None or self.problems.is_whole)
        for part in root.items if isinstance(root, Sequence) else [root]:
            if not isinstance(part, Mapping):
                self.unexpected(part, "a file")
                body.is_whole = False
                continue
            for name, entry in part.entries.items():
                if name == COMMENT:
                    continue
                labels, kind = _KINDS["file"].blocks.get(name, (0, ""))
                for block in _blocks(name, entry, labels, kind):
                    if isinstance(block, Block):
                        body.blocks.append(block)
                    else:
                        self.unexpected(block, f"{name}, or a label of it,")
                        body.is_whole = False
        return body

    def unexpected(self, node: Node, what: str) -> None:
        assert self.problems is not None  # noqa: S101 - there is a document
        self.problems.partial(node, f"In Terraform's JSON syntax {what} is an object, so this is not read.")


def _blocks(
    name: str, entry: Entry, labels: int, kind: str, known: tuple[str, ...] = ()
) -> Iterator["Block | Node"]:
    """The blocks that an object, or a list of objects, stands for; another node where it is none."""
    for node in entry.value.items if isinstance(entry.value, Sequence) else [entry.value]:
        if is_null(node):
            continue
        if not isinstance(node, Mapping):
            yield node
        elif labels:
            for label, inner in node.entries.items():
                if label != COMMENT:
                    yield from _blocks(name, inner, labels - 1, kind, (*known, label))
        else:
            yield _block(name, known, entry.key, node, kind)


def _block(name: str, labels: tuple[str, ...], at: Node, node: Mapping, kind: str) -> Block:
    return Block(at.start, at.end, at.lines, name, labels, lambda: _body(node, _KINDS[kind]))


def _body(node: Mapping, kind: _Kind) -> Body:
    body = Body({}, [])
    for name, entry in node.entries.items():
        if name == COMMENT:
            continue
        if name in kind.blocks:
            found = list(_blocks(name, entry, *kind.blocks[name]))
        elif kind.open and _holds_dynamic(entry.value):
            found = list(_blocks(name, entry, 0, "content"))
        else:
            read = _reference if name in kind.references else _as_it_is if kind.literal else _template
            body.attributes[name] = _written(entry, read)
            continue
        blocks = [block for block in found if isinstance(block, Block)]
        body.blocks.extend(blocks)
        body.is_whole = body.is_whole and len(blocks) == len(found)
    return body


def _holds_dynamic(node: Node) -> bool:
    if isinstance(node, Sequence):
        return any(_holds_dynamic(item) for item in node.items)
    if not isinstance(node, Mapping):
        return False
    dynamic = node.entries.get("dynamic")
    if dynamic is not None and any(
        isinstance(found, Block) and any(inner.type == "content" for inner in found.body.blocks)
        for found in _blocks("dynamic", dynamic, 1, "dynamic")
    ):
        return True
    return any(_holds_dynamic(entry.value) for entry in node.entries.values())


def _written(entry: Entry, read: Read) -> Written:
    return Written(entry.key, lambda: read(entry.value))


def _template(node: Node) -> Expression:
    """A value in which strings are templates."""
    match node:
        case Mapping(entries=entries):
            return _object(node, [(_text(entry.key), _template(entry.value)) for entry in entries.values()])
        case Sequence(items=items):
            return _tuple(node, [_template(item) for item in items])
        case Scalar():
            return _text(node)
        case _:
            return _invalid(node, "it is no value")


def _text(scalar: Scalar) -> Expression:
    if scalar.plain or ("${" not in scalar.value and "%{" not in scalar.value):
        return _scalar(scalar)
    return read_template(scalar.value, scalar.lines.source, scalar)[0]


def _as_it_is(node: Node) -> Expression:
    """A value in which strings are strings."""
    match node:
        case Mapping(entries=entries):
            return _object(node, [(_scalar(entry.key), _as_it_is(entry.value)) for entry in entries.values()])
        case Sequence(items=items):
            return _tuple(node, [_as_it_is(item) for item in items])
        case Scalar():
            return _scalar(node)
        case _:
            return _invalid(node, "it is no value")


def _reference(node: Node) -> Expression:
    """A value in which strings are expressions."""
    match node:
        case Mapping(entries=entries):
            return _object(
                node, [(_scalar(entry.key), _reference(entry.value)) for entry in entries.values()]
            )
        case Sequence(items=items):
            return _tuple(node, [_reference(item) for item in items])
        case Scalar(plain=False) if node.value.startswith("${"):
            return read_template(node.value, node.lines.source, node)[0]
        case Scalar(plain=False):
            return read_expression(node.value, node.lines.source, node)[0]
        case _:
            return _template(node)


def _scalar(scalar: Scalar) -> Expression:
    if not scalar.plain:
        return _literal(scalar, scalar.value)
    match scalar.value:
        case "true" | "false":
            return _literal(scalar, scalar.value == "true")
        case "null":
            return _literal(scalar, None)
        case _:
            return _number(scalar)


def _number(scalar: Scalar) -> Expression:
    try:
        number = Decimal(scalar.value)
    except InvalidOperation:  # its exponent has too many digits
        return _invalid(scalar, _TOO_LARGE)
    if abs(number.adjusted()) > _MOST_DIGITS or len(number.as_tuple().digits) > _MOST_DIGITS:
        return _invalid(scalar, _TOO_LARGE)
    return _literal(scalar, int(number) if number == number.to_integral_value() else number)


def _literal(at: Node, value: Datum) -> Expression:
    return Literal(at.start, at.end, at.lines, value)


def _invalid(at: Node, why: str) -> Expression:
    return Invalid(at.start, at.end, at.lines, why)


def _tuple(at: Node, items: list[Expression]) -> Expression:
    return Tuple(at.start, at.end, at.lines, tuple(items))


def _object(at: Node, items: list[tuple[Expression, Expression]]) -> Expression:
    return Object(at.start, at.end, at.lines, tuple(items))
