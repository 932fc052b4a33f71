"""What a call comes to: five answers, never two."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec

Document: TypeAlias = Mapping[str, Any]
"""What an API answers, as Python data."""

Reason = Literal[
    "denied",  # whoever scans may not ask
    "credentials",  # nobody may, with these credentials
    "throttled",  # it was asked so often that the store refused to the last
    "failed",  # the store or the way to it broke
    "unexpected",  # an answer, to another question
    "unsupported",  # the store does not know the question
]


class Told(msgspec.Struct, frozen=True):
    """The configuration is there, and this is what it says."""

    document: Document
    derived: str = ""
    """Why it need not be asked, where it follows from other answers."""


class Absent(msgspec.Struct, frozen=True):
    """There is none, which is an answer."""

    code: str = ""
    derived: str = ""


class Unseen(msgspec.Struct, frozen=True):
    """It is not known what is there."""

    reason: Reason
    why: str
    """In a phrase that can stand behind `is not known:`."""
    code: str = ""
    """What the store said."""
    message: str = ""
    passing: bool = False
    """It may be over a moment later."""


class NotApplicable(msgspec.Struct, frozen=True):
    """What is asked about has no such configuration: there is nothing to know."""

    why: str
    region: str = ""
    """Where it is, if the refusal says so."""


class Gone(msgspec.Struct, frozen=True):
    """What is asked about was listed and is no more."""


Answer: TypeAlias = Told | Absent | Unseen | NotApplicable | Gone


class Reply(msgspec.Struct, frozen=True):
    """What came back over the wire, before anybody says what it means."""

    document: Document = {}
    root: str = ""
    """The root element of an XML answer; empty where there is none."""
    status: int = 200
    code: str = ""
    """Of an error: `AccessDenied`; empty when the call succeeded."""
    message: str = ""
    region: str = ""
    """Where the bucket is, when the store says so."""
    broken: str = ""
    """Why there is no reply at all: the name of what went wrong on the way."""
