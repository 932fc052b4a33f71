"""What an expression of a document comes to, as far as it can be told; shallow, so that nothing unread is computed."""

from typing import Protocol

import msgspec

from s3audit.collectors.documents.tree import Lines, Node
from s3audit.text import Text


class Piece(str):
    """A part of a text as it was read, which knows where that was."""

    __slots__ = ("end", "lines", "start")
    start: int
    end: int
    lines: Lines

    @classmethod
    def of(cls, text: str, start: int, end: int, lines: Lines) -> "Piece":
        made = cls(text)
        made.start = start
        made.end = end
        made.lines = lines
        return made


class Partial(Node):
    """A string with opaque parts."""

    text: Text
    why: str = ""
    """What would settle it, where the opaque parts do not say it themselves."""
    pieces: tuple[str | Node, ...] = ()
    """What it was put together from, where somebody kept it: literal pieces (each a `Piece`) and values."""


class Encoded(Partial, kw_only=True):
    """The text of a JSON or YAML encoding: it can still be read with the places of its parts."""

    value: Node
    """What was encoded."""


class Undecided(Node):
    """Something is there that the input does not tell."""

    why: str = ""


class Missing(Node):
    """As good as not written (`AWS::NoValue`)."""


class Resolved(msgspec.Struct, eq=False):
    """A node whose head is a literal scalar, Partial, Sequence, Mapping, Undecided or Missing; children are not."""

    node: Node
    via: str = ""
    """How it came about, if that matters to a reader: `with the default of Env`."""


class Resolver(Protocol):
    def resolve(self, node: Node) -> Resolved: ...
