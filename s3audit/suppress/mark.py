"""What a comment or an entry of metadata says: whose checks do not count here, why, and until when."""

from typing import Literal

import msgspec

from s3audit.location import Location

Reach = Literal[
    "around",  # the block that it stands in or above; on a line, what begins there
    "inside",  # the block that it stands in
    "beside",  # what begins on its line, or right below it
    "next",  # its line and the next
    "file",
]
"""What a tool means by the place of a comment."""

OURS = ""


class Mark(msgspec.Struct, frozen=True):
    """One suppression, as written."""

    tool: str
    """As in the peers of a check; empty for s3audit."""
    names: tuple[str, ...]
    """What it suppresses, in the words of the tool."""
    at: Location
    reach: Reach
    reason: str = ""
    until: str = ""
    """The last day on which it counts, as in 2026-12-31."""
    owner: str = ""
    but: tuple[str, ...] = ()
    """What it leaves out."""
    wrong: str = ""
    """Why it does not count, if it can't be understood."""


class Span(msgspec.Struct, frozen=True):
    """What a mark covers."""

    mark: Mark
    first: int
    last: int
    is_whole: bool
    """Whether it covers a whole resource, and so what is missing in it."""
    call: str = ""
    """The module call that it stands at."""
    address: str = ""
    """Of the part of a template that it is about; lines do not tell where all stands on one."""
