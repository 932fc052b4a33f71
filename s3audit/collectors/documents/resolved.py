"""What an expression of a document comes to, as far as it can be told; shallow, so that nothing unread is computed."""

from typing import NamedTuple, Protocol

from s3audit.collectors.documents.tree import Node
from s3audit.text import Text


class Partial(Node):
    """A string with opaque parts."""

    __slots__ = ("text", "why")
    text: Text
    why: str
    """What would settle it, where the opaque parts do not say it themselves."""


class Undecided(Node):
    """Something is there that the input does not tell."""

    __slots__ = ("why",)
    why: str


class Missing(Node):
    """As good as not written (`AWS::NoValue`)."""

    __slots__ = ()


class Resolved(NamedTuple):
    """A node whose head is a literal scalar, Partial, Sequence, Mapping, Undecided or Missing; children are not."""

    node: Node
    via: str = ""
    """How it came about, if that matters to a reader: `with the default of Env`."""


class Resolver(Protocol):
    def resolve(self, node: Node) -> Resolved: ...
