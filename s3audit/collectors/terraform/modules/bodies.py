"""The body of a block in its scope, as a mapping: attributes to evaluate, nested blocks, `dynamic` written out."""

from typing import Self

from s3audit.collectors.documents.hcl.syntax import Block, Body, Literal, Written
from s3audit.collectors.documents.resolved import Resolved, Undecided
from s3audit.collectors.documents.tree import Entry, Node, Scalar, Sequence, Titled
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.effort import TOO_MUCH
from s3audit.collectors.terraform.language.scope import Bound, Lazy, Scope
from s3audit.collectors.terraform.language.values import Primitive, Value, mapping, undecided

META = frozenset({"count", "for_each", "depends_on", "provider", "providers"})

MOST_BLOCKS = 10_000
"""That one `dynamic` block may stand for."""
_A_BLOCK = 10
"""Steps that a block is worth."""


class BodyNode(Lazy):
    """A body that is made a mapping when somebody looks into it."""

    title: Node
    body: Body
    scope: Scope
    via: str
    """How it came to be there."""
    _done: Resolved | None = None

    @classmethod
    def of(cls, title: Node, body: Body, scope: Scope, via: str = "") -> Self:
        return cls(title.start, title.end, title.lines, title, body, scope, via)

    def resolve(self) -> Resolved:
        if self._done is None:
            self._done = Resolved(_mapping(self.title, self.body, self.scope), self.via)
        return self._done


def _mapping(title: Node, body: Body, scope: Scope) -> Titled:
    entries: dict[str, Entry] = {}
    for name, written in body.attributes.items():
        if name not in META:
            value = written.value
            entries[name] = Entry(
                written.key,
                # Nobody has to wait for most of them.
                Primitive.of(value, value.value)
                if type(value) is Literal
                else Bound(value.start, value.end, value.lines, value, scope),
            )
    nested: dict[str, list[Node]] = {}
    for block in body.blocks:
        if block.type == "dynamic" and len(block.labels) == 1:
            name = block.labels[0]
            nested.setdefault(name, []).extend(_written_out(name, block, scope))
        else:
            nested.setdefault(block.type, []).append(BodyNode.of(block, block.body, scope))
    for name, items in nested.items():
        if not items:
            continue
        first = items[0]
        key = Scalar(first.start, first.end, first.lines, "", name, False, "")
        entries.setdefault(name, Entry(key, Sequence(first.start, first.end, first.lines, "", items)))
    hidden = "" if body.is_whole else "a part of this block can't be read"
    return Titled(title.start, title.end, title.lines, "", entries, title, hidden)


def _written_out(name: str, block: Block, scope: Scope) -> list[Node]:
    """What a `dynamic` block stands for; one open element where that can't be told."""
    body = block.body
    content = next((inner for inner in body.blocks if inner.type == "content"), None)
    for_each = body.attributes.get("for_each")
    if content is None or for_each is None:
        return [undecided(block, "a dynamic block needs for_each and content, and one of them is missing")]
    evaluator = scope.module.evaluator
    value, trace = evaluator.watched(lambda: evaluator.evaluate(for_each.value, scope))
    evaluator.trace_of(scope.owner).follow(trace)
    members = convert.elements(value)
    if isinstance(members, Undecided):
        return [undecided(block, f"how many {name} blocks there are can't be told: {members.why}")]
    if len(members) > MOST_BLOCKS:
        return [undecided(block, f"there are more than {MOST_BLOCKS:,} {name} blocks")]
    if not evaluator.effort.take(len(members) * _A_BLOCK):
        return [undecided(block, TOO_MUCH)]
    iterator = _iterator(body.attributes.get("iterator")) or name
    found: list[Node] = []
    for key, element in members:
        inner = scope.within({iterator: _item(for_each, key, element)})
        found.append(BodyNode.of(content, content.body, inner, trace.via))
    return found


def _item(at: Written, key: Value, element: Value) -> Value:
    return mapping(at.value, {"key": key, "value": element})


def _iterator(written: Written | None) -> str:
    """The name given for the element: a bare word."""
    match None if written is None else written.value:
        case Literal(value=str(name)):
            return name
        case other:
            return getattr(other, "name", "")
