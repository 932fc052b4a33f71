"""What the readers report, in one voice; and how much of it."""

from s3audit.collectors.documents.tree import Lines, Node, Scalar
from s3audit.location import Location
from s3audit.problem import Problem, ProblemKind

MAX_DEPTH = 100
"""Levels of nesting that a document may have, aliases followed: a walker may need several calls for each."""

TOO_DEEP = f"The document is nested deeper than {MAX_DEPTH} levels here; no template needs that. Flatten it."

_MOST = 100


class DocumentError(Exception):
    """Reading ends here: the offset and the sentence."""

    def __init__(self, offset: int, sentence: str) -> None:
        super().__init__(sentence)
        self.offset = offset
        self.sentence = sentence


class Problems:
    """The problems of one file; a file full of them does not fill the report."""

    __slots__ = ("found", "lines", "source")

    def __init__(self, source: str, lines: Lines) -> None:
        self.source = source
        self.lines = lines
        self.found: list[Problem] = []

    def add(self, kind: ProblemKind, start: int, end: int, sentence: str) -> None:
        if len(self.found) > _MOST:
            return
        if len(self.found) == _MOST:
            kind, sentence = (
                "partial",
                f"This file has more than {_MOST} such problems; the rest is not named.",
            )
        place = (*self.lines.place(start), *self.lines.place(end))
        self.found.append(Problem(Location(self.source, "", *place), kind, sentence))

    def stop(self, error: DocumentError) -> None:
        """The file counts as unreadable, however much was said about it before."""
        del self.found[_MOST:]
        place = self.lines.place(error.offset)
        self.found.append(Problem(Location(self.source, "", *place, *place), "unreadable", error.sentence))

    def partial(self, node: Node, sentence: str) -> None:
        self.add("partial", node.start, node.end, sentence)

    def repeated(self, first: Scalar, again: Scalar) -> None:
        line, column = self.lines.place(first.start)
        self.add(
            "ambiguous",
            again.start,
            again.end,
            f"The key {shown(again.value)} stands here and on line {line}, column {column} too. "
            "The last one counts, as in CloudFormation; remove the others.",
        )


def shown(text: str) -> str:
    """In quotes, on one line and not too long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
