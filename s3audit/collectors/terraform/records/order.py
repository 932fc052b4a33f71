"""Which nested block of the source each element of a plan is: lists keep their order, sets are sorted in a plan."""

from collections.abc import Mapping, Sequence

Constants = Mapping[str, object]
"""The arguments of a block that are plain words."""


def in_order(blocks: Sequence[Constants], items: Sequence[object]) -> list[int | None]:
    """The place of each element, where it may be what the block in that place makes."""
    if len(blocks) != len(items):
        return [None] * len(items)
    return [
        index if _agree(block, item) else None
        for index, (block, item) in enumerate(zip(blocks, items, strict=True))
    ]


def by_words(blocks: Sequence[Constants], items: Sequence[object]) -> list[int | None]:
    """The place of the block that says of an element what no other block says."""
    if len(blocks) != len(items) or not blocks:
        return [None] * len(items)
    names = sorted(set(blocks[0]).intersection(*blocks))
    places: dict[tuple[str | None, ...], int | None] = {}
    for index, block in enumerate(blocks):
        key = tuple(_spelled(block[name]) for name in names)
        places[key] = None if key in places else index
    return [
        places.get(tuple(_spelled(item.get(name)) for name in names)) if isinstance(item, dict) else None
        for item in items
    ]


def _agree(block: Constants, item: object) -> bool:
    """Whether nothing that a block says is otherwise in an element."""
    if not isinstance(item, dict):
        return item is None
    return all(
        planned == _spelled(value)
        for name, value in block.items()
        if (planned := _spelled(item.get(name))) is not None
    )


def _spelled(value: object) -> str | None:
    """A word as it is compared: a plan may have a number for a text and a text for a boolean."""
    return str(value).lower() if isinstance(value, str | int | float) else None
