"""Finds a point of a box that lies in none of some other boxes, or shows that there is none."""

from collections.abc import Mapping, Sequence

from s3audit.policy.globs import BudgetError

MOST_STEPS = 1_500_000
"""How often a box is held against a case."""
Box = Mapping[int, int]
"""By dimension: the values that are in it, as bits. A dimension that is not named is in it with all its values."""


class Search:
    """What it may cost is bounded over all that is asked of it."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.most = self.left = most

    def point(self, full: Sequence[int], box: Box, forbidden: Sequence[Box]) -> list[int] | None:
        """For each dimension, of all its values, the lowest that will do; None where the boxes cover all of it."""
        start = [box.get(index, values) & values for index, values in enumerate(full)]
        if not all(start):
            return None
        cases = [(start, forbidden)]
        while cases:
            case, boxes = cases.pop()
            self.left -= len(boxes) + 1
            if self.left < 0:
                raise BudgetError(f"more than {self.most:,} steps")
            near, best, outside = _nearest(case, boxes)
            if best is None:
                return [(values & -values).bit_length() - 1 for values in case]
            pieces = []
            # Who asks is looked for last: it stays anybody as long as it may.
            for dimension in sorted(outside, key=lambda one: one or len(case)):
                piece = list(case)
                piece[dimension] &= ~best[dimension]
                pieces.append((piece, near))
                case[dimension] &= best[dimension]
            cases += reversed(pieces)
        return None


def _nearest(case: list[int], boxes: Sequence[Box]) -> tuple[list[Box], Box | None, list[int]]:
    """The boxes that take something away, the one that leaves some in the fewest dimensions, and these."""
    near: list[Box] = []
    best: Box | None = None
    least: list[int] = []
    for one in boxes:
        outside: list[int] = []
        for dimension, values in one.items():
            inside = case[dimension] & values
            if not inside:
                break  # it misses
            if inside != case[dimension]:
                outside.append(dimension)
        else:
            near.append(one)
            if best is None or len(outside) < len(least):
                best, least = one, outside
                if not outside:
                    break
    return near, best, least
