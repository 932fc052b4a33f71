"""The paths of the table language, taken apart: each once, since every section asks for the same ones."""

from functools import cache

Step = str | int | tuple[str, str]
"""A key, an index, or the key and value that choose an element."""


@cache
def alternatives(path: str) -> tuple[tuple[tuple[Step, ...], bool], ...]:
    """`A[0].B|C#present` as steps, and whether only presence is asked for: (((A, 0, B), False), ((C,), True))."""
    return tuple(
        (
            tuple(step for piece in _pieces(alternative.removesuffix("#present")) for step in _steps(piece)),
            alternative.endswith("#present"),
        )
        for alternative in path.split("|")
    )


def _pieces(path: str) -> list[str]:
    """A path cut at its dots, but not at those of a value in brackets: `A[Key=b.c].D` is `A[Key=b.c]` and `D`."""
    pieces: list[str] = []
    for piece in path.split("."):
        if pieces and pieces[-1].count("[") > pieces[-1].count("]"):
            pieces[-1] += f".{piece}"
        else:
            pieces.append(piece)
    return pieces


def _steps(piece: str) -> list[Step]:
    name, *selectors = piece.replace("]", "").split("[")
    steps: list[Step] = [name] if name else []
    for selector in selectors:
        key, equals, wanted = selector.partition("=")
        steps.append((key, wanted) if equals else int(selector))
    return steps
