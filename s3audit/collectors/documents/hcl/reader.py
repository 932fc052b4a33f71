"""Bytes of a Terraform file, and texts from elsewhere, to what they say in HCL."""

import codecs
import gc
from typing import TypeVar

from s3audit.collectors.documents.hcl import templates
from s3audit.collectors.documents.hcl.bodies import Bodies, Later, UnclosedError
from s3audit.collectors.documents.hcl.expressions import Expressions
from s3audit.collectors.documents.hcl.grammar import HclError, expected, known
from s3audit.collectors.documents.hcl.syntax import Body, Expression, Invalid, Literal, Template
from s3audit.collectors.documents.problems import Problems
from s3audit.collectors.documents.tree import Lines, Node, location
from s3audit.location import Location
from s3audit.problem import Problem

Found = TypeVar("Found", bound=Expression)

_WRONG = "it is written in a way that can't be read"


def read_hcl(
    data: bytes, source: str, *, limit: int = 10_000_000, later: Later | None = None
) -> tuple[Body, list[Problem]]:
    """The blocks and attributes of a file and what could not be read of it; never raises for bad input.

    Blocks of which `later` says so are only read when somebody asks for their body, in a tenth of the time; what is
    wrong with them is added to the problems then, and never if nobody asks.
    """
    if len(data) > limit:
        said = f"The file has {len(data):,} bytes, more than the {limit:,} that are read."
        return _nothing(
            Problem(Location(source), "unreadable", f"{said} To read it: --max-size {len(data)}.")
        )
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        return _nothing(_undecodable(error, source))
    # The collector finds nothing to free in a growing tree, and looks again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read(text, source, later)
    finally:
        if collecting:
            gc.enable()


def _read(text: str, source: str, later: Later | None) -> tuple[Body, list[Problem]]:
    problems = Problems(source, Lines(text, source))
    try:
        body = Bodies(problems, is_strict=False, later=later).body(0, 0)
    except UnclosedError:
        problems = Problems(source, problems.lines)
        body = Bodies(problems, is_strict=True).body(0, 0)
    if problems.found and not body.blocks and not body.attributes:
        first = problems.found[0]
        return _nothing(Problem(first.at, "unreadable", f"This is not HCL. {first.message}"))
    return body, problems.found


def read_template(text: str, source: str, at: Node | None = None) -> tuple[Template | Literal, list[Problem]]:
    """A text that is a template as a whole; with the place of a node that holds it, if it is no file of its own."""
    lines = Lines(text, source)
    if "${" not in text and "%{" not in text:
        literal = Literal(0, len(text), lines, known(text))
        return (literal if at is None else _moved(literal, at)), []
    problems = Problems(source, lines)
    reader = Expressions(problems)
    try:
        node = templates.whole(reader)
    except HclError as error:
        problems.add("partial", error.offset, error.offset, error.sentence)
        node = Template(0, len(text), lines, (Invalid(0, len(text), lines, _WRONG),))
    return _placed(node, problems, at)


def read_expression(text: str, source: str, at: Node | None = None) -> tuple[Expression, list[Problem]]:
    """One expression, in which line breaks mean nothing."""
    problems = Problems(source, Lines(text, source))
    reader = Expressions(problems)
    try:
        node = reader.read(0, reader.free)
        if (end := reader.skip(reader.free)) < len(text):
            raise expected("nothing after the value", text, end)
    except HclError as error:
        problems.add("partial", error.offset, error.offset, error.sentence)
        node = Invalid(0, len(text), problems.lines, _WRONG)
    return _placed(node, problems, at)


def _placed(node: Found, problems: Problems, at: Node | None) -> tuple[Found, list[Problem]]:
    if at is None:
        return node, problems.found
    place = location(at, problems.source)
    return _moved(node, at), [Problem(place, problem.kind, problem.message) for problem in problems.found]


def _moved(root: Found, at: Node) -> Found:
    """With the place of another node for all of its parts."""
    left: list[object] = [root]
    while left:
        part = left.pop()
        if isinstance(part, tuple):
            left.extend(part)
        elif isinstance(part, Node):
            part.start, part.end, part.lines = at.start, at.end, at.lines
            left.extend(getattr(part, name) for name in part.__struct_fields__)
    return root


def _nothing(problem: Problem) -> tuple[Body, list[Problem]]:
    return Body({}, [], is_whole=False), [problem]


def _undecodable(error: UnicodeDecodeError, source: str) -> Problem:
    before = error.object[: error.start].decode(error.encoding)
    line, column = Lines(before).place(len(before))
    return Problem(
        Location(source, "", line, column, line, column),
        "unreadable",
        f"The byte 0x{error.object[error.start]:02X} is no UTF-8: save the file as UTF-8.",
    )
