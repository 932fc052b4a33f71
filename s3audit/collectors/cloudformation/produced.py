"""Nodes that evaluation makes, in the place of their expression; and the texts that nodes stand for."""

from collections.abc import Iterable

from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Node, Scalar, Sequence, as_bool, as_number
from s3audit.text import Opaque, Part, Text, text

LONGEST = 1_000_000
"""Characters that an evaluated text may have; CloudFormation takes templates of 1 MB."""

_ONE, _SEVERAL = "with the default of ", "with the defaults of "


def undecided(at: Node, why: str) -> Undecided:
    return Undecided(at.start, at.end, at.lines, why)


def open_end(at: Node, why: str) -> Resolved:
    return Resolved(undecided(at, why))


def missing(at: Node) -> Resolved:
    return Resolved(Missing.at(at))


def scalar(at: Node, value: str, *, plain: bool = False) -> Scalar:
    return Scalar(at.start, at.end, at.lines, "", value, plain, "")


def sequence(at: Node, items: list[Node]) -> Sequence:
    return Sequence(at.start, at.end, at.lines, "", items)


def from_text(at: Node, value: Text) -> Scalar | Partial:
    """A string: a literal one as a scalar, one that is partly known as it is."""
    literal = value.literal
    if literal is not None:
        return scalar(at, literal)
    return Partial(at.start, at.end, at.lines, value)


def assembled(at: Node, parts: list[Part], via: str) -> Resolved:
    """A computed string, in pieces."""
    whole = ""
    for part in parts:
        if isinstance(part, Opaque):
            return Resolved(from_text(at, without_references(text(*parts))), via)
        whole += part
    if "{{resolve:" in whole:
        return Resolved(from_text(at, as_text(whole)), via)
    return Resolved(scalar(at, whole), via)


def canonical(node: Scalar) -> str:
    """A scalar as the string that CloudFormation makes of it: `yes` is "true" and 010 is "8", if unquoted."""
    value = node.value
    if not node.plain:
        return value
    if len(value) <= 5 and (meant := as_bool(node)) is not None:
        return "true" if meant else "false"
    # Only these spellings of a whole number change; how a fraction is written out is not documented.
    if (value[:1] in "+-0" and len(value) > 1) or "_" in value:
        number = as_number(node)
        if isinstance(number, int):
            return str(number)
    return value


def as_text(value: str) -> Text:
    """A string as a text, its dynamic references made opaque."""
    literal = Text((value,)) if value else Text()
    return without_references(literal) if "{{resolve:" in value else literal


def size(parts: Iterable[Part]) -> int:
    """A bound on the length of a text; an opaque part counts too, or they could multiply for ever."""
    total = 0
    for part in parts:
        total += len(part) if isinstance(part, str) else 32
    return total


def both(one: str, other: str) -> str:
    """How a value came about that two others went into: `with the defaults of Env and Tier`."""
    if not other or one == other:
        return one
    if not one:
        return other
    names = sorted({*_names(one), *_names(other)})
    return defaults(names)


def defaults(names: list[str]) -> str:
    if len(names) == 1:
        return _ONE + names[0]
    return f"{_SEVERAL}{', '.join(names[:-1])} and {names[-1]}"


def _names(via: str) -> list[str]:
    if via.startswith(_ONE):
        return [via[len(_ONE) :]]
    return via[len(_SEVERAL) :].replace(" and ", ", ").split(", ")


def without_references(value: Text) -> Text:
    """Dynamic references such as `{{resolve:ssm:name:1}}`, which only AWS can look up, made opaque."""
    for part in value.parts:
        if isinstance(part, str) and "{{resolve:" in part:
            break
    else:
        return value
    parts: list[Part] = []
    pending: list[Part] = []
    for part in value.parts:
        if isinstance(part, Opaque):
            (pending or parts).append(part)
            continue
        rest = part
        while rest:
            if pending:
                inner, closed, rest = rest.partition("}}")
                pending.append(inner)
                if closed:
                    parts.append(Opaque("".join(map(str, pending))))
                    pending = []
            else:
                before, found, rest = rest.partition("{{resolve:")
                parts.append(before)
                if found:
                    pending = ["resolve:"]
    if pending:  # never closed, so it is no reference
        parts += ["{{", *pending]
    return text(*parts)
