"""What is written twice where Terraform allows it once: it counts as far as both say the same."""

from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl.twice import DIFFERENT
from s3audit.collectors.documents.policy import head
from s3audit.collectors.documents.resolved import Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence, Titled, location
from s3audit.collectors.terraform.language.values import Value, undecided
from s3audit.problem import Problem

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator

_MOST = 100
"""Blocks of one type that are compared; of more nothing is known."""


def the_only(evaluator: "Evaluator", blocks: Sequence) -> Node:
    """The block that Terraform would read of several where it allows one; a problem says that it refuses them."""
    if len(blocks.items) > _MOST:
        return undecided(blocks, f"it is written {len(blocks.items):,} times")
    heads = [evaluator.resolve(item).node for item in blocks.items]
    known = [one for one in heads if isinstance(one, Mapping)]
    if len(known) < 2:  # the others may well stand for none
        return blocks.items[0]
    first, again = head(known[0]), head(known[1])
    line, column = first.lines.place(first.start)
    where = f"stands on line {line}, column {column} too" if again.start != first.start else "is there twice"
    said = f"This block {where}, and only one is allowed. Where they differ, nothing is known; remove the others."
    evaluator.problems[Problem(location(again, ""), "ambiguous", said)] = None
    return _joined(evaluator, known)


def _joined(evaluator: "Evaluator", blocks: list[Mapping]) -> Mapping:
    first = blocks[0]
    entries: dict[str, Entry] = {}
    for block in blocks:
        for name, entry in block.entries.items():
            if name not in entries:
                told = [found.value if (found := other.entries.get(name)) else None for other in blocks]
                agree = all(_alike(evaluator, told[0], other) for other in told[1:])
                entries[name] = entry if agree else Entry(entry.key, undecided(entry.value, DIFFERENT))
    hidden = next((block.hidden for block in blocks if isinstance(block, Titled) and block.hidden), "")
    return Titled(first.start, first.end, first.lines, "", entries, head(first), hidden)


def _alike(evaluator: "Evaluator", one: Value | None, other: Value | None) -> bool:
    """Whether both come to the same for certain."""
    if one is None or other is None or not evaluator.effort.take(1):
        return False
    match evaluator.resolve(one).node, evaluator.resolve(other).node:
        case (Undecided(), _) | (_, Undecided()):
            return False
        case Missing(), Missing():
            return True
        case Partial(text=left), Partial(text=right):
            return left == right
        case Scalar() as left, Scalar() as right:
            return left.value == right.value and left.plain is right.plain
        case Sequence(items=left), Sequence(items=right):
            return len(left) == len(right) and all(
                _alike(evaluator, a, b) for a, b in zip(left, right, strict=True)
            )
        case Mapping(entries=left), Mapping(entries=right):
            return left.keys() == right.keys() and all(
                _alike(evaluator, left[name].value, right[name].value) for name in left
            )
        case _:
            return False
