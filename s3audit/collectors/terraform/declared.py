"""A resource as one of the four forms declares it, before any table is asked what it means."""

from collections.abc import Callable

import msgspec

from s3audit.collectors.documents.resolved import Resolver
from s3audit.collectors.documents.tree import Node, Sequence
from s3audit.collectors.terraform.home import UNSEEN, Homes
from s3audit.location import Location
from s3audit.setting import Setting


class Declared(msgspec.Struct, frozen=True, eq=False):
    address: str
    """With its modules and keys: `module.site["eu"].aws_s3_bucket.this[0]`; one only in its estate."""
    type: str
    node: Node
    """Its arguments: a Mapping, or what the resolver makes one of."""
    at: Location
    """The header of its block; for a plan without its source only the address."""
    exists: Setting[bool]
    resolver: Resolver
    file: str
    """The file that declares it, as reports name it."""
    gap: str = ""
    """Why there may be more of them than this one; empty when it is one certain resource."""
    provider: str = ""
    """The configuration of the provider that it names, `aws.logs`: another account or region; else empty."""
    where: Homes = UNSEEN
    """Where such a configuration makes things."""
    cause: str = ""
    """What decides whether it is there, where that is not known: what has the same cause is there too."""
    only: Callable[[Sequence], Node] | None = None
    """What to take of several blocks where one is allowed; the first where nobody says."""
    as_seen: bool = False
    """Its arguments are what AWS answered, not what somebody wrote: what is declared beside it is newer."""
