"""The functions that make lists and that take them apart."""

from itertools import islice
from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.maps import default_of
from s3audit.collectors.cloudformation.produced import (
    LONGEST,
    assembled,
    both,
    canonical,
    from_text,
    open_end,
    scalar,
    sequence,
    size,
)
from s3audit.collectors.cloudformation.spelling import call_of, part_for
from s3audit.collectors.documents.resolved import Missing, Resolved, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence
from s3audit.text import Opaque, Part

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator

# None of these has a character other than letters, digits, dots and hyphens.
_PLAIN = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix"})


def join(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::Join: [delimiter, [values]]."""
    arguments = evaluator.arguments(argument, node)
    if arguments is None or len(arguments) != 2:
        return open_end(node, "Fn::Join takes a delimiter and a list")
    delimiter, how = evaluator.text(arguments[0])
    if isinstance(delimiter, Undecided):
        return open_end(node, delimiter.why)
    resolved = evaluator.resolve(arguments[1])
    head, via = resolved.node, resolved.via
    if isinstance(head, Undecided):
        return open_end(node, head.why)
    if not isinstance(head, Sequence):
        return open_end(node, "Fn::Join takes a delimiter and a list")
    how = both(how, via)
    parts: list[Part] = []
    between = size(delimiter.parts)
    length = 0
    for item in head.items:
        resolved = evaluator.resolve(item)
        value, via = resolved.node, resolved.via
        if isinstance(value, Missing):
            continue
        if isinstance(value, Undecided) and _may_vanish(item):
            return open_end(node, value.why)  # perhaps there is nothing to join
        if parts:
            parts += delimiter.parts
        if isinstance(value, Scalar):
            parts.append(canonical(value))
            length += len(value.value)
        else:
            known, via = part_for(evaluator, item)
            parts += known.parts
            length += size(known.parts)
        length += between
        if length > LONGEST:
            return open_end(node, "the text is too long")
        how = both(how, via)
    return assembled(node, parts, how)


# What these give is always there, known or not.
_LASTING = frozenset(
    {
        "Base64",
        "Cidr",
        "GetAZs",
        "GetAtt",
        "GetStackOutput",
        "ImportValue",
        "Join",
        "Length",
        "Split",
        "Sub",
        "ToJsonString",
    }
)
_LISTS = _LASTING | {"FindInMap", "Ref"}


def _may_vanish(node: Node) -> bool:
    """Whether an expression that can't be told may turn out to be AWS::NoValue."""
    name, argument = call_of(node) or ("", node)
    items = argument.items if isinstance(argument, Sequence) else []
    match name:
        case "Ref":
            return not isinstance(argument, Scalar) or argument.value == "AWS::NoValue"
        case "If":
            return len(items) != 3 or _may_vanish(items[1]) or _may_vanish(items[2])
        case "FindInMap":
            fallback = default_of(items)
            return fallback is not None and _may_vanish(fallback)
        case "Select" if len(items) == 2:
            listed = items[1]
            if isinstance(listed, Sequence) and not listed.tag:
                return any(map(_may_vanish, listed.items))
            return (call_of(listed) or ("",))[0] not in _LISTS
        case "":
            return isinstance(node, Mapping) and any(key.startswith("Fn::") for key in node.entries)
        case _:
            return name not in _LASTING


def select(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::Select: [index, list]."""
    arguments = evaluator.arguments(argument, node)
    if arguments is None or len(arguments) != 2:
        return open_end(node, "Fn::Select takes an index and a list")
    index, how = evaluator.text(arguments[0])
    if isinstance(index, Undecided):
        return open_end(node, index.why)
    literal = index.literal
    if literal is None:
        return open_end(node, f"which element is taken depends on {index}")
    resolved = evaluator.resolve(arguments[1])
    head, via = resolved.node, resolved.via
    if isinstance(head, Undecided):
        return open_end(node, head.why)
    how = both(how, via)
    if not (literal.isascii() and literal.isdigit() and len(literal) < 8) or not isinstance(head, Sequence):
        return open_end(node, "Fn::Select takes an index and a list")
    place = int(literal)
    if place >= len(head.items):
        return Resolved(open_end(node, f"the list has no element {place}").node, how)
    for item in head.items[:place]:
        before = evaluator.resolve(item).node
        if isinstance(before, Missing) or (isinstance(before, Undecided) and _may_vanish(item)):
            return open_end(node, "an element before the one that is taken may be AWS::NoValue")
    resolved = evaluator.resolve(head.items[place])
    chosen, via = resolved.node, resolved.via
    return Resolved(chosen, both(how, via))


def split(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::Split: [delimiter, text]."""
    arguments = evaluator.arguments(argument, node)
    if arguments is None or len(arguments) != 2:
        return open_end(node, "Fn::Split takes a delimiter and a text")
    delimiter, how = evaluator.text(arguments[0])
    value, via = evaluator.text(arguments[1])
    if isinstance(delimiter, Undecided) or isinstance(value, Undecided):
        return open_end(node, (delimiter if isinstance(delimiter, Undecided) else value).why)  # type: ignore[union-attr]
    mark = delimiter.literal
    if not mark:
        return open_end(node, "Fn::Split takes a delimiter and a text")
    for part in value.opaque:
        if not _never_holds(part, mark):
            return open_end(node, f"{part} may hold {mark!r}, at which it is split")
    pieces: list[Node] = [from_text(node, piece) for piece in value.split(mark)]
    return Resolved(sequence(node, pieces), both(how, via))


def _never_holds(part: Opaque, mark: str) -> bool:
    """Names of buckets, regions and accounts, and the end of a website's address, are not cut by a colon or a slash."""
    return (
        (part.generated or part.origin in _PLAIN or part.origin.endswith(".WebsiteURL"))
        and len(mark) == 1
        and not mark.isalnum()
        and mark not in ".-"
    )


def length(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::Length: how many elements a list has."""
    resolved = evaluator.operand(argument, node)
    head, via = resolved.node, resolved.via
    if isinstance(head, Undecided):
        return open_end(node, head.why)
    if not isinstance(head, Sequence):
        return open_end(node, "Fn::Length takes a list")
    count = 0
    for item in head.items:
        resolved = evaluator.resolve(item)
        if isinstance(resolved.node, Undecided) and _may_vanish(item):
            return open_end(node, resolved.node.why)
        count += not isinstance(resolved.node, Missing)
        via = both(via, resolved.via) if isinstance(resolved.node, Missing) else via
    return Resolved(scalar(node, str(count), plain=True), via)


def azs(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    return open_end(node, "the Availability Zones of a region are told by AWS only")


def cidr(evaluator: "Evaluator", argument: Node, node: Node) -> Resolved:
    """Fn::Cidr: [block, count, bits], blocks of 2**bits addresses cut from the beginning of a larger one."""
    arguments = evaluator.arguments(argument, node)
    if arguments is None or len(arguments) != 3:
        return open_end(node, "Fn::Cidr takes a block, a count and the size of the blocks")
    known: list[str] = []
    how = ""
    for item in arguments:
        value, via = evaluator.text(item)
        if isinstance(value, Undecided):
            return open_end(node, value.why)
        literal = value.literal
        if literal is None:
            return open_end(node, f"it depends on {value}")
        known.append(literal)
        how = both(how, via)
    blocks = _blocks(*known)
    if blocks is None:
        return open_end(node, "Fn::Cidr can't cut these blocks")
    return Resolved(sequence(node, [scalar(node, block) for block in blocks]), how)


def _blocks(block: str, count: str, bits: str) -> list[str] | None:
    from ipaddress import IPv4Network

    # How AWS writes the blocks of IPv6 is not documented.
    try:
        network, wanted, prefix = IPv4Network(block), int(count), 32 - int(bits)
        if not 1 <= wanted <= 256 or not network.prefixlen <= prefix <= 32:
            return None
        found = [str(part) for part in islice(network.subnets(new_prefix=prefix), wanted)]
    except ValueError:
        return None
    return found if len(found) == wanted else None
