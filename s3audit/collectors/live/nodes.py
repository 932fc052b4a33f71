"""Answers as document nodes, so that the tables and the one reader of all sources fill the model from them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from s3audit.collectors.documents.resolved import Missing, Undecided
from s3audit.collectors.documents.tree import Entry, Lines, Mapping, Node, Scalar, Sequence
from s3audit.collectors.live.answers import Absent, Answer, Document, Gone, NotApplicable, Told, Unseen
from s3audit.collectors.live.operations import Operation

MOST_NESTED = 40


class Call(Lines):
    """What stands for the text of a document: the call that told it."""

    def __init__(self, call: str) -> None:
        super().__init__("")
        self.call = call


def answered(item: Document, listing: str, answers: Iterable[tuple[Operation, Answer]]) -> Mapping:
    """One mapping of all that was asked about a resource: by the name of the call, and `item` from its listing."""
    here = Call(listing)
    entries = {"item": Entry(_text("item", here), node(item, here))}
    for operation, answer in answers:
        lines = Call(operation.id)
        entries[operation.name] = Entry(_text(operation.name, lines), _meant(operation, answer, lines))
    return Mapping(0, 0, here, "", entries)


def _meant(operation: Operation, answer: Answer, lines: Lines) -> Node:
    match answer:
        case Told(document):
            return node({operation.wrapped: document} if operation.wrapped else document, lines)
        case Absent():
            return node(operation.means, lines)
        case Unseen(why=why):
            return _undecided(why, lines)
        case NotApplicable() | Gone():
            return node({}, lines)


def _undecided(why: str, lines: Lines) -> Node:
    made = Undecided(0, 0, lines)
    made.why = why
    return made


def node(value: Any, lines: Lines, depth: int = 0) -> Node:
    """Python data as a node; what is deeper than any answer has it is not told.

    A part that another call told is a node already, or the answer that says why it is not told.
    """
    if depth > MOST_NESTED:
        return _undecided("the answer is nested too deeply", lines)
    match value:
        case str():
            return _text(value, lines)
        case Node():
            return value
        case Unseen(why=why):
            return _undecided(why, lines)
        case bool():
            return Scalar(0, 0, lines, "", "true" if value else "false", True, "")
        case None:
            return Missing(0, 0, lines)
        case dict():
            entries = {
                str(key): Entry(
                    _text(str(key), one.lines if isinstance(one, Node) else lines),
                    node(one, lines, depth + 1),
                )
                for key, one in value.items()
            }
            return Mapping(0, 0, lines, "", entries)
        case list() | tuple():
            return Sequence(0, 0, lines, "", [node(one, lines, depth + 1) for one in value])
        case datetime():
            return _text(value.astimezone(UTC).isoformat().replace("+00:00", "Z"), lines)
        case bytes():
            return _text(value.decode("utf-8", "replace"), lines)
        case _:
            return Scalar(0, 0, lines, "", str(value), True, "")


def _text(value: str, lines: Lines) -> Scalar:
    return Scalar(0, 0, lines, "", value, False, "")
