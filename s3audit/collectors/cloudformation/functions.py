"""The intrinsic functions, each in both of its forms."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from s3audit.collectors.cloudformation.lists import azs, cidr, join, length, select, split
from s3audit.collectors.cloudformation.maps import alike, find_in_map
from s3audit.collectors.cloudformation.produced import (
    LONGEST,
    assembled,
    both,
    from_text,
    missing,
    open_end,
    size,
    undecided,
)
from s3audit.collectors.cloudformation.spelling import part_for, spelled, variables
from s3audit.collectors.documents.resolved import Resolved, Undecided
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from s3audit.text import Opaque, Part, Text
from s3audit.verdict import Status

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator

Function: TypeAlias = "Callable[[Evaluator, Node, Node], Resolved]"
"""Takes the evaluator, the argument and the whole call; in the short form these two are the same node."""


def ref(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Ref: a parameter or a resource."""
    resolved = evaluator.operand(argument, node)
    head, via = resolved.node, resolved.via
    if isinstance(head, Undecided):
        return Resolved(head, via)
    if not isinstance(head, Scalar):
        return open_end(node, "Ref takes a name")
    name = head.value
    if name == "AWS::NoValue":
        return missing(node)
    known = evaluator.parameter(name, node)
    if known is not None:
        return Resolved(known.node, both(known.via, via)) if via else known
    resource = evaluator.template.resources.get(name)
    if resource is not None:
        value, how = evaluator.reference(resource, "")
        return evaluator.produce(node, value, both(how, via))
    return _unknown(evaluator, name, node)


def _unknown(evaluator: "Evaluator", name: str, node: Node) -> Resolved:
    """A name that is not there; in a template that a macro adds to it may be all right."""
    if not evaluator.template.is_closed:
        return Resolved(from_text(node, Text((Opaque(evaluator.template.prefix + name),))))
    why = f"{name} is neither a parameter nor a resource of this template"
    evaluator.complain(node, f"{why}.")
    return open_end(node, why)


