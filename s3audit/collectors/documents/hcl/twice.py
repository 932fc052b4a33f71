"""What is written twice, where HCL allows it once: it counts as far as all say the same."""

from collections.abc import Sequence
from typing import NoReturn

from s3audit.collectors.documents.hcl.syntax import Block, Body, Invalid, Written
from s3audit.collectors.documents.tree import Node, Scalar

DIFFERENT = "it is written twice, with different values"


def both(first: Written, again: Written) -> Written:
    """An attribute that is written twice."""
    return first if _spelled(first) == _spelled(again) else _open(first)


def as_one(blocks: Sequence[Block]) -> Block:
    """Blocks of which one is allowed, in the place of the first; read when that is asked for."""
    first = blocks[0]
    return Block(
        first.start,
        first.end,
        first.lines,
        first.type,
        first.labels,
        lambda: _joined([one.body for one in blocks]),
    )


def _spelled(written: Written) -> list[str]:
    value = written.value
    return value.lines.text[value.start : value.end].split()


def _open(written: Written) -> Written:
    return _invalid(written.key, written.value)


def _invalid(key: Scalar, at: Node) -> Written:
    return Written(key, _already, Invalid(at.start, at.end, at.lines, DIFFERENT))


def _already() -> NoReturn:
    raise AssertionError("read when it was made")


def _joined(bodies: Sequence[Body]) -> Body:
    attributes: dict[str, Written] = {}
    for name in dict.fromkeys(name for body in bodies for name in body.attributes):
        told = [written for body in bodies if (written := body.attributes.get(name)) is not None]
        agree = len(told) == len(bodies) and all(_spelled(told[0]) == _spelled(one) for one in told[1:])
        attributes[name] = told[0] if agree else _open(told[0])
    blocks: list[Block] = []
    sorted_ = [_by_kind(body) for body in bodies]
    for kind in dict.fromkeys(kind for found in sorted_ for kind in found):
        lists = [found.get(kind, []) for found in sorted_]
        if len({tuple(block.type for block in listed) for listed in lists}) == 1:
            blocks += [as_one(column) for column in zip(*lists, strict=True)]
        else:
            at = next(listed[0] for listed in lists if listed)
            attributes[kind] = _invalid(Scalar(at.start, at.end, at.lines, "", kind, False, ""), at)
    return Body(attributes, blocks, all(body.is_whole for body in bodies))


def _by_kind(body: Body) -> dict[str, list[Block]]:
    """The blocks by the type that they are or make."""
    found: dict[str, list[Block]] = {}
    for block in body.blocks:
        kind = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        found.setdefault(kind, []).append(block)
    return found
