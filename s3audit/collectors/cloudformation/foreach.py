"""Fn::ForEach of AWS::LanguageExtensions, written out before anything else is read.

The rules of its documentation: it stands in Resources, Conditions, Outputs and in properties; its argument is
[identifier, collection, {key: value}]; `${Identifier}`, and `&{Identifier}` without all that is not
alphanumeric, are replaced in keys and values, and `Ref` to the identifier too; the resulting keys are unique.
"""

from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.produced import canonical, scalar, undecided
from s3audit.collectors.cloudformation.template import LOOP
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import (
    Budget,
    BudgetError,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    location,
)
from s3audit.problem import Problem, ProblemKind

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.parameters import Parameters
    from s3audit.collectors.cloudformation.template import Template

MOST_NODES = 100_000
"""Nodes that are visited to write out the loops of one template; CloudFormation takes 500 resources."""

_SECTIONS = ("Resources", "Conditions", "Outputs")

Names = dict[str, str]
"""The identifiers of the loops around a place, and their values."""


def expand(template: "Template", root: Mapping, parameters: "Parameters") -> tuple[Mapping, list[Problem]]:
    """The template's root with its loops written out; one over an unknown collection stays as it is."""
    writer = _Writer(Evaluator(template, parameters), template.source)
    entries = dict(root.entries)
    for name in _SECTIONS:
        section = entries.get(name)
        if section is None or not isinstance(section.value, Mapping):
            continue
        writer.budget = Budget(MOST_NODES)
        try:
            value = writer.node(section.value, {}, name)
        except BudgetError:
            said = f"The loops of {name} make more than {MOST_NODES:,} nodes, so they are not written out."
            writer.report(section.key, "partial", said)
            continue
        entries[name] = Entry(section.key, value)
    if "AWS::LanguageExtensions" not in template.transforms and writer.loops:
        name = writer.loops[0].value
        said = f"{name} needs `Transform: AWS::LanguageExtensions`; it is written out all the same."
        writer.report(writer.loops[0], "partial", said)
    return Mapping(root.start, root.end, root.lines, root.tag, entries), writer.problems


class _Writer:
    def __init__(self, evaluator: Evaluator, source: str) -> None:
        self.evaluator = evaluator
        self.source = source
        self.problems: list[Problem] = []
        self.loops: list[Scalar] = []
        self.budget = Budget()

    def report(self, node: Node, kind: ProblemKind, message: str) -> None:
        self.problems.append(Problem(location(node, self.source), kind, message))

    def node(self, node: Node, names: Names, section: str = "") -> Node:
        """A copy with the identifiers replaced; the same node where there is nothing to replace."""
        self.budget.spend()
        if isinstance(node, Scalar):
            return self.scalar(node, names)
        if isinstance(node, Sequence):
            items: list[Node] = []
            for item in node.items:
                items.append(self.node(item, names))  # noqa: PERF401 - a comprehension is a frame more before 3.12
            if all(new is old for new, old in zip(items, node.items, strict=True)):
                return node
            return Sequence(node.start, node.end, node.lines, node.tag, items)
        return self.mapping(node, names, section) if isinstance(node, Mapping) else node

    def scalar(self, node: Scalar, names: Names) -> Scalar:
        if not names:
            return node
        if node.tag == "!Ref" and node.value in names:
            return scalar(node, names[node.value])
        value = _replaced(node.value, names)
        if value == node.value:
            return node
        return Scalar(node.start, node.end, node.lines, node.tag, value, plain=False, style="")

    def mapping(self, node: Mapping, names: Names, section: str) -> Node:
        ref = node.get("Ref") if names and len(node.entries) == 1 else None
        if isinstance(ref, Scalar) and not ref.tag and ref.value in names:
            found = scalar(node, names[ref.value])
            found.tag = node.tag  # of the function around it, if any
            return found
        entries: dict[str, Entry] = {}
        changed = False
        for name, entry in node.entries.items():
            if name.startswith(LOOP):
                changed = True
                self.loop(entry, names, section, entries)
                continue
            key = self.scalar(entry.key, names) if names else entry.key
            value = self.node(entry.value, names)
            if key is entry.key and value is entry.value:
                self.put(entries, entry)
            else:
                changed = True
                self.put(entries, Entry(key, value))
        return Mapping(node.start, node.end, node.lines, node.tag, entries) if changed else node

    def put(self, entries: dict[str, Entry], entry: Entry) -> None:
        name = entry.key.value
        if name in entries:
            said = (
                f"The loop makes the key {name} again; the first one counts. Use its identifier in the key."
            )
            self.report(entry.key, "ambiguous", said)
            return
        entries[name] = entry

    def loop(self, entry: Entry, names: Names, section: str, entries: dict[str, Entry]) -> None:
        """Add a loop's entries to those of the mapping that it stands in."""
        self.loops.append(entry.key)
        argument = entry.value
        match argument:
            case Sequence(items=[Scalar() as identifier, collection, Mapping() as body]) if not argument.tag:
                pass
            case _:
                said = f"{entry.key.value} takes an identifier, a collection and a mapping."
                self.report(entry.key, "partial", said)
                entries[entry.key.value] = entry
                return
        values = self.collection(self.node(collection, names))
        if isinstance(values, Undecided):
            self.once(entry, self.mapping(body, names, section), values.why, section, entries)
            return
        for value in values:
            self.budget.spend()
            inner = self.mapping(body, {**names, canonical(identifier): value}, section)
            if isinstance(inner, Mapping):
                for made in inner.entries.values():
                    self.put(entries, made)

    def collection(self, node: Node) -> list[str] | Undecided:
        """The values of a collection, known at the time of the transform."""
        items = self.evaluator.items(node)
        if isinstance(items, Undecided):
            return items
        values: list[str] = []
        for item in items:
            value = self.evaluator.as_text(item.node)[0]
            if isinstance(value, Undecided):
                return value
            if (literal := value.literal) is None:
                return undecided(node, f"its element {value} is not told")
            values.append(literal)
        return list(dict.fromkeys(values))

    def once(self, entry: Entry, body: Node, why: str, section: str, entries: dict[str, Entry]) -> None:
        """A loop that can't be written out: one instance stands for any number of resources."""
        name = entry.key.value
        said = f"ow often {name} repeats can't be told: {why}"
        self.report(entry.key, "partial", f"H{said}.")
        if section != "Resources" or not isinstance(body, Mapping):
            entries[name] = entry
            return
        for inner in body.entries.values():
            value = inner.value
            if isinstance(value, Mapping):
                condition = Entry(inner.key, undecided(inner.key, f"h{said}"))
                resource = {**value.entries, "Condition": condition}
                value = Mapping(value.start, value.end, value.lines, value.tag, resource)
            self.put(entries, Entry(inner.key, value))


def _replaced(value: str, names: Names) -> str:
    if "{" not in value:
        return value
    for name, text in names.items():
        value = value.replace(f"${{{name}}}", text)
        if f"&{{{name}}}" in value:
            plain = "".join(letter for letter in text if letter.isascii() and letter.isalnum())
            value = value.replace(f"&{{{name}}}", plain)
    return value
