"""Fn::FindInMap: the value of a mapping, also where only some of its keys can be ruled out."""

from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.produced import (
    as_text,
    both,
    canonical,
    from_text,
    open_end,
    scalar,
    sequence,
)
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence
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
        resolved = evaluator.resolve(item)
        head, via = resolved.node, resolved.via
        key = evaluator.as_text(head)[0]
        if isinstance(key, Undecided):
            return open_end(node, key.why)
        keys.append(evaluator.deciding(key))
        how = both(how, via)
    name = keys[0].literal
    if name is None:
        return open_end(node, f"which map is asked depends on {keys[0]}")
    mapping = evaluator.template.mappings.get(name)
    if mapping is None and not evaluator.template.is_closed:
        return open_end(node, f"the map {name} is not written in this template")
    found = (
        []
        if mapping is None
        else [inner for row in _under(mapping, keys[1]) for inner in _under(row, keys[2])]
    )
    certain = keys[1].literal is not None and keys[2].literal is not None
    if found and certain:
        return Resolved(_placed(found[0], node), how)
    return _uncertain(
        evaluator, node, keys, [_placed(value, node) for value in found], default_of(arguments), how
    )


def _uncertain(
    evaluator: "Evaluator", node: Node, keys: list[Text], values: list[Node], fallback: Node | None, how: str
) -> Resolved:
    """One of several values, or the default, or nothing."""
    if fallback is not None:
        resolved = evaluator.resolve(fallback)
        head, via = resolved.node, resolved.via
        values.append(_placed(head, node))
        how = both(how, via)
    if not values:
        why = f"there is no {'.'.join(map(str, keys))} in the Mappings"
        evaluator.complain(node, f"T{why[1:]}.")
        return Resolved(open_end(node, why).node, how)
    if all(alike(evaluator, values[0], other) for other in values[1:]):
        return Resolved(values[0], how)
    names = " and ".join(sorted({part.origin for key in keys for part in key.opaque}))
    return open_end(node, f"which value of the map {keys[0]} applies depends on {names}")


def default_of(arguments: list[Node]) -> Node | None:
    """What Fn::FindInMap gives when there is no such key."""
    options = arguments[3] if len(arguments) == 4 else None
    return options.get("DefaultValue") if isinstance(options, Mapping) else None


def _under(mapping: Node, key: Text) -> list[Node]:
    """The values under a key, or under each that it may be."""
    if not isinstance(mapping, Mapping):
        return []
    literal = key.literal
    entry = None if literal is None else mapping.entries.get(literal)
    if entry is not None and not entry.key.plain:
        return [entry.value]
    return [
        entry.value
        for entry in mapping.entries.values()
        for name in [canonical(entry.key)]
        if (
            name == literal
            if literal is not None
            else same(key, Text((name,) if name else ())) is not Status.FAIL
        )
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


def alike(evaluator: "Evaluator", one: Node, other: Node) -> bool:
    """Whether two resolved nodes are the same text, or both nothing."""
    if isinstance(one, Missing) or isinstance(other, Missing):
        return isinstance(one, Missing) and isinstance(other, Missing)
    if not isinstance(one, Scalar | Partial) or not isinstance(other, Scalar | Partial):
        return False
    return evaluator.as_text(one)[0] == evaluator.as_text(other)[0]
