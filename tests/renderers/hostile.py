"""A name that tries to be obeyed, and the same finding with and without accidents."""

import msgspec

from s3audit.finding import Accepted, Finding
from s3audit.location import Location
from tests.renderers.samples import LOGS, PHOTOS, at, finding

NAME = "a\x1b[2J\r\n::set-output name=x::y%0A,b:c\u202e\x00]]><b>&amp;\"'\ud800"
VISIBLE = "a\\x1b[2J  ::set-output name=x::y%0A,b:c\\u202e\\x00]]><b>&amp;\"'\\ud800"
"""What is left of it on one line."""

HOSTILE = finding(
    "logging-loop",
    "fail",
    msgspec.structs.replace(LOGS, name=NAME),
    f"The logs of {NAME}",
    (at(6, 7, 27), NAME),
    when=(NAME,),
)

SUPPRESSED = msgspec.structs.replace(
    finding("logging-loop", "suppressed", LOGS, "The logs of Logs come back", (at(6, 7, 27), "no target")),
    accepted=Accepted(Location("shop.yaml", "", 5, 3), "read once a year", "2026-12-31", "storage"),
)
CRASHED = finding("versioning-enabled", "error", PHOTOS, "The check broke on Photos", (at(7, 3, 9), ""))


def moved(given: Finding, lines: int) -> Finding:
    """The same finding after somebody wrote lines above it."""
    return msgspec.structs.replace(
        given,
        evidence=tuple(
            msgspec.structs.replace(
                one,
                at=msgspec.structs.replace(
                    one.at, line=one.at.line + lines, end_line=one.at.end_line + lines
                ),
            )
            for one in given.evidence
        ),
    )
