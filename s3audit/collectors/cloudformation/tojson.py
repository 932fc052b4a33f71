"""Fn::ToJsonString: a value as compact JSON; what is not known of its texts stays open."""

from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.produced import LONGEST, both, canonical, open_end, size
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import (
    Budget,
    BudgetError,
    Mapping,
    Node,
    Scalar,
    Sequence,
    as_bool,
    as_number,
    is_null,
)
from s3audit.text import Part, text

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator


def to_json(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    writer = _Writer(evaluator)
    resolved = evaluator.operand(argument, node)
    head, via = resolved.node, resolved.via
    try:
        writer.write(head, via)
    except BudgetError:
        return open_end(node, "the text is too long")
    if writer.gap is not None:
        return open_end(node, writer.gap.why)
    return evaluator.produce(node, text(*writer.parts), writer.via)


class _Writer:
    def __init__(self, evaluator: "Evaluator") -> None:
        self.evaluator = evaluator
        self.parts: list[Part] = []
        self.via = ""
        self.gap: Undecided | None = None
        self.budget = Budget(LONGEST)

    def add(self, *parts: Part) -> None:
        self.budget.spend(size(parts))
        self.parts += parts

    def write(self, head: Node, via: str) -> None:
        """A resolved node and what is below it."""
        self.via = both(self.via, via)
        match head:
            case Scalar():
                self.add(_word(head))
            case Partial(text=known):
                self.add('"', *(_inner(part) if isinstance(part, str) else part for part in known.parts), '"')
            case Sequence(items=items):
                self.add("[")
                self.children([("", item) for item in items])
                self.add("]")
            case Mapping(entries=entries):
                self.add("{")
                self.children([(f'"{_inner(name)}":', entry.value) for name, entry in entries.items()])
                self.add("}")
            case Undecided():
                self.gap = head
            case _:
                self.gap = None

    def children(self, children: list[tuple[str, Node]]) -> None:
        first = True
        for label, node in children:
            resolved = self.evaluator.resolve(node)
            head, via = resolved.node, resolved.via
            if isinstance(head, Missing):
                self.via = both(self.via, via)
                continue
            self.add(label if first else f",{label}")
            first = False
            self.write(head, via)


def _inner(value: str) -> str:
    from json.encoder import encode_basestring

    return encode_basestring(value)[1:-1]


def _word(node: Scalar) -> str:
    if is_null(node):
        return "null"
    value = canonical(node)
    if as_bool(node) is not None or as_number(node) is not None:
        return value
    return f'"{_inner(value)}"'
