"""Fn::FindInMap: the value of a mapping, also where only some of its keys can be ruled out."""

from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.produced import as_text, both, from_text, open_end, scalar, sequence
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from s3audit.text import Text, same
from s3audit.verdict import Status

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator


def find_in_map(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::FindInMap: [map, key, key of the second level, {DefaultValue}?]."""
    arguments = evaluator.arguments(argument, node)
    if arguments is None or len(arguments) not in (3, 4):
        return open_end(node, "Fn::FindInMap takes the name of a map and two keys")
    keys: list[Text] = []
    how = ""
    for item in arguments[:3]:
        value, via = evaluator.text(item)
        if isinstance(value, Undecided):
            return open_end(node, value.why)
        keys.append(value)
        how = both(how, via)
    fallback = default_of(arguments)
    found, sure = _candidates(evaluator.template.mappings, keys)
    resolved = [_placed(value, node) for value in found]
    if fallback is not None and not (sure and found):
        head, via = evaluator.resolve(fallback)
        resolved.append(_placed(head, node))
        how = both(how, via) if not found else how
    if not resolved:
        path = ".".join(map(str, keys))
        if str(keys[0]) not in evaluator.template.mappings and not evaluator.template.is_closed:
            return open_end(node, f"the map {keys[0]} is not written in this template")
        evaluator.complain(node, f"There is no {path} in the Mappings.")
        return open_end(node, f"there is no {path} in the Mappings")
    if all(_alike(evaluator, resolved[0], other) for other in resolved[1:]):
        return Resolved(resolved[0], how)
    names = " and ".join(sorted({part.origin for key in keys for part in key.opaque}))
    return open_end(node, f"which value of the map {keys[0]} applies depends on {names}")


def default_of(arguments: list[Node]) -> Node | None:
    """What Fn::FindInMap gives when there is no such key."""
    options = arguments[3] if len(arguments) == 4 else None
    return options.get("DefaultValue") if isinstance(options, Mapping) else None


def _candidates(mappings: dict[str, Mapping], keys: list[Text]) -> tuple[list[Node], bool]:
    """The values that the keys may lead to, and whether the keys are known."""
    nodes: list[Node] = []
    name = keys[0].literal
    if name is None:
        return [], False
    level: list[Node] = [mappings[name]] if name in mappings else []
    sure = True
    for key in keys[1:]:
        sure = sure and key.literal is not None
        nodes = [
            entry.value for mapping in level if isinstance(mapping, Mapping) for entry in _under(mapping, key)
        ]
        level = nodes
    return level, sure


def _under(mapping: Mapping, key: Text) -> list[Entry]:
    literal = key.literal
    if literal is not None:
        entry = mapping.entries.get(literal)
        return [] if entry is None else [entry]
    return [
        entry
        for name, entry in mapping.entries.items()
        if same(key, Text((name,)) if name else Text()) is not Status.FAIL
    ]


def _placed(value: Node, node: Node) -> Node:
    """A value of a map in the place of the expression that finds it."""
    if isinstance(value, Scalar):
        if "{{resolve:" in value.value:
            return from_text(node, as_text(value.value))
        return scalar(node, value.value, plain=value.plain)
    if isinstance(value, Partial):
        return from_text(node, value.text)
    if isinstance(value, Sequence):
        return sequence(node, value.items)
    return Missing.at(node) if isinstance(value, Missing) else value


def _alike(evaluator: "Evaluator", one: Node, other: Node) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return isinstance(one, Missing) and isinstance(other, Missing)
    if not isinstance(one, Scalar | Partial) or not isinstance(other, Scalar | Partial):
        return False
    return evaluator.as_text(one)[0] == evaluator.as_text(other)[0]
