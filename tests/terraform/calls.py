"""Calls of functions as HCL writes them, worked out without a module around them."""

import posixpath
from decimal import Decimal
from fnmatch import fnmatch

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import NO_LINES, Node, Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.functions import call
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    Value,
    failed,
    mapping,
    partial,
    sequence,
    undecided,
)
from s3audit.text import Opaque, Text, text

HERE = Node(0, 0, NO_LINES)

FILES = {
    "hello.txt": b"hello",
    "noise.bin": b"\xff\xfe",
    "page.tftpl": b"x=${x}\n",
    "d/a.txt": b"a",
    "d/.hidden": b"",
    "d/e/b.txt": b"b",
}


class Folder:
    """A context whose module lies in a folder with these files."""

    def __init__(self) -> None:
        self.rendered: list[tuple[str, str, dict[str, Value]]] = []

    def read(self, path: str, at: Node) -> bytes | Undecided:
        data = FILES.get(posixpath.normpath(path))
        return failed(at, f"there is no file {path}") if data is None else data

    def shown(self, path: str) -> str:
        return path

    def exists(self, path: str) -> bool | Undecided:
        return posixpath.normpath(path) in FILES

    def names(self, folder: str, pattern: str) -> list[str] | Undecided:
        if folder == "elsewhere":
            return undecided(HERE, "elsewhere is outside of what is scanned")
        return [name for name in FILES if "/" not in name and fnmatch(name, pattern)]

    def render(self, text: str, source: str, variables: dict[str, Value], at: Node) -> Value:
        self.rendered.append((text, source, variables))
        return Primitive.of(at, "rendered")


def read(expressions: list[str]) -> list[syntax.Expression]:
    written = "".join(f"r{index} = {expression}\n" for index, expression in enumerate(expressions))
    body, problems = read_hcl(written.encode(), "calls.tf")
    assert problems == []
    return [body.attributes[f"r{index}"].value for index in range(len(expressions))]


def worked_out(expression: syntax.Expression) -> Value:
    """The value of an expression; a name stands for a text of which only that name is known."""
    match expression:
        case syntax.Literal(value=value):
            return Primitive.of(expression, value)
        case syntax.Name(name="unknown"):
            return undecided(expression, "nobody knows")
        case syntax.Name(name=name):
            return partial(expression, Text((Opaque(name),)))
        case syntax.Template(parts=parts):
            return partial(expression, text(*(piece for part in parts for piece in _pieces(part))))
        case syntax.Tuple(items=items):
            return sequence(expression, map(worked_out, items))
        case syntax.Object(items=entries):
            return mapping(expression, {_name(key): worked_out(value) for key, value in entries})
        case syntax.Call(name=name, arguments=arguments):
            return call(name, [worked_out(argument) for argument in arguments], expression, Folder())
        case syntax.Index(of=of, key=syntax.Literal(value=int(index))):
            collection = worked_out(of)
            if isinstance(collection, Sequence) and index < len(collection.items):
                return collection.items[index]
            return failed(expression, "there is no such element")
        case syntax.Unary(operator="-", operand=operand):
            number = convert.as_number(worked_out(operand))
            assert not isinstance(number, Undecided)
            return Primitive.of(
                expression, -number if isinstance(number, int) and number else _negated(number)
            )
        case syntax.Binary(operator="/", left=left, right=right):
            return Primitive.of(expression, _divided(worked_out(left), worked_out(right)))
        case _:
            raise AssertionError(f"{type(expression).__name__} does not stand in a table of calls")


def _pieces(part: syntax.TemplatePart) -> tuple[str | Opaque, ...]:
    if isinstance(part, str):
        return (part,)
    value = convert.text_of(convert.as_text(worked_out(part)))
    assert value is not None
    return value.parts


def _name(key: syntax.Expression) -> str:
    known = convert.literal(convert.as_text(worked_out(key)))
    assert known is not None
    return known


def _negated(number: int | Decimal) -> Decimal:
    return Decimal(number).copy_negate()


def _divided(one: Value, other: Value) -> int | Decimal:
    from s3audit.collectors.terraform.language.functions.exact import fraction, rounded

    left, right = convert.as_number(one), convert.as_number(other)
    assert not isinstance(left, Undecided)
    assert not isinstance(right, Undecided)
    return rounded(fraction(left) / fraction(right))


def outcome(expression: str) -> Value:
    return worked_out(read([expression])[0])


def of(data: str | int | Decimal | bool | None) -> Value:
    return Primitive.of(HERE, data)


def told(value: Value) -> str:
    """A text as people read it."""
    found = convert.text_of(value)
    assert found is not None, getattr(value, "why", value)
    return str(found)


def why(value: object) -> str:
    """Why it is not told."""
    assert isinstance(value, Undecided)
    assert not isinstance(value, Failed), value.why
    return value.why


def refusal(value: object) -> str:
    """Why it is refused."""
    assert isinstance(value, Failed), value
    return value.why


def items_of(value: Value) -> list[Value]:
    assert isinstance(value, Sequence)
    return value.items


def data_of(value: Value) -> object:
    assert isinstance(value, Primitive)
    return value.data
