"""How expressions are written: the function they call, the variables of Fn::Sub, and all on one line."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.produced import canonical
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Budget, BudgetError, Mapping, Node, Scalar, Sequence
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator

_SHOWN = 100


def variables(value: str) -> Iterator[tuple[str, str | None]]:
    """The pieces of a text for Fn::Sub: what stands before each variable, and its name.

    `${!x}` is the text `${x}`.
    """
    start = 0
    literal = ""
    while True:
        begin = value.find("${", start)
        end = value.find("}", begin) if begin >= 0 else -1
        if end < 0:
            yield literal + value[start:], None
            return
        literal += value[start:begin]
        start = end + 1
        name = value[begin + 2 : end]
        if name.startswith("!"):
            literal += f"${{{name[1:]}}}"
            continue
        yield literal, name.strip()
        literal = ""


def call_of(node: Node) -> tuple[str, Node] | None:
    """The function that a node calls, without its `Fn::`, and its argument."""
    if node.tag:
        return node.tag[1:], node
    return long_call_of(node)


def long_call_of(node: Node) -> tuple[str, Node] | None:
    """The same in the long form, whatever the tag."""
    if isinstance(node, Mapping) and len(node.entries) == 1:
        for name, entry in node.entries.items():
            if name.startswith("Fn::"):
                return name[4:], entry.value
            if name in ("Ref", "Condition"):
                return name, entry.value
    return None


def part_for(evaluator: "Evaluator", node: Node) -> tuple[Text, str]:
    """A node as a part of a longer text: where it can't be told, an opaque part in its own words.

    Within one evaluation the same words have the same value, so equal parts are equal.
    """
    value, via = evaluator.text(node)
    if isinstance(value, Text):
        return value, via
    spelling = spelled(node)
    return Text((Opaque(evaluator.template.prefix + (spelling or _unique(node))),)), ""


def _unique(node: Node) -> str:
    return f"an expression of {node.end - node.start} characters at {node.line}:{node.column}"


def spelled(node: Node) -> str | None:
    """An expression on one line; None for one that is too large."""
    try:
        words = _spelled(node, Budget(2_000))
    except BudgetError:
        return None
    if len(words) <= _SHOWN:
        return words
    from zlib import crc32

    return f"{words[:_SHOWN]}... #{crc32(words.encode('utf-8', 'replace')):08x}"


def _spelled(node: Node, budget: Budget) -> str:
    budget.spend()
    if isinstance(node, Scalar):
        inner = node.value if node.tag in ("!Ref", "!GetAtt") else repr(canonical(node))
    elif isinstance(node, Sequence):
        inner = f"[{', '.join([_spelled(item, budget) for item in node.items])}]"
    elif isinstance(node, Mapping):
        inner = _mapping(node, budget)
    else:
        inner = node.why if isinstance(node, Undecided) else "?"
    if not node.tag or node.tag == "!Ref":
        return inner
    return f"Fn::{node.tag[1:]} {inner}"


def _mapping(node: Mapping, budget: Budget) -> str:
    if len(node.entries) == 1:
        for name, entry in node.entries.items():
            if name == "Ref" and isinstance(entry.value, Scalar):
                return entry.value.value
            if name == "Ref" or name.startswith("Fn::"):
                return f"{name} {_spelled(entry.value, budget)}"
    entries = [f"{name}: {_spelled(entry.value, budget)}" for name, entry in node.entries.items()]
    return f"{{{', '.join(entries)}}}"