def get_att(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::GetAtt: "Name.Attribute" or [Name, Attribute]; an attribute may have dots of its own."""
    head = evaluator.operand(argument, node).node
    pieces: list[str] = []
    how = ""
    for item in head.items if isinstance(head, Sequence) else [head]:
        known, via = evaluator.as_text(head) if item is head else evaluator.text(item)
        if isinstance(known, Undecided) or known.literal is None:
            return open_end(node, "which attribute Fn::GetAtt asks for can't be told")
        pieces.append(known.literal)
        how = both(how, via)
    name, _, attribute = ".".join(pieces).partition(".")
    if not attribute:
        return open_end(node, "Fn::GetAtt takes the name of a resource and an attribute")
    value, via = _attribute(evaluator, name, attribute, node)
    if isinstance(value, Undecided):
        return Resolved(value, both(how, via))
    return evaluator.produce(node, value, both(how, via))


def _attribute(evaluator: "Evaluator", name: str, attribute: str, node: Node) -> tuple[Text | Undecided, str]:
    resource = evaluator.template.resources.get(name)
    if resource is None:
        unknown = _unknown(evaluator, name, node).node
        if isinstance(unknown, Undecided):
            return unknown, ""
        return Text((Opaque(f"{evaluator.template.prefix}{name}.{attribute}"),)), ""
    if attribute.startswith("Outputs.") and evaluator.outputs is not None:
        output = evaluator.outputs(name, attribute.removeprefix("Outputs."))
        if output is not None:
            value, via = evaluator.as_text(output.node, output.via)
            return (undecided(node, value.why) if isinstance(value, Undecided) else value), via
    return evaluator.reference(resource, attribute)


def sub(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::Sub: a text with variables, or [text, {variable: value}]."""
    head = evaluator.operand(argument, node).node
    local: dict[str, Entry] = {}
    if isinstance(head, Sequence) and len(head.items) == 2:
        given = evaluator.resolve(head.items[1]).node
        if not isinstance(given, Mapping):
            return open_end(node, "the variables of Fn::Sub can't be told")
        local = given.entries
        head = evaluator.resolve(head.items[0]).node
    if not isinstance(head, Scalar):
        return open_end(node, "Fn::Sub takes a text, or a list of a text and its variables")
    parts: list[Part] = []
    length, how = 0, ""
    for literal, name in variables(head.value):
        if literal:
            parts.append(literal)
            length += len(literal)
        if name is None:
            continue
        value, via = _variable(evaluator, name, local, node)
        length += size(value.parts)
        if length > LONGEST:
            return open_end(node, "the text is too long")
        parts += value.parts
        how = both(how, via)
    return assembled(node, parts, how)


def _variable(evaluator: "Evaluator", name: str, local: dict[str, Entry], node: Node) -> tuple[Text, str]:
    """The value of ${name}; an opaque part where it can't be told."""
    prefix = evaluator.template.prefix
    given = local.get(name)
    if given is not None:
        return part_for(evaluator, given.value)
    value = evaluator.value(name)
    if value is not None:
        return (
            (value.head, value.via) if isinstance(value.head, Text) else (Text((Opaque(prefix + name),)), "")
        )
    owner, dot, attribute = name.partition(".")
    resource = evaluator.template.resources.get(owner)
    if resource is not None and not dot:
        return evaluator.reference(resource, "")
    if resource is not None:
        found, via = _attribute(evaluator, owner, attribute, node)
        if isinstance(found, Text):
            return found, via
    elif name != "AWS::NoValue":
        evaluator.complain(node, f"${{{name}}} is neither a parameter nor a resource of this template.")
    return Text((Opaque(prefix + name),)), ""


def if_(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::If: the value of the branch that the condition chooses, in that branch's own place."""
    items = evaluator.arguments(argument, node)
    if items is None or len(items) != 3:
        return open_end(node, "Fn::If takes the name of a condition and two values")
    answer = evaluator.conditions.governs(items[0])
    if answer.status is not Status.UNKNOWN:
        resolved = evaluator.resolve(items[1 if answer.status is Status.PASS else 2])
        head, via = resolved.node, resolved.via
        return Resolved(head, both(via, answer.via))
    one, other = evaluator.resolve(items[1]), evaluator.resolve(items[2])
    if alike(evaluator, one.node, other.node):  # whichever it is
        return Resolved(one.node, both(one.via, other.via))
    return open_end(node, answer.why)


def import_value(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::ImportValue: what another stack exports; the same name gives the same value."""
    name, _ = evaluator.as_text(evaluator.operand(argument, node).node)
    if isinstance(name, Undecided):
        return open_end(node, "it is exported by another stack, under a name that can't be told")
    return Resolved(from_text(node, Text((Opaque(f"Fn::ImportValue {name}", given=True),))))


def elsewhere(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """A text that only AWS can tell; the same expression gives the same one."""
    spelling = spelled(node)
    if spelling is None:
        return open_end(node, "it is told by AWS only")
    return Resolved(from_text(node, Text((Opaque(evaluator.template.prefix + spelling),))))


def base64(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    resolved = evaluator.operand(argument, node)
    value, via = evaluator.as_text(resolved.node, resolved.via)
    if isinstance(value, Undecided):
        return open_end(node, value.why)
    literal = value.literal
    if literal is None:
        return elsewhere(evaluator, argument, node)
    from binascii import b2a_base64

    encoded = b2a_base64(literal.encode("utf-8", "replace"), newline=False).decode("ascii")
    return Resolved(from_text(node, Text((encoded,)) if encoded else Text()), via)


def to_json_string(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    from s3audit.collectors.cloudformation.tojson import to_json

    return to_json(evaluator, argument, node)


def transform(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    return open_end(node, "a macro rewrites it")


def misplaced(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    return open_end(
        node, "a function of conditions and rules stands here, where CloudFormation does not allow it"
    )


def asks_the_account(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    return open_end(node, "it depends on what is in the account")


_LONG: dict[str, Function] = {
    "Condition": misplaced,
    "Fn::And": misplaced,
    "Fn::Base64": base64,
    "Fn::Cidr": cidr,
    "Fn::Contains": misplaced,
    "Fn::EachMemberEquals": misplaced,
    "Fn::EachMemberIn": misplaced,
    "Fn::Equals": misplaced,
    "Fn::FindInMap": find_in_map,
    "Fn::GetAZs": azs,
    "Fn::GetAtt": get_att,
    "Fn::GetStackOutput": elsewhere,
    "Fn::If": if_,
    "Fn::ImportValue": import_value,
    "Fn::Join": join,
    "Fn::Length": length,
    "Fn::Not": misplaced,
    "Fn::Or": misplaced,
    "Fn::RefAll": asks_the_account,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json_string,
    "Fn::Transform": transform,
    "Fn::ValueOf": asks_the_account,
    "Fn::ValueOfAll": asks_the_account,
    "Ref": ref,
}

FUNCTIONS: dict[str, Function] = {
    **_LONG,
    **{"!" + name.removeprefix("Fn::"): function for name, function in _LONG.items()},
}
"""By key in the long form and by tag in the short one."""
