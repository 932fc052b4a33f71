"""How long a property is tried: as the profile says that the tests run under."""

from hypothesis import settings


def examples(number: int) -> int:
    """So many in the suite, and as many times more in `make fuzz` as any other property has there."""
    return max(1, number * settings().max_examples // 100)
