"""Finds a point of a box that lies in none of some other boxes, or shows that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from s3audit.policy.globs import BudgetError

MOST_STEPS = 1_500_000
"""How often a box is held against a case."""
Box = Mapping[int, int]
"""By dimension: the values that are in it, as bits. A dimension that is not named is in it with all its values."""

Items = tuple[tuple[int, int], ...]


class Search:
    """What it may cost is bounded over all that is asked of it."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.most = self.left = most

    def point(self, full: Sequence[int], box: Box, forbidden: Iterable[Box]) -> list[int] | None:
        """For each dimension, of all its values, the lowest that will do; None where the boxes cover all of it."""
        return self.first(full, box, cut(forbidden))

    def first(self, full: Sequence[int], box: Box, forbidden: Sequence[Items]) -> list[int] | None:
        """The same, of boxes that were cut up for it."""
        start = list(full)
        for dimension, values in box.items():
            start[dimension] &= values
        if not all(start):
            return None
        cases: list[tuple[list[int], Sequence[Items]]] = [(start, forbidden)]
        while cases:
            case, boxes = cases.pop()
            self.left -= len(boxes) + 1
            if self.left < 0:
                raise BudgetError(f"more than {self.most:,} steps")
            near, best = _nearest(case, boxes)
            if best is None:
                return [(values & -values).bit_length() - 1 for values in case]
            pieces = []
            ordered = sorted(best)
            # Who asks is looked for last: it stays anybody as long as it may.
            if ordered and not ordered[0][0]:
                ordered.append(ordered.pop(0))
            for dimension, values in ordered:
                held = case[dimension]
                if rest := held & ~values:
                    piece = list(case)
                    piece[dimension] = rest
                    pieces.append((piece, near))
                    case[dimension] = held & values
            cases += reversed(pieces)
        return None


def cut(boxes: Iterable[Box]) -> list[Items]:
    return [(*one.items(),) for one in boxes]


def _nearest(case: list[int], boxes: Sequence[Items]) -> tuple[list[Items], Items | None]:
    """The boxes that take something away, and the one that leaves some in the fewest dimensions."""
    near: list[Items] = []
    best: Items | None = None
    least = 0
    for one in boxes:
        outside = 0
        for dimension, values in one:
            held = case[dimension]
            inside = held & values
            if not inside:
                break  # it misses
            if inside != held:
                outside += 1
        else:
            near.append(one)
            if best is None or outside < least:
                best, least = one, outside
                if not outside:
                    break
    return near, best
