"""Numbers and names as a sentence has them."""

from collections.abc import Sequence

_MOST_NAMES = 3


def some(names: Sequence[str]) -> str:
    """`a, b, c and 9 more`."""
    more = len(names) - _MOST_NAMES
    if more > 0:
        return f"{', '.join(names[:_MOST_NAMES])} and {more:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def count(number: int, noun: str) -> str:
    """`1 bucket`, `1,000 buckets`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
