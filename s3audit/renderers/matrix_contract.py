"""What the JSON report holds besides, where it is arranged by the requirements of frameworks."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from s3audit.frameworks.matrix import Answer
from s3audit.renderers import contract
from s3audit.renderers.contract import Count


class States(msgspec.Struct):
    """How many subjects there are of each state; together they are all that the requirement or check is about."""

    fail: Count
    unknown: Count
    suppressed: Count
    passed: Count = msgspec.field(name="pass")
    not_applicable: Count


class AskedCheck(msgspec.Struct):
    """A check that answers a requirement."""

    check: str
    role: Annotated[
        Literal["decides", "supports"], Meta(description="What only supports is shown, and decides nothing.")
    ]
    ran: bool
    subjects: States
    findings: Annotated[
        list[str],
        Meta(description="The fingerprints of those in `findings` that fail, are unknown or suppressed."),
    ]
    weak: Annotated[bool, Meta(description="Its source names it, and it is poor evidence.")] | UnsetType = (
        UNSET
    )


class Requirement(msgspec.Struct, omit_defaults=True):
    """What a requirement of a framework comes to."""

    id: str
    title: Annotated[str, Meta(description="What is true when it is met.")]
    answer: Annotated[
        Answer, Meta(description="`in_part`: what its checks ask passes, and they settle a part of it only.")
    ]
    subjects: States
    checks: list[AskedCheck]
    why: Annotated[str, Meta(description="Why it is unknown, where no subject says so.")] = ""
    manual: Annotated[str, Meta(description="What a person still has to look at.")] = ""
    differs: Annotated[str, Meta(description="Where the source's own test parts from ours.")] = ""
    basis: Annotated[str, Meta(description="Who says that these checks answer it.")] = ""
    unsure: Annotated[bool, Meta(description="One source alone says so.")] = False


class Answers(msgspec.Struct):
    """How many requirements came to each answer; together they are all of the framework that touch S3."""

    fail: Count
    unknown: Count
    suppressed: Count
    in_part: Count
    passed: Count = msgspec.field(name="pass")
    not_applicable: Count
    manual: Count


class Framework(msgspec.Struct):
    """What the report says of a framework."""

    id: str
    title: str
    version: str
    publisher: str
    note: str
    answers: Answers
    requirements: list[Requirement]


class Report(contract.Report):
    """What one run of s3audit says. Within version 1, keys may be added; none is taken away or changes its meaning."""

    frameworks: (
        Annotated[list[Framework], Meta(description="What it is arranged by, if that was asked for.")]
        | UnsetType
    ) = UNSET
