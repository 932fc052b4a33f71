"""Where a shape has come to in a document: at a node, at nothing, or at what nobody tells."""

import msgspec

from s3audit.collectors.documents.paths import Step
from s3audit.collectors.documents.tree import Mapping, Node, Sequence, location
from s3audit.location import Location

BLOCKS = (Mapping, Sequence)


class Spot(msgspec.Struct, eq=False):
    """A node with the place that stands for it, its key or itself where it has none; told when first asked."""

    node: Node
    told: Location | None
    """Its place; None while nobody has asked for it, and then the next three say what it is."""
    via: str = ""
    address: str = ""
    source: str = ""
    key: Node | None = None
    found: "dict[Step, Spot | Gap] | None" = None

    @property
    def at(self) -> Location:
        """Where a value under it that is not written would stand."""
        at = self.told
        if at is None:
            node = self.node
            shown = node if self.key is None or not isinstance(node, BLOCKS) else self.key
            at = self.told = location(shown, self.source, self.address)
        return at

    @property
    def path(self) -> str:
        """Its address."""
        return self.address or self.at.address


class Absent(msgspec.Struct, frozen=True, gc=False):
    """Nothing is written; it would stand under the key of the spot."""

    spot: Spot
    via: str = ""

    @property
    def at(self) -> Location:
        return self.spot.at


class Gap(msgspec.Struct, frozen=True, gc=False):
    """Something stands here, and the input does not tell what."""

    why: str
    at: Location
