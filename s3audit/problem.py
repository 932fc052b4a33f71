"""What kept us from looking."""

from typing import Literal

import msgspec

from s3audit.location import Location

ProblemKind = Literal[
    "unreadable",  # a file or answer that could not be read at all
    "partial",  # some of it could not be read or resolved, the rest was
    "ambiguous",  # it says two things at once (a duplicate key)
    "crash",  # a check or a collector broke
    "empty",  # nothing for us was found
    "suppression",  # one that does not count, or that nothing needs
]


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing the scan could not see, and the way out."""

    at: Location
    kind: ProblemKind
    message: str
    """What, what was expected, and the way out, in one or two sentences."""
